"""A class as an earlier publication left it in its report folder: evidence and pictures."""

from dataclasses import replace
from pathlib import Path

from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.still import Snapshot
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.publish import EVIDENCE_FILE, SNAPSHOT_FOLDER


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
        return from_json(file.read_bytes(), ClassEvidence)
    except UnreadableError as error:
        raise UnreadableError(f"{file}: {error}") from error


def read_picture(folder: Path, name: str | None) -> bytes:
    """A picture of a report folder; empty when the file is gone, or its name would lead out of the folder."""
    if name is None or name != Path(name).name:
        return b""
    try:
        return (folder / SNAPSHOT_FOLDER / name).read_bytes()
    except (OSError, ValueError):
        return b""


def _with_pictures(clip: ClipEvidence, folder: Path) -> ClipEvidence:
    return replace(clip, snapshots=tuple(_with_picture(still, folder) for still in clip.snapshots))


def _with_picture(still: Snapshot, folder: Path) -> Snapshot:
    return replace(still, jpeg=read_picture(folder, still.name))
