"""A stretch that comes again backwards: a take played to its end and back again, to fill the time.

The curve of what moved, read backwards, tells where; pictures decide. Measured on 14 honest lessons, the best place has
a score of 6.7 at most, in drawn ones 11.6; two minutes to and fro have 9 and more, five minutes 13.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vidaudit.model.fingerprint import Candidate, Excerpt, PicturePair, ReuseFound, ReuseHow
from vidaudit.observe.motion import Agreement, compare
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.reuse import Matcher, sharpened
from vidaudit.run.look import (
    FINE_STEP_S,
    MIN_AGREED,
    MIN_AGREEMENT,
    PIECE_S,
    STEP_S,
    WatchedClip,
    excerpt_of,
    picture_at,
    pieces_of,
)

_LEAST_SCORE, _CLEAR_SCORE = 8.0, 10.0
_LEAST_STRETCH_S = 2 * PIECE_S
# What an encoder adds to motion it doesn't add backwards: where the curves are right, pieces of strongly compressed
# lessons agree by 0.28 to 0.74 at one and the same turn, half a second beside it by 0.22 at most; of the drawn lessons
# some piece by 0.04 at most.
_LEAST_IF_CLEAR, _LEAST_OF_EACH, _SAME_TURN_S = 0.35, 0.2, 0.25
_SLACK_S = 1.0  # of the place at which it turns, twice what the curve was off


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A clip, and the stretches in it of which the second may be the first backwards."""

    clip: WatchedClip
    candidate: Candidate

    @property
    def sum_s(self) -> float:
        """The times of the same picture in both stretches, added up."""
        return self.candidate.first.start_s + self.candidate.second.end_s


@dataclass(frozen=True, kw_only=True)
class Turned:
    """What looking at it came to; `found` is None where the pictures show something else."""

    found: ReuseFound | None


def turns(clips: Sequence[WatchedClip]) -> Iterator[Turn]:
    """The clips that seem to run back over what they showed."""
    for clip in clips:
        candidate = Matcher(sharpened(clip.fingerprint)).turned()
        if candidate and candidate.score >= _LEAST_SCORE and candidate.first.duration_s >= _LEAST_STRETCH_S:
            yield Turn(clip=clip, candidate=candidate)


def look_back(turn: Turn) -> Turned:
    """Whether pieces of the first stretch show what the second shows, backwards."""
    starts = pieces_of(turn.candidate, sharpened(turn.clip.fingerprint), PIECE_S)
    agreements = [_agreement(turn, at_s) for at_s in starts]
    seen = [one for one in agreements if one is not None and not one.mirrored]
    return Turned(found=_found(turn, seen) if len(seen) >= MIN_AGREED and _agree(seen, turn) else None)


def _agree(pieces: Sequence[Agreement], turn: Turn) -> bool:
    """Whether pieces far from each other run back alike, and turn at one time."""
    lags_s = [one.lag_s for one in pieces]
    least = _LEAST_IF_CLEAR if turn.candidate.score >= _CLEAR_SCORE else MIN_AGREEMENT
    alike = _score(pieces) >= least and min(one.score for one in pieces) >= _LEAST_OF_EACH
    return alike and max(lags_s) - min(lags_s) <= _SAME_TURN_S


def _score(pieces: Sequence[Agreement]) -> float:
    return sum(one.score for one in pieces) / len(pieces)


def _agreement(turn: Turn, at_s: float) -> Agreement | None:
    until_s = at_s + PIECE_S
    one = excerpt_of(turn.clip, at_s, until_s, STEP_S)
    other = excerpt_of(turn.clip, turn.sum_s - until_s - _SLACK_S, turn.sum_s - at_s + _SLACK_S, FINE_STEP_S)
    return compare(one, _backwards(other, turn.sum_s), 0.0, _SLACK_S)


def _backwards(excerpt: Excerpt, sum_s: float) -> Excerpt:
    """The pictures as if the clip ran the other way."""
    times = tuple(Fraction(sum_s) - at_s for at_s in reversed(excerpt.at_s))
    return Excerpt(at_s=times, pictures=excerpt.pictures[::-1])


def _found(turn: Turn, agreed: Sequence[Agreement]) -> ReuseFound:
    return ReuseFound(
        first=turn.clip.name,
        second=turn.clip.name,
        first_stretch=turn.candidate.first,
        second_stretch=turn.candidate.second,
        how=ReuseHow.REVERSED,
        score=_score(agreed),
        mirrored=False,
        pair=_pair(turn),
    )


def _pair(turn: Turn) -> PicturePair | None:
    """The same picture on the way there and on the way back."""
    at_s = turn.candidate.first.start_s + turn.candidate.first.duration_s / 2
    one, other = picture_at(turn.clip, at_s), picture_at(turn.clip, turn.sum_s - at_s)
    return None if one is None or other is None else side_by_side(one, other)
