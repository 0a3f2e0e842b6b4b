"""Two pictures in one."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from vidaudit.model.media import Frame
from vidaudit.observe.pairs import side_by_side


def frame(width, height, level, at_s):
    return Frame(at_s=Fraction(at_s), image=np.full((height, width, 3), level, np.uint8))


@pytest.mark.parametrize("size", [(1920, 1080), (100, 700), (8000, 2), (1, 1)])
def test_the_first_is_on_the_left_and_both_have_one_height(size):
    pair = side_by_side(frame(*size, 20, 3), frame(640, 480, 220, 63))
    picture = cv2.imdecode(np.frombuffer(pair.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[:2] == (pair.height_px, pair.width_px)
    assert picture[100, 0].max() < 60
    assert picture[100, -1].min() > 200
    assert (pair.first_at_s, pair.second_at_s) == (3.0, 63.0)
