"""Which instants of a clip are decoded. Pure: times in, times out, no file and no decoder."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

import numpy as np
import numpy.typing as npt

from vidaudit.media.index import PacketIndex, Ticks, typical_keyframe_gap_s
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind

Mode = Literal["keyframes", "frames"]

# A single stretch without key frames may be this many times the longest typical one before it leaves a hole
# in the sampling that a person would notice; then every picture is decoded instead.
_MAX_KEYFRAME_HOLE = 3
# The packets between two key frames are held until it is known whether their pictures are needed: at 10 Mbit/s this
# much is 40 MB.
_MAX_HELD_S = 30
# How many pictures of a moving camera may be taken an interval: somebody who is seen for a second is met twice.
_BETWEEN_PER_INTERVAL = 2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The pictures to decode.

    Args:
        mode: `keyframes` when key frames are decoded alone, and others only in the stretches that need them; `frames`
            when the clip must be decoded straight through.
        pts: their times in ticks of the index, ascending, each once.
        between: more pictures, ascending, each once and none in `pts`: wanted only where the pictures before and
            after show too little of what lies between them.
    """

    mode: Mode
    pts: tuple[int, ...]
    between: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A planned key frame, and what is planned after it up to the next planned key frame."""

    keyframe: int
    wanted: tuple[int, ...] = ()
    between: tuple[int, ...] = ()

    @property
    def planned(self) -> bool:
        """Whether more than the key frame may be needed."""
        return bool(self.wanted or self.between)


def stretches_of(chosen: Plan, index: PacketIndex) -> dict[int, Stretch]:
    """The stretches of a plan of mode `keyframes`, by the time of their key frame."""
    keyframes = np.intersect1d(chosen.pts, index.keyframe_pts)
    others = np.setdiff1d(chosen.pts, keyframes)
    ends = [*keyframes[1:].tolist(), int(index.picture_pts[-1]) + 1]
    return {
        start: Stretch(keyframe=start, wanted=_inside(others, start, end), between=_inside(chosen.between, start, end))
        for start, end in zip(keyframes.tolist(), ends, strict=True)
    }


def _inside(pts: Iterable[int], start: int, end: int) -> tuple[int, ...]:
    return tuple(int(one) for one in pts if start < one < end)


def plan(index: PacketIndex, kind: ClipKind, sampling: Sampling) -> Plan:
    """The pictures nearest to an even grid over the whole clip, its first and last picture included.

    Key frames are taken where they are near enough to the grid, because they decode several times faster. In a face
    clip the camera moves: what key frames leave out of the grid may be needed or not, and is planned as `between`.
    """
    span_s = index.seconds(index.picture_pts[-1])
    wanted_s = sampling.face_interval_s if kind is ClipKind.FACE else sampling.lecture_interval_s
    num_wanted = ceil(span_s / wanted_s) + 1
    num_points = min(max(num_wanted, sampling.min_frames), sampling.max_frames)
    step_s = span_s / max(num_points - 1, 1)
    interval_s = step_s if num_points > num_wanted else max(wanted_s, step_s)
    grid = _grid(index, num_points)
    if kind is ClipKind.FACE and num_points <= num_wanted and _keyframes_lead(index):
        fine = _grid(index, min(_BETWEEN_PER_INTERVAL * (num_points - 1) + 1, sampling.max_frames))
        return _led_by_keyframes(index, grid, fine, interval_s * sampling.keyframe_slack / 2)
    if _keyframes_suffice(index, interval_s * sampling.keyframe_slack):
        return Plan(mode="keyframes", pts=_nearest(index.keyframe_pts, grid))
    return Plan(mode="frames", pts=_nearest(index.picture_pts, grid))


def _grid(index: PacketIndex, num_points: int) -> Ticks:
    first, last = index.first_pts, int(index.picture_pts[-1])
    steps = max(num_points - 1, 1)
    return np.array([first + step * (last - first) // steps for step in range(num_points)], dtype=np.int64)


def _keyframes_lead(index: PacketIndex) -> bool:
    """Whether there is a key frame at the start and never long none."""
    keyframes = index.keyframe_pts
    if keyframes.size < 2 or keyframes[0] != index.picture_pts[0]:
        return False
    gaps = np.diff(np.append(keyframes, index.picture_pts[-1]))
    return bool(int(gaps.max()) * index.time_base <= _MAX_HELD_S)


def _led_by_keyframes(index: PacketIndex, grid: Ticks, fine: Ticks, reach_s: Fraction) -> Plan:
    """The key frame nearest to each point of the grid; `between` for points of the fine one that none is near."""
    reach = int(reach_s / index.time_base)
    pts = set(_nearest_each(index.keyframe_pts, grid)[~_is_far(index.keyframe_pts, grid, reach)].tolist())
    is_far = _is_far(index.keyframe_pts, fine, reach)
    between = set(_nearest_each(index.picture_pts, fine[is_far]).tolist())
    if is_far[-1]:  # the end of the clip is always seen
        pts.add(int(index.picture_pts[-1]))
    return Plan(mode="keyframes", pts=tuple(sorted(pts)), between=tuple(sorted(between - pts)))


def _is_far(keyframes: Ticks, grid: Ticks, reach: int) -> npt.NDArray[np.bool_]:
    return np.asarray(np.abs(_nearest_each(keyframes, grid) - grid) > reach)


def _keyframes_suffice(index: PacketIndex, allowed_s: Fraction) -> bool:
    """Whether key frames are near enough to each other, and to both ends of the clip."""
    if not index.keyframe_pts.size:
        return False
    first, last = int(index.keyframe_pts[0]), int(index.keyframe_pts[-1])
    ends_s = max(index.seconds(first), (int(index.picture_pts[-1]) - last) * index.time_base)
    typical_s = typical_keyframe_gap_s(index) or Fraction(0)
    longest_s = int(np.diff(index.keyframe_pts).max(initial=0)) * index.time_base
    return max(ends_s, typical_s) <= allowed_s and longest_s <= _MAX_KEYFRAME_HOLE * allowed_s


def _nearest(candidates: Ticks, grid: Ticks) -> tuple[int, ...]:
    """The candidate (ascending, at least one) nearest to each point of the grid, each once."""
    return tuple(int(pts) for pts in np.unique(_nearest_each(candidates, grid)))


def _nearest_each(candidates: Ticks, grid: Ticks) -> Ticks:
    """For each point of the grid the nearest candidate (ascending, at least one)."""
    right = np.searchsorted(candidates, grid).clip(0, len(candidates) - 1)
    left = (right - 1).clip(0)
    chosen: Ticks = np.where(grid - candidates[left] <= candidates[right] - grid, candidates[left], candidates[right])
    return chosen
