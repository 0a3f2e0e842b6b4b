"""Submissions that come as one file: ISO images and ZIP files, unpacked into a workspace, safely.

What an archive claims is not trusted: no name leads out of the workspace, no link is made, and nothing is
written that the disk can't hold.
"""

import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from vidaudit.errors import SetupError, UsageError
from vidaudit.intake.isofile import is_iso, iso_members
from vidaudit.intake.member import Member, broken, shown
from vidaudit.intake.printable import printable
from vidaudit.intake.zipped import zip_members

# What stays free on the disk for the work itself.
RESERVE_BYTES = 2**30

_PACKED = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]+$')


def open_submission(path: Path, workspace: Path) -> Path:
    """The folder to look for classes in.

    Args:
        path: a folder, which is returned as it is, or an ISO image or ZIP file, told by its content.
        workspace: where archives are unpacked, each into a new folder that bears its name.

    Raises:
        UsageError: nothing there, no archive, a broken, encrypted or dangerous one, or a format to unpack first.
        SetupError: the workspace hasn't got the room.
    """
    if path.is_dir():
        return path
    try:
        start = _start(path)
    except OSError as error:
        raise UsageError(f"{shown(path)} can't be opened ({error.strerror}). Check the path.") from error
    for magic, kind in _PACKED.items():
        if start.startswith(magic):
            raise UsageError(f"{shown(path)} is packed as {kind}. Unpack it first, then give the folder.")
    if start.startswith(_ZIP_STARTS):
        return _unpacked(path, workspace, zip_members)
    if is_iso(path):
        return _unpacked(path, workspace, iso_members)
    raise UsageError(f"{shown(path)} is neither a folder nor an ISO or ZIP. Give the class folder or the disc.")


def _start(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(f"{shown(path)} is neither a folder nor a file. Give the class folder or the disc.")
    with path.open("rb") as file:
        return file.read(8)


def _unpacked(path: Path, workspace: Path, opened: Callable[[Path], AbstractContextManager[list[Member]]]) -> Path:
    target = _new_folder(workspace, path.stem)
    try:
        with opened(path) as members:
            _check_room(path, workspace, members)
            _write(path, target, members)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return target


def _new_folder(workspace: Path, name: str) -> Path:
    workspace.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        target = workspace / (name if number == 1 else f"{name} ({number})")
        try:
            target.mkdir()
        except FileExistsError:
            number += 1
        else:
            return target


def _check_room(path: Path, workspace: Path, members: Iterable[Member]) -> None:
    needed = sum(member.size_bytes for member in members)
    room = shutil.disk_usage(workspace).free - RESERVE_BYTES
    if needed > room:
        raise SetupError(
            f"Unpacking {shown(path)} takes {needed / 2**30:.1f} GiB, and {max(room, 0) / 2**30:.1f} GiB are free. "
            "Free some space, or unpack it on another disk and give the folder."
        )


def _write(path: Path, target: Path, members: Iterable[Member]) -> None:
    for member in members:
        place = target.joinpath(*map(_fitting, member.parts))
        try:
            if member.is_folder:
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            with _unused(place).open("xb") as file:
                member.copy_to(file)
                written = file.tell()
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise broken(path) from error
        except OSError as error:
            name = printable("/".join(member.parts))
            message = f"{name} in {shown(path)} can't be written ({error.strerror}). Unpack it by hand first."
            raise SetupError(message) from error
        if written != member.size_bytes:
            raise broken(path)


def _fitting(part: str) -> str:
    """The part of a name without what this system's file names can't have."""
    return _NOT_ON_WINDOWS.sub("_", part) if os.name == "nt" else part


def _unused(place: Path) -> Path:
    """The place, or with a number where an archive has a name twice: neither file may hide the other."""
    number, free = 2, place
    while free.exists():
        free = place.with_name(f"{place.stem} ({number}){place.suffix}")
        number += 1
    return free
