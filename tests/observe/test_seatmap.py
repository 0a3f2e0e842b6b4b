"""The seat map: what each mark looks like, and who gets which number."""

import numpy as np
import pytest

from vidaudit.model.still import Box
from vidaudit.observe import seatmap
from vidaudit.observe.seatmap import Place, Seen, seat_map

PLAIN = np.full((480, 640, 3), 120, np.uint8)
BOX = Box(x_px=200, y_px=200, width_px=80, height_px=100)
GREEN, AMBER, BLUE, RED = (60, 200, 60), (0, 190, 255), (255, 170, 60), (80, 80, 240)


def share_of(picture, colour, x0, y0, x1, y1) -> float:
    """The share of the pixels of a part of the picture that have about this colour."""
    part = picture[y0:y1, x0:x1].astype(int)
    return float((np.abs(part - colour).max(axis=2) < 40).any(axis=0).mean())


def drawn(seen, **more):
    return seat_map(PLAIN, [Place(box=BOX, seen=seen, **more)])


def test_the_frame_itself_stays_as_it_is():
    assert not np.shares_memory(seat_map(PLAIN, []), PLAIN)
    assert np.array_equal(seat_map(PLAIN, []), PLAIN)
    drawn(Seen.NOW)
    assert (PLAIN == 120).all()


@pytest.mark.parametrize(
    ("seen", "colour", "least", "most"),
    [(Seen.NOW, GREEN, 0.95, 1.0), (Seen.BEFORE, AMBER, 0.5, 0.9), (Seen.LIVING, BLUE, 0.2, 0.6)],
)
def test_edges_are_solid_dashed_or_dotted(seen, colour, least, most):
    assert least <= share_of(drawn(seen), colour, 230, 198, 278, 203) <= most


def test_a_picture_on_the_wall_is_crossed_out():
    marked = drawn(Seen.PICTURE)
    assert share_of(marked, RED, 239, 248, 242, 253) == 1.0
    assert (marked[198:203, 235:245] == 120).all()


def test_a_mark_on_a_large_frame_is_as_fine_as_on_a_small_one():
    large = np.full((1440, 1920, 3), 120, np.uint8)
    box = Box(x_px=600, y_px=600, width_px=240, height_px=300)
    marked = seat_map(large, [Place(box=box, seen=Seen.NOW)])
    assert marked.shape == (960, 1280, 3)
    assert share_of(marked, GREEN, 450, 398, 550, 403) >= 0.95


def face(x_px, y_px):
    return Box(x_px=x_px, y_px=y_px, width_px=40, height_px=50)


def labels(places):
    return [(label, place.box.x_px, place.box.y_px) for place, label in seatmap._labels(places)]


def test_people_are_numbered_row_by_row_from_the_back_and_from_the_left():
    spots = [(300, 210), (100, 200), (200, 300), (500, 190)]
    places = [Place(box=face(*spot), seen=Seen.NOW) for spot in spots]
    assert labels(places) == [("1", 100, 200), ("2", 300, 210), ("3", 500, 190), ("4", 200, 300)]


def test_only_those_counted_are_numbered_and_the_teacher_has_a_t():
    places = [
        Place(box=face(100, 200), seen=Seen.LIVING),
        Place(box=face(200, 200), seen=Seen.PICTURE),
        Place(box=face(300, 200), seen=Seen.BEFORE, num_looks=3),
        Place(box=face(400, 200), seen=Seen.NOW, staff=True),
    ]
    assert [label for label, _, _ in labels(places)] == ["1", "T2"]


def test_how_often_a_face_was_seen_stands_below_a_dashed_box():
    assert (drawn(Seen.NOW)[305:330, 200:240] == 120).all()
    assert (drawn(Seen.BEFORE, num_looks=12)[305:330, 200:240] != 120).any()


@pytest.mark.parametrize("corner", [(-30, -30), (620, 460), (1000, 1000)])
def test_marks_at_the_edges_break_nothing(corner):
    box = Box(x_px=corner[0], y_px=corner[1], width_px=60, height_px=80)
    for seen in Seen:
        assert seat_map(PLAIN, [Place(box=box, seen=seen, num_looks=5)]).shape == PLAIN.shape


def test_boxes_without_a_size_break_nothing():
    box = Box(x_px=10, y_px=10, width_px=0, height_px=0)
    for seen in Seen:
        seat_map(np.zeros((2, 3, 3), np.uint8), [Place(box=box, seen=seen)])
