"""A smaller picture set into a frame that isn't part of it, however lively the frame: told from a room's own walls.

The frame ends in seams on opposite sides. That alone could be a room with two pillars, or a ceiling and a floor; so it
must also differ from what it encloses in one of two ways: it shows the same, enlarged and blurred, as films of phones
are filled up; or it is full of texture or noise and nothing in it moves while something does inside.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box
from vidaudit.observe.looks import SMALL_WIDTH_PX, Looks
from vidaudit.observe.seams import Inside, Seams

Floats = npt.NDArray[np.float32]
Part = tuple[slice, slice]
"""Rows and columns of a small picture."""
_Place = tuple[str, tuple[int, int], tuple[int, int]]

_NARROWEST = 2  # pixels of a small picture: less of a frame can't be told
_BLUR_PX = 3.0
_ZOOMS = (1.0, 1.15, 1.35)  # by which the filling may be larger than what covers the frame
# Measured: fillings blurred by 8 to 25 px, also darkened, correlate by 0.89 and more on every side with what they
# enclose; of honest pictures with seams none by more than 0.4.
_LEAST_LIKENESS, _WORTH_A_LOOK = 0.8, 0.6  # over all looks, and in one of them
_LEAST_DEVIATION = 2.0  # grey levels; a plain surface is like anything
# Measured, in levels off the mean of 9 px: walls, ceilings and blurred fillings at most 0.7, textures and noise 1.3 up.
_TEXTURE_LEVELS, _TEXTURE_PX = 0.8, 9
_OTHER_TEXTURE, _SMOOTHEST_LEVELS = 2.0, 0.2  # times as rough; the codec's own
_SEAM_PX = 5  # beside a seam the codec spills over
_MOVED_LEVELS = 4.0  # deviation over the looks
_MOST_MOVED, _LEAST_MOVED = 0.005, 0.01  # share of the frame, and of what it encloses
_FEWEST_LOOKS = 4
_ALIKE_PX, _MOST_TRIED = 8, 12  # places nearer to each other are one; a wall of photographs has many


def inset(looks: Looks) -> Box | None:
    """The smallest picture within a frame that isn't part of it; None where there is no such frame."""
    found = [_box(inside) for inside in _candidates(looks) if _is_framed(looks, inside)]
    return min(found, key=lambda box: box.width_px * box.height_px, default=None)


