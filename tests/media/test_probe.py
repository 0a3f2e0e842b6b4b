"""What a file claims and what it holds: real clips of every kind, whole, cut, damaged and vanishing."""

import errno
import hashlib
import io
from fractions import Fraction
from pathlib import Path

import pytest

from tests.clips import make_clip, pattern, remux, write
from tests.media.conftest import ClipLibrary
from vidaudit.media import probe as probe_module
from vidaudit.media.probe import probe
from vidaudit.media.reader import ByteSource
from vidaudit.model.media import Container, MediaProbe, ProbeProblem

P = ProbeProblem
DISC = Path(__file__).parents[3] / "shared" / "media" / "disc-real"

# clip: container, codec, displayed size, measured seconds, key frames
SOUND_CLIPS = {
    "plain.mp4": (Container.MP4, "h264", (160, 120), 4, 4),
    "faststart.mp4": (Container.MP4, "h264", (160, 120), 4, 4),
    "fragmented.mp4": (Container.MP4, "h264", (160, 120), 4, 4),
    "hevc.mp4": (Container.MP4, "hevc", (160, 120), 4, 4),
    "mpeg4.mp4": (Container.MP4, "mpeg4", (160, 120), 4, 4),
    "b-frames.mp4": (Container.MP4, "h264", (160, 120), 4, 2),
    "open-gop.mp4": (Container.MP4, "h264", (160, 120), 4, 4),
    "one-keyframe.mp4": (Container.MP4, "h264", (160, 120), 4, 1),
    "one-picture.mp4": (Container.MP4, "h264", (160, 120), Fraction(1, 10), 1),
    "anamorphic.mp4": (Container.MP4, "h264", (1024, 576), Fraction(1, 2), 1),
    "odd-size.mp4": (Container.MP4, "h264", (161, 121), Fraction(1, 2), 1),
    "sound.mp4": (Container.MP4, "h264", (160, 120), 4, 4),
    "two-films.mp4": (Container.MP4, "h264", (160, 120), 4, 4),
    "quicktime.mov": (Container.QUICKTIME, "h264", (160, 120), 4, 4),
    "matroska.mkv": (Container.MATROSKA, "h264", (160, 120), 4, 10),
    "ntsc.mkv": (Container.MATROSKA, "h264", (160, 120), Fraction(120 * 1001, 30000), 12),
    "webm.webm": (Container.WEBM, "vp9", (160, 120), Fraction(1, 2), 1),
    "transport.ts": (Container.MPEG_TS, "h264", (160, 120), 4, 4),
    "program.mpg": (Container.MPEG_PS, "mpeg2video", (160, 120), 4, 10),
    "flash.flv": (Container.FLV, "h264", (160, 120), 4, 10),
    "avi.avi": (Container.AVI, "mpeg4", (160, 120), 4, 4),
    "avi-b-frames.avi": (Container.AVI, "h264", (160, 120), 4, 4),
    "windows.wmv": (Container.ASF, "wmv2", (160, 120), 4, 4),
    "ogg.ogv": (Container.OGG, "theora", (160, 120), Fraction(1, 2), 1),
}


def facts_of(data: bytes, tmp_path: Path) -> MediaProbe:
    path = tmp_path / "clip.mp4"
    path.write_bytes(data)
    return probe(path).facts


@pytest.mark.parametrize("name", SOUND_CLIPS)
def test_sound_clips_of_every_kind_under_the_name_mp4(clips: ClipLibrary, name: str, tmp_path: Path) -> None:
    container, codec, size, seconds, num_keyframes = SOUND_CLIPS[name]
    data = clips[name].read_bytes()
    facts = facts_of(data, tmp_path)
    assert facts.problems == ()
    assert facts.container is container
    assert facts.bytes == len(data)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.header is not None
    assert (facts.header.codec, facts.header.display_size_px) == (codec, size)
    assert facts.packets is not None
    assert (facts.packets.duration_s, facts.packets.covered_s) == (seconds, seconds)
    assert (facts.packets.num_keyframes, facts.packets.num_damaged) == (num_keyframes, 0)


