"""Footage used twice among the clips of one run: fingerprints point to places, decoded pictures decide."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidaudit.media.decode import Decoder
from vidaudit.media.index import PacketIndex, typical_keyframe_gap_s
from vidaudit.media.plan import Plan
from vidaudit.model.fingerprint import Candidate, ClipFingerprint, PicturePair, ReuseFound, ReuseHow
from vidaudit.model.media import Frame, MediaProbe
from vidaudit.model.still import Stretch
from vidaudit.observe.motion import Agreement, compare
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.reuse import Curve, Matcher, extended, prepared, repeated_stream, same_stream

_PER_PAIR = 3  # candidates of two clips that are worth a look
# Measured: of 210 pairs of honest ten-minute lessons in one room half score above 6.2 and the best 8.8, encoded copies
# of six minutes and more 13 and above. Those are always looked at; the score alone never decides.
_SURE_SCORE = 9.0
# Of the rest the best are: 1080p decodes at some eleven times real time, a whole scan runs at 84 times on two cores,
# so a fifth of it affords this share of the video; and for a small submission at least so many seconds.
_EFFORT_SHARE, _LEAST_EFFORT_S = 0.026, 600.0
_MIN_PERIOD_S, _RHYTHM_S = 5.0, 60.0  # of loops, and how much of a clip is tried for one
_PIECE_S, _NUM_PIECES, _MIN_AGREED = 8.0, 3, 2
_STEP_S, _FINE_STEP_S = Fraction(1, 5), Fraction(1, 10)
# How far a curve's lag may be off, more of a short stretch; the first piece tells it better.
_FIRST_SLACK_S, _SHORT_SLACK_S, _LATER_SLACK_S = 1.0, 2.0, 0.4
# Between what was measured on the lessons of `benchmarks/reuse.py`: a single piece of two honest ones agrees by up to
# 0.72, but no two neighbouring pieces did; of a copy every piece agrees by 0.84 and more.
MIN_AGREEMENT = 0.75
_MIN_AGREEMENT_ALONE = 0.85  # of a stretch too short for two pieces, in clips of less than a minute
_SHORT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class WatchedClip:
    """A clip to look for footage used twice in.

    Args:
        name: what it is called in the findings; unique in the run.
        file, probe, index: for decoding it.
        fingerprint: made when it was probed.
    """

    name: str
    file: Path
    probe: MediaProbe
    index: PacketIndex
    fingerprint: ClipFingerprint


@dataclass(frozen=True, kw_only=True)
class _Look:
    """A candidate and the clips it is in."""

    first: WatchedClip
    second: WatchedClip
    candidate: Candidate


def find_reuse(clips: Sequence[WatchedClip], effort_s: float | None = None) -> tuple[ReuseFound, ...]:
    """Footage that is in two of the clips, or twice in one of them, with pictures side by side.

    The same encoded stream is found from packets alone; the same pictures encoded again, mirrored, cropped, brighter or
    redated only when decoded motion confirms it at several places.

    Args:
        clips: all of one run; each pair is compared once.
        effort_s: how many seconds of video may be decoded for candidates that the curves leave open; None for what a
            scan of these clips can afford.
    """
    curves = {clip.name: prepared(clip.fingerprint) for clip in clips}
    found: list[ReuseFound] = []
    looks: list[_Look] = []
    for number, clip in enumerate(clips):
        for other in clips[: number + 1]:
            found += [_certain(clip, other, stretch) for stretch in _same_packets(clip, other)]
        looks += _looks(clip, clips[:number], curves)
    effort_s = _affordable_s(clips) if effort_s is None else effort_s
    for look in sorted(looks, key=lambda look: -look.candidate.score):
        if any(_is_known(look, one) for one in found):
            continue
        if look.candidate.score < _SURE_SCORE:
            effort_s -= _cost_s(look)
            if effort_s < 0:
                break
        seen = _confirmed(look, curves[look.first.name], curves[look.second.name])
        found += [seen] if seen else []
    return tuple(found)


def _same_packets(clip: WatchedClip, other: WatchedClip) -> tuple[Candidate, ...]:
    if clip is other:
        return repeated_stream(clip.fingerprint)
    return same_stream(clip.fingerprint, other.fingerprint)


def _looks(clip: WatchedClip, others: Sequence[WatchedClip], curves: Mapping[str, Curve]) -> list[_Look]:
    """Where this clip may repeat itself or one of the others."""
    matcher = Matcher(curves[clip.name])
    looks = [_Look(first=clip, second=clip, candidate=one) for one in (*matcher.repeats(_PER_PAIR), *_rhythm(clip))]
    for other in others:
        candidates = matcher.candidates(curves[other.name], _PER_PAIR)
        looks += [_Look(first=clip, second=other, candidate=one) for one in candidates]
    return looks


def _rhythm(clip: WatchedClip) -> list[Candidate]:
    """A clip whose bytes never differ from their rhythm may be a loop as long as the time between key frames."""
    gap_s = float(typical_keyframe_gap_s(clip.index) or 0)
    duration_s = float(clip.fingerprint.duration_s)
    if not clip.fingerprint.constant_rate or not 0 < gap_s < duration_s / 3:
        return []
    lag_s = gap_s * math.ceil(_MIN_PERIOD_S / gap_s)
    length_s = min(duration_s - lag_s, _RHYTHM_S)
    first, second = Stretch(start_s=0, end_s=length_s), Stretch(start_s=lag_s, end_s=lag_s + length_s)
    return [Candidate(first=first, second=second, score=_SURE_SCORE)]


def _affordable_s(clips: Sequence[WatchedClip]) -> float:
    return max(_LEAST_EFFORT_S, _EFFORT_SHARE * sum(float(clip.fingerprint.duration_s) for clip in clips))


def _cost_s(look: _Look) -> float:
    """How much video a look that comes to nothing decodes: one piece of each clip from a key frame on."""
    gaps_s = (float(typical_keyframe_gap_s(clip.index) or _PIECE_S) for clip in (look.first, look.second))
    return 2 * min(_PIECE_S, look.candidate.first.duration_s) + 2 * _FIRST_SLACK_S + sum(gaps_s)


def _is_known(look: _Look, found: ReuseFound) -> bool:
    """Whether these two clips are known to share footage there."""
    if (found.first, found.second) != (look.first.name, look.second.name):
        return False
    return _overlap(found.first_stretch, look.candidate.first) or _overlap(found.second_stretch, look.candidate.second)


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s


def _certain(first: WatchedClip, second: WatchedClip, candidate: Candidate) -> ReuseFound:
    """The same packets: only the pictures to show for it are decoded."""
    at_s = candidate.first.start_s + candidate.first.duration_s / 2
    return ReuseFound(
        first=first.name,
        second=second.name,
        first_stretch=candidate.first,
        second_stretch=candidate.second,
        how=ReuseHow.SAME_STREAM,
        score=1.0,
        mirrored=False,
        pairs=tuple(_pair(first, second, at_s, candidate.lag_s)),
    )


def _confirmed(look: _Look, first: Curve, second: Curve) -> ReuseFound | None:
    """What decoded pieces of a candidate say; None unless its middle and a neighbour agree, or all of a short one."""
    stretch = extended(look.candidate, first, second)
    pieces = _pieces(stretch, first)
    middle = len(pieces) // 2
    slack_s = _FIRST_SLACK_S if len(pieces) > 1 else _SHORT_SLACK_S
    centre = _agreement(look, pieces[middle], stretch.lag_s, slack_s)
    if centre is None or centre.score < MIN_AGREEMENT:
        return None
    stretch = _shifted(stretch, centre.lag_s)
    agreed, unlike = {pieces[middle]: centre}, set()
    for at_s in (*reversed(pieces[:middle]), *pieces[middle + 1 :]):
        beside = _agreement(look, at_s, stretch.lag_s, _LATER_SLACK_S)
        if beside is None:
            continue  # nothing moves there
        if beside.score >= MIN_AGREEMENT and beside.mirrored == centre.mirrored:
            agreed[at_s] = beside
        else:
            unlike.add(at_s)
    if len(agreed) < _MIN_AGREED and (len(pieces) > 1 or centre.score < _needed_alone(look)):
        return None
    return _found(look, _cut(stretch, agreed, unlike), agreed)


def _needed_alone(look: _Look) -> float:
    """What one piece must show where there is no second; more than any can in clips that have room for more."""
    shorter_s = min(float(clip.fingerprint.duration_s) for clip in (look.first, look.second))
    if shorter_s < 2 * _PIECE_S:
        return MIN_AGREEMENT
    return _MIN_AGREEMENT_ALONE if shorter_s < _SHORT_S else math.inf


def _found(look: _Look, stretch: Candidate, agreed: Mapping[float, Agreement]) -> ReuseFound:
    return ReuseFound(
        first=look.first.name,
        second=look.second.name,
        first_stretch=stretch.first,
        second_stretch=stretch.second,
        how=ReuseHow.SAME_PICTURES,
        score=float(np.mean([agreement.score for agreement in agreed.values()])),
        mirrored=next(iter(agreed.values())).mirrored,
        pairs=tuple(pair for at_s in sorted(agreed) for pair in _pair(look.first, look.second, at_s, stretch.lag_s)),
    )


def _cut(stretch: Candidate, agreed: Collection[float], unlike: Collection[float]) -> Candidate:
    """The stretch without the ends whose pieces show something else."""
    from_s, to_s = stretch.first.start_s, stretch.first.end_s
    if any(at_s < min(agreed) for at_s in unlike):
        from_s = min(agreed)
    if any(at_s > max(agreed) for at_s in unlike):
        to_s = max(agreed) + _PIECE_S
    first = Stretch(start_s=from_s, end_s=to_s)
    second = Stretch(start_s=from_s + stretch.lag_s, end_s=to_s + stretch.lag_s)
    return replace(stretch, first=first, second=second)


def _shifted(candidate: Candidate, by_s: float) -> Candidate:
    second = candidate.second
    return replace(candidate, second=Stretch(start_s=second.start_s + by_s, end_s=second.end_s + by_s))


def _pieces(candidate: Candidate, curve: Curve) -> list[float]:
    """Where in the first clip the liveliest piece of each third of a stretch begins; fewer pieces of a short one."""
    stretch = candidate.first
    number = min(max(int(stretch.duration_s // _PIECE_S), 1), _NUM_PIECES)
    part_s = stretch.duration_s / number
    return [curve.liveliest_s(stretch.start_s + part * part_s, part_s, _PIECE_S) for part in range(number)]


def _agreement(look: _Look, at_s: float, lag_s: float, slack_s: float) -> Agreement | None:
    until_s = min(at_s + _PIECE_S, look.candidate.first.end_s)
    one = _frames(look.first, at_s, until_s, _STEP_S)
    other = _frames(look.second, at_s + lag_s - slack_s, until_s + lag_s + slack_s, _FINE_STEP_S)
    return compare(one, other, lag_s, slack_s)


def _frames(clip: WatchedClip, start_s: float, end_s: float, step_s: Fraction) -> list[Frame]:
    """A few pictures a second from this stretch of a clip."""
    wanted = _instants(clip.index, start_s, end_s, step_s)
    if not wanted:
        return []
    frames = Decoder(clip.file, clip.probe, clip.index, _plan(clip.index, wanted))
    keep = {clip.index.seconds(pts) for pts in wanted}
    return [frame for frame in frames if frame.at_s in keep]


def _instants(index: PacketIndex, start_s: float, end_s: float, step_s: Fraction) -> tuple[int, ...]:
    """The times of the pictures nearest to a grid, in ticks."""
    first, step = index.first_pts, max(int(step_s / index.time_base), 1)
    grid = np.arange(first + int(start_s / index.time_base), first + int(end_s / index.time_base) + 1, step)
    places = np.searchsorted(index.picture_pts, grid[grid >= first])
    chosen = index.picture_pts[np.unique(places[places < len(index.picture_pts)])]
    return tuple(int(pts) for pts in chosen)


def _plan(index: PacketIndex, wanted: tuple[int, ...]) -> Plan:
    """From the last key frame before the pictures to the first one after them; straight through without one."""
    keyframes = index.keyframe_pts
    before = int(np.searchsorted(keyframes, wanted[0], side="right")) - 1
    after = int(np.searchsorted(keyframes, wanted[-1], side="right"))
    if before < 0:
        return Plan(mode="frames", pts=wanted)
    needed = {int(pts) for pts in keyframes[before : after + 1]}
    return Plan(mode="keyframes", pts=tuple(sorted(needed | set(wanted))))


def _pair(first: WatchedClip, second: WatchedClip, at_s: float, lag_s: float) -> Iterator[PicturePair]:
    """The two pictures of this instant, if both can be decoded."""
    one = _frames(first, at_s, at_s + float(_STEP_S), _STEP_S)
    other = _frames(second, at_s + lag_s, at_s + lag_s + float(_STEP_S), _STEP_S)
    if one and other:
        yield side_by_side(one[0], other[0])
