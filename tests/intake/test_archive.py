import io
import os
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pycdlib
import pytest

from tests.intake.files import COURSE, SCHOOL, day_of_clips
from vidaudit.errors import SetupError, UsageError
from vidaudit.intake import archive, zipped
from vidaudit.intake.archive import open_submission
from vidaudit.intake.discover import discover

CLIPS = [f"{COURSE}/{path}" for path in day_of_clips("5月20日")]


def files_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def zip_of(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, content in entries:
            made.writestr(name, content)
    return path


def raw_zip(path: Path, names: dict[bytes, bytes], *, flags: int = 0, extra: bytes = b"") -> Path:
    """A ZIP with names as raw bytes, as programs write them that know nothing of Unicode."""
    body, index = b"", b""
    for name, content in names.items():
        fields = struct.pack("<HHHHHIII", 20, flags, 0, 0, 33, zlib.crc32(content), len(content), len(content))
        sizes = struct.pack("<HH", len(name), len(extra))
        index += (
            b"PK\x01\x02" + b"\x14\0" + fields + sizes + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name + extra
        )
        body += b"PK\x03\x04" + fields + sizes + name + extra + content
    end = struct.pack("<HHHHIIH", 0, 0, len(names), len(names), len(index), len(body), 0)
    path.write_bytes(body + index + b"PK\x05\x06" + end)
    return path


def iso_of(path: Path, names: list[str], **options: object) -> Path:
    """An image with the names in every directory tree asked for; the plain one has only short names."""
    image = pycdlib.PyCdlib()
    image.new(interchange_level=3, **options)
    made: dict[str, str] = {"": ""}
    for number, name in enumerate(names):
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in made:
                made[folder] = f"{made['/'.join(parts[: depth - 1])]}/D{len(made)}"
                image.add_directory(**_paths(made[folder], folder, options))
        short = f"{made['/'.join(parts[:-1])]}/F{number}.MP4;1"
        content = name.encode() if number else b""
        image.add_fp(io.BytesIO(content), len(content), **_paths(short, name, options))
    image.write(str(path))
    image.close()
    parts = {part for name in names for part in name.split("/")}
    written = path.read_bytes()
    for part in parts:
        written = written.replace(_stand_in(part).encode("utf-16-be"), part.encode("utf-16-be"))
    path.write_bytes(written)
    return path


def _stand_in(part: str) -> str:
    """As long in characters: the maker of the image counts the bytes of a Joliet name in UTF-8."""
    return f"{zlib.crc32(part.encode()):08x}".ljust(len(part), "-")[: len(part)]


def _paths(short: str, name: str, options: dict[str, object]) -> dict[str, str]:
    paths = {"iso_path": short}
    if "rock_ridge" in options:
        paths["rr_name"] = name.rpartition("/")[2]
    if "joliet" in options:
        paths["joliet_path"] = "".join(f"/{_stand_in(part)}" for part in name.split("/"))
    if "udf" in options:
        paths["udf_path"] = f"/{name}"
    return paths


def test_a_folder_is_itself(tmp_path: Path) -> None:
    assert open_submission(tmp_path, tmp_path / "work") == tmp_path
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("name", ["光盘.zip", "光盘.iso", "光盘"])
def test_a_zip_is_told_by_its_content_and_bears_its_name(tmp_path: Path, name: str) -> None:
    path = zip_of(tmp_path / name, *((clip, clip.encode()) for clip in CLIPS), ("空/", b""))
    root = open_submission(path, tmp_path / "work")
    assert root == tmp_path / "work" / "光盘"
    assert files_of(root) == {clip: clip.encode() for clip in CLIPS}
    assert (root / "空").is_dir()
    assert open_submission(path, tmp_path / "work").name == "光盘 (2)"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "cp437"])
def test_names_without_a_declared_encoding(tmp_path: Path, encoding: str) -> None:
    names = ["café/naïve1.mp4", "café/ñ.mp4"] if encoding == "cp437" else CLIPS
    path = raw_zip(tmp_path / "a.zip", {name.encode(encoding): b"x" for name in names})
    assert set(files_of(open_submission(path, tmp_path / "work"))) == set(names)


