"""Looking at the pictures of a place where two clips may show the same: a few short pieces are decoded and compared.

Most places are none, and three seconds tell: only where these agree are longer pieces decoded, which decide.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from vidaudit.media.excerpt import Film, excerpt, still
from vidaudit.media.index import PacketIndex
from vidaudit.model.fingerprint import Candidate, ClipFingerprint, Excerpt, PicturePair, ReuseFound, ReuseHow
from vidaudit.model.media import Frame
from vidaudit.model.still import Stretch
from vidaudit.observe.motion import Agreement, compare
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.reuse import BIN_S, Curve, extended, prepared

PIECE_S, _NUM_PIECES, MIN_AGREED = 8.0, 3, 2
_MOST_STEPS = 2  # of a piece each to either side of the middle: with it, more than half a minute
_SCREEN_S = 3.0
# Measured on the same lessons: three seconds of a copy agree by 0.74 and more, of 95 in 100 places that only seem to
# be one by less than this.
_MIN_SCREENED = 0.6
# Of the 3,600 places compared. Where the camera moves, all of them do, and three seconds say what eight do of a room.
_MOVING_CAMERA, _MIN_AGREEMENT_OF_CAMERA = 1000, 0.9
_FULL_PIXELS, _FULL_RATE = 1920 * 1080, 25
_COMPARING_S = 0.25  # measured: comparing, and opening both files, takes as long as so much video takes to decode
_COMPARED_PX, _SHOWN_PX = 320, 640  # width of what is compared; longer side of what is shown
STEP_S, FINE_STEP_S = Fraction(1, 5), Fraction(1, 10)
# How far a curve's lag may be off, more of a short stretch; the first piece tells it better.
_FIRST_SLACK_S, _SHORT_SLACK_S, _LATER_SLACK_S = 0.4, 2.0, 0.4
# Between what was measured on the lessons of `benchmarks/reuse.py`: a single piece of two honest ones agrees by up to
# 0.76, but no two neighbouring pieces did; of a copy nearly every piece agrees by 0.84 and more.
MIN_AGREEMENT = 0.75
_MIN_AGREEMENT_ALONE = 0.85  # of a stretch too short for two pieces, in clips of less than a minute
_SHORT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class WatchedClip:
    """A clip to look for footage used twice in.

    Args:
        name: what it is called in the findings; unique in the run.
        film: for decoding it.
        fingerprint: made when it was probed.
    """

    name: str
    film: Film
    fingerprint: ClipFingerprint

    @property
    def duration_s(self) -> float:
        """From its first picture to its last."""
        return float(self.fingerprint.duration_s)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A candidate and the clips it is in; `at_s` is where in the first the cheapest lively seconds begin."""

    first: WatchedClip
    second: WatchedClip
    candidate: Candidate
    at_s: float

    @property
    def length_s(self) -> float:
        """How much is decoded at first."""
        return min(_SCREEN_S, self.candidate.first.duration_s)

    @property
    def slack_s(self) -> float:
        """How far the candidate's lag may be off."""
        return _slack_s(self.first, self.second, self.candidate)

    def cost_s(self) -> float:
        """What the first glance costs, in seconds of 1080p video with 25 pictures a second."""
        start_s, end_s = self.at_s + self.candidate.lag_s, self.at_s + self.length_s
        one = _decoding_s(self.first, self.at_s, end_s)
        other = _decoding_s(self.second, start_s - self.slack_s, end_s + self.candidate.lag_s + self.slack_s)
        return one + other + _COMPARING_S


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a look came to; `found` is None where the clips show something else there."""

    found: ReuseFound | None


@dataclass(frozen=True, kw_only=True)
class Showing:
    """What is known to be the same, `lag_s` later in the second clip, and is to be shown."""

    first: WatchedClip
    second: WatchedClip
    stretch: Stretch
    lag_s: float


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Two pictures of it; None where one can't be decoded."""

    pair: PicturePair | None


def _slack_s(first: WatchedClip, second: WatchedClip, candidate: Candidate) -> float:
    is_exact = first is second or candidate.first.duration_s >= 2 * PIECE_S
    return _FIRST_SLACK_S if is_exact else _SHORT_SLACK_S


