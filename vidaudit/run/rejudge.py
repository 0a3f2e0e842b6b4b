"""Judging stored evidence again, without a video: another profile, another roster, the same code."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vidaudit.errors import UsageError
from vidaudit.intake.discover import given_roster
from vidaudit.intake.dossier import given_dossier
from vidaudit.judge.catalogue import BoundRules
from vidaudit.judge.engine import judge
from vidaudit.judge.stake import stake
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.model.submission import ClassFolder, StrayFile, StrayReason
from vidaudit.report.privacy import mask_ids
from vidaudit.run.audit import ScanResult
from vidaudit.run.changes import read_previous
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.decisions import decided, read_decisions
from vidaudit.run.own import EVIDENCE_FILE, REPORT_FILE, SUMMARY_FILE
from vidaudit.run.publish import ClassOutcome, Publisher
from vidaudit.run.stored import LARGEST_BYTES, load_class, load_evidence
from vidaudit.run.untrusted import read_small


@dataclass(frozen=True, kw_only=True)
class StoredClass:
    """A class as an earlier run left it: its report folder's name, evidence with pictures, and decisions by hand."""

    folder: str
    evidence: ClassEvidence
    decisions: bytes


def stored_classes(out: Path) -> Iterator[StoredClass | StrayFile]:
    """The classes in an output folder, in order of their folders' names; damaged evidence as a file of no class.

    Raises:
        UsageError: when there is no evidence in the folder.
    """
    check_stored(out)
    for folder in class_folders(out):
        try:
            yield StoredClass(folder=folder.name, evidence=load_class(folder), decisions=read_decisions(folder))
        except UnreadableError as error:
            yield _damaged(folder, error)


def check_given(out: Path, roster_file: Path | None = None, dossier_file: Path | None = None) -> None:
    """Make sure that a folder is one that a scan wrote, and that what is given with it can be read.

    Raises:
        UsageError: when there is no evidence in the folder, or a file can't be read.
    """
    check_stored(out)
    if roster_file is not None:
        given_roster(roster_file)
    if dossier_file is not None:
        given_dossier(dossier_file)


def check_stored(out: Path) -> None:
    """Make sure that a folder is one that a scan wrote.

    Raises:
        UsageError: when there is no evidence in it.
    """
    if not out.is_dir():
        raise UsageError(f"{out} is not a folder. Give the folder that an earlier scan wrote (its --out).")
    if (out / EVIDENCE_FILE).is_file():
        raise UsageError(f"{out} is the report of one class. Give the folder it lies in: {out.resolve().parent}.")
    if not class_folders(out):
        raise UsageError(f"No {EVIDENCE_FILE} in the folders of {out}. Give the folder that an earlier scan wrote.")


def check_report(report: Path, profile_id: str | None = None) -> None:
    """Make sure that a folder is a class's report, and, where a profile is given, that it was made by that one.

    Raises:
        UsageError: when it isn't.
    """
    if not (report / EVIDENCE_FILE).is_file():
        raise UsageError(f"{report} is no report of a class. Give the folder of one class below the --out of the scan.")
    try:
        made_by = json.loads(read_small(report / REPORT_FILE, LARGEST_BYTES))["profile"]["id"]
    except (OSError, ValueError, LookupError, TypeError):
        return
    if profile_id not in (None, made_by):
        raise UsageError(f"The report was judged by the profile {made_by!r}. Give that one with --profile.")


def class_folders(out: Path) -> list[Path]:
    """The classes' report folders in an output folder, in order of their names."""
    return sorted(file.parent for file in out.glob(f"*/{EVIDENCE_FILE}") if not file.parent.name.startswith("."))


