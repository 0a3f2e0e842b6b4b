"""Which pictures are looked at: near the wanted grid, ends included, never too many."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.media.index import PacketIndex
from vidaudit.media.plan import Plan, plan, stretches_of
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind

MS = Fraction(1, 1000)
EVERY_SECOND = Sampling(lecture_interval_s=Fraction(1))


def index_of(pictures: list[int], keyframes: list[int]) -> PacketIndex:
    return PacketIndex(
        first_pts=pictures[0],
        time_base=MS,
        picture_pts=np.array(sorted(pictures), dtype=np.int64),
        keyframe_pts=np.array(sorted(keyframes), dtype=np.int64),
    )


def clip(seconds: int, keyframe_every_s: float, *, rate: int = 10, start: int = 0) -> PacketIndex:
    pictures = [start + round(each * 1000 / rate) for each in range(seconds * rate)]
    return index_of(pictures, pictures[:: round(keyframe_every_s * rate)])


def seconds(chosen: Plan, index: PacketIndex) -> list[float]:
    return [float(index.seconds(pts)) for pts in chosen.pts]


def test_a_face_clip_with_key_frames_every_second() -> None:
    index = clip(5, 1)
    assert seconds(plan(index, ClipKind.FACE, Sampling()), index) == [0, 1, 2, 3, 4]


def test_a_lecture_takes_a_key_frame_every_ten_seconds() -> None:
    index = clip(600, 2)
    chosen = plan(index, ClipKind.LECTURE, Sampling())
    assert chosen.mode == "keyframes"
    assert len(chosen.pts) == 61
    assert seconds(chosen, index)[-1] == 598


@pytest.mark.parametrize(("keyframe_every_s", "mode"), [(1.9, "keyframes"), (2, "keyframes"), (2.1, "frames")])
def test_key_frames_suffice_up_to_the_slack(keyframe_every_s: float, mode: str) -> None:
    assert plan(clip(20, keyframe_every_s), ClipKind.LECTURE, EVERY_SECOND).mode == mode


@pytest.mark.parametrize(("hole_s", "mode"), [(5, "keyframes"), (6, "keyframes"), (7, "frames")])
def test_one_hole_among_the_key_frames(hole_s: int, mode: str) -> None:
    pictures = list(range(0, 30_000, 100))
    keyframes = [pts for pts in range(0, 30_000, 1000) if not 10_000 < pts < 10_000 + hole_s * 1000]
    assert plan(index_of(pictures, keyframes), ClipKind.LECTURE, EVERY_SECOND).mode == mode


@pytest.mark.parametrize("keyframes", [[0, 1000, 2000], [7000, 8000, 9000], []], ids=["start", "end", "none"])
def test_key_frames_must_reach_both_ends(keyframes: list[int]) -> None:
    chosen = plan(index_of(list(range(0, 10_000, 100)), keyframes), ClipKind.LECTURE, EVERY_SECOND)
    assert chosen.mode == "frames"
    assert (chosen.pts[0], chosen.pts[-1]) == (0, 9900)


def test_other_clips_are_sampled_like_lectures() -> None:
    index = clip(60, 1)
    assert plan(index, ClipKind.OTHER, Sampling()) == plan(index, ClipKind.LECTURE, Sampling())


def test_one_picture() -> None:
    assert plan(index_of([40], [40]), ClipKind.FACE, Sampling()) == Plan(mode="keyframes", pts=(40,))


@pytest.mark.parametrize("max_frames", [2, 3, 50])
def test_the_interval_grows_rather_than_the_number(max_frames: int) -> None:
    index = clip(400, 1)
    chosen = plan(index, ClipKind.FACE, Sampling(max_frames=max_frames))
    assert len(chosen.pts) == max_frames
    assert seconds(chosen, index)[-1] == 399


def test_a_long_clip_gets_by_with_rare_key_frames() -> None:
    assert plan(clip(400, 20), ClipKind.LECTURE, Sampling(max_frames=20)).mode == "keyframes"


@given(
    pictures=st.sets(st.integers(-5000, 100_000), min_size=1, max_size=80),
    every=st.integers(1, 20),
    interval_s=st.fractions(Fraction(1, 10), 20),
    max_frames=st.integers(2, 40),
)
def test_every_plan_is_sound(pictures: set[int], every: int, interval_s: Fraction, max_frames: int) -> None:
    ordered = sorted(pictures)
    index = index_of(ordered, ordered[::every])
    chosen = plan(index, ClipKind.LECTURE, Sampling(lecture_interval_s=interval_s, max_frames=max_frames))
    assert chosen.between == ()
    candidates = ordered if chosen.mode == "frames" else ordered[::every]
    assert list(chosen.pts) == sorted(set(chosen.pts))
    assert set(chosen.pts) <= set(candidates)
    assert 1 <= len(chosen.pts) <= max_frames
    # Neighbours are at most one step of the grid apart, plus what the nearest candidates are off at either end.
    step = max(interval_s * 1000, Fraction(ordered[-1] - ordered[0], max_frames - 1))
    slack = max(np.diff([ordered[0], *candidates, ordered[-1]]))
    assert max(np.diff(chosen.pts), default=0) <= step + slack + 1
    assert chosen.pts[0] - ordered[0] <= slack
    assert ordered[-1] - chosen.pts[-1] <= slack


ONCE = Sampling(keyframe_slack=Fraction(1))


def test_a_face_clip_is_led_by_its_key_frames() -> None:
    index = clip(11, 2)
    chosen = plan(index, ClipKind.FACE, ONCE)
    assert chosen.mode == "keyframes"
    assert seconds(chosen, index) == [0, 2, 4, 6, 8, 10, 10.9]
    assert [float(index.seconds(pts)) for pts in chosen.between] == pytest.approx(
        [1, 1.5, 3, 3.5, 5, 5.4, 6.9, 7.4, 8.9, 9.4], abs=0.11
    )


@pytest.mark.parametrize(
    ("keyframe_every_s", "num_between"),
    [(0.9, 0), (1.0, 0), (1.1, 10), (10, 108)],
    ids=["near", "at", "beyond", "rare"],
)
def test_what_lies_between_the_key_frames_of_a_face_clip(keyframe_every_s: float, num_between: int) -> None:
    assert len(plan(clip(60, keyframe_every_s), ClipKind.FACE, ONCE).between) == num_between


@pytest.mark.parametrize(("keyframe_every_s", "mode"), [(30, "keyframes"), (31, "frames")])
def test_no_more_than_half_a_minute_is_held(keyframe_every_s: float, mode: str) -> None:
    assert plan(clip(90, keyframe_every_s), ClipKind.FACE, ONCE).mode == mode


@given(
    pictures=st.sets(st.integers(-5000, 100_000), min_size=1, max_size=80),
    every=st.integers(1, 20),
    interval_s=st.fractions(Fraction(1, 10), 20),
    max_frames=st.integers(2, 40),
)
def test_every_plan_of_a_face_clip_is_sound(
    pictures: set[int], every: int, interval_s: Fraction, max_frames: int
) -> None:
    ordered = sorted(pictures)
    index = index_of(ordered, ordered[::every])
    chosen = plan(index, ClipKind.FACE, Sampling(face_interval_s=interval_s, max_frames=max_frames))
    every_pts = sorted({*chosen.pts, *chosen.between})
    assert len(every_pts) == len(chosen.pts) + len(chosen.between) <= max_frames
    assert list(chosen.pts) == sorted(chosen.pts)
    assert set(every_pts) <= set(ordered)
    if chosen.mode == "keyframes":
        assert set(chosen.pts) - {ordered[-1]} <= set(ordered[::every])
        kept = {pts for stretch in stretches_of(chosen, index).values() for pts in (stretch.keyframe, *stretch.wanted)}
        assert kept == set(chosen.pts)
    step = max(interval_s * 1000, Fraction(ordered[-1] - ordered[0], max_frames - 1))
    assert max(np.diff(every_pts), default=0) <= 2 * step + max(np.diff(ordered), default=0) + 1


@pytest.mark.parametrize("kind", [ClipKind.LECTURE, ClipKind.OTHER])
def test_a_short_clip_is_looked_at_more_than_once(kind: ClipKind) -> None:
    chosen = plan(clip(40, 40), kind, Sampling(lecture_interval_s=Fraction(10), min_frames=8))
    assert len(chosen.pts) == 8
    assert chosen.mode == "frames"


def test_a_clip_has_no_more_pictures_than_it_has() -> None:
    index = index_of([0, 100, 200], [0])
    assert plan(index, ClipKind.LECTURE, Sampling(min_frames=8)).pts == (0, 100, 200)
