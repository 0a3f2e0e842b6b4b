import datetime as dt
from fractions import Fraction

import cv2
import numpy as np
import pytest

from benchmarks.clock import is_exact, observed
from fixtures.videos.clock import LAYOUTS, Style, clock_text
from fixtures.videos.clocked import DARK, LIGHT, ClockedClip, running, shifted
from tests.observe.stage import MEDIA
from vidaudit.model.clock import ClockState
from vidaudit.model.media import Frame
from vidaudit.model.still import SnapshotPurpose
from vidaudit.observe.clock import ClockObserver

STARTS = dt.datetime(2024, 5, 22, 15, 46, 7)
SMALL = (640, 480)
PEN = Style(height_px=18)


def plain(now):
    return clock_text(now)


def looked_at(clip):
    observer = ClockObserver("clip")
    for number, picture in enumerate(clip.pictures()):
        observer.add(Frame(at_s=Fraction(number) / clip.rate, image=picture))
    return observer.finish()


@pytest.mark.parametrize(
    ("layout", "weekday", "half", "style", "corner"),
    [
        (LAYOUTS[0], "zh", None, LIGHT, "top left"),
        (LAYOUTS[1], "en", "en", DARK, "bottom right"),
        (LAYOUTS[2], None, "zh", LIGHT, "top right"),
        (LAYOUTS[3], "zh", "zh", DARK, "top left"),
        (LAYOUTS[4], "en", None, LIGHT, "bottom left"),
        (LAYOUTS[5], "zh", None, DARK, "top left"),
        (LAYOUTS[6], None, "en", LIGHT, "bottom left"),
        (LAYOUTS[7], "en", "en", LIGHT, "top right"),
        (LAYOUTS[8], "zh", "zh", DARK, "top left"),
    ],
)
def test_each_layout_is_exact_through_a_real_file(tmp_path, layout, weekday, half, style, corner):
    lines = running(STARTS, lambda now: clock_text(now, layout, weekday=weekday, half=half))
    clip = ClockedClip(lines=lines, style=style, corner=corner, duration_s=4)
    clock, _ = observed(clip.save(tmp_path / "clip.mp4"))
    assert is_exact(clock, STARTS, weekday=weekday is not None), clock


def small(lines, **changes):
    return ClockedClip(**{"lines": lines, "size_px": SMALL, "style": PEN, "rate": Fraction(1), **changes})


def test_a_jump_is_found_and_shown():
    clock, stills = looked_at(small(shifted(STARTS, plain, 9, -30)))
    assert clock is not None
    ((before_s, after_s, shift_s),) = [(jump.before_s, jump.after_s, jump.shift_s) for jump in clock.jumps]
    assert (before_s, after_s, shift_s) == (8, 9, -30)
    assert [still.name for still in stills] == [clock.snapshot, clock.jumps[0].snapshot]
    assert all(still.purpose is SnapshotPurpose.CLOCK for still in stills)
    assert all(still.jpeg.startswith(b"\xff\xd8\xff") for still in stills)


def test_a_clock_that_stands_and_one_that_goes_slowly():
    stands, _ = looked_at(small(running(STARTS, plain, 0.0)))
    assert stands is not None
    assert (stands.state, stands.stands, stands.rate) == (ClockState.READ, True, 0.0)
    slow, _ = looked_at(small(running(STARTS, plain, 0.5)))
    assert slow is not None
    assert (slow.jumps, slow.stopped, slow.rate) == ((), (), pytest.approx(0.5, abs=0.1))


def test_date_and_time_on_two_lines():
    clock, _ = looked_at(small(lambda at_s: plain(STARTS + dt.timedelta(seconds=int(at_s))).split(" ", 1)))
    assert clock is not None
    assert clock.span(None) == (STARTS, STARTS + dt.timedelta(seconds=11))


@pytest.mark.parametrize("pans", [True, False])
def test_a_notice_in_the_room_is_no_clock(pans):
    clock, stills = looked_at(small(lambda _: (), notice="2023-01-01 08:30", pans=pans))
    assert clock is not None
    assert (clock.state, stills) == (ClockState.ABSENT, ())


def test_a_clock_beside_a_notice_is_the_clock():
    clip = small(running(STARTS, plain), notice="2023-01-01 08:30", pans=False, corner="bottom left")
    clock, _ = looked_at(clip)
    assert clock is not None
    assert clock.span(None) == (STARTS, STARTS + dt.timedelta(seconds=11))


def test_a_clock_below_a_wall_of_notices_is_the_clock():
    observer = ClockObserver("clip")
    wall = [(30 + 210 * column, 24 + 26 * row) for row in range(4) for column in range(3)]
    black, white = (0, 0, 0), (255, 255, 255)
    for number, picture in enumerate(small(running(STARTS, plain), corner="bottom left").pictures()):
        image = picture.copy()
        for x, y in wall:
            cv2.rectangle(image, (x - 5, y - 19), (x + 110, y + 5), black, -1)
            cv2.putText(image, "READ ME", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, white, 2, cv2.LINE_AA)
        observer.add(Frame(at_s=Fraction(number), image=image))
    clock, _ = observer.finish()
    assert clock is not None
    assert clock.span(None) == (STARTS, STARTS + dt.timedelta(seconds=11))


@pytest.mark.parametrize("hidden", [3, 24])
def test_a_clock_that_is_hidden_at_first_is_found_later(hidden):
    clip = small(lambda at_s: () if at_s < hidden else (plain(STARTS + dt.timedelta(seconds=at_s)),), duration_s=36)
    clock, _ = looked_at(clip)
    assert clock is not None
    assert clock.span(None) == (STARTS + dt.timedelta(seconds=hidden), STARTS + dt.timedelta(seconds=35))


def test_what_is_like_a_clock_but_cannot_be_read_is_said():
    clock, (still,) = looked_at(small(running(STARTS, lambda now: f"2024-05-2 {now:%H:%M:%S}8")))
    assert clock is not None
    assert (clock.state, clock.readings, clock.snapshot) == (ClockState.UNREADABLE, (), still.name)


def test_without_pictures_nothing_was_looked_for():
    assert ClockObserver("clip").finish() == (None, ())


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (40, 40)])
def test_a_picture_of_any_size(size):
    observer = ClockObserver("clip")
    observer.add(Frame(at_s=Fraction(0), image=np.zeros((*size, 3), np.uint8)))
    clock, _ = observer.finish()
    assert clock is not None
    assert clock.state is ClockState.ABSENT


def test_pictures_that_change_their_size_are_left_out():
    observer = ClockObserver("clip")
    for number, picture in enumerate(small(running(STARTS, plain)).pictures()):
        image = picture if number < 6 else np.ascontiguousarray(picture[: 240 - number])
        observer.add(Frame(at_s=Fraction(number), image=image))
    clock, _ = observer.finish()
    assert clock is not None
    assert clock.span(None) == (STARTS, STARTS + dt.timedelta(seconds=5))


@pytest.mark.media
def test_real_footage():
    pan = next((MEDIA / "disc-real").glob("*/6月3日/*视频1.mp4"))
    clock, _ = observed(pan)
    assert is_exact(clock, dt.datetime(2024, 6, 3, 9), weekday=True)
