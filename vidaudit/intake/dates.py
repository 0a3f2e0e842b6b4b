"""Dates in the names of folders and in the text of rosters, in every usual way to write them.

A folder name tells at least month and day, seldom the year: `read_day_name` says what the name itself holds,
`intake.days` finds the year. Two conventions decide what would else be open: the month stands before the day, and
a two-digit year stands first. What stays open gives several readings.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vidaudit.intake.numerals import NUMBER, fold, to_int

YEARS = range(2000, 2100)
# Two digits in front of a month and a day are taken for a year only from here on: subsidised training of this
# kind, with video, began after 2014; 24.5.20 is a date, 05.5.20 is folder 5 of a list.
_SHORT_YEARS = range(15, 50)
_LEAP_YEAR = 2024
_SEPARATOR = r"\s*[-./_·。]\s*"
_THROUGH = r"\s*[-~—–至到]+\s*"

_UNITS = re.compile(rf"(?:(?P<y>{NUMBER})\s*年\s*)?(?P<m>{NUMBER})\s*月\s*(?P<d>{NUMBER})\s*[日号]?")
_FURTHER_DAY = re.compile(rf"\s*[-~—–至到、,和及&+]+\s*(?P<d>{NUMBER})\s*[日号]")
_YEAR_FIRST = re.compile(rf"(?<!\d)(20\d\d){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(\d{{1,2}})(?!\d)")
_YEAR_LAST = re.compile(rf"(?<!\d)(\d{{1,2}}){_SEPARATOR}(\d{{1,2}}){_SEPARATOR}(20\d\d)(?!\d)")
_CHAIN = re.compile(rf"(?<![\dvV])\d{{1,2}}(?:{_SEPARATOR}\d{{1,2}})+(?!\d|\s*(?:小时|课时|学时|版))")
_TWO_NUMBERS = re.compile(r"\s*(\d{1,2}) (\d{1,2})\s*")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<m>{'|'.join(_ENGLISH_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t|t?ember|ober)?"
_ENGLISH = (
    re.compile(
        rf"(?<![a-z]){_MONTH}[\s._-]*(?P<d>\d\d?)(?:st|nd|rd|th)?(?![\da-z])(?:[\s,._-]+(?P<y>20\d\d)(?!\d))?", re.I
    ),
    re.compile(rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?[\s._-]*{_MONTH}(?![a-z])(?:[\s,._-]*(?P<y>20\d\d)(?!\d))?", re.I),
)
_RUN = re.compile(r"(?<!\d)\d{3,14}(?!\d)")
_LATER_DAY = re.compile(rf"{_THROUGH}(\d{{1,2}})(?!\d)")
_DAY_NUMBER = re.compile(rf"第\s*({NUMBER})\s*[天日]|(?<![a-z])day[\s_.-]*(\d{{1,3}})(?![\d.])", re.IGNORECASE)
_LONE_DAY = re.compile(rf"(?<!第)({NUMBER})\s*[日号]")
_LONE_MONTH = re.compile(rf"({NUMBER})\s*月")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)\s*([一二三四五六日天1-7])(?!\d)")
_YEAR = re.compile(
    r"(?<!\d)(20\d\d)(?!\d)|(?<!\d)(20\d\d)(?=[01]\d[0-3]\d(?!\d))|(?<!\d)([1-4]\d)年(?![制级])|(二[〇○零][〇○零一二三四五六七八九]{2})年"
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A day as a name gives it; the year is None where the name has none beside it."""

    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class DayName:
    """What a folder's name says of a day.

    Args:
        readings: the days it can mean; more than one: it is ambiguous, or names several days.
        several: true when it plainly names several days (5月20日-22日): then no evidence makes it one.
        day_number: n of 第n天 or "day n".
        year: the year the name holds anywhere, also apart from the date (2024年第1期5月20日).
        weekday: 0 for Monday to 6 for Sunday, where the name says it.
    """

    readings: tuple[Reading, ...] = ()
    several: bool = False
    day_number: int | None = None
    year: int | None = None
    weekday: int | None = None

    @property
    def is_day(self) -> bool:
        """Whether the name means a day at all."""
        return bool(self.readings) or self.day_number is not None


def read_day_name(name: str) -> DayName:
    """What a folder's name says of a day; nothing at all for a name without a possible date (2月30日)."""
    text = fold(name)
    readings, several = _readings(text)
    return DayName(
        readings=readings,
        several=several,
        day_number=_day_number(text),
        year=find_year(text),
        weekday=find_weekday(text),
    )


def find_year(text: str) -> int | None:
    """The one year that a text names (2024年第2期, 20240520, 二〇二四年, 24年); None for none or several."""
    years = set()
    for match in _YEAR.finditer(fold(text)):
        value = to_int(next(group for group in match.groups() if group))
        if value is not None:
            years.add(value + 2000 if value < 100 else value)
    return years.pop() if len(years) == 1 else None


def fits_partly(name: str, *, month: int, day: int) -> bool:
    """Whether what a folder's name says of a month or of a day alone (20日, 5月) isn't another one than this."""
    text = fold(name)
    said = [(_LONE_DAY, day), (_LONE_MONTH, month)]
    return all(to_int(match[1]) == meant for pattern, meant in said for match in pattern.finditer(text))


