"""Whether things jump from one picture to the next as if time had been taken out.

Half a second that is missing makes everything that moves jump at once, and nothing else. So what the motion from
picture to picture doesn't explain is compared with the same of the steps before and after it, place by place. Light
changes the levels but not the pattern, so patterns are correlated; a camera that was knocked moves everything alike,
so that is undone first; somebody who crosses the lens, or a flash, leaves the room as it was; a new slide changes one
place that was still and stays still. Measured by benchmarks/takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.observe.change import Grey

Floats = npt.NDArray[np.float32]

TAKE_WIDTH_PX = 320  # a head as narrow as a fortieth of the picture is a cell wide
_CELL_PX = 8
_TEXT_SHARE = 1 / 6  # of the height, above and below: a clock jumps every second
_DETAIL_SIGMA_PX = 6.0  # broader differences are light
# Grey levels that motion leaves unexplained in the detail of a picture this wide: noise of 6 levels in 640 x 360 gives
# 5 at most, a strong compression 8.
_CHANGED_LEVELS = 11.0
_SAME_PATTERN = 0.9  # of correlation in a cell; light leaves 0.95 and more
_LEAST_IN_CELL = 5 / 64
_LEAST_PX = 25
_TIMES = 1.6  # so many times the largest step nearby
_TIMES_TOGETHER = 1.4
_SHIFT_PX = 0.7  # the camera was moved: only another scene is told then
_BETTER, _MIDDLING_LEVELS = 0.8, 16.0
_OTHER_SCENE = 0.5
_LIGHT_LEVELS = 5.0  # of change in most of the room: a lamp, a curtain, the exposure
_STAYED = 0.5  # of the change must still be there at the end
_LEAST_DETAIL = 0.5  # of the detail before, or it got dark
# Still places inside a box of so large a share of the picture, and filling so much of it, are one: a projector's.
_SLIDE_SHARE, _SLIDE_FILL, _SMALL_BOX = 0.25, 0.25, 0.06
_LEAST_REACH = 4
_WARM_SHARE = 0.05  # of a jump: something that moves does so by at least that much


@dataclass(frozen=True, kw_only=True)
class Jump:
    """How a step differs from those around it: how many places jump, and what share of the picture changed."""

    num_places: int
    changed_share: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Place:
    """Where something jumps: how many pixels do, and how many do at most in any step before and after."""

    cells: npt.NDArray[np.bool_]
    pixels: float
    most_before: float
    most_after: float

    @property
    def is_warm(self) -> bool:
        """Whether it moves before as well as after it jumps: an encoder goes on mending a slide once it is there."""
        return min(self.most_before, self.most_after) >= max(_WARM_SHARE * self.pixels, 1)


@dataclass(frozen=True, kw_only=True)
class Least:
    """What a step must show to be a jump: so many places apart from each other, and so much of the picture (0 to 1)."""

    places: int
    share: float


def largest_jump(pictures: Sequence[Grey], steps: Mapping[int, Least]) -> tuple[int, Jump] | None:
    """The step at which most jumps, by the number of the picture after it; None if nothing does.

    Args:
        pictures: (height, width) uint8 each, `TAKE_WIDTH_PX` wide, in order of time; half a second and more of them
            before and after the steps asked for.
        steps: those asked for, and what each must show.
    """
    asked = [number for number in steps if 0 < number < len(pictures)]
    run = _Run([_room(picture) for picture in pictures], reach=max(min(asked, default=0), _LEAST_REACH))
    found = ((number, _jump_at(run, number, steps[number])) for number in asked)
    jumps = [(number, jump) for number, jump in found if jump is not None]
    return max(jumps, key=lambda one: one[1].changed_share, default=None)


class _Run:
    """The patterns of neighbouring pictures, and how each differs from the one before, worked out when asked for."""

    def __init__(self, rooms: list[Floats], reach: int) -> None:
        self.rooms = rooms
        self.reach = reach  # how many steps before and after one are compared with it
        self.patterns = [_pattern(room) for room in rooms]
        self._steps: dict[int, Floats] = {}

    def step(self, number: int) -> Floats:
        """(rows, columns) the share of each cell that changed up to this picture."""
        if number not in self._steps:
            self._steps[number] = _changed(self.patterns[number - 1], self.patterns[number])
        return self._steps[number]

    def around(self, number: int) -> tuple[list[Floats], list[Floats]]:
        """The steps shortly before and after this one."""
        before, after = range(max(number - self.reach, 1), number), range(number + 1, self.last_near(number) + 1)
        return [self.step(one) for one in before], [self.step(one) for one in after]

    def last_near(self, number: int) -> int:
        return min(number + self.reach, len(self.patterns) - 1)


def _room(picture: Grey) -> Floats:
    """The picture without the recorder's text."""
    strip = round(picture.shape[0] * _TEXT_SHARE)
    return picture[strip : picture.shape[0] - strip].astype(np.float32)


