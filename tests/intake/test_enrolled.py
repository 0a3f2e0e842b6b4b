from pathlib import Path

from tests.intake import files
from tests.intake.files import HEADING, day_of_clips, id_number, trainee, tree
from vidaudit.intake.discover import Discovery, discover


def disc(root: Path, **rosters: list[tuple[object, ...]]) -> Discovery:
    for name, rows in rosters.items():
        folder = tree(root / name, *day_of_clips("5月20日", name))
        (folder / "花名册.xlsx").write_bytes(files.xlsx([HEADING, *rows]))
    return discover([root])


def also_in(found: Discovery) -> dict[str, list[tuple[str, ...]]]:
    return {one.folder.name: [row.also_in for row in one.roster.trainees] for one in found.classes if one.roster}


def test_the_same_number_in_another_class_is_marked_in_both(tmp_path: Path) -> None:
    rows = {"甲班": [trainee(1), trainee(2)], "乙班": [trainee(2), trainee(3)], "丙班": [trainee(4)]}
    marked = also_in(disc(tmp_path / "盘", **rows))
    assert marked == {"甲班": [(), ("盘/乙班",)], "乙班": [("盘/甲班",), ()], "丙班": [()]}


def test_names_alone_and_broken_numbers_mark_nobody(tmp_path: Path) -> None:
    short = id_number()[:10]
    rows = {name: [trainee(1, 身份证号=None), trainee(2, 身份证号=short)] for name in ("甲班", "乙班")}
    assert also_in(disc(tmp_path / "盘", **rows)) == {"甲班": [(), ()], "乙班": [(), ()]}


def test_the_numbers_themselves_go_no_further(tmp_path: Path) -> None:
    found = disc(tmp_path / "盘", 甲班=[trainee(1)], 乙班=[trainee(1)])
    assert id_number(sequence=2) not in repr(found)


def test_a_lone_class_and_a_roster_given_by_hand_are_left(tmp_path: Path) -> None:
    assert also_in(disc(tmp_path / "a", 甲班=[trainee(1)])) == {"甲班": [()]}
    disc(tmp_path / "b", 甲班=[trainee(1)], 乙班=[trainee(1)])
    roster = tmp_path / "b" / "甲班" / "花名册.xlsx"
    assert also_in(discover([tmp_path / "b"], roster_file=roster)) == {"甲班": [()], "乙班": [()]}
