import subprocess
import sys
from pathlib import Path

import pytest

import vidaudit
from tests.cli.commands import run
from vidaudit import cli
from vidaudit.cli import app
from vidaudit.errors import ProfileError, SetupError, UsageError, VidauditError


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], ["scan", "judge", "退出码", "exit codes"]),
        (["-h"], ["scan", "judge"]),
        (
            ["scan", "--help"],
            [
                *("--profile", "--roster", "--out", "--jobs", "--engine", "--scheduler"),
                *("--detector", "--lang", "--no-cache", "--quiet"),
            ],
        ),
        (["judge", "--help"], ["--profile", "--roster", "--out", "--lang", "--quiet"]),
        (["--version"], [vidaudit.__version__]),
    ],
    ids=" ".join,
)
def test_help(arguments: list[str], said: list[str], tmp_path: Path) -> None:
    done = run(*arguments, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [word for word in said if word not in done.stdout] == []


def test_it_is_a_module_too() -> None:
    done = subprocess.run([sys.executable, "-m", "vidaudit", "--version"], check=True, capture_output=True, text=True)
    assert vidaudit.__version__ in done.stdout


def test_every_command_listed_can_be_called(capsys: pytest.CaptureFixture[str]) -> None:
    for name, (_, about) in app.COMMANDS.items():
        assert cli._run([name, "--help"]) == 0
        assert capsys.readouterr().out != ""
        assert cli._run(["--help"]) == 0
        assert about.split(" / ")[0] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage"),
        (["scna"], "scna"),
        (["--nonsense"], "--nonsense"),
        (["scan"], "PATH"),
        (["judge"], "OUT"),
        (["judge", "a", "b"], "b"),
        (["scan", "x", "--out"], "--out"),
        (["scan", "x", "--jobs", "0"], "--jobs"),
        (["scan", "x", "--jobs", "two"], "--jobs"),
        (["scan", "x", "--engine", "cloud"], "--engine"),
        (["scan", "x", "--lang", "fr"], "--lang"),
        (["judge", "x", "--lang", "fr"], "--lang"),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(arguments) == 2
    assert said in capsys.readouterr().err


def raising(error: BaseException):
    def main(**_: object) -> None:
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError("what"), 2), (ProfileError("what"), 2), (SetupError("what"), 4), (VidauditError("what"), 4)],
)
def test_expected_errors_are_one_line(
    error: VidauditError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app.cli, "main", raising(error))
    assert cli._run([]) == code
    assert capsys.readouterr().err == "vidaudit: what\n"


def test_an_interruption(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app.cli, "main", raising(KeyboardInterrupt()))
    assert cli._run([]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_a_bug_shows_where_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app.cli, "main", raising(ZeroDivisionError("a bug")))
    assert cli._run([]) == 4
    said = capsys.readouterr().err
    assert "the tool itself failed" in said
    assert "Traceback" in said
    assert "ZeroDivisionError: a bug" in said


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("libGL.so.1: cannot open shared object file: No such file or directory", "libGL.so.1 is missing"),
        ("libGL.so.1: cannot open shared object file: No such file or directory", "libgl1 libglib2.0-0"),
        ("libgthread-2.0.so.0: cannot open shared object file: No such file or directory", "libgthread-2.0.so.0"),
        ("DLL load failed while importing cv2: The specified module could not be found.", "Visual C++"),
    ],
)
def test_a_library_that_the_system_lacks_is_named_with_what_to_install(
    message: str, remedy: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app.cli, "main", raising(ImportError(message)))
    assert cli._run([]) == 4
    said = capsys.readouterr().err
    assert remedy in said
    assert "Traceback" not in said


def test_any_other_failed_import_is_a_bug(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app.cli, "main", raising(ImportError("cannot import name 'x' from 'vidaudit'")))
    assert cli._run([]) == 4
    assert "Traceback" in capsys.readouterr().err


def test_a_missing_library_is_found_out_before_the_workers_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """OpenCV is imported in this process first."""

    class WithoutGl:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "vidaudit.observe.detectors":
                raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(sys, "meta_path", [WithoutGl(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "vidaudit.observe.detectors", raising=False)
    assert cli._run(["scan", str(tmp_path / "disc"), "--out", str(tmp_path / "out")]) == 4
    assert "libgl1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [["scan", "nowhere"], ["judge", "nowhere"]], ids=" ".join)
def test_names_that_the_terminal_cant_show_end_no_run(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, "--out", tmp_path / "out", home=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["judge", "verify", "retention", "scan", "people", "profile show"])
def test_a_path_that_is_too_long_is_wrong_usage(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run([*command.split(), "培" * 300]) == 2
    assert "Traceback" not in capsys.readouterr().err
