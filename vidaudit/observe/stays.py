"""From when to when somebody counted in a lecture is there: who left, and who only bows the head.

Faces come and go while people sit. Somebody is gone only when their face, seen so often before, is not seen for so long
that chance doesn't explain it, and nothing moves at their place meanwhile. The same holds for who comes late.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

# One person in a hundred would stay unseen for that long by chance, were looks independent; they are not (people write
# for minutes), hence the second condition. Own choice.
_MAX_CHANCE = 0.01
# Own choice: who is away for less than a third of a lecture takes part in it.
_AWAY_SHARE = 1 / 3

Lives: TypeAlias = Callable[[int, int], bool]
"""Whether the place of a person moves between two looks, both included; true as well where that can't be told."""


def stay(seen: Collection[int], looks: Sequence[int], lives: Lives) -> range:
    """The numbers of the looks from the first to the last at which somebody is there.

    Args:
        seen: numbers of those looks that show their face; at least one.
        looks: numbers of all looks, in order of time.
        lives: asked only where the faces leave a doubt.
    """
    first, last = min(seen), max(seen)
    before, after = [look for look in looks if look < first], [look for look in looks if look > last]

    def away(silent: list[int]) -> bool:
        chance = (1 - len(silent) / len(looks)) ** len(seen)
        return bool(silent) and chance <= _MAX_CHANCE and not lives(silent[0], silent[-1])

    return range(first if away(before) else looks[0], (last if away(after) else looks[-1]) + 1)


def usually(numbers: Sequence[int]) -> int | None:
    """The most people who were there in at least a third of the looks: in those looks there were no more.

    Args:
        numbers: people there at each look. None is returned where there are no looks.
    """
    return sorted(numbers)[max(-(-len(numbers) // round(1 / _AWAY_SHARE)), 1) - 1] if numbers else None
