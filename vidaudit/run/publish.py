"""Judging evidence and writing what comes of it: the same code for a scan and for judging again.

    OUT/summary.{json,html,xlsx}
    OUT/<class>/report.{json,html,xlsx}  evidence.json  decisions.json  manifest.json  snapshots/

A class folder appears whole or not at all. `evidence.json` is what the machine observed; `decisions.json`, where there
is one, is what a person decided about it, and stays when the class is scanned or judged again.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vidaudit.errors import SetupError
from vidaudit.judge.catalogue import BoundRules
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.model.still import Snapshot
from vidaudit.model.submission import ClassFolder, StrayFile
from vidaudit.model.verdict import ClassVerdict
from vidaudit.report.attention import SummaryRow
from vidaudit.report.context import ReportContext
from vidaudit.report.json_report import dumps
from vidaudit.report.manifest import manifest
from vidaudit.report.privacy import mask_ids, without_numbers
from vidaudit.report.render import render_class, render_summary
from vidaudit.run.codec import to_json
from vidaudit.run.decisions import DECISIONS_FILE, decided, read_decisions
from vidaudit.run.files import folder_in_place_of, safe_name, write_all, write_atomically

EVIDENCE_FILE = "evidence.json"
REPORT_FILE = "report.json"
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

    def publish(
        self, evidence: ClassEvidence, rules: BoundRules, folder: str | None = None, decisions: bytes | None = None
    ) -> ClassOutcome:
        """Judge a class and write its folder; snapshots are taken out of the evidence into files of their own.

        Args:
            folder: the name of the class's folder; None to make one from the class's name. Whatever lies in the
                output folder and isn't a report, or is one of another school's class of this name, is never
                replaced: the class then takes a name beside it.
            decisions: those by hand, as `decisions.json` holds them; None to keep those of the replaced folder.

        Raises:
            SetupError: when the output folder can't be written.
        """
        name = self._free_name(folder, evidence.folder)
        self._taken.add(name)
        return self._write(evidence, rules, name, decisions)

    def publish_again(self, evidence: ClassEvidence, rules: BoundRules, folder: str) -> ClassOutcome:
        """The same for a class that this run has published before: its own folder is replaced, decisions kept.

        Raises:
            SetupError: when the output folder can't be written.
        """
        return self._write(evidence, rules, folder, None)

    def _write(self, evidence: ClassEvidence, rules: BoundRules, name: str, decisions: bytes | None) -> ClassOutcome:
        if decisions is None:
            decisions = read_decisions(self.out / name)
        pictures = _pictures(evidence)
        kept = without_numbers(_without_pictures(evidence))
        shown = decided(kept, decisions)
        verdict = judge(shown, rules)
        files = render_class(verdict, shown, self.profile, self.context, pictures)
        files[EVIDENCE_FILE] = to_json(kept)
        if decisions:
            files[DECISIONS_FILE] = decisions
        files.update({f"{SNAPSHOT_FOLDER}/{picture}": content for picture, content in pictures.items()})
        files["manifest.json"] = dumps(manifest(kept, self.profile, self.context, _hashes(files)))
        try:
            with folder_in_place_of(self.out / name) as fresh:
                write_all(fresh, files)
        except OSError as error:
            raise SetupError(_unwritable(self.out / name, error)) from error
        return ClassOutcome(verdict=verdict, folder=name)

    def _free_name(self, wanted: str | None, folder: ClassFolder) -> str:
        taken = self._taken | _SUMMARIES | _no_reports(self.out)
        if wanted is not None and wanted not in taken:
            return wanted
        while _is_of_another_school(self.out / (name := safe_name(wanted or mask_ids(folder.name), taken)), folder):
            taken.add(name)
        return name

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
    made = [place for place in (out, *out.parents) if not place.exists()]
    try:
        write_atomically(probe, b"")
        probe.unlink()
    except OSError as error:
        raise SetupError(_unwritable(out, error)) from error
    finally:
        for place in made:  # the innermost first
            with contextlib.suppress(OSError):
                place.rmdir()


def earlier_reports(out: Path, outcomes: Sequence[ClassOutcome]) -> tuple[str, ...]:
    """The folders in `out` with reports of other runs, which the summary of this one doesn't list."""
    own = {outcome.folder for outcome in outcomes}
    found = (file.parent.name for file in out.glob(f"*/{EVIDENCE_FILE}"))
    return tuple(sorted(name for name in found if name not in own and not name.startswith(".")))


def _no_reports(out: Path) -> set[str]:
    """What lies in the output folder and isn't a class's report: perhaps the only copy of a submission."""
    try:
        return {entry.name for entry in out.iterdir() if not (entry / EVIDENCE_FILE).is_file()}
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise SetupError(_unwritable(out, error)) from error


def _is_of_another_school(report: Path, folder: ClassFolder) -> bool:
    """Whether a report is of a class that only happens to be called the same: discs of two schools, one by one."""
    try:
        earlier = json.loads((report / REPORT_FILE).read_bytes())["class"]["institution"]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return None not in (earlier, folder.institution) and earlier != mask_ids(folder.institution or "")


def _unwritable(place: Path, error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"Can't write the report to {place}: {reason}. Close files that are open there or choose another --out."


def _pictures(evidence: ClassEvidence) -> dict[str, bytes]:
    more = () if evidence.elsewhere is None else evidence.elsewhere.snapshots
    stills = (*(still for clip in evidence.clips for still in clip.snapshots), *more)
    return {still.name: still.jpeg for still in stills if still.jpeg}


def _without_pictures(evidence: ClassEvidence) -> ClassEvidence:
    clips = tuple(replace(clip, snapshots=tuple(map(_empty, clip.snapshots))) for clip in evidence.clips)
    elsewhere = evidence.elsewhere
    if elsewhere is not None:
        elsewhere = replace(elsewhere, snapshots=tuple(map(_empty, elsewhere.snapshots)))
    return replace(evidence, clips=clips, elsewhere=elsewhere)


def _empty(still: Snapshot) -> Snapshot:
    return replace(still, jpeg=b"")


def _hashes(files: Mapping[str, bytes]) -> dict[str, bytes | str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
