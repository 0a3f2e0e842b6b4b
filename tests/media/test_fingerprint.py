"""Fingerprints from packets: what survives another container, where the encoder's rhythm goes, odd inputs."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clips import make_clip, remux
from vidaudit.media.fingerprint import PacketTrace, motion_curve
from vidaudit.media.probe import probe
from vidaudit.model.fingerprint import ClipFingerprint

MILLISECONDS = Fraction(1, 1000)


@pytest.fixture(scope="module")
def lively(tmp_path_factory):
    return make_clip(tmp_path_factory.mktemp("lively") / "lively.mp4", size="320x240", seconds=12)


def fingerprint(path):
    found = probe(path).fingerprint
    assert found is not None
    return found


def trace_of(packets):
    trace = PacketTrace()
    for pts, data, is_key in packets:
        trace.add(pts, memoryview(data), is_keyframe=is_key)
    return trace


def noise(size, seed=0):
    return np.random.default_rng(seed).integers(1, 255, size).astype(np.uint8).tobytes()


def test_a_probe_brings_it_along(lively):
    found = fingerprint(lively)
    assert len(found.levels()) == 60
    assert found.duration_s == Fraction(119, 10)
    assert len(found.mark_hashes()) >= 12  # every key frame


@pytest.mark.parametrize("ending", ["mkv", "ts", "mov"])
def test_another_container_keeps_marks_and_times(lively, tmp_path, ending):
    one, other = fingerprint(lively), fingerprint(remux(tmp_path / f"copy.{ending}", lively))
    shared, in_one, in_other = np.intersect1d(one.mark_hashes(), other.mark_hashes(), return_indices=True)
    assert len(shared) >= 0.9 * len(one.mark_hashes())
    assert np.abs(one.mark_times_s()[in_one] - other.mark_times_s()[in_other]).max() < 0.01


def test_encoding_again_leaves_no_mark(lively, tmp_path):
    again = make_clip(tmp_path / "again.mp4", size="320x240", seconds=12, crf=30)
    assert not set(fingerprint(lively).mark_hashes()) & set(fingerprint(again).mark_hashes())


def test_filler_counts_for_nothing():
    picture = noise(900)
    filler = b"\x00\x00\x10\x00\x0c" + b"\xff" * 4000 + b"\x80"
    plain = trace_of([(0, picture, True), (40, picture, False)])
    filled = trace_of([(0, picture + filler, True), (40, picture + filler, False)])
    assert filled.sizes == plain.sizes == [900, 900]
    assert filled.marks == plain.marks


@pytest.mark.parametrize(("size", "marked"), [(255, False), (256, True), (257, True)])
def test_a_tiny_packet_is_no_mark(size, marked):
    assert bool(trace_of([(0, noise(size), True)]).marks) is marked


def test_the_rhythm_of_key_frames_and_b_frames_is_taken_out():
    is_key = np.arange(600) % 20 == 0
    at_s = np.arange(600) / 10
    sizes = np.where(is_key, 20_000, np.where(np.arange(600) % 2, 300, 900)).astype(float)
    assert motion_curve(at_s, sizes, is_key).std() < 1e-9


def test_what_moves_shows_where_it_does():
    is_key = np.arange(600) % 20 == 0
    sizes = np.where(is_key, 20_000.0, 500.0)
    sizes[200:240] *= 4
    curve = motion_curve(np.arange(600) / 10, sizes, is_key)
    assert curve[100:120].min() > curve[:95].max() + 1


def test_a_curve_of_one_rhythm_is_constant():
    constant = trace_of([(100 * n, noise(500), n % 10 == 0) for n in range(100)]).fingerprint(MILLISECONDS)
    lively = trace_of([(100 * n, noise(500 + 400 * (n // 20 % 2)), n % 10 == 0) for n in range(100)])
    assert constant is not None
    assert constant.constant_rate
    assert not lively.fingerprint(MILLISECONDS).constant_rate


@pytest.mark.parametrize("number", [0, 1])
def test_less_than_two_pictures_have_none(number):
    assert trace_of([(0, noise(500), True)] * number).fingerprint(MILLISECONDS) is None


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 2000), st.booleans()), min_size=2, max_size=60))
def test_any_packets_give_a_curve_that_covers_the_clip(packets):
    found = trace_of([(pts, noise(size), is_key) for pts, size, is_key in packets]).fingerprint(MILLISECONDS)
    span = max(pts for pts, _, _ in packets) - min(pts for pts, _, _ in packets)
    assert len(found.levels()) == span // 200 + 1
    assert np.isfinite(found.levels()).all()
    assert (np.diff(found.mark_times_s()) >= 0).all()


def test_marks_and_times_must_go_together():
    whole = ClipFingerprint(duration_s=Fraction(1), curve=b"\0" * 5, marks=b"\0" * 16, marks_at=b"\0" * 8)
    with pytest.raises(ValueError, match="16 bytes of marks"):
        replace(whole, marks_at=b"\0" * 4)
