from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test uses the cache, the registry or the settings of the person who runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("VIDAUDIT_LANG", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def in_english(own_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told at the terminal is told in English."""
    monkeypatch.setenv("VIDAUDIT_LANG", "en")
