import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidaudit.observe.clock_text import DateOrder, parse_clock
from vidaudit.observe.clock_track import Look, follow, settle

STARTS = dt.datetime(2024, 5, 20, 10, 0, 0)


def look(index, at_s, moment, layout="%Y-%m-%d %H:%M:%S"):
    text = f"{moment:{layout}}"
    clock = parse_clock(text)
    assert clock is not None
    return Look(index=index, at_s=at_s, text=text, clock=clock, confidence=1.0)


class Reel:
    """A clip's looks, `every_s` apart; counts what is read."""

    def __init__(self, offset_s, *, length_s=600, every_s=10, layout="%Y-%m-%d %H:%M:%S", starts=STARTS):
        self.at_s = [float(at) for at in range(0, length_s + 1, every_s)]
        self.shown = [starts + dt.timedelta(seconds=int(at + offset_s(at))) for at in self.at_s]
        self.layout, self.read_ones, self.texts = layout, [], {}

    def read(self, index):
        self.read_ones.append(index)
        text = self.texts.get(index, f"{self.shown[index]:{self.layout}}")
        clock = parse_clock(text)
        return clock and Look(index=index, at_s=self.at_s[index], text=text, clock=clock, confidence=1.0)

    def track(self):
        track = settle(follow(self.at_s, self.read))
        assert track is not None
        return track


def jumps(track):
    return [(jump.before.at_s, jump.after.at_s, jump.shift_s) for jump in track.jumps]


def test_a_clock_that_runs_is_read_a_few_times():
    reel = Reel(lambda _: 0)
    track = reel.track()
    assert (track.rate, track.jumps, track.stopped, track.num_misread) == (1.0, (), (), 0)
    assert len(reel.read_ones) == 10
    assert (track.looks[0].at_s, track.looks[-1].at_s) == (0.0, 600.0)


@pytest.mark.parametrize("shift_s", [-3600, -300, -10, -3, 3, 5, 60, 3600, 86400])
@pytest.mark.parametrize("at_s", [20, 250, 580])
def test_a_jump_is_found_between_two_neighbours(at_s, shift_s):
    track = Reel(lambda now: shift_s if now >= at_s else 0).track()
    assert jumps(track) == [(at_s - 10, at_s, shift_s)]
    assert track.rate is None


@pytest.mark.parametrize("shift_s", [-2, -1, 1, 2])
def test_what_a_display_of_seconds_may_be_off_is_no_jump(shift_s):
    assert jumps(Reel(lambda now: shift_s if now >= 300 else 0).track()) == []


def test_two_jumps():
    track = Reel(lambda now: 0 if now < 100 else 50 if now < 400 else 20).track()
    assert jumps(track) == [(90, 100, 50), (390, 400, -30)]


@pytest.mark.parametrize(
    ("index", "text"), [(0, "2024-05-20 18:00:00"), (60, "2024-05-20 10:18:00"), (34, "2024-05-28 10:05:40")]
)
def test_a_look_that_its_neighbours_contradict_is_misread(index, text):
    reel = Reel(lambda _: 0)
    assert index in {0, 60} or reel.shown[index].minute == 5
    reel.texts[index] = text
    seen = [look(i, at, moment) for i, (at, moment) in enumerate(zip(reel.at_s, reel.shown, strict=True))]
    wrong = reel.read(index)
    assert wrong is not None
    track = settle([*seen[:index], wrong, *seen[index + 1 :]])
    assert track is not None
    assert (jumps(track), track.num_misread) == ([], 1)
    assert wrong not in track.looks


def test_a_digit_that_is_always_misread_is_no_jump_there_and_back():
    reel = Reel(lambda _: 0)
    for index, moment in enumerate(reel.shown):
        reel.texts[index] = f"{moment:%Y-%m-%d %H:%M:%S}".replace(":08:", ":06:")
    track = reel.track()
    assert jumps(track) == []
    assert {one.clock.time.minute for one in track.looks} <= {0, 1, 2, 3, 4, 5, 6, 7, 9, 10}


