"""The class against its plan: every planned day is there, its hours fit, and full footage shows every class hour."""

import calendar
import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from vidaudit.judge.findings import failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import SECTION, Rule
from vidaudit.judge.rules.dossier import is_asked, is_certain, total_hours
from vidaudit.judge.rules.recorded import Recorded, recorded_of
from vidaudit.judge.subjects import DaySubject, day_subjects
from vidaudit.model.dossier import Dossier
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Extent, Hours
from vidaudit.model.submission import DayFolder
from vidaudit.model.verdict import Finding, Scope, Value, Where


class Verdict(Protocol):
    """One of the short constructors for findings."""

    def __call__(self, code: str, values: Mapping[str, Value], *, where: Where) -> Finding:
        """A finding with this code, there."""
        ...


@dataclass(frozen=True, kw_only=True)
class CoverageParameters:
    """`dossier_required`: whether a class without a dossier is left open, instead of not being asked."""

    dossier_required: bool


def check_day_coverage(evidence: ClassEvidence, _parameters: CoverageParameters) -> Iterator[Finding]:
    """Every planned day has its folder, and every folder is of a planned day.

    A day that isn't there fails only where nothing in the class could be that day.
    """
    dossier = evidence.dossier
    if dossier is None:
        yield not_evaluated("no-dossier")
        return
    if not dossier.days:
        yield not_evaluated("no-plan", {"file": dossier.file})
        return
    extra = [day for day in evidence.folder.days if day.date and not any(day.is_on(date) for date in dossier.days)]
    open_ = [day for day in evidence.folder.days if day.date is None] + extra
    found = [*_missing(evidence, dossier, open_), *(_extra(day, dossier) for day in extra)]
    yield from found or [passed("ok", {"planned": len(dossier.days), "found": len(evidence.folder.days)})]


def _missing(evidence: ClassEvidence, dossier: Dossier, open_: Sequence[DayFolder]) -> Iterator[Finding]:
    for date in dossier.days:
        if any(day.is_on(date) for day in evidence.folder.days):
            continue
        hours = dossier.hours_on(date)
        values: dict[str, Value] = {"date": date.isoformat(), "class_hours": None if hours is None else float(hours)}
        if evidence.scanned_on is not None and date > evidence.scanned_on:
            yield not_evaluated("not-yet", values)
        elif open_ or not is_certain(dossier, evidence):
            yield to_review("perhaps-missing", {**values, "others": tuple(day.path for day in open_) or None})
        else:
            yield failed("missing-day", values)


def _extra(day: DayFolder, dossier: Dossier) -> Finding:
    assert day.date is not None
    code = "extra-day" if dossier.has_all_days else "perhaps-extra"
    return to_review(code, {"date": day.date.isoformat(), "file": dossier.file}, where=Where(day=day.path))


@dataclass(frozen=True, kw_only=True)
class HoursParameters:
    """What a plan may hold.

    Args:
        dossier_required: whether a class without a dossier is left open, instead of not being asked.
        max_day_hours: with more class hours than this a day needs a look.
        extent: how long training of this kind lasts; None where the document sets no bound.
    """

    dossier_required: bool
    max_day_hours: int
    extent: Extent | None = field(metadata=SECTION)


def check_planned_hours(evidence: ClassEvidence, parameters: HoursParameters) -> Iterator[Finding]:
    """Every day has hours, none too many, and the course is as long as its kind of training must be."""
    dossier = evidence.dossier
    if dossier is None:
        yield not_evaluated("no-dossier")
        return
    if not dossier.days:
        yield not_evaluated("no-plan", {"file": dossier.file})
        return
    extent = () if parameters.extent is None else _check_extent(dossier, parameters.extent)
    found = [*_check_days(dossier, parameters.max_day_hours), *extent]
    yield from found or [passed("ok", {"days": len(dossier.days), "class_hours": total_hours(dossier)})]


