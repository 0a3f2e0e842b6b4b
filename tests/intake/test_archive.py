import errno
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
from vidaudit.intake.archive import open_submission, open_submissions
from vidaudit.intake.discover import discover
from vidaudit.intake.member import ArchiveError
from vidaudit.intake.tree import read_tree

CLIPS = [f"{COURSE}/{path}" for path in day_of_clips("5月20日")]


def files_of(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def unpacked(path: Path, workspace: Path) -> Path:
    (root,) = open_submission(path, workspace).folders
    return root


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
    assert unpacked(tmp_path, tmp_path / "work") == tmp_path
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("name", ["光盘.zip", "光盘.iso", "光盘"])
def test_a_zip_is_told_by_its_content_and_bears_its_name(tmp_path: Path, name: str) -> None:
    path = zip_of(tmp_path / name, *((clip, clip.encode()) for clip in CLIPS), ("空/", b""))
    root = unpacked(path, tmp_path / "work")
    assert root == tmp_path / "work" / "光盘"
    assert files_of(root) == {clip: clip.encode() for clip in CLIPS}
    assert (root / "空").is_dir()
    assert unpacked(path, tmp_path / "work").name == "光盘 (2)"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "cp437"])
def test_names_without_a_declared_encoding(tmp_path: Path, encoding: str) -> None:
    names = ["café/naïve1.mp4", "café/ñ.mp4"] if encoding == "cp437" else CLIPS
    path = raw_zip(tmp_path / "a.zip", {name.encode(encoding): b"x" for name in names})
    assert set(files_of(unpacked(path, tmp_path / "work"))) == set(names)


