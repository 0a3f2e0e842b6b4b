import stat
import sys
from pathlib import Path

import pytest

from tests.report import samples
from vidaudit.run.cache import Cache, cache_key, default_folder

EVIDENCE = samples.nasty().evidence.clips[0]
KEY = cache_key("a")


def test_what_was_put_is_got(tmp_path: Path) -> None:
    cache = Cache(folder=tmp_path)
    assert cache.get(KEY) is None
    cache.put(KEY, EVIDENCE)
    assert cache.get(KEY) == EVIDENCE
    assert cache.get(cache_key("b")) is None


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x80", b"\x00" * 100])
def test_a_damaged_entry_is_as_none(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(folder=tmp_path)
    cache.put(KEY, EVIDENCE)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.write_bytes(damage)
    assert cache.get(KEY) is None
    cache.put(KEY, EVIDENCE)
    assert cache.get(KEY) == EVIDENCE


def test_where_nothing_can_be_written_nothing_breaks(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")
    cache = Cache(folder=in_the_way)
    cache.put(KEY, EVIDENCE)
    assert cache.get(KEY) is None
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


def test_it_lies_in_the_users_own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert default_folder() == tmp_path / "vidaudit"
    assert default_folder().name == "vidaudit"
