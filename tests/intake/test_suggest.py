import datetime as dt

import pytest

from tests.intake.files import COURSE, SCHOOL
from vidaudit.intake.naming import parse_clip_name
from vidaudit.intake.suggest import with_suggestions
from vidaudit.model.submission import ClipFile, DayFolder

TITLE = SCHOOL + COURSE
DAY = DayFolder(path="5月20日", date=dt.date(2024, 5, 20))


def suggestions(*names: str, day: DayFolder | None = DAY, institution: str | None = SCHOOL) -> list[str | None]:
    """Suggested names, shortened to what follows the date."""
    clips = [clip(name, day) for name in names]
    days = [day] if day else []
    found = with_suggestions(clips, days, institution=institution, class_name=COURSE)
    assert [one.path for one in found] == [one.path for one in clips]
    return [one.suggested_name and one.suggested_name.removeprefix(TITLE) for one in found]


def clip(name: str, day: DayFolder | None) -> ClipFile:
    read = parse_clip_name(name, institution=SCHOOL)
    path = f"{day.path}/{name}" if day else name
    return ClipFile(path=path, day=day.path if day else None, kind=read.kind, name=read, suggested_name=None, bytes=1)


FACE = f"{TITLE}5月20日课间人脸识别视频"
LECTURE = f"{TITLE}5月20日授课过程"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([f"{FACE}1.mp4", f"{FACE}2.mp4", f"{LECTURE}.mp4"], [None, None, None]),
        ([f"{FACE}（1）.mp4", f"{FACE}二.MP4"], ["5月20日课间人脸识别视频1.mp4", "5月20日课间人脸识别视频2.mp4"]),
        ([f"{FACE}.mp4", f"{FACE}2.mp4"], ["5月20日课间人脸识别视频1.mp4", None]),
        ([f"{FACE}1.mp4", f"{FACE}3.mp4"], [None, "5月20日课间人脸识别视频2.mp4"]),
        ([f"{FACE}.mp4", f"{FACE} - 副本.mp4"], [None, None]),
        ([f"{LECTURE}.mр4"], ["5月20日授课过程.mp4"]),
        ([f"{FACE}1。mp4", f"{FACE}2．mp4"], ["5月20日课间人脸识别视频1.mp4", "5月20日课间人脸识别视频2.mp4"]),
        ([f"{FACE}上午.mp4", f"{FACE}下午.mp4"], ["5月20日课间人脸识别视频1.mp4", "5月20日课间人脸识别视频2.mp4"]),
        ([f"{FACE}1.mp4", f"{FACE}1(1).mp4"], [None, "5月20日课间人脸识别视频2.mp4"]),
        ([f"{FACE}1.mp4", f"{FACE}2.mp4", f"{FACE}3.mp4"], [None, None, None]),
        ([f"{LECTURE}视频.mp4"], ["5月20日授课过程.mp4"]),
        ([f"{LECTURE}1.mp4", f"{LECTURE}（2）.mp4"], [None, "5月20日授课过程2.mp4"]),
        ([f"{LECTURE}.mp4", f"{LECTURE}2.mp4"], ["5月20日授课过程1.mp4", None]),
        ([f"{LECTURE}3.mp4"], [None]),
        ([f"{TITLE}5月21日授课过程.mp4"], ["5月20日授课过程.mp4"]),
        (["别的学校培训班5月20日授课过程.mp4"], ["5月20日授课过程.mp4"]),
        (["录像.mp4"], [None]),
    ],
)
def test_the_right_name_is_suggested_where_it_is_certain(names: list[str], expected: list[str | None]) -> None:
    assert suggestions(*names) == expected


def test_outside_of_a_day_folder_the_date_is_the_names_own() -> None:
    assert suggestions(f"{TITLE}5月21日授课视频.mp4", "授课视频.mp4", day=None) == ["5月21日授课过程.mp4", None]


def test_nothing_is_suggested_without_an_institution() -> None:
    assert suggestions(f"{LECTURE}视频.mp4", institution=None) == [None]
