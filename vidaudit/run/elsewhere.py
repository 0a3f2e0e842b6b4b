"""The classes of one run against each other: who was in two of them on one day.

Each class is published as soon as its last clip has been observed, and says then that the others are awaited. Once all
are there, those with days of the same date are compared, with pictures of both sides, to be published again.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidaudit.intake.discover import FoundClass
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import Appearance, ElsewhereEvidence, SeenElsewhere
from vidaudit.model.still import Snapshot
from vidaudit.model.submission import ClassFolder, ClipKind
from vidaudit.run.decisions import decided, read_decisions
from vidaudit.run.stored import load_evidence, read_picture

if TYPE_CHECKING:
    from vidaudit.observe.elsewhere import ClassLooks, DayPerson, SeenTwice

_MAX_PAIRS = 40  # of pictures in one report: more show nothing new, and a whole class filmed twice has that many


@dataclass(frozen=True, kw_only=True)
class _Published:
    """A class that is out: the name of its report folder, its clips as they lie on the disc, and its looks."""

    folder: str
    found: ClassFolder
    looks: "ClassLooks"


class Neighbours:
    """Which classes have days of the same date, with face clips to be compared."""

    def __init__(self, classes: Sequence[FoundClass]) -> None:
        self._names = [found.folder.name for found in classes]
        self._dates = [set(face_days(found.folder).values()) for found in classes]
        self._published: dict[int, _Published] = {}

    def waiting(self, position: int) -> ElsewhereEvidence | None:
        """What a class says before the others are there; None when there are no others of its days."""
        names = tuple(self._names[other] for other in self._of(position))
        return ElsewhereEvidence(waiting=names) if names else None

    def add(self, position: int, folder: str, found: ClassFolder, looks: "ClassLooks") -> None:
        """A class has been published."""
        self._published[position] = _Published(folder=folder, found=found, looks=looks)

    def compare(self, out: Path) -> Iterator[tuple[int, ElsewhereEvidence]]:
        """What the published classes with neighbours come to, by position; `out` is the folder of all reports."""
        stored = _Stored(out)
        for position, published in sorted(self._published.items()):
            others = [(self._published[other], self._shared(position, other)) for other in self._of(position)]
            yield position, _compared(published, others, stored)

    def _of(self, position: int) -> list[int]:
        return [other for other in range(len(self._names)) if other != position and self._shared(position, other)]

    def _shared(self, one: int, other: int) -> list[dt.date]:
        return sorted(self._dates[one] & self._dates[other])


def face_days(folder: ClassFolder) -> dict[str, dt.date]:
    """{path of a day folder: its date} of the days with a date and a face clip."""
    with_faces = {clip.day for clip in folder.clips if clip.kind is ClipKind.FACE}
    return {day.path: day.date for day in folder.days if day.date is not None and day.path in with_faces}


@dataclass(frozen=True, kw_only=True)
class _Portraits:
    """A class as it is stored: {number as linked: name of the portrait}, {the same: number as decided by hand}."""

    folder: ClassFolder
    names: Mapping[int, str | None]
    numbers: Mapping[int, int]


class _Stored:
    """What is needed of the published classes, each read once."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._known: dict[str, _Portraits] = {}

    def portraits(self, folder: str) -> _Portraits:
        if folder not in self._known:
            evidence = load_evidence(self._out / folder)
            self._known[folder] = _portraits(evidence, decided(evidence, read_decisions(self._out / folder)))
        return self._known[folder]

    def picture(self, folder: str, number: int) -> bytes:
        return read_picture(self._out / folder, self.portraits(folder).names.get(number))


def _portraits(linked: ClassEvidence, shown: ClassEvidence) -> _Portraits:
    persons = () if linked.people is None else linked.people.persons
    now = () if shown.people is None else shown.people.persons
    number_of = {appearance: person.number for person in now for appearance in person.appearances}
    return _Portraits(
        folder=linked.folder,
        names={person.number: person.snapshot for person in persons},
        numbers={person.number: number_of[person.appearances[0]] for person in persons},
    )


def _compared(
    here: _Published, others: Sequence[tuple[_Published, Sequence[dt.date]]], stored: _Stored
) -> ElsewhereEvidence:
    from vidaudit.observe.elsewhere import seen_in_both

    compared: dict[str, None] = {}
    unwatched: dict[str, None] = {}
    seen: list[SeenElsewhere] = []
    stills: list[Snapshot] = []
    for there, dates in others:
        for date in dates:
            both_known = here.looks.days.get(date) and there.looks.days.get(date)
            (compared if both_known else unwatched)[there.folder] = None
            for pair in seen_in_both(here.looks, there.looks, date):
                still = _pair_picture(here, there, pair, stored, len(stills) + 1)
                stills.extend([] if still is None else [still])
                seen.append(_sight(here, there, date, pair, stored, still))
    return ElsewhereEvidence(
        compared=tuple(compared), unwatched=tuple(unwatched), seen=tuple(seen), snapshots=tuple(stills)
    )


def _pair_picture(
    here: _Published, there: _Published, pair: "SeenTwice", stored: _Stored, number: int
) -> Snapshot | None:
    from vidaudit.observe.elsewhere import side_by_side

    if number > _MAX_PAIRS:
        return None
    one, other = stored.picture(here.folder, pair.one), stored.picture(there.folder, pair.other)
    return side_by_side(f"elsewhere-{number:03d}.jpg", one, other)


def _sight(
    here: _Published, there: _Published, date: dt.date, pair: "SeenTwice", stored: _Stored, still: Snapshot | None
) -> SeenElsewhere:
    person = next(person for person in here.looks.days[date] if person.number == pair.one)
    seen, day = _as_stored(person, here.found, stored.portraits(here.folder).folder)
    return SeenElsewhere(
        seen=seen,
        day=day,
        date=date,
        class_name=there.folder,
        person=stored.portraits(there.folder).numbers[pair.other],
        distance=pair.distance,
        snapshot=None if still is None else still.name,
    )


def _as_stored(person: "DayPerson", found: ClassFolder, stored: ClassFolder) -> tuple[Appearance, str]:
    """The person's sight and its day by the stored paths, in which long numbers are masked."""
    order = [clip.path for clip in found.clips]
    clip = stored.clips[order.index(person.seen.clip)]
    return replace(person.seen, clip=clip.path), clip.day or ""
