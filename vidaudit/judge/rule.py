"""What a rule is: an identity, what it requires, typed parameters and one pure function."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from vidaudit.judge.subjects import ClipSubject, DaySubject, Subject
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import Finding, Scope

S = TypeVar("S", ClipSubject, DaySubject, ClassEvidence)
P = TypeVar("P")


class Needs(StrEnum):
    """What must have been measured before a rule can say anything. Checked in this order."""

    PROBE = "probe"
    HEADER = "header"
    SIZE = "size"
    PACKETS = "packets"
    PICTURE = "picture"
    FACES = "faces"
    HEADS = "heads"
    CLOCK = "clock"
    FACE_CLIPS = "face-clips"
    PEOPLE = "people"
    ROSTER = "roster"


MEASUREMENTS = frozenset(
    {Needs.PROBE, Needs.HEADER, Needs.SIZE, Needs.PACKETS, Needs.PICTURE, Needs.FACES, Needs.HEADS, Needs.CLOCK}
)
"""The needs that observing the clip itself fulfils."""

ALL_KINDS = frozenset(ClipKind)
FACE_CLIPS = frozenset({ClipKind.FACE})
LECTURES = frozenset({ClipKind.LECTURE})
NAMED_CLIPS = FACE_CLIPS | LECTURES


@dataclass(frozen=True, kw_only=True)
class NoParameters:
    """For rules without thresholds."""


SECTION: Final[Mapping[str, bool]] = MappingProxyType({"is_section": True})
"""Metadata of a field of a rule's parameters that is the profile's section of that name (`hours`, `programme`,
`kinds`), or the `extent` of the kind of training."""


def always(_evidence: ClassEvidence, _parameters: object = None) -> bool:
    """Every class calls for the rule."""
    return True


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[S, P]):
    """One check of a regulation.

    Args:
        requires: without these the engine answers `missing-<need>` instead of asking the rule.
        applies: for rules on clips, the kinds of clips they look at.
        asked: whether a class calls for the rule at all; where not, it is left out like one that is off.
        binding: whether the verdict on a class may depend on the rule; where not, a required rule only advises.
        parameters: a frozen dataclass; a profile must give every field, each with its source. A field that is a
            `SECTION` is taken from the profile's section of that name; None there only where its type allows it.
        check: pure; yields at least one finding for every subject, also when all is well.
        codes: every code `check` can yield, with the names of its values.
    """

    id: str
    slug: str
    title_zh: str
    title_en: str
    scope: Scope
    rationale: str
    parameters: type[P]
    check: Callable[[S, P], Iterable[Finding]]
    codes: Mapping[str, tuple[str, ...]]
    requires: frozenset[Needs] = field(default=frozenset())
    applies: frozenset[ClipKind] = ALL_KINDS
    asked: Callable[[ClassEvidence, P], bool] = always
    binding: Callable[[ClassEvidence], bool] = always


ENGINE_CODES: Mapping[str, tuple[str, ...]] = {
    **{f"missing-{need}": () for need in Needs},
    "nothing-to-check": (),
    "no-content": (),
    "tool-failed": ("kind", "detail"),
    "crashed": ("exception",),
}
"""Codes that the engine itself may give for any rule: something is missing, or the tool broke."""


def first_missing(subject: Subject, requires: frozenset[Needs]) -> Needs | None:
    """The first need, in the order of `Needs`, that the subject's evidence doesn't fulfil; None if all are."""
    return next((need for need in Needs if need in requires and not _fulfilled(need, subject)), None)


def _fulfilled(need: Needs, subject: Subject) -> bool:
    if isinstance(subject, ClipSubject):
        return _roster_known(subject.class_) if need is Needs.ROSTER else _measured(need, subject)
    if isinstance(subject, DaySubject):
        return _known_of_day(need, subject)
    raise TypeError(f"{need} can't be asked of a {type(subject).__name__}")


def _measured(need: Needs, subject: ClipSubject) -> bool:
    evidence = subject.evidence
    probe = evidence.probe
    header = None if probe is None else probe.header
    parts: dict[Needs, object] = {
        Needs.PROBE: probe,
        Needs.HEADER: header,
        Needs.SIZE: None if header is None else header.display_size_px,
        Needs.PACKETS: None if probe is None else probe.packets,
        Needs.PICTURE: evidence.picture,
        Needs.FACES: evidence.faces,
        Needs.HEADS: evidence.heads,
        Needs.CLOCK: evidence.clock,
    }
    return parts[need] is not None


def _known_of_day(need: Needs, subject: DaySubject) -> bool:
    known = {
        Needs.FACE_CLIPS: bool(subject.of_kind(ClipKind.FACE)),
        Needs.PEOPLE: subject.people is not None,
        Needs.ROSTER: _roster_known(subject.class_),
    }
    return known[need]


def _roster_known(evidence: ClassEvidence) -> bool:
    return evidence.roster is not None and evidence.roster.size is not None
