"""The beat of an earlier encoding, in bytes made for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.media.echo import beat_shifts

BEAT, PICTURES, NEW_GOP = 20, 2000, 33


def excess(*, shift=0, at=1000, level=1.0, seed=1, beat=BEAT):
    """Logarithms of bytes: noise, and a burst every `beat` pictures that comes `shift` pictures sooner from `at` on."""
    values = np.random.default_rng(seed).normal(0, 0.15, PICTURES)
    numbers = np.arange(PICTURES)
    values[(numbers + np.where(numbers >= at, shift, 0)) % beat == 0] += level
    return values


def keys(gop=NEW_GOP):
    return np.arange(PICTURES) % gop == 0


@pytest.mark.parametrize("at", [400, 1000, 1613])
@pytest.mark.parametrize("shift", [4, 5, 10, 16])
def test_a_shift_is_found_where_it_is(shift, at):
    found = beat_shifts(excess(shift=shift, at=at), keys())
    assert found
    assert all(at - 4 * BEAT <= before < at < after <= at + 4 * BEAT for before, after in found)


@pytest.mark.parametrize("shift", [0, 1, 3, 17, 20])
def test_a_steady_beat_and_one_that_b_frames_shift(shift):
    assert beat_shifts(excess(shift=shift), keys()) == ()


def test_a_beat_that_hides_behind_the_new_key_frames():
    """With the same distance of key frames the old beat can't be seen while it falls on the new one."""
    found = beat_shifts(excess(shift=7), keys(BEAT))
    assert found
    assert all(1000 - 4 * BEAT <= before < 1000 < after <= 1000 + 4 * BEAT for before, after in found)


@pytest.mark.parametrize("level", [0.0, 0.1])
def test_no_beat_or_one_too_weak(level):
    assert beat_shifts(excess(shift=7, level=level), keys()) == ()


def test_a_shift_is_one_stretch_around_it():
    found = beat_shifts(excess(shift=7), keys())
    assert len(found) == 1
    ((before, after),) = found
    assert before < 1000 < after
    assert after - before <= 6 * BEAT


@given(number=st.integers(1, 60))
def test_short_clips_and_constant_ones(number):
    assert beat_shifts(np.zeros(number), np.zeros(number, np.bool_)) == ()
    assert all(before < after for before, after in beat_shifts(np.arange(number) % 9 * 1.0, np.zeros(number, np.bool_)))
