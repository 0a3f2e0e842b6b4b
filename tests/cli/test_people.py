import json
import shutil
from pathlib import Path

import pytest

from fixtures.videos.disc import FACE_1, GOOD
from tests.run.inline import InlineEngine, scan_inline
from tests.run.submissions import COURSE, DAY, make_class, state_of
from tests.run.test_photos import faces_only
from vidaudit.cli import _run
from vidaudit.report.schema import validate

OTHER = "2024年第8期保育师培训班"


@pytest.fixture(scope="module")
def submission(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A disc of two classes, one of them with nine people in two face clips, and the output of its scan."""
    home = tmp_path_factory.mktemp("people")
    make_class(home / "disc", clip=GOOD.path(0, FACE_1))
    make_class(home / "disc", OTHER, clip=None)
    scan_inline([home / "disc"], home / "out", engine=InlineEngine(faces_only))
    return home / "disc", home / "out"


@pytest.fixture
def out(submission: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(submission[1], tmp_path / "out"))


def people(*arguments: str | Path) -> int:
    return _run(["people", *map(str, arguments)])


def seen(out: Path) -> dict[str, object]:
    report = json.loads((out / COURSE / "report.json").read_bytes())
    assert validate(report) == ()
    found: dict[str, object] = report["people"]
    return found


def numbers(out: Path) -> list[int]:
    return [one["number"] for one in seen(out)["persons"]]


def test_without_an_option_it_lists(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state_of(out)
    assert people(out / COURSE) == 0
    said = capsys.readouterr().out
    assert all(f"{number} 号" in said for number in range(1, 10))
    assert people(out / COURSE, "--list", "--lang", "en") == 0
    assert "No. 9" in capsys.readouterr().out
    assert state_of(out) == before


def test_a_merge_is_kept_shown_and_counted(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert people(out / COURSE, "--merge", "2,4") == 1
    assert COURSE in capsys.readouterr().out
    assert numbers(out) == [1, 2, 3, 5, 6, 7, 8, 9]
    assert seen(out)["persons_seen"] == 8
    assert [(one["kind"], one["state"]) for one in seen(out)["decisions"]] == [("merge", "applied")]
    assert "人工决定" in (out / COURSE / "report.html").read_text(encoding="utf-8")
    assert "decisions.json" in (out / COURSE / "manifest.json").read_text(encoding="utf-8")
    summary = json.loads((out / "summary.json").read_bytes())
    assert {one["name"]: one["persons_seen"] for one in summary["classes"]} == {COURSE: 8, OTHER: None}


def test_a_split_and_its_undo(out: Path) -> None:
    clip = next(path.name for path in [Path(one) for one in seen(out)["persons"][0]["clips"]])
    assert people(out / COURSE, "--split", f"1:{clip}", "--quiet") == 1
    assert numbers(out) == list(range(1, 11))
    assert people(out / COURSE, "--undo", "1", "--quiet") == 1
    assert numbers(out) == list(range(1, 10))
    assert [one["state"] for one in seen(out)["decisions"]] == ["undone", "applied"]


def test_the_other_class_stays_as_it_is(out: Path) -> None:
    before = state_of(out / OTHER)
    people(out / COURSE, "--merge", "2,4", "--quiet")
    assert state_of(out / OTHER) == before


def test_a_class_that_the_summary_doesnt_list_stays_out_of_it(out: Path) -> None:
    shutil.copytree(out / OTHER, out / "earlier")
    people(out / COURSE, "--merge", "2,4", "--quiet")
    summary = json.loads((out / "summary.json").read_bytes())
    assert {one["report"]["html"] for one in summary["classes"]} == {f"{n}/report.html" for n in (COURSE, OTHER)}


def test_it_outlives_judging_and_scanning_again(submission: tuple[Path, Path], out: Path) -> None:
    people(out / COURSE, "--merge", "2,4", "--quiet")
    kept = (out / COURSE / "decisions.json").read_bytes()
    assert _run(["judge", str(out), "--quiet"]) == 1
    assert len(numbers(out)) == 8
    scan_inline([submission[0]], out, engine=InlineEngine(faces_only))
    assert len(numbers(out)) == 8
    assert (out / COURSE / "decisions.json").read_bytes() == kept
    assert _run(["judge", str(out), "--quiet", "--out", str(out.parent / "new")]) == 1
    assert (out.parent / "new" / COURSE / "decisions.json").read_bytes() == kept
    assert len(numbers(out.parent / "new")) == 8


def test_where_the_videos_are_others_the_decision_is_stale_and_told(out: Path, tmp_path: Path) -> None:
    people(out / COURSE, "--merge", "2,4", "--quiet")
    make_class(tmp_path / "disc", clip=GOOD.path(1, FACE_1))
    scan_inline([tmp_path / "disc"], out, engine=InlineEngine(faces_only))
    assert [one["state"] for one in seen(out)["decisions"]] == ["stale"]
    report = json.loads((out / COURSE / "report.json").read_bytes())
    (rule,) = (one for one in report["rules"] if one["id"] == "CNT002")
    assert (rule["status"], {one["code"] for one in rule["findings"]}) == ("review", {"decision-stale", "one-day"})


def test_damaged_decisions_are_kept_told_and_not_applied(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / COURSE / "decisions.json").write_bytes(b"{")
    _run(["judge", str(out), "--quiet"])
    assert (out / COURSE / "decisions.json").read_bytes() == b"{"
    assert seen(out)["decisions"] is None
    assert "decisions.json 无法读取" in (out / COURSE / "report.html").read_text(encoding="utf-8")
    assert people(out / COURSE) == 2
    assert "can't be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["{out}"], "no report of a class"),
        (["{out}/nothing"], "no report of a class"),
        (["{class}", "--merge", "2"], "at least two"),
        (["{class}", "--merge", "2,x"], "numbers with commas"),
        (["{class}", "--merge", "2,99"], "no person 99"),
        (["{class}", "--split", "2"], "a number and a clip or a day"),
        (["{class}", "--split", f"2:{DAY}"], "nothing would be left"),
        (["{class}", "--undo", "1"], "no decision 1"),
        (["{class}", "--undo", "1", "--merge", "1,2"], "one of --merge"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("in_english")
def test_wrong_usage_says_so_and_changes_nothing(out: Path, capsys, arguments: list[str], problem: str) -> None:
    before = state_of(out)
    assert people(*(one.replace("{out}", str(out)).replace("{class}", str(out / COURSE)) for one in arguments)) == 2
    assert problem in capsys.readouterr().err
    assert state_of(out) == before


def test_a_report_by_another_profile_isnt_judged_by_this_one(out: Path, tmp_path: Path, capsys) -> None:
    own = Path(__file__).parents[2] / "profiles" / "huguan-2024.toml"
    text = own.read_text(encoding="utf-8").replace('id = "huguan-2024"', 'id = "own"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    before = state_of(out)
    assert people(out / COURSE, "--merge", "1,2", "--profile", tmp_path / "own.toml") == 2
    assert "--profile" in capsys.readouterr().err
    assert state_of(out) == before
