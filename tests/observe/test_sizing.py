"""How large a picture is looked at, with a detector that sees every face from 12 px on, and with the real one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.videos.people import PEOPLE
from tests.observe.stage import box, crowd, mural, pan
from vidaudit.model.still import Box
from vidaudit.observe.centerface import CenterFace
from vidaudit.observe.detect import Detection
from vidaudit.observe.sizing import DOUBTFUL_FACE_PX, FULL_EVERY, SIDES_PX, WANTED_FACE_PX, SizedDetector

FULL_PX = 1280
SEEN_FROM_PX = 12.0


class Eye:
    """Sees in the n-th picture the boxes of the n-th scene that are large enough; notes how large it looked."""

    name = "eye"

    def __init__(self, scenes: list[list[Box]]) -> None:
        self.scenes = scenes
        self.looks: list[list[int]] = [[] for _ in scenes]

    def detect_at(self, image, max_side_px):
        number = int(image[0, 0, 0])
        self.looks[number].append(max_side_px)
        scale = min(1.0, max_side_px / max(image.shape[:2]))
        seen = [one for one in self.scenes[number] if scale * max(one.width_px, 0.75 * one.height_px) >= SEEN_FROM_PX]
        return tuple(Detection(box=one, score=0.9) for one in seen)


def watched(scenes: list[list[Box]], size: tuple[int, int] = (960, 1280)) -> tuple[list[list[int]], list[int]]:
    """For each scene the sizes looked with, and how many faces were found."""
    eye = Eye(scenes)
    detector = SizedDetector(eye, FULL_PX)
    counts = [len(detector.detect(np.full((*size, 3), number, np.uint8))) for number in range(len(scenes))]
    return eye.looks, counts


def faces(*widths: float) -> list[Box]:
    return [box(100 + 10 * number, 300, width) for number, width in enumerate(widths)]


def test_it_is_called_as_the_detector_is():
    assert SizedDetector(Eye([]), FULL_PX).name == "eye"


@pytest.mark.parametrize(
    ("width_px", "side_px"),
    [(400, 320), (80, 320), (79.9, 416), (50, 512), (49.9, 640), (40, 640), (23, 1120), (22.8, 1280), (14, 1280)],
)
def test_the_smallest_face_says_how_large(width_px, side_px):
    looks, counts = watched([faces(300, width_px)] * 3)
    assert looks == [[FULL_PX], [side_px], [side_px]]
    assert counts == [2, 2, 2]


def test_a_small_picture_is_never_enlarged():
    looks, _ = watched([faces(30)] * 3, (240, 400))
    assert looks == [[400], [320], [320]]
    looks, _ = watched([faces(30)] * 3, (240, 310))
    assert looks == [[310]] * 3


def test_an_edge_that_cuts_a_face_does_not_make_it_small():
    half = Box(x_px=0, y_px=100, width_px=30, height_px=110)
    looks, _ = watched([[*faces(90), half]] * 3)
    assert looks[2] == [320]


def test_the_full_size_comes_back_at_a_fixed_rhythm():
    looks, _ = watched([faces(100)] * 17)
    full = [number for number, sides in enumerate(looks) if FULL_PX in sides]
    assert full == [*range(0, 17, FULL_EVERY)]


@pytest.mark.parametrize(("left", "again"), [(8, False), (6, False), (5, True), (0, True)])
def test_a_fall_is_looked_into_at_once(left, again):
    looks, counts = watched([faces(*[100.0] * 8)] * 3 + [faces(*[100.0] * left)])
    assert looks[3] == ([320, FULL_PX] if again else [320])
    assert counts[3] == left


@pytest.mark.parametrize(
    ("before", "left", "again"), [(3, 2, False), (2, 1, False), (1, 0, True), (3, 1, True), (2, 0, True)]
)
def test_one_may_always_have_left(before, left, again):
    looks, _ = watched([faces(*[100.0] * before)] * 2 + [faces(*[100.0] * left)])
    assert looks[2] == ([320, FULL_PX] if again else [320])


@pytest.mark.parametrize(("seen_px", "again"), [(DOUBTFUL_FACE_PX, False), (DOUBTFUL_FACE_PX - 0.1, True)])
def test_small_faces_are_looked_into_at_once(seen_px, again):
    width_px = seen_px * FULL_PX / 320
    looks, _ = watched([faces(100)] * 3 + [faces(100, width_px)])
    assert looks[3] == ([320, FULL_PX] if again else [320])


def test_everybody_far_away_is_found_at_once():
    far = faces(30, 30, 30)
    looks, counts = watched([faces(100, 100, 100)] * 3 + [far] * 3)
    assert counts[3:] == [3, 3, 3]
    assert looks[3:] == [[320, FULL_PX], [960], [960]]


@pytest.mark.parametrize("start", range(2, 2 + FULL_EVERY))
def test_somebody_small_who_comes_later_is_found_and_kept(start):
    scenes = [faces(100)] * start + [faces(100, 20)] * 12
    _, counts = watched(scenes)
    first = counts.index(2)
    assert first - start < FULL_EVERY
    assert set(counts[first:]) == {2}


def test_looks_become_small_again_when_the_small_ones_have_gone():
    looks, _ = watched([faces(100, 30)] * 3 + [faces(100, 100)] * 12)
    assert looks[2] == [960]
    assert looks[-1] == [320]


def test_an_empty_room_is_looked_at_at_full_size():
    looks, counts = watched([[]] * 4 + [faces(100)] * 3 + [[]] * 3)
    assert looks == [[FULL_PX]] * 5 + [[320]] * 2 + [[320, FULL_PX]] * 3
    assert counts == [0] * 4 + [1] * 3 + [0] * 3


@given(st.lists(st.lists(st.floats(10, 600), max_size=6), min_size=1, max_size=30))
def test_whatever_comes(widths):
    looks, counts = watched([faces(*scene) for scene in widths])
    since = 0
    for sides, count in zip(looks, counts, strict=True):
        since = 0 if FULL_PX in sides else since + 1
        assert since < FULL_EVERY
        assert sides[-1] == FULL_PX or count > 0
        assert len(sides) <= 2
        assert set(sides) <= {*SIDES_PX, FULL_PX}


def test_constants_agree():
    assert list(SIDES_PX) == sorted(SIDES_PX)
    assert DOUBTFUL_FACE_PX < WANTED_FACE_PX


def test_the_real_detector_finds_the_same_faces_in_a_pan():
    pictures = pan(mural(PEOPLE[:8], face_px=110, height_px=720).picture, 12, width_px=960)
    sized, full = SizedDetector(CenterFace(), 960), CenterFace(max_side_px=960)
    for picture in pictures:
        assert len(sized.detect(picture)) == len(full.detect(picture))


def test_the_real_detector_finds_somebody_small_who_comes_later():
    near, all_of_them = (crowd(PEOPLE[:6], 120, columns=3).picture for _ in range(2))
    small = crowd(PEOPLE[6:7], 26, columns=1).picture
    all_of_them[-small.shape[0] :, -small.shape[1] :] = small
    detector = SizedDetector(CenterFace(), 960)
    counts = [len(detector.detect(picture)) for picture in [near] * 3 + [all_of_them] * (FULL_EVERY + 2)]
    assert counts[:3] == [6, 6, 6]
    assert counts[-3:] == [7, 7, 7]
