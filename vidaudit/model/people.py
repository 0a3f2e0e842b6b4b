"""Who is who over the clips of a class, in other classes and on the photographs of the enrolled."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vidaudit.model.doubt import Doubt
from vidaudit.model.still import Snapshot


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """A person of the class in one clip: `index` is that of `PersonSeen` there."""

    clip: str
    index: int


@dataclass(frozen=True, kw_only=True)
class ClassPerson:
    """One person over all face clips of the class, numbered from 1 in order of first appearance.

    `by_hand` are the numbers of the decisions that made this person: numbers of those merged into it stay free.
    """

    number: int
    appearances: tuple[Appearance, ...]
    days: tuple[str, ...]
    snapshot: str | None = None
    by_hand: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DayPeople:
    """Distinct persons over the face clips of one day, with the bounds that the doubtful links leave."""

    day: str
    persons: int
    low: int
    high: int
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PeopleEvidence:
    """Who is who over the face clips of a class."""

    persons: tuple[ClassPerson, ...]
    days: tuple[DayPeople, ...]


@dataclass(frozen=True, kw_only=True)
class SeenElsewhere:
    """A person of this class, first `seen` on that day, who is in another class's face clips of the same date too.

    `person` is the number there; `snapshot` shows both portraits, this class's first, None where one is missing.
    """

    seen: Appearance
    day: str
    date: date
    class_name: str
    person: int
    distance: float
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class ElsewhereEvidence:
    """Other classes of the run with days of the same date: compared, with nobody to compare, still being observed."""

    compared: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    seen: tuple[SeenElsewhere, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


class PhotoProblem(StrEnum):
    """Why a photograph couldn't be held against the persons seen."""

    UNREADABLE = "unreadable"
    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    SMALL_FACE = "small-face"
    NOT_IN_ROSTER = "not-in-roster"
    AMBIGUOUS = "ambiguous"
    DUPLICATE = "duplicate"
    SAME_PICTURE = "same-picture"


@dataclass(frozen=True, kw_only=True)
class PhotoFault:
    """A photograph that couldn't be used. `file` is relative to the folder of photographs, long numbers masked."""

    file: str
    problem: PhotoProblem


class PhotoOutcome(StrEnum):
    """Whether the person of a photograph is among those seen."""

    FOUND = "found"
    UNCLEAR = "unclear"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, kw_only=True)
class PhotoMatch:
    """One enrolled person's photograph against the persons seen in the class's face clips.

    Args:
        row, name: as in `Trainee`.
        file: as in `PhotoFault`.
        seen: the person's first appearance; None when not seen.
        distance: between the photograph and that person; None when not seen.
    """

    row: int
    name: str | None
    file: str
    outcome: PhotoOutcome
    seen: Appearance | None = None
    distance: float | None = None


@dataclass(frozen=True, kw_only=True)
class PhotoEvidence:
    """The photographs of the enrolled against the persons seen.

    Args:
        descriptor: what described the faces.
        limit: up to this distance a photograph and a person are one.
        loose_limit: beyond it they are two; between the limits nothing is said.
        num_stranger_pairs: pairs of faces in this class that are known to be two people.
        num_alike_strangers: those of them that the limit takes for one.
    """

    descriptor: str
    limit: float
    loose_limit: float
    num_stranger_pairs: int
    num_alike_strangers: int
    matches: tuple[PhotoMatch, ...]
    faults: tuple[PhotoFault, ...] = ()
