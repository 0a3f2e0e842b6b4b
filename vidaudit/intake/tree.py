"""One walk over a submission: what lies where, without opening a file or leaving the submission."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from vidaudit.intake.kinds import is_hidden, is_leftover
from vidaudit.intake.printable import natural_key, printable

_MAX_DEPTH = 32  # a submission has three or four levels; deeper ones are made, or a file system's fault
_WINDOWS_HIDDEN = getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 2)
_WINDOWS_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT, which Python 3.11 doesn't count as a link


class NodeKind(StrEnum):
    """What an entry is, before anyone asks what it is for."""

    FILE = "file"
    FOLDER = "folder"
    LEFTOVER = "leftover"
    HIDDEN = "hidden"
    LINK_INSIDE = "link-inside"
    LINK_OUTSIDE = "link-outside"
    BROKEN_LINK = "broken-link"
    UNREADABLE = "unreadable"
    NOT_A_FILE = "not-a-file"


@dataclass(frozen=True, kw_only=True)
class Node:
    """One entry.

    Args:
        name: as the operating system gives it.
        source: the operating system's own path.
        bytes: size of a file, else None.
        children: of a folder, in natural order.
        detail: a link's target, or why something can't be read; printable.
    """

    name: str
    source: Path
    kind: NodeKind
    bytes: int | None = None
    children: tuple["Node", ...] = ()
    detail: str | None = None

    @property
    def label(self) -> str:
        """The name, printable."""
        return printable(self.name)

    @property
    def files(self) -> tuple["Node", ...]:
        """The files directly in this folder."""
        return tuple(child for child in self.children if child.kind is NodeKind.FILE)

    @property
    def folders(self) -> tuple["Node", ...]:
        """The folders directly in this folder."""
        return tuple(child for child in self.children if child.kind is NodeKind.FOLDER)

    def walk(self, above: str = "") -> Iterator[tuple[str, "Node"]]:
        """Everything below this folder with its path relative to it, folders before what they hold."""
        for child in self.children:
            path = f"{above}{child.label}"
            yield path, child
            yield from child.walk(f"{path}/")


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """What holds for a whole walk: the folder that no link leads out of, and true names by path."""

    inside: str
    renamed: Mapping[Path, str]


def read_tree(root: Path, renamed: Mapping[Path, str] = MappingProxyType({})) -> Node:
    """The tree below `root`. What can't be read is a node of its own; nothing raises.

    Links to files inside the submission are taken for the files; links to folders aren't followed, since the
    folder itself is walked where it lies, and links that lead outside are never followed.

    Args:
        root: a folder.
        renamed: the true names of entries that lie here under another one, by their real paths.
    """
    real = Path(os.path.realpath(root))
    walk = _Walk(inside=str(real), renamed=renamed)
    return _read_folder(real, real.name or real.drive or str(real), walk=walk, depth=0)


def _read_folder(path: Path, name: str, *, walk: _Walk, depth: int) -> Node:
    if depth > _MAX_DEPTH:
        return Node(name=name, source=path, kind=NodeKind.UNREADABLE, detail="too deep")
    try:
        with os.scandir(path) as entries:
            found = list(entries)
    except OSError as error:
        return Node(name=name, source=path, kind=NodeKind.UNREADABLE, detail=_reason(error))
    nodes = (_read_entry(entry, walk=walk, depth=depth) for entry in found)
    children = sorted((node for node in nodes if node is not None), key=lambda node: natural_key(node.name))
    return Node(name=name, source=path, kind=NodeKind.FOLDER, children=tuple(children))


def _read_entry(entry: os.DirEntry[str], *, walk: _Walk, depth: int) -> Node | None:
    """The node of one entry; None where it is gone by the time it is looked at."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Node(name=entry.name, source=Path(entry.path), kind=NodeKind.UNREADABLE, detail=_reason(error))
    return _node(entry, status, walk=walk, depth=depth)


def _node(entry: os.DirEntry[str], status: os.stat_result, *, walk: _Walk, depth: int) -> Node:
    path, is_folder = Path(entry.path), stat.S_ISDIR(status.st_mode)
    name = walk.renamed.get(path, entry.name)
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _WINDOWS_JUNCTION:
        return _link(name, path, inside=walk.inside)
    if is_leftover(name, is_folder=is_folder):
        return Node(name=name, source=path, kind=NodeKind.LEFTOVER)
    if is_hidden(name) or getattr(status, "st_file_attributes", 0) & _WINDOWS_HIDDEN:
        return Node(name=name, source=path, kind=NodeKind.HIDDEN, bytes=None if is_folder else status.st_size)
    if is_folder:
        return _read_folder(path, name, walk=walk, depth=depth + 1)
    if not stat.S_ISREG(status.st_mode):
        return Node(name=name, source=path, kind=NodeKind.NOT_A_FILE)
    return Node(name=name, source=path, kind=NodeKind.FILE, bytes=status.st_size)


def _link(name: str, path: Path, *, inside: str) -> Node:
    try:
        target = printable(str(path.readlink()))
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        return Node(name=name, source=path, kind=NodeKind.BROKEN_LINK, detail=_target(path))
    if not real.is_relative_to(inside):
        return Node(name=name, source=path, kind=NodeKind.LINK_OUTSIDE, detail=target)
    if stat.S_ISREG(status.st_mode):
        return Node(name=name, source=real, kind=NodeKind.FILE, bytes=status.st_size, detail=target)
    return Node(name=name, source=path, kind=NodeKind.LINK_INSIDE, detail=target)


def _target(path: Path) -> str | None:
    try:
        return printable(str(path.readlink()))
    except OSError:
        return None


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
