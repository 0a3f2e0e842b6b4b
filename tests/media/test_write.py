"""Writing mended clips: what must survive it, what must never be opened, and what happens when it can't be done."""

import subprocess
from fractions import Fraction
from pathlib import Path

import ffmpeg
import numpy as np
import pytest

from tests.clips import FFMPEG, make_clip, pattern, tone, write
from tests.media.conftest import ClipLibrary
from tests.media.test_streams import two_sizes
from vidaudit.media import write as write_module
from vidaudit.media.probe import Probed, probe
from vidaudit.media.streams import encoded_marks, look_at_pictures, read_streams
from vidaudit.media.write import WriteError, WriteTask, timeout_s, write_mp4
from vidaudit.model.media import Container
from vidaudit.model.repair import ClipWork, Cut, MediaPlan, StreamKind, StreamPlan, StreamWork

DROPPED = (StreamKind.DATA, StreamKind.COVER)


def task(source: Path, target: Path, *, encode: bool = False, size_px: tuple[int, int] | None = None) -> WriteTask:
    probed = probe(source)
    assert probed.index is not None
    film = StreamWork.ENCODE if encode else StreamWork.COPY
    works = {StreamKind.VIDEO: film, StreamKind.SUBTITLE: StreamWork.ENCODE, **dict.fromkeys(DROPPED, StreamWork.DROP)}
    streams = read_streams(source, probed.facts.container)
    plans = tuple(StreamPlan(stream=one, work=works.get(one.kind, StreamWork.COPY)) for one in streams)
    work = ClipWork.TRANSCODE if encode else ClipWork.REMUX
    return WriteTask(
        source=source,
        container=probed.facts.container,
        first_s=probed.index.first_pts * probed.index.time_base,
        target=target,
        media=MediaPlan(work=work, streams=plans, size_px=size_px),
        seconds=probed.facts.duration_s or Fraction(1),
    )


def written(source: Path, target: Path, **options: object) -> Probed:
    write_mp4(task(source, target, **options))  # type: ignore[arg-type]
    return probe(target)


def times(probed: Probed) -> list[float]:
    assert probed.index is not None
    return [float(probed.index.seconds(pts)) for pts in probed.index.picture_pts]


@pytest.mark.parametrize("name", ["vfr.mp4", "b-frames.mp4", "open-gop.mp4", "matroska.mkv", "ntsc.mkv", "bluray.m2ts"])
def test_times_are_kept(clips: ClipLibrary, tmp_path: Path, name: str) -> None:
    made = written(clips[name], tmp_path / "new.mp4")
    assert made.facts.problems == ()
    assert np.allclose(times(made), times(probe(clips[name])), atol=0.002)


def test_a_gap_isnt_closed_up(tmp_path: Path) -> None:
    """ffmpeg by itself takes a long pause in a transport stream for a slip of the clock."""
    first = make_clip(tmp_path / "1.ts", seconds=2, f="mpegts")
    second = make_clip(tmp_path / "2.ts", seconds=2, f="mpegts", output_ts_offset=62)
    (tmp_path / "gap.ts").write_bytes(first.read_bytes() + second.read_bytes())
    facts = written(tmp_path / "gap.ts", tmp_path / "new.mp4").facts
    assert facts.packets is not None
    assert facts.packets.longest_gap_s > 55
    assert facts.packets.num_packets == 40


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("encode", [False, True])
def test_a_turned_picture_is_shown_as_before(clips: ClipLibrary, tmp_path: Path, degrees: int, encode: bool) -> None:
    source = clips.turned(degrees)
    made = written(source, tmp_path / "new.mp4", encode=encode)
    before = probe(source).facts.header
    assert before is not None
    assert made.facts.header is not None
    assert made.facts.header.display_size_px == before.display_size_px
    assert encode or made.facts.header.rotation_deg == degrees


def test_pixel_aspect_is_kept(clips: ClipLibrary, tmp_path: Path) -> None:
    for encode in (False, True):
        header = written(clips["anamorphic.mp4"], tmp_path / f"{encode}.mp4", encode=encode).facts.header
        assert header is not None
        assert header.display_size_px == (1024, 576)


def test_several_sounds_and_subtitles_survive(tmp_path: Path) -> None:
    subtitles = tmp_path / "a.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,000\n你好\n", encoding="utf-8")
    inputs = (pattern(), tone(), tone(), ffmpeg.input(str(subtitles)))
    source = write(tmp_path / "a.mkv", *inputs, acodec="aac", scodec="srt")
    write_mp4(task(source, tmp_path / "new.mp4"))
    kinds = [one.kind for one in read_streams(tmp_path / "new.mp4", Container.MP4)]
    assert kinds == [StreamKind.VIDEO, StreamKind.AUDIO, StreamKind.AUDIO, StreamKind.SUBTITLE]
    before, after = encoded_marks(source, Container.MATROSKA), encoded_marks(tmp_path / "new.mp4", Container.MP4)
    assert {index: after[index] for index in (0, 1, 2)} == {index: before[index] for index in (0, 1, 2)}


