"""A registry that can't be used: what was asked for by name is refused at once, the user's own is never passed over."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.run.submissions import COURSE, files_of, make_class
from vidaudit.cli import _run
from vidaudit.run.registry import Registry, default_file


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    make_class(tmp_path / "disc", clip=None)
    return tmp_path / "disc"


def is_a_folder(file: Path) -> None:
    file.mkdir()


def is_a_text(file: Path) -> None:
    file.write_text("root:x:0:0\n" * 99, encoding="utf-8")


def is_cut_off(file: Path) -> None:
    with Registry(file, create=True):
        pass
    file.write_bytes(file.read_bytes()[:5000])


def is_newer(file: Path) -> None:
    with Registry(file, create=True):
        pass
    with sqlite3.connect(file) as database:
        database.execute("update registry set schema_version = 99")
    database.close()


def is_of_another_program(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("create table bookmarks (address text)")
    database.close()


def is_below_a_file(file: Path) -> None:
    """Its folder can't be made."""
    file.parent.rmdir()
    file.parent.write_bytes(b"")


SPOILT = [is_a_folder, is_a_text, is_cut_off, is_newer, is_of_another_program, is_below_a_file]


@pytest.mark.parametrize("spoil", SPOILT)
def test_one_that_was_asked_for_is_refused_before_anything_is_scanned(
    disc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None]
) -> None:
    (tmp_path / "given").mkdir()
    spoil(tmp_path / "given" / "r.sqlite")
    before = files_of(tmp_path / "given")
    assert (
        _run(["scan", str(disc), "--out", str(tmp_path / "out"), "--registry", str(tmp_path / "given/r.sqlite")]) == 2
    )
    said = capsys.readouterr().err
    assert "r.sqlite" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()
    assert files_of(tmp_path / "given") == before


@pytest.mark.parametrize("spoil", SPOILT)
def test_the_users_own_leaves_the_rule_open(
    disc: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None]
) -> None:
    default_file().parent.mkdir(parents=True)
    spoil(default_file())
    assert _run(["scan", str(disc), "--out", str(tmp_path / "out")]) == 1
    assert "registry.sqlite" in capsys.readouterr().err
    report = json.loads((tmp_path / "out" / COURSE / "report.json").read_bytes())
    (rule,) = [rule for rule in report["rules"] if rule["id"] == "AUT002"]
    assert rule["status"] == "not-evaluated"
    assert [found["code"] for found in rule["findings"]][-1] == "no-registry"
    page = (tmp_path / "out" / COURSE / "report.html").read_text(encoding="utf-8")
    assert "没有与以前报送的视频比较" in page


def test_one_that_is_not_there_is_made(disc: Path, tmp_path: Path) -> None:
    own = tmp_path / "new" / "r.sqlite"
    assert _run(["scan", str(disc), "--out", str(tmp_path / "out"), "--registry", str(own)]) == 1
    with Registry(own) as registry:
        assert [one.kept.name for one in registry.classes()] != []
