"""Blank forms for schools: the dossier as xlsx, csv and TOML, the roster in the columns of the provincial form.

What is written here is what `intake.dossier` and `intake.roster` read; rows that begin with 示例 are no data.
"""

import csv
import functools
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from vidaudit.intake.template_words import ID_COLUMN, WIDE, WORDS, FormWords

_WIDTH_OF_TEXT: Final = 44
_BLANK_ROWS: Final = 40


def templates(lang: str = "zh") -> Mapping[str, Callable[[], bytes]]:
    """{file name: makes its content}; `lang` is `zh` or `en`."""
    words = WORDS[lang]
    return {
        f"{words.dossier}.xlsx": functools.partial(_dossier_book, words),
        f"{words.dossier}.csv": functools.partial(_dossier_csv, words),
        f"{words.dossier}.toml": words.toml.encode,
        f"{words.roster}.xlsx": functools.partial(_roster_book, words),
    }


def _dossier_book(words: FormWords) -> bytes:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title, plan, teachers, notes = words.sheets
    _fields(first, words)
    _table(book.create_sheet(plan), *words.plan)
    _table(book.create_sheet(teachers), *words.teachers)
    explained = book.create_sheet(notes)
    explained.column_dimensions["A"].width = 2 * _WIDTH_OF_TEXT
    for note in words.notes:
        explained.append([f"{words.note}{note}"])
    return _bytes(book)


def _roster_book(words: FormWords) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = words.roster_sheet
    for line in words.roster_head:
        sheet.append([line])
    _table(sheet, *words.trainees)
    return _bytes(book)


def _fields(sheet: Any, words: FormWords) -> None:
    for label, note in words.fields:
        sheet.append([label, None, f"{words.note}{note}"])
        sheet.cell(row=sheet.max_row, column=1).font = Font(bold=True)
        sheet.cell(row=sheet.max_row, column=3).font = Font(italic=True, color="808080")
    widest = max(_width(label) for label, _ in words.fields)
    for column, width in (("A", widest), ("B", _WIDTH_OF_TEXT), ("C", 2 * _WIDTH_OF_TEXT)):
        sheet.column_dimensions[column].width = width


def _table(sheet: Any, columns: Sequence[str], example: Sequence[object]) -> None:
    """The heading and the example; cells for ID numbers hold text, since a number would lose its last digits."""
    sheet.append(list(columns))
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = Alignment(horizontal="center")
    sheet.append(list(example))
    for cell in sheet[head + 1]:
        cell.font = Font(italic=True, color="808080")
    for index, name in enumerate(columns, start=1):
        least = 28 if name.startswith(WIDE) else 14
        sheet.column_dimensions[get_column_letter(index)].width = max(least, _width(name))
        if name.startswith(ID_COLUMN):
            for row in range(head + 1, head + _BLANK_ROWS):
                sheet.cell(row=row, column=index).number_format = "@"
    sheet.freeze_panes = sheet.cell(row=head + 1, column=1)


def _width(text: str) -> int:
    """How many characters' room a bold heading takes; Chinese ones take two."""
    return 2 + sum(1 if character.isascii() else 2 for character in text)


def _dossier_csv(words: FormWords) -> bytes:
    """With a byte order mark, by which Excel knows that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([f"{label}：", ""] for label, _ in words.fields)
    writer.writerows([[], *words.plan, [], *words.teachers, []])
    writer.writerows([f"{words.note}{note}"] for note in words.notes)
    return text.getvalue().encode("utf-8-sig")


def _bytes(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
