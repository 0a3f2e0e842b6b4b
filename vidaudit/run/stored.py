"""A class as an earlier publication left it in its report folder: evidence and pictures."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.still import Snapshot
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.own import EVIDENCE_FILE, SNAPSHOT_FOLDER
from vidaudit.run.untrusted import read_small

LARGEST_BYTES: Final = 512 * 1024 * 1024
"""More than any file of a report has: what is larger was not written by a scan."""


def load_class(folder: Path) -> ClassEvidence:
    """The evidence in a class's report folder, with its pictures.

    Raises:
        UnreadableError: when the evidence is damaged; names the file.
    """
    evidence = load_evidence(folder)
    clips = tuple(_with_pictures(clip, folder) for clip in evidence.clips)
    elsewhere = evidence.elsewhere
    if elsewhere is not None:
        stills = tuple(_with_picture(still, folder) for still in elsewhere.snapshots)
        elsewhere = replace(elsewhere, snapshots=stills)
    reuse = evidence.reuse
    if reuse is not None:
        reuse = replace(reuse, snapshots=tuple(_with_picture(still, folder) for still in reuse.snapshots))
    return replace(evidence, clips=clips, elsewhere=elsewhere, reuse=reuse)


def load_evidence(folder: Path) -> ClassEvidence:
    """The same without pictures."""
    file = folder / EVIDENCE_FILE
    try:
        return from_json(read_small(file, LARGEST_BYTES), ClassEvidence)
    except UnreadableError as error:
        raise UnreadableError(f"{file}: {error}") from error
    except OSError as error:
        raise UnreadableError(f"{file} can't be read: {error.strerror or error}. Scan the class again.") from error


def read_picture(folder: Path, name: str | None) -> bytes:
    """A picture of a report folder; empty when the file is gone, or its name would lead out of the folder."""
    if name is None or name != Path(name).name:
        return b""
    try:
        return read_small(folder / SNAPSHOT_FOLDER / name, LARGEST_BYTES)
    except (OSError, ValueError):
        return b""


def _with_pictures(clip: ClipEvidence, folder: Path) -> ClipEvidence:
    return replace(clip, snapshots=tuple(_with_picture(still, folder) for still in clip.snapshots))


def _with_picture(still: Snapshot, folder: Path) -> Snapshot:
    return replace(still, jpeg=read_picture(folder, still.name))
