"""The recorder's burned-in clock: the right day, running on without a break, morning and afternoon."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import WEEKDAYS, failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import NAMED_CLIPS, Needs, Rule
from vidaudit.judge.subjects import ClipSubject, DaySubject, clip_subjects
from vidaudit.model.clock import ClockEvidence, ClockState
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import ClipKind, ClipName, DayFolder
from vidaudit.model.verdict import Finding, Scope, Value, Where

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, kw_only=True)
class ClockDateParameters:
    """What a clock and a file's own time of creation are worth.

    Args:
        earliest_year: clocks that show an earlier one were never set.
        created_slack_days: a file created so many days before the day it shows is still no contradiction.
    """

    earliest_year: int
    created_slack_days: int


def check_clock_date(subject: ClipSubject, parameters: ClockDateParameters) -> Iterator[Finding]:
    """The burned-in date is that of folder and name; the file's own time of creation is a second, weak witness."""
    clock = _clock(subject)
    if clock.state is ClockState.ABSENT:
        yield not_evaluated("no-clock")
    elif clock.state is ClockState.UNREADABLE:
        yield to_review("unreadable", snapshot=clock.snapshot)
    elif clock.stands:
        yield not_evaluated("stands")
    else:
        yield _compare_dates(subject, clock, parameters)
        yield from _check_weekday(subject, clock)
    yield from _check_created(subject, clock, parameters)


def shows_a_clock(evidence: ClassEvidence) -> bool:
    """Whether any clip shows a recorder's clock: no regulation asks for one, so a class without is not held up."""
    clocks = (clip.clock for clip in evidence.clips)
    return any(clock is not None and clock.state is not ClockState.ABSENT for clock in clocks)


def _clock(subject: ClipSubject) -> ClockEvidence:
    clock = subject.evidence.clock
    assert clock is not None
    return clock


def _compare_dates(subject: ClipSubject, clock: ClockEvidence, parameters: ClockDateParameters) -> Finding:
    shown = tuple(dict.fromkeys(date for reading in clock.readings for date in reading.dates))
    time = clock.readings[0].time_of_day(has_seconds=clock.has_seconds)
    values: dict[str, Value] = {"clock_date": tuple(date.isoformat() for date in shown), "text": time}
    where = Where(at_s=clock.readings[0].at_s)
    if max(date.year for date in shown) < parameters.earliest_year:
        return to_review("never-set", values, where=where, snapshot=clock.snapshot)
    folder, name = subject.day, subject.clip.name
    if folder is not None and folder.date is not None:
        found = _against_folder(shown, folder, folder.date)
        if found is not None:
            values = {**values, "folder_date": folder.date.isoformat()}
            return to_review(found, values, where=where, snapshot=clock.snapshot)
    if name.month is not None and name.day is not None and not _named(shown, name):
        values = {**values, "name_date": f"{name.month}-{name.day}"}
        return to_review("name-differs", values, where=where, snapshot=clock.snapshot)
    if (folder is None or folder.date is None) and name.month is None:
        return not_evaluated("no-date", values)
    return passed("ok", values, where=where, snapshot=clock.snapshot)


def _against_folder(shown: Sequence[dt.date], folder: DayFolder, date: dt.date) -> str | None:
    """How the clock differs from the folder; a year that is only a guess says nothing against it."""
    if date in shown:
        return None
    if any((one.month, one.day) == (date.month, date.day) for one in shown):
        return "year-differs" if _is_year_known(folder) else None
    return "date-differs"


def _is_year_known(folder: DayFolder) -> bool:
    return folder.year_from is not None or folder.weekday is not None


def _named(shown: Sequence[dt.date], name: ClipName) -> bool:
    return any((one.month, one.day) == (name.month, name.day) for one in shown)


def _check_weekday(subject: ClipSubject, clock: ClockEvidence) -> Iterator[Finding]:
    """A recorder knows which weekday its date is; where most readings say otherwise, it was painted over."""
    choice = clock.choice(_day(subject))
    if choice is None:
        return
    shown = Counter((one.dates[choice], one.weekday) for one in clock.readings if one.weekday is not None)
    wrong = {pair: times for pair, times in shown.items() if pair[0].weekday() != pair[1]}
    if 2 * sum(wrong.values()) <= shown.total() or sum(wrong.values()) < 2:
        return
    (date, weekday), _ = max(wrong.items(), key=lambda item: (item[1], item[0]))
    values = {
        "date": date.isoformat(),
        "clock_weekday": WEEKDAYS[weekday or 0],
        "date_weekday": WEEKDAYS[date.weekday()],
    }
    yield to_review("weekday-differs", values, snapshot=clock.snapshot)


def _day(subject: ClipSubject) -> dt.date | None:
    return None if subject.day is None else subject.day.date


