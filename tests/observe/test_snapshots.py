"""Stills: names, sizes, crops, marks."""

import cv2
import numpy as np
import pytest

from tests.observe.stage import textured
from vidaudit.model.still import Box, SnapshotPurpose
from vidaudit.observe.snapshots import person_crop, snapshot, with_marks

PICTURE = textured(640, 480)
PERSON, FRAME = SnapshotPurpose.PERSON, SnapshotPurpose.BEST_HEADCOUNT


def decoded(still):
    return cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize(
    ("at_s", "name"),
    [
        (0.0, "a-00m00s-x.jpg"),
        (59.99, "a-00m59s-x.jpg"),
        (60.0, "a-01m00s-x.jpg"),
        (605.5, "a-10m05s-x.jpg"),
        (7199.0, "a-119m59s-x.jpg"),
    ],
)
def test_a_name_tells_clip_time_and_what_it_shows(at_s, name):
    assert snapshot("a", "x", PICTURE, at_s, FRAME).name == name


@pytest.mark.parametrize(
    ("size", "purpose", "kept"),
    [
        ((220, 100), PERSON, (220, 100)),
        ((221, 100), PERSON, (220, 100)),
        ((100, 440), PERSON, (50, 220)),
        ((1280, 720), FRAME, (1280, 720)),
        ((1920, 1080), FRAME, (1280, 720)),
        ((1080, 1920), FRAME, (720, 1280)),
        ((8192, 2), FRAME, (1280, 1)),
        ((1, 1), PERSON, (1, 1)),
    ],
)
def test_a_still_is_no_larger_than_a_report_needs(size, purpose, kept):
    still = snapshot("a", "x", np.full((size[1], size[0], 3), 99, np.uint8), 1.0, purpose)
    assert (still.width_px, still.height_px) == kept
    assert decoded(still).shape[1::-1] == kept
    assert still.purpose is purpose


def test_a_still_shows_the_picture():
    assert np.abs(decoded(snapshot("a", "x", PICTURE, 1.0, FRAME)).astype(int) - PICTURE).mean() < 8


@pytest.mark.parametrize(
    ("x", "y", "crop_size", "inside"),
    [(300, 200, (77, 97), (18, 22.0)), (0, 0, (63, 73), (0, 0)), (600, 430, (58, 72), (18, 22))],
)
def test_a_crop_holds_hair_and_collar_and_ends_at_the_edges(x, y, crop_size, inside):
    crop, box = person_crop(PICTURE, Box(x_px=x, y_px=y, width_px=40, height_px=50))
    assert crop.shape[1::-1] == pytest.approx(crop_size, abs=10)
    assert (box.x_px, box.y_px) == pytest.approx(inside, abs=6)
    assert (box.width_px, box.height_px) == (40, 50)
    left, top = round(x - box.x_px), round(y - box.y_px)
    assert np.array_equal(crop, PICTURE[top : top + crop.shape[0], left : left + crop.shape[1]])


def test_a_crop_is_a_copy():
    crop, _ = person_crop(PICTURE, Box(x_px=100, y_px=100, width_px=40, height_px=50))
    assert not np.shares_memory(crop, PICTURE)


def test_marks_are_green_now_and_amber_before_on_a_copy():
    plain = np.full((300, 400, 3), 120, np.uint8)
    now, before = (Box(x_px=x, y_px=100, width_px=50, height_px=60) for x in (50, 250))
    marked = with_marks(plain, [now], [before])
    assert (plain == 120).all()
    blue, green, red = marked[100, 75].astype(int)
    assert green > 150 > max(blue, red)
    blue, green, red = marked[100, 275].astype(int)
    assert red > 200 > blue
    assert (marked[130, 75] == 120).all()
    assert (marked[30, 200] == 120).all()


def test_marks_outside_the_picture_are_cut():
    plain = np.full((100, 100, 3), 120, np.uint8)
    assert np.array_equal(with_marks(plain, [Box(x_px=300, y_px=300, width_px=50, height_px=60)], []), plain)
    assert not np.array_equal(with_marks(plain, [Box(x_px=-20, y_px=20, width_px=50, height_px=30)], []), plain)
