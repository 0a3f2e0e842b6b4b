import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.model.still import Box
from vidaudit.observe.perspective import HEAD_TO_FACE, perspective_of


def face(y_px: float, width_px: float) -> Box:
    return Box(x_px=100, y_px=y_px - 0.6 * width_px, width_px=width_px, height_px=1.2 * width_px)


def room(slope: float, heights=(200, 260, 320, 380, 440, 500)) -> list[Box]:
    return [face(y, (30 + slope * (y - 200)) / HEAD_TO_FACE) for y in heights]


def test_no_face_tells_nothing():
    assert perspective_of([]) is None


@pytest.mark.parametrize("slope", [0.05, 0.1, 0.25])
def test_heads_grow_linearly_down_the_picture(slope):
    fitted = perspective_of(room(slope))
    assert fitted.slope == pytest.approx(slope)
    assert fitted.head_px(200) == pytest.approx(30)
    assert fitted.head_px(600) == pytest.approx(30 + 400 * slope)


def test_one_odd_face_changes_little():
    fitted = perspective_of([*room(0.1), face(230, 120)])
    assert fitted.head_px(350) == pytest.approx(45, rel=0.05)


@pytest.mark.parametrize("faces", [[face(300, 50)], [face(300, 50), face(500, 50)], [face(300, 50)] * 5])
def test_too_few_heights_leave_the_usual_slope(faces):
    assert perspective_of(faces).slope == 0.16


@pytest.mark.parametrize(("slope", "fitted"), [(-0.2, 0.02), (0.0, 0.02), (0.8, 0.4)])
def test_no_camera_hangs_impossibly(slope, fitted):
    faces = [face(y, 100 + slope * (y - 200)) for y in (200, 500, 800, 1100)]
    assert perspective_of(faces).slope == pytest.approx(fitted)


@given(st.lists(st.tuples(st.floats(0, 2000), st.floats(5, 300)), min_size=1, max_size=12))
def test_the_typical_head_is_as_large_as_some_face(faces):
    fitted = perspective_of([face(y, width) for y, width in faces])
    widths = [HEAD_TO_FACE * width for _, width in faces]
    assert min(widths) - 1e-6 <= fitted.width_px <= max(widths) + 1e-6
