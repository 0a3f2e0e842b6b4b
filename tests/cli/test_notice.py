"""The rectification notice and what is at stake, by the command line."""

import io
import json
import shutil
from pathlib import Path

import docx
import pytest

from tests.run.inline import scan_inline
from tests.run.submissions import COURSE, files_of, make_class
from vidaudit.cli import _run


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """What a scan left of a class whose videos nobody looked at."""
    folder = make_class(tmp_path / "disc", clip=None)
    scan_inline([tmp_path / "disc"], tmp_path / "out")
    shutil.rmtree(folder.parent)
    return tmp_path / "out"


def template(file: Path, line: str) -> Path:
    document = docx.Document()
    document.add_paragraph(line)
    document.save(str(file))
    return file


def county(folder: Path, notice: str) -> Path:
    """A profile that names its own form."""
    folder.mkdir(exist_ok=True)
    head = ['id = "x"', 'extends = "huguan-2024"', 'title = { zh = "县", en = "X" }', 'document = "文"']
    text = "\n".join(["[profile]", *head, f'notice = "{notice}"', ""])
    (folder / "x.toml").write_text(text, encoding="utf-8")
    return folder / "x.toml"


def first_line(out: Path) -> str:
    return docx.Document(io.BytesIO((out / COURSE / "notice.docx").read_bytes())).paragraphs[0].text


def test_a_countys_own_form_is_filled(out: Path, tmp_path: Path) -> None:
    assert (
        _run(["judge", str(out), "--notice-template", str(template(tmp_path / "a.docx", "致{{ institution }}"))]) == 3
    )
    assert first_line(out).startswith("致")
    assert "{" not in first_line(out)


def test_the_profile_names_the_form(out: Path, tmp_path: Path) -> None:
    profile = county(tmp_path / "rules", "我县.docx")
    template(tmp_path / "rules" / "我县.docx", "敬启者{{ class_name }}")
    assert _run(["profile", "check", str(profile)]) == 0
    assert _run(["judge", str(out), "--profile", str(profile)]) == 3
    assert first_line(out).startswith("敬启者")
    given = template(tmp_path / "b.docx", "致{{ institution }}")
    assert _run(["judge", str(out), "--profile", str(profile), "--notice-template", str(given)]) == 3
    assert first_line(out).startswith("致")


@pytest.mark.parametrize("command", ["check", "judge"])
def test_a_form_that_the_profile_names_and_that_is_not_there(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    profile = county(tmp_path, "我县.docx")
    arguments = {"check": ["profile", "check", str(profile)], "judge": ["judge", str(out), "--profile", str(profile)]}
    assert _run(arguments[command]) == 2
    assert "我县.docx" in capsys.readouterr().err


def test_a_form_with_a_fault_is_wrong_usage_and_changes_nothing(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(out), (out / COURSE / "report.json").read_bytes()
    broken = template(tmp_path / "b.docx", "{{ institutoin }}")
    assert _run(["judge", str(out), "--notice-template", str(broken)]) == 2
    assert "institutoin" in capsys.readouterr().err
    assert (files_of(out), (out / COURSE / "report.json").read_bytes()) == before


def test_what_is_at_stake_is_in_the_reports_and_on_the_terminal(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["judge", str(out), "--lang", "en"]) == 3
    assert "Subsidy (information only): claimed" in capsys.readouterr().out
    stake = json.loads((out / COURSE / "report.json").read_bytes())["stake"]
    assert {line["clause"]["section"] for line in stake["lines"]} == {"二(六)"}
    row = json.loads((out / "summary.json").read_bytes())["classes"][0]
    assert row["stake"]["days_claimed"] == stake["days"]["claimed"]
