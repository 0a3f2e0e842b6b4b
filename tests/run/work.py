"""What workers do instead of observing, and the tasks for it: functions of a module, so that processes find them.

The name of a task's file says what happens to it.
"""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fixtures.videos.clips import CLIPS
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.run.clip import ClipTask, Report, Stage, observe_clip


class UnpicklableError(Exception):
    """Can be sent to another process, but not be read there."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def task(
    name: str, file: Path | None = None, kind: ClipKind = ClipKind.LECTURE, size: int = 1, cache: Path | None = None
) -> ClipTask:
    return ClipTask(
        path=name,
        file=file or Path(name),
        bytes=size,
        kind=kind,
        prefix=f"clip-{kind}",
        sampling=Sampling(),
        cache=cache,
    )


def clip_tasks(*names: str, kind: ClipKind = ClipKind.LECTURE) -> list[ClipTask]:
    """Tasks for clips of the fixtures."""
    return [task(name, CLIPS / name, kind) for name in names]


def pretend(one: ClipTask, report: Report) -> ClipEvidence:
    """Do to this process what the task's name says."""
    report(Stage.WATCHING, 0.5)
    match one.path.rstrip("0123456789"):
        case "hang":
            time.sleep(600)
        case "crash":
            os._exit(7)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hungry":
            _eat()
        case "no-memory":
            raise MemoryError("no room for 10 GiB")
        case "raise":
            raise ValueError("a hostile number")
        case "unpicklable":
            raise UnpicklableError("one", "two")
        case "slow":
            time.sleep(0.5)
    return observe_clip(one, report) if one.file.is_file() else ClipEvidence(path=one.path, kind=one.kind)


def shouted(name: str) -> str:
    """The name in capitals, unless it says what happens to this process."""
    match name:
        case "hang":
            time.sleep(600)
        case "crash":
            os._exit(7)
        case "unpicklable":
            raise UnpicklableError("one", "two")
    return name.upper()


def process_id(_item: object) -> int:
    """Which process this is."""
    return os.getpid()


def _eat() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(os.urandom(1)) * 2**24)
        time.sleep(0.02)


def steady(evidence: ClipEvidence) -> ClipEvidence:
    """Without the last digits of the sharpness: OpenCV adds up in another order where memory lies otherwise."""
    picture = evidence.picture
    if picture is None:
        return evidence
    return replace(evidence, picture=replace(picture, sharpness=round(picture.sharpness, 4)))


def evidence_of(results: Sequence[tuple[int, ClipEvidence]]) -> dict[int, ClipEvidence]:
    """{number: evidence}; every number once."""
    by_number = dict(results)
    assert len(by_number) == len(results)
    return by_number
