import datetime as dt
from pathlib import Path

from tests.intake import files
from tests.intake.files import COURSE, SCHOOL, day_of_clips, tree
from vidaudit.intake.classes import FoundClass, build_class
from vidaudit.intake.layout import Place
from vidaudit.intake.tree import read_tree
from vidaudit.model.submission import ClipKind, StrayReason

TODAY = dt.date(2026, 3, 1)


def built(root: Path) -> FoundClass:
    return build_class(Place(node=read_tree(root), path=root.name, above=()), today=TODAY)


def strays(found: FoundClass) -> dict[str, StrayReason]:
    return {stray.path: stray.reason for stray in found.folder.strays}


def test_a_right_class(tmp_path: Path) -> None:
    root = tree(tmp_path / COURSE, *day_of_clips("5月21日"), *day_of_clips("5月3日"))
    (root / "花名册.xlsx").write_bytes(files.xlsx(files.roster_rows()))
    found = built(root)
    folder = found.folder
    assert (folder.institution, folder.class_name, folder.strays) == (SCHOOL, COURSE, ())
    assert [day.date for day in folder.days] == [dt.date(2024, 5, 3), dt.date(2024, 5, 21)]
    assert [clip.day for clip in folder.clips] == ["5月3日"] * 3 + ["5月21日"] * 3
    assert all(clip.name.prescribed and clip.suggested_name is None for clip in folder.clips)
    assert folder.papers == ("花名册.xlsx",)
    assert found.roster is not None
    assert (found.roster.size, found.roster.file) == (3, "花名册.xlsx")
    assert set(found.sources) == {clip.path for clip in folder.clips} | {"花名册.xlsx"}
    assert all(path.is_file() for path in found.sources.values())


def test_where_everything_belongs(tmp_path: Path) -> None:
    root = tree(
        tmp_path / "甲班",
        *(
            "5月20日/a.mp4",
            "5月20日/上午/b.mp4",
            "5月20日/空/",
            "5月20日/教案.pdf",
            "5月20日/x.exe",
            "5月20日/Thumbs.db",
        ),
        *("c.mp4", "资料/合同.pdf", "资料/y.exe", "空/", "实操/d.mp4", ".e.mp4", "z.zip", "~$花名册.xlsx", "说明.txt"),
    )
    (root / "5月20日" / "empty.mp4").write_bytes(b"")
    (root / "5月20日" / "empty.pdf").write_bytes(b"")
    (root / "5月20日" / "empty.bin").write_bytes(b"")
    found = built(root)
    assert strays(found) == {
        "c.mp4": StrayReason.VIDEO_OUTSIDE_DAY,
        "5月20日/上午": StrayReason.NESTED_FOLDER,
        "5月20日/空": StrayReason.EMPTY_FOLDER,
        "5月20日/x.exe": StrayReason.UNKNOWN_FILE,
        "5月20日/empty.mp4": StrayReason.EMPTY_FILE,
        "5月20日/empty.pdf": StrayReason.EMPTY_FILE,
        "5月20日/empty.bin": StrayReason.EMPTY_FILE,
        "资料": StrayReason.NESTED_FOLDER,
        "资料/y.exe": StrayReason.UNKNOWN_FILE,
        "空": StrayReason.EMPTY_FOLDER,
        ".e.mp4": StrayReason.HIDDEN_FILE,
        "z.zip": StrayReason.UNKNOWN_FILE,
    }
    assert {clip.path: clip.day for clip in found.folder.clips} == {
        "5月20日/a.mp4": "5月20日",
        "5月20日/empty.mp4": "5月20日",
        "5月20日/上午/b.mp4": "5月20日",
        "实操/d.mp4": "实操",
        "c.mp4": None,
    }
    assert [(day.path, day.date is None) for day in found.folder.days] == [("5月20日", False), ("实操", True)]
    assert set(found.folder.papers) == {"5月20日/教案.pdf", "5月20日/empty.pdf", "资料/合同.pdf", "说明.txt"}
    assert set(found.folder.ignored) == {"5月20日/Thumbs.db", "~$花名册.xlsx"}


