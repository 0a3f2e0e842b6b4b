import pytest

from vidaudit.model.still import Box
from vidaudit.observe.staff import probably_staff


def face(x_px: float, y_px: float = 300, width_px: float = 40) -> Box:
    return Box(x_px=x_px, y_px=y_px, width_px=width_px, height_px=1.2 * width_px)


CLASS = [(face(100 * seat, 300 + 100 * row, 40 + 10 * row),) for row in range(2) for seat in range(4)]


def test_people_in_their_seats_are_nobody_special():
    assert probably_staff([], 0) == ()
    assert probably_staff(CLASS, 0) == ()


@pytest.mark.parametrize(("way_px", "found"), [(140, ()), (150, (8,))])
def test_somebody_who_walks_three_heads_is_staff(way_px, found):
    assert probably_staff([*CLASS, (face(0, 200), face(way_px, 200))], 0) == found


def test_two_who_walk_are_two():
    walker = (face(0, 200), face(300, 200))
    assert probably_staff([*CLASS, walker, walker], 0) == (8, 9)


@pytest.mark.parametrize(("num_living", "found"), [(4, ()), (5, (0,))])
def test_the_only_face_before_a_class_seen_from_behind_is_staff(num_living, found):
    assert probably_staff([(face(100),)], num_living) == found


@pytest.mark.parametrize(("ratio", "found"), [(1.3, ()), (1.45, (8,))])
def test_somebody_far_larger_than_those_at_that_height_stands_apart(ratio, found):
    assert probably_staff([*CLASS, (face(500, 300, 40 * ratio),)], 0) == found


def test_few_others_tell_no_standing_person():
    assert probably_staff([*CLASS[:5], (face(500, 300, 80),)], 0) == ()


def test_a_class_of_all_sizes_tells_none():
    mixed = [(face(100 * seat, 300, 25 + 12 * seat),) for seat in range(8)]
    assert probably_staff(mixed, 0) == ()
