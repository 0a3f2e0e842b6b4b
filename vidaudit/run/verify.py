"""Checking report folders against their manifests: files, signature, verdict and, where it is given, the submission.

Everything in such a folder may be made up. Files are found by listing the folder, never by a name that stands in one of
them; links aren't followed; what can't be read is a remark. No video is decoded.
"""

import hashlib
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vidaudit.errors import SetupError, UsageError
from vidaudit.model.proof import FolderProof, Proof, ProofCode, Remark
from vidaudit.report.privacy import mask_ids
from vidaudit.run.manifests import (
    LARGEST_MANIFEST_BYTES,
    ClassManifest,
    Held,
    ListedFile,
    M,
    Manifest,
    ManifestError,
    NewerManifestError,
    RunManifest,
    read_manifest,
)
from vidaudit.run.own import EVIDENCE_FILE, MANIFEST_FILE, REPORT_FILE, SIGNATURE_BYTES, SIGNATURE_FILE
from vidaudit.run.signing import is_signature_of
from vidaudit.run.untrusted import PlainFiles, plain_files
from vidaudit.run.verify_disc import DiscClass, DiscContent, class_on_disc, compare_files, disc_content
from vidaudit.run.verify_verdict import Profiles, compare_verdict

_OWN = frozenset({MANIFEST_FILE, SIGNATURE_FILE})


@dataclass(frozen=True, kw_only=True)
class VerifyOptions:
    """What reports are checked against.

    Args:
        discs: the submissions, as for a scan; none to check the reports alone.
        public_key: that the reports must be signed by, in hexadecimal; None to accept any, or none.
        profile: a profile's id or file, for reports that were judged by one that doesn't come with vidaudit.
    """

    discs: Sequence[Path] = ()
    public_key: str | None = None
    profile: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Checked:
    """A report folder with what was noticed, and its manifest where that can be read."""

    proof: FolderProof
    stated: ClassManifest | None


def verify(out: Path, options: VerifyOptions) -> Proof:
    """Check the output folder of a run, or the report folder of one class.

    Raises:
        UsageError: no such folder, nothing to check in it, a disc or a profile that isn't there.
        SetupError: a folder that can't be listed, or no room to unpack a disc.
    """
    if not out.is_dir():
        raise UsageError(f"{out} is not a folder. Give the folder that a scan wrote (its --out).")
    profiles = Profiles(options.profile)
    try:
        if _is_report(out):
            run, checked = None, [_checked(out, options, profiles)]
        else:
            reports = sorted(child for child in out.iterdir() if _is_report(child))
            run = _checked_run(out, reports, options)
            checked = [_checked(report, options, profiles) for report in reports]
    except OSError as error:
        raise SetupError(f"{out} can't be read: {error.strerror or error}.") from error
    if run is None and not checked:
        raise UsageError(f"There is no report in {out}. Give the folder that a scan wrote (its --out).")
    return _with_discs(run, checked, options.discs)


def _is_report(folder: Path) -> bool:
    """Whether a folder, itself no link, has a class's evidence or report in it."""
    if folder.name.startswith(".") or folder.is_symlink() or not folder.is_dir():
        return False
    return any((folder / name).is_file() for name in (EVIDENCE_FILE, REPORT_FILE))


def _checked_run(out: Path, reports: Sequence[Path], options: VerifyOptions) -> FolderProof | None:
    """The summary and the list of classes; None in a folder without either."""
    files = _own_files(out)
    if not files.sizes_bytes and not files.odd:
        return FolderProof(folder="", remarks=(Remark(code=ProofCode.RUN_UNSTATED),)) if reports else None
    held = _held(files, RunManifest)
    if isinstance(held, Remark):
        return FolderProof(folder="", remarks=(held,))
    remarks = [
        *_outputs(files, held.stated.outputs),
        *_signature(files, held, options.public_key),
        *_classes(held.stated, reports),
    ]
    return _proof("", held.stated, remarks)


def _own_files(out: Path) -> PlainFiles:
    """What a run itself writes into its folder; whatever else lies there is none of its business."""
    own = [child for child in out.iterdir() if child.name in _OWN or child.name.startswith("summary.")]
    plain = {child.name: child.lstat().st_size for child in own if child.is_file() and not child.is_symlink()}
    return PlainFiles(folder=out, sizes_bytes=plain, odd=tuple(c.name for c in own if c.name not in plain))


def _classes(run: RunManifest, reports: Sequence[Path]) -> Iterator[Remark]:
    """The classes that the run states, against those that are there."""
    there = {mask_ids(report.name): report for report in reports}
    for stated in run.classes:
        report = there.pop(stated.folder, None)
        if report is None:
            yield Remark(code=ProofCode.CLASS_MISSING, path=stated.folder)
        elif _manifest_sha256(report) != stated.manifest_sha256:
            yield Remark(code=ProofCode.CLASS_CHANGED, path=stated.folder)
    yield from (Remark(code=ProofCode.OTHER_RUN, path=name) for name in there)


def _manifest_sha256(report: Path) -> str | None:
    """Of a report's manifest; None where there is none of a size that one can have."""
    try:
        return hashlib.sha256(plain_files(report).read(MANIFEST_FILE, LARGEST_MANIFEST_BYTES)).hexdigest()
    except OSError:
        return None


def _checked(report: Path, options: VerifyOptions, profiles: Profiles) -> _Checked:
    files = plain_files(report)
    held = _held(files, ClassManifest)
    if isinstance(held, Remark):
        return _Checked(proof=FolderProof(folder=report.name, remarks=(held,)), stated=None)
    remarks = [
        *_outputs(files, held.stated.outputs),
        *_signature(files, held, options.public_key),
        *compare_verdict(files, held.stated, profiles),
    ]
    return _Checked(proof=_proof(report.name, held.stated, remarks), stated=held.stated)


