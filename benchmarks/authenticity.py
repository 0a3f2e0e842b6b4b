"""What finding footage used twice, looped, cut or misdated takes of a scan (AUT001 to AUT006).

First whole scans of the real disc, alternately with all of it and with nothing but the notes taken while a file is
read. Then all of its clips in one process, one after the other: the processor time of each part.
"""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2

from benchmarks.measure import COMPLETED, checked, figure, media, table, vidaudit, watch
from vidaudit.intake.discover import discover
from vidaudit.media import probe
from vidaudit.media.fingerprint import PacketTrace
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.media import Sampling
from vidaudit.observe.clock import ClockObserver
from vidaudit.run import engines, reuse, takes
from vidaudit.run.clip import ClipTask, Report, observe_clip
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
_LOCAL_ENGINE = engines.LocalEngine


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.authenticity")
    parser.add_argument("--repeats", type=int, default=2, help="how often the disc is scanned; the best counts")
    parser.add_argument("--bare", nargs=argparse.REMAINDER, help="only run vidaudit with these arguments, without them")
    options = parser.parse_args(arguments)
    if options.bare:
        bare(options.bare)
        return
    disc = media("disc-real")
    if disc is None:
        return
    _share_of_a_scan(disc, options.repeats)
    _parts(disc)


def _share_of_a_scan(disc: Path, repeats: int) -> None:
    """By how much longer a scan takes."""
    with_s, without_s = [], []
    for number in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            with_s.append(vidaudit(*_arguments(disc, Path(folder) / "with")).wall_s)
            command = [sys.executable, "-m", "benchmarks.authenticity", "--bare"]
            without_s.append(watch([*command, *_arguments(disc, Path(folder) / "without")], codes=COMPLETED).wall_s)
        print(figure(f"scan {number + 1}", with_s[-1], "s"), figure("without", without_s[-1], "s"), sep="; ")
    share = 1 - min(without_s) / min(with_s)
    print(checked("share of a scan", f"{share:.1%}", f"at most {_MOST_SHARE:.0%}", met=share <= _MOST_SHARE))


def _arguments(disc: Path, out: Path) -> list[str | Path]:
    return ["scan", disc, "--out", out, "--no-cache", "--no-registry", "--quiet", "--jobs", "2"]


def bare(arguments: list[str]) -> None:
    """Run vidaudit without what is measured."""
    from vidaudit.cli import main as run

    with patch.object(engines, "LocalEngine", _bare_engine), patch.object(reuse, "find_reuse", _nothing_found):
        run(arguments)


def _bare_engine(**how: Any) -> engines.LocalEngine:
    return _LOCAL_ENGINE(**how, observe=observe_bare)


def observe_bare(task: ClipTask, report: Report) -> ClipEvidence:
    """A clip without its clock and its cuts."""
    with (
        patch.object(ClockObserver, "add", lambda _self, _frame: None),
        patch.object(ClockObserver, "finish", lambda _self: (None, ())),
        patch.object(takes, "observe_take", lambda *_arguments, **_more: (None, ())),
    ):
        return observe_clip(task, report)


def _nothing_found(*_arguments: object, **_more: object) -> reuse.Reuses:
    return reuse.Reuses()


def _parts(disc: Path) -> None:
    cv2.setNumThreads(1)  # as the workers of a scan do
    _scan(disc, defaultdict(float))  # loads libraries and models
    spent_s: dict[str, float] = defaultdict(float)
    began_s = time.process_time()
    _scan(disc, spent_s)
    whole_s = time.process_time() - began_s
    rows = [(part, f"{part_s:.2f}", f"{part_s / whole_s:.1%}") for part, part_s in spent_s.items()]
    together = ("together", f"{sum(spent_s.values()):.2f}", f"{sum(spent_s.values()) / whole_s:.1%}")
    whole = ("all that is done with the video", f"{whole_s:.2f}", "")
    print(table(("what", "processor time, s", "share"), [*rows, together, whole]))


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
