"""How much a picture changes from one look to the next, told from noise, flicker and the recorder's clock."""

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.observe.detect import Image
from vidaudit.observe.resize import resized

Grey = npt.NDArray[np.uint8]

_NEIGHBOURS = np.ones((3, 3), np.uint8)

_OVERLAY_SHARE = 0.1  # recorders burn clock and title into the top and bottom tenth
_COLUMNS = 64
# Largest change of a block, in grey levels: between pictures of the classroom of the test media at least 22, at a
# tenth of its light 2 to 8; of a still at most 2.3 with noise of 8 levels.
MOVED_LEVELS = 3.0
# Measured on the classroom of the test media, its heads 14 to 20 px wide: 4 levels beyond what a shift by 0.4 px gives
# show its people in up to 0.6 of a head's area and the room round them in at most 0.03.
_CHANGED_LEVELS = 4.0
_BEYOND_NOISE, _MEDIAN_OF_NOISE = 5.0, 0.6745  # standard deviations, and the median of a normal distribution's size
_MOST_NOISE_LEVELS = 14.0  # people change by 20 and more; two pictures that have nothing in common aren't noise
_SHIFT_PX = 0.4  # how far two looks of a fixed camera may be off each other
_TYPICAL_DEVIATION = (
    45.0  # of a lit room's grey levels; both looks are brought to it, so that light switched on is even
)
_HALF = 0.5  # the size at which a shift is found well enough and four times as fast
_LEAST_SIDE_PX = 16
_LEAST_SHIFT_PX, _MOST_SHIFT_PX = 0.15, 8.0  # a camera that trembles; less is noise, more isn't a tremble
_MIDDLING_LEVELS = 16
_FITS = 4  # of the line that takes one look's light to another's; each leaves out what fitted the last one worst
_COARSE, _BROAD_PX = 0.25, 31  # what changes over several heads, 124 px, is light


def room(grey: Grey) -> Grey:
    """The picture without the strips for the recorder's text."""
    strip = overlay_rows(grey.shape[0])
    return grey[strip : grey.shape[0] - strip]


def overlay_rows(height_px: int) -> int:
    """How many rows at the top, and at the bottom, a recorder may have put text into."""
    return int(height_px * _OVERLAY_SHARE)


def thumbnail(image: Image, max_width_px: int) -> Grey:
    """The picture in grey levels, at most this wide."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    return resized(grey, min(1.0, max_width_px / image.shape[1]))


def changed(before: Grey, after: Grey) -> npt.NDArray[np.bool_]:
    """(height, width), true where a pixel changed by more than light, noise and a camera's tremble explain."""
    return np.asarray(_unexplained(before, after) > _CHANGED_LEVELS)


def changed_beyond_noise(before: Grey, after: Grey) -> npt.NDArray[np.bool_]:
    """The same where there may be stronger noise: half of the pixels change by no more than its median."""
    change = _unexplained(before, after)
    noise = float(np.median(np.abs(change))) / _MEDIAN_OF_NOISE
    return np.asarray(change > min(max(_CHANGED_LEVELS, _BEYOND_NOISE * noise), _MOST_NOISE_LEVELS))


def _unexplained(before: Grey, after: Grey) -> npt.NDArray[np.float32]:
    """Grey levels by which each pixel changed beyond what light and a small shift explain; below 0 where it didn't."""
    after = _held_still(before, after)
    scale = np.float32(_TYPICAL_DEVIATION / max(float(after.std()), 1.0))
    one, other = _lit_as(before, after) * scale, after * scale
    change = other - one
    change -= _broadly(change)
    rise = cv2.dilate(one, _NEIGHBOURS) - one
    fall = one - cv2.erode(one, _NEIGHBOURS)
    return np.asarray(np.maximum(change - _SHIFT_PX * rise, -change - _SHIFT_PX * fall), np.float32)


def _held_still(before: Grey, after: Grey) -> Grey:
    """The later picture shifted onto the earlier one, by phase correlation, where that makes them more alike."""
    if min(before.shape) < _LEAST_SIDE_PX:
        return after
    small = [resized(picture, _HALF).astype(np.float32) for picture in (before, after)]
    shift, _ = cv2.phaseCorrelate(small[0], small[1])
    dx, dy = shift[0] / _HALF, shift[1] / _HALF
    if not _LEAST_SHIFT_PX <= float(np.hypot(dx, dy)) <= _MOST_SHIFT_PX:
        return after
    motion = np.array([[1, 0, -dx], [0, 1, -dy]])
    held = cv2.warpAffine(after, motion, after.shape[::-1], borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    return held if _unlike(before, held) < _unlike(before, after) else after


def _unlike(one: Grey, other: Grey) -> float:
    """The mean difference, large ones counted as middling: they are what moved."""
    return float(np.minimum(cv2.absdiff(one, other), _MIDDLING_LEVELS).mean())


def _lit_as(before: Grey, after: Grey) -> npt.NDArray[np.float32]:
    """The earlier picture in the light of the later one: the line that fits most of it, whatever moved elsewhere."""
    x, y = before[::4, ::4].ravel().astype(np.float32), after[::4, ::4].ravel().astype(np.float32)
    rest = np.zeros_like(x)
    gain, offset = np.float32(1), np.float32(0)
    for _ in range(_FITS):
        agrees = rest <= max(float(np.median(rest)) * 2, _CHANGED_LEVELS)
        deviation = float(x[agrees].std())
        if deviation < 1:
            break
        gain = np.float32(np.mean((x[agrees] - x[agrees].mean()) * (y[agrees] - y[agrees].mean())) / deviation**2)
        offset = np.float32(y[agrees].mean() - gain * x[agrees].mean())
        rest = np.abs(y - gain * x - offset)
    return np.asarray(gain * before + offset, np.float32)


def _broadly(change: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The median change of each pixel's wide neighbourhood: that of the light, whoever moves in it."""
    size = [max(1, round(side * _COARSE)) for side in change.shape[::-1]]
    coarse = cv2.resize(change, size, interpolation=cv2.INTER_AREA)
    levels = np.clip(np.round(coarse + 128), 0, 255).astype(np.uint8)
    median = cv2.medianBlur(levels, _BROAD_PX).astype(np.float32) - 128
    return np.asarray(cv2.resize(median, change.shape[::-1], interpolation=cv2.INTER_LINEAR))


def blocks(grey: Grey) -> Grey:
    """Means of whole square blocks, 64 across; what is left over at the right and at the bottom isn't looked at."""
    side = max(1, grey.shape[1] // _COLUMNS)
    rows, columns = (max(1, length // side) for length in grey.shape)
    whole = grey[: rows * side, : columns * side]
    return cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.uint8)


def largest_change(before: Grey, after: Grey) -> float:
    """By how many grey levels the block that changed most did so, apart from what all of them did together.

    Args:
        before, after: `blocks` of two pictures of one size.
    """
    change = after.astype(np.float32) - before
    return float(np.abs(change - np.median(change)).max())
