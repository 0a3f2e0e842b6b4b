import pytest

from vidaudit.intake.kinds import extension, is_hidden, is_leftover, is_paper, is_spreadsheet, is_video


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.MP4", "mp4"),
        ("a.b.mkv", "mkv"),
        ("a．ｍｐ４", "mp4"),
        ("a", ""),
        (".mp4", ""),
        ("a.mp4 ", "mp4"),
        ("a.", ""),
        ("a。mp4", "mp4"),
        ("a．mp4", "mp4"),
        ("a.mр4", "mp4"),
        ("a.МР4", "mp4"),
        ("a。b", "b"),
    ],
)
def test_the_extension(name: str, expected: str) -> None:
    assert extension(name) == expected


@pytest.mark.parametrize(
    "name",
    ["a.mp4", "a.AVI", "a.dav", "a.264", "a.ifv", "5月20日授课过程", "课间人脸识别视频1", "5.20授课过程"],
)
def test_videos(name: str) -> None:
    assert is_video(name)


@pytest.mark.parametrize("name", ["授课过程.docx", "人脸.jpg", "a.txt", "授课计划", "a", "授课过程.zip", "课间.exe"])
def test_no_videos(name: str) -> None:
    assert not is_video(name)


def test_papers_and_tables() -> None:
    assert all(map(is_paper, ["a.pdf", "a.XLSX", "a.jpg", "a.ofd", "a.wps"]))
    assert not any(map(is_paper, ["a.exe", "a.zip", "a", "a.mp4"]))
    assert all(map(is_spreadsheet, ["a.xls", "a.CSV", "a.xlsx"]))
    assert not is_spreadsheet("a.pdf")


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store", "._a.mp4", "~$花名册.xlsx", "AUTORUN.INF"])
def test_leftover_files(name: str) -> None:
    assert is_leftover(name, is_folder=False)


@pytest.mark.parametrize("name", ["__MACOSX", "$RECYCLE.BIN", "System Volume Information", ".Trash-1000"])
def test_leftover_folders(name: str) -> None:
    assert is_leftover(name, is_folder=True)
    assert not is_leftover(f"{name}.mp4", is_folder=False)


def test_hidden_names() -> None:
    assert is_hidden(".secret")
    assert not is_hidden("a.mp4")
