"""Small submissions, and what a folder holds in every detail."""

import shutil
from pathlib import Path

from fixtures.videos.cases import ROOM
from fixtures.videos.recipes import roster
from fixtures.videos.rosters import INSTITUTION

COURSE = "2024年第9期保育师培训班"
DAY = "5月20日"
ENDINGS = ("课间人脸识别视频1", "课间人脸识别视频2", "授课过程")


def make_class(disc: Path, name: str = COURSE, *, clip: Path | None = ROOM, roster_size: int | None = 8) -> Path:
    """A class of one day with three clips: copies of `clip`, or files of a few bytes where it is None."""
    folder = disc / name
    (folder / DAY).mkdir(parents=True)
    for ending in ENDINGS:
        target = folder / DAY / f"{INSTITUTION}{name}{DAY}{ending}.mp4"
        if clip is None:
            target.write_bytes(b"no video")
        else:
            shutil.copyfile(clip, target)
    if roster_size:
        roster(roster_size)(folder / "花名册.xlsx")
    return folder


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes | None]]:
    """{path: (mode, time of the last change in nanoseconds, content)} of everything below a folder."""
    found = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        stat = path.lstat()
        content = path.read_bytes() if path.is_file() else None
        found[path.relative_to(folder).as_posix()] = (stat.st_mode, stat.st_mtime_ns, content)
    return found


def files_of(folder: Path) -> set[str]:
    """The paths of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
