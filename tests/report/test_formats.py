import datetime as dt
from fractions import Fraction

import pytest

from vidaudit.report import formats


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (-0.04, "0:00"),
        (-1, "0:00"),
        (9.99, "0:09.9"),
        (60, "1:00"),
        (Fraction(59999, 100), "9:59.9"),
        (599.9999, "9:59.9"),
        (600, "10:00"),
        (600.04, "10:00"),
        (3599.9, "59:59.9"),
        (3600, "1:00:00"),
        (3725.5, "1:02:05.5"),
    ],
)
def test_clock_never_rounds_up(seconds: float | Fraction, text: str) -> None:
    assert formats.clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "lang", "text"),
    [(12.35, "zh", "12.3 秒"), (12.35, "en", "12.3 s"), (59.99, "zh", "59.9 秒"), (60, "zh", "1:00"), (2, "en", "2 s")],
)
def test_duration(seconds: float, lang: str, text: str) -> None:
    assert formats.duration(seconds, lang) == text


@pytest.mark.parametrize(
    ("num_bytes", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (1024**2 - 1, "1023 KB"),
        (1024**2, "1 MB"),
        (int(1.99 * 1024**3), "1.9 GB"),
        (5 * 1024**5, "5120 TB"),
    ],
)
def test_size(num_bytes: int, text: str) -> None:
    assert formats.size(num_bytes) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.29, "29%"), (0.8999, "89.9%"), (0.9, "90%"), (1, "100%"), (Fraction(2, 3), "66.6%")],
)
def test_percent_never_rounds_up(share: float | Fraction, text: str) -> None:
    assert formats.percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (7.0, "7"), (39.999, "39.99"), (Fraction(1, 3), "0.33"), (120.5, "120.5"), (1e300, f"{10**300}")],
)
def test_number(value: float | Fraction, text: str) -> None:
    assert formats.number(value) == text


@pytest.mark.parametrize(("lang", "text"), [("zh", "2024年5月2日 09:05"), ("en", "2 May 2024 09:05")])
def test_moment(lang: str, text: str) -> None:
    assert formats.moment(dt.datetime(2024, 5, 2, 9, 5), lang) == text
