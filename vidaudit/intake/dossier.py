"""The dossier of a class: found in its folder, read from a spreadsheet, csv or TOML, with all that is wrong in it.

Never raises for what a file holds. Full ID numbers of teachers are read here and go no further.
"""

import datetime as dt
import difflib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from vidaudit.errors import DossierError
from vidaudit.intake import dossier_terms as terms
from vidaudit.intake.dates import find_year
from vidaudit.intake.dossier_raw import Entry, RawDossier, RawRow
from vidaudit.intake.dossier_tables import raw_of_tables
from vidaudit.intake.dossier_toml import MAX_BYTES, raw_of_toml
from vidaudit.intake.dossier_values import date_of, hours_of, teaching, text_of, year_of
from vidaudit.intake.identity import check_identity
from vidaudit.intake.kinds import extension, is_spreadsheet
from vidaudit.intake.numerals import fold
from vidaudit.intake.printable import natural_key, printable
from vidaudit.intake.sheets import Cell, read_tables
from vidaudit.model.dossier import Dossier, DossierFault, DossierProblem, Session, Teacher, Teaching

_NAME: Final = re.compile(
    "开班申报|开班申请|开班报告|开班审批|开班材料|教学计划|培训计划|授课计划|教学安排|课程安排|课程表|课表|dossier",
    re.IGNORECASE,
)
_BEST_NAME: Final = re.compile("开班|dossier", re.IGNORECASE)
_ROSTER_NAME: Final = re.compile("花名册|名册|roster", re.IGNORECASE)
_HALF_A_YEAR: Final = dt.timedelta(days=183)
_REST: Final = re.compile("^0?(?:休息|休|放假|停课|无课|节假日|周末)日?0?$")
_MOST_FAULTS: Final = 100
_UNUSABLE: Final = (DossierProblem.UNREADABLE, DossierProblem.ENCRYPTED, DossierProblem.BAD_TOML)


def is_dossier_name(name: str) -> bool:
    """Whether a file is called like a dossier, and is of a form that can be read."""
    return _is_readable(name) and bool(_NAME.search(fold(name))) and not _ROSTER_NAME.search(fold(name))


