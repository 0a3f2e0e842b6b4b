import datetime as dt
import io
import zipfile
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake import files
from tests.intake.dossiers import HEADING, TOML, TWO_DAYS, fields, form
from tests.intake.files import COURSE, SCHOOL, day_of_clips, tree
from vidaudit.errors import DossierError
from vidaudit.intake.discover import discover
from vidaudit.intake.dossier import best_dossier, given_dossier, rank_dossiers, read_dossier
from vidaudit.model.dossier import Dossier, DossierProblem, Teaching

TODAY = dt.date(2026, 3, 1)
MAY_20, MAY_21 = dt.date(2024, 5, 20), dt.date(2024, 5, 21)


def read(folder: Path, content: bytes, name: str = "开班申报.xlsx") -> Dossier:
    file = folder / name
    file.write_bytes(content)
    return read_dossier(file, shown_as=name, today=TODAY)


def of_rows(folder: Path, *rows, **more) -> Dossier:
    return read(folder, files.xlsx(form(*rows, **more)))


def told(dossier: Dossier) -> list[tuple[str, str | None, str | None]]:
    return [(fault.problem.value, fault.place, fault.text) for fault in dossier.faults]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "utf-16.csv", "gb18030.csv", "toml"])
def test_every_form_says_the_same(tmp_path: Path, ending: str) -> None:
    rows = form(*TWO_DAYS, 培训类型="order")
    content = {
        "xlsx": lambda: files.xlsx(rows),
        "csv": lambda: files.csv_text(rows).encode("utf-8-sig"),
        "utf-16.csv": lambda: files.csv_text(rows, "\t").encode("utf-16"),
        "gb18030.csv": lambda: files.csv_text(rows).encode("gb18030"),
        "toml": TOML.encode,
    }[ending]()
    dossier = read(tmp_path, content, f"开班申报.{ending}")
    assert dossier.faults == ()
    assert (dossier.institution, dossier.class_name, dossier.kind) == (SCHOOL, COURSE, "order")
    assert list(dossier.days) == [MAY_20, MAY_21]
    assert [one.class_hours for one in dossier.sessions] == [Fraction(8), Fraction(8)]
    assert [one.teaching for one in dossier.sessions] == [Teaching.THEORY, Teaching.PRACTICE]
    assert dossier.teachers_on(MAY_20) == ("王老师",)
    assert dossier.has_all_days


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("2024年2月30日", "bad-date"),
        ("2023-02-29", "bad-date"),
        ("下周一", "bad-date"),
        ("1999-05-20", "bad-date"),
        (99999999, "bad-date"),
        (-1, "bad-date"),
        ("5月20日至22日", "several-days"),
        ("2024-05-20、2024-05-21", "several-days"),
    ],
)
def test_impossible_days_are_told_with_their_cell(tmp_path: Path, cell: object, problem: str) -> None:
    dossier = of_rows(tmp_path, (cell, 8, "理论", "安全", "王老师"), TWO_DAYS[1])
    assert told(dossier) == [(problem, "表1!B7", str(cell))]
    assert list(dossier.days) == [MAY_21]
    assert not dossier.has_all_days


def test_the_year_of_a_day_comes_from_another_one_or_from_the_head(tmp_path: Path) -> None:
    rows = [(day, 8, "理论", "安全", "王老师") for day in ("12月30日", "12月31日", "1月2日")]
    dossier = of_rows(tmp_path, *rows)
    assert list(dossier.days) == [dt.date(2024, 12, 30), dt.date(2024, 12, 31), dt.date(2025, 1, 2)]
    assert told(of_rows(tmp_path, rows[0], 班级="育婴员培训班")) == [("no-year", "表1!B7", "12月30日")]


@pytest.mark.parametrize(
    "cell", [45432, 45432.0, "45432", "20240520", "2024/5/20", "２０２４年５月２０日", "二〇二四年五月二十日"]
)
def test_ways_to_write_a_day(tmp_path: Path, cell: object) -> None:
    assert list(of_rows(tmp_path, (cell, 8, "理论", "安全", "")).days) == [MAY_20]


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>')
    assert told(read(tmp_path, content.getvalue())) == [("unreadable", None, None)]


