import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.videos.clock import LAYOUTS, clock_text
from vidaudit.observe.clock_text import DateOrder, looks_like_clock, parse_clock

MOMENTS = st.datetimes(min_value=dt.datetime(1970, 1, 1), max_value=dt.datetime(2099, 12, 31, 23, 59, 59))


@settings(deadline=None)
@given(
    MOMENTS,
    st.sampled_from(LAYOUTS),
    st.sampled_from([None, "zh", "en"]),
    st.sampled_from([None, "zh", "en"]),
    st.booleans(),
)
def test_every_layout_is_read_back(now, layout, weekday, half, spaced):
    text = clock_text(now, layout, weekday=weekday, half=half)
    clock = parse_clock(text if spaced else text.replace(" ", ""))
    assert clock is not None
    assert now.date() in clock.dates.values()
    assert clock.time == now.time().replace(microsecond=0)
    assert clock.has_seconds
    assert clock.weekday == (None if weekday is None else now.weekday())


@settings(deadline=None)
@given(MOMENTS, st.sampled_from(LAYOUTS))
def test_only_numbers_that_could_be_both_leave_the_order_open(now, layout):
    clock = parse_clock(clock_text(now, layout))
    assert clock is not None
    is_open = layout.endswith("{y}") and now.day <= 12
    assert set(clock.dates) == {
        *([DateOrder.YEAR] if layout.startswith("{y}") else []),
        *([DateOrder.MONTH] if layout.startswith("{m}") or is_open else []),
        *([DateOrder.DAY] if layout.startswith("{d}") or is_open else []),
    }


@pytest.mark.parametrize(
    ("text", "date", "time"),
    [
        ("2024-05-20星期一10:00:00", (2024, 5, 20), (10, 0, 0)),
        ("2024-05-2010:05:13", (2024, 5, 20), (10, 5, 13)),
        ("２０２４－０５－２０ １０：０５：１３", (2024, 5, 20), (10, 5, 13)),
        ("2024一05一20 10:05:13", (2024, 5, 20), (10, 5, 13)),
        ("2O24-05-2O 1O:05:l3", (2024, 5, 20), (10, 5, 13)),
        ("Camera 01 2024.05.20 08.31.12", (2024, 5, 20), (8, 31, 12)),
        ("2024/5/2 3:05 PM", (2024, 5, 2), (15, 5, 0)),
        ("2024年5月2日 08:31", (2024, 5, 2), (8, 31, 0)),
        ("2024-05-20 12:05:13 AM", (2024, 5, 20), (0, 5, 13)),
        ("2024-05-20 12:05:13 PM", (2024, 5, 20), (12, 5, 13)),
        ("2024-05-20 星期一 下午-03:05:13", (2024, 5, 20), (15, 5, 13)),
        ("2024-05-20 15:05:13 PM", (2024, 5, 20), (15, 5, 13)),
    ],
)
def test_readings_with_what_reading_does_to_them(text, date, time):
    clock = parse_clock(text)
    assert clock is not None
    assert (list(clock.dates.values()), clock.time) == ([dt.date(*date)], dt.time(*time))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-05-20",
        "10:05:13",
        "2024-13-20 10:05:13",
        "2024-02-30 10:05:13",
        "2024-05-20 24:00:00",
        "2024-05-20 10:05:61",
        "2024-05-20 10:05:131",
        "2024-05-20 0:05:13",
        "2024-5-20 10:05:13",
        "024-05-20 10:05:13",
        "1969-12-31 10:05:13",
        "0355-1234-5678",
        "第3课 10:30",
    ],
)
def test_no_digit_is_made_up(text):
    assert parse_clock(text) is None


@pytest.mark.parametrize(("text", "weekday"), [("星期-", 0), ("星期=", 1), ("周三", 2), ("星期天", 6), ("星期曰", 6)])
def test_weekdays_as_they_may_be_read(text, weekday):
    clock = parse_clock(f"2024-05-20 {text} 10:05:13")
    assert clock is not None
    assert clock.weekday == weekday


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_without_failing(text):
    parse_clock(text)
    looks_like_clock(text)


@pytest.mark.parametrize("text", ["10:05:13", "星期二_10:05", "2024-05", "05-20-2024", "05月20日2024年"])
def test_parts_of_a_clock(text):
    assert looks_like_clock(text)


@pytest.mark.parametrize("text", ["安全出口", "Camera 01", "AT", "35"])
def test_what_is_no_part_of_one(text):
    assert not looks_like_clock(text)
