"""Counting people where the truth is known: pans over photographs, the same people linked over clips, groups
as lectures.

Clips are made once (`benchmarks.scenes`) and kept; what each shows follows from the geometry. A person is one identity:
in a pan and between clips by name, however many photographs there are; in a lecture every seat counts.

For a pan, each person that vidaudit reports is held against who was there at that instant: `missed` were never
reported, `twice` more than once, `extra` is nobody. A count can be right by two faults; these tell.

    python -m benchmarks.people [--only NAME] [--quick] [--clips FOLDER] [--jobs N] [--verbose]
"""

import argparse
import hashlib
import inspect
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
import imageio_ffmpeg
import platformdirs

from benchmarks import cameras, rooms, scenes
from benchmarks.cameras import film
from benchmarks.measure import checked, figure, media, table
from benchmarks.truth import Count, Links, count_lecture, count_links, count_pan
from fixtures.videos.encode import remux
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.submission import ClipKind
from vidaudit.profile import load_profile
from vidaudit.run.clip import ClipTask, observe_clip

MEAN_ERROR, WORST_ERROR = 0.025, 0.08
MIN_RIGHT, MAX_WRONG = 0.90, 0.02
MIN_COUNTED, MAX_EXTRA = 0.97, 0.02
QUICK = (
    *("row", "shaky", "glimpses", "one-second", "gop-10s", "tiles"),
    *("others-1", "others-2", "same-1", "seats-40", "classroom"),
)
_COLUMNS = ("truth", "counted", "interval", "error", "missed", "twice", "extra", "seen")
_CLASSROOM = "classroom"
_CLASSROOM_PEOPLE = 4


@dataclass(frozen=True, kw_only=True)
class Job:
    """One clip to be made, where it is not there yet, and observed."""

    name: str
    kind: ClipKind
    pictures: Path
    folder: Path


def main(arguments: list[str] | None = None) -> None:
    options = _parse(arguments)
    pictures = media("pictures")
    if pictures is None:
        return
    wanted = [name for name in kinds() if is_wanted(name, options.only, quick=options.quick)]
    jobs = [Job(name=name, kind=kinds()[name], pictures=pictures, folder=options.clips) for name in wanted]
    evidence = _watched(jobs, options.jobs)
    made = {name: make(pictures) for name, make in scenes.everything().items() if name in wanted}
    _report_pans(
        [count_pan(name, made[name], evidence[name]) for name in wanted if kinds()[name] is ClipKind.FACE],
        verbose=options.verbose,
    )
    for name, days in scenes.classes().items():
        watched = {day: [clip for clip in clips if clip in wanted] for day, clips in days.items()}
        if sum(map(len, watched.values())) > 1:
            _report_links(count_links(name, watched, made, evidence))
    stills = [name for name in wanted if name in scenes.lectures()]
    _report_stills([count_lecture(name, made[name], evidence[name]) for name in stills], verbose=options.verbose)
    if _CLASSROOM in wanted:
        _report_classroom(evidence[_CLASSROOM])


def _watched(jobs: Sequence[Job], num_processes: int) -> dict[str, ClipEvidence]:
    """All clips observed; tells on standard error how far it is."""
    evidence = {}
    with ProcessPoolExecutor(num_processes) as pool:
        for job, found in zip(jobs, pool.map(observed, jobs), strict=True):
            evidence[job.name] = found
            print(f"{len(evidence)} of {len(jobs)}: {job.name}", file=sys.stderr, flush=True)
    return evidence


def observed(job: Job) -> ClipEvidence:
    """Make the clip, where it is not there yet, and observe it as a scan does."""
    import cv2

    cv2.setNumThreads(1)
    file = clip_file(job)
    if not file.exists():
        with tempfile.TemporaryDirectory(dir=job.folder) as folder:
            _make(job, Path(folder) / "clip.mp4", Path(folder) / "loop.mp4")
            (Path(folder) / "clip.mp4").replace(file)
    task = ClipTask(
        path=job.name,
        file=file,
        bytes=file.stat().st_size,
        kind=job.kind,
        prefix=job.name,
        sampling=load_profile("huguan-2024").sampling,
    )
    return observe_clip(task)


def clip_file(job: Job) -> Path:
    """Where the clip is kept: another name whenever what it is made of changes. Makes the folder."""
    made_of = _CLASSROOM if job.name == _CLASSROOM else repr(scenes.everything()[job.name](job.pictures))
    code = inspect.getsource(rooms) + inspect.getsource(cameras)
    key = hashlib.sha256((made_of + code).encode()).hexdigest()[:12]
    job.folder.mkdir(parents=True, exist_ok=True)
    return job.folder / f"{job.name}-{key}.mp4"


