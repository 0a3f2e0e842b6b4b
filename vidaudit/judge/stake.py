"""What a class's subsidy comes to by the regulation's own scale: by the claim, and by what the footage proves.

Never a verdict. What the footage can't show, as who found work or which certificate was obtained, is left open: a
range, a limit or "not known". Amounts are exact.
"""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from vidaudit.judge.levels import levels_named
from vidaudit.model.evidence import ClassEvidence, HeadEvidence
from vidaudit.model.settings import CapPer, Employment, Extent, Otherwise, Profile, Subsidy
from vidaudit.model.stake import (
    DaysFrom,
    Item,
    Note,
    NoteCode,
    Part,
    PerHead,
    Stake,
    StakeDays,
    StakeLine,
    StakePeople,
    Unit,
    Working,
)
from vidaudit.model.verdict import ClassVerdict, DayVerdict, Status, Value


def stake(verdict: ClassVerdict, evidence: ClassEvidence, profile: Profile) -> Stake:
    """What is at stake in a class, by the scale that the profile has for its kind of training."""
    days = training_days(verdict.days, evidence)
    people = _people(verdict, evidence)
    known = _Known(days=days, people=people, class_hours=_class_hours(evidence))
    subsidy = profile.subsidy_for(verdict.kind)
    lines = [] if subsidy is None else list(_training(subsidy, profile, known))
    lines += _certificates(profile, known)
    kept = _of_level(lines, evidence)
    notes = [*_notes(verdict, profile, known), *_level_note(lines, kept)]
    return Stake(days=days, people=people, lines=tuple(kept), notes=tuple(notes))


def _of_level(lines: Sequence[StakeLine], evidence: ClassEvidence) -> list[StakeLine]:
    """Without the lines of other levels than the dossier names, of each item by itself; all where it names none."""
    named = levels_named(None if evidence.dossier is None else evidence.dossier.level)
    meant = {line.item for line in lines if line.level in named}
    return [line for line in lines if line.item not in meant or line.level is None or line.level in named]


def _level_note(lines: Sequence[StakeLine], kept: Sequence[StakeLine]) -> Iterator[Note]:
    if len(kept) < len(lines):
        levels = dict.fromkeys(line.level for line in kept if line.level is not None)
        yield Note(code=NoteCode.LEVEL_FILED, values={"stake_level": tuple(levels)})


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What sums are worked out from. `class_hours` None where nothing tells them."""

    days: StakeDays
    people: StakePeople
    class_hours: int | None


def training_days(verdicts: Iterable[DayVerdict], evidence: ClassEvidence) -> StakeDays:
    """The days claimed, and what became of those that were handed in."""
    claimed, source = _claimed_dates(evidence)
    by_day: dict[dt.date | str, list[Status]] = defaultdict(list)
    for day in verdicts:
        if day.date is None or source is DaysFrom.FOLDERS or day.date in claimed:
            by_day[day.date or day.folder].append(day.status)
    number = Counter(_day_status(statuses) for statuses in by_day.values())
    total = len(claimed) if source is not DaysFrom.FOLDERS else len(by_day)
    return StakeDays(
        claimed=total or None,
        source=source if total else None,
        passing=number[Status.PASS],
        open=number[Status.REVIEW],
        failing=number[Status.FAIL],
        missing=max(0, total - len(by_day)),
    )


def _claimed_dates(evidence: ClassEvidence) -> tuple[frozenset[dt.date], DaysFrom]:
    dossier = evidence.dossier
    if dossier is not None and dossier.days and dossier.has_all_days:
        return frozenset(dossier.days), DaysFrom.PLAN
    handed_in = {day.date for day in evidence.folder.days}
    named = frozenset() if evidence.roster is None else frozenset(evidence.roster.training_dates)
    if named & handed_in:  # a roster whose dates are all others' is of another class, or has a slip in the year
        return named, DaysFrom.ROSTER
    return frozenset(), DaysFrom.FOLDERS


def _class_hours(evidence: ClassEvidence) -> int | None:
    """The class hours of the whole plan; None where a session says none, or they don't add up to whole ones."""
    sessions = () if evidence.dossier is None else evidence.dossier.sessions
    hours = [session.class_hours for session in sessions]
    known = [one for one in hours if one is not None]
    total = sum(known, Fraction(0))
    return int(total) if known and len(known) == len(hours) and total.denominator == 1 else None