def _candidates(looks: Looks) -> Iterator[Inside]:
    """Places between seams, each once."""
    tried: set[tuple[int, ...]] = set()
    for inside in Seams(looks).insides():
        place = tuple(side // _ALIKE_PX for side in (inside.left, inside.top, inside.right, inside.bottom))
        if place not in tried:
            tried.add(place)
            yield inside
        if len(tried) == _MOST_TRIED:
            return


def _box(inside: Inside) -> Box:
    width_px, height_px = inside.right - inside.left, inside.bottom - inside.top
    return Box(x_px=float(inside.left), y_px=float(inside.top), width_px=float(width_px), height_px=float(height_px))


def _is_framed(looks: Looks, inside: Inside) -> bool:
    sides = list(_sides(looks, inside))
    wide_enough = all(min(_size(side)) >= _NARROWEST for side in sides)
    return wide_enough and (_is_filling(looks, inside, sides) or _is_texture(looks, inside, sides))


def _sides(looks: Looks, inside: Inside) -> Iterator[Part]:
    """The parts of the small pictures that belong to the frame, a pixel away from its seams."""
    height, width = looks.small.shape[1:]
    core = _core(looks, inside)
    if inside.left > 0:
        yield slice(0, height), slice(0, max(core[1].start - 3, 0))
        yield slice(0, height), slice(min(core[1].stop + 3, width), width)
    if inside.top > 0:
        yield slice(0, max(core[0].start - 3, 0)), slice(0, width)
        yield slice(min(core[0].stop + 3, height), height), slice(0, width)


def _core(looks: Looks, inside: Inside) -> Part:
    """What is surely enclosed, in the small pictures."""
    scale = SMALL_WIDTH_PX / looks.width_px
    top, bottom = int(np.ceil(inside.top * scale)) + 1, int(inside.bottom * scale) - 1
    return slice(top, bottom), slice(int(np.ceil(inside.left * scale)) + 1, int(inside.right * scale) - 1)


def _size(part: Part) -> tuple[int, int]:
    return part[0].stop - part[0].start, part[1].stop - part[1].start


def _is_filling(looks: Looks, inside: Inside, sides: list[Part]) -> bool:
    """Whether every side shows what is enclosed, enlarged until it covers the frame, and blurred."""
    small = looks.small.astype(np.float32)
    middle = small[len(small) // 2 :][:1]
    return any(
        _fills(middle, way, sides) >= _WORTH_A_LOOK and _fills(small, way, sides) >= _LEAST_LIKENESS
        for way in _ways(looks, inside)
    )


def _fills(small: Floats, way: Floats, sides: list[Part]) -> float:
    """How alike the least alike side of some looks is and what lies there once they are enlarged; -1 to 1."""
    filled = np.stack([_enlarged(picture, way) for picture in small])
    return min(_likeness(filled[:, *side], small[:, *side]) for side in sides)


def _ways(looks: Looks, inside: Inside) -> Iterator[Floats]:
    """(2, 3) maps that enlarge the enclosed picture to that of the frame: in shape, or stretched."""
    height, width = looks.small.shape[1:]
    scale = SMALL_WIDTH_PX / looks.width_px
    across, down = looks.width_px / (inside.right - inside.left), looks.height_px / (inside.bottom - inside.top)
    x, y = scale * (inside.left + inside.right) / 2, scale * (inside.top + inside.bottom) / 2
    for times_x, times_y in ((max(across, down),) * 2, (across, down)):
        for zoom in _ZOOMS:
            sx, sy = zoom * times_x, zoom * times_y
            yield np.array([[sx, 0, width / 2 - sx * x], [0, sy, height / 2 - sy * y]], np.float32)


def _enlarged(picture: Floats, way: Floats) -> Floats:
    size = picture.shape[::-1]
    large = cv2.warpAffine(picture, way, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(large, (0, 0), _BLUR_PX), np.float32)


def _likeness(one: Floats, other: Floats) -> float:
    """The correlation of two parts over all looks, -1 to 1; 0 where either is plain."""
    if min(one.std(), other.std()) < _LEAST_DEVIATION:
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def _is_texture(looks: Looks, inside: Inside, sides: list[Part]) -> bool:
    """Whether every side is full of detail or noise in which nothing moves, while something does inside."""
    if len(looks.small) < _FEWEST_LOOKS:
        return False
    moved = looks.small.std(axis=0) > _MOVED_LEVELS
    if any(moved[side].mean() > _MOST_MOVED for side in sides) or moved[_core(looks, inside)].mean() < _LEAST_MOVED:
        return False
    is_all_round = inside.left > 0 and inside.top > 0
    return all(_is_texture_of_its_own(looks, *place, is_all_round) for place in _places(looks, inside))


def _places(looks: Looks, inside: Inside) -> Iterator[_Place]:
    """Where the frame is along one side of the picture, and as much of what it encloses, beside the seam."""
    for side, first, last, length in (
        ("x", inside.left, inside.right, looks.width_px),
        ("y", inside.top, inside.bottom, looks.height_px),
    ):
        if first > 0:
            within = min(first, length - last, (last - first) // 2)
            yield side, (0, first - _SEAM_PX), (first + _SEAM_PX, first + within)
            yield side, (last + _SEAM_PX, length), (last - within, last - _SEAM_PX)


def _is_texture_of_its_own(
    looks: Looks, side: str, frame: tuple[int, int], within: tuple[int, int], is_all_round: bool
) -> bool:
    """Whether a part of the frame is rough; and where it isn't all round, rougher or smoother than what it adjoins.

    A curtain or a panelled wall at both sides of a room is rough on both sides of each of its edges.
    """
    rough = _roughness(looks, *frame, side)
    if rough < _TEXTURE_LEVELS or is_all_round:
        return rough >= _TEXTURE_LEVELS
    beside = max(_roughness(looks, *within, side), _SMOOTHEST_LEVELS)
    return max(rough / beside, beside / rough) >= _OTHER_TEXTURE


def _roughness(looks: Looks, start: int, end: int, side: str) -> float:
    """The median deviation from the level around, between these places of one side; of the rougher direction."""
    along, other = (looks.rows, looks.columns) if side == "x" else (looks.columns, looks.rows)
    length, num_lines = along.shape[2], other.shape[1]
    crossing = slice(int(np.ceil(start * num_lines / length)), int(end * num_lines / length))
    parts = [along[0][:, start:end], other[0][crossing]]
    return max(_rough(part.astype(np.float32)) for part in parts if part.size)


def _rough(lines: Floats) -> float:
    return float(np.median(np.abs(lines - cv2.blur(lines, (_TEXTURE_PX, 1)))))
