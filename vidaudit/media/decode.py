"""Decodes the planned pictures of a clip, one at a time, as a player would show them."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.stream import VideoStream

from vidaudit.media.index import PacketIndex
from vidaudit.media.plan import Plan
from vidaudit.media.probe import packet_pts
from vidaudit.media.reader import (
    READER_ERRORS,
    ByteSource,
    describe,
    main_stream,
    open_file,
    open_media,
    prepare_decoder,
    size_is_sane,
)
from vidaudit.model.evidence import DecodeFacts
from vidaudit.model.media import Frame, HeaderFacts, MediaProbe

_PacketIterator: TypeAlias = "Iterator[Packet[VideoStream]]"
_Pass: TypeAlias = Callable[[_PacketIterator, VideoCodecContext], Iterator[Frame]]


class Decoder:
    """The planned pictures of one clip. Iterate once; afterwards `facts` tells what failed.

    Args:
        path: the file that was probed.
        probe: its facts; the container chooses the demuxer, rotation and pixel aspect shape the pictures.
        index: the times of its pictures.
        plan: which of them to decode.
    """

    def __init__(self, path: Path, probe: MediaProbe, index: PacketIndex, plan: Plan) -> None:
        self._path = path
        self._container = probe.container
        self._header = probe.header or HeaderFacts()
        self._index = index
        self._plan = plan
        self._pending = set(plan.pts)
        self._failed: list[int] = []
        self._needs_context = False
        self._detail: str | None = None

    @property
    def facts(self) -> DecodeFacts:
        """How many pictures were planned and came out so far, and the times of those that couldn't be decoded."""
        num_planned = len(self._plan.pts)
        return DecodeFacts(
            mode=self._plan.mode,
            num_planned=num_planned,
            num_decoded=num_planned - len(self._pending) - len(self._failed),
            failed_at_s=tuple(float(self._index.seconds(pts)) for pts in sorted(self._failed)),
            detail=self._detail,
        )

    def __iter__(self) -> Iterator[Frame]:
        """The pictures in order of time. Bad packets, files and devices make failures, never exceptions.

        Only an AVI with B-frames, which stores no times of display, may have neighbouring times swapped.
        """
        if self._plan.mode == "keyframes":
            yield from self._pass_over_file(self._keyframes)
        if self._plan.mode == "frames" or self._needs_context:
            yield from self._pass_over_file(self._straight_through)
        self._failed.extend(self._pending)
        self._pending.clear()

    def _pass_over_file(self, take: _Pass) -> Iterator[Frame]:
        try:
            with open_file(self._path) as file:
                source = ByteSource(file)
                with open_media(source, self._container) as media:
                    yield from self._frames(media, take)
                if source.error is not None:
                    self._note(source.error)
        except (OSError, *READER_ERRORS) as error:
            self._note(error)

    def _frames(self, media: InputContainer, take: _Pass) -> Iterator[Frame]:
        stream = main_stream(media)
        decoder = None if stream is None else prepare_decoder(stream)
        if stream is None or decoder is None:
            self._note("no decoder for this file")
        elif not size_is_sane(*self._shown_size(decoder.width, decoder.height)):
            self._note(f"a picture of {decoder.width} x {decoder.height} pixels is too large")
        else:
            yield from take(media.demux(stream), decoder)

    def _keyframes(self, packets: _PacketIterator, decoder: VideoCodecContext) -> Iterator[Frame]:
        """Decodes each planned key frame alone; all other packets are only read past.

        Stops at the first that can't be decoded alone: some recorders mark every picture as a key frame, so
        whether it is damaged only a pass straight through can tell.
        """
        for packet in packets:
            pts = packet_pts(packet)
            if pts not in self._pending or not packet.is_keyframe or packet.is_discard:
                continue
            pictures = [*self._decode(decoder, packet), *self._decode(decoder, None)]
            decoder.flush_buffers()
            if not pictures or pictures[0].is_corrupt or not _is_intra(pictures[0]):
                self._needs_context = True
                return
            yield from self._take(pts, pictures[0])
            if not self._pending:
                return

    def _straight_through(self, packets: _PacketIterator, decoder: VideoCodecContext) -> Iterator[Frame]:
        """Decodes from the start until the last planned picture is out."""
        decoder.open(strict=False)
        skippable = decoder.codec.canonical_name == "h264"
        for packet in packets:
            if skippable:
                # No other picture depends on an H.264 non-reference picture: left out unless it is wanted itself.
                decoder.skip_frame = "DEFAULT" if packet_pts(packet) in self._pending else "NONREF"
            for picture in self._decode(decoder, packet):
                pts = picture.dts if picture.pts is None else picture.pts
                if pts in self._pending:
                    yield from self._take(pts, picture)
            if not self._pending:
                return

    def _decode(self, decoder: VideoCodecContext, packet: "Packet[VideoStream] | None") -> list[av.VideoFrame]:
        try:
            return decoder.decode(packet)
        except READER_ERRORS as error:
            self._note(error)
            return []

    def _take(self, pts: int, picture: av.VideoFrame) -> Iterator[Frame]:
        self._pending.remove(pts)
        if picture.is_corrupt:
            self._note("a damaged picture")
            self._failed.append(pts)
            return
        try:
            image = self._show(picture)
        except READER_ERRORS as error:
            self._note(error)
            self._failed.append(pts)
            return
        yield Frame(at_s=self._index.seconds(pts), image=image)

    def _show(self, picture: av.VideoFrame) -> npt.NDArray[np.uint8]:
        """The picture as (height, width, 3) uint8, blue green red: square pixels, upright."""
        width_px, height_px = self._shown_size(picture.width, picture.height)
        if not size_is_sane(width_px, height_px):
            raise ValueError(f"a picture of {width_px} x {height_px} pixels is too large")
        shown = picture.reformat(width=width_px, height=height_px, format="bgr24", threads=1)
        image = np.asarray(shown.to_ndarray(), dtype=np.uint8)
        return np.ascontiguousarray(np.rot90(image, -self._header.rotation_deg // 90))

    def _shown_size(self, width_px: int, height_px: int) -> tuple[int, int]:
        aspect = self._header.pixel_aspect or Fraction(1)
        return max(round(width_px * aspect), 1), height_px

    def _note(self, detail: object) -> None:
        if self._detail is None:
            self._detail = describe(detail)


def _is_intra(picture: av.VideoFrame) -> bool:
    # The second field of an interlaced key frame may be predicted from the first, so either sign will do.
    return picture.key_frame or picture.pict_type == PictureType.I
