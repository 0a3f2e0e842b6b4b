"""How much of a day was recorded without a break, by the packets and, where it can be read, by the clock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.submission import ClipKind


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The continuous recordings of one day.

    Args:
        certain_s: lengths of stretches that are continuous for certain and, where clocks tell, no two at one time;
            face clips, filmed in the breaks, aren't among them.
        possible_s: lengths of all that may be continuous.
        is_placed: whether a clock tells of every stretch in `certain_s` when it was.
        num_unread: clips whose length isn't known.
    """

    certain_s: tuple[float, ...]
    possible_s: tuple[float, ...]
    is_placed: bool
    num_unread: int

    @property
    def total_s(self) -> float:
        """All that was recorded."""
        return sum(self.possible_s)


def recorded_of(clips: Sequence[ClipSubject], date: dt.date, *, tolerance_s: float, max_gap_s: float) -> Recorded:
    """What the clips of a day show; the same file twice counts once."""
    films = _distinct([clip for clip in clips if clip.is_video is not False])
    read = [clip for clip in films if _length_s(clip) is not None]
    continuous = [clip for clip in read if clip.clip.kind is not ClipKind.FACE and _gap_s(clip) <= max_gap_s]
    spans = [span for clip in continuous if (span := _span(clip, date)) is not None]
    is_placed = bool(continuous) and len(spans) == len(continuous)
    lengths = tuple(length for clip in read if (length := _length_s(clip)) is not None)
    whole = tuple(length for clip in continuous if (length := _length_s(clip)) is not None)
    joined = _joined(spans, tolerance_s) if is_placed else ()
    return Recorded(
        certain_s=joined if is_placed else whole,
        possible_s=(*lengths, *(one for one in joined if one > max(lengths))),
        is_placed=is_placed,
        num_unread=len(films) - len(read),
    )


def _distinct(clips: Sequence[ClipSubject]) -> list[ClipSubject]:
    by_content = {(clip.evidence.probe and clip.evidence.probe.sha256) or clip.clip.path: clip for clip in clips}
    return list(by_content.values())


def _length_s(clip: ClipSubject) -> float | None:
    probe = clip.evidence.probe
    return None if probe is None or probe.duration_s is None else float(probe.duration_s)


def _gap_s(clip: ClipSubject) -> float:
    probe = clip.evidence.probe
    return float("inf") if probe is None or probe.packets is None else float(probe.packets.longest_gap_s)


def _span(clip: ClipSubject, date: dt.date) -> tuple[dt.datetime, dt.datetime] | None:
    """From when to when by a clock that runs evenly on this day; None where there is no such clock."""
    clock, length_s = clip.evidence.clock, _length_s(clip)
    if clock is None or length_s is None or not clock.has_seconds or clock.rate is None or clock.jumps or clock.stopped:
        return None
    choice = clock.choice(date)
    if choice is None:
        return None
    first = clock.readings[0]
    starts = first.moment(choice) - dt.timedelta(seconds=first.at_s)
    return (starts, starts + dt.timedelta(seconds=length_s)) if starts.date() == date else None


def _joined(spans: Sequence[tuple[dt.datetime, dt.datetime]], slack_s: float) -> tuple[float, ...]:
    """The lengths in seconds of what the spans cover; what overlaps or follows within the slack is one."""
    stretches: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in sorted(spans):
        if stretches and start <= stretches[-1][1] + dt.timedelta(seconds=slack_s):
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return tuple((end - start).total_seconds() for start, end in stretches)