def _pattern(room: Floats) -> Floats:
    """The detail of the picture."""
    return np.asarray(room - cv2.GaussianBlur(room, (0, 0), _DETAIL_SIGMA_PX), np.float32)


def _changed(one: Floats, other: Floats) -> Floats:
    share = _means((np.abs(other - one) > _CHANGED_LEVELS).astype(np.float32))
    product, first, second = (_means(values) for values in (one * other, one**2, other**2))
    alike = product / np.sqrt(np.maximum(first * second, 1e-3))
    return np.asarray(np.where(alike < _SAME_PATTERN, share, 0), np.float32)


def _means(values: Floats) -> Floats:
    rows, columns = (side // _CELL_PX for side in values.shape)
    whole = values[: rows * _CELL_PX, : columns * _CELL_PX]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def _jump_at(run: _Run, number: int, least: Least) -> Jump | None:
    """What jumps at the step to this picture; None where nothing does, or something else explains it."""
    here = run.step(number)
    share = float(np.mean(here > _LEAST_IN_CELL))
    if here.sum() * _CELL_PX**2 < _LEAST_PX or share < least.share:
        return None
    other_scene = share >= _OTHER_SCENE
    light = _light_changed(run, number) and not other_scene
    if _got_dark(run, number) or light or _camera_moved(run, number):
        return None
    before, after = run.around(number)
    places = len(_places(here, before, after))
    if least.places == 1 and not places and _stands_out(here, (*before, *after)):
        places = 1
    needed = 1 if other_scene else least.places
    if places < needed or not _stays(run, here, number):
        return None
    return Jump(num_places=places, changed_share=share)


def _stands_out(here: Floats, others: Sequence[Floats]) -> bool:
    """Whether more changes altogether than in any step nearby, though no single place does."""
    most = max((float(step.sum()) for step in others), default=0.0)
    return float(here.sum()) >= max(2 * _LEAST_PX / _CELL_PX**2, _TIMES_TOGETHER * most)


def _got_dark(run: _Run, number: int) -> bool:
    return bool(run.patterns[number].std() < _LEAST_DETAIL * run.patterns[number - 1].std())


def _light_changed(run: _Run, number: int) -> bool:
    return abs(float(np.median(run.rooms[number] - run.rooms[number - 1]))) > _LIGHT_LEVELS


def _camera_moved(run: _Run, number: int) -> bool:
    """Whether the whole room fits better when it is shifted; somebody large who walks doesn't take it along."""
    before, after = run.patterns[number - 1], run.patterns[number]
    window = cv2.createHanningWindow(before.shape[::-1], cv2.CV_32F)
    shift, _ = cv2.phaseCorrelate(before.copy(), after.copy(), window)  # which writes the window into what it is given
    if float(np.hypot(shift[0], shift[1])) <= _SHIFT_PX:
        return False
    way = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    back = cv2.warpAffine(after, way, after.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    unlike = [float(np.minimum(np.abs(one - before), _MIDDLING_LEVELS).mean()) for one in (back, after)]
    return unlike[0] < _BETTER * unlike[1]


def _places(here: Floats, before: Sequence[Floats], after: Sequence[Floats]) -> list[_Place]:
    """The places, apart from each other, that change more than in any step nearby; still ones in a box are one."""
    moved = cv2.dilate((here > _LEAST_IN_CELL).astype(np.uint8), np.ones((3, 3), np.uint8))
    number, labels = cv2.connectedComponents(moved)
    places = []
    for label in range(1, number):
        cells = np.asarray(labels == label)
        pixels = _pixels(here, cells)
        sides = [max((_pixels(step, cells) for step in side), default=0.0) for side in (before, after)]
        if pixels >= max(_LEAST_PX, _TIMES * max(sides)):
            places.append(_Place(cells=cells, pixels=pixels, most_before=sides[0], most_after=sides[1]))
    still = [place for place in places if not place.is_warm]
    moving = [place for place in places if place.is_warm]
    return [*moving, *(still[:1] if still and _may_be_a_slide(still) else still)]


def _pixels(step: Floats, cells: npt.NDArray[np.bool_]) -> float:
    return float(step[cells].sum()) * _CELL_PX**2


def _may_be_a_slide(places: Sequence[_Place]) -> bool:
    together = np.logical_or.reduce([place.cells for place in places])
    rows, columns = np.nonzero(together)
    box = int(np.ptp(rows) + 1) * int(np.ptp(columns) + 1)
    filled = np.count_nonzero(together) >= _SLIDE_FILL * box or box <= _SMALL_BOX * together.size
    return bool(box <= _SLIDE_SHARE * together.size and filled)


def _stays(run: _Run, here: Floats, number: int) -> bool:
    """Whether the change is still there shortly after: a flash and somebody who passes leave the room as it was."""
    later = np.abs(run.patterns[run.last_near(number)] - run.patterns[number - 1]) > _CHANGED_LEVELS
    places = here > _LEAST_IN_CELL
    still_there = _means(later.astype(np.float32)) > _LEAST_IN_CELL
    return bool((still_there & places).sum() >= _STAYED * places.sum())
