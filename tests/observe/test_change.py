"""What counts as a change between two looks, and what light, noise and a trembling camera do."""

import cv2
import numpy as np
import pytest

from tests.observe.stage import textured
from vidaudit.observe.change import blocks, changed, largest_change, overlay_rows, room, thumbnail

ROOM = cv2.cvtColor(textured(320, 240, seed=3), cv2.COLOR_BGR2GRAY)


def with_head(x: int, y: int = 120) -> np.ndarray:
    picture = ROOM.copy()
    cv2.circle(picture, (x, y), 10, 20, -1, cv2.LINE_AA)
    return picture


def share(before, after) -> float:
    return float(changed(before, after).mean())


def test_the_same_picture_has_not_changed():
    assert share(ROOM, ROOM) == 0


def test_a_head_that_moves_changes_where_it_was_and_is():
    moved = changed(with_head(100), with_head(106))
    rows, columns = np.nonzero(moved)
    assert 20 < moved.sum() < 400
    assert 88 <= columns.min() <= columns.max() <= 118
    assert 108 <= rows.min() <= rows.max() <= 132


@pytest.mark.parametrize("light", [0.6, 0.9, 1.1])
def test_light_changes_nothing(light):
    assert share(ROOM, cv2.convertScaleAbs(ROOM, alpha=light, beta=4)) < 0.01


def test_noise_changes_nothing():
    rng = np.random.default_rng(1)
    noisy = [np.clip(ROOM + rng.normal(0, 1.2, ROOM.shape), 0, 255).astype(np.uint8) for _ in range(2)]
    assert share(*noisy) < 0.02


@pytest.mark.parametrize("shift", [(0.3, 0.0), (1.0, -0.6), (-2.5, 3.0)])
def test_a_trembling_camera_changes_nothing(shift):
    motion = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
    moved = cv2.warpAffine(ROOM, motion, (320, 240), borderMode=cv2.BORDER_REPLICATE)
    assert changed(ROOM, moved)[10:-10, 10:-10].mean() < 0.01


def test_a_dark_door_changes_only_its_own_place():
    opened = ROOM.copy()
    opened[60:200, 270:] = 20
    assert changed(ROOM, opened)[:, :255].mean() < 0.002
    assert changed(ROOM, opened)[70:190, 280:].mean() > 0.1


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (5, 7)])
def test_odd_shapes_break_nothing(size):
    flat = np.full(size, 80, np.uint8)
    assert changed(flat, flat).shape == size
    assert not changed(flat, flat).any()


def test_the_recorders_strips_are_left_out():
    assert (overlay_rows(240), overlay_rows(9)) == (24, 0)
    assert np.array_equal(room(ROOM), ROOM[24:216])


@pytest.mark.parametrize(("width", "shown"), [(160, 160), (320, 320), (640, 320)])
def test_a_thumbnail_is_never_larger_than_the_picture(width, shown):
    small = thumbnail(textured(320, 240), width)
    assert small.shape == (shown * 3 // 4, shown)
    assert small.dtype == np.uint8


def test_the_largest_change_is_apart_from_the_light():
    assert largest_change(blocks(ROOM), blocks(ROOM)) == 0
    assert largest_change(blocks(ROOM), blocks(with_head(100))) > 20


@pytest.mark.parametrize(
    ("size", "expected"),
    [((768, 1280), (38, 64)), ((720, 1366), (34, 65)), ((64, 64), (64, 64)), ((3, 40), (3, 40)), ((1, 4000), (1, 64))],
)
def test_blocks_are_square_and_whole(size, expected):
    assert blocks(np.zeros(size, np.uint8)).shape == expected
    grey = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    side = max(1, size[1] // 64)
    assert abs(int(blocks(grey)[0, 0]) - grey[:side, :side].mean()) <= 0.5
