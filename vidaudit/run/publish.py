"""Judging evidence and writing what comes of it: the same code for a scan and for judging again.

    OUT/summary.{json,html,xlsx}  manifest.json  manifest.sig
    OUT/<class>/report.{json,html,xlsx}  notice.docx  evidence.json  decisions.json  snapshots/
    OUT/<class>/manifest.json  manifest.sig

A class folder appears whole or not at all; what somebody else put into it stays. `evidence.json` is what the machine
observed; `decisions.json`, where there is one, is what a person decided about it, and stays when the class is scanned
or judged again.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidaudit.errors import SetupError
from vidaudit.judge.catalogue import BoundRules
from vidaudit.judge.engine import judge
from vidaudit.judge.stake import stake
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.model.stake import Stake
from vidaudit.model.still import Snapshot
from vidaudit.model.submission import ClassFolder, StrayFile
from vidaudit.model.verdict import ClassVerdict
from vidaudit.report.attention import SummaryRow
from vidaudit.report.context import ReportContext
from vidaudit.report.json_report import dumps
from vidaudit.report.manifest import manifest, run_manifest
from vidaudit.report.material import Material
from vidaudit.report.privacy import mask_ids, without_numbers
from vidaudit.report.render import render_class, render_summary
from vidaudit.run.changes import LARGEST_REPORT_BYTES, Previous, changed
from vidaudit.run.codec import to_json
from vidaudit.run.decisions import DECISIONS_FILE, decided, read_decisions
from vidaudit.run.files import folder_in_place_of, safe_name, unwritable, write_all, write_atomically
from vidaudit.run.own import (
    EVIDENCE_FILE,
    MANIFEST_FILE,
    REPORT_FILE,
    SIGNATURE_FILE,
    SNAPSHOT_FOLDER,
    SUMMARIES,
    is_report,
    others_in,
)
from vidaudit.run.snapshot_names import published_names
from vidaudit.run.untrusted import plain_files, read_small

if TYPE_CHECKING:
    from vidaudit.report.docx import NoticeTemplate
    from vidaudit.run.signing import Signer


@dataclass(frozen=True, kw_only=True)
class ClassOutcome:
    """One class judged; `folder` is the name of its report folder below the output folder, `stake` its money."""

    verdict: ClassVerdict
    folder: str
    stake: Stake | None = None


@dataclass(kw_only=True)
class Publisher:
    """Writes reports below `out`.

    Args:
        out: the output folder; made when it isn't there.
        profile: the regulation that the summary names.
        context: what the reports say about their own making.
        notice: a county's own template of the rectification notice; None for the one that comes with vidaudit.
        signer: signs the manifests; None to leave them unsigned.
    """

    out: Path
    profile: Profile
    context: ReportContext
    signer: "Signer | None" = None
    notice: "NoticeTemplate | None" = None
    _taken: set[str] = field(default_factory=set)

    def publish(
        self,
        evidence: ClassEvidence,
        rules: BoundRules,
        folder: str | None = None,
        decisions: bytes | None = None,
        previous: Previous | None = None,
    ) -> ClassOutcome:
        """Judge a class and write its folder; snapshots are taken out of the evidence into files of their own.

        Args:
            folder: the name of the class's folder; None to make one from the class's name. Whatever lies in the
                output folder and isn't a report, or is one of another school's class of this name, is never
                replaced: the class then takes a name beside it.
            decisions: those by hand, as `decisions.json` holds them; None to keep those of the replaced folder.
            previous: the verdict with which the new one is to be compared.

        Raises:
            SetupError: when the output folder can't be written.
        """
        name = self._free_name(folder, evidence.folder)
        self._taken.add(name)
        return self._write(evidence, rules, name, decisions, previous)

    def publish_again(self, evidence: ClassEvidence, rules: BoundRules, folder: str) -> ClassOutcome:
        """The same for a class that this run has published before: its own folder is replaced, decisions kept.

        Raises:
            SetupError: when the output folder can't be written.
        """
        return self._write(evidence, rules, folder, None, None)

    def _write(
        self, evidence: ClassEvidence, rules: BoundRules, name: str, decisions: bytes | None, previous: Previous | None
    ) -> ClassOutcome:
        if decisions is None:
            decisions = read_decisions(self.out / name)
        names = published_names(evidence)
        pictures = {names.get(name, name): content for name, content in _pictures(evidence).items()}
        stored = without_numbers(_without_pictures(evidence), names)
        shown = decided(stored, decisions)
        verdict = changed(judge(shown, rules), previous, self.profile)
        paid = stake(verdict, shown, self.profile)
        material = Material(
            verdict=verdict,
            evidence=shown,
            profile=self.profile,
            context=self.context,
            pictures=pictures,
            stake=paid,
        )
        files = render_class(material, self.notice)
        files[EVIDENCE_FILE] = to_json(stored)
        if decisions:
            files[DECISIONS_FILE] = decisions
        shots = {f"{SNAPSHOT_FOLDER}/{picture}": content for picture, content in pictures.items()}
        outputs = {**files, **shots}
        files |= self._signed(dumps(manifest(stored, self.profile, self.context, outputs, self._public_key)))
        is_there = bool(shots) and _holds(self.out / name / SNAPSHOT_FOLDER, pictures)
        kept = [*others_in(self.out / name), *([SNAPSHOT_FOLDER] if is_there else [])]
        try:
            with folder_in_place_of(self.out / name, kept=kept) as fresh:
                write_all(fresh, files if is_there else {**files, **shots})
        except OSError as error:
            raise SetupError(unwritable(self.out / name, error)) from error
        return ClassOutcome(verdict=verdict, folder=name, stake=paid)

    def _free_name(self, wanted: str | None, folder: ClassFolder) -> str:
        asked = mask_ids(folder.name) if wanted is None else wanted
        taken = self._taken | SUMMARIES | _no_reports(self.out, {asked, safe_name(asked)})
        if wanted is not None and wanted not in taken:
            return wanted
        while _is_of_another_school(self.out / (name := safe_name(asked, taken)), folder):
            taken.add(name)
        return name

    def summarise(self, outcomes: Sequence[ClassOutcome], loose: Sequence[StrayFile] = ()) -> None:
        """Write the summary over all classes, with the files that belong to none.

        Raises:
            SetupError: when the output folder can't be written.
        """
        rows = [SummaryRow(verdict=outcome.verdict, folder=outcome.folder, stake=outcome.stake) for outcome in outcomes]
        files = render_summary(rows, self.profile, self.context, loose)
        manifests = _manifests(self.out, [outcome.folder for outcome in outcomes])
        files |= self._signed(dumps(run_manifest(manifests, self.profile, self.context, files, self._public_key)))
        try:
            (self.out / SIGNATURE_FILE).unlink(missing_ok=True)  # that of an earlier run
            for name, content in files.items():
                write_atomically(self.out / name, content)
        except OSError as error:
            raise SetupError(unwritable(self.out, error)) from error

    @property
    def _public_key(self) -> str | None:
        return None if self.signer is None else self.signer.public_key

    def _signed(self, manifest_content: bytes) -> dict[str, bytes]:
        """A manifest's file, and that of its signature where somebody signs."""
        if self.signer is None:
            return {MANIFEST_FILE: manifest_content}
        return {MANIFEST_FILE: manifest_content, SIGNATURE_FILE: self.signer.sign(manifest_content)}


