"""What a verdict changes against the one before it, in words: for the page, the terminal and `report.json`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vidaudit.model.settings import Profile
from vidaudit.model.verdict import ClassVerdict, Finding, RuleChange, Status, VerdictChange
from vidaudit.report.messages import Catalogue
from vidaudit.report.text import shown

MOST_FINDINGS = 5


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A rule with another outcome or other findings; `gone` and `new` are messages, the first few of each."""

    id: str
    title: str
    before: Status | None
    now: Status | None
    gone: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """All that changed, with a sentence over it."""

    sentence: str
    rows: tuple[ChangeRow, ...]


def change_view(verdict: ClassVerdict, profile: Profile, words: Catalogue) -> ChangeView | None:
    """What changed; None where nothing was compared, or nothing differs."""
    change = verdict.change
    if change is None:
        return None
    rows = tuple(_row(rule, words) for rule in change.rules)
    return ChangeView(sentence=_sentence(verdict.status, change, profile, words), rows=rows)


def change_lines(verdict: ClassVerdict, profile: Profile, words: Catalogue) -> Iterable[str]:
    """The same as lines of text, with how many findings came and went; rules that only came or went are counted."""
    change = verdict.change
    if change is None:
        return
    yield f"{shown(verdict.name)}: {_sentence(verdict.status, change, profile, words)}"
    quiet = [rule for rule in change.rules if None in (rule.before, rule.now) and not (rule.gone or rule.new)]
    for rule in (rule for rule in change.rules if rule not in quiet):
        outcome = f"{status_text(rule.before, words)} -> {status_text(rule.now, words)}"
        counted = words.ui("change_counts", gone=len(rule.gone), new=len(rule.new))
        yield f"  {rule.id} {words.title(rule.slug)}: {outcome}  ({counted})"
    if quiet:
        yield f"  {words.ui('change_quiet', number=len(quiet))}"


def status_text(status: Status | None, words: Catalogue) -> str:
    """An outcome in words; None for a rule that isn't applied."""
    return words.ui("not_applicable") if status is None else words.status(status)


def _sentence(now: Status, change: VerdictChange, profile: Profile, words: Catalogue) -> str:
    is_same = (change.profile_id, change.profile_sha256) == (profile.id, profile.sha256)
    key = "change_sentence_same" if is_same else "change_sentence"
    return words.ui(
        key,
        profile=f"{change.profile_id} ({change.profile_sha256[:12]})",
        before=words.status(change.before),
        now=words.status(now),
        number=len(change.rules),
    )


def _row(rule: RuleChange, words: Catalogue) -> ChangeRow:
    return ChangeRow(
        id=rule.id,
        title=words.title(rule.slug),
        before=rule.before,
        now=rule.now,
        gone=_messages(rule.slug, rule.gone, words),
        new=_messages(rule.slug, rule.new, words),
    )


def _messages(slug: str, findings: Sequence[Finding], words: Catalogue) -> tuple[str, ...]:
    told = [_message(slug, finding, words) for finding in findings[:MOST_FINDINGS]]
    more = len(findings) - len(told)
    return (*told, words.ui("change_more", number=more)) if more else tuple(told)


def _message(slug: str, finding: Finding, words: Catalogue) -> str:
    message = words.finding(slug, finding).message
    where = finding.where.clip or finding.where.day
    return f"{shown(where)}: {message}" if where else message
