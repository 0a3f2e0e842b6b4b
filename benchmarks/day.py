"""The day of a class at the rate of a DVD drive: a ten-minute lecture and two pans of 90 s, 1080p at 3 Mbit/s.

Made once from the test media and kept: the lecture is the real classroom, enlarged and with a camera's noise; the pans
film walls of real photographs. What is told: how many times real time a scan with two processes is, against the usual
script on the same clips, how much memory it needs, how much of the discs is really read, and (`--days 1 4 16 64`) how
time and memory grow with the number of days.

A 16x drive reads 21 MB/s: a full DVD of 4.7 GB, 24 such days at 2 Mbit/s, in 224 s, which is 84 times real time.
"""

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import ffmpeg
import imageio_ffmpeg
import platformdirs

from benchmarks.cameras import Look, Sweep, film
from benchmarks.measure import MB, figure, media, table, vidaudit
from benchmarks.photographs import groups, portraits
from benchmarks.rooms import Layout, hung
from benchmarks.usual_script import cut, length_s, usual_cost

_JOBS = 2  # the targets are for two cores
_PLAIN = ("--no-cache", "--no-registry", "--quiet", "--jobs", str(_JOBS))
_RATE, _PAN_S, _PIECE_S = "3M", 90, 60
_SIZE = (1920, 1080)
_GROUPS = "2007_007763 2008_001009 2008_001322 2008_002079 2008_002470 2008_002506 detection1 detection2 detection5"
_CLASS = "2024年第5期保安员培训班"
_STEM = f"长治市示例职业培训学校{_CLASS}5月20日"
_NAMES = (f"{_STEM}课间人脸识别视频1.mp4", f"{_STEM}课间人脸识别视频2.mp4", f"{_STEM}授课过程.mp4")
_MAX_DAYS = 64


def main(arguments: list[str] | None = None) -> None:
    options = _parse(arguments)
    pictures, disc = media("pictures"), media("disc-real")
    if pictures is None or disc is None:
        return
    clips = made(options.clips, pictures, disc)
    if options.days:
        print(growth(clips, sorted(options.days)))
        return
    day_s = sum(length_s(clip) for clip in clips)
    wall_s = min(_day(clips, day_s) for _ in range(options.repeats))
    if options.usual:
        against_the_usual_script(clips, wall_s)


def made(folder: Path, pictures: Path, disc: Path) -> tuple[Path, Path, Path]:
    """The two pans and the lecture, made where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    lecture = next(iter(sorted(disc.rglob("*授课过程.mp4"))))
    makers: tuple[Callable[[Path], None], ...] = (
        lambda target: _pan(target, pictures, leftwards=False),
        lambda target: _pan(target, pictures, leftwards=True),
        lambda target: _encode(lecture, target, vf=f"scale={_SIZE[0]}:{_SIZE[1]},noise=alls=5:allf=t"),
    )
    clips = (folder / "pan-1.mp4", folder / "pan-2.mp4", folder / "lecture.mp4")
    for clip, make in zip(clips, makers, strict=True):
        if not clip.exists():
            with tempfile.TemporaryDirectory(dir=folder) as work:
                make(Path(work) / clip.name)
                (Path(work) / clip.name).replace(clip)
    return clips


def _pan(target: Path, pictures: Path, *, leftwards: bool) -> None:
    """A camera that goes there and back in a minute and a half over 60 people."""
    room = hung((*portraits(), *groups(_GROUPS)), pictures, Layout(face_px=(90, 180), row_px=960, seed=31))
    sweep = Sweep(speed_px_s=1.0, passes=2, leftwards=leftwards, shake_px=2)
    moving_s = _PAN_S - sweep.hold_s
    sweep = replace(sweep, speed_px_s=sweep.passes * (room.width_px - _SIZE[0]) / moving_s)
    raw = target.with_name("raw.mp4")
    film(raw, room, sweep.over(room, _SIZE), Look(crf=18), pictures)
    _encode(raw, target, t=_PAN_S)


def _encode(source: Path, target: Path, **how: object) -> None:
    """At the rate that recorders are set to, key frames every two seconds."""
    options = {"video_bitrate": _RATE, "maxrate": _RATE, "bufsize": "6M", "r": 25, "g": 50, "pix_fmt": "yuv420p"}
    command = ffmpeg.input(str(source)).output(str(target), preset="veryfast", an=None, **options, **how)
    command.run(cmd=imageio_ffmpeg.get_ffmpeg_exe(), quiet=True, overwrite_output=True)


def _day(clips: Sequence[Path], day_s: float) -> float:
    """Scan one day and tell; the wall time in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        disc = submission(Path(folder) / "disc", clips, 1)
        forget(disc)
        run = vidaudit("scan", disc, "--out", Path(folder) / "out", *_PLAIN)
        size = sum(file.stat().st_size for file in disc.rglob("*.mp4"))
        num_watched = _num_watched(Path(folder) / "out")
    if num_watched != len(clips):
        raise RuntimeError(f"only {num_watched} of {len(clips)} clips were watched")
    print(figure(f"a day, {day_s / 60:.0f} min, {size / MB:.0f} MB, {_JOBS} processes", run.wall_s, "s"))
    print(figure("  times real time (goal 84)", day_s / run.wall_s, "x", at_least=60))
    print(figure("  peak memory of any process", run.largest_bytes / MB, "MB", at_most=700))
    if run.read_bytes:
        print(
            figure(
                "  read from the drive, share of the disc, programs and models included",
                run.read_bytes / size,
                "x",
                at_most=1.2,
            )
        )
    return run.wall_s