def test_the_header_says_what_it_says(clips: ClipLibrary) -> None:
    header = probe(clips["sound.mp4"]).facts.header
    assert header is not None
    assert (header.brand, header.duration_s, header.num_frames) == ("isom", 4, 40)
    assert (header.num_video_streams, header.num_audio_streams) == (1, 1)
    assert (header.frame_rate, header.pixel_format, header.codec_profile) == (10, "yuv420p", "High")
    assert (header.rotation_deg, header.created) == (0, None)


def test_streams_without_a_header_claim_no_length(clips: ClipLibrary) -> None:
    for name in ("transport.ts", "program.mpg"):
        header = probe(clips[name]).facts.header
        assert header is not None
        assert (header.duration_s, header.num_frames) == (None, None)


@pytest.mark.parametrize(
    ("written", "year"), [("2024-05-20T09:00:00Z", 2024), ("1970-01-01T00:00:00Z", None)], ids=["set", "unset"]
)
def test_creation_time(clips: ClipLibrary, tmp_path: Path, written: str, year: int | None) -> None:
    path = remux(tmp_path / "clip.mp4", clips["plain.mp4"], metadata=f"creation_time={written}")
    header = probe(path).facts.header
    assert header is not None
    assert (header.created.year if header.created else None) == year


@pytest.mark.parametrize(("degrees", "size"), [(90, (120, 160)), (180, (160, 120)), (270, (120, 160))])
def test_turned_clips_show_their_turned_size(clips: ClipLibrary, degrees: int, size: tuple[int, int]) -> None:
    header = probe(clips.turned(degrees)).facts.header
    assert header is not None
    assert (header.rotation_deg, header.display_size_px) == (degrees, size)


def test_variable_frame_rate_is_told(clips: ClipLibrary) -> None:
    packets = probe(clips["vfr.mp4"]).facts.packets
    assert packets is not None
    assert not packets.constant_frame_rate
    assert packets.longest_gap_s == Fraction(3, 25)
    assert abs(packets.duration_s - 4) < Fraction(1, 10)


def test_pictures_that_an_edit_list_hides_dont_count(clips: ClipLibrary) -> None:
    probed = probe(clips.trimmed())
    assert probed.facts.packets is not None
    assert probed.index is not None
    assert probed.facts.problems == ()
    assert (probed.facts.packets.num_packets, probed.facts.packets.duration_s) == (24, Fraction(24, 10))
    assert len(probed.index.picture_pts) == 24


def test_hidden_key_frames_still_tell_the_rotation(clips: ClipLibrary, tmp_path: Path) -> None:
    path = remux(tmp_path / "clip.mp4", clips.trimmed(), inputs={"display_rotation": "-90", "ss": "0.55"})
    probed = probe(path)
    assert probed.facts.header is not None
    assert probed.facts.header.rotation_deg == 90


def test_a_cover_picture_is_no_film(clips: ClipLibrary) -> None:
    header = probe(clips.with_cover()).facts.header
    assert header is not None
    assert (header.codec, header.width_px, header.num_video_streams) == ("h264", 160, 1)


def test_the_largest_of_several_films_is_taken(clips: ClipLibrary) -> None:
    header = probe(clips["two-films.mp4"]).facts.header
    assert header is not None
    assert (header.num_video_streams, header.width_px) == (2, 160)


@pytest.mark.parametrize(("seconds", "width_px"), [(2.0, 160), (1.9, 64)])
def test_a_film_that_is_over_before_half_of_another_is_not(tmp_path: Path, seconds: float, width_px: int) -> None:
    inputs = pattern(size="64x48"), pattern(size="160x120", seconds=seconds)
    header = probe(write(tmp_path / "clip.mp4", *inputs)).facts.header
    assert header is not None
    assert (header.num_video_streams, header.width_px) == (2, width_px)


