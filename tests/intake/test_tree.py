import os
import socket
from pathlib import Path

import pytest

from tests.intake.files import tree
from vidaudit.intake.tree import Node, NodeKind, read_tree


def kinds(root: Path) -> dict[str, NodeKind]:
    return {path: node.kind for path, node in read_tree(root).walk()}


def test_every_kind_of_entry(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", "secret.txt")
    root = tree(tmp_path / "disc", "a.mp4", "b/c.mp4", "Thumbs.db", ".hidden", "$RECYCLE.BIN/x.mp4", ".git/config")
    (root / "out").symlink_to(outside)
    (root / "out.mp4").symlink_to(outside / "secret.txt")
    (root / "gone").symlink_to("nowhere")
    (root / "again.mp4").symlink_to("b/c.mp4")
    (root / "loop").symlink_to(".")
    (root / "self").symlink_to("self")
    os.mkfifo(root / "pipe")
    assert kinds(root) == {
        "a.mp4": NodeKind.FILE,
        "b": NodeKind.FOLDER,
        "b/c.mp4": NodeKind.FILE,
        "Thumbs.db": NodeKind.LEFTOVER,
        ".hidden": NodeKind.HIDDEN,
        ".git": NodeKind.HIDDEN,
        "$RECYCLE.BIN": NodeKind.LEFTOVER,
        "out": NodeKind.LINK_OUTSIDE,
        "out.mp4": NodeKind.LINK_OUTSIDE,
        "gone": NodeKind.BROKEN_LINK,
        "self": NodeKind.BROKEN_LINK,
        "again.mp4": NodeKind.FILE,
        "loop": NodeKind.LINK_INSIDE,
        "pipe": NodeKind.NOT_A_FILE,
    }


def test_sockets_are_not_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s")
        assert kinds(tmp_path) == {"s": NodeKind.NOT_A_FILE}


def test_names_of_every_sort_are_unique_and_printable(tmp_path: Path) -> None:
    names = [
        b"\xff\xfe.mp4",
        "😀.mp4".encode(),
        b"a\nb.mp4",
        "é.mp4".encode(),
        "e\u0301.mp4".encode(),
        b"A.mp4",
        b"a.mp4",
    ]
    names.append(("班" * 85).encode())
    assert len(names[-1]) == 255
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(b"x")
    nodes = read_tree(tmp_path).children
    assert len({node.label for node in nodes}) == len(names)
    assert all(node.label.isprintable() and node.source.exists() for node in nodes)


def test_unreadable_folders_are_told_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path, "locked/a.mp4", "open/b.mp4")
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert kinds(root) == {"locked": NodeKind.UNREADABLE, "open": NodeKind.FOLDER, "open/b.mp4": NodeKind.FILE}


class _Entry:
    """A directory entry that fails when it is looked at."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.name, self.path, self._error = path.name, str(path), error

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        raise self._error


class _Entries(list[_Entry]):
    def __enter__(self) -> "_Entries":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def test_what_vanishes_or_fails_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = _Entry(tmp_path / "gone.mp4", FileNotFoundError(2, "gone"))
    bad = _Entry(tmp_path / "bad.mp4", OSError(5, "Input/output error"))
    monkeypatch.setattr(os, "scandir", lambda path: _Entries([gone, bad]))
    assert [(node.name, node.kind, node.detail) for node in read_tree(tmp_path).children] == [
        ("bad.mp4", NodeKind.UNREADABLE, "Input/output error")
    ]


def test_very_deep_folders_end(tmp_path: Path) -> None:
    tree(tmp_path, "/".join("d" * 60) + "/a.mp4")
    found = list(read_tree(tmp_path).walk())
    assert found[-1][1].kind is NodeKind.UNREADABLE
    assert len(found) < 60


def test_entries_come_in_natural_order(tmp_path: Path) -> None:
    tree(tmp_path, "第10期/", "第2期/", "第1期/")
    assert [node.name for node in read_tree(tmp_path).children] == ["第1期", "第2期", "第10期"]


def test_a_root_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    node: Node = read_tree(tmp_path / "none")
    assert (node.kind, node.children) == (NodeKind.UNREADABLE, ())