def _check_days(dossier: Dossier, most: int) -> Iterator[Finding]:
    without = []
    for date in dossier.days:
        hours = dossier.hours_on(date)
        if hours is None:
            without.append(date.isoformat())
        elif hours > most:
            values: dict[str, Value] = {"date": date.isoformat(), "class_hours": float(hours), "max_day_hours": most}
            yield to_review("day-too-long", values)
    if without:
        yield to_review("no-hours", {"file": dossier.file, "dates": tuple(without)})


def _check_extent(dossier: Dossier, extent: Extent) -> Iterator[Finding]:
    days, hours = len(dossier.days), total_hours(dossier)
    values: dict[str, Value] = {"days": days, "class_hours": hours}
    if _is_short(days, hours, extent):
        least = {"min_days": extent.min_days, "min_class_hours": extent.min_class_hours}
        yield to_review("too-short", {**values, **least})
    if extent.max_days is not None and days > extent.max_days:
        yield to_review("too-many-days", {**values, "max_days": extent.max_days})
    first, last = min(dossier.days), max(dossier.days)
    if extent.min_months is not None and last + dt.timedelta(days=1) < _months_later(first, extent.min_months):
        span = {"first_date": first.isoformat(), "last_date": last.isoformat()}
        yield to_review("too-few-months", {**span, "min_months": extent.min_months})


def _is_short(days: int, hours: float | None, extent: Extent) -> bool:
    """Days and hours are alternatives: enough of either will do."""
    enough = [days >= extent.min_days] if extent.min_days is not None else []
    if extent.min_class_hours is not None:
        enough.append(hours is not None and hours >= extent.min_class_hours)
    return bool(enough) and not any(enough)


