"""What the readers of archives have in common: a member, its name taken apart, and the messages to a person."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vidaudit.errors import UsageError
from vidaudit.intake.printable import printable
from vidaudit.model.submission import StrayReason

BLOCK_BYTES = 2**20


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file or folder of an archive: the parts of its name, its size, and how to write it to an open file."""

    parts: tuple[str, ...]
    is_folder: bool
    size_bytes: int
    copy_to: Callable[[IO[bytes]], None]


class ArchiveError(UsageError):
    """A submission in one file that can't be opened. `reason` is what a summary says of it, the message the rest."""

    def __init__(self, message: str, reason: StrayReason) -> None:
        super().__init__(message)
        self.reason = reason


def shown(path: Path) -> str:
    """A path for a message."""
    return printable(str(path))


def broken(path: Path) -> ArchiveError:
    """An archive that can't be read whole."""
    return ArchiveError(
        f"{shown(path)} is damaged or incomplete. Copy it again, or unpack it by other means and give the folder.",
        StrayReason.DAMAGED_ARCHIVE,
    )


def locked(path: Path) -> ArchiveError:
    """An archive that needs a password."""
    message = f"{shown(path)} needs a password. Unpack it with the password, then give the folder."
    return ArchiveError(message, StrayReason.LOCKED_ARCHIVE)


def unsupported(message: str) -> ArchiveError:
    """An archive that a person must unpack first, or that nobody should."""
    return ArchiveError(message, StrayReason.UNSUPPORTED_ARCHIVE)


def parts_of(path: Path, name: str) -> tuple[str, ...]:
    """The parts of a member's name; both kinds of slash part it, as some programs on Windows write the wrong one.

    Raises:
        ArchiveError: the name leads out of the folder that the archive is unpacked into.
    """
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    is_absolute = name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name) is not None
    if is_absolute or any(part == ".." or "\x00" in part for part in parts):
        raise unsupported(f"{shown(path)} holds a name that leads out of its own folder, so it isn't unpacked.")
    return parts
