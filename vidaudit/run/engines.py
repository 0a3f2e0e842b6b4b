"""Where clips are observed: a pool of processes here, or a Dask cluster. A clip that breaks its worker is one failure.

Both engines take tasks and yield (number of the task, its evidence) as they finish, in any order. Their workers also do
a function on each of some items, where one that hangs or breaks its worker is without a result.
"""

import contextlib
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from ctypes import Array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from vidaudit.errors import SetupError, UsageError
from vidaudit.model.evidence import ClipEvidence, FailureKind
from vidaudit.model.settings import Limits
from vidaudit.run.clip import ClipTask, Stage, get_ready, observe_clip
from vidaudit.run.interrupts import starting_workers
from vidaudit.run.worker import (
    OUT_OF_MEMORY_EXIT,
    Item,
    Observe,
    ProgressSlot,
    Result,
    done_quietly,
    failed,
    guarded,
    observe_numbered,
    set_up,
    told,
)

if TYPE_CHECKING:
    from pebble import ProcessPool

_SPAWN = multiprocessing.get_context("spawn")  # the same on Windows and Linux; nothing inherited by accident
_POLL_S = 0.2  # a wait without an end can't be interrupted on Windows
_MAX_POOLS_IN_VAIN = 3
_DASK_TIMEOUT_S = 20.0
_MOST_AHEAD = 4  # workers that are started before it is known how many clips there are: a day has three
_SLOTS_AHEAD = 4096  # clips that such workers can report on: more than 64 days have
_ITEM_S = 120.0  # for one item of `each`: places of two clips are compared in a second or two
Numbered = tuple[int, ClipEvidence]
Observations = Generator[Numbered, None, None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one task is: stage, and share of its work done (0 to 1)."""

    stage: Stage
    share: float


class Engine(Protocol):
    """Anything that observes clips."""

    def run(self, tasks: Sequence[ClipTask]) -> Observations:
        """Observe the tasks; yields (index of the task, evidence) as they finish. Closing it ends the work."""
        ...

    def progress(self) -> Sequence[Progress]:
        """How far each task of the current run is."""
        ...


class WorkingEngine(Engine, Protocol):
    """One whose workers do more than observe."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result | None]]:
        """(number of the item, its result) as they are done, in any order; None for what hung or broke its worker.

        Args:
            work: a function of a module, so that the workers can find it; it never gives None itself.
        """
        ...

    def kept(self) -> contextlib.AbstractContextManager[None]:
        """Within, the workers of one run stay for what comes after it."""
        ...

    def start(self) -> None:
        """Have workers get ready before it is known what there is to do; within `kept`, which ends them."""
        ...

    def dismiss(self) -> None:
        """There is nothing more to do: workers end while this process goes on."""
        ...


class LocalEngine:
    """A pool of processes on this machine, with a time and a memory limit for each clip.

    Args:
        jobs: number of processes.
        limits: what one clip may cost.
        observe: what is done with each clip; a function of a module, so that the workers can find it.
    """

    def __init__(self, *, jobs: int, limits: Limits, observe: Observe = observe_clip) -> None:
        self._jobs = jobs
        self._limits = limits
        self._observe = observe
        self._slots: Array[ProgressSlot] | tuple[ProgressSlot, ...] = ()
        self._num_tasks = 0
        self._num_workers = 0
        self._is_kept = False
        self._idle: ProcessPool | None = None
        self._ending: threading.Thread | None = None

    def run(self, tasks: Sequence[ClipTask]) -> Observations:
        """See `Engine.run`. On interruption the workers are stopped at once."""
        self._num_tasks = len(tasks)
        if self._num_workers < min(self._jobs, len(tasks)) or len(self._slots) < len(tasks):
            self.dismiss()  # they are too few, or couldn't report progress
        if self._idle is None:
            self._slots = _SPAWN.RawArray(ProgressSlot, len(tasks))
        for slot in self._slots:
            slot.stage, slot.share = Stage.WAITING, 0.0
        waiting, in_vain = _longest_first(tasks), 0
        while waiting and in_vain < _MAX_POOLS_IN_VAIN:
            done = yield from self._run_pool(tasks, waiting)
            waiting = [number for number in waiting if number not in done]
            in_vain = 0 if done else in_vain + 1
        for number in waiting:
            yield number, failed(tasks[number], FailureKind.CRASHED, "no worker process could be started")

    def progress(self) -> Sequence[Progress]:
        """See `Engine.progress`."""
        return [Progress(stage=Stage(slot.stage), share=slot.share) for slot in self._slots[: self._num_tasks]]

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result | None]]:
        """See `WorkingEngine.each`."""
        left = set(range(len(items)))
        if not left:
            return
        with self._pool(len(items)) as pool:
            futures, limit_s = {}, min(self._limits.clip_s, _ITEM_S)
            with starting_workers(), contextlib.suppress(RuntimeError):
                for number, item in enumerate(items):
                    futures[pool.schedule(done_quietly, args=(work, item), timeout=limit_s)] = number
            for future in _as_done(pool, futures):
                left.discard(futures[future])
                yield futures[future], _quiet_result(future)
        yield from ((number, None) for number in sorted(left))

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """See `WorkingEngine.kept`."""
        self._is_kept = True
        try:
            yield
        finally:
            self._is_kept = False
            self.dismiss()
            if self._ending is not None:
                self._ending.join()

    def start(self) -> None:
        """See `WorkingEngine.start`. Of many workers most might have nothing to do: they wait to be needed."""
        if self._idle is not None or self._jobs > _MOST_AHEAD:
            return
        self._slots = _SPAWN.RawArray(ProgressSlot, _SLOTS_AHEAD)
        self._idle = self._new_pool(self._jobs)
        with starting_workers(), contextlib.suppress(RuntimeError):  # a pool that breaks is told when it is used
            for _ in range(self._jobs):
                self._idle.schedule(get_ready)

    def dismiss(self) -> None:
        """See `WorkingEngine.dismiss`. Ending takes some tenths of a second, `kept` waits for it."""
        if self._idle is not None:
            self._idle.stop()
            self._ending = threading.Thread(target=self._idle.join, name="ending-workers")
            self._ending.start()
            self._idle = None

    def _new_pool(self, num_workers: int) -> "ProcessPool":
        from pebble import ProcessPool

        self._num_workers = num_workers
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # it is read while NumPy is loaded
        setup = (self._slots, self._limits.clip_memory_mib)
        return ProcessPool(max_workers=num_workers, context=_SPAWN, initializer=set_up, initargs=setup)

    @contextlib.contextmanager
    def _pool(self, num_tasks: int) -> "Iterator[ProcessPool]":
        """The pool that was kept, or a new one; stopped at once on an interruption, else ended when done."""
        pool, self._idle = self._idle, None
        pool = pool or self._new_pool(min(self._jobs, num_tasks))
        try:
            yield pool
        except BaseException:
            pool.stop()
            pool.join()
            raise
        if self._is_kept and pool.active:
            self._idle = pool
        else:
            pool.close()
            pool.join()

    def _run_pool(self, tasks: Sequence[ClipTask], waiting: Sequence[int]) -> Generator[Numbered, None, set[int]]:
        """One pool, until all is done or it breaks, as when a worker dies while starting; returns what is done."""
        done: set[int] = set()
        with self._pool(len(waiting)) as pool:
            futures = self._schedule(pool, tasks, waiting)
            for future in _as_done(pool, futures):
                number = futures[future]
                if isinstance(future.exception(), BrokenProcessPool):
                    continue
                done.add(number)
                self._slots[number].stage, self._slots[number].share = Stage.DONE, 1.0
                yield number, self._result(future, tasks[number])
        return done

    def _schedule(self, pool: "ProcessPool", tasks: Sequence[ClipTask], waiting: Sequence[int]) -> dict[Any, int]:
        """{future: number of the task}; fewer than are waiting when the pool breaks meanwhile."""
        futures = {}
        with starting_workers(), contextlib.suppress(RuntimeError):
            for number in waiting:
                work = (self._observe, number, tasks[number])
                futures[pool.schedule(observe_numbered, args=work, timeout=self._limits.clip_s)] = number
        return futures

    def _result(self, future: "Future[ClipEvidence]", task: ClipTask) -> ClipEvidence:
        from pebble import ProcessExpired

        try:
            return future.result()
        except TimeoutError:
            return failed(task, FailureKind.TIMED_OUT, f"not done after {self._limits.clip_s:g} s")
        except ProcessExpired as error:
            if error.exitcode == OUT_OF_MEMORY_EXIT:
                detail = f"needed more than {self._limits.clip_memory_mib} MiB"
                return failed(task, FailureKind.OUT_OF_MEMORY, detail)
            return failed(task, FailureKind.CRASHED, f"the worker ended with exit code {error.exitcode}")
        except Exception as error:  # whatever a hostile file brings about is one row, not the end of the run
            return failed(task, FailureKind.EXCEPTION, told(error))


