"""What the readers of archives have in common: a member, its name taken apart, and the messages to a person."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vidaudit.errors import UsageError
from vidaudit.intake.printable import printable

BLOCK_BYTES = 2**20


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file or folder of an archive: the parts of its name, its size, and how to write it to an open file."""

    parts: tuple[str, ...]
    is_folder: bool
    size_bytes: int
    copy_to: Callable[[IO[bytes]], None]


def shown(path: Path) -> str:
    """A path for a message."""
    return printable(str(path))


def broken(path: Path) -> UsageError:
    """An archive that can't be read whole."""
    return UsageError(
        f"{shown(path)} is damaged or incomplete. Copy it again, or unpack it by other means and give the folder."
    )


def parts_of(path: Path, name: str) -> tuple[str, ...]:
    """The parts of a member's name; both kinds of slash part it, as some programs on Windows write the wrong one.

    Raises:
        UsageError: the name leads out of the folder that the archive is unpacked into.
    """
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    is_absolute = name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name) is not None
    if is_absolute or any(part == ".." or "\x00" in part for part in parts):
        raise UsageError(f"{shown(path)} holds a name that leads out of its own folder, so it isn't unpacked.")
    return parts