def test_several_sizes_become_the_smallest_and_nothing_is_enlarged(tmp_path: Path) -> None:
    made = written(two_sizes(tmp_path), tmp_path / "new.mp4", encode=True, size_px=(128, 96))
    assert made.index is not None
    assert look_at_pictures(tmp_path / "new.mp4", Container.MP4, made.index).sizes_px == ((128, 96),)
    assert len(made.index.picture_pts) >= 39  # the last one before the joint ends without a successor


def test_a_smaller_stretch_that_nobody_saw_isnt_enlarged(tmp_path: Path) -> None:
    """It gets a border instead: the first picture's corner then is black."""
    made = written(two_sizes(tmp_path), tmp_path / "new.mp4", encode=True, size_px=(160, 120))
    assert made.facts.header is not None
    assert made.facts.header.display_size_px == (160, 120)
    command = [FFMPEG, "-loglevel", "error", "-sseof", "-0.15", "-i", str(tmp_path / "new.mp4")]
    command += ["-vframes", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    raw = subprocess.run(command, check=True, capture_output=True)
    picture = np.frombuffer(raw.stdout, np.uint8).reshape(120, 160)
    assert picture[:10].max() < 24
    assert picture[60].max() > 60


def test_a_cut_keeps_the_first_pictures_and_no_more_sound(tmp_path: Path) -> None:
    source = write(tmp_path / "a.mp4", pattern(seconds=8), tone(8), acodec="aac", bf=2)
    whole = task(source, tmp_path / "new.mp4")
    media = MediaPlan(work=ClipWork.REMUX, streams=whole.media.streams, cut=Cut(end_s=Fraction(5), num_pictures=50))
    write_mp4(
        WriteTask(
            source=source, container=Container.MP4, first_s=whole.first_s, target=whole.target, media=media, seconds=8
        )
    )
    made = probe(whole.target).facts
    assert made.duration_s == 5
    before, after = encoded_marks(source, Container.MP4), encoded_marks(whole.target, Container.MP4)
    assert before[0].startswith(after[0])
    assert before[1].startswith(after[1])
    assert 0.6 < len(after[1]) / len(before[1]) < 0.66


def test_no_other_file_is_opened(tmp_path: Path) -> None:
    """A playlist that is taken for an AVI isn't followed, whatever it names."""
    secret = make_clip(tmp_path / "secret.mp4")
    playlist = tmp_path / "list.avi"
    playlist.write_text(f"ffconcat version 1.0\nfile '{secret}'\n")
    streams = tuple(StreamPlan(stream=one, work=StreamWork.COPY) for one in read_streams(secret, Container.MP4))
    media = MediaPlan(work=ClipWork.REMUX, streams=streams)
    one = WriteTask(
        source=playlist,
        container=Container.AVI,
        first_s=Fraction(0),
        target=tmp_path / "new.mp4",
        media=media,
        seconds=Fraction(4),
    )
    with pytest.raises(WriteError) as told:
        write_mp4(one)
    assert str(tmp_path) not in str(told.value)
    assert not (tmp_path / "new.mp4").exists()


@pytest.mark.parametrize("name", ["-i.mp4", "a:b.mp4", "a b'c\"d.mp4", "%d.mp4", "坏\n名.mp4", "a|b.mp4"])
def test_hostile_names(clips: ClipLibrary, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(clips["plain.mp4"].read_bytes())
    assert written(source, tmp_path / "new.mp4").facts.duration_s == 4


def test_what_hangs_is_given_up(clips: ClipLibrary, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(write_module, "timeout_s", lambda _: 0.001)
    with pytest.raises(WriteError, match="longer than"):
        write_mp4(task(clips["plain.mp4"], tmp_path / "new.mp4", encode=True))
    assert not (tmp_path / "new.mp4").exists()


def test_encoding_may_take_longer_than_copying(clips: ClipLibrary, tmp_path: Path) -> None:
    copied, encoded = (task(clips["plain.mp4"], tmp_path / "new.mp4", encode=encode) for encode in (False, True))
    assert timeout_s(encoded) - timeout_s(copied) == pytest.approx(48)


def test_nothing_is_overwritten(clips: ClipLibrary, tmp_path: Path) -> None:
    (tmp_path / "new.mp4").write_bytes(b"mine")
    with pytest.raises(WriteError):
        write_mp4(task(clips["plain.mp4"], tmp_path / "new.mp4"))
    assert (tmp_path / "new.mp4").read_bytes() == b"mine"


def test_sound_that_mp4_lacks_is_encoded(tmp_path: Path) -> None:
    source = write(tmp_path / "a.avi", pattern(), tone(), acodec="pcm_alaw")
    plain = task(source, tmp_path / "new.mp4")
    streams = tuple(
        StreamPlan(stream=one.stream, work=StreamWork.ENCODE if one.stream.kind is StreamKind.AUDIO else one.work)
        for one in plain.media.streams
    )
    media = MediaPlan(work=ClipWork.REMUX, streams=streams)
    write_mp4(
        WriteTask(
            source=source,
            container=plain.container,
            first_s=plain.first_s,
            target=plain.target,
            media=media,
            seconds=plain.seconds,
        )
    )
    assert [one.codec for one in read_streams(plain.target, Container.MP4)] == ["h264", "aac"]
    assert encoded_marks(plain.target, Container.MP4)[0] == encoded_marks(source, Container.AVI)[0]
