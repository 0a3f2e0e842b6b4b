"""A virtual camera over a room: where it looks, what it shows of whom, and the clip it films.

Where each face is at each instant follows from the geometry alone, so the truth needs no footage.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.photographs import Corners, Face
from benchmarks.rooms import MARGIN_PX, Room
from fixtures.videos.canvas import Picture
from fixtures.videos.encode import Coding, write_clip

RATE = Fraction(25)
Matrix = npt.NDArray[np.float64]
_EXPOSURE_S = 1 / 200  # a lit room; smears 4 px at 800 px/s
_NUM_GRAINS = 5


@dataclass(frozen=True, kw_only=True)
class Camera:
    """A camera over a room.

    Args:
        stops: (seconds, x, y): where the middle of the picture is when, in room pixels; between stops it moves.
        eased: whether it starts and ends each move softly.
        shake_px: how far the hand shakes.
        zoom: share by which the picture grows and shrinks over some seconds.
    """

    width_px: int
    height_px: int
    stops: tuple[tuple[float, float, float], ...]
    eased: bool = False
    shake_px: float = 0.0
    zoom: float = 0.0

    @property
    def duration_s(self) -> float:
        """From the first stop to the last."""
        return self.stops[-1][0]

    def middle(self, at_s: float) -> tuple[float, float]:
        """Where it looks at, in room pixels."""
        for (start_s, x0, y0), (end_s, x1, y1) in itertools.pairwise(self.stops):
            if at_s <= end_s:
                share = min(1.0, max(0.0, (at_s - start_s) / (end_s - start_s)))
                share = share * share * (3 - 2 * share) if self.eased else share
                return x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        return self.stops[-1][1:]

    def view(self, at_s: float) -> Matrix:
        """The (2, 3) matrix from room pixels to the picture's."""
        x, y = self.middle(at_s)
        x += self.shake_px * (math.sin(8.2 * at_s) + 0.5 * math.sin(19.7 * at_s + 1))
        y += self.shake_px * (math.sin(7.1 * at_s + 2) + 0.5 * math.sin(22.3 * at_s))
        roll = 0.0006 * self.shake_px * math.sin(5.3 * at_s)
        scale = 1 + self.zoom * math.sin(0.7 * at_s)
        cos, sin = scale * math.cos(roll), scale * math.sin(roll)
        dx = self.width_px / 2 - cos * x + sin * y
        dy = self.height_px / 2 - sin * x - cos * y
        return np.array([[cos, -sin, dx], [sin, cos, dy]])

    def speed(self, at_s: float) -> tuple[float, float]:
        """How fast it moves, in room pixels a second."""
        (x0, y0), (x1, y1) = self.middle(at_s), self.middle(at_s + 0.02)
        return abs(x1 - x0) / 0.02, abs(y1 - y0) / 0.02


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the camera makes of the light, and how the clip is stored.

    Args:
        noise: standard deviation of its noise in grey levels.
        drift: share by which the brightness rises and falls.
        gain: brightness, 1 = as photographed.
        clock: whether a clock and a title are burned in.
        crf: quality of the encoder.
    """

    noise: float = 2.0
    drift: float = 0.0
    gain: float = 1.0
    clock: bool = False
    crf: int = 26
    keyframes_s: int = 2


def seen(face: Face, camera: Camera, at_s: float) -> Corners | None:
    """Where the face is in the picture at this time; None unless all of it is."""
    x0, y0, x1, y1 = in_view(face.corners, camera.view(at_s))
    inside = x0 >= 0 and y0 >= 0 and x1 <= camera.width_px and y1 <= camera.height_px
    return (x0, y0, x1, y1) if inside else None


def in_view(corners: Corners, view: Matrix) -> Corners:
    """The upright rectangle round these corners as the view shows them."""
    x0, y0, x1, y1 = corners
    points = view @ np.array([[x0, x1, x0, x1], [y0, y0, y1, y1], [1.0, 1.0, 1.0, 1.0]])
    (left, top), (right, bottom) = points.min(axis=1), points.max(axis=1)
    return float(left), float(top), float(right), float(bottom)


def seconds_seen(face: Face, camera: Camera, step_s: float = 0.1) -> float:
    """How long all of the face is in the picture, all passes together."""
    return step_s * sum(seen(face, camera, at_s) is not None for at_s in np.arange(0, camera.duration_s, step_s))


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """How a camera goes over a room from end to end.

    Args:
        speed_px_s: mean speed while it moves.
        passes: how often it crosses the room, there and back by turns.
        leftwards: whether it begins at the right end.
        num_stops: how often it stops on each pass; 0 = it moves evenly.
        num_rows: looks at so many rows one after another, turning at each end.
        hold_s: how long it stands at each stop, at the start and at the end.
        shake_px, zoom: as for `Camera`.
    """

    speed_px_s: float
    passes: int = 1
    leftwards: bool = False
    num_stops: int = 0
    num_rows: int = 1
    hold_s: float = 1.2
    shake_px: float = 0.0
    zoom: float = 0.0

    def over(self, room: Room, size_px: tuple[int, int]) -> Camera:
        """The camera, with a picture of this size."""
        near, far = size_px[0] / 2, room.width_px - size_px[0] / 2
        ends = (far, near) if self.leftwards else (near, far)
        level_px = (room.height_px - 2 * MARGIN_PX) / self.num_rows
        levels = [MARGIN_PX + level_px * (row + 0.5) for row in range(self.num_rows)]
        stops = [(0.0, ends[0], levels[0]), (self.hold_s, ends[0], levels[0])]
        for number in range(self.passes * self.num_rows):
            stops += self._crossing(stops[-1], ends[(number + 1) % 2], levels[number % self.num_rows])
        return Camera(
            width_px=size_px[0],
            height_px=size_px[1],
            stops=tuple(stops),
            eased=self.num_stops > 0,
            shake_px=self.shake_px,
            zoom=self.zoom,
        )

    def _crossing(self, start: tuple[float, float, float], target: float, y: float) -> list[tuple[float, float, float]]:
        """The stops of one way along a row; first to the height of the row, if the camera isn't there yet."""
        at_s, x, old_y = start
        found = []
        if abs(old_y - y) > 1:
            at_s += abs(old_y - y) / self.speed_px_s
            found.append((at_s, x, y))
        for leg_x in np.linspace(x, target, self.num_stops + 2)[1:]:
            at_s += abs(target - x) / (self.num_stops + 1) / self.speed_px_s
            found += [(at_s, float(leg_x), y), (at_s + self.hold_s, float(leg_x), y)]
            at_s += self.hold_s
        return found


