import io
import os
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.commands import VIDAUDIT, environment, run
from tests.run.submissions import make_class
from tests.run.work import task
from vidaudit.cli import progress
from vidaudit.cli.progress import TqdmMonitor
from vidaudit.model.evidence import ClipEvidence
from vidaudit.run.clip import Stage
from vidaudit.run.engines import Observations, Progress

TASKS = [
    task("0520/长视频.mp4", size=300),
    task("0520/b.mp4", size=100),
    *(task(f"{n}.mp4", size=1) for n in range(20)),
]


class Terminal(io.StringIO):
    """Standard error as a terminal shows it."""

    def isatty(self) -> bool:
        return True


class Still:
    """An engine that stands where it is."""

    def __init__(self, progress: Sequence[Progress]) -> None:
        self._progress = progress

    def run(self, tasks: object) -> Observations:
        yield from ()

    def progress(self) -> Sequence[Progress]:
        return self._progress


def at(stage: Stage, share: float) -> Progress:
    return Progress(stage=stage, share=share)


def shown(monkeypatch: pytest.MonkeyPatch, states: Sequence[Progress], lang: str = "en") -> str:
    """What a terminal gets to see of tasks in these states."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "_REFRESH_S", 0.01)
    monitor = TqdmMonitor(lang)
    monitor.start(TASKS[: len(states)] if states else TASKS, Still(states))
    deadline = time.monotonic() + 5
    while "%" not in terminal.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    monitor.clip_done(TASKS[0], ClipEvidence(path="a", kind=TASKS[0].kind))
    monitor.stop()
    return terminal.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["all clips", "left", "watching  50%"]), ("zh", ["全部视频", "剩余", "查看画面  50%"])]
)
def test_a_terminal_shows_how_far_everything_is(monkeypatch, lang: str, words: list[str]) -> None:
    """Half of the clip that is three quarters of all bytes, and the whole of the rest."""
    text = shown(monkeypatch, [at(Stage.WATCHING, 0.5), at(Stage.DONE, 1.0)], lang)
    assert [word for word in [*words, "0520/长视频.mp4"] if word not in text] == []
    assert " 60%" in text  # 1.2 of 2
    assert "b.mp4" not in text


def test_more_running_clips_than_lines(monkeypatch) -> None:
    text = shown(monkeypatch, [at(Stage.READING, 0.0)] * len(TASKS))
    assert "5.mp4" in text
    assert "6.mp4" not in text


def test_of_a_long_path_the_end_is_shown(monkeypatch) -> None:
    start, end = "5月20日/" + "长" * 40, "课间人脸识别视频1.mp4"
    monkeypatch.setitem(globals(), "TASKS", [task(start + end)])
    text = shown(monkeypatch, [at(Stage.READING, 0.0)])
    assert f"长{end}" in text
    assert start not in text


def test_nothing_known_yet_is_no_error(monkeypatch) -> None:
    assert "  0%" in shown(monkeypatch, [])


def test_every_running_stage_has_words() -> None:
    for words in progress._WORDS.values():
        assert set(words) == set(Stage) - {Stage.WAITING, Stage.DONE}


@pytest.mark.parametrize(("terminal", "tasks"), [(io.StringIO(), TASKS), (Terminal(), [])])
def test_no_bars_where_there_is_no_terminal_or_nothing_to_do(monkeypatch, terminal: io.StringIO, tasks) -> None:
    monkeypatch.setattr(sys, "stderr", terminal)
    monitor = TqdmMonitor("en")
    monitor.start(tasks, Still([]))
    monitor.stop()
    assert terminal.getvalue() == ""


def test_a_run_that_is_not_at_a_terminal_has_no_bars(tmp_path: Path) -> None:
    make_class(tmp_path / "disc", clip=None)
    done = run("scan", tmp_path / "disc", "--out", tmp_path / "out", home=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "\r" not in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are POSIX")
def test_at_a_terminal_bars_come_and_go(tmp_path: Path) -> None:
    import fcntl
    import pty
    import termios

    make_class(tmp_path / "disc")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))  # without a size there is no room
    process = subprocess.Popen(
        [VIDAUDIT, "scan", tmp_path / "disc", "--out", tmp_path / "out", "--lang", "en", "--jobs", "1"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(tmp_path, TERM="xterm"),
    )
    os.close(theirs)
    text = read_all(ours).decode("utf-8")
    assert process.wait(timeout=60) == 1
    bars, _, table = text.rpartition("\x1b[A")
    assert "all clips" in bars
    assert "watching" in bars
    assert "all clips" not in table
    assert "summary.html" in table
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h")  # a cursor that was hidden is shown again
    assert text.count("\x1b[A") >= text.count("\n") - table.count("\n") - 1  # the bars are taken back
    assert "Traceback" not in text


def read_all(terminal: int) -> bytes:
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux tells the end of a pseudo terminal as an error
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts)
        parts.append(part)
