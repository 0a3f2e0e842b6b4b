"""Tables out of spreadsheet files: xlsx, xls, csv in every usual encoding, and web pages saved as .xls.

The format is told from the content, never from the name. Nothing raises: a file that can't be read comes back
with a fault. The readers' own words are dropped, because they may quote a cell.
"""

import csv
import datetime as dt
import io
import itertools
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import xlrd

Cell = str | int | float | dt.date | None

# A roster of a class has tens of rows. These bounds keep a bomb from taking the machine, not a school from
# writing much: 64 MiB of XML or text, 100,000 rows that aren't blank, 64 columns, 500 characters of a cell.
MAX_BYTES = 64 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 64
MAX_CHARACTERS = 500
EXAMPLE = "示例"
"""How the first cell of a row begins that a template shows as an example: nothing that anybody filled in."""
_LAST_ROW = 2**20  # of an Excel sheet; one stray cell down there makes all rows above it be there, blank
_MAX_SHEETS = 64

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLD_EXCEL = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
_ENCODINGS_OF_XML = ("ascii", "utf-16-le", "utf-16-be")
_ENTITY_MARKS = tuple(mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in _ENCODINGS_OF_XML)
_DELIMITERS = ",;\t，|"
# A formula whose value the program that wrote it didn't store; an empty text as value has the type "str".
_FORMULA_ALONE = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=\"str\")[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_VALUE_ENDS = (b"</v>", b":v>", b"</is>", b":is>", b"</f>", b":f>")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
_EXCEL_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row that isn't blank: its number as a spreadsheet shows it, and its cells from the first column on."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One sheet. `valueless` are row number and index of cells with a formula whose value isn't stored in the file."""

    name: str
    rows: tuple[Row, ...]
    valueless: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What a file holds. `fault` is `unreadable` or `encrypted`, None where it was read."""

    tables: tuple[Table, ...] = ()
    fault: str | None = None


_UNREADABLE = Tables(fault="unreadable")
_ENCRYPTED = Tables(fault="encrypted")


def read_tables(path: Path) -> Tables:
    """Every sheet of a spreadsheet file; hidden rows and sheets count like others, formulas by their stored values.

    Characters that don't show (zero width, direction) are left out of texts.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            return _UNREADABLE
        content = path.read_bytes()
    except OSError:
        return _UNREADABLE
    try:
        return _read(content)
    except Exception:  # the readers raise nearly anything on a broken file, and none of it is ours to mend
        return _UNREADABLE


def _read(content: bytes) -> Tables:
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content)
    if content.startswith(_OLE) or content[:2] in _OLD_EXCEL:
        return _ENCRYPTED if _ENCRYPTED_PACKAGE in content else _read_xls(content)
    text = _decoded(content)
    if not text or not text.strip():
        return _UNREADABLE
    if re.search(r"<table[\s>]", text[:100_000], re.IGNORECASE):
        return _read_html(text)
    return Tables(tables=(_csv_table(text),))


def _rows(cells_by_row: Iterable[Iterable[object]]) -> tuple[Row, ...]:
    """Numbered rows without blank ones; ValueError for more than `MAX_ROWS`, or a number no sheet goes up to."""
    rows: list[Row] = []
    for number, cells in enumerate(cells_by_row, start=1):
        values = [_cell(cell) for cell in itertools.islice(cells, MAX_COLUMNS)]
        while values and values[-1] is None:
            values.pop()
        if (len(rows) == MAX_ROWS and values) or number > _LAST_ROW:
            raise ValueError("too many rows")
        if values:
            rows.append(Row(number=number, cells=tuple(values)))
    return tuple(rows)


def _cell(value: object) -> Cell:
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float | dt.date):
        return value
    visible = "".join(char for char in str(value) if unicodedata.category(char) != "Cf")
    return visible.strip()[:MAX_CHARACTERS] or None


def _read_xlsx(content: bytes) -> Tables:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if any(member.flag_bits & 1 for member in members):
            return _ENCRYPTED
        if sum(member.file_size for member in members) > MAX_BYTES or _has_entities(archive):
            return _UNREADABLE
        parts = [part for part in map(archive.read, archive.namelist()) if b"sheetData" in part]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and validations that reading values doesn't need
        return Tables(tables=tuple(_xlsx_tables(content, parts)))


def _xlsx_tables(content: bytes, parts: Sequence[bytes]) -> Iterator[Table]:
    """The sheets of a workbook; `parts` is the XML of them all."""
    last_row = _last_row(parts)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    tables = [_xlsx_table(sheet, last_row) for sheet in book.worksheets[:_MAX_SHEETS]]
    if not any(b"f>" in part and _FORMULA_ALONE.search(part) for part in parts):
        yield from tables
        return
    formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
    yield from (_with_valueless(table, sheet, last_row) for table, sheet in zip(tables, formulas, strict=False))


def _last_row(parts: Sequence[bytes]) -> int | None:
    """Below this row no sheet has a value: a form may have a million formatted rows. None where it can't be told."""
    numbers = [1]
    for part in parts:
        filled = part[: max(part.rfind(mark) for mark in _VALUE_ENDS) + 1]
        found = _ROW_NUMBER.findall(filled)
        if len(found) != len(_ROW.findall(filled)):
            return None
        numbers += map(int, found)
    return max(numbers) if parts else None


