import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report import samples
from vidaudit.model.submission import StrayFile, StrayReason
from vidaudit.report.workbook import Column, Table, cell_text, num_lines, workbook
from vidaudit.report.xlsx import class_xlsx, summary_xlsx


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def one_cell(text: str) -> Any:
    table = Table(title="a", columns=(Column(heading="b", width=10),), rows=[(text,)])
    return opened(workbook((table,), samples.CREATED))["a"]["A2"]


def test_a_class_has_a_sheet_for_everything() -> None:
    book = opened(class_xlsx(samples.nasty()))
    assert book.sheetnames == ["结论", "每日情况", "事项", "视频", "人员", "到场", "花名册", "人工核对", "补贴测算"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.max_row > 1


def test_findings_have_what_the_page_has() -> None:
    sheet = opened(class_xlsx(samples.nasty()))["事项"]
    heading = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heading, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]
    small = next(row for row in rows if row["代码"] == "too-small")
    assert small["结论"] == "不符合"
    assert small["依据条款"] == "壶技能办发〔2024〕1号 附件4 三(3)"
    assert small["情况"] == "画面为 1280×720，要求不低于 1024×768。"
    assert [row["结论"] for row in rows][-1] == "符合"


def test_attendance_is_person_by_day_in_clips() -> None:
    sample = samples.nasty()
    book = opened(class_xlsx(sample))
    rows = [[cell.value for cell in row] for row in book["到场"]]
    assert rows == [["编号", "5/20", "0521", "天数"], ["1 号", 0, 0, 2], ["2 号", 0, None, 1]]
    assert [cell.value for cell in book["人员"][2]][:3] == ["1 号", 2, "5/20、0521"]


def test_a_folder_that_is_a_heading_is_no_formula() -> None:
    sample = samples.nasty()
    folder = sample.evidence.folder
    days = (replace(folder.days[1], path='=HYPERLINK("evil")'),)
    changed = replace(sample, evidence=replace(sample.evidence, folder=replace(folder, days=days)))
    cell = opened(class_xlsx(changed))["到场"]["B1"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("evil")', "s")
    assert cell.quotePrefix


def test_numbers_stay_numbers_and_the_unmeasured_stays_empty() -> None:
    sheet = opened(class_xlsx(samples.nasty()))["视频"]
    row = {sheet.cell(1, n).value: sheet.cell(2, n).value for n in range(1, sheet.max_column + 1)}
    assert (row["时长（秒）"], row["大小（字节）"], row["人脸人数"]) == (599.9, 1_234_567, None)
    assert row["SHA-256"] == samples.DIGIT_SHA


def test_no_id_number_is_left_anywhere_in_the_file() -> None:
    for content in (class_xlsx(samples.nasty()), summary_xlsx(samples.rows(), samples.profile(), samples.context())):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if samples.FULL_ID.encode() in archive.read(name)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", '=HYPERLINK("x")'])
def test_what_looks_like_a_formula_stays_text(text: str) -> None:
    cell = one_cell(text)
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", True)


@pytest.mark.parametrize(("text", "stored"), [("\t=1", "\\x09=1"), ("a\x00b\x0b", "a\\x00b\\x0b"), ("a\nb", "a\nb")])
def test_control_characters_are_made_visible(text: str, stored: str) -> None:
    assert one_cell(text).value == stored


def test_ordinary_text_has_no_quote_mark() -> None:
    assert not one_cell("5月20日").quotePrefix


@given(st.text(st.characters(), max_size=50))
@settings(max_examples=30, deadline=None)
def test_any_text_can_be_stored_and_is_never_a_formula(text: str) -> None:
    cell = one_cell(text)
    assert cell.data_type in ("s", "n")
    assert (cell.value or "") == cell_text(text).replace("\r", "")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert class_xlsx(samples.nasty()) == class_xlsx(samples.nasty())


def test_the_injected_time_is_the_only_one_in_the_file() -> None:
    book = opened(class_xlsx(samples.clean()))
    stamp = samples.CREATED.replace(tzinfo=None)
    assert (book.properties.created, book.properties.modified) == (stamp, stamp)


def test_a_time_before_zip_files_began_does_no_harm() -> None:
    table = Table(title="a", columns=(Column(heading="b", width=10),), rows=[])
    assert opened(workbook((table,), dt.datetime(1970, 1, 1))).sheetnames == ["a"]


def test_the_summary_lists_classes_and_what_lies_in_none() -> None:
    loose = StrayFile(path="散落.mp4", reason=StrayReason.VIDEO_OUTSIDE_DAY)
    book = opened(summary_xlsx(samples.rows(), samples.profile(), samples.context(), (loose,)))
    classes = [[cell.value for cell in row] for row in book["各班"].iter_rows(min_row=2)]
    assert [row[2] for row in classes] == ["不符合", "符合"]
    assert [cell.value for cell in book["不属于任何班级的内容"][2]] == ["散落.mp4", "每日文件夹以外的视频"]


def test_what_is_at_stake_is_in_numbers_with_its_working_and_clause() -> None:
    sheet = opened(class_xlsx(samples.nasty()))["补贴测算"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "培训补贴")
    assert row[1:5] == (60_000, 44_200, 60_000, None)
    assert "26 人 × 1,700 元" in row[5]
    assert row[6] == "壶技能办发〔2024〕1号 附件4 三(3)"


def test_the_summary_has_the_training_subsidy_of_each_class() -> None:
    sheet = opened(summary_xlsx(samples.rows(), samples.profile(), samples.context()))["各班"]
    heading = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heading, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["申报（元）"] for row in rows] == [60_000, None]
    assert [row["佐证至少（元）"] for row in rows] == [44_200, None]


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("a" * 9, 1), ("a" * 10, 2), ("长" * 4, 1), ("长" * 5, 2), ("a\nb", 2), ("a\n\nb", 3)]
)
def test_wrapped_text_takes_so_many_lines(text: str, lines: int) -> None:
    assert num_lines(text, 10) == lines


def test_rows_are_as_high_as_their_text_up_to_the_limit() -> None:
    rows = [("a",), ("a\nb",), ("a\n" * 100,)]
    table = Table(title="a", columns=(Column(heading="b", width=10),), rows=rows)
    heights = opened(workbook((table,), samples.CREATED))["a"].row_dimensions
    assert [heights[number].height for number in (2, 3, 4)] == [None, 30, 409]
