"""A picture made of several smaller ones: one of them repeated or mirrored, or two side by side.

A room may be symmetrical, but its people, desks and shadows aren't: the detail of its halves correlates by 0.5 at most,
that of one face seen from near by 0.72 (150 clips and photographs); copies of one picture by 0.98, whatever their
light, noise and compression.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box
from vidaudit.observe.change import overlay_rows
from vidaudit.observe.looks import SMALL_WIDTH_PX, Looks
from vidaudit.observe.seams import Seams

Floats = npt.NDArray[np.float32]
Turn = Callable[[Floats], Floats]

_LEAST_LIKENESS = 0.85
_PLAIN_PX = 6.0  # broader differences are light
_LEAST_DEVIATION = 2.0  # of the detail: two plain surfaces are alike
_SLACK_PX = 3  # parts may have a gap between them, or not be cut quite alike
_GRIDS = ((3, 1), (2, 2), (2, 1), (1, 2))  # columns and rows; of four columns, two times two are alike
_CLOCK_SHARE = 0.2  # of the height of each of two rows of parts that a recorder's text may take, above and below

_TURNS: tuple[Turn, ...] = (
    lambda part: part,
    lambda part: part[:, ::-1],
    lambda part: part[::-1],
    lambda part: part[::-1, ::-1],
)


def parts(looks: Looks, area: Box) -> tuple[int, int]:
    """(columns, rows) of the pictures that a clip's picture is made of; (1, 1) for one that is whole.

    Args:
        area: the part of the picture within borders, in its own pixels.
    """
    small = looks.small[:, *_reduced(area, looks)]
    details = [_detail(picture) for picture in small]
    for columns, rows in _GRIDS:
        if np.median([_likeness(detail, columns, rows) for detail in details]) >= _LEAST_LIKENESS:
            return columns, rows
    is_whole = (area.width_px, area.height_px) == (looks.width_px, looks.height_px)
    return Seams(looks).joint() if is_whole else (1, 1)


def _reduced(area: Box, looks: Looks) -> tuple[slice, slice]:
    """Rows and columns of the small pictures that surely lie within the area."""
    scale = SMALL_WIDTH_PX / looks.width_px
    sides = ((area.y_px, area.height_px), (area.x_px, area.width_px))
    first, last = zip(*((np.ceil(start * scale), (start + length) * scale) for start, length in sides), strict=True)
    return slice(int(first[0]), int(last[0])), slice(int(first[1]), int(last[1]))


def _detail(picture: npt.NDArray[np.uint8]) -> Floats:
    levels = picture.astype(np.float32)
    return np.asarray(levels - cv2.GaussianBlur(levels, (0, 0), _PLAIN_PX), np.float32)


def _likeness(detail: Floats, columns: int, rows: int) -> float:
    """How alike the first part and the least like of the others are, turned over as suits best; -1 to 1."""
    cut = _cut(detail, columns, rows)
    return min(max(_correlation(cut[0], np.ascontiguousarray(turn(part))) for turn in _TURNS) for part in cut[1:])


def _cut(detail: Floats, columns: int, rows: int) -> Sequence[Floats]:
    """The parts, all of one size, without what a recorder may have written there."""
    height, width = (side // number for side, number in zip(detail.shape, (rows, columns), strict=True))
    strip = overlay_rows(detail.shape[0]) if rows == 1 else int(_CLOCK_SHARE * height)
    return [
        detail[row * height + strip : (row + 1) * height - strip, column * width : (column + 1) * width]
        for row in range(rows)
        for column in range(columns)
    ]


def _correlation(one: Floats, other: Floats) -> float:
    """Of two parts, with the second shifted a little as suits best; -1 where one of them is plain."""
    inner = other[_SLACK_PX:-_SLACK_PX, _SLACK_PX:-_SLACK_PX]
    if min(one.std(), other.std()) < _LEAST_DEVIATION or min(inner.shape) < 1:
        return -1.0
    return float(cv2.matchTemplate(np.ascontiguousarray(one), inner, cv2.TM_CCOEFF_NORMED).max())
