"""Whether a submission still holds the files that a report is about. Every file is read, none decoded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vidaudit.intake.archive import open_submissions
from vidaudit.intake.discover import discover
from vidaudit.model.proof import ProofCode, Remark
from vidaudit.report.privacy import mask_ids, paths_without_numbers
from vidaudit.run.files import sha256_of
from vidaudit.run.manifests import ClassManifest, ListedFile


@dataclass(frozen=True, kw_only=True)
class DiscClass:
    """A class as it lies on a disc. `files`: where each is, by its path in the class folder without long numbers."""

    name: str
    path: str
    files: Mapping[str, Path]


@dataclass(frozen=True, kw_only=True)
class DiscContent:
    """The classes of all discs, and the discs that couldn't be opened, each with why."""

    classes: tuple[DiscClass, ...]
    unopened: tuple[Remark, ...] = ()


def disc_content(discs: Sequence[Path], workspace: Path) -> DiscContent:
    """What lies on the discs. Raises UsageError for a path that isn't there, SetupError without room to unpack."""
    opened = open_submissions(discs, workspace)
    found = discover(opened.folders, renamed=opened.renamed)
    classes = []
    for one in found.classes:
        shown = paths_without_numbers(one.folder)
        classes.append(
            DiscClass(
                name=mask_ids(one.folder.name),
                path=mask_ids(one.folder.path),
                files={shown[path]: file for path, file in one.sources.items()},
            )
        )
    unopened = [
        Remark(code=ProofCode.DISC_UNREADABLE, path=stray.path, detail=stray.detail) for stray in opened.unopened
    ]
    return DiscContent(classes=tuple(classes), unopened=tuple(unopened))


def class_on_disc(manifest: ClassManifest, content: DiscContent) -> DiscClass | None:
    """The class that a report is about: by its name, of several by path, then by files; None when it isn't there."""
    stated = manifest.training_class
    files = {(file.path, file.bytes) for file in manifest.submitted}
    named = [one for one in content.classes if one.name == stated.name]
    return max(named, key=lambda one: (one.path == stated.path, len(files & set(_sizes(one)))), default=None)


def compare_files(manifest: ClassManifest, found: DiscClass) -> Iterator[Remark]:
    """Every submitted file against the disc's, in order of the paths."""
    stated = {file.path: file for file in manifest.submitted}
    for path in sorted({*stated, *found.files}):
        if path not in found.files:
            yield Remark(code=ProofCode.SUBMITTED_MISSING, path=path)
        elif path not in stated:
            yield Remark(code=ProofCode.SUBMITTED_ADDED, path=path)
        else:
            yield from _compared(stated[path], found.files[path])


def _compared(stated: ListedFile, file: Path) -> Iterator[Remark]:
    try:
        size_bytes = file.stat().st_size
        digest = None if stated.bytes not in (None, size_bytes) else sha256_of(file)
    except OSError as error:
        yield Remark(code=ProofCode.DISC_UNREADABLE, path=stated.path, detail=error.strerror)
        return
    if stated.bytes not in (None, size_bytes):
        yield Remark(code=ProofCode.SUBMITTED_CHANGED, path=stated.path)
    elif stated.sha256 is None:
        yield Remark(code=ProofCode.SUBMITTED_UNREAD, path=stated.path)
    elif stated.sha256 != digest:
        yield Remark(code=ProofCode.SUBMITTED_CHANGED, path=stated.path)


def _sizes(found: DiscClass) -> Iterator[tuple[str, int]]:
    for path, file in found.files.items():
        try:
            yield path, file.stat().st_size
        except OSError:
            continue
