"""Watches for the recorder's clock: finds where it stands on a few pictures, keeps that strip of all, reads some."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from vidaudit.model.clock import ClockEvidence, ClockJump, ClockReading, ClockState
from vidaudit.model.media import Frame
from vidaudit.model.still import Box, Snapshot, SnapshotPurpose
from vidaudit.observe.clock_ocr import LINE_PX, Line, cut_line, find_lines, read_line
from vidaudit.observe.clock_text import looks_like_clock, parse_clock
from vidaudit.observe.clock_track import Look, Track, follow, settle
from vidaudit.observe.detect import Image
from vidaudit.observe.snapshots import snapshot

# A clock is looked for on these pictures until it is found, as what hides it may be gone by then; {number of the
# picture: its longer side}. Recorders' letters of 32 px in a 1080p picture are 13 px high at 800, at a third of the
# cost; the other looks see letters from 16 px on.
_TRIES = {0: 800, 3: 1280, 24: 800, 128: 1280}
_MOST_LINES = 8  # the longest ones; a picture with more lines at its edges is of a page or a screen
_MOST_PLACES = 3
_WIDER = 14.0  # in heights: a clock of which only a part was found may go on so far to either side
_LEAST_CONFIDENCE = 0.5  # of the least certain digit; what is less sure is not taken for read
_CLOCKLIKE_DIGITS = 9  # a date and hours and minutes have 12
_TIME_LIKE = re.compile(r"\d{2}[:;]\d{2}")
_MOST_PICTURES_OF_JUMPS = 6

Strip = tuple[Image, ...]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a clock stands, in one line or in two, and its strips so far, each line `LINE_PX` high.

    `found` is what the lines of the first strip say.
    """

    lines: tuple[Box, ...]
    found: tuple[Line, ...] = ()
    at_s: list[float] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)

    def add(self, frame: Frame) -> None:
        self.at_s.append(float(frame.at_s))
        self.strips.append(tuple(cut_line(frame.image, line) for line in self.lines))


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What a place came to; `track` is None where it holds no clock that can be read."""

    place: _Place
    track: Track | None
    is_like_clock: bool


class ClockObserver:
    """Watches for a clock picture by picture. `prefix` begins the file names of its snapshots."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0
        self._size: tuple[int, ...] = ()
        self._places: list[_Place] = []
        self._doubtful = _Place(lines=())

    def add(self, frame: Frame) -> None:
        """Look at the next picture; pictures come in order of time."""
        if not self._places and self._count in _TRIES:
            self._places = self._found(frame, _TRIES[self._count])
            self._size = frame.image.shape
        self._count += 1
        if frame.image.shape == self._size:
            for place in self._places:
                place.add(frame)

    def finish(self) -> tuple[ClockEvidence | None, tuple[Snapshot, ...]]:
        """What there is of a clock, with pictures of it; None without pictures."""
        if not self._count:
            return None, ()
        outcomes = [_read_place(place) for place in self._places]
        read = [outcome for outcome in outcomes if outcome.track is not None]
        if read:
            best = max(read, key=_worth)
            assert best.track is not None
            return self._evidence(best.place, best.track)
        like = [outcome.place for outcome in outcomes if outcome.is_like_clock]
        like += [self._doubtful] if len(self._doubtful.strips) > 1 else []
        return self._unreadable(like[0]) if like else (ClockEvidence(state=ClockState.ABSENT), ())

    def _found(self, frame: Frame, max_side_px: int) -> list[_Place]:
        """Places with a whole clock in this picture; what is only like one is remembered."""
        image = frame.image
        longest = sorted(find_lines(image, max_side_px), key=_length, reverse=True)[:_MOST_LINES]
        texts = [_read_at(box, image) for box in longest]
        places = [place for place in texts if _is_clock(place)]
        parts = [place for place in texts if not _is_clock(place) and looks_like_clock(place.found[0].text)]
        places += _pairs(parts)
        if not places:
            wider = [_read_at(_wider(part.lines[0], image), image) for part in parts]
            places = [place for place in wider if _is_clock(place)]
        for part in [] if places else parts:
            if _is_clocklike(part.found[0].text):
                self._doubtful.at_s.append(float(frame.at_s))
                self._doubtful.strips.append((cut_line(image, part.lines[0]),))
                break
        return places[:_MOST_PLACES]

    def _unreadable(self, place: _Place) -> tuple[ClockEvidence, tuple[Snapshot, ...]]:
        ends = (0, len(place.strips) - 1)
        still = self._still("clock", place, ends)
        return ClockEvidence(state=ClockState.UNREADABLE, snapshot=still.name), (still,)

    def _evidence(self, place: _Place, track: Track) -> tuple[ClockEvidence, tuple[Snapshot, ...]]:
        still = self._still("clock", place, (track.looks[0].index, track.looks[-1].index))
        shown = [
            self._still("clock-jump", place, (jump.before.index, jump.after.index))
            for jump in track.jumps[:_MOST_PICTURES_OF_JUMPS]
        ]
        jumps = tuple(
            ClockJump(
                before_s=jump.before.at_s,
                after_s=jump.after.at_s,
                shift_s=jump.shift_s,
                snapshot=None if picture is None else picture.name,
            )
            for jump, picture in itertools.zip_longest(track.jumps, shown)
        )
        evidence = ClockEvidence(
            state=ClockState.READ,
            readings=tuple(_reading(look, track) for look in track.looks),
            has_seconds=track.has_seconds,
            rate=track.rate,
            jumps=jumps,
            stopped=track.stopped,
            num_misread=track.num_misread,
            snapshot=still.name,
        )
        return evidence, (still, *shown)

    def _still(self, what: str, place: _Place, ends: tuple[int, int]) -> Snapshot:
        lines = [line for end in dict.fromkeys(ends) for line in place.strips[end]]
        return snapshot(self._prefix, what, _stacked(lines), place.at_s[ends[0]], SnapshotPurpose.CLOCK)


