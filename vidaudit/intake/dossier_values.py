"""The values of a dossier: days, class hours and words out of cells, each with what is wrong with it."""

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Generic, TypeVar

from vidaudit.intake.dates import YEARS, find_days
from vidaudit.intake.dossier_terms import teaching_of
from vidaudit.intake.numerals import fold, fold_width, to_int
from vidaudit.intake.printable import printable
from vidaudit.intake.sheets import Cell
from vidaudit.model.dossier import DossierProblem, Teaching

T = TypeVar("T")

_LONGEST_TEXT: Final = 120  # characters of a cell that are kept
_MOST_HOURS: Final = 24  # class hours: no day has more
# Excel counts days from here (ECMA-376 part 1, 18.17.4.1); a cell without a date's format holds only the number.
_EXCEL_EPOCH: Final = dt.date(1899, 12, 30)
_LONG_NUMBER: Final = re.compile(r"\d{9,}[xX]?")
_HOURS: Final = re.compile(r"(\d{1,4})(?:\.(\d{1,3}))?\s*(?:个)?(?:学时|课时|节|小时|h)?")
_PARTIAL_DAY: Final = re.compile(r"\d{1,2}\s*[-./月]\s*\d{1,2}(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Reading(Generic[T]):
    """A value, or why there is none."""

    value: T | None = None
    problem: DossierProblem | None = None


def text_of(cell: Cell) -> str | None:
    """Text fit to be kept: printable, in one line, not too long, long numbers blotted out; None for an empty cell."""
    if cell is None:
        return None
    whole = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    line = " ".join(fold_width(whole).split())[:_LONGEST_TEXT]
    return _LONG_NUMBER.sub(lambda match: "*" * len(match[0]), printable(line)) or None


def date_of(cell: Cell, year: int | None) -> Reading[dt.date]:
    """The one day that a cell means; `year` is that of a day written without one."""
    if isinstance(cell, dt.date):
        return _in_range(cell)
    serial = _serial(cell)
    if serial is not None:
        return Reading(value=serial)
    text = str(cell).strip()
    found = find_days(text, year=year)
    if found.span or len(found.days) > 1:
        return Reading(problem=DossierProblem.SEVERAL_DAYS)
    if found.days:
        return Reading(value=found.days[0])
    lacks_year = year is None and _PARTIAL_DAY.match(fold(text)) and find_days(text, year=2024).days
    return Reading(problem=DossierProblem.NO_YEAR if lacks_year else DossierProblem.BAD_DATE)


def year_of(cell: Cell) -> int | None:
    """The year that a cell with a whole date names."""
    reading = date_of(cell, None) if cell is not None else Reading[dt.date]()
    return None if reading.value is None else reading.value.year


def hours_of(cell: Cell) -> Reading[Fraction]:
    """Class hours: a number above 0, at most 24, with or without its unit."""
    text = fold_width(str(cell)).strip().lower()
    match = _HOURS.fullmatch(text)
    hours = Fraction(f"{match[1]}.{match[2] or 0}") if match else Fraction(to_int(fold(text)) or 0)
    return Reading(value=hours) if 0 < hours <= _MOST_HOURS else Reading(problem=DossierProblem.BAD_HOURS)


def teaching(cell: Cell) -> Reading[Teaching]:
    """Theory, practice or both."""
    found = teaching_of(str(cell))
    return Reading(value=found, problem=None if found else DossierProblem.BAD_TEACHING)


def _in_range(date: dt.date) -> Reading[dt.date]:
    day = date.date() if isinstance(date, dt.datetime) else date
    return Reading(value=day) if day.year in YEARS else Reading(problem=DossierProblem.BAD_DATE)


def _serial(cell: Cell) -> dt.date | None:
    """The day of a spreadsheet's number of days, also where a csv file has it as text."""
    text = str(cell).strip().removesuffix(".0")
    if not re.fullmatch(r"\d{5}", text):
        return None
    day = _EXCEL_EPOCH + dt.timedelta(days=int(text))
    return day if day.year in YEARS else None
