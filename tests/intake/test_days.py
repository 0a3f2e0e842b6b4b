import datetime as dt

import pytest

from vidaudit.intake.days import Context, date_days
from vidaudit.intake.naming import parse_clip_name
from vidaudit.model.roster import Roster
from vidaudit.model.submission import DayFolder

TODAY = dt.date(2026, 3, 1)


def dated(
    *folders: str | tuple[str, list[str]],
    texts: tuple[str, ...] = (),
    parents: tuple[str, ...] = (),
    roster: Roster | None = None,
) -> tuple[DayFolder, ...]:
    """The folders dated; a folder may come with the dates in its clips' names."""
    pairs = [(one, []) if isinstance(one, str) else one for one in folders]
    named = [
        (name, name, [parse_clip_name(f"示例学校培训班{date}授课过程.mp4") for date in clips]) for name, clips in pairs
    ]
    return date_days(named, Context(class_texts=texts, parents=parents, roster=roster, today=TODAY))


def roster(*days: dt.date, span: tuple[dt.date, dt.date] | None = None) -> Roster:
    return Roster(file="花名册.xlsx", trainees=(), training_dates=days, training_span=span)


@pytest.mark.parametrize(
    ("folder", "context", "year", "source"),
    [
        ("2024年5月20日", {"texts": ("2023年第1期",)}, 2024, "folder"),
        ("2024年第1期5月20日", {"texts": ("2023年",)}, 2024, "folder"),
        (("5月20日", ["2024年5月20日"]), {"texts": ("2023年",)}, 2024, "clips"),
        ("5月20日", {"roster": roster(dt.date(2024, 5, 20)), "texts": ("2023年第1期",)}, 2024, "roster"),
        ("5月20日", {"roster": roster(span=(dt.date(2023, 12, 1), dt.date(2024, 6, 1)))}, 2024, "roster"),
        ("5月20日", {"texts": ("第1期", "2024年第1期育婴员培训班")}, 2024, "class"),
        ("5月20日", {"parents": ("报送", "2024年6月光盘")}, 2024, "given"),
        ("5月20日", {}, 2025, None),
        ("3月1日", {}, 2026, None),
        ("3月2日", {}, 2025, None),
    ],
)
def test_the_year_comes_from_what_tells_it_best(
    folder: str | tuple[str, list[str]], context: dict[str, object], year: int, source: str | None
) -> None:
    (day,) = dated(folder, **context)  # type: ignore[arg-type]
    assert day.date is not None
    assert (day.date.year, day.year_from, day.readings) == (year, source, (day.date,))


@pytest.mark.parametrize(
    ("folder", "context", "others"),
    [
        ("2024年5月20日", {"texts": ("2024年第1期",)}, ()),
        ("2024年5月20日", {"texts": ("2023年第1期",)}, (2023,)),
        ("2024年5月20日", {"texts": ("2025年第1期",)}, (2025,)),
        (("5月20日", ["2024年5月20日"]), {"texts": ("2023年第1期电工班", "2023年电工班")}, (2023,)),
        ("2024年5月20日", {"roster": roster(dt.date(2023, 5, 20), dt.date(2023, 5, 21))}, (2023,)),
        ("2024年5月20日", {"roster": roster(span=(dt.date(2023, 12, 1), dt.date(2024, 6, 1)))}, ()),
        ("2024年5月20日", {"roster": roster(span=(dt.date(2022, 5, 1), dt.date(2022, 6, 1)))}, (2022,)),
        ("5月20日", {"roster": roster(dt.date(2024, 5, 20)), "texts": ("2023年第1期",)}, (2023,)),
        ("2024年5月20日", {"parents": ("2023年报送",)}, ()),
        ("5月20日", {}, ()),
        ("2024年12月20日", {"texts": ("2025年第1期",)}, ()),
        ("2024年11月30日", {"texts": ("2025年第1期",)}, (2025,)),
        ("2025年1月5日", {"texts": ("2024年第9期",)}, (2024,)),
    ],
)
def test_years_that_contradict_each_other_are_told(
    folder: str | tuple[str, list[str]], context: dict[str, object], others: tuple[int, ...]
) -> None:
    (day,) = dated(folder, **context)  # type: ignore[arg-type]
    assert day.other_years == others


def test_a_class_through_new_year_contradicts_nothing() -> None:
    for year in ("2024年第9期", "2025年第1期"):
        days = dated("2024年11月30日", "2024年12月30日", "2025年1月2日", texts=(year,))
        assert [day.other_years for day in days] == [(), (), ()], year


def test_where_clips_disagree_on_the_year_and_nothing_else_tells_it_most_of_them_do() -> None:
    (day,) = dated(("5月20日", ["2023年5月20日", "2024年5月20日", "2024年5月20日"]))
    assert (day.date, day.year_from) == (dt.date(2024, 5, 20), "clips")
    (day,) = dated(("5月20日", ["2023年5月20日", "2024年5月20日"]), texts=("2024年第1期",))
    assert (day.date, day.year_from) == (dt.date(2024, 5, 20), "class")


def test_a_weekday_tells_a_year_that_nothing_else_tells() -> None:
    (day,) = dated("5月20日星期一")
    assert (day.date, day.year_from, day.weekday) == (dt.date(2024, 5, 20), None, 0)
    (day,) = dated("5月20日星期三", texts=("2024年第1期",))
    assert (day.date, day.year_from, day.weekday) == (dt.date(2024, 5, 20), "class", 2)


