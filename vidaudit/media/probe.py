"""Everything known of a file without looking at its pictures: its real container, its header, its packets."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from io import FileIO
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from vidaudit.media.container import HEAD_BYTES, sniff
from vidaudit.media.fingerprint import PacketTrace
from vidaudit.media.h264 import KeyframeNumbers
from vidaudit.media.index import PacketIndex, PacketTime, build_index, measure
from vidaudit.media.isobmff import edit_joints_s, layout, major_brand
from vidaudit.media.reader import (
    FORMATS,
    READER_ERRORS,
    ByteSource,
    describe,
    film_streams,
    main_stream,
    open_file,
    open_media,
    prepare_decoder,
    size_is_sane,
)
from vidaudit.media.suspects import PacketSizes, find_suspects
from vidaudit.model.fingerprint import ClipFingerprint
from vidaudit.model.media import Container, HeaderFacts, MediaProbe, ProbeProblem
from vidaudit.model.take import Suspect, Trace

_ISOBMFF = frozenset({Container.MP4, Container.QUICKTIME, Container.THREE_GP})
# These have no header that could claim a length; what libav tells of them is its own estimate.
_WITHOUT_CLAIMS = frozenset(
    {
        Container.MPEG_PS,
        Container.MPEG_TS,
        Container.RAW_H264,
        Container.RAW_H265,
        Container.HIKVISION,
        Container.DAHUA,
    }
)
# Packets of these codecs never begin with zeros (start codes, lengths and markers don't), so such a packet is
# a hole in the file, as a failed copy from a disc leaves it.
_NEVER_ZERO = frozenset({"h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg"})
_HOLE_BYTES = 16
_MAX_ROTATION_TRIES = 3
_UNSET_YEAR = 1970  # clocks that were never set write 1904 or 1970


@dataclass(frozen=True, kw_only=True)
class Probed:
    """A file's facts, the times of its pictures, and what its packets tell of their motion.

    `index` is None when no picture was found; `fingerprint` also when there is only one. `suspects` are the places
    where the clip may have been cut, the likeliest first; `num_edits` and `edits_at_s` as in `TakeEvidence`.
    """

    facts: MediaProbe
    index: PacketIndex | None
    fingerprint: ClipFingerprint | None = None
    suspects: tuple[Suspect, ...] = ()
    num_edits: int | None = None
    edits_at_s: tuple[float, ...] = ()


@dataclass(kw_only=True)
class _Notes:
    """Collects what is wrong with a file; the first detail is kept."""

    problems: list[ProbeProblem] = field(default_factory=list)
    detail: str | None = None

    def add(self, problem: ProbeProblem, detail: object = None) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
        if detail is not None and self.detail is None:
            self.detail = describe(detail)


@dataclass(kw_only=True)
class _Packets:
    """What one pass over the packets of a stream gave."""

    times: list[PacketTime] = field(default_factory=list)
    num_read: int = 0
    num_damaged: int = 0
    num_untimed: int = 0
    rotation_deg: int = 0
    trace: PacketTrace = field(default_factory=PacketTrace)
    numbers: KeyframeNumbers | None = None
    orders: dict[int, int] = field(default_factory=dict)

    def add(self, packet: "Packet[VideoStream]", codec: str | None) -> None:
        self.num_read += 1
        pts = packet_pts(packet)
        if packet.is_corrupt or (codec in _NEVER_ZERO and not any(memoryview(packet)[:_HOLE_BYTES])):
            self.num_damaged += 1
        elif pts is None:
            self.num_untimed += 1
        else:
            self.times.append(PacketTime(pts=pts, duration=packet.duration or 0, is_keyframe=packet.is_keyframe))
            self.trace.add(pts, memoryview(packet), is_keyframe=packet.is_keyframe)
            number = self.numbers.number(memoryview(packet)) if self.numbers and packet.is_keyframe else None
            if number is not None:
                self.orders[pts] = number

    def sizes(self) -> PacketSizes:
        """What tells where the clip may have been cut."""
        return PacketSizes(
            pts=np.array(self.trace.pts, np.int64),
            sizes=np.array(self.trace.sizes, np.float64),
            is_key=np.array(self.trace.is_key, np.bool_),
            orders=self.orders,
        )


def probe(path: Path) -> Probed:
    """Reads a file once for its checksum and once for its packets. Bad files give problems, never exceptions."""
    try:
        with open_file(path) as file:
            return _probe_file(file)
    except OSError as error:
        facts = MediaProbe(
            container=Container.UNKNOWN,
            bytes=_size_bytes(path),
            problems=(ProbeProblem.READ_ERROR,),
            detail=describe(error),
        )
        return Probed(facts=facts, index=None)


def packet_pts(packet: "Packet[VideoStream]") -> int | None:
    """When a packet's picture is shown, in ticks: its own time, else its decoding time, else None."""
    return packet.dts if packet.pts is None else packet.pts


