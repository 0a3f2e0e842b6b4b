"""What a school files when it opens a class: which class it is, its plan, its teachers. No full ID number gets here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Teaching(StrEnum):
    """How a session is taught: in the classroom, hands on, or both in one."""

    THEORY = "theory"
    PRACTICE = "practice"
    BOTH = "both"


class DossierProblem(StrEnum):
    """What is wrong in a dossier: with the file, with a field, or with a row of the plan or of the teachers."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    BAD_TOML = "bad-toml"
    NO_PLAN = "no-plan"
    SEVERAL_DOSSIERS = "several-dossiers"
    TOO_LONG = "too-long"
    UNKNOWN_KEY = "unknown-key"
    BAD_FOOTAGE = "bad-footage"
    MISSING_DATE = "missing-date"
    BAD_DATE = "bad-date"
    NO_YEAR = "no-year"
    SEVERAL_DAYS = "several-days"
    BAD_HOURS = "bad-hours"
    BAD_TEACHING = "bad-teaching"
    MISSING_TOPIC = "missing-topic"
    MISSING_NAME = "missing-name"
    UNKNOWN_TEACHER = "unknown-teacher"
    TEACHER_ID = "teacher-id"


@dataclass(frozen=True, kw_only=True)
class DossierFault:
    """One thing that is wrong.

    Args:
        place: where in the file, as `教学计划!B7` in a spreadsheet or `12: plan.date` (line and key) in TOML; None for
            the file as a whole.
        text: what stands there, long numbers masked; None where nothing does.
        hint: what was probably meant, or what it would have to be; None where that can't be told.
    """

    problem: DossierProblem
    place: str | None = None
    text: str | None = None
    hint: str | None = None


@dataclass(frozen=True, kw_only=True)
class Session:
    """One row of the plan. None where the row doesn't say it, or not so that it could be read.

    Args:
        place: where it stands in the file.
        class_hours: length in class hours (学时), above 0.
    """

    place: str
    date: dt.date | None
    class_hours: Fraction | None = None
    teaching: Teaching | None = None
    topic: str | None = None
    teacher: str | None = None


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """One teacher. `id_masked` and `id_faults` as in `roster.Trainee`."""

    place: str
    name: str | None
    subject: str | None = None
    id_masked: str | None = None
    id_faults: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """The dossier of one class. Texts are as the school wrote them, printable, long numbers masked.

    Args:
        file: where it was found, relative to the class folder (or the name of the file given by hand).
        kind: the kind of training in the school's words or as an id; the profile knows which one is meant.
        level: of the course, as 初级.
        roster: the file that it names as its roster.
        is_full_footage: whether it says that the folder holds all footage of the course, not the edited disc.
        sessions: the plan, in the order of the file.
        other_files: further files that look like dossiers and were not used.
    """

    file: str
    institution: str | None = None
    class_name: str | None = None
    occupation: str | None = None
    kind: str | None = None
    level: str | None = None
    roster: str | None = None
    is_full_footage: bool = False
    sessions: tuple[Session, ...] = ()
    teachers: tuple[Teacher, ...] = ()
    faults: tuple[DossierFault, ...] = ()
    other_files: tuple[str, ...] = ()

    @property
    def days(self) -> Mapping[dt.date, tuple[Session, ...]]:
        """{planned day: its sessions}, in order of the days; sessions whose day couldn't be read are in none."""
        by_day: dict[dt.date, list[Session]] = {}
        for one in self.sessions:
            if one.date is not None:
                by_day.setdefault(one.date, []).append(one)
        return {date: tuple(by_day[date]) for date in sorted(by_day)}

    @property
    def has_all_days(self) -> bool:
        """Whether every row of the plan could be placed on a day: then a day that isn't in `days` isn't planned."""
        incomplete = {DossierProblem.TOO_LONG, DossierProblem.SEVERAL_DAYS}
        return all(one.date for one in self.sessions) and not any(one.problem in incomplete for one in self.faults)

    def hours_on(self, date: dt.date) -> Fraction | None:
        """The class hours planned for a day; None where none of its sessions says any."""
        hours = [one.class_hours for one in self.sessions if one.date == date and one.class_hours is not None]
        return sum(hours, Fraction(0)) if hours else None

    def teachers_on(self, date: dt.date) -> tuple[str, ...]:
        """The teachers whom the plan names for a day, each once."""
        return tuple(dict.fromkeys(one.teacher for one in self.sessions if one.date == date and one.teacher))
