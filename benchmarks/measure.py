"""What the benchmarks share: where the footage lies, watched processes, medians, and how a figure is printed."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

PROJECT = Path(__file__).parents[1]
MB = 1_000_000
T = TypeVar("T")
_SAMPLE_EVERY_S = 0.02
COMPLETED = (0, 1, 3)  # the exit codes of a scan that came to its end, whatever it found


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished process.

    Args:
        wall_s: from its start to its end.
        peak_bytes: {process of its tree: the most memory (resident set) it held at any sample}.
        written: what it wrote to standard output.
        root: the process that was started.
        read_bytes: how much its tree has read from drives, as far as the system tells; None where it doesn't.
    """

    wall_s: float
    peak_bytes: dict[int, int]
    written: str
    root: int = 0
    read_bytes: int | None = None

    @property
    def largest_bytes(self) -> int:
        """The most that any one process held."""
        return max(self.peak_bytes.values(), default=0)

    @property
    def root_bytes(self) -> int:
        """The most that the process that was started held itself."""
        return self.peak_bytes.get(self.root, 0)


def media(name: str) -> Path | None:
    """A folder or file of the test media; None, after saying so, where it is missing."""
    path = media_root() / name
    if path.exists():
        return path
    print(f"skipped: {name} is not in {media_root()}; VIDAUDIT_MEDIA may name another place")
    return None


def media_root() -> Path:
    """Where the test media should be: VIDAUDIT_MEDIA, else `../shared/media` beside the project."""
    given = os.environ.get("VIDAUDIT_MEDIA")
    return Path(given) if given else PROJECT.parent / "shared" / "media"


def vidaudit(*arguments: str | Path, codes: Collection[int] = COMPLETED) -> Run:
    """Run the installed `vidaudit` command and watch it.

    Raises:
        RuntimeError: when it ends with any other exit code than `codes`.
    """
    program = "vidaudit.exe" if sys.platform == "win32" else "vidaudit"
    return watch([Path(sys.executable).parent / program, *arguments], codes=codes)


def watch(command: Sequence[str | Path], *, codes: Collection[int] = (0,)) -> Run:
    """Run a command to its end, sampling the memory of its process tree.

    Raises:
        RuntimeError: when it ends with any other exit code than `codes`; tells the end of its errors.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT
    )
    peak_bytes: dict[int, int] = {}
    read_bytes: list[int] = []
    ended = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peak_bytes, read_bytes, ended))
    sampler.start()
    written, errors = process.communicate()
    wall_s = time.perf_counter() - began
    ended.set()
    sampler.join()
    if process.returncode not in codes:
        raise RuntimeError(f"{command} ended with {process.returncode}: {errors.decode(errors='replace')[-2000:]}")
    return Run(
        wall_s=wall_s,
        peak_bytes=peak_bytes,
        written=written.decode(errors="replace"),
        root=process.pid,
        read_bytes=max(read_bytes, default=None),
    )


def _sample(pid: int, peak_bytes: dict[int, int], read_bytes: list[int], ended: threading.Event) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        while not ended.wait(_SAMPLE_EVERY_S):
            total = 0
            for process in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    peak_bytes[process.pid] = max(peak_bytes.get(process.pid, 0), process.memory_info().rss)
                    total += _read_bytes(process)
            read_bytes.extend([total] if total else [])


def _read_bytes(process: psutil.Process) -> int:
    """What it and its ended children have read from drives; 0 where the system doesn't tell."""
    return int(process.io_counters().read_bytes) if hasattr(process, "io_counters") else 0


def alternately(one: Callable[[], T], other: Callable[[], T], repeats: int) -> tuple[list[T], list[T]]:
    """Two measurements taken in turns, so that a busy moment meets both."""
    pairs = [(one(), other()) for _ in range(repeats)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def figure(what: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None) -> str:
    """One line: what was measured, the figure and, where there is one, its target and whether it is met.

    Args:
        at_most, at_least: the target; at most one of them.
    """
    text = f"{what}: {_number(value)} {unit}"
    if at_most is not None:
        return f"{text} (target: at most {at_most:g} {unit}, {'met' if value <= at_most else 'MISSED'})"
    if at_least is not None:
        return f"{text} (target: at least {at_least:g} {unit}, {'met' if value >= at_least else 'MISSED'})"
    return text


def checked(what: str, value: object, target: str, *, met: bool) -> str:
    """The same for a figure whose target is no plain limit; `target` says it in words."""
    return f"{what}: {value} (target: {target}, {'met' if met else 'MISSED'})"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as they need to be, the first to the left and the others to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in cells)
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
