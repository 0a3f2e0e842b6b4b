"""Tables to a spreadsheet file: nothing in it is ever a formula, and the same tables always give the same bytes."""

import datetime as dt
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as _Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from vidaudit.report.text import shown
from vidaudit.report.zipped import with_fixed_times

Cell = str | int | float | Decimal | None

# What spreadsheet programs take for the start of a formula (OWASP, "CSV injection"), full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NARROW = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)  # inches
_LINE_PT = 15  # of the standard font, as spreadsheet programs set it
_HIGHEST_PT = 409  # the limit of the file format
_A4 = 9  # the file format's number for the paper size
_LONGEST_CELL = 32_767  # the limit of the file format, in characters
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="1D4E79")
_HEADER_ALIGNMENT = Alignment(vertical="center", wrap_text=True)
_TEXT_ALIGNMENT = Alignment(vertical="top", wrap_text=True)
_NUMBER_ALIGNMENT = Alignment(vertical="top", horizontal="right", indent=1)  # clear of the text in the next column


@dataclass(frozen=True, kw_only=True)
class Column:
    """A heading, and the column's width in characters of the standard font."""

    heading: str
    width: int


@dataclass(frozen=True, kw_only=True)
class Table:
    """One sheet: its rows have as many cells as there are columns."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def workbook(tables: Iterable[Table], created: dt.datetime) -> bytes:
    """An xlsx file with one sheet for each table; `created` is its only time stamp."""
    book = Workbook()
    del book[book.sheetnames[0]]
    stamp = created.replace(tzinfo=None, microsecond=0)
    book.properties.creator = "vidaudit"
    book.properties.created = stamp
    for table in tables:
        _fill(book.create_sheet(table.title), table)
    buffer = io.BytesIO()
    book.save(buffer)
    return with_fixed_times(buffer.getvalue(), stamp)


def _fill(sheet: Worksheet, table: Table) -> None:
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = _write(sheet, 1, number, column.heading)  # a folder's name may be a heading
        cell.font, cell.fill, cell.alignment = _HEADER_FONT, _HEADER_FILL, _HEADER_ALIGNMENT
    _set_height(sheet, 1, [column.heading for column in table.columns], table.columns)
    for row_number, row in enumerate(table.rows, 2):
        for number, value in enumerate(row, 1):
            _write(sheet, row_number, number, value)
        _set_height(sheet, row_number, row, table.columns)
    _set_up_page(sheet, table)


def _set_height(sheet: Worksheet, number: int, row: Sequence[Cell], columns: Sequence[Column]) -> None:
    """As high as its wrapped text: not every spreadsheet program works that out when it opens a file."""
    lines = max(
        (num_lines(value, column.width) for value, column in zip(row, columns, strict=True) if isinstance(value, str)),
        default=1,
    )
    if lines > 1:
        sheet.row_dimensions[number].height = min(lines * _LINE_PT, _HIGHEST_PT)


def num_lines(text: str, width: int) -> int:
    """About how many lines the text takes in a column so many characters wide; a Chinese character takes two."""
    return sum(math.ceil(max(_width(line), 1) / (width - 1)) for line in text.split("\n"))


def _width(line: str) -> int:
    return len(line) if line.isascii() else len(line) + sum(character > "\u2e7f" for character in line)


def _set_up_page(sheet: Worksheet, table: Table) -> None:
    """The heading stays in sight and on every page; the sheet prints as wide as the paper."""
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = _NARROW
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write(sheet: Worksheet, row: int, column: int, value: Cell) -> _Cell:
    text = (cell_text(value) or None) if isinstance(value, str) else value
    cell = sheet.cell(row=row, column=column, value=text)
    cell.alignment = _TEXT_ALIGNMENT if value is None or isinstance(value, str) else _NUMBER_ALIGNMENT
    if isinstance(value, Decimal):
        cell.number_format = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    if isinstance(text, str):
        cell.data_type = "s"  # openpyxl takes "=…" for a formula
        if text.startswith(_FORMULA_STARTS):  # each style that is set costs as much as the cell
            cell.quotePrefix = True
    return cell


def cell_text(text: str) -> str:
    """The text as a cell can hold it: line breaks kept, everything else that isn't printable made visible."""
    return "\n".join(shown(line) for line in text.split("\n"))[:_LONGEST_CELL]
