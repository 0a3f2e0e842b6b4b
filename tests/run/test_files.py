import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.run import files
from vidaudit.run.files import folder_in_place_of, safe_name, write_all, write_atomically

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")


def tree(folder: Path) -> dict[str, bytes | None]:
    """{relative path: content, None for a folder}."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.json"
    write_atomically(target, b"1")
    write_atomically(target, b"2")
    assert tree(tmp_path) == {"a": None, "a/b.json": b"2"}


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    target = tmp_path / "b.json"
    write_atomically(target, b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(error)):
        write_atomically(target, b"new")
    assert tree(tmp_path) == {"b.json": b"old"}


@posix_only
def test_private_files_are_for_this_user_only(tmp_path: Path) -> None:
    write_atomically(tmp_path / "ab" / "private", b"", private=True)
    write_atomically(tmp_path / "public", b"")
    assert mode(tmp_path / "ab" / "private") == 0o600
    assert mode(tmp_path / "ab") == 0o700
    (tmp_path / "as-usual").touch()
    assert mode(tmp_path / "public") == mode(tmp_path / "as-usual")


def test_a_new_folder_appears_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "out" / "class"
    with folder_in_place_of(target) as fresh:
        write_all(fresh, {"a.txt": b"a", "snapshots/b.jpg": b"b"})
        assert not target.exists()
    assert tree(tmp_path / "out") == {
        "class": None,
        "class/a.txt": b"a",
        "class/snapshots": None,
        "class/snapshots/b.jpg": b"b",
    }


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "class"
    write_all(target, {"old.txt": b"old"})
    with folder_in_place_of(target) as fresh:
        write_all(fresh, {"new.txt": b"new"})
        assert tree(target) == {"old.txt": b"old"}
    assert tree(tmp_path) == {"class": None, "class/new.txt": b"new"}


def test_a_folder_can_be_taken_over_from_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "class"
    write_all(target, {"old.txt": b"old", "snapshots/a.jpg": b"a"})
    inode = (target / "snapshots" / "a.jpg").stat().st_ino
    with folder_in_place_of(target, kept=["snapshots"]) as fresh:
        write_all(fresh, {"new.txt": b"new"})
    assert tree(tmp_path) == {
        "class": None,
        "class/new.txt": b"new",
        "class/snapshots": None,
        "class/snapshots/a.jpg": b"a",
    }
    assert (target / "snapshots" / "a.jpg").stat().st_ino == inode


@posix_only
def test_the_new_folder_has_the_usual_permissions(tmp_path: Path) -> None:
    with folder_in_place_of(tmp_path / "class"):
        pass
    (tmp_path / "as-usual").mkdir()
    assert mode(tmp_path / "class") == mode(tmp_path / "as-usual")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("there_before", [True, False])
def test_on_an_error_while_filling_nothing_changes(
    tmp_path: Path, error: type[BaseException], there_before: bool
) -> None:
    target = tmp_path / "class"
    if there_before:
        write_all(target, {"old.txt": b"old"})
    before = tree(tmp_path)

    def fill_and_fail() -> None:
        with folder_in_place_of(target) as fresh:
            write_all(fresh, {"new.txt": b"new"})
            raise error

    with pytest.raises(error):
        fill_and_fail()
    assert tree(tmp_path) == before


@pytest.fixture
def failing_replace(monkeypatch: pytest.MonkeyPatch):
    """Let the n-th renamings from now on fail, as with a file that is open on Windows."""
    real = Path.replace
    calls = 0

    def choose(*numbers: int) -> None:
        def replace(source: Path, target: Path) -> Path:
            nonlocal calls
            calls += 1
            if calls in numbers:
                raise PermissionError("a file is open")
            return real(source, target)

        monkeypatch.setattr(Path, "replace", replace)

    return choose


@pytest.mark.parametrize("failing", [1, 2])
def test_when_the_swap_fails_the_old_folder_stays(tmp_path: Path, failing_replace, failing: int) -> None:
    target = tmp_path / "class"
    write_all(target, {"old.txt": b"old"})
    failing_replace(failing)
    with pytest.raises(PermissionError), folder_in_place_of(target) as fresh:
        write_all(fresh, {"new.txt": b"new"})
    assert tree(tmp_path) == {"class": None, "class/old.txt": b"old"}


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_when_the_swap_fails_the_old_folder_has_back_what_was_taken_over(
    tmp_path: Path, failing_replace, failing: int
) -> None:
    target = tmp_path / "class"
    write_all(target, {"old.txt": b"old", "snapshots/a.jpg": b"a"})
    before = tree(tmp_path)
    failing_replace(failing)
    with pytest.raises(PermissionError), folder_in_place_of(target, kept=["snapshots"]) as fresh:
        write_all(fresh, {"new.txt": b"new"})
    assert tree(tmp_path) == before


def test_when_even_putting_it_back_fails_the_old_folder_isnt_lost(tmp_path: Path, failing_replace) -> None:
    target = tmp_path / "class"
    write_all(target, {"old.txt": b"old"})
    failing_replace(2, 3)
    with pytest.raises(PermissionError), folder_in_place_of(target) as fresh:
        write_all(fresh, {"new.txt": b"new"})
    assert list(tree(tmp_path).values()).count(b"old") == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("2024年第1期育婴员培训班", "2024年第1期育婴员培训班"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("line\nbreak\ttab\x00\x7f", "line_break_tab__"),
        ("..", "_"),
        (".", "_"),
        ("", "_"),
        (" . ", "_"),
        ("../../etc", "_.._etc"),
        (".hidden", "hidden"),
        ("ends with a dot.", "ends with a dot"),
        ("ends with a space ", "ends with a space"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("Com1", "_Com1"),
        ("com¹", "_com¹"),
        ("LPT9.mp4", "_LPT9.mp4"),
        ("aux .txt", "_aux .txt"),
        ("CONIN$", "_CONIN$"),
        ("console", "console"),
        ("com10", "com10"),
        ("班级😀", "班级😀"),
        ("half\ud800pair", "half_pair"),
    ],
)
def test_names_that_every_file_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_names_are_cut_between_characters() -> None:
    name = safe_name("班" * 85 + "😀")
    assert len(name.encode()) == 120
    assert set(name) == {"班"}
    assert safe_name("x" * 119 + "😀") == "x" * 119


def test_names_are_unique_in_any_case() -> None:
    taken: set[str] = set()
    for wanted, given_name in (
        ("Class", "Class"),
        ("class", "class (2)"),
        ("CLASS", "CLASS (3)"),
        ("class", "class (4)"),
    ):
        assert safe_name(wanted, taken) == given_name
        taken.add(given_name)


@given(st.text(max_size=300), st.sets(st.text(max_size=3), max_size=4))
def test_any_text_gives_a_name_of_one_harmless_part(text: str, taken: set[str]) -> None:
    name = safe_name(text, taken)
    assert name not in {"", ".", ".."}
    assert not name.startswith(".")
    assert not set('<>:"/\\|?*\x00\n') & set(name)
    assert name[-1] not in " ."
    assert len(name.encode()) <= 255
    assert name.casefold() not in {one.casefold() for one in taken}


@given(st.text(max_size=150))
def test_a_safe_name_stays_as_it_is(text: str) -> None:
    assert safe_name(safe_name(text)) == safe_name(text)


def test_the_mask_for_new_files_stays_as_it_was(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert files._umask() == 0o027
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
