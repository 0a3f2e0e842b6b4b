from tests.intake.dossiers import HEADING, TEACHERS
from vidaudit.intake.dossier_tables import raw_of_tables
from vidaudit.intake.sheets import Row, Table


def table(*rows: tuple[object, ...], name: str = "计划") -> Table:
    return Table(name=name, rows=tuple(Row(number=number, cells=row) for number, row in enumerate(rows, 1)))


SESSION = (1, "2024-05-20", 8, "理论", "安全", "王老师")


def test_plan_and_teachers_on_one_sheet_or_on_two() -> None:
    teacher = (1, "王老师", None, "安全")
    one = raw_of_tables([table(HEADING, SESSION, TEACHERS, teacher)])
    two = raw_of_tables([table(TEACHERS, teacher, name="师资"), table(HEADING, SESSION)])
    assert len(one.plan) == len(two.plan) == len(one.teachers) == len(two.teachers) == 1
    assert one.plan[0]["topic"].place == "计划!E2"


def test_labels_with_their_value_behind_a_colon_or_in_the_next_cell() -> None:
    rows = (
        ("培训机构：甲校", None, "班级", None, "第1期班"),
        ("培训类型", "项目制", "说明：任选"),
        ("等级", "说明：初级"),
    )
    raw = raw_of_tables([table(*rows)])
    assert {name: entry.value for name, entry in raw.fields.items()} == {
        "institution": "甲校",
        "class": "第1期班",
        "kind": "项目制",
    }
    assert raw.fields["class"].place == "计划!E1"


def test_a_label_without_a_value_takes_none_from_the_next_label() -> None:
    assert raw_of_tables([table(("培训机构", "班级", "第1期班"))]).fields.keys() == {"class"}


def test_examples_totals_and_signatures_are_no_rows() -> None:
    rows = (HEADING, ("示例", *SESSION[1:]), SESSION, ("合计", None, 8), ("审核人：张三", "2024-05-30"))
    assert len(raw_of_tables([table(*rows)]).plan) == 1


def test_a_column_of_times_is_none_of_days_where_there_is_one_of_days() -> None:
    raw = raw_of_tables([table(("时间", "日期", "学时"), ("8:30-12:00", "2024-05-20", 4))])
    assert raw.plan[0]["date"].value == "2024-05-20"
    raw = raw_of_tables([table(("时间", "学时"), ("2024-05-20", 4))])
    assert raw.plan[0]["date"].value == "2024-05-20"


def test_a_second_form_below_the_first() -> None:
    raw = raw_of_tables([table(HEADING, SESSION, ("培训类型：订单式",))])
    assert raw.fields["kind"].value == "订单式"
    assert len(raw.plan) == 1
