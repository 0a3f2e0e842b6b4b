"""Rooms, walls of people and cameras for these tests: pictures made in memory, no files and no decoder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from fixtures.videos.canvas import Picture
from fixtures.videos.faces import bust
from fixtures.videos.people import Person
from fixtures.videos.pose import FRONTAL, Sight, head_at_px
from fixtures.videos.rooms import WALLS, classroom, wall
from vidaudit.model.media import Frame
from vidaudit.model.still import Box
from vidaudit.observe.detect import Detection

MEDIA = Path(__file__).parents[3] / "shared" / "media"
SPACING = 2.55  # between the heads of a row, in head widths


@dataclass(frozen=True, kw_only=True)
class Mural:
    """A long wall with people before it: the picture, and the middle of every head in it."""

    picture: Picture
    heads: tuple[tuple[int, int], ...]


def mural(people: Sequence[Person], *, face_px: float = 60.0, height_px: int = 400, least_width_px: int = 700) -> Mural:
    """People in a row before a wall with posters; the wall is at least as wide as asked."""
    width = max(round(face_px * SPACING * (len(people) + 0.6)), least_width_px)
    picture = wall(width, height_px, WALLS[1])
    heads = [(round(face_px * SPACING * (number + 0.8)), round(height_px * 0.45)) for number in range(len(people))]
    for who, head in zip(people, heads, strict=True):
        stand(picture, who, head, face_px)
    return Mural(picture=picture, heads=tuple(heads))


def stand(picture: Picture, who: Person, head: tuple[int, int], face_px: float, sight: Sight = FRONTAL) -> None:
    """Draw a person into the picture, the middle of the head at `head`."""
    middle = head_at_px(face_px)
    bust(who, sight, face_px).paste_on(picture, head[0] - middle[0], head[1] - middle[1])


def crowd(people: Sequence[Person], face_px: float, columns: int = 6) -> Mural:
    """People in rows before a plain wall."""
    across, down = round(SPACING * face_px), round(2.9 * face_px)
    picture = np.full((down * -(-len(people) // columns), across * columns, 3), (206, 214, 212), np.uint8)
    heads = [
        (across * (number % columns) + across // 2, down * (number // columns) + round(1.1 * face_px))
        for number in range(len(people))
    ]
    for who, head in zip(people, heads, strict=True):
        stand(picture, who, head, face_px)
    return Mural(picture=picture, heads=tuple(heads))


def pan(picture: Picture, num_frames: int, *, width_px: int = 480) -> list[Picture]:
    """What a camera sees that moves along the picture from its left end to its right end."""
    lefts = np.linspace(0.0, 1.0, num_frames) * (picture.shape[1] - width_px)
    return [picture[:, round(left) : round(left) + width_px].copy() for left in lefts]


def there_and_back(picture: Picture, num_frames: int) -> list[Picture]:
    """A pan to the end and back again."""
    way = pan(picture, num_frames)
    return [*way, *way[::-1]]


def frames(pictures: Iterable[Picture], step_s: Fraction = Fraction(1)) -> list[Frame]:
    """The pictures as frames, one every `step_s`."""
    return [Frame(at_s=number * step_s, image=picture) for number, picture in enumerate(pictures)]


def empty_room(width_px: int = 640, height_px: int = 480) -> Picture:
    """An empty classroom."""
    return classroom(width_px, height_px, WALLS[0])


def textured(width_px: int, height_px: int, seed: int = 0) -> Picture:
    """A wall full of patches of every size: something to hold on to everywhere."""
    rng = np.random.default_rng(seed)
    picture = np.full((height_px, width_px, 3), 128, np.uint8)
    for _ in range(width_px * height_px // 900):
        x, y = int(rng.integers(width_px)), int(rng.integers(height_px))
        size = rng.integers(4, 40, 2)
        cv2.rectangle(picture, (x, y), (x + int(size[0]), y + int(size[1])), rng.integers(0, 256, 3).tolist(), -1)
    return picture


def box(x: float, y: float, width: float = 40.0, height: float | None = None) -> Box:
    """A box by its middle and size."""
    height = width * 1.2 if height is None else height
    return Box(x_px=x - width / 2, y_px=y - height / 2, width_px=width, height_px=height)


def found(x: float, y: float, width: float = 40.0, score: float = 0.8) -> Detection:
    """A face found with its middle there."""
    return Detection(box=box(x, y, width), score=score)


class ScriptedDetector:
    """Finds in the n-th picture what the script says of it."""

    name = "scripted"

    def __init__(self, script: Iterable[Iterable[Detection]]) -> None:
        self._script = iter(script)

    def detect(self, image: Picture) -> tuple[Detection, ...]:
        return tuple(next(self._script))
