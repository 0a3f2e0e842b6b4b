"""Photographs hang where the layout says, and the wall shows them."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.photographs import Face, Photograph
from benchmarks.rooms import Layout, Room, Spot, hung, seats


def face(left: float, top: float, right: float, bottom: float) -> Face:
    return Face(who="Ann", corners=(left, top, right, bottom))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A grey picture of 100 x 80 with a red face."""
    picture = np.full((80, 100, 3), 90, np.uint8)
    picture[20:60, 30:60] = (0, 0, 255)
    cv2.imwrite(str(tmp_path / "ann.png"), picture)
    return tmp_path


ANN = Photograph(file="ann.png", faces=(face(30, 20, 60, 60),))


@given(st.integers(1, 3), st.integers(1, 12), st.floats(0, 1), st.integers(0, 99))
def test_pictures_hang_inside_the_room_and_apart(num_rows: int, number: int, stagger: float, seed: int) -> None:
    layout = Layout(face_px=(40, 90), row_px=200, num_rows=num_rows, stagger=stagger, seed=seed)
    room = hung([_Blank(file=f"{n}", faces=(face(10, 10, 40, 50),)) for n in range(number)], Path(), layout)
    places = [
        (spot.left_px, spot.top_px, spot.left_px + 100 * spot.scale, spot.top_px + 80 * spot.scale)
        for spot in room.spots
    ]
    assert len(places) == number
    assert all(x0 >= 0 and y0 >= 0 and x1 <= room.width_px and y1 <= room.height_px for x0, y0, x1, y1 in places)
    for (x0, y0, x1, y1), (u0, v0, u1, v1) in itertools.combinations(places, 2):
        assert x0 >= u1 or u0 >= x1 or y0 >= v1 or v0 >= y1


class _Blank(Photograph):
    def load(self, pictures: Path) -> np.ndarray:
        return np.zeros((80, 100, 3), np.uint8)


def test_faces_have_the_wanted_width_unless_the_row_is_too_low(pictures: Path) -> None:
    wide = hung([ANN], pictures, Layout(face_px=(60, 60), row_px=400)).faces()[0]
    low = hung([ANN], pictures, Layout(face_px=(60, 60), row_px=80)).faces()[0]
    assert wide.width_px == pytest.approx(60)
    assert low.width_px == pytest.approx(0.98 * 30)


def test_heads_sit_in_rows_and_grow_towards_the_front(pictures: Path) -> None:
    room = seats([ANN] * 12, pictures, (640, 480), (12, 24), seed=1)
    widths = [one.width_px for one in room.faces()]
    assert widths[0] == pytest.approx(12)
    assert widths[-1] == pytest.approx(24)
    assert len({round(spot.top_px) for spot in room.spots}) > 1


def test_too_many_heads_are_refused(pictures: Path) -> None:
    with pytest.raises(ValueError, match="find no room"):
        seats([ANN] * 12, pictures, (320, 240), (40, 60), seed=1)


def test_a_squeezed_picture_keeps_its_height_and_its_face_moves_along(pictures: Path) -> None:
    spot = Spot(photograph=ANN, scale=2, left_px=10, top_px=10, squeeze=0.5)
    assert spot.faces()[0].corners == (40, 50, 70, 130)
    painted = Room(width_px=300, height_px=240, spots=(spot,), texture=0).paint(pictures)
    assert painted[90, 55].tolist() == [0, 0, 255]
    assert painted[90, 100].tolist() == [90, 90, 90]


def test_a_mask_covers_the_mouth_and_leaves_the_eyes(pictures: Path) -> None:
    spot = Spot(photograph=ANN, scale=2, left_px=10, top_px=10, masked=True)
    painted = Room(width_px=300, height_px=240, spots=(spot,), texture=0).paint(pictures)
    assert painted[70, 100].tolist() == [0, 0, 255]
    assert painted[112, 100].tolist() != [0, 0, 255]


def test_a_tiled_wall_repeats_itself_and_another_does_not() -> None:
    tiled = Room(width_px=400, height_px=200, spots=(), tiled=True).paint(Path())
    other = Room(width_px=400, height_px=200, spots=()).paint(Path())
    assert (tiled[:, :96] == tiled[:, 96:192]).all()
    assert (other[:, :96] != other[:, 96:192]).any()
