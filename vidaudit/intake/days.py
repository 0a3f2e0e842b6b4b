"""Which date each day folder of a class means: the day from its name, the year from whatever tells it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from vidaudit.intake.dates import DayName, Reading, find_year, fits_partly, make_date, read_day_name
from vidaudit.model.roster import Roster
from vidaudit.model.submission import ClipName, DayFolder

# A class with days in both groups runs through New Year, unless it has days in the months between.
_BEFORE_NEW_YEAR = frozenset({10, 11, 12})
_AFTER_NEW_YEAR = frozenset({1, 2, 3})
_OLDEST = 8  # years back at most for a day whose year nothing tells; 29 February comes round within eight


@dataclass(frozen=True, kw_only=True)
class Context:
    """What may tell a year, beside the folder itself.

    Args:
        class_texts: the class's own names: its folder, the class in the clips' names.
        parents: names of the folders above, the nearest first.
        roster: the class's roster, where there is one.
        today: the latest day a training can have been, for days whose year nothing tells.
    """

    class_texts: tuple[str, ...]
    parents: tuple[str, ...] = ()
    roster: Roster | None = None
    today: dt.date


@dataclass(frozen=True, kw_only=True)
class _Year:
    value: int
    source: str | None


def date_days(folders: Sequence[tuple[str, str, Sequence[ClipName]]], context: Context) -> tuple[DayFolder, ...]:
    """Date the day folders of one class.

    A year that nothing tells is taken as the latest that puts the day before `context.today`; then the
    folder's `year_from` is None.

    Args:
        folders: path, name, and the clips' names of each folder.
        context: what else may tell the year.

    Returns:
        The folders in the given order, with `same_date_as` filled in.
    """
    names = [read_day_name(name) for _, name, _ in folders]
    all_clips = [clip for _, _, clips in folders for clip in clips]
    months = {one.month for name in names for one in name.readings} | {clip.month for clip in all_clips if clip.month}
    siblings = frozenset(name.year for name in names if name.year and name.readings)
    years = _Years(context=context, months=frozenset(months), clips=tuple(all_clips), siblings=siblings)
    days = [_date_day(path, name, clips, years) for (path, _, clips), name in zip(folders, names, strict=True)]
    return _with_twins(
        [
            day if name.is_day else _by_clips(day, own, name, clips, years)
            for day, name, (_, own, clips) in zip(days, names, folders, strict=True)
        ]
    )


def _with_twins(days: Sequence[DayFolder]) -> tuple[DayFolder, ...]:
    """The days, each with the others of its date; where a year is only a guess, month and day make the date."""
    alike: dict[tuple[int, int], list[DayFolder]] = defaultdict(list)
    for day in days:
        if day.date:
            alike[day.date.month, day.date.day].append(day)
    return tuple(
        replace(
            day, same_date_as=tuple(one.path for one in alike[day.date.month, day.date.day] if _is_same_date(day, one))
        )
        if day.date
        else day
        for day in days
    )


def _is_same_date(day: DayFolder, other: DayFolder) -> bool:
    return day.path != other.path and (day.date == other.date or None in (day.year_from, other.year_from))


@dataclass(frozen=True, kw_only=True)
class _Years:
    """Candidates for the year of a reading, the most telling first. `siblings` are the years of all folders' names."""

    context: Context
    months: frozenset[int]
    clips: tuple[ClipName, ...]
    siblings: frozenset[int]

    def of(self, reading: Reading, name: DayName, clips: Sequence[ClipName]) -> Iterator[_Year]:
        if reading.year is not None:
            yield _Year(value=reading.year, source="folder")
            return
        if name.year is not None:
            yield _Year(value=name.year, source="folder")
        for group in (clips, self.clips):
            year = _only({clip.year for clip in group if clip.year and clip.month == reading.month})
            if year:
                yield _Year(value=year, source="clips")
        yield from self._of_roster(reading)
        yield from self._of_texts(self.context.class_texts, "class", reading)
        yield from self._of_siblings()
        yield from self._of_texts(self.context.parents, "given", reading)
        yield from self._of_most_clips(reading)
        yield from self._unknown(reading)

    def others(self, day: dt.date) -> tuple[int, ...]:
        """Years that the class's names or its roster give, and that can't be this day's."""
        roster = self.context.roster
        taught = {one.year for one in (*roster.training_dates, *(roster.training_span or ()))} if roster else set()
        named = {year for year in map(find_year, self.context.class_texts) if year and not self._is_year_of(day, year)}
        return tuple(sorted(named | (taught if day.year not in taught else set())))

    def _is_year_of(self, day: dt.date, year: int) -> bool:
        """Whether a class of this year may have a day then: December counts for the next year (Huguan 2024, 四(三))."""
        if year == day.year or (year == day.year + 1 and day.month == 12):
            return True
        return self._crosses_new_year() and year == day.year + (1 if day.month in _BEFORE_NEW_YEAR else -1)

    def _of_most_clips(self, reading: Reading) -> Iterator[_Year]:
        """The year most clips give, where they disagree and nothing else tells it."""
        count = Counter(clip.year for clip in self.clips if clip.year and clip.month == reading.month)
        if count:
            yield _Year(value=min(count, key=lambda year: (-count[year], year)), source="clips")

    def _of_roster(self, reading: Reading) -> Iterator[_Year]:
        roster = self.context.roster
        if roster is None:
            return
        same = {day.year for day in roster.training_dates if (day.month, day.day) == (reading.month, reading.day)}
        near = {day.year for day in roster.training_dates if day.month == reading.month}
        year = _only(same) or _only(near) or _year_in_span(roster.training_span, reading)
        if year:
            yield _Year(value=year, source="roster")

    def _of_texts(self, texts: Iterable[str], source: str, reading: Reading) -> Iterator[_Year]:
        year = next((found for found in map(find_year, texts) if found), None)
        if year is None:
            return
        if self._crosses_new_year():
            # The class's year is that of its start; a weekday in the folder's name may say that it is that of its end.
            is_after = reading.month in _AFTER_NEW_YEAR
            yield _Year(value=year + is_after, source=source)
            yield _Year(value=year + is_after - 1, source=source)
        else:
            yield _Year(value=year, source=source)

    def _of_siblings(self) -> Iterator[_Year]:
        year = None if self._crosses_new_year() else _only(self.siblings)
        if year:
            yield _Year(value=year, source="class")

    def _crosses_new_year(self) -> bool:
        is_winter = self.months <= _BEFORE_NEW_YEAR | _AFTER_NEW_YEAR
        return is_winter and 12 in self.months and 1 in self.months

    def _unknown(self, reading: Reading) -> Iterator[_Year]:
        today = self.context.today
        for year in range(today.year, today.year - _OLDEST - 1, -1):
            day = make_date(year, reading.month, reading.day)
            if day and day <= today:
                yield _Year(value=year, source=None)


