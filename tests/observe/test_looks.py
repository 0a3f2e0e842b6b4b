"""The few looks that are kept of a clip: how many, from where, and when none will do."""

import numpy as np
import pytest

from tests.observe.stage import textured
from vidaudit.observe.looks import LooksWatch

SHAPE = (240, 320)


def kept(number, shape=SHAPE):
    """The looks kept of so many pictures, each of one level: its number."""
    watch = LooksWatch()
    for level in range(number):
        watch.add(np.full(shape, level, np.uint8))
    return watch.finish()


@pytest.mark.parametrize(
    ("number", "levels"),
    [
        (1, [0]),
        (8, list(range(8))),
        (9, [0, 2, 4, 6, 8]),
        (10, [0, 2, 4, 6, 8]),
        (16, [0, 2, 4, 6, 8, 10, 12, 14]),
        (17, [0, 4, 8, 12, 16]),
        (61, [0, 8, 16, 24, 32, 40, 48, 56]),
    ],
)
def test_looks_are_spread_over_the_whole_clip(number, levels):
    looks = kept(number)
    assert looks.small[:, 0, 0].tolist() == levels
    assert looks.rows[:, 0, 0].tolist() == looks.columns[:, 0, 0].tolist() == levels


def test_lines_keep_every_pixel():
    picture = textured(320, 240)[:, :, 0]
    watch = LooksWatch()
    watch.add(picture)
    looks = watch.finish()
    assert (looks.width_px, looks.height_px) == (320, 240)
    assert (looks.rows.shape, looks.columns.shape, looks.small.shape) == ((1, 96, 320), (1, 96, 240), (1, 120, 160))
    assert (looks.rows[0, 0] == picture[0]).all()
    assert (looks.rows[0, -1] == picture[-1]).all()
    assert (looks.columns[0, -1] == picture[:, -1]).all()


@pytest.mark.parametrize(("shape", "is_kept"), [((192, 192), True), ((191, 400), False), ((400, 191), False)])
def test_a_small_picture_has_no_room_for_parts(shape, is_kept):
    assert (kept(3, shape) is not None) is is_kept


def test_nothing_is_kept_of_no_pictures_or_of_several_sizes():
    assert kept(0) is None
    watch = LooksWatch()
    for shape in (SHAPE, (200, 320), SHAPE):
        watch.add(np.zeros(shape, np.uint8))
    assert watch.finish() is None
