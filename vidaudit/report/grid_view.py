"""The grid: one row for each training day, one column for each thing that a day must have."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vidaudit.model.verdict import DayVerdict, Status, worst
from vidaudit.report import formats
from vidaudit.report.findings_view import Section, anchor_for
from vidaudit.report.material import Material

# The rules whose findings colour the cells that stand for something other than a file.
FACE_CLIPS_RULE = "face-clips-per-day"
LECTURE_RULE = "lecture-per-day"
PERSONS_RULE = "persons-vs-roster"
HEADCOUNT_RULE = "headcount-vs-roster"
PLANNED_DAYS_RULE = "day-coverage"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One line of a cell: sign and word (None = no verdict of its own), a figure, and where to read on."""

    status: Status | None
    figure: str
    anchor: str | None


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """One day: its label, folder and outcome, and a cell for each column (a cell may hold several clips).

    A planned day without a folder has what is planned in place of it, and the outcome of the rule on planned days.
    """

    label: str
    folder: str
    status: Status
    anchor: str | None
    cells: tuple[tuple[Mark, ...], ...]


def grid(material: Material, made: Sequence[Section], anchors: dict[str, str]) -> tuple[GridRow, ...]:
    """The rows in the order of the days; `anchors` are those of the clip table, for clips without a finding."""
    maker = _Cells(material, made, anchors)
    filmed = [(day.date or dt.date.max, maker.row(day)) for day in material.verdict.days]
    missing = [(date, maker.missing(date)) for date in _without_folder(material)]
    # Sorting is stable and the days are in order, so a planned day goes where its folder would be.
    return tuple(row for _, row in sorted((*filmed, *missing), key=lambda pair: pair[0]))


def _without_folder(material: Material) -> Iterator[dt.date]:
    """The planned days that no folder is of."""
    dossier, folders = material.evidence.dossier, material.evidence.folder.days
    for date in dossier.days if dossier is not None else ():
        if not any(folder.is_on(date) for folder in folders):
            yield date


def face_slots(numbered: Iterable[tuple[str, int | None]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The day's face clips (path, number) as first and second; what has no right number fills what is empty."""
    slots: tuple[list[str], list[str]] = ([], [])
    others = []
    for path, number in numbered:
        if number in (1, 2):
            slots[number - 1].append(path)
        else:
            others.append(path)
    for path in others:
        (slots[0] if not slots[0] else slots[1]).append(path)
    return tuple(slots[0]), tuple(slots[1])


class _Cells:
    def __init__(self, material: Material, made: Sequence[Section], anchors: dict[str, str]) -> None:
        self._material = material
        self._made = made
        self._anchors = anchors
        self._numbers = {clip.path: clip.name.number for clip in material.evidence.folder.clips}

    def row(self, day: DayVerdict) -> GridRow:
        lang = self._material.context.lang
        first, second = face_slots((path, self._numbers.get(path)) for path in day.face_clips)
        return GridRow(
            label=self._material.path(day.folder) if day.date is None else formats.day(day.date, lang),
            folder="" if day.date is None else self._material.path(day.folder),
            status=day.status,
            anchor=anchor_for(self._made, day=day.folder),
            cells=(
                self._clips(first, day, FACE_CLIPS_RULE),
                self._clips(second, day, FACE_CLIPS_RULE),
                self._clips(day.lectures, day, LECTURE_RULE),
                (self._persons(day),),
                (self._headcount(day),),
            ),
        )

    def missing(self, date: dt.date) -> GridRow:
        """The row of a planned day that has no folder."""
        words, slug = self._material.words, PLANNED_DAYS_RULE
        dossier = self._material.evidence.dossier
        hours = None if dossier is None else dossier.hours_on(date)
        found = [
            finding.status
            for rule in self._material.verdict.rules
            for finding in rule.findings
            if rule.slug == slug and finding.values.get("date") == date.isoformat()
        ]
        mark = Mark(status=None, figure=words.ui("planned_no_folder"), anchor=None)
        return GridRow(
            label=formats.day(date, self._material.context.lang),
            folder=words.ui("planned_day", class_hours=None if hours is None else float(hours)),
            status=worst(found),
            anchor=anchor_for(self._made, slug=slug),
            cells=((mark,), (mark,), (mark,), (), ()),
        )

    def _clips(self, paths: Sequence[str], day: DayVerdict, missing_rule: str) -> tuple[Mark, ...]:
        if paths:
            return tuple(self._clip(path) for path in paths)
        status = self._status(missing_rule, days={day.folder})
        anchor = anchor_for(self._made, slug=missing_rule, day=day.folder)
        return (Mark(status=status, figure=self._material.words.ui("missing"), anchor=anchor),)

    def _clip(self, path: str) -> Mark:
        clip = self._material.clips.get(path)
        length = "" if clip is None or clip.duration_s is None else formats.clock(clip.duration_s)
        anchor = anchor_for(self._made, clip=path) or self._anchors.get(path)
        return Mark(status=None if clip is None else clip.status, figure=length, anchor=anchor)

    def _persons(self, day: DayVerdict) -> Mark:
        return Mark(
            status=self._status(PERSONS_RULE, days={day.folder}),
            figure=self._of_roster(day.persons),
            anchor=anchor_for(self._made, slug=PERSONS_RULE, day=day.folder),
        )

    def _headcount(self, day: DayVerdict) -> Mark:
        anchors = (anchor_for(self._made, slug=HEADCOUNT_RULE, clip=path) for path in day.lectures)
        return Mark(
            status=self._status(HEADCOUNT_RULE, clips=set(day.lectures)),
            figure=self._of_roster(day.headcount),
            anchor=next((anchor for anchor in anchors if anchor), None),
        )

    def _of_roster(self, number: int | None) -> str:
        if number is None:
            return ""
        enrolled = self._material.verdict.roster_size
        return str(number) if enrolled is None else f"{number} / {enrolled}"

    def _status(self, slug: str, days: set[str] | None = None, clips: set[str] | None = None) -> Status | None:
        """The gravest finding of the rule there; None when it said nothing about this place."""
        found = [
            finding.status
            for rule in self._material.verdict.rules
            if rule.slug == slug
            for finding in rule.findings
            if finding.where.clip in (clips or ()) or (clips is None and finding.where.day in (days or ()))
        ]
        return worst(found) if found else None