def still(size_px: tuple[int, int], duration_s: float) -> Camera:
    """A camera that doesn't move."""
    middle = size_px[0] / 2, size_px[1] / 2
    return Camera(width_px=size_px[0], height_px=size_px[1], stops=((0.0, *middle), (duration_s, *middle)))


def film(target: Path, room: Room, camera: Camera, look: Look, pictures: Path) -> None:
    """Write what the camera sees."""
    coding = Coding(crf=look.crf, keyframes_s=Fraction(look.keyframes_s), preset="superfast")
    write_clip(target, shots(room, camera, look, pictures), RATE, coding)


def shots(room: Room, camera: Camera, look: Look, pictures: Path) -> Iterator[Picture]:
    """Its pictures, one after another."""
    painted = room.paint(pictures)
    size_px = camera.width_px, camera.height_px
    grains = _grains(size_px, look.noise, room.seed)
    for number in range(math.ceil(camera.duration_s * RATE)):
        at_s = float(number / RATE)
        picture = cv2.warpAffine(painted, camera.view(at_s), size_px, borderMode=cv2.BORDER_REPLICATE)
        picture = _smeared(picture, camera.speed(at_s))
        if look.drift or look.gain != 1:
            picture = cv2.convertScaleAbs(picture, alpha=look.gain * (1 + look.drift * math.sin(0.35 * at_s)))
        lighter, darker = grains[number * 3 % len(grains)]
        noisy = np.asarray(cv2.subtract(cv2.add(picture, lighter), darker), np.uint8)
        if look.clock:
            _burn_in(noisy, at_s)
        yield noisy


def _burn_in(picture: Picture, at_s: float) -> None:
    """A recorder's clock at the top and a camera's name at the bottom."""
    clock = f"2024-05-20 MON 10:{12 + int(at_s) // 60:02d}:{int(at_s) % 60:02d}"
    for text, x, y in ((clock, 24, 44), ("Camera 01", picture.shape[1] - 220, picture.shape[0] - 28)):
        for colour, width_px in ((0.0, 5), (255.0, 2)):
            cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1, (colour,) * 3, width_px)


def _smeared(picture: cv2.typing.MatLike, speed: tuple[float, float]) -> cv2.typing.MatLike:
    across, down = (max(1, round(part * _EXPOSURE_S)) for part in speed)
    return picture if across == down == 1 else cv2.blur(picture, (across, down))


def _grains(size_px: tuple[int, int], sigma: float, seed: int) -> list[tuple[Picture, Picture]]:
    """Noise as what it adds and what it takes away; a few fields are enough, shown by turns."""
    rng = np.random.default_rng(seed)
    fields = [rng.normal(0, sigma, (size_px[1], size_px[0], 1)).repeat(3, axis=2) for _ in range(_NUM_GRAINS)]
    return [
        (np.rint(np.maximum(field, 0)).astype(np.uint8), np.rint(np.maximum(-field, 0)).astype(np.uint8))
        for field in fields
    ]
