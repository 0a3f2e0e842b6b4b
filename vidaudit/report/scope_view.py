"""What a class was judged as, which rules do not apply to it and why, and what is left for a person to check."""

from collections.abc import Iterable
from dataclasses import dataclass

from vidaudit.model.settings import Profile
from vidaudit.model.verdict import ClassVerdict, Clause, NotApplicable
from vidaudit.report.messages import Catalogue
from vidaudit.report.text import shown


@dataclass(frozen=True, kw_only=True)
class NotAppliedRow:
    """A rule that says nothing of the class, with the reason in words; `clause` is empty where none speaks of it."""

    id: str
    title: str
    clause: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ManualRow:
    """One thing that a person checks, with its clause."""

    clause: str
    text: str


def kind_text(profile: Profile, verdict: ClassVerdict, words: Catalogue) -> str:
    """The kind of training in words, and whether it was only assumed; its id where the profile has no name for it."""
    if verdict.kind is None:
        return words.ui("kind_not_told_apart")
    kind = profile.kinds.get(verdict.kind)
    title = verdict.kind if kind is None else kind.title(words.lang)
    if verdict.is_kind_filed:
        return words.ui("kind_filed", kind=title)
    return words.ui("kind_assumed", kind=title) if verdict.is_kind_assumed else shown(title)


def not_applied(verdict: ClassVerdict, words: Catalogue) -> tuple[NotAppliedRow, ...]:
    """The rules that do not apply, in the order of the catalogue."""
    return tuple(
        NotAppliedRow(
            id=rule.id,
            title=words.title(rule.slug),
            clause="" if rule.clause is None else _clause(rule.clause),
            reason=reason_text(rule.reason, words),
        )
        for rule in verdict.not_applied
    )


def reason_text(reason: NotApplicable, words: Catalogue) -> str:
    """Why a rule does not apply."""
    return words.ui(f"reason_{reason.value}")


def manual(profile: Profile, verdict: ClassVerdict, words: Catalogue) -> tuple[ManualRow, ...]:
    """What a person checks of a class of this kind."""
    items = profile.manual_for(verdict.kind)
    return tuple(ManualRow(clause=_clause(item.clause), text=shown(item.text(words.lang))) for item in items)


def scope_sentence(profile: Profile, verdict: ClassVerdict, words: Catalogue) -> str:
    """What the verdict leaves out, to stand beside it; empty when it leaves nothing out."""
    number, items = len(verdict.not_applied), len(profile.manual_for(verdict.kind))
    return words.ui("scope_sentence", number=number, items=items) if number or items else ""


def scope_lines(profile: Profile, verdicts: Iterable[ClassVerdict], words: Catalogue) -> tuple[str, ...]:
    """For each kind of training among the classes: how many rules do not apply and how much is left for a person."""
    by_kind = {kind_text(profile, verdict, words): verdict for verdict in verdicts}
    return tuple(
        words.ui(
            "terminal_scope",
            kind=kind,
            number=len(verdict.not_applied),
            items=len(profile.manual_for(verdict.kind)),
        )
        for kind, verdict in by_kind.items()
        if verdict.not_applied or profile.manual_for(verdict.kind)
    )


def _clause(clause: Clause) -> str:
    return shown(f"{clause.document} {clause.section}")
