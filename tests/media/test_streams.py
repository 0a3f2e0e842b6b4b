"""What streams a file has, the sizes of its pictures, and equal data in different containers."""

from pathlib import Path

import pytest

from tests.clips import make_clip, pattern, remux, tone, write
from tests.media.conftest import ClipLibrary
from vidaudit.media.probe import probe
from vidaudit.media.streams import Pictures, encoded_marks, holds, look_at_pictures, read_streams
from vidaudit.model.media import Container
from vidaudit.model.repair import StreamKind


@pytest.mark.parametrize(
    ("name", "container", "kinds"),
    [
        ("plain.mp4", Container.MP4, [(StreamKind.VIDEO, "h264", "High", "yuv420p")]),
        ("sound-only.mp4", Container.MP4, [(StreamKind.AUDIO, "aac", None, None)]),
        ("ten-bit.mp4", Container.MP4, [(StreamKind.VIDEO, "h264", "High 10", "yuv420p10le")]),
    ],
)
def test_streams(clips: ClipLibrary, name: str, container: Container, kinds: list[tuple[object, ...]]) -> None:
    found = read_streams(clips[name], container)
    assert [(one.kind, one.codec, one.codec_profile, one.pixel_format) for one in found] == kinds


def test_a_cover_is_no_film(clips: ClipLibrary) -> None:
    kinds = [one.kind for one in read_streams(clips.with_cover(), Container.MP4)]
    assert sorted(kinds) == [StreamKind.COVER, StreamKind.VIDEO]


def test_what_cant_be_opened_has_no_streams(tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    path.write_bytes(b"RIFF\0\0\0\0AVI " + bytes(64))
    assert read_streams(path, Container.AVI) == ()


@pytest.mark.parametrize(("ending", "muxer"), [("mkv", "matroska"), ("ts", "mpegts"), ("flv", "flv"), ("avi", "avi")])
def test_the_same_data_in_another_container_has_the_same_marks(tmp_path: Path, ending: str, muxer: str) -> None:
    plain = write(tmp_path / "a.mp4", pattern(), tone(), acodec="aac", bf=2)
    other = remux(tmp_path / f"b.{ending}", plain, f=muxer)
    assert encoded_marks(other, probe(other).facts.container) == encoded_marks(plain, Container.MP4)


def test_other_data_has_other_marks(tmp_path: Path) -> None:
    one = encoded_marks(make_clip(tmp_path / "a.mp4"), Container.MP4)
    two = encoded_marks(make_clip(tmp_path / "b.mp4", source="testsrc"), Container.MP4)
    assert one.keys() == two.keys()
    assert one != two


def test_one_changed_byte_changes_the_marks(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4")
    before = encoded_marks(path, Container.MP4)
    data = bytearray(path.read_bytes())
    data[data.index(b"mdat") + 2000] ^= 1
    path.write_bytes(data)
    assert encoded_marks(path, Container.MP4) != before


@pytest.mark.parametrize(
    ("whole", "part", "is_in"),
    [
        (b"a" * 16 + b"b" * 16, b"b" * 16, True),
        (b"a" * 16 + b"b" * 16, b"a" * 16 + b"b" * 16, True),
        (b"a" * 16 + b"b" * 16, b"b" * 16 + b"a" * 16, False),
        (b"a" * 8 + b"b" * 16 + b"c" * 8, b"b" * 16, False),
        (b"a" * 16, b"", False),
    ],
)
def test_marks_within_marks(whole: bytes, part: bytes, is_in: bool) -> None:
    assert holds(whole, part) is is_in


def test_sizes_that_change_in_mid_clip(tmp_path: Path) -> None:
    path = two_sizes(tmp_path)
    probed = probe(path)
    assert probed.index is not None
    assert look_at_pictures(path, probed.facts.container, probed.index).sizes_px == ((160, 120), (128, 96))


def test_one_size_is_told_once(clips: ClipLibrary) -> None:
    probed = probe(clips["plain.mp4"])
    assert probed.index is not None
    assert look_at_pictures(clips["plain.mp4"], Container.MP4, probed.index) == Pictures(sizes_px=((160, 120),))


def test_fields_are_told(tmp_path: Path) -> None:
    path = make_clip(
        tmp_path / "a.mpg", vcodec="mpeg2video", f="vob", rate="25", flags="+ildct+ilme", vf="setfield=tff"
    )
    probed = probe(path)
    assert probed.index is not None
    assert look_at_pictures(path, probed.facts.container, probed.index).is_interlaced


def two_sizes(tmp_path: Path) -> Path:
    """A transport stream whose picture gets smaller after two seconds: two streams one after the other."""
    first = make_clip(tmp_path / "1.ts", seconds=2, f="mpegts")
    second = make_clip(tmp_path / "2.ts", seconds=2, size="128x96", f="mpegts", output_ts_offset=2)
    (tmp_path / "both.ts").write_bytes(first.read_bytes() + second.read_bytes())
    return tmp_path / "both.ts"
