"""Makers of small test files: spreadsheets in every format, rosters, trees of empty files."""

import io
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from vidaudit.intake.identity import check_character

SCHOOL = "长治市示例职业培训学校"
COURSE = "2024年第1期育婴员培训班"
HEADING = (
    "序号",
    "姓名",
    "性别",
    "年龄",
    "学历",
    "身份证号",
    "联系方式",
    "具体工作部门",
    "职业(工种)",
    "培训时间",
    "备注",
)


def id_number(year: int = 1980, sequence: int = 2) -> str:
    """A made-up number with the right check character; an even sequence is a woman's."""
    body = f"140427{year}0110{sequence:03d}"
    return body + check_character(body)


def trainee(index: int, **changes: object) -> tuple[object, ...]:
    """A right row of a roster in the columns of `HEADING`."""
    row = {
        "序号": index,
        "姓名": f"学员{'甲乙丙丁戊己庚辛壬癸'[index % 10]}{index}",
        "性别": "女",
        "年龄": 44,
        "学历": "高中",
        "身份证号": id_number(sequence=2 * index),
        "联系方式": f"139{index:08d}",
        "具体工作部门": "—",
        "职业(工种)": "育婴员",
        "培训时间": "2024-05-20、2024-05-21",
        "备注": None,
    }
    return tuple((row | changes)[name] for name in HEADING)


def roster_rows(size: int = 3) -> list[tuple[object, ...]]:
    """Titles, heading, trainees, a total and a signature."""
    return [
        ("拟开展产业集群定向式培训员工花名册",),
        ("企业名称（盖章）：示例企业",),
        (f"院校名称（盖章）：{SCHOOL}",),
        ("时间：2024-05-20、2024-05-21",),
        HEADING,
        *(trainee(index) for index in range(1, size + 1)),
        ("合计", f"{size}人"),
        ("填表人：", "张三", None, "审核：", "李四"),
    ]


def xlsx(rows: Iterable[Sequence[object]], *more_sheets: Iterable[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, sheet_rows in enumerate((rows, *more_sheets), start=1):
        sheet = book.create_sheet(f"表{number}")
        for row in sheet_rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)


def xls(rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook as Excel 97 writes it: BIFF8 records in the one stream of an OLE2 file."""
    return _ole2(_biff8(rows))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(value: str, width: str = "<H") -> bytes:
    return struct.pack(width, len(value)) + b"\x01" + value.encode("utf-16-le")


def _biff8(rows: Iterable[Sequence[object]]) -> bytes:
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 1996, 0, 6))
    start += _record(0x42, struct.pack("<H", 1200))
    name = _text("花名册", "<B")
    sheet_at = len(start) + 4 + 6 + len(name) + 4
    head = start + _record(0x85, struct.pack("<IBB", sheet_at, 0, 0) + name) + _record(0x0A)
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 1996, 0, 6))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, int | float):
                sheet += _record(0x203, struct.pack("<HHHd", row, column, 0, cell))
            elif cell is not None:
                sheet += _record(0x204, struct.pack("<HHH", row, column, 0) + _text(str(cell)))
    return head + sheet + _record(0x0A)


def _ole2(stream: bytes) -> bytes:
    sector = 512
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % sector)
    count = len(stream) // sector
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (sector // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    return header + struct.pack("<128I", *fat) + directory.ljust(sector, b"\0") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    entry = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, none, none, child)
    return entry + b"\0" * 36 + struct.pack("<III", start, size, 0)


def tree(root: Path, *paths: str) -> Path:
    """Files with a little content, folders where a path ends in `/`."""
    for path in paths:
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"x")
    return root


def day_of_clips(day: str, title: str = SCHOOL + COURSE, folder: str | None = None) -> list[str]:
    """The three prescribed clips of one day in their day folder."""
    names = ("课间人脸识别视频1", "课间人脸识别视频2", "授课过程")
    return [f"{folder or day}/{title}{day}{name}.mp4" for name in names]
