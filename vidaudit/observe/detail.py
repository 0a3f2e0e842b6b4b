"""How much detail a picture really holds: blur measured at its own edges.

Method: Zhuo and Sim 2011, "Defocus map estimation from a single image". An edge of blur sigma, blurred again by a
known sigma0, loses gradient by the ratio R = sqrt(sigma^2 + sigma0^2) / sigma; so sigma = sigma0 / sqrt(R^2 - 1).
Read at the strongest edges only, where noise weighs least. A picture enlarged k times has k times the blur, so
"pixels divided by blur" is what is left of its resolution whatever its nominal size.

Two things pass for detail and are undone first. Repeated pixels are sharp at every step: see `observe.repeats`. A
filter that sharpens makes edges steeper than the detail there is, by up to a half, and leaves a halo beside them:
the deeper the halo, the more is taken off. The tables are printed by benchmarks/picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.observe.repeats import without_repeats
from vidaudit.observe.resize import resized

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SHARP_SIGMA_PX = 0.6  # blur of a picture that is sharp to the pixel: the median of photographs reduced by area
_REBLUR_SIGMA_PX, _REBLUR_KERNEL_PX = 1.0, (9, 9)
_FIXED_POINT = np.uint16(256)
_QUANTILE_SAMPLE = 120  # rows that suffice to tell how strong the strongest edges are
_SMALLEST_SIDE_PX = 8
# Wider faces are reduced to this before they are read: it averages away noise and the blocks of a strong compression,
# which would pass for detail. Twice the 40 px that matter.
_FACE_CAP_PX = 80
_FACE_EDGE_SHARE = 0.08
# A picture is read where its strongest edges are, at its own size. Few pixels: a room is mostly flat.
_TILE_PX, _NUM_TILES, _TILE_EDGE_SHARE = 96, 12, 0.03
_COARSE = 4  # the tiles are chosen on a picture this many times smaller
_SEAM_PX = 3  # as far as the kernels reach beyond a tile
# Calibrated on faces of photographs, reduced to 20 to 80 px and enlarged 1.5 to 4 times: the halo of plain ones is 0.2
# at most in half of them, that of sharpened ones 0.3 to 0.36, with edges up to 1.5 times as steep as their detail.
_PLAIN_HALO, _HALO_WEIGHT = 0.2, 3.0
_HALO_REACH_PX = 8
_ALONG = 2.0  # an edge counts as upright or level when it is this many times steeper across than along


@dataclass(frozen=True, kw_only=True, eq=False)
class _Edges:
    """Gradients of a picture and where it has edges; all arrays are (height, width), `where` is bool."""

    across: Floats
    down: Floats
    strength: Floats
    where: npt.NDArray[np.bool_]


def edge_blur_px(grey: Grey, *, edge_share: float) -> float | None:
    """Standard deviation of the blur at the strongest edges, in pixels; None for a picture without edges.

    Args:
        grey: (height, width) uint8.
        edge_share: the share of pixels, by gradient, that counts as edges (0 to 1).
    """
    edges = _edges(grey, edge_share)
    return None if edges is None else _blur_px(edges.strength[edges.where], _softened(grey)[edges.where])


def halo_depth(grey: Grey, *, edge_share: float) -> float:
    """How far the picture turns back beside its edges, as a share of their steepness (0 to 1).

    The gradient is averaged along lines across all upright and level edges. Beside a plain edge it falls to about
    nothing; a filter that sharpens makes it negative there.

    Args:
        grey, edge_share: as for `edge_blur_px`.
    """
    edges = _edges(grey, edge_share)
    return 0.0 if edges is None else _halo_depth(edges)


def effective_face_width_px(face: Grey, width_px: float) -> float | None:
    """The width in pixels at which this face would be as detailed as it is; at most its own.

    Args:
        face: (height, width) uint8, the face with a little of its surroundings.
        width_px: the width of the face itself within it.
    """
    plain, wider = without_repeats(face)
    width_px = width_px / wider
    scale = _FACE_CAP_PX / max(width_px, _FACE_CAP_PX)
    read = plain if scale >= 1.0 else resized(plain, scale)
    edges = _edges(read, _FACE_EDGE_SHARE)
    if edges is None:
        return None
    blur = _blur_px(edges.strength[edges.where], _softened(read)[edges.where])
    steeper = 1.0 + _HALO_WEIGHT * max(0.0, _halo_depth(edges) - _PLAIN_HALO)
    return width_px * min(1.0, _detail_share(blur, scale) / steeper)


def reduced_width_px(grey: Grey, *, read_at_px: int, edge_share: float) -> float | None:
    """The width in pixels at which a picture would be as detailed as it is, read in the reduced picture.

    Tells what is out of focus: neither noise nor the blocks of a strong compression pass for detail then. Finer detail
    than about `read_at_px` can't be told apart any more.

    Args:
        grey: (height, width) uint8.
        read_at_px: the width to which it is reduced at most; it is read as it is when less than three times as wide.
        edge_share: as for `edge_blur_px`.
    """
    read = grey
    while grey.shape[1] >= 3 * read_at_px and read.shape[1] >= 2 * read_at_px and read.shape[0] >= 2:
        read = resized(read, 0.5)  # halving is thirty times as fast as any other reduction
    blur = edge_blur_px(read, edge_share=edge_share)
    scale = read.shape[1] / grey.shape[1]
    return None if blur is None else grey.shape[1] * min(1.0, _detail_share(blur, scale))


def effective_width_px(grey: Grey) -> float | None:
    """The width in pixels of the smallest picture that holds all the detail of this one; at most its own.

    Read at its own size where its edges are strongest; None for a picture without edges.

    Args:
        grey: (height, width) uint8, without burned-in text: letters are sharp however blurred the room is.
    """
    plain, wider = without_repeats(grey)
    if min(plain.shape) < _SMALLEST_SIDE_PX:
        return None
    tiles = _liveliest(plain)
    sharp = np.concatenate([_inside(_gradients(tile)[2]) for tile in tiles], axis=None)
    threshold = _threshold(sharp[:: max(1, sharp.size // _QUANTILE_SAMPLE**2)], _TILE_EDGE_SHARE)
    where = sharp >= threshold
    if not where.any():
        return None
    soft = np.concatenate([_inside(_softened(tile)) for tile in tiles], axis=None)
    share = min(1.0, _detail_share(_blur_px(sharp[where], soft[where]), 1.0))
    return float(grey.shape[1] / wider * share)


def _liveliest(grey: Grey) -> list[Grey]:
    """The tiles with the strongest edges; the whole of a small picture."""
    rows, columns = grey.shape[0] // _TILE_PX, grey.shape[1] // _TILE_PX
    if rows * columns <= _NUM_TILES:
        return [grey]
    side = _TILE_PX // _COARSE
    coarse = resized(grey[: rows * _TILE_PX, : columns * _TILE_PX], 1 / _COARSE)
    across, down = (cv2.convertScaleAbs(cv2.Sobel(coarse, cv2.CV_16S, *order)) for order in ((1, 0), (0, 1)))
    lively = cv2.add(across, down)[: rows * side, : columns * side]
    per_tile = cv2.resize(lively, (columns, rows), interpolation=cv2.INTER_AREA).ravel()
    chosen = np.argsort(per_tile, kind="stable")[-_NUM_TILES:].tolist()
    corners = [(number // columns * _TILE_PX, number % columns * _TILE_PX) for number in chosen]
    return [grey[top : top + _TILE_PX, left : left + _TILE_PX] for top, left in corners]


def _inside(values: Floats) -> Floats:
    """Without the rim where the kernels had to make up what lies beyond."""
    return values[_SEAM_PX:-_SEAM_PX, _SEAM_PX:-_SEAM_PX]


def _edges(grey: Grey, edge_share: float) -> _Edges | None:
    """The strongest edges; None for a picture that is too small or has none."""
    if min(grey.shape) < _SMALLEST_SIDE_PX:
        return None
    across, down, strength = _gradients(grey)
    step = max(1, min(grey.shape) // _QUANTILE_SAMPLE)
    where = strength >= _threshold(strength[::step, ::step], edge_share)
    return _Edges(across=across, down=down, strength=strength, where=where) if where.any() else None


def _threshold(strength: Floats, edge_share: float) -> float:
    """From which strength on an edge counts: the strongest do, and none below a grey level."""
    return max(float(np.quantile(strength, 1 - edge_share)), 1.0) if strength.size else 1.0


def _blur_px(sharp: Floats, soft: Floats) -> float:
    """The blur in pixels from the gradients at edges, as they are and blurred again."""
    ratio = float(np.median(sharp / np.maximum(soft, 1e-3)))
    return _REBLUR_SIGMA_PX / float(np.sqrt(max(ratio**2 - 1.0, 1e-4)))


def _detail_share(blur_px: float, scale: float) -> float:
    """What share of the width is real detail, by the blur in a picture that was reduced by `scale`.

    Reducing leaves every picture at least as soft as a sharp one: that much isn't its own blur.
    """
    own = blur_px**2 - SHARP_SIGMA_PX**2 * (1 - scale**2)
    return SHARP_SIGMA_PX * scale / float(np.sqrt(max(own, 1e-6)))


def _halo_depth(edges: _Edges) -> float:
    upright = _profile(edges.across, edges.down, edges.where)
    level = _profile(edges.down.T, edges.across.T, edges.where.T)
    both_sides = upright + level
    one_side = (both_sides + both_sides[::-1])[_HALO_REACH_PX:]
    return max(0.0, -float(one_side.min()) / float(one_side[0])) if one_side[0] > 0 else 0.0


def _profile(across: Floats, along: Floats, where: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Sum of the gradients beside all edges that stand across the rows, signed so that the edge itself rises.

    Returns:
        (2 * _HALO_REACH_PX + 1,); the edge is in the middle.
    """
    rows, columns = np.nonzero(where & (np.abs(across) > _ALONG * np.abs(along)))
    padded = np.pad(across, ((0, 0), (_HALO_REACH_PX, _HALO_REACH_PX)), mode="edge")
    beside = padded[rows[:, None], columns[:, None] + np.arange(2 * _HALO_REACH_PX + 1)]
    signed: npt.NDArray[np.float64] = (beside * np.sign(across[rows, columns])[:, None]).sum(axis=0, dtype=np.float64)
    return signed


def _softened(grey: Grey) -> Floats:
    """Strength of the gradients once the picture has been blurred again.

    In fixed point: OpenCV's filters for floats round differently from run to run, depending on where arrays lie.
    """
    finer = grey.astype(np.uint16) * _FIXED_POINT
    soft = cv2.GaussianBlur(finer, _REBLUR_KERNEL_PX, _REBLUR_SIGMA_PX)
    return _gradients(soft)[2] / np.float32(_FIXED_POINT)


def _gradients(values: npt.NDArray[np.generic]) -> tuple[Floats, Floats, Floats]:
    """Across, down, and the strength of both together. Sums of whole numbers, so exact in whatever order."""
    floats = values.astype(np.float32, copy=False)
    across = cv2.Sobel(floats, cv2.CV_32F, 1, 0, ksize=3).astype(np.float32, copy=False)
    down = cv2.Sobel(floats, cv2.CV_32F, 0, 1, ksize=3).astype(np.float32, copy=False)
    return across, down, np.sqrt(across * across + down * down)
