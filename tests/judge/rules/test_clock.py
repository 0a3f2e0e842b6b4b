import datetime as dt
from dataclasses import replace

import pytest

from tests.judge.builders import (
    DAY1,
    FACE1,
    FACE2,
    LECTURE,
    RULES_OF_PROFILE,
    change_clip,
    change_day,
    change_file,
    change_header,
    change_name,
    change_probe,
    clock,
    green,
    outcome,
    reading,
    run,
    with_parameters,
    without_clip,
)
from vidaudit.judge.engine import judge
from vidaudit.model.clock import ClockEvidence, ClockJump, ClockState
from vidaudit.model.media import Container
from vidaudit.model.still import Stretch
from vidaudit.model.verdict import Level, Status

DATE, RUNS, HALVES = "clock-date", "clock-runs", "morning-and-afternoon"
NINE = dt.datetime(2024, 5, 20, 9)


def shows(path, starts=NINE, duration_s=60, **changes):
    return change_clip(green(), path, clock=clock(starts, duration_s, **changes))


@pytest.mark.parametrize("slug", [DATE, RUNS])
def test_all_is_well(slug):
    assert outcome(slug, green()) == {("ok", "pass")}


@pytest.mark.parametrize("slug", [DATE, RUNS])
def test_no_clock_decides_nothing_and_an_unreadable_one_is_for_a_person(slug):
    absent = change_clip(green(), LECTURE, clock=ClockEvidence(state=ClockState.ABSENT))
    assert outcome(slug, absent) == {("no-clock", "not-evaluated")}
    unreadable = ClockEvidence(state=ClockState.UNREADABLE, snapshot="clock.jpg")
    assert outcome(slug, change_clip(green(), LECTURE, clock=unreadable)) == {("unreadable", "review")}
    assert outcome(slug, change_clip(green(), LECTURE, clock=None)) == {("missing-clock", "not-evaluated")}


@pytest.mark.parametrize("slug", [DATE, RUNS])
def test_a_class_without_any_clock_is_not_held_up_but_one_that_shows_some_is(slug):
    evidence = green()
    absent, unreadable = ClockEvidence(state=ClockState.ABSENT), ClockEvidence(state=ClockState.UNREADABLE)
    without = replace(evidence, clips=tuple(replace(clip, clock=absent) for clip in evidence.clips))
    assert run(slug, evidence).level is Level.REQUIRE
    assert run(slug, without).level is Level.ADVISE
    assert {finding.code for finding in run(slug, without).findings} == {"no-clock"}
    assert judge(without, RULES_OF_PROFILE).status is Status.PASS
    one = replace(without, clips=(replace(without.clips[0], clock=unreadable), *without.clips[1:]))
    assert run(slug, one).level is Level.REQUIRE
    assert judge(one, RULES_OF_PROFILE).status is not Status.PASS


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (dt.datetime(2024, 5, 20, 0, 0, 0), ("ok", "pass")),
        (dt.datetime(2024, 5, 19, 9), ("date-differs", "review")),
        (dt.datetime(2024, 5, 21, 9), ("date-differs", "review")),
        (dt.datetime(2023, 5, 20, 9), ("year-differs", "review")),
        (dt.datetime(2015, 1, 1), ("date-differs", "review")),
        (dt.datetime(2014, 12, 31), ("never-set", "review")),
        (dt.datetime(1970, 1, 1), ("never-set", "review")),
    ],
)
def test_the_date_in_the_picture(shown, expected):
    assert outcome(DATE, shows(LECTURE, shown)) == {expected}


def test_a_difference_is_shown_with_its_picture_and_reading():
    found = [f for f in run(DATE, shows(LECTURE, dt.datetime(2024, 6, 20, 9))).findings if f.code == "date-differs"]
    (finding,) = found
    assert finding.snapshot == "clock.jpg"
    assert (finding.where.clip, finding.where.at_s) == (LECTURE, 0.0)
    assert finding.values == {
        "clock_date": ("2024-06-20",),
        "text": "09:00:00",
        "folder_date": "2024-05-20",
    }


