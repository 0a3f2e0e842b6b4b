"""`vidaudit fix`: the plan, the copy, its account and its scan."""

import json
from pathlib import Path

import pytest

from fixtures.videos.cases import ROOM
from fixtures.videos.encode import remux
from fixtures.videos.rosters import INSTITUTION
from tests.run.submissions import COURSE, DAY, files_of, make_class, state_of
from vidaudit.cli import _run
from vidaudit.report.schema import validate

TITLE = f"{INSTITUTION}{COURSE}{DAY}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class with a text for each clip and one of them named wrongly."""
    folder = make_class(tmp_path / "disc", clip=None)
    (folder / DAY / f"{TITLE}课间人脸识别视频2.mp4").rename(folder / DAY / f"{TITLE}课间人脸识别视频二.mp4")
    (folder / "Thumbs.db").write_bytes(b"x")
    return folder


def fix(*arguments: str | Path) -> int:
    return _run(["fix", *map(str, arguments)])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_dry_run_shows_the_plan_and_does_nothing(folder: Path, tmp_path: Path, capsys, lang: str) -> None:
    before = {path for path in tmp_path.rglob("*") if "cache" not in path.parts}
    assert fix(folder, "--out", tmp_path / "new", "--dry-run", "--lang", lang) == 0
    said = capsys.readouterr().out
    assert f"→ {DAY}/{TITLE}课间人脸识别视频2.mp4" in said
    assert "Thumbs.db" in said
    assert {path for path in tmp_path.rglob("*") if "cache" not in path.parts} == before


def test_a_mended_copy_its_account_and_its_scan(tmp_path: Path, capsys) -> None:
    folder = make_class(tmp_path / "disc")
    clip = folder / DAY / f"{TITLE}课间人脸识别视频1.mp4"
    clip.unlink()
    remux([ROOM], clip.with_suffix(".mkv"), muxer="matroska")
    before = state_of(folder)
    new, reports = tmp_path / "new", tmp_path / "new-report"
    assert fix(tmp_path / "disc", "--out", new, "--jobs", "1") == 1  # lectures of four seconds can't be mended
    assert state_of(folder) == before
    assert f"{COURSE}/{DAY}/{clip.name}" in files_of(new)
    document = json.loads((reports / "fix.json").read_bytes())
    assert validate(document) == ()
    (made,) = document["classes"]
    assert [one["identical_streams"] for one in made["clips"] if one["done"] == "remux"] == [1]
    assert {note["code"] for note in made["notes"]} == {"short-lecture"}
    report = json.loads((reports / COURSE / "report.json").read_bytes())
    assert validate(report) == ()
    status = {rule["id"]: rule["status"] for rule in report["rules"]}
    assert {status[rule] for rule in ("LAY001", "LAY002", "LAY003", "NAM001", "CON001", "CON002", "CON003")} == {"pass"}
    assert capsys.readouterr().out.startswith((reports / "fix.txt").read_text(encoding="utf-8").rstrip("\n"))


@pytest.mark.parametrize("place", ["disc/new", "disc", "."])
def test_the_original_is_never_written_to(folder: Path, tmp_path: Path, capsys, place: str) -> None:
    before = state_of(tmp_path / "disc")
    assert fix(tmp_path / "disc", "--out", tmp_path / place) == 2
    assert state_of(tmp_path / "disc") == before
    assert "--out" in capsys.readouterr().err


@pytest.mark.usefixtures("in_english")
def test_nothing_to_mend(tmp_path: Path, capsys) -> None:
    (tmp_path / "empty").mkdir()
    assert fix(tmp_path / "empty", "--out", tmp_path / "new") == 2
    assert "no class folder" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_an_account_of_another_repair_isnt_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "new-report").mkdir()
    (tmp_path / "new-report" / "fix.json").write_text("{}")
    assert fix(folder, "--out", tmp_path / "new") == 2
    assert (tmp_path / "new-report" / "fix.json").read_text() == "{}"


def test_an_archive_that_cant_be_opened_is_named(folder: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 broken")
    assert fix(folder, tmp_path / "bad.zip", "--out", tmp_path / "new", "--dry-run") == 0
    told = capsys.readouterr()
    assert "bad.zip" in told.err
    assert "bad.zip" in told.out
