from fractions import Fraction

import numpy as np
import pytest

from vidaudit.media.index import PacketTime, build_index
from vidaudit.media.suspects import PacketSizes, find_suspects
from vidaudit.model.take import Trace

GOP = 10


def suspects(*, pts=None, sizes=None, keys=None, orders=None, number=200):
    """What a steady stream of ten pictures a second gives with these changes."""
    pts = list(range(number)) if pts is None else pts
    keys = set(range(0, len(pts), GOP)) if keys is None else keys
    is_key = np.array([place in keys for place in range(len(pts))])
    plain = np.where(is_key, 9000.0, 500.0)
    for place, size in (sizes or {}).items():
        plain[place] = size
    index = build_index(
        [PacketTime(pts=at, duration=1, is_keyframe=bool(key)) for at, key in zip(pts, is_key, strict=True)],
        Fraction(1, 10),
    )
    numbers = {pts[place]: count % 2 for count, place in enumerate(sorted(keys))} if orders is None else orders
    return find_suspects(PacketSizes(pts=np.array(pts), sizes=plain, is_key=is_key, orders=numbers), index)


def test_a_steady_stream_has_only_its_key_frames():
    found = suspects()
    assert {one.trace for one in found} == {Trace.KEYFRAME}
    assert sorted(one.until_pts for one in found) == list(range(GOP, 200, GOP))
    assert all(one.until_pts - one.after_pts == 1 for one in found)


@pytest.mark.parametrize("counts", ["turns", "on", "not"])
def test_the_order_of_key_frames_breaks_where_some_are_missing(counts):
    number = {"turns": lambda n: n % 2, "on": lambda n: n, "not": lambda _: 0}[counts]
    orders = {place: number(place // GOP + (3 if place >= 100 else 0)) for place in range(0, 200, GOP)}
    found = [one.until_pts for one in suspects(orders=orders) if one.trace is Trace.ORDER]
    assert found == ([] if counts == "not" else [100])


def test_a_key_frame_too_soon():
    found = suspects(keys={*range(0, 100, GOP), *range(97, 200, GOP)})
    assert [one.until_pts for one in found if one.trace is Trace.RHYTHM] == [97]


@pytest.mark.parametrize(("late", "seen"), [(0, False), (5, True)])
def test_times_off_their_beat(late, seen):
    pts = [10 * place + (late if place >= 105 else 0) for place in range(200)]
    found = [one.until_pts for one in suspects(pts=pts) if one.trace is Trace.TIMES]
    assert found == ([1050 + late] if seen else [])


@pytest.mark.parametrize(("size", "seen"), [(600.0, False), (624.0, False), (660.0, True), (5000.0, True)])
def test_a_burst_of_bytes(size, seen):
    found = [one.until_pts for one in suspects(sizes={105: size}) if one.trace is Trace.BYTES]
    assert found == ([105] if seen else [])


@pytest.mark.parametrize(("number", "seen"), [(20, 20), (21, 0)])
def test_a_beat_that_shifts_all_the_time_is_a_habit(number, seen, monkeypatch):
    shifts = tuple((3 * place + 1, 3 * place + 3) for place in range(number))
    monkeypatch.setattr("vidaudit.media.suspects.beat_shifts", lambda _excess, _is_key: shifts)
    assert sum(one.trace is Trace.ECHO for one in suspects()) == seen


def test_the_strongest_traces_come_first():
    orders = {place: (place // GOP + (place >= 100)) % 2 for place in range(0, 200, GOP)}
    found = suspects(sizes={55: 5000.0}, orders=orders)
    assert [one.trace for one in found[:2]] == [Trace.ORDER, Trace.BYTES]
    assert len({one.until_pts for one in found}) == len(found)


def test_a_single_picture_has_none():
    assert suspects(number=1) == ()