def rotation_deg(frame: av.VideoFrame) -> int:
    """By how much a player turns this picture clockwise: 0, 90, 180 or 270."""
    return -90 * round(frame.rotation / 90) % 360


def _size_bytes(path: Path) -> int:
    """The size that the file system tells of a file that can't be opened; 0 when it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _probe_file(file: FileIO) -> Probed:
    notes = _Notes()
    size_bytes = os.fstat(file.fileno()).st_size
    source = ByteSource(file)
    head = _read_head(source)
    facts = MediaProbe(container=sniff(head, size_bytes), bytes=size_bytes, sha256=_sha256(file, notes))
    probed = Probed(facts=facts, index=None)
    if _is_readable(facts, file, notes):
        probed = _read_media(facts, source, head, notes)
    if probed.index is not None and facts.container in _ISOBMFF:
        probed = _with_edits(probed, probed.index, edit_joints_s(file, size_bytes))
    if source.error is not None:
        notes.add(ProbeProblem.READ_ERROR, source.error)
    if os.fstat(file.fileno()).st_size != size_bytes:
        notes.add(ProbeProblem.READ_ERROR, "the file changed while it was read")
    facts = replace(probed.facts, problems=tuple(notes.problems), detail=notes.detail)
    return replace(probed, facts=facts)


def _with_edits(probed: Probed, index: PacketIndex, joints_s: tuple[float, ...] | None) -> Probed:
    """The same with the places at which the file's list of edits joins pieces, before all other suspects."""
    if joints_s is None:
        return probed
    times_s = (index.picture_pts - index.first_pts) * float(index.time_base)
    places = np.unique(np.searchsorted(times_s, np.array(joints_s) - 1e-3))
    joined = [
        Suspect(after_pts=int(before), until_pts=int(after), trace=Trace.EDIT, weight=1.0)
        for before, after in (index.picture_pts[place - 1 : place + 1] for place in places if 0 < place < len(times_s))
    ]
    known = {one.until_pts for one in joined}
    others = [one for one in probed.suspects if one.until_pts not in known]
    return replace(probed, suspects=(*joined, *others), num_edits=len(joints_s) + 1, edits_at_s=joints_s)


def _read_head(source: ByteSource) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (chunk := source.read(HEAD_BYTES - len(head))):
        head += chunk
    return head


def _sha256(file: FileIO, notes: _Notes) -> str | None:
    try:
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        notes.add(ProbeProblem.READ_ERROR, error)
        return None


def _is_readable(facts: MediaProbe, file: FileIO, notes: _Notes) -> bool:
    """Whether a demuxer may have a go at it; notes why not."""
    if facts.container is Container.EMPTY:
        notes.add(ProbeProblem.EMPTY)
    elif facts.container not in FORMATS:
        notes.add(ProbeProblem.NOT_MEDIA)
    elif facts.container in _ISOBMFF:
        return _has_whole_index(file, facts.bytes, notes)
    return facts.container in FORMATS


def _has_whole_index(file: FileIO, size_bytes: int, notes: _Notes) -> bool:
    try:
        boxes = layout(file, size_bytes)
    except OSError as error:
        notes.add(ProbeProblem.READ_ERROR, error)
        return False
    if not boxes.has_index:
        notes.add(ProbeProblem.NO_INDEX)
    if boxes.is_cut:
        notes.add(ProbeProblem.CUT_OFF)
    return boxes.has_index


def _read_media(facts: MediaProbe, source: ByteSource, head: bytes, notes: _Notes) -> Probed:
    try:
        with open_media(source, facts.container) as media:
            stream = main_stream(media)
            header = _header(media, stream, facts.container, head)
            facts = replace(facts, header=header)
            if stream is None:
                notes.add(ProbeProblem.NO_VIDEO_STREAM)
                return Probed(facts=facts, index=None)
            packets = _read_packets(media, stream, notes, sane=_check_decodable(stream, notes))
            if facts.container in _ISOBMFF and _samples_end_byte(media) > facts.bytes:
                notes.add(ProbeProblem.CUT_OFF)
            return _with_packets(facts, header, packets, stream, notes)
    except READER_ERRORS as error:
        notes.add(ProbeProblem.CANNOT_OPEN, error)
        return Probed(facts=facts, index=None)


def _check_decodable(stream: VideoStream, notes: _Notes) -> bool:
    decoder = prepare_decoder(stream)
    if decoder is None:
        notes.add(ProbeProblem.UNKNOWN_CODEC)
        return False
    if not size_is_sane(decoder.width, decoder.height):
        notes.add(ProbeProblem.CANNOT_OPEN, f"the picture claims {decoder.width} x {decoder.height} pixels")
        return False
    return True


