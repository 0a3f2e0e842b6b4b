"""Observations kept on this machine, so that a second scan only looks at what is new or changed.

They hold faces' descriptors and pictures: they stay in the user's own cache folder and never enter a report.
"""

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import platformdirs

from vidaudit.model.evidence import ClipEvidence
from vidaudit.run.codec import UnreadableError, from_packed, to_packed
from vidaudit.run.files import write_atomically

# Under every name they are installed by.
_LIBRARIES = (
    *("av", "numpy", "scipy", "opencv-python", "opencv-python-headless", "opencv-contrib-python"),
    *("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "dlib", "dlib-bin"),
)


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
    """A name for everything an observation depends on, the installed libraries among it."""
    text = "\x00".join(repr(part) for part in (*parts, _libraries()))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def _libraries() -> tuple[str, ...]:
    """What decodes and measures: each library's version and files, the FFmpeg that comes with PyAV among them."""
    return tuple(found for name in _LIBRARIES for found in _installed(name))


def _installed(name: str) -> Iterator[str]:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return
    files = hashlib.sha256((found.read_text("RECORD") or "").encode("utf-8", "surrogatepass")).hexdigest()
    yield f"{name} {found.version} {files}"
