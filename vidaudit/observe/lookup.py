"""From a fingerprint to what a registry of very many clips is searched by, and back to the clips worth comparing.

Same bytes: of a fingerprint's marks those with the smallest hashes are kept, and of these the smallest within a few
seconds of themselves are looked up; the same packets give the same choice wherever they lie.

Same pictures: stretches of 24 s of every kept curve, one every 5 s, as 24 numbers each. A clip asks with its stretches
every 0.4 s, so that one of them falls on a kept one whatever was cut off before. Peaks of the curve are no steadier
places to begin at: measured on encoded copies, only 47 of 100 are within 0.2 s of where they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt
from scipy import fft

from vidaudit.model.fingerprint import Candidate, ClipFingerprint
from vidaudit.observe.reuse import BIN_S, Curve, Matcher, extended, same_stream

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_MARKS_PER_S = 0.5  # kept of a clip; ten seconds of the same packets then still share some
_LEAST_MARKS = 64
_LARGEST_HASH = 2**64 - 1
_ANCHOR_S = 3.0  # to either side; of every 20 s of the same packets some anchors are the same

# Chosen among 16 to 24 s and 22 to 48 numbers by how far copies stand out from a million stretches of other lessons.
_WINDOW_BINS, _SIZE = 120, 24
_KEPT_STEP_BINS, _ASKED_STEP_BINS = 25, 2
_SMOOTH_BINS = 2.0  # as in `observe.reuse`
_NEAREST = 48  # stretches looked at for each asked one
_LAG_BINS = 4  # lags that may be one
_MOST_LIKENESS = 0.999
_BIN_BITS = 20  # of an entry's number: the place in the clip, below the clip's own
# What smoothing took from the faster numbers, given back by half.
_WEIGHTS = np.exp(np.pi**2 * _SMOOTH_BINS**2 * (np.arange(1, _SIZE + 1) / (2 * _WINDOW_BINS)) ** 2).astype(np.float32)

_FLAT_UP_TO = 25_000  # stretches that are compared one by one
_CELLS_PER_ROOT, _MOST_CELLS, _PER_CELL, _TURNS = 4, 4096, 40, 10
# So many stretches are looked at for each asked one: cells enough for those, within bounds.
_LOOKED_AT, _FEWEST_CELLS, _MOST_LOOKED_INTO = 40_000, 12, 64

# What curves alone must show, for the earlier video isn't there to be looked at. Measured: 210 pairs of honest lessons
# in one room score up to 8.8, none of 104 clips was told among 100,000; encoded copies of five minutes score above.
_SURE_SCORE, _MOST_SECOND = 12.0, 0.6
_SURE_S, _LEAST_LIKENESS = 120.0, 0.5
_LEAST_OVERLAP_BINS = round(_SURE_S / BIN_S)


def thinned(fingerprint: ClipFingerprint) -> ClipFingerprint:
    """The fingerprint with fewer marks, chosen by their hashes: what a registry keeps and what it is asked with."""
    hashes = np.sort(fingerprint.mark_hashes())
    most = _most_marks(fingerprint)
    return fingerprint if len(hashes) <= most else _up_to(fingerprint, int(hashes[most - 1]))


def shared_stream(first: ClipFingerprint, second: ClipFingerprint) -> tuple[Candidate, ...]:
    """As `same_stream`, of two that were thinned: what one of them had no room for isn't missing in the other."""
    most = min(_largest_kept(first), _largest_kept(second))
    return same_stream(_up_to(first, most), _up_to(second, most))


def _most_marks(fingerprint: ClipFingerprint) -> int:
    return max(_LEAST_MARKS, int(float(fingerprint.duration_s) * _MARKS_PER_S))


def _largest_kept(fingerprint: ClipFingerprint) -> int:
    """Up to which hash all marks are there."""
    hashes = fingerprint.mark_hashes()
    return int(hashes.max()) if len(hashes) >= _most_marks(fingerprint) else _LARGEST_HASH


def _up_to(fingerprint: ClipFingerprint, largest: int) -> ClipFingerprint:
    hashes = fingerprint.mark_hashes()
    kept = hashes <= np.uint64(largest)
    return replace(
        fingerprint,
        marks=hashes[kept].astype("<u8").tobytes(),
        marks_at=np.frombuffer(fingerprint.marks_at, "<u4")[kept].tobytes(),
    )


def anchor_marks(fingerprint: ClipFingerprint) -> tuple[int, ...]:
    """Marks to look a clip up by, as signed 64-bit numbers in order: those with the smallest hashes around."""
    hashes, times_s = fingerprint.mark_hashes(), fingerprint.mark_times_s()
    order = np.argsort(times_s, kind="stable")
    hashes, times_s = hashes[order], times_s[order]
    first = np.searchsorted(times_s, times_s - _ANCHOR_S, "left")
    last = np.searchsorted(times_s, times_s + _ANCHOR_S, "right")
    smallest = [hashes[start:end].min() for start, end in zip(first, last, strict=True)]
    anchors = hashes[hashes == np.array(smallest, np.uint64)] if smallest else hashes
    return tuple(np.unique(anchors.view(np.int64)).tolist())


