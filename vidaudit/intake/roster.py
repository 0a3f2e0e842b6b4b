"""Rosters: who is enrolled, read from a spreadsheet with titles above and signatures below.

Full identity numbers and phone numbers are read here and go no further: what leaves is a mask and fault codes.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vidaudit.intake.dates import NamedDays, find_days, find_year
from vidaudit.intake.headings import (
    ID_NUMBER,
    NAME,
    REQUIRED,
    TRAINING_TIME,
    Header,
    find_header,
)
from vidaudit.intake.identity import check_identity
from vidaudit.intake.kinds import is_spreadsheet
from vidaudit.intake.numerals import fold
from vidaudit.intake.printable import natural_key
from vidaudit.intake.sheets import Cell, Row, Table, read_tables
from vidaudit.intake.titles import split_title
from vidaudit.intake.trainees import clean, may_be_person, read_trainees, sound_numbers, text_of
from vidaudit.model.roster import Roster, Trainee

_ROSTER_NAME = re.compile("花名册|名册|学员|roster|名单", re.IGNORECASE)
_BEST_NAME = re.compile("花名册|名册|roster", re.IGNORECASE)
# Lists of other people, or of who came: never taken for the roster, since their length would be wrong.
_OTHER_LIST = re.compile("教师|师资|老师|管理人员|工作人员|签到|考勤|成绩|打卡|课程|课表|满意度|回访|发放")
_SCHOOL_LABEL = "(?:合作)?院校(?:名称)?|(?:培训|承训|办学)(?:机构|单位|学校)(?:名称)?|机构名称|学校名称"
_COMPANY_LABEL = "企业名称|单位名称"
_SCHOOL_ENDINGS = ("学校", "学院", "大学", "技校")
_COLON = r"\s*(?:\([^)]*\))?\s*:\s*"
_NEXT_LABEL = r"\s+\S{1,12}?(?:\([^)]*\))?:"
_SCHOOL = re.compile(rf"(?:{_SCHOOL_LABEL}){_COLON}(?P<value>.*?)(?=\s{{2,}}|{_NEXT_LABEL}|$)")
_COMPANY = re.compile(rf"(?:{_COMPANY_LABEL}){_COLON}(?P<value>.*?)(?=\s{{2,}}|{_NEXT_LABEL}|$)")
_TRAINING_TIME = re.compile(rf"培训(?:起止)?(?:时间|日期)(?:{_COLON}|\s*)(?P<value>.+?)(?={_NEXT_LABEL}|$)")
_PLAIN_TIME = re.compile(rf"(?:^|\s)(?:时间|日期){_COLON}(?P<value>.+?)(?={_NEXT_LABEL}|$)")
_HALF_WIDTH_SIGNS = str.maketrans("（）：　", "(): ")
_TITLE_END = re.compile(r"(?:培训)?(?:学员|员工|人员|参训人员)*(?:花名册|名册|名单|登记表|汇总表|信息表).*$")
_LONGEST_LINE = 1000  # characters of a head row that are looked at: a title of a page would hold the patterns up


def read_roster(path: Path, *, shown_as: str, on: dt.date | None = None) -> Roster:
    """The trainees in a spreadsheet file. Never raises for what the file holds; what is wrong is in `faults`.

    Args:
        path: the file.
        shown_as: what the roster calls it.
        on: the day ages are compared on where the file names no training day; without both they aren't compared.
            Births are impossible after this day, or after today without it.
    """
    found = read_tables(path)
    if found.fault:
        return Roster(file=shown_as, trainees=(), faults=(found.fault,))
    sheets = [sheet for sheet in map(_sheet_of, _lists(found.tables)) if sheet is not None]
    if not sheets:
        return Roster(file=shown_as, trainees=(), faults=("no-header" if found.tables else "no-rows",))
    rosters = [(sheet, _roster_of(sheet, shown_as, on)) for sheet in sheets]
    filled = [(sheet, roster) for sheet, roster in rosters if roster.trainees]
    # The best heading wins; of equal ones the longer list.
    _, best = max(filled or rosters, key=lambda pair: (len(pair[0].header.columns), len(pair[1].trainees)))
    others = [roster for _, roster in filled if roster is not best and not is_same_list(roster, best)]
    is_doubtful = bool(others) or _goes_on(found.tables, sheets)
    return replace(best, faults=(*best.faults, "several-rosters")) if is_doubtful else best


def _lists(tables: Sequence[Table]) -> Sequence[Table]:
    """The sheets without those that are lists of others by their names (教师, 签到), unless there are only such."""
    return [table for table in tables if not _OTHER_LIST.search(fold(table.name))] or tables


def rank_rosters(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the files that look like rosters by name, the likeliest first; sign-in and staff lists never do."""
    tables = [name for name in names if is_spreadsheet(name) and not _OTHER_LIST.search(fold(name))]
    named = [name for name in tables if _ROSTER_NAME.search(fold(name))]
    return tuple(sorted(named, key=lambda name: (_BEST_NAME.search(fold(name)) is None, natural_key(name))))


