"""Against the usual script: an OpenCV loop with `face_recognition` at one frame a second, on the same clips.

Both run as one process, alternately, from its start to its end: interpreter, imports and models are in both times.
The usual script reads every frame and looks for faces in one a second; OpenCV may use all cores for reading. It only
finds and describes faces; vidaudit also hashes the file, measures the picture, follows the camera and counts people.

A lecture is compared on its first minute, cut out without encoding again, because the usual script is that slow. A
whole day (two face clips and a lecture) takes the usual script's time for the lecture from that minute, in proportion
to the length: the only figure here that is extrapolated.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import alternately, figure, media, watch
from vidaudit.media.probe import probe
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind

_PIECE_S = 60
_TARGET = 20


def main(arguments: list[str] | None = None) -> None:
    options = _parse(arguments)
    if options.usual:
        usual(options.usual)
    elif options.ours:
        ours(options.ours, ClipKind(options.kind))
    else:
        compare(options.repeats)


def compare(repeats: int) -> None:
    """Print the ratios for a face clip, a minute of a lecture, and a whole day."""
    disc = media("disc-real")
    if disc is None:
        return
    face = next(iter(sorted(disc.rglob("*课间人脸识别视频1.mp4"))))
    lecture = next(iter(sorted(disc.rglob("*授课过程.mp4"))))
    with tempfile.TemporaryDirectory() as folder:
        piece = Path(folder) / "lecture.mp4"
        cut(lecture, piece, _PIECE_S)
        piece_length_s = length_s(piece)
        usual_face_s, face_s = _pair(face, ClipKind.FACE, repeats)
        usual_piece_s, piece_s = _pair(piece, ClipKind.LECTURE, repeats)
    lecture_s = statistics.median(_ours_s(lecture, ClipKind.LECTURE)() for _ in range(repeats))
    usual_day_s = 2 * usual_face_s + usual_piece_s * length_s(lecture) / piece_length_s
    print(_ratio(f"face clip of {length_s(face):.0f} s", usual_face_s, face_s))
    print(_ratio(f"first {piece_length_s:.0f} s of a lecture", usual_piece_s, piece_s))
    print(_ratio("a day, the usual script's lecture extrapolated", usual_day_s, 2 * face_s + lecture_s))


def usual(path: Path) -> None:
    """The usual script."""
    import cv2
    import face_recognition

    video = cv2.VideoCapture(str(path))
    every = max(1, round(video.get(cv2.CAP_PROP_FPS)))
    number = 0
    while True:
        read, frame = video.read()
        if not read:
            break
        if number % every == 0:
            picture = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            face_recognition.face_encodings(picture, face_recognition.face_locations(picture))
        number += 1
    video.release()


def ours(path: Path, kind: ClipKind) -> None:
    """The same clip, all that vidaudit observes of it."""
    from vidaudit.profile import load_profile

    observe(path, kind, load_profile("huguan-2024").sampling)


def observe(path: Path, kind: ClipKind, sampling: Sampling) -> None:
    """One clip by the product's own unit of work, without its cache."""
    import cv2

    from vidaudit.run.clip import ClipTask, observe_clip

    cv2.setNumThreads(1)  # as the workers of a scan do
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


def _pair(path: Path, kind: ClipKind, repeats: int) -> tuple[float, float]:
    return alternately(lambda: _self("--usual", path), _ours_s(path, kind), repeats)


def _ours_s(path: Path, kind: ClipKind) -> Callable[[], float]:
    return lambda: _self("--ours", path, "--kind", kind.value)


def _self(*arguments: str | Path) -> float:
    return watch([sys.executable, "-m", "benchmarks.usual_script", *arguments]).wall_s


def _ratio(what: str, usual_s: float, ours_s: float) -> str:
    return figure(f"{what}: {usual_s:.1f} s against {ours_s:.1f} s", usual_s / ours_s, "times", at_least=_TARGET)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.usual_script")
    parser.add_argument("--repeats", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument("--usual", type=Path, metavar="FILE", help="only run the usual script on this clip")
    parser.add_argument("--ours", type=Path, metavar="FILE", help="only observe this clip")
    parser.add_argument("--kind", choices=[kind.value for kind in ClipKind], default=ClipKind.FACE.value)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
