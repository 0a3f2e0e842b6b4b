"""Makes small real clips at test time, with the ffmpeg binary of imageio-ffmpeg.

`make_clip` encodes a moving test pattern; everything that makes a clip special is an output option of ffmpeg.
"""

from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def pattern(*, size: str = "160x120", rate: str = "10", seconds: float = 4, source: str = "testsrc2") -> Any:
    """A generated video input: size as "WxH", rate as ffmpeg writes it."""
    return ffmpeg.input(f"{source}=size={size}:rate={rate}:duration={seconds}", f="lavfi")


def tone(seconds: float = 4) -> Any:
    """A generated audio input."""
    return ffmpeg.input(f"sine=duration={seconds}", f="lavfi")


def write(path: Path, *inputs: Any, **options: Any) -> Path:
    """Encodes the inputs into `path`; H.264 with a key frame a second unless the options say otherwise.

    Args:
        options: ffmpeg's output options; `vcodec`, `g` and `pix_fmt` have small and fast defaults.
    """
    settings = {"vcodec": "libx264", "g": 10, "pix_fmt": "yuv420p", "threads": 1, "preset": "veryfast"} | options
    if settings["vcodec"] not in {"libx264", "libx265"}:
        del settings["preset"]
    output = ffmpeg.output(*inputs, str(path), **{key: value for key, value in settings.items() if value is not None})
    output.global_args("-hide_banner", "-bitexact").run(cmd=FFMPEG, quiet=True, overwrite_output=True)
    return path


def make_clip(path: Path, **options: Any) -> Path:
    """A clip of four seconds, ten pictures a second, 160 x 120, no sound; `size`, `rate`, `seconds` change that."""
    shape = {key: options.pop(key) for key in ("size", "rate", "seconds", "source") if key in options}
    return write(path, pattern(**shape), **options)


def remux(path: Path, source: Path, *, inputs: dict[str, Any] | None = None, **options: Any) -> Path:
    """Copies the packets of a clip into another file: another container, another display matrix."""
    settings = {"c": "copy"} | options
    ffmpeg.input(str(source), **(inputs or {})).output(str(path), **settings).run(
        cmd=FFMPEG, quiet=True, overwrite_output=True
    )
    return path
