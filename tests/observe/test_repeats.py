"""Repeated pixels: found and undone; what was enlarged otherwise or not at all is left alone."""

import cv2
import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from tests.observe.stage import empty_room, textured
from tests.observe.test_detail import blemished, face
from vidaudit.observe.repeats import repeats, without_repeats

FACES = [face(who, 40, 40) for who in PEOPLE[:6]]
ROOM = cv2.cvtColor(empty_room(1024, 768), cv2.COLOR_BGR2GRAY)


def repeated(grey, times, down=None):
    return cv2.resize(grey, None, fx=times, fy=down or times, interpolation=cv2.INTER_NEAREST)


@pytest.mark.parametrize("times", [2, 3, 4, 5, 6])
def test_repeated_pixels_are_counted_and_undone(times):
    for grey in FACES:
        plain, wider = without_repeats(repeated(grey, times))
        assert wider == pytest.approx(times, rel=0.03)
        assert plain.shape == grey.shape
        assert np.abs(plain.astype(int) - grey).mean() < 8


@pytest.mark.parametrize("times", [2.5, 3.5])
def test_a_share_of_the_pixels_may_be_repeated_once_more(times):
    for grey in FACES:
        assert without_repeats(repeated(grey, times))[1] == pytest.approx(times, rel=0.05)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_codec_does_not_hide_the_staircase(times):
    for grey in FACES:
        spoilt = blemished(repeated(grey, times), sigma=2.0, quality=70)
        assert without_repeats(spoilt)[1] == pytest.approx(times, rel=0.03)


def test_both_ways_must_agree():
    assert repeats(repeated(FACES[0], 2)) == pytest.approx(2.0, rel=0.03)
    assert repeats(repeated(FACES[0], 1, 2)) == 1.0


def test_a_fence_is_no_staircase():
    fence = np.full((480, 640), 200, np.uint8)
    fence[:, ::5] = 60
    assert repeats(fence) == 1.0


@pytest.mark.parametrize("width_px", [24, 30, 40, 50, 60, 80, 120, 300])
def test_an_honest_face_has_no_staircase(width_px):
    for who in PEOPLE:
        assert without_repeats(face(who, width_px, width_px))[1] == 1.0


@pytest.mark.parametrize("width_px", [60, 80, 120])
@pytest.mark.parametrize("quality", [25, 50])
def test_the_blocks_of_a_codec_are_no_staircase(width_px, quality):
    for who in PEOPLE[:12]:
        assert without_repeats(blemished(face(who, width_px, width_px), sigma=2.0, quality=quality))[1] == 1.0


@pytest.mark.parametrize("times", [2, 3, 4])
def test_what_was_enlarged_smoothly_has_no_staircase(times):
    for who in PEOPLE[:6]:
        assert without_repeats(face(who, 40, 40 * times))[1] == 1.0


@pytest.mark.parametrize("grey", [ROOM, cv2.cvtColor(textured(640, 480), cv2.COLOR_BGR2GRAY)], ids=["room", "patches"])
def test_a_room_has_none(grey):
    plain, wider = without_repeats(grey)
    assert wider == 1.0
    assert plain is grey


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_whole_picture_of_repeated_pixels(times):
    ground = cv2.GaussianBlur(np.random.default_rng(1).normal(0, 1, (240, 320)), (0, 0), 1.0)
    lively = cv2.normalize(ground, None, 20, 235, cv2.NORM_MINMAX).astype(np.uint8)
    assert without_repeats(lively)[1] == 1.0
    assert without_repeats(repeated(lively, times))[1] == pytest.approx(times, rel=0.03)


@pytest.mark.parametrize("seed", range(20))
def test_a_few_posters_on_a_bare_wall_are_no_staircase(seed):
    rng = np.random.default_rng(seed)
    wall = np.full((480, 640), 200, np.uint8)
    for left, top in rng.integers(0, (560, 400), (5, 2)):
        cv2.rectangle(wall, (int(left), int(top)), (int(left) + 60, int(top) + 60), int(rng.integers(150)), -1)
    assert repeats(wall) == 1.0


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (20, 20), (21, 21), (2, 8192), (8192, 1)])
@pytest.mark.parametrize("level", [None, 0, 90])
def test_any_size_and_a_flat_picture_will_do(size, level):
    noise = np.random.default_rng(0).integers(0, 256, size)
    grey = (noise if level is None else np.full(size, level)).astype(np.uint8)
    assert without_repeats(grey)[1] == 1.0
