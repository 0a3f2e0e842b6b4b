"""Short runs of small grey pictures from anywhere in a clip, for comparing neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from vidaudit.media.index import PacketIndex
from vidaudit.media.reader import (
    READER_ERRORS,
    ByteSource,
    main_stream,
    open_file,
    open_media,
    prepare_decoder,
    size_is_sane,
)
from vidaudit.model.media import MediaProbe


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """Neighbouring pictures: their times in ticks, ascending, and (height, width) uint8 grey levels of each."""

    pts: tuple[int, ...]
    pictures: tuple[npt.NDArray[np.uint8], ...]


Spans = Sequence[tuple[int, int]]


def grey_runs(path: Path, probe: MediaProbe, index: PacketIndex, spans: Spans, width_px: int) -> Iterator[Run]:
    """All pictures of each span (first and last time in ticks), as wide as asked, as they are stored.

    Spans in order of time that need the same key frame are decoded together. A span whose pictures can't be read gives
    an empty run, or what of it came out; after a failing drive fewer runs come than were asked for. Bad files never
    raise.
    """
    try:
        with open_file(path) as file, open_media(ByteSource(file), probe.container) as media:
            stream = main_stream(media)
            decoder = None if stream is None else prepare_decoder(stream)
            for start, together in groupby(spans, lambda span: start_pts(index, span[0])):
                group = list(together)
                if stream is None or decoder is None or not size_is_sane(decoder.width, decoder.height):
                    yield from (Run(pts=(), pictures=()) for _ in group)
                else:
                    yield from _runs(media, stream, decoder, start, group, width_px)
    except (OSError, *READER_ERRORS):
        return


def start_pts(index: PacketIndex, pts: int) -> int:
    """Where decoding must begin for the picture at this time: at the key frame before it."""
    place = max(int(np.searchsorted(index.keyframe_pts, pts, side="right")) - 1, 0)
    return int(index.keyframe_pts[place]) if index.keyframe_pts.size else index.first_pts


def _runs(
    media: InputContainer, stream: VideoStream, decoder: VideoCodecContext, start: int, spans: Spans, width_px: int
) -> Iterator[Run]:
    found: dict[int, npt.NDArray[np.uint8]] = {}
    try:
        media.seek(start, stream=stream)
        decoder.flush_buffers()
        for picture in _decoded(media, stream, decoder):
            pts = picture.dts if picture.pts is None else picture.pts
            if pts is not None and any(first <= pts <= last for first, last in spans):
                found[pts] = _grey(picture, width_px)
            if pts is not None and pts >= max(last for _, last in spans):
                break
    except READER_ERRORS:
        pass  # what came out so far may do
    for first, last in spans:
        inside = [pts for pts in sorted(found) if first <= pts <= last]
        yield Run(pts=tuple(inside), pictures=tuple(found[pts] for pts in inside))


def _decoded(media: InputContainer, stream: VideoStream, decoder: VideoCodecContext) -> Iterator[av.VideoFrame]:
    for packet in media.demux(stream):
        yield from decoder.decode(packet if packet.size else None)
        if not packet.size:
            return


def _grey(picture: av.VideoFrame, width_px: int) -> npt.NDArray[np.uint8]:
    width_px = min(width_px, picture.width)
    height_px = max(round(picture.height * width_px / picture.width), 1)
    small = picture.reformat(width=width_px, height=height_px, format="gray", interpolation="AREA", threads=1)
    return np.array(small.to_ndarray(), np.uint8)