def test_another_piece_put_in_is_two_jumps():
    assert len(jumps(Reel(lambda now: -137 if 200 <= now < 300 else 0).track())) == 2


def test_looks_that_cannot_be_read_are_passed_over():
    reel = Reel(lambda _: 0)
    reel.texts = {index: "2024-05-20 1" for index in range(61) if index % 5}
    assert reel.track().rate == 1.0
    reel.texts[0] = reel.texts[60] = ""
    assert reel.track().looks[0].at_s > 0


@pytest.mark.parametrize("speed", [0.5, 0.9, 1.25, 2.0, 60.0])
def test_another_speed_is_no_row_of_jumps(speed):
    track = Reel(lambda now: now * (speed - 1)).track()
    assert jumps(track) == []
    assert track.rate == pytest.approx(speed, rel=0.01)


def test_a_clock_that_stands():
    track = Reel(lambda now: -now).track()
    assert (track.rate, track.jumps) == (0.0, ())
    assert [(stop.start_s, stop.end_s) for stop in track.stopped] == [(0, 600)]


def test_a_clock_that_stops():
    track = Reel(lambda now: -max(0, now - 300)).track()
    assert track.jumps == ()
    (stop,) = track.stopped
    assert (stop.start_s <= 370, stop.end_s) == (True, 600)


def test_without_seconds_only_minutes_count():
    track = Reel(lambda _: 0, layout="%Y-%m-%d %H:%M").track()
    assert (jumps(track), track.stopped, track.has_seconds, track.rate) == ([], (), False, 1.0)
    ((before_s, after_s, shift_s),) = jumps(Reel(lambda now: 600 * (now > 300), layout="%Y-%m-%d %H:%M").track())
    assert (before_s, after_s, shift_s) == (300, 310, pytest.approx(600, abs=60))


def test_the_day_after_twelve_the_weekday_and_midnight_tell_the_order():
    layout = "%m-%d-%Y %H:%M:%S"
    assert Reel(lambda _: 0, layout=layout).track().orders == (DateOrder.MONTH,)
    fourth = dt.datetime(2024, 3, 4, 10, 0)
    assert set(Reel(lambda _: 0, layout=layout, starts=fourth).track().orders) == {DateOrder.MONTH, DateOrder.DAY}
    with_weekday = "%m-%d-%Y %a %H:%M:%S"
    assert Reel(lambda _: 0, layout=with_weekday, starts=fourth).track().orders == (DateOrder.MONTH,)
    assert Reel(lambda _: 0, layout="%d-%m-%Y %a %H:%M:%S", starts=fourth).track().orders == (DateOrder.DAY,)
    night = dt.datetime(2024, 3, 4, 23, 55)
    assert Reel(lambda _: 0, layout=layout, starts=night).track().orders == (DateOrder.MONTH,)


def test_a_lost_half_of_the_day_is_no_jump():
    reel = Reel(lambda _: 0, layout="%Y-%m-%d %I:%M:%S PM", starts=STARTS.replace(hour=15))
    reel.texts = {index: f"{reel.shown[index]:%Y-%m-%d %I:%M:%S}" for index in range(0, 61, 2)}
    track = reel.track()
    assert jumps(track) == []
    assert {look.clock.time.hour for look in track.looks} == {15}


def test_nothing_is_read_of_nothing():
    assert follow([], lambda _: None) == []
    assert settle([]) is None
    assert settle(follow([0.0, 10.0], lambda _: None)) is None


def test_two_looks_that_disagree_are_no_clock():
    assert settle([look(0, 0.0, STARTS), look(1, 10.0, STARTS + dt.timedelta(hours=3))]) is None


@settings(deadline=None)
@given(st.integers(0, 86399), st.integers(8, 120), st.integers(1, 30))
def test_an_honest_clock_is_never_said_to_jump(start_s, num_looks, every_s):
    reel = Reel(
        lambda _: 0, length_s=num_looks * every_s, every_s=every_s, starts=STARTS + dt.timedelta(seconds=start_s)
    )
    track = reel.track()
    assert (track.jumps, track.stopped, track.num_misread) == ((), (), 0)
