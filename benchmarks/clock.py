"""The recorder's clock, drawn in every layout into encoded clips and read again through the real decoder.

Exact means: the date (where month and day can't be told apart, the true one among the two), the time of the first and
of the last reading to the second, the weekday, and the rate within a fiftieth or the tolerance of a second's display.
"""

import datetime as dt
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import table
from fixtures.videos.clock import LAYOUTS, Style, clock_text
from fixtures.videos.clocked import DARK, LIGHT, ClockedClip, running, shifted
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import plan
from vidaudit.media.probe import probe
from vidaudit.model.clock import ClockEvidence
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.observe.clock import ClockObserver

STARTS = dt.datetime(2024, 5, 22, 15, 46, 7)
_STYLES = {"light": LIGHT, "dark": DARK}
_HOURS = {"24 h": None, "AM/PM": "en", "上午/下午": "zh"}
_WEEKDAYS = {"none": None, "星期三": "zh", "Wed": "en"}
_CORNERS = ("top left", "top right", "bottom left", "bottom right")
_SIZES = {"480p": ((640, 480), 18), "720p": ((1280, 720), 24), "1080p": ((1920, 1080), 32), "4K": ((3840, 2160), 48)}


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        print("layouts: exact of all, over weekday x hours")
        print(table(("  layout", *_STYLES), list(layout_rows(path))))
        print("corners and sizes: exact of all layouts")
        print(table(("  size", *_CORNERS), list(size_rows(path))))
        print("a clock that doesn't simply run")
        print(table(("  clip", "said"), list(event_rows(path))))


def layout_rows(path: Path) -> Iterator[tuple[str, ...]]:
    """For each layout, how many of its variants came out exact."""
    for layout in LAYOUTS:
        row = [layout.format(y="YYYY", m="MM", d="DD")]
        for style in _STYLES.values():
            variants = itertools.product(_WEEKDAYS.values(), _HOURS.values())
            clips = (_clip(layout, weekday, half, style=style) for weekday, half in variants)
            row.append(_share(_is_exact(path, *clip) for clip in clips))
        yield tuple(row)


def size_rows(path: Path) -> Iterator[tuple[str, ...]]:
    """For each size of picture and corner, how many layouts came out exact."""
    for name, (size_px, height_px) in _SIZES.items():
        row = [f"{name}, {height_px} px"]
        for corner in _CORNERS:
            style = replace(LIGHT, height_px=height_px)
            made = (_clip(layout, "zh", None, style=style, size_px=size_px, corner=corner) for layout in LAYOUTS)
            row.append(_share(_is_exact(path, *clip) for clip in made))
        yield tuple(row)


def event_rows(path: Path) -> Iterator[tuple[str, str]]:
    """Clocks that jump, stop or go at another speed, notices in the room, and no clock at all."""
    plain = _texts(LAYOUTS[0], "zh", None)
    late = STARTS.replace(hour=23, minute=59, second=54)
    clips = {
        "jumps ahead by 5 s at 20 s": ClockedClip(lines=shifted(STARTS, plain, 20, 5), duration_s=40),
        "jumps back by 10 s at 25 s": ClockedClip(lines=shifted(STARTS, plain, 25, -10), duration_s=40),
        "jumps ahead by an hour at 6 s": ClockedClip(lines=shifted(STARTS, plain, 6, 3600), duration_s=40),
        "stands": ClockedClip(lines=running(STARTS, plain, 0.0), duration_s=30),
        "half as fast": ClockedClip(lines=running(STARTS, plain, 0.5), duration_s=40),
        "twice as fast": ClockedClip(lines=running(STARTS, plain, 2.0), duration_s=40),
        "through midnight": ClockedClip(lines=running(late, plain), duration_s=20),
        "in two lines": ClockedClip(lines=lambda at_s: plain(_after(at_s)).split(" ", 1), corner="bottom left"),
        "notice, camera turns": ClockedClip(lines=lambda _: (), notice="2023-01-01 08:30", duration_s=20),
        "notice, camera stands": ClockedClip(lines=lambda _: (), notice="2023-01-01 08:30", pans=False, duration_s=20),
        "notice and clock": ClockedClip(lines=running(STARTS, plain), notice="2023-01-01 08:30", pans=False),
        "no clock": ClockedClip(lines=lambda _: ()),
    }
    for name, clip in clips.items():
        yield name, _said(observed(clip.save(path))[0])


def observed(path: Path) -> tuple[ClockEvidence, float]:
    """What is said of the clock of a file, and the processor's seconds it took, decoding left out."""
    probed = probe(path)
    assert probed.index is not None
    observer = ClockObserver("clip")
    spent_s = 0.0
    sampling = Sampling(lecture_interval_s=Fraction(1))
    for frame in Decoder(path, probed.facts, probed.index, plan(probed.index, ClipKind.LECTURE, sampling)):
        started_s = time.process_time()
        observer.add(frame)
        spent_s += time.process_time() - started_s
    started_s = time.process_time()
    evidence, _ = observer.finish()
    assert evidence is not None
    return evidence, spent_s + time.process_time() - started_s


def is_exact(clock: ClockEvidence, starts: dt.datetime, *, weekday: bool) -> bool:
    """Whether all readings are what the clock showed."""
    span = clock.span(starts.date())
    if span is None or clock.jumps or clock.stopped:
        return False
    ends = [starts + dt.timedelta(seconds=int(one.at_s)) for one in (clock.readings[0], clock.readings[-1])]
    shown = Counter(reading.weekday for reading in clock.readings)
    right_day = shown.most_common(1)[0][0] == (starts.weekday() if weekday else None)
    return list(span) == ends and right_day


def _is_exact(path: Path, clip: ClockedClip, weekday: bool) -> bool:
    return is_exact(observed(clip.save(path))[0], STARTS, weekday=weekday)


def _clip(
    layout: str,
    weekday: str | None,
    half: str | None,
    *,
    style: Style,
    size_px: tuple[int, int] = (1280, 720),
    corner: str = "top left",
) -> tuple[ClockedClip, bool]:
    lines = running(STARTS, _texts(layout, weekday, half))
    return ClockedClip(lines=lines, style=style, size_px=size_px, corner=corner, duration_s=8), weekday is not None


def _texts(layout: str, weekday: str | None, half: str | None) -> Callable[[dt.datetime], str]:
    return lambda now: clock_text(now, layout, weekday=weekday, half=half)


def _after(at_s: float) -> dt.datetime:
    return STARTS + dt.timedelta(seconds=int(at_s))


def _share(outcomes: Iterable[bool]) -> str:
    every = list(outcomes)
    return f"{sum(every)}/{len(every)}"


def _said(clock: ClockEvidence) -> str:
    span = clock.span(STARTS.date())
    parts = [clock.state.value]
    parts += [] if span is None else [f"{span[0]:%Y-%m-%d %H:%M:%S} to {span[1]:%Y-%m-%d %H:%M:%S}"]
    parts += [] if clock.rate is None else [f"rate {clock.rate:.2f}"]
    parts += [f"{jump.shift_s:+.0f} s between {jump.before_s:.1f} and {jump.after_s:.1f} s" for jump in clock.jumps]
    parts += [f"stands from {stop.start_s:.1f} to {stop.end_s:.1f} s" for stop in clock.stopped]
    return ", ".join(parts)


if __name__ == "__main__":
    main()
