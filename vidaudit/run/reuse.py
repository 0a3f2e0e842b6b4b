"""Footage used twice among the clips of one run: fingerprints point to places, decoded pictures decide.

The looks are done by workers, in rounds that depend on nothing but the clips: the findings are the same with any number
of workers, whichever of them is done first.
"""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from vidaudit.media.index import typical_keyframe_gap_s
from vidaudit.model.fingerprint import Candidate, PicturePair, ReuseFound, ReuseHow
from vidaudit.model.still import Stretch
from vidaudit.observe.reuse import Curve, Matcher, repeated_stream, same_stream, sharing, sharpened
from vidaudit.run.links import Groups, Links
from vidaudit.run.look import Look, Showing, WatchedClip, look_at, make_look, show
from vidaudit.run.turned import look_back, turns

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

_PER_PAIR = 8  # candidates of two clips that are worth a look, where there is time
_PER_LOOP = 1  # the same of one clip that may repeat itself: a loop stands out
# Measured: of 210 pairs of honest ten-minute lessons in one room the best candidate scores 7.2, the second 6.4, encoded
# copies of six minutes and more 10.3 and above. Those are looked at first; the score alone never decides.
_SURE_SCORE = 8.0
# Of two clips of less than two minutes no score is that high. Measured: a pan of 40 s encoded again in six ways (small,
# brighter, mirrored, at 15 pictures a second, 25 s of it) scores 3.3 to 4.5, which is 1.6 to 2.7 times the second best;
# cropped by 6 % it is 2.8, hardly more than the second. Of 190 honest pairs of pans one has such a best place.
_SHORT_PAIR_S, _SURE_SCORE_OF_SHORT, _SURE_RATIO_OF_SHORT = 120.0, 3.0, 1.55
# 1080p decodes at some eleven times real time, a whole scan runs at 42 times on each core: 8 % of it would afford 0.02
# of the video; less than half goes into first glances, to leave room for confirming and for the curves. And at least
# so many seconds: 21 is what finding 30 s of one lesson in another beside a third takes (benchmarks/reuse.py). Places
# that stand out are hardly ever those of honest clips, and are looked at beyond that.
_EFFORT_SHARE, _LEAST_EFFORT_S = 0.008, 22.0
# Measured: comparing the curves of two ten-minute clips takes 10 ms, as long as so much video takes to decode.
_COMPARING_S, _TEN_MINUTES_S = 0.11, 600.0
_SURE_EFFORT_SHARE, _LEAST_SURE_EFFORT_S = 0.1, 900.0
_CONFIRMING = 6  # times what the first glance costs
_LEAST_LOOK_S = 0.3  # the cheapest look there can be, in the same seconds
_ROUND = 32  # looks at a time
_MOST_RHYTHMS = 3  # of key frames; a county's recorders have one or two
_MIN_PERIOD_S, _RHYTHM_S = 5.0, 60.0  # of loops, and how much of a clip is tried for one
_MAX_PICTURES = 60  # a decoded pair each; a report shows the first of many alike anyway


class Workers(Protocol):
    """Whoever does work that may hang or break."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result | None]]:
        """(number of the item, its result) as they are done, in any order; None for what hung or broke.

        Args:
            work: a function of a module, so that other processes find it; it never gives None itself.
        """
        ...


class Here:
    """Does the work in this process, one after the other; what hangs, hangs."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result | None]]:
        """See `Workers.each`."""
        for number, item in enumerate(items):
            try:
                yield number, work(item)
            except Exception:  # whatever a hostile file brings about must not end the run
                log.exception("can't look at what may be the same")
                yield number, None


@dataclass(frozen=True, kw_only=True)
class Reuses:
    """What comparing clips came to.

    Args:
        found: footage that is in two clips or twice in one.
        unseen: names of the two clips, for each place that stands out by far and that no effort was left to look at.
    """

    found: tuple[ReuseFound, ...] = ()
    unseen: tuple[tuple[str, str], ...] = ()