def _length(box: Box) -> float:
    """How long a line is for its height: a clock has some twenty characters, its halves eight."""
    return box.width_px / box.height_px


def _read_at(box: Box, image: Image) -> _Place:
    return _Place(lines=(box,), found=(read_line(cut_line(image, box)),))


def _pairs(parts: Sequence[_Place]) -> list[_Place]:
    """Two lines, one under the other, that are a clock together."""
    both = [
        _Place(lines=(*one.lines, *two.lines), found=(*one.found, *two.found))
        for one, two in itertools.permutations(parts, 2)
    ]
    return [place for place in both if _are_close(*place.lines) and _is_clock(place)]


def _are_close(one: Box, two: Box) -> bool:
    return abs(one.y_px - two.y_px) < 3 * max(one.height_px, two.height_px)


def _is_clock(place: _Place) -> bool:
    return parse_clock(_joined(place.found)) is not None


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _wider(box: Box, image: Image) -> Box:
    reach = _WIDER * box.height_px
    left, right = max(0.0, box.x_px - reach), min(image.shape[1], box.x_px + box.width_px + reach)
    return Box(x_px=left, y_px=box.y_px, width_px=right - left, height_px=box.height_px)


def _is_clocklike(text: str) -> bool:
    return _TIME_LIKE.search(text) is not None and sum(sign.isdecimal() for sign in text) >= _CLOCKLIKE_DIGITS


def _read_place(place: _Place) -> _Outcome:
    """The place's clock, by as few readings as it takes."""
    texts: dict[int, str] = {}

    def read(index: int) -> Look | None:
        lines = place.found if index == 0 else tuple(read_line(line) for line in place.strips[index])
        texts[index] = _joined(lines)
        clock = parse_clock(texts[index])
        confidence = min(line.confidence for line in lines)
        if clock is None or confidence < _LEAST_CONFIDENCE:
            return None
        return Look(index=index, at_s=place.at_s[index], text=texts[index].strip(), clock=clock, confidence=confidence)

    seen = follow(place.at_s, read)
    track = settle(seen)
    like = 2 * sum(map(_is_clocklike, texts.values())) >= len(texts)
    if track is not None and not track.has_seconds and _stands(track):
        return _Outcome(place=place, track=None, is_like_clock=False)  # a notice on the wall, for all one can tell
    return _Outcome(place=place, track=track, is_like_clock=like)


def _stands(track: Track) -> bool:
    return len({look.clock.time for look in track.looks}) == 1


def _worth(outcome: _Outcome) -> tuple[bool, int]:
    """A clock that runs before one that stands, then the one that was read more often."""
    track = outcome.track
    return (False, 0) if track is None else (not _stands(track), len(track.looks))


def _reading(look: Look, track: Track) -> ClockReading:
    return ClockReading(
        at_s=look.at_s,
        text=look.text,
        dates=tuple(look.clock.dates[order] for order in track.orders),
        time=look.clock.time,
        weekday=look.clock.weekday,
        confidence=look.confidence,
    )


def _stacked(lines: Sequence[Image]) -> Image:
    """Lines one under the other, the shorter ones filled up with black."""
    width = max(line.shape[1] for line in lines)
    padded = [cv2.copyMakeBorder(line, 0, 0, 0, width - line.shape[1], cv2.BORDER_CONSTANT) for line in lines]
    return np.concatenate(padded).astype(np.uint8).reshape(LINE_PX * len(lines), width, 3)
