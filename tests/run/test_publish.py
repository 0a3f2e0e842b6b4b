import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.judge import builders
from tests.run.inline import PROFILE, publisher, scan_inline
from tests.run.submissions import COURSE, files_of, make_class, state_of
from vidaudit.errors import SetupError
from vidaudit.judge.catalogue import bind
from vidaudit.model.evidence import ClassEvidence
from vidaudit.run.publish import earlier_reports

RULES = bind(PROFILE)


def green(name: str = "班") -> ClassEvidence:
    evidence = builders.green()
    return replace(evidence, folder=replace(evidence.folder, name=name))


def test_the_manifest_has_the_hash_of_every_other_file(tmp_path: Path) -> None:
    folder = tmp_path / publisher(tmp_path).publish(green(), RULES).folder
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    for name in files_of(folder) - {"manifest.json"}:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() in text
        assert name in text


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("summary.html", "summary.html (2)"),
        ("Summary.JSON", "Summary.JSON (2)"),
        ("../班", "_班"),
        ("班140427199003071234", "班1404************34".replace("*", "_")),
        (".vidaudit-x", "vidaudit-x"),
    ],
)
def test_no_class_gets_a_name_that_does_harm(tmp_path: Path, name: str, folder: str) -> None:
    made = publisher(tmp_path / "out")
    outcome = made.publish(green(name), RULES)
    made.summarise([outcome])
    assert outcome.folder == folder
    assert {path.name for path in tmp_path.iterdir()} == {"out"}
    assert (tmp_path / "out" / folder / "report.json").is_file()
    assert (tmp_path / "out" / "summary.json").is_file()


def test_what_isnt_a_report_is_never_replaced(tmp_path: Path) -> None:
    """Not even the submission itself, when the report goes into the folder that it lies in."""
    submission = make_class(tmp_path, clip=None)
    before = state_of(submission)
    for _ in range(2):
        result = scan_inline([submission], tmp_path)
        assert [outcome.folder for outcome in result.outcomes] == [f"{COURSE} (2)"]
    assert state_of(submission) == before


def test_a_folder_asked_for_is_kept_unless_something_else_lies_there(tmp_path: Path) -> None:
    assert publisher(tmp_path).publish(green(), RULES, folder="我的文件夹").folder == "我的文件夹"
    assert publisher(tmp_path).publish(green(), RULES, folder="我的文件夹").folder == "我的文件夹"
    (tmp_path / "别的").mkdir()
    assert publisher(tmp_path).publish(green(), RULES, folder="别的").folder == "别的 (2)"
    assert list((tmp_path / "别的").iterdir()) == []


def test_a_report_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher(tmp_path).publish(green(), RULES)
    before = state_of(tmp_path / "班")
    monkeypatch.setattr(
        "vidaudit.run.publish.write_all", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(SetupError, match="No space left"):
        publisher(tmp_path).publish(green(), RULES)
    assert state_of(tmp_path / "班") == before
    assert {path.name for path in tmp_path.iterdir()} == {"班"}


def of_school(name: str | None) -> ClassEvidence:
    evidence = green("班")
    return replace(evidence, folder=replace(evidence.folder, institution=name))


@pytest.mark.parametrize(
    ("first", "second", "folder"),
    [
        ("甲学校", "甲学校", "班"),
        ("甲学校", "乙学校", "班 (2)"),
        (None, "乙学校", "班"),
        ("甲学校", None, "班"),
        (None, None, "班"),
    ],
)
def test_a_class_of_another_school_isnt_replaced_by_a_later_run(
    tmp_path: Path, first: str | None, second: str | None, folder: str
) -> None:
    assert publisher(tmp_path).publish(of_school(first), RULES).folder == "班"
    for _ in range(2):
        made = publisher(tmp_path).publish(of_school(second), RULES)
        assert made.folder == folder
    assert earlier_reports(tmp_path, [made]) == (("班",) if folder != "班" else ())


def test_a_damaged_report_is_replaced(tmp_path: Path) -> None:
    publisher(tmp_path).publish(of_school("甲学校"), RULES)
    for damaged in (b"", b"[]", b'{"class": null}'):
        (tmp_path / "班" / "report.json").write_bytes(damaged)
        assert publisher(tmp_path).publish(of_school("乙学校"), RULES).folder == "班"


def test_no_class_at_all_is_a_summary_too(tmp_path: Path) -> None:
    publisher(tmp_path / "out").summarise([])
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["status"] == "not-evaluated"


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(SetupError, match="choose another --out"):
        publisher(tmp_path / "out").summarise([])


def test_what_somebody_else_put_into_a_report_stays(tmp_path: Path) -> None:
    publisher(tmp_path).publish(green(), RULES)
    (tmp_path / "班" / "我的笔记.txt").write_text("n", encoding="utf-8")
    (tmp_path / "班" / "照片").mkdir()
    (tmp_path / "班" / "照片" / "1.jpg").write_bytes(b"j")
    for _ in range(2):
        assert publisher(tmp_path).publish(green(), RULES).folder == "班"
    assert (tmp_path / "班" / "我的笔记.txt").read_text(encoding="utf-8") == "n"
    assert (tmp_path / "班" / "照片" / "1.jpg").read_bytes() == b"j"


def test_what_only_looks_like_a_report_stays(tmp_path: Path) -> None:
    (tmp_path / "班").mkdir()
    for name in ("evidence.json", "report.json", "report.html"):
        (tmp_path / "班" / name).write_text('{"of": "another program"}', encoding="utf-8")
    before = state_of(tmp_path / "班")
    assert publisher(tmp_path).publish(green(), RULES).folder == "班 (2)"
    assert state_of(tmp_path / "班") == before


@pytest.mark.parametrize("gone", [("manifest.json", "report.json"), ("manifest.json", "evidence.json")])
def test_a_report_is_known_by_what_is_left_of_it(tmp_path: Path, gone: tuple[str, ...]) -> None:
    publisher(tmp_path).publish(green(), RULES)
    for name in gone:
        (tmp_path / "班" / name).write_bytes(b"{" if name == "evidence.json" else b"")
    assert publisher(tmp_path).publish(green(), RULES).folder == "班"


def test_no_id_number_gets_into_any_output(tmp_path: Path) -> None:
    number = "140427197001100025"
    evidence = green(f"张三{number}班")
    folder = replace(evidence.folder, path=f"盘/张三{number}班", institution=f"学校{number}")
    made = publisher(tmp_path).publish(replace(evidence, folder=folder), RULES)
    for file in (tmp_path / made.folder).rglob("*.*"):
        packed = zipfile.ZipFile(file) if file.suffix == ".xlsx" else None
        contents = [packed.read(name) for name in packed.namelist()] if packed else [file.read_bytes()]
        assert not any(number.encode() in content for content in contents), file.name
    assert number not in made.folder