def _day_status(statuses: Sequence[Status]) -> Status:
    """Of all folders of one date: proven or lost only where they agree, else a person must look."""
    alike = set(statuses)
    return alike.pop() if alike in ({Status.PASS}, {Status.FAIL}) else Status.REVIEW


def _people(verdict: ClassVerdict, evidence: ClassEvidence) -> StakePeople:
    """Everybody is paid for the days of the training: bounds that hold on every day bound the sum."""
    enrolled = verdict.roster_size
    passing = [day for day in verdict.days if day.status is Status.PASS]
    payable = [day for day in verdict.days if day.status is not Status.FAIL] or list(verdict.days)
    counted = {day.folder: _counted(day, evidence) for day in payable}
    if not any(counted.values()):
        return StakePeople(claimed=enrolled, low=None, high=None)
    low = min((counted[day.folder] or (0, None))[0] for day in passing or payable)
    highs = [None if bounds is None or bounds[1] is None else bounds[1] for bounds in counted.values()]
    most = [enrolled if high is None else high for high in highs]
    high = None if None in most else max(number for number in most if number is not None)
    if enrolled is not None:
        low, high = min(low, enrolled), min(enrolled if high is None else high, enrolled)
    return StakePeople(claimed=enrolled, low=low, high=high)


def _counted(day: DayVerdict, evidence: ClassEvidence) -> tuple[int, int | None] | None:
    """The fewest and the most people of a day, by its face clips, else by its lectures; None where not measured."""
    people = () if evidence.people is None else evidence.people.days
    seen = next((one for one in people if one.day == day.folder), None)
    if seen is not None:
        return seen.low, seen.high
    heads = [clip.heads for clip in evidence.clips if clip.path in day.lectures and clip.heads is not None]
    if not heads:
        return None
    highs = [one.high for one in heads]
    return max(map(_learners, heads)), None if None in highs else max(high for high in highs if high is not None)


def _learners(heads: HeadEvidence) -> int:
    """The fewest people in a lecture besides those who are probably teachers."""
    return max(0, heads.low - heads.num_staff_likely)


def per_head_by_days(subsidy: Subsidy, days: int) -> PerHead:
    """What a person gets for so many days, step by step of the scale."""
    parts, left = [], days
    for rate in subsidy.day_rates:
        number = left if rate.days is None else min(left, rate.days)
        if number:
            parts.append(Part(number=number, yuan=rate.yuan))
        left -= number
    return PerHead(unit=Unit.DAY, parts=tuple(parts), cap_yuan=subsidy.cap_yuan)


def _single(unit: Unit, yuan: Decimal, cap_yuan: Decimal | None = None) -> PerHead:
    return PerHead(unit=unit, parts=(Part(number=1, yuan=yuan),), cap_yuan=cap_yuan)


def _training(subsidy: Subsidy, profile: Profile, known: _Known) -> Iterator[StakeLine]:
    if subsidy.day_rates:
        yield _by_days(subsidy, known)
    elif subsidy.per_head_yuan is not None:
        yield _flat(subsidy, _single(Unit.HEAD, subsidy.per_head_yuan, subsidy.cap_yuan), known)
    elif subsidy.per_class_hour_yuan:
        yield from _by_hours(subsidy, known)
    elif subsidy.cap_yuan is not None:
        yield _flat(subsidy, _single(Unit.AT_MOST, subsidy.cap_yuan), known, is_at_most=True)
    if subsidy.employment is not None:
        yield from _too_few_employed(subsidy, subsidy.employment, profile, known)
    if subsidy.cap_covers_certificates and subsidy.cap_yuan is not None:
        both = _single(Unit.AT_MOST, subsidy.cap_yuan)
        yield _flat(subsidy, both, known, is_at_most=True, item=Item.TOGETHER)