def _with_valueless(table: Table, formulas: Any, last_row: int | None) -> Table:
    """The table, with the places of formulas of which it has no value."""
    formulas.reset_dimensions()
    known = {row.number: row.cells for row in table.rows}
    found = {
        (number, index)
        for number, cells in enumerate(formulas.iter_rows(max_row=last_row, max_col=MAX_COLUMNS), start=1)
        for index, cell in enumerate(cells)
        if cell.data_type == "f" and (known.get(number, ())[index : index + 1] or (None,)) == (None,)
    }
    return replace(table, valueless=frozenset(found))


def _has_entities(archive: zipfile.ZipFile) -> bool:
    """Office files declare no document type; one that does can make a parser swell."""
    parts = (member for member in archive.infolist() if member.filename.lower().endswith((".xml", ".rels")))
    return any(mark in archive.read(part) for part in parts for mark in _ENTITY_MARKS)


def _xlsx_table(sheet: Any, last_row: int | None) -> Table:
    sheet.reset_dimensions()  # the size a file claims for a sheet is often wrong
    return Table(name=sheet.title, rows=_rows(sheet.iter_rows(max_row=last_row, max_col=MAX_COLUMNS, values_only=True)))


def _read_xls(content: bytes) -> Tables:
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=False, ragged_rows=True)
    except xlrd.XLRDError as error:
        return _ENCRYPTED if "encrypted" in str(error).lower() else _UNREADABLE
    return Tables(tables=tuple(_xls_table(sheet, book.datemode) for sheet in book.sheets()[:_MAX_SHEETS]))


def _xls_table(sheet: Any, datemode: int) -> Table:
    rows = ([_xls_value(cell, datemode) for cell in sheet.row(index)] for index in range(sheet.nrows))
    return Table(name=sheet.name, rows=_rows(rows))


def _xls_value(cell: Any, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER):
        return cell.value
    return None


def _decoded(content: bytes) -> str | None:
    """The text, by its byte order mark, else by trial: UTF-16 without a mark, UTF-8, GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    encodings = ["utf-8-sig", "gb18030"]
    if b"\x00" in content:
        # Of a sign in ASCII (and every line has some) UTF-16 has the empty byte last or first.
        encodings = ["utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def _csv_table(text: str) -> Table:
    """The delimiter is the sign that the heading has most of."""
    heading = next((line for line in text.splitlines() if "姓" in line), text)
    delimiter = max(_DELIMITERS, key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:  # a quotation mark that is never closed would swallow the rows below it
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return Table(name="", rows=_rows([_csv_value(cell) for cell in row] for row in rows))


def _csv_value(text: str) -> str:
    """A cell without Excel's way of forcing text: ="0123"."""
    return _EXCEL_TEXT.sub(r"\1", text.strip())


def _read_html(text: str) -> Tables:
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    return Tables(tables=(Table(name="", rows=_rows(parser.rows)),))


class _TableParser(HTMLParser):
    """The rows of all tables of a page, in order; merged cells leave their other places empty."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str | None]] = []
        self._spans: dict[int, int] = {}
        self._text: list[str] | None = None
        self._width = 1
        self._height = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row begins, a cell begins, or a cell's text goes on in a new line."""
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            sizes = dict(attrs)
            self._width, self._height = (_span(sizes.get(name)) for name in ("colspan", "rowspan"))
            self._text = []

    def handle_data(self, data: str) -> None:
        """Text, kept where it stands in a cell."""
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A cell ends."""
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def _end_cell(self) -> None:
        if self._text is None:
            return
        row = self.rows[-1]
        while self._spans.get(len(row), 0) >= len(self.rows):
            row.append(None)
        for offset in range(self._width):
            self._spans[len(row)] = len(self.rows) + self._height - 1
            row.append(None if offset else "".join(self._text).replace("\xa0", " "))
        self._text = None


def _span(value: str | None) -> int:
    return min(int(value), MAX_COLUMNS) if value and value.isascii() and value.isdigit() and int(value) else 1
