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
    AGE,
    BIRTH,
    EDUCATION,
    ID_NUMBER,
    NAME,
    OCCUPATION,
    REQUIRED,
    SEX,
    TRAINING_TIME,
    Header,
    column_of,
    find_header,
)
from vidaudit.intake.identity import Identity, age_on, check_identity
from vidaudit.intake.kinds import is_spreadsheet
from vidaudit.intake.numerals import fold, fold_width
from vidaudit.intake.printable import natural_key, printable
from vidaudit.intake.sheets import EXAMPLE, Cell, Row, Table, read_tables
from vidaudit.intake.titles import split_title, without_spaces
from vidaudit.model.roster import Roster, Trainee

_ROSTER_NAME = re.compile("花名册|名册|学员|roster|名单", re.IGNORECASE)
_BEST_NAME = re.compile("花名册|名册|roster", re.IGNORECASE)
# Lists of other people, or of who came: never taken for the roster, since their length would be wrong.
_OTHER_LIST = re.compile("教师|师资|老师|管理人员|工作人员|签到|考勤|成绩|打卡|课程|课表|满意度|回访|发放")
_FOOTER = re.compile(
    "(?:合计|总计|小计|共计|总人数|人数|填表|制表|填报|审核|审批|复核|负责人|经办|联系人|备注|注|说明|单位|盖章|签字|签章)"
)
# What stands below a list in the column of names, and is nobody: 共30人, 男12人女18人, 以下空白, 第1页, a date, a dash.
_NOBODY = re.compile(
    r"[\W_]*|\d+|\D{0,4}\d+[人名].*|[男女][生性:]?\d+.*|20\d\d年.*|第\d+页.*|以[下上](?:空白|无|为空|人员|均).*|总数|平均.*|"
    r".*(?:签[名字章]|[盖公]章).*"
)
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
_SCHOOL_LABEL = "(?:合作)?院校(?:名称)?|(?:培训|承训|办学)(?:机构|单位|学校)(?:名称)?|机构名称|学校名称"
_COMPANY_LABEL = "企业名称|单位名称"
_COLON = r"\s*(?:\([^)]*\))?\s*:\s*"
_NEXT_LABEL = r"\s+\S{1,12}?(?:\([^)]*\))?:"
_SCHOOL = re.compile(rf"(?:{_SCHOOL_LABEL}){_COLON}(?P<value>.*?)(?=\s{{2,}}|{_NEXT_LABEL}|$)")
_COMPANY = re.compile(rf"(?:{_COMPANY_LABEL}){_COLON}(?P<value>.*?)(?=\s{{2,}}|{_NEXT_LABEL}|$)")
_TRAINING_TIME = re.compile(rf"培训(?:起止)?(?:时间|日期)(?:{_COLON}|\s*)(?P<value>.+?)(?={_NEXT_LABEL}|$)")
_PLAIN_TIME = re.compile(rf"(?:^|\s)(?:时间|日期){_COLON}(?P<value>.+?)(?={_NEXT_LABEL}|$)")
_HALF_WIDTH_SIGNS = str.maketrans("（）：　", "(): ")
_TITLE_END = re.compile(r"(?:培训)?(?:学员|员工|人员|参训人员)*(?:花名册|名册|名单|登记表|汇总表|信息表).*$")
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\s-]?[xX]?")
_VERY_LONG_NUMBER = re.compile(r"\d{9,}[xX]?")
_LONGEST_NAME = 40  # characters; transcribed names of minorities run to some 25
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
    return replace(best, faults=(*best.faults, "several-rosters")) if others else best


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


def _roster_of(sheet: _Sheet, shown_as: str, on: dt.date | None) -> Roster:
    lines = [_line(row) for row in sheet.above]
    days = _training_days(sheet, lines)
    first_day = days.days[0] if days.days else days.span[0] if days.span else on
    trainees = tuple(_trainees(sheet, today=on or dt.datetime.now().astimezone().date(), age_on=first_day))
    title = next((_clean(line) for line in lines if ":" not in line), None)
    return Roster(
        file=shown_as,
        trainees=trainees,
        title=title,
        institution=_institution(lines, title),
        training_dates=days.days,
        training_span=days.span,
        missing_columns=tuple(name for name in REQUIRED if name not in sheet.header.columns),
        faults=_faults(sheet, trainees),
    )


def _faults(sheet: _Sheet, trainees: Sequence[Trainee]) -> tuple[str, ...]:
    if not sheet.is_whole:
        return ("formulas",)
    return () if trainees else ("no-rows",)


def _clean(text: str) -> str:
    """Text fit to be kept: printable, in one line, long numbers blotted out."""
    line = " ".join(part.strip() for part in text.splitlines())
    return _VERY_LONG_NUMBER.sub(_blot, printable(fold_width(line) if _has_wide_digits(line) else line))


def _has_wide_digits(text: str) -> bool:
    return any(char.isdigit() and not char.isascii() for char in text)


def _blot(match: re.Match[str]) -> str:
    return "*" * len(match[0])


