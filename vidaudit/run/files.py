"""Writing so that nothing is ever left half written, and naming so that every file system takes it."""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

# What Windows refuses in a name, besides control characters; and its device names.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)
_MAX_SHOWN = 160  # characters of a path in a message
_MAX_NAME_BYTES = 120  # leaves room for the files within: Windows paths end at 260 characters, names at 255 bytes


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write to a file beside `path`, then put it in place. `private`: readable by this user only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".vidaudit-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if not private:
            Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def folder_in_place_of(folder: Path, kept: Collection[str] = ()) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `folder` at the end; on any error nothing changes.

    Args:
        kept: names of what lies in it and is taken over as it is.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".vidaudit-"))
    try:
        fresh.chmod(0o777 & ~_umask())
        yield fresh
        _swap(fresh, folder, kept)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write {relative name: content} below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def unwritable(place: Path, error: OSError | ValueError) -> str:
    """What to tell where reports can't be written: what, where, what to do."""
    number = error.errno if isinstance(error, OSError) else None
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    advice = _ADVICE.get(number or 0, "Close files that are open there or choose another --out.")
    return f"Can't write the report to {_shortly(str(place))}: {reason}. {advice}"


_ADVICE = {
    errno.ENAMETOOLONG: "The name is too long for this disk; choose another --out with shorter names.",
    errno.ENOSPC: "Free some space there or choose another --out.",
    errno.EDQUOT: "Free some space there or choose another --out.",
    errno.EROFS: "Nothing can be written to this disk, as to a disc; choose another --out.",
    errno.EACCES: "Ask for the right to write there or choose another --out.",
    errno.EPERM: "Ask for the right to write there or choose another --out.",
    errno.ENOTDIR: "A part of the path is a file; choose another --out.",
    errno.EEXIST: "There is something else at that place; choose another --out.",
    errno.ELOOP: "Links lead in a circle there; choose another --out.",
}


def _shortly(text: str) -> str:
    """The text as far as a line shows it."""
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."


def safe_name(name: str, taken: Collection[str] = (), *, max_bytes: int = _MAX_NAME_BYTES) -> str:
    """A name like `name` that every file system takes and that isn't among `taken` (in any case)."""
    valid = name.encode("utf-8", "replace").decode()  # half a surrogate pair is no character
    clean = _FORBIDDEN.sub("_", valid).strip(" .") or "_"
    clean = f"_{clean}" if _DEVICES.match(clean) else clean
    clean = _shortened(clean, max_bytes)
    used = {one.casefold() for one in taken}
    unique, number = clean, 2
    while unique.casefold() in used:
        unique, number = f"{clean} ({number})", number + 1
    return unique


def _shortened(name: str, max_bytes: int) -> str:
    encoded = name.encode()
    return name if len(encoded) <= max_bytes else encoded[:max_bytes].decode("utf-8", "ignore").rstrip(" .")


def _swap(fresh: Path, folder: Path, kept: Collection[str]) -> None:
    """Put `fresh` where `folder` is. The old one is moved aside first: Windows won't replace a folder."""
    if not folder.exists():
        fresh.replace(folder)
        return
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".vidaudit-old-"))
    old = aside / "old"
    try:
        folder.replace(old)
        for name in kept:
            (old / name).replace(fresh / name)
        fresh.replace(folder)
    finally:
        if not folder.exists():
            for name in kept:
                if not os.path.lexists(old / name):
                    (fresh / name).replace(old / name)
            old.replace(folder)  # should even this fail, the old one stays beside its place
        shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal. Raises OSError when it can't be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