def find_reuse(clips: Sequence[WatchedClip], effort_s: float | None = None, workers: Workers | None = None) -> Reuses:
    """Footage that is in two of the clips, or twice in one of them, with pictures side by side.

    The same encoded stream is found from packets alone; the same pictures encoded again, mirrored, cropped, brighter or
    redated only when decoded motion confirms it at several places. A file that breaks is passed over.

    Args:
        clips: all of one run; each pair is compared once.
        effort_s: how many seconds of video may be decoded to look at candidates; None for what a scan of these clips
            can afford.
        workers: who looks; None for this process.
    """
    workers = workers or Here()
    usual_s = _affordable_s(clips) if effort_s is None else effort_s
    rounds = _Rounds(clips, usual_s, _affordable_for_sure_s(clips))
    while looks := rounds.next():
        answers = dict(workers.each(look_at, looks))
        for number, look in enumerate(looks):
            answer = answers.get(number)
            rounds.take(look, None if answer is None else answer.found, is_broken=answer is None)
    found = _with_pictures(rounds.links.found, clips, workers)
    turned, unturned = _turned(clips, workers)
    return Reuses(found=(*found, *turned), unseen=(*rounds.unseen, *unturned))


def _turned(clips: Sequence[WatchedClip], workers: Workers) -> tuple[list[ReuseFound], list[tuple[str, str]]]:
    """What comes again backwards, and the names of the clips (twice each) in which looking for it broke."""
    wanted = list(turns(clips))
    answers = dict(workers.each(look_back, wanted))
    found = [answer.found for answer in answers.values() if answer is not None and answer.found is not None]
    broken = [turn.clip.name for number, turn in enumerate(wanted) if answers.get(number) is None]
    return found, [(name, name) for name in broken]


class _Rounds:
    """Which places are looked at, a round at a time: those that stand out first, then the likeliest of each pair.

    What follows from an earlier round isn't looked at. Of clips that may all be copies of one, a round has only as many
    looks as it takes to link them.
    """

    def __init__(self, clips: Sequence[WatchedClip], usual_s: float, sure_s: float) -> None:
        self.links = Links(_certain(clips))
        self.unseen: list[tuple[str, str]] = []
        self._efforts_s = {False: usual_s, True: sure_s}
        self._left = _looks(clips, usual_s)

    def next(self) -> list[Look]:
        """The looks of the next round; none when all is done."""
        chosen: list[Look] = []
        later: list[Look] = []
        groups = Groups()
        for look in self._left:
            is_full = len(chosen) >= _ROUND or (chosen and _is_sure(chosen[0]) and not _is_sure(look))
            if is_full or groups.are_joined(look.first.name, look.second.name):
                later.append(look)
            elif self._is_open(look) and self._is_affordable(look):
                chosen.append(look)
                groups.join(look.first.name, look.second.name, is_for_all=_is_sure(look))
        self._left = later
        return chosen

    def take(self, look: Look, found: ReuseFound | None, *, is_broken: bool) -> None:
        """What a look came to."""
        if found is not None:
            self._efforts_s[_is_sure(look)] -= _CONFIRMING * look.cost_s()
            self.links.add(found)
        elif is_broken:
            self.unseen.append((look.first.name, look.second.name))

    def _is_open(self, look: Look) -> bool:
        return not self.links.know(look) and not self.links.imply(look)

    def _is_affordable(self, look: Look) -> bool:
        is_sure = _is_sure(look)
        self._efforts_s[is_sure] -= look.cost_s()
        if self._efforts_s[is_sure] >= 0:
            return True
        if is_sure:
            self.unseen.append((look.first.name, look.second.name))
        return False


