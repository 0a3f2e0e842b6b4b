"""Where clips are observed: a pool of processes here, or a Dask cluster. A clip that breaks its worker is one failure.

Both engines take tasks and yield (number of the task, its evidence) as they finish, in any order.
"""

import concurrent.futures
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from ctypes import Structure, c_double, c_int
from dataclasses import dataclass
from typing import Protocol

from vidaudit.errors import SetupError, UsageError
from vidaudit.model.evidence import ClipEvidence, ClipFailure, FailureKind
from vidaudit.model.settings import Limits
from vidaudit.run.clip import ClipTask, Stage, observe_clip

_OUT_OF_MEMORY_EXIT = 86
_MEMORY_CHECK_S = 0.25
Numbered = tuple[int, ClipEvidence]


class ProgressSlot(Structure):
    """How far one task is, in memory shared with the worker; no lock, so a killed worker can't keep one."""

    _fields_ = (("stage", c_int), ("share", c_double))


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one task is: stage, and share of its work done (0 to 1)."""

    stage: Stage
    share: float


class Engine(Protocol):
    """Anything that observes clips."""

    def run(self, tasks: Sequence[ClipTask]) -> Iterator[Numbered]:
        """Observe the tasks; yields (index of the task, evidence) as they finish."""
        ...

    def progress(self) -> Sequence[Progress]:
        """How far each task of the current run is."""
        ...


class LocalEngine:
    """A pool of processes on this machine, with a time and a memory limit for each clip.

    Args:
        jobs: number of processes.
        limits: what one clip may cost.
    """

    def __init__(self, *, jobs: int, limits: Limits) -> None:
        self._jobs = jobs
        self._limits = limits
        self._slots: Iterable[ProgressSlot] = ()

    def run(self, tasks: Sequence[ClipTask]) -> Iterator[Numbered]:
        """See `Engine.run`. On interruption the workers are stopped at once."""
        from pebble import ProcessPool

        context = multiprocessing.get_context("spawn")  # the same on Windows and Linux; nothing inherited by accident
        slots = context.RawArray(ProgressSlot, len(tasks))
        self._slots = slots
        setup = (slots, self._limits.clip_memory_mib)
        with ProcessPool(
            max_workers=min(self._jobs, max(len(tasks), 1)), context=context, initializer=_set_up, initargs=setup
        ) as pool:
            futures = {
                pool.schedule(_observe, args=(number, tasks[number]), timeout=self._limits.clip_s): number
                for number in _longest_first(tasks)
            }
            try:
                for future in concurrent.futures.as_completed(futures):
                    number = futures[future]
                    slots[number].stage, slots[number].share = Stage.DONE, 1.0
                    yield number, self._result(future, tasks[number])
            except BaseException:
                pool.stop()
                raise

    def progress(self) -> Sequence[Progress]:
        """See `Engine.progress`."""
        return [Progress(stage=Stage(slot.stage), share=slot.share) for slot in self._slots]

    def _result(self, future: "concurrent.futures.Future[ClipEvidence]", task: ClipTask) -> ClipEvidence:
        from pebble import ProcessExpired

        try:
            return future.result()
        except concurrent.futures.TimeoutError:
            return _failed(task, FailureKind.TIMED_OUT, f"not done after {self._limits.clip_s:g} s")
        except ProcessExpired as error:
            if error.exitcode == _OUT_OF_MEMORY_EXIT:
                detail = f"needed more than {self._limits.clip_memory_mib} MiB"
                return _failed(task, FailureKind.OUT_OF_MEMORY, detail)
            return _failed(task, FailureKind.CRASHED, f"the worker ended with exit code {error.exitcode}")
        except MemoryError as error:
            return _failed(task, FailureKind.OUT_OF_MEMORY, repr(error))
        except Exception as error:  # whatever a hostile file brings about is one row, not the end of the run
            return _failed(task, FailureKind.EXCEPTION, f"{type(error).__name__}: {error}")


class DaskEngine:
    """A Dask cluster by its own executor. Its workers must see the files under the same paths.

    Args:
        scheduler: address of the scheduler.
        limits: the time limit holds; memory is limited by the cluster's own settings.
    """

    def __init__(self, *, scheduler: str, limits: Limits) -> None:
        self._scheduler = scheduler
        self._limits = limits
        self._done: list[bool] = []

    def run(self, tasks: Sequence[ClipTask]) -> Iterator[Numbered]:
        """See `Engine.run`."""
        client = _dask_client(self._scheduler)
        self._done = [False] * len(tasks)
        with client:
            executor = client.get_executor(pure=False, retries=1)
            futures = {executor.submit(observe_clip, task): number for number, task in enumerate(tasks)}
            for future in concurrent.futures.as_completed(futures):
                number = futures[future]
                self._done[number] = True
                yield number, _dask_result(future, tasks[number])

    def progress(self) -> Sequence[Progress]:
        """See `Engine.progress`: a cluster tells only what is done."""
        return [
            Progress(stage=Stage.DONE if done else Stage.WAITING, share=1.0 if done else 0.0) for done in self._done
        ]


def make_engine(name: str, *, jobs: int | None, scheduler: str | None, limits: Limits) -> Engine:
    """The engine `name`: `local` (all cores unless `jobs`) or `dask` (needs `scheduler`).

    Raises:
        UsageError: when the options don't fit the engine.
    """
    if name == "dask":
        if not scheduler:
            raise UsageError("--engine dask needs --scheduler ADDRESS, for example tcp://10.0.0.1:8786.")
        return DaskEngine(scheduler=scheduler, limits=limits)
    if scheduler:
        raise UsageError("--scheduler goes with --engine dask.")
    return LocalEngine(jobs=jobs or num_cores(), limits=limits)


def num_cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _longest_first(tasks: Sequence[ClipTask]) -> list[int]:
    """Big files first, so that no long clip is left to one worker at the end."""
    return sorted(range(len(tasks)), key=lambda number: -tasks[number].bytes)


def _failed(task: ClipTask, kind: FailureKind, detail: str) -> ClipEvidence:
    return ClipEvidence(path=task.path, kind=task.kind, failure=ClipFailure(kind=kind, detail=detail))


_slots: Sequence[ProgressSlot] = ()


def _set_up(slots: Sequence[ProgressSlot], memory_mib: int) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, one thread a process, a watch on memory."""
    global _slots  # noqa: PLW0603  # a worker's one piece of state: where it reports its progress
    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    _slots = slots
    threading.Thread(target=_watch_memory, args=(memory_mib * 2**20,), daemon=True).start()


