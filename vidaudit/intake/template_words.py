"""What the blank forms say, in Chinese and in English.

The English forms keep the Chinese headings, with the English ones in brackets behind them: an office that reads only
Chinese can still read what a school fills in, and both are read by the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vidaudit.intake.dossier_tables import NOTE
from vidaudit.intake.sheets import EXAMPLE

ID_COLUMN: Final = "身份证号"
"""How the headings of columns for ID numbers begin."""

WIDE: Final = ("课程内容", "承担课程", ID_COLUMN, "培训时间")
"""How the headings of columns begin that need room."""


@dataclass(frozen=True, kw_only=True)
class FormWords:
    """The texts of all forms in one language.

    Args:
        dossier, roster: what the files are called, without ending; `intake` finds them by these names.
        sheets: of the dossier: class, plan, teachers, notes.
        note: how a cell begins that explains.
        fields: label and explanation.
        plan, teachers, trainees: heading and example row; rows that begin with 示例 are never data.
        roster_sheet, roster_head: the roster's sheet, and the lines above its table.
    """

    dossier: str
    roster: str
    sheets: tuple[str, str, str, str]
    note: str
    fields: tuple[tuple[str, str], ...]
    plan: tuple[tuple[str, ...], tuple[object, ...]]
    teachers: tuple[tuple[str, ...], tuple[object, ...]]
    trainees: tuple[tuple[str, ...], tuple[object, ...]]
    roster_sheet: str
    roster_head: tuple[str, ...]
    notes: tuple[str, ...]
    toml: str


_ZH: Final = FormWords(
    dossier="开班申报",
    roster="花名册",
    sheets=("班级信息", "教学计划", "师资", "填写说明"),
    note=f"{NOTE}：",
    fields=(
        ("培训机构", "全称，与视频文件名一致"),
        ("班级", "如 2024年第1期育婴员培训班，与视频文件名一致"),
        ("职业(工种)", "如 育婴员"),
        ("等级", "如 初级、中级、高级、特种作业；没有可留空"),
        ("培训类型", "如 订单式培训、项目制培训、普惠制培训、企业职工技能培训、创业培训"),
        ("花名册", "花名册的文件名，如 花名册.xlsx"),
        ("录像范围", "文件夹内是全程录像时填 全程；是报送光盘时留空"),
    ),
    plan=(
        ("序号", "日期", "学时", "授课方式", "课程内容", "授课教师"),
        (EXAMPLE, "2024-05-20", 4, "理论", "安全生产、消防知识", "张老师"),
    ),
    teachers=(
        ("序号", "姓名", ID_COLUMN, "承担课程"),
        (EXAMPLE, "张老师", "18位身份证号", "安全生产、消防知识"),
    ),
    trainees=(
        (
            *("序号", "姓名", "性别", "年龄", "学历", ID_COLUMN, "联系方式", "具体工作部门"),
            *("职业(工种)", "培训时间", "备注"),
        ),
        (
            *(EXAMPLE, "张三", "女", 44, "高中", "18位身份证号", "手机号", "无"),
            *("育婴员", "2024-05-20至2024-05-31", ""),
        ),
    ),
    roster_sheet="花名册",
    roster_head=("培训学员花名册", "院校名称："),
    notes=(
        "每班一份，放在班级文件夹内，文件名含“开班申报”；xlsx、csv、toml 三种任选一种，不用的请删去。",
        "列的先后可以改，表头文字请保留；以“示例”开头的行不会读入。",
        "每天至少一行；同一天有理论也有实操的分行写，日期可以合并单元格。",
        "学时填数字，大于 0，不超过 24；授课方式填 理论、实操 或 理论+实操。",
        "课程内容应列有安全、消防、法制、普通话等必修内容。",
        "身份证号请按文本填写，不要让表格软件改成科学计数。",
    ),
    toml="""\
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
""",
)

_EN: Final = FormWords(
    dossier="dossier",
    roster="roster",
    sheets=("班级信息 (class)", "教学计划 (plan)", "师资 (teachers)", "填写说明 (notes)"),
    note=f"{NOTE} (note): ",
    fields=(
        ("培训机构 (institution)", "full name, as in the names of the videos"),
        ("班级 (class)", "as 2024年第1期育婴员培训班, as in the names of the videos"),
        ("职业(工种) (occupation)", "as 育婴员"),
        ("等级 (level)", "as 初级, 中级, 高级, 特种作业 (beginner, intermediate, senior, special operation), or empty"),
        ("培训类型 (kind of training)", "as 订单式培训 or order; `vidaudit profile show` lists all"),
        ("花名册 (roster)", "the roster's file name, as roster.xlsx"),
        ("录像范围 (footage)", "全程 or full where the folder holds all footage; empty for the edited disc"),
    ),
    plan=(
        (
            *("序号 (no.)", "日期 (date)", "学时 (class hours)", "授课方式 (teaching)", "课程内容 (topic)"),
            "授课教师 (teacher)",
        ),
        (f"{EXAMPLE} (example)", "2024-05-20", 4, "theory", "安全生产、消防知识", "张老师"),
    ),
    teachers=(
        ("序号 (no.)", "姓名 (name)", f"{ID_COLUMN} (ID number)", "承担课程 (subject)"),
        (f"{EXAMPLE} (example)", "张老师", "18 characters", "安全生产、消防知识"),
    ),
    trainees=(
        (
            *("序号 (no.)", "姓名 (name)", "性别 (sex)", "年龄 (age)", "学历 (education)", f"{ID_COLUMN} (ID number)"),
            *(
                "联系方式 (telephone)",
                "具体工作部门 (department)",
                "职业(工种) (occupation)",
                "培训时间 (training dates)",
            ),
            "备注 (remarks)",
        ),
        (
            *(f"{EXAMPLE} (example)", "张三", "女", 44, "高中", "18 characters", "telephone", "无"),
            *("育婴员", "2024-05-20至2024-05-31", ""),
        ),
    ),
    roster_sheet="花名册 (roster)",
    roster_head=("培训学员花名册 (roster of trainees)", "院校名称："),
    notes=(
        "One for each class, in the class folder, with “dossier” in its name; use one of the three, delete the others.",
        "Columns may change places; keep the Chinese heading. Rows that begin with 示例 are never read.",
        "At least one row a day; theory and practice of one day in rows of their own; dates may be merged cells.",
        "Class hours are a number above 0, at most 24; teaching is theory, practice or both (理论, 实操, 理论+实操).",
        "The topics should name the compulsory ones: 安全 safety, 消防 fire protection, 法制 law, 普通话 Mandarin.",
        "Enter ID numbers as text, or the spreadsheet will round them.",
    ),
    toml="""\
# The dossier: one for each class, in the class folder. Lines with # are notes; take the # away and fill in.
# institution = "full name of the school"
# class = "2024年第1期育婴员培训班"
# occupation = "育婴员"
# level = "初级"                 # 初级 beginner, 中级 intermediate, 高级 senior, 特种作业 special operation
# kind = "order"                # `vidaudit profile show` lists all kinds of training
# roster = "roster.xlsx"
# footage = "full"              # only where the folder holds all footage of the course

# One part for each session; add as many as there are.
# [[plan]]
# date = 2024-05-20
# class_hours = 4
# teaching = "theory"           # theory, practice or both
# topic = "安全生产、消防知识"
# teacher = "张老师"

# [[teachers]]
# name = "张老师"
# id_number = "18 characters"
# subject = "安全生产、消防知识"
""",
)

WORDS: Final[Mapping[str, FormWords]] = {"zh": _ZH, "en": _EN}
"""By language."""
