import datetime as dt
from dataclasses import replace

import pytest

from tests.judge.builders import DAY1, DAY2, LECTURE, change_day, change_file, green, outcome, run, with_parameters
from vidaudit.errors import ProfileError
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import UNOPENED, ClipKind, StrayFile, StrayReason
from vidaudit.model.verdict import Where

MAY20, MAY21 = dt.date(2024, 5, 20), dt.date(2024, 5, 21)


def with_strays(*strays: StrayFile) -> ClassEvidence:
    evidence = green()
    return replace(evidence, folder=replace(evidence.folder, strays=strays))


def stray(reason: StrayReason, path: str = "x") -> StrayFile:
    return StrayFile(path=path, reason=reason)


def empty_class() -> ClassEvidence:
    evidence = green()
    folder = replace(evidence.folder, days=(), clips=(), papers=())
    return replace(evidence, folder=folder, clips=(), people=None)


def test_class_folder():
    assert outcome("class-folder", green()) == {("ok", "pass")}
    assert outcome("class-folder", empty_class()) == {("no-day-folder", "fail")}


@pytest.mark.parametrize("reason", [StrayReason.EMPTY_FOLDER, StrayReason.NESTED_FOLDER])
def test_a_folder_beside_the_days_is_not_one_inside_of_a_day(reason):
    evidence = with_strays(stray(reason, "资料"))
    assert outcome("class-folder", evidence) == {("other-folder", "review")}
    assert outcome("stray-file", evidence) == {("ok", "pass")}
    below = with_strays(stray(StrayReason.NESTED_FOLDER, "资料"), stray(reason, "资料/x"))
    assert [finding.values["path"] for finding in run("class-folder", below).findings] == ["资料"]
    assert outcome("stray-file", below) == {("ok", "pass")}


def test_class_folder_leaves_other_strays_to_their_own_rule():
    assert outcome("class-folder", with_strays(stray(StrayReason.UNKNOWN_FILE))) == {("ok", "pass")}
    inside = stray(StrayReason.EMPTY_FOLDER, f"{DAY1}/x")
    assert outcome("class-folder", with_strays(inside)) == {("ok", "pass")}
    assert outcome("stray-file", with_strays(inside)) == {("empty-folder", "review")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("ok", "pass")),
        ({"year_from": None}, ("year-unknown", "pass")),
        ({"date": None, "year_from": None}, ("year-unknown", "pass")),
        ({"date": None, "readings": (MAY20, MAY21)}, ("ambiguous", "review")),
        ({"readings": (MAY20, MAY21)}, ("ambiguous", "review")),
        ({"date": None, "readings": (), "day_number": 3}, ("day-number", "review")),
        ({"readings": (), "day_number": 3}, ("ok", "pass")),
        ({"date": None, "readings": ()}, ("no-date", "fail")),
    ],
)
def test_day_folder(changes, expected):
    assert outcome("day-folder", change_day(green(), DAY1, **changes)) == {expected}


@pytest.mark.parametrize(
    ("scanned_on", "expected"),
    [
        (None, {("ok", "pass")}),
        (MAY21, {("ok", "pass")}),
        (MAY20, {("in-future", "review")}),
    ],
)
def test_a_day_after_the_scan_is_for_a_person(scanned_on, expected):
    assert outcome("day-folder", replace(green(), scanned_on=scanned_on)) == expected


def test_another_year_in_the_class_or_the_roster_is_for_a_person():
    evidence = change_day(green(), DAY1, other_years=(2023,))
    finding = next(f for f in run("day-folder", evidence).findings if f.code == "year-differs")
    assert (finding.status, finding.values["date"], finding.values["years"]) == ("review", "2024-05-20", (2023,))


@pytest.mark.parametrize("weekday", range(7))
def test_the_weekday_in_the_name_must_be_that_of_the_date(weekday):
    expected = ("ok", "pass") if weekday == MAY20.weekday() else ("weekday-differs", "review")
    assert outcome("day-folder", change_day(green(), DAY1, weekday=weekday)) == {expected}


def test_both_weekdays_are_told():
    finding = next(
        f for f in run("day-folder", change_day(green(), DAY1, weekday=2)).findings if f.code == "weekday-differs"
    )
    assert (finding.values["name_weekday"], finding.values["date_weekday"]) == ("wed", "mon")


@pytest.mark.parametrize(
    ("days", "year_from", "expected"),
    [
        (90, "folder", ("ok", "pass")),
        (91, "folder", ("far-from-others", "review")),
        (-91, "folder", ("far-from-others", "review")),
        (366, "folder", ("far-from-others", "review")),
        (366, None, ("year-unknown", "pass")),
        (365 + 91, None, ("far-from-others", "review")),
        (365 - 90, None, ("year-unknown", "pass")),
    ],
)
def test_a_day_far_from_all_others_is_for_a_person(days, year_from, expected):
    date = MAY20 + dt.timedelta(days)
    evidence = change_day(green(), DAY2, date=date, readings=(date,), year_from=year_from)
    finding = next(f for f in run("day-folder", evidence).findings if f.where.day == DAY2)
    assert (finding.code, finding.status) == expected


def test_a_day_alone_is_far_from_nothing():
    evidence = green()
    one = replace(evidence.folder, days=evidence.folder.days[:1])
    assert outcome("day-folder", replace(evidence, folder=one)) == {("ok", "pass")}


