"""Places that live: where somebody sits who never shows their face.

People with bowed heads, or with their backs to the lens, still move: over ten minutes a head shifts between most of two
looks, while chairs, walls and posters don't. A place lives when it changes again and again at the size of a head, as
large as the faces found tell for that height of the picture, and what changes is no larger than a head: nothing above
it, little to its left and right. Below is the body. So a screen, a curtain or an opening door is no person, and
neither is a fan under the ceiling, above all heads.

Such a place is no proof: it widens the bounds of a headcount and never raises the count itself.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box
from vidaudit.observe.change import Grey, changed, overlay_rows
from vidaudit.observe.perspective import HEAD_TO_FACE, Perspective, middle, perspective_of
from vidaudit.observe.place import View
from vidaudit.observe.resize import resized

MIN_COMPARED = 8  # pairs of looks; fewer say nothing: a person can sit still for a minute
_MAX_LOOKS = 128  # remembered; of a longer clip every second one is let go, which bounds the memory at 40 MB
_HEAD_PX = 20.0  # a head of middle size in the pictures compared: its sway by a tenth is two pixels
_LEAST_HEAD_PX = 6.0  # smaller ones than this don't move by a pixel
_STANDING_SHARE = 0.01  # of the width: a camera's way and drift below this may be the error of measuring it
_STEP = 0.25  # of a head's width from one candidate to the next
_HEAD_HEIGHT = 1.2  # heads are that much higher than wide
# Measured on the classroom of the test media, with any of its people taken for unseen: heads change in 0.1 to 0.6 of
# their area and in 0.18 to 0.92 of the looks, and nothing round them; what isn't a person in 0.03 and 0.13.
_MIN_CHANGED = 0.08  # of a head's area, over all looks
_MIN_IN_LOOK = 0.12  # of a head's area: the place lived in this look
_MIN_LOOKS_SHARE = 0.25  # of the looks in which it lived
_MAX_BESIDE = 0.7  # of what changes in the head may change above it or to a side of it
_ABOVE_SEATS = 2.0  # head widths above the highest face: further up nobody sits
# Head widths round a head that belong to the same person: to each side, up (hair, and the sway of a head) and down to
# where a desk or the next row begins; and of those with nobody before them the hands on the desk, straight below.
_ACROSS, _UP, _DOWN = 1.1, 1.6, 1.3
_BODY_ACROSS, _BODY_DOWN = 1.0, 1.8  # head widths in which what changes is theirs alone
_HANDS_ACROSS, _HANDS_DOWN = 1.0, 3.2

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Look:
    """One picture of the room: (height, width) uint8, and what takes its pixels to the plane's, both reduced.

    `number` counts the frames.
    """

    number: int
    picture: Grey
    view: View
    scale: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Changes:
    """Where the room changed: (looks, height, width) uint8, 1 where it did; `scale` is their pixels per plane pixel.

    `numbers` are those of the frames compared, (looks, 2).
    """

    active: npt.NDArray[np.uint8]
    numbers: npt.NDArray[np.int64]
    scale: float

    def between(self, first: int, last: int) -> "_Changes":
        """Those that two frames of these, the first and the last included, show."""
        inside = (self.numbers[:, 0] >= first) & (self.numbers[:, 1] <= last)
        return replace(self, active=self.active[inside], numbers=self.numbers[inside])


class SeatWatch:
    """Remembers small pictures of the room. Feed every look in order of time."""

    def __init__(self) -> None:
        self._looks: list[_Look] = []
        self._every = 1
        self._num_seen = 0
        self._known: dict[int, _Changes] = {}

    def look(self, grey: Grey, view: View, scale: float) -> None:
        """The next frame, grey; `scale` is its pixels per pixel of the frame."""
        if self._num_seen % self._every == 0:
            self._looks.append(_Look(number=self._num_seen, picture=grey, view=view, scale=scale))
        self._num_seen += 1
        self._known = {}
        if len(self._looks) > _MAX_LOOKS:
            self._looks, self._every = self._looks[::2], 2 * self._every

    def living(self, faces: Sequence[Box], segment: int) -> tuple[Box, ...] | None:
        """Heads, as boxes in the segment's plane, that live outside of the places of these faces.

        None, not measured, where no face tells how large a head is or the camera gave too few looks to compare.
        """
        perspective, changes = perspective_of(faces), self._changes_at(faces, segment)
        return None if perspective is None or changes is None else tuple(_heads(changes, perspective, faces))

    def _changes_at(self, faces: Sequence[Box], segment: int) -> _Changes | None:
        """How the room of these faces changed, None where there is nothing to go by; kept for the next question."""
        known = self._known.get(segment)
        if known is not None:
            return known
        perspective = perspective_of(faces)
        looks = _alike([look for look in self._looks if look.view.segment == segment])
        if perspective is None or len(looks) <= MIN_COMPARED:
            return None
        self._known = {segment: _changes(looks, perspective)}
        return self._known[segment]

    def lives(self, place: Box, faces: Sequence[Box], segment: int, first: int, last: int) -> bool | None:
        """Whether the head whose face was at this place lives from one frame to another; None where not measured.

        Args:
            faces: all faces of the segment, as for `living`.
            first, last: numbers of frames, both included.
        """
        changes = self._changes_at(faces, segment)
        within = None if changes is None else changes.between(first, last)
        if within is None or len(within.active) < MIN_COMPARED:
            return None
        return _lives(within, _Spot(*middle(place), HEAD_TO_FACE * place.width_px))


def _alike(looks: Sequence[_Look]) -> list[_Look]:
    """Those of the most common size: a picture may shrink in mid-clip."""
    sizes = Counter(look.picture.shape for look in looks)
    return [look for look in looks if look.picture.shape == sizes.most_common(1)[0][0]]


def _changes(looks: Sequence[_Look], perspective: Perspective) -> _Changes:
    """Where each look differs from the one before, outside the strips for the recorder's text."""
    scale = min(looks[0].scale, _HEAD_PX / perspective.width_px)
    pairs = itertools.pairwise(_in_plane(look, motion, scale) for look, motion in zip(looks, _ways(looks), strict=True))
    active = np.stack([before.seen & after.seen & changed(before.picture, after.picture) for before, after in pairs])
    strip = overlay_rows(active.shape[1])
    active[:, :strip] = active[:, active.shape[1] - strip :] = False
    numbers = np.array([(before.number, after.number) for before, after in itertools.pairwise(looks)])
    return _Changes(active=active.astype(np.uint8), numbers=numbers, scale=scale)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sight:
    """A look as it lies in the plane, reduced: (height, width) uint8, and true where it shows something."""

    picture: Grey
    seen: npt.NDArray[np.bool_]


