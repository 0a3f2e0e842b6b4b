from dataclasses import replace

import pytest

from tests.judge.builders import (
    DAY1,
    FACE1,
    FACE2,
    change_clip,
    faces,
    green,
    outcome,
    picture,
    run,
    view,
    with_people,
    without_clip,
)
from vidaudit.model.evidence import ClipFailure, FailureKind

RECOGNISABLE, PERSONS = "faces-recognisable", "persons-vs-roster"


def seen(views):
    return change_clip(green(), FACE1, faces=faces(views))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"width_px": 40.0, "effective_width_px": 40.0}, ("ok", "pass")),
        ({"width_px": 39.9, "effective_width_px": 40.0}, ("too-few-recognisable", "review")),
        ({"width_px": 80.0, "effective_width_px": 39.9}, ("too-few-recognisable", "review")),
        ({"yaw_deg": 45.0}, ("ok", "pass")),
        ({"yaw_deg": -45.0}, ("ok", "pass")),
        ({"yaw_deg": 45.1}, ("too-few-recognisable", "review")),
        ({"yaw_deg": -45.1}, ("too-few-recognisable", "review")),
        ({"pitch_deg": -40.0}, ("ok", "pass")),
        ({"pitch_deg": 40.1}, ("too-few-recognisable", "review")),
        ({"effective_width_px": None}, ("too-few-recognisable", "review")),
        ({"yaw_deg": None}, ("too-few-recognisable", "review")),
        ({"pitch_deg": None}, ("too-few-recognisable", "review")),
        ({"effective_width_px": float("nan")}, ("too-few-recognisable", "review")),
        ({"width_px": 20.0, "effective_width_px": 20.0}, ("too-few-recognisable", "review")),
        ({"width_px": 19.9, "effective_width_px": None}, ("unrecognisable", "fail")),
        ({"width_px": 200.0, "effective_width_px": 19.9}, ("unrecognisable", "fail")),
    ],
)
def test_what_is_recognisable(changes, expected):
    assert outcome(RECOGNISABLE, seen([view(**changes)] * 4)) == {expected}


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        (10, 0, ("ok", "pass")),
        (9, 1, ("ok", "pass")),
        (8, 1, ("too-few-recognisable", "review")),
        (1, 9, ("too-few-recognisable", "review")),
        (0, 10, ("unrecognisable", "fail")),
    ],
)
def test_how_many_must_be_recognisable(good, bad, expected):
    assert outcome(RECOGNISABLE, seen([view()] * good + [view(10.0)] * bad)) == {expected}


def test_each_face_counts_for_its_first_shortcoming():
    unlike = [
        view(39.0, effective_width_px=10.0, yaw_deg=90.0),
        view(99.0, effective_width_px=25.0, yaw_deg=90.0),
        view(yaw_deg=90.0),
        view(pitch_deg=90.0),
        view(),
    ]
    values = next(f.values for f in run(RECOGNISABLE, seen(unlike)).findings if f.where.clip == FACE1)
    assert [values[key] for key in ("small", "blurred", "turned", "recognisable")] == [1, 1, 2, 1]


def test_one_face_that_is_not_clearly_below_keeps_it_open():
    views = [view(10.0)] * 9 + [view(30.0)]
    assert outcome(RECOGNISABLE, seen(views)) == {("too-few-recognisable", "review")}


def test_no_face_is_for_a_person():
    assert outcome(RECOGNISABLE, seen([])) == {("no-faces", "review")}


def test_the_weakest_face_is_shown():
    finding = next(f for f in run(RECOGNISABLE, seen([view(), view(10.0), view()])).findings if f.code != "ok")
    assert (finding.snapshot, finding.where.clip) == ("person-1.jpg", FACE1)
    assert finding.values["smallest_width_px"] == 10.0
    assert finding.values["recognisable"] == 2


