import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.intake.dates import find_days, find_year, fits_partly, is_possible, make_date, read_day_name

days = st.dates(min_value=dt.date(2015, 1, 1), max_value=dt.date(2049, 12, 31))
_CHINESE = ["", *"一二三四五六七八九"]


def readings(name: str) -> list[tuple[int | None, int, int]]:
    return [(one.year, one.month, one.day) for one in read_day_name(name).readings]


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{_CHINESE[tens] if tens > 1 else ''}{'十' if tens else ''}{_CHINESE[ones]}"


@pytest.mark.parametrize(
    "name",
    [
        *("5月20日", "05月20日", "五月二十日", "五月廿日", "5月20号", "5月20", "５月２０日", "5 月 20 日", "5⽉20⽇"),
        *("0520", "5.20", "5-20", "5_20", "5·20", "5．20", "05.20", "5 20", "520"),
        *("5月20日（周一）", "1_5月20日", "1、5月20日", "第1天5月20日", "0520上午", "5.20-1", "1_5.20", "5.20_0830"),
    ],
)
def test_a_day_without_a_year(name: str) -> None:
    assert readings(name) == [(None, 5, 20)]


@pytest.mark.parametrize(
    "name",
    [
        *("2024-05-20", "2024年5月20日", "20240520", "2024.5.20", "24.5.20", "2024_5_20", "24年5月20日", "240520"),
        *("二〇二四年五月二十日", "20240520上午", "20240520_083000", "20240520083000", "2024520", "2024-05-20-1"),
        *("5-20-2024", "24-05-20", "２０２４－０５－２０", "2024 年 5 月 20 日"),
    ],
)
def test_a_day_with_its_year(name: str) -> None:
    assert readings(name) == [(2024, 5, 20)]


@pytest.mark.parametrize(
    "name",
    [
        *("2月30日", "13月1日", "15月20日", "5月32日", "0月5日", "5月0日", "20240230", "2023-02-29", "0230", "13.5"),
        *("", "资料", "上午", "1", "2024", "202405", "20日", "v1.2", "实操1.5小时", "视频", "2024年第2期", "12345"),
    ],
)
def test_what_is_no_date(name: str) -> None:
    assert readings(name) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("5.6", [(None, 5, 6)]),
        ("051120", [(2005, 11, 20), (2020, 5, 11), (2020, 11, 5)]),
        ("120520", [(2012, 5, 20), (2020, 12, 5), (2020, 5, 12)]),
        ("2024111", [(2024, 1, 11), (2024, 11, 1)]),
        ("101", [(None, 1, 1), (None, 10, 1)]),
        ("1.5.20", [(None, 1, 5), (None, 5, 20)]),
        ("3-4-2024", [(2024, 3, 4), (2024, 4, 3)]),
        ("2月29日", [(None, 2, 29)]),
    ],
)
def test_what_is_open_gives_every_reading(name: str, expected: list[tuple[int | None, int, int]]) -> None:
    assert readings(name) == expected
    assert not read_day_name(name).several


@pytest.mark.parametrize(
    "name", ["5月20日-22日", "5月20-22日", "5月20日-5月22日", "5月20日、22日", "5.20-22", "5.20-5.22", "2024.5.20-22"]
)
def test_several_days_in_one_name(name: str) -> None:
    assert [(month, day) for _, month, day in readings(name)] == [(5, 20), (5, 22)]
    assert read_day_name(name).several


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("第3天", 3),
        ("第三天", 3),
        ("Day 3", 3),
        ("day_03", 3),
        ("DAY3", 3),
        ("第十二天", 12),
        ("第3日", 3),
        ("第3天5月20日", 3),
    ],
)
def test_the_number_of_a_day(name: str, number: int) -> None:
    assert read_day_name(name).day_number == number
    assert read_day_name(name).is_day


@pytest.mark.parametrize("name", ["Monday1", "第3期", "day", "第0天", "3"])
def test_what_is_no_number_of_a_day(name: str) -> None:
    assert read_day_name(name).day_number is None


