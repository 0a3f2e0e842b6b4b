from pathlib import Path

import pytest

from tests.intake.files import COURSE, day_of_clips, tree
from tests.run.inline import scan_inline
from vidaudit.cli import _run
from vidaudit.intake.templates import templates


def test_it_writes_every_form_and_never_over_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "新" / "班"
    assert _run(["init", str(folder)]) == 0
    assert {file.name for file in folder.iterdir()} == set(templates())
    (folder / "花名册.xlsx").write_bytes(b"mine")
    (folder / "开班申报.csv").unlink()
    capsys.readouterr()
    assert _run(["init", str(folder)]) == 0
    said = capsys.readouterr().out
    assert said.count("kept") == 3
    assert said.count("written") == 1
    assert (folder / "花名册.xlsx").read_bytes() == b"mine"


def test_a_file_is_no_folder_to_write_into(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    assert _run(["init", str(tmp_path / "x")]) == 2
    assert _run(["init", str(tmp_path / "x" / "y")]) == 4


def test_a_class_with_blank_forms_is_asked_to_fill_them_in(tmp_path: Path) -> None:
    folder = tree(tmp_path / COURSE, *day_of_clips("5月20日"))
    assert _run(["init", str(folder)]) == 0
    (outcome,) = scan_inline([folder], tmp_path / "out").outcomes
    said = {rule.slug: {one.code for one in rule.findings} for rule in outcome.verdict.rules}
    assert said["dossier-valid"] == {"no-plan"}
    assert said["stray-file"] == {"ok"}


def test_the_forms_are_written_in_english_too(tmp_path: Path) -> None:
    folder = tree(tmp_path / COURSE, *day_of_clips("5月20日"))
    assert _run(["init", str(folder), "--lang", "en"]) == 0
    assert set(templates("en")) <= {file.name for file in folder.iterdir()}
    (outcome,) = scan_inline([folder], tmp_path / "out").outcomes
    said = {rule.slug: {one.code for one in rule.findings} for rule in outcome.verdict.rules}
    assert (said["dossier-valid"], said["stray-file"]) == ({"no-plan"}, {"ok"})
