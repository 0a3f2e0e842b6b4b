"""Enlarging by repeating pixels (nearest neighbour, mosaics), told by the staircase it leaves.

Where every pixel stands k times in a row, neighbours differ only at every k-th place: the mean squared difference along
either side is a comb, and both their spectra have a line at 1/k. Measured on faces of photographs, 60 to 120 px wide,
stored as JPEG at quality 20 or H.264 at CRF 38, an honest picture has no line that both share above 0.38 of the mean;
rooms and faces repeated 2 to 4 times and stored as H.264 at CRF 26 have one at 0.51 to 0.89.
"""

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.observe.resize import resized

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating]

_LINE_SHARE = 0.45
# A few posters on a bare wall make lines too, with 0.08 of the teeth that a comb would have; faces have 0.25 and more.
_TEETH_SHARE = 0.1
# Features of a face come as often as every 7 px. Pixels that are repeated more often have lines at 1/4 or 1/5 too: they
# are found at the second try.
_LONGEST_PX = 6.5
_LEAST_PERIODS = 10
_SHORTEST_SIDE_PX = 20  # no room for ten periods
_BAND_PX = 256  # rows or columns in the middle that suffice to see a staircase that is everywhere
_HARMONIC_SHARE = 0.6  # a comb has lines at 1/k, 2/k and so on, all alike: the first of them counts


def without_repeats(grey: Grey) -> tuple[Grey, float]:
    """The picture as it was before its pixels were repeated, and how many times (1.0 or more) it was wider.

    Args:
        grey: (height, width) uint8; comes back as it is where nothing is repeated.
    """
    wider = 1.0
    while (times := repeats(grey)) > 1.0:
        grey = resized(grey, 1 / times)
        wider *= times
    return grey, wider


def repeats(grey: Grey) -> float:
    """How many times each pixel is repeated, across as well as down; 1.0 where it isn't."""
    height, width = grey.shape
    if min(height, width) <= _SHORTEST_SIDE_PX:
        return 1.0
    rows, columns = _middle(height), _middle(width)
    beside = _squares(grey[rows, 1:], grey[rows, :-1]).mean(axis=0)
    below = _squares(grey[1:, columns], grey[:-1, columns]).mean(axis=1)
    beside, below = beside * np.hanning(beside.size), below * np.hanning(below.size)
    size = max(512, 2 * max(height, width))
    shared = np.sqrt(_lines(beside, size) * _lines(below, size))
    shared[: int(size / min(_LONGEST_PX, min(height, width) / _LEAST_PERIODS))] = 0.0
    if shared.max() < _LINE_SHARE:
        return 1.0
    period = size / _first_peak(shared)
    teeth = min(_num_teeth(side) / side.size for side in (beside, below))
    return period if teeth >= _TEETH_SHARE / period else 1.0


def _middle(length: int) -> slice:
    start = max(0, (length - _BAND_PX) // 2)
    return slice(start, start + _BAND_PX)


def _squares(one: Grey, other: Grey) -> Floats:
    """Of the differences: so that the steps count and not the codec's noise between them."""
    return np.square(cv2.absdiff(one, other).astype(np.float32))


def _lines(differences: Floats, size: int) -> Floats:
    """The spectrum at 0/size, 1/size up to 1/2, as shares of the mean."""
    return np.abs(np.fft.rfft(differences, size)) / max(float(differences.sum()), 1e-6)


def _num_teeth(differences: Floats) -> float:
    """How many steps of like height would be as uneven as these: 1 for a single one."""
    return float(differences.sum()) ** 2 / max(float(np.square(differences).sum()), 1e-6)


def _first_peak(lines: Floats) -> int:
    """Where the first of the tallest lines has its top."""
    tall = lines >= _HARMONIC_SHARE * lines.max()
    first = int(tall.argmax())
    end = first + int(np.append(tall[first:], False).argmin())
    return first + int(lines[first:end].argmax())