@pytest.mark.parametrize(
    ("name", "weekday"), [("5月20日（周一）", 0), ("5.26 星期日", 6), ("礼拜天", 6), ("0525周6", 5), ("5月20日", None)]
)
def test_the_weekday(name: str, weekday: int | None) -> None:
    assert read_day_name(name).weekday == weekday


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024年第1期育婴员培训班", 2024),
        ("20240601报送", 2024),
        ("24年第2期", 2024),
        ("二〇二四年", 2024),
        ("第1期", None),
        ("2023-2024年度", None),
        ("1999年", None),
        ("12年级", None),
        ("13800002024", None),
    ],
)
def test_the_year_of_a_text(text: str, year: int | None) -> None:
    assert find_year(text) == year


@given(days)
def test_every_way_to_write_a_day_reads_back(day: dt.date) -> None:
    full = (day.year, day.month, day.day)
    for text in (f"{day:%Y%m%d}", f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}上午"):
        assert readings(text) == [full]
    for text in (f"{day.month}月{day.day}日", f"{day:%m%d}", f"{day.month}.{day.day}"):
        assert readings(text) == [(None, day.month, day.day)]
    assert readings(f"{chinese(day.month)}月{chinese(day.day)}日") == [(None, day.month, day.day)]


@given(st.text(max_size=20) | st.text(alphabet="0123456789.-_年月日第天十二〇 周", max_size=14))
def test_any_name_is_read_without_failing_and_only_as_possible_days(name: str) -> None:
    for one in read_day_name(name).readings:
        assert is_possible(one.month, one.day, one.year)
    for day in find_days(name, year=2024).days:
        assert 2000 <= day.year < 2100


def test_dates_outside_the_calendar_are_none() -> None:
    assert make_date(2023, 2, 29) is None
    assert make_date(1999, 12, 31) is None
    assert make_date(2100, 1, 1) is None
    assert make_date(2024, 2, 29) == dt.date(2024, 2, 29)


def on(*days_of_may: int) -> tuple[dt.date, ...]:
    return tuple(dt.date(2024, 5, day) for day in days_of_may)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-05-20、2024-05-21", "2024年5月20日、21日", "2024年5月20日、5月21日", "20240520,20240521"),
        *("5月20日、21日", "2024.5.20 2024.5.21", "5.20、5.21"),
    ],
)
def test_single_days_in_a_text(text: str) -> None:
    assert find_days(text, year=2024).days == on(20, 21)


@pytest.mark.parametrize(
    "text", ["2024.5.20-2024.5.31", "2024年5月20日至31日", "2024-05-20 至 2024-05-31", "5月20日—5月31日"]
)
def test_a_span_is_not_its_days(text: str) -> None:
    found = find_days(text, year=2024)
    assert found.days == ()
    assert found.span == (dt.date(2024, 5, 20), dt.date(2024, 5, 31))


@pytest.mark.parametrize("text", ["", " 年 月 日", "长期", "2月30日", "5月20日"])
def test_nothing_in_a_text_without_a_year_or_a_day(text: str) -> None:
    assert find_days(text).days == ()


def test_numbers_beyond_any_date_are_none() -> None:
    assert make_date(2024, 2**31, 1) is None
    assert find_days(f"2024-{2**31}-1").days == ()


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("May 20", [(None, 5, 20)]),
        ("may20", [(None, 5, 20)]),
        ("20 May", [(None, 5, 20)]),
        ("20th-May-2024", [(2024, 5, 20)]),
        ("May 20th, 2024", [(2024, 5, 20)]),
        ("September 3", [(None, 9, 3)]),
        ("Sept. 3", [(None, 9, 3)]),
        ("Dec_31", [(None, 12, 31)]),
        ("Feb 30", []),
        ("May 20 - May 22", [(None, 5, 20), (None, 5, 22)]),
        ("decor 20", []),
        ("dismay 20", []),
        ("March", []),
    ],
)
def test_english_months(name: str, readings: list[tuple[int | None, int, int]]) -> None:
    found = read_day_name(name)
    assert [(one.year, one.month, one.day) for one in found.readings] == readings
    assert found.several is (len(readings) > 1)


@pytest.mark.parametrize(
    ("name", "fits"),
    [("20日", True), ("20", True), ("上午", True), ("二十号", True), ("5月", True), ("21日", False), ("6月", False)],
)
def test_a_part_of_a_date_may_deny_one(name: str, fits: bool) -> None:
    assert fits_partly(name, month=5, day=20) is fits
