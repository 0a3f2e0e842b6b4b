"""Until when the footage of a class must be kept, as of a day."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from vidaudit.model.verdict import Clause


class RetentionState(StrEnum):
    """Still to be kept; kept long enough; nothing tells when it was recorded; the profile sets no term."""

    KEEP = "keep"
    DUE = "due"
    UNKNOWN = "unknown"
    NO_TERM = "no-term"


@dataclass(frozen=True, kw_only=True)
class RetentionRow:
    """One class of a stored run.

    Args:
        report: its report folder, as given and found.
        first_date, last_date: of its recordings; None where nothing tells them.
        dated_by: `folders`, `clock` or `both`.
        num_undated: days without a date; with any, `until` is the earliest it can be, and never due.
        years, clause: the term, and where the document sets it; None where it sets none.
        until: the last day on which the footage must be there.
        days_left: from the day asked about to `until`; negative once it has passed.
    """

    report: str
    name: str
    institution: str | None
    state: RetentionState
    first_date: dt.date | None
    last_date: dt.date | None
    dated_by: str | None
    num_undated: int
    profile_id: str
    years: int | None = None
    clause: Clause | None = None
    until: dt.date | None = None
    days_left: int | None = None
