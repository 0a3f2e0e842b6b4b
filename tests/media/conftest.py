"""The clips that these tests share, each made once a session, when a test first asks for it."""

from collections.abc import Callable
from pathlib import Path

import ffmpeg
import pytest

from tests.clips import FFMPEG, make_clip, pattern, remux, tone, write

QUIET_X265 = {"x265-params": "log-level=none:pools=1:frame-threads=1"}

# Four seconds of 10 pictures, a key frame a second, 160 x 120, H.264, unless the entry says otherwise.
MAKERS: dict[str, Callable[[Path], Path]] = {
    "plain.mp4": make_clip,
    "faststart.mp4": lambda path: make_clip(path, movflags="+faststart"),
    "fragmented.mp4": lambda path: make_clip(path, movflags="frag_keyframe+empty_moov"),
    "hevc.mp4": lambda path: make_clip(path, vcodec="libx265", **QUIET_X265),
    "mpeg4.mp4": lambda path: make_clip(path, vcodec="mpeg4"),
    "b-frames.mp4": lambda path: make_clip(path, bf=3, g=25),
    "open-gop.mp4": lambda path: make_clip(path, bf=3, **{"x264-params": "open-gop=1:b-adapt=0"}),
    "one-keyframe.mp4": lambda path: make_clip(path, g=1000),
    "one-picture.mp4": lambda path: make_clip(path, vframes=1),
    "anamorphic.mp4": lambda path: make_clip(path, size="720x576", vf="setsar=64/45", seconds=0.5),
    "ten-bit.mp4": lambda path: make_clip(path, pix_fmt="yuv420p10le", seconds=0.5),
    "odd-size.mp4": lambda path: make_clip(path, vf="scale=161:121", pix_fmt="yuv444p", seconds=0.5),
    "gray.mp4": lambda path: make_clip(path, pix_fmt="gray", seconds=0.5),
    "too-wide.mp4": lambda path: make_clip(path, size="8208x16", seconds=0.2),
    "vfr.mp4": lambda path: make_clip(path, vf="select='not(mod(n,3))+eq(mod(n,7),1)'", fps_mode="vfr", rate="25"),
    "sound.mp4": lambda path: write(path, pattern(), tone(), acodec="aac"),
    "sound-only.mp4": lambda path: write(path, tone(), vcodec=None, g=None, pix_fmt=None, acodec="aac"),
    "two-films.mp4": lambda path: write(path, pattern(size="64x48"), pattern(size="160x120")),
    "quicktime.mov": make_clip,
    "matroska.mkv": lambda path: make_clip(path, rate="24"),
    "ntsc.mkv": lambda path: make_clip(path, rate="30000/1001"),
    "webm.webm": lambda path: make_clip(path, vcodec="libvpx-vp9", seconds=0.5),
    "transport.ts": make_clip,
    "bluray.m2ts": make_clip,
    "program.mpg": lambda path: make_clip(path, vcodec="mpeg2video", f="vob", rate="25"),
    "flash.flv": lambda path: make_clip(path, rate="24"),
    "avi.avi": lambda path: make_clip(path, vcodec="mpeg4"),
    "avi-b-frames.avi": lambda path: make_clip(path, bf=2),
    "windows.wmv": lambda path: make_clip(path, vcodec="wmv2"),
    "bare.h264": make_clip,
    "bare.hevc": lambda path: make_clip(path, vcodec="libx265", **QUIET_X265),
    "ogg.ogv": lambda path: make_clip(path, vcodec="libtheora", seconds=0.5),
}


class ClipLibrary:
    """Finds clips by name, making them on first use; derived ones too (`turned`, `trimmed`, ...)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> Path:
        return self._made(name, MAKERS[name])

    def turned(self, degrees_clockwise: int) -> Path:
        """The plain clip with a display matrix that turns it."""
        counter_clockwise = {"display_rotation": str(-degrees_clockwise)}
        return self._made(
            f"turned{degrees_clockwise}.mp4", lambda path: remux(path, self["plain.mp4"], inputs=counter_clockwise)
        )

    def trimmed(self) -> Path:
        """From 1.55 s on of a clip with one key frame, by an edit list: its start can't be cut away."""
        return self._made("trimmed.mp4", lambda path: remux(path, self["one-keyframe.mp4"], inputs={"ss": "1.55"}))

    def with_cover(self) -> Path:
        """The plain clip with a cover picture larger than the film."""
        return self._made("cover.mp4", self._add_cover)

    def _add_cover(self, path: Path) -> Path:
        cover = write(
            path.with_suffix(".png"), pattern(size="640x480"), vcodec="png", vframes=1, pix_fmt="rgb24", g=None
        )
        picture, film = ffmpeg.input(str(cover)), ffmpeg.input(str(self["plain.mp4"]))
        output = ffmpeg.output(picture, film, str(path), c="copy", **{"disposition:v:0": "attached_pic"})
        ffmpeg.run(output, cmd=FFMPEG, quiet=True, overwrite_output=True)
        return path

    def _made(self, name: str, maker: Callable[[Path], Path]) -> Path:
        path = self._folder / name
        return path if path.exists() else maker(path)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> ClipLibrary:
    return ClipLibrary(tmp_path_factory.mktemp("clips"))
