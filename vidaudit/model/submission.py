"""What a school hands in: classes, days, clips, and the files that belong nowhere.

`path` values are relative to the class folder, with "/" between parts, always printable and unique: bytes
that are not valid text and control characters are escaped (`\\xNN`), so they can be shown, stored and
compared. The operating system's own path of each file is kept beside the tree, never in it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ClipKind(StrEnum):
    """What a clip is meant to show, by its name."""

    FACE = "face"
    LECTURE = "lecture"
    OTHER = "other"


class StrayReason(StrEnum):
    """Why a file or folder belongs nowhere in a class folder, or a submission couldn't be looked into."""

    VIDEO_OUTSIDE_DAY = "video-outside-day"
    UNKNOWN_FILE = "unknown-file"
    EMPTY_FILE = "empty-file"
    HIDDEN_FILE = "hidden-file"
    EMPTY_FOLDER = "empty-folder"
    NESTED_FOLDER = "nested-folder"
    LINK_OUTSIDE = "link-outside"
    BROKEN_LINK = "broken-link"
    UNREADABLE = "unreadable"
    NOT_A_FILE = "not-a-file"
    DAMAGED_ARCHIVE = "damaged-archive"
    LOCKED_ARCHIVE = "locked-archive"
    UNSUPPORTED_ARCHIVE = "unsupported-archive"
    DAMAGED_EVIDENCE = "damaged-evidence"


UNOPENED = frozenset(
    {
        StrayReason.DAMAGED_ARCHIVE,
        StrayReason.LOCKED_ARCHIVE,
        StrayReason.UNSUPPORTED_ARCHIVE,
        StrayReason.DAMAGED_EVIDENCE,
    }
)
"""Reasons of what couldn't be opened as a whole: a submission that came as one file, or the evidence of a stored
class; never of a file in a class."""


@dataclass(frozen=True, kw_only=True)
class ClipName:
    """What a clip's file name says; None where it says nothing.

    `prescribed` is true only for exactly the form of Huguan 2024, annex 4, three (1) and (2).
    `differences` are codes of what is near but not exact: `full-width`, `chinese-number`, `spaces`,
    `brackets`, `quotes`, `case`, `separator`, `zero-padded` (month or day), `number-padded` (that of the clip), `year`,
    `number-missing`, `number-unexpected`, `wording`, `extension`, `unsplit` (where the institution ends, if it is there
    at all, can't be told), `unparsed`.
    `weekday` is that beside the date, 0 for Monday.
    """

    institution: str | None
    class_name: str | None
    year: int | None
    month: int | None
    day: int | None
    kind: ClipKind
    number: int | None
    prescribed: bool
    differences: tuple[str, ...] = ()
    weekday: int | None = None


@dataclass(frozen=True, kw_only=True)
class ClipFile:
    """One video file of a class. `day` is the path of its day folder, None when it lies outside of one."""

    path: str
    day: str | None
    kind: ClipKind
    name: ClipName
    suggested_name: str | None
    bytes: int


@dataclass(frozen=True, kw_only=True)
class DayFolder:
    """One training day's folder.

    Args:
        path: the folder, relative to the class folder.
        date: the day it means, None when its name can't be read as one date.
        day_number: n of a folder named "day n" (第n天), else None.
        year_from: what told the year: `folder`, `clips`, `class` (its names, or its other
            folders), `roster`, `given`, or None when nothing did.
        readings: every date the name could mean; more than one makes the name ambiguous.
        same_date_as: paths of other folders of the class that mean the same date.
        weekday: that in its name, 0 for Monday; where nothing tells the year, the year was chosen to fit it.
        other_years: years that the class's name or its roster give, and that can't be this day's.
        dated_by_clips: its own name tells no date; all of its clips' names give this one.
    """

    path: str
    date: dt.date | None
    day_number: int | None = None
    year_from: str | None = None
    readings: tuple[dt.date, ...] = ()
    same_date_as: tuple[str, ...] = ()
    weekday: int | None = None
    other_years: tuple[int, ...] = ()
    dated_by_clips: bool = False

    def is_on(self, date: dt.date) -> bool:
        """Whether the folder is of this day; where its year is a guess, month and day tell."""
        if self.date is None or self.year_from is not None:
            return self.date == date
        return (self.date.month, self.date.day) == (date.month, date.day)


@dataclass(frozen=True, kw_only=True)
class StrayFile:
    """A file or folder that belongs nowhere, with the reason and, where it helps, a detail (a link's target)."""

    path: str
    reason: StrayReason
    bytes: int | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClassFolder:
    """One training class as it lies on the disc.

    `papers` are documents that may lie in a class folder (rosters, plans, scanned papers);
    `ignored` are files the operating system leaves behind (Thumbs.db, .DS_Store, autorun.inf).
    `institution` and `class_name` are what most of the file names say, else what the folder name says.
    """

    name: str
    path: str
    institution: str | None
    class_name: str | None
    days: tuple[DayFolder, ...]
    clips: tuple[ClipFile, ...]
    strays: tuple[StrayFile, ...] = ()
    papers: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def clips_of_day(self, day: str) -> tuple[ClipFile, ...]:
        """The clips that lie in the day folder with this path, in order of their paths."""
        return tuple(clip for clip in self.clips if clip.day == day)

    def day_around(self, path: str) -> str | None:
        """The path of the day folder that something lies in; None where it lies in none."""
        return next((day.path for day in self.days if path.startswith(f"{day.path}/")), None)

    def day(self, path: str) -> DayFolder:
        """The day folder with this path; KeyError if there is none."""
        for folder in self.days:
            if folder.path == path:
                return folder
        raise KeyError(path)


def of_kind(clips: Iterable[ClipFile], kind: ClipKind) -> tuple[ClipFile, ...]:
    """Those of the clips that are of this kind, in the given order."""
    return tuple(clip for clip in clips if clip.kind is kind)
