"""ISO images: what they hold, under the best names they have."""

import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import pycdlib

from vidaudit.errors import VidauditError
from vidaudit.intake.member import BLOCK_BYTES, Member, broken, parts_of, shown, unsupported

_SECTOR_BYTES = 2048
_DESCRIPTORS = range(16, 32)
_ISO_9660, _UDF = b"CD001", (b"NSR02", b"NSR03")


def is_iso(path: Path) -> bool:
    """Whether a file is an image of a disc, by its volume descriptors (ECMA-119, ECMA-167)."""
    return not _marks(path).isdisjoint({_ISO_9660, *_UDF})


def _marks(path: Path) -> set[bytes]:
    """The standard identifiers where the volume descriptors are."""
    marks = set()
    with path.open("rb") as file:
        for sector in _DESCRIPTORS:
            file.seek(sector * _SECTOR_BYTES + 1)
            marks.add(file.read(5))
    return marks


@contextmanager
def iso_members(path: Path) -> Iterator[list[Member]]:
    """The members of an image, which stays open meanwhile.

    Links come as small files that hold their target; none is followed.

    Raises:
        ArchiveError: broken, or without ISO 9660 names (UDF only).
    """
    if _ISO_9660 not in _marks(path):
        raise unsupported(
            f"{shown(path)} is an image with a UDF file system only, as Windows burns discs that work like a USB "
            "stick. Open it (in Windows by a double click) and give its drive, or copy its files into a folder."
        )
    if path.stat().st_size < _claimed_bytes(path):
        raise broken(path)
    image = pycdlib.PyCdlib()
    try:
        image.open(str(path))
        with closing(image):
            namespace, names = _best_names(image)
            yield [_member(path, image, namespace, name, is_folder) for name, is_folder in names]
    except (VidauditError, OSError):
        raise
    except Exception as error:  # the reader raises nearly anything on a broken image
        raise broken(path) from error


def _claimed_bytes(path: Path) -> int:
    """The size by the primary volume descriptor (ECMA-119, 8.4.8 and 8.4.12): pycdlib shortens what is cut off."""
    with path.open("rb") as file:
        file.seek(_DESCRIPTORS[0] * _SECTOR_BYTES)
        descriptor = file.read(_SECTOR_BYTES)
    if len(descriptor) < _SECTOR_BYTES or descriptor[:6] != b"\x01" + _ISO_9660:
        return 0
    num_blocks, block_bytes = struct.unpack_from("<I", descriptor, 80)[0], struct.unpack_from("<H", descriptor, 128)[0]
    return int(num_blocks * block_bytes)


def _best_names(image: Any) -> tuple[str, list[tuple[str, bool]]]:
    """The names of the first directory tree that has them in readable form."""
    has = {"udf_path": image.has_udf(), "rr_path": image.has_rock_ridge(), "joliet_path": image.has_joliet()}
    for namespace in (*(one for one, is_there in has.items() if is_there), "iso_path"):
        try:
            return namespace, _names(image, namespace)
        except UnicodeDecodeError:
            continue
    raise ValueError("no readable names")


def _names(image: Any, namespace: str) -> list[tuple[str, bool]]:
    found = []
    for above, folders, files in image.walk(**{namespace: "/"}):
        start = above if above.endswith("/") else f"{above}/"
        found += [(f"{start}{name}", True) for name in folders] + [(f"{start}{name}", False) for name in files]
    return list(dict.fromkeys(found))  # a file of several extents is listed once for each


def _plain(name: str) -> str:
    """An ISO 9660 name without the version behind its semicolon."""
    return "/".join(part.partition(";")[0].rstrip(".") for part in name.split("/"))


def _member(path: Path, image: Any, namespace: str, name: str, is_folder: bool) -> Member:
    size, copy = (0, _writer(b"")) if is_folder else _content(image, namespace, name)
    plain = _plain(name) if namespace == "iso_path" else name
    return Member(parts=parts_of(path, plain.removeprefix("/")), is_folder=is_folder, size_bytes=size, copy_to=copy)


def _content(image: Any, namespace: str, name: str) -> tuple[int, Callable[[IO[bytes]], None]]:
    record = image.get_record(**{namespace: name})
    if namespace == "rr_path" and record.is_symlink():
        target = bytes(record.rock_ridge.symlink_path())
        return len(target), _writer(target)
    size = _size(record)
    return size, _copier(image, namespace, name) if size else _writer(b"")


def _size(record: Any) -> int:
    """The bytes of a file over all its extents: one of ISO 9660 holds less than 4 GiB."""
    size = 0
    while record is not None:
        size += record.get_data_length()
        record = getattr(record, "data_continuation", None)
    return size


def _writer(content: bytes) -> Callable[[IO[bytes]], None]:
    def write(target: IO[bytes]) -> None:
        target.write(content)

    return write


def _copier(image: Any, namespace: str, name: str) -> Callable[[IO[bytes]], None]:
    def copy(target: IO[bytes]) -> None:
        image.get_file_from_iso_fp(target, blocksize=BLOCK_BYTES, **{namespace: name})

    return copy
