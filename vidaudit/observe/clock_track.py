"""How a clock runs beside the video: which looks to read, what is misread, where it jumps, stops or goes too fast.

A clock that runs must stand, at every look, where the time that has passed puts it. That corrects nothing on its own:
a look that the looks before and after it contradict is left out, and what they agree on is what counts.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vidaudit.model.still import Stretch
from vidaudit.observe.clock_text import ClockText, DateOrder

_FIRST_LOOKS, _MORE_EVERY_S = 5, 120  # in ten minutes ten looks: what stands elsewhere for a minute is seen
_MOST_LOOKS = 48
_SLACK_S = 2.0  # a second's display stands up to a second behind, and recorders write it up to a second late
_EVEN_S = 0.8  # how far a clock at another speed may be off a straight line: a second's display rounds by half of one
_MIN_EVEN = 5
_MIN_SPAN_S = 3.0
_MIN_STANDING = 3  # looks; two may show the same where the clock jumps back by just what has passed


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look that was read: `index` counts all looks of the clip, `confidence` is of the least certain digit."""

    index: int
    at_s: float
    text: str
    clock: ClockText
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Jump:
    """The clock went on by `shift_s` more than the video between two looks."""

    before: Look
    after: Look
    shift_s: float


@dataclass(frozen=True, kw_only=True)
class Track:
    """A clock over a clip; see `ClockEvidence`. `orders` are the orders in which its dates can be read."""

    looks: tuple[Look, ...]
    orders: tuple[DateOrder, ...]
    has_seconds: bool
    rate: float | None = None
    jumps: tuple[Jump, ...] = ()
    stopped: tuple[Stretch, ...] = ()
    num_misread: int = 0


@dataclass(frozen=True, kw_only=True)
class _Point:
    look: Look
    moment: dt.datetime

    @property
    def offset_s(self) -> float:
        """The clock less the video, in seconds from an arbitrary day."""
        return (self.moment - dt.datetime(2000, 1, 1)).total_seconds() - self.look.at_s


def follow(at_s: Sequence[float], read: Callable[[int], Look | None]) -> list[Look]:
    """Reads as few looks as it takes to be certain: some over the whole clip, more around every disagreement.

    Args:
        at_s: when the looks were taken, ascending.
        read: reads one by its number; None where it can't be read.
    """
    num_looks = len(at_s)
    num_first = min(_FIRST_LOOKS + int((at_s[-1] - at_s[0]) / _MORE_EVERY_S), num_looks) if at_s else 0
    tried: dict[int, Look | None] = {}

    def look(index: int) -> None:
        tried[index] = read(index)

    for wanted in sorted({round(part) for part in np.linspace(0, num_looks - 1, num_first)}):
        near = [index for index in (wanted, wanted - 1, wanted + 1) if 0 <= index < num_looks and index not in tried]
        for index in near:
            look(index)
            if tried[index] is not None:
                break
    while len(tried) < min(_MOST_LOOKS, num_looks):
        index = _open_question(tried)
        if index is None:
            break
        look(index)
    return [one for _, one in sorted(tried.items()) if one is not None]


