"""Writes mended clips with ffmpeg: the same streams in an MP4, or encoded again where they must be.

ffmpeg reads files that nobody trusts: it gets the demuxer that belongs to the content, may open nothing but files
that it is given, has no keyboard and a limit of time. Times are kept as they are: no gap is closed up or drawn out.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import ffmpeg
import imageio_ffmpeg

from vidaudit.media.reader import FORMATS, MAX_PIXELS, describe
from vidaudit.model.media import Container
from vidaudit.model.repair import MediaPlan, StreamKind, StreamPlan, StreamWork

# x264's own scale: 18 is where its authors put "visually lossless"; the mended copy must show every face as before.
_CRF: Final = 18
_PRESET: Final = "veryfast"
_KEYFRAME_S: Final = 2  # as recorders do
_AUDIO_BITRATE: Final = "128k"
# A disc drive gives some 5 MB/s, and two office cores encode some 20 pictures of 1080p a second: what takes four times
# as long hangs.
_MIN_TIMEOUT_S: Final = 120.0
_SLOWEST_BYTES_PER_S: Final = 1_000_000.0
_SLOWEST_ENCODING: Final = 12.0
_LONGEST_WORDS: Final = 4000


class WriteError(Exception):
    """ffmpeg couldn't write the clip; the message is its last line, without the path."""


@dataclass(frozen=True, kw_only=True)
class WriteTask:
    """One clip to write.

    Args:
        source, container: the file and what it really is; must be one of `reader.FORMATS`.
        first_s: the time stamp of its first picture, from which a cut counts.
        target: where to write; must not exist.
        media: which streams are copied, encoded or dropped, and what is cut.
        seconds: how long the source lasts, for the limit of time.
    """

    source: Path
    container: Container
    first_s: Fraction
    target: Path
    media: MediaPlan
    seconds: Fraction


def write_mp4(task: WriteTask) -> None:
    """Write a clip as MP4. What was written so far is gone when this fails or is interrupted.

    Raises:
        WriteError: the target is there already, ffmpeg failed, or it took longer than anything honest takes.
    """
    if task.target.exists():
        raise WriteError("there is a file of this name already")
    command = _command(task)
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s(task), check=False
        )
    except subprocess.TimeoutExpired as error:
        task.target.unlink(missing_ok=True)
        raise WriteError(f"ffmpeg took longer than {error.timeout:.0f} s") from error
    except BaseException:
        task.target.unlink(missing_ok=True)
        raise
    if done.returncode != 0:
        task.target.unlink(missing_ok=True)
        raise WriteError(_last_words(done.stderr[-_LONGEST_WORDS:], task))


def timeout_s(task: WriteTask) -> float:
    """How long ffmpeg may take, in seconds of wall clock."""
    reading_s = task.source.stat().st_size / _SLOWEST_BYTES_PER_S
    is_encoded = any(one.work is StreamWork.ENCODE for one in task.media.streams)
    return _MIN_TIMEOUT_S + reading_s + (float(task.seconds) * _SLOWEST_ENCODING if is_encoded else 0.0)


def _command(task: WriteTask) -> list[str]:
    reading = {
        "format": FORMATS[task.container],
        "protocol_whitelist": "file,pipe",
        "max_pixels": MAX_PIXELS,
        "fflags": "+genpts",
    }
    source = ffmpeg.input(f"file:{task.source}", **reading)
    kept = [one for one in task.media.streams if one.work is not StreamWork.DROP]
    options: dict[str, Any] = {"format": "mp4", "movflags": "+faststart", "avoid_negative_ts": "make_zero"}
    options |= {"max_muxing_queue_size": 9999, "map_metadata": 0} | _end(task)
    for number, one in enumerate(kept):
        options |= _stream_options(number, one, task.media)
    streams = [source[str(one.stream.index)] for one in kept]
    output = ffmpeg.output(*streams, f"file:{task.target}", **options)
    output = output.global_args("-nostdin", "-hide_banner", "-loglevel", "error", "-n", "-copyts")
    command: list[str] = output.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
    return command


def _end(task: WriteTask) -> dict[str, str]:
    """Sound ends where the cut does; pictures are counted instead, which is exact."""
    cut = task.media.cut
    return {} if cut is None else {"t": f"{float(task.first_s + cut.end_s):.6f}"}


def _stream_options(number: int, one: StreamPlan, media: MediaPlan) -> dict[str, Any]:
    if one.stream.kind is StreamKind.VIDEO and media.cut is not None:
        return {f"frames:{number}": media.cut.num_pictures, **_coding(number, one, media)}
    return _coding(number, one, media)


def _coding(number: int, one: StreamPlan, media: MediaPlan) -> dict[str, Any]:
    if one.work is StreamWork.COPY:
        return {f"codec:{number}": "copy"}
    if one.stream.kind is StreamKind.AUDIO:
        return {f"codec:{number}": "aac", f"b:{number}": _AUDIO_BITRATE}
    if one.stream.kind is StreamKind.SUBTITLE:
        return {f"codec:{number}": "mov_text"}
    return {
        f"codec:{number}": "libx264",
        f"preset:{number}": _PRESET,
        f"crf:{number}": _CRF,
        f"pix_fmt:{number}": "yuv420p",
        f"filter:{number}": _filters(media),
        f"fps_mode:{number}": "passthrough",
        f"enc_time_base:{number}": "demux",
        f"force_key_frames:{number}": f"expr:gte(t,n_forced*{_KEYFRAME_S})",
    }


def _filters(media: MediaPlan) -> str:
    """Pictures stored as two fields are joined; larger ones are reduced to the smallest size, and none is enlarged."""
    filters = ["bwdif=mode=send_frame:deint=interlaced"] if media.is_interlaced else []
    if media.size_px is not None:
        width_px, height_px = (side - side % 2 for side in media.size_px)
        fitted = f"scale=w='min(iw,{width_px})':h='min(ih,{height_px})':force_original_aspect_ratio=decrease"
        filters += [f"{fitted}:force_divisible_by=2", f"pad={width_px}:{height_px}:(ow-iw)/2:(oh-ih)/2"]
    return ",".join(filters) or "null"


def _last_words(stderr: bytes, task: WriteTask) -> str:
    lines: Sequence[str] = stderr.decode("utf-8", "replace").strip().splitlines() or ["ffmpeg failed without a word"]
    words = lines[-1]
    for path in (task.source, task.target):
        words = words.replace(str(path), "the clip")
    return describe(words)
