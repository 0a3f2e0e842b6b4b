"""The same faces in two classes, with descriptors made by hand."""

import datetime as dt
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observe.test_people import clip
from vidaudit.observe.elsewhere import ClassLooks, class_looks, seen_in_both, side_by_side
from vidaudit.observe.identity import DLIB_LIMITS
from vidaudit.observe.people import SeenClip, link_people

DATE, NEXT = dt.date(2024, 5, 20), dt.date(2024, 5, 21)
DATES = {"5月20日": DATE, "5月21日": NEXT}


def looks(*clips: SeenClip) -> ClassLooks:
    return class_looks(clips, link_people(clips), DATES, DLIB_LIMITS)


def pairs(one: ClassLooks, other: ClassLooks, date: dt.date = DATE) -> set[tuple[int, int]]:
    return {(pair.one, pair.other) for pair in seen_in_both(one, other, date)}


def test_those_in_both_are_found_by_their_numbers() -> None:
    here = looks(clip([0, 1, 2, 3]), clip([3, 2, 1, 0], number=2))
    there = looks(clip([8, 3, 9, 1], number=3), clip([9, 1, 8], number=4))
    assert pairs(here, there) == {(4, 2), (2, 4)}
    assert pairs(there, here) == {(2, 4), (4, 2)}


def test_strangers_are_not_linked() -> None:
    assert pairs(looks(clip([0, 1, 2])), looks(clip([3, 4, 5], number=2))) == set()


def test_only_days_of_one_date_are_compared() -> None:
    here, there = looks(clip([0, 1])), looks(clip([0, 1], "5月21日", 2))
    assert pairs(here, there) == pairs(here, there, NEXT) == set()
    both = looks(clip([0, 5], "5月21日", 2), clip([1, 6], number=3))
    assert pairs(here, both) == {(2, 3)}


def test_a_day_without_a_date_is_left_out() -> None:
    assert looks(clip([0, 1], "第1天")).days == {}


def test_blurred_faces_say_nothing() -> None:
    blurred = clip([0, 1], number=2, detail_px=24.9, jitter=0.0)
    assert looks(blurred).days == {}
    sharp = clip([0, 1], number=2, detail_px=25.0, jitter=0.0)
    assert pairs(looks(clip([0, 1])), looks(sharp)) == {(1, 1), (2, 2)}


def test_other_descriptors_say_nothing() -> None:
    made = clip([0, 1], number=2)
    other = SeenClip(path=made.path, day=made.day, faces=replace(made.faces, descriptor="sface:x"))
    assert looks(other).days == {}
    assert class_looks([made], None, DATES, DLIB_LIMITS).days == {}


@pytest.mark.parametrize(("jitter", "is_found"), [(0.2, True), (0.7, False)])
def test_only_the_strict_limit_holds(jitter: float, is_found: bool) -> None:
    """Within a class these two looks would still be linked, where each is by far the other's best."""
    here, there = looks(clip([0, 1])), looks(clip([0, 5], number=2, jitter=jitter))
    assert bool(pairs(here, there)) is is_found


def test_where_all_look_alike_the_own_strangers_draw_the_line() -> None:
    close = [clip([0, 1, 2, 3], number=number, apart=0.4, jitter=0.0) for number in (1, 2)]
    assert looks(close[0]).limit < DLIB_LIMITS.alike
    others = clip([4, 5, 6, 7], number=3, apart=0.4, jitter=0.0)
    assert pairs(looks(close[0]), looks(others)) == set()


crowds = st.lists(st.integers(0, 11), unique=True, min_size=1, max_size=8)


@given(crowds, crowds)
def test_pairs_are_one_to_one_and_right(first: list[int], second: list[int]) -> None:
    found = pairs(looks(clip(first)), looks(clip(second, number=2)))
    assert len({one for one, _ in found}) == len({other for _, other in found}) == len(found)
    assert {first[one - 1] for one, _ in found} == set(first) & set(second)
    assert all(first[one - 1] == second[other - 1] for one, other in found)


def jpeg(width: int, height: int, grey: int) -> bytes:
    return cv2.imencode(".jpg", np.full((height, width, 3), grey, np.uint8))[1].tobytes()


def test_two_portraits_side_by_side() -> None:
    made = side_by_side("pair.jpg", jpeg(100, 200, 30), jpeg(220, 110, 90))
    assert made is not None
    picture = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[:2] == (made.height_px, made.width_px) == (200, 408)
    assert abs(int(picture[100, 100, 0]) - 30) < 5
    assert abs(int(picture[100, 308, 0]) - 90) < 5
    assert picture[100, 5, 0] > 250


@pytest.mark.parametrize("broken", [b"", b"no picture"])
def test_without_both_portraits_there_is_no_pair(broken: bytes) -> None:
    assert side_by_side("pair.jpg", jpeg(9, 9, 1), broken) is None
    assert side_by_side("pair.jpg", broken, jpeg(9, 9, 1)) is None