def test_a_recorder_file_is_read_behind_its_header(clips: ClipLibrary, tmp_path: Path) -> None:
    facts = facts_of(b"IMKH\x01\x01\0\0".ljust(40, b"\0") + clips["program.mpg"].read_bytes(), tmp_path)
    assert (facts.container, facts.problems, facts.duration_s) == (Container.HIKVISION, (), 4)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("sound-only.mp4", P.NO_VIDEO_STREAM),
        ("too-wide.mp4", P.CANNOT_OPEN),
        ("bare.h264", P.NO_TIMESTAMPS),
    ],
)
def test_clips_that_cant_be_watched(clips: ClipLibrary, name: str, problem: ProbeProblem) -> None:
    assert probe(clips[name]).facts.problems == (problem,)


def test_a_codec_without_a_decoder(clips: ClipLibrary, tmp_path: Path) -> None:
    facts = facts_of(clips["plain.mp4"].read_bytes().replace(b"avc1", b"zzz1"), tmp_path)
    assert P.UNKNOWN_CODEC in facts.problems
    assert facts.header is not None
    assert (facts.header.codec, facts.header.width_px) == (None, None)


@pytest.mark.parametrize(
    ("data", "container", "problem"),
    [
        (b"", Container.EMPTY, P.EMPTY),
        (bytes(5000), Container.ZEROS, P.NOT_MEDIA),
        (b"just text", Container.TEXT, P.NOT_MEDIA),
        (b"\x89PNG\r\n\x1a\n", Container.IMAGE, P.NOT_MEDIA),
        (b"\x00\xff\x13\x37" * 50, Container.UNKNOWN, P.NOT_MEDIA),
        (b"RIFF\x10\0\0\0AVI LIST", Container.AVI, P.CANNOT_OPEN),
        (b"\0\0\0\x10ftypisom\0\0\0\0" + bytes(400), Container.MP4, P.NO_INDEX),
    ],
    ids=["empty", "zeros", "text", "picture", "noise", "broken avi", "zeros behind ftyp"],
)
def test_files_that_are_no_clips(data: bytes, container: Container, problem: ProbeProblem, tmp_path: Path) -> None:
    facts = facts_of(data, tmp_path)
    assert (facts.container, facts.problems, facts.packets) == (container, (problem,), None)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


