from pathlib import Path

import pytest

from tests.intake.files import COURSE, SCHOOL, day_of_clips, tree
from vidaudit.intake.layout import find_classes
from vidaudit.intake.tree import read_tree


def nested(folder: str, day: str, course: str) -> list[str]:
    """The clips of a day whose folder lies in another one."""
    return [f"{folder}/{path}" for path in day_of_clips(day, SCHOOL + course)]


@pytest.mark.parametrize(
    ("paths", "classes"),
    [
        (["5月20日/a.mp4"], ["disc"]),
        (["a.mp4"], ["disc"]),
        (["第1天/a.mp4", "资料/b.pdf"], ["disc"]),
        (["甲班/5月20日/a.mp4", "乙班/5月21日/a.mp4"], ["disc/乙班", "disc/甲班"]),
        (["第10期/5月20日/a.mp4", "第2期/5月20日/a.mp4"], ["disc/第2期", "disc/第10期"]),
        (["报送/光盘/甲班/5月20日/a.mp4"], ["disc/报送/光盘/甲班"]),
        (["甲班/a.mp4", "乙班/a.mp4"], ["disc/乙班", "disc/甲班"]),
        (["20240601/甲班/5月20日/a.mp4"], ["disc/20240601/甲班"]),
        (["20240601/5月20日/a.mp4"], ["disc/20240601"]),
        (["5月20日/5.20上午/a.mp4"], ["disc"]),
        (["5月20日/上午/a.mp4"], ["disc"]),
        (["甲班/5月20日/a.mp4", "a.mp4"], ["disc/甲班"]),
        (["甲班/5月20日/a.mp4", "5月21日/a.mp4"], ["disc/甲班"]),
        (["5月20日/a.mp4", "5月21日/a.mp4", "备份/5月20日/a.mp4"], ["disc"]),
        (["甲班/", "乙班/5月20日/a.mp4"], ["disc/乙班", "disc/甲班"]),
        (["甲班/花名册.xlsx"], ["disc/甲班"]),
        (["甲/花名册.xlsx"], ["disc/甲"]),
        (["培训班资料/a.pdf", "甲班/5月20日/a.mp4"], ["disc/甲班"]),
        (["甲班/上午/a.mp4", "甲班/下午/b.mp4"], ["disc/甲班"]),
        (day_of_clips("5月20日", folder="甲") + day_of_clips("5月21日", folder="乙"), ["disc"]),
        (day_of_clips("5月20日", "A校甲班", "甲") + day_of_clips("5月20日", "A校乙班", "乙"), ["disc/乙", "disc/甲"]),
        (["第1周/5月20日/a.mp4", "5月21日/a.mp4"], ["disc"]),
        (["第1周/5月20日/a.mp4", "第2周/5月27日/a.mp4"], ["disc"]),
        (["甲班/第1周/5月20日/a.mp4", "甲班/5月21日/a.mp4"], ["disc/甲班"]),
        (["甲班/第一周/5月20日/a.mp4", "乙班/5月21日/a.mp4"], ["disc/乙班", "disc/甲班"]),
        (["第1周/5月20日/a.mp4", "甲班/5月21日/a.mp4"], ["disc/甲班", "disc/第1周"]),
        (["第1期/5月20日/a.mp4", "第2期/5月21日/a.mp4"], ["disc/第1期", "disc/第2期"]),
        (nested("甲", "5月20日", COURSE) + nested("乙", "5月21日", COURSE), ["disc"]),
        (nested("甲", "5月20日", COURSE) + day_of_clips("5月21日"), ["disc"]),
        (nested("甲", "5月20日", COURSE) + nested("乙", "5月20日", COURSE), ["disc/乙", "disc/甲"]),
        (nested("甲", "5月20日", COURSE) + nested("乙", "5月21日", "2024年第2期保育员培训班"), ["disc/乙", "disc/甲"]),
        (nested("甲", "5月20日", COURSE), ["disc/甲"]),
        (["readme.txt"], []),
        ([], []),
    ],
)
def test_class_folders_are_told_from_what_they_hold(tmp_path: Path, paths: list[str], classes: list[str]) -> None:
    root = tmp_path / "disc"
    root.mkdir()
    found = find_classes(read_tree(tree(root, *paths)), "disc")
    assert sorted(place.path for place in found) == sorted(classes)


def test_the_names_above_come_nearest_first(tmp_path: Path) -> None:
    root = tree(tmp_path / "disc", "2024年/甲班/5月20日/a.mp4")
    (place,) = find_classes(read_tree(root), "disc", ("mnt",))
    assert place.above == ("2024年", "disc", "mnt")


def test_rosters_just_above_a_class_are_known(tmp_path: Path) -> None:
    root = tree(tmp_path / "disc", "甲/花名册.xlsx", "甲/教师名单.xlsx", "甲/甲班/5月20日/a.mp4", "乙班/5月20日/a.mp4")
    found = find_classes(read_tree(root), "disc")
    assert {place.path: place.rosters_above for place in found} == {"disc/乙班": (), "disc/甲/甲班": ("花名册.xlsx",)}
