"""Rooms of photographs: walls with something like furniture, and people whose places are known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.photographs import Corners, Face, Photograph
from fixtures.videos.canvas import Picture

MARGIN_PX = 60  # of wall round the photographs: the shaking camera stays inside
_TILE_PX = 96


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One photograph on the wall.

    Args:
        scale: room pixels per pixel of the photograph.
        left_px, top_px: its corner in the room.
        light: its grey levels are multiplied by this.
        squeeze: share of its width that is left, as if seen from the side.
        masked: whether everybody wears a mask.
    """

    photograph: Photograph
    scale: float
    left_px: float
    top_px: float
    light: float = 1.0
    squeeze: float = 1.0
    masked: bool = False

    def faces(self) -> tuple[Face, ...]:
        """Its faces, in pixels of the room."""
        return tuple(Face(who=face.who, corners=self._in_room(face.corners)) for face in self.photograph.faces)

    def _in_room(self, corners: Corners) -> Corners:
        x0, y0, x1, y1 = (corner * self.scale for corner in corners)
        return self.left_px + x0 * self.squeeze, self.top_px + y0, self.left_px + x1 * self.squeeze, self.top_px + y1


@dataclass(frozen=True, kw_only=True)
class Room:
    """A wall of this size with photographs.

    Args:
        texture: the contrast of what is on the wall itself, 0 to 1.
        tiled: whether it is all the same tile, again and again.
    """

    width_px: int
    height_px: int
    spots: tuple[Spot, ...]
    texture: float = 1.0
    tiled: bool = False
    seed: int = 1

    def faces(self) -> tuple[Face, ...]:
        """Everybody in it."""
        return tuple(face for spot in self.spots for face in spot.faces())

    def paint(self, pictures: Path) -> Picture:
        """The room as (height_px, width_px, 3) uint8."""
        picture = _tiles(self) if self.tiled else _wall(self)
        for spot in self.spots:
            _hang(picture, spot, spot.photograph.load(pictures))
        return picture


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How photographs hang.

    Args:
        face_px: width of faces, from and to; a picture's faces have their median there.
        row_px: height of a row; no picture is higher.
        stagger: share of the free height by which pictures are moved up and down.
        light: most by which a picture is lighter or darker, as a share.
        squeeze: least share of its width that a picture keeps.
        texture, tiled: as for `Room`.
        masked: as for `Spot`.
    """

    face_px: tuple[float, float]
    row_px: int
    num_rows: int = 1
    stagger: float = 0.0
    light: float = 0.0
    squeeze: float = 1.0
    texture: float = 1.0
    tiled: bool = False
    masked: bool = False
    seed: int = 1


def hung(photographs: Sequence[Photograph], pictures: Path, layout: Layout) -> Room:
    """Photographs side by side in rows about equally long, scaled so that faces have the wanted width."""
    rng = np.random.default_rng(layout.seed)
    ends = [float(MARGIN_PX)] * layout.num_rows
    spots = []
    for photograph in photographs:
        height, width = photograph.load(pictures).shape[:2]
        scale = min(float(rng.uniform(*layout.face_px)) / photograph.face_px, 0.98 * layout.row_px / height)
        row = int(np.argmin(ends))
        free = layout.row_px - scale * height
        spot = Spot(
            photograph=photograph,
            scale=scale,
            left_px=ends[row],
            top_px=MARGIN_PX + row * layout.row_px + free * (0.5 + layout.stagger * float(rng.uniform(-0.5, 0.5))),
            light=1 + layout.light * float(rng.uniform(-1, 1)),
            squeeze=float(rng.uniform(layout.squeeze, 1)),
            masked=layout.masked,
        )
        spots.append(spot)
        ends[row] += scale * spot.squeeze * width + float(rng.uniform(15, 110))
    return Room(
        width_px=math.ceil(max(ends)) + MARGIN_PX,
        height_px=layout.num_rows * layout.row_px + 2 * MARGIN_PX,
        spots=tuple(spots),
        texture=layout.texture,
        tiled=layout.tiled,
        seed=layout.seed,
    )


def seats(
    photographs: Sequence[Photograph], pictures: Path, size_px: tuple[int, int], face_px: tuple[float, float], seed: int
) -> Room:
    """Heads in the rows of a lecture room: small and close at the far wall, larger in front.

    Args:
        photographs: one person each.
        face_px: width of a face in the last and in the first row.

    Raises:
        ValueError: when they don't find room.
    """
    rng = np.random.default_rng(seed)
    left, top, tallest, spots = 20.0, 0.12 * size_px[1], 0.0, []
    for number, photograph in enumerate(photographs):
        height, width = photograph.load(pictures).shape[:2]
        wanted = face_px[0] + (face_px[1] - face_px[0]) * number / max(1, len(photographs) - 1)
        scale = wanted / photograph.face_px
        if left + scale * width > size_px[0] - 20:
            left, top, tallest = 20.0 + float(rng.uniform(0, 40)), top + tallest + 6, 0.0
        spots.append(Spot(photograph=photograph, scale=scale, left_px=left, top_px=top))
        left += scale * width + float(rng.uniform(0.1, 0.6)) * wanted
        tallest = max(tallest, scale * height)
    if top + tallest > size_px[1]:
        raise ValueError(f"{len(photographs)} heads of {face_px} px find no room in {size_px}")
    return Room(width_px=size_px[0], height_px=size_px[1], spots=tuple(spots), texture=0.7, seed=seed)


def _wall(room: Room) -> Picture:
    """Plaster, stains and shadows in noise of several sizes, with shelves and notices on it."""
    rng = np.random.default_rng(room.seed)
    wall = np.full((room.height_px, room.width_px, 3), rng.uniform(120, 190, 3), np.float32)
    for cell_px, contrast in ((400, 22), (90, 12), (24, 7), (6, 5)):
        cells = rng.normal(0, contrast, (room.height_px // cell_px + 2, room.width_px // cell_px + 2))
        grown = cv2.resize(cells.astype(np.float32), (room.width_px, room.height_px), interpolation=cv2.INTER_CUBIC)
        wall += room.texture * grown[:, :, None]
    picture = np.clip(wall, 0, 255).astype(np.uint8)
    for _ in range(int(room.texture * room.width_px * room.height_px / 40_000)):
        _notice(picture, rng)
    return picture


def _tiles(room: Room) -> Picture:
    """A tiled wall: whatever matches here matches a tile further on as well."""
    rng = np.random.default_rng(room.seed)
    tile = cv2.GaussianBlur(rng.uniform(90, 210, (_TILE_PX, _TILE_PX, 3)), (0, 0), 4)
    tile = np.clip((tile - tile.mean()) * 4 * room.texture + 150, 0, 255)
    tile[:3], tile[:, :3] = 70, 70
    times = (room.height_px // _TILE_PX + 1, room.width_px // _TILE_PX + 1, 1)
    return np.tile(tile.astype(np.uint8), times)[: room.height_px, : room.width_px].copy()


def _notice(picture: Picture, rng: np.random.Generator) -> None:
    """A sheet or board with a few lines of writing."""
    height, width = picture.shape[:2]
    x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
    wide, high = int(rng.integers(40, 240)), int(rng.integers(30, 160))
    paper, ink = rng.uniform(60, 250, 3), rng.uniform(0, 120, 3)
    cv2.rectangle(picture, (x, y), (x + wide, y + high), tuple(map(float, paper)), -1)
    for line in range(y + 18, y + high - 4, 20):
        letters = "".join(map(chr, rng.integers(65, 91, max(1, wide // 16))))
        cv2.putText(picture, letters, (x + 6, line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, tuple(map(float, ink)), 1)


def _hang(picture: Picture, spot: Spot, photograph: Picture) -> None:
    how = cv2.INTER_AREA if spot.scale < 1 else cv2.INTER_CUBIC
    grown = cv2.resize(photograph, None, fx=spot.scale * spot.squeeze, fy=spot.scale, interpolation=how)
    lit = cv2.convertScaleAbs(grown, alpha=spot.light)
    left, top = round(spot.left_px), round(spot.top_px)
    place = picture[top : top + lit.shape[0], left : left + lit.shape[1]]
    place[:] = lit[: place.shape[0], : place.shape[1]]
    if spot.masked:
        for face in spot.faces():
            _mask(picture, face.corners)


def _mask(picture: Picture, corners: Corners) -> None:
    """A surgical mask from the bridge of the nose to the chin."""
    x0, y0, x1, y1 = corners
    shape = ((0.06, 0.62), (0.5, 0.5), (0.94, 0.62), (0.9, 0.86), (0.5, 1.02), (0.1, 0.86))
    points = [(x0 + x * (x1 - x0), y0 + y * (y1 - y0)) for x, y in shape]
    cv2.fillPoly(picture, [np.round(np.array(points)).astype(np.int32)], (225, 205, 180), cv2.LINE_AA)
    for share in (0.7, 0.8):
        y = round(y0 + share * (y1 - y0))
        start, end = (round(x0 + 0.12 * (x1 - x0)), y), (round(x1 - 0.12 * (x1 - x0)), y)
        cv2.line(picture, start, end, (200, 180, 155), max(1, round((x1 - x0) / 60)), cv2.LINE_AA)
