"""A few looks at a clip, kept small until its end: lines of full sharpness along either side, and small pictures.

They are spread over the whole clip, however long it turns out to be: when there is no room left every second one goes,
and from then on half as many are taken.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidaudit.observe.borders import NUM_LINES, spread
from vidaudit.observe.change import Grey

_MOST_LOOKS = 8
SMALL_WIDTH_PX = 160
_LEAST_SIDE_PX = 2 * NUM_LINES  # a smaller picture has no room for seams and parts


@dataclass(frozen=True, kw_only=True, eq=False)
class Looks:
    """The same places of each look, in order of time.

    Args:
        rows: (looks, `NUM_LINES`, width) uint8, pixel rows evenly spread from top to bottom.
        columns: (looks, `NUM_LINES`, height) uint8, pixel columns evenly spread from left to right.
        small: (looks, height, width) uint8, `SMALL_WIDTH_PX` wide.
    """

    rows: Grey
    columns: Grey
    small: Grey

    @property
    def width_px(self) -> int:
        """Of the whole picture."""
        return int(self.rows.shape[2])

    @property
    def height_px(self) -> int:
        """Of the whole picture."""
        return int(self.columns.shape[2])


class LooksWatch:
    """Keeps some of a clip's pictures. Feed them in order of time."""

    def __init__(self) -> None:
        self._kept: list[tuple[Grey, Grey, Grey]] = []
        self._shape: tuple[int, ...] | None = None
        self._changed_size = False
        self._every = 1
        self._num_seen = 0

    def add(self, grey: Grey) -> None:
        """The next picture, (height, width) uint8."""
        self._changed_size = self._changed_size or self._shape not in (None, grey.shape)
        self._shape = grey.shape
        if not self._changed_size and self._num_seen % self._every == 0:
            self._keep(grey)
        self._num_seen += 1

    def _keep(self, grey: Grey) -> None:
        if len(self._kept) == _MOST_LOOKS:
            self._kept = self._kept[::2]
            self._every *= 2
            if self._num_seen % self._every:
                return
        height, width = grey.shape
        self._kept.append((grey[spread(height)], grey[:, spread(width)].T.copy(), _small(grey)))

    def finish(self) -> Looks | None:
        """What was kept; None where nothing was, or the pictures are too small or not all of one size."""
        if not self._kept or self._changed_size or min(self._shape or (0,)) < _LEAST_SIDE_PX:
            return None
        rows, columns, small = (np.stack(kept) for kept in zip(*self._kept, strict=True))
        return Looks(rows=rows, columns=columns, small=small)


def _small(grey: Grey) -> Grey:
    height_px = max(1, round(grey.shape[0] * SMALL_WIDTH_PX / grey.shape[1]))
    return cv2.resize(grey, (SMALL_WIDTH_PX, height_px), interpolation=cv2.INTER_AREA).astype(np.uint8)
