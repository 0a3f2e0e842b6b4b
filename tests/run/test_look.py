"""What a look decides from how its pieces agree: each threshold at, just under and just over."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from vidaudit.media.excerpt import Film
from vidaudit.media.index import PacketIndex
from vidaudit.model.fingerprint import CURVE_BIN_S, Candidate, ClipFingerprint, ReuseFound
from vidaudit.model.media import Container, MediaProbe
from vidaudit.model.still import Stretch
from vidaudit.observe.motion import Agreement
from vidaudit.observe.reuse import prepared
from vidaudit.run import look as looking
from vidaudit.run.look import Look, Shown, WatchedClip, look_at, make_look

RATE, KEYFRAMES_S = 10, 2


def clip(name: str, seconds: int = 600, keyframes_s: int = KEYFRAMES_S) -> WatchedClip:
    """A clip that is nowhere, with much motion in its second half minute of every minute."""
    pts = np.arange(seconds * RATE, dtype=np.int64)
    index = PacketIndex(
        first_pts=0, time_base=Fraction(1, RATE), picture_pts=pts, keyframe_pts=pts[:: RATE * keyframes_s]
    )
    bins = np.arange(round(seconds / CURVE_BIN_S))
    lively = (bins * float(CURVE_BIN_S)) % 60 >= 30
    curve = (np.random.default_rng(1).normal(0, 20, len(bins)) * np.where(lively, 1, 0.1)).astype(np.int8)
    probe = MediaProbe(container=Container.MP4, bytes=0)
    return WatchedClip(
        name=name,
        film=Film(path=Path(name), probe=probe, index=index),
        fingerprint=ClipFingerprint(duration_s=Fraction(seconds), curve=curve.tobytes()),
    )


def look(first: WatchedClip, second: WatchedClip, start_s: float, end_s: float, lag_s: float = 0.0) -> Look:
    stretch = Stretch(start_s=start_s, end_s=end_s)
    other = Stretch(start_s=start_s + lag_s, end_s=end_s + lag_s)
    return make_look(first, second, Candidate(first=stretch, second=other, score=9.0), prepared(first.fingerprint))


class Pieces:
    """Agreements in the order in which pieces are asked for; remembers how long they were."""

    def __init__(self, *scores: float | None, num_moving: int = 100) -> None:
        self._scores = list(scores)
        self._num_moving = num_moving
        self.lengths_s: list[float] = []
        self.starts_s: list[float] = []

    def __call__(self, _look: Look, at_s: float, length_s: float, _lag_s: float, _slack_s: float) -> Agreement | None:
        self.lengths_s.append(length_s)
        self.starts_s.append(at_s)
        score = self._scores.pop(0)
        return None if score is None else Agreement(score=score, lag_s=0.0, mirrored=False, num_moving=self._num_moving)


def seen(monkeypatch: pytest.MonkeyPatch, pieces: Pieces, one: Look | None = None) -> ReuseFound | None:
    monkeypatch.setattr(looking, "_agreement", pieces)
    monkeypatch.setattr(looking, "show", lambda _showing: Shown(pair=None))
    return look_at(one or look(clip("b"), clip("a"), 100, 400)).found


@pytest.mark.parametrize(("glance", "num_pieces"), [(0.59, 1), (0.6, 2), (0.61, 2), (None, 1)])
def test_only_where_a_glance_agrees_more_is_decoded(monkeypatch, glance, num_pieces):
    pieces = Pieces(glance, 0.1)
    assert seen(monkeypatch, pieces) is None
    assert pieces.lengths_s == [3.0, 8.0][:num_pieces]


@pytest.mark.parametrize(
    ("scores", "is_found"),
    [
        ((0.74, 0.9, 0.9), False),
        ((0.75, 0.75, 0.1), True),
        ((0.9, 0.74, 0.74, 0.74, 0.74), False),
        ((0.9, 0.1, 0.76), True),
        ((0.9, None, None, None, None), False),
        ((0.9, 0.1, 0.1, 0.75, 0.1, 0.1), True),
        ((0.9, None, 0.1, 0.74, 0.75, 0.74), True),
    ],
)
def test_the_middle_and_a_neighbour_decide(monkeypatch, scores, is_found):
    found = seen(monkeypatch, Pieces(0.9, *scores))
    assert (found is not None) == is_found


@pytest.mark.parametrize(("num_moving", "is_found"), [(999, True), (1000, False)])
def test_what_lies_next_to_the_middle_is_asked_only_where_the_camera_stands(monkeypatch, num_moving, is_found):
    found = seen(monkeypatch, Pieces(0.8, 0.8, 0.1, 0.1, 0.9, 0.9, 0.1, num_moving=num_moving))
    assert (found is not None) == is_found


@pytest.mark.parametrize(
    ("beside", "steps_before", "steps_after"),
    [((0.9, 0.1, 0.1), 1, 0), ((0.1, 0.9, 0.9), 0, 2), ((0.9, 0.9, 0.75, None), 2, 1), ((0.9, 0.9, 0.9, 0.9), 2, 2)],
)
def test_a_short_piece_inside_a_longer_stretch_is_followed_from_its_middle(
    monkeypatch, beside, steps_before, steps_after
):
    pieces = Pieces(0.9, 0.9, 0.1, 0.1, *beside)
    found = seen(monkeypatch, pieces)
    middle_s = pieces.starts_s[1]
    assert found.first_stretch.start_s == pytest.approx(middle_s - 8 * steps_before)
    assert found.first_stretch.end_s == pytest.approx(middle_s + 8 + 8 * steps_after)
    assert len(pieces.starts_s) == 4 + len(beside)


def test_nothing_is_asked_beyond_the_ends_of_the_clips(monkeypatch):
    monkeypatch.setattr(looking, "extended", lambda candidate, *_curves: candidate)
    pieces = Pieces(0.9, 0.9, 0.1)
    assert seen(monkeypatch, pieces, look(clip("b"), clip("a", 70), 0, 20, lag_s=50)) is None
    assert len(pieces.starts_s) == 3


def test_ends_that_show_something_else_are_cut_off(monkeypatch):
    found = seen(monkeypatch, Pieces(0.9, 0.9, 0.1, 0.9))
    whole = seen(monkeypatch, Pieces(0.9, 0.9, 0.9, 0.9))
    assert found.first_stretch.start_s > whole.first_stretch.start_s + 50
    assert found.first_stretch.end_s == whole.first_stretch.end_s


@pytest.mark.parametrize(("score", "num_moving", "length_s"), [(0.9, 1000, 3.0), (0.9, 999, 8.0), (0.89, 1000, 8.0)])
def test_of_a_camera_that_moves_short_pieces_are_enough(monkeypatch, score, num_moving, length_s):
    pieces = Pieces(score, 0.9, 0.9, 0.9, num_moving=num_moving)
    assert seen(monkeypatch, pieces) is not None
    assert set(pieces.lengths_s[1:]) == {length_s}
    assert len(pieces.lengths_s) == (2 if length_s == 3.0 else 4)


@pytest.mark.parametrize(("seconds", "score", "is_found"), [(15, 0.75, True), (30, 0.84, False), (30, 0.85, True)])
def test_of_clips_with_room_for_one_piece_it_decides_alone(monkeypatch, seconds, score, is_found):
    one = look(clip("b", seconds), clip("a", seconds), 0, 9)
    monkeypatch.setattr(looking, "extended", lambda candidate, *_curves: candidate)
    assert (seen(monkeypatch, Pieces(0.8, score), one) is not None) == is_found


def test_a_look_is_where_much_moves_and_little_needs_to_be_decoded():
    one = look(clip("b"), clip("a", keyframes_s=100), 60, 420, lag_s=50)
    assert 180 <= one.at_s <= 297
    assert one.at_s % 60 >= 28
    assert (one.at_s + 50 - 0.4) % 100 < 30
    cheap, dear = look(clip("b"), clip("a"), 60, 420), look(clip("b"), clip("a", keyframes_s=300), 360, 420)
    assert cheap.cost_s() < dear.cost_s()


def test_no_stretch_begins_before_its_clip(monkeypatch):
    monkeypatch.setattr(looking, "extended", lambda candidate, *_curves: candidate)
    one = look(clip("b"), clip("a"), 0, 300, lag_s=-0.04)
    found = seen(monkeypatch, Pieces(0.9, 0.9, 0.9, 0.9), one)
    assert found.second_stretch.start_s == pytest.approx(0, abs=1e-9)
    assert found.lag_s == pytest.approx(-0.04)
