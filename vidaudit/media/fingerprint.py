"""What the packets of a clip say about what moved in it, gathered while they are read.

Encoders spend bytes on what changes: the bytes per packet over time are a curve of what moved in the room, which
another size, codec, brightness or date hardly touches. What the encoder's own rhythm adds (key frames, B-frames) is
taken out: each packet is compared with the median of those at the same place between two key frames.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from vidaudit.model.fingerprint import CURVE_BIN_S, LEVELS_PER_UNIT, ClipFingerprint

Floats = npt.NDArray[np.float64]

# The end of a packet is entropy-coded picture in every container, while its head has start codes or lengths,
# parameter sets and delimiters that another container writes differently.
_TAIL_BYTES = 128
_MIN_MARK_BYTES = 256  # a smaller packet says "as before": it may be the same in any clip of this encoder
_MARK_EVERY = 8  # of the packets between key frames one in so many is kept, chosen by its own hash
_MIN_AT_PLACE = 8  # fewer packets at one place of the rhythm have no median worth the name
_FLOOR_SHARE = 0.02  # of the usual bytes: an empty packet is no minus infinity
# Deviation of a second's bytes from the usual, as logarithm. Measured: 0.22 to 0.63 in 21 lessons of one room, 0.28 in
# one at a constant rate with a buffer of a second, 0.016 in a loop of 5 s whose key frames are 5 s apart.
_CONSTANT_DEVIATION = 0.05
_SECOND_BINS = round(1 / CURVE_BIN_S)


@dataclass(kw_only=True)
class PacketTrace:
    """Notes of every packet, in the order of decoding. Feed it while the packets are read, then `fingerprint`."""

    pts: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    is_key: list[bool] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)

    def add(self, pts: int, data: memoryview, *, is_keyframe: bool) -> None:
        """One intact packet: when it is shown, in ticks, and its bytes."""
        tail, size = _without_filler(data)
        self.pts.append(pts)
        self.sizes.append(size)
        self.is_key.append(is_keyframe)
        # The quick checksum only chooses; it is the same for the same packet, wherever that lies.
        if size >= _MIN_MARK_BYTES and (is_keyframe or crc32(tail) % _MARK_EVERY == 0):
            self.marks.append((pts, int.from_bytes(blake2b(tail, digest_size=8).digest(), "little")))

    def fingerprint(self, time_base: Fraction) -> ClipFingerprint | None:
        """The fingerprint of these packets; None of fewer than two pictures."""
        if len(self.pts) < 2:
            return None
        first = min(self.pts)
        at_s = (np.array(self.pts, np.float64) - first) * float(time_base)
        curve = motion_curve(at_s, np.array(self.sizes, np.float64), np.array(self.is_key))
        marks = sorted((pts - first, mark) for pts, mark in self.marks)
        return ClipFingerprint(
            duration_s=(max(self.pts) - first) * time_base,
            curve=np.clip(np.round(curve * LEVELS_PER_UNIT), -127, 127).astype(np.int8).tobytes(),
            marks=np.array([mark for _, mark in marks], "<u8").tobytes(),
            marks_at=np.array([round(1000 * pts * time_base) for pts, _ in marks], "<u4").tobytes(),
            constant_rate=_is_constant(curve),
        )


def _without_filler(data: memoryview) -> tuple[bytes, int]:
    """The last bytes of a packet, and its size, without what an encoder fills up to hold a constant bit rate."""
    tail = bytes(data[-_TAIL_BYTES:])
    if tail[-1] and not tail.endswith(b"\xff\xff\x80"):
        return tail, len(data)
    tail = bytes(data[-2 * _TAIL_BYTES :]).rstrip(b"\0")
    if not tail.endswith(b"\xff\xff\x80"):
        return tail[-_TAIL_BYTES:], len(data)
    # A filler unit is a head of 5 bytes (length or start code, and type), then 0xff, then 0x80.
    whole = bytes(data).rstrip(b"\0")[:-1].rstrip(b"\xff")[:-5]
    return whole[-_TAIL_BYTES:], len(whole)


def motion_curve(at_s: Floats, sizes: Floats, is_key: npt.NDArray[np.bool_]) -> Floats:
    """(bins,) logarithm of the bytes of each `CURVE_BIN_S` against the usual.

    Args:
        at_s: (packets,) times of display from 0, in the order of decoding.
        sizes: (packets,) bytes.
        is_key: (packets,) whether it is a key frame.
    """
    excess = sizes / usual_bytes(at_s, sizes, is_key)
    bins = (at_s / float(CURVE_BIN_S)).astype(np.int64)
    num_bins = int(bins.max()) + 1
    total = np.bincount(bins, excess, num_bins)
    number = np.bincount(bins, minlength=num_bins)
    filled = np.flatnonzero(number)
    share = np.interp(np.arange(num_bins), filled, total[filled] / number[filled])
    return np.asarray(np.log(share + _FLOOR_SHARE))


def usual_bytes(at_s: Floats, sizes: Floats, is_key: npt.NDArray[np.bool_]) -> Floats:
    """(packets,) the median bytes at each packet's place in the rhythm, or of its kind where that place is rare."""
    is_between = at_s < np.maximum.accumulate(at_s)  # shown before one decoded earlier: a B-frame
    kind = np.where(is_key, 0, np.where(is_between, 1, 2))
    starts = np.maximum.accumulate(np.where(is_key, np.arange(len(sizes)), 0))
    place = (np.arange(len(sizes)) - starts) * 3 + kind
    usual = np.maximum(_medians(kind, sizes, 1), 1.0)
    by_place = _medians(place, sizes, _MIN_AT_PLACE)
    return np.asarray(np.where(np.isnan(by_place), usual, np.maximum(by_place, 1.0)))


def _medians(groups: npt.NDArray[np.int64], values: Floats, least: int) -> Floats:
    """(values,) the median of each value's group; NaN where the group has fewer than `least`."""
    order = np.argsort(groups, kind="stable")
    bounds = [0, *(np.flatnonzero(np.diff(groups[order])) + 1).tolist(), len(values)]
    medians = np.full(len(values), np.nan)
    for start, end in pairwise(bounds):
        if end - start >= least:
            medians[order[start:end]] = np.median(values[order[start:end]])
    return medians


def _is_constant(curve: Floats) -> bool:
    """Whether one second's bytes are all but the same as another's."""
    seconds = curve[: len(curve) // _SECOND_BINS * _SECOND_BINS].reshape(-1, _SECOND_BINS).mean(axis=1)
    return bool(seconds.size and seconds.std() < _CONSTANT_DEVIATION)
