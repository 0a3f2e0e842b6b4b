"""How the folders lie: one class folder, in it one folder per day, and nothing astray."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import WEEKDAYS, failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import NAMED_CLIPS, NoParameters, Rule
from vidaudit.judge.subjects import DaySubject
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import UNOPENED, ClassFolder, DayFolder, StrayFile, StrayReason
from vidaudit.model.verdict import Finding, Scope, Where

_REASONS: Final = tuple(reason.value for reason in StrayReason if reason not in UNOPENED)
_YEAR_DAYS: Final = 365
_FOLDERS: Final = frozenset({StrayReason.EMPTY_FOLDER, StrayReason.NESTED_FOLDER})


def _beside_days(folder: ClassFolder) -> list[StrayFile]:
    """The folders that lie in no day folder."""
    return [one for one in folder.strays if one.reason in _FOLDERS and folder.day_around(one.path) is None]


def check_class_folder(evidence: ClassEvidence, _: NoParameters) -> Iterator[Finding]:
    """A class folder holds day folders; other folders beside them are shown to a person."""
    folder = evidence.folder
    if not folder.days:
        yield failed("no-day-folder")
        return
    others = [stray for stray in _beside_days(folder) if "/" not in stray.path]
    for stray in others:
        days = tuple(day.path for day in folder.days if day.path.startswith(f"{stray.path}/"))
        if days:
            yield to_review("days-deeper", {"path": stray.path, "days": days})
        else:
            yield to_review("other-folder", {"path": stray.path})
    if not others:
        yield passed("ok", {"days": len(folder.days), "papers": len(folder.papers)})


@dataclass(frozen=True, kw_only=True)
class DayFolderParameters:
    """`max_gap_days`: a day further than this from every other day of the class is for a person."""

    max_gap_days: int


def check_day_folder(subject: DaySubject, parameters: DayFolderParameters) -> Iterator[Finding]:
    """A day folder means exactly one date, no other folder means the same, and nothing contradicts it."""
    day = subject.day
    if day.same_date_as:
        yield failed("same-date", {"folder": day.path, "others": tuple(sorted(day.same_date_as))})
    elif len(day.readings) > 1:
        yield to_review(
            "ambiguous", {"folder": day.path, "readings": tuple(sorted(d.isoformat() for d in day.readings))}
        )
    elif day.date is not None:
        found = tuple(_contradictions(subject, day.date, parameters))
        if day.dated_by_clips:
            found = (_by_clips(day, day.date), *found)
        yield from found or (_dated(day, day.date),)
    elif day.readings:
        yield _dated(day, day.readings[0])
    elif day.day_number is not None:
        yield to_review("day-number", {"folder": day.path, "day_number": day.day_number})
    else:
        yield failed("no-date", {"folder": day.path})


def _by_clips(day: DayFolder, date: dt.date) -> Finding:
    """Only the clips tell the day, all alike: the folder wants the name that says it."""
    suggested = f"{date.month}月{date.day}日"
    return to_review("by-clips", {"folder": day.path, "month": date.month, "day": date.day, "suggested": suggested})


def _dated(day: DayFolder, date: dt.date) -> Finding:
    """One date was read; without a year, month and day still tell the days of a class apart."""
    if day.date is None or day.year_from is None:
        return passed("year-unknown", {"folder": day.path, "month": date.month, "day": date.day})
    return passed("ok", {"folder": day.path, "date": date.isoformat()})


def _contradictions(subject: DaySubject, date: dt.date, parameters: DayFolderParameters) -> Iterator[Finding]:
    """What speaks against the date that the folder means."""
    day, scanned_on = subject.day, subject.class_.scanned_on
    values = {"folder": day.path, "date": date.isoformat()}
    if scanned_on is not None and date > scanned_on:
        yield to_review("in-future", {**values, "scanned_on": scanned_on.isoformat()})
    if day.other_years:
        yield to_review("year-differs", {**values, "years": day.other_years})
    if day.weekday is not None and day.weekday != date.weekday():
        weekdays = {"name_weekday": WEEKDAYS[day.weekday], "date_weekday": WEEKDAYS[date.weekday()]}
        yield to_review("weekday-differs", {**values, **weekdays})
    others = [other for other in subject.class_.folder.days if other.date is not None and other.path != day.path]
    gap_days = min((_days_between(day, other) for other in others), default=0)
    if gap_days > parameters.max_gap_days:
        yield to_review("far-from-others", {**values, "gap_days": gap_days})
    later = [other for other in others if _is_misplaced(other, day)]
    if later:
        yield to_review("out-of-order", {**values, "others": tuple(other.path for other in later)})


def _days_between(one: DayFolder, other: DayFolder) -> int:
    """How far two dated days are apart; where the year of one is a guess, in the course of the year."""
    assert one.date is not None
    assert other.date is not None
    days = abs((one.date - other.date).days)
    if one.year_from is not None and other.year_from is not None:
        return days
    return min(days % _YEAR_DAYS, _YEAR_DAYS - days % _YEAR_DAYS)


def _is_misplaced(other: DayFolder, day: DayFolder) -> bool:
    """Whether the other is an earlier day by its number (第1天, 第2天) and a later one by its date."""
    if day.day_number is None or other.day_number is None or None in (day.year_from, other.year_from):
        return False
    assert day.date is not None
    assert other.date is not None
    return other.day_number < day.day_number and other.date > day.date


@dataclass(frozen=True, kw_only=True)
class StrayFileParameters:
    """`failing`: the reasons (`StrayReason`) that are certain breaches; every other one is for a person."""

    failing: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = sorted(set(self.failing) - set(_REASONS))
        if unknown:
            raise ValueError(f"failing: no such reason {unknown[0]!r}; there are {', '.join(_REASONS)}")


def check_stray_file(evidence: ClassEvidence, parameters: StrayFileParameters) -> Iterator[Finding]:
    """Nothing lies outside the day folders, and nothing is empty, hidden, linked or unreadable."""
    folder = evidence.folder
    strays = _astray(folder)
    places = _Places(folder)
    for stray in strays:
        where = places.of(stray)
        # An empty text file is a slip of the mouse; only an empty clip stands for one that is not there.
        harmless = stray.reason is StrayReason.EMPTY_FILE and where.clip is None
        verdict = failed if stray.reason in parameters.failing and not harmless else to_review
        yield verdict(stray.reason.value, {"path": stray.path}, where=where)
    if strays:
        return
    if folder.days or folder.clips:
        yield passed("ok", {"clips": len(folder.clips)})
    else:
        yield not_evaluated("empty-class")


def _astray(folder: ClassFolder) -> list[StrayFile]:
    """Without folders beside the days and without empty clips of a day: other rules speak of these."""
    beside = {stray.path for stray in _beside_days(folder)}
    counted = {clip.path for clip in folder.clips if clip.day is not None and clip.kind in NAMED_CLIPS}
    return [
        stray
        for stray in folder.strays
        if stray.path not in beside and not (stray.reason is StrayReason.EMPTY_FILE and stray.path in counted)
    ]


class _Places:
    """Where strays are: which of them are clips, and of which day."""

    def __init__(self, folder: ClassFolder) -> None:
        self._folder = folder
        self._clips = {clip.path for clip in folder.clips}

    def of(self, stray: StrayFile) -> Where:
        clip = stray.path if stray.path in self._clips else None
        return Where(day=self._folder.day_around(stray.path), clip=clip)


CLASS_FOLDER: Final = Rule(
    id="LAY001",
    slug="class-folder",
    title_zh="班级文件夹",
    title_en="Class folder",
    scope=Scope.CLASS,
    rationale="One folder per training class, holding one folder per day: otherwise days can't be told apart.",
    parameters=NoParameters,
    check=check_class_folder,
    codes={"ok": ("days", "papers"), "no-day-folder": (), "other-folder": ("path",), "days-deeper": ("path", "days")},
)

DAY_FOLDER: Final = Rule(
    id="LAY002",
    slug="day-folder",
    title_zh="每日文件夹",
    title_en="Day folder",
    scope=Scope.DAY,
    rationale="Each training day has a folder of its own, and its name says which day that is.",
    parameters=DayFolderParameters,
    check=check_day_folder,
    codes={
        "ok": ("folder", "date"),
        "year-unknown": ("folder", "month", "day"),
        "same-date": ("folder", "others"),
        "in-future": ("folder", "date", "scanned_on"),
        "year-differs": ("folder", "date", "years"),
        "weekday-differs": ("folder", "date", "name_weekday", "date_weekday"),
        "far-from-others": ("folder", "date", "gap_days"),
        "out-of-order": ("folder", "date", "others"),
        "ambiguous": ("folder", "readings"),
        "day-number": ("folder", "day_number"),
        "by-clips": ("folder", "month", "day", "suggested"),
        "no-date": ("folder",),
    },
)

STRAY_FILE: Final = Rule(
    id="LAY003",
    slug="stray-file",
    title_zh="多余文件",
    title_en="Stray files",
    scope=Scope.CLASS,
    rationale="A video outside of the day folders counts for no day; what can't be read may hide what is required.",
    parameters=StrayFileParameters,
    check=check_stray_file,
    codes={"ok": ("clips",), "empty-class": (), **dict.fromkeys(_REASONS, ("path",))},
)
