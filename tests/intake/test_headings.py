import pytest

from vidaudit.intake.headings import REQUIRED, column_of, find_header
from vidaudit.intake.sheets import Row, Table


def table(*rows: tuple[str | None, ...]) -> Table:
    return Table(name="", rows=tuple(Row(number=number, cells=cells) for number, cells in enumerate(rows, start=1)))


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("姓 名", "姓名"),
        ("姓　名", "姓名"),
        ("*姓名：", "姓名"),
        ("公民身份号码", "身份证号"),
        ("身份证号码（18位）", "身份证号"),
        ("手机号", "联系方式"),
        ("具体工作\n部门", "具体工作部门"),
        ("职业（工种）", "职业(工种)"),
        ("工种", "职业(工种)"),
        ("培训日期", "培训时间"),
        ("证件号码", "身份证号"),
        ("紧急联系人姓名", None),
        ("张三", None),
        (None, None),
    ],
)
def test_headings_are_known_in_their_variants(heading: str | None, column: str | None) -> None:
    assert column_of(heading) == column


def test_the_header_is_the_row_with_most_columns() -> None:
    found = find_header(table(("姓名", "备注"), ("花名册",), ("身份证号", "姓名", "性别"), ("1", "张三", "男")))
    assert found is not None
    assert (found.index, found.blocks) == (2, ({"身份证号": 0, "姓名": 1, "性别": 2},))


def test_a_header_of_two_rows() -> None:
    found = find_header(table(("姓名", "培训信息", None), (None, "工种", "培训时间"), ("张三", "育婴员", "5月")))
    assert found is not None
    assert (found.height, found.blocks) == (2, ({"姓名": 0, "职业(工种)": 1, "培训时间": 2},))


def test_lists_side_by_side() -> None:
    found = find_header(table(("序号", "姓名", "性别", "序号", "姓名", "性别")))
    assert found is not None
    assert found.blocks == ({"序号": 0, "姓名": 1, "性别": 2}, {"序号": 3, "姓名": 4, "性别": 5})


def test_no_name_no_header() -> None:
    assert find_header(table(("性别", "年龄"), ("男", "44"))) is None
    assert find_header(table()) is None


def test_serial_number_and_remarks_are_not_required() -> None:
    assert "姓名" in REQUIRED
    assert not {"序号", "备注"} & set(REQUIRED)
