import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.judge.builders import (
    DAY1,
    DAY2,
    LECTURE,
    PROFILE,
    change_clip,
    change_day,
    change_file,
    change_probe,
    clock,
    green,
    outcome,
    packets,
    run,
    with_parameters,
    without_clip,
)
from tests.judge.dossiers import DATES, dossier, filed, session
from vidaudit.judge.catalogue import bind
from vidaudit.judge.engine import judge
from vidaudit.judge.rules.plan import bounds
from vidaudit.judge.rules.recorded import Recorded
from vidaudit.model.dossier import DossierFault, DossierProblem
from vidaudit.model.settings import Extent
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import NotApplicable

DAYS, PLANNED, RECORDED = "day-coverage", "planned-hours", "recorded-hours"
MAY_20, MAY_21 = DATES
MAY_22 = dt.date(2024, 5, 22)


@pytest.mark.parametrize("slug", [DAYS, PLANNED, RECORDED])
def test_without_a_dossier_they_are_left_out_in_words(slug):
    left = {one.slug: one.reason for one in judge(green(), bind(PROFILE)).not_applied}
    assert left[slug] is NotApplicable.NOT_CALLED_FOR


@pytest.mark.parametrize("slug", [DAYS, PLANNED])
def test_a_profile_may_require_a_dossier(slug):
    required = with_parameters(slug, dossier_required=True)
    assert outcome(slug, green(), required) == {("no-dossier", "not-evaluated")}
    assert outcome(slug, filed(), required) == {("ok", "pass")}


@pytest.mark.parametrize("slug", [DAYS, PLANNED])
def test_a_dossier_without_days_is_no_plan(slug):
    assert outcome(slug, filed(session(None))) == {("no-plan", "not-evaluated")}


# --- day-coverage ---


def test_every_planned_day_is_there():
    assert outcome(DAYS, filed()) == {("ok", "pass")}


def test_a_planned_day_that_nothing_in_the_class_could_be():
    result = run(DAYS, filed(*map(session, (*DATES, MAY_22))))
    assert [(one.code, one.status.value, one.values) for one in result.findings] == [
        ("missing-day", "fail", {"date": "2024-05-22", "class_hours": 8.0})
    ]


def test_a_day_that_is_not_planned_is_for_a_person():
    result = run(DAYS, filed(session(MAY_20)))
    assert [(one.code, one.status.value, one.where.day) for one in result.findings] == [("extra-day", "review", DAY2)]


def test_a_moved_day_is_no_missing_one():
    moved = filed(session(MAY_20), session(MAY_22))
    assert outcome(DAYS, moved) == {("perhaps-missing", "review"), ("extra-day", "review")}


def test_a_folder_without_a_date_may_be_the_missing_day():
    evidence = change_day(filed(), DAY2, date=None)
    (finding,) = run(DAYS, evidence).findings
    assert (finding.code, finding.values["others"]) == ("perhaps-missing", (DAY2,))


def test_a_year_that_was_guessed_does_not_tell_days_apart():
    guessed = change_day(filed(), DAY2, date=dt.date(2023, 5, 21), year_from=None)
    assert outcome(DAYS, guessed) == {("ok", "pass")}
    told = change_day(filed(), DAY2, date=dt.date(2023, 5, 21), year_from="class")
    assert outcome(DAYS, told) == {("perhaps-missing", "review"), ("extra-day", "review")}


def test_a_row_that_could_not_be_dated_may_be_the_extra_day():
    assert outcome(DAYS, filed(session(MAY_20), session(None))) == {("perhaps-extra", "review")}


@pytest.mark.parametrize(("scanned", "code"), [(MAY_21, "not-yet"), (MAY_22, "missing-day")])
def test_a_day_to_come_is_not_missing(scanned, code):
    evidence = replace(filed(*map(session, (*DATES, MAY_22))), scanned_on=scanned)
    assert {one for one, _ in outcome(DAYS, evidence)} == {code}


def test_rival_plans_prove_nothing():
    fault = DossierFault(problem=DossierProblem.SEVERAL_DOSSIERS)
    evidence = filed(*map(session, (*DATES, MAY_22)), faults=(fault,))
    assert outcome(DAYS, evidence) == {("perhaps-missing", "review")}


@pytest.mark.parametrize("other", [{"class_name": "2024年第7期电工培训班"}, {"institution": "另一所学校"}])
def test_the_plan_of_another_class_proves_nothing(other):
    evidence = filed(*map(session, (*DATES, MAY_22)), **other)
    assert outcome(DAYS, evidence) == {("perhaps-missing", "review")}
    recording = full(7, 12600)
    recording = replace(recording, dossier=replace(recording.dossier, **other))
    assert outcome(RECORDED, recording) == {("perhaps-too-little", "review")}


# --- planned-hours ---


@pytest.mark.parametrize(("hours", "code"), [(8, "ok"), (8.5, "day-too-long"), (7.5, "ok"), (None, "no-hours")])
def test_hours_of_a_day(hours, code):
    assert {one for one, _ in outcome(PLANNED, filed(session(MAY_20, hours), session(MAY_21)))} == {code}


def test_sessions_of_a_day_count_together():
    assert outcome(PLANNED, filed(session(MAY_20, 4), session(MAY_20, 4))) == {("ok", "pass")}
    assert outcome(PLANNED, filed(session(MAY_20, 4), session(MAY_20, 5))) == {("day-too-long", "review")}
    assert outcome(PLANNED, filed(session(MAY_20, 4), session(MAY_20, None))) == {("ok", "pass")}


