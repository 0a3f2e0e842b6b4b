"""Whether two short runs of pictures show the same motion: what moves where, in order and in time.

Two honest lessons in one room look alike, so the room itself only lays one picture over the other (rescaled, cropped,
mirrored). What counts is how each place changes with time: its mean over the run is taken away, so is the light that
changes everywhere, and the places that move in either run are correlated one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.fingerprint import Excerpt
from vidaudit.observe.borders import BorderWatch
from vidaudit.observe.change import Grey, overlay_rows

Floats = npt.NDArray[np.float32]
Motion = npt.NDArray[np.float32]
Times = npt.NDArray[np.float64]

_WIDTH_PX, _HEIGHT_PX = 160, 90
_CELLS = (80, 45)
_PLAIN_PX = 8.0  # broader differences of brightness don't help to lay one room over another
_SCALES = (1.0, 0.94, 1.06)  # a copy may be cropped a little; the fit finds the rest
_FIT_STEPS = 40
_MIN_FIT = 0.3  # below, the map is a guess
# From here on it is the room: another way to lay it needn't be tried. Measured on the lessons of
# benchmarks/reuse.py and of disc-real: 0.96 and more in one room, however it is disguised; at most 0.36 mirrored.
_SURE_FIT = 0.8
_SURE_SCORE = 0.9  # no better map is needed
_MOVING_CAMERA = 1000  # of the 3,600 places: then all that is seen moves
_MOVING_LEVELS = 1.5  # of deviation in a cell; noise of 2 levels in 640 x 360 pixels leaves a quarter of a level there
_MOST_LEVELS = 8.0  # a cell that moves more weighs no more: nobody in front may drown the class
_MIN_CELLS = 12
_LAG_STEP_S = 0.1
_MIN_PICTURES = 4
_INSIDE = 0.99  # of a pixel of the other picture
_EVERYWHERE = np.ones((_HEIGHT_PX, _WIDTH_PX), np.uint8)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How alike two runs move.

    Args:
        score: mean correlation of the moving places, -1 to 1.
        lag_s: by how much the second run comes later than was supposed.
        mirrored: whether it is a mirror image.
        num_moving: places that move, of 80 x 45.
    """

    score: float
    lag_s: float
    mirrored: bool
    num_moving: int


@dataclass(frozen=True, kw_only=True, eq=False)
class _Run:
    """Pictures, (pictures, height, width) or (pictures, cells), and their times."""

    pictures: Floats
    times_s: Times


@dataclass(frozen=True, kw_only=True, eq=False)
class _Room:
    """How one picture lies over another: mirrored first, then by an affine map, (2, 3); how well it fits, 0 to 1."""

    way: Floats
    mirrored: bool
    fit: float = 0.0


def compare(first: Excerpt, second: Excerpt, lag_s: float, slack_s: float) -> Agreement | None:
    """How the runs agree when the second shows `lag_s` later what the first does; None where too little moves to tell.

    Args:
        first, second: pictures in order of time, a few a second; the second should begin and end `slack_s` beyond.
        slack_s: how far the lag may be off.
    """
    if min(len(first.at_s), len(second.at_s)) < _MIN_PICTURES:
        return None
    one = _Run(pictures=_pictures(first.pictures), times_s=_times(first))
    other = _Run(pictures=_pictures(second.pictures), times_s=_times(second) - lag_s)
    rooms = _rooms(one, other)
    tried = [_tried(one, other, room, slack_s) for room in rooms]
    found = [agreement for agreement in tried if agreement is not None]
    if not found:
        return None
    best = max(found, key=lambda agreement: agreement.score)
    stands = rooms[0].fit >= _SURE_FIT and best.num_moving < _MOVING_CAMERA
    if best.score >= _SURE_SCORE or stands:
        return best
    # A camera that moves shows the same view only at the right lag: once that is known, the views fit better.
    again = _tried(one, other, _fitted(one, other, best.lag_s, best.mirrored), slack_s)
    return best if again is None or again.score <= best.score else again


def _times(excerpt: Excerpt) -> Times:
    return np.array([float(at_s) for at_s in excerpt.at_s])


def _pictures(greys: Sequence[Grey]) -> Floats:
    """(pictures, height, width) small, without borders."""
    watch = BorderWatch()
    for grey in greys:
        watch.add(grey)
    area = watch.active_area()
    if area is None:
        return np.stack([_small(grey) for grey in greys])
    top, left = round(area.y_px), round(area.x_px)
    bottom, right = top + round(area.height_px), left + round(area.width_px)
    return np.stack([_small(grey[top:bottom, left:right]) for grey in greys])


