"""The submitted files that nobody observes: their size and SHA-256, for the manifest and to check it by."""

import logging
from pathlib import Path

from vidaudit.intake.classes import FoundClass
from vidaudit.model.evidence import OtherFile
from vidaudit.run.files import sha256_of

log = logging.getLogger(__name__)


def other_files(found: FoundClass) -> tuple[OtherFile, ...]:
    """Every plain file of a class that is no clip, in order of its path."""
    clips = {clip.path for clip in found.folder.clips}
    return tuple(_facts(path, file) for path, file in sorted(found.sources.items()) if path not in clips)


def _facts(path: str, file: Path) -> OtherFile:
    try:
        return OtherFile(path=path, bytes=file.stat().st_size, sha256=sha256_of(file))
    except OSError as error:
        log.info("%s can't be read: %s", path, error)
        return OtherFile(path=path, bytes=None, sha256=None)
