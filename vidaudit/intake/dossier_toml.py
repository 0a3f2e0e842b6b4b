"""A dossier out of TOML: the fields by their names, `[[plan]]` and `[[teachers]]`; each place is a line and a key."""

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from vidaudit.intake.dossier_raw import Entry, RawDossier
from vidaudit.intake.dossier_terms import (
    FIELDS,
    PLAN,
    TEACHERS,
    field_of,
    plan_column,
    teacher_column,
)
from vidaudit.intake.dossier_values import text_of
from vidaudit.intake.sheets import MAX_CHARACTERS, Cell
from vidaudit.model.dossier import DossierFault, DossierProblem

MAX_BYTES: Final = 4 * 2**20
_LISTS: Final = {"plan": "plan", "教学计划": "plan", "计划": "plan", "teachers": "teachers", "师资": "teachers"}
_MEANING: Final = {"plan": (plan_column, PLAN), "teachers": (teacher_column, TEACHERS)}
_MOST_UNKNOWN: Final = 20  # keys that are named before the rest is passed over


def raw_of_toml(content: bytes) -> RawDossier:
    """All that the text holds; what is no TOML is a fault with its line."""
    raw = RawDossier()
    text = _decoded(content)
    if text is None:
        raw.faults.append(DossierFault(problem=DossierProblem.UNREADABLE))
        return raw
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raw.faults.append(DossierFault(problem=DossierProblem.BAD_TOML, place=line[1] if line else None))
        return raw
    _Reader(raw, text).read(table)
    return raw


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    return None


class _Reader:
    def __init__(self, raw: RawDossier, text: str) -> None:
        self._raw = raw
        self._lines = text.split("\n")

    def read(self, table: Mapping[str, Any]) -> None:
        for key, value in table.items():
            name = field_of(key)
            if key in _LISTS and isinstance(value, list):
                self._rows(_LISTS[key], key, value)
            elif name is not None and _is_cell(value):
                place = f"{self._line(key, 0)}: {key}"
                self._raw.fields[name] = Entry(value=_cell(value), place=place)
                self._raw.head.append(str(value))
            else:
                self._unknown(key, self._line(key, 0), key, (*FIELDS, "plan", "teachers"))

    def _rows(self, part: str, key: str, rows: list[Any]) -> None:
        starts = [n for n, line in enumerate(self._lines) if re.match(rf"\s*\[\[\s*[\"']?{re.escape(key)}", line)]
        for number, row in enumerate(rows):
            start = starts[number] if len(starts) == len(rows) else self._line(key, 0) - 1
            if isinstance(row, Mapping):
                self._row(part, start, row)
            else:
                self._unknown(f"{key}: {row}", start + 1, key, ("plan", "teachers"))

    def _row(self, part: str, start: int, row: Mapping[str, Any]) -> None:
        meaning, known = _MEANING[part]
        cells: dict[str, Entry] = {}
        for key, value in row.items():
            name, line = meaning(key), self._line(key, start)
            if name is None or not _is_cell(value):
                self._unknown(f"{part}.{key}", line, key, known)
            elif (cell := _cell(value)) is not None:
                cells[name] = Entry(value=cell, place=f"{line}: {part}.{key}")
        if part == "plan":
            cells.setdefault("date", Entry(value=None, place=f"{start + 1}: plan.date"))
            self._raw.add(self._raw.plan, cells)
        elif cells:
            self._raw.add(self._raw.teachers, cells)

    def _line(self, key: str, start: int) -> int:
        """The line, from 1, in which a key stands after the start of its table; that start where it isn't found."""
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=|\s*\[\[?\s*[\"']?{re.escape(key)}")
        for number in range(start, min(start + 200, len(self._lines))):
            if pattern.match(self._lines[number]):
                return number + 1
        return start + 1

    def _unknown(self, shown: str, line: int, key: str, known: Mapping[str, str] | tuple[str, ...]) -> None:
        if sum(one.problem is DossierProblem.UNKNOWN_KEY for one in self._raw.faults) < _MOST_UNKNOWN:
            near = difflib.get_close_matches(key[:80], list(known), n=1, cutoff=0.5)
            fault = DossierFault(
                problem=DossierProblem.UNKNOWN_KEY,
                place=str(line),
                text=text_of(shown),
                hint=near[0] if near else "、".join(known),
            )
            self._raw.faults.append(fault)


def _is_cell(value: object) -> bool:
    return isinstance(value, str | int | float | dt.date) and not isinstance(value, bool)


def _cell(value: Any) -> Cell:
    """As a spreadsheet would hold it."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value.strip()[:MAX_CHARACTERS] or None if isinstance(value, str) else value
