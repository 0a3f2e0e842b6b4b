"""Lengths and gaps from packet times: exact, in any order, in any time base."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.media.index import MAX_PICTURE_GAP_S, PacketTime, build_index, measure, pack_ticks, unpack_ticks
from vidaudit.model.media import PacketFacts


def times(pts: list[int], *, duration: int = 0, keyframes: set[int] | None = None) -> list[PacketTime]:
    keys = {pts[0]} if keyframes is None else keyframes
    return [PacketTime(pts=each, duration=duration, is_keyframe=each in keys) for each in pts]


def facts_of(packets: list[PacketTime], time_base: Fraction, frame_rate: Fraction | None = None) -> PacketFacts:
    index = build_index(packets, time_base)
    return measure(packets, index, frame_rate=frame_rate, num_packets=len(packets), num_damaged=0)


@pytest.mark.parametrize("rate", [Fraction(n) for n in (1, 10, 12, 15, 24, 25, 30, 60)])
@pytest.mark.parametrize("ticks_per_s", [1000, 10240, 12800, 90000])
def test_ten_minutes_are_ten_minutes_at_any_rate(rate: Fraction, ticks_per_s: int) -> None:
    tick = Fraction(1, ticks_per_s)
    pts = [round(picture / rate / tick) for picture in range(int(600 * rate))]
    facts = facts_of(times(pts, duration=int(1 / rate / tick)), tick, rate)
    assert facts.duration_s == 600
    assert facts.covered_s == 600
    assert facts.constant_frame_rate


@pytest.mark.parametrize("missing", [1, 10])
def test_a_missing_picture_at_the_end_is_never_rounded_away(missing: int) -> None:
    pts = [round(picture * 1000 / 25) for picture in range(15_000 - missing)]
    facts = facts_of(times(pts, duration=40), Fraction(1, 1000), Fraction(25))
    assert facts.duration_s == 600 - Fraction(missing, 25)


def test_a_wrong_claimed_rate_changes_nothing() -> None:
    assert facts_of(times([0, 40, 80], duration=40), Fraction(1, 1000), Fraction(10)).duration_s == Fraction(12, 100)


def test_the_last_picture_lasts_the_usual_gap_if_nothing_is_said() -> None:
    assert facts_of(times([0, 100, 200]), Fraction(1, 1000)).duration_s == Fraction(3, 10)


def test_one_picture() -> None:
    facts = facts_of(times([700], duration=40), Fraction(1, 1000))
    assert (facts.duration_s, facts.longest_gap_s, facts.typical_keyframe_gap_s) == (
        Fraction(1, 25),
        Fraction(1, 25),
        None,
    )


def test_two_pictures_ten_minutes_apart_cover_next_to_nothing() -> None:
    facts = facts_of(times([0, 600_000], duration=40), Fraction(1, 1000))
    assert facts.duration_s == Fraction(60_004, 100)
    assert facts.covered_s == MAX_PICTURE_GAP_S + Fraction(4, 100)
    assert (facts.longest_gap_s, facts.longest_gap_at_s) == (600, 0)


def test_a_last_picture_of_ten_minutes_covers_next_to_nothing() -> None:
    facts = facts_of([PacketTime(pts=0, duration=600_000, is_keyframe=True)], Fraction(1, 1000))
    assert (facts.duration_s, facts.covered_s) == (600, MAX_PICTURE_GAP_S)


@pytest.mark.parametrize(("last", "longest"), [(99, (100, 0)), (100, (100, 0)), (10_000, (10_000, 200))])
def test_the_last_picture_may_be_the_longest_gap(last: int, longest: tuple[int, int]) -> None:
    packets = [PacketTime(pts=pts, duration=last if pts == 200 else 100, is_keyframe=True) for pts in (0, 100, 200)]
    facts = facts_of(packets, Fraction(1, 1000))
    assert (facts.longest_gap_s * 1000, facts.longest_gap_at_s * 1000) == longest


@pytest.mark.parametrize(("gap", "covered"), [(999, 999), (1000, 1000), (1001, 1000)])
def test_pauses_count_up_to_the_limit(gap: int, covered: int) -> None:
    assert facts_of(times([0, gap], duration=1), Fraction(1, 1000)).covered_s == Fraction(covered + 1, 1000)


@pytest.mark.parametrize(("gap", "is_pause"), [(12, False), (13, True)])
def test_a_second_that_is_no_whole_number_of_ticks(gap: int, is_pause: bool) -> None:
    facts = facts_of(times([0, gap], duration=1), Fraction(2, 25))
    assert facts.longest_gap_s == gap * Fraction(2, 25)
    assert (facts.covered_s < facts.duration_s) == is_pause


@pytest.mark.parametrize(("gap", "steady"), [(100, True), (110, True), (112, False)])
def test_constant_frame_rate_is_within_a_tenth(gap: int, steady: bool) -> None:
    pts = [0, 100, 200, 300, 300 + gap]
    assert facts_of(times(pts), Fraction(1, 1000)).constant_frame_rate is steady


def test_key_frame_gap_is_the_median() -> None:
    facts = facts_of(times(list(range(0, 1000, 10)), keyframes={0, 100, 200, 900}), Fraction(1, 100))
    assert facts.typical_keyframe_gap_s == 1
    assert facts.num_keyframes == 4


def test_no_packets_have_no_index() -> None:
    with pytest.raises(ValueError, match="without packets"):
        build_index([], Fraction(1, 1000))


@given(st.sets(st.integers(-(2**40), 2**40), min_size=1, max_size=60), st.integers(0, 2**20), st.randoms())
def test_order_and_start_dont_matter(pts: set[int], duration: int, shuffler: random.Random) -> None:
    ordered = times(sorted(pts), duration=duration)
    shuffled = ordered.copy()
    shuffler.shuffle(shuffled)
    facts = facts_of(ordered, Fraction(1, 90_000))
    assert facts_of(shuffled, Fraction(1, 90_000)) == facts
    assert 0 <= facts.covered_s <= facts.duration_s
    assert build_index(shuffled, Fraction(1, 90_000)).seconds(min(pts)) == 0


@given(st.lists(st.integers(-(2**40), 2**40), unique=True).map(sorted))
def test_ticks_survive_packing(ticks):
    packed = np.array(ticks, np.int64)
    assert unpack_ticks(pack_ticks(packed)).tolist() == ticks


def test_a_steady_rhythm_packs_small():
    assert len(pack_ticks(np.arange(0, 15000 * 512, 512))) < 500