def _by_days(subsidy: Subsidy, known: _Known) -> StakeLine:
    days, people = known.days, known.people
    return StakeLine(
        item=Item.TRAINING,
        clause=subsidy.clause,
        claimed=None if days.claimed is None else _working(people.claimed, per_head_by_days(subsidy, days.claimed)),
        low=_working(people.low, per_head_by_days(subsidy, days.passing)),
        high=_working(people.high, per_head_by_days(subsidy, days.high)),
        is_at_most=subsidy.cap_per is CapPer.YEAR,
    )


def _working(people: int | None, per_head: PerHead) -> Working | None:
    return None if people is None else Working(people=people, per_head=per_head)


def _flat(
    subsidy: Subsidy, per_head: PerHead, known: _Known, *, is_at_most: bool = False, item: Item = Item.TRAINING
) -> StakeLine:
    """The same for everybody, whatever the days; a limit says nothing of what is certain."""
    people = known.people
    at_most = is_at_most or subsidy.cap_per is CapPer.YEAR
    return StakeLine(
        item=item,
        clause=subsidy.clause,
        claimed=_working(people.claimed, per_head),
        low=None if at_most else _working(people.low, per_head),
        high=_working(people.high, per_head),
        is_at_most=at_most,
    )


def _by_hours(subsidy: Subsidy, known: _Known) -> Iterator[StakeLine]:
    """A line for each level of the course; a limit where the hours, or who came to training on site, aren't known."""
    people = known.people
    for level, yuan in subsidy.per_class_hour_yuan.items():
        cap = subsidy.cap_by_level_yuan.get(level, subsidy.cap_yuan)
        each = _for_hours(yuan, cap, known.class_hours)
        is_limit = known.class_hours is None or bool(subsidy.offline_steps) or subsidy.cap_per is CapPer.YEAR
        yield StakeLine(
            item=Item.TRAINING,
            clause=subsidy.clause,
            level=level,
            claimed=None if each is None else _working(people.claimed, each),
            low=None if each is None or is_limit else _working(people.low, each),
            high=None if each is None else _working(people.high, each),
            is_at_most=is_limit,
        )


def _for_hours(yuan: Decimal, cap: Decimal | None, hours: int | None) -> PerHead | None:
    if hours is not None:
        return PerHead(unit=Unit.CLASS_HOUR, parts=(Part(number=hours, yuan=yuan),), cap_yuan=cap)
    return None if cap is None else _single(Unit.AT_MOST, cap)


def fewest_employed(employment: Employment, people: int) -> int:
    """How many of so many people must find work."""
    return math.ceil(employment.min_share * people)


def _too_few_employed(subsidy: Subsidy, employment: Employment, profile: Profile, known: _Known) -> Iterator[StakeLine]:
    """What is paid where too few found work; nothing where the document doesn't say."""
    general = profile.subsidy_for("general")
    if employment.otherwise is Otherwise.AS_GENERAL and general is not None:
        for line in _training(general, profile, known):
            yield _instead(line)
    elif employment.otherwise is Otherwise.EMPLOYED_ONLY:
        for line in _training(_unconditional(subsidy), profile, known):
            yield _instead(line, employment)


def _instead(line: StakeLine, employment: Employment | None = None) -> StakeLine:
    """The line as a limit; where only the employed are paid, for one fewer than would have been enough."""

    def limited(working: Working | None) -> Working | None:
        if working is None or employment is None:
            return working
        most = max(0, fewest_employed(employment, working.people) - 1)
        return Working(people=most, per_head=working.per_head)

    return StakeLine(
        item=Item.TOO_FEW_EMPLOYED,
        clause=line.clause,
        level=line.level,
        claimed=limited(line.claimed),
        low=None,
        high=limited(line.high),
        is_at_most=True,
    )


