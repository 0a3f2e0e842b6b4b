from dataclasses import replace

import pytest

from tests.judge.builders import LECTURE, change_clip, green, heads, outcome, picture, roster, run, with_parameters
from vidaudit.errors import ProfileError

SLUG = "headcount-vs-roster"


def counted(headcount, size, **changes):
    evidence = replace(green(100), roster=roster(size))
    return change_clip(evidence, LECTURE, heads=heads(headcount, **changes))


@pytest.mark.parametrize(
    ("headcount", "size", "expected"),
    [
        (16, 16, ("near", "review")),
        (17, 16, ("ok", "pass")),
        (15, 16, ("fewer", "review")),
        (4, 16, ("fewer", "review")),
        (3, 32, ("fewer", "review")),
        (3, 33, ("too-few", "fail")),
        (8, 62, ("fewer", "review")),
        (2, 100, ("fewer", "review")),
        (0, 100, ("fewer", "review")),
    ],
)
def test_headcount_vs_roster(headcount, size, expected):
    assert outcome(SLUG, counted(headcount, size)) == {expected}


@pytest.mark.parametrize(
    ("headcount", "size", "expected"),
    [
        (17, 16, ("tiled", "review")),
        (16, 16, ("near", "review")),
        (15, 16, ("fewer", "review")),
        (3, 33, ("too-few", "fail")),
    ],
)
def test_people_in_a_picture_made_of_several_make_no_pass(headcount, size, expected):
    evidence = change_clip(counted(headcount, size), LECTURE, picture=picture(parts=(2, 1)))
    assert outcome(SLUG, evidence) == {expected}


@pytest.mark.parametrize(
    ("headcount", "usually", "expected"),
    [
        (17, None, ("ok", "pass")),
        (17, 17, ("ok", "pass")),
        (17, 16, ("ok", "pass")),
        (17, 15, ("left", "review")),
        (30, 15, ("left", "review")),
        (17, 0, ("left", "review")),
        (16, 0, ("near", "review")),
        (15, 0, ("fewer", "review")),
    ],
)
def test_who_left_did_not_take_part(headcount, usually, expected):
    assert outcome(SLUG, counted(headcount, 16, num_usually=usually)) == {expected}


@pytest.mark.parametrize(
    ("headcount", "at_once", "twice", "expected"),
    [
        (17, 9, 0, ("ok", "pass")),
        (18, 9, 1, ("ok", "pass")),
        (17, 9, 1, ("twice", "review")),
        (17, 16, 1, ("twice", "review")),
        (17, 17, 1, ("ok", "pass")),
        (16, 9, 3, ("near", "review")),
    ],
)
def test_who_was_perhaps_counted_twice_makes_no_pass(headcount, at_once, twice, expected):
    evidence = counted(headcount, 16, max_at_once=at_once, num_perhaps_twice=twice)
    assert outcome(SLUG, evidence) == {expected}


def test_the_doubt_is_told_in_numbers():
    left = next(f for f in run(SLUG, counted(17, 16, num_usually=5)).findings if f.code == "left")
    assert (left.values["headcount"], left.values["usually"], left.snapshot) == (17, 5, "best.jpg")
    evidence = counted(17, 16, max_at_once=9, num_perhaps_twice=3, seat_map="seats.jpg")
    twice = next(f for f in run(SLUG, evidence).findings if f.code == "twice")
    assert (twice.values["surely"], twice.snapshot) == (14, "seats.jpg")


def test_doubtful_circumstances_never_fail():
    assert outcome(SLUG, counted(3, 33, num_frames=10)) == {("too-few", "fail")}
    assert outcome(SLUG, counted(3, 33, num_frames=9)) == {("fewer", "review")}
    faulty = replace(counted(3, 33), roster=roster(33, faults=("several-rosters",)))
    assert outcome(SLUG, faulty) == {("fewer", "review")}


def test_the_best_frame_is_shown_with_the_margin():
    finding = next(f for f in run(SLUG, counted(4, 16)).findings if f.code == "fewer")
    assert (finding.where.at_s, finding.snapshot) == (120.0, "best.jpg")
    counted_only = {"staff": "none", "living": None, "high": None}
    assert finding.values == {"headcount": 4, "max_at_once": 4, "roster": 16, "missing": 12, **counted_only}


def test_places_that_live_never_make_a_pass():
    assert outcome(SLUG, counted(15, 16, num_living=30)) == {("fewer", "review")}
    finding = next(f for f in run(SLUG, counted(15, 16, num_living=30)).findings if f.code == "fewer")
    assert (finding.values["headcount"], finding.values["living"], finding.values["high"]) == (15, 30, 45)


@pytest.mark.parametrize(
    ("living", "size", "expected"),
    [
        (0, 33, ("too-few", "fail")),
        (1, 33, ("fewer", "review")),
        (1, 40, ("fewer", "review")),
        (1, 41, ("too-few", "fail")),
    ],
)
def test_places_that_live_keep_from_a_fail(living, size, expected):
    assert outcome(SLUG, counted(3, size, num_living=living)) == {expected}


@pytest.mark.parametrize(("num_staff", "said"), [(0, "none"), (1, "one"), (2, "several")])
def test_the_teacher_is_told_but_decides_nothing(num_staff, said):
    assert outcome(SLUG, counted(17, 16, num_staff_likely=num_staff)) == {("ok", "pass")}
    assert outcome(SLUG, counted(16, 16, num_staff_likely=num_staff)) == {("near", "review")}
    finding = next(f for f in run(SLUG, counted(16, 16, num_staff_likely=num_staff)).findings if f.code == "near")
    assert finding.values["staff"] == said


def test_heads_and_a_roster_are_needed():
    assert outcome(SLUG, change_clip(green(), LECTURE, heads=None)) == {("missing-heads", "not-evaluated")}
    assert outcome(SLUG, replace(green(), roster=None)) == {("missing-roster", "not-evaluated")}
    assert outcome(SLUG, replace(green(), roster=roster(0))) == {("missing-roster", "not-evaluated")}


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ProfileError, match="visible_share_min must be above 0"):
        with_parameters(SLUG, visible_share_min=0.0)