def _months_later(date: dt.date, months: int) -> dt.date:
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return date.replace(year=year, month=month + 1, day=min(date.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, kw_only=True)
class RecordedParameters:
    """When footage shows every class hour.

    Args:
        class_hour_s, break_s: how long a class hour lasts, and the longest break between two.
        tolerance_s: a recording may be this much shorter than asked.
        max_gap_s: a recording with a longer pause between two pictures isn't continuous.
        hours: what each class hour must show.
    """

    class_hour_s: int
    break_s: int
    tolerance_s: float
    max_gap_s: float
    hours: Hours = field(metadata=SECTION)


def is_full(evidence: ClassEvidence, _parameters: RecordedParameters) -> bool:
    """Only where the dossier says that the folder holds all footage: an edited disc has ten minutes a day."""
    return evidence.dossier is not None and evidence.dossier.is_full_footage


def check_recorded_hours(evidence: ClassEvidence, parameters: RecordedParameters) -> Iterator[Finding]:
    """The footage of each planned day may show as many class hours as are planned.

    What was filmed in which hour only a clock in the picture can tell; without one, enough footage is for a person.
    """
    dossier = evidence.dossier
    assert dossier is not None
    days = day_subjects(evidence)
    found = [
        finding
        for date in dossier.days
        if (there := [day for day in days if day.day.is_on(date)])
        for finding in _check_recorded(evidence, date, there, parameters)
    ]
    yield from found or [not_evaluated("no-days", {"file": dossier.file})]


def _check_recorded(
    evidence: ClassEvidence, date: dt.date, days: Sequence[DaySubject], parameters: RecordedParameters
) -> Iterator[Finding]:
    dossier = evidence.dossier
    assert dossier is not None
    planned, where = dossier.hours_on(date), Where(day=days[0].day.path)
    if planned is None:
        yield not_evaluated("no-hours", {"date": date.isoformat()}, where=where)
        return
    clips = [clip for day in days for clip in day.clips]
    recorded = recorded_of(clips, date, tolerance_s=parameters.tolerance_s, max_gap_s=parameters.max_gap_s)
    low, high = bounds(recorded, parameters)
    values: dict[str, Value] = {
        "date": date.isoformat(),
        "class_hours": float(planned),
        "recorded_s": recorded.total_s,
        "low": low,
        "high": high,
        "min_recorded_s": parameters.hours.min_recorded_s,
    }
    code = _outcome(recorded, low, high, math.ceil(planned))
    if code == "unread":
        values["clips"] = recorded.num_unread
    elif code == "too-little" and not is_certain(dossier, evidence):
        code = "perhaps-too-little"
    yield _VERDICTS[code](code, values, where=where)


def _outcome(recorded: Recorded, low: int, high: int, planned: int) -> str:
    if low >= planned:
        return "ok" if recorded.is_placed else "not-placed"
    if high >= planned:
        return "perhaps-too-little"
    return "unread" if recorded.num_unread else "too-little"


_VERDICTS: Final[Mapping[str, Verdict]] = {
    "ok": passed,
    "not-placed": to_review,
    "perhaps-too-little": to_review,
    "unread": not_evaluated,
    "too-little": failed,
}


def bounds(recorded: Recorded, parameters: RecordedParameters) -> tuple[int, int]:
    """How many class hours the footage shows at least, breaks taken long, and at most, without any break.

    Each stretch of continuous recording that is long enough shows one; a longer one shows the next when it lasts
    through the rest of the hour, the break and the asked time of the next.
    """
    asked_s = parameters.hours.min_recorded_s
    least_s = asked_s - parameters.tolerance_s
    period_s = parameters.class_hour_s + parameters.break_s
    low = sum(1 + int((one - least_s) // period_s) for one in recorded.certain_s if one >= least_s)
    high = sum(
        1 if one < 2 * least_s else 2 + int((one - 2 * least_s) // parameters.class_hour_s)
        for one in recorded.possible_s
        if one >= least_s
    )
    return low, max(low, high)


_RECORDED: Final = ("date", "class_hours", "recorded_s", "low", "high", "min_recorded_s")
_EXTENT: Final = ("days", "class_hours")

DAY_COVERAGE: Final = Rule(
    id="CMP003",
    slug="day-coverage",
    title_zh="计划培训日",
    title_en="Planned days covered",
    scope=Scope.CLASS,
    rationale="Days are paid for by the plan: each must be shown, and what isn't planned must be explained.",
    parameters=CoverageParameters,
    check=check_day_coverage,
    asked=is_asked,
    codes={
        "ok": ("planned", "found"),
        "no-dossier": (),
        "no-plan": ("file",),
        "missing-day": ("date", "class_hours"),
        "perhaps-missing": ("date", "class_hours", "others"),
        "not-yet": ("date", "class_hours"),
        "extra-day": ("date", "file"),
        "perhaps-extra": ("date", "file"),
    },
)

PLANNED_HOURS: Final = Rule(
    id="CMP004",
    slug="planned-hours",
    title_zh="计划学时",
    title_en="Planned class hours",
    scope=Scope.CLASS,
    rationale="The plan must be one that can be taught, and as long as this kind of training has to be.",
    parameters=HoursParameters,
    check=check_planned_hours,
    asked=is_asked,
    codes={
        "ok": _EXTENT,
        "no-dossier": (),
        "no-plan": ("file",),
        "no-hours": ("file", "dates"),
        "day-too-long": ("date", "class_hours", "max_day_hours"),
        "too-short": (*_EXTENT, "min_days", "min_class_hours"),
        "too-many-days": (*_EXTENT, "max_days"),
        "too-few-months": ("first_date", "last_date", "min_months"),
    },
)

RECORDED_HOURS: Final = Rule(
    id="CMP005",
    slug="recorded-hours",
    title_zh="每学时录像",
    title_en="Recording of each class hour",
    scope=Scope.CLASS,
    rationale="Each class hour must be recorded without a break for so long; only all footage can show it.",
    parameters=RecordedParameters,
    check=check_recorded_hours,
    asked=is_full,
    codes={
        "ok": _RECORDED,
        "not-placed": _RECORDED,
        "perhaps-too-little": _RECORDED,
        "too-little": _RECORDED,
        "unread": (*_RECORDED, "clips"),
        "no-hours": ("date",),
        "no-days": ("file",),
    },
)