def test_a_take_through_midnight_is_of_both_days():
    assert outcome(DATE, shows(LECTURE, dt.datetime(2024, 5, 19, 23, 59, 30))) == {("ok", "pass")}
    assert outcome(DATE, shows(LECTURE, dt.datetime(2024, 5, 20, 23, 59, 30))) == {("ok", "pass")}


def test_a_year_that_nothing_tells_is_not_held_against_the_clock():
    last_year = shows(LECTURE, dt.datetime(2023, 5, 20, 9))
    assert outcome(DATE, change_day(last_year, DAY1, year_from=None)) == {("ok", "pass")}
    assert outcome(DATE, change_day(last_year, DAY1, year_from=None, weekday=0)) == {("year-differs", "review")}


def test_month_and_day_that_stay_open_are_never_guessed_into_a_fault():
    either = (dt.date(2024, 3, 4), dt.date(2024, 4, 3))
    readings = tuple(reading(NINE, at_s, dates=either, weekday=None) for at_s in (0.0, 30.0, 60.0))
    for folder in either:
        evidence = change_day(shows(LECTURE, readings=readings), DAY1, date=folder)
        for clip in (FACE1, FACE2):
            evidence = without_clip(evidence, clip)
        evidence = change_name(evidence, LECTURE, month=folder.month, day=folder.day)
        assert outcome(DATE, evidence) == {("ok", "pass")}
    assert outcome(DATE, shows(LECTURE, readings=readings)) == {("date-differs", "review")}


def test_the_name_speaks_where_the_folder_agrees_or_is_silent():
    assert outcome(DATE, change_name(green(), LECTURE, day=21)) == {("name-differs", "review")}
    silent = change_day(green(), DAY1, date=None)
    assert outcome(DATE, silent) == {("ok", "pass")}
    assert outcome(DATE, change_name(silent, LECTURE, day=21)) == {("name-differs", "review")}
    assert outcome(DATE, change_name(silent, LECTURE, month=None, day=None)) == {("no-date", "not-evaluated")}


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ((0, 0, 0), ("ok", "pass")),
        ((None, None, None), ("ok", "pass")),
        ((0, 0, 3), ("ok", "pass")),
        ((None, None, 3), ("ok", "pass")),
        ((0, 3, 3), ("weekday-differs", "review")),
        ((3, 3, 3), ("weekday-differs", "review")),
    ],
)
def test_the_weekday_beside_the_date(weekdays, expected):
    readings = tuple(
        reading(NINE + dt.timedelta(seconds=at_s), float(at_s), weekday=weekday)
        for at_s, weekday in zip((0, 30, 60), weekdays, strict=True)
    )
    assert outcome(DATE, shows(LECTURE, readings=readings)) == {expected}


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (dt.datetime(2024, 5, 20, 3, tzinfo=dt.UTC), ("created-agrees", "pass")),
        (dt.datetime(2024, 5, 18, tzinfo=dt.UTC), ("created-agrees", "pass")),
        (dt.datetime(2024, 5, 17, 23, tzinfo=dt.UTC), ("created-before", "review")),
        (dt.datetime(2024, 5, 22, tzinfo=dt.UTC), ("created-agrees", "pass")),
        (dt.datetime(2024, 7, 1, tzinfo=dt.UTC), ("ok", "pass")),
        (dt.datetime(2014, 12, 31, tzinfo=dt.UTC), ("ok", "pass")),
        (dt.datetime(2000, 1, 1, tzinfo=dt.UTC), ("ok", "pass")),
        (None, ("ok", "pass")),
    ],
)
def test_when_the_file_says_it_was_made(created, expected):
    assert outcome(DATE, change_header(green(), LECTURE, created=created)) == {expected}


