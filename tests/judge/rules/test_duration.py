from fractions import Fraction

import pytest

from tests.judge.builders import FACE1, LECTURE, change_header, change_probe, green, outcome, packets, run
from vidaudit.model.media import ProbeProblem


def lasting(path, duration_s, problems=(), **changes):
    """The class with one clip of this measured length, which its header claims too."""
    measured = packets(Fraction(duration_s), **changes)
    evidence = change_probe(green(), path, packets=measured, problems=problems)
    return change_header(evidence, path, duration_s=Fraction(duration_s))


@pytest.mark.parametrize(
    ("duration_s", "expected"),
    [
        ("600", ("ok", "pass")),
        ("601", ("ok", "pass")),
        ("598", ("ok", "pass")),
        ("597.999", ("too-short", "fail")),
        ("590", ("too-short", "fail")),
        ("0", ("too-short", "fail")),
        ("659.999", ("ok", "pass")),
        ("660", ("longer-than-asked", "pass")),
        ("7200", ("longer-than-asked", "pass")),
    ],
)
def test_lecture_length(duration_s, expected):
    assert outcome("lecture-length", lasting(LECTURE, duration_s)) == {expected}


@pytest.mark.parametrize(
    ("covered_s", "expected"),
    [
        (598, ("ok", "pass")),
        (Fraction("597.9"), ("gaps", "review")),
        (300, ("gaps", "review")),
        (Fraction("299.9"), ("mostly-gaps", "fail")),
        (2, ("mostly-gaps", "fail")),
    ],
)
def test_pauses_between_pictures_are_not_length(covered_s, expected):
    assert outcome("lecture-length", lasting(LECTURE, 600, covered_s=Fraction(covered_s))) == {expected}


def test_a_long_lecture_may_have_a_gap_here():
    assert outcome("lecture-length", lasting(LECTURE, 650, covered_s=Fraction(600))) == {("ok", "pass")}


@pytest.mark.parametrize("problem", [ProbeProblem.READ_ERROR, ProbeProblem.NO_TIMESTAMPS])
def test_a_length_that_may_be_wrong_is_no_proof(problem):
    assert outcome("lecture-length", lasting(LECTURE, 300, (problem,))) == {("maybe-too-short", "review")}
    gaps = lasting(LECTURE, 600, (problem,), covered_s=Fraction(10))
    assert outcome("lecture-length", gaps) == {("gaps", "review")}
    assert outcome("face-clip-length", lasting(FACE1, 1, (problem,))) == {("short", "review")}


def test_a_cut_off_file_is_as_long_as_what_is_left():
    assert outcome("lecture-length", lasting(LECTURE, 300, (ProbeProblem.CUT_OFF,))) == {("too-short", "fail")}


@pytest.mark.parametrize(
    ("claimed_s", "expected"),
    [
        (None, ("ok", "pass")),
        ("602", ("ok", "pass")),
        ("598", ("ok", "pass")),
        ("602.001", ("header-disagrees", "review")),
        ("597.999", ("header-disagrees", "review")),
    ],
)
def test_the_headers_claim(claimed_s, expected):
    claimed = None if claimed_s is None else Fraction(claimed_s)
    assert outcome("lecture-length", change_header(green(), LECTURE, duration_s=claimed)) == {expected}


def test_the_headers_claim_never_saves_nor_adds_to_a_short_lecture():
    evidence = change_header(lasting(LECTURE, 590), LECTURE, duration_s=Fraction(600))
    assert outcome("lecture-length", evidence) == {("too-short", "fail")}


@pytest.mark.parametrize(
    ("covered_s", "expected"),
    [
        ("10", ("ok", "pass")),
        ("9.999", ("short", "review")),
        ("2", ("short", "review")),
        ("1.999", ("too-short", "fail")),
    ],
)
def test_face_clip_length(covered_s, expected):
    assert outcome("face-clip-length", lasting(FACE1, covered_s)) == {expected}
    with_pauses = lasting(FACE1, 60, covered_s=Fraction(covered_s))
    assert outcome("face-clip-length", with_pauses) == {expected}


def test_each_rule_looks_at_its_own_kind_of_clip():
    assert {f.where.clip for f in run("lecture-length", green()).findings} == {
        clip.path for clip in green().folder.clips if clip.kind == "lecture"
    }
    assert outcome("face-clip-length", lasting(LECTURE, 1)) == {("ok", "pass")}