def _check_created(subject: ClipSubject, clock: ClockEvidence, parameters: ClockDateParameters) -> Iterator[Finding]:
    """Exporting makes a file later than its lesson, which is no fault; a file older than what it shows is one."""
    probe = subject.evidence.probe
    created = None if probe is None or probe.header is None else probe.header.created
    date = _shown_day(subject, clock)
    if created is None or date is None or created.year < parameters.earliest_year:
        return
    early_days = (date - created.date()).days
    values = {"created_date": created.date().isoformat(), "date": date.isoformat()}
    if early_days > parameters.created_slack_days:
        yield to_review("created-before", values)
    elif abs(early_days) <= parameters.created_slack_days:
        yield passed("created-agrees", values)


def _shown_day(subject: ClipSubject, clock: ClockEvidence) -> dt.date | None:
    """The day that the clock shows, else that of the folder if its year is known."""
    span = None if clock.stands else clock.span(_day(subject))
    if span is not None:
        return span[0].date()
    return _day(subject) if subject.day is not None and _is_year_known(subject.day) else None


@dataclass(frozen=True, kw_only=True)
class ClockRunsParameters:
    """When a clock doesn't run with the video.

    Args:
        tolerance_s: so much the clock may differ from the video, and two clips may overlap.
        max_rate_difference_share: so much faster than the video it may run (0 to 1).
        max_slower_share: so much slower, as it does in footage that was stretched (0 to 1).
    """

    tolerance_s: float
    max_rate_difference_share: float
    max_slower_share: float


def check_clock_runs(subject: ClipSubject, parameters: ClockRunsParameters) -> Iterator[Finding]:
    """The clock goes on with the video: no jump, no stop, no other speed, and no time that another clip shows too."""
    clock = _clock(subject)
    if clock.state is ClockState.ABSENT:
        yield not_evaluated("no-clock")
    elif clock.state is ClockState.UNREADABLE:
        yield to_review("unreadable", snapshot=clock.snapshot)
    else:
        odd = [*_unsteady(clock, parameters), *_overlaps(subject, clock, parameters)]
        yield from odd or [_steady(clock)]


def _unsteady(clock: ClockEvidence, parameters: ClockRunsParameters) -> Iterator[Finding]:
    for stop in clock.stopped:
        yield to_review(
            "stopped", {"length_s": stop.duration_s}, where=Where(at_s=stop.start_s), snapshot=clock.snapshot
        )
    for jump in clock.jumps:
        if abs(jump.shift_s) > parameters.tolerance_s:
            code = "jumps-ahead" if jump.shift_s > 0 else "jumps-back"
            picture = jump.snapshot or clock.snapshot
            yield to_review(code, {"shift_s": abs(jump.shift_s)}, where=Where(at_s=jump.before_s), snapshot=picture)
    if clock.rate is not None and not clock.stopped:
        span_s = clock.readings[-1].at_s - clock.readings[0].at_s
        off = abs(clock.rate - 1)
        slack_s = parameters.tolerance_s + (0 if clock.has_seconds else 60)
        most = parameters.max_rate_difference_share if clock.rate > 1 else parameters.max_slower_share
        if off > most and off * span_s > slack_s:
            values: dict[str, Value] = {"clock_s": clock.rate * span_s, "span_s": span_s}
            yield to_review("other-speed", values, snapshot=clock.snapshot)


def _overlaps(subject: ClipSubject, clock: ClockEvidence, parameters: ClockRunsParameters) -> Iterator[Finding]:
    own = _span(subject)
    if own is None:
        return
    shared_s = {}
    for other in clip_subjects(subject.class_):
        theirs = None if other.clip.path == subject.clip.path else _span(other)
        if theirs is not None:
            shared_s[other.clip.path] = (min(own[1], theirs[1]) - max(own[0], theirs[0])).total_seconds()
    others = tuple(path for path, both_s in shared_s.items() if both_s > parameters.tolerance_s)
    if others:
        values: dict[str, Value] = {"others": others, "shared_s": max(shared_s.values())}
        yield to_review("same-time", values, snapshot=clock.snapshot)


def _span(subject: ClipSubject) -> Span | None:
    """From when to when the clip was filmed, by a clock that runs; None where that isn't known."""
    clock = subject.evidence.clock
    if clock is None or clock.state is not ClockState.READ or clock.stands:
        return None
    return clock.span(_day(subject))


def _steady(clock: ClockEvidence) -> Finding:
    first, last = clock.readings[0], clock.readings[-1]
    if clock.rate is None:
        return not_evaluated("too-short", {"num_readings": len(clock.readings)})
    known = [one.understood(has_seconds=clock.has_seconds) for one in (first, last)]
    values: dict[str, Value] = {"num_readings": len(clock.readings), "first": known[0], "last": known[1]}
    return passed("ok", values, where=Where(at_s=first.at_s), snapshot=clock.snapshot)


@dataclass(frozen=True, kw_only=True)
class HalvesParameters:
    """What tells morning and afternoon.

    Args:
        need_clock: whether two different takes are only enough with a clock that tells morning from afternoon.
        noon_h: the hour that parts them.
        min_apart_s: takes nearer to each other than this weren't made in two breaks.
    """

    need_clock: bool
    noon_h: float
    min_apart_s: float


