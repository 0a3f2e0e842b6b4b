"""Observations kept on this machine, so that a second scan only looks at what is new or changed.

They hold faces' descriptors and pictures: they stay in the user's own cache folder and never enter a report.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from vidaudit.model.evidence import ClipEvidence
from vidaudit.run.codec import UnreadableError, from_packed, to_packed
from vidaudit.run.files import write_atomically


def default_folder() -> Path:
    """The user's own cache folder for this tool."""
    return platformdirs.user_cache_path("vidaudit", appauthor=False)


@dataclass(frozen=True, kw_only=True)
class Cache:
    """Observations by what they depend on. Losing an entry, or failing to write one, only costs time."""

    folder: Path

    def get(self, key: str) -> ClipEvidence | None:
        """The observation stored under this key; None when there is none or it is damaged."""
        try:
            return from_packed(self._file(key).read_bytes(), ClipEvidence)
        except (OSError, UnreadableError):
            return None

    def put(self, key: str, evidence: ClipEvidence) -> None:
        """Store an observation; a full or read-only disk is no reason to fail."""
        try:
            write_atomically(self._file(key), to_packed(evidence), private=True)
        except OSError:
            return

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.msgpack"


def cache_key(*parts: object) -> str:
    """A name for everything an observation depends on."""
    return hashlib.sha256("\x00".join(repr(part) for part in parts).encode("utf-8", "surrogatepass")).hexdigest()
