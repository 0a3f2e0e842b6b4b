"""The same faces in two classes on one date.

Everybody of one class is somebody else, and so is everybody of the other, so this is a one-to-one assignment as between
clips. But nobody expects to find anybody here, and a wrong link would put two people under suspicion: it holds only
below the descriptor's strict limit (`LikenessLimits.alike`) and the yardstick of both classes' own strangers, and only
where each is by far the other's best match. Blurred faces, which say little, are left out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.people import Appearance, PeopleEvidence
from vidaudit.model.still import Snapshot, SnapshotPurpose
from vidaudit.observe.assignment import cheapest_pairs
from vidaudit.observe.identity import LikenessLimits, distances, likeness_limit
from vidaudit.observe.people import VAGUE_PX, SeenClip, between_strangers, clearly_best
from vidaudit.observe.snapshots import encoded

_PORTRAIT_PX = 200  # side of each half of a pair
_GAP_PX = 8
_NO_LINK = 1e3

Looks = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class DayPerson:
    """A person of a class on one date: the number in the class, the first sight that day, the descriptors (n, d)."""

    number: int
    seen: Appearance
    looks: Looks


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassLooks:
    """All of a class that comparing it with another one takes: {date: persons}, and its own strangers' limit."""

    days: Mapping[dt.date, tuple[DayPerson, ...]]
    limit: float


@dataclass(frozen=True, kw_only=True)
class SeenTwice:
    """One person of each of two classes (their numbers there) who look like one, and how far apart they are."""

    one: int
    other: int
    distance: float


def class_looks(
    clips: Sequence[SeenClip], people: PeopleEvidence | None, dates: Mapping[str, dt.date], limits: LikenessLimits
) -> ClassLooks:
    """The persons of a class by date, without those who can't be told by their looks.

    Args:
        clips: the class's face clips with their descriptors.
        people: the persons of these clips linked; None when no face clip could be watched.
        dates: {path of the day folder: date}; days without one are left out.
        limits: of the descriptor.
    """
    own = [clip for clip in clips if clip.faces.descriptor == limits.descriptor]
    known = {
        Appearance(clip=clip.path, index=person.index): (dates[clip.day], person.descriptor)
        for clip in own
        if clip.day is not None and clip.day in dates
        for person in clip.faces.persons
        if person.descriptor and (person.best.effective_width_px or 0.0) >= VAGUE_PX
    }
    days: dict[dt.date, list[DayPerson]] = defaultdict(list)
    for person in () if people is None else people.persons:
        sights = [appearance for appearance in person.appearances if appearance in known]
        for date in sorted({known[sight][0] for sight in sights}):
            today = [sight for sight in sights if known[sight][0] == date]
            looks = np.array([known[sight][1] for sight in today], dtype=np.float32)
            days[date].append(DayPerson(number=person.number, seen=today[0], looks=looks))
    limit = likeness_limit(between_strangers(own), limits)
    return ClassLooks(days={date: tuple(days[date]) for date in sorted(days)}, limit=min(limit, limits.alike))


def seen_in_both(one: ClassLooks, other: ClassLooks, date: dt.date) -> tuple[SeenTwice, ...]:
    """Who of the one class is in the other on this date too, in the order of the one class's numbers."""
    here, there = one.days.get(date, ()), other.days.get(date, ())
    if not here or not there:
        return ()
    apart = _mean_distances(here, there)
    best = clearly_best(apart) & clearly_best(apart.T).T
    allowed = (apart <= min(one.limit, other.limit)) & best
    return tuple(
        SeenTwice(one=here[row].number, other=there[column].number, distance=round(float(apart[row, column]), 3))
        for row, column in cheapest_pairs(np.where(allowed, apart, _NO_LINK))
        if allowed[row, column]
    )


def _mean_distances(here: Sequence[DayPerson], there: Sequence[DayPerson]) -> npt.NDArray[np.float64]:
    """(len(here), len(there)): the mean over all pairs of looks."""
    pairwise = distances(
        [*np.concatenate([one.looks for one in here])], [*np.concatenate([one.looks for one in there])]
    )
    rows, columns = _begins(here), _begins(there)
    sums = np.add.reduceat(np.add.reduceat(pairwise, rows, axis=0), columns, axis=1)
    sizes = np.outer([len(one.looks) for one in here], [len(one.looks) for one in there])
    mean: npt.NDArray[np.float64] = sums / sizes
    return mean


def _begins(persons: Sequence[DayPerson]) -> npt.NDArray[np.int64]:
    sizes = [len(one.looks) for one in persons]
    return np.cumsum([0, *sizes[:-1]])


def side_by_side(name: str, one: bytes, other: bytes) -> Snapshot | None:
    """Two portraits (JPEG) as one picture with a white gap between them; None when one of them can't be read."""
    halves = [_portrait(content) for content in (one, other)]
    if halves[0] is None or halves[1] is None:
        return None
    gap = np.full((_PORTRAIT_PX, _GAP_PX, 3), 255, np.uint8)
    picture = np.concatenate([halves[0], gap, halves[1]], axis=1)
    return Snapshot(
        name=name,
        at_s=0.0,
        purpose=SnapshotPurpose.PAIR,
        width_px=picture.shape[1],
        height_px=picture.shape[0],
        jpeg=encoded(picture),
    )


def _portrait(content: bytes) -> npt.NDArray[np.uint8] | None:
    """The picture within a white square."""
    if not content:
        return None
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return None
    scale = _PORTRAIT_PX / max(picture.shape[:2])
    size = [max(1, round(side * scale)) for side in picture.shape[1::-1]]
    square = np.full((_PORTRAIT_PX, _PORTRAIT_PX, 3), 255, np.uint8)
    left, top = (_PORTRAIT_PX - size[0]) // 2, (_PORTRAIT_PX - size[1]) // 2
    square[top : top + size[1], left : left + size[0]] = cv2.resize(picture, size)
    return square