def test_gbk_names_are_found_as_classes(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", {name.encode("gbk"): b"x" for name in CLIPS})
    (found,) = discover([open_submission(path, tmp_path / "work")]).classes
    assert (found.folder.institution, len(found.folder.clips)) == (SCHOOL, 3)


def test_backslashes_part_names_but_not_characters(tmp_path: Path) -> None:
    assert b"\\" in "誠".encode("gbk")
    path = raw_zip(tmp_path / "a.zip", {"誠班\\5月20日\\a.mp4".encode("gbk"): b"x"})
    assert set(files_of(open_submission(path, tmp_path / "work"))) == {"誠班/5月20日/a.mp4"}


def test_the_unicode_path_field_wins_if_it_belongs_to_the_name(tmp_path: Path) -> None:
    for crc, expected in ((zlib.crc32(b"a.mp4"), "视频.mp4"), (0, "a.mp4")):
        field = b"\x01" + struct.pack("<I", crc) + "视频.mp4".encode()
        extra = struct.pack("<HH", 0x7075, len(field)) + field
        path = raw_zip(tmp_path / "a.zip", {b"a.mp4": b"x"}, extra=extra)
        assert set(files_of(open_submission(path, tmp_path / "work"))) == {expected}


@pytest.mark.parametrize("name", ["../a.mp4", "b/../../a.mp4", "/a.mp4", "C:\\a.mp4", "..\\a.mp4", "\\a.mp4", "b/.."])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = raw_zip(tmp_path / "a.zip", {b"first.mp4": b"x", name.encode(): b"x"})
    with pytest.raises(UsageError, match="leads out"):
        open_submission(path, tmp_path / "work")
    assert files_of(tmp_path) == {"a.zip": path.read_bytes()}


def test_a_link_is_written_as_a_plain_file(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.mp4")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    root = open_submission(zip_of(tmp_path / "a.zip", (link, b"/etc/passwd")), tmp_path / "work")
    assert not (root / "link.mp4").is_symlink()
    assert (root / "link.mp4").read_bytes() == b"/etc/passwd"


def test_neither_of_two_files_of_one_name_is_lost(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zip_of(tmp_path / "a.zip", ("a.mp4", b"1"), ("a.mp4", b"2"))
    assert files_of(open_submission(path, tmp_path / "work")) == {"a.mp4": b"1", "a (2).mp4": b"2"}


def test_a_password_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="password"):
        open_submission(raw_zip(tmp_path / "a.zip", {b"a.mp4": b"x"}, flags=1), tmp_path / "work")


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_zip_that_is_cut_off_is_told(tmp_path: Path, keep: float) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", os.urandom(5000)))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(UsageError, match="damaged"):
        open_submission(path, tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []


def test_wrong_bytes_in_a_zip_are_told(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", b"right"))
    path.write_bytes(path.read_bytes().replace(b"right", b"wrong"))
    with pytest.raises(UsageError, match="damaged"):
        open_submission(path, tmp_path / "work")


def test_a_bomb_is_refused_at_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.mp4", b"\0" * 1_000_000)
    monkeypatch.setattr(zipped, "BOMB_BYTES", 1_000_000)
    open_submission(path, tmp_path / "work")
    monkeypatch.setattr(zipped, "BOMB_BYTES", 999_999)
    with pytest.raises(UsageError, match="swell"):
        open_submission(path, tmp_path / "work")


def test_nothing_is_written_that_the_disk_cannot_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", b"x" * 100))
    real = shutil.disk_usage(tmp_path)
    for free, is_enough in ((archive.RESERVE_BYTES + 100, True), (archive.RESERVE_BYTES + 99, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: real._replace(free=free))
        if is_enough:
            assert open_submission(path, tmp_path / "work").is_dir()
        else:
            with pytest.raises(SetupError, match="GiB"):
                open_submission(path, tmp_path / "work")


def test_a_name_the_system_cannot_hold_is_told(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", {("班" * 120 + ".mp4").encode("gbk"): b"x"})
    with pytest.raises(SetupError, match="can't be written"):
        open_submission(path, tmp_path / "work")


@pytest.mark.parametrize(
    ("start", "kind"), [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "gzip")]
)
def test_other_formats_are_to_be_unpacked_first(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(start + b"\0" * 40_000)
    with pytest.raises(UsageError, match=f"{kind}.*Unpack"):
        open_submission(path, tmp_path / "work")


def test_what_is_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0" * 100_000)
    os.mkfifo(tmp_path / "pipe")
    for name in ("a.mp4", "none", "pipe"):
        with pytest.raises(UsageError, match=name):
            open_submission(tmp_path / name, tmp_path / "work")


@pytest.mark.parametrize(
    "options",
    [
        {"rock_ridge": "1.09"},
        {"joliet": 3},
        {"udf": "2.60"},
        {"rock_ridge": "1.09", "joliet": 3},
        {"rock_ridge": "1.09", "joliet": 3, "udf": "2.60"},
    ],
    ids="+".join,
)
def test_an_image_with_chinese_names(tmp_path: Path, options: dict[str, object]) -> None:
    root = open_submission(iso_of(tmp_path / "光盘.iso", CLIPS, **options), tmp_path / "work")
    assert files_of(root) == {clip: clip.encode() if number else b"" for number, clip in enumerate(CLIPS)}
    (found,) = discover([root]).classes
    assert len(found.folder.clips) == 3


def test_an_image_with_short_names_only(tmp_path: Path) -> None:
    root = open_submission(iso_of(tmp_path / "a.iso", ["A/B.MP4", "A/C.MP4"]), tmp_path / "work")
    assert set(files_of(root)) == {"D1/F0.MP4", "D1/F1.MP4"}


def test_an_image_that_is_cut_off_is_told(tmp_path: Path) -> None:
    path = iso_of(tmp_path / "a.iso", CLIPS, joliet=3)
    whole = path.read_bytes()
    for sectors in range(17, len(whole) // 2048):
        path.write_bytes(whole[: sectors * 2048])
        with pytest.raises(UsageError, match="damaged"):
            open_submission(path, tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_link_in_an_image_is_written_as_a_plain_file(tmp_path: Path) -> None:
    image = pycdlib.PyCdlib()
    image.new(rock_ridge="1.09")
    image.add_symlink("/LINK.;1", "link.mp4", "/etc/passwd")
    image.write(str(tmp_path / "a.iso"))
    image.close()
    root = open_submission(tmp_path / "a.iso", tmp_path / "work")
    assert files_of(root) == {"link.mp4": b"/etc/passwd"}
    assert not (root / "link.mp4").is_symlink()


def test_a_zip_cut_off_behind_a_document_is_not_taken_for_the_document(tmp_path: Path) -> None:
    inner = tmp_path / "花名册.xlsx"
    with zipfile.ZipFile(inner, "w") as roster:
        roster.writestr("[Content_Types].xml", "<Types/>")
    whole = tmp_path / "班.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("班/5月20日/授课.mp4", bytes(5000))
        archive.write(inner, "班/花名册.xlsx")
    content = whole.read_bytes()
    whole.write_bytes(content[: content.rindex(b"PK\x05\x06", 0, content.rindex(b"PK\x05\x06")) + 22])
    with pytest.raises(UsageError, match=r"班\.zip"):
        open_submission(whole, tmp_path / "work")
