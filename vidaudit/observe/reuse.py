"""Compares fingerprints: the same encoded packets, and curves of motion that run alike. No video is opened.

Curves only find where to look. Measured on pairs of different ten-minute lessons in one room, 30 s of one copied into
another and encoded again agree about as well as the best of 100,000 places in two unrelated lessons; several minutes
stand out by far. So candidates are ranked, and decoded pictures decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vidaudit.model.fingerprint import CURVE_BIN_S, Candidate, ClipFingerprint
from vidaudit.model.still import Stretch

Floats = npt.NDArray[np.float32]
Times = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

BIN_S = float(CURVE_BIN_S)
MIN_STREAM_S = 5.0  # of the same packets: a shorter piece may be the school's own title
_MIN_MARKS = 3
_MAX_MISSING_MARKS = 2  # within the same stream; a container may drop or repeat a packet
_SAME_LAG_S = 0.05  # times of display are rounded to 1/90,000 s at worst, some recorders to 1/25 s

# Chosen by the ratio of copies to honest pairs, among 0 to 3 bins and 10 to 40 s.
_SMOOTH_BINS, _TREND_BINS = 2.0, 100
# Measured: the places of 50 pieces of 60 s, encoded again in ten ways and put into other lessons, are the first of
# their two clips in 72 % with 6 s and in 54 % with 20 s; of 30 s in 22 % and 12 %.
_SHORT_TREND_BINS = 30
_MOST_DEVIATIONS = 3.0
# Key frames that a source once had stay as pulses in what is encoded from it. Quicker ones are smoothed away, slower
# ones may be a loop. Measured on 80 pieces of 60 s in lessons with a key frame every 2 s: without these pulses the
# right place is among the first 200 of 21 lessons in 79 % instead of 66 %.
_LEAST_RHYTHM_S, _MOST_RHYTHM_S, _RHYTHM_PERIODS = 1.0, 5.0, 5
_USUAL_SHARE = 0.01  # of the levels at either end are not worth telling a rhythm from
_WINDOW_BINS = 150  # 30 s, the shortest shared stretch that is looked for
_MIN_WINDOW_BINS = 25
_HOP_SHARE = 3
# A smoothed bin tells this share of what an independent one does: 1 / (2 sqrt(pi) sigma).
_INDEPENDENCE = 1 / (2 * np.sqrt(np.pi) * _SMOOTH_BINS)
_MIN_SCORE = 3.0
_MIN_SCORE_SHORT = 0.3  # a few seconds can't stand out, but there are only few places to look at
_SAME_PEAK_BINS = 10  # candidates nearer to each other than 2 s of lag are one
_MIN_PERIOD_BINS = 22  # loops from 5 s, less what smoothing blurs
_MULTIPLE_SHARE = 0.85  # the period of a loop scores about as well as twice the period


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A clip's curve ready to be compared: (bins,) float32, deviations from the trend."""

    values: Floats

    @property
    def duration_s(self) -> float:
        """How much of the clip it covers."""
        return len(self.values) * BIN_S

    def liveliest_s(self, start_s: float, span_s: float, piece_s: float) -> float:
        """Where in a span of the clip the piece begins in which most moves."""
        begin, length = round(start_s / BIN_S), round(piece_s / BIN_S)
        part = self.values[begin : begin + round(span_s / BIN_S)]
        if len(part) <= length:
            return start_s
        return start_s + int(_spread(part, length).argmax()) * BIN_S

    def liveliness(self, at_s: Times, piece_s: float) -> Times:
        """(times,) how much moves in the pieces that begin at these times."""
        length = max(min(round(piece_s / BIN_S), len(self.values)), 1)
        spread = _spread(self.values, length)
        return np.asarray(spread[np.clip(np.round(at_s / BIN_S).astype(np.int64), 0, len(spread) - 1)])


def _spread(values: Floats, length: int) -> Times:
    """(values - length + 1,) the sum of squared deviations of every `length` neighbours from their mean."""
    sums, squares = _sums(values, length), _sums(values**2, length)
    return np.asarray(squares - sums**2 / length)


def prepared(fingerprint: ClipFingerprint) -> Curve:
    """The curve without what changes slowly, in robust standard deviations, spikes cut off."""
    return _prepared(fingerprint.levels(), _TREND_BINS)


