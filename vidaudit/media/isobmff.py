"""The boxes and brands of ISO base media files (MP4, QuickTime, 3GP and their relatives).

Source: ISO/IEC 14496-12 (boxes, `ftyp`), Apple's QuickTime File Format, and the registered brands of mp4ra.org.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, RawIOBase

from vidaudit.model.media import Container

# A box header takes 8 bytes; a real file has a few boxes, a fragmented one a few a second. More is an attack.
MAX_BOXES = 200_000
_MAX_INDEX_BYTES = 64 * 1024 * 1024  # of an hour at 60 pictures a second, ten times over

# Boxes that may stand before `ftyp`, or at the start of a file that has none.
_LEADING = frozenset({b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"sidx", b"free", b"skip", b"wide", b"pnot"})
# Boxes that carry what is played: a file that ends inside one of them has lost something.
_PAYLOAD = frozenset({b"moov", b"mdat", b"moof", b"styp", b"sidx"})

_MP4_BRANDS = frozenset(
    {b"mp41", b"mp42", b"mp71", b"isom", b"avc1", b"hvc1", b"hev1", b"av01", b"dash", b"msdh", b"msix", b"cmfc"}
    | {b"M4V ", b"M4VH", b"M4VP", b"mmp4", b"MSNV", b"f4v ", b"XAVC", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6"}
    | {b"iso7", b"iso8", b"iso9"}
)
_AUDIO_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})
_IMAGE_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"jp2 "}
)
_QUICKTIME_BRAND = b"qt  "
_THREE_GP_PREFIX = b"3g"


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box as its header declares it; `end_byte` may lie past the end of the file."""

    kind: bytes
    start_byte: int
    header_bytes: int
    end_byte: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What the top-level boxes say: is there a whole index (`moov`), and does the file end inside a box?"""

    has_index: bool
    is_cut: bool


def top_level_boxes(file: RawIOBase | BytesIO, size_bytes: int) -> Iterator[Box]:
    """The boxes of a file one after the other, until its end or until something that is no box.

    Args:
        file: readable and seekable; a short read ends the walk.
        size_bytes: size of the whole file, the end of a box without a size of its own.

    Raises:
        OSError: the file can't be read.
    """
    at = 0
    for _ in range(MAX_BOXES):
        file.seek(at)
        box = _parse_header(file.read(16), at, size_bytes)
        if box is None:
            return
        yield box
        at = box.end_byte


def layout(file: RawIOBase | BytesIO, size_bytes: int) -> Layout:
    """Whether the file has a complete index and whether it ends inside a box that carries something.

    Raises:
        OSError: the file can't be read.
    """
    has_index = is_cut = False
    for box in top_level_boxes(file, size_bytes):
        whole = box.end_byte <= size_bytes
        has_index = has_index or (box.kind == b"moov" and whole)
        is_cut = is_cut or (box.kind in _PAYLOAD - {b"mdat"} and not whole)
        # Samples past the end are told by the index; without one, an overlong `mdat` is all there is to see.
        is_cut = is_cut or (box.kind == b"mdat" and not whole and not has_index)
    return Layout(has_index=has_index, is_cut=is_cut)


def sniff_isobmff(head: bytes, size_bytes: int) -> Container | None:
    """The container of a file that starts with a known box, else None. Never raises."""
    leading: bytes | None = None
    for box in top_level_boxes(BytesIO(head), size_bytes):
        if box.kind not in _LEADING:
            break
        if box.kind in {b"ftyp", b"styp"}:
            return _by_brands(head[box.start_byte + box.header_bytes : box.end_byte])
        leading = leading or box.kind
    # The first QuickTime files had no `ftyp`; a segment of a stream has no header of its own.
    return None if leading is None else Container.MP4 if leading in {b"moof", b"sidx"} else Container.QUICKTIME


def major_brand(head: bytes) -> str | None:
    """The major brand as text, None where there is none; `head` is the start of the file."""
    for box in top_level_boxes(BytesIO(head), len(head)):
        if box.kind == b"ftyp":
            payload = box.start_byte + box.header_bytes
            return head[payload : payload + 4].decode("latin-1").strip("\0 ") or None
    return None


def _parse_header(head: bytes, at: int, size_bytes: int) -> Box | None:
    if len(head) < 8:
        return None
    length, kind, header_bytes = int.from_bytes(head[:4], "big"), head[4:8], 8
    if length == 1:
        if len(head) < 16:
            return None
        length, header_bytes = int.from_bytes(head[8:16], "big"), 16
    elif length == 0:
        length = size_bytes - at
    if length < header_bytes or not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
        return None
    return Box(kind=kind, start_byte=at, header_bytes=header_bytes, end_byte=at + length)


def _by_brands(payload: bytes) -> Container:
    major = payload[:4]
    if len(payload) < 8 or not major.isascii() or not major.decode("ascii").isprintable():
        return Container.UNKNOWN
    compatible = {payload[at : at + 4] for at in range(8, len(payload) - 3, 4)}
    for brands, container in (
        (_IMAGE_BRANDS, Container.IMAGE),
        (_AUDIO_BRANDS, Container.AUDIO),
        ({_QUICKTIME_BRAND}, Container.QUICKTIME),
    ):
        if major in brands:
            return container
    return _film_container(major, compatible)


def _film_container(major: bytes, compatible: set[bytes]) -> Container:
    if _MP4_BRANDS & {major, *compatible}:
        return Container.MP4
    if any(brand.startswith(_THREE_GP_PREFIX) for brand in (major, *compatible)):
        return Container.THREE_GP
    # An unknown brand is still an ISO base media file, which every MP4 player reads: no reason to fail it.
    return Container.QUICKTIME if _QUICKTIME_BRAND in compatible else Container.MP4


def edit_joints_s(file: RawIOBase | BytesIO, size_bytes: int) -> tuple[float, ...] | None:
    """Where the list of edits of the video track joins pieces, in seconds of what is played; None without such a list.

    An empty edit that only delays the start is no piece. Source: ISO/IEC 14496-12, 8.6.6 (`elst`).

    Raises:
        OSError: the file can't be read.
    """
    moov = next((box for box in top_level_boxes(file, size_bytes) if box.kind == b"moov"), None)
    if moov is None or moov.end_byte - moov.start_byte > _MAX_INDEX_BYTES:
        return None
    file.seek(moov.start_byte + moov.header_bytes)
    index = file.read(moov.end_byte - moov.start_byte - moov.header_bytes) or b""
    scale = int.from_bytes((_child(index, b"mvhd") or b"")[12:16], "big")  # of version 0; version 1 has it later
    if (_child(index, b"mvhd") or b"\0")[0] == 1:
        scale = int.from_bytes((_child(index, b"mvhd") or b"")[20:24], "big")
    for track in _children(index, b"trak"):
        media = _child(track, b"mdia") or b""
        edits = _child(_child(track, b"edts") or b"", b"elst")
        if (_child(media, b"hdlr") or b"")[8:12] == b"vide" and edits is not None and scale:
            return _joints_s(edits, scale)
    return None


def _children(payload: bytes, kind: bytes) -> Iterator[bytes]:
    for box in top_level_boxes(BytesIO(payload), len(payload)):
        if box.kind == kind:
            yield payload[box.start_byte + box.header_bytes : box.end_byte]


def _child(payload: bytes, kind: bytes) -> bytes | None:
    return next(_children(payload, kind), None)


def _joints_s(edits: bytes, scale: int) -> tuple[float, ...]:
    """Ends of all edits but the last, apart from empty ones; `scale` is the movie's ticks a second."""
    wide = 8 if edits[:1] == b"\x01" else 4
    ends_s, played = [], 0
    for at in range(8, len(edits) - 2 * wide - 3, 2 * wide + 4):
        length = int.from_bytes(edits[at : at + wide], "big")
        from_tick = int.from_bytes(edits[at + wide : at + 2 * wide], "big", signed=True)
        if from_tick >= 0:
            played += length
            ends_s.append(played / scale)
    return tuple(ends_s[:-1])
