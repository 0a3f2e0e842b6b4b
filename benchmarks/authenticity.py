"""What finding footage used twice, looped, cut or misdated takes of a scan (AUT001 to AUT006).

All clips of the real disc in one process, one after the other: processor time of what only these rules need, as a share
of all that a scan does with its video.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2

from benchmarks.measure import checked, media, table
from vidaudit.intake.discover import discover
from vidaudit.media import probe
from vidaudit.media.fingerprint import PacketTrace
from vidaudit.model.media import Sampling
from vidaudit.observe.clock import ClockObserver
from vidaudit.run import takes
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.footage import FootageOfRun

_PARTS: tuple[tuple[str, Any, str], ...] = (
    ("the recorder's clock", ClockObserver, "add"),
    ("the recorder's clock", ClockObserver, "finish"),
    ("cuts", takes, "observe_take"),
    ("cuts", probe, "find_suspects"),
    ("notes for comparing", PacketTrace, "add"),
    ("notes for comparing", PacketTrace, "fingerprint"),
)
_MOST_SHARE = 0.2


def main() -> None:
    disc = media("disc-real")
    if disc is None:
        return
    cv2.setNumThreads(1)  # as the workers of a scan do
    _scan(disc, defaultdict(float))  # loads libraries and models
    spent_s: dict[str, float] = defaultdict(float)
    began_s = time.process_time()
    _scan(disc, spent_s)
    whole_s = time.process_time() - began_s
    rows = [(part, f"{part_s:.2f}", f"{part_s / whole_s:.1%}") for part, part_s in spent_s.items()]
    print(
        table(
            ("what", "processor time, s", "share"), [*rows, ("all that is done with the video", f"{whole_s:.2f}", "")]
        )
    )
    share = sum(spent_s.values()) / whole_s
    print(checked("share of all of them", f"{share:.1%}", f"at most {_MOST_SHARE:.0%}", met=share <= _MOST_SHARE))


def _scan(disc: Path, spent_s: dict[str, float]) -> None:
    """Observe and compare everything; what the parts took is added to `spent_s`."""
    classes = discover([disc]).classes
    footage = FootageOfRun(classes)
    with ExitStack() as stack:
        for part, owner, name in _PARTS:
            stack.enter_context(patch.object(owner, name, _timed(getattr(owner, name), part, spent_s)))
        for position, found in enumerate(classes):
            tasks = [
                ClipTask(
                    path=clip.path,
                    file=found.sources[clip.path],
                    bytes=clip.bytes,
                    kind=clip.kind,
                    prefix=f"clip{number}",
                    sampling=Sampling(),
                )
                for number, clip in enumerate(found.folder.clips)
            ]
            footage.add(position, [observe_clip(task) for task in tasks])
    began_s = time.process_time()
    footage.compare({})
    spent_s["comparing"] += time.process_time() - began_s


def _timed(work: Callable[..., Any], part: str, spent_s: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **more: Any) -> Any:
        began_s = time.thread_time()  # two threads work on a clip
        try:
            return work(*arguments, **more)
        finally:
            spent_s[part] += time.thread_time() - began_s

    return timed


if __name__ == "__main__":
    main()
