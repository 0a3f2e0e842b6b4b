"""Blank forms for schools: the dossier as xlsx, csv and TOML, the roster in the columns of the provincial form.

What is written here is what `intake.dossier` and `intake.roster` read; rows that begin with 示例 are no data.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from vidaudit.intake.dossier_tables import NOTE
from vidaudit.intake.sheets import EXAMPLE

_FIELDS: Final = (
    ("培训机构", "全称，与视频文件名一致"),
    ("班级", "如 2024年第1期育婴员培训班，与视频文件名一致"),
    ("职业(工种)", "如 育婴员"),
    ("等级", "如 初级；没有可留空"),
    ("培训类型", "如 订单式培训、项目制培训、普惠制培训、企业职工技能培训、创业培训"),
    ("花名册", "花名册的文件名，如 花名册.xlsx"),
    ("录像范围", "文件夹内是全程录像时填 全程；是报送光盘时留空"),
)
_PLAN: Final = ("序号", "日期", "学时", "授课方式", "课程内容", "授课教师")
_PLAN_EXAMPLE: Final = (EXAMPLE, "2024-05-20", 4, "理论", "安全生产、消防知识", "张老师")
_TEACHERS: Final = ("序号", "姓名", "身份证号", "承担课程")
_TEACHER_EXAMPLE: Final = (EXAMPLE, "张老师", "18位身份证号", "安全生产、消防知识")
_ROSTER: Final = (
    *("序号", "姓名", "性别", "年龄", "学历", "身份证号", "联系方式", "具体工作部门"),
    *("职业(工种)", "培训时间", "备注"),
)
_ROSTER_EXAMPLE: Final = (
    *(EXAMPLE, "张三", "女", 44, "高中", "18位身份证号", "手机号", "无"),
    *("育婴员", "2024-05-20至2024-05-31", ""),
)
_NOTES: Final = (
    "每班一份，放在班级文件夹内，文件名含“开班申报”；xlsx、csv、toml 三种任选一种，不用的请删去。",
    "列的先后可以改，表头文字请保留；以“示例”开头的行不会读入。",
    "每天至少一行；同一天有理论也有实操的分行写，日期可以合并单元格。",
    "学时填数字，大于 0，不超过 24；授课方式填 理论、实操 或 理论+实操。",
    "课程内容应列有安全、消防、法制、普通话等必修内容。",
    "身份证号请按文本填写，不要让表格软件改成科学计数。",
)
_WIDTH_OF_TEXT: Final = 44
_WIDE: Final = frozenset({"课程内容", "承担课程", "身份证号", "培训时间"})
_BLANK_ROWS: Final = 40

_TOML: Final = """\
# 开班申报：每班一份，放在班级文件夹内。以 # 开头的是说明，去掉 # 即可填写。
# institution = "培训机构全称"
# class = "2024年第1期育婴员培训班"
# occupation = "育婴员"
# level = "初级"
# kind = "order"                # 或 "订单式培训"；vidaudit profile show 列出全部类型
# roster = "花名册.xlsx"
# footage = "full"              # 只在文件夹内是全程录像时写

# 每次课一段，照样往下加。
# [[plan]]
# date = 2024-05-20
# class_hours = 4
# teaching = "theory"           # theory 理论，practice 实操，both 两者
# topic = "安全生产、消防知识"
# teacher = "张老师"

# [[teachers]]
# name = "张老师"
# id_number = "18位身份证号"
# subject = "安全生产、消防知识"
"""


def templates() -> Mapping[str, Callable[[], bytes]]:
    """{file name: makes its content}."""
    return {
        "开班申报.xlsx": _dossier_book,
        "开班申报.csv": _dossier_csv,
        "开班申报.toml": _TOML.encode,
        "花名册.xlsx": _roster_book,
    }


def _dossier_book() -> bytes:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "班级信息"
    _fields(first)
    _table(book.create_sheet("教学计划"), _PLAN, _PLAN_EXAMPLE)
    _table(book.create_sheet("师资"), _TEACHERS, _TEACHER_EXAMPLE)
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width = 2 * _WIDTH_OF_TEXT
    for note in _NOTES:
        notes.append([f"{NOTE}：{note}"])
    return _bytes(book)


def _roster_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "花名册"
    sheet.append(["培训学员花名册"])
    sheet.append(["院校名称："])
    _table(sheet, _ROSTER, _ROSTER_EXAMPLE)
    return _bytes(book)


def _fields(sheet: Any) -> None:
    for label, note in _FIELDS:
        sheet.append([label, None, f"{NOTE}：{note}"])
        sheet.cell(row=sheet.max_row, column=1).font = Font(bold=True)
        sheet.cell(row=sheet.max_row, column=3).font = Font(italic=True, color="808080")
    for column, width in (("A", 14), ("B", _WIDTH_OF_TEXT), ("C", 2 * _WIDTH_OF_TEXT)):
        sheet.column_dimensions[column].width = width


def _table(sheet: Any, columns: Sequence[str], example: Sequence[object]) -> None:
    """The heading and the example; cells for ID numbers hold text, since a number would lose its last digits."""
    sheet.append(list(columns))
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = Alignment(horizontal="center")
    sheet.append(list(example))
    for cell in sheet[head + 1]:
        cell.font = Font(italic=True, color="808080")
    for index, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = 28 if name in _WIDE else 14
        if name == "身份证号":
            for row in range(head + 1, head + _BLANK_ROWS):
                sheet.cell(row=row, column=index).number_format = "@"
    sheet.freeze_panes = sheet.cell(row=head + 1, column=1)


def _dossier_csv() -> bytes:
    """With a byte order mark, by which Excel knows that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([f"{label}：", ""] for label, _ in _FIELDS)
    writer.writerows([[], _PLAN, _PLAN_EXAMPLE, [], _TEACHERS, _TEACHER_EXAMPLE, []])
    writer.writerows([f"{NOTE}：{note}"] for note in _NOTES)
    return text.getvalue().encode("utf-8-sig")


def _bytes(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
