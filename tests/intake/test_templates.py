import io
from pathlib import Path

import openpyxl
import pytest

from tests.intake.files import id_number
from vidaudit.intake.dossier import is_dossier_name, read_dossier
from vidaudit.intake.headings import REQUIRED
from vidaudit.intake.roster import rank_rosters, read_roster
from vidaudit.intake.template_words import WORDS
from vidaudit.intake.templates import templates
from vidaudit.model.dossier import Teaching

FORMS = [(lang, name) for lang in ("zh", "en") for name in templates(lang)]
DOSSIERS = [(lang, name) for lang, name in FORMS if is_dossier_name(name)]


def written(folder: Path, lang: str, name: str) -> Path:
    (folder / name).write_bytes(templates(lang)[name]())
    return folder / name


@pytest.mark.parametrize(("lang", "dossier", "roster"), [("zh", "开班申报", "花名册"), ("en", "dossier", "roster")])
def test_each_is_found_by_its_name(lang: str, dossier: str, roster: str) -> None:
    assert [name for one, name in DOSSIERS if one == lang] == [
        f"{dossier}.{ending}" for ending in ("xlsx", "csv", "toml")
    ]
    assert rank_rosters(templates(lang)) == (f"{roster}.xlsx",)


@pytest.mark.parametrize(("lang", "name"), DOSSIERS)
def test_a_blank_dossier_says_nothing_but_that_the_plan_is_missing(tmp_path: Path, lang: str, name: str) -> None:
    dossier = read_dossier(written(tmp_path, lang, name), shown_as=name)
    assert [fault.problem.value for fault in dossier.faults] == ["no-plan"]
    assert (dossier.institution, dossier.kind, dossier.teachers) == (None, None, ())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_workbook_is_read(tmp_path: Path, lang: str) -> None:
    file = written(tmp_path, lang, f"{WORDS[lang].dossier}.xlsx")
    book = openpyxl.load_workbook(file)
    said, plan, teachers, _ = book.worksheets
    for row, value in enumerate(("甲校", "一班", "育婴员", "初级", "order", "花名册.xlsx", "full"), start=1):
        said.cell(row=row, column=2, value=value)
    plan.append([1, "2024-05-20", 8, "theory", "安全", "王老师"])
    teachers.append([1, "王老师", id_number(), "安全"])
    book.save(file)
    dossier = read_dossier(file, shown_as=file.name)
    assert (dossier.institution, dossier.class_name, dossier.occupation, dossier.level) == (
        "甲校",
        "一班",
        "育婴员",
        "初级",
    )
    assert (dossier.kind, dossier.roster, dossier.is_full_footage) == ("order", "花名册.xlsx", True)
    assert [(one.class_hours, one.teaching, one.topic, one.teacher) for one in dossier.sessions] == [
        (8, Teaching.THEORY, "安全", "王老师")
    ]
    assert [(one.name, one.subject) for one in dossier.teachers] == [("王老师", "安全")]
    assert dossier.faults == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_in_toml_is_right_once_it_is_no_comment(tmp_path: Path, lang: str) -> None:
    lines = templates(lang)[f"{WORDS[lang].dossier}.toml"]().decode().splitlines()
    filled = [line.removeprefix("# ") for line in lines if "=" in line or "[[" in line]
    file = tmp_path / "x.toml"
    file.write_text("\n".join(filled), encoding="utf-8")
    dossier = read_dossier(file, shown_as="x.toml")
    assert [fault.problem.value for fault in dossier.faults] == ["teacher-id"]  # a real number stands nowhere
    assert (dossier.kind, dossier.is_full_footage, len(dossier.days)) == ("order", True, 1)


@pytest.mark.parametrize(("lang", "label"), [("zh", "培训类型："), ("en", "培训类型 (kind of training)：")])
def test_a_filled_csv_is_read(tmp_path: Path, lang: str, label: str) -> None:
    name = f"{WORDS[lang].dossier}.csv"
    text = templates(lang)[name]().decode("utf-8-sig")
    example = WORDS[lang].plan[1][0]
    text = text.replace(f"{label},", f"{label},订单式培训").replace(f"{example},2024-05-20", "1,2024-05-20")
    (tmp_path / name).write_text(text, encoding="utf-8-sig")
    dossier = read_dossier(tmp_path / name, shown_as=name)
    assert (dossier.kind, len(dossier.days), dossier.faults) == ("订单式培训", 1, ())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_roster_has_all_columns_and_its_example_is_nobody(tmp_path: Path, lang: str) -> None:
    file = written(tmp_path, lang, f"{WORDS[lang].roster}.xlsx")
    blank = read_roster(file, shown_as=file.name)
    assert (blank.faults, blank.missing_columns, blank.trainees) == (("no-rows",), (), ())
    assert REQUIRED


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_roster_is_read(tmp_path: Path, lang: str) -> None:
    file = written(tmp_path, lang, f"{WORDS[lang].roster}.xlsx")
    book = openpyxl.load_workbook(file)
    book.worksheets[0]["A2"] = "院校名称：甲校"
    book.worksheets[0].append(
        [1, "张三", "女", 44, "高中", id_number(), "1", "无", "育婴员", "2024-05-20至2024-05-31", ""]
    )
    book.save(file)
    filled = read_roster(file, shown_as=file.name)
    assert (filled.institution, [one.name for one in filled.trainees]) == ("甲校", ["张三"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cells_for_id_numbers_hold_text(lang: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates(lang)[f"{WORDS[lang].roster}.xlsx"]()))
    assert book.worksheets[0]["F10"].number_format == "@"
