"""Tables to a spreadsheet file: nothing in it is ever a formula, and the same tables always give the same bytes."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as _Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from vidaudit.report.text import shown

Cell = str | int | float | None

# What spreadsheet programs take for the start of a formula (OWASP, "CSV injection"), full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_A4 = 9  # the file format's number for the paper size
_LONGEST_CELL = 32_767  # the limit of the file format, in characters
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_HEADER_FILL = PatternFill("solid", fgColor="1D4E79")
_HEADER_ALIGNMENT = Alignment(vertical="center", wrap_text=True)
_TEXT_ALIGNMENT = Alignment(vertical="top", wrap_text=True)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EARLIEST_ZIP = dt.datetime(1980, 1, 1)  # the format begins there, and knows no time zones


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
    return _with_fixed_times(buffer.getvalue(), stamp)


def _fill(sheet: Worksheet, table: Table) -> None:
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = _write(sheet, 1, number, column.heading)  # a folder's name may be a heading
        cell.font, cell.fill, cell.alignment = _HEADER_FONT, _HEADER_FILL, _HEADER_ALIGNMENT
    for row_number, row in enumerate(table.rows, 2):
        for number, value in enumerate(row, 1):
            _write(sheet, row_number, number, value)
    _set_up_page(sheet, table)


def _set_up_page(sheet: Worksheet, table: Table) -> None:
    """The heading stays in sight and on every page; the sheet prints as wide as the paper."""
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write(sheet: Worksheet, row: int, column: int, value: Cell) -> _Cell:
    text = (cell_text(value) or None) if isinstance(value, str) else value
    cell = sheet.cell(row=row, column=column, value=text)
    cell.alignment = _TEXT_ALIGNMENT
    if isinstance(text, str):
        cell.data_type = "s"  # openpyxl takes "=…" for a formula
        cell.quotePrefix = text.startswith(_FORMULA_STARTS)
    return cell


def cell_text(text: str) -> str:
    """The text as a cell can hold it: line breaks kept, everything else that isn't printable made visible."""
    return "\n".join(shown(line) for line in text.split("\n"))[:_LONGEST_CELL]


def _with_fixed_times(content: bytes, stamp: dt.datetime) -> bytes:
    """The same zip file with `stamp` on every member, and as the time of the last change."""
    when = max(stamp, _EARLIEST_ZIP)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, date_time=when.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            text = f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode()
            new.writestr(member, _MODIFIED.sub(rb"\g<1>" + text + rb"\g<2>", old.read(name)))
    return buffer.getvalue()