def _header(media: InputContainer, stream: VideoStream | None, container: Container, head: bytes) -> HeaderFacts:
    header = HeaderFacts(
        brand=major_brand(head) if container in _ISOBMFF else None,
        num_video_streams=len(film_streams(media)),
        num_audio_streams=len(media.streams.audio),
        created=_created(media, stream),
    )
    if stream is None:
        return header
    header = replace(
        header,
        duration_s=None if container in _WITHOUT_CLAIMS else _claimed_duration_s(media, stream),
        frame_rate=stream.average_rate or None,
        num_frames=stream.frames or None,
    )
    decoder: VideoCodecContext | None = stream.codec_context
    return header if decoder is None else _with_codec(header, stream, decoder)


def _with_codec(header: HeaderFacts, stream: VideoStream, decoder: VideoCodecContext) -> HeaderFacts:
    return replace(
        header,
        codec=decoder.codec.canonical_name,
        codec_profile=stream.profile,
        pixel_format=decoder.pix_fmt,
        width_px=decoder.width or None,
        height_px=decoder.height or None,
        pixel_aspect=stream.sample_aspect_ratio or None,
    )


def _claimed_duration_s(media: InputContainer, stream: VideoStream) -> Fraction | None:
    if stream.duration and stream.time_base:
        return stream.duration * stream.time_base
    return Fraction(media.duration, av.time_base) if media.duration else None


def _created(media: InputContainer, stream: VideoStream | None) -> datetime | None:
    text = media.metadata.get("creation_time") or (stream.metadata.get("creation_time") if stream else None)
    try:
        created = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return created if created and created.year > _UNSET_YEAR else None


def _read_packets(media: InputContainer, stream: VideoStream, notes: _Notes, *, sane: bool) -> _Packets:
    packets = _Packets()
    decoder = prepare_decoder(stream)
    codec = None if decoder is None else decoder.codec.canonical_name
    packets.numbers = KeyframeNumbers(decoder.extradata) if decoder is not None and codec == "h264" else None
    rotation_tries = _MAX_ROTATION_TRIES if sane else 0
    for packet in _filled_packets(media, stream, notes):
        if decoder is not None and rotation_tries and packet.is_keyframe:
            turned = _rotation_of_packet(decoder, packet)
            rotation_tries = 0 if turned is not None else rotation_tries - 1
            packets.rotation_deg = turned or 0
        # An edit list keeps packets that are needed to decode others, but whose pictures are never shown.
        if not packet.is_discard:
            packets.add(packet, codec)
    return packets


def _filled_packets(media: InputContainer, stream: VideoStream, notes: _Notes) -> Iterator["Packet[VideoStream]"]:
    """The packets of a stream up to its end or to the first that can't be read; empty ones show nothing."""
    try:
        for packet in media.demux(stream):
            if packet.size:
                yield packet
    except READER_ERRORS as error:
        notes.add(ProbeProblem.DAMAGED_PACKETS, error)


def _rotation_of_packet(decoder: VideoCodecContext, packet: "Packet[VideoStream]") -> int | None:
    # The display matrix of a stream comes with its decoded pictures; PyAV shows it nowhere else. The copy
    # leaves behind an edit list's order to drop the picture.
    try:
        frames = [*decoder.decode(av.Packet(bytes(packet))), *decoder.decode(None)]
    except READER_ERRORS:
        return None
    finally:
        decoder.flush_buffers()
    return rotation_deg(frames[0]) if frames else None


def _samples_end_byte(media: InputContainer) -> int:
    """Where the last sample of any stream ends, by the index of an ISO base media file."""
    return max((entry.pos + entry.size for stream in media.streams for entry in stream.index_entries), default=0)


def _with_packets(
    facts: MediaProbe, header: HeaderFacts, packets: _Packets, stream: VideoStream, notes: _Notes
) -> Probed:
    facts = replace(facts, header=replace(header, rotation_deg=packets.rotation_deg))
    if packets.num_damaged and ProbeProblem.CUT_OFF not in notes.problems:
        notes.add(ProbeProblem.DAMAGED_PACKETS)
    if packets.num_untimed:
        notes.add(ProbeProblem.NO_TIMESTAMPS)
    if not packets.num_read:
        notes.add(ProbeProblem.NO_PACKETS)
    if not packets.times or not stream.time_base:
        return Probed(facts=facts, index=None)
    index = build_index(packets.times, stream.time_base)
    measured = measure(
        packets.times,
        index,
        frame_rate=header.frame_rate,
        num_packets=packets.num_read,
        num_damaged=packets.num_damaged,
    )
    return Probed(
        facts=replace(facts, packets=measured),
        index=index,
        fingerprint=packets.trace.fingerprint(stream.time_base),
        suspects=find_suspects(packets.sizes(), index),
    )
