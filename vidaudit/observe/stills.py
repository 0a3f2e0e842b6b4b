"""A still passed off as video: whatever was laid on it, between two looks nothing in it lives.

Noise and flicker are what a camera does too, and a clock runs in honest footage as well; so a look is held against an
earlier one with all that undone. A still that drifts or is zoomed into is laid over itself first (corners followed
from picture to picture, a similarity by RANSAC): a room filmed by a moving camera doesn't fit like that, because near
things pass before far ones and people live. An overlay that moves changes two places, where it was and where it is;
a class of people changes more of them within half a minute.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.media import Frame
from vidaudit.model.still import Stretch
from vidaudit.observe.change import Grey, changed_beyond_noise, room
from vidaudit.observe.resize import resized

_WIDTH_PX = 320
_MIN_HEIGHT_PX = 32
_MOST_PLACES, _MOST_SHARE = 2, 0.05  # of the picture that an overlay may take
_GAP_PX = 9  # what is nearer together is one place: the letters of a line
_SPECK_PX = 4  # fewer pixels are left over from a strong compression
_NO_MOTION_PX = 0.3
_SOFTEN_PX = 1.6
_BLACK_LEVEL, _WHITE_LEVEL = 8, 247
_NUM_CORNERS, _CORNER_QUALITY, _CORNER_DISTANCE_PX = 200, 0.01, 6
_WINDOW_PX, _LEVELS = (21, 21), 4
_MIN_INLIERS, _MIN_INLIER_SHARE, _RANSAC_PX = 20, 0.6, 1.0
_MIN_OVERLAP = 0.5

_Motion = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """One frame and its small grey picture without the strips for text."""

    frame: Frame
    small: Grey


class StillWatch:
    """Looks for stretches that show one still. Feed a clip's frames in order of time."""

    def __init__(self) -> None:
        self._first_s = 0.0
        self._anchor: _Look | None = None
        self._previous: _Look | None = None
        self._stretches: list[Stretch] = []
        self._pair: tuple[Frame, Frame] | None = None

    def add(self, frame: Frame, grey: Grey) -> None:
        """The next frame, and its grey levels (height, width) uint8."""
        look = _Look(frame=frame, small=_small(grey))
        if self._anchor is None or self._previous is None:
            self._first_s, self._anchor = float(frame.at_s), look
        else:
            self._follow(self._anchor, self._previous, look)
        self._previous = look

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Stretches that show one still, in order; those that touch are one."""
        return tuple(self._stretches)

    @property
    def share(self) -> float:
        """How much of the time looked at they make, 0 to 1."""
        if self._previous is None:
            return 0.0
        looked_s = float(self._previous.frame.at_s) - self._first_s
        return sum(one.duration_s for one in self._stretches) / max(looked_s, 1e-6)

    @property
    def pair(self) -> tuple[Frame, Frame] | None:
        """The first and the last look of the longest time that one still was shown for; None without any."""
        return self._pair

    def _follow(self, anchor: _Look, previous: _Look, look: _Look) -> None:
        """Hold the look against the first one of the still, and where that is out of sight, against the last."""
        same = is_same_still(anchor.small, look.small)
        if same is None and previous is not anchor:
            anchor = previous
            same = is_same_still(previous.small, look.small)
        if not same:
            self._anchor = look
            return
        self._anchor = anchor
        self._lengthen(Stretch(start_s=float(anchor.frame.at_s), end_s=float(look.frame.at_s)))
        if self._pair is None or _apart_s((anchor.frame, look.frame)) > _apart_s(self._pair):
            self._pair = anchor.frame, look.frame

    def _lengthen(self, stretch: Stretch) -> None:
        if self._stretches and self._stretches[-1].end_s >= stretch.start_s:
            start_s = min(self._stretches.pop().start_s, stretch.start_s)
            stretch = Stretch(start_s=start_s, end_s=stretch.end_s)
        self._stretches.append(stretch)


def is_same_still(before: Grey, after: Grey) -> bool | None:
    """Whether two looks show one still; None where they can't be laid over each other.

    Args:
        before, after: (height, width) uint8, `_WIDTH_PX` wide, without the strips for text.
    """
    if before.shape != after.shape or min(before.shape) < _MIN_HEIGHT_PX:
        return None
    if _shows_the_same(before, after):
        return True
    motion = _motion(before, after)
    if motion is not None and _is_no_motion(motion, before.shape[::-1]):
        return False
    laid = None if motion is None else _laid(before, after, motion)
    return None if laid is None else _shows_the_same(*(_softened(picture) for picture in laid))


def _shows_the_same(before: Grey, after: Grey) -> bool:
    """Whether they are one still as they lie; what is blown out or black in either tells nothing of it."""
    lowest, highest = np.minimum(before, after), np.maximum(before, after)
    told = (lowest > _BLACK_LEVEL) & (highest < _WHITE_LEVEL)
    return is_at_most_an_overlay(changed_beyond_noise(before, after) & told)


def _softened(picture: Grey) -> Grey:
    """A picture that was laid over another one is softer than it; both are made so."""
    return cv2.GaussianBlur(picture, (0, 0), _SOFTEN_PX).astype(np.uint8)


def is_at_most_an_overlay(moved: npt.NDArray[np.bool_]) -> bool:
    """Whether what changed is no more than something small that was moved about on the picture.

    Args:
        moved: (height, width) bool.
    """
    if moved.mean() > _MOST_SHARE:
        return False
    together = cv2.dilate(moved.astype(np.uint8), np.ones((_GAP_PX, _GAP_PX), np.uint8))
    number, labels = cv2.connectedComponents(together)
    sizes = np.bincount(labels[moved], minlength=number)[1:]
    return int(np.count_nonzero(sizes >= _SPECK_PX)) <= _MOST_PLACES


def _small(grey: Grey) -> Grey:
    return resized(room(grey), min(1.0, _WIDTH_PX / grey.shape[1]))


def _apart_s(pair: tuple[Frame, Frame]) -> float:
    return float(pair[1].at_s - pair[0].at_s)


def _is_no_motion(motion: _Motion, size: tuple[int, int]) -> bool:
    """Whether no corner of a picture of this (width, height) moves by more than a trembling camera's."""
    corners = np.array([[0, 0, 1], [size[0], 0, 1], [0, size[1], 1], [size[0], size[1], 1]], np.float64)
    return bool(np.abs(corners @ motion.T - corners[:, :2]).max() < _NO_MOTION_PX)


