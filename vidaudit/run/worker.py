"""What a worker process runs: how it is set up and watched, and how a clip is observed or an item done in it."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from ctypes import Structure, c_double, c_int
from typing import TypeVar

from vidaudit.model.evidence import ClipEvidence, ClipFailure, FailureKind
from vidaudit.run.clip import ClipTask, Report, Stage

OUT_OF_MEMORY_EXIT = 86
_WATCH_S = 0.25
Observe = Callable[[ClipTask, Report], ClipEvidence]
Item = TypeVar("Item")
Result = TypeVar("Result")

log = logging.getLogger(__name__)


class ProgressSlot(Structure):
    """How far one task is, in memory shared with the worker; no lock, so a killed worker can't keep one."""

    _fields_ = (("stage", c_int), ("share", c_double))


_slots: Sequence[ProgressSlot] = ()


def set_up(slots: Sequence[ProgressSlot], memory_mib: int) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, one thread a process, a watch on memory."""
    global _slots  # noqa: PLW0603  # a worker's one piece of state: where it reports its progress
    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    _slots = slots
    threading.Thread(target=_watch, args=(memory_mib * 2**20,), daemon=True).start()


def _watch(limit_bytes: int) -> None:
    """End this worker when it needs too much memory, or when nobody waits for it any more."""
    import psutil

    process, parent = psutil.Process(), multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        if process.memory_info().rss > limit_bytes:
            os._exit(OUT_OF_MEMORY_EXIT)  # from a thread the only way to stop work inside a library
        time.sleep(_WATCH_S)
    os._exit(1)


def observe_numbered(observe: Observe, number: int, task: ClipTask) -> ClipEvidence:
    """Observe the task with this number, which is its place among the slots; as `guarded`."""
    slot = _slots[number]

    def report(stage: Stage, share: float) -> None:
        slot.stage, slot.share = stage, share

    return guarded(observe, task, report)


def guarded(observe: Observe, task: ClipTask, report: Report = lambda _stage, _share: None) -> ClipEvidence:
    """Observe; an exception becomes evidence here already, as not every one survives the way between processes."""
    try:
        return observe(task, report)
    except MemoryError as error:
        return failed(task, FailureKind.OUT_OF_MEMORY, told(error))
    except Exception as error:
        return failed(task, FailureKind.EXCEPTION, told(error))


def done_quietly(work: Callable[[Item], Result], item: Item) -> Result | None:
    """The result; None where there is an exception, as not every one survives the way between processes."""
    try:
        return work(item)
    except Exception:
        log.exception("no result")
        return None


def failed(task: ClipTask, kind: FailureKind, detail: str) -> ClipEvidence:
    """The evidence of a clip that broke what observed it."""
    return ClipEvidence(path=task.path, kind=task.kind, failure=ClipFailure(kind=kind, detail=detail))


def told(error: Exception) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {error}"