def _small(grey: Grey) -> Floats:
    return cv2.resize(grey, (_WIDTH_PX, _HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.float32)


def _rooms(one: _Run, other: _Run) -> list[_Room]:
    """Ways to lay the other run's pictures over the one's: that which surely fits, or else all that are left."""
    fitted = []
    for mirrored in (False, True):
        room = _fitted(one, other, 0.0, mirrored)
        if room.fit >= _SURE_FIT:
            return [room]
        fitted.append(room)
    whole = np.eye(2, 3, dtype=np.float32)
    return [*(_Room(way=whole, mirrored=mirrored) for mirrored in (False, True)), *fitted]


def _fitted(one: _Run, other: _Run, lag_s: float, mirrored: bool) -> _Room:
    """The affine map that lays the other's picture over the one's at the middle of the run; none where none fits."""
    middle = len(one.pictures) // 2
    partner = int(np.abs(other.times_s - one.times_s[middle] - lag_s).argmin())
    still = _without_light(one.pictures[middle])
    turned = _without_light(_turned(other.pictures[partner], mirrored))
    steps = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _FIT_STEPS, 1e-4)
    best = _Room(way=np.eye(2, 3, dtype=np.float32), mirrored=mirrored)
    for scale in _SCALES:
        shift = (1 - scale) / 2
        start = np.array([[scale, 0, shift * _WIDTH_PX], [0, scale, shift * _HEIGHT_PX]], np.float32)
        try:
            fit, way = cv2.findTransformECC(still, turned, start, cv2.MOTION_AFFINE, steps, _EVERYWHERE, 5)
        except cv2.error:  # it doesn't converge: another room, or nothing in it
            continue
        if fit > max(best.fit, _MIN_FIT):
            best = _Room(way=np.asarray(way, np.float32), mirrored=mirrored, fit=float(fit))
        if best.fit >= _SURE_FIT:
            break
    return best


def _turned(picture: Floats, mirrored: bool) -> Floats:
    return np.ascontiguousarray(picture[:, ::-1] if mirrored else picture)


def _without_light(room: Floats) -> Floats:
    strip = overlay_rows(_HEIGHT_PX)
    detail = room - cv2.GaussianBlur(room, (0, 0), _PLAIN_PX)
    detail[:strip] = 0
    detail[_HEIGHT_PX - strip :] = 0
    return np.ascontiguousarray(detail, np.float32)


def _tried(one: _Run, other: _Run, room: _Room, slack_s: float) -> Agreement | None:
    """The best agreement with the pictures laid over each other like this."""
    laid = np.stack([_laid(picture, room) for picture in other.pictures])
    usable = _usable(_laid(np.ones_like(laid[0]), room) > _INSIDE)
    before, after = (_changes(_cells(pictures)[:, usable]) for pictures in (one.pictures, laid))
    # No part of a run deviates by more than half of what all of it spans: these cells can be left out at once.
    moving = np.maximum(np.ptp(before, axis=0), np.ptp(after, axis=0)) / 2 > _MOVING_LEVELS
    runs = (
        _Run(pictures=before[:, moving], times_s=one.times_s),
        _Run(pictures=after[:, moving], times_s=other.times_s),
    )
    return _best(*runs, slack_s, room.mirrored)


def _laid(picture: Floats, room: _Room) -> Floats:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = _turned(picture, room.mirrored)
    return np.asarray(cv2.warpAffine(turned, room.way, (_WIDTH_PX, _HEIGHT_PX), flags=flags), np.float32)


def _cells(pictures: Floats) -> Motion:
    """(pictures, cells) grey levels."""
    small = [cv2.resize(picture, _CELLS, interpolation=cv2.INTER_AREA).ravel() for picture in pictures]
    return np.stack(small).astype(np.float32)


def _usable(seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """(cells,) whether both runs show the cell and no recorder writes there."""
    whole = cv2.resize(seen.astype(np.float32), _CELLS, interpolation=cv2.INTER_AREA) > 0.99
    strip = overlay_rows(_CELLS[1]) + 1
    whole[:strip], whole[_CELLS[1] - strip :] = False, False
    return np.asarray(whole.ravel())


def _best(one: _Run, other: _Run, slack_s: float, mirrored: bool) -> Agreement | None:
    """The agreement at the lag within the slack where it is best."""
    best: Agreement | None = None
    for lag_s in np.arange(-slack_s, slack_s + _LAG_STEP_S / 2, _LAG_STEP_S):
        wanted_s = one.times_s + lag_s
        shared = (wanted_s >= other.times_s[0]) & (wanted_s <= other.times_s[-1])
        if shared.sum() < max(_MIN_PICTURES, len(shared) // 2):
            continue
        score, number = _correlation(one.pictures[shared], _at(other, wanted_s[shared]))
        if number >= _MIN_CELLS and (best is None or score > best.score):
            best = Agreement(score=score, lag_s=float(lag_s), mirrored=mirrored, num_moving=number)
    return best


def _at(run: _Run, wanted_s: Times) -> Motion:
    """A run's pictures at other times, blended from their neighbours."""
    pictures, times_s = run.pictures, run.times_s
    after = np.clip(np.searchsorted(times_s, wanted_s), 1, len(times_s) - 1)
    gap = np.maximum(times_s[after] - times_s[after - 1], 1e-6)
    share = np.clip((wanted_s - times_s[after - 1]) / gap, 0, 1).astype(np.float32)[:, None]
    return np.asarray(pictures[after - 1] * (1 - share) + pictures[after] * share)


def _correlation(one: Motion, other: Motion) -> tuple[float, int]:
    """(mean correlation over the cells that move in either, how many those are)."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    deviation = one.std(axis=0), other.std(axis=0)
    moving = np.maximum(*deviation) > _MOVING_LEVELS
    if not moving.any():
        return 0.0, 0
    product = (one * other).mean(axis=0)[moving]
    each = product / np.maximum(deviation[0][moving] * deviation[1][moving], 0.25)
    weight = np.minimum(np.maximum(*deviation)[moving], _MOST_LEVELS)
    return float(np.average(each, weights=weight)), int(moving.sum())


def _changes(cells: Motion) -> Motion:
    """How each cell differs from its own mean, apart from what all of them do at once."""
    changes = cells - cells.mean(axis=0)
    changes -= np.median(changes, axis=1, keepdims=True)
    return np.asarray(changes)
