"""`vidaudit registry`, and what `scan` remembers."""

import datetime as dt
import json
import os
import sys
from pathlib import Path

import pytest

from fixtures.videos.cases import ROOM
from tests.cli.commands import run
from tests.registries import NOW, clip, course
from tests.run.submissions import COURSE, make_class
from vidaudit.cli import _run
from vidaudit.run.registry import Registry, default_file

OTHER = "2024年第8期保育师培训班"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with Registry(tmp_path / "r.sqlite", create=True) as registry:
        year = dt.timedelta(days=366)
        registry.record(
            [
                course("一班", clip(1), clip(2)),
                course("二班", clip(1), institution="乙学校", scanned_at=NOW - year, submission="旧盘"),
                course("三班", clip(3), first=None, last=None, scanned_at=NOW - 2 * year),
            ]
        )
    return tmp_path / "r.sqlite"


def registry(*arguments: str | Path) -> int:
    return _run(["registry", *map(str, arguments)])


def names(said: str) -> list[str]:
    return [name for name in ("一班", "二班", "三班") if name in said]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ([], ["一班", "二班", "三班"]),
        (["--institution", "乙"], ["二班"]),
        (["--class", "班"], ["一班", "二班", "三班"]),
        (["--class", "一"], ["一班"]),
        (["--from", "2024-05-20"], ["一班", "二班"]),
        (["--from", "2024-05-21"], []),
        (["--to", "2024-05-20"], ["一班", "二班"]),
        (["--to", "2024-05-19"], []),
    ],
    ids=" ".join,
)
def test_list(file: Path, options: list[str], left: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert registry("list", "--registry", file, *options) == 0
    assert names(capsys.readouterr().out) == left


@pytest.mark.parametrize(("lang", "said"), [("zh", ["班级：3", "旧盘", "本单位"]), ("en", ["Classes: 3", "here"])])
def test_list_in_both_languages(file: Path, lang: str, said: list[str], capsys) -> None:
    assert registry("list", "--registry", file, "--lang", lang) == 0
    out = capsys.readouterr().out
    assert [word for word in said if word not in out] == []
    assert "registry_" not in out


@pytest.mark.parametrize(("lang", "said"), [("zh", "文件相同"), ("en", "the same file")])
def test_show(file: Path, lang: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert registry("show", "1", "--registry", file, "--lang", lang) == 0
    out = capsys.readouterr().out
    assert out.count(said) == 1
    assert "乙学校 二班" in out
    assert registry("show", "1", "--registry", file, "--clip", "2.mp4") == 0
    assert names(capsys.readouterr().out) == ["一班"]


def test_carried_to_another_office(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert registry("export", tmp_path / "x.gz", "--name", "壶关县", "--registry", file) == 0
    for _ in range(2):
        assert registry("import", tmp_path / "x.gz", "--registry", tmp_path / "other.sqlite") == 0
    assert registry("list", "--registry", tmp_path / "other.sqlite") == 0
    out = capsys.readouterr().out
    assert "班级：3，视频：4" in out
    assert "壶关县" in out


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--class", "2"], ["一班", "三班"]),
        (["--class", "1", "--class", "2"], ["三班"]),
        (["--submission", "旧盘"], ["一班", "三班"]),
        (["--before", "2024-06-01"], ["一班"]),
        (["--before", "2024-06-03"], []),
        (["--before", "2024-06-03", "--submission", "DISC"], ["二班"]),
        (["--before", "2000-01-01"], ["一班", "二班", "三班"]),
    ],
    ids=" ".join,
)
def test_forget(file: Path, options: list[str], left: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert registry("forget", "--yes", "--registry", file, *options) == 0
    capsys.readouterr()
    registry("list", "--registry", file)
    assert names(capsys.readouterr().out) == left


@pytest.mark.parametrize(("answer", "left"), [("n\n", 3), ("y\n", 2)])
def test_it_asks_first(file: Path, answer: str, left: int, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "answer").write_text(answer)
    with (tmp_path / "answer").open() as given:
        monkeypatch.setattr(sys, "stdin", given)
        assert registry("forget", "--class", "1", "--registry", file) == 0
    with Registry(file) as opened:
        assert len(opened.classes()) == left


@pytest.mark.usefixtures("in_english")
def test_where_nobody_answers_nothing_is_forgotten(file: Path, monkeypatch, capsys) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert registry("forget", "--class", "1", "--registry", file) == 2
    assert "--yes" in capsys.readouterr().err
    with Registry(file) as opened:
        assert len(opened.classes()) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "9"], 2, "list"),
        (["forget"], 2, "--submission"),
        (["forget", "--class", "9", "--yes"], 2, "no class number 9"),
        (["list", "--from", "soon"], 2, "--from"),
        (["import", "nowhere.gz"], 4, "nowhere.gz"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(file: Path, arguments: list[str], code: int, said: str, capsys) -> None:
    assert registry(*arguments, "--registry", file) == code
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("in_english")
def test_none_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert registry("list") == 4
    assert "The first scan makes it" in capsys.readouterr().err
    assert not default_file().exists()


def earlier(out: Path, name: str) -> list[tuple[str, str]]:
    """The outcome of AUT002 in a report: (code, status) of each finding."""
    report = json.loads((out / name / "report.json").read_bytes())
    (rule,) = [rule for rule in report["rules"] if rule["id"] == "AUT002"]
    return [(finding["code"], finding["status"]) for finding in rule["findings"]]


def test_a_disc_handed_in_again_as_another_class(tmp_path: Path) -> None:
    make_class(tmp_path / "one", clip=ROOM)
    make_class(tmp_path / "two", OTHER, clip=ROOM)
    arguments = ("--jobs", "2", "--quiet", "--out")
    for _ in range(2):
        run("scan", tmp_path / "one", *arguments, tmp_path / "out", home=tmp_path)
        assert earlier(tmp_path / "out", COURSE) == [("ok", "pass")]
    run("scan", tmp_path / "two", *arguments, tmp_path / "out", home=tmp_path)
    assert {("copied-file", "review")} == set(earlier(tmp_path / "out", OTHER))
    with Registry(tmp_path / "data" / "vidaudit" / "registry.sqlite") as opened:
        assert [(one.kept.name, one.num_clips) for one in opened.classes()] == [(OTHER, 3), (COURSE, 3)]


def test_without_a_registry_a_scan_comes_to_its_end(tmp_path: Path) -> None:
    make_class(tmp_path / "disc", clip=None)
    out = tmp_path / "out"
    silent = run("scan", tmp_path / "disc", "--out", out, "--no-registry", home=tmp_path)
    assert (silent.returncode, silent.stderr) == (1, "")
    assert not (tmp_path / "data" / "vidaudit").exists()
