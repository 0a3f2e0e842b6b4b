"""Places that one person takes by turns: a teacher walking about must not be counted at every stop.

People in their seats look up independently: two who are each seen in a fifth of the frames are seen together now and
then. Places that never show a face in the same frame, though by chance they often should, are one person moving.
"""

import itertools
from collections.abc import Sequence
from math import comb, log

import numpy as np
import numpy.typing as npt

# Surprise, in nats, that chance must be overcome by: fewer than one class in twenty (e^-3) would show such a group
# among people who sit still.
_MIN_SURPRISE = 3.0
# From here on a group is a doubt. Measured: among 4 to 13 people who look up independently, in 15 to 40 of 100 of 60
# frames, at most 3 classes in 100 show one; at 0 it were 23. Somebody walking about for five minutes shows 2.99.
_MIN_DOUBT = 1.0

Presence = npt.NDArray[np.bool_]


def num_doubtful(presence: Presence) -> int:
    """So many of the people of `by_turns` may be others of them at another place: the frames are too few to tell."""
    return len(by_turns(presence)) - len(by_turns(presence, _MIN_DOUBT))


def by_turns(presence: Presence, min_surprise: float = _MIN_SURPRISE) -> list[tuple[int, ...]]:
    """The places grouped into people; most groups have one place.

    Were all independent, places i and j would be seen together in E = n p_i p_j of n frames, and never with
    probability exp(-E). A group that is never seen together surprises by the sum of E over its pairs, less the
    logarithm of how many groups of its size there are to choose from.

    Args:
        presence: (places, frames), true where a place shows a face.
        min_surprise: in nats, what a group must surprise by.
    """
    left = list(range(len(presence)))
    groups = []
    while left:
        group = max((_grown(presence, left, place) for place in left), key=lambda one: _surprise(presence, one))
        if _surprise(presence, group) < min_surprise or len(group) < 2:
            break
        groups.append(group)
        left = [place for place in left if place not in group]
    return sorted([*groups, *((place,) for place in left)])


def _grown(presence: Presence, places: Sequence[int], seed: int) -> tuple[int, ...]:
    """The most surprising group round `seed` of places that are never seen together, found greedily."""
    group: tuple[int, ...] = (seed,)
    seen = presence[seed].copy()
    while True:
        free = [place for place in places if place not in group and not (seen & presence[place]).any()]
        if not free:
            return group
        larger = max(((*group, place) for place in free), key=lambda one: _surprise(presence, one))
        if len(group) > 1 and _surprise(presence, larger) <= _surprise(presence, group):
            return group
        group = larger
        seen |= presence[group[-1]]


def _surprise(presence: Presence, group: tuple[int, ...]) -> float:
    if len(group) < 2:
        return 0.0
    num_frames = presence.shape[1]
    share = presence[list(group)].mean(axis=1)
    expected = sum(
        num_frames * share[one] * share[other] for one, other in itertools.combinations(range(len(group)), 2)
    )
    return float(expected - log(comb(len(presence), len(group))))
