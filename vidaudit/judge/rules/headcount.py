"""How many people the lectures show: faces alone make a pass, what moves without a face only keeps from a fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, passed, to_review
from vidaudit.judge.rule import LECTURES, Needs, Rule
from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.evidence import HeadEvidence
from vidaudit.model.roster import Roster
from vidaudit.model.verdict import Finding, Scope, Value, Where


@dataclass(frozen=True, kw_only=True)
class HeadcountParameters:
    """When a headcount short of the roster is more than a machine's oversight.

    Args:
        staff_expected: people in the picture who are not enrolled (the teacher): a machine can't tell them apart,
            so only this many more than the roster show that everyone enrolled is there.
        visible_share_min: the smallest share (0 to 1) of the people in a room that a detector has been seen to find.
        fail_min_headcount: with fewer found than this the camera may stand behind the class, so no count is a fail.
        fail_min_frames: over fewer frames than this nobody had time to look up, so no count is a fail.
    """

    staff_expected: int
    visible_share_min: float
    fail_min_headcount: int
    fail_min_frames: int

    def __post_init__(self) -> None:
        if self.visible_share_min <= 0:
            raise ValueError(f"visible_share_min must be above 0, got {self.visible_share_min}")


def check_headcount_vs_roster(subject: ClipSubject, parameters: HeadcountParameters) -> Iterator[Finding]:
    """The lecture shows at least as many people as are enrolled, and the teacher."""
    heads, roster = subject.evidence.heads, subject.class_.roster
    assert heads is not None
    assert roster is not None
    assert roster.size is not None
    values = _values(heads, roster.size)
    place = Where(at_s=heads.best_at_s)
    if heads.headcount >= roster.size + parameters.staff_expected:
        yield _enough(subject, heads, roster.size, parameters)
        return
    if heads.headcount >= roster.size:
        yield to_review("near", values, snapshot=heads.snapshot, where=place)
        return
    certain = _certainly_short(heads, roster, parameters)
    verdict, code = (failed, "too-few") if certain else (to_review, "fewer")
    missing = roster.size - heads.headcount
    yield verdict(code, {**values, "missing": missing}, where=place, snapshot=heads.snapshot)


def _enough(subject: ClipSubject, heads: HeadEvidence, size: int, parameters: HeadcountParameters) -> Finding:
    """Enough were counted: a pass, unless they may be fewer or were not there for long."""
    values, where = _values(heads, size), Where(at_s=heads.best_at_s)
    surely = max(heads.max_at_once, heads.headcount - heads.num_perhaps_twice)
    if subject.is_tiled:
        return to_review("tiled", values, snapshot=heads.snapshot, where=where)
    if surely < size + parameters.staff_expected:
        return to_review("twice", {**values, "surely": surely}, snapshot=heads.seat_map or heads.snapshot, where=where)
    if heads.num_usually is not None and heads.num_usually < size:
        return to_review("left", {**values, "usually": heads.num_usually}, snapshot=heads.snapshot, where=where)
    return passed("ok", values, snapshot=heads.snapshot, where=where)


def _values(heads: HeadEvidence, roster_size: int) -> dict[str, Value]:
    """What every finding tells; `living` and `high` are None where places without a face were not looked for."""
    staff = "none" if heads.num_staff_likely == 0 else "one" if heads.num_staff_likely == 1 else "several"
    return {
        "headcount": heads.headcount,
        "staff": staff,
        "max_at_once": heads.max_at_once,
        "living": heads.num_living,
        "high": heads.high,
        "roster": roster_size,
    }


def _certainly_short(heads: HeadEvidence, roster: Roster, parameters: HeadcountParameters) -> bool:
    """Even if all that lives, and all pictures, are people, and the detector saw as small a share as it ever did."""
    most = heads.headcount + (heads.num_living or 0) + heads.num_pictures
    generous = (most + 1) / parameters.visible_share_min
    looked = heads.headcount >= parameters.fail_min_headcount and heads.num_frames >= parameters.fail_min_frames
    return looked and not roster.faults and generous < (roster.size or 0)


_HEADS: Final = ("headcount", "staff", "max_at_once", "living", "high", "roster")

HEADCOUNT_VS_ROSTER: Final = Rule(
    id="CNT001",
    slug="headcount-vs-roster",
    title_zh="授课人数与花名册",
    title_en="Headcount against the roster",
    scope=Scope.CLIP,
    rationale="The recording must show all participants; a headcount by machine is a lower bound.",
    parameters=HeadcountParameters,
    check=check_headcount_vs_roster,
    requires=frozenset({Needs.HEADS, Needs.ROSTER}),
    applies=LECTURES,
    codes={
        "ok": _HEADS,
        "tiled": _HEADS,
        "twice": (*_HEADS, "surely"),
        "left": (*_HEADS, "usually"),
        "near": _HEADS,
        "fewer": (*_HEADS, "missing"),
        "too-few": (*_HEADS, "missing"),
    },
)
