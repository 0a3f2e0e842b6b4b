"""Traces of interpolation: where they are, at which rhythm, and what honest pictures have instead."""

import cv2
import numpy as np
import pytest

from tests.observe.stage import empty_room, textured
from vidaudit.observe.resampling import ResamplingWatch, source_share

FINE = cv2.cvtColor(textured(1600, 1200, seed=5), cv2.COLOR_BGR2GRAY)
ROOM = cv2.cvtColor(empty_room(1280, 960), cv2.COLOR_BGR2GRAY)


def stored(grey: np.ndarray, quality: int = 75) -> np.ndarray:
    """With sensor noise, compressed in blocks of 8 x 8."""
    noisy = np.clip(grey + np.random.default_rng(1).normal(0, 1.5, grey.shape), 0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def enlarged(width_px: int, to_px: int, how: int) -> np.ndarray:
    small = cv2.resize(FINE, (width_px, width_px * 3 // 4), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (to_px, to_px * 3 // 4), interpolation=how)


def rhythm(*pictures: np.ndarray) -> float | None:
    watch = ResamplingWatch()
    for picture in pictures:
        watch.add(picture)
        for _ in range(3):  # only every fourth is read
            watch.add(np.zeros_like(picture))
    return watch.rhythm()


@pytest.mark.parametrize(
    ("width", "to", "how"),
    [
        (480, 1366, cv2.INTER_LINEAR),
        (480, 1366, cv2.INTER_CUBIC),
        (480, 1366, cv2.INTER_LANCZOS4),
        (640, 1920, cv2.INTER_LINEAR),
        (640, 1920, cv2.INTER_CUBIC),
        (640, 1920, cv2.INTER_LANCZOS4),
        (720, 1024, cv2.INTER_LINEAR),
        (720, 1024, cv2.INTER_CUBIC),
    ],
)
def test_an_enlarged_picture_has_the_rhythm_of_its_source(width, to, how):
    expected = abs(width / to - round(width / to))
    assert rhythm(stored(enlarged(width, to, how), 90)) == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize(("width", "to"), [(512, 1024), (640, 1024), (704, 1024), (960, 1280)])
def test_whole_sixteenths_are_the_codecs(width, to):
    assert rhythm(stored(enlarged(width, to, cv2.INTER_CUBIC))) is None


@pytest.mark.parametrize("quality", [20, 50, 90])
def test_a_picture_as_it_was_taken_has_none(quality):
    for picture in (FINE, ROOM):
        assert rhythm(stored(picture, quality)) is None


def test_a_soft_lens_and_noise_are_no_enlargement():
    soft = cv2.GaussianBlur(FINE, (0, 0), 2.0)
    assert rhythm(stored(soft, 40)) is None
    assert rhythm(np.random.default_rng(2).integers(0, 256, (768, 1024)).astype(np.uint8)) is None


def test_blinds_and_tiles_are_no_enlargement():
    rows, columns = np.indices((960, 1280))
    blinds = np.where((columns * 0.13) % 1 < 0.5, 200, 60).astype(np.uint8)
    tiles = np.where(((columns * 0.0131) % 1 < 0.1) | ((rows * 0.0131) % 1 < 0.1), 90, 190).astype(np.uint8)
    for scene in (blinds, tiles):
        assert rhythm(stored(cv2.GaussianBlur(scene, (0, 0), 0.7))) is None


@pytest.mark.parametrize("size", [(255, 1024), (1024, 255), (1, 1)])
def test_small_pictures_tell_nothing(size):
    assert rhythm(np.zeros(size, np.uint8)) is None


def test_frames_of_another_size_are_left_out():
    large = stored(enlarged(640, 1920, cv2.INTER_CUBIC))
    assert rhythm(large, stored(ROOM)) == rhythm(large)
    assert ResamplingWatch().rhythm() is None


@pytest.mark.parametrize(
    ("cycles", "detail", "expected"),
    [
        (0.35, 0.30, 0.65),
        (0.35, 0.8775, 0.65),
        (0.35, 0.8776, None),
        (0.30, 0.94, 0.70),
        (0.30, 1.0, None),
    ],
)
def test_the_source_is_the_largest_possible_and_the_picture_not_sharper(cycles, detail, expected):
    assert source_share(cycles, detail) == (pytest.approx(expected) if expected else None)
