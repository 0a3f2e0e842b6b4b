import numpy as np
import pytest

from vidaudit.observe.turns import by_turns, num_doubtful

FRAMES = 60


def seats(shares, seed=1):
    """Places that each show a face in this share of the frames, independently."""
    rng = np.random.default_rng(seed)
    return rng.random((len(shares), FRAMES)) < np.array(shares)[:, None]


def walker(stops):
    """One person who is at each stop for an equal part of the time."""
    presence = np.zeros((stops, FRAMES), dtype=bool)
    presence[np.arange(FRAMES) % stops, np.arange(FRAMES)] = True
    return presence


def test_nobody():
    assert by_turns(np.zeros((0, FRAMES), dtype=bool)) == []


def test_people_who_are_always_seen_are_people_of_their_own():
    assert by_turns(np.ones((8, FRAMES), dtype=bool)) == [(place,) for place in range(8)]


@pytest.mark.parametrize("stops", [2, 3, 5])
def test_a_walking_teacher_is_one_person(stops):
    presence = np.vstack([np.ones((8, FRAMES), dtype=bool), walker(stops)])
    groups = by_turns(presence)
    assert len(groups) == 9
    assert tuple(range(8, 8 + stops)) in groups


def test_two_teachers_are_two():
    rng = np.random.default_rng(5)
    second = walker(4)[:, rng.permutation(FRAMES)]
    groups = by_turns(np.vstack([np.ones((3, FRAMES), dtype=bool), walker(5), second]))
    assert len(groups) == 5


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("share", [0.2, 0.4, 0.8])
def test_people_who_look_up_now_and_then_stay_apart(share, seed):
    presence = seats([share] * 40, seed)
    assert len(by_turns(presence)) >= 39


def test_few_sights_prove_nothing():
    presence = np.zeros((2, FRAMES), dtype=bool)
    presence[0, :3] = presence[1, 10:13] = True
    assert by_turns(presence) == [(0,), (1,)]


def test_every_place_is_in_one_group():
    presence = np.vstack([seats([0.3] * 12), walker(4)])
    assert sorted(place for group in by_turns(presence) for place in group) == list(range(16))


def test_somebody_walking_about_for_a_short_time_is_a_doubt():
    """Five minutes of a lesson: four stops, too few frames to be sure that they are one person's."""
    stops = np.zeros((4, 30), dtype=bool)
    for place, frames in enumerate((range(12), range(12, 18), range(18, 24), range(24, 28))):
        stops[place, frames] = True
    presence = np.vstack([np.ones((8, 30), dtype=bool), stops])
    assert (len(by_turns(presence)), num_doubtful(presence)) == (12, 3)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.1, 0.2, 0.4, 0.8])
def test_people_who_look_up_now_and_then_are_no_doubt(share, seed):
    assert num_doubtful(seats([share] * 20, seed)) == 0


@pytest.mark.parametrize("stops", [2, 3, 5])
def test_who_certainly_walks_is_no_doubt(stops):
    assert num_doubtful(np.vstack([np.ones((8, FRAMES), dtype=bool), walker(stops)])) == 0
