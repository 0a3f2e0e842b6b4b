import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest

from tests.intake import files
from tests.intake.files import HEADING, SCHOOL, id_number, trainee
from vidaudit.intake.roster import find_rosters, rank_rosters, read_roster
from vidaudit.model.roster import Roster


def read(path: Path, content: bytes, on: dt.date | None = dt.date(2024, 6, 1)) -> Roster:
    path.write_bytes(content)
    roster = read_roster(path, shown_as=path.name, on=on)
    assert not re.search(r"\d{17}", repr(roster))
    return roster


def of_rows(tmp_path: Path, *rows: tuple[object, ...]) -> Roster:
    return read(tmp_path / "a.xlsx", files.xlsx(rows))


@pytest.mark.parametrize(
    "content",
    [
        files.xlsx(files.roster_rows()),
        files.xls(files.roster_rows()),
        files.csv_text(files.roster_rows()).encode("utf-8-sig"),
        files.csv_text(files.roster_rows()).encode("gb18030"),
        files.csv_text(files.roster_rows(), "\t").encode("utf-16"),
    ],
    ids=["xlsx", "xls", "csv-utf-8", "csv-gb18030", "csv-utf-16"],
)
def test_a_right_roster_in_every_format(tmp_path: Path, content: bytes) -> None:
    roster = read(tmp_path / "花名册", content)
    assert roster.size == 3
    assert (roster.faults, roster.missing_columns) == ((), ())
    assert (roster.title, roster.institution) == ("拟开展产业集群定向式培训员工花名册", SCHOOL)
    assert roster.training_dates == (dt.date(2024, 5, 20), dt.date(2024, 5, 21))
    first = roster.trainees[0]
    assert (first.row, first.name, first.sex, first.age) == (6, "学员乙1", "女", 44)
    assert (first.education, first.occupation) == ("高中", "育婴员")
    assert (first.id_masked, first.id_faults, first.missing) == (f"1404************{id_number()[-2:]}", (), ())


def test_no_phone_number_is_kept(tmp_path: Path) -> None:
    roster = of_rows(tmp_path, HEADING, trainee(1, 姓名="张三13900000001", 学历="13900000001", 联系方式="13912345678"))
    assert not re.search(r"\d{7}", repr(roster.trainees))


def test_an_identity_number_in_the_wrong_place_is_blotted_out(tmp_path: Path) -> None:
    number = id_number()
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    rows = [(f"花名册 {number}",), (f"院校名称：{number}",), HEADING, trainee(1, 姓名=number, 学历=spaced, 性别=number)]
    roster = of_rows(tmp_path, *rows)
    assert number[6:14] not in repr(roster)


def test_columns_in_any_order_and_missing_ones(tmp_path: Path) -> None:
    roster = of_rows(tmp_path, ("手机号", "公民身份号码", "姓 名"), ("139", id_number(), "张　三"), ("", None, "李四"))
    assert [one.name for one in roster.trainees] == ["张三", "李四"]
    assert roster.trainees[1].missing == ("身份证号", "联系方式")
    assert roster.missing_columns == ("性别", "年龄", "学历", "具体工作部门", "职业(工种)", "培训时间")


def test_what_is_no_trainee_is_left_out(tmp_path: Path) -> None:
    rows = [
        HEADING,
        trainee(1),
        HEADING,
        (2, None, None, None, None, None, None, None, "育婴员", "2024-05-20"),
        ("小计", "1人"),
        trainee(2),
        ("合计", 2),
        ("制表人：", "王五"),
        (None, "审核人：王五"),
        (None, "本表一式三份，学校、人社局、财政局各存一份，均须加盖公章，不得涂改，涂改无效，请知悉并遵照执行为盼"),
    ]
    assert [one.row for one in of_rows(tmp_path, *rows).trainees] == [2, 6]


def test_a_row_with_a_number_and_no_name_counts_and_lacks_its_name(tmp_path: Path) -> None:
    (row,) = of_rows(tmp_path, HEADING, trainee(1, 姓名=None)).trainees
    assert (row.name, row.missing) == (None, ("姓名",))


def test_repeated_people(tmp_path: Path) -> None:
    rows = [HEADING, trainee(1), trainee(2), trainee(1, 姓名="别名"), trainee(2, 身份证号=id_number(1990, 8))]
    roster = of_rows(tmp_path, *rows)
    assert [one.duplicate_of_row for one in roster.trainees] == [None, None, 2, None]
    assert roster.size == 3
    named = of_rows(tmp_path, ("姓名",), ("张三",), ("李四",), ("张三",))
    assert [one.duplicate_of_row for one in named.trainees] == [None, None, 2]