@dataclass(frozen=True, kw_only=True, eq=False)
class Stretches:
    """Stretches of a curve: (stretches, 24) float32 of length 1, and where they begin, (stretches,) in bins."""

    vectors: Floats
    starts: Ids


def kept_stretches(curve: Curve) -> Stretches:
    """Those that an index holds."""
    return _stretches(curve, _KEPT_STEP_BINS)


def asked_stretches(curve: Curve) -> Stretches:
    """Those that it is asked with."""
    return _stretches(curve, _ASKED_STEP_BINS)


def _stretches(curve: Curve, step: int) -> Stretches:
    if len(curve.values) < _WINDOW_BINS:
        return Stretches(vectors=np.zeros((0, _SIZE), np.float32), starts=np.zeros(0, np.int64))
    windows = np.lib.stride_tricks.sliding_window_view(curve.values, _WINDOW_BINS)[::step]
    vectors = np.asarray(fft.dct(windows, norm="ortho")[:, 1 : _SIZE + 1], np.float32) * _WEIGHTS
    length = np.linalg.norm(vectors, axis=1)
    starts = np.arange(len(windows), dtype=np.int64) * step
    lively = length > 1e-3  # where nothing moves, nothing can be told
    return Stretches(vectors=vectors[lively] / length[lively, None], starts=starts[lively])


