"""The output folder of a run: found fit for reports before hours of work, and this run's alone while it lasts."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vidaudit.errors import UsageError
from vidaudit.run.files import unwritable, write_atomically
from vidaudit.run.own import foreign_summaries


@contextlib.contextmanager
def output_folder(out: Path) -> Iterator[None]:
    """The folder for the time of a run, which no other one may write to meanwhile; one that stays empty goes.

    Raises:
        UsageError: reports can't be written there, something else would be overwritten, or another run writes there.
    """
    made = [place for place in (out, *out.parents) if not os.path.lexists(place)]
    try:
        _check_own(out)
        _prepare(out)
        with _sole_writer(out):
            yield
    finally:
        for place in made:  # the innermost first; only what is empty goes
            with contextlib.suppress(OSError, ValueError):
                place.rmdir()


def _prepare(out: Path) -> None:
    """Make the folder, and write to it once."""
    for place in (out, *out.parents):
        if os.path.lexists(place) and not os.path.isdir(place):  # noqa: PTH112 - a name too long is no exception here
            where = "" if place == out else f", so there can't be a folder {out}"
            raise UsageError(f"{place} is no folder{where}. Reports need a folder; choose another --out.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".vidaudit-check"
        write_atomically(probe, b"\0")  # an empty file would fit on a full disk
        probe.unlink()
    except (OSError, ValueError) as error:
        raise UsageError(unwritable(out, error)) from error


def _check_own(out: Path) -> None:
    foreign = foreign_summaries(out)
    if foreign:
        raise UsageError(
            f"{', '.join(foreign)} in {out} would be overwritten, and vidaudit did not write that. "
            "Move it away, or choose another --out."
        )


@contextlib.contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    """Holds a lock that ends with the process, however it ends. A file system without locks has to do without."""
    handle = None
    try:
        handle = _opened(out)
        _lock(handle)
    except OSError as error:
        if error.errno in _TAKEN and handle is not None:
            _let_go(handle, out)
            raise UsageError(
                f"Another vidaudit is writing to {out}. Wait until it has ended, or choose another --out."
            ) from error
    try:
        yield
    finally:
        if handle is not None:
            _let_go(handle, out)


if sys.platform == "win32":
    import msvcrt

    _LOCK_FILE: Final = ".vidaudit-lock"  # a folder can't be locked there
    _TAKEN: Final = (errno.EACCES, errno.EDEADLK)

    def _opened(out: Path) -> int:
        return os.open(out / _LOCK_FILE, os.O_RDWR | os.O_CREAT)

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _let_go(handle: int, out: Path) -> None:
        os.close(handle)
        with contextlib.suppress(OSError):  # another run has it open
            (out / _LOCK_FILE).unlink()

else:
    import fcntl

    _TAKEN: Final = (errno.EWOULDBLOCK,)

    def _opened(out: Path) -> int:
        return os.open(out, os.O_RDONLY)

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(handle: int, out: Path) -> None:  # noqa: ARG001 - the folder itself was locked
        os.close(handle)