def test_links_that_lead_outside_have_no_source(tmp_path: Path) -> None:
    tree(tmp_path, "secret.mp4")
    root = tree(tmp_path / "甲班", "5月20日/a.mp4")
    (root / "5月20日" / "out.mp4").symlink_to(tmp_path / "secret.mp4")
    found = built(root)
    assert strays(found) == {"5月20日/out.mp4": StrayReason.LINK_OUTSIDE}
    assert set(found.sources) == {"5月20日/a.mp4"}


def test_an_empty_class(tmp_path: Path) -> None:
    (tmp_path / "甲班").mkdir()
    found = built(tmp_path / "甲班")
    assert (found.folder.clips, found.folder.days, found.roster) == ((), (), None)
    assert found.folder.class_name == "甲班"


def test_most_names_make_institution_and_class(tmp_path: Path) -> None:
    names = [*day_of_clips("5月20日"), "5月21日/别家学校别的班5月21日授课过程.mp4"]
    folder = built(tree(tmp_path / "第1期", *names)).folder
    assert (folder.institution, folder.class_name) == (SCHOOL, COURSE)
    assert folder.clips[-1].name.institution == "别家学校"
    assert folder.clips[-1].suggested_name == f"{SCHOOL}{COURSE}5月21日授课过程.mp4"


def test_without_names_the_folder_tells_institution_and_class(tmp_path: Path) -> None:
    folder = built(tree(tmp_path / (SCHOOL + COURSE), "5月20日/a.mp4")).folder
    assert (folder.institution, folder.class_name) == (SCHOOL, COURSE)


def test_the_folder_and_the_roster_help_to_split_unusual_names(tmp_path: Path) -> None:
    by_folder = built(tree(tmp_path / "a" / COURSE, *day_of_clips("5月20日", f"首钢长钢{COURSE}"))).folder
    assert (by_folder.institution, by_folder.class_name) == ("首钢长钢", COURSE)
    root = tree(tmp_path / "第1期", *day_of_clips("5月20日", f"首钢长钢{COURSE}"))
    rows = [("院校名称：首钢长钢",), files.HEADING, files.trainee(1)]
    (root / "花名册.xlsx").write_bytes(files.xlsx(rows))
    by_roster = built(root).folder
    assert (by_roster.institution, by_roster.class_name) == ("首钢长钢", COURSE)
    assert all(clip.name.prescribed for clip in by_roster.clips)


def test_several_rosters(tmp_path: Path) -> None:
    root = tree(tmp_path / "甲班", "5月20日/a.mp4", "教师名单.xlsx")
    for name, size in (("花名册1.xlsx", 3), ("花名册2.xlsx", 3), ("花名册3.xlsx", 4)):
        (root / name).write_bytes(files.xlsx(files.roster_rows(size)))
    roster = built(root).roster
    assert roster is not None
    assert (roster.file, roster.other_files) == ("花名册1.xlsx", ("花名册2.xlsx", "花名册3.xlsx"))
    assert roster.faults == ("several-rosters",)
    (root / "花名册3.xlsx").unlink()
    same = built(root).roster
    assert same is not None
    assert same.faults == ()


def test_a_broken_roster_gives_way_to_a_good_one_but_does_not_vanish(tmp_path: Path) -> None:
    root = tree(tmp_path / "甲班", "5月20日/a.mp4")
    (root / "花名册.xlsx").write_bytes(b"PK\x03\x04")
    roster = built(root).roster
    assert roster is not None
    assert (roster.size, roster.faults) == (None, ("unreadable",))
    (root / "学员名单.xlsx").write_bytes(files.xlsx(files.roster_rows()))
    roster = built(root).roster
    assert roster is not None
    assert (roster.file, roster.size, roster.other_files) == ("学员名单.xlsx", 3, ("花名册.xlsx",))
    assert roster.faults == ("several-rosters",)