def cuts(data: bytes, count: int = 60) -> list[int]:
    """Lengths at which to cut a file: evenly, and every byte near both ends."""
    last = len(data)
    return sorted({*range(1, last, last // count), *range(1, 60, 7), *range(last - 12, last)})


@pytest.mark.parametrize("name", ["plain.mp4", "faststart.mp4", "sound.mp4", "quicktime.mov"])
def test_a_cut_mp4_is_never_whole(clips: ClipLibrary, name: str, tmp_path: Path) -> None:
    data = clips[name].read_bytes()
    for end in cuts(data)[1:]:
        facts = facts_of(data[:end], tmp_path)
        if facts.container is Container.UNKNOWN:
            assert facts.problems == (P.NOT_MEDIA,), end
            continue
        assert {P.CUT_OFF, P.NO_INDEX} & set(facts.problems), end
        assert facts.packets is None or facts.packets.duration_s < 4, end


def test_a_cut_fragmented_mp4_never_claims_more_than_is_left(clips: ClipLibrary, tmp_path: Path) -> None:
    data = clips["fragmented.mp4"].read_bytes()
    samples_end = data.rindex(b"mfra") - 4
    for end in cuts(data)[1:]:
        facts = facts_of(data[:end], tmp_path)
        whole = facts.packets is not None and facts.packets.duration_s == 4
        assert whole is (end >= samples_end), end
        assert facts.problems == () or not whole, end


def test_a_cut_in_what_nobody_plays_is_harmless(clips: ClipLibrary, tmp_path: Path) -> None:
    data = clips["plain.mp4"].read_bytes() + b"\0\0\0\x40free" + bytes(56)
    for end in (len(data), len(data) - 1, len(data) - 60):
        facts = facts_of(data[:end], tmp_path)
        assert (facts.problems, facts.duration_s) == ((), 4)


@pytest.mark.parametrize("name", ["transport.ts", "program.mpg", "flash.flv", "avi.avi", "matroska.mkv", "windows.wmv"])
def test_other_containers_cut_off_make_no_false_claims(clips: ClipLibrary, name: str, tmp_path: Path) -> None:
    data = clips[name].read_bytes()
    for end in cuts(data, 12):
        facts = facts_of(data[:end], tmp_path)
        assert P.CUT_OFF not in facts.problems
        assert facts.duration_s is None or facts.duration_s <= 4


def test_a_hole_of_zeros_is_damage(clips: ClipLibrary, tmp_path: Path) -> None:
    data = bytearray(clips["faststart.mp4"].read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8000] = bytes(8000)
    facts = facts_of(bytes(data), tmp_path)
    assert facts.problems == (P.DAMAGED_PACKETS,)
    assert facts.packets is not None
    assert facts.packets.num_damaged > 0
    assert facts.packets.num_packets == 40


class ScratchedSource(ByteSource):
    """A disc with a scratch: bytes from `scratch_at` on can't be read."""

    scratch_at = 0

    def __init__(self, file: io.FileIO) -> None:
        super().__init__(file)

    def read(self, size: int) -> bytes:
        if self.tell() + size > self.scratch_at:
            self.error = OSError(errno.EIO, "Input/output error")
            return b""
        return super().read(size)


def test_a_scratched_disc(clips: ClipLibrary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = make_clip(tmp_path / "big.mp4", movflags="+faststart", size="320x240", seconds=12, qp=1)
    size = path.stat().st_size
    monkeypatch.setattr(ScratchedSource, "scratch_at", size // 2)
    monkeypatch.setattr(probe_module, "ByteSource", ScratchedSource)
    facts = probe(path).facts
    assert P.READ_ERROR in facts.problems
    assert facts.detail == "Input/output error"
    assert facts.packets is not None
    assert 0 < facts.packets.duration_s < 12


def test_a_checksum_that_cant_be_read(clips: ClipLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(probe_module.hashlib, "file_digest", fail)
    facts = probe(clips["plain.mp4"]).facts
    assert (facts.sha256, facts.problems, facts.duration_s) == (None, (P.READ_ERROR,), 4)


def test_a_file_that_shrinks_while_it_is_read(
    clips: ClipLibrary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clips["plain.mp4"].read_bytes())

    def shrink(file: io.FileIO, notes: object) -> None:
        path.write_bytes(path.read_bytes()[:-100])

    monkeypatch.setattr(probe_module, "_sha256", shrink)
    assert P.READ_ERROR in probe(path).facts.problems


def test_a_file_that_isnt_there_tells_no_path(tmp_path: Path) -> None:
    facts = probe(tmp_path / "gone.mp4").facts
    assert facts.problems == (P.READ_ERROR,)
    assert facts.detail is not None
    assert str(tmp_path) not in facts.detail


@pytest.mark.media
@pytest.mark.skipif(not DISC.exists(), reason="the real footage is not here")
def test_the_lectures_of_the_real_disc() -> None:
    lectures = sorted(DISC.rglob("*授课过程.mp4"))
    assert len(lectures) == 3
    for path in lectures:
        facts = probe(path).facts
        assert facts.problems == ()
        assert facts.header is not None
        assert facts.header.display_size_px == (1366, 768)
        assert facts.packets is not None
        assert (facts.packets.duration_s, facts.packets.typical_keyframe_gap_s) == (600, 2)
