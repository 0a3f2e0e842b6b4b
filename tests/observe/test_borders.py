"""Borders of every kind around a picture, and all that only looks like one."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observe.stage import empty_room, textured
from vidaudit.model.still import Box
from vidaudit.observe.borders import BorderWatch

WIDTH, HEIGHT = 640, 480
WHOLE = (0, 0, WIDTH, HEIGHT)
PICTURES = [cv2.cvtColor(textured(WIDTH, HEIGHT, seed), cv2.COLOR_BGR2GRAY) for seed in range(3)]


def area(frames):
    """(left, top, width, height) of the active area, None when there is none."""
    watch = BorderWatch()
    for frame in frames:
        watch.add(np.ascontiguousarray(frame, np.uint8))
    found = watch.active_area()
    return None if found is None else (found.x_px, found.y_px, found.width_px, found.height_px)


def framed(box, colour=0, pictures=PICTURES):
    """The pictures shrunk into a box (left, top, width, height) of a plain frame."""
    left, top, width, height = box
    for picture in pictures:
        frame = np.full((HEIGHT, WIDTH), colour, np.uint8)
        inside = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        frame[top : top + height, left : left + width] = inside
        yield frame


def stored(frames, quality=70):
    """As a codec leaves them."""
    for frame in frames:
        _, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
        yield cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)


def stamped(frames):
    """With a recorder's clock in the upper left and a title in the lower right."""
    for second, frame in enumerate(frames):
        cv2.putText(frame, f"2024-05-20 10:00:{second:02d}", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 2)
        cv2.putText(frame, "CAM 01", (WIDTH - 120, HEIGHT - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 255, 2)
        yield frame


LETTERBOX, PILLARBOX, WINDOWBOX = (0, 60, 640, 360), (80, 0, 480, 480), (80, 60, 480, 360)


@pytest.mark.parametrize("box", [LETTERBOX, PILLARBOX, WINDOWBOX, (160, 0, 320, 480), (200, 150, 240, 180)])
@pytest.mark.parametrize("colour", [0, 16, 100, 255])
def test_borders_on_opposite_sides_are_no_picture(box, colour):
    assert area(framed(box, colour)) == box


@pytest.mark.parametrize("box", [LETTERBOX, PILLARBOX, WINDOWBOX])
@pytest.mark.parametrize("colour", [0, 100])
def test_borders_are_found_through_a_codec_and_under_a_clock(box, colour):
    found = area(stored(stamped(framed(box, colour))))
    assert found is not None
    assert np.abs(np.subtract(found, box)).max() <= 16


@pytest.mark.parametrize("box", [(0, 0, 480, 360), (160, 120, 480, 360), (0, 60, 640, 420), (80, 0, 560, 480)])
def test_one_black_border_is_enough(box):
    assert area(framed(box)) == box


@pytest.mark.parametrize("colour", [40, 200])
def test_one_plain_strip_of_another_colour_may_belong_to_the_room(colour):
    assert area(framed((0, 60, 640, 420), colour)) == WHOLE


def test_strips_of_two_colours_are_ceiling_and_floor():
    frames = [frame.copy() for frame in framed(LETTERBOX, 230)]
    for frame in frames:
        frame[420:] = 90
    assert area(frames) == WHOLE


def test_a_picture_without_borders_is_active_throughout():
    assert area(PICTURES) == WHOLE


def test_a_drawn_room_has_no_borders():
    room = cv2.cvtColor(empty_room(), cv2.COLOR_BGR2GRAY)
    assert area([room, room]) == WHOLE
    assert area(stored([room, room])) == WHOLE


@pytest.mark.parametrize("light", [0.05, 0.1, 0.2])
def test_a_dark_room_is_no_border(light):
    room = cv2.cvtColor(empty_room(), cv2.COLOR_BGR2GRAY) * light
    noise = np.random.default_rng(0)
    assert area(room + noise.integers(0, 3, room.shape) for _ in range(3)) == WHOLE


def test_what_shows_something_at_any_time_is_picture():
    frames = [*framed(WINDOWBOX), *framed(LETTERBOX)]
    assert area(frames) == LETTERBOX
    assert area([*framed(WINDOWBOX), *PICTURES]) == WHOLE


def test_a_slanting_edge_is_no_border():
    frames = [picture.copy() for picture in PICTURES]
    for frame in frames:
        cv2.fillPoly(frame, [np.array([(0, 0), (640, 0), (640, 20), (0, 120)])], 0)
    assert area(frames) == WHOLE


def test_a_border_that_fades_into_the_picture_has_no_end():
    frames = [picture.copy() for picture in PICTURES]
    for frame in frames:
        frame[:100] = np.linspace(0, 9, 100)[:, None]
        frame[100:140] = 10
    assert area(frames) == WHOLE


@pytest.mark.parametrize("level", [0, 16, 128])
def test_a_plain_surface_has_no_active_area(level):
    assert area([np.full((HEIGHT, WIDTH), level)] * 2) is None


def test_without_frames_or_with_frames_of_several_sizes_nothing_is_known():
    assert area([]) is None
    assert area([PICTURES[0], PICTURES[0][:240]]) is None
    assert area([PICTURES[0], PICTURES[0][:240], PICTURES[0]]) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 3), (2, 8192), (8192, 1)])
def test_any_size_of_picture_will_do(size):
    noise = np.random.default_rng(0).integers(0, 256, size)
    found = area([noise])
    assert found is None or found[2:] <= (size[1], size[0])


@settings(max_examples=60, deadline=None)
@given(left=st.integers(0, 200), top=st.integers(0, 150), width=st.integers(200, 440), height=st.integers(150, 330))
def test_a_black_border_is_measured_to_the_pixel(left, top, width, height):
    box = (left, top, width, height)
    assert area(framed(box)) == box


def test_the_area_is_a_box_within_the_frame():
    watch = BorderWatch()
    for frame in framed(WINDOWBOX):
        watch.add(frame)
    assert watch.active_area() == Box(x_px=80, y_px=60, width_px=480, height_px=360)