def rejudge(
    out: Path,
    publisher: Publisher,
    rules: BoundRules,
    roster_file: Path | None = None,
    kind: str | None = None,
    dossier_file: Path | None = None,
) -> ScanResult:
    """Judge every stored class again and write its report through `publisher`.

    A class whose evidence is damaged keeps the report it has, and is told among what belongs to no class.

    Args:
        roster_file: a roster for every class; None to keep those stored.
        kind: id of the kind of training of every class; None to keep what was said at the scan.
        dossier_file: a dossier for every class; None to keep those stored.

    Raises:
        UsageError: when there is no evidence in the folder, or the roster or the dossier can't be read.
    """
    loose = _loose(out)
    dossier = None if dossier_file is None else given_dossier(dossier_file)
    roster_of = None if roster_file is None else given_roster(roster_file)
    outcomes, damaged = [], []
    for stored in stored_classes(out):
        if isinstance(stored, StrayFile):
            damaged.append(stored)
            continue
        evidence = stored.evidence
        if roster_of is not None:
            evidence = replace(evidence, roster=roster_of(first_day(evidence.folder)))
        evidence = replace(evidence, kind=kind or evidence.kind, dossier=dossier or evidence.dossier)
        outcomes.append(
            publisher.publish(
                evidence,
                rules,
                folder=stored.folder,
                decisions=stored.decisions,
                previous=read_previous(out / stored.folder / REPORT_FILE),
            )
        )
    return _summarised(publisher, outcomes, loose, damaged)


def rejudge_one(report: Path, publisher: Publisher, rules: BoundRules, decisions: bytes) -> ScanResult:
    """Judge one class with these decisions and tell the result in the summary; other reports stay as they are.

    Args:
        report: the class's report folder; `publisher` writes into the folder that it lies in.
        decisions: the content of its `decisions.json`.

    Raises:
        UsageError: when there is no evidence in the folder.
        UnreadableError: when a class's evidence is damaged; names the file.
    """
    out, loose = report.parent, _loose(report.parent)
    listed = _listed(out)
    outcomes, damaged = [], []
    for folder in class_folders(out):
        if folder.name == report.name:
            outcomes.append(publisher.publish(load_class(folder), rules, folder=folder.name, decisions=decisions))
        elif listed is None or mask_ids(folder.name) in listed:
            try:
                outcomes.append(_as_stored(folder, rules, publisher.profile))
            except UnreadableError as error:
                damaged.append(_damaged(folder, error))
    return _summarised(publisher, outcomes, loose, damaged)


def _summarised(
    publisher: Publisher, outcomes: list[ClassOutcome], loose: list[StrayFile], damaged: list[StrayFile]
) -> ScanResult:
    result = ScanResult(outcomes=tuple(outcomes), loose=(*loose, *damaged), unopened=tuple(damaged))
    publisher.summarise(result.outcomes, result.loose)
    return result


def _as_stored(folder: Path, rules: BoundRules, profile: Profile) -> ClassOutcome:
    """A class whose report stays as it is, judged for the summary."""
    evidence = decided(load_evidence(folder), read_decisions(folder))
    verdict = judge(evidence, rules)
    return ClassOutcome(verdict=verdict, folder=folder.name, stake=stake(verdict, evidence, profile))


def _damaged(folder: Path, error: UnreadableError) -> StrayFile:
    return StrayFile(
        path=f"{folder.name}/{EVIDENCE_FILE}", reason=StrayReason.DAMAGED_EVIDENCE, detail=mask_ids(str(error))
    )


def first_day(folder: ClassFolder) -> dt.date | None:
    """The class's first day as far as its year is certain."""
    return min((day.date for day in folder.days if day.date and day.year_from), default=None)


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """A class in a summary: {kind of report: its path}."""

    report: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class _Summary:
    """What judging again needs of an earlier summary."""

    loose: tuple[StrayFile, ...] = ()
    classes: tuple[_Listed, ...] = ()


def _listed(out: Path) -> set[str] | None:
    """The names of the report folders that the summary lists, numbers masked; None when the summary is gone."""
    try:
        summary = from_json(read_small(out / SUMMARY_FILE, LARGEST_BYTES), _Summary)
    except (OSError, UnreadableError):
        return None
    return {listed.report["html"].partition("/")[0] for listed in summary.classes if "html" in listed.report}


def _loose(out: Path) -> list[StrayFile]:
    """The files that belong to no class, as the scan found them; none when its summary is gone."""
    try:
        summary = from_json(read_small(out / SUMMARY_FILE, LARGEST_BYTES), _Summary)
    except (OSError, UnreadableError):
        return []
    return [stray for stray in summary.loose if stray.reason is not StrayReason.DAMAGED_EVIDENCE]
