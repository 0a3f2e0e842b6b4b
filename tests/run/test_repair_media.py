"""What is done to a clip's content, decided from facts; the cut of a lecture at its boundaries."""

from fractions import Fraction

import numpy as np
import pytest

from vidaudit.judge.catalogue import bind
from vidaudit.media.index import PacketIndex
from vidaudit.model.media import Container, HeaderFacts, MediaProbe, ProbeProblem
from vidaudit.model.repair import ClipWork, StreamFacts, StreamKind, StreamWork
from vidaudit.model.submission import ClipKind
from vidaudit.profile import load_profile
from vidaudit.run.repair_media import ClipLook, decide, lecture_cut, wanted_of

WANTED = wanted_of(bind(load_profile("huguan-2024")))


def index(pictures: list[int], keyframes: list[int]) -> PacketIndex:
    """Times in seconds."""
    made = (np.array(times, np.int64) for times in (pictures, keyframes))
    return PacketIndex(first_pts=pictures[0], time_base=Fraction(1), picture_pts=next(made), keyframe_pts=next(made))


@pytest.mark.parametrize(
    ("keyframes", "end_s"),
    [([0, 599, 601], 601), ([0, 600], 600), ([0, 599], None), ([0], None), ([0, 600, 602], 600)],
)
def test_a_cut_ends_at_the_first_key_frame_that_is_late_enough(keyframes: list[int], end_s: int | None) -> None:
    cut = lecture_cut(index(list(range(700)), keyframes), 600)
    assert (None if cut is None else cut.end_s) == end_s
    assert cut is None or cut.num_pictures == end_s


def test_a_pause_is_made_up_for() -> None:
    pictures = [*range(100), *range(200, 900)]
    cut = lecture_cut(index(pictures, pictures), 600)
    assert cut is not None
    assert cut.end_s == 700
    assert cut.num_pictures == 600


def look(
    container: Container, codec: str = "h264", *, problems: tuple[ProbeProblem, ...] = (), **more: object
) -> ClipLook:
    film = StreamFacts(index=0, kind=StreamKind.VIDEO, codec=codec, codec_profile=None, pixel_format="yuv420p")
    sound = StreamFacts(index=1, kind=StreamKind.AUDIO, codec=str(more.pop("sound", "aac")))
    facts = MediaProbe(container=container, bytes=1, header=HeaderFacts(codec=codec), problems=problems)
    return ClipLook(facts=facts, index=index([0, 1], [0]), streams=(film, sound), **more)  # type: ignore[arg-type]


P = ProbeProblem


@pytest.mark.parametrize(
    ("one", "work", "notes"),
    [
        (look(Container.MP4), ClipWork.COPY, []),
        (look(Container.AVI), ClipWork.REMUX, []),
        (look(Container.AVI, "mpeg4"), ClipWork.REMUX, []),
        (look(Container.AVI, problems=(P.DAMAGED_PACKETS,)), ClipWork.REMUX, []),
        (look(Container.AVI, "wmv2", problems=(P.DAMAGED_PACKETS,)), ClipWork.COPY, ["damaged"]),
        (look(Container.MPEG_PS, problems=(P.NO_TIMESTAMPS,)), ClipWork.COPY, ["not-mendable"]),
        (look(Container.MP4, problems=(P.CUT_OFF,)), ClipWork.COPY, ["not-mendable"]),
        (look(Container.MP4, "hevc"), ClipWork.TRANSCODE, []),
        (look(Container.MP4, sizes_px=((2, 2), (4, 4))), ClipWork.TRANSCODE, []),
        (look(Container.AVI, sound="pcm_alaw"), ClipWork.REMUX, ["sound-encoded"]),
    ],
)
def test_what_is_done(one: ClipLook, work: ClipWork, notes: list[str]) -> None:
    made = decide(one, ClipKind.FACE, WANTED, cut_lectures=True)
    assert made.media.work is work
    assert [note.code for note in made.notes] == notes


def test_what_cant_be_in_an_mp4_is_dropped_and_told() -> None:
    plain = look(Container.MATROSKA)
    data = StreamFacts(index=2, kind=StreamKind.DATA, codec="ttf")
    one = ClipLook(facts=plain.facts, index=plain.index, streams=(*plain.streams, data))
    made = decide(one, ClipKind.LECTURE, WANTED, cut_lectures=False)
    assert [stream.work for stream in made.media.streams] == [StreamWork.COPY, StreamWork.COPY, StreamWork.DROP]
    assert [note.code for note in made.notes] == ["stream-dropped"]
