"""Judging evidence and writing what comes of it: the same code for a scan and for judging again.

    OUT/summary.{json,html,xlsx}
    OUT/<class>/report.{json,html,xlsx}  evidence.json  manifest.json  snapshots/

A class folder appears whole or not at all.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vidaudit.errors import SetupError
from vidaudit.judge.catalogue import BoundRules
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, Snapshot
from vidaudit.model.settings import Profile
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import ClassVerdict
from vidaudit.report.attention import SummaryRow
from vidaudit.report.context import ReportContext
from vidaudit.report.json_report import dumps
from vidaudit.report.manifest import manifest
from vidaudit.report.privacy import mask_ids, without_numbers
from vidaudit.report.render import render_class, render_summary
from vidaudit.run.codec import to_json
from vidaudit.run.files import folder_in_place_of, safe_name, write_all, write_atomically

EVIDENCE_FILE = "evidence.json"
SNAPSHOT_FOLDER = "snapshots"
SUMMARY_FILE = "summary.json"
_SUMMARIES = frozenset({SUMMARY_FILE, "summary.html", "summary.xlsx"})


@dataclass(frozen=True, kw_only=True)
class ClassOutcome:
    """One class judged; `folder` is the name of its report folder below the output folder."""

    verdict: ClassVerdict
    folder: str


@dataclass(kw_only=True)
class Publisher:
    """Writes reports below `out`.

    Args:
        out: the output folder; made when it isn't there.
        profile: the regulation that the summary names.
        context: what the reports say about their own making.
    """

    out: Path
    profile: Profile
    context: ReportContext
    _taken: set[str] = field(default_factory=set)

    def publish(self, evidence: ClassEvidence, rules: BoundRules, folder: str | None = None) -> ClassOutcome:
        """Judge a class and write its folder; snapshots are taken out of the evidence into files of their own.

        Args:
            folder: the name of the class's folder; None to make one from the class's name. Whatever lies in the
                output folder and isn't a report is never replaced: the class then takes a name beside it.

        Raises:
            SetupError: when the output folder can't be written.
        """
        name = self._free_name(folder, mask_ids(evidence.folder.name))
        self._taken.add(name)
        pictures = _pictures(evidence.clips)
        kept = without_numbers(_without_pictures(evidence))
        verdict = judge(kept, rules)
        files = render_class(verdict, kept, self.profile, self.context, pictures)
        files[EVIDENCE_FILE] = to_json(kept)
        files.update({f"{SNAPSHOT_FOLDER}/{picture}": content for picture, content in pictures.items()})
        files["manifest.json"] = dumps(manifest(kept, self.profile, self.context, _hashes(files)))
        try:
            with folder_in_place_of(self.out / name) as fresh:
                write_all(fresh, files)
        except OSError as error:
            raise SetupError(_unwritable(self.out / name, error)) from error
        return ClassOutcome(verdict=verdict, folder=name)

    def _free_name(self, wanted: str | None, class_name: str) -> str:
        taken = self._taken | _SUMMARIES | _no_reports(self.out)
        if wanted is not None and wanted not in taken:
            return wanted
        return safe_name(wanted or class_name, taken)

    def summarise(self, outcomes: Sequence[ClassOutcome], loose: Sequence[StrayFile] = ()) -> None:
        """Write the summary over all classes, with the files that belong to none.

        Raises:
            SetupError: when the output folder can't be written.
        """
        rows = [SummaryRow(verdict=outcome.verdict, folder=outcome.folder) for outcome in outcomes]
        try:
            for name, content in render_summary(rows, self.profile, self.context, loose).items():
                write_atomically(self.out / name, content)
        except OSError as error:
            raise SetupError(_unwritable(self.out, error)) from error


def check_writable(out: Path) -> None:
    """Find out before hours of work whether reports can be written.

    Raises:
        SetupError: when they can't.
    """
    probe = out / ".vidaudit-check"
    try:
        write_atomically(probe, b"")
        probe.unlink()
    except OSError as error:
        raise SetupError(_unwritable(out, error)) from error


def _no_reports(out: Path) -> set[str]:
    """What lies in the output folder and isn't a class's report: perhaps the only copy of a submission."""
    try:
        return {entry.name for entry in out.iterdir() if not (entry / EVIDENCE_FILE).is_file()}
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise SetupError(_unwritable(out, error)) from error


def _unwritable(place: Path, error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"Can't write the report to {place}: {reason}. Close files that are open there or choose another --out."


def _pictures(clips: Sequence[ClipEvidence]) -> dict[str, bytes]:
    return {still.name: still.jpeg for clip in clips for still in clip.snapshots if still.jpeg}


def _without_pictures(evidence: ClassEvidence) -> ClassEvidence:
    clips = tuple(replace(clip, snapshots=tuple(map(_empty, clip.snapshots))) for clip in evidence.clips)
    return replace(evidence, clips=clips)


def _empty(still: Snapshot) -> Snapshot:
    return replace(still, jpeg=b"")


def _hashes(files: Mapping[str, bytes]) -> dict[str, bytes | str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