class CurveIndex:
    """Stretches of very many clips, by likeness."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def empty(cls, expected: int, sample: Floats) -> "CurveIndex":
        """One for about so many stretches.

        Args:
            sample: (stretches, 24) some of them, to learn how they are spread; at least `sample_size`, best at random.
        """
        if expected <= _FLAT_UP_TO:
            return cls(faiss.index_factory(_SIZE, "IDMap,Flat", faiss.METRIC_INNER_PRODUCT))
        index: Any = faiss.index_factory(_SIZE, f"IVF{_num_cells(expected)},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.cp.niter = _TURNS
        index.train(sample)
        return cls(index)

    @classmethod
    def small(cls) -> "CurveIndex":
        """One for few stretches, which are compared one by one."""
        return cls.empty(0, np.zeros((0, _SIZE), np.float32))

    @classmethod
    def load(cls, file: Path) -> "CurveIndex":
        """One that was saved; it stays in the file and isn't read into memory, so nothing can be added."""
        return cls(faiss.read_index(str(file), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY))

    @classmethod
    def load_whole(cls, file: Path) -> "CurveIndex":
        """One that was saved, to add to."""
        return cls(faiss.read_index(str(file)))

    def save(self, file: Path) -> None:
        """Write it to this file."""
        faiss.write_index(self._index, str(file))

    def __len__(self) -> int:
        """How many stretches it holds."""
        return int(self._index.ntotal)

    def add(self, clips: Iterable[tuple[int, Curve]]) -> None:
        """Add clips: their numbers and curves."""
        vectors, entries = entries_of(clips)
        if len(vectors):
            self._index.add_with_ids(vectors, entries)

    def search(self, asked: Stretches) -> "Hits":
        """The nearest stretches of each asked one."""
        if not len(self) or not len(asked.starts):
            return Hits.none()
        if hasattr(self._index, "nprobe"):
            wanted = _LOOKED_AT * self._index.nlist // len(self)
            self._index.nprobe = min(max(wanted, _FEWEST_CELLS), _MOST_LOOKED_INTO)
        likeness, entries = self._index.search(asked.vectors, _NEAREST)
        row, column = np.nonzero(entries >= 0)
        found = entries[row, column]
        return Hits(
            clips=found >> _BIN_BITS,
            lags=(found & ((1 << _BIN_BITS) - 1)) - asked.starts[row],
            likeness=likeness[row, column],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Hits:
    """Stretches that are alike, (hits,) each: the clip, by how many bins it is later, and how alike (0 to 1)."""

    clips: Ids
    lags: Ids
    likeness: Floats

    @classmethod
    def none(cls) -> "Hits":
        """No hits."""
        return cls(clips=np.zeros(0, np.int64), lags=np.zeros(0, np.int64), likeness=np.zeros(0, np.float32))

    @classmethod
    def joined(cls, parts: Sequence["Hits"]) -> "Hits":
        """All of them."""
        return cls(
            clips=np.concatenate([part.clips for part in parts]),
            lags=np.concatenate([part.lags for part in parts]),
            likeness=np.concatenate([part.likeness for part in parts]),
        )

    def best_clips(self, most: int, without: Iterable[int] = ()) -> tuple[int, ...]:
        """At most so many clips, the most promising first: those that tell the most at one lag."""
        allowed = ~np.isin(self.clips, np.fromiter(without, np.int64))
        clips, lags = self.clips[allowed], self.lags[allowed]
        weight = -np.log1p(-np.square(np.clip(self.likeness[allowed], 0, _MOST_LIKENESS)))
        # Half of the bins of lag overlap the other half, so that no lag lies on an edge of both.
        places = [
            (clips << _BIN_BITS + 1) + (lags + (1 << _BIN_BITS) + shift) // _LAG_BINS for shift in (0, _LAG_BINS // 2)
        ]
        sums = [_sums(place, weight) for place in places]
        found = np.concatenate([place >> _BIN_BITS + 1 for place, _ in sums])
        ranked = found[np.argsort(-np.concatenate([total for _, total in sums]), kind="stable")]
        return tuple(dict.fromkeys(ranked.tolist()))[:most]


def _sums(places: Ids, weight: Floats) -> tuple[Ids, Floats]:
    """(different places,), (the same,): the places, and what they weigh together."""
    different, which = np.unique(places, return_inverse=True)
    return different, np.bincount(which, weight, len(different)).astype(np.float32)


def sample_size(expected: int) -> int:
    """How many stretches an index for so many learns from."""
    return 0 if expected <= _FLAT_UP_TO else _PER_CELL * _num_cells(expected)


def entries_of(clips: Iterable[tuple[int, Curve]]) -> tuple[Floats, Ids]:
    """(stretches, 24) and (stretches,): all stretches of these clips, and their entries' numbers."""
    vectors, entries = [np.zeros((0, _SIZE), np.float32)], [np.zeros(0, np.int64)]
    for clip, curve in clips:
        kept = kept_stretches(curve)
        vectors.append(kept.vectors)
        entries.append((clip << _BIN_BITS) | kept.starts)
    return np.concatenate(vectors), np.concatenate(entries)


def _num_cells(expected: int) -> int:
    wanted = _CELLS_PER_ROOT * np.sqrt(expected)
    return int(min(2 ** int(np.log2(wanted)), _MOST_CELLS))


def most_alike(curve: Curve, others: Mapping[int, Curve], most: int) -> tuple[int, ...]:
    """Of clips by number, those whose whole curves run most alike at any lag; far quicker than `strong_match`."""
    peaks = {number: _peak(curve.values, other.values) for number, other in others.items()}
    return tuple(sorted(peaks, key=lambda number: -peaks[number])[:most])


def _peak(one: Floats, other: Floats) -> float:
    """The best product of two curves laid over each other, as if it were of independent numbers."""
    if min(len(one), len(other)) < _LEAST_OVERLAP_BINS:
        return 0.0
    length = fft.next_fast_len(len(one) + len(other), real=True)
    product = fft.irfft(np.conj(fft.rfft(one, length)) * fft.rfft(other, length), length)
    lags = np.arange(length)
    lags[lags >= len(other)] -= length
    overlap = np.minimum(len(one), len(other) - lags) - np.maximum(0, -lags)
    return float(np.max(np.where(overlap >= _LEAST_OVERLAP_BINS, product / np.sqrt(np.maximum(overlap, 1)), 0.0)))


@dataclass(frozen=True, kw_only=True)
class CurveMatch:
    """Two clips that run so much alike that it can't be chance, though no picture was compared.

    `likeness` is the correlation of their curves over the stretch, -1 to 1.
    """

    candidate: Candidate
    likeness: float


def strong_match(first: Curve, second: Curve) -> CurveMatch | None:
    """The stretch that both clips share, where their curves alone are enough for a person to look; else None."""
    best = Matcher(first).candidates(second, 2)
    if not best or best[0].score < _SURE_SCORE:
        return None
    if len(best) > 1 and best[1].score > _MOST_SECOND * best[0].score:
        return None  # the encoder's rhythm: it fits at many lags
    stretch = extended(best[0], first, second)
    likeness = _likeness(stretch, first, second)
    if stretch.first.duration_s < _SURE_S or likeness < _LEAST_LIKENESS:
        return None
    return CurveMatch(candidate=stretch, likeness=likeness)


def _likeness(stretch: Candidate, first: Curve, second: Curve) -> float:
    one, other = (
        curve.values[round(part.start_s / BIN_S) : round(part.end_s / BIN_S)]
        for curve, part in ((first, stretch.first), (second, stretch.second))
    )
    length = min(len(one), len(other))
    one, other = one[:length] - one[:length].mean(), other[:length] - other[:length].mean()
    return float((one * other).sum() / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-6))