def find_weekday(text: str) -> int | None:
    """The weekday that a text names first (周三, 星期日), 0 for Monday; None for none."""
    match = _WEEKDAY.search(fold(text))
    if not match:
        return None
    return 6 if match[1] in "日天" else (to_int(match[1]) or 1) - 1


def is_possible(month: int | None, day: int | None, year: int | None = None) -> bool:
    """Whether there is such a day (29 February where the year is open)."""
    return month is not None and day is not None and make_date(year or _LEAP_YEAR, month, day) is not None


def make_date(year: int, month: int, day: int) -> dt.date | None:
    """The date, or None where there is no such day or the year is outside 2000 to 2099."""
    if year not in YEARS:
        return None
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _readings(text: str) -> tuple[tuple[Reading, ...], bool]:
    for several_days in (_with_units, _year_first, _long_runs):
        plain = list(several_days(text))
        if plain:  # also where all are impossible: 2023-02-29 is no 29 February of another year
            found = _distinct(plain)
            return found, len(found) > 1
    for one_day in (_english, _year_last, _seven_digits, _chain, _short_runs):
        candidates, several = one_day(text)
        found = _distinct(candidates)
        if found:
            return found, several
    return (), False


def _distinct(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Possible readings, each once; one without a year gives way to the same day with a year."""
    possible = [one for one in dict.fromkeys(readings) if is_possible(one.month, one.day, one.year)]
    dated = {(one.month, one.day) for one in possible if one.year}
    return tuple(one for one in possible if one.year or (one.month, one.day) not in dated)


def _full_year(value: int | None) -> int | None:
    return value + 2000 if value is not None and value < 100 else value


def _with_units(text: str) -> Iterator[Reading]:
    for match in _UNITS.finditer(text):
        year = _full_year(to_int(match["y"])) if match["y"] else None
        month = to_int(match["m"])
        following: re.Match[str] | None = match
        while following:
            day = to_int(following["d"])
            if month is not None and day is not None:
                yield Reading(month=month, day=day, year=year)
            following = _FURTHER_DAY.match(text, following.end())


def _year_first(text: str) -> Iterator[Reading]:
    for match in _YEAR_FIRST.finditer(text):
        year, month, day = map(int, match.groups())
        yield Reading(month=month, day=day, year=year)
        # In 2024-05-20-21 the last number may be a part's; a change of sign (2024.5.20-21) makes it a last day.
        if "-" not in match[0]:
            yield from _through(text, match.end(), Reading(month=month, day=day, year=year))


def _through(text: str, end: int, first: Reading) -> Iterator[Reading]:
    match = _LATER_DAY.match(text, end)
    if match and int(match[1]) > first.day:
        yield Reading(month=first.month, day=int(match[1]), year=first.year)


def _english(text: str) -> tuple[list[Reading], bool]:
    """May 20, 20 May and 20-May-2024; two of them are several days."""
    found = [
        Reading(month=_ENGLISH_MONTHS.index(match["m"].lower()) + 1, day=int(match["d"]), year=_written(match["y"]))
        for pattern in _ENGLISH
        for match in pattern.finditer(text)
    ]
    return found, len(_distinct(found)) > 1


def _written(year: str | None) -> int | None:
    return int(year) if year else None


def _year_last(text: str) -> tuple[list[Reading], bool]:
    match = _YEAR_LAST.search(text)
    if not match:
        return [], False
    first, second, year = map(int, match.groups())
    return [Reading(month=first, day=second, year=year), Reading(month=second, day=first, year=year)], False


def _long_runs(text: str) -> Iterator[Reading]:
    """20240520, and a recorder's 20240520083000."""
    for match in _RUN.finditer(text):
        run = match[0]
        if len(run) in (8, 12, 14) and int(run[:4]) in YEARS:
            reading = Reading(month=int(run[4:6]), day=int(run[6:8]), year=int(run[:4]))
            yield reading
            yield from _through(text, match.end(), reading)


def _seven_digits(text: str) -> tuple[list[Reading], bool]:
    """2024520, and 2024111, which is either of two days."""
    run = next((run for run in _RUN.findall(text) if len(run) == 7), None)
    if run is None:
        return [], False
    year, rest = int(run[:4]), run[4:]
    splits = ((int(rest[:width]), int(rest[width:])) for width in (1, 2))
    return [Reading(month=month, day=day, year=year) for month, day in splits], False


def _short_runs(text: str) -> tuple[list[Reading], bool]:
    runs = _RUN.findall(text)
    for six in (run for run in runs if len(run) == 6):
        found = _distinct(_six_digits(int(six[:2]), int(six[2:4]), int(six[4:])))
        if found:
            return list(found), False
    for four in (run for run in runs if len(run) == 4):
        if is_possible(int(four[:2]), int(four[2:])):
            return [Reading(month=int(four[:2]), day=int(four[2:]))], False
    if re.fullmatch(r"\d{3}", text.strip()):
        run = text.strip()
        return [Reading(month=int(run[0]), day=int(run[1:])), Reading(month=int(run[:2]), day=int(run[2]))], False
    return [], False


def _six_digits(first: int, second: int, third: int) -> list[Reading]:
    year_first = Reading(month=second, day=third, year=2000 + first)
    if first in _SHORT_YEARS and is_possible(second, third, 2000 + first):
        return [year_first]
    month_first = Reading(month=first, day=second, year=2000 + third)
    return [year_first, month_first, Reading(month=second, day=first, year=2000 + third)]


def _chain(text: str) -> tuple[list[Reading], bool]:
    """5.20 and its kin, with a number before (1_5.20) or after (5.20_1), as a range (5.20-22), or 24.5.20."""
    spaced = _TWO_NUMBERS.fullmatch(text)
    if spaced:
        return [Reading(month=int(spaced[1]), day=int(spaced[2]))], False
    for match in _CHAIN.finditer(text):
        numbers = [int(part) for part in re.findall(r"\d+", match[0])]
        signs = re.findall(r"[-./_·。]", match[0])
        found, several = _linked(numbers, signs)
        if _distinct(found):
            return found, several
    return [], False


def _linked(numbers: list[int], signs: list[str]) -> tuple[list[Reading], bool]:
    pairs = [Reading(month=month, day=day) for month, day in itertools.pairwise(numbers)]
    if len(set(signs)) == 1:
        if len(numbers) == 3 and numbers[0] in _SHORT_YEARS:
            pairs.append(Reading(month=numbers[1], day=numbers[2], year=2000 + numbers[0]))
        return pairs, False
    # Different signs: the one that binds month and day is the point before the hyphen before the underscore.
    binding = min(signs, key=".·。/-_".index)
    bound = [pair for pair, sign in zip(pairs, signs, strict=True) if sign == binding and _fits(pair)]
    if not bound:
        return pairs, False
    return _with_last_day(bound, numbers, signs)


def _with_last_day(bound: list[Reading], numbers: list[int], signs: list[str]) -> tuple[list[Reading], bool]:
    """A range: 5.20-5.22 has two bound pairs, 5.20-22 a later day after the hyphen."""
    if len(bound) == 1 and len(numbers) == 3 and signs[1] == "-" and numbers[2] > numbers[1] and _fits(bound[0]):
        bound = [*bound, Reading(month=bound[0].month, day=numbers[2])]
    return bound, len(_distinct(bound)) > 1


def _fits(reading: Reading) -> bool:
    return is_possible(reading.month, reading.day)


def _day_number(text: str) -> int | None:
    match = _DAY_NUMBER.search(text)
    value = to_int(match[1] or match[2]) if match else None
    return value or None


@dataclass(frozen=True, kw_only=True)
class NamedDays:
    """The days a text names: single `days`, in order, or a `span` from first to last, never both."""

    days: tuple[dt.date, ...] = ()
    span: tuple[dt.date, dt.date] | None = None


_IN_TEXT = re.compile(
    rf"(?:(?P<y>20\d\d|二[〇○零][〇○零一二三四五六七八九]{{2}})\s*[-./年]\s*)?(?P<m>{NUMBER})\s*[-./月]\s*(?P<d>{NUMBER})(?!\d)\s*[日号]?"
    rf"|(?<!\d)(?P<run>20\d{{6}})(?!\d)|(?<=[-~—–至到、,和及\s])(?P<more>{NUMBER})\s*[日号]?(?=\s*(?:[、,和及;]|$))"
)
_SPAN_SIGN = re.compile(_THROUGH)


def find_days(text: str, *, year: int | None = None) -> NamedDays:
    """The days in free text such as `2024-05-20、2024-05-21`, `5月20日、21日` or `2024.5.20-2024.6.3`.

    Args:
        text: a cell of a roster.
        year: what to take for the year until the text names one itself; without either, days are left out.
    """
    text = fold(text).strip()
    days: list[dt.date] = []
    last: tuple[int | None, int | None] = (year, None)
    end, is_span = 0, False
    for match in _IN_TEXT.finditer(text):
        numbers = _numbers_of(match, *last)
        day = make_date(*numbers) if numbers else None
        if day is None:
            continue
        is_span |= bool(days) and _SPAN_SIGN.fullmatch(text[end : match.start()]) is not None
        last, end = (day.year, day.month), match.end()
        days.append(day)
    ordered = tuple(sorted(set(days)))
    if is_span and len(ordered) > 1:
        return NamedDays(span=(ordered[0], ordered[-1]))
    return NamedDays(days=ordered)


def _numbers_of(match: re.Match[str], year: int | None, month: int | None) -> tuple[int, int, int] | None:
    if match["run"]:
        run = match["run"]
        return int(run[:4]), int(run[4:6]), int(run[6:])
    if match["more"]:
        found = (year, month, to_int(match["more"]))
    else:
        found = (to_int(match["y"]) if match["y"] else year, to_int(match["m"]), to_int(match["d"]))
    first, second, third = found
    return None if first is None or second is None or third is None else (first, second, third)
