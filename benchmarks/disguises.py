"""Material with known truth: honest lessons in one room, and the ways in which one of them is handed in again."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import ffmpeg
import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from fixtures.videos.canvas import Picture
from fixtures.videos.clock import burn_in
from fixtures.videos.encode import Coding, remux, write_clip
from vidaudit.model.still import Stretch

LESSON_S = 600
RATE = Fraction(10)
_SIZE_PX = (640, 360)
_CODING = Coding(crf=27, preset="veryfast")
_NOISE_LEVELS = 2.0
# (left, top, right, bottom) of the four people in the picture of the classroom.
_SEATS = ((40, 130, 113, 235), (114, 112, 162, 182), (218, 112, 266, 182), (278, 132, 364, 236))
_FROM_S, _SHARED_S = 240, 30
_NEW_DATE = dt.datetime(2024, 9, 17, 14, 30)

Numbers = npt.NDArray[np.int64]


def write_lesson(
    pictures: Path, target: Path, seed: int, *, duration_s: int = LESSON_S, together: bool = False
) -> None:
    """An honest lesson in the classroom of the test media: same room, same people, motion of its own.

    Args:
        pictures: the folder of the test media's pictures.
        together: everybody moves through the classroom's pictures in one step, so that a few seconds of two lessons
            may well be the same; else each person by himself.
    """
    frames = _classroom(pictures)
    write_clip(target, _lesson(frames, seed, duration_s, together=together), RATE, _CODING)


def copies(source: Path, other: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """(disguise, file) for each way to hand in `source` again; `other` is an honest lesson to hide a piece of it in."""
    for name, options in _PACKET_COPIES.items():
        target = folder / f"{name}{options['suffix']}"
        remux([source], target, muxer=str(options["muxer"]), reading={"ss": options["from_s"]})
        yield name, target
    for name, options in _ENCODED_COPIES.items():
        yield name, encode(source, folder / f"{name}.mp4", options)
    redated = folder / "redated.mp4"
    write_clip(redated, _redated(source), RATE, _CODING)
    yield "redated", redated
    piece = Stretch(start_s=_FROM_S, end_s=_FROM_S + _SHARED_S)
    yield f"{_SHARED_S} s within", hidden(source, piece, other, 150, folder / "within.mp4")


def encode(source: Path, target: Path, options: Mapping[str, Any]) -> Path:
    """Encode a clip again with ffmpeg's output options; `ss` and `t` cut the source."""
    cut = {key: options[key] for key in ("ss", "t") if key in options}
    output: dict[str, Any] = {
        "vcodec": "libx264",
        "preset": "veryfast",
        "crf": 30,
        "threads": 1,
        "loglevel": "error",
        **options,
    }
    settings = {key: value for key, value in output.items() if key not in cut and value is not None}
    command = ffmpeg.input(str(source), **cut).output(str(target), an=None, **settings)
    ffmpeg.run(command, cmd=imageio_ffmpeg.get_ffmpeg_exe(), capture_stderr=True, overwrite_output=True)
    return target


def looped(source: Path, target: Path, *, from_s: float, period_s: float, duration_s: int) -> Path:
    """A short take of a clip repeated until it is long enough, encoded again."""
    take = encode(source, target.with_suffix(".take.mp4"), {"ss": from_s, "t": period_s})
    command = ffmpeg.input(str(take), stream_loop=-1, t=duration_s).output(
        str(target), vcodec="libx264", preset="veryfast", crf=30, threads=1, loglevel="error"
    )
    ffmpeg.run(command, cmd=imageio_ffmpeg.get_ffmpeg_exe(), capture_stderr=True, overwrite_output=True)
    return target


def turned(source: Path, target: Path, *, length_s: float) -> Path:
    """The beginning of a clip, then the same backwards, encoded again."""
    forwards = ffmpeg.input(str(source), t=length_s)
    backwards = ffmpeg.input(str(source), t=length_s).filter("reverse")
    options = {"vcodec": "libx264", "preset": "veryfast", "crf": 28, "threads": 1, "loglevel": "error"}
    command = ffmpeg.concat(forwards, backwards).output(str(target), **options)
    ffmpeg.run(command, cmd=imageio_ffmpeg.get_ffmpeg_exe(), capture_stderr=True, overwrite_output=True)
    return target