def sharpened(fingerprint: ClipFingerprint, rhythms_s: Iterable[float] = ()) -> Curve:
    """The same for finding short shared stretches, where only quick changes tell.

    Args:
        rhythms_s: times between key frames in the clips it is compared with: what comes again that often is left out.
    """
    levels = fingerprint.levels()
    for rhythm_s in rhythms_s:
        if _LEAST_RHYTHM_S <= rhythm_s <= _MOST_RHYTHM_S and levels.size:
            levels = _without_rhythm(levels, rhythm_s / BIN_S)
    return _prepared(levels, _SHORT_TREND_BINS)


def _without_rhythm(levels: Floats, period_bins: float) -> Floats:
    """The curve less the mean of what is some periods before and after."""
    from scipy.ndimage import uniform_filter1d  # slow to load

    usual = np.clip(levels, *np.quantile(levels, [_USUAL_SHARE, 1 - _USUAL_SHARE]))
    quick = usual - uniform_filter1d(usual, round(period_bins))
    shifts = np.round(period_bins * np.arange(-_RHYTHM_PERIODS, _RHYTHM_PERIODS + 1)).astype(np.int64)
    places = np.arange(len(quick))[:, None] + shifts
    inside = (places >= 0) & (places < len(quick))
    rhythm = (quick[np.where(inside, places, 0)] * inside).sum(axis=1) / inside.sum(axis=1)
    return np.asarray(usual - rhythm, np.float32)


def _prepared(levels: Floats, trend_bins: int) -> Curve:
    from scipy.ndimage import gaussian_filter1d, uniform_filter1d  # a fifth of a second to load, for few workers to use

    smooth = gaussian_filter1d(levels, _SMOOTH_BINS)
    moving = smooth - uniform_filter1d(smooth, trend_bins)
    spread = 1.4826 * float(np.median(np.abs(moving - np.median(moving)))) if moving.size else 0.0
    return Curve(values=np.clip(moving / max(spread, 1e-3), -_MOST_DEVIATIONS, _MOST_DEVIATIONS).astype(np.float32))


def same_stream(first: ClipFingerprint, second: ClipFingerprint) -> tuple[Candidate, ...]:
    """Stretches of at least `MIN_STREAM_S` whose packets are the same bytes in both; certain."""
    _, marks, partners = np.intersect1d(first.mark_hashes(), second.mark_hashes(), return_indices=True)
    return _runs(first.mark_times_s(), second.mark_times_s(), marks, partners)


def sharing(clips: Sequence[ClipFingerprint]) -> tuple[tuple[int, int], ...]:
    """Which of the clips, the lower number first, have enough packets in common to be compared by `same_stream`."""
    from scipy.sparse import coo_array, csr_array  # slow to load

    marks = [np.unique(clip.mark_hashes()) for clip in clips]
    if not marks:
        return ()
    _, column = np.unique(np.concatenate(marks), return_inverse=True)
    row = np.repeat(np.arange(len(marks)), [len(own) for own in marks])
    known = csr_array((np.ones(len(row), np.int32), (row, column)))
    shared = coo_array(known @ known.T)
    enough = (shared.row < shared.col) & (shared.data >= _MIN_MARKS)
    return tuple(sorted(zip(shared.row[enough].tolist(), shared.col[enough].tolist(), strict=True)))


def repeated_stream(clip: ClipFingerprint) -> tuple[Candidate, ...]:
    """Stretches of one clip whose packets come again later in it."""
    hashes, times_s = clip.mark_hashes(), clip.mark_times_s()
    order = np.argsort(hashes, kind="stable")
    again = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
    return _runs(times_s, times_s, order[again], order[again + 1])


def _runs(first_s: Times, second_s: Times, marks: Places, partners: Places) -> tuple[Candidate, ...]:
    """Matched marks, joined where they follow each other at one lag.

    Args:
        first_s, second_s: times of all marks of the clips.
        marks, partners: which mark of the first is which of the second.
    """
    order = np.argsort(marks)
    marks, partners = marks[order], partners[order]
    lags_s = second_s[partners] - first_s[marks]
    breaks = (np.abs(np.diff(lags_s)) > _SAME_LAG_S) | (np.diff(marks) > _MAX_MISSING_MARKS + 1)
    bounds = [0, *(np.flatnonzero(breaks) + 1).tolist(), len(marks)]
    found = []
    for start, end in pairwise(bounds):
        if end - start < _MIN_MARKS:
            continue
        from_s, to_s = float(first_s[marks[start]]), float(first_s[marks[end - 1]])
        if to_s - from_s >= MIN_STREAM_S:
            found.append(_candidate(from_s, to_s, float(np.median(lags_s[start:end])), score=float(end - start)))
    return tuple(found)