def _only(values: Set[int | None] | Set[int]) -> int | None:
    return next(iter(values)) if len(values) == 1 else None


def _year_in_span(span: tuple[dt.date, dt.date] | None, reading: Reading) -> int | None:
    if span is None:
        return None
    dates = {year: make_date(year, reading.month, reading.day) for year in {span[0].year, span[1].year}}
    return _only({year for year, day in dates.items() if day and span[0] <= day <= span[1]})


def _date_day(path: str, name: DayName, clips: Sequence[ClipName], years: _Years) -> DayFolder:
    day = _date_reading(
        DayFolder(path=path, date=None, day_number=name.day_number, weekday=name.weekday), name, clips, years
    )
    if day.date is None or day.year_from is None:
        return day
    return replace(day, other_years=years.others(day.date))


def _date_reading(bare: DayFolder, name: DayName, clips: Sequence[ClipName], years: _Years) -> DayFolder:
    if not name.readings:
        return _by_number(bare, name, clips, years)
    dated = _dated(name.readings, name, clips, years)
    if len(dated) > 1 and not name.several:
        dated = _narrowed(dated, clips)
    readings = tuple(dated)
    if len(readings) != 1:
        return replace(bare, readings=readings)
    return replace(bare, date=readings[0], year_from=dated[readings[0]], readings=readings)


def _dated(
    readings: Iterable[Reading], name: DayName, clips: Sequence[ClipName], years: _Years
) -> dict[dt.date, str | None]:
    """Each reading's date, with what told its year; a weekday in the name decides between years."""
    found: dict[dt.date, str | None] = {}
    for reading in readings:
        candidates = list(years.of(reading, name, clips))
        told = [year for year in candidates if year.source is not None] or candidates
        pairs = [(make_date(year.value, reading.month, reading.day), year.source) for year in told]
        fitting = [pair for pair in pairs if pair[0] and pair[0].weekday() == name.weekday]
        # Without a weekday the most telling source stands, also where it makes the day impossible (29.2.2023).
        for day, source in (fitting or pairs)[:1]:
            if day is not None:
                found.setdefault(day, source)
    return found


def _narrowed(dated: dict[dt.date, str | None], clips: Sequence[ClipName]) -> dict[dt.date, str | None]:
    """An ambiguous name means the one of its readings that all of its clips' names give."""
    days = {(clip.month, clip.day) for clip in clips if clip.month}
    agreeing = {day: source for day, source in dated.items() if days == {(day.month, day.day)}}
    return agreeing if len(agreeing) == 1 else dated


def _by_clips(bare: DayFolder, own_name: str, name: DayName, clips: Sequence[ClipName], years: _Years) -> DayFolder:
    """A name without a date (20日, 上午): the one that all of its clips' names give, unless the name denies it."""
    days = {(clip.month, clip.day) for clip in clips}
    if len(days) != 1:
        return bare
    ((month, day),) = days
    if month is None or day is None or not fits_partly(own_name, month=month, day=day):
        return bare
    for date, source in _dated([Reading(month=month, day=day)], name, clips, years).items():
        dated = replace(bare, date=date, year_from=source, readings=(date,), dated_by_clips=True)
        return dated if source is None else replace(dated, other_years=years.others(date))
    return bare


def _by_number(bare: DayFolder, name: DayName, clips: Sequence[ClipName], years: _Years) -> DayFolder:
    """Day n: by its clips' names where they agree, else the roster's nth day."""
    if name.day_number is None:
        return bare
    days = Counter((clip.month, clip.day) for clip in clips if clip.month and clip.day)
    roster = years.context.roster
    if len(days) == 1:
        ((month, day),) = days
        reading = Reading(month=month or 0, day=day or 0)
        for date, source in _dated([reading], name, clips, years).items():
            return replace(bare, date=date, year_from=source and "clips", readings=(date,))
    elif not days and roster is not None and name.day_number <= len(roster.training_dates):
        date = roster.training_dates[name.day_number - 1]
        return replace(bare, date=date, year_from="roster", readings=(date,))
    return bare