def find_rosters(files: Sequence[Path]) -> tuple[Path, ...]:
    """Which of a class folder's files are rosters, the likeliest first.

    By name (花名册, 名册, 名单, 学员, roster); where none is so named, any spreadsheet with a column 姓名.
    """
    by_name = {path.name: path for path in reversed(files)}
    named = tuple(by_name[name] for name in rank_rosters(by_name))
    if named:
        return named
    tables = [path for path in files if is_spreadsheet(path.name) and not _OTHER_LIST.search(fold(path.name))]
    return tuple(path for path in tables if any(map(find_header, read_tables(path).tables)))


def numbers_by_row(path: Path, roster: Roster) -> dict[int, str]:
    """{row: identity number} of a roster that `read_roster` made of this file, to find the files of its people by.

    The numbers are for comparing within intake: they are never shown, never stored.
    """
    today = dt.datetime.now().astimezone().date()
    for sheet in filter(None, map(_sheet_of, _lists(read_tables(path).tables))):
        if is_same_list(_roster_of(sheet, roster.file, None), roster):
            rows = (
                (row.number, check_identity(row.cells[block[ID_NUMBER]], today=today).key)
                for block in sheet.header.blocks
                for row in sheet.below
                if block.get(ID_NUMBER, len(row.cells)) < len(row.cells)
            )
            return {row: number for row, number in rows if number}
    return {}


def is_same_list(first: Roster, second: Roster) -> bool:
    """Whether two rosters name the same people."""
    lists = [Counter((trainee.name, trainee.id_masked) for trainee in roster.trainees) for roster in (first, second)]
    return lists[0] == lists[1]


def is_copy(first: Roster, second: Roster) -> bool:
    """Whether two roster files say the same of the same people, each read whole."""
    return (
        bool(first.trainees)
        and is_same_list(first, second)
        and first.faults == second.faults == ()
        and (first.training_dates, first.training_span) == (second.training_dates, second.training_span)
    )


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """A table with a heading, cut into what is above and below it."""

    header: Header
    above: tuple[Row, ...]
    below: tuple[Row, ...]
    is_whole: bool


def _sheet_of(table: Table) -> _Sheet | None:
    header = find_header(table)
    if header is None:
        return None
    first = table.rows[header.index].number
    wanted = {block[name] for block in header.blocks for name in (NAME, ID_NUMBER) if name in block}
    return _Sheet(
        header=header,
        above=table.rows[: header.index],
        below=table.rows[header.index + header.height :],
        is_whole=not any(row > first and index in wanted for row, index in table.valueless),
    )


def _goes_on(tables: Sequence[Table], sheets: Sequence[_Sheet]) -> bool:
    """Whether a sheet without a heading names people that no list has: who they are, only a person can say."""
    bare = [table for table in _lists(tables) if find_header(table) is None]
    known = {key for sheet in sheets for row in sheet.below for key in sound_numbers(row)}
    blocks = [block for sheet in sheets for block in sheet.header.blocks]
    return any(
        bool(numbers - known) if (numbers := set(sound_numbers(row))) else may_be_person(row, blocks)
        for table in bare
        for row in table.rows
    )


