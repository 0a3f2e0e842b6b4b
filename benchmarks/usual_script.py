"""Against the usual script: an OpenCV loop with `face_recognition` at one frame a second, on the same clips.

Each runs as one process, alternately. What counts is the time for the clip, libraries and models loaded, as a scan
loads them once for many clips; the whole processes are told beside it. The usual script reads every frame and looks for
faces in one a second; OpenCV may use all cores for reading. It only finds and describes faces; vidaudit also hashes the
file, measures the picture, follows the camera and counts people.

A lecture is compared on its first minute, cut out without encoding again, because the usual script is slow; `--piece-s`
takes more of it. A whole day (two face clips and a lecture) takes the usual script's time for the lecture from that
piece, in proportion to the length: the only figure here that is extrapolated.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import PROJECT, alternately, figure, media, watch
from vidaudit.media.probe import probe
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.profile import load_profile
from vidaudit.run.clip import ClipTask, observe_clip

_TARGET = 20
_WARM_UP = PROJECT / "fixtures" / "videos" / "clips" / "room.mp4"  # watching it loads libraries and models


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a clip cost: wall and processor time of the work itself, and wall time of the whole process."""

    work_s: float
    cpu_s: float
    process_s: float

    def times(self, factor: float) -> "Cost":
        """The cost of so many of the same."""
        return Cost(work_s=self.work_s * factor, cpu_s=self.cpu_s * factor, process_s=self.process_s * factor)

    def plus(self, other: "Cost") -> "Cost":
        """The cost of both."""
        return Cost(
            work_s=self.work_s + other.work_s,
            cpu_s=self.cpu_s + other.cpu_s,
            process_s=self.process_s + other.process_s,
        )


def main(arguments: list[str] | None = None) -> None:
    options = _parse(arguments)
    if options.usual:
        usual(options.usual)
    elif options.ours:
        ours(options.ours, ClipKind(options.kind))
    else:
        compare(options.repeats, options.piece_s)


def compare(repeats: int, piece_s: int) -> None:
    """Print the ratios for a face clip, a piece of a lecture, and a whole day."""
    disc = media("disc-real")
    if disc is None:
        return
    face = next(iter(sorted(disc.rglob("*课间人脸识别视频1.mp4"))))
    lecture = next(iter(sorted(disc.rglob("*授课过程.mp4"))))
    with tempfile.TemporaryDirectory() as folder:
        piece = Path(folder) / "lecture.mp4"
        cut(lecture, piece, piece_s)
        share = length_s(piece) / length_s(lecture)
        faces = _pair(face, ClipKind.FACE, repeats)
        pieces = _pair(piece, ClipKind.LECTURE, repeats)
    whole = median([_child("--ours", lecture, "--kind", ClipKind.LECTURE) for _ in range(repeats)])
    print(_ratio(f"face clip of {length_s(face):.0f} s", *faces))
    print(_ratio(f"first {share * length_s(lecture):.0f} s of a lecture", *pieces))
    day = faces[0].times(2).plus(pieces[0].times(1 / share)), faces[1].times(2).plus(whole)
    print(_ratio("a day, the usual script's lecture extrapolated", *day))


def median(costs: Sequence[Cost]) -> Cost:
    """The medians of each figure."""
    return Cost(
        work_s=statistics.median(cost.work_s for cost in costs),
        cpu_s=statistics.median(cost.cpu_s for cost in costs),
        process_s=statistics.median(cost.process_s for cost in costs),
    )


def timed(loaded: Callable[[], None]) -> None:
    """Do the work and print its wall and its processor time, in seconds, for the parent to read."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    loaded()
    print(time.perf_counter() - began_s, time.process_time() - began_cpu_s)


def usual(path: Path) -> None:
    """The usual script."""
    import cv2
    import face_recognition

    def script() -> None:
        video = cv2.VideoCapture(str(path))
        every = max(1, round(video.get(cv2.CAP_PROP_FPS)))
        number, (read, frame) = 0, video.read()
        while read:
            if number % every == 0:
                picture = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
                face_recognition.face_encodings(picture, face_recognition.face_locations(picture))
            number, (read, frame) = number + 1, video.read()
        video.release()

    timed(script)


def ours(path: Path, kind: ClipKind) -> None:
    """All that vidaudit observes of the same clip."""
    import cv2

    cv2.setNumThreads(1)  # as the workers of a scan do
    sampling = load_profile("huguan-2024").sampling
    observe(_WARM_UP, kind, sampling)
    timed(lambda: observe(path, kind, sampling))


def observe(path: Path, kind: ClipKind, sampling: Sampling) -> None:
    """One clip by the product's own unit of work, without its cache."""
    observe_clip(
        ClipTask(path=path.name, file=path, bytes=path.stat().st_size, kind=kind, prefix="clip", sampling=sampling)
    )


def cut(source: Path, target: Path, seconds: int) -> None:
    """The first seconds of a clip, its packets copied as they are."""
    import ffmpeg
    import imageio_ffmpeg

    command = ffmpeg.input(str(source), t=seconds).output(str(target), c="copy")
    command.run(cmd=imageio_ffmpeg.get_ffmpeg_exe(), quiet=True, overwrite_output=True)


def length_s(path: Path) -> float:
    """The measured length of a clip in seconds.

    Raises:
        ValueError: when it has none.
    """
    measured_s = probe(path).facts.duration_s
    if not measured_s:
        raise ValueError(f"{path} is no clip")
    return float(measured_s)


def usual_cost(path: Path) -> Cost:
    """What the usual script needs for a clip, in a process of its own."""
    return _child("--usual", path)


def _pair(path: Path, kind: ClipKind, repeats: int) -> tuple[Cost, Cost]:
    """The medians of the usual script and of vidaudit."""
    usual_costs, our_costs = alternately(
        lambda: usual_cost(path), lambda: _child("--ours", path, "--kind", kind), repeats
    )
    return median(usual_costs), median(our_costs)


def _child(*arguments: str | Path) -> Cost:
    run = watch([sys.executable, "-m", "benchmarks.usual_script", *arguments])
    work_s, cpu_s = map(float, run.written.split())
    return Cost(work_s=work_s, cpu_s=cpu_s, process_s=run.wall_s)


def _ratio(what: str, usual_cost: Cost, our_cost: Cost) -> str:
    times = figure(
        f"{what}: {usual_cost.work_s:.1f} s against {our_cost.work_s:.1f} s",
        usual_cost.work_s / our_cost.work_s,
        "times",
        at_least=_TARGET,
    )
    cpu = usual_cost.cpu_s / our_cost.cpu_s
    process = usual_cost.process_s / our_cost.process_s
    return f"{times}; processor time {cpu:.1f} times, whole processes {process:.1f} times"


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.usual_script")
    parser.add_argument("--repeats", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument("--piece-s", type=int, default=60, help="seconds of the lecture that the usual script gets")
    parser.add_argument("--usual", type=Path, metavar="FILE", help="only run the usual script on this clip")
    parser.add_argument("--ours", type=Path, metavar="FILE", help="only observe this clip")
    parser.add_argument("--kind", choices=[kind.value for kind in ClipKind], default=ClipKind.FACE.value)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