def test_gbk_names_are_found_as_classes(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", {name.encode("gbk"): b"x" for name in CLIPS})
    (found,) = discover([unpacked(path, tmp_path / "work")]).classes
    assert (found.folder.institution, len(found.folder.clips)) == (SCHOOL, 3)


def test_backslashes_part_names_but_not_characters(tmp_path: Path) -> None:
    assert b"\\" in "誠".encode("gbk")
    path = raw_zip(tmp_path / "a.zip", {"誠班\\5月20日\\a.mp4".encode("gbk"): b"x"})
    assert set(files_of(unpacked(path, tmp_path / "work"))) == {"誠班/5月20日/a.mp4"}


def test_the_unicode_path_field_wins_if_it_belongs_to_the_name(tmp_path: Path) -> None:
    for crc, expected in ((zlib.crc32(b"a.mp4"), "视频.mp4"), (0, "a.mp4")):
        field = b"\x01" + struct.pack("<I", crc) + "视频.mp4".encode()
        extra = struct.pack("<HH", 0x7075, len(field)) + field
        path = raw_zip(tmp_path / "a.zip", {b"a.mp4": b"x"}, extra=extra)
        assert set(files_of(unpacked(path, tmp_path / "work"))) == {expected}


@pytest.mark.parametrize("name", ["../a.mp4", "b/../../a.mp4", "/a.mp4", "C:\\a.mp4", "..\\a.mp4", "\\a.mp4", "b/.."])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = raw_zip(tmp_path / "a.zip", {b"first.mp4": b"x", name.encode(): b"x"})
    with pytest.raises(UsageError, match="leads out"):
        unpacked(path, tmp_path / "work")
    assert files_of(tmp_path) == {"a.zip": path.read_bytes()}


def test_a_link_is_written_as_a_plain_file(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.mp4")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    root = unpacked(zip_of(tmp_path / "a.zip", (link, b"/etc/passwd")), tmp_path / "work")
    assert not (root / "link.mp4").is_symlink()
    assert (root / "link.mp4").read_bytes() == b"/etc/passwd"


def test_neither_of_two_files_of_one_name_is_lost(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zip_of(tmp_path / "a.zip", ("a.mp4", b"1"), ("a.mp4", b"2"))
    assert files_of(unpacked(path, tmp_path / "work")) == {"a.mp4": b"1", "a (2).mp4": b"2"}


def test_a_password_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="password"):
        unpacked(raw_zip(tmp_path / "a.zip", {b"a.mp4": b"x"}, flags=1), tmp_path / "work")


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_zip_that_is_cut_off_is_told(tmp_path: Path, keep: float) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", os.urandom(5000)))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(UsageError, match="damaged"):
        unpacked(path, tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []


def test_wrong_bytes_in_a_zip_are_told(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", b"right"))
    path.write_bytes(path.read_bytes().replace(b"right", b"wrong"))
    with pytest.raises(UsageError, match="damaged"):
        unpacked(path, tmp_path / "work")


def test_a_bomb_is_refused_at_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.mp4", b"\0" * 1_000_000)
    monkeypatch.setattr(zipped, "BOMB_BYTES", 1_000_000)
    unpacked(path, tmp_path / "work")
    monkeypatch.setattr(zipped, "BOMB_BYTES", 999_999)
    with pytest.raises(UsageError, match="swell"):
        unpacked(path, tmp_path / "work")


def test_nothing_is_written_that_the_disk_cannot_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", b"x" * 100))
    real = shutil.disk_usage(tmp_path)
    for free, is_enough in ((archive.RESERVE_BYTES + 100, True), (archive.RESERVE_BYTES + 99, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: real._replace(free=free))
        if is_enough:
            assert unpacked(path, tmp_path / "work").is_dir()
        else:
            with pytest.raises(SetupError, match="GiB"):
                unpacked(path, tmp_path / "work")


@pytest.mark.parametrize(("num_chars", "is_renamed"), [(83, False), (84, True), (160, True)])
def test_a_name_longer_than_the_system_takes_keeps_its_true_name(
    tmp_path: Path, num_chars: int, is_renamed: bool
) -> None:
    names = [f"{'班' * num_chars}{end}.mp4" for end in ("ab", "cd")]
    assert (len(names[0].encode()) > 255) is is_renamed
    path = raw_zip(tmp_path / "a.zip", {name.encode("gbk"): name.encode() for name in names})
    opened = open_submissions([path], tmp_path / "work")
    assert bool(opened.renamed) is is_renamed
    tree = read_tree(opened.folders[0], opened.renamed)
    assert {node.name: node.source.read_bytes() for node in tree.files} == {name: name.encode() for name in names}


def test_folders_with_long_names_stay_apart_and_are_classes_by_their_true_names(tmp_path: Path) -> None:
    courses = [f"{'很' * 85}{course}" for course in ("长的电工班", "长的焊工班")]
    entries = [(f"{course}/5月20日/{SCHOOL}{course}5月20日授课过程.mp4", b"x") for course in courses]
    opened = open_submissions([zip_of(tmp_path / "a.zip", *entries)], tmp_path / "work")
    classes = discover(opened.folders, renamed=opened.renamed).classes
    assert sorted(found.folder.name for found in classes) == sorted(courses)
    assert all(clip.name.prescribed for found in classes for clip in found.folder.clips)


def test_one_archive_that_cannot_be_opened_keeps_no_other_waiting(tmp_path: Path) -> None:
    good = zip_of(tmp_path / "好.zip", *((clip, b"x") for clip in CLIPS))
    cut = tmp_path / "断.zip"
    cut.write_bytes(good.read_bytes()[:-30])
    (tmp_path / "空.iso").write_bytes(b"")
    (tmp_path / "包.zip").write_bytes(b"Rar!\x1a\x07\x01\x00")
    locked = raw_zip(tmp_path / "锁.zip", {b"a.mp4": b"x"}, flags=1)
    paths = [cut, tmp_path / "空.iso", good, tmp_path / "包.zip", locked, tmp_path]
    opened = open_submissions(paths, tmp_path / "work")
    assert opened.folders == (tmp_path / "work" / "好", tmp_path)
    assert [(one.path, one.reason.value) for one in opened.unopened] == [
        ("断.zip", "damaged-archive"),
        ("空.iso", "damaged-archive"),
        ("包.zip", "unsupported-archive"),
        ("锁.zip", "locked-archive"),
    ]
    assert all(one.detail and one.path in one.detail for one in opened.unopened)


def test_a_path_that_is_not_there_stops_before_anything_is_unpacked(tmp_path: Path) -> None:
    good = zip_of(tmp_path / "a.zip", ("a.mp4", b"x"))
    with pytest.raises(UsageError, match=r"nothing at .*none"):
        open_submissions([good, tmp_path / "none"], tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_an_image_with_udf_only_is_told_with_what_to_do(tmp_path: Path) -> None:
    image = bytearray(40 * 2048)
    for sector, mark in ((16, b"BEA01"), (17, b"NSR02"), (18, b"TEA01")):
        image[sector * 2048 + 1 : sector * 2048 + 6] = mark
    (tmp_path / "a.iso").write_bytes(image)
    with pytest.raises(UsageError, match=r"UDF file system only.*copy its files"):
        unpacked(tmp_path / "a.iso", tmp_path / "work")


def test_a_folder_in_the_way_of_a_file_is_told(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("a", b"x"), ("a/b.mp4", b"x"))
    (one,) = open_submissions([path], tmp_path / "work").unopened
    assert (one.reason.value, "can't be written" in (one.detail or "")) == ("unsupported-archive", True)
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(("code", "error"), [(errno.ENOSPC, SetupError), (errno.EIO, ArchiveError)])
def test_a_full_disk_is_the_machines_fault_and_a_bad_disc_the_archives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    path = zip_of(tmp_path / "a.zip", ("a.mp4", b"x"))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: (_ for _ in ()).throw(OSError(code, "no")))
    with pytest.raises(error):
        unpacked(path, tmp_path / "work")


@pytest.mark.parametrize(
    ("start", "kind"), [(b"Rar!\x1a\x07\x01\x00", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "gzip")]
)
def test_other_formats_are_to_be_unpacked_first(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(start + b"\0" * 40_000)
    with pytest.raises(UsageError, match=f"{kind}.*Unpack"):
        unpacked(path, tmp_path / "work")


def test_what_is_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0" * 100_000)
    os.mkfifo(tmp_path / "pipe")
    for name in ("a.mp4", "none", "pipe"):
        with pytest.raises(UsageError, match=name):
            unpacked(tmp_path / name, tmp_path / "work")


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
    root = unpacked(iso_of(tmp_path / "光盘.iso", CLIPS, **options), tmp_path / "work")
    assert files_of(root) == {clip: clip.encode() if number else b"" for number, clip in enumerate(CLIPS)}
    (found,) = discover([root]).classes
    assert len(found.folder.clips) == 3


def test_an_image_with_short_names_only(tmp_path: Path) -> None:
    root = unpacked(iso_of(tmp_path / "a.iso", ["A/B.MP4", "A/C.MP4"]), tmp_path / "work")
    assert set(files_of(root)) == {"D1/F0.MP4", "D1/F1.MP4"}


def test_an_image_that_is_cut_off_is_told(tmp_path: Path) -> None:
    path = iso_of(tmp_path / "a.iso", CLIPS, joliet=3)
    whole = path.read_bytes()
    for sectors in range(17, len(whole) // 2048):
        path.write_bytes(whole[: sectors * 2048])
        with pytest.raises(UsageError, match="damaged"):
            unpacked(path, tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_link_in_an_image_is_written_as_a_plain_file(tmp_path: Path) -> None:
    image = pycdlib.PyCdlib()
    image.new(rock_ridge="1.09")
    image.add_symlink("/LINK.;1", "link.mp4", "/etc/passwd")
    image.write(str(tmp_path / "a.iso"))
    image.close()
    root = unpacked(tmp_path / "a.iso", tmp_path / "work")
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
        unpacked(whole, tmp_path / "work")