_PACKET_COPIES: Mapping[str, Mapping[str, object]] = {
    "renamed": {"suffix": ".mp4", "muxer": "mp4", "from_s": 0},
    "remuxed": {"suffix": ".ts", "muxer": "mpegts", "from_s": 0},
    "trimmed at packets": {"suffix": ".mkv", "muxer": "matroska", "from_s": 37},
}
_CBR = {"b:v": "300k", "minrate": "300k", "maxrate": "300k", "bufsize": "300k", "crf": None}
_ENCODED_COPIES: Mapping[str, Mapping[str, Any]] = {
    "encoded again": {},
    "rescaled": {"vf": "scale=1024:576"},
    "smaller": {"vf": "scale=426:240"},
    "cropped by 3 %": {"vf": "crop=iw*0.97:ih*0.97:iw*0.01:ih*0.02"},
    "cropped by 6 %": {"vf": "crop=iw*0.94:ih*0.94:iw*0.04:ih*0.03"},
    "cropped by 8 %": {"vf": "crop=iw*0.92:ih*0.92:iw*0.04:ih*0.05"},
    "brighter": {"vf": "eq=brightness=0.08:contrast=1.15"},
    "25 pictures a second": {"vf": "fps=25", "g": 50},
    "6 pictures a second": {"vf": "fps=6"},
    "hevc": {"vcodec": "libx265", "preset": "ultrafast", "x265-params": "log-level=none:pools=1"},
    "mpeg4": {"vcodec": "mpeg4", "q:v": 6, "crf": None, "preset": None},
    "mirrored": {"vf": "hflip"},
    "first 37 s cut off": {"ss": 37.3},
    "last 100 s cut off": {"t": 500},
    "b-frames": {"bf": 3},
    "long gop": {"g": 3000, "sc_threshold": 0},
    "constant bitrate": _CBR,
    "all at once": {
        "ss": 63.7,
        "t": 400,
        "vf": "hflip,crop=iw*0.95:ih*0.95,eq=brightness=0.05,scale=854:480,fps=15",
        "g": 250,
        "bf": 2,
    },
}


def _classroom(pictures: Path) -> npt.NDArray[np.uint8]:
    """(pictures, height, width, 3) uint8."""
    with av.open(str(pictures / "intel" / "classroom.gif")) as media:
        return np.array([frame.to_ndarray(format="bgr24") for frame in media.decode(video=0)])


def _lesson(frames: npt.NDArray[np.uint8], seed: int, duration_s: int, *, together: bool) -> Iterator[Picture]:
    rng = np.random.default_rng(seed)
    num_pictures = int(duration_s * RATE)
    ways = [_way(rng, num_pictures, len(frames)) for _ in _SEATS]
    began = dt.datetime(2024, 5, 6, 8 + seed % 9, seed % 60) + dt.timedelta(days=seed)
    light = 1 + 0.02 * np.sin(np.arange(num_pictures) / float(rng.uniform(300, 900)) + seed)
    for number in range(num_pictures):
        picture = frames[ways[0][number]].copy() if together else frames[0].copy()
        for (left, top, right, bottom), way in zip(_SEATS, ways, strict=True):
            if not together:
                picture[top:bottom, left:right] = frames[way[number], top:bottom, left:right]
        shown = cv2.resize(picture, _SIZE_PX, interpolation=cv2.INTER_CUBIC).astype(np.float32) * light[number]
        shown += _NOISE_LEVELS * rng.standard_normal(shown.shape[:2], np.float32)[:, :, None]
        lesson = np.clip(shown, 0, 255).astype(np.uint8)
        burn_in(lesson, began + dt.timedelta(seconds=float(number / RATE)))
        yield lesson


def _way(rng: np.random.Generator, num_pictures: int, num_frames: int) -> Numbers:
    """Through the classroom's pictures: forwards, backwards, at several speeds, with pauses."""
    steps: list[float] = []
    while len(steps) < num_pictures:
        pace = float(rng.choice([-1.0, -0.5, 0.0, 0.5, 1.0], p=[0.2, 0.2, 0.2, 0.2, 0.2]))
        steps += [pace] * int(rng.integers(4, 60))
    place = np.cumsum(steps[:num_pictures]) + rng.integers(num_frames)
    # There and back rather than from the last picture to the first, which would be a jump.
    folded = np.abs((place % (2 * num_frames - 2)) - (num_frames - 1))
    return np.asarray(np.round(folded), np.int64)


def _redated(source: Path) -> Iterable[Picture]:
    """The old clock painted over, a new one in its place."""
    with av.open(str(source)) as media:
        for number, frame in enumerate(media.decode(video=0)):
            picture = np.array(frame.to_ndarray(format="bgr24"), np.uint8)
            picture[:56] = (picture[:56] // 4) + 90
            burn_in(picture, _NEW_DATE + dt.timedelta(seconds=float(number / RATE)))
            yield picture


def hidden(source: Path, stretch: Stretch, other: Path, at_s: float, target: Path) -> Path:
    """The other lesson with a piece of the source from `at_s` on, encoded again."""
    host, piece = ffmpeg.input(str(other)), ffmpeg.input(str(source), ss=stretch.start_s, t=stretch.duration_s)
    joined = ffmpeg.concat(
        host.trim(end=at_s).setpts("PTS-STARTPTS"),
        piece.setpts("PTS-STARTPTS"),
        host.trim(start=at_s + stretch.duration_s).setpts("PTS-STARTPTS"),
    )
    command = joined.output(str(target), vcodec="libx264", preset="veryfast", crf=30, threads=1, loglevel="error")
    ffmpeg.run(command, cmd=imageio_ffmpeg.get_ffmpeg_exe(), capture_stderr=True, overwrite_output=True)
    return target
