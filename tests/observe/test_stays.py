"""Who is there from when to when: each threshold at, just under and just over."""

import pytest

from vidaudit.observe.stays import stay, usually

LOOKS = range(100, 160)


def still(_first: int, _last: int) -> bool:
    return False


def alive(_first: int, _last: int) -> bool:
    return True


def test_a_face_seen_to_the_end_was_there_all_the_time():
    assert stay({100, 130, 159}, LOOKS, still) == range(100, 160)


def test_who_is_often_seen_and_then_never_more_is_gone():
    assert stay(range(100, 107), LOOKS, still) == range(100, 107)


def test_who_is_never_seen_and_then_often_came_late():
    assert stay(range(150, 160), LOOKS, still) == range(150, 160)


def test_who_came_late_and_left_early_was_there_between():
    assert stay(range(120, 140), LOOKS, still) == range(120, 140)


def test_where_something_still_moves_somebody_bows_the_head():
    assert stay(range(100, 107), LOOKS, alive) == range(100, 160)


def test_only_the_silence_is_asked_about():
    asked = []
    stay(range(120, 140), LOOKS, lambda first, last: bool(asked.append((first, last))))
    assert asked == [(100, 119), (140, 159)]


@pytest.mark.parametrize(("num_looks", "gone"), [(19, False), (20, True), (21, True)])
def test_silence_that_chance_explains_is_no_absence(num_looks, gone):
    """Two sights: one in a hundred stays away for nine tenths of the looks."""
    looks = range(num_looks)
    assert (stay({0, 1}, looks, still) == range(2)) == gone


@pytest.mark.parametrize(
    ("seen", "expected"), [({100, 101}, range(100, 102)), ({100, 105}, range(100, 106)), ({100, 106}, LOOKS)]
)
def test_few_sights_need_a_long_silence(seen, expected):
    assert stay(seen, LOOKS, still) == expected


@pytest.mark.parametrize(("num_few", "expected"), [(0, 9), (19, 9), (20, 3), (21, 3), (60, 3)])
def test_usual_is_what_a_third_of_the_looks_dont_exceed(num_few, expected):
    assert usually([3] * num_few + [9] * (60 - num_few)) == expected


def test_a_few_looks_more_or_less_than_a_third():
    assert [usually(numbers) for numbers in ([], [5], [5, 1], [5, 5, 1], [5, 5, 5, 1])] == [None, 5, 1, 1, 5]
