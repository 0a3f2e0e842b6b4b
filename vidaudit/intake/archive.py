"""Submissions that come as one file: ISO images and ZIP files, unpacked into a workspace, safely.

What an archive claims is not trusted: no name leads out of the workspace, no link is made, and nothing is
written that the disk can't hold. One that can't be opened is told and doesn't keep the others waiting.
"""

import errno
import lzma
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from vidaudit.errors import SetupError, UsageError
from vidaudit.intake.isofile import is_iso, iso_members
from vidaudit.intake.member import ArchiveError, Member, broken, shown, unsupported
from vidaudit.intake.printable import printable
from vidaudit.intake.zipped import zip_members
from vidaudit.model.submission import StrayFile, StrayReason

# What stays free on the disk for the work itself.
RESERVE_BYTES = 2**30
# Of ext4; Windows allows 255 characters, which may be three times as many bytes of Chinese.
_MAX_NAME_BYTES = 255

_PACKED = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_SUFFIXES = (".zip", ".iso")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]+$')
_BAD_DATA = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Submissions ready to be walked.

    Args:
        folders: where to look for classes.
        renamed: the true names of unpacked files and folders that this system can't call so, by their paths.
        unopened: archives that couldn't be opened; `detail` is a sentence for a person.
    """

    folders: tuple[Path, ...]
    renamed: Mapping[Path, str] = field(default_factory=dict)
    unopened: tuple[StrayFile, ...] = ()


def open_submissions(paths: Sequence[Path], workspace: Path) -> Opened:
    """Every submission that can be opened, and what is wrong with the others.

    Args:
        paths: folders, which are taken as they are, ISO images or ZIP files, told by their content.
        workspace: where archives are unpacked, each into a new folder that bears its name.

    Raises:
        UsageError: nothing there, or no folder and no archive.
        SetupError: the workspace hasn't got the room.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"There is nothing at {shown(path)}. Check the path, or whether the disc is in the drive.")
    folders: list[Path] = []
    renamed: dict[Path, str] = {}
    unopened: list[StrayFile] = []
    for path in paths:
        try:
            opened = open_submission(path, workspace)
        except ArchiveError as error:
            unopened.append(StrayFile(path=printable(path.name), reason=error.reason, detail=str(error)))
        else:
            folders += opened.folders
            renamed.update(opened.renamed)
    return Opened(folders=tuple(folders), renamed=renamed, unopened=tuple(unopened))


def open_submission(path: Path, workspace: Path) -> Opened:
    """One submission, as for `open_submissions`.

    Raises:
        ArchiveError: a broken, encrypted or dangerous archive, or a format to unpack first.
        UsageError, SetupError: as for `open_submissions`.
    """
    if path.is_dir():
        return Opened(folders=(path,))
    try:
        return _opened_archive(path, workspace, _start(path))
    except OSError as error:
        message = f"{shown(path)} can't be read ({error.strerror}). Check the path, the disc and its permissions."
        raise ArchiveError(message, StrayReason.UNREADABLE) from error


def _opened_archive(path: Path, workspace: Path, start: bytes) -> Opened:
    for magic, kind in _PACKED.items():
        if start.startswith(magic):
            raise unsupported(f"{shown(path)} is packed as {kind}. Unpack it first, then give the folder.")
    if start.startswith(_ZIP_STARTS):
        return _unpacked(path, workspace, zip_members)
    if is_iso(path):
        return _unpacked(path, workspace, iso_members)
    if path.suffix.lower() in _SUFFIXES:
        raise broken(path)
    raise UsageError(f"{shown(path)} is neither a folder nor an ISO or ZIP. Give the class folder or the disc.")


def _start(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise UsageError(f"{shown(path)} is neither a folder nor a file. Give the class folder or the disc.")
    with path.open("rb") as file:
        return file.read(8)


def _unpacked(path: Path, workspace: Path, opened: Callable[[Path], AbstractContextManager[list[Member]]]) -> Opened:
    target = _new_folder(workspace, path.stem)
    try:
        with opened(path) as members:
            _check_room(path, workspace, members)
            renamed = _write(path, target, members)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return Opened(folders=(target,), renamed=renamed)


def _new_folder(workspace: Path, name: str) -> Path:
    workspace.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        target = workspace.resolve() / (name if number == 1 else f"{name} ({number})")
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


def _write(path: Path, target: Path, members: Iterable[Member]) -> dict[Path, str]:
    """Write all members; the true names of those that had to be called otherwise, by where they are."""
    renamed: dict[Path, str] = {}
    for member in members:
        try:
            written = _write_member(member, target, renamed)
        except (*_BAD_DATA, NotImplementedError, RuntimeError) as error:
            raise broken(path) from error
        except OSError as error:
            raise _unwritable(path, member, error) from error
        if written != member.size_bytes:
            raise broken(path)
    return renamed


def _write_member(member: Member, target: Path, renamed: dict[Path, str]) -> int:
    """How many bytes were written."""
    place = target
    for part in member.parts:
        place /= _fitting(part)
        if place.name != part:
            renamed[place] = part
    if member.is_folder:
        place.mkdir(parents=True, exist_ok=True)
        return member.size_bytes
    place.parent.mkdir(parents=True, exist_ok=True)
    with _unused(place).open("xb") as file:
        member.copy_to(file)
        return file.tell()


def _unwritable(path: Path, member: Member, error: OSError) -> UsageError | SetupError:
    """A full disk is the machine's fault and would be the next archive's too; all else is this one's."""
    if error.errno in (None, errno.EIO):  # none: the unpacker's own word for wrong data
        return broken(path)
    name = printable("/".join(member.parts))
    message = f"{name} in {shown(path)} can't be written ({error.strerror}). Unpack it by hand, then give the folder."
    return SetupError(message) if error.errno in _DISK_FULL else unsupported(message)


def _fitting(part: str) -> str:
    """The part of a name as this system can take it; different parts stay different."""
    fits = _NOT_ON_WINDOWS.sub("_", part) if os.name == "nt" else part
    encoded = part.encode("utf-8", "surrogatepass")
    if fits == part and len(encoded) <= _MAX_NAME_BYTES:
        return part
    mark = f"~{zlib.crc32(encoded):08x}{PurePath(fits).suffix[:8]}"
    return fits.encode("utf-8", "replace")[: _MAX_NAME_BYTES - 40].decode("utf-8", "ignore") + mark


def _unused(place: Path) -> Path:
    """The place, or with a number where an archive has a name twice: neither file may hide the other."""
    number, free = 2, place
    while free.exists():
        free = place.with_name(f"{place.stem} ({number}){place.suffix}")
        number += 1
    return free
