"""The seat map: a frame in which every place that was counted has its number, to be checked at a glance.

| mark | meaning |
|---|---|
| solid box | the face is seen in this very frame |
| dashed box, `12x` | seen at other times, in that many looks |
| dotted box | lives without a face: not counted |
| cross | a picture on the wall: not counted |
| `T` | probably the teacher |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from vidaudit.model.still import Box
from vidaudit.observe.detect import Image
from vidaudit.observe.resize import reduced

_WIDTH_PX = 1280  # as wide as a snapshot is kept
_LABEL_PX = (18.0, 26.0)  # height of a number in a map of full width: legible where a report shows it half as wide
_LABEL_SHARE = 0.5  # of the width of a face, within these
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_PX = 22.0  # height of its capitals at scale 1
_DASH_PX, _GAP_PX = 9.0, 6.0
_DOT_GAP_PX = 8.0
_THICK_PX = 2
_BLACK = (0, 0, 0)

Point = tuple[float, float]


class Seen(StrEnum):
    """How a place was seen."""

    NOW = "now"
    BEFORE = "before"
    LIVING = "living"
    PICTURE = "picture"


# Blue-green-red; the marks differ in shape too, for prints without colour and eyes that don't tell red from green.
_COLOURS = {
    Seen.NOW: (60, 200, 60),
    Seen.BEFORE: (0, 190, 255),
    Seen.LIVING: (255, 170, 60),
    Seen.PICTURE: (80, 80, 240),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """One mark: `box` in the frame's pixels, `number_looks` in which the face was seen."""

    box: Box
    seen: Seen
    num_looks: int = 0
    staff: bool = False


def seat_map(image: Image, places: Sequence[Place]) -> Image:
    """A copy of the frame, as large as a report shows it, with the places marked; people are numbered by rows."""
    picture = reduced(image, _WIDTH_PX).copy()
    scale = picture.shape[1] / image.shape[1]
    marks = [_scaled(place, scale) for place in places]
    for place in marks:
        _outline(picture, place)
    for place, label in _labels(marks):
        _write(picture, place, label)
    return picture


def _scaled(place: Place, scale: float) -> Place:
    x, y, width, height = (scale * side for side in _sides(place.box))
    box = Box(x_px=x, y_px=y, width_px=width, height_px=height)
    return Place(box=box, seen=place.seen, num_looks=place.num_looks, staff=place.staff)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x_px, box.y_px, box.width_px, box.height_px


def _labels(places: Sequence[Place]) -> Iterable[tuple[Place, str]]:
    """The people with their numbers, from the back row to the front, each row from the left."""
    people = [place for place in places if place.seen in (Seen.NOW, Seen.BEFORE)]
    number = 0
    for row in _rows(people):
        for place in sorted(row, key=lambda one: one.box.x_px):
            number += 1
            yield place, f"T{number}" if place.staff else str(number)


def _rows(people: Sequence[Place]) -> list[list[Place]]:
    """People whose faces overlap in height with the first of the row."""
    rows: list[list[Place]] = []
    for place in sorted(people, key=lambda one: one.box.y_px):
        if rows and place.box.y_px < rows[-1][0].box.y_px + rows[-1][0].box.height_px:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def _outline(picture: Image, place: Place) -> None:
    for colour, thick in ((_BLACK, _THICK_PX + 2), (_COLOURS[place.seen], _THICK_PX)):
        for start, end in _strokes(place):
            cv2.line(picture, _pixel(start), _pixel(end), colour, thick, cv2.LINE_AA)


def _strokes(place: Place) -> Iterable[tuple[Point, Point]]:
    """The lines of a mark."""
    x, y, width, height = _sides(place.box)
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if place.seen is Seen.PICTURE:
        return [(corners[0], corners[2]), (corners[1], corners[3])]
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    if place.seen is Seen.NOW:
        return edges
    dash, gap = (_DASH_PX, _GAP_PX) if place.seen is Seen.BEFORE else (0.0, _DOT_GAP_PX)
    return [piece for start, end in edges for piece in _pieces(start, end, dash, gap)]


def _pieces(start: Point, end: Point, dash_px: float, gap_px: float) -> Iterable[tuple[Point, Point]]:
    """A line cut into dashes; dots where a dash has no length."""
    way = np.subtract(end, start)
    length = float(np.hypot(*way))
    for begin in np.arange(0.0, max(length, 1e-6), dash_px + gap_px):
        stop = min(begin + dash_px, length)
        yield _along(start, way, begin / max(length, 1e-6)), _along(start, way, stop / max(length, 1e-6))


def _along(start: Point, way: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", share: float) -> Point:
    return float(start[0] + share * way[0]), float(start[1] + share * way[1])


def _write(picture: Image, place: Place, label: str) -> None:
    """The number on a dark plate at the upper left of the box; under it how often a face not seen now was seen."""
    least, most = (limit * picture.shape[1] / _WIDTH_PX for limit in _LABEL_PX)
    size = float(np.clip(_LABEL_SHARE * place.box.width_px, least, most))
    _plate(picture, label, (place.box.x_px, place.box.y_px), size, _COLOURS[place.seen])
    if place.seen is Seen.BEFORE:
        below = (place.box.x_px, place.box.y_px + place.box.height_px + size)
        _plate(picture, f"{place.num_looks}x", below, 0.7 * size, _COLOURS[place.seen])


def _plate(picture: Image, text: str, corner: Point, size_px: float, colour: tuple[int, int, int]) -> None:
    scale = size_px / _FONT_PX
    (width, height), _ = cv2.getTextSize(text, _FONT, scale, _THICK_PX)
    left = int(np.clip(corner[0], 0, max(picture.shape[1] - width - 4, 0)))
    bottom = int(np.clip(corner[1], height + 4, picture.shape[0]))
    cv2.rectangle(picture, (left, bottom - height - 5), (left + width + 4, bottom), _BLACK, -1)
    cv2.putText(picture, text, (left + 2, bottom - 3), _FONT, scale, colour, _THICK_PX, cv2.LINE_AA)


def _pixel(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])
