"""Looking clips up among very many: packets by their hashes, curves by likeness."""

import numpy as np
import pytest

from tests.registries import cut, fingerprint, motion
from vidaudit.observe.lookup import (
    CurveIndex,
    Hits,
    anchor_marks,
    asked_stretches,
    entries_of,
    kept_stretches,
    most_alike,
    sample_size,
    shared_stream,
    strong_match,
    thinned,
)
from vidaudit.observe.reuse import Curve, prepared


def dense(seed, seconds=600, per_s=4):
    """A fingerprint with several marks a second."""
    whole = fingerprint(motion(seed, seconds * 5))
    number = seconds * per_s
    return whole.__class__(
        duration_s=whole.duration_s,
        curve=whole.curve,
        marks=np.random.default_rng(seed).integers(0, 2**64, number, np.uint64).astype("<u8").tobytes(),
        marks_at=(np.arange(number) * 1000 // per_s).astype("<u4").tobytes(),
    )


def curve(seed, number=3000):
    return prepared(fingerprint(motion(seed, number)))


def noisy(lesson, seed, deviation=0.4):
    return lesson + np.random.default_rng(seed).normal(0, deviation, len(lesson))


@pytest.mark.parametrize(("seconds", "number"), [(600, 300), (128, 64), (60, 64), (10, 40)])
def test_so_many_marks_are_kept_for_so_long(seconds, number):
    kept = thinned(dense(1, seconds))
    assert len(kept.mark_hashes()) == number
    assert (np.diff(kept.mark_times_s()) > 0).all()
    assert thinned(kept) == kept


@pytest.mark.parametrize("from_s", [0, 101, 333.5])
@pytest.mark.parametrize("length_s", [20, 30, 120])
def test_a_piece_shares_marks_with_the_whole_however_both_were_thinned(from_s, length_s):
    whole = dense(1)
    piece = thinned(cut(whole, from_s, from_s + length_s))
    assert set(anchor_marks(piece)) & set(anchor_marks(thinned(whole)))
    (found, *_) = sorted(shared_stream(piece, thinned(whole)), key=lambda one: -one.first.duration_s)
    assert found.lag_s == pytest.approx(from_s, abs=0.1)


def test_anchors_are_few_and_anywhere_in_64_bits():
    anchors = anchor_marks(dense(2))
    assert 60 <= len(anchors) <= 200
    assert anchors == tuple(sorted(set(anchors)))
    assert anchor_marks(fingerprint(motion(1))) == ()
    assert all(-(2**63) <= mark < 2**63 for mark in anchors)


def test_other_clips_share_nothing():
    assert shared_stream(thinned(dense(1)), thinned(dense(2))) == ()
    assert shared_stream(fingerprint(motion(1)), fingerprint(motion(1))) == ()


@pytest.mark.parametrize(("number", "kept", "asked"), [(119, 0, 0), (120, 1, 1), (144, 1, 13), (145, 2, 13)])
def test_stretches_of_24_seconds(number, kept, asked):
    assert len(kept_stretches(curve(1, number)).starts) == kept
    assert len(asked_stretches(curve(1, number)).starts) == asked


def test_stretches_are_of_length_one_and_nothing_is_said_where_nothing_moves():
    found = kept_stretches(curve(1))
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(1, abs=1e-5)
    still = np.concatenate([np.zeros(600), motion(2, 600)])
    assert kept_stretches(Curve(values=still.astype(np.float32))).starts.min() > 450
    assert len(kept_stretches(Curve(values=np.zeros(3000, np.float32))).starts) == 0


@pytest.fixture(scope="module")
def index():
    made = CurveIndex.small()
    made.add((number, curve(number)) for number in range(100, 160))
    return made


@pytest.mark.parametrize("cut_bins", [0, 1, 186, 1500])
def test_a_noisy_piece_is_found(index, cut_bins):
    asked = prepared(fingerprint(noisy(motion(123)[cut_bins:], 1)))
    hits = index.search(asked_stretches(asked))
    assert hits.best_clips(3)[0] == 123
    lags = hits.lags[(hits.clips == 123) & (hits.likeness > 0.8)]
    assert abs(np.median(lags) - cut_bins) <= 1


def test_what_is_left_out_is_not_found(index):
    hits = index.search(asked_stretches(curve(123)))
    assert 123 not in hits.best_clips(50, without=[123])
    assert len(hits.best_clips(5)) == 5


def test_nothing_is_found_in_nothing(index):
    assert CurveIndex.small().search(asked_stretches(curve(1))).best_clips(9) == ()
    assert index.search(asked_stretches(curve(1, 50))).best_clips(9) == ()
    assert Hits.joined([Hits.none(), Hits.none()]).best_clips(9) == ()


def test_an_index_comes_back_from_its_file(index, tmp_path):
    index.save(tmp_path / "index")
    asked = asked_stretches(curve(140))
    for again in (CurveIndex.load(tmp_path / "index"), CurveIndex.load_whole(tmp_path / "index")):
        assert len(again) == len(index)
        assert again.search(asked).best_clips(9) == index.search(asked).best_clips(9)
    again.add([(7, curve(7))])
    assert again.search(asked_stretches(curve(7))).best_clips(1) == (7,)


@pytest.mark.parametrize("expected", [25_000, 25_001])
def test_from_some_size_on_only_a_part_is_looked_at(expected):
    vectors, _ = entries_of((number, curve(number)) for number in range(60))
    sample = np.tile(vectors, (sample_size(expected) // len(vectors) + 1, 1))
    sample = sample + np.random.default_rng(1).normal(0, 0.05, sample.shape).astype(np.float32)
    made = CurveIndex.empty(expected, sample[: max(sample_size(expected), 1)].astype(np.float32))
    made.add((number, curve(number)) for number in range(60))
    assert made.search(asked_stretches(prepared(fingerprint(noisy(motion(33), 2))))).best_clips(1) == (33,)


@pytest.mark.parametrize("cut_bins", [0, 400, 2300])
def test_copies_lead_among_whole_curves(cut_bins):
    others = {number: curve(number) for number in range(20)}
    asked = prepared(fingerprint(noisy(motion(7)[cut_bins:], 1)))
    assert most_alike(asked, others, 3)[0] == 7
    assert len(most_alike(asked, others, 3)) == 3
    assert most_alike(curve(7, 20), {1: curve(1)}, 3) == (1,)


def test_two_copies_are_strong_evidence_and_where():
    lesson = motion(1)
    found = strong_match(prepared(fingerprint(noisy(lesson[500:], 3))), prepared(fingerprint(lesson)))
    assert found is not None
    assert found.candidate.lag_s == pytest.approx(100, abs=0.3)
    assert found.candidate.first.duration_s > 400
    assert 0.7 < found.likeness < 1


@pytest.mark.parametrize("seed", range(6))
def test_two_lessons_are_none(seed):
    assert strong_match(curve(seed), curve(seed + 100)) is None
    assert strong_match(curve(seed, 20), curve(seed)) is None


@pytest.mark.parametrize(("shared_s", "is_strong"), [(60, False), (400, True)])
def test_a_minute_alone_is_no_evidence(shared_s, is_strong):
    lesson, other = motion(1), motion(2)
    other[300 : 300 + 5 * shared_s] = lesson[700 : 700 + 5 * shared_s]
    assert bool(strong_match(prepared(fingerprint(other)), prepared(fingerprint(lesson)))) is is_strong


def test_what_fits_at_many_lags_is_a_rhythm():
    rhythm = np.tile(motion(1, 150), 20)
    assert strong_match(prepared(fingerprint(noisy(rhythm, 1))), prepared(fingerprint(noisy(rhythm, 2)))) is None
