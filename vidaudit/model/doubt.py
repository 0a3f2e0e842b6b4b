"""Why a count of persons is an interval: each doubt with how many persons it concerns."""

from dataclasses import dataclass
from enum import StrEnum


class DoubtKind(StrEnum):
    """What a count was in doubt about.

    `LOOK_ALIKE` and `ONE_CLIP` make the lower bound: persons who may be the same as another one, because they look
    alike, or were seen in one of the day's clips only. `TWO_IN_ONE`, `SEEN_ONCE` and `BLURRED` make the upper bound:
    persons who may be two, faces seen once and not clearly, links between blurred faces that were guessed.
    `BROKEN_WAY` tells how often the camera's way was lost, so that place could not tell who is who.
    """

    LOOK_ALIKE = "look-alike"
    ONE_CLIP = "one-clip"
    TWO_IN_ONE = "two-in-one"
    SEEN_ONCE = "seen-once"
    BLURRED = "blurred"
    BROKEN_WAY = "broken-way"


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """One reason for an interval, and how many it concerns (at least 1)."""

    kind: DoubtKind
    number: int


def doubts(**numbers: int) -> tuple[Doubt, ...]:
    """Those doubts that concern anybody, in the order of `DoubtKind`; names as in `look_alike=2`."""
    counted = {DoubtKind(name.replace("_", "-")): number for name, number in numbers.items()}
    return tuple(Doubt(kind=kind, number=counted[kind]) for kind in DoubtKind if counted.get(kind, 0) > 0)