def _manifests(out: Path, folders: Iterable[str]) -> dict[str, bytes]:
    """The manifests of classes as they lie there; one that is gone is told when the folder is verified."""
    found = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            found[folder] = (out / folder / MANIFEST_FILE).read_bytes()
    return found


def _holds(folder: Path, pictures: Mapping[str, bytes]) -> bool:
    """Whether a folder holds just these files: writing some thousand takes longer than judging."""
    try:
        there = plain_files(folder)
        sizes = {name: len(content) for name, content in pictures.items()}
        if there.odd or there.sizes_bytes != sizes:
            return False
        return all(there.read(name, sizes[name]) == content for name, content in pictures.items())
    except OSError:
        return False


def earlier_reports(out: Path, outcomes: Sequence[ClassOutcome]) -> tuple[str, ...]:
    """The folders in `out` with reports of other runs, which the summary of this one doesn't list."""
    own = {outcome.folder for outcome in outcomes}
    found = (file.parent.name for file in out.glob(f"*/{EVIDENCE_FILE}"))
    return tuple(sorted(name for name in found if name not in own and not name.startswith(".")))


def _no_reports(out: Path, beginnings: set[str]) -> set[str]:
    """What lies in the output folder, begins like this and isn't a class's report: perhaps somebody's only copy."""
    folded = tuple(name.casefold() for name in beginnings)
    try:
        found = [entry for entry in out.iterdir() if entry.name.casefold().startswith(folded)]
        return {entry.name for entry in found if not is_report(entry)}
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise SetupError(unwritable(out, error)) from error


def _is_of_another_school(report: Path, folder: ClassFolder) -> bool:
    """Whether a report is of a class that only happens to be called the same: discs of two schools, one by one."""
    try:
        earlier = json.loads(read_small(report / REPORT_FILE, LARGEST_REPORT_BYTES))["class"]["institution"]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return None not in (earlier, folder.institution) and earlier != mask_ids(folder.institution or "")


def _pictures(evidence: ClassEvidence) -> dict[str, bytes]:
    more = [part.snapshots for part in (evidence.elsewhere, evidence.reuse) if part is not None]
    stills = (*(still for clip in evidence.clips for still in clip.snapshots), *(s for part in more for s in part))
    return {still.name: still.jpeg for still in stills if still.jpeg}


def _without_pictures(evidence: ClassEvidence) -> ClassEvidence:
    clips = tuple(replace(clip, snapshots=tuple(map(_empty, clip.snapshots))) for clip in evidence.clips)
    elsewhere = evidence.elsewhere
    if elsewhere is not None:
        elsewhere = replace(elsewhere, snapshots=tuple(map(_empty, elsewhere.snapshots)))
    reuse = evidence.reuse
    if reuse is not None:
        reuse = replace(reuse, snapshots=tuple(map(_empty, reuse.snapshots)))
    return replace(evidence, clips=clips, elsewhere=elsewhere, reuse=reuse)


def _empty(still: Snapshot) -> Snapshot:
    return replace(still, jpeg=b"")
