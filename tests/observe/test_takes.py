"""Cuts and what only looks like one, in pictures made for it: a room with people who move a little all the time."""

import cv2
import numpy as np
import pytest

from tests.observe.stage import empty_room
from vidaudit.observe.takes import TAKE_WIDTH_PX, Least, largest_jump

JOINT = 7
TWO_PLACES, ONE_PLACE = Least(places=2, excess_px=60), Least(places=1, excess_px=15)
HEADS = ((60, 60), (160, 90), (250, 70))


def room(at: float, *, light: float = 1.0, shift: float = 0.0, slide: int = 0, crosser: int | None = None):
    """The room at this time: three people who sway, each at a pace of his own."""
    picture = cv2.cvtColor(empty_room(320, 240), cv2.COLOR_BGR2GRAY)
    if slide:
        picture[30:70, 10:90] = 240
        for row in range(35, 68, 8):
            cv2.line(picture, (14, row), (14 + (slide * 37 + row * 13) % 70, row), 40, 2)
    for number, (x, y) in enumerate(HEADS):
        middle = (round(16 * (x + 1.6 * at * (1 + number / 2))), round(16 * (y + 40)))
        cv2.circle(picture, middle, 16 * 14, 60 + 40 * number, -1, cv2.LINE_AA, 4)
        cv2.circle(picture, (middle[0], middle[1] - 60), 16 * 4, 230, -1, cv2.LINE_AA, 4)
    if crosser is not None:
        picture[20:, max(crosser, 0) : max(crosser + 90, 0)] = 25
    moved = cv2.warpAffine(picture, np.array([[1, 0, shift], [0, 1, shift / 2]]), (320, 240), borderMode=1)
    noise = np.random.default_rng(round(at * 1000)).normal(0, 2, moved.shape)
    return np.clip(moved * light + noise, 0, 255).astype(np.uint8)


def jump(pictures, least=TWO_PLACES):
    found = largest_jump(pictures, {JOINT: least})
    return None if found is None else found[1]


def take(change=lambda number: {}, *, removed: float = 0.0):
    """Fourteen pictures; from the joint on so much time is gone, and `change` tells what else is."""
    return [room(number + (removed if number >= JOINT else 0), **change(number)) for number in range(14)]


@pytest.mark.parametrize(("removed", "seen"), [(0.0, False), (5.0, True), (12.0, True)])
def test_everybody_jumps_where_time_was_taken_out(removed, seen):
    assert (jump(take(removed=removed)) is not None) == seen


def test_the_jump_tells_how_many_places():
    found = jump(take(removed=12))
    assert found is not None
    assert found.num_places >= 2
    assert 0.01 < found.changed_share < 0.5


HONEST = {
    "light on": lambda number: {"light": 1.3 if number >= JOINT else 1.0},
    "light off": lambda number: {"light": 0.4 if number >= JOINT else 1.0},
    "exposure": lambda number: {"light": 1 - 0.06 * max(number - JOINT + 1, 0) if number < 10 else 0.8},
    "knocked": lambda number: {"shift": 6.0 if number >= JOINT else 0.0},
    "slide": lambda number: {"slide": 2 if number >= JOINT else 1},
    "crossing": lambda number: {"crosser": 80 * (number - JOINT) - 60},
}


@pytest.mark.parametrize("what", HONEST)
def test_honest_events_are_no_cut(what):
    assert jump(take(HONEST[what])) is None


def test_still_pictures_and_too_few_of_them():
    still = [room(0)] * 14
    assert jump(still, ONE_PLACE) is None
    assert still[0].shape[1] == TAKE_WIDTH_PX
    assert largest_jump(still[:1], {0: ONE_PLACE, 1: ONE_PLACE}) is None


def alone(number: int):
    """Only the second of the three moves, and from the joint on time is gone."""
    at = number + (12 if number >= JOINT else 0)
    picture = room(0)
    picture[:, 120:220] = room(at)[:, 120:220]
    return picture


@pytest.mark.parametrize(("least", "seen"), [(ONE_PLACE, True), (TWO_PLACES, False)])
def test_one_who_moves_alone_counts_where_something_else_speaks_for_a_cut(least, seen):
    assert (jump([alone(number) for number in range(14)], least) is not None) == seen


def test_how_much_must_jump():
    pictures = take(removed=12)
    found = jump(pictures)
    assert found is not None
    assert jump(pictures, Least(places=2, excess_px=found.excess_px)) == found
    assert jump(pictures, Least(places=2, excess_px=found.excess_px + 0.1)) is None
    assert jump(pictures, Least(places=2, excess_px=0, share=found.changed_share)) == found
    assert jump(pictures, Least(places=2, excess_px=0, share=found.changed_share + 0.001)) is None


def film(number: int):
    """A film on the screen in the corner, which cuts to another scene at the joint, with much that moves in both."""
    picture = room(number)
    scene = np.random.default_rng(1 if number < JOINT else 2).integers(40, 220, (3, 4)).astype(np.uint8)
    shown = cv2.resize(np.roll(scene, 1, axis=1), (80, 56), interpolation=cv2.INTER_NEAREST)
    picture[50:106, 10:90] = np.roll(shown, number, axis=1)
    return picture


def test_a_film_that_cuts_on_a_screen_is_one_place():
    pictures = [film(number) for number in range(14)]
    assert jump(pictures, TWO_PLACES) is None
    found = jump(pictures, ONE_PLACE)
    assert found is not None
    assert found.num_places == 1


def test_pictures_are_left_as_they_are():
    """The steps of a long stretch are compared one after the other: looking at one must not change the next."""
    pictures = take(removed=12)
    alone_found = largest_jump(pictures, {JOINT: TWO_PLACES})
    assert largest_jump(pictures, dict.fromkeys(range(JOINT, 10), TWO_PLACES)) == alone_found


def pan(number: int, *, other_room: bool):
    """A camera that goes over a wall of detail, and from the joint on over that of another room."""
    seed = 2 if other_room and number >= JOINT else 1
    wall = np.random.default_rng(seed).integers(40, 220, (30, 60)).astype(np.uint8)
    return cv2.resize(wall, (480, 240), interpolation=cv2.INTER_CUBIC)[:, 3 * number : 3 * number + 320].copy()


@pytest.mark.parametrize("other_room", [False, True])
def test_a_pan_that_goes_on_in_another_room(other_room):
    found = jump([pan(number, other_room=other_room) for number in range(14)], ONE_PLACE)
    assert (found is not None) == other_room


def test_the_clock_of_the_recorder_does_not_count():
    pictures = [room(number) for number in range(14)]
    for number, picture in enumerate(pictures):
        picture[5:35, 20:200] = 0 if number < JOINT else 255
    assert jump(pictures, ONE_PLACE) is None
