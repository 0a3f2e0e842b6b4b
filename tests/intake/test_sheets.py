import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from tests.intake import files
from vidaudit.intake import sheets
from vidaudit.intake.sheets import read_tables

ROWS = [("花名册",), ("姓名", "年龄"), ("张三", 44), ("李四", None)]
HTML = (
    "<html><table><tr><td colspan=2>花名册</td></tr><tr><th>姓名<th>年龄</tr><tr><td>张三</td><td>44</td></tr></table>"
)


def cells(path: Path) -> list[tuple[object, ...]]:
    found = read_tables(path)
    assert found.fault is None
    return [row.cells for row in found.tables[0].rows]


def rewritten(content: bytes, name: str, change: tuple[bytes, bytes]) -> bytes:
    """An xlsx with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, data.replace(*change) if part.filename == name else data)
    return target.getvalue()


@pytest.mark.parametrize("maker", [files.xlsx, files.xls])
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_workbooks_are_told_by_content(tmp_path: Path, maker: object, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(maker(ROWS))  # type: ignore[operator]
    assert cells(path) == [("花名册",), ("姓名", "年龄"), ("张三", 44), ("李四",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(files.csv_text([("姓名", "年龄"), ("张三", 44)], delimiter).encode(encoding))
    assert cells(path) == [("姓名", "年龄"), ("张三", "44")]


def test_excels_way_of_forcing_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,号\n张三,="0012"\n"李\n四",=A1\n', encoding="utf-8")
    assert cells(path)[1:] == [("张三", "0012"), ("李\n四", "=A1")]


def test_a_page_saved_as_xls(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(HTML.encode("gb18030"))
    assert cells(path) == [("花名册",), ("姓名", "年龄"), ("张三", "44")]


def test_merged_cells_of_a_page_keep_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<table><tr><td rowspan=2>一<td>b<td>c</tr><tr><td>d<td>e</tr></table>", encoding="utf-8")
    assert cells(path) == [("一", "b", "c"), (None, "d", "e")]


def test_blank_rows_keep_the_numbering_and_dates_are_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.xlsx([("a",), (), (None, "  "), (dt.datetime(2024, 5, 20), True, 1.5)]))
    rows = read_tables(path).tables[0].rows
    assert [(row.number, row.cells) for row in rows] == [(1, ("a",)), (4, (dt.date(2024, 5, 20), None, 1.5))]


def test_a_wrong_claim_of_the_sheets_size_is_overlooked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    content = files.xlsx(ROWS)
    path.write_bytes(rewritten(content, "xl/worksheets/sheet1.xml", (b'ref="A1:B4"', b'ref="A1"')))
    assert len(cells(path)) == 4


def test_every_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.xlsx(ROWS, [("x",)]))
    assert [table.name for table in read_tables(path).tables] == ["表1", "表2"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"\x00\x01\x02",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xff\xfea",
    ],
)
def test_broken_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert read_tables(path).fault == "unreadable"


def test_every_cut_of_a_workbook_is_read_or_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for whole in (files.xlsx(ROWS), files.xls(ROWS)):
        for size in range(0, len(whole), len(whole) // 40):
            path.write_bytes(whole[:size])
            found = read_tables(path)
            assert found.fault == "unreadable" or found.tables


def test_a_missing_file_or_a_folder(tmp_path: Path) -> None:
    assert read_tables(tmp_path / "none.xlsx").fault == "unreadable"
    assert read_tables(tmp_path).fault == "unreadable"


def test_encrypted_files(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    assert read_tables(path).fault == "encrypted"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode(encoding)
    target = io.BytesIO(files.xlsx(ROWS))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/bomb.xml", bomb)
    path = tmp_path / "a.xlsx"
    path.write_bytes(target.getvalue())
    assert read_tables(path).fault == "unreadable"


def test_a_bomb_is_refused_and_what_just_fits_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.xlsx(ROWS))
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    monkeypatch.setattr(sheets, "MAX_BYTES", size)
    assert read_tables(path).fault is None
    monkeypatch.setattr(sheets, "MAX_BYTES", size - 1)
    assert read_tables(path).fault == "unreadable"


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名\n张三\n李四\n", encoding="utf-8")
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(cells(path)) == 3
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert read_tables(path).fault == "unreadable"


def test_blank_rows_are_not_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.xlsx([("a",), *[()] * 10, ("b",), (None, " ")]))
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert [row.number for row in read_tables(path).tables[0].rows] == [1, 12]


@pytest.mark.parametrize(("last_row", "fault"), [(4, None), (3, "unreadable")])
def test_a_row_below_the_last_of_any_sheet_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last_row: int, fault: str | None
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.xlsx([("a",), (), (), (" ",)]))
    monkeypatch.setattr(sheets, "_LAST_ROW", last_row)
    assert read_tables(path).fault == fault


@pytest.mark.parametrize(("length", "kept"), [(500, 500), (501, 500)])
def test_a_cell_of_more_than_a_page_is_cut(tmp_path: Path, length: int, kept: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"姓名\n{'长' * length}\n", encoding="utf-8")
    assert cells(path)[1] == ("长" * kept,)


def test_a_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    content = rewritten(files.xlsx(ROWS), "xl/worksheets/sheet1.xml", (b'r="A4"', b'r="XFD4"'))
    path.write_bytes(content)
    assert len(cells(path)) == 3


def test_a_formula_without_a_value_is_told_and_one_with_a_value_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    content = files.xlsx([("姓名", "年龄"), ("张三", "=1+43"), ("李四",)])
    path.write_bytes(content)
    (table,) = read_tables(path).tables
    assert table.valueless == {(2, 1)}
    for written, cells_of_row in (
        (b'<c r="B2"><f>1+43</f><v>44</v></c>', ("张三", 44)),
        (b'<c r="B2" t="str"><f>""</f><v></v></c>', ("张三",)),
    ):
        change = (b'<c r="B2"><f>1+43</f><v></v></c>', written)
        path.write_bytes(rewritten(content, "xl/worksheets/sheet1.xml", change))
        (table,) = read_tables(path).tables
        assert (table.rows[1].cells, table.valueless) == (cells_of_row, frozenset())


def test_a_million_formatted_rows_are_not_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    blank = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(10, 2000))
    change = (b"</sheetData>", blank + b"</sheetData>")
    path.write_bytes(rewritten(files.xlsx(ROWS), "xl/worksheets/sheet1.xml", change))
    monkeypatch.setattr(sheets, "_LAST_ROW", 5)
    assert len(cells(path)) == 4


@pytest.mark.parametrize("change", [(b'<row r="4"', b"<row"), (b'<row r="4"', b'<row r="40"')])
def test_rows_without_a_number_or_far_down_are_read(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(rewritten(files.xlsx(ROWS), "xl/worksheets/sheet1.xml", change))
    assert cells(path)[-1] == ("李四",)


@pytest.mark.parametrize("broken", ['"李四', '李"四"', '"李"四'])
def test_a_quotation_mark_never_swallows_the_rows_below(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"姓名,年龄\n张三,44\n{broken},45\n王五,46\n", encoding="utf-8")
    assert len(cells(path)) == 4


def test_characters_that_do_not_show_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(files.xlsx([("姓\u200b名",), ("\u202e张\ufeff三",), ("\u2060",)]))
    assert cells(path) == [("姓名",), ("张三",)]


def test_bars_part_columns_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名|年龄\n张三|44\n", encoding="utf-8")
    assert cells(path) == [("姓名", "年龄"), ("张三", "44")]