def _watch_memory(limit_bytes: int) -> None:
    import psutil

    process = psutil.Process()
    pause = threading.Event()
    while process.memory_info().rss <= limit_bytes:
        pause.wait(_MEMORY_CHECK_S)
    os._exit(_OUT_OF_MEMORY_EXIT)  # from a thread the only way to stop work inside a library


def _observe(number: int, task: ClipTask) -> ClipEvidence:
    slot = _slots[number]

    def report(stage: Stage, share: float) -> None:
        slot.stage, slot.share = stage, share

    return observe_clip(task, report)


def _dask_client(scheduler: str):  # type: ignore[no-untyped-def]  # distributed has no types
    try:
        from distributed import Client
    except ImportError as error:
        raise SetupError("--engine dask needs Dask: pip install 'vidaudit[dask]'.") from error
    try:
        return Client(scheduler, timeout="20s")
    except OSError as error:
        raise SetupError(f"No Dask scheduler answers at {scheduler}: {error}. Check the address.") from error


def _dask_result(future: "concurrent.futures.Future[ClipEvidence]", task: ClipTask) -> ClipEvidence:
    try:
        return future.result()
    except Exception as error:  # a worker lost for good, or an exception of ours: one row
        kind = FailureKind.CRASHED if type(error).__name__ == "KilledWorker" else FailureKind.EXCEPTION
        return _failed(task, kind, f"{type(error).__name__}: {error}")
