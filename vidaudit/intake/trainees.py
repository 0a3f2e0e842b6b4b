"""The people of a roster, row by row: who is somebody, and what the row says of them."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vidaudit.intake.headings import (
    AGE,
    BIRTH,
    EDUCATION,
    ID_NUMBER,
    NAME,
    OCCUPATION,
    PHONE,
    REQUIRED,
    SEX,
    column_of,
)
from vidaudit.intake.identity import Identity, age_on, check_identity
from vidaudit.intake.numerals import fold, fold_width
from vidaudit.intake.printable import printable
from vidaudit.intake.sheets import EXAMPLE, Cell, Row
from vidaudit.intake.titles import without_spaces
from vidaudit.model.roster import Trainee

_FOOTER = re.compile(
    "(?:合计|总计|小计|共计|总人数|人数|填表|制表|填报|审核|审批|复核|负责人|经办|联系人|备注|注|说明|单位|盖章|签字|签章)"
)
# What stands below a list in the column of names, and is nobody: 共30人, 男12人女18人, 以下空白, 第1页, a date, a dash.
_NOBODY = re.compile(
    r"[\W_]*|\d+|\D{0,4}\d+[人名].*|[男女][生性:]?\d+.*|20\d\d年.*|第\d+页.*|以[下上](?:空白|无|为空|人员|均).*|总数|平均.*|"
    r".*(?:签[名字章]|[盖公]章).*"
)
_ERROR = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\s-]?[xX]?")
_VERY_LONG_NUMBER = re.compile(r"\d{9,}[xX]?")
_LONGEST_NAME = 40  # characters; transcribed names of minorities run to some 25
_FEWEST_PERSONAL = 2  # things told of somebody without a name; the training time is often filled down below a list
_YEAR_AND_MONTH = 6  # digits


def read_trainees(
    blocks: Sequence[dict[str, int]], rows: Sequence[Row], *, today: dt.date, age_on: dt.date | None
) -> Iterator[Trainee]:
    """Side-by-side lists one after the other; a trainee needs a name, an identity number or two personal fields.

    Args:
        blocks: canonical column names to cell indexes, for each list.
        rows: what is below the heading.
        today: the day of the reading: births after it are impossible.
        age_on: the day that ages count on; without it they aren't compared.
    """
    seen: dict[str, int] = {}
    for block in blocks:
        for row in rows:
            cells = _by_column(row, block)
            if not (row is rows[0] and _is_example(row, cells)) and _is_person(row, cells):
                trainee, key = _trainee(row.number, block, cells, today=today, counted_on=age_on)
                first = seen.setdefault(key, row.number)
                yield trainee if first == row.number else replace(trainee, duplicate_of_row=first)


def sound_numbers(row: Row) -> Iterator[str]:
    """The identity numbers in a row, in whatever column, that can exist."""
    today = dt.datetime.now().astimezone().date()
    for cell in row.cells:
        number = check_identity(cell, today=today) if _looks_like_number(cell) else None
        if number is not None and number.key and not number.faults:
            yield number.key


def may_be_person(row: Row, blocks: Sequence[dict[str, int]]) -> bool:
    """Whether a row holds what a list has of a person, in the places of that list's columns."""
    return any(_is_described(_by_column(row, block)) for block in blocks)


def clean(text: str) -> str:
    """Text fit to be kept: printable, in one line, long numbers blotted out."""
    line = " ".join(part.strip() for part in text.splitlines())
    return _VERY_LONG_NUMBER.sub(_blot, printable(fold_width(line) if _has_wide_digits(line) else line))


def _has_wide_digits(text: str) -> bool:
    return any(char.isdigit() and not char.isascii() for char in text)


def _blot(match: re.Match[str]) -> str:
    return "*" * len(match[0])


def _by_column(row: Row, block: dict[str, int]) -> dict[str, Cell]:
    return {name: row.cells[index] for name, index in block.items() if index < len(row.cells)}