def _candidate(from_s: float, to_s: float, lag_s: float, score: float) -> Candidate:
    first, second = Stretch(start_s=from_s, end_s=to_s), Stretch(start_s=from_s + lag_s, end_s=to_s + lag_s)
    return Candidate(first=first, second=second, score=score)


class Matcher:
    """One clip's curve against others'. What is needed of it alone is worked out once."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve

    def candidates(self, other: Curve, most: int) -> tuple[Candidate, ...]:
        """At most so many stretches that may be the same in both clips, the best first."""
        scores = _lag_scores(self._curve.values, other.values)
        return tuple(scores.peaks(most)) if scores else ()

    def repeats(self, most: int) -> tuple[Candidate, ...]:
        """At most so many stretches that may come again in the clip; of a loop, that with the shortest period."""
        scores = _lag_scores(self._curve.values, self._curve.values)
        if scores is None:
            return ()
        scores.forget_before(_MIN_PERIOD_BINS)
        found = list(scores.peaks(most))
        period = scores.shortest(_MULTIPLE_SHARE)
        return tuple(([] if period is None else [period]) + [one for one in found if not _is_same(one, period)])[:most]

    def turned(self) -> Candidate | None:
        """The stretch that most likely comes again backwards, the earlier one first; they don't overlap."""
        values = self._curve.values
        scores = _lag_scores(values, np.ascontiguousarray(values[::-1]))
        best = next(scores.peaks(1), None) if scores else None
        return None if best is None else _turned(best, self._curve.duration_s)


def _turned(candidate: Candidate, duration_s: float) -> Candidate:
    """A stretch of a clip and where the same clip shows it backwards, from one of the clip played backwards.

    Where the second is shown, `sum_s` less the time in the first has passed.
    """
    sum_s = duration_s - candidate.lag_s
    from_s, to_s = candidate.first.start_s, candidate.first.end_s
    if from_s + to_s > sum_s:  # most of it lies behind the turn
        from_s, to_s = sum_s - to_s, sum_s - from_s
    first = Stretch(start_s=max(from_s, sum_s - duration_s, 0.0), end_s=min(to_s, sum_s / 2))
    return replace(candidate, first=first, second=Stretch(start_s=sum_s - first.end_s, end_s=sum_s - first.start_s))


def _is_same(one: Candidate, other: Candidate | None) -> bool:
    return other is not None and one.lag_s == other.lag_s


class _LagScores:
    """How well runs of windows of one curve agree with another curve, for every lag.

    Args:
        agreement: (windows, lags) float32, in standard deviations of unrelated curves.
        starts: (windows,) where the windows begin, in bins.
        window: their length in bins.
        first_lag: the lag of the first column, in bins.
    """

    def __init__(self, agreement: Floats, starts: npt.NDArray[np.int64], window: int, first_lag: int) -> None:
        self._starts, self._window, self._first_lag = starts, window, first_lag
        self._least = _MIN_SCORE if window == _WINDOW_BINS else _MIN_SCORE_SHORT
        self._best = np.full(agreement.shape[1], -np.inf, np.float32)
        self._where = np.zeros((agreement.shape[1], 2), np.int64)
        self._scan(agreement)

    def _scan(self, agreement: Floats) -> None:
        """Runs of 1, 2, 4, ... windows: the more of them agree at one lag, the surer."""
        sums = np.concatenate([np.zeros((1, agreement.shape[1]), np.float32), np.cumsum(agreement, axis=0)])
        length = 1
        while length <= len(self._starts):
            # Windows overlap: so many are worth 1 + (n - 1) / hops per window independent ones.
            gain = np.sqrt(1 + (length - 1) / _HOP_SHARE) / length
            runs = (sums[length:] - sums[:-length]) * gain
            start = runs.argmax(axis=0)
            score = runs[start, np.arange(runs.shape[1])]
            better = score > self._best
            self._best[better] = score[better]
            self._where[better] = np.stack([start, start + length - 1], axis=1)[better]
            length *= 2

    def forget_before(self, lag: int) -> None:
        """Leave out all lags below this one, in bins."""
        self._best[: max(lag - self._first_lag, 0)] = -np.inf

    def peaks(self, most: int) -> Iterator[Candidate]:
        """The best lags above the least score, apart from each other."""
        left = self._best.copy()
        for _ in range(most):
            column = int(left.argmax())
            if left[column] < self._least:
                return
            yield self._at(column)
            left[max(column - _SAME_PEAK_BINS, 0) : column + _SAME_PEAK_BINS + 1] = -np.inf

    def shortest(self, share: float) -> Candidate | None:
        """The shortest lag that peaks with this share of the best score, which it gets; None where nothing does."""
        best = self._best
        if best.max(initial=-np.inf) < self._least:
            return None
        is_peak = np.append(best[:-1] >= best[1:], True) & np.insert(best[1:] >= best[:-1], 0, False)
        good = np.flatnonzero(is_peak & (best >= share * best.max()))
        return replace(self._at(int(good[0])), score=float(best.max())) if good.size else None

    def _at(self, column: int) -> Candidate:
        begin, end = self._where[column]
        from_s, to_s = self._starts[begin] * BIN_S, (self._starts[end] + self._window) * BIN_S
        lag_s = (column + self._first_lag) * BIN_S
        return _candidate(float(from_s), float(to_s), lag_s, float(self._best[column]))


