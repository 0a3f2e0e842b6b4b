"""Places that live without a face: who sits where is known, and so is what else moves."""

from fractions import Fraction

import numpy as np
import pytest

from fixtures.videos import seated
from fixtures.videos.seated import Rows
from tests.observe.stage import ScriptedDetector, frames
from vidaudit.model.still import Box
from vidaudit.observe.change import thumbnail
from vidaudit.observe.detect import Detection
from vidaudit.observe.heads import LectureObserver
from vidaudit.observe.perspective import middle
from vidaudit.observe.place import View
from vidaudit.observe.seats import MIN_COMPARED, SeatWatch

NUM_LOOKS = 16
SIZE = (640, 480)
FACES = frozenset(range(0, 15, 2))
CHAIRS = frozenset(range(1, 15, 2))
DISTURBANCES = [
    seated.projector,
    seated.fan,
    seated.flicker,
    seated.light_on,
    seated.shaken,
    seated.curtain,
]


def face(seat: seated.Seat) -> Box:
    width = seat.width_px / 1.15
    return Box(x_px=seat.x_px - width / 2, y_px=seat.y_px - 0.6 * width, width_px=width, height_px=1.2 * width)


def room(**changes: object) -> Rows:
    return Rows(**{"faces": FACES, "size_px": SIZE, **changes})


def living(rows: Rows, num_looks: int = NUM_LOOKS) -> tuple[Box, ...] | None:
    """What lives, where exactly the faces of the room have been found."""
    watch, view = SeatWatch(), View(segment=0, to_plane=np.eye(3), travelled_px=0.0)
    for picture in rows.looks(num_looks):
        watch.look(thumbnail(picture, 640), view, min(1.0, 640 / picture.shape[1]))
    return watch.living([face(seat) for place, seat in enumerate(rows.seats()) if place in rows.faces], 0)


def count(rows: Rows):
    """The whole headcount, the camera followed by its picture."""
    seen = [Detection(box=face(seat), score=0.9) for place, seat in enumerate(rows.seats()) if place in rows.faces]
    observer = LectureObserver(ScriptedDetector([seen] * NUM_LOOKS), "lecture")
    for frame in frames(rows.looks(NUM_LOOKS), Fraction(10)):
        observer.add(frame)
    return observer.finish()[0]


def unseen(rows: Rows) -> list[seated.Seat]:
    return [seat for place, seat in enumerate(rows.seats()) if place not in rows.faces | rows.empty]


def num_found(rows: Rows, found: tuple[Box, ...]) -> int:
    """How many of those who show no face have a place of their own among the found ones."""
    near = [
        any(np.hypot(*np.subtract(middle(box), (seat.x_px, seat.y_px))) < 0.75 * seat.width_px for box in found)
        for seat in unseen(rows)
    ]
    return sum(near)


def test_people_who_show_their_hair_live():
    rows = room(size_px=(960, 720))
    found = living(rows)
    assert (len(found), num_found(rows, found)) == (7, 7)


def test_a_place_is_as_large_as_a_head_there():
    rows = room(size_px=(960, 720))
    for box in living(rows):
        seat = min(rows.seats(), key=lambda one: np.hypot(*np.subtract(middle(box), (one.x_px, one.y_px))))
        assert box.width_px == pytest.approx(seat.width_px / 1.2, rel=0.2)


def test_chairs_are_nobody():
    assert living(room(empty=CHAIRS)) == ()


@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_a_still_filmed_lives_nowhere(noise):
    assert living(room(sway=0.0, noise=noise)) == ()


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda one: one.__name__)
def test_what_else_moves_in_a_room_is_nobody(disturb):
    evidence = count(room(empty=CHAIRS, disturbances=(disturb,)))
    assert (evidence.headcount, evidence.num_living, evidence.high) == (8, 0, 8)


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda one: one.__name__)
def test_people_are_found_whatever_else_moves(disturb):
    evidence = count(room(disturbances=(disturb,)))
    assert evidence.headcount == 8
    assert 6 <= evidence.num_living <= 9


def test_a_door_is_taken_for_few_people_at_most():
    assert len(living(room(empty=CHAIRS, disturbances=(seated.door,)))) <= 3


def test_nobody_is_on_the_place_of_a_face_or_the_body_below_it():
    rows = room(faces=frozenset(range(15)))
    assert living(rows) == ()


@pytest.mark.parametrize(("num_looks", "measured"), [(MIN_COMPARED, False), (MIN_COMPARED + 1, True)])
def test_few_looks_say_nothing(num_looks, measured):
    assert (living(room(), num_looks) is not None) == measured


def test_without_a_face_nothing_tells_how_large_heads_are():
    assert living(room(faces=frozenset())) is None


def test_other_segments_say_nothing():
    watch, view = SeatWatch(), View(segment=1, to_plane=np.eye(3), travelled_px=0.0)
    for picture in room().looks(NUM_LOOKS):
        watch.look(thumbnail(picture, 640), view, 1.0)
    assert watch.living([face(room().seats()[0])], 0) is None


def test_a_long_clip_costs_no_more_memory():
    watch, view = SeatWatch(), View(segment=0, to_plane=np.eye(3), travelled_px=0.0)
    picture = np.zeros((48, 64), np.uint8)
    for _ in range(400):
        watch.look(picture, view, 0.1)
    assert 64 <= len(watch._looks) <= 128
    assert watch.living([Box(x_px=200, y_px=200, width_px=40, height_px=50)], 0) == ()


def test_a_picture_that_shrinks_is_left_out():
    watch, view = SeatWatch(), View(segment=0, to_plane=np.eye(3), travelled_px=0.0)
    for number, picture in enumerate(room().looks(NUM_LOOKS)):
        watch.look(thumbnail(picture, 640 if number < 12 else 320), view, 1.0 if number < 12 else 0.5)
    assert watch.living([face(seat) for place, seat in enumerate(room().seats()) if place in FACES], 0) is not None


@pytest.mark.parametrize("size", [(640, 1), (1, 400), (2, 2)])
def test_pictures_of_odd_shape_break_nothing(size):
    watch, view = SeatWatch(), View(segment=0, to_plane=np.eye(3), travelled_px=0.0)
    for _ in range(12):
        watch.look(np.zeros(size[::-1], np.uint8), view, 1.0)
    assert watch.living([Box(x_px=0, y_px=0, width_px=1, height_px=1)], 0) == ()


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(0, 15, True), (0, 8, True), (7, 15, True), (8, 15, None), (0, 7, None)]
)
def test_a_place_lives_from_one_frame_to_another(first, last, expected):
    assert place_lives(0, first, last) is expected


def test_a_chair_does_not_live():
    assert place_lives(1, 0, 15) is False


def test_without_a_face_nobody_knows_what_lives():
    assert SeatWatch().lives(Box(x_px=0, y_px=0, width_px=10, height_px=12), [], 0, 0, 15) is None


def place_lives(place: int, first: int, last: int) -> bool | None:
    """Whether this seat lives, in a room with somebody in every second one."""
    rows, watch, view = room(empty=CHAIRS), SeatWatch(), View(segment=0, to_plane=np.eye(3), travelled_px=0.0)
    for picture in rows.looks(NUM_LOOKS):
        watch.look(thumbnail(picture, 640), view, min(1.0, 640 / picture.shape[1]))
    faces = [face(seat) for number, seat in enumerate(rows.seats()) if number in rows.faces]
    return watch.lives(face(rows.seats()[place]), faces, 0, first, last)