def test_the_time_of_creation_is_a_witness_without_a_clock_too():
    absent = change_clip(green(), LECTURE, clock=ClockEvidence(state=ClockState.ABSENT))
    early = change_header(absent, LECTURE, created=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    assert outcome(DATE, early) == {("no-clock", "not-evaluated"), ("created-before", "review")}
    open_year = change_day(early, DAY1, year_from=None)
    assert outcome(DATE, open_year) == {("no-clock", "not-evaluated")}


def stands(path):
    readings = tuple(reading(NINE, at_s) for at_s in (0.0, 30.0, 60.0))
    return shows(path, readings=readings, rate=0.0, stopped=(Stretch(start_s=0, end_s=60),))


def test_a_clock_that_stands_tells_no_date_but_is_looked_at():
    assert outcome(DATE, stands(LECTURE)) == {("stands", "not-evaluated")}
    assert outcome(RUNS, stands(LECTURE)) == {("stopped", "review")}


@pytest.mark.parametrize(
    ("shift_s", "expected"),
    [
        (2.0, ("ok", "pass")),
        (-2.0, ("ok", "pass")),
        (2.1, ("jumps-ahead", "review")),
        (-2.1, ("jumps-back", "review")),
    ],
)
def test_jumps(shift_s, expected):
    jump = ClockJump(before_s=19.0, after_s=20.0, shift_s=shift_s, snapshot="jump.jpg")
    evidence = shows(LECTURE, jumps=(jump,))
    assert outcome(RUNS, evidence) == {expected}
    if expected[1] == "review":
        (finding,) = (one for one in run(RUNS, evidence).findings if one.code == expected[0])
        assert (finding.where.at_s, finding.snapshot, finding.values) == (19.0, "jump.jpg", {"shift_s": abs(shift_s)})


@pytest.mark.parametrize(
    ("rate", "duration_s", "expected"),
    [
        (1.0199, 600, ("ok", "pass")),
        (1.021, 600, ("other-speed", "review")),
        (0.9951, 600, ("ok", "pass")),
        (590 / 600, 600, ("other-speed", "review")),
        (0.994, 600, ("other-speed", "review")),
        (1.0499, 40, ("ok", "pass")),
        (1.06, 40, ("other-speed", "review")),
        (0.75, 8, ("ok", "pass")),
        (None, 600, ("too-short", "not-evaluated")),
    ],
)
def test_other_speeds(rate, duration_s, expected):
    assert outcome(RUNS, shows(LECTURE, NINE, duration_s, rate=rate)) == {expected}


def test_without_seconds_a_minute_more_is_nothing():
    assert outcome(RUNS, shows(LECTURE, NINE, 600, rate=1.1, has_seconds=False)) == {("ok", "pass")}
    assert outcome(RUNS, shows(LECTURE, NINE, 600, rate=1.11, has_seconds=False)) == {("other-speed", "review")}


@pytest.mark.parametrize(("starts_s", "is_shared"), [(58, False), (57, True), (-600, False), (-597, True), (0, True)])
def test_two_clips_of_the_same_time(starts_s, is_shared):
    evidence = shows(LECTURE, dt.datetime(2024, 5, 20, 10) + dt.timedelta(seconds=starts_s), 600)
    found = {(f.code, f.where.clip, f.values["others"]) for f in run(RUNS, evidence).findings if f.code == "same-time"}
    assert found == ({("same-time", LECTURE, (FACE1,)), ("same-time", FACE1, (LECTURE,))} if is_shared else set())


def test_clips_of_the_same_time_are_told_once_each():
    evidence = shows(LECTURE, dt.datetime(2024, 5, 20, 10, 0, 57), 600)
    evidence = change_clip(evidence, FACE2, clock=clock(dt.datetime(2024, 5, 20, 10, 5), 60))
    (found,) = [one for one in run(RUNS, evidence).findings if one.where.clip == LECTURE]
    assert found.values == {"others": (FACE1, FACE2), "shared_s": 60}


def test_morning_and_afternoon_by_the_clock():
    assert outcome(HALVES, green()) == {("by-clock", "pass")}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((9, 50), (15, 20), ("by-clock", "pass")),
        ((15, 20), (9, 50), ("by-clock", "pass")),
        ((11, 59), (13, 0), ("by-clock", "pass")),
        ((11, 30), (12, 30), ("by-clock", "pass")),
        ((11, 31), (12, 30), ("close", "review")),
        ((9, 50), (11, 59), ("one-half", "review")),
        ((12, 0), (15, 20), ("one-half", "review")),
    ],
)
def test_the_halves_of_a_day(first, second, expected):
    evidence = change_clip(green(), FACE1, clock=clock(NINE.replace(hour=first[0], minute=first[1])))
    evidence = change_clip(evidence, FACE2, clock=clock(NINE.replace(hour=second[0], minute=second[1])))
    found = {(f.code, f.status.value) for f in run(HALVES, evidence).findings if f.where.day == DAY1}
    assert found == {expected}