def _is_sure(look: Look) -> bool:
    return look.candidate.score >= _SURE_SCORE


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


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A candidate, how many better ones its two clips have, and the numbers of the clips."""

    candidate: Candidate
    rank: int
    first: int
    second: int


def _looks(clips: Sequence[WatchedClip], usual_s: float) -> list[Look]:
    """Where a clip may repeat itself or one of those before it, the likeliest first, as many as there can be time for.

    After what stands out comes the best of each two clips, then the second best: which two share anything, their scores
    tell better than where.
    """
    rhythms_s = _rhythms_s(clips)
    curves = [sharpened(clip.fingerprint, rhythms_s) for clip in clips]
    places = sorted(_places(clips, curves), key=_likeliest)
    num_sure = sum(place.candidate.score >= _SURE_SCORE for place in places)
    affordable = places[: num_sure + math.ceil(max(usual_s, 0) / _LEAST_LOOK_S)]
    return [
        make_look(clips[place.first], clips[place.second], place.candidate, curves[place.first]) for place in affordable
    ]


def _likeliest(place: _Place) -> tuple[bool, int, float]:
    is_sure = place.candidate.score >= _SURE_SCORE
    return not is_sure, 0 if is_sure else place.rank, -place.candidate.score


def _places(clips: Sequence[WatchedClip], curves: Sequence[Curve]) -> Iterator[_Place]:
    for number, clip in enumerate(clips):
        repeats = Matcher(sharpened(clip.fingerprint)).repeats(_PER_LOOP)
        for rank, one in enumerate((*_rhythm(clip), *repeats)):
            yield _Place(candidate=one, rank=rank, first=number, second=number)
        matcher = Matcher(curves[number])
        for other in range(number):
            found = matcher.candidates(curves[other], _PER_PAIR)
            if found and _stands_out_of_short(curves[number], curves[other], found):
                found = (replace(found[0], score=max(found[0].score, _SURE_SCORE)), *found[1:])
            for rank, one in enumerate(found):
                yield _Place(candidate=one, rank=rank, first=number, second=other)


def _stands_out_of_short(one: Curve, other: Curve, found: Sequence[Candidate]) -> bool:
    """Whether the best place of two face clips is likely the same footage: in so little time no score is high."""
    best, second = found[0].score, found[1].score if len(found) > 1 else 0.0
    is_short = max(one.duration_s, other.duration_s) < _SHORT_PAIR_S
    return is_short and best >= _SURE_SCORE_OF_SHORT and best >= _SURE_RATIO_OF_SHORT * second


def _rhythms_s(clips: Sequence[WatchedClip]) -> list[float]:
    """The commonest times between key frames: a clip that was encoded from another has them in its curve."""
    gaps_s = (typical_keyframe_gap_s(clip.film.index) for clip in clips)
    number = Counter(round(float(gap_s), 2) for gap_s in gaps_s if gap_s is not None)
    return sorted(number, key=lambda gap_s: (-number[gap_s], gap_s))[:_MOST_RHYTHMS]


def _rhythm(clip: WatchedClip) -> list[Candidate]:
    """A clip whose bytes never differ from their rhythm may be a loop as long as the time between key frames."""
    gap_s = float(typical_keyframe_gap_s(clip.film.index) or 0)
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


def _with_pictures(found: Sequence[ReuseFound], clips: Sequence[WatchedClip], workers: Workers) -> Iterator[ReuseFound]:
    """The same, the longest stretch of each pair of clips with a picture, as far as the number of pictures goes."""
    watched = {clip.name: clip for clip in clips}
    shown = {(one.first, one.second) for one in found if one.pair is not None}
    wanted = [one for one in _longest(found) if (one.first, one.second) not in shown][:_MAX_PICTURES]
    showings = [
        Showing(first=watched[one.first], second=watched[one.second], stretch=one.first_stretch, lag_s=one.lag_s)
        for one in wanted
    ]
    pairs = {
        id(wanted[number]): None if answer is None else answer.pair for number, answer in workers.each(show, showings)
    }
    for one in found:
        pair: PicturePair | None = pairs.get(id(one))
        yield one if pair is None else replace(one, pair=pair)


def _longest(found: Sequence[ReuseFound]) -> Iterator[ReuseFound]:
    """Of each pair of clips that stretch which is the longest."""
    by_pair: dict[tuple[str, str], ReuseFound] = {}
    for one in found:
        best = by_pair.setdefault((one.first, one.second), one)
        if one.first_stretch.duration_s > best.first_stretch.duration_s:
            by_pair[one.first, one.second] = one
    yield from by_pair.values()
