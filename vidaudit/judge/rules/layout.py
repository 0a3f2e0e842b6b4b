"""How the folders lie: one class folder, in it one folder per day, and nothing astray."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import NoParameters, Rule
from vidaudit.judge.subjects import DaySubject
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import ClassFolder, DayFolder, StrayFile, StrayReason
from vidaudit.model.verdict import Finding, Scope, Where

_FOLDERS: Final = frozenset({StrayReason.EMPTY_FOLDER, StrayReason.NESTED_FOLDER})


def _is_beside_days(folder: ClassFolder, stray: StrayFile) -> bool:
    """Whether it is a folder that lies in no day folder."""
    days = {day.path for day in folder.days}
    return stray.reason in _FOLDERS and stray.path.partition("/")[0] not in days


def check_class_folder(evidence: ClassEvidence, _: NoParameters) -> Iterator[Finding]:
    """A class folder holds day folders; other folders beside them are shown to a person."""
    folder = evidence.folder
    if not folder.days:
        yield failed("no-day-folder")
        return
    others = [stray for stray in folder.strays if _is_beside_days(folder, stray) and "/" not in stray.path]
    for stray in others:
        yield to_review("other-folder", {"path": stray.path})
    if not others:
        yield passed("ok", {"days": len(folder.days), "papers": len(folder.papers)})


def check_day_folder(subject: DaySubject, _: NoParameters) -> Iterator[Finding]:
    """A day folder means exactly one date, and no other folder means the same."""
    day = subject.day
    if day.same_date_as:
        yield failed("same-date", {"folder": day.path, "others": tuple(sorted(day.same_date_as))})
    elif len(day.readings) > 1:
        yield to_review(
            "ambiguous", {"folder": day.path, "readings": tuple(sorted(d.isoformat() for d in day.readings))}
        )
    elif day.date is not None or day.readings:
        yield _dated(day, subject.class_.scanned_on)
    elif day.day_number is not None:
        yield to_review("day-number", {"folder": day.path, "day_number": day.day_number})
    else:
        yield failed("no-date", {"folder": day.path})


def _dated(day: DayFolder, scanned_on: dt.date | None) -> Finding:
    """One date was read; without a year, month and day still tell the days of a class apart."""
    date = day.date or day.readings[0]
    if day.date is not None and scanned_on is not None and day.date > scanned_on:
        values = {"folder": day.path, "date": date.isoformat(), "scanned_on": scanned_on.isoformat()}
        return to_review("in-future", values)
    if day.date is None or day.year_from is None:
        return passed("year-unknown", {"folder": day.path, "month": date.month, "day": date.day})
    return passed("ok", {"folder": day.path, "date": date.isoformat()})


@dataclass(frozen=True, kw_only=True)
class StrayFileParameters:
    """`failing`: the reasons (`StrayReason`) that are certain breaches; every other one is for a person."""

    failing: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = sorted(set(self.failing) - {reason.value for reason in StrayReason})
        if unknown:
            raise ValueError(f"failing: no such reason {unknown[0]!r}; there are {', '.join(StrayReason)}")


def check_stray_file(evidence: ClassEvidence, parameters: StrayFileParameters) -> Iterator[Finding]:
    """Nothing lies outside the day folders, and nothing is empty, hidden, linked or unreadable."""
    folder = evidence.folder
    strays = [stray for stray in folder.strays if not _is_beside_days(folder, stray)]
    for stray in strays:
        where = _where(folder, stray)
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


def _where(folder: ClassFolder, stray: StrayFile) -> Where:
    clip = stray.path if any(clip.path == stray.path for clip in folder.clips) else None
    day = next((day.path for day in folder.days if stray.path.startswith(f"{day.path}/")), None)
    return Where(day=day, clip=clip)


CLASS_FOLDER: Final = Rule(
    id="LAY001",
    slug="class-folder",
    title_zh="班级文件夹",
    title_en="Class folder",
    scope=Scope.CLASS,
    rationale="One folder per training class, holding one folder per day: otherwise days can't be told apart.",
    parameters=NoParameters,
    check=check_class_folder,
    codes={"ok": ("days", "papers"), "no-day-folder": (), "other-folder": ("path",)},
)

DAY_FOLDER: Final = Rule(
    id="LAY002",
    slug="day-folder",
    title_zh="每日文件夹",
    title_en="Day folder",
    scope=Scope.DAY,
    rationale="Each training day has a folder of its own, and its name says which day that is.",
    parameters=NoParameters,
    check=check_day_folder,
    codes={
        "ok": ("folder", "date"),
        "year-unknown": ("folder", "month", "day"),
        "same-date": ("folder", "others"),
        "in-future": ("folder", "date", "scanned_on"),
        "ambiguous": ("folder", "readings"),
        "day-number": ("folder", "day_number"),
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
    codes={"ok": ("clips",), "empty-class": (), **{reason.value: ("path",) for reason in StrayReason}},
)
