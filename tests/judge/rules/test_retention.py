import datetime as dt
from dataclasses import replace

import pytest

from tests.judge.builders import (
    DAY1,
    DAY2,
    FACE1,
    FACE2,
    LECTURE,
    bound,
    change_clip,
    change_day,
    clock,
    green,
    outcome,
    run,
)
from vidaudit.judge.rules.retention import DatedBy, kept_until, recorded
from vidaudit.model.still import Stretch
from vidaudit.model.verdict import Level, Status

RET = "retention"


def undated(evidence, *days, clocks: bool = True):
    """The class with folders whose year nothing tells, and perhaps with no clock in any picture."""
    for day in days:
        evidence = change_day(evidence, day, year_from=None)
    if not clocks:
        for clip in evidence.clips:
            evidence = change_clip(evidence, clip.path, clock=None)
    return evidence


def test_it_says_until_when_by_the_days_and_by_the_clause():
    result = run(RET, green())
    (finding,) = result.findings
    assert (finding.code, finding.status) == ("keep", Status.PASS)
    assert (finding.values["first_date"], finding.values["last_date"]) == ("2024-05-20", "2024-05-21")
    assert (finding.values["until_date"], finding.values["dated_by"]) == ("2026-05-21", "folders")
    assert (result.level, result.clause.section) == (Level.ADVISE, "三(二)")
    assert bound(RET).parameters.years == 2


def test_where_the_year_is_not_certain_the_clock_tells():
    evidence = undated(green(), DAY1, DAY2)
    assert recorded(evidence).dated_by is DatedBy.CLOCK
    assert outcome(RET, evidence) == {("keep", "pass")}
    assert recorded(undated(green(), DAY2)).dated_by is DatedBy.BOTH


def test_a_clock_may_show_a_later_day_than_the_other_folders():
    later = clock(dt.datetime(2024, 6, 3, 9), 600)
    evidence = undated(green(), DAY1)
    for path in (FACE1, FACE2, LECTURE):
        evidence = change_clip(evidence, path, clock=later)
    assert recorded(evidence).last_date == dt.date(2024, 6, 3)


def test_a_clock_that_stands_tells_no_date():
    evidence = undated(green(), DAY1, DAY2)
    moment = dt.datetime(2020, 1, 1)
    stopped = replace(
        clock(moment),
        readings=tuple(replace(one, time=moment.time()) for one in clock(moment).readings),
        stopped=(Stretch(start_s=0.0, end_s=60.0),),
    )
    for clip in evidence.clips:
        evidence = change_clip(evidence, clip.path, clock=stopped)
    assert outcome(RET, evidence) == {("date-unknown", "review")}


def test_with_a_day_that_nothing_dates_the_end_stays_open():
    evidence = undated(green(), DAY2, clocks=False)
    (finding,) = run(RET, evidence).findings
    assert (finding.code, finding.status, finding.values["undated"]) == ("days-undated", Status.REVIEW, 1)
    assert finding.values["until_date"] == "2026-05-20"


def test_without_any_date_a_person_must_look():
    assert outcome(RET, undated(green(), DAY1, DAY2, clocks=False)) == {("date-unknown", "review")}


def test_without_footage_there_is_nothing_to_keep():
    evidence = replace(green(), folder=replace(green().folder, clips=()), clips=())
    assert outcome(RET, evidence) == {("nothing-to-check", "not-evaluated")}


def test_old_footage_is_no_fault():
    evidence = green()
    for day in (DAY1, DAY2):
        evidence = change_day(evidence, day, date=dt.date(1999, 1, 1))
    assert outcome(RET, evidence) == {("keep", "pass")}


@pytest.mark.parametrize(
    ("last", "years", "until"),
    [
        ("2024-05-21", 2, "2026-05-21"),
        ("2024-02-29", 2, "2026-03-01"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2023-12-31", 0, "2023-12-31"),
    ],
)
def test_years_are_counted_by_the_calendar(last: str, years: int, until: str):
    assert kept_until(dt.date.fromisoformat(last), years).isoformat() == until
