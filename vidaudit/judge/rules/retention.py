"""Until when footage must be kept: from the days on which it was recorded."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vidaudit.judge.findings import passed, to_review
from vidaudit.judge.rule import Rule
from vidaudit.judge.subjects import DaySubject, day_subjects
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.verdict import Finding, Scope, Value


class DatedBy(StrEnum):
    """What tells a class's dates: the names of its folders, the clock in the picture, or some by each."""

    FOLDERS = "folders"
    CLOCK = "clock"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """When a class was recorded, as far as that is known; `dated_by` is None where nothing tells any day's date."""

    first_date: dt.date | None
    last_date: dt.date | None
    dated_by: DatedBy | None
    num_undated: int


@dataclass(frozen=True, kw_only=True)
class RetentionParameters:
    """For how many years from the end of the class its footage is kept."""

    years: int


def recorded(evidence: ClassEvidence) -> Recorded:
    """When the class was recorded: by each day's folder, else by the clock in its clips. Only days with clips count."""
    days = [day for day in day_subjects(evidence) if day.clips]
    found = [(_by_folder(day), _by_clock(day)) for day in days]
    by_folder = [folder for folder, _ in found if folder is not None]
    by_clock = [clock for folder, clock in found if folder is None and clock is not None]
    dates = [*by_folder, *by_clock]
    return Recorded(
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        dated_by=_dated_by(bool(by_folder), bool(by_clock)),
        num_undated=len(days) - len(dates),
    )


def kept_until(last_date: dt.date, years: int) -> dt.date:
    """The last day on which footage of a class that ended then must be there; of February 29th, a day longer."""
    try:
        return last_date.replace(year=last_date.year + years)
    except ValueError:
        return dt.date(last_date.year + years, 3, 1)


def check_retention(evidence: ClassEvidence, parameters: RetentionParameters) -> Iterator[Finding]:
    """Until when the class's footage must be kept. Age is never a fault: what is old was kept."""
    when = recorded(evidence)
    if when.last_date is None or when.first_date is None or when.dated_by is None:
        if when.num_undated:
            yield to_review("date-unknown", {"years": parameters.years})
        return
    values: Mapping[str, Value] = {
        "first_date": when.first_date.isoformat(),
        "last_date": when.last_date.isoformat(),
        "dated_by": when.dated_by.value,
        "years": parameters.years,
        "until_date": kept_until(when.last_date, parameters.years).isoformat(),
    }
    if when.num_undated:
        yield to_review("days-undated", {**values, "undated": when.num_undated})
    else:
        yield passed("keep", values)


def _by_folder(day: DaySubject) -> dt.date | None:
    """The folder's date where its year is certain."""
    return day.day.date if day.day.year_from is not None else None


def _by_clock(day: DaySubject) -> dt.date | None:
    """The last date that the clocks of its clips show; one that stands tells nothing."""
    clocks = [clip.evidence.clock for clip in day.clips if clip.evidence.clock is not None]
    spans = [clock.span(day.day.date) for clock in clocks if not clock.stands]
    return max((span[1].date() for span in spans if span is not None), default=None)


def _dated_by(has_folders: bool, has_clock: bool) -> DatedBy | None:
    if has_folders and has_clock:
        return DatedBy.BOTH
    if has_folders:
        return DatedBy.FOLDERS
    return DatedBy.CLOCK if has_clock else None


_DATES: Final = ("first_date", "last_date", "dated_by", "years", "until_date")

RETENTION: Final = Rule(
    id="RET001",
    slug="retention",
    title_zh="视频留存期限",
    title_en="Retention",
    scope=Scope.CLASS,
    rationale="Footage must be kept for some years after the class; this says until when, and what tells that.",
    parameters=RetentionParameters,
    check=check_retention,
    codes={"keep": _DATES, "days-undated": (*_DATES, "undated"), "date-unknown": ("years",)},
)
