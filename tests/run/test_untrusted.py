import hashlib
import os
import sys
from pathlib import Path

import pytest

from vidaudit.run.untrusted import plain_files, read_small, strict_json


def test_plain_files_are_listed_with_their_sizes(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "x").write_bytes(b"12")
    (tmp_path / "a" / "b" / "y").write_bytes(b"")
    files = plain_files(tmp_path)
    assert (files.sizes_bytes, files.odd) == ({"x": 2, "a/b/y": 0}, ())
    assert files.read("x", 2) == b"12"
    assert files.sha256("x") == hashlib.sha256(b"12").hexdigest()


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights on Windows")
def test_links_and_pipes_are_told_and_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "file").write_bytes(b"secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(secret / "file")
    (folder / "into").symlink_to(secret)
    (folder / "round").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    files = plain_files(folder)
    assert (files.sizes_bytes, files.odd) == ({}, ("into", "link", "pipe", "round"))
    for name in ("link", "into/file", "pipe", "../secret/file", str(secret / "file")):
        with pytest.raises(FileNotFoundError):
            files.read(name, 100)
    with pytest.raises(OSError, match="no plain file"):
        read_small(folder / "pipe", 100)


@pytest.mark.parametrize(("size", "is_read"), [(9, True), (10, True), (11, False)])
def test_what_is_too_large_is_not_read(tmp_path: Path, size: int, is_read: bool) -> None:
    (tmp_path / "x").write_bytes(bytes(size))
    if is_read:
        assert len(read_small(tmp_path / "x", 10)) == size
    else:
        with pytest.raises(OSError, match="too large"):
            read_small(tmp_path / "x", 10)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"\xff", "decode"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'[{"b": {"a": 1, "a": 2}}]', "twice"),
        (b"[" * 99_999, "nested too deep"),
    ],
)
def test_json_that_two_readers_may_read_otherwise_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        strict_json(content)


def test_json() -> None:
    assert strict_json(b'{"a": [{"a": 1}, {"a": 2}]}') == {"a": [{"a": 1}, {"a": 2}]}