def _line(row: Row) -> str:
    """The cells of a head row in one line, so that a label and its value in the next cell come together."""
    line = "  ".join(_text(cell) for cell in row.cells if cell is not None)
    return line[:_LONGEST_LINE].translate(_HALF_WIDTH_SIGNS)


def _institution(lines: Sequence[str], title: str | None) -> str | None:
    for pattern in (_SCHOOL, _COMPANY):
        for line in lines:
            match = pattern.search(line)
            if match and match["value"] and ":" not in match["value"]:
                return _clean(match["value"])
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


def _trainees(sheet: _Sheet, *, today: dt.date, age_on: dt.date | None) -> Iterator[Trainee]:
    """Side-by-side lists one after the other; a trainee needs a name or an identity number."""
    seen: dict[str, int] = {}
    for block in sheet.header.blocks:
        for row in sheet.below:
            cells = {name: row.cells[index] for name, index in block.items() if index < len(row.cells)}
            if _is_person(row, cells):
                trainee, key = _trainee(row.number, block, cells, today=today, counted_on=age_on)
                first = seen.setdefault(key, row.number)
                yield trainee if first == row.number else replace(trainee, duplicate_of_row=first)


def _is_person(row: Row, cells: dict[str, Cell]) -> bool:
    if _text(row.cells[0] if row.cells else None).startswith(EXAMPLE):
        return False
    name, number = _text(cells.get(NAME)), cells.get(ID_NUMBER)
    if _looks_like_number(number):
        return True
    if not name or column_of(name) is not None or len(name) > _LONGEST_NAME:
        return False
    if _NOBODY.fullmatch(without_spaces(fold(name))):
        return False
    if _text(cells.get(SEX)) in ("男", "女"):
        return True
    leading = next(_text(cell) for cell in row.cells if cell is not None)
    return not (_FOOTER.match(leading) or _FOOTER.match(name) or re.search("[:：]", name))


def _looks_like_number(value: Cell) -> bool:
    """Whether a cell holds something like an identity number rather than a signature's words."""
    digits = re.sub(r"\D", "", fold_width(_text(value)))
    return len(digits) >= 10


def _trainee(
    row: int, block: dict[str, int], cells: dict[str, Cell], *, today: dt.date, counted_on: dt.date | None
) -> tuple[Trainee, str]:
    sex, age = _sex(cells.get(SEX)), _age(cells.get(AGE))
    born = _born(cells.get(BIRTH))
    number = check_identity(cells.get(ID_NUMBER), today=today, sex=sex, age=age, age_on=counted_on, born=born)
    name = _name(cells.get(NAME))
    trainee = Trainee(
        row=row,
        name=name,
        sex=sex,
        age=age,
        education=_kept(cells.get(EDUCATION)),
        occupation=_kept(cells.get(OCCUPATION)),
        id_masked=number.masked,
        id_faults=number.faults,
        missing=tuple(column for column in REQUIRED if column in block and _is_missing(cells.get(column))),
        age_by_number=_age_by_number(number, counted_on),
    )
    return trainee, _person_key(row, name, number)


def _person_key(row: int, name: str | None, number: Identity) -> str:
    """What makes two rows the same person: the number, or without one the name."""
    if number.key:
        return f"number {number.key}"
    return f"name {name}" if name and number.masked is None else f"row {row}"


def _is_missing(value: Cell) -> bool:
    """Whether there is nothing, or the error of a formula."""
    text = _text(value)
    return text == "" or _ERROR.fullmatch(text) is not None


def _text(value: Cell) -> str:
    return "" if value is None else str(value).strip()


def _name(value: Cell) -> str | None:
    """A name without the spaces that fill 张　三 up to three characters, and without any long number."""
    text = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", _text(value))
    if _ERROR.fullmatch(text):
        return None
    return _LONG_NUMBER.sub(_blot, _clean(text)) or None


def _kept(value: Cell) -> str | None:
    return _LONG_NUMBER.sub(_blot, _clean(_text(value))) or None


def _sex(value: Cell) -> str | None:
    text = _text(value)
    return text[0] if text[:1] in ("男", "女") else _kept(value)


def _born(value: Cell) -> str | None:
    """A birth date as digits, down to the day or only to the month; None where it can't be read as one."""
    if isinstance(value, dt.date):
        return f"{value:%Y%m%d}"
    text = fold_width(_text(value))
    year, *rest = re.findall(r"\d+", text) or [""]
    if not rest:
        return year if re.fullmatch(r"(?:19|20)\d{4}(?:\d\d)?", year) else None
    is_date = re.fullmatch(r"(?:19|20)\d\d", year) and len(rest) <= 2 and all(len(part) <= 2 for part in rest)
    return year + "".join(f"{int(part):02d}" for part in rest) if is_date else None


def _age_by_number(number: Identity, day: dt.date | None) -> int | None:
    is_sound = number.birth_date is not None and "checksum" not in number.faults
    return age_on(number.birth_date, day) if is_sound and number.birth_date and day else None


def _age(value: Cell) -> int | None:
    digits = re.search(r"\d+", fold_width(_text(value)))
    age = int(digits[0]) if digits and len(digits[0]) <= 3 else None
    return age if age is not None and age <= 150 else None