def test_merged_cells_titles_and_hours_in_two_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "教学计划"
    sheet.append(["2024年第1期育婴员培训班教学计划"])
    sheet.merge_cells("A1:E1")
    sheet.append(["授课内容", "上课日期", "理论课时", "实操课时", "任课老师"])
    sheet.append(["安全", dt.datetime(2024, 5, 20), 4, None, "王老师"])
    sheet.append(["育婴", None, None, 4, "李老师"])
    sheet.merge_cells("B3:B4")
    sheet.append(["育婴", "5月21日", 2, 6, "李老师"])
    book.save(tmp_path / "教学计划.xlsx")
    dossier = read_dossier(tmp_path / "教学计划.xlsx", shown_as="教学计划.xlsx")
    assert dossier.faults == ()
    assert [dossier.hours_on(day) for day in (MAY_20, MAY_21)] == [8, 8]
    assert [one.teaching for one in dossier.sessions] == [Teaching.THEORY, Teaching.PRACTICE, Teaching.BOTH]
    assert dossier.teachers_on(MAY_20) == ("王老师", "李老师")


@pytest.mark.parametrize("words", [("", "", "休息"), ("0", "", "放假"), ("", "休息日", "")])
def test_a_day_off_is_no_planned_day(tmp_path: Path, words: tuple[str, str, str]) -> None:
    dossier = of_rows(tmp_path, TWO_DAYS[0], ("2024-05-22", *words, ""), TWO_DAYS[1])
    assert list(dossier.days) == [MAY_20, MAY_21]
    assert dossier.faults == ()


def test_a_lesson_on_rest_is_taught(tmp_path: Path) -> None:
    assert list(of_rows(tmp_path, ("2024-05-20", 8, "理论", "劳动者的休息休假权利", "")).days) == [MAY_20]


def test_a_merged_day_that_is_wrong_is_told_once(tmp_path: Path) -> None:
    rows = [("2024-02-30", 4, "理论", "安全", ""), (None, 4, "实操", "育婴", "")]
    assert [fault.problem for fault in of_rows(tmp_path, *rows).faults] == [DossierProblem.BAD_DATE]


@pytest.mark.parametrize(
    ("hours", "value"),
    [(0.5, Fraction(1, 2)), ("4学时", 4), ("４", 4), ("八", 8), (24, 24), ("24.5", None), (0, None), ("上午", None)],
)
def test_class_hours(tmp_path: Path, hours: object, value: object) -> None:
    dossier = of_rows(tmp_path, ("2024-05-20", hours, "理论", "安全", ""))
    assert dossier.sessions[0].class_hours == value
    # Naught is how a column that doesn't apply is filled in.
    assert [fault.problem for fault in dossier.faults] == ([] if value or hours == 0 else [DossierProblem.BAD_HOURS])


def test_what_a_row_lacks_or_says_wrongly(tmp_path: Path) -> None:
    dossier = of_rows(tmp_path, (None, 8, "理论", "安全", ""), ("2024-05-21", 8, "理讲", "", ""))
    assert told(dossier) == [
        ("missing-date", "表1!B7", None),
        ("bad-teaching", "表1!D8", "理讲"),
        ("missing-topic", "表1!B8", None),
    ]


def test_teachers_are_checked_and_their_numbers_masked(tmp_path: Path) -> None:
    good = files.id_number()
    bad = good[:-1] + ("0" if good[-1] != "0" else "1")
    teachers = [("王老师", good, "安全"), (None, bad, "育婴")]
    dossier = of_rows(tmp_path, *TWO_DAYS, teachers=teachers)
    assert [fault.problem.value for fault in dossier.faults] == ["missing-name", "teacher-id", "unknown-teacher"]
    assert dossier.faults[2].text == "李老师"
    assert [one.id_faults for one in dossier.teachers] == [(), ("checksum",)]
    assert good not in repr(dossier)
    assert bad not in repr(dossier)


def test_two_teachers_in_one_cell(tmp_path: Path) -> None:
    teachers = [("王老师", None, "安全"), ("李老师", None, "育婴")]
    session = ("2024-05-20", 8, "理论", "安全", "王老师、李老师")
    assert of_rows(tmp_path, session, teachers=teachers).faults == ()


@pytest.mark.parametrize(("said", "is_full", "faults"), [("全程", True, 0), ("光盘", False, 0), ("一些", False, 1)])
def test_the_extent_of_footage(tmp_path: Path, said: str, *, is_full: bool, faults: int) -> None:
    dossier = of_rows(tmp_path, *TWO_DAYS, 录像范围=said)
    assert (dossier.is_full_footage, len(dossier.faults)) == (is_full, faults)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "unreadable"),
        (b"PK\x03\x04 broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "unreadable"),
        ("姓名,日期\n".encode(), "no-plan"),
        (files.xlsx([()]), "no-plan"),
        (files.xlsx(form(培训机构="x" * 100_000)), "no-plan"),
    ],
)
def test_what_is_no_dossier(tmp_path: Path, content: bytes, problem: str) -> None:
    assert [fault.problem.value for fault in read(tmp_path, content).faults] == [problem]


