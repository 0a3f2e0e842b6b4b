import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.judge.builders import CLASS, DAY2, SCHOOL, change_day, green, outcome, roster, run
from tests.judge.dossiers import dossier
from vidaudit.judge.rules.roster_class import is_other_school, is_other_trade
from vidaudit.model.evidence import ClassEvidence

SLUG = "roster-valid"
OK = {("ok", "pass")}


def may(day: int) -> dt.date:
    return dt.date(2024, 5, day)


def with_roster(**changes: Any) -> ClassEvidence:
    return replace(green(), roster=roster(**changes))


def with_trades(*names: str | None) -> ClassEvidence:
    trainees = tuple(replace(one, occupation=name) for one, name in zip(roster().trainees, names, strict=True))
    return with_roster(trainees=trainees)


@pytest.mark.parametrize(
    ("named", "is_other"),
    [
        (SCHOOL, False),
        ("长治市示例职业培训学校（盖章）", False),
        ("长治市 示例职业培训学校", False),
        ("示例职校", False),
        ("示例培训学校", False),
        ("长治示例职业技能培训学校", False),
        ("长冶市示例职业培训学校", False),
        ("长治市示例教育科技有限公司", False),
        ("壶关县示例职业培训学校分校", False),
        ("无", False),
        ("____", False),
        ("运城市另一培训学校", True),
        ("长治市另一职业培训学校", True),
        ("长治职业技术学院", True),
        ("壶关县职业中学", True),
    ],
)
def test_another_school(named: str, is_other: bool) -> None:
    assert is_other_school(named, SCHOOL) is is_other
    assert is_other_school(SCHOOL, named) is is_other
    expected = {("school-differs", "review")} if is_other else OK
    assert outcome(SLUG, with_roster(school=named)) == expected


@pytest.mark.parametrize(
    ("named", "course", "is_other"),
    [
        ("育婴员", "2024年第1期育婴员培训班", False),
        ("育婴师（初级）", "2024年第1期育婴员培训班", False),
        ("电商", "2024年第1期电子商务师培训班", False),
        ("低压电工", "2024年第2期电工培训班", False),
        ("特种作业", "2024年第2期电工培训班", False),
        ("月嫂", "2024年第一期母婴护理员培训班", False),
        ("厨师", "第3期中式烹调师班", False),
        ("家政", "家政服务员培训班", False),
        ("叉车司机", "2024年第1期技能提升培训班", False),
        ("叉车司机", "2024年第1期壶关县项目制培训班", False),
        ("叉车司机", "一班", False),
        ("叉车司机", "壶关班", False),
        ("叉车司机", "2024年第1期家政服务员培训班", True),
        ("餐厅服务员", "2024年第1期家政服务员培训班", True),
        ("电工", "家政服务员培训班", True),
    ],
)
def test_another_trade(named: str, course: str, is_other: bool) -> None:
    assert is_other_trade(named, course) is is_other


@pytest.mark.parametrize(
    ("names", "is_told"),
    [
        (("叉车司机",) * 4, True),
        (("叉车司机", "叉车司机", "叉车司机", "育婴员"), True),
        (("叉车司机", "叉车司机", "育婴员", "育婴员"), False),
        (("叉车司机", None, None, None), True),
        (("农民",) * 4, False),
        (("司机", "保安", "农民", "无"), False),
        ((None,) * 4, False),
    ],
)
def test_the_trade_that_most_rows_name(names: tuple[str | None, ...], is_told: bool) -> None:
    assert outcome(SLUG, with_trades(*names)) == ({("trade-differs", "review")} if is_told else OK)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2024年第7期叉车司机培训班花名册", {("trade-differs", "review")}),
        (f"{CLASS}学员花名册", OK),
        ("拟开展产业集群定向式培训员工花名册", OK),
        ("壶关县2024年第1期职业技能培训班花名册", OK),
    ],
)
def test_the_trade_of_the_title(title: str, expected: set[tuple[str, str]]) -> None:
    assert outcome(SLUG, with_roster(title=title)) == expected


def test_a_trade_that_title_and_rows_name_is_told_once() -> None:
    both = with_trades(*("叉车司机",) * 4)
    assert both.roster is not None
    titled = replace(both, roster=replace(both.roster, title="2024年第7期叉车司机培训班花名册"))
    (finding,) = run(SLUG, titled).findings
    assert finding.values == {"file": "花名册.xlsx", "named": "叉车司机", "found": CLASS}


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ((may(20), may(21)), None),
        ((may(18), may(21)), None),  # from a Saturday on
        ((may(20), may(22)), "fewer-days"),
        ((may(20), may(29)), "fewer-days"),
        ((may(21), may(22)), "fewer-days"),
        ((may(22), may(31)), "period-differs"),
        ((dt.date(2023, 5, 20), dt.date(2023, 5, 21)), "period-differs"),
    ],
)
def test_the_span_that_the_roster_names(span: tuple[dt.date, dt.date], code: str | None) -> None:
    assert outcome(SLUG, with_roster(training_span=span)) == ({(code, "review")} if code else OK)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ((20, 21), None),
        ((20,), None),
        ((20, 21, 22), "fewer-days"),
        ((20, 21, 25), "fewer-days"),
        ((22, 23), "period-differs"),
        ((), None),
    ],
)
def test_the_days_that_the_roster_names(days: tuple[int, ...], code: str | None) -> None:
    named = tuple(map(may, days))
    assert outcome(SLUG, with_roster(training_dates=named)) == ({(code, "review")} if code else OK)


def test_the_values_of_missing_days() -> None:
    (finding,) = run(SLUG, with_roster(training_span=(may(20), may(29)))).findings
    assert finding.values == {
        "file": "花名册.xlsx",
        "first_date": "2024-05-20",
        "last_date": "2024-05-29",
        "named_days": 8,
        "found_days": 2,
    }


def test_a_folder_without_a_date_may_be_any_day_and_a_guessed_year_is_no_other() -> None:
    named = {"training_dates": (may(20), may(22))}
    assert outcome(SLUG, change_day(with_roster(**named), DAY2, date=None)) == OK
    guessed = change_day(with_roster(**named), DAY2, date=dt.date(2023, 5, 22), year_from=None)
    assert outcome(SLUG, guessed) == OK


def test_where_there_is_a_plan_it_tells_which_days_are_missing() -> None:
    planned = replace(with_roster(training_span=(may(20), may(29))), dossier=dossier())
    assert outcome(SLUG, planned) == OK
