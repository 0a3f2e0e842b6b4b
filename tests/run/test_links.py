"""What follows from links: a copy of a copy is one, where the stretches meet; nothing else is."""

from types import SimpleNamespace

import pytest

from vidaudit.model.fingerprint import Candidate, ReuseFound, ReuseHow
from vidaudit.model.still import Stretch
from vidaudit.run.links import Groups, Links
from vidaudit.run.look import Look


def found(first, second, start_s, end_s, lag_s, *, mirrored=False, how=ReuseHow.SAME_PICTURES):
    return ReuseFound(
        first=first,
        second=second,
        first_stretch=Stretch(start_s=start_s, end_s=end_s),
        second_stretch=Stretch(start_s=start_s + lag_s, end_s=end_s + lag_s),
        how=how,
        score=0.9,
        mirrored=mirrored,
    )


def look(first, second, start_s, end_s, lag_s):
    candidate = Candidate(
        first=Stretch(start_s=start_s, end_s=end_s),
        second=Stretch(start_s=start_s + lag_s, end_s=end_s + lag_s),
        score=12.0,
    )
    return Look(
        first=SimpleNamespace(name=first), second=SimpleNamespace(name=second), candidate=candidate, at_s=start_s
    )


def test_two_copies_of_one_clip_are_copies_of_each_other():
    links = Links([found("b", "a", 0, 100, 10, mirrored=True), found("c", "a", 0, 100, 30)])
    assert links.imply(look("c", "b", 0, 60, 20.5))
    implied = links.found[-1]
    assert (implied.first_stretch, implied.second_stretch) == (
        Stretch(start_s=0, end_s=80),
        Stretch(start_s=20, end_s=100),
    )
    assert (implied.mirrored, implied.how) == (True, ReuseHow.SAME_PICTURES)
    assert links.know(look("c", "b", 5, 10, 20))


@pytest.mark.parametrize("wanted", [look("c", "b", 0, 60, 26), look("c", "b", 300, 360, 20), look("c", "d", 0, 60, 20)])
def test_another_lag_place_or_clip_must_be_looked_at(wanted):
    links = Links([found("b", "a", 0, 100, 10), found("c", "a", 0, 100, 30)])
    assert not links.imply(wanted)
    assert len(links.found) == 2


def test_stretches_that_hardly_meet_imply_nothing():
    links = Links([found("b", "a", 0, 50, 0), found("c", "a", 46, 100, 0)])
    assert not links.imply(look("c", "b", 46, 50, 0))


def test_the_same_stream_stays_the_same_stream_and_loops_link_nothing():
    links = Links([found(one, "a", 0, 100, 0, how=ReuseHow.SAME_STREAM) for one in ("b", "c")])
    assert links.imply(look("c", "b", 0, 100, 0))
    assert links.found[-1].how is ReuseHow.SAME_STREAM
    assert not Links([found("a", "a", 0, 50, 5)]).imply(look("a", "b", 0, 50, 5))


def test_of_clips_that_may_all_be_copies_only_as_many_looks_as_link_them_are_needed():
    groups = Groups()
    groups.join("a", "b", is_for_all=True)
    groups.join("c", "b", is_for_all=True)
    assert groups.are_joined("a", "c")
    assert groups.are_joined("c", "a")
    assert not groups.are_joined("a", "d")
    assert not groups.are_joined("a", "a")


def test_of_a_look_that_will_hardly_agree_only_the_same_two_clips_wait():
    groups = Groups()
    groups.join("a", "b", is_for_all=False)
    groups.join("b", "c", is_for_all=False)
    groups.join("d", "d", is_for_all=False)
    assert groups.are_joined("a", "b")
    assert groups.are_joined("d", "d")
    assert not groups.are_joined("a", "c")