def without_clocks():
    evidence = green()
    return replace(evidence, clips=tuple(replace(clip, clock=None) for clip in evidence.clips))


def test_without_clocks_two_takes_are_enough_unless_a_profile_insists():
    assert outcome(HALVES, without_clocks()) == {("ok", "pass")}
    one = change_clip(green(), FACE2, clock=ClockEvidence(state=ClockState.UNREADABLE))
    assert outcome(HALVES, one) == {("ok", "pass"), ("by-clock", "pass")} - {("ok", "pass")}
    insisting = with_parameters(HALVES, need_clock=True)
    assert outcome(HALVES, without_clocks(), insisting) == {("clock-not-read", "not-evaluated")}
    assert outcome(HALVES, green(), insisting) == {("by-clock", "pass")}


def test_one_file_twice_is_one_take():
    evidence = change_probe(change_probe(green(), FACE1, sha256="same"), FACE2, sha256="same")
    result = run(HALVES, evidence)
    finding = next(f for f in result.findings if f.code == "same-file")
    assert (finding.status.value, finding.values["clips"], finding.where.day) == ("fail", (FACE1, FACE2), DAY1)


def test_a_copy_beside_two_takes_is_for_a_person():
    evidence = change_probe(change_probe(green(), FACE1, sha256="same"), FACE2, sha256="same")
    lecture = next(clip for clip in evidence.folder.clips if clip.kind == "lecture")
    evidence = change_file(evidence, lecture.path, kind=lecture.name.kind.FACE)
    assert ("copy-among", "review") in outcome(HALVES, evidence)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (without_clip(green(), FACE2), "one-take"),
        (change_file(green(), FACE2, bytes=0), "one-take"),
        (change_probe(green(), FACE2, container=Container.TEXT), "one-take"),
        (change_probe(change_probe(green(), FACE1, sha256=None), FACE2, sha256=None), "not-hashed"),
        (change_clip(green(), FACE2, probe=None), "not-hashed"),
    ],
)
def test_one_take_or_an_unread_one_decides_nothing(evidence, expected):
    assert (expected, "not-evaluated") in outcome(HALVES, evidence)


def test_a_reading_is_quoted_as_it_was_understood():
    shown = clock(NINE, 60)
    garbled = tuple(replace(one, text="2O24-O5-2O星期\u202e‖ 09:OO:0O<b>") for one in shown.readings)
    evidence = change_clip(green(), LECTURE, clock=replace(shown, readings=garbled))
    dated = next(f for f in run(DATE, evidence).findings if f.where.clip == LECTURE)
    runs = next(f for f in run(RUNS, evidence).findings if f.where.clip == LECTURE)
    assert (dated.values["text"], runs.values["first"], runs.values["last"]) == (
        "09:00:00",
        "2024-05-20 09:00:00",
        "2024-05-20 09:01:00",
    )


def test_what_a_clock_does_not_show_is_not_quoted():
    two = reading(NINE, dates=(dt.date(2024, 5, 6), dt.date(2024, 6, 5)))
    assert two.understood(has_seconds=False) == "2024-05-06 / 2024-06-05 09:00"
