"""Which instants of a clip are decoded. Pure: times in, times out, no file and no decoder."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

import numpy as np

from vidaudit.media.index import PacketIndex, Ticks, typical_keyframe_gap_s
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind

Mode = Literal["keyframes", "frames"]

# A single stretch without key frames may be this many times the longest typical one before it leaves a hole
# in the sampling that a person would notice; then every picture is decoded instead.
_MAX_KEYFRAME_HOLE = 3


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The pictures to decode.

    Args:
        mode: `keyframes` when all of them are key frames, each decoded alone; `frames` when the clip must be
            decoded straight through to reach them.
        pts: their times in ticks of the index, ascending, each once.
    """

    mode: Mode
    pts: tuple[int, ...]


def plan(index: PacketIndex, kind: ClipKind, sampling: Sampling) -> Plan:
    """The pictures nearest to an even grid over the whole clip, its first and last picture included.

    Key frames are taken where they are near enough to the grid, because they decode several times faster.
    """
    span_s = index.seconds(index.picture_pts[-1])
    wanted_s = sampling.face_interval_s if kind is ClipKind.FACE else sampling.lecture_interval_s
    num_wanted = ceil(span_s / wanted_s) + 1
    num_points = min(max(num_wanted, sampling.min_frames), sampling.max_frames)
    step_s = span_s / max(num_points - 1, 1)
    interval_s = step_s if num_points > num_wanted else max(wanted_s, step_s)
    grid = _grid(index, num_points)
    if _keyframes_suffice(index, interval_s * sampling.keyframe_slack):
        return Plan(mode="keyframes", pts=_nearest(index.keyframe_pts, grid))
    return Plan(mode="frames", pts=_nearest(index.picture_pts, grid))


def _grid(index: PacketIndex, num_points: int) -> Ticks:
    first, last = index.first_pts, int(index.picture_pts[-1])
    steps = max(num_points - 1, 1)
    return np.array([first + step * (last - first) // steps for step in range(num_points)], dtype=np.int64)


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
    right = np.searchsorted(candidates, grid).clip(0, len(candidates) - 1)
    left = (right - 1).clip(0)
    chosen = np.where(grid - candidates[left] <= candidates[right] - grid, candidates[left], candidates[right])
    return tuple(int(pts) for pts in np.unique(chosen))