def test_formulas_and_giant_cells_are_only_text(tmp_path: Path) -> None:
    session = ("=HYPERLINK(1)", "=1/0", "理论", "长" * 32_000, "=cmd|' /C calc'!A0")
    dossier = of_rows(tmp_path, session)
    assert len(dossier.sessions[0].topic or "") <= 120
    assert {fault.problem.value for fault in dossier.faults} <= {"bad-date", "bad-hours", "missing-date"}


def test_an_endless_plan_is_cut_and_said_to_be(tmp_path: Path) -> None:
    lines = "\n".join([",".join(HEADING), *("1,2024-05-20,8,理论,安全,王" for _ in range(3000))])
    dossier = read(tmp_path, lines.encode(), "开班申报.csv")
    assert len(dossier.sessions) == 2000
    assert DossierProblem.TOO_LONG in {fault.problem for fault in dossier.faults}
    assert not dossier.has_all_days


def test_a_million_rows_are_refused(tmp_path: Path) -> None:
    assert told(read(tmp_path, b"1,2\n" * 1_000_000, "开班申报.csv")) == [("unreadable", None, None)]


def test_a_thousand_wrong_rows_are_not_a_thousand_findings(tmp_path: Path) -> None:
    lines = "\n".join([",".join(HEADING), *("1,x,y,z,安全,王" for _ in range(1000))])
    assert len(read(tmp_path, lines.encode(), "开班申报.csv").faults) == 100


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_content_breaks_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("x.csv", "x.toml"):
        assert isinstance(read(folder, content, name), Dossier)


CELLS = st.none() | st.text(max_size=12) | st.integers(-(10**20), 10**20) | st.floats() | st.sampled_from(HEADING)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=7), max_size=8))
def test_no_table_breaks_it(tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]) -> None:
    text = files.csv_text([*fields(), HEADING, *rows])
    assert isinstance(read(tmp_path_factory.getbasetemp(), text.encode("utf-8", "replace"), "y.csv"), Dossier)


def test_dossiers_are_known_by_name() -> None:
    names = (
        "教学计划.xlsx",
        "开班申报表.csv",
        "dossier.toml",
        "花名册.xlsx",
        "开班申报花名册.xlsx",
        "开班申请.docx",
        "a.toml",
    )
    assert rank_dossiers(names) == ("dossier.toml", "开班申报表.csv", "教学计划.xlsx")


def test_it_is_found_in_the_class_folder_and_is_no_roster(tmp_path: Path) -> None:
    folder = tree(tmp_path / COURSE, *day_of_clips("5月20日"))
    (folder / "开班申报.xlsx").write_bytes(files.xlsx(form(*TWO_DAYS, teachers=[("王老师", None, "安全")])))
    (found,) = discover([folder], today=TODAY).classes
    assert found.dossier is not None
    assert (found.dossier.file, len(found.dossier.days)) == ("开班申报.xlsx", 2)
    assert found.roster is None
    assert found.folder.strays == ()


def test_a_toml_file_is_a_paper(tmp_path: Path) -> None:
    folder = tree(tmp_path / COURSE, *day_of_clips("5月20日"))
    (folder / "dossier.toml").write_text(TOML, encoding="utf-8")
    (found,) = discover([folder], today=TODAY).classes
    assert found.folder.strays == ()
    assert found.dossier is not None


def test_the_one_with_a_plan_is_taken_and_a_rival_plan_is_told(tmp_path: Path) -> None:
    empty, first = read(tmp_path, b""), of_rows(tmp_path, *TWO_DAYS)
    other = of_rows(tmp_path, TWO_DAYS[0])
    assert best_dossier([]) is None
    best = best_dossier([empty, first])
    assert best is not None
    assert (best.sessions, best.faults, len(best.other_files)) == (first.sessions, (), 1)
    assert best_dossier([first, first]).faults == ()
    assert [fault.problem.value for fault in best_dossier([first, other]).faults] == ["several-dossiers"]


def test_a_given_one_replaces_those_in_the_folders(tmp_path: Path) -> None:
    folder = tree(tmp_path / COURSE, *day_of_clips("5月20日"))
    (folder / "开班申报.xlsx").write_bytes(files.xlsx(form(*TWO_DAYS)))
    (tmp_path / "其他.toml").write_text(TOML.split("[[plan]]")[0] + "[[plan]]\ndate = 2024-06-01\n", encoding="utf-8")
    (found,) = discover([folder], today=TODAY, dossier_file=tmp_path / "其他.toml").classes
    assert found.dossier is not None
    assert list(found.dossier.days) == [dt.date(2024, 6, 1)]


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", None), ("b.toml", b"= 1"), ("c.xlsx", b"PK\x03\x04")])
def test_a_given_one_that_cannot_be_used(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DossierError, match=name):
        given_dossier(tmp_path / name)
