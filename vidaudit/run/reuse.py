"""Footage used twice among the clips of one run: fingerprints point to places, decoded pictures decide."""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vidaudit.media.index import typical_keyframe_gap_s
from vidaudit.model.fingerprint import Candidate, PicturePair, ReuseFound, ReuseHow
from vidaudit.model.still import Stretch
from vidaudit.observe.reuse import Curve, Matcher, prepared, repeated_stream, same_stream, sharing
from vidaudit.run.links import Links
from vidaudit.run.look import Look, WatchedClip, confirmed, picture_pair

log = logging.getLogger(__name__)

_PER_PAIR = 3  # candidates of two clips that are worth a look
# Measured: of 210 pairs of honest ten-minute lessons in one room half score above 6.2 and the best 8.8, encoded copies
# of six minutes and more 13 and above. Those are looked at first; the score alone never decides.
_SURE_SCORE = 9.0
# 1080p decodes at some eleven times real time, a whole scan runs at 84 times on two cores: a fifth of it affords 0.026
# of the video, less what confirming takes; and at least so many seconds, a few looks. Places that stand out are hardly
# ever those of honest clips, and are looked at beyond that.
_EFFORT_SHARE, _LEAST_EFFORT_S = 0.02, 20.0
# Measured: comparing the curves of two ten-minute clips takes 10 ms, as long as so much video takes to decode.
_COMPARING_S, _TEN_MINUTES_S = 0.11, 600.0
_SURE_EFFORT_SHARE, _LEAST_SURE_EFFORT_S = 0.1, 900.0
_MIN_PERIOD_S, _RHYTHM_S = 5.0, 60.0  # of loops, and how much of a clip is tried for one
_MAX_PICTURES = 60  # a decoded pair each; a report shows the first of many alike anyway


@dataclass(frozen=True, kw_only=True)
class Reuses:
    """What comparing clips came to.

    Args:
        found: footage that is in two clips or twice in one.
        unseen: names of the two clips, for each place that stands out by far and that no effort was left to look at.
    """

    found: tuple[ReuseFound, ...] = ()
    unseen: tuple[tuple[str, str], ...] = ()


def find_reuse(clips: Sequence[WatchedClip], effort_s: float | None = None) -> Reuses:
    """Footage that is in two of the clips, or twice in one of them, with pictures side by side.

    The same encoded stream is found from packets alone; the same pictures encoded again, mirrored, cropped, brighter or
    redated only when decoded motion confirms it at several places. A file that breaks is passed over.

    Args:
        clips: all of one run; each pair is compared once.
        effort_s: how many seconds of video may be decoded to look at candidates; None for what a scan of these clips
            can afford.
    """
    curves = {clip.name: prepared(clip.fingerprint) for clip in clips}
    links = Links(_certain(clips))
    usual_s = _affordable_s(clips) if effort_s is None else effort_s
    efforts = {False: usual_s, True: _affordable_for_sure_s(clips)}
    unseen = []
    for look in sorted(_looks(clips, curves), key=lambda look: -look.candidate.score):
        if links.know(look) or links.imply(look):
            continue
        is_sure = look.candidate.score >= _SURE_SCORE
        efforts[is_sure] -= look.cost_s()
        if efforts[is_sure] >= 0:
            seen = _confirmed(look, curves)
            if seen is not None:
                efforts[is_sure] -= 2 * look.cost_s()  # its other pieces
                links.add(seen)
        elif is_sure:
            unseen.append((look.first.name, look.second.name))
    return Reuses(found=tuple(_with_pictures(links.found, clips)), unseen=tuple(unseen))


def _certain(clips: Sequence[WatchedClip]) -> Iterator[ReuseFound]:
    """The same packets in two clips, or twice in one."""
    for clip in clips:
        yield from (_same(clip, clip, stretch) for stretch in repeated_stream(clip.fingerprint))
    for one, other in sharing([clip.fingerprint for clip in clips]):
        first, second = clips[other], clips[one]
        stretches = same_stream(first.fingerprint, second.fingerprint)
        yield from (_same(first, second, stretch) for stretch in stretches)


def _same(first: WatchedClip, second: WatchedClip, stretch: Candidate) -> ReuseFound:
    return ReuseFound(
        first=first.name,
        second=second.name,
        first_stretch=stretch.first,
        second_stretch=stretch.second,
        how=ReuseHow.SAME_STREAM,
        score=1.0,
        mirrored=False,
    )


def _looks(clips: Sequence[WatchedClip], curves: Mapping[str, Curve]) -> Iterator[Look]:
    """Where a clip may repeat itself or one of those before it."""
    for number, clip in enumerate(clips):
        matcher = Matcher(curves[clip.name])
        for one in (*matcher.repeats(_PER_PAIR), *_rhythm(clip)):
            yield Look(first=clip, second=clip, candidate=one)
        for other in clips[:number]:
            for one in matcher.candidates(curves[other.name], _PER_PAIR):
                yield Look(first=clip, second=other, candidate=one)


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
    """What may be decoded for usual candidates: what comparing all curves leaves of a fifth of the scan."""
    durations_s = [float(clip.fingerprint.duration_s) for clip in clips]
    whole_s = sum(durations_s)
    pairs = (whole_s**2 - sum(duration_s**2 for duration_s in durations_s)) / 2 / _TEN_MINUTES_S**2
    return max(_LEAST_EFFORT_S, _EFFORT_SHARE * whole_s - _COMPARING_S * pairs)


def _affordable_for_sure_s(clips: Sequence[WatchedClip]) -> float:
    whole_s = sum(float(clip.fingerprint.duration_s) for clip in clips)
    return max(_LEAST_SURE_EFFORT_S, _SURE_EFFORT_SHARE * whole_s)


def _confirmed(look: Look, curves: Mapping[str, Curve]) -> ReuseFound | None:
    try:
        return confirmed(look, curves[look.first.name], curves[look.second.name])
    except Exception:  # whatever a hostile file brings about must not end the run
        log.exception("can't look at %s and %s", look.first.name, look.second.name)
        return None


def _with_pictures(found: Sequence[ReuseFound], clips: Sequence[WatchedClip]) -> Iterator[ReuseFound]:
    """The same, the longest stretch of each pair of clips with a picture, as far as the number of pictures goes."""
    watched = {clip.name: clip for clip in clips}
    left, shown = _MAX_PICTURES, {(one.first, one.second) for one in found if one.pair is not None}
    longest = {id(one) for one in _longest(found)}
    for one in found:
        names = one.first, one.second
        if left and one.pair is None and names not in shown and id(one) in longest:
            left -= 1
            shown.add(names)
            yield replace(one, pair=show(watched[one.first], watched[one.second], one.first_stretch, one.lag_s))
        else:
            yield one


def _longest(found: Sequence[ReuseFound]) -> Iterator[ReuseFound]:
    """Of each pair of clips that stretch which is the longest."""
    by_pair: dict[tuple[str, str], ReuseFound] = {}
    for one in found:
        best = by_pair.setdefault((one.first, one.second), one)
        if one.first_stretch.duration_s > best.first_stretch.duration_s:
            by_pair[one.first, one.second] = one
    yield from by_pair.values()


def show(first: WatchedClip, second: WatchedClip, stretch: Stretch, lag_s: float) -> PicturePair | None:
    """Two pictures of what is known to be the same, `lag_s` later in the second clip; None if none can be decoded."""
    try:
        return picture_pair(first, second, stretch, lag_s)
    except Exception:  # the same: a finding stands without a picture
        log.exception("can't show %s and %s", first.name, second.name)
        return None
