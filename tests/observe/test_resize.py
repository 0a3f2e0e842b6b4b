"""Making pictures smaller."""

import numpy as np
import pytest

from vidaudit.observe.resize import reduced, resized


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((480, 640, 3), (240, 320, 3)),
        ((640, 480), (320, 240)),
        ((321, 200), (320, 199)),
        ((2, 8192, 3), (1, 320, 3)),
        ((8192, 1), (320, 1)),
    ],
)
def test_the_longer_side_becomes_what_is_wanted(shape, expected):
    small = reduced(np.full(shape, 77, np.uint8), 320)
    assert small.shape == expected
    assert small.dtype == np.uint8
    assert (small == 77).all()


@pytest.mark.parametrize("shape", [(320, 320), (1, 1, 3), (319, 4)])
def test_what_fits_stays_the_same_picture(shape):
    picture = np.zeros(shape, np.uint8)
    assert reduced(picture, 320) is picture


def test_it_grows_too():
    assert resized(np.zeros((30, 40), np.uint8), 16).shape == (480, 640)


def test_shrinking_takes_means():
    stripes = np.tile(np.array([0, 200], np.uint8), (4, 8))
    assert (resized(stripes, 0.5) == 100).all()