def _unconditional(subsidy: Subsidy) -> Subsidy:
    return Subsidy(
        id=subsidy.id,
        clause=subsidy.clause,
        kinds=subsidy.kinds,
        day_rates=subsidy.day_rates,
        per_head_yuan=subsidy.per_head_yuan,
        cap_yuan=subsidy.cap_yuan,
        cap_per=subsidy.cap_per,
    )


def _certificates(profile: Profile, known: _Known) -> Iterator[StakeLine]:
    """For each level: what it would be if everybody obtained it."""
    if profile.certificates is None:
        return
    for level, yuan in profile.certificates.yuan.items():
        each = _single(Unit.CERTIFICATE, yuan)
        yield StakeLine(
            item=Item.CERTIFICATE,
            clause=profile.certificates.clause,
            level=level,
            claimed=_working(known.people.claimed, each),
            low=None,
            high=_working(known.people.high, each),
            is_at_most=True,
        )


def _notes(verdict: ClassVerdict, profile: Profile, known: _Known) -> Iterator[Note]:
    subsidy = profile.subsidy_for(verdict.kind)
    if subsidy is None:
        yield Note(code=NoteCode.NO_SCALE)
    else:
        yield from _conditions(subsidy, known)
    kind = profile.kinds.get(verdict.kind or "")
    if kind is not None and kind.extent is not None:
        yield from _extent(kind.extent, known)
    if profile.certificates is not None:
        yield Note(code=NoteCode.CERTIFICATES_UNKNOWN, clause=profile.certificates.clause)
    yield from _gaps(known)


def _conditions(subsidy: Subsidy, known: _Known) -> Iterator[Note]:
    employment = subsidy.employment
    if employment is not None:
        people = known.people.claimed
        least = None if people is None else fewest_employed(employment, people)
        values: Mapping[str, Value] = {"min_share": float(employment.min_share), "people": people, "least": least}
        yield Note(code=NoteCode.EMPLOYMENT, clause=subsidy.clause, values=values)
        if employment.otherwise is Otherwise.UNSTATED:
            yield Note(code=NoteCode.UNSTATED, clause=subsidy.clause)
    if not (subsidy.day_rates or subsidy.per_head_yuan is not None or subsidy.per_class_hour_yuan):
        yield Note(code=NoteCode.RATE_UNSTATED, clause=subsidy.clause)
    if subsidy.per_class_hour_yuan and known.class_hours is None:
        yield Note(code=NoteCode.HOURS_UNKNOWN, clause=subsidy.clause)
    for step in subsidy.offline_steps:
        shares: Mapping[str, Value] = {"below_share": float(step.below_share), "paid_share": float(step.paid_share)}
        yield Note(code=NoteCode.OFFLINE, clause=subsidy.clause, values=shares)
    if subsidy.cap_per is CapPer.YEAR:
        yield Note(code=NoteCode.CAP_YEAR, clause=subsidy.clause)


def _extent(extent: Extent, known: _Known) -> Iterator[Note]:
    claimed: Mapping[str, Value] = {"claimed": known.days.claimed}
    if extent.min_days is not None and extent.min_class_hours is not None:
        values = {**claimed, "min_days": extent.min_days, "min_class_hours": extent.min_class_hours}
        yield Note(code=NoteCode.MIN_DAYS_OR_HOURS, clause=extent.clause, values=values)
    elif extent.min_days is not None:
        yield Note(code=NoteCode.MIN_DAYS, clause=extent.clause, values={**claimed, "min_days": extent.min_days})
    if extent.max_days is not None:
        yield Note(code=NoteCode.MAX_DAYS, clause=extent.clause, values={**claimed, "max_days": extent.max_days})
    if extent.min_months is not None:
        yield Note(code=NoteCode.MIN_MONTHS, clause=extent.clause, values={"min_months": extent.min_months})


def _gaps(known: _Known) -> Iterator[Note]:
    if known.people.claimed is None:
        yield Note(code=NoteCode.ROSTER_UNKNOWN)
    if known.days.claimed is None:
        yield Note(code=NoteCode.DAYS_UNKNOWN)
    if known.people.low is None:
        yield Note(code=NoteCode.PEOPLE_UNKNOWN)
