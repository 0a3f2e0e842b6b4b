"""What of the clips is known to be the same: of many copies of one lesson only one pair each must be looked at."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vidaudit.model.fingerprint import ReuseFound, ReuseHow
from vidaudit.model.still import Stretch
from vidaudit.run.look import Look

_SAME_LAG_S = 2.0  # lags nearer than this are of one and the same copy
_MIN_SHARED_S = 5.0  # of two links to a third clip, so that its two copies are linked


@dataclass(frozen=True, kw_only=True)
class _Link:
    """A stretch of a clip that the clip `to` shows `lag_s` later."""

    to: str
    stretch: Stretch
    lag_s: float
    found: ReuseFound


@dataclass(frozen=True, kw_only=True)
class _Way:
    """From a stretch of one clip over links to the same pictures `lag_s` later in the clip `at`."""

    at: str
    stretch: Stretch
    lag_s: float = 0.0
    mirrored: bool = False
    score: float = 1.0
    how: ReuseHow = ReuseHow.SAME_STREAM


class Links:
    """Grows with what is found; `found` is all of it."""

    def __init__(self, found: Iterable[ReuseFound]) -> None:
        self.found: list[ReuseFound] = []
        self._of: dict[str, list[_Link]] = defaultdict(list)
        self._between: dict[tuple[str, str], list[ReuseFound]] = defaultdict(list)
        for one in found:
            self.add(one)

    def add(self, found: ReuseFound) -> None:
        """One more that was seen; the reverse is known with it."""
        self._note(found)
        if not found.is_loop:
            self._of[found.first].append(_link(found.second, found.first_stretch, found.lag_s, found))
            self._of[found.second].append(_link(found.first, found.second_stretch, -found.lag_s, found))

    def know(self, look: Look) -> bool:
        """Whether the two clips, in this order, are known to share footage there."""
        return any(
            _shared(known.first_stretch, look.candidate.first) or _shared(known.second_stretch, look.candidate.second)
            for known in self._between[look.first.name, look.second.name]
        )

    def imply(self, look: Look) -> bool:
        """Whether it follows that the clips share footage there, because both show the same as a third; then noted."""
        ways = (way for way in self._ways(look.first.name, look.candidate.first) if way.at == look.second.name)
        way = next((way for way in ways if abs(way.lag_s - look.candidate.lag_s) <= _SAME_LAG_S), None)
        if way is None:
            return False
        second = Stretch(start_s=way.stretch.start_s + way.lag_s, end_s=way.stretch.end_s + way.lag_s)
        found = ReuseFound(
            first=look.first.name,
            second=look.second.name,
            first_stretch=way.stretch,
            second_stretch=second,
            how=way.how,
            score=way.score,
            mirrored=way.mirrored,
        )
        self._note(found)
        return True

    def _note(self, found: ReuseFound) -> None:
        self.found.append(found)
        self._between[found.first, found.second].append(found)

    def _ways(self, first: str, near: Stretch) -> Iterator[_Way]:
        """All clips that can be reached, each by the fewest links."""
        everywhere = Stretch(start_s=float("-inf"), end_s=float("inf"))
        ways = deque([_Way(at=first, stretch=everywhere)])
        reached = {first}
        while ways:
            way = ways.popleft()
            for link in self._of[way.at]:
                further = _further(way, link, near)
                if further is not None and link.to not in reached:
                    reached.add(link.to)
                    ways.append(further)
                    yield further


class Groups:
    """Which clips would be linked if all looks of a round agreed: those needn't be looked at in the same round."""

    def __init__(self) -> None:
        self._group: dict[str, frozenset[str]] = {}
        self._pairs: set[tuple[str, str]] = set()

    def are_joined(self, first: str, second: str) -> bool:
        """Whether what these two share may follow from what others do; a clip by itself only from itself."""
        if (first, second) in self._pairs:
            return True
        return first != second and second in self._group.get(first, frozenset())

    def join(self, first: str, second: str, *, is_for_all: bool) -> None:
        """A look at these two; unless `is_for_all`, nothing is expected to follow from it for others."""
        self._pairs.add((first, second))
        if is_for_all:
            joined = self._group.get(first, frozenset({first})) | self._group.get(second, frozenset({second}))
            self._group.update(dict.fromkeys(joined, joined))


def _link(to: str, stretch: Stretch, lag_s: float, found: ReuseFound) -> _Link:
    return _Link(to=to, stretch=stretch, lag_s=lag_s, found=found)


def _further(way: _Way, link: _Link, near: Stretch) -> _Way | None:
    """The way and one link more; None when what is left is too short, or lies elsewhere."""
    start_s = max(way.stretch.start_s, link.stretch.start_s - way.lag_s)
    end_s = min(way.stretch.end_s, link.stretch.end_s - way.lag_s)
    stretch = Stretch(start_s=start_s, end_s=end_s)
    if stretch.duration_s < _MIN_SHARED_S or not _shared(stretch, near):
        return None
    how = link.found.how if way.how is ReuseHow.SAME_STREAM else way.how
    return _Way(
        at=link.to,
        stretch=stretch,
        lag_s=way.lag_s + link.lag_s,
        mirrored=way.mirrored != bool(link.found.mirrored),
        score=min(way.score, link.found.score),
        how=how,
    )


def _shared(one: Stretch, other: Stretch) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s
