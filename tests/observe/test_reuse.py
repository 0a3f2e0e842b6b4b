"""Comparing fingerprints: shared packets with their lags, and curves that run alike."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from vidaudit.model.fingerprint import LEVELS_PER_UNIT, ClipFingerprint
from vidaudit.observe.reuse import BIN_S, Matcher, extended, prepared, repeated_stream, same_stream, sharpened


def fingerprint(levels=(), marks=(), at_s=()):
    return ClipFingerprint(
        duration_s=Fraction(round(5 * max(len(levels), 1)), 25),
        curve=np.clip(np.round(np.asarray(levels) * LEVELS_PER_UNIT), -127, 127).astype(np.int8).tobytes(),
        marks=np.array(marks, "<u8").tobytes(),
        marks_at=np.round(1000 * np.asarray(at_s)).astype("<u4").tobytes(),
    )


def motion(seed, number=3000):
    """What moves in a room: lively and quiet by turns."""
    return gaussian_filter1d(np.random.default_rng(seed).normal(0, 1.5, number), 2)


def marked(first, number, begins_s=0.0, step_s=1.0):
    return fingerprint(marks=np.arange(first, first + number), at_s=begins_s + step_s * np.arange(number))


def test_the_same_packets_are_found_with_their_lag():
    (found,) = same_stream(marked(100, 60), marked(110, 50, begins_s=3.5))
    assert (found.first.start_s, found.first.end_s) == (10.0, 59.0)
    assert found.lag_s == pytest.approx(-6.5)


@pytest.mark.parametrize(("seconds", "is_found"), [(4, False), (5, True), (6, True)])
def test_five_seconds_of_packets_are_enough(seconds, is_found):
    piece = marked(50, seconds + 1)
    assert bool(same_stream(marked(0, 100), piece)) is is_found


def test_two_marks_are_an_accident():
    assert not same_stream(marked(0, 2, step_s=30), marked(0, 2, step_s=30))


def test_a_piece_in_another_order_is_two_pieces():
    swapped = fingerprint(marks=[*range(20, 40), *range(20)], at_s=range(40))
    assert sorted(round(found.lag_s) for found in same_stream(marked(0, 40), swapped)) == [-20, 20]


@pytest.mark.parametrize(("missing", "num_pieces"), [(2, 1), (3, 2)])
def test_packets_that_are_not_there_end_a_stretch(missing, num_pieces):
    hashes = [*range(20), *range(20 + missing, 40)]
    other = fingerprint(marks=hashes, at_s=hashes)
    assert len(same_stream(marked(0, 40), other)) == num_pieces


def test_different_streams_share_nothing():
    assert same_stream(marked(0, 50), marked(1000, 50)) == ()
    assert same_stream(fingerprint(), fingerprint()) == ()


def test_packets_that_come_again_are_a_loop():
    (found,) = repeated_stream(fingerprint(marks=[*range(10), *range(10)], at_s=range(20)))
    assert (found.first.start_s, found.first.end_s, found.lag_s) == (0.0, 9.0, 10.0)
    assert repeated_stream(marked(0, 50)) == ()


@pytest.mark.parametrize("cut_bins", [0, 1, 185, 1500])
def test_a_noisy_copy_leads_at_the_right_lag(cut_bins):
    lesson = motion(1)
    copy = lesson[cut_bins:] + np.random.default_rng(2).normal(0, 0.4, len(lesson) - cut_bins)
    best = Matcher(prepared(fingerprint(copy))).candidates(prepared(fingerprint(lesson)), 3)[0]
    assert best.lag_s == pytest.approx(cut_bins * BIN_S, abs=0.21)
    assert best.score > 12


def test_thirty_shared_seconds_are_among_the_candidates():
    lesson, other = motion(1), motion(2)
    other[1000:1150] = lesson[400:550] + np.random.default_rng(3).normal(0, 0.2, 150)
    lags_s = [one.lag_s for one in Matcher(prepared(fingerprint(lesson))).candidates(prepared(fingerprint(other)), 3)]
    assert any(abs(lag_s - 120) < 0.5 for lag_s in lags_s)


@pytest.mark.parametrize("rhythm_s", [2.0, 1.92])
def test_the_rhythm_of_another_clips_key_frames_does_not_hide_a_copy(rhythm_s):
    lesson, host = motion(1), motion(2)
    host[1000:1150] = lesson[400:550] + np.random.default_rng(3).normal(0, 0.3, 150)
    host += 1.5 * (np.arange(3000) % (rhythm_s / BIN_S) < 1)
    scores = [
        best_at(Matcher(sharpened(fingerprint(host), rhythms_s)).candidates(sharpened(fingerprint(lesson)), 8), -120)
        for rhythms_s in ((), (rhythm_s,))
    ]
    assert scores[1] > scores[0] + 0.5


def best_at(candidates, lag_s):
    return max((one.score for one in candidates if abs(one.lag_s - lag_s) < 0.5), default=0.0)


@pytest.mark.parametrize(("rhythm_s", "is_taken"), [(0.9, False), (1.0, True), (5.0, True), (5.1, False)])
def test_only_a_rhythm_between_smoothing_and_loops_is_taken_out(rhythm_s, is_taken):
    levels = motion(4) + (np.arange(3000) * BIN_S % rhythm_s < 0.2)
    plain, without = sharpened(fingerprint(levels)).values, sharpened(fingerprint(levels), (rhythm_s,)).values
    assert np.array_equal(plain, without) is not is_taken


def test_a_curve_shorter_than_the_rhythm_is_left_alone():
    assert len(sharpened(fingerprint(motion(5, 7)), (2.0,)).values) == 7
    assert len(sharpened(fingerprint(), (2.0,)).values) == 0


@pytest.mark.parametrize("seed", range(8))
def test_other_lessons_stay_below_a_copy(seed):
    one, other = prepared(fingerprint(motion(seed))), prepared(fingerprint(motion(seed + 100)))
    assert all(found.score < 9 for found in Matcher(one).candidates(other, 3))


def test_candidates_are_few_and_apart():
    curve = prepared(fingerprint(motion(1)))
    found = Matcher(curve).candidates(curve, 3)
    assert len(found) <= 3
    lags_s = sorted(one.lag_s for one in found)
    assert all(after - before > 2 for before, after in pairwise(lags_s))


@pytest.mark.parametrize("period_bins", [30, 60, 200])
def test_a_loop_shows_its_shortest_period(period_bins):
    looped = np.tile(motion(4, period_bins), 1500 // period_bins)
    looped += np.random.default_rng(5).normal(0, 0.1, len(looped))
    best = Matcher(prepared(fingerprint(looped))).repeats(3)[0]
    assert best.lag_s == pytest.approx(period_bins * BIN_S, abs=0.21)


def test_the_shared_stretch_is_extended_to_its_ends():
    lesson, other = motion(1), motion(2)
    other[800:1800] = lesson[500:1500]
    first, second = prepared(fingerprint(lesson)), prepared(fingerprint(other))
    found = extended(Matcher(first).candidates(second, 1)[0], first, second)
    assert found.first.start_s == pytest.approx(100, abs=3)
    assert found.first.end_s == pytest.approx(300, abs=3)
    assert found.second.start_s == pytest.approx(160, abs=3)


@pytest.mark.parametrize("number", [0, 1, 24])
def test_a_clip_of_less_than_five_seconds_has_no_candidates(number):
    short, whole = prepared(fingerprint(motion(1, number))), prepared(fingerprint(motion(1)))
    assert Matcher(short).candidates(whole, 3) == ()
    assert Matcher(whole).candidates(short, 3) == ()
    assert Matcher(short).repeats(3) == ()


def test_a_curve_without_motion_has_no_candidates():
    flat = prepared(fingerprint(np.zeros(3000)))
    assert Matcher(flat).candidates(flat, 3) == ()


def test_the_liveliest_piece():
    levels = motion(1, 300) / 8
    levels[180:220] += motion(2, 40)
    curve = prepared(fingerprint(levels))
    assert 34 <= curve.liveliest_s(0.0, 60.0, 8.0) <= 39
    assert curve.liveliest_s(50.0, 6.0, 8.0) == 50.0


def test_liveliness_is_told_of_every_place_also_beyond_the_end():
    levels = 0.05 * motion(3, 300)
    levels[100:120] += 4 * np.sin(np.arange(20))
    curve = prepared(fingerprint(levels))
    told = curve.liveliness(np.array([0.0, 20.0, 40.0, 500.0]), 3.0)
    assert told.argmax() == 1
    assert (told >= 0).all()
    assert curve.liveliness(np.array([0.0]), 1000.0).shape == (1,)


def test_slow_changes_hide_a_short_shared_stretch_less_when_sharpened():
    rng, ranks = np.random.default_rng(4), {prepared: 0, sharpened: 0}
    for seed in range(12):
        one, other = (motion(2 * seed + own, 3000) + _slow(2 * seed + own) for own in (0, 1))
        other[1000:1300] = one[400:700] + gaussian_filter1d(rng.normal(0, 1.0, 300), 2)
        for prepare in ranks:
            found = Matcher(prepare(fingerprint(other))).candidates(prepare(fingerprint(one)), 1)
            ranks[prepare] += any(abs(place.lag_s + 120) < 0.5 for place in found)
    assert ranks[sharpened] >= ranks[prepared]
    assert ranks[sharpened] >= 10


def _slow(seed):
    """Busy and quiet minutes."""
    return gaussian_filter1d(np.random.default_rng(100 + seed).normal(0, 9, 3000), 20)


@pytest.mark.parametrize(("before", "between", "after"), [(0, 0, 0), (300, 0, 500), (200, 400, 100)])
def test_what_comes_again_backwards_is_found_with_its_turn(before, between, after):
    """A take, something else, the take backwards; other things before and after."""
    take = motion(7, 900)
    noise = np.random.default_rng(8).normal(0, 0.3, before + between + after + 1800)
    whole = np.concatenate([motion(1, before), take, motion(2, between), take[::-1], motion(3, after)]) + noise
    found = Matcher(sharpened(fingerprint(whole))).turned()
    assert found.score > 10
    assert found.first.end_s <= found.second.start_s
    assert found.first.start_s + found.second.end_s == pytest.approx((2 * before + 1800 + between) * BIN_S, abs=1.0)
    assert found.first.duration_s == pytest.approx(found.second.duration_s)
    assert found.first.duration_s > 60


@pytest.mark.parametrize("seed", range(4))
def test_what_never_comes_again_backwards_has_a_low_score(seed):
    found = Matcher(sharpened(fingerprint(motion(seed)))).turned()
    assert found is None or found.score < 8


def test_a_curve_that_is_too_short_has_no_turn():
    assert Matcher(sharpened(fingerprint(motion(1, 20)))).turned() is None
