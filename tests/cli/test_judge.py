import json
import shutil
from pathlib import Path

import pytest

from fixtures.videos.recipes import roster
from tests.run.inline import scan_inline
from tests.run.submissions import COURSE, files_of, make_class, state_of
from vidaudit.cli import _run

PROFILE = Path(__file__).parents[2] / "profiles" / "huguan-2024.toml"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a scan left of a class whose videos nobody looked at, and which have gone since."""
    folder = make_class(tmp_path / "disc", clip=None)
    (tmp_path / "disc" / "补录.mp4").write_bytes(b"x")
    scan_inline([tmp_path / "disc"], tmp_path / "out")
    shutil.rmtree(folder.parent)
    return tmp_path / "out"


def judge(*arguments: str | Path) -> int:
    return _run(["judge", *map(str, arguments)])


def report(out: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads((out / COURSE / "report.json").read_bytes())
    return document


def test_in_place(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = report(out), files_of(out)
    assert judge(out) == 3
    said = capsys.readouterr()
    assert COURSE in said.out
    assert str(out / "summary.html") in said.out
    assert said.err == ""
    after = report(out), files_of(out)
    for document in (before[0], after[0]):
        del document["tool"]  # that scan was told other versions
    assert after == before


def test_elsewhere_by_another_profile_in_english(out: Path, tmp_path: Path, capsys) -> None:
    own = tmp_path / "own.toml"
    own.write_text(PROFILE.read_text(encoding="utf-8").replace('id = "huguan-2024"', 'id = "own"'), encoding="utf-8")
    before = state_of(out)
    new = tmp_path / "new"
    assert judge(out, "--out", new, "--profile", own, "--lang", "en") == 3
    assert state_of(out) == before
    assert report(new)["profile"]["id"] == "own"
    assert 'lang="en' in (new / COURSE / "report.html").read_text(encoding="utf-8")
    assert str(new / "summary.html") in capsys.readouterr().out


def test_another_roster(out: Path, tmp_path: Path) -> None:
    roster(5)(tmp_path / "花名册.xlsx")
    assert judge(out, "--roster", tmp_path / "花名册.xlsx") == 3
    assert report(out)["class"]["roster_size"] == 5


def test_quiet_is_quiet(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(out, "--quiet") == 3
    assert capsys.readouterr() == ("", "")


def test_files_of_no_class_are_still_told(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(out, "--lang", "en") == 3
    assert "补录" in (out / "summary.html").read_text(encoding="utf-8")
    assert ": 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "problem", "remedy"),
    [
        (["{out}/nothing"], "is not a folder", "(its --out)"),
        (["{out}/summary.json"], "is not a folder", "(its --out)"),
        (["{out}/{course}"], "report of one class", "Give the folder it lies in"),
        (["{empty}"], "No evidence.json", "Give the folder that an earlier scan wrote"),
        (["{out}", "--profile", "huguan-2042"], "huguan-2042", "huguan-2024"),
        (["{out}", "--roster", "nothing.xlsx"], "nothing.xlsx", "Check the path"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_says_what_where_and_what_to_do(
    out: Path, tmp_path: Path, capsys, arguments: list[str], problem: str, remedy: str
) -> None:
    (tmp_path / "empty").mkdir()
    before = state_of(out)
    assert judge(*(one.format(out=out, course=COURSE, empty=tmp_path / "empty") for one in arguments)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert problem in said.err
    assert remedy in said.err
    assert state_of(out) == before


def test_damaged_evidence_is_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / COURSE / "evidence.json").write_bytes(b"{")
    assert judge(out) == 4
    said = capsys.readouterr().err
    assert str(out / COURSE / "evidence.json") in said
    assert "Traceback" not in said


def test_a_file_where_the_reports_should_go(out: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "new").write_bytes(b"")
    assert judge(out, "--out", tmp_path / "new") == 4
    assert "choose another --out" in capsys.readouterr().err
