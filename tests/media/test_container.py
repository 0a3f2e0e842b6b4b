"""Real containers by content: every known mark, and nothing that only looks like one."""

import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.conftest import ClipLibrary
from vidaudit.media.container import HEAD_BYTES, sniff
from vidaudit.model.media import Container


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    payload = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return struct.pack(">I", len(payload) + 4) + payload + struct.pack(">I", 16) + b"free" + bytes(8)


def transport(packet_bytes: int, offset: int = 0, packets: int = 6) -> bytes:
    return (bytes(offset) + b"\x47\x40\x11\x10").ljust(packet_bytes, b"\xaa") * packets


def zipped(name: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


def name_of(head: bytes) -> Container:
    return sniff(head, len(head))


MARKED = {
    "isom": (ftyp(b"isom", b"iso2", b"avc1"), Container.MP4),
    "mp42": (ftyp(b"mp42"), Container.MP4),
    "M4V": (ftyp(b"M4V "), Container.MP4),
    "MSNV": (ftyp(b"MSNV", b"MSNV"), Container.MP4),
    "dash": (ftyp(b"dash"), Container.MP4),
    "ISO file of an unregistered brand": (ftyp(b"ABCD"), Container.MP4),
    "ftyp behind free": (struct.pack(">I", 8) + b"free" + ftyp(b"mp42"), Container.MP4),
    "media segment": (struct.pack(">I", 16) + b"moof" + bytes(8), Container.MP4),
    "qt": (ftyp(b"qt  ", b"qt  "), Container.QUICKTIME),
    "unregistered brand, compatible with qt": (ftyp(b"ABCD", b"qt  "), Container.QUICKTIME),
    "moov without ftyp": (struct.pack(">I", 16) + b"moov" + bytes(8), Container.QUICKTIME),
    "wide, then mdat": (struct.pack(">I4sI4s", 8, b"wide", 0, b"mdat") + bytes(9), Container.QUICKTIME),
    "3gp only": (ftyp(b"3gp5", b"3gp4"), Container.THREE_GP),
    "3gp that is an mp4 too": (ftyp(b"3gp4", b"isom"), Container.MP4),
    "heic": (ftyp(b"heic", b"mif1", b"heic"), Container.IMAGE),
    "avif": (ftyp(b"avif", b"mif1"), Container.IMAGE),
    "m4a": (ftyp(b"M4A ", b"isom", b"mp42"), Container.AUDIO),
    "ftyp of zeros": (ftyp(bytes(4)), Container.UNKNOWN),
    "avi": (b"RIFF\x10\0\0\0AVI LIST", Container.AVI),
    "wave": (b"RIFF\x10\0\0\0WAVEfmt ", Container.AUDIO),
    "webp": (b"RIFF\x10\0\0\0WEBPVP8 ", Container.IMAGE),
    "matroska": (b"\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska", Container.MATROSKA),
    "webm": (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm", Container.WEBM),
    "flv": (b"FLV\x01\x05\0\0\0\x09", Container.FLV),
    "asf": (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), Container.ASF),
    "mpeg-2 pack": (b"\0\0\x01\xba\x44\0\x04\0\x04\x01", Container.MPEG_PS),
    "mpeg-1 pack": (b"\0\0\x01\xba\x21\0\x01\0\x01\x80", Container.MPEG_PS),
    "pack code, no pack header": (b"\0\0\x01\xba\xff\0\x01\0\x01\x80", Container.UNKNOWN),
    "ts 188": (transport(188), Container.MPEG_TS),
    "ts 192": (transport(192, offset=4), Container.MPEG_TS),
    "ts 204": (transport(204), Container.MPEG_TS),
    "ts, five packets": (transport(188, packets=5), Container.MPEG_TS),
    "real": (b".RMF\0\0\0\x12", Container.REALMEDIA),
    "ogg": (b"OggS\0\x02", Container.OGG),
    "hikvision": (b"IMKH\x01\x01\0\0" + bytes(32) + b"\0\0\x01\xba\x44", Container.HIKVISION),
    "hikvision program stream": (b"\0\0\x01\xba\x44" + bytes(40) + b"HKMI", Container.HIKVISION),
    "dahua": (b"DHAV\xfd\0\0\0", Container.DAHUA),
    "h264": (b"\0\0\0\x01\x67\x64\0\x1f\0\0\0\x01\x68\xeb\xec\0\0\x01\x65\x88", Container.RAW_H264),
    "h264 without a picture set": (b"\0\0\0\x01\x67\x64\0\x1f\xff", Container.UNKNOWN),
    "h265": (b"\0\0\0\x01\x40\x01\x0c\0\0\0\x01\x42\x01\x01\0\0\0\x01\x44\x01\xc1", Container.RAW_H265),
    "m3u8": (b"#EXTM3U\nhttp://127.0.0.1/x.ts\n", Container.PLAYLIST),
    "pls": (b"[playlist]\nFile1=x.mp4\n", Container.PLAYLIST),
    "ffconcat": (b"ffconcat version 1.0\nfile /etc/passwd\n", Container.PLAYLIST),
    "concat list": (b"file '/etc/passwd'\n", Container.PLAYLIST),
    "dash manifest": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<MPD xmlns="x">', Container.PLAYLIST),
    "asx": (b'<ASX version="3.0">', Container.PLAYLIST),
    "an address": (b"rtsp://127.0.0.1/live\n", Container.PLAYLIST),
    "xml": (b'<?xml version="1.0"?><root/>', Container.TEXT),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", Container.IMAGE),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", Container.IMAGE),
    "gif": (b"GIF89a\1\0", Container.IMAGE),
    "bmp": (b"BM" + struct.pack("<II", 30, 0) + bytes(20), Container.IMAGE),
    "tiff": (b"II*\0\x08\0\0\0", Container.IMAGE),
    "id3": (b"ID3\x04\0\0", Container.AUDIO),
    "flac": (b"fLaC\0\0\0\x22", Container.AUDIO),
    "mp3": (b"\xff\xfb\x90\x64\0\0", Container.AUDIO),
    "aac": (b"\xff\xf1\x50\x80\x01\x3f\xfc" + bytes(2) + b"\xff\xf1", Container.AUDIO),
    "zip": (zipped("a.mp4"), Container.ARCHIVE),
    "rar": (b"Rar!\x1a\x07\x01\0", Container.ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04", Container.ARCHIVE),
    "gz": (b"\x1f\x8b\x08\0", Container.ARCHIVE),
    "iso image": (bytes(0x8001) + b"CD001\x01", Container.ARCHIVE),
    "pdf": (b"%PDF-1.7\n", Container.DOCUMENT),
    "office 97": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(8), Container.DOCUMENT),
    "office 2007": (zipped("[Content_Types].xml"), Container.DOCUMENT),
    "windows program": (b"MZ\x90\0\x03\0\0\0", Container.EXECUTABLE),
    "linux program": (b"\x7fELF\x02\x01", Container.EXECUTABLE),
    "zeros": (bytes(4096), Container.ZEROS),
    "nothing": (b"", Container.EMPTY),
    "noise": (bytes(range(256)) * 4, Container.UNKNOWN),
}


