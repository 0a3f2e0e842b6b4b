"""What streams a file has, and whether two files hold the same encoded data, whatever container is round it."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from vidaudit.media.index import PacketIndex
from vidaudit.media.probe import packet_pts
from vidaudit.media.reader import READER_ERRORS, ByteSource, main_stream, open_file, open_media, prepare_decoder
from vidaudit.model.media import Container
from vidaudit.model.repair import StreamFacts, StreamKind

_MAX_KEYFRAMES = 40  # looked at for their size; a change of size lasts longer than a fortieth of a clip
_MARK_BYTES = 16
_START_CODE: Final = re.compile(rb"\x00\x00\x01")
# Access unit delimiters and parameter sets: they frame the pictures, and each container has its own place for them.
_FRAMING: Final[Mapping[str, frozenset[int]]] = {"h264": frozenset({7, 8, 9}), "hevc": frozenset({32, 33, 34, 35})}
_KINDS: Final = {"video": StreamKind.VIDEO, "audio": StreamKind.AUDIO, "subtitle": StreamKind.SUBTITLE}


def read_streams(path: Path, container: Container) -> tuple[StreamFacts, ...]:
    """The streams of a file in its own order; none where it can't be opened.

    Raises:
        OSError: the file can't be read.
    """
    try:
        with open_file(path) as file, open_media(ByteSource(file), container) as media:
            return tuple(_facts(stream) for stream in media.streams)
    except READER_ERRORS:
        return ()


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """What the main film's key frames are.

    Args:
        sizes_px: (width, height) in coded pixels, each once, in order of appearance.
        is_interlaced: whether any is stored as two fields.
    """

    sizes_px: tuple[tuple[int, int], ...] = ()
    is_interlaced: bool = False


def look_at_pictures(path: Path, container: Container, index: PacketIndex) -> Pictures:
    """The size and make-up of a film's pictures, by its key frames.

    At most `_MAX_KEYFRAMES` of those in `index` are decoded, spread over the file; what can't be decoded has no size.
    """
    step = max(1, -(-len(index.keyframe_pts) // _MAX_KEYFRAMES))
    wanted = frozenset(index.keyframe_pts[::step].tolist())
    sizes: dict[tuple[int, int], None] = {}
    is_interlaced = False
    try:
        with open_file(path) as file, open_media(ByteSource(file), container) as media:
            stream = main_stream(media)
            if stream is not None:
                for frame in _frames(media, stream, wanted):
                    sizes[frame.width, frame.height] = None
                    is_interlaced = is_interlaced or bool(frame.interlaced_frame)
    except (*READER_ERRORS, OSError):
        pass  # what was seen before the damage counts
    return Pictures(sizes_px=tuple(sizes), is_interlaced=is_interlaced)


def encoded_marks(path: Path, container: Container) -> Mapping[int, bytes]:
    """{stream index: a mark of 16 bytes for each unit of its encoded data, in order}; equal data, equal marks.

    The unit is a NAL unit of H.264 and H.265 without framing, else a packet without the header that streaming
    formats put before it: what a container adds makes no difference.

    Raises:
        OSError, READER_ERRORS: the file can't be read to its end.
    """
    with open_file(path) as file, open_media(ByteSource(file), container) as media:
        units = {stream.index: _Units(stream) for stream in media.streams if stream.type in ("video", "audio")}
        marks = {index: bytearray() for index in units}
        for packet in media.demux(*(media.streams[index] for index in units)):
            if packet.size:
                for unit in units[packet.stream_index].of(packet):
                    marks[packet.stream_index] += hashlib.sha256(unit).digest()[:_MARK_BYTES]
    return {index: bytes(found) for index, found in marks.items()}


def holds(whole: bytes, part: bytes) -> bool:
    """Whether the marks `part` stand in a row somewhere in `whole`; nothing is in everything but proves nothing."""
    at = whole.find(part)
    while part and at >= 0 and at % _MARK_BYTES:
        at = whole.find(part, at + 1)
    return bool(part) and at >= 0


def _facts(stream: Stream) -> StreamFacts:
    kind = _KINDS.get(stream.type, StreamKind.DATA)
    if kind is StreamKind.VIDEO and stream.disposition & Disposition.attached_pic:
        kind = StreamKind.COVER
    decoder = stream.codec_context
    if decoder is None:
        return StreamFacts(index=stream.index, kind=kind)
    return StreamFacts(
        index=stream.index,
        kind=kind,
        codec=decoder.codec.canonical_name,
        codec_profile=stream.profile if kind is StreamKind.VIDEO else None,
        pixel_format=decoder.pix_fmt if isinstance(decoder, VideoCodecContext) else None,
    )


def _frames(media: InputContainer, stream: VideoStream, wanted: frozenset[int]) -> Iterator[av.VideoFrame]:
    decoder = prepare_decoder(stream)
    for packet in media.demux(stream):
        if decoder is None or not packet.size or not packet.is_keyframe or packet_pts(packet) not in wanted:
            continue
        try:
            frames = [*decoder.decode(av.Packet(bytes(packet))), *decoder.decode(None)]
        except READER_ERRORS:
            frames = []
        decoder.flush_buffers()
        yield from frames


class _Units:
    """Takes the packets of one stream apart."""

    def __init__(self, stream: Stream) -> None:
        decoder = stream.codec_context
        self._codec = None if decoder is None else decoder.codec.canonical_name
        header = bytes(getattr(decoder, "extradata", None) or b"")
        self._length_bytes = _length_bytes(self._codec, header)

    def of(self, packet: "Packet[Stream]") -> Sequence[bytes]:
        data = bytes(packet)
        if self._codec in _FRAMING:
            units = _by_length(data, self._length_bytes) if self._length_bytes else _by_start_code(data)
            return [unit for unit in units if unit and not self._is_framing(unit)]
        return [_without_adts(data) if self._codec == "aac" else data]

    def _is_framing(self, unit: bytes) -> bool:
        kind = unit[0] & 0x1F if self._codec == "h264" else unit[0] >> 1 & 0x3F
        return kind in _FRAMING[self._codec or ""]


def _length_bytes(codec: str | None, header: bytes) -> int:
    """How many bytes give the length of each unit; 0 for start codes (ISO/IEC 14496-15, 5.3.3, 8.3.3)."""
    if header[:1] != b"\x01" or len(header) < 7:
        return 0
    return (header[4] & 3) + 1 if codec == "h264" else (header[21] & 3) + 1 if len(header) > 21 else 0


def _by_length(data: bytes, length_bytes: int) -> Iterator[bytes]:
    at = 0
    while at + length_bytes <= len(data):
        size = int.from_bytes(data[at : at + length_bytes], "big")
        at += length_bytes
        yield data[at : at + size].rstrip(b"\0")
        at += size


def _by_start_code(data: bytes) -> Iterator[bytes]:
    # Zeros at the end belong to the next start code or fill up (ISO/IEC 14496-10, annex B).
    return (unit.rstrip(b"\0") for unit in _START_CODE.split(data)[1:])


def _without_adts(data: bytes) -> bytes:
    """An AAC frame without the header that streams have (ISO/IEC 14496-3, 1.A.2.2)."""
    if len(data) > 7 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0:
        return data[7 if data[1] & 1 else 9 :]
    return data