def _ways(looks: Sequence[_Look]) -> list[_Floats]:
    """For each look the (2, 3) motion to the plane; it stays the same while no more than noise was measured."""
    width = looks[0].picture.shape[1] / looks[0].scale
    ways: list[_Floats] = []
    for look in looks:
        here, last = look.view.to_plane[:2], ways[-1] if ways else np.eye(3)[:2]
        corner = np.array([width, width, 1.0])
        off = max(np.abs(here[:, 2] - last[:, 2]).max(), np.abs((here - last) @ corner).max())
        ways.append(last if off < _STANDING_SHARE * width else here)
    return ways


def _in_plane(look: _Look, motion: _Floats, scale: float) -> _Sight:
    """The look where a camera that stands would have seen it; a swaying one is straightened."""
    picture = resized(look.picture, scale / look.scale)
    if np.array_equal(motion, np.eye(3)[:2]):
        return _Sight(picture=picture, seen=np.ones(picture.shape, dtype=bool))
    height, width = picture.shape
    motion = motion * np.array([1, 1, scale])
    straight = cv2.warpAffine(picture, motion, (width, height), borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.warpAffine(np.full_like(picture, 255), motion, (width, height)) == 255
    return _Sight(picture=straight.astype(np.uint8), seen=seen)


def _heads(changes: _Changes, perspective: Perspective, faces: Sequence[Box]) -> list[Box]:
    """The places that live, those that change most first; none on another nor on the place of a face."""
    taken = [_Spot(*middle(face), HEAD_TO_FACE * face.width_px) for face in faces]
    top_px = min(spot.y_px - _ABOVE_SEATS * spot.width_px for spot in taken)
    front_px = max(spot.y_px - _DOWN * spot.width_px for spot in taken)
    found: list[_Spot] = []
    others = _without(changes, taken)
    for spot in _candidates(others, perspective, top_px):
        hands = any(head.y_px > front_px and _are_hands(spot, head) for head in taken)
        somebody = any(_belongs(spot, head) or _belongs(head, spot) for head in (*taken, *found))
        if not hands and not somebody and _lives(others, spot):
            found.append(spot)
    return [spot.face() for spot in found]


def _without(changes: _Changes, taken: Sequence["_Spot"]) -> _Changes:
    """The changes less those of people already counted: a neighbour who lives too doesn't make a head broader."""
    active = changes.active.copy()
    for spot in taken:
        x, y, head = (value * changes.scale for value in spot)
        across, top, bottom = _BODY_ACROSS * head, y - _UP * head, y + _BODY_DOWN * head
        left, right, top, bottom = (max(round(side), 0) for side in (x - across, x + across, top, bottom))
        active[:, top:bottom, left:right] = 0
    return replace(changes, active=active)


class _Spot(NamedTuple):
    """The middle of a head and its width, in the plane."""

    x_px: float
    y_px: float
    width_px: float

    def face(self) -> Box:
        """The box a detector would draw round its face."""
        width, height = self.width_px / HEAD_TO_FACE, self.width_px
        return Box(x_px=self.x_px - width / 2, y_px=self.y_px - height / 2, width_px=width, height_px=height)


def _belongs(spot: _Spot, head: _Spot) -> bool:
    """Whether the spot is on this head or the shoulders and chest below it."""
    reach, down = max(spot.width_px, head.width_px), spot.y_px - head.y_px
    return abs(spot.x_px - head.x_px) < _ACROSS * reach and -_UP * reach < down < _DOWN * head.width_px


def _are_hands(spot: _Spot, head: _Spot) -> bool:
    """Whether the spot may be hands on the desk before this head."""
    straight = abs(spot.x_px - head.x_px) < _HANDS_ACROSS * head.width_px
    return straight and 0 < spot.y_px - head.y_px < _HANDS_DOWN * head.width_px


def _candidates(changes: _Changes, perspective: Perspective, top_px: float) -> list[_Spot]:
    """Where the changes have the size of a head, what changes most first."""
    height, width = changes.active.shape[1:]
    x, y, head = _grid(perspective, changes.scale, (width, height), top_px)
    mean = cv2.integral(changes.active.mean(axis=0))
    here = _share(mean, x, y, head, _HEAD)
    around = [_share(mean, x, y, head, window) for window in _AROUND]
    apart = (here >= _MIN_CHANGED) & (np.max(around, axis=0) <= _MAX_BESIDE * here)
    order = np.argsort(-here[apart], kind="stable")
    spots = np.stack([x, y, head], axis=1)[apart][order] / changes.scale
    return [_Spot(*map(float, spot)) for spot in spots]


def _lives(changes: _Changes, spot: _Spot) -> bool:
    """Whether this head changes again and again, not once for good."""
    x, y, head = (value * changes.scale for value in spot)
    half_width, half_height = head / 2, _HEAD_HEIGHT * head / 2
    sides = (x - half_width, x + half_width, y - half_height, y + half_height)
    left, right, top, bottom = (max(round(side), 0) for side in sides)
    looks = changes.active[:, top:bottom, left:right].mean(axis=(1, 2))
    return bool((looks >= _MIN_IN_LOOK).mean() >= _MIN_LOOKS_SHARE)


class _Window(NamedTuple):
    """A part of the picture round a head: the offset of its middle and its size, in head widths."""

    across: float
    down: float
    width: float
    height: float


_HEAD = _Window(0.0, 0.0, 1.0, _HEAD_HEIGHT)
_AROUND = (_Window(-1.3, 0.0, 0.6, _HEAD_HEIGHT), _Window(1.3, 0.0, 0.6, _HEAD_HEIGHT), _Window(0.0, -1.1, 1.2, 0.6))


def _grid(
    perspective: Perspective, scale: float, size: tuple[int, int], top_px: float
) -> tuple[_Floats, _Floats, _Floats]:
    """Middles x, y and widths of all heads there could be, each (n,), in pixels of the changes."""
    rows = []
    y = max(top_px * scale, 0.0)
    while y < size[1]:
        head = perspective.head_px(y / scale) * scale
        if head < _LEAST_HEAD_PX:
            y += 1
            continue
        x = np.arange(head / 2, size[0] - head / 2, _STEP * head)
        rows.append(np.stack([x, np.full_like(x, y), np.full_like(x, head)]))
        y += _STEP * head
    x, y_all, heads = np.concatenate([np.zeros((3, 0)), *rows], axis=1)
    return x, y_all, heads


def _share(integral: _Floats, x: _Floats, y: _Floats, head: _Floats, window: _Window) -> _Floats:
    """The mean (n,) of a window at each head; 0 outside of the picture.

    Args:
        integral: (height + 1, width + 1), a summed-area table (Crow 1984).
    """
    bottom, right = integral.shape[0] - 1, integral.shape[1] - 1
    middle_x, middle_y = x + window.across * head, y + window.down * head
    x0, x1 = (_index(middle_x + side * window.width * head / 2, right) for side in (-1, 1))
    y0, y1 = (_index(middle_y + side * window.height * head / 2, bottom) for side in (-1, 1))
    total = integral[y1, x1] - integral[y0, x1] - integral[y1, x0] + integral[y0, x0]
    share: _Floats = total / np.maximum((x1 - x0) * (y1 - y0), 1)
    return share


def _index(values: _Floats, last: int) -> npt.NDArray[np.intp]:
    return np.clip(np.round(values), 0, last).astype(np.intp)