def _held(files: PlainFiles, kind: type[M]) -> Held[M] | Remark:
    """The manifest, or why there is none."""
    if MANIFEST_FILE not in files.sizes_bytes:
        return Remark(code=ProofCode.MANIFEST_MISSING, path=MANIFEST_FILE)
    try:
        return read_manifest(files, kind)
    except NewerManifestError as error:
        return Remark(code=ProofCode.MANIFEST_NEWER, path=MANIFEST_FILE, detail=str(error))
    except ManifestError as error:
        return Remark(code=ProofCode.MANIFEST_UNREADABLE, path=MANIFEST_FILE, detail=str(error))


def _proof(folder: str, stated: Manifest, remarks: Collection[Remark]) -> FolderProof:
    wrong = {ProofCode.SIGNATURE_WRONG, ProofCode.SIGNATURE_MISSING} & {remark.code for remark in remarks}
    signer = stated.signed_by
    return FolderProof(
        folder=folder,
        remarks=tuple(remarks),
        created=stated.created,
        tool_version=stated.tool.version,
        profile_id=stated.profile.id,
        public_key=None if signer is None else signer.public_key,
        is_signature_good=None if signer is None else not wrong,
    )


def _outputs(files: PlainFiles, outputs: Sequence[ListedFile]) -> Iterator[Remark]:
    """The files of the folder against those that the manifest states."""
    stated = {file.path: file for file in outputs}
    for path, file in stated.items():
        if path not in files.sizes_bytes:
            yield Remark(code=ProofCode.OUTPUT_MISSING, path=path)
        elif not _is_unchanged(files, file):
            yield Remark(code=ProofCode.OUTPUT_CHANGED, path=path)
    yield from (
        Remark(code=ProofCode.OUTPUT_ADDED, path=path) for path in files.sizes_bytes if path not in {*stated, *_OWN}
    )
    yield from (Remark(code=ProofCode.OUTPUT_NO_FILE, path=path) for path in files.odd)


def _is_unchanged(files: PlainFiles, stated: ListedFile) -> bool:
    """Read only where the size is right, so that nothing is read for longer than what was written took."""
    return files.sizes_bytes[stated.path] == stated.bytes and files.sha256(stated.path) == stated.sha256


def _signature(files: PlainFiles, held: "Held[M]", wanted: str | None) -> Iterator[Remark]:
    """The signature against the manifest's own word, and against the key that is asked for."""
    signer = held.stated.signed_by
    has_file = SIGNATURE_FILE in files.sizes_bytes
    if signer is None and not has_file:
        yield Remark(code=ProofCode.UNSIGNED if wanted is None else ProofCode.SIGNATURE_MISSING)
    elif not has_file:
        yield Remark(code=ProofCode.SIGNATURE_MISSING, path=SIGNATURE_FILE)
    elif signer is None or not _is_signed(files, held.content, signer.public_key):
        yield Remark(code=ProofCode.SIGNATURE_WRONG, path=SIGNATURE_FILE)
    elif wanted is None:
        yield Remark(code=ProofCode.KEY_NOT_COMPARED, detail=signer.public_key)
    elif wanted != signer.public_key:
        yield Remark(code=ProofCode.SIGNATURE_UNKNOWN_KEY, detail=signer.public_key)


def _is_signed(files: PlainFiles, content: bytes, public_key: str) -> bool:
    try:
        signature = files.read(SIGNATURE_FILE, SIGNATURE_BYTES)
    except OSError:
        return False
    return is_signature_of(content, signature, public_key)


def _with_discs(run: FolderProof | None, checked: Sequence[_Checked], discs: Sequence[Path]) -> Proof:
    """What was noticed of the folders, and of the submissions where they are given."""
    if not discs:
        first, *others = [*([] if run is None else [run]), *(one.proof for one in checked)]
        return Proof(folders=(_with(first, [Remark(code=ProofCode.DISC_NOT_COMPARED)]), *others))
    with tempfile.TemporaryDirectory(prefix="vidaudit-", ignore_cleanup_errors=True) as workspace:
        content = disc_content(discs, Path(workspace))
        proofs = [_with(one.proof, _on_disc(one.stated, content)) for one in checked]
    if run is None:
        return Proof(folders=tuple(_with(proof, content.unopened) for proof in proofs))
    return Proof(folders=(_with(run, [*content.unopened, *_unreported(checked, content)]), *proofs))


def _on_disc(stated: ClassManifest | None, content: DiscContent) -> Iterator[Remark]:
    if stated is None:
        return
    found = class_on_disc(stated, content)
    if found is None:
        yield Remark(code=ProofCode.CLASS_NOT_ON_DISC, path=stated.training_class.name)
    else:
        yield from compare_files(stated, found)


def _unreported(checked: Sequence[_Checked], content: DiscContent) -> Iterator[Remark]:
    """The classes on the discs that no report is about."""
    about: list[DiscClass] = []
    for one in checked:
        found = None if one.stated is None else class_on_disc(one.stated, content)
        about.extend([] if found is None else [found])
    for one_class in content.classes:
        if not any(one_class is known for known in about):
            yield Remark(code=ProofCode.CLASS_WITHOUT_REPORT, path=one_class.path)


def _with(proof: FolderProof, more: Iterable[Remark]) -> FolderProof:
    return replace(proof, remarks=(*proof.remarks, *more))
