"""ZIP files: what they hold, with Chinese names read right."""

import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vidaudit.intake.member import BLOCK_BYTES, Member, broken, locked, parts_of, shown, unsupported

# A ZIP that swells to more than 1 GiB by more than 200 times isn't video, which hardly shrinks at all.
BOMB_BYTES = 2**30
BOMB_RATIO = 200
_UTF8_NAMES = 1 << 11
_ENCRYPTED = 1
_LATEST_FIRST_MEMBER = 4  # bytes; behind the mark of a file in one part
_UNICODE_PATH_FIELD = 0x7075


@contextmanager
def zip_members(path: Path) -> Iterator[list[Member]]:
    """The members of a ZIP file, which stays open meanwhile.

    Raises:
        ArchiveError: broken, protected by a password, a bomb, or packed in a way that can't be read.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, struct.error) as error:
        raise broken(path) from error
    with archive:
        entries = archive.infolist()
        _check(path, entries)
        decode = _name_decoder(entries)
        members = [_member(path, archive, entry, decode(entry)) for entry in entries]
        yield [member for member in members if member.parts]


def _member(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Member:
    return Member(
        parts=parts_of(path, name),
        is_folder=name.endswith(("/", "\\")),
        size_bytes=entry.file_size,
        copy_to=_copier(archive, entry),
    )


def _check(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    if entries and min(entry.header_offset for entry in entries) > _LATEST_FIRST_MEMBER:
        raise broken(path)  # cut off: what was found is the index of a document packed inside
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise locked(path)
    total, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if total > BOMB_BYTES and total > BOMB_RATIO * packed:
        raise unsupported(
            f"{shown(path)} would swell to more than {BOMB_RATIO} times its size, as no video does; it isn't unpacked."
        )
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    if any(entry.compress_type not in known for entry in entries):
        raise unsupported(f"{shown(path)} is packed in an unusual way. Unpack it first, then give the folder.")


def _copier(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[IO[bytes]], None]:
    def copy(target: IO[bytes]) -> None:
        with archive.open(entry) as source:
            shutil.copyfileobj(source, target, BLOCK_BYTES)

    return copy


def _name_decoder(entries: Iterable[zipfile.ZipInfo]) -> Callable[[zipfile.ZipInfo], str]:
    """How to read the names that don't say their encoding: as UTF-8, else GB18030, where all of them allow it."""
    raw = [_raw_name(entry) for entry in entries if not entry.flag_bits & _UTF8_NAMES]
    encoding = next((code for code in ("utf-8", "gb18030") if all(_decodes(name, code) for name in raw)), "cp437")

    def decode(entry: zipfile.ZipInfo) -> str:
        if entry.flag_bits & _UTF8_NAMES:
            return entry.orig_filename
        return _unicode_path(entry) or _raw_name(entry).decode(encoding)

    return decode


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("cp437")


def _decodes(name: bytes, encoding: str) -> bool:
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _unicode_path(entry: zipfile.ZipInfo) -> str | None:
    """The name in the Info-ZIP Unicode Path extra field, if it belongs to this very name."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        is_path = kind == _UNICODE_PATH_FIELD and len(field) > 5 and field[0] == 1
        if is_path and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(_raw_name(entry)):
            return field[5:].decode("utf-8") if _decodes(field[5:], "utf-8") else None
    return None
