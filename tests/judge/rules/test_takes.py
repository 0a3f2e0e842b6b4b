from fractions import Fraction

import pytest

from tests.judge.builders import LECTURE, change_clip, change_probe, green, outcome, packets, run
from vidaudit.model.take import Cut, TakeEvidence, Trace
from vidaudit.model.verdict import Where


def take(**changes) -> TakeEvidence:
    return TakeEvidence(**{"cuts": (), "num_suspects": 300, "num_looked": 12, **changes})


CUT = Cut(before_s=61.0, at_s=61.1, trace=Trace.RHYTHM, num_places=3, changed_share=0.04, snapshot="cut.jpg")


def with_take(evidence):
    return change_clip(green(), LECTURE, take=evidence)


def test_no_cut_was_found():
    found = run("spliced", with_take(take())).findings
    assert [one.values for one in found if one.where.clip == LECTURE] == [{"num_looked": 12, "num_suspects": 300}]


def test_a_cut_is_for_a_person():
    class_ = with_take(take(cuts=(CUT,)))
    assert ("cut", "review") in outcome("spliced", class_)
    (cut,) = (one for one in run("spliced", class_).findings if one.code == "cut")
    assert (cut.where.at_s, cut.snapshot, cut.values["trace"]) == (61.1, "cut.jpg", "rhythm")


def test_a_clip_that_was_not_looked_at_does_not_pass():
    assert ("not-looked", "not-evaluated") in outcome("spliced", with_take(None))


@pytest.mark.parametrize(("num_open", "found"), [(0, ("ok", "pass")), (1, ("not-looked-at", "not-evaluated"))])
def test_a_strong_trace_that_was_not_looked_at_does_not_pass(num_open, found):
    assert found in outcome("spliced", with_take(take(num_open=num_open)))


def test_a_cut_says_more_than_a_place_that_was_not_looked_at():
    class_ = with_take(take(cuts=(CUT,), num_open=3))
    assert ("cut", "review") in outcome("spliced", class_)
    assert ("not-looked-at", "not-evaluated") not in outcome("spliced", class_)


@pytest.mark.parametrize(
    ("gap_s", "found"), [("1.99", ("ok", "pass")), ("2", ("ok", "pass")), ("2.01", ("gap", "review"))]
)
def test_a_gap(gap_s, found):
    facts = packets(longest_gap_s=Fraction(gap_s), longest_gap_at_s=Fraction(30))
    class_ = change_probe(green(), LECTURE, packets=facts)
    assert found in outcome("lecture-continuous", class_)
    where = [one.where for one in run("lecture-continuous", class_).findings if one.code == "gap"]
    assert where in ([], [Where(day="5月20日", clip=LECTURE, at_s=30.0)])


@pytest.mark.parametrize(("pieces", "found"), [(None, "ok"), (1, "ok"), (2, "edited")])
def test_pieces_joined_by_the_file_itself(pieces, found):
    class_ = with_take(take(num_edits=pieces, edits_at_s=(40.0,) * ((pieces or 1) - 1)))
    assert found in {one.code for one in run("lecture-continuous", class_).findings if one.where.clip == LECTURE}
