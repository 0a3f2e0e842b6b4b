"""Tells the real container from the first bytes of a file, never from its name.

Every format is recognised where its own specification puts its mark; a mark further in, behind something
else, counts for nothing.
"""

import re
import struct
from collections.abc import Callable

from vidaudit.media.isobmff import sniff_isobmff
from vidaudit.media.text import sniff_text
from vidaudit.model.media import Container

# Reaches past the first sectors of an ISO image, whose mark lies at 0x8001.
HEAD_BYTES = 65_536

# (offset, mark, container); each mark is the one its format's specification or first implementer documents.
_MARKS: tuple[tuple[int, bytes, Container], ...] = (
    (0, b"IMKH", Container.HIKVISION),
    (0, b"HKMI", Container.HIKVISION),
    (0, b"4HKH", Container.HIKVISION),
    (0, b"DHAV", Container.DAHUA),
    (0, b"DAHUA", Container.DAHUA),
    (0, b"FLV\x01", Container.FLV),
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), Container.ASF),
    (0, b".RMF", Container.REALMEDIA),
    (0, b"OggS", Container.OGG),
    (0, b"\xff\xd8\xff", Container.IMAGE),
    (0, b"\x89PNG\r\n\x1a\n", Container.IMAGE),
    (0, b"GIF87a", Container.IMAGE),
    (0, b"GIF89a", Container.IMAGE),
    (0, b"II*\0", Container.IMAGE),
    (0, b"MM\0*", Container.IMAGE),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", Container.IMAGE),
    (0, b"ID3", Container.AUDIO),
    (0, b"fLaC", Container.AUDIO),
    (0, b"#!AMR", Container.AUDIO),
    (0, b"PK\x05\x06", Container.ARCHIVE),
    (0, b"Rar!\x1a\x07", Container.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Container.ARCHIVE),
    (0, b"\x1f\x8b\x08", Container.ARCHIVE),
    (0, b"BZh", Container.ARCHIVE),
    (0, b"\xfd7zXZ\0", Container.ARCHIVE),
    (0x8001, b"CD001", Container.ARCHIVE),
    (0, b"%PDF-", Container.DOCUMENT),
    (0, b"{\\rtf", Container.DOCUMENT),
    (0, bytes.fromhex("d0cf11e0a1b11ae1"), Container.DOCUMENT),
    (0, b"\x7fELF", Container.EXECUTABLE),
)

_RIFF_FORMS = {
    b"AVI ": Container.AVI,
    b"AVIX": Container.AVI,
    b"WAVE": Container.AUDIO,
    b"WEBP": Container.IMAGE,
}
_TS_PACKET_BYTES = (188, 192, 204)
_TS_MIN_PACKETS = 5
_START_CODE = re.compile(rb"\0\0\x01(..)", re.DOTALL)


def sniff(head: bytes, size_bytes: int) -> Container:
    """The container of a file. Never raises.

    Args:
        head: the first bytes of the file, `HEAD_BYTES` of them or the whole of a shorter file.
        size_bytes: size of the whole file.
    """
    if size_bytes == 0:
        return Container.EMPTY
    for recognise in _RECOGNISERS:
        container = recognise(head, size_bytes)
        if container is not None:
            return container
    return Container.UNKNOWN


def _sniff_mark(head: bytes, _size_bytes: int) -> Container | None:
    for offset, mark, container in _MARKS:
        if head.startswith(mark, offset):
            return container
    return None


def _sniff_zip(head: bytes, _size_bytes: int) -> Container | None:
    if not head.startswith(b"PK\x03\x04"):
        return None
    # Office files are ZIP archives that name this part (ECMA-376, part 2).
    return Container.DOCUMENT if b"[Content_Types].xml" in head else Container.ARCHIVE


def _sniff_riff(head: bytes, _size_bytes: int) -> Container | None:
    return _RIFF_FORMS.get(head[8:12]) if head.startswith(b"RIFF") else None