def test_faults_of_numbers(tmp_path: Path) -> None:
    number = id_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    rows = [
        trainee(1, 身份证号=wrong),
        trainee(2, 性别="男"),
        trainee(3, 年龄=46),
        trainee(4, 年龄="45岁"),
        trainee(5, 身份证号=1.40427198001e17),
        trainee(6, 身份证号=None),
    ]
    roster = of_rows(tmp_path, HEADING, *rows)
    assert [one.id_faults for one in roster.trainees] == [("checksum",), ("sex",), ("age",), (), ("rounded",), ()]


def test_ages_are_not_compared_without_a_day(tmp_path: Path) -> None:
    content = files.xlsx([HEADING, trainee(1, 年龄=20, 培训时间=None)])
    assert read(tmp_path / "a.xlsx", content, on=None).trainees[0].id_faults == ()
    assert read(tmp_path / "a.xlsx", content).trainees[0].id_faults == ("age",)


@pytest.mark.parametrize(
    ("head", "institution"),
    [
        (("培训机构：示例培训中心    培训工种：育婴员",), "示例培训中心"),
        (("培训学校名称（公章）：", "示例学校"), "示例学校"),
        (("企业名称：甲公司", None, "院校名称：乙学校"), "乙学校"),
        (("企业名称（盖章）：甲公司",), "甲公司"),
        ((f"{SCHOOL}2024年第1期育婴员培训班学员花名册",), SCHOOL),
        (("院校名称（盖章）：", "时间：2024-05-20"), None),
        (("学员花名册",), None),
    ],
)
def test_the_institution(tmp_path: Path, head: tuple[str, ...], institution: str | None) -> None:
    assert of_rows(tmp_path, head, HEADING, trainee(1)).institution == institution


@pytest.mark.parametrize(
    ("head", "column", "days", "span"),
    [
        ("时间：2024年6月30日", None, (), None),
        ("时间：2024年5月20日、21日", None, (20, 21), None),
        ("培训时间：2024年5月20日", None, (20,), None),
        ("培训时间：2024年5月20日至5月31日   地点：壶关", None, (), (20, 31)),
        ("时间：2024年6月30日", "2024.5.20-2024.5.22", (), (20, 22)),
        ("2024年第1期", "5月20日", (20,), None),
        ("花名册", dt.datetime(2024, 5, 20), (20,), None),
        ("时间：  年  月  日", None, (), None),
    ],
)
def test_training_days(
    tmp_path: Path, head: str, column: object, days: tuple[int, ...], span: tuple[int, int] | None
) -> None:
    roster = of_rows(tmp_path, (head,), HEADING, trainee(1, 培训时间=column))
    assert roster.training_dates == tuple(dt.date(2024, 5, day) for day in days)
    assert roster.training_span == (span and tuple(dt.date(2024, 5, day) for day in span))


def test_merged_titles_and_hidden_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in files.roster_rows():
        sheet.append(list(row))
    sheet.merge_cells("A1:K1")
    sheet.row_dimensions[7].hidden = True
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert read_roster(path, shown_as="a.xlsx").size == 3


def test_a_head_row_is_read_no_further_than_a_page(tmp_path: Path) -> None:
    for number, kept in ((2, 402), (3, 604), (9, 1000)):  # two spaces between cells of 200 characters
        roster = of_rows(tmp_path, ("学" * 200,) * number, HEADING, trainee(1))
        assert len(roster.title or "") == kept


def test_two_lists_side_by_side(tmp_path: Path) -> None:
    roster = of_rows(tmp_path, ("序号", "姓名", "序号", "姓名"), (1, "张三", 3, "王五"), (2, "李四", 4, None))
    assert [one.name for one in roster.trainees] == ["张三", "李四", "王五"]


