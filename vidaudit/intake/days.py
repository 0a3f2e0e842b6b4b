"""Which date each day folder of a class means: the day from its name, the year from whatever tells it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from vidaudit.intake.dates import DayName, Reading, find_year, make_date, read_day_name
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
    years = _Years(context=context, months=frozenset(months), clips=tuple(all_clips))
    days = [_date_day(path, name, clips, years) for (path, _, clips), name in zip(folders, names, strict=True)]
    return tuple(_with_twins(day, days) for day in days)


@dataclass(frozen=True, kw_only=True)
class _Years:
    """Candidates for the year of a reading, the most telling first."""

    context: Context
    months: frozenset[int]
    clips: tuple[ClipName, ...]

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
        yield from self._of_texts(self.context.parents, "given", reading)
        yield from self._unknown(reading)

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

    def _crosses_new_year(self) -> bool:
        is_winter = self.months <= _BEFORE_NEW_YEAR | _AFTER_NEW_YEAR
        return is_winter and 12 in self.months and 1 in self.months

    def _unknown(self, reading: Reading) -> Iterator[_Year]:
        today = self.context.today
        for year in range(today.year, today.year - _OLDEST - 1, -1):
            day = make_date(year, reading.month, reading.day)
            if day and day <= today:
                yield _Year(value=year, source=None)
                return


def _only(values: set[int | None] | set[int]) -> int | None:
    return next(iter(values)) if len(values) == 1 else None


def _year_in_span(span: tuple[dt.date, dt.date] | None, reading: Reading) -> int | None:
    if span is None:
        return None
    dates = {year: make_date(year, reading.month, reading.day) for year in {span[0].year, span[1].year}}
    return _only({year for year, day in dates.items() if day and span[0] <= day <= span[1]})


def _date_day(path: str, name: DayName, clips: Sequence[ClipName], years: _Years) -> DayFolder:
    bare = DayFolder(path=path, date=None, day_number=name.day_number)
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


def _by_number(bare: DayFolder, name: DayName, clips: Sequence[ClipName], years: _Years) -> DayFolder:
    """Day n: by its clips' names where they agree, else the roster's nth day."""
    if name.day_number is None:
        return bare
    days = Counter((clip.month, clip.day) for clip in clips if clip.month and clip.day)
    roster = years.context.roster
    if len(days) == 1:
        ((month, day),) = days
        reading = Reading(month=month or 0, day=day or 0)
        for date in _dated([reading], name, clips, years):
            return replace(bare, date=date, year_from="clips", readings=(date,))
    elif not days and roster is not None and name.day_number <= len(roster.training_dates):
        date = roster.training_dates[name.day_number - 1]
        return replace(bare, date=date, year_from="roster", readings=(date,))
    return bare


def _with_twins(day: DayFolder, days: Sequence[DayFolder]) -> DayFolder:
    if day.date is None:
        return day
    twins = (other.path for other in days if other.date == day.date and other.path != day.path)
    return replace(day, same_date_as=tuple(twins))