class DaskEngine:
    """A Dask cluster by its own executor. Its workers must see the files under the same paths.

    Args:
        scheduler: address of the scheduler.
        limits: a cluster doesn't tell when a clip was begun, so the time limit holds for all that run at once: when
            none is done for so long, those left are given up. Memory is limited by the cluster's own settings.
        observe: as for `LocalEngine`.
    """

    def __init__(self, *, scheduler: str, limits: Limits, observe: Observe = observe_clip) -> None:
        self._scheduler = scheduler
        self._limits = limits
        self._observe = observe
        self._done: list[bool] = []

    def run(self, tasks: Sequence[ClipTask]) -> Observations:
        """See `Engine.run`."""
        self._done = [False] * len(tasks)
        with _dask_client(self._scheduler) as client:
            executor = client.get_executor(pure=False, retries=1)
            futures = {
                executor.submit(guarded, self._observe, tasks[number]): number for number in _longest_first(tasks)
            }
            for future, is_done in _done_in_time(futures, self._limits.clip_s):
                number = futures[future]
                self._done[number] = is_done
                if is_done:
                    yield number, _dask_result(future, tasks[number])
                else:
                    detail = f"no clip was done for {self._limits.clip_s:g} s"
                    yield number, failed(tasks[number], FailureKind.TIMED_OUT, detail)

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result | None]]:
        """See `WorkingEngine.each`; given up when none is done for as long as one may take."""
        if not items:
            return
        with _dask_client(self._scheduler) as client:
            executor = client.get_executor(pure=False, retries=1)
            futures = {executor.submit(done_quietly, work, item): number for number, item in enumerate(items)}
            for future, is_done in _done_in_time(futures, min(self._limits.clip_s, _ITEM_S)):
                yield futures[future], _quiet_result(future) if is_done else None

    def kept(self) -> contextlib.AbstractContextManager[None]:
        """See `WorkingEngine.kept`: a cluster's workers stay anyway."""
        return contextlib.nullcontext()

    def start(self) -> None:
        """See `WorkingEngine.start`: a cluster's workers are there."""

    def dismiss(self) -> None:
        """See `WorkingEngine.dismiss`: a cluster's workers stay."""

    def progress(self) -> Sequence[Progress]:
        """See `Engine.progress`: a cluster tells only what is done."""
        return [
            Progress(stage=Stage.DONE if done else Stage.WAITING, share=1.0 if done else 0.0) for done in self._done
        ]


