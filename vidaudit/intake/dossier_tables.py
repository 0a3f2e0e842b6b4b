"""A dossier out of a spreadsheet: labelled fields, a plan, a list of teachers; in any order, on any sheets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from vidaudit.intake.dossier_raw import Entry, RawDossier
from vidaudit.intake.dossier_terms import (
    DATE,
    HOURS,
    ID_NUMBER,
    NAME,
    PRACTICE_HOURS,
    TEACHING,
    THEORY_HOURS,
    TIME,
    TOPIC,
    field_of,
    is_of_teachers,
    plan_column,
    teacher_column,
)
from vidaudit.intake.numerals import fold
from vidaudit.intake.sheets import EXAMPLE, Cell, Row, Table

NOTE: Final = "说明"
"""How a cell of a template begins that explains the field before it."""

_FOOTER: Final = re.compile(
    "(?:合计|总计|小计|共计|填表|制表|填报|审核|审批|复核|负责人|经办|联系人|备注|注[:：]|说明|盖章|签字|签章)"
)
_WHAT_A_PLAN_HAS: Final = frozenset({HOURS, THEORY_HOURS, PRACTICE_HOURS, TOPIC, TEACHING})
_LABEL_AND_VALUE: Final = re.compile(r"(?P<label>[^:]{1,30}):(?P<value>.+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class _Heading:
    """{column: cell index}, and whether it is that of the plan or of the teachers."""

    columns: dict[str, int]
    is_plan: bool


@dataclass(kw_only=True)
class _Sheet:
    """One sheet being read from top to bottom; what its columns mean changes with every heading."""

    name: str
    raw: RawDossier
    heading: _Heading | None = None
    last_date: Entry | None = None

    def read(self, row: Row) -> None:
        heading = _heading(row.cells)
        if heading is not None:
            self.heading, self.last_date = heading, None
        elif not _is_note(row.cells):
            if self.heading is None or _is_labelled(row.cells):
                self._fields(row)
            else:
                self._row(row, self.heading)

    def _fields(self, row: Row) -> None:
        """Labels with their values in the next cell, or behind a colon in the same one."""
        for index, cell in enumerate(row.cells):
            name, value, place = self._field(row, index, cell)
            if name is not None and value is not None:
                self.raw.fields.setdefault(name, Entry(value=value, place=place))
        self.raw.head.extend(cell for cell in row.cells if isinstance(cell, str))

    def _field(self, row: Row, index: int, cell: Cell) -> tuple[str | None, Cell, str]:
        match = _LABEL_AND_VALUE.fullmatch(fold(cell)) if isinstance(cell, str) else None
        if match is not None and isinstance(cell, str):
            return field_of(match["label"]), cell[match.start("value") :].strip() or None, self._place(row, index)
        following = next(
            ((place, one) for place, one in enumerate(row.cells[index + 1 :], index + 1) if one is not None), None
        )
        if following is None or field_of(following[1]) is not None or str(following[1]).startswith(NOTE):
            return None, None, ""
        return field_of(cell), following[1], self._place(row, following[0])

    def _row(self, row: Row, heading: _Heading) -> None:
        cells = {
            name: Entry(value=row.cells[index], place=self._place(row, index))
            for name, index in heading.columns.items()
            if index < len(row.cells) and row.cells[index] is not None
        }
        if not heading.is_plan:
            if NAME in cells or ID_NUMBER in cells:
                self.raw.add(self.raw.teachers, cells)
            return
        if not cells:
            return
        if DATE in cells:
            self.last_date = cells[DATE]
        elif self.last_date is not None:  # a merged cell shows its value in the first row alone
            cells[DATE] = self.last_date
        else:
            cells[DATE] = Entry(value=None, place=self._place(row, heading.columns[DATE]))
        self.raw.add(self.raw.plan, cells)

    def _place(self, row: Row, index: int) -> str:
        cell = f"{get_column_letter(index + 1)}{row.number}"
        return f"{self.name}!{cell}" if self.name else cell


def raw_of_tables(tables: Sequence[Table]) -> RawDossier:
    """All that the sheets hold."""
    raw = RawDossier()
    for table in tables:
        sheet = _Sheet(name=table.name, raw=raw)
        for row in table.rows:
            sheet.read(row)
    return raw


def _heading(cells: Sequence[Cell]) -> _Heading | None:
    """The row as the heading of a plan (a day, and what is taught) or of teachers; None where it is neither."""
    plan = _columns([plan_column(cell) for cell in cells])
    if DATE not in plan and TIME in plan:
        plan[DATE] = plan[TIME]
    if DATE in plan and plan.keys() & _WHAT_A_PLAN_HAS:
        return _Heading(columns=plan, is_plan=True)
    teachers = _columns([teacher_column(cell) for cell in cells])
    if NAME in teachers and (ID_NUMBER in teachers or any(map(is_of_teachers, cells))):
        return _Heading(columns=teachers, is_plan=False)
    return None


def _columns(names: Sequence[str | None]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        if name is not None:
            columns.setdefault(name, index)
    return columns


def _is_note(cells: Sequence[Cell]) -> bool:
    """A row of examples, totals or signatures."""
    leading = next((str(cell).strip() for cell in cells if cell is not None), "")
    return leading.startswith(EXAMPLE) or _FOOTER.match(leading) is not None


def _is_labelled(cells: Sequence[Cell]) -> bool:
    """A row below a table that begins with a field's label and its colon: another form begins."""
    leading = next((cell for cell in cells if cell is not None), None)
    match = _LABEL_AND_VALUE.fullmatch(fold(leading)) if isinstance(leading, str) else None
    return match is not None and field_of(match["label"]) is not None