def test_several_sheets(tmp_path: Path) -> None:
    good, other = files.roster_rows(), [("姓名",), ("教师甲",)]
    roster = read(tmp_path / "a.xlsx", files.xlsx(other, good))
    assert (roster.size, roster.faults) == (3, ("several-rosters",))
    same = read(tmp_path / "a.xlsx", files.xlsx(good, good, [("说明",)]))
    assert (same.size, same.faults) == (3, ())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "unreadable"),
        (b"PK\x03\x04", "unreadable"),
        (files.xlsx([("a", "b")]), "no-header"),
        (files.xlsx([HEADING]), "no-rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_what_kept_it_from_being_read(tmp_path: Path, content: bytes, fault: str) -> None:
    roster = read(tmp_path / "a.xlsx", content)
    assert (roster.size, roster.faults) == (None, (fault,))


def test_rosters_by_name() -> None:
    names = [
        "教师名单.xlsx",
        "签到表.xlsx",
        "名单.csv",
        "花名册.pdf",
        "学员花名册10.xls",
        "学员花名册2.xls",
        "课表.xlsx",
    ]
    assert rank_rosters(names) == ("学员花名册2.xls", "学员花名册10.xls", "名单.csv")


def test_rosters_by_content(tmp_path: Path) -> None:
    for name, rows in (("a.xlsx", files.roster_rows()), ("b.xlsx", [("费用",)]), ("教师.xlsx", [("姓名",), ("甲",)])):
        (tmp_path / name).write_bytes(files.xlsx(rows))
    assert find_rosters(sorted(tmp_path.iterdir())) == (tmp_path / "a.xlsx",)


@pytest.mark.media
def test_real_rosters() -> None:
    disc = Path(__file__).parents[3] / "shared" / "media" / "disc-real"
    if not disc.is_dir():
        pytest.skip("no media")
    rosters = [read_roster(path, shown_as=path.name) for path in sorted(disc.glob("*/花名册.xlsx"))]
    assert [roster.size for roster in rosters] == [16, 4]
    assert not any(one.id_faults or one.missing for roster in rosters for one in roster.trainees)


BORN = (*files.HEADING[:4], "出生日期", *files.HEADING[4:])


def with_born(tmp_path: Path, born: object) -> Roster:
    row = files.trainee(1)
    return read(tmp_path / "花名册.xlsx", files.xlsx([BORN, (*row[:4], born, *row[4:])]))


@pytest.mark.parametrize(
    "born",
    [dt.date(1980, 1, 10), "1980-01-10", "1980年1月10日", "1980.1", "198001", "19800110", "不详", "1980", 29230, None],
)
def test_a_birth_date_that_fits_the_number_or_cannot_be_read(tmp_path: Path, born: object) -> None:
    roster = with_born(tmp_path, born)
    assert roster.trainees[0].id_faults == ()
    assert roster.missing_columns == ()


@pytest.mark.parametrize("born", [dt.date(1980, 1, 11), "1980-10-01", "1981.1", "19800210"])
def test_a_birth_date_that_differs_from_the_number(tmp_path: Path, born: object) -> None:
    assert with_born(tmp_path, born).trainees[0].id_faults == ("birth",)


def test_the_age_by_the_number_is_that_of_the_first_training_day(tmp_path: Path) -> None:
    good, bad = files.trainee(1), files.trainee(2, 身份证号=files.id_number()[:17] + "~")
    roster = read(tmp_path / "花名册.xlsx", files.xlsx([files.HEADING, good, bad]))
    assert [one.age_by_number for one in roster.trainees] == [44, None]


def test_the_example_of_a_template_is_nobody(tmp_path: Path) -> None:
    example = ("示例", *files.trainee(1, 身份证号="18位身份证号", 联系方式="手机号")[1:])
    rows = [files.HEADING, example, files.trainee(2)]
    assert [one.row for one in read(tmp_path / "花名册.xlsx", files.xlsx(rows)).trainees] == [3]
    unsound = ("示例", *files.trainee(1, 身份证号="140427199001011234")[1:])
    assert [one.row for one in of_rows(tmp_path, HEADING, unsound, trainee(2)).trainees] == [3]


def test_whoever_is_marked_as_an_example_is_somebody(tmp_path: Path) -> None:
    marked = [(f"示例{index}", *trainee(index)[1:]) for index in range(1, 4)]
    assert of_rows(tmp_path, HEADING, *marked).size == 3
    nameless = [("示例", *trainee(index, 身份证号=None)[1:]) for index in range(1, 4)]
    assert [one.row for one in of_rows(tmp_path, HEADING, *nameless).trainees] == [3, 4]


@pytest.mark.parametrize(
    ("told", "is_somebody"),
    [
        ({"性别": "女", "年龄": 40, "学历": "高中", "联系方式": "13900000101", "职业(工种)": "育婴员"}, True),
        ({"性别": "女", "联系方式": "13900000101"}, True),
        ({"年龄": "40岁", "职业(工种)": "育婴员"}, True),
        ({"性别": "女", "学历": "高中"}, True),
        ({"联系方式": "13900000101"}, False),
        ({"职业(工种)": "育婴员", "培训时间": "2024-05-20"}, False),
        ({"性别": "女", "年龄": 18}, False),
        ({"年龄": 44}, False),
    ],
)
def test_a_row_without_a_name_that_tells_of_somebody_lacks_it(
    tmp_path: Path, told: dict[str, object], is_somebody: bool
) -> None:
    row = tuple(told.get(column) for column in HEADING)
    further = of_rows(tmp_path, HEADING, trainee(1), row).trainees[1:]
    assert [one.missing[:1] for one in further] == ([("姓名",)] if is_somebody else [])
    assert all("身份证号" in one.missing for one in further)


@pytest.mark.parametrize(
    ("sheet", "faults"),
    [
        ([trainee(4), trainee(5)], ("several-rosters",)),
        ([("续",), (None, None, id_number(1990))], ("several-rosters",)),
        ([trainee(4, 姓名=None, 身份证号=None)], ("several-rosters",)),
        ([trainee(4, 身份证号=None)], ("several-rosters",)),
        ([trainee(1), trainee(2)], ()),
        ([("填表说明",), ("身份证号请按文本填写", "联系电话 13900000000")], ()),
        ([("合计", 3), (None, None, "女", 18)], ()),
        ([("高中", "女", 30), ("初中", "男", 20)], ()),
    ],
)
def test_a_sheet_that_goes_on_without_a_heading_is_told(
    tmp_path: Path, sheet: list[tuple[object, ...]], faults: tuple[str, ...]
) -> None:
    roster = read(tmp_path / "a.xlsx", files.xlsx(files.roster_rows(), sheet))
    assert (roster.size, roster.faults) == (3, faults)


@pytest.mark.parametrize(
    ("head", "school"),
    [
        ("院校名称（盖章）：乙学校", "乙学校"),
        ("企业名称（盖章）：甲公司", None),
        (f"{SCHOOL}2024年第1期育婴员培训班学员花名册", SCHOOL),
        ("壶关县就业服务中心2024年第1期育婴员培训班花名册", None),
    ],
)
def test_only_what_is_certainly_a_school_is_called_one(tmp_path: Path, head: str, school: str | None) -> None:
    assert of_rows(tmp_path, (head,), HEADING, trainee(1)).school == school


@pytest.mark.parametrize("number", ["1.40427E+17", 1.40427198001e17, "无", "同上", "/", "0", "0" * 18])
def test_what_stands_in_for_a_number_makes_nobody_the_same_person(tmp_path: Path, number: object) -> None:
    roster = of_rows(tmp_path, HEADING, *(trainee(index, 身份证号=number) for index in range(1, 5)))
    assert roster.size == 4
    assert all(one.duplicate_of_row is None and one.id_faults for one in roster.trainees)


@pytest.mark.parametrize(
    "below",
    [
        (None, "共 3 人"),
        (None, "全班共3人"),
        (None, "总数", "3"),
        ("合计", "3人", "男"),
        (None, "男1人，女2人"),
        (None, "以下空白"),
        (None, "以下无正文"),
        (None, "/"),
        (None, "——"),
        (None, "2024年5月20日"),
        (None, "第1页 共1页"),
        (None, "示例学校（公章）"),
        (None, "平均年龄", None, 44),
    ],
)
def test_what_stands_below_a_list_is_nobody(tmp_path: Path, below: tuple[object, ...]) -> None:
    assert of_rows(tmp_path, HEADING, trainee(1), trainee(2), below).size == 2


@pytest.mark.parametrize("name", ["欧阳娜娜", "买买提·吐尔逊", "学员3", "Anna B", "付无", "章共和", "第五明"])
def test_whoever_has_an_unusual_name_is_somebody(tmp_path: Path, name: str) -> None:
    assert of_rows(tmp_path, ("姓名", "电话"), ("张三", 1), (name, None)).size == 2


def test_formulas_without_values_are_told(tmp_path: Path) -> None:
    rows = [HEADING, *(trainee(index) for index in range(1, 4))]
    assert of_rows(tmp_path, *rows, trainee(4, 姓名="=名单!A1", 身份证号="=名单!B1")).faults == ("formulas",)
    assert of_rows(tmp_path, HEADING, trainee(1, 姓名="=A1", 身份证号="=B1")).faults == ("formulas",)
    assert of_rows(tmp_path, *rows, ("合计", None, "=COUNTA(B2:B4)")).faults == ()
    assert of_rows(tmp_path, HEADING, trainee(1, 年龄="=2024-1980")).faults == ()


def test_a_formulas_error_is_no_name(tmp_path: Path) -> None:
    (one,) = of_rows(tmp_path, HEADING, trainee(1, 姓名="#REF!")).trainees
    assert (one.name, one.missing) == (None, ("姓名",))


@pytest.mark.parametrize("sheet", ["教师名单", "签到表", "成绩"])
def test_sheets_of_other_people_are_no_second_list(tmp_path: Path, sheet: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files.xlsx([HEADING, trainee(1)], [HEADING, trainee(2), trainee(3)])))
    book.worksheets[1].title = sheet
    target = io.BytesIO()
    book.save(target)
    roster = read(tmp_path / "a.xlsx", target.getvalue())
    assert (roster.size, roster.faults) == (1, ())
