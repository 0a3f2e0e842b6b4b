"""Until when stored classes' footage must be kept: as lines of text, and as a document for programs."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from vidaudit.model.retention import RetentionRow, RetentionState
from vidaudit.report.messages import Catalogue, catalogue
from vidaudit.report.privacy import guard
from vidaudit.report.text import shown

RETENTION_SCHEMA = "vidaudit.retention/1"


def retention_lines(rows: Sequence[RetentionRow], today: dt.date, lang: str) -> Iterator[str]:
    """Three lines a class, then how many there are of each state; `lang` is `zh` or `en`."""
    words = catalogue(lang)
    for row in rows:
        name = "  ".join(shown(part) for part in (row.institution, row.name) if part)
        yield f"{name}: {_state(row, words)}"
        yield from (f"    {line}" for line in _details(row, words))
    counted = Counter(row.state for row in rows)
    yield words.ui(
        "retention_total",
        date=today.isoformat(),
        number=len(rows),
        due=counted[RetentionState.DUE],
        kept=counted[RetentionState.KEEP],
        unknown=counted[RetentionState.UNKNOWN] + counted[RetentionState.NO_TERM],
    )


def retention_document(rows: Sequence[RetentionRow], today: dt.date) -> dict[str, Any]:
    """The same by the schema `vidaudit.retention/1`."""
    document = {
        "schema": RETENTION_SCHEMA,
        "today": today.isoformat(),
        "classes": [_row(row) for row in rows],
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def _row(row: RetentionRow) -> dict[str, Any]:
    clause = row.clause
    return {
        "report": row.report,
        "name": row.name,
        "institution": row.institution,
        "state": row.state.value,
        "recorded": {
            "first": _day(row.first_date),
            "last": _day(row.last_date),
            "by": row.dated_by,
            "undated_days": row.num_undated,
        },
        "profile": row.profile_id,
        "years": row.years,
        "clause": None if clause is None else {"document": clause.document, "section": clause.section},
        "until": _day(row.until),
        "days_left": row.days_left,
    }


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _state(row: RetentionRow, words: Catalogue) -> str:
    key = f"retention_{row.state.value.replace('-', '_')}"
    if row.state not in {RetentionState.KEEP, RetentionState.DUE}:
        return words.ui(key)
    told = words.ui(key, until_date=_day(row.until), left=row.days_left)
    return f"{told} ({words.ui('retention_at_least', undated=row.num_undated)})" if row.num_undated else told


def _details(row: RetentionRow, words: Catalogue) -> Iterator[str]:
    if row.first_date is not None:
        yield words.ui(
            "retention_recorded",
            first_date=_day(row.first_date),
            last_date=_day(row.last_date),
            dated_by=row.dated_by,
        )
    if row.clause is not None:
        clause = f"{row.clause.document} {row.clause.section}"
        yield f"{words.ui('retention_term', years=row.years, clause=clause)}    {shown(row.report)}"