def submission(disc: Path, clips: Sequence[Path], num_days: int) -> Path:
    """A disc of one class with so many days of the same clips; links where the file system has them."""
    for number in range(num_days):
        day = f"{3 + number // 28}月{1 + number % 28}日"
        folder = disc / _CLASS / day
        folder.mkdir(parents=True)
        for clip, name in zip(clips, _NAMES, strict=True):
            _link(clip, folder / name.replace("5月20日", day))
    return disc


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def forget(folder: Path) -> None:
    """Ask the system to drop what it keeps of these files, so that they are read from the drive; best effort."""
    if not hasattr(os, "posix_fadvise"):
        return
    for file in folder.rglob("*.mp4"):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _num_watched(out: Path) -> int:
    reports = [json.loads(file.read_text(encoding="utf-8")) for file in out.glob("*/report.json")]
    clips = [clip for report in reports for clip in report["clips"]]
    return sum(clip["persons"] is not None or clip["headcount"] is not None for clip in clips)


def growth(clips: Sequence[Path], days: Sequence[int]) -> str:
    """A table: days, seconds, seconds a day, peak memory."""
    rows = []
    for num_days in days:
        with tempfile.TemporaryDirectory() as folder:
            disc = submission(Path(folder) / "disc", clips, num_days)
            run = vidaudit("scan", disc, "--out", Path(folder) / "out", *_PLAIN)
        parent = run.root_bytes / MB
        rows.append(
            (
                num_days,
                f"{run.wall_s:.1f}",
                f"{run.wall_s / num_days:.2f}",
                f"{run.largest_bytes / MB:.0f}",
                f"{parent:.0f}",
            )
        )
        print(f"{num_days} days done", flush=True)
    return table(("days", "s", "s a day", "largest process, MB", "main process, MB"), rows)


def against_the_usual_script(clips: Sequence[Path], wall_s: float) -> None:
    """The usual script on one whole pan and the first minute of the lecture, told for the whole day."""
    pan, _, lecture = clips
    with tempfile.TemporaryDirectory() as folder:
        piece = Path(folder) / "lecture.mp4"
        cut(lecture, piece, _PIECE_S)
        pan_s, piece_s = usual_cost(pan).work_s, usual_cost(piece).work_s
        whole_s = 2 * pan_s + piece_s * length_s(lecture) / length_s(piece)
    print(
        figure(f"usual script, {whole_s:.0f} s for the day (lecture extrapolated)", whole_s / wall_s, "x", at_least=60)
    )


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day")
    default = Path(platformdirs.user_cache_dir("vidaudit")) / "benchmarks" / "day"
    parser.add_argument("--clips", type=Path, default=default, metavar="FOLDER", help="where the made clips are kept")
    parser.add_argument("--days", type=int, nargs="+", choices=range(1, _MAX_DAYS + 1), metavar="N", help="only growth")
    parser.add_argument("--repeats", type=int, default=2, help="how often the day is scanned; the best counts")
    parser.add_argument("--no-usual", dest="usual", action="store_false", help="leave the usual script out")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