def _roster_of(sheet: _Sheet, shown_as: str, on: dt.date | None) -> Roster:
    lines = [_line(row) for row in sheet.above]
    days = _training_days(sheet, lines)
    first_day = days.days[0] if days.days else days.span[0] if days.span else on
    trainees = tuple(
        read_trainees(
            sheet.header.blocks, sheet.below, today=on or dt.datetime.now().astimezone().date(), age_on=first_day
        )
    )
    title = next((clean(line) for line in lines if ":" not in line), None)
    return Roster(
        file=shown_as,
        trainees=trainees,
        title=title,
        institution=_institution(lines, title),
        school=_school(lines, title),
        training_dates=days.days,
        training_span=days.span,
        missing_columns=tuple(name for name in REQUIRED if name not in sheet.header.columns),
        faults=_faults(sheet, trainees),
    )


def _faults(sheet: _Sheet, trainees: Sequence[Trainee]) -> tuple[str, ...]:
    if not sheet.is_whole:
        return ("formulas",)
    return () if trainees else ("no-rows",)


def _line(row: Row) -> str:
    """The cells of a head row in one line, so that a label and its value in the next cell come together."""
    line = "  ".join(text_of(cell) for cell in row.cells if cell is not None)
    return line[:_LONGEST_LINE].translate(_HALF_WIDTH_SIGNS)


def _institution(lines: Sequence[str], title: str | None) -> str | None:
    return _labelled(_SCHOOL, lines) or _labelled(_COMPANY, lines) or _titled(title)


def _school(lines: Sequence[str], title: str | None) -> str | None:
    """The school by its label, else by the title: that may begin with an office, which is no school."""
    titled = _titled(title)
    return _labelled(_SCHOOL, lines) or (titled if titled and titled.endswith(_SCHOOL_ENDINGS) else None)


def _labelled(label: re.Pattern[str], lines: Sequence[str]) -> str | None:
    for line in lines:
        match = label.search(line)
        if match and match["value"] and ":" not in match["value"]:
            return clean(match["value"])
    return None


def _titled(title: str | None) -> str | None:
    return split_title(_TITLE_END.sub("", title)).institution if title else None


def _training_days(sheet: _Sheet, lines: Sequence[str]) -> NamedDays:
    """The days by the column 培训时间, else by the head rows.

    A bare 时间 there with a single day is that of the form itself (annex 4 has such a line), not of the training.
    """
    year = next((found for found in map(find_year, lines) if found), None)
    column = [cell for row in sheet.below for cell in _cells(row, sheet.header, TRAINING_TIME)]
    days = _merged(_days_of(cell, year) for cell in dict.fromkeys(column))
    if days.days or days.span:
        return days
    for pattern, fewest in ((_TRAINING_TIME, 1), (_PLAIN_TIME, 2)):
        matches = [match for line in lines if (match := pattern.search(line))]
        days = _merged(find_days(match["value"], year=year) for match in matches)
        if days.span or len(days.days) >= fewest:
            return days
    return NamedDays()


def _days_of(cell: Cell, year: int | None) -> NamedDays:
    if isinstance(cell, dt.date):
        return NamedDays(days=(cell,))
    return find_days(cell, year=year) if isinstance(cell, str) else NamedDays()


def _merged(found: Iterable[NamedDays]) -> NamedDays:
    """Single days together; a span only where there are no single days."""
    days, spans = set(), []
    for named in found:
        days |= set(named.days)
        spans += [named.span] if named.span else []
    if days or not spans:
        return NamedDays(days=tuple(sorted(days)))
    return NamedDays(span=(min(first for first, _ in spans), max(last for _, last in spans)))


def _cells(row: Row, header: Header, column: str) -> Iterator[Cell]:
    for block in header.blocks:
        index = block.get(column)
        if index is not None and index < len(row.cells):
            yield row.cells[index]
