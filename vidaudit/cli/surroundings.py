"""The process that a command runs in: names in UTF-8, streams that may end, interruptions that arrive."""

import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Final, TextIO

from vidaudit.errors import SetupError, UsageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_AGAIN_S: Final = 0.2  # an interruption that got lost is made again after so long
_ENDING_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def ensure_utf8(arguments: Sequence[str] | None) -> None:
    """Start again in Python's UTF-8 mode where file names would be read by another encoding.

    Read as ASCII, a Chinese name is none of those that a regulation prescribes.

    Args:
        arguments: as for `main`; only a command in a process of its own can be started again.

    Raises:
        UsageError: when that can't be done.
    """
    encoding = sys.getfilesystemencoding()
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        return
    if os.name != "posix" or arguments is not None or os.environ.get("PYTHONUTF8") == "1":
        raise UsageError(
            f"File names can't be read here: the encoding of this system is {encoding}. "
            "Set PYTHONUTF8=1 in the environment and try again."
        )
    shown = sys.stdout.encoding if sys.stdout is not None else "utf-8"
    kept = {} if shown.lower() in {"ascii", "us-ascii", "ansi_x3.4-1968"} else {"PYTHONIOENCODING": shown}
    environment = {**kept, **os.environ, "PYTHONUTF8": "1"}
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]], environment)


class _Output(io.FileIO):
    """A pipe or file that is written to: a reader who has gone changes nothing, what else fails is told once."""

    _is_lost = False

    def write(self, content: "ReadableBuffer", /) -> int:
        """See `io.FileIO.write`."""
        if not self._is_lost:
            try:
                return super().write(content)
            except BrokenPipeError:
                self._is_lost = True
            except OSError as error:
                self._is_lost = True
                reason = error.strerror or str(error)
                raise SetupError(
                    f"Can't write the output of this command: {reason}. See where it is sent to."
                ) from error
        return memoryview(content).nbytes


def set_up_streams() -> None:
    """Standard output and error that no character, no full disk and no missing reader ends a run by."""
    sys.stdout = _lasting(sys.stdout)
    sys.stderr = _lasting(sys.stderr)


def _lasting(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed by whoever started the command
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - until the end of the process
    if isinstance(stream, io.TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="replace")  # a console that lacks a character must not end a run
            return stream
        with contextlib.suppress(OSError, ValueError):
            buffer = io.BufferedWriter(_Output(stream.fileno(), "wb", closefd=False))
            return io.TextIOWrapper(buffer, encoding=stream.encoding, errors="replace", line_buffering=True)
    return stream


class Interruptions:
    """Ctrl-C, and being told to end. Within, each becomes a `KeyboardInterrupt`, again and again until it arrives.

    One that comes while a callback of the interpreter or of a library runs would be lost otherwise. None comes while
    one is on its way: clearing up isn't interrupted.
    """

    def __init__(self) -> None:
        self.came = False
        self._is_over = threading.Event()

    def __enter__(self) -> "Interruptions":
        sys.unraisablehook = _without_interruptions
        for name in _ENDING_SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as by nohup
                signal.signal(number, self._interrupt)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: TracebackType | None) -> bool:
        """One that comes at the very end has nothing left to end."""
        self.end()
        return isinstance(error, KeyboardInterrupt)

    def end(self) -> None:
        """From now on none arrives any more."""
        self._is_over.set()
        for name in _ENDING_SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:  # nothing is left that could be broken off
                signal.signal(number, signal.SIG_IGN)

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        if not self.came:
            self.came = True
            threading.Thread(target=self._remind, args=(number,), daemon=True).start()
        if not _is_on_its_way():
            raise KeyboardInterrupt

    def _remind(self, number: int) -> None:
        while not self._is_over.wait(_AGAIN_S):
            if hasattr(signal, "pthread_kill"):  # which ends a wait of the main thread as well
                signal.pthread_kill(threading.main_thread().ident or 0, number)
            else:
                signal.raise_signal(number)


def _is_on_its_way() -> bool:
    """Whether an interruption is being dealt with where the main thread is now."""
    error = sys.exc_info()[1]
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


def _without_interruptions(unraisable: "sys.UnraisableHookArgs") -> None:
    """An interruption that got lost comes again: nobody needs to see where."""
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