def _open_question(tried: Mapping[int, Look | None]) -> int | None:
    """A look in the middle of two that disagree, while there is one that wasn't tried; None when all is told."""
    seen = _whole([one for _, one in sorted(tried.items()) if one is not None])
    order = _common_order(seen)
    points = _points(seen, order) if order is not None else []
    if order is None or _is_even(points, _slack_s(seen)):
        return None
    for one, two in itertools.pairwise(_runs(points, _slack_s(seen))):
        between = [index for index in range(one[-1].look.index + 1, two[0].look.index) if index not in tried]
        if between:
            return between[len(between) // 2]
    return None


def settle(seen: Sequence[Look]) -> Track | None:
    """What the looks say together; None where they don't hold together as one clock."""
    seen = _whole(seen)
    orders = _orders(seen)
    if not orders:
        return None
    tracks = {order: _track(seen, order) for order in orders}
    fewest = min(len(track.jumps) + track.num_misread for track in tracks.values())
    orders = [order for order in orders if len(tracks[order].jumps) + tracks[order].num_misread == fewest]
    orders = _by_weekday(tracks[orders[0]].looks, orders)
    track = tracks[orders[0]]
    kept = tuple(look for look in track.looks if all(order in look.clock.dates for order in orders))
    if len(kept) < min(2, len(seen)):
        return None
    return Track(
        looks=kept,
        orders=tuple(orders),
        has_seconds=track.has_seconds,
        rate=track.rate,
        jumps=track.jumps,
        stopped=track.stopped,
        num_misread=track.num_misread,
    )


def _whole(seen: Sequence[Look]) -> Sequence[Look]:
    """A clock of 12 hours is read in full only where the half of the day is."""
    return [look for look in seen if look.clock.has_half] or seen


def _orders(seen: Sequence[Look]) -> list[DateOrder]:
    """The orders in which at least half of the dates can be read; a day beyond the twelfth tells which it is."""
    counts = {order: sum(order in look.clock.dates for look in seen) for order in DateOrder}
    return [order for order, count in counts.items() if count * 2 >= len(seen) and count > 0]


def _common_order(seen: Sequence[Look]) -> DateOrder | None:
    return next(iter(_orders(seen)), None)


def _by_weekday(looks: Sequence[Look], orders: list[DateOrder]) -> list[DateOrder]:
    """Those orders that fit the weekdays, where some do."""
    shown = [look for look in looks if look.clock.weekday is not None]
    fitting = [
        order
        for order in orders
        if 2 * sum(order in one.clock.dates and one.clock.dates[order].weekday() == one.clock.weekday for one in shown)
        > len(shown)
    ]
    return fitting or orders


def _points(seen: Iterable[Look], order: DateOrder) -> list[_Point]:
    return [
        _Point(look=look, moment=dt.datetime.combine(look.clock.dates[order], look.clock.time))
        for look in seen
        if order in look.clock.dates
    ]


def _slack_s(seen: Sequence[Look]) -> float:
    """How far two looks at a clock that runs may be apart: without seconds, a minute more."""
    with_seconds = sum(look.clock.has_seconds for look in seen)
    return _SLACK_S if 2 * with_seconds >= len(seen) else _SLACK_S + 60


def _agree(before: _Point, after: _Point, slack_s: float) -> bool:
    return abs(after.offset_s - before.offset_s) <= slack_s


def _is_even(points: Sequence[_Point], slack_s: float) -> bool:
    """Whether the clock runs evenly at any speed: at that of the video, or along a straight line."""
    if not points:
        return True
    offsets = np.array([point.offset_s for point in points])
    if float(np.ptp(offsets)) <= slack_s:
        return True
    at_s = np.array([point.look.at_s for point in points])
    if len(points) < _MIN_EVEN or float(np.ptp(at_s)) == 0:
        return False
    slope, start = np.polyfit(at_s, offsets - offsets[0], 1)
    rest = offsets - offsets[0] - slope * at_s - start
    return float(np.abs(rest).max()) <= _EVEN_S + (slack_s - _SLACK_S) / 2


def _track(seen: Sequence[Look], order: DateOrder) -> Track:
    slack_s = _slack_s(seen)
    points = _points(seen, order)
    runs = [points] if _is_even(points, slack_s) else _believed(_runs(points, slack_s), slack_s)
    kept = [point for run in runs for point in run]
    jumps = tuple(
        Jump(before=one[-1].look, after=two[0].look, shift_s=two[0].offset_s - one[-1].offset_s)
        for one, two in itertools.pairwise(runs)
    )
    stopped = _stops(kept, slack_s)
    return Track(
        looks=tuple(point.look for point in kept),
        orders=(order,),
        has_seconds=slack_s == _SLACK_S,
        rate=_rate(kept, slack_s) if not jumps and (not stopped or _is_even(kept, slack_s)) else None,
        jumps=jumps,
        stopped=stopped,
        num_misread=len(seen) - len(kept),
    )


def _runs(points: Sequence[_Point], slack_s: float) -> list[list[_Point]]:
    """Looks in a row that agree: the clock runs, or it shows the same at least three times and stands."""
    times = Counter(point.moment for point in points)
    runs: list[list[_Point]] = []
    for point in points:
        before = runs[-1][-1] if runs else None
        stands = before is not None and before.moment == point.moment and times[point.moment] >= _MIN_STANDING
        if before is not None and (stands or _agree(before, point, slack_s)):
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _believed(runs: list[list[_Point]], slack_s: float) -> list[list[_Point]]:
    """Without looks that stand alone, and without those that differ in one digit from what both sides make of them."""
    runs = _rejoined([run for run in runs if len(run) > 1], slack_s)
    for number in range(len(runs) - 2, 0, -1):
        before, run, after = runs[number - 1 : number + 2]
        if _agree(before[-1], after[0], slack_s) and all(_one_digit_off(point, before[-1]) for point in run):
            del runs[number]
    return _rejoined(runs, slack_s)


def _rejoined(runs: list[list[_Point]], slack_s: float) -> list[list[_Point]]:
    return _runs([point for run in runs for point in run], slack_s)


def _one_digit_off(point: _Point, known: _Point) -> bool:
    """Whether the look is what a clock that runs on from a known look would show, but for one digit."""
    passed_s = point.look.at_s - known.look.at_s
    shown = f"{point.moment:%Y%m%d%H%M%S}"
    for late_s in (-1, 0, 1):
        due = known.moment + dt.timedelta(seconds=round(passed_s) + late_s)
        if sum(one != two for one, two in zip(shown, f"{due:%Y%m%d%H%M%S}", strict=True)) <= 1:
            return True
    return False


def _stops(points: Sequence[_Point], slack_s: float) -> tuple[Stretch, ...]:
    """Stretches over which the clock shows the same though the video goes on."""
    stops = []
    for _, group in itertools.groupby(points, key=lambda point: point.moment):
        same = list(group)
        start_s, end_s = same[0].look.at_s, same[-1].look.at_s
        if len(same) >= _MIN_STANDING and end_s - start_s > max(slack_s, _MIN_SPAN_S):
            stops.append(Stretch(start_s=start_s, end_s=end_s))
    return tuple(stops)


def _rate(points: Sequence[_Point], slack_s: float) -> float | None:
    """Seconds of the clock to one of the video, from the first look to the last."""
    if not points:
        return None
    span_s = points[-1].look.at_s - points[0].look.at_s
    if span_s < max(_MIN_SPAN_S, 2 * (slack_s - _SLACK_S)):
        return None
    return (points[-1].moment - points[0].moment).total_seconds() / span_s
