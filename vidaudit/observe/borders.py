"""The part of the picture that shows something: without borders of one colour around it.

A border is straight, of one colour and the same in every frame; burned-in text may lie on it. It is black, or there is
one like it on the other side. What isn't surely a border counts as picture: a dark room has no straight end, and a wall
is hardly ever of one colour over its whole length.
"""

import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box

Grey = npt.NDArray[np.uint8]

NUM_LINES = 96  # points along each row and column
# An encoded surface of one colour comes back within a level or two; next to the picture the codec spills over.
_SAME_LEVELS, _OTHER_LEVELS = 2, 12
_OUTERMOST_SHARE = 0.98  # of the outermost line is of one colour: no text lies there
_LITTLE_TEXT_SHARE, _MUCH_TEXT_SHARE = 0.25, 0.5  # of any further line may be covered by letters and what they blur
_PICTURE_SHARE = 0.25  # of the length of a border there must be something beside it
_BLACK_LEVEL = 18  # video black is 16 where it isn't stretched to 0, and a codec adds a level or two
_SPILL_PX = 16  # a coding block
_STEP_SHARE = 0.75  # of the picture's edge must be seen to begin there, at some time


class BorderWatch:
    """Remembers the darkest and brightest of every point of a grid of lines, over all frames."""

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None
        self._rows: _Range | None = None
        self._columns: _Range | None = None
        self._changed_size = False

    def add(self, grey: Grey) -> None:
        """Look at the next frame, (height, width) uint8."""
        height, width = grey.shape
        self._changed_size = self._changed_size or self._size not in (None, (width, height))
        if self._changed_size:
            return
        self._size = width, height
        self._rows = _widened(self._rows, grey[:, spread(width)])
        self._columns = _widened(self._columns, grey[spread(height)].T)

    def active_area(self) -> Box | None:
        """The part within the borders, in pixels; None without frames, if their size changes, or if all is border."""
        if self._changed_size or self._size is None or self._rows is None or self._columns is None:
            return None
        width, height = self._size
        left, right = _ends(self._columns)
        top, bottom = _ends(_between(self._rows, spread(width), left, right))
        # Once more, between the borders just found, where the picture takes the whole length of a column.
        left, right = _ends(_between(self._columns, spread(height), top, bottom))
        if left >= right or top >= bottom:
            return None
        return Box(x_px=float(left), y_px=float(top), width_px=float(right - left), height_px=float(bottom - top))


_Range = tuple[Grey, Grey]
"""(lines, points) uint8 twice: the darkest and the brightest that every point was."""


def spread(length: int) -> npt.NDArray[np.int64]:
    """Where along a side of this length the points lie, ascending."""
    return np.unique(np.linspace(0, length - 1, NUM_LINES).astype(np.int64))


def _widened(known: _Range | None, lines: Grey) -> _Range:
    if known is None:
        return lines.copy(), lines.copy()
    return np.minimum(known[0], lines), np.maximum(known[1], lines)


def _between(lines: _Range, places: npt.NDArray[np.int64], start: int, end: int) -> _Range:
    """The lines with only those of their points that lie in this range."""
    inside = (places >= start) & (places < end)
    return lines[0][:, inside], lines[1][:, inside]


def _ends(lines: _Range) -> tuple[int, int]:
    """The first line of the picture and the one after its last; they meet where every line is border."""
    num_lines, num_points = lines[0].shape
    backwards = lines[0][::-1], lines[1][::-1]
    # Much text may lie on a border, but beside a narrow picture as much of every line is border.
    for text_share in (_MUCH_TEXT_SHARE, _LITTLE_TEXT_SHARE):
        first, last = (_border_px(side, text_share) if num_points else num_lines for side in (lines, backwards))
        if max(first, last) < num_lines:
            break
    else:
        return 0, 0
    if first and last and abs(_colour(lines) - _colour(backwards)) <= _SAME_LEVELS:
        return first, num_lines - last
    # One strip by itself may be a desk before the lens or a ceiling: only black makes it a border.
    return (
        first if _colour(lines) <= _BLACK_LEVEL else 0,
        num_lines - (last if _colour(backwards) <= _BLACK_LEVEL else 0),
    )


def _border_px(lines: _Range, text_share: float) -> int:
    """How many lines at the beginning are border: all of them for a surface of one colour."""
    darkest, brightest = (side.astype(np.int16) for side in lines)
    off = np.maximum(_colour(lines) - darkest, brightest - _colour(lines))
    plain = (off <= _SAME_LEVELS).mean(axis=1)
    border = plain >= 1 - text_share
    if plain[0] < _OUTERMOST_SHARE:
        return 0
    if border.all():
        return len(border)
    end = int(border.argmin())
    shows = off > _OTHER_LEVELS
    picture = shows.any(axis=0)
    begins_there = shows[end : end + _SPILL_PX].any(axis=0) & picture
    straight = begins_there.sum() >= _STEP_SHARE * picture.sum()
    return end if straight and picture.mean() >= _PICTURE_SHARE else 0


def _colour(lines: _Range) -> int:
    """The grey level of the outermost line."""
    return int(np.median(lines[0][0]))
