"""The process of a command: names in any locale, output that can't be written, interruptions that would get lost."""

import json
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commands import VIDAUDIT, environment, run
from tests.run.submissions import COURSE, DAY, make_class
from vidaudit.cli.surroundings import Interruptions, ensure_utf8
from vidaudit.errors import UsageError

posix = pytest.mark.skipif(sys.platform == "win32", reason="locales, pipes and signals of POSIX")
NOT_UTF8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    make_class(tmp_path / "disc", clip=None)
    return tmp_path / "disc"


@posix
def test_names_are_read_alike_in_any_locale(disc: Path, tmp_path: Path) -> None:
    done = run("scan", disc, "--out", tmp_path / "报告", "--jobs", "1", home=tmp_path, **NOT_UTF8)
    assert done.returncode == 1
    assert COURSE in done.stdout
    usual = run("scan", disc, "--out", tmp_path / "usual", "--no-registry", home=tmp_path)
    assert usual.returncode == 1
    documents = [
        json.loads((out / COURSE / "report.json").read_bytes()) for out in (tmp_path / "报告", tmp_path / "usual")
    ]
    assert documents[0]["clips"] == documents[1]["clips"]
    assert documents[0]["days"][0]["folder"] == DAY


@pytest.mark.parametrize("arguments", [["scan"], None])
def test_where_nothing_can_be_started_again_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str] | None
) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    monkeypatch.setenv("PYTHONUTF8", "1")  # it was tried, in vain
    with pytest.raises(UsageError, match="encoding of this system is ascii"):
        ensure_utf8(arguments)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-16"])
def test_no_encoding_of_the_output_ends_a_run(disc: Path, tmp_path: Path, encoding: str) -> None:
    done = subprocess.run(
        [VIDAUDIT, "scan", disc, "--out", tmp_path / "out"],
        check=False,
        capture_output=True,
        env=environment(tmp_path, PYTHONIOENCODING=encoding),
    )
    assert (done.returncode, done.stderr) == (1, b"")


@posix
def test_a_reader_who_has_gone_changes_no_verdict(tmp_path: Path) -> None:
    """An empty disc needs a person, whoever reads the table."""
    (tmp_path / "disc").mkdir()
    command = [VIDAUDIT, "scan", tmp_path / "disc", "--out", tmp_path / "out"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path), bufsize=0
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 3


@posix
@pytest.mark.parametrize(("closed", "code"), [(">&-", 3), ("2>&-", 3), (">/dev/full", 4)])
def test_output_that_goes_nowhere(tmp_path: Path, closed: str, code: int) -> None:
    (tmp_path / "disc").mkdir()
    command = f"{VIDAUDIT} scan {tmp_path}/disc --out {tmp_path}/out {closed}"
    done = subprocess.run(
        command, shell=True, check=False, capture_output=True, text=True, env=environment(tmp_path, VIDAUDIT_LANG="en")
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert ("Can't write the output" in done.stderr) == (code == 4)
    assert (tmp_path / "out" / "summary.json").is_file()


class _Thing:
    pass


@posix
def test_an_interruption_that_a_callback_swallows_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    swallowed: list[int] = []

    def interrupted_here(_: object) -> None:
        swallowed.append(1)
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass  # the interpreter looks at signals between its steps

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    try:
        with Interruptions():
            _wait_for_it(interrupted_here)
            pytest.fail("never interrupted")
        assert swallowed == [1]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for_it(callback: Callable[[object], None]) -> None:
    thing = _Thing()
    reference = weakref.ref(thing, callback)
    del thing
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        time.sleep(0.01)
    assert reference() is None


@posix
def test_clearing_up_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    cleared = []
    try:
        with Interruptions():
            try:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(30)
            finally:
                try:
                    cleared.append({}["not there"])
                except KeyError:
                    os.kill(os.getpid(), signal.SIGTERM)  # impatient: once more
                    time.sleep(0.01)
                cleared.append("all of it")
        assert cleared == ["all of it"]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
