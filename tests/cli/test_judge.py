import json
import shutil
from pathlib import Path

import pytest

from fixtures.videos.recipes import roster
from fixtures.videos.rosters import INSTITUTION
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


def test_the_kind_of_training_is_kept_with_the_class(out: Path, capsys) -> None:
    before = len(report(out)["rules"])
    assert report(out)["class"]["kind_assumed"]
    assert judge(out, "--kind", "企业职工") == 3  # for the video that belongs to no class
    assert "企业职工技能培训" in capsys.readouterr().out
    assert judge(out) == 3
    made = report(out)  # as it was said the last time
    assert made["status"] == "pass"
    assert (made["class"]["kind"], made["class"]["kind_assumed"]) == ("company", False)
    assert [rule["slug"] for rule in made["rules"]] == ["roster-valid", "programme-year"]
    assert len(made["not_applicable"]) >= before - 1
    assert {rule["level"] for rule in made["not_applicable"]} == {"off"}
    assert made["manual"]


def test_a_kind_that_another_document_is_not_about_is_left_open(out: Path) -> None:
    assert judge(out, "--kind", "company", "--quiet") == 3
    assert judge(out, "--profile", "shanxi-2022-cluster", "--quiet") == 3
    made = report(out)
    assert (made["status"], made["rules"]) == ("not-evaluated", [])
    assert {rule["reason"] for rule in made["not_applicable"]} == {"kind-not-covered"}


def test_what_changed_is_told_everywhere(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(out, "--profile", "shanxi-2023", "--lang", "en") == 3
    assert "The verdict before was made by the profile huguan-2024" in capsys.readouterr().out
    made = report(out)
    assert made["changes"]["against"]["profile"]["id"] == "huguan-2024"
    assert {rule["slug"]: rule["now"] for rule in made["changes"]["rules"]}["resolution"] is None
    page = (out / COURSE / "report.html").read_text(encoding="utf-8")
    assert "Changed since the verdict before" in page
    assert judge(out, "--profile", "shanxi-2023", "--lang", "en") == 3
    assert "The verdict before" not in capsys.readouterr().out
    assert "changes" not in report(out)


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
        (["{out}", "--kind", "compny"], "'compny'", "Did you mean 'company'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("in_english")
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
    assert judge(out) in {1, 3}
    said = capsys.readouterr().err
    assert str(out / COURSE / "evidence.json") in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("in_english")
def test_a_file_where_the_reports_should_go(out: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "new").write_bytes(b"")
    assert judge(out, "--out", tmp_path / "new") == 2
    assert "choose another --out" in capsys.readouterr().err


DOSSIER = """\
institution = "{school}"
kind = "{kind}"
[[plan]]
date = 2024-05-20
class_hours = 8
topic = "安全、消防、法制、普通话"
[[plan]]
date = 2024-05-21
class_hours = 8
topic = "140427199003071234"
"""


def test_another_dossier(out: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "开班申报.toml"
    file.write_text(DOSSIER.format(school=INSTITUTION, kind="订单式"), encoding="utf-8")
    assert "plan" not in report(out)
    assert judge(out, "--dossier", file, "--kind", "项目制") == 1
    made = report(out)
    said = {rule["slug"]: {one["code"] for one in rule["findings"]} for rule in made["rules"]}
    assert said["day-coverage"] == {"missing-day"}
    assert said["dossier-valid"] == {"kind-differs"}
    assert [day["has_folder"] for day in made["plan"]["days"]] == [True, False]
    assert made["class"]["kind"] == "order"
    options = json.loads((out / COURSE / "manifest.json").read_text(encoding="utf-8"))["options"]
    assert options["dossier"] == file.name
    assert "按开班申报" in (out / COURSE / "report.html").read_text(encoding="utf-8")
    assert "2024年5月21日" in (out / COURSE / "report.html").read_text(encoding="utf-8")
    for kept in (out / COURSE).glob("*.json"):
        assert "140427199003071234" not in kept.read_text(encoding="utf-8")
    capsys.readouterr()
    assert judge(out) == 1  # it is kept with the class
    assert report(out)["plan"] == made["plan"]


def test_a_dossier_that_cannot_be_read(out: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "x.toml").write_text("=", encoding="utf-8")
    assert judge(out, "--dossier", tmp_path / "x.toml") == 2
    assert "x.toml" in capsys.readouterr().err
