"""Looking at the pictures of a place where two clips may show the same: a few short pieces are decoded and compared."""

import math
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from vidaudit.media.decode import Decoder
from vidaudit.media.index import PacketIndex
from vidaudit.media.plan import Plan
from vidaudit.model.fingerprint import Candidate, ClipFingerprint, PicturePair, ReuseFound, ReuseHow
from vidaudit.model.media import Frame, MediaProbe
from vidaudit.model.still import Stretch
from vidaudit.observe.motion import Agreement, compare
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.reuse import Curve, extended

_PIECE_S, _NUM_PIECES, _MIN_AGREED = 8.0, 3, 2
_FULL_PIXELS, _FULL_RATE = 1920 * 1080, 25
_COMPARING_S = 3.0  # measured: as long as so much video takes to decode
_SHOWN_PX = 640  # of the longer side: what is compared is 160 px wide, and a pair's pictures 360 px high
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
class Look:
    """A candidate and the clips it is in."""

    first: WatchedClip
    second: WatchedClip
    candidate: Candidate

    def cost_s(self) -> float:
        """What looking at its middle piece costs, in seconds of 1080p video with 25 pictures a second."""
        length_s = min(_PIECE_S, self.candidate.first.duration_s)
        start_s = self.candidate.first.start_s + (self.candidate.first.duration_s - length_s) / 2
        lag_s, slack_s = self.candidate.lag_s, _FIRST_SLACK_S
        one = _decoding_s(self.first, start_s, start_s + length_s)
        other = _decoding_s(self.second, start_s + lag_s - slack_s, start_s + lag_s + length_s + slack_s)
        return one + other + _COMPARING_S


def _decoding_s(clip: WatchedClip, start_s: float, end_s: float) -> float:
    """What decoding a stretch costs, from the key frame before it on, in the same measure."""
    index = clip.index
    first, last = (index.first_pts + int(time_s / index.time_base) for time_s in (start_s, end_s))
    place = int(np.searchsorted(index.keyframe_pts, first, side="right")) - 1
    from_pts = index.keyframe_pts[place] if place >= 0 else index.first_pts
    pictures = np.searchsorted(index.picture_pts, last) - np.searchsorted(index.picture_pts, from_pts)
    size = clip.probe.header and clip.probe.header.display_size_px
    pixels = size[0] * size[1] if size else _FULL_PIXELS
    return float(pictures) / _FULL_RATE * pixels / _FULL_PIXELS


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A piece that was decoded: how it agrees, and its middle pictures side by side."""

    agreement: Agreement
    pair: PicturePair


def confirmed(look: Look, first: Curve, second: Curve) -> ReuseFound | None:
    """What decoded pieces of a candidate say; None unless its middle and a neighbour agree, or all of a short one."""
    stretch = extended(look.candidate, first, second)
    pieces = _pieces(stretch, first)
    middle = len(pieces) // 2
    slack_s = _FIRST_SLACK_S if len(pieces) > 1 else _SHORT_SLACK_S
    centre = _piece(look, pieces[middle], stretch.lag_s, slack_s)
    if centre is None or centre.agreement.score < MIN_AGREEMENT:
        return None
    stretch = _shifted(stretch, centre.agreement.lag_s)
    agreed, unlike = {pieces[middle]: centre}, set()
    for at_s in (*reversed(pieces[:middle]), *pieces[middle + 1 :]):
        beside = _piece(look, at_s, stretch.lag_s, _LATER_SLACK_S)
        if beside is None:
            continue  # nothing moves there
        if beside.agreement.score >= MIN_AGREEMENT and beside.agreement.mirrored == centre.agreement.mirrored:
            agreed[at_s] = beside
        else:
            unlike.add(at_s)
    if len(agreed) < _MIN_AGREED and (len(pieces) > 1 or centre.agreement.score < _needed_alone(look)):
        return None
    return _found(look, _cut(stretch, agreed, unlike), centre, agreed)


def picture_pair(first: WatchedClip, second: WatchedClip, stretch: Stretch, lag_s: float) -> PicturePair | None:
    """Two pictures of what is known to be the same, at a key frame near its middle; None where one can't be decoded."""
    middle_s = stretch.start_s + stretch.duration_s / 2
    at_s = _keyframe_s(first.index, middle_s)
    at_s = at_s if stretch.start_s <= at_s < stretch.end_s else middle_s
    one, other = (_frames(clip, now_s, now_s, _STEP_S) for clip, now_s in ((first, at_s), (second, at_s + lag_s)))
    return side_by_side(one[0], other[0]) if one and other else None


def _keyframe_s(index: PacketIndex, at_s: float) -> float:
    if not len(index.keyframe_pts):
        return at_s
    times_s = (index.keyframe_pts - index.first_pts) * float(index.time_base)
    return float(times_s[np.abs(times_s - at_s).argmin()])


def _needed_alone(look: Look) -> float:
    """What one piece must show where there is no second; more than any can in clips that have room for more."""
    shorter_s = min(float(clip.fingerprint.duration_s) for clip in (look.first, look.second))
    if shorter_s < 2 * _PIECE_S:
        return MIN_AGREEMENT
    return _MIN_AGREEMENT_ALONE if shorter_s < _SHORT_S else math.inf


def _found(look: Look, stretch: Candidate, centre: _Piece, agreed: Mapping[float, _Piece]) -> ReuseFound:
    return ReuseFound(
        first=look.first.name,
        second=look.second.name,
        first_stretch=stretch.first,
        second_stretch=stretch.second,
        how=ReuseHow.SAME_PICTURES,
        score=float(np.mean([piece.agreement.score for piece in agreed.values()])),
        mirrored=centre.agreement.mirrored,
        pair=centre.pair,
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


def _piece(look: Look, at_s: float, lag_s: float, slack_s: float) -> _Piece | None:
    """A piece of both clips compared; None where too little moves or nothing can be decoded."""
    until_s = min(at_s + _PIECE_S, look.candidate.first.end_s)
    with ThreadPoolExecutor(1) as beside:  # decoding leaves the interpreter free, and the other cores are idle by now
        later = beside.submit(_frames, look.second, at_s + lag_s - slack_s, until_s + lag_s + slack_s, _FINE_STEP_S)
        one, other = _frames(look.first, at_s, until_s, _STEP_S), later.result()
    agreement = compare(one, other, lag_s, slack_s)
    if agreement is None:
        return None
    shown = one[len(one) // 2]
    wanted_s = float(shown.at_s) + lag_s + agreement.lag_s
    same = min(other, key=lambda frame: abs(float(frame.at_s) - wanted_s))
    return _Piece(agreement=agreement, pair=side_by_side(shown, same))


def _frames(clip: WatchedClip, start_s: float, end_s: float, step_s: Fraction) -> list[Frame]:
    """A few pictures a second from this stretch of a clip."""
    wanted = _instants(clip.index, start_s, end_s, step_s)
    if not wanted:
        return []
    frames = Decoder(clip.file, clip.probe, clip.index, _plan(clip.index, wanted), max_side_px=_SHOWN_PX)
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
