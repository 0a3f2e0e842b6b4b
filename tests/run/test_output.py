"""The output folder: fit to be written, nobody else's, and for one run at a time."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.run.submissions import state_of
from tests.run.test_publish import publisher
from vidaudit.errors import UsageError
from vidaudit.run.output import output_folder
from vidaudit.run.own import SUMMARIES


def enter(out: Path) -> None:
    with output_folder(out):
        pass


def test_one_that_stays_empty_leaves_no_trace(tmp_path: Path) -> None:
    enter(tmp_path / "a" / "out")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").mkdir()
    enter(tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


def test_what_is_written_stays(tmp_path: Path) -> None:
    with output_folder(tmp_path / "a" / "out"):
        (tmp_path / "a" / "out" / "one").write_bytes(b"")
    assert (tmp_path / "a" / "out" / "one").is_file()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("file", "file is no folder"),
        ("file/out", "there can't be a folder"),
        ("file/a/b", "there can't be a folder"),
        ("x" * 300, "shorter names"),
        ("培" * 90 + "/out", "shorter names"),
        ("loop/out", "no folder"),
        ("nowhere", "no folder"),
        ("zero\0", "null"),
    ],
)
def test_where_nothing_can_be_written(tmp_path: Path, place: str, said: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    before = state_of(tmp_path)
    with pytest.raises(UsageError, match="choose another --out") as raised:
        enter(tmp_path / place)
    assert said in str(raised.value)
    assert len(str(raised.value)) < 500
    assert state_of(tmp_path) == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "Nothing can be written to this disk"),
        (errno.EACCES, "Ask for the right"),
    ],
)
def test_a_disk_that_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("vidaudit.run.output.write_atomically", refuse)
    with pytest.raises(UsageError, match=said):
        enter(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permission bits don't bind here")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="Permission denied"):
        enter(tmp_path)
    tmp_path.chmod(0o700)


def workbook_of_another_program() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("docProps/core.xml", "<creator>somebody</creator>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("summary.html", b"<html>my own page, which vidaudit did not write</html>"),
        ("summary.xlsx", workbook_of_another_program()),
        ("summary.xlsx", b"no workbook"),
        ("summary.json", b'{"schema": "mine/1"}'),
        ("summary.json", b"[]"),
        ("manifest.json", b'{"outputs": [1]}'),
        ("manifest.sig", b"signed"),
    ],
)
def test_what_vidaudit_did_not_write_is_not_overwritten(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    before = state_of(tmp_path)
    with pytest.raises(UsageError, match="Move it away") as raised:
        enter(tmp_path)
    assert name in str(raised.value)
    assert state_of(tmp_path) == before


def test_a_folder_by_such_a_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "summary.html").mkdir()
    with pytest.raises(UsageError, match=r"summary\.html"):
        enter(tmp_path)


def test_what_a_run_wrote_is_written_again_however_much_is_left_of_it(tmp_path: Path) -> None:
    publisher(tmp_path).summarise([])
    for name in (None, *sorted(SUMMARIES - {"manifest.sig"})):
        if name:
            (tmp_path / name).unlink()
        enter(tmp_path)


def test_a_page_of_an_older_version_is_known_by_the_manifest(tmp_path: Path) -> None:
    publisher(tmp_path).summarise([])
    page, manifest = tmp_path / "summary.html", tmp_path / "manifest.json"
    old = page.read_bytes()
    page.write_bytes(b"<html>old</html>")
    with pytest.raises(UsageError):
        enter(tmp_path)
    stated = manifest.read_text(encoding="utf-8")
    digests = [hashlib.sha256(content).hexdigest() for content in (old, page.read_bytes())]
    manifest.write_text(stated.replace(*digests), encoding="utf-8")
    enter(tmp_path)


def test_two_runs_into_one_folder(tmp_path: Path) -> None:
    with output_folder(tmp_path):
        code = (
            "import sys; from pathlib import Path; from vidaudit.run.output import output_folder\n"
            "with output_folder(Path(sys.argv[1])): pass"
        )
        other = subprocess.run([sys.executable, "-c", code, tmp_path], check=False, capture_output=True, text=True)
        assert "Another vidaudit is writing" in other.stderr
        assert list(tmp_path.iterdir()) == []
    enter(tmp_path)
