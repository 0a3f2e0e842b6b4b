import datetime as dt
import os
from pathlib import Path

import pytest

from tests.intake import files
from tests.intake.files import COURSE, SCHOOL, day_of_clips, tree
from vidaudit.errors import RosterError, UsageError
from vidaudit.intake.discover import Discovery, discover
from vidaudit.model.submission import StrayReason

TODAY = dt.date(2026, 3, 1)


def found(*paths: Path, roster_file: Path | None = None) -> Discovery:
    return discover(paths, roster_file=roster_file, today=TODAY)


def paths_of(discovery: Discovery) -> list[str]:
    return [one.folder.path for one in discovery.classes]


def disc(root: Path, *names: str) -> Path:
    for name in names:
        tree(root / name, *day_of_clips("5月20日", f"{SCHOOL}{name}"))
    return root


def test_a_disc_in_natural_order_and_what_lies_beside(tmp_path: Path) -> None:
    root = disc(tmp_path / "disc", "第10期电工培训班", "第2期电工培训班")
    tree(root, "说明.txt", "a.mp4", "Thumbs.db", "其他/b.doc", "空/", ".x")
    discovery = found(root)
    assert paths_of(discovery) == ["disc/第2期电工培训班", "disc/第10期电工培训班"]
    assert {one.path: one.reason for one in discovery.loose} == {
        "disc/说明.txt": StrayReason.UNKNOWN_FILE,
        "disc/a.mp4": StrayReason.VIDEO_OUTSIDE_DAY,
        "disc/其他/b.doc": StrayReason.UNKNOWN_FILE,
        "disc/空": StrayReason.EMPTY_FOLDER,
        "disc/.x": StrayReason.HIDDEN_FILE,
    }


def test_a_class_reached_twice_is_taken_once(tmp_path: Path) -> None:
    root = disc(tmp_path / "disc", "甲班", "乙班")
    (tmp_path / "link").symlink_to(root / "甲班")
    discovery = found(root / "甲班", root, tmp_path / "link", root / "乙班" / "5月20日", root / ".." / "disc")
    assert sorted(one.root.name for one in discovery.classes) == ["乙班", "甲班"]
    assert discovery.loose == ()


def test_classes_of_one_name_on_two_discs_stay_two(tmp_path: Path) -> None:
    first, second = disc(tmp_path / "a" / "disc", "甲班"), disc(tmp_path / "b" / "disc", "甲班")
    assert paths_of(found(first, second)) == ["disc/甲班", "disc (2)/甲班"]


def test_an_empty_disc(tmp_path: Path) -> None:
    assert found(tmp_path) == Discovery(classes=(), loose=())


def test_an_unreadable_disc_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def scandir(path: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", scandir)
    discovery = found(tmp_path)
    assert discovery.classes == ()
    assert [one.reason for one in discovery.loose] == [StrayReason.UNREADABLE]


def test_what_cannot_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("none", "a.txt", "loop"):
        with pytest.raises(UsageError, match=name):
            found(tmp_path / name)


def test_a_given_roster_replaces_the_others(tmp_path: Path) -> None:
    root = disc(tmp_path / "disc", "甲班", "乙班")
    (root / "甲班" / "花名册.xlsx").write_bytes(files.xlsx(files.roster_rows(3)))
    given = tmp_path / "given.csv"
    given.write_bytes(files.csv_text(files.roster_rows(5)).encode("gb18030"))
    rosters = [one.roster for one in found(root, roster_file=given).classes]
    assert [(one.file, one.size) for one in rosters if one] == [("given.csv", 5)] * 2


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", "姓名\n".encode()])
def test_a_given_roster_must_be_readable(tmp_path: Path, content: bytes | None) -> None:
    given = tmp_path / "given.xlsx"
    if content is not None:
        given.write_bytes(content)
    with pytest.raises(RosterError, match=r"given\.xlsx"):
        found(disc(tmp_path / "disc", "甲班"), roster_file=given)


def test_the_year_may_come_from_above(tmp_path: Path) -> None:
    tree(tmp_path / "2021年报送" / "disc" / "甲班", "5月20日/a.mp4")
    (day,) = found(tmp_path / "2021年报送" / "disc").classes[0].folder.days
    assert (day.date, day.year_from) == (dt.date(2021, 5, 20), "given")


def test_hostile_names_do_not_stop_it(tmp_path: Path) -> None:
    root = tmp_path / "甲班"
    day = root / "5月20日"
    day.mkdir(parents=True)
    for name in (
        b"\xff\xfe.mp4",
        b"a\n\x1b[31m.mp4",
        "😀\u202e.mp4".encode(),
        b"x" * 251 + b".mp4",
        b"-rf.mp4",
        b" .mp4",
    ):
        (day / os.fsdecode(name)).write_bytes(b"x")
    (one,) = found(root).classes
    assert len(one.folder.clips) == len(one.sources) == 6
    assert all(path.exists() for path in one.sources.values())
    assert all(clip.path.isprintable() for clip in one.folder.clips)


def test_the_result_does_not_depend_on_the_order_of_the_disc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = disc(tmp_path / "disc", COURSE, "2024年第2期电工培训班")
    expected = found(root)
    real = os.scandir

    class Backwards(list[object]):
        def __enter__(self) -> "Backwards":
            return self

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(os, "scandir", lambda path: Backwards(list(real(path))[::-1]))
    assert found(root) == expected


def test_a_thousand_files_are_walked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "disc"
    for number in range(1, 11):
        days = [f"5月{day}日" for day in range(1, 31)]
        tree(root / f"第{number}期电工培训班", *(path for day in days for path in day_of_clips(day)))
    real, walked = os.scandir, []

    def scandir(path: object) -> object:
        walked.append(path)
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir)
    discovery = found(root)
    assert sum(len(one.folder.clips) for one in discovery.classes) == 900
    assert len(walked) == len(set(walked)) == 1 + 10 + 300


@pytest.mark.media
def test_the_real_disc() -> None:
    root = Path(__file__).parents[3] / "shared" / "media" / "disc-real"
    if not root.is_dir():
        pytest.skip("no media")
    discovery = found(root)
    assert [one.folder.name for one in discovery.classes] == ["2024年第1期育婴员培训班", "2024年第2期面点师培训班"]
    assert [one.roster.size for one in discovery.classes if one.roster] == [16, 4]
    dates = [day.date for one in discovery.classes for day in one.folder.days]
    assert dates == [dt.date(2024, 5, 20), dt.date(2024, 5, 21), dt.date(2024, 6, 3)]
    clips = [clip for one in discovery.classes for clip in one.folder.clips]
    assert len(clips) == 9
    assert all(clip.name.prescribed and clip.suggested_name is None for clip in clips)
    assert {one.folder.institution for one in discovery.classes} == {"长治市示例职业培训学校"}
