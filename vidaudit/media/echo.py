"""Where the beat of an earlier encoding shifts, by the bytes of the pictures.

A clip that is encoded again still shows where the key frames of its source were: the picture is refreshed there, and
the new encoder spends bytes on that, at a steady beat. Where a piece was taken out before, the beat shifts. This is
known from the literature on double compression; here it is read from packets alone. Measured by benchmarks/takes.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_MOST_EXCESS = 2.0  # as logarithm: a single burst is no beat
_SMEAR = np.array([0.5, 1.0, 0.5])  # B-frames let a refresh come a picture early or late
_SHORTEST, _LONGEST, _LEAST_BEATS = 8, 330, 6
# Correlation of the bytes with themselves a beat later, times the root of their number. Measured: 20 to 50 in lessons
# encoded again, at most 7 in those encoded once.
_LEAST_CORRELATION = 14.0
_FUNDAMENTAL = 0.5  # of the highest correlation, which may be that of a multiple of the beat
_SHIFT_COST = 6.0  # in standard deviations: a shift must pay for itself
_LEAST_CLEAR = 3.0  # standard errors by which a piece's beat stands out
_LEAST_PIECE = 3  # beats
_MOST_PIECES = 20  # more of them are no pieces but a beat of another kind
_SMALLEST_SHIFT = 4  # pictures: B-frames take a beat three pictures along
_WIDEST = 3  # beats between two pieces
_MARGIN = 1  # beat: where some are faint, the best way takes the shift too early or too late
_GRANTED = 0.6


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """Blocks (a beat long each) from `first` to `last` in which the beat falls at the same place."""

    first: int
    last: int
    phase: int


def beat_shifts(excess: Floats, is_key: Flags) -> tuple[tuple[int, int], ...]:
    """(picture before, picture after) each stretch in which the beat of an earlier encoding may shift.

    Args:
        excess: (pictures,) logarithm of the bytes against those around them, in order of display.
        is_key: (pictures,) whether it is a key frame: its bytes tell nothing.
    """
    plain = np.where(is_key, 0.0, np.clip(excess, 0.0, _MOST_EXCESS))
    level = np.convolve(plain, _SMEAR, "same") if len(plain) > len(_SMEAR) else plain
    beat = _beat(level)
    if beat is None:
        return ()
    blocks = _blocks(level, beat)
    # At the new encoder's own key frames a beat can't be seen: a share of what is seen elsewhere is granted.
    seen = float(np.median([blocks[block, phase] for block, phase in enumerate(_path(blocks))]))
    blocks = _blocks(np.where(is_key, np.maximum(level, level.mean() + _GRANTED * seen), level), beat)
    return _shifts(_pieces(_path(blocks), blocks), beat)


def _beat(level: Floats) -> int | None:
    """The pictures from one beat to the next; None where there is no clear one."""
    longest = min(_LONGEST, len(level) // _LEAST_BEATS)
    if longest <= _SHORTEST or level.std() == 0:
        return None
    spectrum = np.fft.rfft(level - level.mean(), 2 * len(level))
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: longest + 1]
    clear = correlation / correlation[0] * np.sqrt(len(level))
    highest = float(clear[_SHORTEST:].max())
    if highest < _LEAST_CORRELATION:
        return None
    multiple = _SHORTEST + int(np.argmax(clear[_SHORTEST:]))
    parts = (lag for lag in range(_SHORTEST, multiple + 1) if multiple % lag == 0)
    return next(lag for lag in parts if clear[lag] >= _FUNDAMENTAL * highest)


def _blocks(level: Floats, beat: int) -> Floats:
    """(blocks, beat) how much each picture stands out of the mean."""
    number = len(level) // beat
    return np.asarray(level[: number * beat].reshape(number, beat) - level.mean())


def _path(blocks: Floats) -> list[int]:
    """Where in each block the beat falls: the likeliest way with few shifts, by dynamic programming."""
    number, beat = blocks.shape
    cost = _SHIFT_COST * float(blocks.std())
    score, came_from = blocks[0].copy(), np.zeros((number, beat), np.int64)
    for block in range(1, number):
        best = int(np.argmax(score))
        stays = score >= score[best] - cost
        came_from[block] = np.where(stays, np.arange(beat), best)
        score = np.where(stays, score, score[best] - cost) + blocks[block]
    way = [int(np.argmax(score))]
    for block in range(number - 1, 0, -1):
        way.append(int(came_from[block, way[-1]]))
    return way[::-1]


def _pieces(way: list[int], blocks: Floats) -> list[_Piece]:
    """The pieces between shifts that are long enough and whose beat is clear."""
    ends = [block for block in range(1, len(way)) if way[block] != way[block - 1]]
    pieces = [_Piece(first=first, last=last - 1, phase=way[first]) for first, last in pairwise([0, *ends, len(way)])]
    return [piece for piece in pieces if _is_clear(piece, blocks)]


def _is_clear(piece: _Piece, blocks: Floats) -> bool:
    values = blocks[piece.first : piece.last + 1, piece.phase]
    return len(values) >= _LEAST_PIECE and bool(values.mean() >= _LEAST_CLEAR * blocks.std() / np.sqrt(len(values)))


def _shifts(pieces: list[_Piece], beat: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    if len(pieces) > _MOST_PIECES:
        return ()
    for before, after in pairwise(pieces):
        apart = abs(before.phase - after.phase)
        last, first = before.last * beat + before.phase, after.first * beat + after.phase
        if min(apart, beat - apart) >= _SMALLEST_SHIFT and last < first <= last + _WIDEST * beat:
            found.append((max(last - _MARGIN * beat, 0), first + _MARGIN * beat))
    return tuple(found)
