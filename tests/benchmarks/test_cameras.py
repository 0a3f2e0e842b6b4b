"""Where everybody is at each instant, and that the pictures show it."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cameras import Camera, Look, Sweep, in_view, seconds_seen, seen, shots, still
from benchmarks.photographs import Face, Photograph
from benchmarks.rooms import Room, Spot

SIZE = (320, 240)


def camera(*stops: tuple[float, float, float], **options: float) -> Camera:
    return Camera(width_px=SIZE[0], height_px=SIZE[1], stops=stops, **options)


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


@pytest.mark.parametrize(
    ("at_s", "x"), [(0, 100), (1, 100), (2, 150), (3, 200), (99, 200)], ids=["start", "held", "half", "end", "after"]
)
def test_the_camera_goes_from_stop_to_stop(at_s: float, x: float) -> None:
    assert camera((0, 100, 50), (1, 100, 50), (3, 200, 50)).middle(at_s) == (x, 50)


def test_an_eased_move_starts_softly() -> None:
    eased = camera((0, 0, 0), (1, 100, 0), eased=True)
    assert eased.middle(0.1)[0] < 10
    assert eased.middle(0.5)[0] == 50


@given(st.floats(0, 10), st.floats(0, 8), st.floats(0, 0.1))
def test_the_middle_stays_near_the_middle_however_the_hand_shakes(at_s: float, shake_px: float, zoom: float) -> None:
    moving = camera((0, 300, 200), (10, 900, 200), shake_px=shake_px, zoom=zoom)
    x, y, _, _ = in_view((*moving.middle(at_s), *moving.middle(at_s)), moving.view(at_s))
    assert np.hypot(x - SIZE[0] / 2, y - SIZE[1] / 2) <= 1.5 * np.sqrt(2) * shake_px * 1.1 + 1e-6


@pytest.mark.parametrize(("left", "visible"), [(140, True), (139.9, False), (440, True), (440.1, False), (-500, False)])
def test_a_face_is_seen_when_all_of_it_is_in_the_picture(left: float, visible: bool) -> None:
    there = seen(face(left, 200, left + 20, 220), camera((0, 300, 200), (1, 300, 200)), 0.0)
    assert (there is not None) is visible


def test_seconds_add_up_over_all_passes() -> None:
    there_and_back = camera((0, 160, 120), (10, 1160, 120), (20, 160, 120))
    # 100 px a second; a face of 20 px is inside for 300 px of the way.
    assert seconds_seen(face(700, 100, 720, 120), there_and_back) == pytest.approx(6.0, abs=0.3)


ROOM = Room(width_px=1000, height_px=400, spots=())


@pytest.mark.parametrize(
    ("passes", "leftwards", "ends"),
    [(1, False, (160, 840)), (2, False, (160, 160)), (1, True, (840, 160)), (3, True, (840, 160))],
)
def test_a_sweep_goes_from_end_to_end(passes: int, leftwards: bool, ends: tuple[int, int]) -> None:
    made = Sweep(speed_px_s=100, passes=passes, leftwards=leftwards, hold_s=1).over(ROOM, SIZE)
    assert (made.stops[0][1], made.stops[-1][1]) == ends
    assert made.duration_s == pytest.approx(passes * (6.8 + 1) + 1)


def test_a_sweep_over_two_rows_looks_at_both() -> None:
    made = Sweep(speed_px_s=100, num_rows=2, hold_s=1).over(ROOM, SIZE)
    assert {y for _, _, y in made.stops} == {130, 270}
    assert made.middle(made.duration_s) == (160, 270)


def test_a_sweep_stops_on_its_way() -> None:
    made = Sweep(speed_px_s=100, num_stops=1, hold_s=2).over(ROOM, SIZE)
    at_s = 2 + 3.4 + 1
    assert made.middle(at_s) == pytest.approx((500, 200))
    assert made.speed(at_s) == (0, 0)


@pytest.mark.parametrize("shake_px", [0.0, 4.0])
def test_the_pictures_show_the_face_where_the_truth_says(pictures: Path, shake_px: float) -> None:
    room = Room(width_px=700, height_px=240, spots=(Spot(photograph=ANN, scale=1.5, left_px=300, top_px=40),))
    moving = camera((0, 300, 120), (0.4, 400, 120), shake_px=shake_px, zoom=0.05)
    filmed = list(shots(room, moving, Look(noise=2), pictures))
    assert len(filmed) == 10
    for number, picture in enumerate(filmed):
        box = seen(room.faces()[0], moving, number / 25)
        assert box is not None
        red = np.argwhere((picture[:, :, 2] > 170) & (picture[:, :, 1] < 70) & (picture[:, :, 0] < 70))
        (top, left), (bottom, right) = red.min(axis=0), red.max(axis=0)
        assert (left, top, right, bottom) == pytest.approx(box, abs=4)


def test_a_still_is_noise_and_nothing_else(pictures: Path) -> None:
    room = Room(width_px=320, height_px=240, spots=(Spot(photograph=ANN, scale=1, left_px=30, top_px=40),))
    first, second = list(shots(room, still(SIZE, 0.08), Look(noise=3), pictures))
    change = first.astype(int) - second
    assert 2 < change.std() < 6
    assert list(shots(room, still(SIZE, 0.08), Look(noise=3), pictures))[1].tolist() == second.tolist()


def test_the_light_drifts(pictures: Path) -> None:
    lit = [picture.mean() for picture in shots(ROOM, still(SIZE, 2.0), Look(noise=0, drift=0.3), pictures)]
    assert lit[-1] > 1.1 * lit[0]


def test_a_clock_is_burned_in_at_the_top_and_a_name_at_the_bottom(tmp_path: Path) -> None:
    size = (960, 960)
    room = Room(width_px=960, height_px=960, spots=(), texture=0)
    plain, burned = (
        next(shots(room, still(size, 0.1), Look(noise=0, clock=clock), tmp_path)) for clock in (False, True)
    )
    rows = np.flatnonzero((plain != burned).any(axis=(1, 2)))
    assert {int(row * 10 // 960) for row in rows} == {0, 9}


def test_a_dim_room_is_dark(tmp_path: Path) -> None:
    means = [next(shots(ROOM, still(SIZE, 0.1), Look(noise=0, gain=gain), tmp_path)).mean() for gain in (1.0, 0.5)]
    assert means[1] == pytest.approx(means[0] / 2, rel=0.02)
