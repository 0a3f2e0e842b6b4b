"""The times of a clip's pictures, as its packets tell them: exact, sorted, without a decoder."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from vidaudit.model.media import PacketFacts

Ticks = npt.NDArray[np.int64]

# Recorders in motion-saving modes still write one picture a second (the lowest rate that the usual
# recorders' menus offer): a longer pause shows nothing of what went on, so it counts for this much.
MAX_PICTURE_GAP_S = Fraction(1)

# Rounding the first time, the last time and the last duration to ticks can add up to less than this.
_ROUNDING_TICKS = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class PacketIndex:
    """When the pictures of a clip are shown, in ticks of `time_base` seconds.

    Args:
        first_pts: the first picture, the start of the clip.
        picture_pts: (number of pictures,) int64, ascending, each once.
        keyframe_pts: (number of key frames,) int64, ascending, each once; all of them are in `picture_pts`.
    """

    first_pts: int
    time_base: Fraction
    picture_pts: Ticks
    keyframe_pts: Ticks

    def seconds(self, pts: int) -> Fraction:
        """The exact time of a picture from the start of the clip."""
        return (int(pts) - self.first_pts) * self.time_base


@dataclass(frozen=True, kw_only=True)
class PacketTime:
    """When one intact packet is shown and for how long (0 where the file doesn't say), in ticks."""

    pts: int
    duration: int
    is_keyframe: bool


def build_index(times: Sequence[PacketTime], time_base: Fraction) -> PacketIndex:
    """The index of a clip from its packets in any order.

    Raises:
        ValueError: there are no packets.
    """
    if not times:
        raise ValueError("a clip without packets has no index")
    picture_pts = np.unique(np.array([time.pts for time in times], dtype=np.int64))
    keyframe_pts = np.unique(np.array([time.pts for time in times if time.is_keyframe], dtype=np.int64))
    return PacketIndex(
        first_pts=int(picture_pts[0]), time_base=time_base, picture_pts=picture_pts, keyframe_pts=keyframe_pts
    )


def pack_ticks(ticks: Ticks) -> bytes:
    """Ascending ticks in few bytes: a steady rhythm of any length takes some hundred."""
    return zlib.compress(np.diff(ticks, prepend=0).astype("<i8").tobytes())


def unpack_ticks(packed: bytes) -> Ticks:
    """The ticks that `pack_ticks` packed."""
    return np.cumsum(np.frombuffer(zlib.decompress(packed), "<i8").astype(np.int64))


def measure(
    times: Sequence[PacketTime],
    index: PacketIndex,
    *,
    frame_rate: Fraction | None,
    num_packets: int,
    num_damaged: int,
) -> PacketFacts:
    """What the packets say of the clip's length and rhythm.

    Args:
        times: the intact packets that `index` was built from.
        frame_rate: the rate that the header claims; it only undoes the rounding of coarse time stamps.
        num_packets, num_damaged: all packets of the stream, and those of them that are damaged.
    """
    gaps = np.diff(index.picture_pts)
    last_ticks = _last_duration(times, gaps)
    steady = _is_steady(gaps)
    measured_s = (int(gaps.sum()) + last_ticks) * index.time_base
    duration_s = _unrounded(measured_s, len(index.picture_pts), frame_rate, index.time_base) if steady else measured_s
    shown = np.append(gaps, last_ticks)
    pauses_s = [pause * index.time_base for pause in shown[shown > int(MAX_PICTURE_GAP_S / index.time_base)].tolist()]
    longest = int(shown.argmax())
    return PacketFacts(
        num_packets=num_packets,
        num_keyframes=len(index.keyframe_pts),
        num_damaged=num_damaged,
        duration_s=duration_s,
        covered_s=duration_s - sum((pause - MAX_PICTURE_GAP_S for pause in pauses_s), Fraction(0)),
        longest_gap_s=int(shown[longest]) * index.time_base,
        longest_gap_at_s=index.seconds(index.picture_pts[longest]),
        typical_keyframe_gap_s=typical_keyframe_gap_s(index),
        constant_frame_rate=steady,
    )


def typical_keyframe_gap_s(index: PacketIndex) -> Fraction | None:
    """Median time between neighbouring key frames; None with fewer than two."""
    gaps = np.diff(index.keyframe_pts)
    return _median(gaps) * index.time_base if gaps.size else None


def _median(gaps: Ticks) -> int:
    # The lower median, so that it is one of the gaps and exact.
    return int(np.sort(gaps)[(len(gaps) - 1) // 2])


def _last_duration(times: Sequence[PacketTime], gaps: Ticks) -> int:
    last = max(times, key=lambda time: time.pts)
    if last.duration > 0:
        return last.duration
    return _median(gaps) if gaps.size else 0


def _is_steady(gaps: Ticks) -> bool:
    if not gaps.size:
        return True
    # One tick is what rounding does to a steady rate in a coarse time base (milliseconds in Matroska and FLV).
    return int(gaps.max() - gaps.min()) <= max(_median(gaps) / 10, 1)


def _unrounded(measured_s: Fraction, num_pictures: int, frame_rate: Fraction | None, time_base: Fraction) -> Fraction:
    if not frame_rate:
        return measured_s
    exact_s = num_pictures / frame_rate
    return exact_s if abs(exact_s - measured_s) <= _ROUNDING_TICKS * time_base else measured_s