@pytest.mark.parametrize(
    ("persons", "low", "high", "expected"),
    [
        (5, 5, 5, ("ok", "pass")),
        (5, 4, 5, ("near", "review")),
        (4, 4, 4, ("near", "review")),
        (9, 9, 9, ("ok", "pass")),
        (10, 10, 10, ("more-than-roster", "review")),
        (4, 3, 5, ("near", "review")),
        (3, 3, 3, ("fewer", "review")),
        (3, 4, 5, ("fewer", "review")),
    ],
)
def test_persons_vs_roster(persons, low, high, expected):
    assert outcome(PERSONS, with_people(green(), DAY1, persons, low, high)) == {expected}


def big_class(persons, high, *, size=18, **changes):
    """A class of 18 whose first day shows few persons, all of them clearly."""
    evidence = green(size)
    for path in (FACE1, FACE2):
        evidence = change_clip(evidence, path, faces=replace(faces([view()] * 9), **changes))
    return with_people(evidence, DAY1, persons, persons, high)


@pytest.mark.parametrize(
    ("high", "expected"),
    [(5, ("too-few", "fail")), (6, ("fewer", "review")), (7, ("fewer", "review"))],
)
def test_only_a_generous_bound_short_of_the_roster_fails(high, expected):
    assert outcome(PERSONS, big_class(5, high)) == {expected}


def test_doubtful_circumstances_never_fail():
    short = big_class(5, 5)
    assert outcome(PERSONS, short) == {("too-few", "fail")}
    assert short.roster is not None
    unsure = [
        replace(short, roster=replace(short.roster, faults=("several-rosters",))),
        change_clip(short, FACE2, faces=None),
        change_clip(short, FACE2, faces=faces([view(39.0)] * 9)),
        change_clip(short, FACE2, faces=faces([view(effective_width_px=None)] * 9)),
        change_clip(short, FACE2, failure=ClipFailure(kind=FailureKind.CRASHED, detail="")),
    ]
    for evidence in unsure:
        assert outcome(PERSONS, evidence) == {("fewer", "review")}
    nobody = change_clip(short, FACE2, faces=faces([]))
    assert outcome(PERSONS, nobody) == {("fewer", "review"), ("clip-shows-few", "review")}


@pytest.mark.parametrize(("high", "expected"), [(2, ("ok", "pass")), (1, ("clip-shows-few", "review"))])
def test_a_take_of_few_needs_a_look_even_when_the_other_shows_everyone(high, expected):
    evidence = change_clip(green(), FACE2, faces=replace(faces([view()]), high=high))
    assert outcome(PERSONS, evidence) == {expected}


def test_persons_need_face_clips_people_and_a_roster():
    assert outcome(PERSONS, replace(green(), people=None)) == {("missing-people", "not-evaluated")}
    assert outcome(PERSONS, replace(green(), roster=None)) == {("missing-roster", "not-evaluated")}
    no_clips = without_clip(without_clip(green(), FACE1), FACE2)
    assert outcome(PERSONS, no_clips) == {("missing-face-clips", "not-evaluated")}
    evidence = green()
    assert evidence.people is not None
    other_days = replace(evidence.people, days=evidence.people.days[1:])
    assert outcome(PERSONS, replace(evidence, people=other_days)) == {("missing-people", "not-evaluated")}


def tiled(evidence, clip=FACE1):
    return change_clip(evidence, clip, picture=picture(parts=(2, 2)))


def test_faces_in_a_picture_made_of_several_make_no_pass():
    assert outcome(RECOGNISABLE, tiled(green())) == {("tiled", "review")}
    assert outcome(RECOGNISABLE, tiled(seen([view(width_px=39.9)] * 4))) == {("too-few-recognisable", "review")}
    few = {"width_px": 19.9, "effective_width_px": None}
    assert outcome(RECOGNISABLE, tiled(seen([view(**few)] * 4))) == {("unrecognisable", "fail")}


@pytest.mark.parametrize("clip", [FACE1, FACE2])
def test_persons_of_a_picture_made_of_several_make_no_pass(clip):
    (finding,) = (f for f in run(PERSONS, tiled(green(), clip)).findings if f.where.day == DAY1)
    assert (finding.code, finding.status.value, finding.where.clip) == ("tiled", "review", clip)
    fewer = tiled(with_people(green(), DAY1, 3, 3, 3), clip)
    assert ("fewer", "review") in outcome(PERSONS, fewer)