def test_the_same_people_as_a_table_and_as_text_are_one_roster(tmp_path: Path) -> None:
    root = tree(tmp_path / "甲班", "5月20日/a.mp4")
    rows = [["姓名", "身份证号"], *([f"张{name}", f"14042719900101{name}"] for name in ("0001", "0002"))]
    (root / "花名册.xlsx").write_bytes(files.xlsx(rows))
    text = "\n".join(",".join(row) for row in reversed(rows[1:]))
    (root / "花名册.csv").write_text(f"姓名,身份证号\n{text}", encoding="gb18030")
    roster = built(root).roster
    assert roster is not None
    assert (roster.size, roster.faults, len(roster.other_files)) == (2, (), 1)
    (root / "花名册.csv").write_text(f"姓名,身份证号\n{text}\n王五,140427199001010003", encoding="gb18030")
    roster = built(root).roster
    assert roster is not None
    assert roster.faults == ("several-rosters",)


def test_a_roster_in_a_folder_of_papers_or_of_a_day_is_found(tmp_path: Path) -> None:
    for place in ("资料", "5月20日"):
        root = tree(tmp_path / place / "甲班", "5月20日/a.mp4", f"{place}/")
        (root / place / "花名册.xlsx").write_bytes(files.xlsx(files.roster_rows()))
        roster = built(root).roster
        assert roster is not None
        assert roster.file == f"{place}/花名册.xlsx"


def test_names_that_differ_only_in_case_or_composition_stay_apart(tmp_path: Path) -> None:
    root = tree(tmp_path / "甲班", "5月20日/é.mp4", "5月20日/e\u0301.mp4", "5月20日/A.mp4", "5月20日/a.mp4")
    found = built(root)
    assert len({clip.path for clip in found.folder.clips}) == 4
    assert {clip.kind for clip in found.folder.clips} == {ClipKind.OTHER}


def test_day_folders_in_a_folder_of_a_week_are_days_of_the_class(tmp_path: Path) -> None:
    weeks = [f"第1周/{path}" for path in day_of_clips("5月20日")]
    more = ("第1周/花名册.csv", "第1周/5月20日/x/", "第1周/b.mp4")
    root = tree(tmp_path / COURSE, *weeks, *day_of_clips("5月21日"), *more)
    (root / "第1周" / "花名册.csv").write_bytes(files.csv_text(files.roster_rows()).encode())
    found = built(root)
    assert [(day.path, day.date) for day in found.folder.days] == [
        ("第1周/5月20日", dt.date(2024, 5, 20)),
        ("5月21日", dt.date(2024, 5, 21)),
    ]
    assert [clip.day for clip in found.folder.clips] == ["第1周/5月20日"] * 3 + ["5月21日"] * 3 + [None]
    assert strays(found) == {
        "第1周": StrayReason.NESTED_FOLDER,
        "第1周/5月20日/x": StrayReason.EMPTY_FOLDER,
        "第1周/b.mp4": StrayReason.VIDEO_OUTSIDE_DAY,
    }
    assert found.folder.day_around("第1周/5月20日/x") == "第1周/5月20日"
    assert found.folder.day_around("第1周") is None
    assert found.roster is not None
    assert found.roster.file == "第1周/花名册.csv"


def test_a_day_is_dated_by_its_clips_where_its_name_is_none(tmp_path: Path) -> None:
    root = tree(tmp_path / COURSE, *day_of_clips("5月20日", folder="20日"), *day_of_clips("5月21日", folder="May 21"))
    days = built(root).folder.days
    assert [(day.path, day.date, day.dated_by_clips) for day in days] == [
        ("20日", dt.date(2024, 5, 20), True),
        ("May 21", dt.date(2024, 5, 21), False),
    ]


def test_a_roster_just_above_the_class_is_a_hint_and_not_used(tmp_path: Path) -> None:
    root = tree(tmp_path / COURSE, *day_of_clips("5月20日"))
    place = Place(node=read_tree(root), path=root.name, above=(), rosters_above=("花名册\u200b.xlsx",))
    roster = build_class(place, today=TODAY).roster
    assert roster is not None
    assert (roster.file, roster.size, roster.faults) == ("../花名册\\u200b.xlsx", None, ("outside-class",))
    (root / "花名册.xlsx").write_bytes(files.xlsx(files.roster_rows()))
    own = build_class(Place(node=read_tree(root), path="", above=(), rosters_above=("b.xlsx",)), today=TODAY).roster
    assert own is not None
    assert (own.file, own.size) == ("花名册.xlsx", 3)