def test_two_spellings_of_a_day_are_twins_even_where_the_year_is_a_guess() -> None:
    first, second, third = dated("5月20日星期一", "0520", "5月21日")
    assert (first.same_date_as, second.same_date_as, third.same_date_as) == (("0520",), ("5月20日星期一",), ())
    assert dated("2024年5月20日", "2023年5月20日")[0].same_date_as == ()


def test_a_folder_without_a_year_has_that_of_the_folders_beside_it() -> None:
    days = dated("2024年5月20日", "5月21日", "20240522")
    assert [(day.date, day.year_from) for day in days] == [
        (dt.date(2024, 5, 20), "folder"),
        (dt.date(2024, 5, 21), "class"),
        (dt.date(2024, 5, 22), "folder"),
    ]
    assert dated("2023年5月20日", "5月21日", "20240522")[1].year_from is None
    assert dated("2024年12月30日", "1月2日")[1].year_from is None


def test_a_class_through_new_year() -> None:
    days = dated("12月30日", "12月31日", "1月2日", texts=("2024年第9期",))
    assert [day.date for day in days] == [dt.date(2024, 12, 30), dt.date(2024, 12, 31), dt.date(2025, 1, 2)]


def test_a_class_of_a_whole_year_has_one_year() -> None:
    days = dated("1月2日", "6月1日", "12月31日", texts=("2024年第9期",))
    assert {day.date.year for day in days if day.date} == {2024}


def test_weekdays_tell_whether_the_class_year_is_the_first_or_the_second() -> None:
    days = dated("12月31日（周二）", "1月2日（周四）", texts=("2025年第1期",))
    assert [day.date for day in days] == [dt.date(2024, 12, 31), dt.date(2025, 1, 2)]


@pytest.mark.parametrize(("year", "date"), [("2024年", dt.date(2024, 2, 29)), ("2023年", None)])
def test_29_february_is_a_day_only_in_a_leap_year(year: str, date: dt.date | None) -> None:
    (day,) = dated("2月29日", texts=(year,), parents=("2024年",))
    assert day.date == date
    assert day.readings == ((date,) if date else ())


def test_29_february_of_an_unknown_year_is_the_last_one() -> None:
    assert dated("2月29日")[0].date == dt.date(2024, 2, 29)


def test_an_ambiguous_name_keeps_its_readings() -> None:
    (day,) = dated("2024111")
    assert (day.date, day.readings) == (None, (dt.date(2024, 1, 11), dt.date(2024, 11, 1)))


def test_the_clips_decide_between_readings_but_do_not_add_one() -> None:
    assert dated(("2024111", ["11月1日"]))[0].date == dt.date(2024, 11, 1)
    assert dated(("2024111", ["11月2日"]))[0].date is None
    assert dated(("2024111", ["11月1日", "1月11日"]))[0].date is None


def test_several_days_in_one_name_stay_several() -> None:
    (day,) = dated(("5月20日-22日", ["5月20日"]), texts=("2024年",))
    assert (day.date, len(day.readings)) == (None, 2)


def test_a_numbered_day_by_its_clips() -> None:
    (day,) = dated(("第3天", ["5月22日", "5月22日"]), texts=("2024年",))
    assert (day.date, day.day_number, day.year_from) == (dt.date(2024, 5, 22), 3, "clips")
    assert dated(("第3天", ["5月22日", "5月23日"]))[0].date is None
    assert dated(("第3天", ["5月22日"]))[0].year_from is None  # only month and day are known


def test_a_numbered_day_by_the_roster() -> None:
    days = roster(*(dt.date(2024, 5, day) for day in (20, 21, 23)))
    (third, fourth) = dated("第3天", "第4天", roster=days)
    assert (third.date, third.year_from) == (dt.date(2024, 5, 23), "roster")
    assert (fourth.date, fourth.day_number) == (None, 4)


def test_two_folders_of_one_date_know_each_other() -> None:
    first, second, third = dated("5月20日", "0520", "5月21日", texts=("2024年",))
    assert (first.same_date_as, second.same_date_as, third.same_date_as) == (("0520",), ("5月20日",), ())
    assert dated("上午", "下午")[0].same_date_as == ()


@pytest.mark.parametrize(
    ("folder", "clips", "date"),
    [
        ("20日", ["5月20日", "5月20日"], dt.date(2024, 5, 20)),
        ("20", ["5月20日"], dt.date(2024, 5, 20)),
        ("上午", ["5月20日"], dt.date(2024, 5, 20)),
        ("5月", ["5月20日"], dt.date(2024, 5, 20)),
        ("20日", ["5月20日", "5月21日"], None),
        ("20日", ["5月20日", ""], None),
        ("20日", [], None),
        ("21日", ["5月20日"], None),
        ("6月", ["5月20日"], None),
        ("2月30日", ["2月30日"], None),
    ],
)
def test_a_name_without_a_date_means_the_one_that_all_its_clips_give(
    folder: str, clips: list[str], date: dt.date | None
) -> None:
    (day,) = dated((folder, clips), texts=("2024年",))
    assert (day.date, day.dated_by_clips) == (date, date is not None)
    assert day.year_from == (None if date is None else "class")


def test_a_name_with_a_date_is_not_dated_by_its_clips() -> None:
    (day,) = dated(("5月20日", ["5月21日"]), texts=("2024年",))
    assert (day.date, day.dated_by_clips) == (dt.date(2024, 5, 20), False)
