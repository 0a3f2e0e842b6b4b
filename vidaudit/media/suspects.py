"""Where a clip may have been cut, by its packets alone: their times, their sizes and the order of the key frames.

None of this proves a cut. It tells where decoded pictures are worth their time, the likeliest first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vidaudit.media.echo import beat_shifts
from vidaudit.media.fingerprint import usual_bytes
from vidaudit.media.index import PacketIndex
from vidaudit.model.take import Suspect, Trace

Floats = npt.NDArray[np.float64]
Ticks = npt.NDArray[np.int64]

_RARE_SHARE = 0.1  # a rhythm that is broken more often than this is none
_HABIT = 20  # places: what leaves more traces of one kind is the recorder
_SHORT_SHARE = 0.9
_OFF_BEAT = 0.1  # of the usual time between two pictures, and more than rounding makes of it
_ROUNDING_TICKS = 2
_AROUND_S = 1.0
_BUSY_QUANTILE = 0.9
# A picture that takes this many times the bytes of the busiest around it. Measured (benchmarks/takes.py): most of those
# after a second that was taken out, encoded again, have 1.3 to 6.
_BURST = 1.25
_LEVEL_S = 0.4
_FLOOR_SHARE = 0.02


@dataclass(frozen=True, kw_only=True)
class PacketSizes:
    """The packets of a clip in the order of decoding.

    Args:
        pts: (packets,) when each is shown, in ticks.
        sizes: (packets,) bytes.
        is_key: (packets,) whether it is a key frame.
        orders: {pts of a key frame: the encoder's number for it}, as far as it could be read.
    """

    pts: Ticks
    sizes: Floats
    is_key: npt.NDArray[np.bool_]
    orders: dict[int, int]


def find_suspects(packets: PacketSizes, index: PacketIndex) -> tuple[Suspect, ...]:
    """Every place worth a look, each once; key frames without any other trace are among them, by their weight."""
    if len(index.picture_pts) < 2:
        return ()
    found: dict[int, Suspect] = {}
    ratio = _burst_ratio(packets, index.time_base)
    traces = (_breaks(packets, index), _off_beats(index), _early(index), _echoes(packets, ratio))
    by_size = (_bursts(packets, index, ratio), _plain_keyframes(packets, index))
    for suspects in (*(_unless_habit(kind) for kind in traces), *by_size):
        for suspect in suspects:
            found.setdefault(suspect.until_pts, suspect)
    order = list(Trace)
    places = sorted(found.values(), key=lambda one: (min(order.index(one.trace), _BYTES), -one.weight))
    return tuple(places)


_BYTES = list(Trace).index(Trace.BYTES)  # from here on bursts and key frames compete by weight


def _unless_habit(suspects: Iterator[Suspect]) -> tuple[Suspect, ...]:
    found = tuple(suspects)
    return found if len(found) <= _HABIT else ()


def _place(index: PacketIndex, pts: int, trace: Trace, weight: float = 1.0) -> Suspect | None:
    """Between this picture and the one shown before it; None at the start of the clip."""
    place = int(np.searchsorted(index.picture_pts, pts))
    if not 0 < place < len(index.picture_pts):
        return None
    return Suspect(after_pts=int(index.picture_pts[place - 1]), until_pts=pts, trace=trace, weight=weight)


def _places(index: PacketIndex, pts: Sequence[int], trace: Trace) -> Iterator[Suspect]:
    for one in pts:
        suspect = _place(index, one, trace)
        if suspect is not None:
            yield suspect


def _breaks(packets: PacketSizes, index: PacketIndex) -> Iterator[Suspect]:
    """Key frames whose number isn't what the encoder's habit makes of the one before: counting on, or taking turns.

    An encoder that gives all of them one number says nothing.
    """
    known = [(pts, packets.orders[pts]) for pts in index.keyframe_pts.tolist() if pts in packets.orders]
    pairs = list(pairwise(known))
    takes_turns = max((number for _, number in known), default=0) == 1
    broken = [
        pts
        for (_, before), (pts, after) in pairs
        if (before == after if takes_turns else after not in (before, before + 1, 0))
    ]
    if len(broken) <= max(_RARE_SHARE * len(pairs), 1):
        yield from _places(index, broken, Trace.ORDER)


def _off_beats(index: PacketIndex) -> Iterator[Suspect]:
    """Pictures that come earlier or later than the steady rate of all others."""
    gaps = np.diff(index.picture_pts)
    if not gaps.size:
        return
    usual = float(np.median(gaps))
    off = np.abs(gaps - usual) > max(_OFF_BEAT * usual, _ROUNDING_TICKS)
    if off.mean() <= _RARE_SHARE / 10:
        yield from _places(index, index.picture_pts[1:][off].tolist(), Trace.TIMES)


def _early(index: PacketIndex) -> Iterator[Suspect]:
    """Key frames that come sooner after the last than the rhythm has it."""
    gaps = np.diff(index.keyframe_pts)
    if not gaps.size:
        return
    early = gaps < _SHORT_SHARE * float(np.median(gaps))
    if early.mean() <= _RARE_SHARE:
        yield from _places(index, index.keyframe_pts[1:][early].tolist(), Trace.RHYTHM)


def _echoes(packets: PacketSizes, ratio: Floats) -> Iterator[Suspect]:
    """Stretches in which the beat of an earlier encoding shifts."""
    order = np.argsort(packets.pts, kind="stable")
    pts = packets.pts[order]
    for before, after in beat_shifts(np.log(np.maximum(ratio[order], _FLOOR_SHARE)), packets.is_key[order]):
        after_pts, until_pts = int(pts[before]), int(pts[min(after, len(pts) - 1)])
        yield Suspect(after_pts=after_pts, until_pts=until_pts, trace=Trace.ECHO, weight=1.0)


def _bursts(packets: PacketSizes, index: PacketIndex, ratio: Floats) -> Iterator[Suspect]:
    """Pictures between key frames that take far more bytes than those around them."""
    for number in np.flatnonzero((ratio >= _BURST) & ~packets.is_key).tolist():
        pts = int(packets.pts[number])
        before = packets.pts[:number][packets.pts[:number] < pts]  # what this one was told from, B-frames left out
        place = int(np.searchsorted(index.picture_pts, pts))
        if before.size and place < len(index.picture_pts) and pts > index.first_pts:
            weight = float(np.log(ratio[number] / _BURST))
            yield Suspect(after_pts=int(before[-8:].max()), until_pts=pts, trace=Trace.BYTES, weight=weight)


def _burst_ratio(packets: PacketSizes, time_base: Fraction) -> Floats:
    """(packets,) bytes against the usual at its place in the rhythm, against the same of the busiest around it."""
    at_s = (packets.pts - packets.pts.min()) * float(time_base)
    excess = packets.sizes / usual_bytes(at_s, packets.sizes, packets.is_key) + _FLOOR_SHARE
    reach = max(int(_AROUND_S * len(at_s) / max(float(at_s.max()), 1e-3)), 3)
    padded = np.pad(excess, reach, mode="reflect") if len(excess) > reach else np.pad(excess, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    others = np.delete(windows, (reach, reach + 1), axis=1)
    return np.asarray(excess / np.maximum(np.quantile(others, _BUSY_QUANTILE, axis=1), 0.5))


def _plain_keyframes(packets: PacketSizes, index: PacketIndex) -> Iterator[Suspect]:
    """All key frames, by how much more or less moves after than before: with a piece, its motion ends or begins."""
    order = np.argsort(packets.pts, kind="stable")
    pts, sizes, is_key = packets.pts[order], packets.sizes[order], packets.is_key[order]
    at_s = (pts - pts[0]) * float(index.time_base)
    level = np.log(sizes / usual_bytes(at_s, sizes, is_key) + _FLOOR_SHARE)
    reach = max(int(_LEVEL_S * len(at_s) / max(float(at_s[-1]), 1e-3)), 2)
    for number in np.flatnonzero(is_key).tolist():
        before, after = level[max(number - reach, 0) : number], level[number + 1 : number + 1 + reach]
        if before.size and after.size:
            weight = abs(float(before.mean() - after.mean())) / 4
            suspect = _place(index, int(pts[number]), Trace.KEYFRAME, weight)
            if suspect is not None:
                yield suspect