def _lag_scores(one: Floats, other: Floats) -> _LagScores | None:
    """All windows of one curve over all of another; None when one of them is too short."""
    shorter = min(len(one), len(other))
    if shorter < _MIN_WINDOW_BINS:
        return None
    window = max(min(_WINDOW_BINS, shorter // 2), _MIN_WINDOW_BINS)
    starts = np.arange(0, len(one) - window + 1, max(window // _HOP_SHARE, 1))
    correlation = _correlations(np.stack([one[start : start + window] for start in starts]), other)
    deviations = np.arctanh(np.clip(correlation, -0.999, 0.999)) * np.sqrt(max(window * _INDEPENDENCE - 3, 1.0))
    first_lag = -int(starts[-1])
    by_lag = np.zeros((len(starts), deviations.shape[1] + int(starts[-1])), np.float32)
    for row, start in enumerate(starts):
        by_lag[row, -first_lag - start :][: deviations.shape[1]] = deviations[row]
    return _LagScores(by_lag, starts, window, first_lag)


def _correlations(windows: Floats, other: Floats) -> Floats:
    """(windows, places) how each window correlates with every place of the other curve."""
    from scipy import fft  # slow to load

    window = windows.shape[1]
    length = fft.next_fast_len(len(other) + window, real=True)
    centred = windows - windows.mean(axis=1, keepdims=True)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-6
    product = np.conj(fft.rfft(centred, length)) * fft.rfft(other, length)
    places = len(other) - window + 1
    mean = _sums(other, window) / window
    energy = _sums(other**2, window) - window * mean**2
    quiet = 1e-3 * window
    return np.asarray(fft.irfft(product, length)[:, :places] / np.sqrt(np.maximum(energy, quiet)), np.float32)


def _sums(values: Floats, window: int) -> npt.NDArray[np.float64]:
    """(values - window + 1,) the sum of every `window` neighbours."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.asarray(sums[window:] - sums[:-window])


def extended(candidate: Candidate, first: Curve, second: Curve) -> Candidate:
    """The longest stretch round a confirmed one over which both curves still run alike at its lag."""
    lag = round(candidate.lag_s / BIN_S)
    begin, end = max(0, -lag), min(len(first.values), len(second.values) - lag)
    product = first.values[begin:end] * second.values[begin + lag : end + lag]
    inside = slice(*(max(round(time_s / BIN_S) - begin, 0) for time_s in _ends(candidate.first)))
    gain = product - float(product[inside].mean()) / 2 if product[inside].size else product
    start, stop = _grown(gain, inside.start, min(inside.stop, len(gain)))
    return _candidate((begin + start) * BIN_S, (begin + stop) * BIN_S, candidate.lag_s, candidate.score)


def _ends(stretch: Stretch) -> tuple[float, float]:
    return stretch.start_s, stretch.end_s


def _grown(gain: Floats, start: int, stop: int) -> tuple[int, int]:
    """The stretch with the largest sum that begins and ends no more than a little inside of the given one."""
    middle = (start + stop) // 2
    before, after = np.cumsum(gain[:middle][::-1]), np.cumsum(gain[middle:])
    first = middle - (int(before.argmax()) + 1 if before.size and before.max() > 0 else 0)
    last = middle + (int(after.argmax()) + 1 if after.size and after.max() > 0 else 0)
    return min(first, middle), max(last, middle)
