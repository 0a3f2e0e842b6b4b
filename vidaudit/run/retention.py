"""Which stored classes' footage must still be kept, and until when, by the profile that judged them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from vidaudit.errors import UsageError
from vidaudit.judge.rules.retention import Recorded, kept_until, recorded
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.retention import RetentionRow, RetentionState
from vidaudit.model.settings import Profile
from vidaudit.profile import available_profiles, load_profile
from vidaudit.run.changes import read_previous
from vidaudit.run.own import EVIDENCE_FILE, REPORT_FILE
from vidaudit.run.rejudge import class_folders
from vidaudit.run.stored import load_evidence


def retention_rows(runs: Sequence[Path], today: dt.date, profile: Profile | None, default: str) -> list[RetentionRow]:
    """The classes of stored runs, what is due first, then by the day until which they must be kept.

    Args:
        runs: output folders of scans, or report folders of single classes; a class reached twice is told once.
        profile: whose term counts; None for that of the profile by which each class was judged.
        default: id of the profile for classes judged by one that doesn't come with vidaudit.

    Raises:
        UsageError: a folder without any class.
        UnreadableError: damaged evidence; names the file.
    """
    reports = {report.resolve(): report for run in runs for report in _reports(run)}
    known = {name: load_profile(name) for name in available_profiles()}
    rows = []
    for report in reports.values():
        judged = read_previous(report / REPORT_FILE)
        own = known.get(judged.profile.id) if judged is not None else None
        rows.append(retention_row(load_evidence(report), str(report), profile or own or known[default], today))
    return sorted(rows, key=lambda row: (row.until or dt.date.max, row.name, row.report))


def retention_row(evidence: ClassEvidence, report: str, profile: Profile, today: dt.date) -> RetentionRow:
    """Until when the footage of one class must be kept, as of a day."""
    when, term = recorded(evidence), profile.retention
    until = None if term is None or when.last_date is None else kept_until(when.last_date, term.years)
    return RetentionRow(
        report=report,
        name=evidence.folder.name,
        institution=evidence.folder.institution,
        state=RetentionState.NO_TERM if term is None else _state(when, until, today),
        first_date=when.first_date,
        last_date=when.last_date,
        dated_by=None if when.dated_by is None else when.dated_by.value,
        num_undated=when.num_undated,
        profile_id=profile.id,
        years=None if term is None else term.years,
        clause=None if term is None else term.clause,
        until=until,
        days_left=None if until is None else (until - today).days,
    )


def _state(when: Recorded, until: dt.date | None, today: dt.date) -> RetentionState:
    """Due only where nothing undated could have been recorded later."""
    if until is None:
        return RetentionState.UNKNOWN
    if today <= until:
        return RetentionState.KEEP
    return RetentionState.UNKNOWN if when.num_undated else RetentionState.DUE


def _reports(run: Path) -> Iterator[Path]:
    if not run.is_dir():
        raise UsageError(f"{run} is not a folder. Give the folder that a scan wrote (its --out).")
    found = [run] if (run / EVIDENCE_FILE).is_file() else class_folders(run)
    if not found:
        raise UsageError(f"No {EVIDENCE_FILE} in the folders of {run}. Give the folder that a scan wrote (its --out).")
    yield from found