@pytest.mark.parametrize(
    ("numbers", "year_from", "expected"),
    [
        ((1, 2), "folder", {("ok", "pass")}),
        ((2, 1), "folder", {("out-of-order", "review")}),
        ((2, None), "folder", {("ok", "pass")}),
        ((2, 1), None, {("year-unknown", "pass")}),
    ],
)
def test_numbered_days_must_be_in_order(numbers, year_from, expected):
    evidence = green()
    for day, number in zip((DAY1, DAY2), numbers, strict=True):
        evidence = change_day(evidence, day, day_number=number, year_from=year_from)
    found = run("day-folder", evidence).findings
    assert outcome("day-folder", evidence) == expected
    assert [f.where.day for f in found if f.code == "out-of-order"] in ([], [DAY1])


def test_two_folders_of_one_date_are_both_named():
    evidence = change_day(change_day(green(), DAY1, same_date_as=(DAY2,)), DAY2, date=MAY20, same_date_as=(DAY1,))
    findings = run("day-folder", evidence).findings
    assert {(f.code, f.where.day, f.values["others"]) for f in findings} == {
        ("same-date", DAY1, (DAY2,)),
        ("same-date", DAY2, (DAY1,)),
    }


def test_day_folder_without_any_day():
    assert outcome("day-folder", empty_class()) == {("nothing-to-check", "not-evaluated")}


FAILING = {StrayReason.VIDEO_OUTSIDE_DAY, StrayReason.LINK_OUTSIDE}


@pytest.mark.parametrize("reason", [reason for reason in StrayReason if reason not in UNOPENED])
def test_stray_file(reason):
    expected = "fail" if reason in FAILING else "review"
    assert outcome("stray-file", with_strays(stray(reason, f"{DAY1}/x"))) == {(reason.value, expected)}


def test_an_empty_clip_fails_where_any_other_empty_file_is_for_a_person():
    evidence = with_strays(stray(StrayReason.EMPTY_FILE, LECTURE))
    for changes in ({"kind": ClipKind.OTHER}, {"day": None}):
        assert outcome("stray-file", change_file(evidence, LECTURE, **changes)) == {("empty-file", "fail")}
    assert outcome("stray-file", with_strays(stray(StrayReason.EMPTY_FILE, "a.txt"))) == {("empty-file", "review")}


def test_an_empty_clip_of_a_day_is_left_to_the_rule_that_counts_it():
    assert outcome("stray-file", with_strays(stray(StrayReason.EMPTY_FILE, LECTURE))) == {("ok", "pass")}


def test_stray_file_tells_where():
    evidence = with_strays(stray(StrayReason.EMPTY_FILE, LECTURE), stray(StrayReason.UNKNOWN_FILE, "a.exe"))
    evidence = change_file(evidence, LECTURE, kind=ClipKind.OTHER)
    wheres = {finding.values["path"]: finding.where for finding in run("stray-file", evidence).findings}
    assert wheres == {LECTURE: Where(day=DAY1, clip=LECTURE), "a.exe": Where()}


def test_nothing_astray_in_an_empty_class_is_no_pass():
    assert outcome("stray-file", green()) == {("ok", "pass")}
    assert outcome("stray-file", empty_class()) == {("empty-class", "not-evaluated")}


def test_the_profile_says_which_reasons_fail():
    rules = with_parameters("stray-file", failing=("hidden-file",))
    evidence = with_strays(stray(StrayReason.HIDDEN_FILE), stray(StrayReason.EMPTY_FILE, "y"))
    assert outcome("stray-file", evidence, rules) == {("hidden-file", "fail"), ("empty-file", "review")}
    with pytest.raises(ProfileError, match="no such reason 'hiden'"):
        with_parameters("stray-file", failing=("hiden",))


def test_a_day_that_only_its_clips_tell_is_for_a_person_with_the_right_name():
    evidence = change_day(green(), DAY1, dated_by_clips=True)
    finding = next(f for f in run("day-folder", evidence).findings if f.code == "by-clips")
    assert (finding.status, finding.values) == (
        "review",
        {"folder": DAY1, "month": 5, "day": 20, "suggested": "5月20日"},
    )


def test_what_speaks_against_such_a_day_is_told_as_well():
    evidence = replace(change_day(green(), DAY1, dated_by_clips=True), scanned_on=dt.date(2024, 5, 19))
    assert {"by-clips", "in-future"} <= {f.code for f in run("day-folder", evidence).findings}


def test_day_folders_that_lie_deeper_are_days_and_the_folder_round_them_is_shown():
    strays = (stray(StrayReason.NESTED_FOLDER, "第1周"), stray(StrayReason.EMPTY_FOLDER, "第1周/5月20日/x"))
    evidence = change_day(with_strays(*strays), DAY1, path="第1周/5月20日")
    (finding,) = run("class-folder", evidence).findings
    assert (finding.code, finding.status, finding.values) == (
        "days-deeper",
        "review",
        {"path": "第1周", "days": ("第1周/5月20日",)},
    )
    (inside,) = run("stray-file", evidence).findings
    assert (inside.code, inside.where.day) == ("empty-folder", "第1周/5月20日")
