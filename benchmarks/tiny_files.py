"""A thousand tiny files: what layout, names and containers cost when there is next to nothing to watch."""

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.measure import figure, vidaudit
from fixtures.videos.encode import Coding, write_clip

NUM_FILES = 1000
_FILES_A_DAY, _DAYS_A_CLASS = 10, 10
_SCHOOL = "长治市示例职业培训学校"
# The ten files of a day: as prescribed, near misses, and names that say nothing.
_NAMES = (
    "{school}{class_name}{day}课间人脸识别视频1.mp4",
    "{school}{class_name}{day}课间人脸识别视频2.mp4",
    "{school}{class_name}{day}授课过程.mp4",
    "{school}{class_name}{day}授课过程２.MP4",
    "{school} {class_name}（{day}）课间人脸识别视频一.mp4",
    "{class_name}{day}上课.avi",
    "VID_20240520_0830{number:02d}.mp4",
    "新建文本文档.mp4",
    "Thumbs.db",
    "{school}{class_name}{day}课间人脸识别视频3.mp4",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        disc = Path(folder) / "disc"
        for path, content in contents(tiny_clip(Path(folder) / "tiny.mp4")):
            (disc / path).parent.mkdir(parents=True, exist_ok=True)
            (disc / path).write_bytes(content)
        run = vidaudit("scan", disc, "--out", Path(folder) / "out", "--no-cache", "--no-registry", "--quiet")
    print(figure(f"scan of {NUM_FILES} tiny files", run.wall_s, "s", at_most=30))


def contents(clip: bytes) -> Iterator[tuple[Path, bytes]]:
    """Every file's path and content. What a file holds has nothing to do with its name; half of them are real clips."""
    garbage = np.random.default_rng(1).bytes(4096)
    kinds = (clip, garbage, clip, "这不是视频。\n".encode(), clip, b"", clip)
    for number in range(NUM_FILES):
        day_number, place = divmod(number, _FILES_A_DAY)
        class_number, day_index = divmod(day_number, _DAYS_A_CLASS)
        class_name, day = f"2024年第{class_number + 1}期电工培训班", f"6月{day_index + 1}日"
        name = _NAMES[place].format(school=_SCHOOL, class_name=class_name, day=day, number=place)
        yield Path(class_name) / day / name, kinds[number % len(kinds)]


def tiny_clip(path: Path) -> bytes:
    """A real clip of two small pictures."""
    write_clip(path, [np.full((48, 64, 3), level, np.uint8) for level in (90, 110)], rate=Fraction(1), coding=Coding())
    return path.read_bytes()


if __name__ == "__main__":
    main()
