"""Numbers to words. Rounded down, never up: 9:59.9 must not read as the ten minutes that were asked for."""

import datetime as dt
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

Number = int | float | Fraction

_TENTH = Decimal("0.1")
_TOO_BIG_TO_ROUND = 10**15
_UNIT_STEPS = ("B", "KB", "MB", "GB", "TB")


def clock(seconds: Number) -> str:
    """A place in a clip or a length, `m:ss` or `h:mm:ss`, with a tenth where it isn't a whole second.

    A measured place may come out just before the start of a clip: that is its start.
    """
    tenths = int(_floored(max(seconds, 0), _TENTH) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    second = f"{rest // 10:02d}" + (f".{rest % 10}" if rest % 10 else "")
    return f"{hours}:{minutes:02d}:{second}" if hours else f"{minutes}:{second}"


def duration(seconds: Number, lang: str) -> str:
    """A length: seconds below one minute, `m:ss` from there on."""
    if seconds >= 60:
        return clock(seconds)
    unit = "秒" if lang == "zh" else "s"
    return f"{number(float(_floored(seconds, _TENTH)))} {unit}"


def size(num_bytes: int) -> str:
    """A file size with the unit a file manager shows: steps of 1024, one decimal from MB on."""
    amount, step = Decimal(num_bytes), 0
    while amount >= 1024 and step < len(_UNIT_STEPS) - 1:
        amount, step = amount / 1024, step + 1
    shown = _floored(amount, _TENTH if step > 1 else Decimal(1))
    return f"{_plain(shown)} {_UNIT_STEPS[step]}"


def percent(share: Number) -> str:
    """A share of 0 to 1 as a percentage, one decimal at most."""
    return f"{_plain(_floored(_decimal(share) * 100, _TENTH))}%"


def number(value: Number) -> str:
    """A plain number, two decimals at most, without trailing zeros."""
    return str(value) if isinstance(value, int) else _plain(_floored(value, Decimal("0.01")))


def money(amount: Decimal) -> str:
    """An amount, exact, with a comma after the thousands."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount.normalize():,f}"


def day(date: dt.date, lang: str) -> str:
    """A date: 2024年5月20日, or 20 May 2024."""
    if lang == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def moment(when: dt.datetime, lang: str) -> str:
    """A date with hours and minutes."""
    return f"{day(when.date(), lang)} {when:%H:%M}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _decimal(value: Number | Decimal) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    # By way of its shortest text: 0.29 is meant as 0.29, not as the binary number just below it.
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _floored(value: Number | Decimal, step: Decimal) -> Decimal:
    exact = _decimal(value)
    return exact if abs(exact) >= _TOO_BIG_TO_ROUND else exact.quantize(step, rounding=ROUND_FLOOR)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
