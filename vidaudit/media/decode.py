"""Decodes the planned pictures of a clip, one at a time, as a player would show them."""

from collections.abc import Callable, Iterable, Iterator
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
from vidaudit.media.plan import Plan, Stretch, stretches_of
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

TooLittle: TypeAlias = Callable[[Frame, Frame], bool]
"""Whether two pictures show too little of what lies between them; the first is the last that was given."""


def never(_before: Frame, _after: Frame) -> bool:
    """The pictures that are always wanted are enough."""
    return False


class Decoder:
    """The planned pictures of one clip. Iterate once; afterwards `facts` tells what failed.

    Args:
        path: the file that was probed.
        probe: its facts; the container chooses the demuxer, rotation and pixel aspect shape the pictures.
        index: the times of its pictures.
        plan: which of them to decode.
        too_little: decides where the plan's pictures `between` are decoded too.
        max_side_px: larger pictures are given smaller, their longer side this long; None for all as they are.
    """

    def __init__(
        self,
        path: Path,
        probe: MediaProbe,
        index: PacketIndex,
        plan: Plan,
        too_little: TooLittle = never,
        *,
        max_side_px: int | None = None,
    ) -> None:
        self._max_side_px = max_side_px
        self._path = path
        self._container = probe.container
        self._header = probe.header or HeaderFacts()
        self._index = index
        self._plan = plan
        self._too_little = too_little
        self._num_planned = len(plan.pts)
        self._pending = set(plan.pts)
        self._optional_s = frozenset(index.seconds(pts) for pts in plan.between)
        self._failed: list[int] = []
        self._needs_context = False
        self._detail: str | None = None

    @property
    def facts(self) -> DecodeFacts:
        """How many pictures were planned and came out so far, and the times of those that couldn't be decoded."""
        return DecodeFacts(
            mode=self._plan.mode,
            num_planned=self._num_planned,
            num_decoded=self._num_planned - len(self._pending) - len(self._failed),
            failed_at_s=tuple(float(self._index.seconds(pts)) for pts in sorted(self._failed)),
            detail=self._detail,
        )

    def __iter__(self) -> Iterator[Frame]:
        """The pictures in order of time. Bad packets, files and devices make failures, never exceptions.

        Only an AVI with B-frames, which stores no times of display, may have neighbouring times swapped.
        """
        yield from self._sift(self._decoded())
        self._failed.extend(self._pending)
        self._pending.clear()

    def _decoded(self) -> Iterator[Frame]:
        if self._plan.mode == "keyframes":
            yield from self._pass_over_file(self._keyframes)
        if self._plan.mode == "frames" or self._needs_context:
            yield from self._pass_over_file(self._straight_through)

    def _sift(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """Leaves out pictures `between` while the next one is near enough to the last given."""
        last: Frame | None = None
        optional: Frame | None = None
        for frame in frames:
            if optional is not None and (last is None or self._too_little(last, frame)):
                last = optional
                yield optional
            elif optional is not None:
                self._num_planned -= 1
            optional = frame if frame.at_s in self._optional_s else None
            if optional is None:
                last = frame
                yield frame
        if optional is not None:
            yield optional

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
        """Decodes each planned key frame alone, and the stretches between them that need it; reads past the rest.

        Stops at the first key frame that can't be decoded alone: some recorders mark every picture as a key frame, so
        whether it is damaged only a pass straight through can tell.
        """
        stretches = stretches_of(self._plan, self._index)
        stretch = Stretch(keyframe=self._index.first_pts - 1)
        held: list[Packet[VideoStream]] = []
        before: Frame | None = None
        for packet in packets:
            pts = packet_pts(packet)
            if pts not in stretches or pts not in self._pending or not packet.is_keyframe or packet.is_discard:
                held.extend([packet] if held and packet.size else [])  # the last packet is an empty one
                continue
            picture = self._alone(decoder, packet)
            if picture is None:
                self._needs_context = True
                self._expect(pts for pts in self._plan.between if pts > stretch.keyframe)
                return
            frame = self._take(pts, picture)
            yield from self._within(decoder, held, self._needed(stretch, before, frame))
            if frame is not None:
                yield frame
            before, stretch = frame, stretches[pts]
            held = [packet] if stretch.planned else []
            if not self._pending and not held:
                return
        yield from self._within(decoder, held, self._needed(stretch, before, None))

    def _alone(self, decoder: VideoCodecContext, packet: "Packet[VideoStream]") -> av.VideoFrame | None:
        """The picture of one packet by itself; None when it needs others."""
        decoder.skip_frame = "DEFAULT"
        pictures = [*self._decode(decoder, packet), *self._decode(decoder, None)]
        decoder.flush_buffers()
        if not pictures or pictures[0].is_corrupt or not _is_intra(pictures[0]):
            return None
        return pictures[0]

    def _needed(self, stretch: Stretch, before: Frame | None, after: Frame | None) -> set[int]:
        """What to decode after a key frame: at the end of the clip, and where key frames say too little, all of it."""
        if before is None or after is None or (stretch.between and self._too_little(before, after)):
            return {*stretch.wanted, *stretch.between}
        return set(stretch.wanted)

    def _within(
        self, decoder: VideoCodecContext, packets: "list[Packet[VideoStream]]", needed: set[int]
    ) -> Iterator[Frame]:
        """The needed pictures of a stretch that begins with a key frame.

        One that needs the key frame after it as well doesn't come out, and isn't counted as planned.
        """
        if not needed:
            return
        optional = needed - self._pending
        self._expect(optional)
        yield from self._run(decoder, iter((*packets, None)), lambda: not needed & self._pending)
        decoder.flush_buffers()
        missed = optional & self._pending
        self._pending -= missed
        self._num_planned -= len(missed)

    def _expect(self, pts: Iterable[int]) -> None:
        more = set(pts) - self._pending
        self._pending |= more
        self._num_planned += len(more)

    def _straight_through(self, packets: _PacketIterator, decoder: VideoCodecContext) -> Iterator[Frame]:
        """Decodes from the start until the last planned picture is out."""
        decoder.open(strict=False)
        yield from self._run(decoder, packets, lambda: not self._pending)

    def _run(
        self,
        decoder: VideoCodecContext,
        packets: "Iterator[Packet[VideoStream]] | Iterator[Packet[VideoStream] | None]",
        is_done: Callable[[], bool],
    ) -> Iterator[Frame]:
        """Decodes packets one after another and gives what is pending, until done."""
        skippable = decoder.codec.canonical_name == "h264"
        for packet in packets:
            if skippable:
                # No other picture depends on an H.264 non-reference picture: left out unless it is wanted itself.
                wanted = packet is None or packet_pts(packet) in self._pending
                decoder.skip_frame = "DEFAULT" if wanted else "NONREF"
            for picture in self._decode(decoder, packet):
                pts = picture.dts if picture.pts is None else picture.pts
                frame = self._take(pts, picture) if pts in self._pending else None
                if frame is not None:
                    yield frame
            if is_done():
                return

    def _decode(self, decoder: VideoCodecContext, packet: "Packet[VideoStream] | None") -> list[av.VideoFrame]:
        try:
            return decoder.decode(packet)
        except READER_ERRORS as error:
            self._note(error)
            return []

    def _take(self, pts: int, picture: av.VideoFrame) -> Frame | None:
        self._pending.remove(pts)
        if picture.is_corrupt:
            self._note("a damaged picture")
            self._failed.append(pts)
            return None
        try:
            image = self._show(picture)
        except READER_ERRORS as error:
            self._note(error)
            self._failed.append(pts)
            return None
        return Frame(at_s=self._index.seconds(pts), image=image)

    def _show(self, picture: av.VideoFrame) -> npt.NDArray[np.uint8]:
        """The picture as (height, width, 3) uint8, blue green red: square pixels, upright."""
        width_px, height_px = self._shown_size(picture.width, picture.height)
        if not size_is_sane(width_px, height_px):
            raise ValueError(f"a picture of {width_px} x {height_px} pixels is too large")
        scale = 1.0 if self._max_side_px is None else min(1.0, self._max_side_px / max(width_px, height_px))
        size = {"width": max(round(width_px * scale), 1), "height": max(round(height_px * scale), 1)}
        how = "BILINEAR" if scale == 1.0 else "AREA"
        shown = picture.reformat(**size, format="bgr24", interpolation=how, threads=1)
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