def make_engine(name: str, *, jobs: int | None, scheduler: str | None, limits: Limits) -> WorkingEngine:
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


def _as_done(pool: "ProcessPool", futures: "Iterable[Future[Any]]") -> "Iterator[Future[Any]]":
    """The futures as they finish, as long as the pool works."""
    unfinished = set(futures)
    while unfinished and pool.active:
        finished, unfinished = wait(unfinished, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        yield from finished


def _quiet_result(future: "Future[Result | None]") -> Result | None:
    """None also where its worker hung, was killed or lost."""
    try:
        return future.result()
    except Exception as error:
        log.warning("no result: %s", told(error))
        return None


def _longest_first(tasks: Sequence[ClipTask]) -> list[int]:
    """Big files first, so that no long clip is left to one worker at the end."""
    return sorted(range(len(tasks)), key=lambda number: -tasks[number].bytes)


def _dask_client(scheduler: str):  # type: ignore[no-untyped-def]  # distributed has no types
    try:
        from distributed import Client
    except ImportError as error:
        raise SetupError("--engine dask needs Dask: pip install 'vidaudit[dask]'.") from error
    try:
        return Client(scheduler, timeout=_DASK_TIMEOUT_S)
    except (OSError, ValueError) as error:
        raise SetupError(f"No Dask scheduler answers at {scheduler}: {error}. Check the address.") from error


def _done_in_time(futures: "Iterable[Future[Any]]", limit_s: float) -> "Iterator[tuple[Future[Any], bool]]":
    """(future, whether it is done) as they finish; when none is done for so long, those left are given up."""
    unfinished, last = set(futures), time.monotonic()
    while unfinished and time.monotonic() - last < limit_s:
        finished, unfinished = wait(unfinished, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        yield from ((future, True) for future in finished)
        last = time.monotonic() if finished else last
    for future in unfinished:
        future.cancel()
        yield future, False


def _dask_result(future: "Future[ClipEvidence]", task: ClipTask) -> ClipEvidence:
    try:
        return future.result()
    except Exception as error:  # a worker lost for good, or an exception of ours: one row
        kind = FailureKind.CRASHED if type(error).__name__ == "KilledWorker" else FailureKind.EXCEPTION
        return failed(task, kind, told(error))