def _is_example(row: Row, cells: dict[str, Cell]) -> bool:
    """Whether a first row is a form's example: somebody with a number that can exist is none."""
    is_marked = text_of(row.cells[0]).startswith(EXAMPLE)
    return is_marked and not any(sound_numbers(Row(number=row.number, cells=(cells.get(ID_NUMBER),))))


def _is_person(row: Row, cells: dict[str, Cell]) -> bool:
    name, number = text_of(cells.get(NAME)), cells.get(ID_NUMBER)
    if _looks_like_number(number) or _is_described(cells):
        return True
    if not name or column_of(name) is not None or len(name) > _LONGEST_NAME:
        return False
    if _NOBODY.fullmatch(without_spaces(fold(name))):
        return False
    if text_of(cells.get(SEX)) in ("男", "女"):
        return True
    leading = next(text_of(cell) for cell in row.cells if cell is not None)
    return not (_FOOTER.match(leading) or _FOOTER.match(name) or re.search("[:：]", name))


def _is_described(cells: dict[str, Cell]) -> bool:
    """Whether a row tells two and more things of somebody; sums may give a sex with a number beside it."""
    age = re.sub("周?岁$", "", fold_width(text_of(cells.get(AGE))))
    born = _born(cells.get(BIRTH))
    is_sum = (text_of(cells.get(SEX)) in ("男", "女"), re.fullmatch(r"[1-9]\d(?:\.0)?", age) is not None)
    others = (
        _looks_like_number(cells.get(PHONE)),
        born is not None and len(born) >= _YEAR_AND_MONTH,
        _is_word(cells.get(EDUCATION)),
        _is_word(cells.get(OCCUPATION)),
    )
    return any(others) and sum((*is_sum, *others)) >= _FEWEST_PERSONAL


def _is_word(value: Cell) -> bool:
    text = text_of(value)
    return re.search(r"[^\W\d_]", text) is not None and column_of(text) is None


def _looks_like_number(value: Cell) -> bool:
    """Whether a cell holds something like an identity number rather than a signature's words."""
    digits = re.sub(r"\D", "", fold_width(text_of(value)))
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
    text = text_of(value)
    return text == "" or _ERROR.fullmatch(text) is not None


def text_of(value: Cell) -> str:
    """A cell as text, without spaces around it; empty for none."""
    return "" if value is None else str(value).strip()


def _name(value: Cell) -> str | None:
    """A name without the spaces that fill 张　三 up to three characters, and without any long number."""
    text = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", text_of(value))
    if _ERROR.fullmatch(text):
        return None
    return _LONG_NUMBER.sub(_blot, clean(text)) or None


def _kept(value: Cell) -> str | None:
    return _LONG_NUMBER.sub(_blot, clean(text_of(value))) or None


def _sex(value: Cell) -> str | None:
    text = text_of(value)
    return text[0] if text[:1] in ("男", "女") else _kept(value)


def _born(value: Cell) -> str | None:
    """A birth date as digits, down to the day or only to the month; None where it can't be read as one."""
    if isinstance(value, dt.date):
        return f"{value:%Y%m%d}"
    text = fold_width(text_of(value))
    year, *rest = re.findall(r"\d+", text) or [""]
    if not rest:
        return year if re.fullmatch(r"(?:19|20)\d{4}(?:\d\d)?", year) else None
    is_date = re.fullmatch(r"(?:19|20)\d\d", year) and len(rest) <= 2 and all(len(part) <= 2 for part in rest)
    return year + "".join(f"{int(part):02d}" for part in rest) if is_date else None


def _age_by_number(number: Identity, day: dt.date | None) -> int | None:
    is_sound = number.birth_date is not None and "checksum" not in number.faults
    return age_on(number.birth_date, day) if is_sound and number.birth_date and day else None


def _age(value: Cell) -> int | None:
    digits = re.search(r"\d+", fold_width(text_of(value)))
    age = int(digits[0]) if digits and len(digits[0]) <= 3 else None
    return age if age is not None and age <= 150 else None
