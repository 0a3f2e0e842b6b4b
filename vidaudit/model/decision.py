"""What a person decided about who is who, kept so that it outlives another scan of the same videos."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class DecisionKind(StrEnum):
    """Several persons are one; some sights of a person are somebody else; an earlier decision no longer holds."""

    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A sight of a person that a decision is about: found again by its clip, its time and its place in the picture.

    Args:
        clip: path of the clip.
        at_s, x_px: time and left edge of the face in the person's best view there.
    """

    clip: str
    at_s: float
    x_px: float


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision.

    Args:
        number: from 1, never given twice.
        who: the user's name on the machine.
        persons: the persons' numbers as they were shown; for a person to read.
        anchors: one for each person of a merge; all sights that a split takes away; none for an undo.
        undoes: the number of the decision that an undo takes back.
    """

    number: int
    kind: DecisionKind
    who: str
    when: dt.datetime
    persons: tuple[int, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    undoes: int | None = None


class DecisionState(StrEnum):
    """Whether a decision holds: applied, taken back by a later one, or about sights that are not there any more."""

    APPLIED = "applied"
    UNDONE = "undone"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True)
class DecisionOutcome:
    """A decision and what became of it."""

    decision: Decision
    state: DecisionState


@dataclass(frozen=True, kw_only=True)
class DecisionLog:
    """All decisions about one class, in the order they were made; kept as `decisions.json`."""

    schema: str = "vidaudit.decisions/1"
    decisions: tuple[Decision, ...] = ()
