import io
from pathlib import Path

import openpyxl
import pytest

from tests.intake.files import id_number
from vidaudit.intake.dossier import is_dossier_name, read_dossier
from vidaudit.intake.headings import REQUIRED
from vidaudit.intake.roster import rank_rosters, read_roster
from vidaudit.intake.templates import templates

DOSSIERS = ["开班申报.xlsx", "开班申报.csv", "开班申报.toml"]


def written(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(templates()[name]())
    return folder / name


def test_each_is_found_by_its_name() -> None:
    assert [name for name in templates() if is_dossier_name(name)] == DOSSIERS
    assert rank_rosters(templates()) == ("花名册.xlsx",)


@pytest.mark.parametrize("name", DOSSIERS)
def test_a_blank_dossier_says_nothing_but_that_the_plan_is_missing(tmp_path: Path, name: str) -> None:
    dossier = read_dossier(written(tmp_path, name), shown_as=name)
    assert [fault.problem.value for fault in dossier.faults] == ["no-plan"]
    assert (dossier.institution, dossier.kind, dossier.teachers) == (None, None, ())


def test_a_filled_workbook_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, "开班申报.xlsx")
    book = openpyxl.load_workbook(file)
    book["班级信息"]["B1"] = "甲校"
    book["教学计划"].append([1, "2024-05-20", 8, "理论", "安全", "王老师"])
    book["师资"].append([1, "王老师", id_number(), "安全"])
    book.save(file)
    dossier = read_dossier(file, shown_as="开班申报.xlsx")
    assert (dossier.institution, len(dossier.days), len(dossier.teachers), dossier.faults) == ("甲校", 1, 1, ())


def test_the_example_in_toml_is_right_once_it_is_no_comment(tmp_path: Path) -> None:
    lines = templates()["开班申报.toml"]().decode().splitlines()
    filled = [line.removeprefix("# ") for line in lines if "=" in line or "[[" in line]
    file = tmp_path / "x.toml"
    file.write_text("\n".join(filled), encoding="utf-8")
    dossier = read_dossier(file, shown_as="x.toml")
    assert [fault.problem.value for fault in dossier.faults] == ["teacher-id"]  # a real number stands nowhere
    assert (dossier.kind, dossier.is_full_footage, len(dossier.days)) == ("order", True, 1)


def test_a_filled_csv_is_read(tmp_path: Path) -> None:
    text = templates()["开班申报.csv"]().decode("utf-8-sig")
    text = text.replace("培训类型：,", "培训类型：,订单式培训").replace("示例,2024-05-20", "1,2024-05-20")
    (tmp_path / "开班申报.csv").write_text(text, encoding="utf-8-sig")
    dossier = read_dossier(tmp_path / "开班申报.csv", shown_as="开班申报.csv")
    assert (dossier.kind, len(dossier.days), dossier.faults) == ("订单式培训", 1, ())


def test_the_roster_has_all_columns_and_its_example_is_nobody(tmp_path: Path) -> None:
    blank = read_roster(written(tmp_path, "花名册.xlsx"), shown_as="花名册.xlsx")
    assert (blank.faults, blank.missing_columns, blank.trainees) == (("no-rows",), (), ())
    assert REQUIRED


def test_cells_for_id_numbers_hold_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates()["花名册.xlsx"]()))
    assert book["花名册"]["F10"].number_format == "@"
