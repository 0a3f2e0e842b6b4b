"""The recorder's burned-in clock: what was read of it over a clip, and how it runs beside the video."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from vidaudit.model.still import Stretch


class ClockState(StrEnum):
    """No clock in the picture; something like one that can't be read; a clock that was read."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    READ = "read"


@dataclass(frozen=True, kw_only=True)
class ClockReading:
    """The clock at one instant of the clip.

    Args:
        at_s: when, from the start of the clip.
        text: what stands there, as it was read.
        dates: the date; two where month and day can't be told apart (03-04-2024), in the same order in every reading.
        weekday: that beside the date, 0 for Monday; None where there is none.
        confidence: of the least certain digit, 0 to 1.
    """

    at_s: float
    text: str
    dates: tuple[dt.date, ...]
    time: dt.time
    weekday: int | None
    confidence: float

    def moment(self, choice: int = 0) -> dt.datetime:
        """Date and time, by one of the possible dates."""
        return dt.datetime.combine(self.dates[choice], self.time)

    def understood(self, *, has_seconds: bool = True) -> str:
        """Date and time as they were understood, not as they were read; both dates where they can't be told apart."""
        return f"{' / '.join(map(str, self.dates))} {self.time_of_day(has_seconds=has_seconds)}"

    def time_of_day(self, *, has_seconds: bool = True) -> str:
        """The time in 24 hours, as far down as the clock shows it."""
        return format(self.time, "%H:%M:%S" if has_seconds else "%H:%M")


@dataclass(frozen=True, kw_only=True)
class ClockJump:
    """Between two instants of the clip the clock went on by more (`shift_s` > 0) or less than the video did."""

    before_s: float
    after_s: float
    shift_s: float
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClockEvidence:
    """The clock of a clip.

    Args:
        readings: in order of time; those that the rest shows to be misread are left out and counted in `num_misread`.
        has_seconds: whether it shows seconds; without them it tells next to nothing about how it runs.
        rate: seconds that the clock goes on in a second of the video, where it does so evenly; None where it jumps or
            stops, or was seen for too short a time.
        stopped: stretches in which the clock stood while the video went on.
        snapshot: the first and the last reading as they stand in the picture.
    """

    state: ClockState
    readings: tuple[ClockReading, ...] = ()
    has_seconds: bool = True
    rate: float | None = None
    jumps: tuple[ClockJump, ...] = ()
    stopped: tuple[Stretch, ...] = ()
    num_misread: int = 0
    snapshot: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it was read several times and never moved: it says nothing of when the clip was filmed."""
        return bool(self.stopped) and len({(one.dates, one.time) for one in self.readings}) == 1

    def span(self, day: dt.date | None) -> tuple[dt.datetime, dt.datetime] | None:
        """First and last moment, by the possible date that `choice` takes; None where it stays open."""
        choice = self.choice(day)
        if choice is None:
            return None
        return self.readings[0].moment(choice), self.readings[-1].moment(choice)

    def choice(self, day: dt.date | None) -> int | None:
        """Which of the possible dates is meant: the only one, or that which is `day`; None where it stays open."""
        if not self.readings:
            return None
        possible = self.readings[0].dates
        if len(possible) == 1:
            return 0
        return possible.index(day) if day in possible else None
