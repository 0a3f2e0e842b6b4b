"""How much a picture changes from one look to the next, told from noise, flicker and the recorder's clock."""

import numpy as np
import numpy.typing as npt

from vidaudit.observe.resize import resized

Grey = npt.NDArray[np.uint8]

_OVERLAY_SHARE = 0.1  # recorders burn clock and title into the top and bottom tenth
_COLUMNS = 64
# Largest change of a block, in grey levels: between pictures of the classroom of the test media at least 22, at a
# tenth of its light 2 to 8; of a still at most 2.3 with noise of 8 levels.
MOVED_LEVELS = 3.0


def room(grey: Grey) -> Grey:
    """The picture without the strips for the recorder's text."""
    strip = int(grey.shape[0] * _OVERLAY_SHARE)
    return grey[strip : grey.shape[0] - strip]


def largest_change(before: Grey, after: Grey) -> float:
    """By how many grey levels the block that changed most did so, apart from what all of them did together.

    Blocks are 1/64 of the width. Both pictures have the same size.
    """
    scale = min(1.0, _COLUMNS / before.shape[1])
    change = resized(after, scale).astype(np.float32) - resized(before, scale)
    return float(np.abs(change - np.median(change)).max())
