"""Date and time out of a line of read text: the layouts of recorders and of camera apps.

Layouts: the nine of Hikvision's HCNetSDK (`byOSDType`), year, month and day in any order with any separator or with
年月日, with or without a weekday, 24 hours or 12 with AM and PM or 上午 and 下午. Spaces may have got lost in reading.
Nothing is guessed: a digit too few or too many, and the line isn't a clock's.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_YEARS = range(1970, 2100)
_BETWEEN = r"\s?([^\d\s:])\s?"  # a separator that may have been misread as another sign
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{2}}|\d){_BETWEEN}(\d{{2}}|\d)\s?日?")
_YEAR_LAST = re.compile(rf"(\d{{2}}){_BETWEEN}(\d{{2}}){_BETWEEN}(\d{{4}})\s?年?")
_ONE_DIGIT_AFTER = "年/"  # what is written with these often has no leading zeros
_HALF = r"(上午|下午|[AP]\.?\s?M)"
_COLON = r"\s?[:;.,]\s?"
_NEXT = r"[\s._-]{0,2}"
_DIGITS = rf"(?<!\d)(\d{{2}}|\d){_COLON}(\d{{2}})(?:{_COLON}(\d{{2}}))?(?![:.]?\d)"
_TIME = re.compile(rf"(?:{_HALF}{_NEXT})?{_DIGITS}(?:{_NEXT}{_HALF})?")
_DAYS_ZH = "一二三四五六日"
_ALIKE = str.maketrans({"天": "日", "曰": "日", "目": "日", "-": "一", "=": "二", "≡": "三"})
_WEEKDAY_ZH = re.compile(r"(?:星期|周|[星期])\s?([一二三四五六日天曰目=≡-])")
_WEEKDAY_EN = re.compile(r"MON|TUE|WED|THU|FRI|SAT|SUN")
_DAYS_EN = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_LOOKS_LIKE = re.compile(r"\d{2}[:;]\d{2}|\d{4}[-/.年]\d|\d[-/.月日]\d{1,2}[-/.月日]\d|星期|\d[-/.]\d{4}")


class DateOrder(StrEnum):
    """What comes first."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, kw_only=True)
class ClockText:
    """What a clock says.

    Args:
        dates: in every order in which it is a date.
        has_half: whether AM, PM, 上午 or 下午 stands beside the time.
        weekday: 0 for Monday; None where there is none.
    """

    dates: Mapping[DateOrder, dt.date]
    time: dt.time
    has_seconds: bool
    has_half: bool
    weekday: int | None


def parse_clock(text: str) -> ClockText | None:
    """Date and time, if the text has both and no more than one way to tell them from each other."""
    plain = _plain(text)
    found = _dates(plain)
    if found is None:
        return None
    dates, rest = found
    timed = _time(rest)
    if timed is None:
        return None
    time, has_seconds, has_half = timed
    return ClockText(dates=dates, time=time, has_seconds=has_seconds, has_half=has_half, weekday=_weekday(rest))


def looks_like_clock(text: str) -> bool:
    """Whether the text may be a part of a clock: of a date or of a time."""
    return _LOOKS_LIKE.search(_plain(text)) is not None


def _plain(text: str) -> str:
    """Half-width, in capitals; a dash that was read as the character 一, and digits read as letters, put right."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = re.sub(r"(?<=\d)\s?[一—–−_~]\s?(?=\d)", "-", plain)
    plain = re.sub(r"(?<=\d)[OQ](?=[\d\s:/-]|$)|(?<=[:/-])[OQ](?=\d)", "0", plain)
    return re.sub(r"(?<=\d)[I|L](?=[\d\s:/-]|$)|(?<=[:/-])[I|L](?=\d)", "1", plain)


def _dates(text: str) -> tuple[dict[DateOrder, dt.date], str] | None:
    """(the dates that the text may mean, the text without them)."""
    for match in _YEAR_FIRST.finditer(text):
        year, after_year, month, _, day = match.groups()
        short = len(month) == 1 or len(day) == 1
        date = None if short and after_year not in _ONE_DIGIT_AFTER else _date(year, month, day)
        if date is not None:
            return {DateOrder.YEAR: date}, _without(text, match)
    last = _YEAR_LAST.search(text)
    if last is None:
        return None
    first, mark, second, other_mark, year = last.groups()
    possible = {DateOrder.MONTH: _date(year, first, second), DateOrder.DAY: _date(year, second, first)}
    named = _named_order(mark, other_mark)
    dates = {order: date for order, date in possible.items() if date is not None and named in (None, order)}
    return (dates, _without(text, last)) if dates else None


def _named_order(mark: str, other_mark: str) -> DateOrder | None:
    """What the characters between the numbers say: 05月20日 or 20日05月."""
    if mark == "月" or other_mark in "日曰目":
        return DateOrder.MONTH
    return DateOrder.DAY if mark in "日曰目" or other_mark == "月" else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    if int(year) not in _YEARS:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _time(text: str) -> tuple[dt.time, bool, bool] | None:
    """(the time in 24 hours, whether it has seconds, whether the half of the day stands beside it)."""
    for match in _TIME.finditer(text):
        before, hour, minute, second, after = match.groups()
        half = before or after
        if len(hour) == 1 and half is None:  # more likely a digit was lost
            continue
        try:
            time = dt.time(_in_24(int(hour), half), int(minute), int(second or 0))
        except ValueError:
            continue
        return time, second is not None, half is not None
    return None


def _in_24(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half == "下午" or half.startswith("P") else 0)


def _weekday(text: str) -> int | None:
    match = _WEEKDAY_ZH.search(text)
    if match is not None:
        return _DAYS_ZH.index(match.group(1).translate(_ALIKE))
    match = _WEEKDAY_EN.search(text)
    return None if match is None else _DAYS_EN.index(match.group())
