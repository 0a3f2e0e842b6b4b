"""Whether a picture was resized after it was recorded, told by the traces that interpolation leaves.

Method: Gallagher 2005, "Detection of linear and cubic interpolation in JPEG compressed images". A pixel that was
interpolated bends less where it lies near one of the source's pixels' middles than where it lies on one, so the second
derivative's mean along a side of the picture has a rhythm: of src/out cycles a pixel for a picture enlarged from src to
out pixels. Four things have lines in that spectrum too and are told apart:

- The codec's blocks, at whole sixteenths: left out, so that an enlargement by 16/n of whole pixels (2, 1.6, 1.33)
  isn't seen.
- Single edges are in all of the spectrum alike: each line is weighed against its neighbours.
- Blinds and tiles are in a part of the picture, or along one side: the line must be in all bands of the picture in one
  phase, and along both sides.
- A picture that was made smaller has the same lines, but is sharp: see `source_share`.
"""

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating]
Spectrum = npt.NDArray[np.complex128]

_SIZE = 4096  # of the transform: the widest picture has a line a bin wide
_BEND = np.array([[1, -2, 1]], np.float32)
_NUM_BANDS = 12
_MOST_BEND = 20  # grey levels; strong edges don't drown the others
_MOST_WEIGHT = 3.0  # times its neighbours; what stands out in one band only may not decide
_PLAIN_PX = 33  # unevenness broader than this is the scene's
_NEAR_BINS = 64
_STRIDE = _NEAR_BINS // 2
_FREQUENCIES = np.arange(_SIZE // 2 + 1) / _SIZE
_LOWEST, _HIGHEST = 0.05, 0.495
_GRID, _GRID_WIDTH = 16, 0.006
_BESIDE_GRID = np.abs(_FREQUENCIES * _GRID - np.round(_FREQUENCIES * _GRID))
_USABLE = (_FREQUENCIES > _LOWEST) & (_FREQUENCIES < _HIGHEST) & (_BESIDE_GRID / _GRID > _GRID_WIDTH)
_LEAST_SIDE_PX = 256  # fewer pixels have no room for enough periods
_LEAST_STRENGTH = 4.0  # honest pictures and clips have at most 3.3 (benchmarks/resampling)
# A tiled wall has a line at each multiple of its own rhythm. Interpolation has few; where the codec's blocks beat with
# it there are more, as far beside the grid as the first.
_ALIKE, _MOST_OTHERS, _LINE_BINS = 0.5, 2, 12
_SAME_BESIDE = 0.05
_EVERY, _MOST_FRAMES = 4, 6
# A picture enlarged by so much reads as this much more detailed at most: 1.25 times for cubic and Lanczos, sharpened
# or linear ones up to 1.35 (benchmarks/picture).
_MOST_DETAIL = 1.35


class ResamplingWatch:
    """Gathers the traces over a few of a clip's frames; they come in order of time."""

    def __init__(self) -> None:
        self._num_frames = 0
        self._num_read = 0
        self._shape: tuple[int, ...] | None = None
        self._total = np.zeros((2, _SIZE // 2 + 1), np.complex128)

    def add(self, grey: Grey) -> None:
        """Look at the next frame, (height, width) uint8; another size than the first one's isn't looked at."""
        number = self._num_frames
        self._num_frames += 1
        self._shape = self._shape or grey.shape
        wanted = number % _EVERY == 0 and self._num_read < _MOST_FRAMES
        if wanted and grey.shape == self._shape and min(grey.shape) >= _LEAST_SIDE_PX:
            self._num_read += 1
            self._total += np.stack([_traces(grey), _traces(cv2.transpose(grey).astype(np.uint8, copy=False))])

    def rhythm(self) -> float | None:
        """Cycles a pixel (0.05 to 0.495) of the traces of having been resized; None where there are none."""
        return rhythm(self._total) if self._num_read else None


def rhythm(total: Spectrum) -> float | None:
    """The frequency of the one line that both sides share; None where there is none, or many as of a pattern.

    Args:
        total: (2, bins) complex, the sum of the frames' traces along either side.
    """
    strength = np.sqrt(_prominence(np.abs(total)).prod(axis=0)) * _USABLE
    top = int(strength.argmax())
    others = strength * (np.abs(_BESIDE_GRID - _BESIDE_GRID[top]) > _SAME_BESIDE)
    if strength[top] < _LEAST_STRENGTH or _num_lines(others, _ALIKE * strength[top]) > _MOST_OTHERS:
        return None
    return float(_FREQUENCIES[top])


def source_share(rhythm: float, detail_share: float) -> float | None:
    """What share of its width a picture had at most before it was enlarged; None where it is too sharp for that.

    A rhythm of f is left by enlarging from f or from 1 - f of the size: the larger is taken. Some reductions leave it
    too; what they leave is sharp.

    Args:
        rhythm: cycles a pixel.
        detail_share: how much of its width is real detail (0 to 1).
    """
    share = 1 - rhythm
    return share if detail_share <= _MOST_DETAIL * share else None


def _traces(grey: Grey) -> Spectrum:
    """(bins,) the spectra of the bands added up, each weighed against its neighbourhood."""
    bent = cv2.min(cv2.convertScaleAbs(cv2.filter2D(grey, cv2.CV_16S, _BEND)), np.array([_MOST_BEND], np.float64))
    height = bent.shape[0] // _NUM_BANDS
    bands = [bent[band * height : (band + 1) * height] for band in range(_NUM_BANDS)]
    means = np.stack([cv2.reduce(band, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[0, 2:-2] for band in bands])
    uneven = means / np.maximum(cv2.blur(means, (_PLAIN_PX, 1)), 0.25) - 1
    lines = np.fft.rfft(uneven * np.hanning(means.shape[1]), _SIZE, axis=1)
    size = np.abs(lines)
    weight = np.minimum(_prominence(size), _MOST_WEIGHT) / np.maximum(size, 1e-9)
    return np.asarray((lines * weight).sum(axis=0), np.complex128)


def _prominence(size: Floats) -> Floats:
    """How many times as large as the median of its neighbourhood each bin is.

    Args:
        size: (rows, bins), 0 or more.
    """
    centres = np.arange(_STRIDE, size.shape[1], _STRIDE)
    medians = np.stack([np.median(size[:, one - _STRIDE : one + _STRIDE], axis=1) for one in centres], axis=1)
    everywhere = np.stack([np.interp(np.arange(size.shape[1]), centres, row) for row in medians])
    return np.asarray(size / np.maximum(everywhere, 1e-6))


def _num_lines(strength: Floats, least: float) -> int:
    """How many places, apart from each other, are at least so strong."""
    places = np.flatnonzero(strength >= least)
    return int(np.count_nonzero(np.diff(places, prepend=-_SIZE) > _LINE_BINS))
