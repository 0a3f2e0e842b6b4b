import json
from pathlib import Path

import pytest

from tests.judge import builders
from tests.run.inline import PROFILE, publisher
from vidaudit.cli import _run
from vidaudit.judge.catalogue import bind


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made = publisher(tmp_path / "out")
    made.summarise([made.publish(builders.green(), bind(PROFILE), folder="班")])
    return tmp_path / "out"


def retention(*arguments: str | Path) -> int:
    return _run(["retention", *map(str, arguments)])


def test_until_when_and_by_which_clause(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retention(out, "--today", "2026-05-21", "--lang", "en") == 0
    said = capsys.readouterr().out
    assert "to be kept until 21 May 2026 (0 more days)" in said
    assert f"2 years, {PROFILE.document} 三(二)" in said
    assert retention(out, "--today", "2026-05-22") == 0
    assert "2026年5月21日已满保存期" in capsys.readouterr().out


def test_for_programs(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retention(out / "班", out, "--today", "2026-05-11", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    (one,) = document["classes"]
    assert (document["schema"], document["today"]) == ("vidaudit.retention/1", "2026-05-11")
    assert (one["state"], one["until"], one["days_left"]) == ("keep", "2026-05-21", 10)
    assert one["recorded"] == {"first": "2024-05-20", "last": "2024-05-21", "by": "folders", "undated_days": 0}


@pytest.mark.parametrize(("days", "number"), [(9, 0), (10, 1), (11, 1)])
def test_what_is_due_within_some_days(out: Path, days: int, number: int, capsys) -> None:
    assert retention(out, "--today", "2026-05-11", "--due-within", days, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["classes"]) == number


def test_by_a_profile_that_sets_no_term(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retention(out, "--profile", "lanxian-2022", "--lang", "en") == 0
    assert "the profile sets no term" in capsys.readouterr().out


def test_wrong_usage(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retention(tmp_path / "nothing") == 2
    (tmp_path / "empty").mkdir()
    assert retention(tmp_path / "empty") == 2
    assert retention(out, "--today", "today") == 2
    assert "No evidence.json" in capsys.readouterr().err
