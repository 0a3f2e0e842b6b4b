"""Opens media files with PyAV so that nothing but the given file is ever read.

The demuxer is the one that belongs to the sniffed container, never libav's guess; libav gets a stream of
bytes without a name, may open nothing else, and doesn't write to the terminal.
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from io import FileIO
from pathlib import Path
from typing import Final, NoReturn

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from vidaudit.model.media import Container

# The only demuxers that ever run: those of real media files. None of them follows a playlist.
FORMATS: Final[Mapping[Container, str]] = {
    Container.MP4: "mov",
    Container.QUICKTIME: "mov",
    Container.THREE_GP: "mov",
    Container.AVI: "avi",
    Container.MATROSKA: "matroska",
    Container.WEBM: "matroska",
    Container.FLV: "flv",
    Container.ASF: "asf",
    Container.MPEG_PS: "mpeg",
    Container.MPEG_TS: "mpegts",
    Container.REALMEDIA: "rm",
    Container.OGG: "ogg",
    Container.RAW_H264: "h264",
    Container.RAW_H265: "hevc",
    Container.HIKVISION: "mpeg",  # a program stream behind a header of 40 bytes
    Container.DAHUA: "dhav",
}

# H.264 and H.265 at their highest levels end at about 8192 x 4320; a larger claim is a decompression bomb.
MAX_SIDE_PX = 8192
MAX_PIXELS = 64 * 1024 * 1024

# What PyAV raises on bad files: libav's errors, texts that don't decode, impossible numbers, and an index error
# for streams that appear and vanish while a damaged transport stream is opened.
READER_ERRORS = (av.FFmpegError, ValueError, ArithmeticError, IndexError)

_OPTIONS = {
    "protocol_whitelist": "none",
    "enable_drefs": "0",
    "use_absolute_path": "0",
    "max_pixels": str(MAX_PIXELS),
}
_BUFFER_BYTES = 256 * 1024


class ByteSource:
    """What libav sees of a file: bytes, no name. A failing read looks like the end and is kept as `error`."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end, or where the medium can't be read."""
        try:
            return self._file.read(size)
        except OSError as error:
            self.error = error
            return b""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves to a byte and returns its position; a negative error number where there can be none."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -errno.EINVAL  # a damaged file sends the demuxer anywhere; that is not the medium's fault

    def tell(self) -> int:
        """The position of the next byte."""
        return self._file.tell()


def open_file(path: Path) -> FileIO:
    """Opens a regular file for reading, unbuffered.

    Raises:
        OSError: it isn't there, may not be read, or is a device, a pipe or a folder.
    """
    # Without O_NONBLOCK, a named pipe would hang here; these flags exist only where they matter.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    file = FileIO(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "not a regular file")
    return file


@contextmanager
def open_media(source: ByteSource, container: Container) -> Iterator[InputContainer]:
    """Opens the bytes as the given container, which must be one of `FORMATS`.

    Raises:
        READER_ERRORS: libav can't make sense of the file.
    """
    av.logging.set_level(None)
    source.seek(0)
    media = av.open(
        source,
        "r",
        format=FORMATS[container],
        options=_OPTIONS,
        metadata_errors="replace",
        buffer_size=_BUFFER_BYTES,
        io_open=_refuse_to_open,
    )
    with media:
        yield media


def film_streams(media: InputContainer) -> list[VideoStream]:
    """The video streams that are films: cover pictures and chapter thumbnails left out."""
    return [stream for stream in media.streams.video if not stream.disposition & Disposition.attached_pic]


def main_stream(media: InputContainer) -> VideoStream | None:
    """The film with the largest picture, the first of equals; None when there is none.

    One that lasts less than half as long as another is left out: a trailer, or a fault of the recorder.
    """
    films = film_streams(media)
    longest_s = max(map(_length_s, films), default=Fraction(0))
    return max((film for film in films if 2 * _length_s(film) >= longest_s), key=_area_px, default=None)


def prepare_decoder(stream: VideoStream) -> VideoCodecContext | None:
    """The stream's decoder, set to one thread; None when this build has none for the codec."""
    decoder: VideoCodecContext | None = stream.codec_context
    if decoder is not None and not decoder.is_open:
        decoder.thread_count = 1
        decoder.thread_type = "NONE"
        decoder.options = {"max_pixels": str(MAX_PIXELS)}
    return decoder


def size_is_sane(width_px: int, height_px: int) -> bool:
    """Whether a picture of this size may be decoded."""
    return max(width_px, height_px) <= MAX_SIDE_PX and width_px * height_px <= MAX_PIXELS


def describe(trouble: object) -> str:
    """An error or a text as one short line, without the path of the file."""
    return " ".join(str(getattr(trouble, "strerror", None) or trouble).split())[:200]


def _length_s(stream: VideoStream) -> Fraction:
    """As the header has it; 0 where it says nothing."""
    return (stream.duration or 0) * (stream.time_base or Fraction(0))


def _area_px(stream: VideoStream) -> int:
    decoder: VideoCodecContext | None = stream.codec_context
    return 0 if decoder is None else decoder.width * decoder.height


def _refuse_to_open(url: str, _flags: int, _options: dict[str, str]) -> NoReturn:
    raise PermissionError(errno.EACCES, f"a media file may not open another: {url}")
