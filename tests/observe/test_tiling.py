"""Pictures made of several: every way to repeat one, two side by side, and rooms that only look like it."""

import cv2
import numpy as np
import pytest

from tests.observe.composed import lesson, looks, resized, stored
from tests.observe.stage import MEDIA, empty_room, textured
from vidaudit.model.still import Box
from vidaudit.observe.tiling import parts

LESSON = lesson()
WIDTH, HEIGHT = 960, 540
ROOM = lesson((WIDTH, HEIGHT))
WHOLE = Box(x_px=0, y_px=0, width_px=WIDTH, height_px=HEIGHT)


def half(picture):
    return resized(picture, WIDTH // 2, HEIGHT)


def quarter(picture):
    return resized(picture, WIDTH // 2, HEIGHT // 2)


def dimmed(picture):
    return np.clip(picture * 0.8 + 15, 0, 255).astype(np.uint8)


def with_clock(picture):
    marked = picture.copy()
    cv2.putText(marked, "2024-05-20 10:00:00", (10, 34), cv2.FONT_HERSHEY_SIMPLEX, 1, (255,) * 3, 3)
    return marked


def with_gaps(picture):
    """Two by two with black lines between."""
    part = resized(picture, WIDTH // 2 - 8, HEIGHT // 2 - 8)
    return np.tile(cv2.copyMakeBorder(part, 4, 4, 4, 4, cv2.BORDER_CONSTANT), (2, 2, 1)).astype(np.uint8)


def turned_over(picture):
    part = quarter(picture)
    return np.vstack([np.hstack([part, part[:, ::-1]]), np.hstack([part[::-1], part[::-1, ::-1]])])


MADE = {
    "side by side": (lambda one: np.tile(half(one), (1, 2, 1)), (2, 1)),
    "mirrored": (lambda one: np.hstack([half(one), half(one)[:, ::-1]]), (2, 1)),
    "one dimmed": (lambda one: np.hstack([half(one), dimmed(half(one))]), (2, 1)),
    "one with a clock": (lambda one: np.hstack([with_clock(half(one)), half(one)]), (2, 1)),
    "one above the other": (lambda one: np.tile(resized(one, WIDTH, HEIGHT // 2), (2, 1, 1)), (1, 2)),
    "two by two": (lambda one: np.tile(quarter(one), (2, 2, 1)), (2, 2)),
    "two by two, gaps": (with_gaps, (2, 2)),
    "two by two, turned over": (turned_over, (2, 2)),
    "three": (lambda one: np.tile(resized(one, WIDTH // 3, HEIGHT), (1, 3, 1)), (3, 1)),
}


@pytest.mark.parametrize("how", MADE)
def test_a_picture_made_of_copies_is_told(how, tmp_path):
    make, expected = MADE[how]
    assert parts(stored((make(one) for one in LESSON), tmp_path / "film.mp4"), WHOLE) == expected


def test_copies_in_noise_are_told(tmp_path):
    rng = np.random.default_rng(3)
    pictures = (
        np.clip(np.tile(quarter(one), (2, 2, 1)) + rng.normal(0, 8, (HEIGHT, WIDTH, 1)), 0, 255).astype(np.uint8)
        for one in LESSON
    )
    assert parts(stored(pictures, tmp_path / "film.mp4", crf=32), WHOLE) == (2, 2)


def test_two_films_side_by_side_are_told(tmp_path):
    walls = (textured(480, 540, seed) for seed in range(6))
    pictures = [np.hstack([half(one), wall]) for one, wall in zip(LESSON, walls, strict=True)]
    assert parts(stored(pictures, tmp_path / "film.mp4"), WHOLE) == (2, 1)


@pytest.mark.parametrize(
    "make", [lambda one: one, lambda one: resized(one, 480, 540), lambda one: np.ascontiguousarray(one[:, ::-1])]
)
def test_a_class_in_a_room_is_whole(make):
    pictures = [make(one) for one in ROOM]
    height, width = pictures[0].shape[:2]
    assert parts(looks(pictures), Box(x_px=0, y_px=0, width_px=width, height_px=height)) == (1, 1)


@pytest.mark.parametrize("picture", [empty_room(WIDTH, HEIGHT), np.full((HEIGHT, WIDTH, 3), 128, np.uint8)])
def test_plain_surfaces_are_not_copies(picture):
    assert parts(looks([picture] * 4), WHOLE) == (1, 1)


def test_a_door_frame_in_the_middle_is_no_joint():
    pictures = [picture.copy() for picture in ROOM]
    for picture in pictures:
        picture[: HEIGHT * 2 // 3, WIDTH // 2 : WIDTH // 2 + 90] = (40, 60, 90)
    assert parts(looks(pictures), WHOLE) == (1, 1)


def test_borders_are_no_copies_of_each_other():
    """Black on both sides is alike; what lies between isn't."""
    pictures = [np.zeros((HEIGHT, WIDTH, 3), np.uint8) for _ in LESSON]
    for picture, one in zip(pictures, LESSON, strict=True):
        picture[30:510, 160:800] = one
    assert parts(looks(pictures), Box(x_px=160, y_px=30, width_px=640, height_px=480)) == (1, 1)


@pytest.mark.media
@pytest.mark.parametrize("name", ["group.jpg", "azure/faces.jpg", "azure/detection3.jpg", "dlib/faces/bald_guys.jpg"])
def test_photographs_of_people_are_whole(name):
    picture = cv2.imread(str(MEDIA / "pictures" / name))
    if picture is None:
        pytest.skip("test media are missing")
    height, width = picture.shape[:2]
    assert parts(looks([picture]), Box(x_px=0, y_px=0, width_px=width, height_px=height)) == (1, 1)
