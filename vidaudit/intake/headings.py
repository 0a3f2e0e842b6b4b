"""The columns of a roster, by name: those of annex 4 of the cluster-training document, in the usual variants."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vidaudit.intake.numerals import fold
from vidaudit.intake.sheets import Cell, Row, Table

NAME, ID_NUMBER, SEX, AGE = "姓名", "身份证号", "性别", "年龄"
EDUCATION, OCCUPATION, TRAINING_TIME = "学历", "职业(工种)", "培训时间"
BIRTH = "出生日期"
SERIAL, REMARK, PHONE = "序号", "备注", "联系方式"

# Canonical names as annex 4 prints them, in its order, each with what schools write instead.
_VARIANTS = {
    SERIAL: "序号 编号 序 号 no no. 学号",
    NAME: "姓名 学员姓名 学员 员工姓名 学生姓名 人员姓名 参训人员姓名 参训人员 培训人员姓名 培训人员 名字",
    SEX: "性别",
    AGE: "年龄 周岁 岁数 年纪",
    BIRTH: "出生日期 出生年月 出生年月日 生日",
    EDUCATION: "学历 文化程度 最高学历 受教育程度 教育程度 学历层次",
    ID_NUMBER: (
        "身份证号 身份证号码 身份证 身份号码 公民身份号码 公民身份证号码 公民身份证号 居民身份证号 居民身份证号码 "
        "证件号码 证件号 有效证件号码 身份证件号码 身份证编号 社会保障号码"
    ),
    PHONE: "联系方式 联系电话 电话 电话号码 手机 手机号 手机号码 联系号码 本人电话 移动电话",
    "具体工作部门": "具体工作部门 工作部门 部门 所在部门 岗位 工作岗位 工作单位 单位 所在单位",
    OCCUPATION: "职业(工种) 职业 工种 职业工种 职业/工种 培训工种 培训职业 培训专业 专业 培训项目 职业名称 工种名称",
    TRAINING_TIME: "培训时间 培训日期 培训起止时间 培训起止日期 起止时间 起止日期 培训时段",
    REMARK: "备注 说明 备考",
}
_COLUMN_OF = {variant: name for name, variants in _VARIANTS.items() for variant in variants.split()}
# A roster without a serial number or remarks lacks nothing; the form has no column for birth dates.
REQUIRED = tuple(name for name in _VARIANTS if name not in (SERIAL, BIRTH, REMARK))
_HEADER_WITHIN = 60  # rows from the top of a sheet
_IN_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where a sheet's heading stands. `blocks` map canonical names to cell indexes; side-by-side lists make several."""

    index: int
    height: int
    blocks: tuple[dict[str, int], ...]

    @property
    def columns(self) -> frozenset[str]:
        """The canonical names that are there."""
        return frozenset(name for block in self.blocks for name in block)


def column_of(cell: Cell) -> str | None:
    """The canonical name that a heading means, else None."""
    if not isinstance(cell, str):
        return None
    text = re.sub(r"[\s*:：]", "", fold(cell)).lower()
    return _COLUMN_OF.get(text) or _COLUMN_OF.get(_IN_BRACKETS.sub("", text))


def find_header(table: Table) -> Header | None:
    """The best heading of a sheet: the row with 姓名 and the most other columns; a second row may complete it."""
    best: Header | None = None
    for index, row in enumerate(table.rows[:_HEADER_WITHIN]):
        header = _header_at(table.rows, index, row)
        if header and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def _header_at(rows: Sequence[Row], index: int, row: Row) -> Header | None:
    names = [column_of(cell) for cell in row.cells]
    if NAME not in names:
        return None
    height = 1
    below = [column_of(cell) for cell in rows[index + 1].cells] if index + 1 < len(rows) else []
    if any(below) and NAME not in below:
        wide = max(len(names), len(below))
        names, below = names + [None] * (wide - len(names)), below + [None] * (wide - len(below))
        names = [lower or upper for upper, lower in zip(names, below, strict=True)]
        height = 2
    return Header(index=index, height=height, blocks=_blocks(names))


def _blocks(names: Sequence[str | None]) -> tuple[dict[str, int], ...]:
    """One mapping for each list that stands side by side; a new one begins where 序号 or 姓名 comes again."""
    blocks: list[dict[str, int]] = [{}]
    for index, name in enumerate(names):
        if name in (SERIAL, NAME) and name in blocks[-1]:
            blocks.append({})
        if name is not None:
            blocks[-1].setdefault(name, index)
    return tuple(block for block in blocks if NAME in block)
