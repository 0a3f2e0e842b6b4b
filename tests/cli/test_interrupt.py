"""Ctrl-C, as a terminal sends it: to the command and all its workers at once."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fixtures.videos.disc import DEMO_DISC, FACE_1, FACE_2, FAULTY, GOOD
from tests.cli.commands import VIDAUDIT, environment

SAID = "vidaudit: 已中断，没有留下半成品 / interrupted; nothing half written was left behind"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
CLIPS = [
    course.path(0, kind)
    for course in (GOOD, FAULTY)
    for kind in (FACE_1, FACE_2, "课间人脸识别视频", "课间人脸识别视频１")
]


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A ZIP, so that there is a workspace to clear up, with work for some seconds."""
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        for path in filter(Path.exists, CLIPS):
            archive.write(path, path.relative_to(DEMO_DISC).as_posix())
    return tmp_path / "disc.zip"


@pytest.fixture
def process(disc: Path, tmp_path: Path) -> Iterator[psutil.Popen]:
    command = psutil.Popen(
        [VIDAUDIT, "scan", disc, "--out", tmp_path / "out", "--jobs", "2", "--no-cache"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        start_new_session=True,
    )
    yield command
    if command.poll() is None:
        os.killpg(command.pid, signal.SIGKILL)
        command.wait()


def workers(process: psutil.Popen) -> list[psutil.Process]:
    return [child for child in process.children() if "resource_tracker" not in " ".join(child.cmdline())]


def has_begun(process: psutil.Popen) -> bool:
    return len(workers(process)) > 0


def is_watching(process: psutil.Popen) -> bool:
    """Starting takes a worker about a second of work."""
    return any(child.cpu_times().user > 2 for child in workers(process))


def wait_until(reached: Callable[[psutil.Popen], bool], process: psutil.Popen) -> None:
    deadline = time.monotonic() + 60
    while not reached(process):
        assert process.poll() is None, "ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("reached", [has_begun, is_watching])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(
    process: psutil.Popen, tmp_path: Path, reached: Callable[[psutil.Popen], bool], number: signal.Signals
) -> None:
    wait_until(reached, process)
    family = process.children(recursive=True)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert err.decode("utf-8").strip() == SAID
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert [path for path in (tmp_path / "tmp").iterdir() if path.name.startswith("vidaudit")] == []
    for path in (tmp_path / "out").glob("*"):
        assert (path / "manifest.json").is_file(), path