def make_look(first: WatchedClip, second: WatchedClip, candidate: Candidate, curve: Curve) -> Look:
    """A look at the middle third of a candidate, where much moves and little needs to be decoded for it.

    Args:
        curve: the first clip's.
    """
    stretch = candidate.first
    length_s = min(_SCREEN_S, stretch.duration_s)
    begin_s, end_s = stretch.start_s + stretch.duration_s / 3, stretch.end_s - stretch.duration_s / 3
    at_s = np.arange(begin_s, max(end_s - length_s, begin_s) + BIN_S / 2, BIN_S)
    at_s = at_s[at_s + length_s <= stretch.end_s] if stretch.duration_s > length_s else np.array([stretch.start_s])
    other_s = at_s + candidate.lag_s - _slack_s(first, second, candidate)
    lead_s = _lead_s(first.film.index, at_s) + _lead_s(second.film.index, other_s)
    best = (curve.liveliness(at_s, length_s) / (2 * length_s + lead_s)).argmax()
    return Look(first=first, second=second, candidate=candidate, at_s=float(at_s[best]))


def _lead_s(index: PacketIndex, at_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How long before each time the key frame is from which it is decoded."""
    if not index.keyframe_pts.size:
        return at_s
    times_s = (index.keyframe_pts - index.first_pts) * float(index.time_base)
    return np.asarray(at_s - times_s[np.maximum(np.searchsorted(times_s, at_s, side="right") - 1, 0)])


def _decoding_s(clip: WatchedClip, start_s: float, end_s: float) -> float:
    """What decoding a stretch costs, from the key frame before it on, in the same measure."""
    index, header = clip.film.index, clip.film.probe.header
    first, last = (index.first_pts + int(time_s / index.time_base) for time_s in (start_s, end_s))
    place = int(np.searchsorted(index.keyframe_pts, first, side="right")) - 1
    from_pts = index.keyframe_pts[place] if place >= 0 else index.first_pts
    pictures = np.searchsorted(index.picture_pts, last) - np.searchsorted(index.picture_pts, from_pts)
    size = header and header.display_size_px
    pixels = size[0] * size[1] if size else _FULL_PIXELS
    return float(pictures) / _FULL_RATE * pixels / _FULL_PIXELS


def look_at(look: Look) -> Looked:
    """What decoded pieces of a candidate say: found when its middle and a neighbour agree, or all of a short one."""
    glance = _agreement(look, look.at_s, look.length_s, look.candidate.lag_s, look.slack_s)
    if glance is None or glance.score < _MIN_SCREENED:
        return Looked(found=None)
    curve = prepared(look.first.fingerprint)
    stretch = extended(look.candidate, curve, prepared(look.second.fingerprint))
    stretch = _shifted(_covering(stretch, look), glance.lag_s)
    if glance.num_moving >= _MOVING_CAMERA and glance.score >= _MIN_AGREEMENT_OF_CAMERA:
        return Looked(found=_decided(look, stretch, curve, _SCREEN_S, glance))
    return Looked(found=_decided(look, stretch, curve, min(PIECE_S, stretch.first.duration_s), None))


def _decided(
    look: Look, stretch: Candidate, curve: Curve, piece_s: float, centre: Agreement | None
) -> ReuseFound | None:
    """Whether the middle and what lies beside it agree.

    Args:
        centre: what is known of the middle, when that is enough; then one piece beside it is, too.
    """
    pieces = pieces_of(stretch, curve, piece_s)
    middle, is_known = len(pieces) // 2, centre is not None
    middle_s = _around(look, stretch.first, piece_s)
    centre = centre or _agreement(look, middle_s, piece_s, stretch.lag_s, _LATER_SLACK_S)
    if centre is None or centre.score < MIN_AGREEMENT:
        return None
    stretch = stretch if is_known else _shifted(stretch, centre.lag_s)
    beside = (*reversed(pieces[:middle]), *pieces[middle + 1 :])
    agreed, unlike = _compared(look, stretch.lag_s, centre, beside, piece_s, most=1 if is_known else _NUM_PIECES)
    if not agreed and centre.num_moving < _MOVING_CAMERA:
        agreed, others = _followed(look, stretch.lag_s, centre, middle_s, piece_s)
        unlike |= others
    agreed[middle_s] = centre
    if len(agreed) < MIN_AGREED and (len(pieces) > 1 or centre.score < _needed_alone(look)):
        return None
    return _found(look, _cut(stretch, agreed, unlike, piece_s), centre, agreed, middle_s)


def _compared(
    look: Look, lag_s: float, centre: Agreement, places: Iterable[float], piece_s: float, *, most: int
) -> tuple[dict[float, Agreement], set[float]]:
    """Which pieces agree as their centre does, by where they begin, at most so many; and which show something else."""
    agreed: dict[float, Agreement] = {}
    unlike: set[float] = set()
    for at_s in places:
        beside = _agreement(look, at_s, piece_s, lag_s, _LATER_SLACK_S)
        if beside is None:
            continue  # nothing moves there
        if beside.score >= MIN_AGREEMENT and beside.mirrored == centre.mirrored:
            agreed[at_s] = beside
        else:
            unlike.add(at_s)
        if len(agreed) >= most:
            break
    return agreed, unlike


def _followed(
    look: Look, lag_s: float, centre: Agreement, at_s: float, piece_s: float
) -> tuple[dict[float, Agreement], set[float]]:
    """The same of the pieces right before and after the middle: curves tell the ends of a short stretch badly.

    Not in clips of less than a minute, where one piece may have to do.
    """
    agreed: dict[float, Agreement] = {}
    unlike: set[float] = set()
    from_s, to_s = max(0.0, -lag_s), min(look.first.duration_s, look.second.duration_s - lag_s)
    if min(look.first.duration_s, look.second.duration_s) < _SHORT_S:
        return agreed, unlike
    for way_s in (-piece_s, piece_s):
        for step in range(1, _MOST_STEPS + 1):
            begin_s = at_s + step * way_s
            if not from_s <= begin_s <= to_s - piece_s:
                break
            alike, others = _compared(look, lag_s, centre, [begin_s], piece_s, most=1)
            agreed |= alike
            unlike |= others
            if not alike:
                break
    return agreed, unlike


def _covering(stretch: Candidate, look: Look) -> Candidate:
    """The stretch and what was glanced at: where the curves tell little, pictures tell more."""
    from_s = min(stretch.first.start_s, look.at_s)
    to_s = max(stretch.first.end_s, look.at_s + look.length_s)
    return _between(stretch, from_s, to_s)


def _between(stretch: Candidate, from_s: float, to_s: float) -> Candidate:
    """The same lag from and to these seconds of the first clip, no earlier than either begins."""
    from_s = max(from_s, 0.0, -stretch.lag_s)
    first = Stretch(start_s=from_s, end_s=to_s)
    second = Stretch(start_s=from_s + stretch.lag_s, end_s=to_s + stretch.lag_s)
    return replace(stretch, first=first, second=second)


def _around(look: Look, stretch: Stretch, piece_s: float) -> float:
    """Where the piece of a stretch begins that has in its middle what was glanced at."""
    return max(min(look.at_s - (piece_s - look.length_s) / 2, stretch.end_s - piece_s), stretch.start_s)


def show(showing: Showing) -> Shown:
    """Two pictures of what is known to be the same, at a key frame near its middle."""
    stretch, index = showing.stretch, showing.first.film.index
    middle_s = stretch.start_s + stretch.duration_s / 2
    at_s = _keyframe_s(index, middle_s)
    at_s = at_s if stretch.start_s <= at_s < stretch.end_s else middle_s
    one, other = picture_at(showing.first, at_s), picture_at(showing.second, at_s + showing.lag_s)
    return Shown(pair=None if one is None or other is None else side_by_side(one, other))


def picture_at(clip: WatchedClip, at_s: float) -> Frame | None:
    """The picture that a clip shows then, to be shown; None where there is none."""
    wanted = _instants(clip.film.index, at_s, at_s, STEP_S)
    return still(clip.film, wanted[0], _SHOWN_PX) if wanted else None


def _keyframe_s(index: PacketIndex, at_s: float) -> float:
    if not len(index.keyframe_pts):
        return at_s
    times_s = (index.keyframe_pts - index.first_pts) * float(index.time_base)
    return float(times_s[np.abs(times_s - at_s).argmin()])


def _needed_alone(look: Look) -> float:
    """What one piece must show where there is no second; more than any can in clips that have room for more."""
    shorter_s = min(look.first.duration_s, look.second.duration_s)
    if shorter_s < 2 * PIECE_S:
        return MIN_AGREEMENT
    return _MIN_AGREEMENT_ALONE if shorter_s < _SHORT_S else math.inf


def _found(
    look: Look, stretch: Candidate, centre: Agreement, agreed: Mapping[float, Agreement], at_s: float
) -> ReuseFound:
    around = Stretch(start_s=at_s, end_s=at_s + PIECE_S)
    pair = show(Showing(first=look.first, second=look.second, stretch=around, lag_s=stretch.lag_s)).pair
    return ReuseFound(
        first=look.first.name,
        second=look.second.name,
        first_stretch=stretch.first,
        second_stretch=stretch.second,
        how=ReuseHow.SAME_PICTURES,
        score=float(np.mean([agreement.score for agreement in agreed.values()])),
        mirrored=centre.mirrored,
        pair=pair,
    )


def _cut(stretch: Candidate, agreed: Collection[float], unlike: Collection[float], piece_s: float) -> Candidate:
    """The stretch without the ends whose pieces show something else."""
    from_s, to_s = stretch.first.start_s, stretch.first.end_s
    if any(at_s < min(agreed) for at_s in unlike):
        from_s = min(agreed)
    if any(at_s > max(agreed) for at_s in unlike):
        to_s = max(agreed) + piece_s
    return _between(stretch, from_s, to_s)


def _shifted(candidate: Candidate, by_s: float) -> Candidate:
    second = candidate.second
    return replace(candidate, second=Stretch(start_s=second.start_s + by_s, end_s=second.end_s + by_s))


def pieces_of(candidate: Candidate, curve: Curve, piece_s: float) -> list[float]:
    """Where in the first clip the liveliest piece of each third of a stretch begins; fewer pieces of a short one."""
    stretch = candidate.first
    number = min(max(int(stretch.duration_s // PIECE_S), 1), _NUM_PIECES)
    part_s = stretch.duration_s / number
    return [curve.liveliest_s(stretch.start_s + part * part_s, part_s, piece_s) for part in range(number)]


def _agreement(look: Look, at_s: float, length_s: float, lag_s: float, slack_s: float) -> Agreement | None:
    """A piece of both clips compared; None where too little moves or nothing can be decoded."""
    until_s = at_s + length_s
    one = excerpt_of(look.first, at_s, until_s, STEP_S)
    other = excerpt_of(look.second, at_s + lag_s - slack_s, until_s + lag_s + slack_s, FINE_STEP_S)
    return compare(one, other, lag_s, slack_s)


def excerpt_of(clip: WatchedClip, start_s: float, end_s: float, step_s: Fraction) -> Excerpt:
    """A few pictures a second from this stretch of a clip."""
    return excerpt(clip.film, _instants(clip.film.index, start_s, end_s, step_s), _COMPARED_PX)


def _instants(index: PacketIndex, start_s: float, end_s: float, step_s: Fraction) -> tuple[int, ...]:
    """The times of the pictures nearest to a grid, in ticks."""
    first, step = index.first_pts, max(int(step_s / index.time_base), 1)
    grid = np.arange(first + int(start_s / index.time_base), first + int(end_s / index.time_base) + 1, step)
    places = np.searchsorted(index.picture_pts, grid[grid >= first])
    chosen = index.picture_pts[np.unique(places[places < len(index.picture_pts)])]
    return tuple(int(pts) for pts in chosen)
