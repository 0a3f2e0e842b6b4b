"""Builders of what is at stake: classes of so many days with so many people."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.judge import builders
from vidaudit.judge.stake import stake
from vidaudit.model.dossier import Dossier, Session
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import DayPeople, PeopleEvidence
from vidaudit.model.stake import Item, NoteCode, Stake, StakeLine
from vidaudit.model.submission import DayFolder
from vidaudit.model.verdict import ClassVerdict, DayVerdict, Status
from vidaudit.profile import load_profile

PROFILES = {
    name: load_profile(name)
    for name in ("huguan-2024", "shanxi-2023", "shanxi-2022", "lanxian-2022", "shanxi-2022-cluster")
}
PASS, OPEN, FAIL = Status.PASS, Status.REVIEW, Status.FAIL
FIRST = dt.date(2024, 5, 1)


def date_of(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def at_stake(
    profile: str,
    kind: str | None,
    days: Sequence[Status],
    *,
    enrolled: int | None = 30,
    seen: Sequence[tuple[int, int] | None] = (),
    **changes: Any,
) -> Stake:
    """A class with a day folder for each of the statuses; `seen` bounds the people of the first days."""
    folders = [DayFolder(path=str(number), date=date_of(number)) for number in range(len(days))]
    counted = [
        DayPeople(day=str(number), persons=bounds[0], low=bounds[0], high=bounds[1])
        for number, bounds in enumerate(seen)
        if bounds is not None
    ]
    green = builders.green()
    evidence = replace(
        green,
        folder=replace(green.folder, days=tuple(folders), clips=()),
        clips=(),
        people=PeopleEvidence(persons=(), days=tuple(counted)) if counted else None,
        roster=None,
        **changes,
    )
    return stake(verdict_on(evidence, days, enrolled, kind), evidence, PROFILES[profile])


def verdict_on(evidence: ClassEvidence, days: Sequence[Status], enrolled: int | None, kind: str | None) -> ClassVerdict:
    verdicts = tuple(
        DayVerdict(
            date=folder.date,
            folder=folder.path,
            status=status,
            face_clips=(),
            lectures=(f"{folder.path}/lecture.mp4",),
            persons=None,
            headcount=None,
        )
        for folder, status in zip(evidence.folder.days, days, strict=True)
    )
    return ClassVerdict(
        name="班",
        path="班",
        institution=None,
        roster_size=enrolled,
        status=Status.REVIEW,
        rules=(),
        days=verdicts,
        clips=(),
        persons_seen=None,
        kind=kind,
    )


def line(made: Stake, item: Item, level: str | None = None) -> StakeLine:
    found = [one for one in made.lines if one.item is item and one.level == level]
    assert len(found) == 1, made.lines
    return found[0]


def yuan(one: StakeLine) -> tuple[Decimal | None, ...]:
    return tuple(None if working is None else working.yuan for working in (one.claimed, one.low, one.high))


def codes(made: Stake) -> set[NoteCode]:
    return {note.code for note in made.notes}


def planned(dates: Sequence[int | None], class_hours: Fraction | None = Fraction(8)) -> Dossier:
    sessions = tuple(
        Session(place=f"B{row}", date=None if number is None else date_of(number), class_hours=class_hours)
        for row, number in enumerate(dates)
    )
    return Dossier(file="plan.xlsx", sessions=sessions)
