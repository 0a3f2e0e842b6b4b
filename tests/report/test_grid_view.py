import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.report import samples
from vidaudit.model.dossier import Dossier, Session
from vidaudit.model.submission import DayFolder
from vidaudit.model.verdict import DayVerdict, RuleResult, Status
from vidaudit.report.findings_view import sections
from vidaudit.report.grid_view import GridRow, face_slots, grid

DAY = DayVerdict(
    date=dt.date(2024, 5, 20),
    folder="d",
    status=Status.FAIL,
    face_clips=("d/1.mp4",),
    lectures=("d/l.mp4",),
    persons=None,
    headcount=0,
)


def row(day: DayVerdict, *rules: RuleResult, roster_size: int | None = 20) -> GridRow:
    sample = samples.clean()
    verdict = replace(
        sample.verdict,
        days=(day,),
        rules=rules,
        roster_size=roster_size,
        clips=(samples.clip_verdict("d/1.mp4", Status.PASS), samples.clip_verdict("d/l.mp4", Status.FAIL)),
    )
    changed = replace(sample, verdict=verdict)
    return grid(changed, sections(changed), {"d/1.mp4": "c1"})[0]


@pytest.mark.parametrize(
    ("numbered", "slots"),
    [
        ([], ((), ())),
        ([("b", 2), ("a", 1)], (("a",), ("b",))),
        ([("b", 2)], ((), ("b",))),
        ([("x", None), ("b", 2)], (("x",), ("b",))),
        ([("x", None), ("a", 1)], (("a",), ("x",))),
        ([("a", 1), ("b", 2), ("c", 3)], (("a",), ("b", "c"))),
        ([("a", 1), ("c", 1)], (("a", "c"), ())),
    ],
)
def test_face_clips_stand_where_their_number_says(
    numbered: list[tuple[str, int | None]], slots: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert face_slots(numbered) == slots


def test_a_clip_shows_its_own_status_and_length() -> None:
    [mark] = row(DAY).cells[2]
    assert (mark.status, mark.figure, mark.anchor) == (Status.FAIL, "9:59.9", None)


def test_a_clip_without_a_finding_leads_to_its_facts() -> None:
    assert row(DAY).cells[0][0].anchor == "c1"


def test_a_missing_clip_has_the_status_of_the_rule_that_asks_for_it() -> None:
    missing = samples.finding("missing-face-clip", Status.FAIL, values={"found": 1, "wanted": 2}, day="d")
    rule = samples.rule("CMP001", "face-clips-per-day", (missing,), Status.FAIL)
    [mark] = row(DAY, rule).cells[1]
    assert (mark.status, mark.figure, mark.anchor) == (Status.FAIL, "没有文件", "f1")


def test_a_missing_clip_is_no_fail_where_no_rule_asks_for_it() -> None:
    assert row(DAY).cells[1][0].status is None


@pytest.mark.parametrize(
    ("persons", "roster_size", "figure"), [(None, 20, ""), (0, 20, "0 / 20"), (18, 20, "18 / 20"), (18, None, "18")]
)
def test_what_was_not_counted_shows_no_figure(persons: int | None, roster_size: int | None, figure: str) -> None:
    assert row(replace(DAY, persons=persons), roster_size=roster_size).cells[3][0].figure == figure


def test_the_headcount_has_the_gravest_status_of_the_days_lectures() -> None:
    findings = (
        samples.finding("ok", Status.PASS, clip="d/l.mp4", day="d"),
        samples.finding("fewer", Status.REVIEW, clip="d/l.mp4", day="d"),
        samples.finding("too-few", Status.FAIL, clip="e/l.mp4", day="e"),
    )
    rule = samples.rule("CNT001", "headcount-vs-roster", findings, Status.FAIL)
    [mark] = row(DAY, rule).cells[4]
    assert (mark.status, mark.figure) == (Status.REVIEW, "0 / 20")


def test_a_day_without_a_date_is_called_by_its_folder() -> None:
    undated = row(replace(DAY, date=None))
    assert (undated.label, undated.folder) == ("d", "")
    assert (row(DAY).label, row(DAY).folder) == ("2024年5月20日", "d")


def planned(*dates: dt.date, found: RuleResult | None = None) -> tuple[GridRow, ...]:
    """The grid of a class with one day, and with a dossier that plans these."""
    sample = samples.clean()
    sessions = tuple(Session(place="B2", date=date, class_hours=Fraction(8)) for date in dates)
    folder = replace(sample.evidence.folder, days=(DayFolder(path="d", date=DAY.date, year_from="class"),))
    evidence = replace(sample.evidence, folder=folder, dossier=Dossier(file="开班申报.xlsx", sessions=sessions))
    verdict = replace(sample.verdict, days=(DAY,), rules=() if found is None else (found,))
    changed = replace(sample, verdict=verdict, evidence=evidence)
    return grid(changed, sections(changed), {})


def test_a_planned_day_without_a_folder_stands_where_it_would_be() -> None:
    before, after = dt.date(2024, 5, 19), dt.date(2024, 5, 21)
    rows = planned(before, dt.date(2024, 5, 20), after)
    assert [row.label for row in rows] == ["2024年5月19日", "2024年5月20日", "2024年5月21日"]
    assert rows[0].folder == "计划 8 学时"
    assert [mark.figure for mark in rows[0].cells[0]] == ["没有文件夹"]
    assert (rows[0].status, rows[1].status) == (Status.NOT_EVALUATED, Status.FAIL)


def test_it_has_the_outcome_of_the_rule_and_leads_there() -> None:
    missing = samples.finding("missing-day", Status.FAIL, values={"date": "2024-05-21", "class_hours": 8.0})
    rule = samples.rule("CMP003", "day-coverage", (missing,), Status.FAIL)
    row = planned(dt.date(2024, 5, 21), found=rule)[-1]
    assert row.status is Status.FAIL
    assert row.anchor is not None


def test_a_folder_whose_year_was_guessed_may_be_the_planned_day() -> None:
    sample = samples.clean()
    guessed = (DayFolder(path="d", date=dt.date(2023, 5, 20)),)
    sessions = (Session(place="B2", date=dt.date(2024, 5, 20)),)
    evidence = replace(
        sample.evidence,
        folder=replace(sample.evidence.folder, days=guessed),
        dossier=Dossier(file="x", sessions=sessions),
    )
    changed = replace(sample, evidence=evidence, verdict=replace(sample.verdict, days=(DAY,)))
    assert len(grid(changed, sections(changed), {})) == 1
