"""Stills passed off as video: whatever is laid on one it is told; living rooms, however still, aren't taken for one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
import pytest

from fixtures.videos.canvas import Picture
from fixtures.videos.seated import Rows, flicker, projector, shaken
from tests.observe.stage import frames, textured
from vidaudit.model.still import Stretch
from vidaudit.observe.stills import StillWatch, is_at_most_an_overlay, is_same_still

SIZE, SMALL = (960, 720), (640, 480)
ROOM = next(Rows(faces=frozenset(range(0, 15, 2)), noise=0.0).looks(1))
NOBODY = frozenset(range(15))
NUM_LOOKS = 10


@dataclass(frozen=True, kw_only=True)
class Disguise:
    """What is done to the still in each look."""

    zoom: float = 0.0
    drift_px: float = 0.0
    noise: float = 0.0
    flicker: float = 0.0
    overlay: Callable[[Picture, int], None] | None = None

    def looks(self, picture: Picture, number: int = NUM_LOOKS) -> Iterator[Picture]:
        rng = np.random.default_rng(3)
        for look in range(number):
            way = look / (number - 1)
            scale = 1 + self.zoom * way
            middle = np.array([(1 - scale) * side / 2 for side in SIZE]) + self.drift_px * way * np.array([1, 0.4])
            motion = np.array([[scale, 0, middle[0]], [0, scale, middle[1]]])
            shown = cv2.warpAffine(picture, motion, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
            light = 1 + self.flicker * rng.uniform(-1, 1)
            noisy = shown * light + rng.normal(0, self.noise, shown.shape[:2])[:, :, None]
            shown = np.clip(noisy, 0, 255).astype(np.uint8)
            if self.overlay:
                self.overlay(shown, look)
            yield shown


def clock(picture: Picture, look: int) -> None:
    cv2.putText(picture, f"{look * 7:02d}:{look * 13 % 60:02d}", (650, 200), 0, 2, (255, 255, 255), 4)


def logo(picture: Picture, look: int) -> None:
    left, top = 40 + look * 173 % 700, 100 + look * 91 % 450
    cv2.rectangle(picture, (left, top), (left + 110, top + 60), (30, 30, 200), -1)


DISGUISES = {
    "nothing": Disguise(),
    "noise": Disguise(noise=8),
    "zoom": Disguise(zoom=0.2),
    "drift": Disguise(drift_px=90),
    "flicker": Disguise(flicker=0.15),
    "clock": Disguise(overlay=clock),
    "logo": Disguise(overlay=logo),
    "zoom and noise": Disguise(zoom=0.2, noise=5),
    "drift and clock": Disguise(drift_px=90, overlay=clock),
    "all": Disguise(zoom=0.15, drift_px=40, noise=4, flicker=0.1, overlay=clock),
}


def watched(pictures, step_s: Fraction = Fraction(10)) -> StillWatch:
    watch = StillWatch()
    for frame in frames(pictures, step_s):
        watch.add(frame, cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY).astype(np.uint8))
    return watch


def long_share(watch: StillWatch) -> float:
    """How much of the looks those stretches make that a profile counts: half a minute and more."""
    long = [stretch.duration_s for stretch in watch.stretches if stretch.duration_s >= 30]
    return sum(long) / (10 * (NUM_LOOKS - 1))


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_still_is_told_whatever_is_laid_on_it(disguise):
    watch = watched(disguise.looks(ROOM))
    assert watch.share >= 0.8
    assert watch.pair is not None
    assert watch.pair[1].at_s - watch.pair[0].at_s >= 30


@pytest.mark.parametrize(
    "rows",
    [
        Rows(size_px=SMALL, faces=frozenset(range(0, 15, 2))),
        Rows(size_px=SMALL, faces=frozenset(range(15)), sway=0.03),
        Rows(size_px=SMALL, faces=frozenset(range(15)), noise=6),
        Rows(size_px=SMALL, faces=frozenset(range(4)), empty=frozenset(range(4, 15)), sway=0.03),
        Rows(size_px=SMALL, faces=frozenset(range(3)), empty=frozenset(range(3, 15))),
        Rows(size_px=SMALL, faces=frozenset(range(15)), disturbances=(shaken,)),
        Rows(size_px=SMALL, faces=frozenset(range(15)), disturbances=(flicker,)),
        Rows(size_px=SMALL, faces=NOBODY, empty=NOBODY, disturbances=(projector,)),
    ],
    ids=["rows", "very still", "noisy", "four", "three", "shaken", "flicker", "projector alone"],
)
def test_living_rooms_are_no_still(rows):
    assert long_share(watched(rows.looks(NUM_LOOKS))) <= 0.3


def test_a_camera_that_passes_over_living_people_is_no_still():
    rows = Rows(size_px=SMALL, faces=frozenset(range(15))).looks(NUM_LOOKS)
    moved = [np.ascontiguousarray(look[:, 12 * number : 12 * number + 480]) for number, look in enumerate(rows)]
    assert long_share(watched(moved)) == 0


def test_a_still_that_takes_turns_with_a_living_room_is_told_where_it_is():
    living = list(Rows(faces=frozenset(range(15))).looks(4))
    watch = watched([*living, *[ROOM] * 5, *living])
    assert watch.stretches == (Stretch(start_s=40.0, end_s=80.0),)
    assert watch.share == pytest.approx(40 / 120)
    assert [float(frame.at_s) for frame in watch.pair] == [40.0, 80.0]


def test_a_still_that_drifts_out_of_sight_is_followed():
    wall = textured(2400, 720, seed=4)
    looks = [wall[:, left : left + 960] for left in range(0, 1440, 60)]
    assert watched(looks).share == 1.0


def spots(*sizes_px: int) -> np.ndarray:
    """A picture of 200 x 100 with squares far apart."""
    moved = np.zeros((100, 200), bool)
    for number, side in enumerate(sizes_px):
        moved[10 : 10 + side, 10 + 60 * number : 10 + 60 * number + side] = True
    return moved


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (spots(), True),
        (spots(10, 10), True),
        (spots(10, 10, 10), False),
        (spots(10, 10, 1), True),
        (spots(10, 10, 2), False),
        (spots(31), True),
        (spots(32), False),
    ],
    ids=["none", "two", "three", "two and a speck", "two and four pixels", "just under 5 %", "just over"],
)
def test_an_overlay_is_two_places_and_a_twentieth_of_the_picture(moved, expected):
    assert is_at_most_an_overlay(moved) is expected


@pytest.mark.parametrize("size", [(1, 1), (8, 320), (31, 320)])
def test_pictures_too_small_to_tell_tell_nothing(size):
    flat = np.full(size, 90, np.uint8)
    assert is_same_still(flat, flat) is None


def test_pictures_of_two_sizes_are_not_compared():
    assert is_same_still(np.zeros((180, 320), np.uint8), np.zeros((240, 320), np.uint8)) is None


def test_two_rooms_are_not_one_still():
    one, other = (cv2.cvtColor(textured(320, 240, seed), cv2.COLOR_BGR2GRAY) for seed in (1, 2))
    assert not is_same_still(one, other)


@pytest.mark.parametrize("number", [0, 1])
def test_too_few_looks_show_no_still(number):
    watch = watched([ROOM] * number)
    assert (watch.stretches, watch.share, watch.pair) == ((), 0.0, None)