@pytest.mark.parametrize(("head", "expected"), MARKED.values(), ids=MARKED.keys())
def test_knows_each_mark(head: bytes, expected: Container) -> None:
    assert name_of(head) is expected


@pytest.mark.parametrize("hidden", ["isom", "avi", "matroska", "flv", "asf", "mpeg-2 pack", "ts 188", "hikvision"])
@pytest.mark.parametrize(
    "junk", [b"hello\n" * 50, b"\x01\x02\x03\x80" * 70, bytes(300)], ids=["text", "noise", "zeros"]
)
def test_a_mark_behind_junk_counts_for_nothing(hidden: str, junk: bytes) -> None:
    data, container = MARKED[hidden]
    assert name_of(junk + data) in {Container.UNKNOWN, Container.TEXT} - {container}


def test_four_transport_packets_are_too_few() -> None:
    assert name_of(transport(188, packets=4)) is not Container.MPEG_TS


def test_text_of_sync_bytes_is_no_transport_stream() -> None:
    assert name_of(b"G" * 2000) is Container.TEXT


def test_a_bitmap_must_know_its_size() -> None:
    head = b"BM" + struct.pack("<II", 31, 0) + bytes(20)
    assert sniff(head, 30) is Container.UNKNOWN


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        ("plain.mp4", Container.MP4),
        ("fragmented.mp4", Container.MP4),
        ("quicktime.mov", Container.QUICKTIME),
        ("avi.avi", Container.AVI),
        ("matroska.mkv", Container.MATROSKA),
        ("webm.webm", Container.WEBM),
        ("transport.ts", Container.MPEG_TS),
        ("bluray.m2ts", Container.MPEG_TS),
        ("program.mpg", Container.MPEG_PS),
        ("flash.flv", Container.FLV),
        ("windows.wmv", Container.ASF),
        ("ogg.ogv", Container.OGG),
        ("bare.h264", Container.RAW_H264),
        ("bare.hevc", Container.RAW_H265),
    ],
)
def test_names_what_ffmpeg_writes(clips: ClipLibrary, clip: str, expected: Container) -> None:
    data = clips[clip].read_bytes()
    assert sniff(data[:HEAD_BYTES], len(data)) is expected


@given(st.binary(max_size=2000))
def test_any_bytes_have_a_name(head: bytes) -> None:
    assert sniff(head, len(head)) in Container


@given(st.sampled_from(sorted(MARKED)), st.integers(0, 400), st.binary(max_size=40))
def test_damaged_starts_have_a_name(mark: str, at: int, patch: bytes) -> None:
    data = MARKED[mark][0]
    damaged = data[:at] + patch + data[at + len(patch) :]
    assert sniff(damaged, len(damaged)) in Container


@given(st.binary(min_size=1, max_size=300))
def test_zeros_in_front_hide_any_container(tail: bytes) -> None:
    head = bytes(600) + tail
    assert name_of(head) in {Container.ZEROS, Container.UNKNOWN}


def test_the_head_may_end_anywhere_in_a_real_file(clips: ClipLibrary) -> None:
    data = Path(clips["plain.mp4"]).read_bytes()
    names = {sniff(data[:end], len(data)) for end in range(1, 200)}
    assert names <= {Container.MP4, Container.UNKNOWN, Container.ZEROS}