def _motion(before: Grey, after: Grey) -> _Motion | None:
    """The similarity (2, 3) from the earlier picture's pixels to the later one's; None where most don't share one."""
    corners = cv2.goodFeaturesToTrack(before, _NUM_CORNERS, _CORNER_QUALITY, _CORNER_DISTANCE_PX)
    if corners is None or len(corners) < _MIN_INLIERS:
        return None
    nowhere = np.zeros_like(corners)
    reached, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, nowhere, winSize=_WINDOW_PX, maxLevel=_LEVELS)
    followed = found.ravel() == 1
    if followed.sum() < _MIN_INLIERS:
        return None
    source, target = corners[followed], reached[followed]
    motion, inliers = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=_RANSAC_PX)
    if motion is None or inliers.sum() < max(_MIN_INLIERS, _MIN_INLIER_SHARE * len(corners)):
        return None
    return np.asarray(motion, np.float64)


def _laid(before: Grey, after: Grey, motion: _Motion) -> tuple[Grey, Grey] | None:
    """The earlier picture moved to where the later one is, and the later one: the part that both show."""
    size = before.shape[::-1]
    moved = cv2.warpAffine(before, motion, size, flags=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
    seen = cv2.warpAffine(np.full_like(before, 255), motion, size, flags=cv2.INTER_NEAREST) == 255
    rows, columns = (np.flatnonzero(seen.mean(axis=axis) > _MIN_OVERLAP) for axis in (1, 0))
    if seen.mean() < _MIN_OVERLAP:
        return None
    inside = np.s_[rows[0] + 2 : rows[-1] - 1, columns[0] + 2 : columns[-1] - 1]
    return moved[inside], after[inside]
