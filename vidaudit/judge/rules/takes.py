"""Whether a clip is one take: no time taken out of it, no pieces joined."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import not_evaluated, passed, to_review
from vidaudit.judge.rule import LECTURES, NAMED_CLIPS, Needs, NoParameters, Rule
from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.take import Cut
from vidaudit.model.verdict import Finding, Scope, Where


def check_spliced(subject: ClipSubject, _parameters: NoParameters) -> Iterator[Finding]:
    """Nothing jumps as if time had been taken out. Where something does, a person must look: never a fail."""
    take = subject.evidence.take
    if take is None:
        yield not_evaluated("not-looked")
    elif take.cuts:
        yield from (_cut(cut) for cut in take.cuts)
    elif take.num_open:
        yield not_evaluated("not-looked-at", {"num_open": take.num_open})
    else:
        yield passed("ok", {"num_looked": take.num_looked, "num_suspects": take.num_suspects})


def _cut(cut: Cut) -> Finding:
    values = {
        "trace": cut.trace.value,
        "num_places": cut.num_places,
        "changed_share": cut.changed_share,
    }
    return to_review("cut", values, where=Where(at_s=cut.at_s), snapshot=cut.snapshot)


@dataclass(frozen=True, kw_only=True)
class ContinuousParameters:
    """A pause of more than `max_gap_s` seconds between two pictures is a gap."""

    max_gap_s: float


def check_lecture_continuous(subject: ClipSubject, parameters: ContinuousParameters) -> Iterator[Finding]:
    """The lecture is recorded in one go, by what the file itself says: its times and its list of edits."""
    assert subject.evidence.probe is not None
    assert subject.evidence.probe.packets is not None
    packets, take = subject.evidence.probe.packets, subject.evidence.take
    gap_s = float(packets.longest_gap_s)
    values = {"longest_gap_s": gap_s, "max_gap_s": parameters.max_gap_s}
    edited = take is not None and (take.num_edits or 1) > 1
    if gap_s > parameters.max_gap_s:
        yield to_review("gap", values, where=Where(at_s=float(packets.longest_gap_at_s)))
    if take is not None and edited:
        at_s = take.edits_at_s[0] if take.edits_at_s else None
        yield to_review("edited", {"num_edits": take.num_edits}, where=Where(at_s=at_s))
    if gap_s <= parameters.max_gap_s and not edited:
        yield passed("ok", values)


_GAPS: Final = ("longest_gap_s", "max_gap_s")

LECTURE_CONTINUOUS: Final = Rule(
    id="DUR002",
    slug="lecture-continuous",
    title_zh="连续录像",
    title_en="Recorded in one go",
    scope=Scope.CLIP,
    rationale="Ten minutes put together from pieces don't show that the lesson went on in between.",
    parameters=ContinuousParameters,
    check=check_lecture_continuous,
    requires=frozenset({Needs.PACKETS}),
    applies=LECTURES,
    codes={"ok": _GAPS, "gap": _GAPS, "edited": ("num_edits",)},
)

SPLICED: Final = Rule(
    id="AUT004",
    slug="spliced",
    title_zh="画面剪接",
    title_en="Cuts inside a take",
    scope=Scope.CLIP,
    rationale="A fixed camera shows everything that happens; where things jump, something may have been taken out.",
    parameters=NoParameters,
    check=check_spliced,
    requires=frozenset({Needs.PACKETS}),
    applies=NAMED_CLIPS,
    codes={
        "ok": ("num_looked", "num_suspects"),
        "cut": ("trace", "num_places", "changed_share"),
        "not-looked": (),
        "not-looked-at": ("num_open",),
    },
)