def rank_dossiers(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the files that look like dossiers by name, the likeliest first."""
    found = [name for name in names if is_dossier_name(name.rpartition("/")[2])]
    return tuple(sorted(found, key=lambda name: (_BEST_NAME.search(fold(name)) is None, natural_key(name))))


def read_dossier(path: Path, *, shown_as: str, today: dt.date | None = None) -> Dossier:
    """The dossier in a file.

    Args:
        shown_as: what the dossier calls it.
        today: teachers can't be born after this day; the present day if not given.
    """
    raw = _read(path)
    reader = _Reader(raw, today or dt.datetime.now().astimezone().date())
    return reader.dossier(shown_as)


def best_dossier(dossiers: Sequence[Dossier]) -> Dossier | None:
    """The first with a plan; another one with a different plan makes it doubtful. None for none."""
    if not dossiers:
        return None
    best = next((one for one in dossiers if one.sessions), dossiers[0])
    others = [one for one in dossiers if one is not best]
    rivals = [one for one in others if one.sessions and _plan(one) != _plan(best)]
    doubt = tuple(DossierFault(problem=DossierProblem.SEVERAL_DOSSIERS, text=one.file) for one in rivals)
    return replace(best, faults=(*best.faults, *doubt), other_files=tuple(one.file for one in others))


def given_dossier(path: Path) -> Dossier:
    """The dossier in a file given by hand.

    Raises:
        DossierError: it isn't there or can't be read at all.
    """
    shown = printable(path.name)
    if not os.path.lexists(path):
        raise DossierError(f"There is no dossier at {printable(str(path))}. Check the path given with --dossier.")
    if not os.path.isfile(path):  # noqa: PTH113 - a device or a pipe may go on for ever
        raise DossierError(f"{printable(str(path))} is no file. Give the dossier itself with --dossier.")
    dossier = read_dossier(path, shown_as=shown)
    unusable = next((one for one in dossier.faults if one.problem in _UNUSABLE), None)
    if unusable is not None:
        place = f" in line {unusable.place}" if unusable.place else ""
        raise DossierError(
            f"The dossier {shown} can't be used ({unusable.problem.value}{place}). Give an xlsx, xls, csv or TOML file "
            "without a password; `vidaudit init DIR` writes templates."
        )
    return dossier


def _is_readable(name: str) -> bool:
    return is_spreadsheet(name) or extension(name) == "toml"


def _plan(dossier: Dossier) -> list[tuple[dt.date | None, Fraction | None, str | None]]:
    return [(one.date, one.class_hours, one.topic) for one in dossier.sessions]


def _read(path: Path) -> RawDossier:
    if extension(path.name) == "toml":
        try:
            if path.stat().st_size <= MAX_BYTES:
                return raw_of_toml(path.read_bytes())
        except OSError:
            pass
        return _faulty(DossierProblem.UNREADABLE)
    found = read_tables(path)
    return _faulty(DossierProblem(found.fault)) if found.fault else raw_of_tables(found.tables)


def _faulty(problem: DossierProblem) -> RawDossier:
    return RawDossier(faults=[DossierFault(problem=problem)])


class _Reader:
    """Reads meaning into what a file holds; faults are collected as they come, as many as anybody would read."""

    def __init__(self, raw: RawDossier, today: dt.date) -> None:
        self._raw = raw
        self._plan = [row for row in raw.plan if not _is_rest(row)]
        self._today = today
        self._faults = list(raw.faults)

    def dossier(self, shown_as: str) -> Dossier:
        raw = self._raw
        sessions, teachers = tuple(self._sessions()), tuple(map(self._teacher, raw.teachers))
        self._check_teachers(teachers, sessions)
        if raw.is_cut:
            self._tell(DossierProblem.TOO_LONG)
        if not sessions and not any(one.problem in _UNUSABLE for one in self._faults):
            self._tell(DossierProblem.NO_PLAN)
        said = {name: text_of(entry.value) for name, entry in raw.fields.items()}
        return Dossier(
            file=shown_as,
            institution=said.get(terms.INSTITUTION),
            class_name=said.get(terms.CLASS),
            occupation=said.get(terms.OCCUPATION),
            kind=said.get(terms.KIND),
            level=said.get(terms.LEVEL),
            roster=said.get(terms.ROSTER),
            is_full_footage=self._is_full(raw.fields.get(terms.FOOTAGE)),
            sessions=sessions,
            teachers=teachers,
            faults=tuple(self._faults),
        )

    def _tell(self, problem: DossierProblem, entry: Entry | None = None, hint: str | None = None) -> None:
        if len(self._faults) < _MOST_FAULTS:
            place, text = (None, None) if entry is None else (entry.place, text_of(entry.value))
            self._faults.append(DossierFault(problem=problem, place=place, text=text, hint=hint))

    def _is_full(self, entry: Entry | None) -> bool:
        if entry is None:
            return False
        said = terms.label(str(entry.value))
        if said not in terms.FULL_FOOTAGE | terms.EDITED_FOOTAGE:
            self._tell(DossierProblem.BAD_FOOTAGE, entry, "全程")
        return said in terms.FULL_FOOTAGE

    def _sessions(self) -> Iterator[Session]:
        year = self._year()
        last: dt.date | None = None
        told: set[str] = set()
        for row in self._plan:
            entry = row[terms.DATE]
            is_new = entry.place not in told  # a merged cell is told once
            told.add(entry.place)
            date = _not_before(self._date(entry, year, is_new=is_new), last, entry)
            last, year = date or last, date.year if date else year
            yield Session(
                place=entry.place,
                date=date,
                class_hours=self._hours(row),
                teaching=self._teaching(row),
                topic=self._topic(row, entry),
                teacher=_text(row, terms.TEACHER),
            )

    def _year(self) -> int | None:
        """The year of the first day that is written in full, else the only one that the head names."""
        full = (year_of(row[terms.DATE].value) for row in self._plan)
        return next(filter(None, full), None) or find_year(" ".join(self._raw.head))

    def _date(self, entry: Entry, year: int | None, *, is_new: bool) -> dt.date | None:
        if entry.value is None:
            self._tell(DossierProblem.MISSING_DATE, entry)
            return None
        reading = date_of(entry.value, year)
        if reading.problem is not None and is_new:
            self._tell(reading.problem, entry)
        return reading.value

    def _hours(self, row: RawRow) -> Fraction | None:
        """The hours of a row; where theory and practice have a column each, both together."""
        whole = self._hours_in(row.get(terms.HOURS))
        if terms.HOURS in row:
            return whole
        parts = [self._hours_in(row.get(name)) for name in (terms.THEORY_HOURS, terms.PRACTICE_HOURS)]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) if known else None

    def _hours_in(self, entry: Entry | None) -> Fraction | None:
        if entry is None or _is_blank(entry.value):
            return None
        reading = hours_of(entry.value)
        if reading.problem is not None:
            self._tell(reading.problem, entry)
        return reading.value

    def _teaching(self, row: RawRow) -> Teaching | None:
        entry = row.get(terms.TEACHING)
        if entry is not None:
            reading = teaching(entry.value)
            if reading.problem is not None:
                near = difflib.get_close_matches(str(entry.value), ["理论", "实操"], n=1, cutoff=0.4)
                self._tell(reading.problem, entry, near[0] if near else "理论、实操")
            return reading.value
        has = {name for name in (terms.THEORY_HOURS, terms.PRACTICE_HOURS) if name in row and not _is_zero(row[name])}
        if len(has) == 2:
            return Teaching.BOTH
        return Teaching.THEORY if terms.THEORY_HOURS in has else Teaching.PRACTICE if has else None

    def _topic(self, row: RawRow, at: Entry) -> str | None:
        topic = _text(row, terms.TOPIC)
        if topic is None:
            self._tell(DossierProblem.MISSING_TOPIC, Entry(value=None, place=at.place))
        return topic

    def _teacher(self, row: RawRow) -> Teacher:
        first = next(iter(row.values()))
        name, number = _text(row, terms.NAME), row.get(terms.ID_NUMBER)
        if name is None:
            self._tell(DossierProblem.MISSING_NAME, Entry(value=None, place=first.place))
        checked = check_identity(None if number is None else number.value, today=self._today)
        if number is not None and checked.faults:
            masked = Entry(value=checked.masked, place=number.place)
            self._tell(DossierProblem.TEACHER_ID, masked, checked.faults[0])
        return Teacher(
            place=first.place,
            name=name,
            subject=_text(row, terms.SUBJECT),
            id_masked=checked.masked,
            id_faults=checked.faults,
        )

    def _check_teachers(self, teachers: Sequence[Teacher], sessions: Sequence[Session]) -> None:
        """Who teaches by the plan must be among the teachers, where these are listed; each name is told once."""
        known = {_plain(one.name) for one in teachers if one.name}
        for row, session in zip(self._plan, sessions, strict=True) if known else ():
            names = re.split("[、,，/;；和及 ]+", session.teacher or "")
            for name in (name for name in names if name and _plain(name) not in known):
                known.add(_plain(name))
                near = difflib.get_close_matches(name, [one.name for one in teachers if one.name], n=1, cutoff=0.5)
                entry = Entry(value=name, place=row[terms.TEACHER].place)
                self._tell(DossierProblem.UNKNOWN_TEACHER, entry, near[0] if near else None)


def _is_rest(row: RawRow) -> bool:
    """A day off that stands in the plan: nobody teaches, so nothing is missing."""
    said = "".join(str(row[name].value) for name in (terms.TOPIC, terms.TEACHING, terms.HOURS) if name in row)
    return _REST.search(said) is not None


def _not_before(date: dt.date | None, last: dt.date | None, entry: Entry) -> dt.date | None:
    """A day written without its year belongs to the next one where the course runs through New Year."""
    if date is None or last is None or year_of(entry.value) is not None or last - date < _HALF_A_YEAR:
        return date
    return date_of(entry.value, date.year + 1).value


def _text(row: RawRow, name: str) -> str | None:
    entry = row.get(name)
    return None if entry is None else text_of(entry.value)


def _plain(name: str | None) -> str:
    return re.sub(r"\s", "", name or "")


def _is_blank(value: Cell) -> bool:
    """Of the two columns for hours the one that doesn't apply is often struck out or 0."""
    return value is None or str(value).strip() in {"", "-", "—", "/", "0", "0.0"}


def _is_zero(entry: Entry) -> bool:
    return _is_blank(entry.value)
