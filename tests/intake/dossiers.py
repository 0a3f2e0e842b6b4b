"""Dossiers for tests: the rows of a form, and the same in TOML."""

from collections.abc import Sequence

from tests.intake.files import COURSE, SCHOOL

HEADING = ("序号", "日期", "学时", "授课方式", "课程内容", "授课教师")
TEACHERS = ("序号", "姓名", "身份证号", "承担课程")


def fields(**changes: str) -> list[tuple[object, ...]]:
    """The head of a form."""
    said = {"培训机构": SCHOOL, "班级": COURSE, "职业(工种)": "育婴员", "培训类型": "订单式培训"}
    return [("开班申报表",), *((f"{name}：", value) for name, value in (said | changes).items())]


def form(
    *sessions: Sequence[object], teachers: Sequence[Sequence[object]] = (), **changes: str
) -> list[Sequence[object]]:
    """A form with these rows of the plan, from the date on."""
    plan = [(number, *session) for number, session in enumerate(sessions, start=1)]
    listed = [TEACHERS, *((number, *row) for number, row in enumerate(teachers, start=1))] if teachers else []
    return [*fields(**changes), HEADING, *plan, ("合计", None, 8), *listed]


TWO_DAYS = (
    ("2024-05-20", 8, "理论", "安全、消防、法制、普通话", "王老师"),
    ("2024-05-21", 8, "实操", "育婴", "李老师"),
)

TOML = f"""\
institution = "{SCHOOL}"
class = "{COURSE}"
kind = "order"

[[plan]]
date = 2024-05-20
class_hours = 8
teaching = "theory"
topic = "安全、消防、法制、普通话"
teacher = "王老师"

[[plan]]
date = "2024-05-21"
class_hours = 8
teaching = "practice"
topic = "育婴"
teacher = "李老师"
"""