def check_morning_and_afternoon(subject: DaySubject, parameters: HalvesParameters) -> Iterator[Finding]:
    """The day's face clips are different takes, and by their clocks one is of the morning and one of the afternoon."""
    clips = [clip for clip in subject.of_kind(ClipKind.FACE) if clip.is_video is not False]
    if len(clips) < 2:
        yield not_evaluated("one-take", {"found": len(clips)})
        return
    hashes = [clip.evidence.probe.sha256 if clip.evidence.probe else None for clip in clips]
    copies = _copies(clips, hashes)
    if copies:
        others_differ = len(set(hashes)) > 1
        yield (to_review if others_differ else failed)(
            "copy-among" if others_differ else "same-file", {"clips": copies}
        )
    elif None in hashes:
        yield not_evaluated("not-hashed")
    else:
        yield _by_clock(clips, parameters)


def _by_clock(clips: Sequence[ClipSubject], parameters: HalvesParameters) -> Finding:
    """The halves of the day that different takes show; without a clock in each, nothing is said against them."""
    spans = [span for span in map(_span, clips) if span is not None]
    if len(spans) < len(clips):
        return not_evaluated("clock-not-read") if parameters.need_clock else passed("ok", {"found": len(clips)})
    starts = sorted(span[0].time() for span in spans)
    values: dict[str, Value] = {"found": len(clips), "times": tuple(f"{start:%H:%M}" for start in starts)}
    hours = [start.hour + start.minute / 60 for start in starts]
    snapshot = clips[0].evidence.clock.snapshot if clips[0].evidence.clock else None
    if (hours[0] < parameters.noon_h) == (hours[-1] < parameters.noon_h):
        half = "morning" if hours[0] < parameters.noon_h else "afternoon"
        return to_review("one-half", {**values, "half": half}, snapshot=snapshot)
    if (hours[-1] - hours[0]) * 3600 < parameters.min_apart_s:
        return to_review("close", values, snapshot=snapshot)
    return passed("by-clock", values, snapshot=snapshot)


def _copies(clips: Sequence[ClipSubject], hashes: Sequence[str | None]) -> tuple[str, ...]:
    """The paths of those clips that have the same content as another one."""
    times = Counter(hashes)
    pairs = zip(clips, hashes, strict=True)
    return tuple(clip.clip.path for clip, content in pairs if content is not None and times[content] > 1)


_DATES: Final = ("clock_date", "text")

CLOCK_DATE: Final = Rule(
    id="AUT005",
    slug="clock-date",
    title_zh="画面日期",
    title_en="Date in the picture",
    scope=Scope.CLIP,
    rationale="The recorder writes the day into the picture, where it is harder to change than a file's name.",
    parameters=ClockDateParameters,
    check=check_clock_date,
    requires=frozenset({Needs.CLOCK}),
    applies=NAMED_CLIPS,
    binding=shows_a_clock,
    codes={
        "ok": _DATES,
        "no-clock": (),
        "unreadable": (),
        "stands": (),
        "no-date": _DATES,
        "never-set": _DATES,
        "date-differs": (*_DATES, "folder_date"),
        "year-differs": (*_DATES, "folder_date"),
        "name-differs": (*_DATES, "name_date"),
        "weekday-differs": ("date", "clock_weekday", "date_weekday"),
        "created-before": ("created_date", "date"),
        "created-agrees": ("created_date", "date"),
    },
)

CLOCK_RUNS: Final = Rule(
    id="AUT006",
    slug="clock-runs",
    title_zh="画面时间连续",
    title_en="Clock runs on",
    scope=Scope.CLIP,
    rationale="A take that was cut, put together or slowed down shows in the clock that was filmed with it.",
    parameters=ClockRunsParameters,
    check=check_clock_runs,
    requires=frozenset({Needs.CLOCK}),
    applies=NAMED_CLIPS,
    binding=shows_a_clock,
    codes={
        "ok": ("num_readings", "first", "last"),
        "no-clock": (),
        "unreadable": (),
        "too-short": ("num_readings",),
        "stopped": ("length_s",),
        "jumps-ahead": ("shift_s",),
        "jumps-back": ("shift_s",),
        "other-speed": ("clock_s", "span_s"),
        "same-time": ("others", "shared_s"),
    },
)

MORNING_AND_AFTERNOON: Final = Rule(
    id="FAC003",
    slug="morning-and-afternoon",
    title_zh="上午与下午",
    title_en="Morning and afternoon",
    scope=Scope.DAY,
    rationale="Two takes are asked for so that nobody is there for half a day only; one file twice is one take.",
    parameters=HalvesParameters,
    check=check_morning_and_afternoon,
    requires=frozenset({Needs.FACE_CLIPS}),
    codes={
        "ok": ("found",),
        "by-clock": ("found", "times"),
        "one-half": ("found", "times", "half"),
        "close": ("found", "times"),
        "one-take": ("found",),
        "same-file": ("clips",),
        "copy-among": ("clips",),
        "not-hashed": (),
        "clock-not-read": (),
    },
)
