"""The command as people run it: installed, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

VIDAUDIT = Path(sys.executable).parent / ("vidaudit.exe" if sys.platform == "win32" else "vidaudit")


def environment(home: Path, **more: str) -> dict[str, str]:
    """The surroundings of a command that finds and leaves nothing elsewhere than below `home`."""
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if name not in {"VIDAUDIT_LANG", "COLUMNS"}}
    return clean | {
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "TMPDIR": str(home / "tmp"),
        **more,
    }


def run(*arguments: str | Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`vidaudit` with these arguments, to its end."""
    return subprocess.run(
        [VIDAUDIT, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(home, **more),
        timeout=300,
    )