def with_extent(**bounds_):
    kind = replace(PROFILE.kinds["project"], extent=Extent(clause=PROFILE.kinds["project"].clause, **bounds_))
    return bind(replace(PROFILE, kinds={**PROFILE.kinds, "project": kind}))


@pytest.mark.parametrize(
    ("extent", "code"),
    [
        ({"min_days": 2}, "ok"),
        ({"min_days": 3}, "too-short"),
        ({"min_days": 3, "min_class_hours": 16}, "ok"),
        ({"min_days": 3, "min_class_hours": 17}, "too-short"),
        ({"min_class_hours": 16}, "ok"),
        ({"max_days": 2}, "ok"),
        ({"max_days": 1}, "too-many-days"),
        ({"min_months": 1}, "too-few-months"),
    ],
)
def test_the_extent_of_the_kind_of_training(extent, code):
    assert {one for one, _ in outcome(PLANNED, filed(), with_extent(**extent))} == {code}


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (dt.date(2024, 1, 31), dt.date(2024, 4, 28), "too-few-months"),
        (dt.date(2024, 1, 31), dt.date(2024, 4, 29), "ok"),
        (dt.date(2023, 12, 1), dt.date(2024, 2, 29), "ok"),
        (dt.date(2023, 12, 1), dt.date(2024, 2, 28), "too-few-months"),
    ],
)
def test_months_are_counted_by_the_calendar(first, last, code):
    rules = with_extent(min_months=3)
    assert {one for one, _ in outcome(PLANNED, filed(session(first), session(last)), rules)} == {code}


# --- recorded-hours ---

PARAMETERS = next(one.parameters for one in bind(PROFILE).rules if one.rule.slug == RECORDED)


def recorded(*lengths: float) -> Recorded:
    return Recorded(certain_s=lengths, possible_s=lengths, is_placed=True, num_unread=0)


@pytest.mark.parametrize(
    ("length_s", "expected"),
    [
        (597, (0, 0)),
        (598, (1, 1)),
        (600, (1, 1)),
        (1195, (1, 1)),
        (1196, (1, 2)),  # the end of one hour and the beginning of the next
        (2700, (1, 2)),
        (600 + 3300, (2, 3)),  # an hour, the break, and ten minutes of the next
        (4 * 2700 + 3 * 600, (4, 6)),
        (8 * 2700, (7, 9)),
    ],
)
def test_how_many_hours_a_stretch_shows(length_s, expected):
    assert bounds(recorded(length_s), PARAMETERS) == expected


def test_eight_clips_of_ten_minutes_show_eight_hours():
    assert bounds(recorded(*[600] * 8), PARAMETERS) == (8, 8)


def full(hours: float, length_s: int, *, placed: bool = True, kind: ClipKind = ClipKind.LECTURE):
    """The first day's lecture lasts so long, by a clock that runs or without one; the face clips are short."""
    evidence = replace(filed(session(MAY_20, hours)), dossier=dossier(session(MAY_20, hours), is_full_footage=True))
    evidence = change_probe(evidence, LECTURE, packets=packets(Fraction(length_s)))
    seen = clock(dt.datetime(2024, 5, 20, 8), length_s) if placed else None
    return change_file(change_clip(evidence, LECTURE, clock=seen), LECTURE, kind=kind)


@pytest.mark.parametrize(
    ("hours", "length_s", "expected"),
    [
        (4, 12600, ("ok", "pass")),
        (3.5, 12600, ("ok", "pass")),
        (5, 12600, ("perhaps-too-little", "review")),
        (6, 12600, ("perhaps-too-little", "review")),
        (7, 12600, ("too-little", "fail")),
        (1, 600, ("ok", "pass")),
        (1, 597, ("too-little", "fail")),
        (1, 598, ("ok", "pass")),
    ],
)
def test_recording_against_the_hours_of_the_day(hours, length_s, expected):
    assert outcome(RECORDED, full(hours, length_s)) == {expected}


def test_without_a_clock_enough_footage_is_for_a_person():
    assert outcome(RECORDED, full(4, 12600, placed=False)) == {("not-placed", "review")}
    assert outcome(RECORDED, full(7, 12600, placed=False)) == {("too-little", "fail")}


def test_a_clip_that_could_not_be_read_keeps_from_a_fail():
    evidence = full(7, 12600)
    other = next(clip.path for clip in evidence.folder.clips if clip.day == DAY1 and clip.kind is ClipKind.FACE)
    assert outcome(RECORDED, change_probe(evidence, other, packets=None)) == {("unread", "not-evaluated")}


def test_a_clip_called_a_face_clip_may_be_teaching_but_proves_none():
    assert outcome(RECORDED, full(4, 12600, kind=ClipKind.FACE)) == {("perhaps-too-little", "review")}


def test_a_recording_with_a_pause_is_not_continuous():
    evidence = full(4, 12600)
    torn = replace(packets(Fraction(12600)), longest_gap_s=Fraction(21, 10))
    assert outcome(RECORDED, change_probe(evidence, LECTURE, packets=torn)) == {("perhaps-too-little", "review")}


def test_only_full_footage_is_held_against_the_hours():
    assert RECORDED in {one.slug for one in judge(filed(), bind(PROFILE)).not_applied}


def test_a_plan_of_other_days_or_without_hours():
    other = replace(green(), dossier=dossier(session(MAY_22), is_full_footage=True))
    assert outcome(RECORDED, other) == {("no-days", "not-evaluated")}
    bare = replace(green(), dossier=dossier(session(MAY_20, None), is_full_footage=True))
    assert outcome(RECORDED, bare) == {("no-hours", "not-evaluated")}


def test_a_day_without_any_lecture():
    assert outcome(RECORDED, without_clip(full(2, 600), LECTURE)) == {("too-little", "fail")}