def _sniff_bitmap(head: bytes, size_bytes: int) -> Container | None:
    # "BM", then the size of the file and two reserved zeros: two letters alone could start any text.
    if len(head) < 14 or not head.startswith(b"BM"):
        return None
    declared_bytes, reserved = struct.unpack_from("<II", head, 2)
    return Container.IMAGE if reserved == 0 and declared_bytes in {0, size_bytes} else None


def _sniff_windows_program(head: bytes, _size_bytes: int) -> Container | None:
    return Container.EXECUTABLE if head.startswith(b"MZ") and b"\0" in head[:64] else None


def _sniff_ebml(head: bytes, _size_bytes: int) -> Container | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    # DocType is element 0x4282 of the EBML header (RFC 8794), which is far shorter than this.
    found = re.search(rb"\x42\x82[\x80-\xff]([a-z]+)", head[:256])
    return Container.WEBM if found and found[1] == b"webm" else Container.MATROSKA


def _sniff_program_stream(head: bytes, _size_bytes: int) -> Container | None:
    # Pack header of MPEG-2 ("01" before the clock) or MPEG-1 ("0010"): ISO/IEC 13818-1, 2.5.3.3.
    if not head.startswith(b"\0\0\x01\xba") or len(head) < 5:
        return None
    if head[4] & 0xC0 != 0x40 and head[4] & 0xF0 != 0x20:
        return None
    recorder = any(mark in head[:2048] for mark in (b"IMKH", b"HKMI"))
    return Container.HIKVISION if recorder else Container.MPEG_PS


def _sniff_transport_stream(head: bytes, _size_bytes: int) -> Container | None:
    for step in _TS_PACKET_BYTES:
        offset = 4 if step == 192 else 0  # Blu-ray puts a 4-byte time stamp before each packet
        starts = range(offset, len(head) - 3, step)
        if len(starts) >= _TS_MIN_PACKETS and all(_is_transport_packet(head, at) for at in starts[:64]):
            return Container.MPEG_TS
    return None


def _is_transport_packet(head: bytes, at: int) -> bool:
    # Sync byte, and an adaptation field control that isn't the reserved 0: ISO/IEC 13818-1, 2.4.3.2.
    return head[at] == 0x47 and head[at + 3] & 0x30 != 0


def _sniff_annex_b(head: bytes, _size_bytes: int) -> Container | None:
    # A bare stream begins with a start code and holds its parameter sets (H.264 and H.265, annex B).
    if not head.startswith((b"\0\0\x01", b"\0\0\0\x01")):
        return None
    units = _START_CODE.findall(head[:4096])
    h264 = [unit[0] & 0x1F for unit in units if unit[0] & 0x80 == 0]
    h265 = [unit[0] >> 1 for unit in units if unit[0] & 0x81 == 0 and unit[1] == 1]
    if h265[:1] and h265[0] in {32, 33, 35, 39} and {32, 33} <= set(h265):
        return Container.RAW_H265
    if h264[:1] and h264[0] in {6, 7, 9} and {7, 8} <= set(h264):
        return Container.RAW_H264
    return None


def _sniff_bare_audio(head: bytes, _size_bytes: int) -> Container | None:
    if len(head) < 6 or head[0] != 0xFF:
        return None
    if head[1] in {0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3}:  # MPEG layer III; rate indices must be allowed ones
        return Container.AUDIO if head[2] >> 4 not in {0, 15} and head[2] & 0x0C != 0x0C else None
    if head[1] & 0xF6 == 0xF0:  # AAC in ADTS frames: the next frame must follow where this one says
        frame_bytes = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        return Container.AUDIO if frame_bytes > 7 and head[frame_bytes : frame_bytes + 1] == b"\xff" else None
    return None


def _sniff_zeros(head: bytes, _size_bytes: int) -> Container | None:
    return Container.ZEROS if head and not any(head) else None


_RECOGNISERS: tuple[Callable[[bytes, int], Container | None], ...] = (
    _sniff_mark,
    sniff_isobmff,
    _sniff_zip,
    _sniff_riff,
    _sniff_bitmap,
    _sniff_windows_program,
    _sniff_ebml,
    _sniff_program_stream,
    _sniff_transport_stream,
    _sniff_annex_b,
    _sniff_bare_audio,
    _sniff_zeros,
    sniff_text,
)
