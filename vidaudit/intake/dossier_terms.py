"""What the fields and columns of a dossier are called: one name each, and what schools write instead."""

import re
from typing import Final

from vidaudit.intake.numerals import fold
from vidaudit.intake.sheets import Cell
from vidaudit.model.dossier import Teaching

# The names are the keys of the TOML form; the first variant is the one that templates print.
INSTITUTION, CLASS, OCCUPATION, LEVEL = "institution", "class", "occupation", "level"
KIND, ROSTER, FOOTAGE = "kind", "roster", "footage"
DATE, TIME, HOURS, THEORY_HOURS, PRACTICE_HOURS = "date", "time", "class_hours", "theory_hours", "practice_hours"
TEACHING, TOPIC, TEACHER = "teaching", "topic", "teacher"
NAME, ID_NUMBER, SUBJECT = "name", "id_number", "subject"

FIELDS: Final = {
    INSTITUTION: "培训机构 培训机构名称 机构 机构名称 院校名称 培训学校 培训单位 承训机构 承训单位 学校名称",
    CLASS: "班级 班名 班级名称 培训班 培训班名称 开班名称 培训班次 班次",
    OCCUPATION: "职业(工种) 职业 工种 培训工种 培训职业 职业工种 职业/工种 培训专业",
    LEVEL: "等级 培训等级 技能等级",
    KIND: "培训类型 培训类别 培训种类 类型 类别",
    ROSTER: "花名册 学员花名册 学员名册 名册",
    FOOTAGE: "录像范围 视频范围 录像",
}
PLAN: Final = {
    DATE: "日期 培训日期 上课日期 授课日期",
    TIME: "时间 培训时间 上课时间 授课时间",
    HOURS: "学时 学时数 课时 课时数 总学时 总课时",
    THEORY_HOURS: "理论学时 理论课时",
    PRACTICE_HOURS: "实操学时 实操课时 实训学时 实训课时 实践学时 实践课时",
    TEACHING: "授课方式 理论/实操 理论或实操 课程性质 课程类型 授课形式 教学形式 教学方式 类型 性质",
    TOPIC: "课程内容 授课内容 培训内容 教学内容 内容 课程 课程名称 授课课程 课题 主题 科目",
    TEACHER: "授课教师 任课教师 任课老师 教师 老师 授课老师 教师姓名 培训教师 主讲教师 主讲 授课人",
}
TEACHERS: Final = {
    NAME: "姓名 教师姓名 授课教师 任课教师",
    ID_NUMBER: "身份证号 身份证号码 身份证 公民身份号码 证件号码",
    SUBJECT: "承担课程 任教课程 授课课程 课程 专业 任教专业 授课科目 科目",
}
_OF_TEACHERS_ALONE: Final = {"职称", "职业资格", "资格证书", "教师资格", "承担课程", "任教课程", "职务", "任教专业"}
_IN_BRACKETS: Final = re.compile(r"[(\[【].*?[)\]】]")

_TEACHING_WORDS: Final = (
    (Teaching.BOTH, re.compile("一体|both|混合")),
    (Teaching.THEORY, re.compile("理论|theory|讲授")),
    (Teaching.PRACTICE, re.compile("实操|实训|实践|实习|操作|技能|practice|practical")),
)
FULL_FOOTAGE: Final = frozenset({"full", "全程", "全程录像", "全程视频", "全部录像"})
EDITED_FOOTAGE: Final = frozenset({"disc", "光盘", "报送光盘", "编辑后的光盘", "节选"})


def label(cell: Cell) -> str:
    """A heading or label in its plain form, without spaces, colons, stars and what stands in brackets at its end."""
    return re.sub(r"[\s*:：]", "", fold(cell)).lower() if isinstance(cell, str) else ""


def field_of(cell: Cell) -> str | None:
    """The field that a label names, else None."""
    return _meant(cell, _FIELD_OF)


def plan_column(cell: Cell) -> str | None:
    """The column of a plan that a heading means, else None."""
    return _meant(cell, _PLAN_OF)


def teacher_column(cell: Cell) -> str | None:
    """The column of a list of teachers that a heading means, else None."""
    return _meant(cell, _TEACHERS_OF)


def is_of_teachers(cell: Cell) -> bool:
    """Whether only a list of teachers has such a heading."""
    return label(cell) in _OF_TEACHERS_ALONE


def teaching_of(text: str) -> Teaching | None:
    """How a session is taught, by its words; None when they say neither."""
    words = fold(text).lower()
    found = [teaching for teaching, pattern in _TEACHING_WORDS if pattern.search(words)]
    if len(found) > 1:
        return Teaching.BOTH
    return found[0] if found else None


def _by_variant(names: dict[str, str]) -> dict[str, str]:
    return {variant.lower(): name for name, variants in names.items() for variant in (*variants.split(), name.lower())}


_FIELD_OF: Final = _by_variant(FIELDS)
_PLAN_OF: Final = _by_variant(PLAN)
_TEACHERS_OF: Final = _by_variant(TEACHERS)


def _meant(cell: Cell, names: dict[str, str]) -> str | None:
    text = label(cell)
    return names.get(text) or names.get(_IN_BRACKETS.sub("", text))
