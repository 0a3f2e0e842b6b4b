"""Seams: straight lines along which a picture breaks off, always at the same place.

Where two pictures meet, the level jumps nearly all along the line, in every look, by more than it changes anywhere
beside it. Edges of things in a room are shorter, slant by a pixel or two, or are as strong elsewhere.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vidaudit.observe.borders import NUM_LINES
from vidaudit.observe.change import Grey
from vidaudit.observe.looks import Looks

Floats = npt.NDArray[np.float32]

_SIDE_PX = 3  # the level on either side of a line is the mean of so many pixels: a seam may have been resized
_MOST_LEVELS = 40.0  # one strong edge of the room doesn't make a seam
_NUM_PIECES, _QUARTILE = 12, 25  # in three quarters of its pieces the line must break
_NEAR_PX, _FAR_PX = 6, 30  # what lies so far beside it is compared
_LEAST_LEVELS = 1.0  # a plain surface beside it doesn't make a ripple a seam
_MARGIN_PX = 8  # the encoder's own blocks at the very edge
# Measured on 150 clips and photographs of rooms and faces: at most 1.14 in the middle of a picture; of pictures side by
# side 2.3 and more. Opposite each other a wall of photographs has up to 2.8, a drawn room's ceiling and floor 3.0, a
# picture in a frame 1.5 and more: there, seams only tell where to look.
_LEAST_JOINT, _LEAST_OPPOSITE = 1.8, 1.5
_MOST_SEAMS = 2  # of either half that are tried
_MIDDLE_SHARE = 0.005  # of the side, by which a joint may be off the middle


@dataclass(frozen=True, kw_only=True)
class Inside:
    """What lies between seams on opposite sides, in pixels; a side without seams is the picture's own."""

    left: int
    top: int
    right: int
    bottom: int


class Seams:
    """Where the looks at a clip break off."""

    def __init__(self, looks: Looks) -> None:
        self._width, self._height = looks.width_px, looks.height_px
        self._across, self._down = _Steps.of(looks.rows), _Steps.of(looks.columns)

    def joint(self) -> tuple[int, int]:
        """(columns, rows) of parts, 1 or 2 each: 2 where a seam runs through the middle of the whole picture."""
        return _parts(_breaks(_pieces(self._across.sizes))), _parts(_breaks(_pieces(self._down.sizes)))

    def insides(self) -> Iterator[Inside]:
        """What may be a picture within a frame: with seams all along two opposite sides, then those with four."""
        for left, right in _opposite(self._upright(0, self._height)):
            yield Inside(left=left, right=right, top=0, bottom=self._height)
        for top, bottom in _opposite(self._level(0, self._width)):
            yield Inside(left=0, right=self._width, top=top, bottom=bottom)
        third = self._height // 3
        for left, right in _opposite(self._upright(third, self._height - third)):
            for top, bottom in _opposite(self._level(left, right)):
                for exact in _opposite(self._upright(top, bottom))[:1]:
                    yield Inside(left=exact[0], right=exact[1], top=top, bottom=bottom)

    def _upright(self, top: int, bottom: int) -> Floats:
        """(width,) how much of a seam each upright line is between these rows."""
        return self._across.breaks(top / self._height, bottom / self._height)

    def _level(self, left: int, right: int) -> Floats:
        """(height,) the same of each level line between these columns."""
        return self._down.breaks(left / self._width, right / self._width)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Steps:
    """(lines, length) by how many levels each line steps at each place, the mean of all looks.

    Args:
        sizes: up or down.
        ways: up less down: noise goes either way and is gone; so is what moves.
    """

    sizes: Floats
    ways: Floats

    @classmethod
    def of(cls, lines: Grey) -> "_Steps":
        """The steps of lines, (looks, lines, length) uint8."""
        sizes, ways = np.zeros(lines.shape[1:], np.float32), np.zeros(lines.shape[1:], np.float32)
        for look in lines:
            step = _step(look)
            ways += step
            sizes += np.abs(step)
        return cls(sizes=sizes / np.float32(len(lines)), ways=ways / np.float32(len(lines)))

    def breaks(self, start: float, end: float) -> Floats:
        """(length,) of the lines from and to these shares of the other side."""
        first, last = int(np.ceil((NUM_LINES - 1) * start)), int((NUM_LINES - 1) * end)
        inner = slice(first + (start > 0), last + (end >= 1))
        ways = np.abs(_pieces(self.ways[inner]))
        return np.maximum(_breaks(_pieces(self.sizes[inner])), _breaks(ways))


def _step(lines: Grey) -> Floats:
    """(lines, length) by how many levels each line of one look steps up at each place."""
    sums = np.cumsum(np.pad(lines, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    means = (sums[:, _SIDE_PX:] - sums[:, :-_SIDE_PX]).astype(np.float32) / _SIDE_PX
    step = np.zeros(lines.shape, np.float32)
    inner = slice(_SIDE_PX, lines.shape[1] - _SIDE_PX + 1)
    step[:, inner] = np.clip(means[:, _SIDE_PX:] - means[:, :-_SIDE_PX], -_MOST_LEVELS, _MOST_LEVELS)
    return step


def _pieces(steps: Floats) -> Floats:
    """(pieces, length) the means of neighbouring lines; none of no lines."""
    number = min(_NUM_PIECES, len(steps))
    return np.stack([piece.mean(axis=0) for piece in np.array_split(steps, number)]) if number else steps


def _breaks(pieces: Floats) -> Floats:
    """(length,) by how many times a line steps more here than beside it, in three quarters of its pieces."""
    if not len(pieces):
        return np.zeros(pieces.shape[1], np.float32)
    beside = np.maximum(_means(pieces, -_FAR_PX, -_NEAR_PX), _means(pieces, _NEAR_PX + 1, _FAR_PX + 1))
    breaks = np.percentile(pieces / np.maximum(beside, _LEAST_LEVELS), _QUARTILE, axis=0).astype(np.float32)
    breaks[:_MARGIN_PX] = breaks[-_MARGIN_PX:] = 0
    return np.asarray(breaks)


def _means(pieces: Floats, start: int, end: int) -> Floats:
    """(pieces, length) the mean from `start` to before `end` beside each place, as far as there is anything."""
    length = pieces.shape[1]
    sums = np.cumsum(np.pad(pieces, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    first, last = (np.clip(np.arange(length) + shift, 0, length) for shift in (start, end))
    return np.asarray((sums[:, last] - sums[:, first]) / np.maximum(last - first, 1), np.float32)


def _opposite(breaks: Floats) -> list[tuple[int, int]]:
    """The pairs of the strongest seams of either half, the strongest first; none unless both halves have some."""
    middle = len(breaks) // 2
    halves = _strongest(breaks[:middle]), _strongest(breaks[middle:])
    return [(first, middle + last) for first, last in itertools.product(*halves)]


def _strongest(breaks: Floats) -> list[int]:
    left = breaks.copy()
    found: list[int] = []
    while len(found) < _MOST_SEAMS and left.max(initial=0) >= _LEAST_OPPOSITE:
        place = int(left.argmax())
        found.append(place)
        left[max(place - _NEAR_PX, 0) : place + _NEAR_PX + 1] = 0
    return found


def _parts(breaks: Floats) -> int:
    middle, reach = len(breaks) // 2, max(4, round(len(breaks) * _MIDDLE_SHARE))
    return 2 if breaks[middle - reach : middle + reach + 1].max() >= _LEAST_JOINT else 1
