"""Planned pictures come out exact, upright, in order; what can't be decoded is counted."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import ffmpeg
import numpy as np
import numpy.typing as npt
import pytest

from tests.clips import make_clip, write
from tests.media.conftest import ClipLibrary
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import Mode, Plan, plan
from vidaudit.media.probe import Probed, probe
from vidaudit.model.evidence import DecodeFacts
from vidaudit.model.media import Frame, Sampling
from vidaudit.model.submission import ClipKind

Pictures = dict[Fraction, npt.NDArray[np.uint8]]
DISC = Path(__file__).parents[3] / "shared" / "media" / "disc-real"


def decode(
    path: Path, mode: Mode, pts: Iterable[int] | None = None, *, probed: Probed | None = None
) -> tuple[Pictures, DecodeFacts]:
    probed = probed or probe(path)
    assert probed.index is not None
    chosen = probed.index.keyframe_pts if mode == "keyframes" else probed.index.picture_pts
    decoder = Decoder(
        path, probed.facts, probed.index, Plan(mode=mode, pts=tuple(map(int, chosen if pts is None else pts)))
    )
    return {frame.at_s: frame.image for frame in decoder}, decoder.facts


KINDS = [
    "plain.mp4",
    "fragmented.mp4",
    "hevc.mp4",
    "mpeg4.mp4",
    "b-frames.mp4",
    "open-gop.mp4",
    "one-keyframe.mp4",
    "one-picture.mp4",
    "ten-bit.mp4",
    "odd-size.mp4",
    "gray.mp4",
    "vfr.mp4",
    "matroska.mkv",
    "webm.webm",
    "transport.ts",
    "program.mpg",
    "flash.flv",
    "avi.avi",
    "avi-b-frames.avi",
    "windows.wmv",
]


@pytest.mark.parametrize("name", KINDS)
def test_every_picture_of_every_kind(clips: ClipLibrary, name: str) -> None:
    probed = probe(clips[name])
    assert probed.index is not None
    assert probed.facts.header is not None
    pictures, facts = decode(clips[name], "frames", probed=probed)
    assert facts == DecodeFacts(
        mode="frames", num_planned=len(probed.index.picture_pts), num_decoded=len(probed.index.picture_pts)
    )
    times = sorted(pictures) if name == "avi-b-frames.avi" else list(pictures)  # AVI stores no times of display
    assert times == [probed.index.seconds(pts) for pts in probed.index.picture_pts]
    width, height = probed.facts.header.display_size_px or (0, 0)
    for image in pictures.values():
        assert image.shape == (height, width, 3)
        assert image.dtype == np.uint8
        assert image.flags["C_CONTIGUOUS"]


@pytest.mark.parametrize("name", [name for name in KINDS if name != "one-picture.mp4"])
def test_key_frames_alone_look_as_in_the_run(clips: ClipLibrary, name: str) -> None:
    every, _ = decode(clips[name], "frames")
    alone, facts = decode(clips[name], "keyframes")
    assert facts.num_decoded == facts.num_planned > 0
    for at_s, image in alone.items():
        np.testing.assert_array_equal(image, every[at_s])


@pytest.mark.parametrize("name", ["plain.mp4", "b-frames.mp4", "open-gop.mp4", "hevc.mp4", "transport.ts"])
@pytest.mark.parametrize("too_little", [True, False])
def test_pictures_between_key_frames_are_decoded_where_needed(clips: ClipLibrary, name: str, too_little: bool) -> None:
    probed = probe(clips[name])
    assert probed.index is not None
    every, _ = decode(clips[name], "frames", probed=probed)
    keyframes, last = set(probed.index.keyframe_pts.tolist()), int(probed.index.picture_pts[-1])
    between = sorted(set(probed.index.picture_pts.tolist()) - keyframes - {last})
    chosen = Plan(mode="keyframes", pts=tuple(sorted({*keyframes, last})), between=tuple(between))
    alone = {probed.index.seconds(pts) for pts in keyframes}
    asked: list[tuple[Fraction, Fraction]] = []
    given: list[Fraction] = []

    def ask(before: Frame, after: Frame) -> bool:
        assert given[-1] == before.at_s < after.at_s
        asked.append((before.at_s, after.at_s))
        return too_little

    decoder = Decoder(clips[name], probed.facts, probed.index, chosen, ask)
    for frame in decoder:
        given.append(frame.at_s)
        np.testing.assert_array_equal(frame.image, every[frame.at_s])
    assert given == sorted(set(given))
    assert {(one, two) for one, two in asked if {one, two} <= alone} == set(pairwise(sorted(alone)))
    assert decoder.facts.num_decoded == decoder.facts.num_planned == len(given)
    assert given[-1] == probed.index.seconds(last)
    if too_little and name in ("open-gop.mp4", "hevc.mp4"):  # a few before each key frame need that one too
        assert len(given) >= 0.6 * len(probed.index.picture_pts)
    elif too_little:
        assert len(given) == len(probed.index.picture_pts)
    else:
        assert given == [probed.index.seconds(pts) for pts in chosen.pts]


def test_no_more_pictures_than_are_needed(clips: ClipLibrary) -> None:
    """As long as no two that are given are further than 0.3 s from each other, the others are left out."""
    probed = probe(clips["plain.mp4"])
    assert probed.index is not None
    pictures = probed.index.picture_pts.tolist()
    must = sorted({*probed.index.keyframe_pts.tolist(), pictures[-1]})
    chosen = Plan(mode="keyframes", pts=tuple(must), between=tuple(sorted(set(pictures) - set(must))))
    decoder = Decoder(
        clips["plain.mp4"], probed.facts, probed.index, chosen, lambda one, two: two.at_s - one.at_s > Fraction(3, 10)
    )
    times = [frame.at_s for frame in decoder]
    assert times[:5] == [Fraction(tenths, 10) for tenths in (0, 3, 6, 9, 10)]
    assert len(times) == 16
    assert decoder.facts.num_planned == decoder.facts.num_decoded == len(times)


def test_what_is_missing_at_the_end_is_a_failure(clips: ClipLibrary, tmp_path: Path) -> None:
    whole = probe(clips["transport.ts"])
    assert whole.index is not None
    cut = tmp_path / "cut.ts"
    cut.write_bytes(clips["transport.ts"].read_bytes()[:-30_000])
    chosen = Plan(mode="keyframes", pts=(*whole.index.keyframe_pts.tolist(), int(whole.index.picture_pts[-1])))
    decoder = Decoder(cut, whole.facts, whole.index, chosen)
    list(decoder)
    assert float(whole.index.seconds(whole.index.picture_pts[-1])) in decoder.facts.failed_at_s


@pytest.mark.parametrize("name", ["plain.mp4", "b-frames.mp4", "open-gop.mp4", "hevc.mp4", "avi-b-frames.avi"])
@pytest.mark.parametrize("offset", [0, 1, 2, 3])
def test_leaving_pictures_out_changes_no_other(clips: ClipLibrary, name: str, offset: int) -> None:
    probed = probe(clips[name])
    assert probed.index is not None
    every, _ = decode(clips[name], "frames", probed=probed)
    some, facts = decode(clips[name], "frames", probed.index.picture_pts[offset::7], probed=probed)
    assert facts.num_decoded == facts.num_planned
    for at_s, image in some.items():
        np.testing.assert_array_equal(image, every[at_s])


def test_pictures_behind_an_edit_list(clips: ClipLibrary) -> None:
    whole, _ = decode(clips["one-keyframe.mp4"], "frames")
    trimmed, facts = decode(clips.trimmed(), "frames")
    assert facts.num_decoded == 24
    np.testing.assert_array_equal(trimmed[Fraction(0)], whole[Fraction(16, 10)])


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_pictures_stand_upright(clips: ClipLibrary, degrees: int) -> None:
    plain, _ = decode(clips["plain.mp4"], "keyframes")
    turned, _ = decode(clips.turned(degrees), "keyframes")
    for at_s, image in turned.items():
        np.testing.assert_array_equal(image, np.rot90(plain[at_s], -degrees // 90))


def test_anamorphic_pictures_get_square_pixels(clips: ClipLibrary) -> None:
    pictures, _ = decode(clips["anamorphic.mp4"], "keyframes")
    assert {image.shape for image in pictures.values()} == {(576, 1024, 3)}


@pytest.mark.parametrize(
    "options",
    [{}, {"vf": "scale=out_range=full", "pix_fmt": "yuvj420p", "color_range": "pc"}],
    ids=["limited range", "full range"],
)
def test_colours_are_blue_green_red_from_0_to_255(tmp_path: Path, options: dict[str, str]) -> None:
    for colour, expected in {"white": (255, 255, 255), "black": (0, 0, 0), "blue": (255, 0, 0)}.items():
        source = ffmpeg.input(f"color={colour}:size=64x64:duration=0.2:rate=5", f="lavfi")
        path = write(tmp_path / f"{colour}.mp4", source, **options)
        pictures, _ = decode(path, "keyframes")
        np.testing.assert_allclose(pictures[Fraction(0)][32, 32], expected, atol=3)


def test_a_size_that_changes_midway(tmp_path: Path) -> None:
    small = make_clip(tmp_path / "small.ts", seconds=2, bf=0)
    large = make_clip(tmp_path / "large.ts", seconds=2, bf=0, size="320x240", output_ts_offset=3)
    both = tmp_path / "both.ts"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    for mode in ("keyframes", "frames"):
        pictures, facts = decode(both, mode)
        assert facts.failed_at_s == ()
        assert {image.shape for image in pictures.values()} == {(120, 160, 3), (240, 320, 3)}


def damaged(clip: Path, path: Path, start: int) -> Path:
    data = bytearray(clip.read_bytes())
    data[start : start + 1500] = bytes(each * 37 % 251 for each in range(1500))
    path.write_bytes(data)
    return path


def test_a_damaged_key_frame_is_counted_and_the_others_come_out(clips: ClipLibrary, tmp_path: Path) -> None:
    clip = clips["faststart.mp4"]
    path = damaged(clip, tmp_path / "damaged.mp4", _keyframe_positions(clip)[2] + 200)
    whole, _ = decode(clip, "keyframes")
    pictures, facts = decode(path, "keyframes")
    assert facts.failed_at_s == (2.0,)
    assert (facts.num_planned, facts.num_decoded) == (4, 3)
    assert facts.detail is not None
    for at_s, image in pictures.items():
        np.testing.assert_array_equal(image, whole[at_s])


def test_damage_in_the_run_is_counted_until_the_next_key_frame(clips: ClipLibrary, tmp_path: Path) -> None:
    clip = clips["faststart.mp4"]
    path = damaged(clip, tmp_path / "damaged.mp4", _keyframe_positions(clip)[2] + 200)
    pictures, facts = decode(path, "frames")
    assert facts.failed_at_s[0] == 2.0
    assert facts.num_decoded + len(facts.failed_at_s) == facts.num_planned == 40
    assert {Fraction(19, 10), Fraction(3)} <= set(pictures)


def _keyframe_positions(clip: Path) -> list[int]:
    with av.open(str(clip)) as media:
        packets = list(media.demux(media.streams.video[0]))
    return [packet.pos for packet in packets if packet.is_keyframe and packet.pos is not None]


@pytest.mark.parametrize("name", ["plain.mp4", "b-frames.mp4", "mpeg4.mp4", "hevc.mp4"])
def test_recorders_that_mark_every_picture_as_a_key_frame(clips: ClipLibrary, name: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clips[name].read_bytes().replace(b"stss", b"free"))
    every, _ = decode(clips[name], "frames")
    pictures, facts = decode(path, "keyframes")
    assert facts.failed_at_s == ()
    assert list(pictures) == sorted(pictures)
    for at_s, image in pictures.items():
        np.testing.assert_array_equal(image, every[at_s])


@pytest.mark.parametrize(("max_side_px", "is_smaller"), [(10_000, False), (100, True)])
def test_pictures_may_be_given_smaller(clips: ClipLibrary, max_side_px: int, is_smaller: bool) -> None:
    probed = probe(clips["plain.mp4"])
    assert probed.index is not None
    every, _ = decode(clips["plain.mp4"], "keyframes", probed=probed)
    chosen = Plan(mode="keyframes", pts=tuple(map(int, probed.index.keyframe_pts)))
    given = Decoder(clips["plain.mp4"], probed.facts, probed.index, chosen, max_side_px=max_side_px)
    for frame in given:
        whole = every[frame.at_s]
        if is_smaller:
            assert max(frame.image.shape[:2]) == max_side_px
            assert abs(float(frame.image.mean()) - float(whole.mean())) < 2
        else:
            np.testing.assert_array_equal(frame.image, whole)
    assert given.facts.num_decoded == len(every) > 0


def test_too_large_a_picture_is_refused(clips: ClipLibrary) -> None:
    pictures, facts = decode(clips["too-wide.mp4"], "keyframes")
    assert pictures == {}
    assert facts.detail == "a picture of 8208 x 16 pixels is too large"
    assert len(facts.failed_at_s) == facts.num_planned


def test_a_file_that_vanished_fails_everywhere(clips: ClipLibrary, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clips["plain.mp4"].read_bytes())
    probed = probe(path)
    path.unlink()
    pictures, facts = decode(path, "keyframes", probed=probed)
    assert pictures == {}
    assert facts.failed_at_s == (0.0, 1.0, 2.0, 3.0)
    assert facts.detail is not None
    assert str(tmp_path) not in facts.detail


def test_a_file_that_lost_its_end_fails_there(clips: ClipLibrary, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    data = clips["faststart.mp4"].read_bytes()
    path.write_bytes(data)
    probed = probe(path)
    path.write_bytes(data[: _keyframe_positions(clips["faststart.mp4"])[2]])
    pictures, facts = decode(path, "keyframes", probed=probed)
    assert list(pictures) == [0, 1]
    assert facts.failed_at_s == (2.0, 3.0)


def test_stopping_early_counts_no_failures(clips: ClipLibrary) -> None:
    probed = probe(clips["plain.mp4"])
    assert probed.index is not None
    decoder = Decoder(clips["plain.mp4"], probed.facts, probed.index, Plan(mode="keyframes", pts=(0, 10240, 20480)))
    next(iter(decoder))
    assert (decoder.facts.num_decoded, decoder.facts.failed_at_s) == (1, ())


@pytest.mark.media
@pytest.mark.skipif(not DISC.exists(), reason="the real footage is not here")
def test_a_real_lecture() -> None:
    path = min(DISC.rglob("*授课过程.mp4"))
    probed = probe(path)
    assert probed.index is not None
    decoder = Decoder(path, probed.facts, probed.index, plan(probed.index, ClipKind.LECTURE, Sampling()))
    shapes = {frame.image.shape for frame in decoder}
    assert shapes == {(768, 1366, 3)}
    assert (decoder.facts.num_decoded, decoder.facts.failed_at_s) == (61, ())
