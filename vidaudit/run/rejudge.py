"""Judging stored evidence again, without a video: another profile, another roster, the same code."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from vidaudit.errors import UsageError
from vidaudit.intake.discover import given_roster
from vidaudit.judge.catalogue import BoundRules
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, Snapshot
from vidaudit.model.submission import ClassFolder, StrayFile
from vidaudit.run.audit import ScanResult
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.publish import EVIDENCE_FILE, SNAPSHOT_FOLDER, SUMMARY_FILE, Publisher


@dataclass(frozen=True, kw_only=True)
class StoredClass:
    """A class as an earlier run left it: the name of its report folder, and its evidence with its pictures."""

    folder: str
    evidence: ClassEvidence


def stored_classes(out: Path) -> Iterator[StoredClass]:
    """The classes in an output folder, in order of their folders' names.

    Raises:
        UsageError: when there is no evidence in the folder.
        UnreadableError: when a class's evidence is damaged; names the file.
    """
    if not out.is_dir():
        raise UsageError(f"{out} is not a folder. Give the folder that an earlier scan wrote (its --out).")
    if (out / EVIDENCE_FILE).is_file():
        raise UsageError(f"{out} is the report of one class. Give the folder it lies in: {out.resolve().parent}.")
    files = sorted(file for file in out.glob(f"*/{EVIDENCE_FILE}") if not file.parent.name.startswith("."))
    if not files:
        raise UsageError(f"No {EVIDENCE_FILE} in the folders of {out}. Give the folder that an earlier scan wrote.")
    for file in files:
        yield StoredClass(folder=file.parent.name, evidence=_load(file))


def rejudge(out: Path, publisher: Publisher, rules: BoundRules, roster_file: Path | None = None) -> ScanResult:
    """Judge every stored class again and write its report through `publisher`.

    Raises:
        UsageError: when there is no evidence in the folder, or the roster can't be read.
        UnreadableError: when a class's evidence is damaged; names the file.
    """
    loose = _loose(out)
    roster_of = None if roster_file is None else given_roster(roster_file)
    outcomes = []
    for stored in stored_classes(out):
        evidence = stored.evidence
        if roster_of is not None:
            evidence = replace(evidence, roster=roster_of(first_day(evidence.folder)))
        outcomes.append(publisher.publish(evidence, rules, folder=stored.folder))
    publisher.summarise(outcomes, loose)
    return ScanResult(outcomes=tuple(outcomes), loose=loose)


def first_day(folder: ClassFolder) -> dt.date | None:
    """The class's first day as far as its year is certain."""
    return min((day.date for day in folder.days if day.date and day.year_from), default=None)


@dataclass(frozen=True, kw_only=True)
class _Summary:
    """What judging again needs of an earlier summary."""

    loose: tuple[StrayFile, ...] = ()


def _loose(out: Path) -> tuple[StrayFile, ...]:
    """The files that belong to no class, as the scan found them; none when its summary is gone."""
    try:
        return from_json((out / SUMMARY_FILE).read_bytes(), _Summary).loose
    except (OSError, UnreadableError):
        return ()


def _load(file: Path) -> ClassEvidence:
    try:
        evidence = from_json(file.read_bytes(), ClassEvidence)
    except UnreadableError as error:
        raise UnreadableError(f"{file}: {error}") from error
    pictures = file.parent / SNAPSHOT_FOLDER
    return replace(evidence, clips=tuple(_with_pictures(clip, pictures) for clip in evidence.clips))


def _with_pictures(clip: ClipEvidence, folder: Path) -> ClipEvidence:
    return replace(clip, snapshots=tuple(_with_picture(still, folder) for still in clip.snapshots))


def _with_picture(still: Snapshot, folder: Path) -> Snapshot:
    """The still with its picture; without it when the file is gone, or its name would lead out of the folder."""
    if still.name != Path(still.name).name:
        return still
    try:
        return replace(still, jpeg=(folder / still.name).read_bytes())
    except (OSError, ValueError):
        return still