def _make(job: Job, target: Path, loop: Path) -> None:
    if job.name == _CLASSROOM:
        _write_classroom(job.pictures / "intel" / "classroom.gif", target)
        return
    scene = scenes.everything()[job.name](job.pictures)
    film(loop, scene.room, scene.camera, scene.look, job.pictures)
    remux([loop], target, muxer="mp4", reading={"stream_loop": scene.loops - 1})


def _write_classroom(animation: Path, target: Path) -> None:
    """A minute of a real classroom, enlarged as a school might: three seconds again and again."""
    moving = ffmpeg.input(str(animation), stream_loop=-1, t=60)
    command = moving.output(str(target), vf="scale=1366:768", r=25, crf=28, g=50, pix_fmt="yuv420p", preset="veryfast")
    command.run(cmd=imageio_ffmpeg.get_ffmpeg_exe(), quiet=True, overwrite_output=True)


def _report_pans(counts: Sequence[Count], *, verbose: bool) -> None:
    if not counts:
        return
    print(table(("pan", *_COLUMNS), [_row(one) for one in counts]))
    if verbose:
        print("\n".join(f"{one.name}: missed {one.missed}, twice {one.twice}" for one in counts))
    errors = [100 * one.error for one in counts]
    inside = sum(one.low <= one.truth <= one.high for one in counts)
    print(figure("mean error", sum(errors) / len(errors), "%", at_most=100 * MEAN_ERROR))
    print(figure("worst error", max(errors), "%", at_most=100 * WORST_ERROR))
    print(f"truth inside the interval: {inside} of {len(counts)}")


def _report_links(links: Links) -> None:
    print(f"linking, {links.name}: {links.persons} persons of {links.persons_truth} in all clips together")
    print(_share("  pairs right", links.right, links.truth, at_least=MIN_RIGHT))
    print(_share("  pairs wrong", links.wrong, links.made, at_most=MAX_WRONG))


def _report_stills(counts: Sequence[Count], *, verbose: bool) -> None:
    if not counts:
        return
    print(table(("still", *_COLUMNS), [_row(one) for one in counts]))
    if verbose:
        print("\n".join(f"{one.name}: missed {one.missed}" for one in counts))
    truth, counted = sum(one.truth for one in counts), sum(min(one.counted, one.truth) for one in counts)
    print(_share("people counted", counted, truth, at_least=MIN_COUNTED))
    print(_share("extra", sum(one.extra for one in counts), truth, at_most=MAX_EXTRA))


def _report_classroom(evidence: ClipEvidence) -> None:
    headcount = evidence.heads.headcount if evidence.heads else None
    print(checked("classroom", headcount, str(_CLASSROOM_PEOPLE), met=headcount == _CLASSROOM_PEOPLE))


def _row(one: Count) -> tuple[object, ...]:
    shares = f"{one.low}..{one.high}", f"{100 * one.error:.1f} %"
    faults = len(one.missed), len(one.twice), one.extra
    return (one.name, one.truth, one.counted, *shares, *faults, f"{one.briefest_s:.1f} s")


def _share(what: str, part: int, whole: int, **target: float) -> str:
    limits = {side: 100 * limit for side, limit in target.items()}
    return figure(f"{what}, {part} of {whole}", 100 * part / max(1, whole), "%", **limits)


def kinds() -> dict[str, ClipKind]:
    """The kind of every clip, by name, in the order in which they are reported."""
    still_clips = {*scenes.lectures(), _CLASSROOM}
    return {
        name: ClipKind.LECTURE if name in still_clips else ClipKind.FACE for name in (*scenes.everything(), _CLASSROOM)
    }


def is_wanted(name: str, only: str | None, *, quick: bool) -> bool:
    return (only is None or only in name) and (not quick or name in QUICK)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.people")
    parser.add_argument("--only", metavar="NAME", help="clips whose name holds this")
    parser.add_argument("--quick", action="store_true", help="about a third of the clips")
    parser.add_argument("--verbose", action="store_true", help="tell who was missed or counted twice")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="clips at a time")
    parser.add_argument(
        "--clips",
        type=Path,
        default=platformdirs.user_cache_path("vidaudit") / "benchmarks" / "people",
        metavar="FOLDER",
        help="where the clips are kept",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
