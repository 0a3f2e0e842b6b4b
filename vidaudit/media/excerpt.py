"""A few pictures out of a short stretch anywhere in a clip, as cheap as can be: what is before it is not read.

What is only compared is small and grey, and decoded without the codec's smoothing of block edges: that saves a fifth of
the time and is gone anyway once a picture is a sixth as wide.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from vidaudit.media.index import PacketIndex
from vidaudit.media.probe import packet_pts
from vidaudit.media.reader import (
    READER_ERRORS,
    ByteSource,
    main_stream,
    open_file,
    open_media,
    prepare_decoder,
    size_is_sane,
)
from vidaudit.media.runs import start_pts
from vidaudit.model.fingerprint import Excerpt
from vidaudit.model.media import Frame, HeaderFacts, MediaProbe

_Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Film:
    """A clip to take pictures from.

    Args:
        path: the file that was probed.
        probe: its facts; the container chooses the demuxer, rotation and pixel aspect shape the pictures.
        index: the times of its pictures.
    """

    path: Path
    probe: MediaProbe
    index: PacketIndex


def excerpt(film: Film, wanted: Sequence[int], width_px: int) -> Excerpt:
    """The pictures at these times (ticks, ascending) that can be decoded, this wide or less; bad files never raise."""
    found = _taken(film, wanted, lambda picture: _grey(picture, width_px), options={"skip_loop_filter": "all"})
    turns = -_header(film).rotation_deg // 90
    times = sorted(found)
    return Excerpt(
        at_s=tuple(film.index.seconds(pts) for pts in times),
        pictures=tuple(np.ascontiguousarray(np.rot90(found[pts], turns)) for pts in times),
    )


def still(film: Film, pts: int, max_side_px: int) -> Frame | None:
    """One picture to show, its longer side no more than this; None where it can't be decoded."""
    header = _header(film)
    found = _taken(film, [pts], lambda picture: _shown(picture, header, max_side_px), options={})
    return Frame(at_s=film.index.seconds(pts), image=found[pts]) if found else None


def _header(film: Film) -> HeaderFacts:
    return film.probe.header or HeaderFacts()


def _taken(
    film: Film, wanted: Sequence[int], convert: Callable[[av.VideoFrame], _Image], options: dict[str, str]
) -> dict[int, _Image]:
    if not wanted:
        return {}
    for is_seeking in (True, False):  # a file whose own index is missing, or leads astray, is read from the start
        found: dict[int, _Image] = {}
        with contextlib.suppress(OSError, *READER_ERRORS):  # what came out so far may do
            _take(film, wanted, found, convert, options, is_seeking=is_seeking)
        if found:
            break
    return found


def _take(
    film: Film,
    wanted: Sequence[int],
    found: dict[int, _Image],
    convert: Callable[[av.VideoFrame], _Image],
    options: dict[str, str],
    *,
    is_seeking: bool,
) -> None:
    start = start_pts(film.index, wanted[0])
    with open_file(film.path) as file, open_media(ByteSource(file), film.probe.container) as media:
        stream = main_stream(media)
        decoder = None if stream is None else prepare_decoder(stream)
        if stream is None or decoder is None or not size_is_sane(decoder.width, decoder.height):
            return
        decoder.options = {**decoder.options, **options}
        if is_seeking:
            media.seek(start, stream=stream)
        for pts, picture in _pictures(_from(media.demux(stream), start), decoder, frozenset(wanted)):
            found[pts] = convert(picture)


def _from(packets: Iterable["Packet[VideoStream]"], start: int) -> Iterator["Packet[VideoStream]"]:
    """The packets from this picture on; none where reading began after it."""
    has_begun = False
    for packet in packets:
        has_begun = has_begun or packet_pts(packet) == start
        if not has_begun and packet.dts is not None and packet.dts > start:
            return
        if has_begun and packet.size:
            yield packet


def _pictures(
    packets: Iterator["Packet[VideoStream]"], decoder: VideoCodecContext, wanted: frozenset[int]
) -> Iterator[tuple[int, av.VideoFrame]]:
    """The wanted pictures that are whole, with their times; reading ends with the last."""
    skippable = decoder.codec.canonical_name == "h264"
    left = set(wanted)
    for packet in _and_end(packets):
        if skippable:
            # No other picture depends on an H.264 non-reference picture: left out unless it is wanted itself.
            decoder.skip_frame = "DEFAULT" if packet is None or packet_pts(packet) in wanted else "NONREF"
        for picture in decoder.decode(packet):
            pts = picture.dts if picture.pts is None else picture.pts
            if pts in left:
                left.remove(pts)
                if not picture.is_corrupt:
                    yield pts, picture
        if not left:
            return


def _and_end(packets: Iterator["Packet[VideoStream]"]) -> Iterator["Packet[VideoStream] | None"]:
    """The packets, and what tells a decoder that there are no more."""
    yield from packets
    yield None


def _grey(picture: av.VideoFrame, width_px: int) -> _Image:
    width_px = min(width_px, picture.width)
    height_px = max(round(picture.height * width_px / picture.width), 1)
    small = picture.reformat(width=width_px, height=height_px, format="gray", interpolation="AREA", threads=1)
    return np.array(small.to_ndarray(), np.uint8)


def _shown(picture: av.VideoFrame, header: HeaderFacts, max_side_px: int) -> _Image:
    """(height, width, 3) uint8, blue green red: square pixels, upright."""
    width_px = max(round(picture.width * (header.pixel_aspect or Fraction(1))), 1)
    scale = min(1.0, max_side_px / max(width_px, picture.height))
    size = {"width": max(round(width_px * scale), 1), "height": max(round(picture.height * scale), 1)}
    small = picture.reformat(**size, format="bgr24", interpolation="AREA", threads=1)
    return np.ascontiguousarray(np.rot90(np.asarray(small.to_ndarray(), np.uint8), -header.rotation_deg // 90))
