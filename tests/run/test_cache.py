import stat
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.report import samples
from vidaudit.run import cache
from vidaudit.run.cache import Cache, cache_key, default_folder

EVIDENCE = samples.nasty().evidence.clips[0]
KEY = cache_key("a")


def test_what_was_put_is_got(tmp_path: Path) -> None:
    store = Cache(folder=tmp_path)
    assert store.get(KEY) is None
    store.put(KEY, EVIDENCE)
    assert store.get(KEY) == EVIDENCE
    assert store.get(cache_key("b")) is None


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x80", b"\x00" * 100])
def test_a_damaged_entry_is_as_none(tmp_path: Path, damage: bytes) -> None:
    store = Cache(folder=tmp_path)
    store.put(KEY, EVIDENCE)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)
    assert store.get(KEY) is None
    store.put(KEY, EVIDENCE)
    assert store.get(KEY) == EVIDENCE


def test_where_nothing_can_be_written_nothing_breaks(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    store = Cache(folder=in_the_way)
    store.put(KEY, EVIDENCE)
    assert store.get(KEY) is None
    assert in_the_way.read_bytes() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")
def test_faces_are_for_this_user_only(tmp_path: Path) -> None:
    Cache(folder=tmp_path / "cache").put(KEY, EVIDENCE)
    for path in (tmp_path / "cache").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if path.is_file() else 0o700)


def test_keys_tell_everything_apart() -> None:
    keys = {
        cache_key(*parts) for parts in [(), ("a",), ("a", "b"), ("ab",), (1,), ("1",), (None,), (b"a",), ("\ud800",)]
    }
    assert len(keys) == 9
    assert all(len(key) == 64 for key in keys)
    assert cache_key("a", 1) == cache_key("a", 1)


def test_another_version_of_a_library_makes_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [cache_key("a")]
    for name in ("av", "numpy", "onnxruntime"):
        newer = SimpleNamespace(version="999", read_text=lambda _: None)
        monkeypatch.setattr(
            cache, "distribution", lambda asked, name=name, newer=newer: newer if asked == name else distribution(asked)
        )
        cache._libraries.cache_clear()
        keys.append(cache_key("a"))
    monkeypatch.undo()
    cache._libraries.cache_clear()
    assert len(set(keys)) == 4
    assert cache_key("a") == keys[0]


def test_every_library_that_observes_is_in_the_key() -> None:
    named = {found.partition(" ")[0] for found in cache._libraries()}
    assert named >= {"av", "numpy", "onnxruntime"}
    assert any(name.startswith("opencv") for name in named)
    assert any(name.startswith("dlib") for name in named)


def test_it_lies_in_the_users_own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert default_folder() == tmp_path / "vidaudit"
    assert default_folder().name == "vidaudit"
