"""What a dossier holds before anybody reads meaning into it: fields, and rows of the plan and of the teachers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vidaudit.intake.sheets import Cell
from vidaudit.model.dossier import DossierFault

MAX_ROWS = 2000
"""Rows of a plan, or of teachers, that are read: a course of three months with eight sessions a day has 700."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A value and where it stands."""

    value: Cell
    place: str


RawRow = Mapping[str, Entry]
"""{name of a column: what stands there}; empty cells aren't there."""


@dataclass(kw_only=True)
class RawDossier:
    """A dossier as far as its form was understood. `head` is the text above the tables, which may tell the year."""

    fields: dict[str, Entry] = field(default_factory=dict)
    plan: list[RawRow] = field(default_factory=list)
    teachers: list[RawRow] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    faults: list[DossierFault] = field(default_factory=list)
    is_cut: bool = False

    def add(self, rows: list[RawRow], row: RawRow) -> None:
        """One more row, unless there are too many."""
        if len(rows) >= MAX_ROWS:
            self.is_cut = True
        else:
            rows.append(row)
