"""Reading what somebody else may have made up: no links followed, nothing too large, no key said twice."""

import errno
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidaudit.run.files import sha256_of

_MOST_ENTRIES = 100_000  # a report of a whole disc has some thousand pictures


@dataclass(frozen=True, kw_only=True)
class PlainFiles:
    """The files of a folder as its listing gives them; whatever a document calls a file is looked up here only.

    Args:
        folder: where they lie.
        sizes_bytes: the plain files, by their path in it with "/" between parts.
        odd: everything else that isn't a folder: links, also to folders, pipes, devices.
    """

    folder: Path
    sizes_bytes: dict[str, int] = field(default_factory=dict)
    odd: tuple[str, ...] = ()

    def read(self, name: str, most_bytes: int) -> bytes:
        """The content of one of them. Raises OSError when it isn't there, is too large or can't be read."""
        if name not in self.sizes_bytes:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        return read_small(self.folder / name, most_bytes)

    def sha256(self, name: str) -> str:
        """The SHA-256 of one of them in hexadecimal. Raises OSError when it can't be read."""
        return sha256_of(self.folder / name)


def plain_files(folder: Path) -> PlainFiles:
    """What lies in a folder and below. Raises OSError when it can't be listed, or holds far too much."""
    sizes: dict[str, int] = {}
    odd = []
    for number, (name, entry) in enumerate(_entries(folder, "")):
        if number >= _MOST_ENTRIES:
            raise OSError(errno.EFBIG, "too many files", str(folder))
        if entry.is_file(follow_symlinks=False):
            sizes[name] = entry.stat(follow_symlinks=False).st_size
        else:
            odd.append(name)
    return PlainFiles(folder=folder, sizes_bytes=sizes, odd=tuple(sorted(odd)))


def _entries(folder: Path, above: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Everything below that is no folder, with its path."""
    with os.scandir(folder) as found:
        for entry in found:
            name = f"{above}{entry.name}"
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                yield from _entries(folder / entry.name, f"{name}/")
            else:
                yield name, entry


def _is_junction(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder that Windows makes of another one."""
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def read_small(file: Path, most_bytes: int) -> bytes:
    """The content of a plain file. Raises OSError when it is none, is larger than that, or can't be read."""
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "no plain file", str(file))
    if found.st_size > most_bytes:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
    with file.open("rb") as opened:
        return opened.read(most_bytes)


def strict_json(content: bytes) -> Any:
    """What the JSON says. Raises ValueError when it isn't any, or says a key twice: two readers could differ."""
    try:
        return json.loads(content, object_pairs_hook=_unique)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key is there twice")
    return made
