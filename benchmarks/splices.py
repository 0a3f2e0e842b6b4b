"""Takes with known truth: pieces taken out of a lesson, and honest events that only look like it."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import ffmpeg
import imageio_ffmpeg
import numpy as np

from fixtures.videos.canvas import Picture
from fixtures.videos.encode import Coding, write_clip

CODING = Coding(crf=27, preset="veryfast")


Removed = Sequence[tuple[float, float]]
"""From when to when the source is left out, in seconds, ascending."""


def cut_by_copy(source: Path, target: Path, removed: Removed) -> list[float]:
    """Take pieces out without encoding again: what follows each begins at a key frame. Returns where the joints are."""
    kept = list(zip([0.0, *(end for _, end in removed)], [*(start for start, _ in removed), None], strict=True))
    joints_s = [0.0]
    with tempfile.TemporaryDirectory() as folder:
        parts = [Path(folder) / f"{number}.mp4" for number in range(len(kept))]
        for part, (start, end) in zip(parts, kept, strict=True):
            length = {} if end is None else {"t": end - start}
            _ffmpeg(ffmpeg.input(str(source), ss=start).output(str(part), c="copy", avoid_negative_ts=1, **length))
            joints_s.append(joints_s[-1] + _duration_s(part))
        names = Path(folder) / "list.txt"
        names.write_text("".join(f"file '{part}'\n" for part in parts), encoding="utf-8")
        _ffmpeg(ffmpeg.input(str(names), format="concat", safe=0).output(str(target), c="copy"))
    return joints_s[1:-1]


def cut_and_encoded(
    source: Path, target: Path, removed: Removed, rate: int, *, at_keyframes: bool = False, **options: Any
) -> list[float]:
    """Take pieces out and encode what is left, if asked with key frames at the joints. Returns where the joints are."""
    gone_s = [sum(end - start for start, end in removed[:number]) for number in range(len(removed))]
    joints_s = [round(start - gone, 3) for (start, _), gone in zip(removed, gone_s, strict=True)]
    half = 0.5 / rate
    out = "+".join(f"between(t,{start - half:.3f},{end - half:.3f})" for start, end in removed)
    left = ffmpeg.input(str(source)).filter("select", f"not({out})").filter("setpts", f"N/{rate}/TB")
    settings = {"vcodec": "libx264", "preset": "veryfast", "crf": 27, "threads": 1, "an": None, "r": rate} | options
    if at_keyframes:
        settings["force_key_frames"] = ",".join(map(str, joints_s))
    _ffmpeg(left.output(str(target), **settings))
    return joints_s


def _ffmpeg(command: Any) -> None:
    quiet = command.global_args("-v", "error")
    ffmpeg.run(quiet, cmd=imageio_ffmpeg.get_ffmpeg_exe(), capture_stderr=True, overwrite_output=True)


def _duration_s(file: Path) -> float:
    with av.open(str(file)) as media:
        packets = [packet for packet in media.demux(video=0) if packet.size]
        return float(sum(packet.duration or 0 for packet in packets) * packets[0].time_base)


Event = Callable[[Picture, float], Picture]
"""Changes a picture that is so many seconds after the event began; before it (less than 0) nothing is changed."""


def written(source: Path, target: Path, event: Event, at_s: float, **coding: Any) -> Path:
    """The source with an honest event in it, encoded again."""
    with av.open(str(source)) as media:
        rate = Fraction(media.streams.video[0].average_rate or 10)
        pictures = (np.array(frame.to_ndarray(format="bgr24"), np.uint8) for frame in media.decode(video=0))
        write_clip(target, _with(pictures, event, at_s, rate), rate, Coding(**{**vars(CODING), **coding}))
    return target


def _with(pictures: Iterable[Picture], event: Event, at_s: float, rate: Fraction) -> Iterator[Picture]:
    for number, picture in enumerate(pictures):
        since_s = float(number / rate) - at_s
        yield event(picture, since_s) if since_s >= 0 else picture


def lights_off(picture: Picture, _since_s: float) -> Picture:
    """A row of lamps is switched off: less light, and less of it on one side."""
    ramp = np.linspace(0.45, 0.8, picture.shape[1])[None, :, None]
    return _levels(picture * ramp)


def lights_on(picture: Picture, _since_s: float) -> Picture:
    return _levels(picture * np.linspace(1.5, 1.15, picture.shape[1])[None, :, None] + 8)


def exposure_step(picture: Picture, since_s: float) -> Picture:
    """Automatic exposure takes half a second in steps."""
    return _levels(picture * (1 - 0.1 * min(int(since_s / 0.1), 3)))


def person_crossing(picture: Picture, since_s: float) -> Picture:
    """Somebody walks past right before the lens within a second."""
    height, width = picture.shape[:2]
    middle = round((since_s * 1.6 - 0.3) * width)
    left, right = max(middle - width // 5, 0), min(middle + width // 5, width)
    if left < right:
        picture = picture.copy()
        picture[height // 8 :, left:right] = (40, 34, 52)
    return picture


def nudged(picture: Picture, since_s: float) -> Picture:
    """The camera is knocked and stays a little turned."""
    share = min((since_s + 0.1) / 0.2, 1.0)
    centre = (picture.shape[1] / 2, picture.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(centre, 1.2 * share, 1.0)
    turn = turn + np.array([[0.0, 0.0, 14.0], [0.0, 0.0, -9.0]]) * share
    return np.asarray(cv2.warpAffine(picture, turn, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.uint8)


def slide_change(picture: Picture, _since_s: float) -> Picture:
    """The projector shows another slide."""
    height, width = picture.shape[:2]
    picture = picture.copy()
    top, left, bottom, right = height // 8, width // 30, height * 3 // 8, width * 3 // 10
    slide = picture[top:bottom, left:right]
    slide[:] = (235, 240, 238)
    rng = np.random.default_rng(7)
    for row in range(6, bottom - top - 6, 10):
        cv2.line(slide, (8, row), (8 + int(rng.integers(20, right - left - 16)), row), (60, 40, 40), 2)
    return picture


def noise(picture: Picture, since_s: float) -> Picture:
    """The sensor's gain goes up."""
    rng = np.random.default_rng(int(since_s * 1000))
    return _levels(picture + rng.normal(0, 6, picture.shape[:2])[:, :, None])


def _levels(values: np.ndarray) -> Picture:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


EVENTS: Mapping[str, Event] = {
    "lights off": lights_off,
    "lights on": lights_on,
    "exposure step": exposure_step,
    "person crossing": person_crossing,
    "camera nudged": nudged,
    "slide change": slide_change,
    "noise": noise,
}
