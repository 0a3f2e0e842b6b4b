"""Whether things jump from one picture to the next as if time had been taken out.

Half a second that is missing makes everything that moves jump at once, and nothing else. So what changes from picture
to picture is compared with the same of the steps before and after it, place by place: it counts by how much more
changes than in any of them. Light changes the levels but not the pattern, so patterns are correlated; a knocked camera
moves everything alike, so that is undone first; somebody who crosses the lens, or a flash, leaves the room as it was; a
new slide, or a film that is shown, changes one place. Measured by benchmarks/takes.
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
_LEAST_EXCESS_IN_CELL = 3 / 64
_LEAST_IN_PLACE_PX = 10.0
# Of the most that changes in any step nearby. Measured: somebody near the lens who walks exceeds his own steps by 0.1
# of that at most, a knocked camera by 0.01; half the splices by more than all of it.
_LEAST_EXCESS = 0.2
_SHIFT_PX = 0.7  # the camera was moved: only another scene is told then
_BETTER, _MIDDLING_LEVELS = 0.8, 16.0
_OTHER_SCENE, _TIMES = 0.5, 1.4  # of the picture; the largest step nearby, also where a moving camera changes all
_LIGHT_LEVELS = 5.0  # of change in most of the room: a lamp, a curtain, the exposure
_STAYED = 0.5  # of the change must still be there at the end
_LEAST_DETAIL = 0.5  # of the detail before, or it got dark
# Places inside a box of so large a share of the picture, and filling so much of it, are one: a screen's.
_SCREEN_SHARE, _SCREEN_FILL, _SMALL_BOX = 0.25, 0.25, 0.06
_LEAST_REACH = 4


@dataclass(frozen=True, kw_only=True)
class Jump:
    """How a step differs from those around it.

    Args:
        num_places: how many places, apart from each other, jump.
        changed_share: of the picture (0 to 1).
        excess_px: how many pixels more change than in any step nearby, in a picture `TAKE_WIDTH_PX` wide.
    """

    num_places: int
    changed_share: float
    excess_px: float


@dataclass(frozen=True, kw_only=True)
class Least:
    """What a step must show to be a jump: so many places, so many pixels in all, so much of the picture (0 to 1)."""

    places: int
    excess_px: float
    share: float = 0.0


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
    return max(jumps, key=lambda one: one[1].excess_px, default=None)


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

    def around(self, number: int) -> list[Floats]:
        """The steps shortly before and after this one."""
        near = range(max(number - self.reach, 1), self.last_near(number) + 1)
        return [self.step(one) for one in near if one != number]

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
    here, around = run.step(number), run.around(number)
    excess = _excess(here, around)
    excess_px = float(excess.sum()) * _CELL_PX**2
    share = float(np.mean(here > _LEAST_IN_CELL))
    other_scene = share >= _OTHER_SCENE and float(here.sum()) * _CELL_PX**2 >= _TIMES * _most_px(around)
    jumps = excess_px >= max(least.excess_px, _LEAST_EXCESS * _most_px(around))
    if share < least.share or not (jumps or other_scene):
        return None
    light = _light_changed(run, number) and not other_scene
    if _got_dark(run, number) or light or _camera_moved(run, number):
        return None
    places = max(_places(excess), int(other_scene))
    if places < (1 if other_scene else least.places) or not _stays(run, here, number):
        return None
    return Jump(num_places=places, changed_share=share, excess_px=excess_px)


def _excess(here: Floats, around: Sequence[Floats]) -> Floats:
    """(rows, columns) by how much more of each cell changes here than in it or beside it in any step nearby."""
    most = np.max(around, axis=0) if around else np.zeros_like(here)
    return np.asarray(np.maximum(here - cv2.dilate(most, np.ones((3, 3), np.uint8)), 0), np.float32)


def _most_px(around: Sequence[Floats]) -> float:
    return max((float(step.sum()) for step in around), default=0.0) * _CELL_PX**2


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


def _places(excess: Floats) -> int:
    """How many places, apart from each other, jump; those that may all be on one screen are one."""
    moved = cv2.dilate((excess > _LEAST_EXCESS_IN_CELL).astype(np.uint8), np.ones((3, 3), np.uint8))
    number, labels = cv2.connectedComponents(moved)
    pixels = [float(excess[labels == label].sum()) * _CELL_PX**2 for label in range(1, number)]
    enough = [label for label, px in enumerate(pixels, start=1) if px >= _LEAST_IN_PLACE_PX]
    return min(len(enough), 1) if enough and _may_be_a_screen(np.isin(labels, enough)) else len(enough)


def _may_be_a_screen(cells: npt.NDArray[np.bool_]) -> bool:
    rows, columns = np.nonzero(cells)
    box = int(np.ptp(rows) + 1) * int(np.ptp(columns) + 1)
    filled = np.count_nonzero(cells) >= _SCREEN_FILL * box or box <= _SMALL_BOX * cells.size
    return bool(box <= _SCREEN_SHARE * cells.size and filled)


def _stays(run: _Run, here: Floats, number: int) -> bool:
    """Whether the change is still there shortly after: a flash and somebody who passes leave the room as it was."""
    later = np.abs(run.patterns[run.last_near(number)] - run.patterns[number - 1]) > _CHANGED_LEVELS
    places = here > _LEAST_IN_CELL
    still_there = _means(later.astype(np.float32)) > _LEAST_IN_CELL
    return bool((still_there & places).sum() >= _STAYED * places.sum())
