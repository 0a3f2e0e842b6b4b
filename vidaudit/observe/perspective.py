"""How large a head is at each height of the picture: over people on one floor it grows linearly downwards."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vidaudit.model.still import Box

HEAD_TO_FACE = 1.2  # width of a head with its hair to that of the face a detector boxes
# The slope is a head's width over the camera's height above the heads: 0.16 m over 1 m, where nothing tells more.
_USUAL_SLOPE = 0.16
_LEAST_SLOPE, _MOST_SLOPE = 0.02, 0.4  # a camera 8 m and 0.4 m above the heads
_MIN_SEATS = 3
_MIN_SPREAD = 1.5  # heads' widths between the highest and the lowest seat: less says nothing of the slope
_MIN_STEP = 0.7  # heads' widths between two seats of which the slope is taken


@dataclass(frozen=True, kw_only=True)
class Perspective:
    """The width of a head: `width_px` where its middle is at `y_px`, `slope` more for each pixel further down."""

    y_px: float
    width_px: float
    slope: float

    def head_px(self, y_px: float) -> float:
        """The width of a head whose middle is at this height; not positive above the horizon."""
        return self.width_px + self.slope * (y_px - self.y_px)


def perspective_of(faces: Sequence[Box]) -> Perspective | None:
    """Fitted to the boxes of faces by medians (Theil 1950, Sen 1968), which a few odd ones don't touch; None for none.

    Too few faces, or all at one height, tell the size alone: then the camera is taken to hang at its usual height.
    """
    if not faces:
        return None
    widths = [HEAD_TO_FACE * face.width_px for face in faces]
    heights = [middle(face)[1] for face in faces]
    width_px, y_px = float(np.median(widths)), float(np.median(heights))
    slope = _slope(list(zip(heights, widths, strict=True)), width_px)
    level = float(np.median([width - slope * (y - y_px) for y, width in zip(heights, widths, strict=True)]))
    level = min(max(level, min(widths)), max(widths))
    return Perspective(y_px=y_px, width_px=level, slope=slope)


def middle(box: Box) -> tuple[float, float]:
    """The middle of a box."""
    return box.x_px + box.width_px / 2, box.y_px + box.height_px / 2


def _slope(seats: Sequence[tuple[float, float]], width_px: float) -> float:
    heights = [y for y, _ in seats]
    if len(seats) < _MIN_SEATS or max(heights) - min(heights) < _MIN_SPREAD * width_px:
        return _USUAL_SLOPE
    slopes = [
        (width - other_width) / (y - other_y)
        for (y, width), (other_y, other_width) in itertools.combinations(seats, 2)
        if abs(y - other_y) >= _MIN_STEP * width_px
    ]
    return float(np.clip(np.median(slopes), _LEAST_SLOPE, _MOST_SLOPE))
