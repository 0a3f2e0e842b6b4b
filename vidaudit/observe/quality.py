"""Picture quality over a clip's sampled frames: noise, exposure, sharpness, frozen and black stretches.

What counts as one dark, blown-out, blurred, covered, frozen or black frame is defined here, with its source; how many
of them a clip may have is a profile's business.
"""

import itertools
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.evidence import PictureEvidence
from vidaudit.model.media import Frame
from vidaudit.model.still import Box, Snapshot, SnapshotPurpose, Stretch
from vidaudit.observe.borders import BorderWatch
from vidaudit.observe.change import MOVED_LEVELS, Grey, blocks, largest_change, room
from vidaudit.observe.detail import effective_width_px, reduced_width_px
from vidaudit.observe.detect import Image
from vidaudit.observe.inset import inset
from vidaudit.observe.looks import LooksWatch
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.resampling import ResamplingWatch, source_share
from vidaudit.observe.snapshots import snapshot, snapshot_name
from vidaudit.observe.stills import StillWatch
from vidaudit.observe.tiling import parts

# ffmpeg's blackdetect: a pixel is black up to a tenth of the luma range, a picture when 98 % of its pixels are.
_BLACK_LEVEL, _BLACK_SHARE = 0.10 * 255, 0.98
# ffmpeg's freezedetect: pictures are the same when they differ by at most 0.001 of the range on average. By that alone
# a few people in a large hall stand still, and a photograph with noise or flicker is alive.
_FROZEN_DIFFERENCE = 0.001 * 255
# So the change is also read where it is largest (`observe.change`).
# Calibrated on the classroom, pan and photographs of the test media and on the same made darker, brighter, blurred
# (benchmarks/picture): ordinary rooms have a mean of 70 to 190, a tenth of that light 15 to 30.
_DARK_LUMA = 40.0
_BRIGHT_LEVEL, _BRIGHT_SHARE = 250, 0.5
# A picture with less detail than one this wide shows no face even of the front row: a tenth of a 1920 px frame. Read
# in the picture reduced to about twice that, where the block edges of a strong compression don't pass for detail.
_BLURRED_WIDTH_PX = 192.0
_REDUCED_WIDTH_PX = 320
# A covered lens: grey levels hardly vary even over large areas.
_COVERED_DEVIATION = 6.0
_FLAT_SHARE = 0.25  # noise is read where the picture is flattest: a quarter of the blocks
_NOISE_BLOCK_PX = 16
_FINE_EVERY = 2  # noise and fine detail are a camera's, not a picture's: every second frame tells them as well
_STILLS_EVERY = 2  # a still that is worth showing lasts longer than two looks
_EDGE_SHARE = 0.02
# The sharpest frames tell what a camera can show: in the others it moved or looked at something plain.
_SHARPEST_QUANTILE = 0.9
# Below this share of the width, a still is kept so that a person can judge the detail: pans of real photographs have
# 0.59 and drawn rooms 0.72, enlarged ones 0.37 and less.
_SOFT_SHARE = 0.5
_LIFELESS_SHARE = 0.25  # of a clip that shows one still: from here on two looks are kept, so that a person can judge


@dataclass(frozen=True, kw_only=True)
class FrameQuality:
    """One frame's figures; see `PictureEvidence` for their units. A frame without edges has no effective width.

    Noise and effective width are None where they were not read.
    """

    at_s: float
    luma: float
    noise_sigma: float | None
    effective_width_px: float | None
    width_px: int
    height_px: int
    dark: bool
    bright: bool
    blurred: bool
    covered: bool
    black: bool

    @property
    def faults(self) -> int:
        """How many things are wrong with it."""
        return sum((self.dark, self.bright, self.blurred, 2 * self.covered, 2 * self.black))

    @property
    def detail_share(self) -> float | None:
        """How much of its width is real detail (0 to 1); None where there is too little light or nothing to see."""
        if self.effective_width_px is None or self.dark or self.covered or self.black:
            return None
        return self.effective_width_px / self.width_px


class PictureObserver:
    """Watches picture quality frame by frame.

    Args:
        prefix: begins the file names of its snapshots.
        camera_stands: whether the camera is meant to stand, so that a still that moves is looked for.
    """

    def __init__(self, prefix: str, *, camera_stands: bool = False) -> None:
        self._prefix = prefix
        self._stills = StillWatch() if camera_stands else None
        self._resampling = ResamplingWatch()
        self._frames: list[FrameQuality] = []
        self._borders = BorderWatch()
        self._looks = LooksWatch()
        self._frozen: list[Stretch] = []
        self._still: list[Stretch] = []
        self._previous: tuple[float, Grey, Grey] | None = None
        self._worst: tuple[FrameQuality, Image] | None = None

    def add(self, frame: Frame) -> None:
        """Look at the next frame; frames come in order of time."""
        grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        quality = frame_quality(grey, float(frame.at_s), finely=len(self._frames) % _FINE_EVERY == 0)
        self._frames.append(quality)
        self._borders.add(grey)
        self._looks.add(grey)
        self._compare(quality.at_s, grey)
        self._resampling.add(room(grey))
        if self._stills is not None and len(self._frames) % _STILLS_EVERY == 1:
            self._stills.add(frame, grey)
        if self._worst is None or quality.faults > self._worst[0].faults:
            self._worst = quality, frame.image

    def finish(self) -> tuple[PictureEvidence | None, tuple[Snapshot, ...]]:
        """The clip's figures and, when any frame has a fault, a still of the worst; None without frames."""
        if self._worst is None:
            return None, ()
        worst, image = self._worst
        evidence = self._evidence(worst)
        pair = self._pair()
        evidence = replace(evidence, lifeless_snapshot=pair[0].name if pair else None)
        if not (worst.faults or evidence.frozen or _is_doubtful(evidence)):
            return evidence, pair
        still = snapshot(self._prefix, "picture", image, worst.at_s, SnapshotPurpose.WORST_PICTURE)
        return replace(evidence, worst_snapshot=still.name), (still, *pair)

    def _pair(self) -> tuple[Snapshot, ...]:
        """The two looks that show one still, where there are any."""
        if self._stills is None or self._stills.pair is None or self._stills.share < _LIFELESS_SHARE:
            return ()
        pair = side_by_side(*self._stills.pair)
        name = snapshot_name(self._prefix, pair.first_at_s, "still")
        size = {"width_px": pair.width_px, "height_px": pair.height_px}
        return (Snapshot(name=name, at_s=pair.first_at_s, purpose=SnapshotPurpose.FROZEN, jpeg=pair.jpeg, **size),)

    def _evidence(self, worst: FrameQuality) -> PictureEvidence:
        frames = self._frames
        shares = [one.detail_share for one in frames if one.detail_share is not None]
        effective = _effective_size_px(frames)
        area, made_of = self._composition()
        return PictureEvidence(
            num_frames=len(frames),
            noise_sigma=float(np.median([one.noise_sigma for one in frames if one.noise_sigma is not None])),
            sharpness=float(np.median(shares)) if shares else 0.0,
            luma=float(np.median([one.luma for one in frames])),
            dark_share=float(np.mean([one.dark for one in frames])),
            bright_share=float(np.mean([one.bright for one in frames])),
            blurred_share=float(np.mean([one.blurred for one in frames])),
            covered_share=float(np.mean([one.covered for one in frames])),
            effective_size_px=effective,
            smallest_size_px=min(((one.width_px, one.height_px) for one in frames), key=lambda size: size[0] * size[1]),
            enlarged_from_px=_enlarged_from_px(self._resampling.rhythm(), effective, frames[0]),
            active_area=area,
            parts=made_of,
            frozen=_joined(self._frozen),
            still=_joined(self._still),
            lifeless=None if self._stills is None else self._stills.stretches,
            black=_black_stretches(frames),
            worst_at_s=worst.at_s,
        )

    def _composition(self) -> tuple[Box | None, tuple[int, int] | None]:
        """The part of the picture that no border or frame takes, and the (columns, rows) of pictures it is made of."""
        area, looks = self._borders.active_area(), self._looks.finish()
        if area is None or looks is None:
            return area, None
        framed = inset(looks)
        if framed is not None and framed.width_px * framed.height_px < area.width_px * area.height_px:
            area = framed
        return area, parts(looks, area)

    def _compare(self, at_s: float, grey: Grey) -> None:
        """Note a stretch as frozen when on average or in every block nothing moved, as still when both are so."""
        now = room(grey)
        coarse = blocks(now)
        if self._previous is not None and self._previous[1].shape == now.shape:
            before_s, before, coarse_before = self._previous
            on_average = float(cv2.absdiff(now, before).mean()) <= _FROZEN_DIFFERENCE
            everywhere = largest_change(coarse_before, coarse) <= MOVED_LEVELS
            stretch = Stretch(start_s=before_s, end_s=at_s)
            self._frozen.extend([stretch] if on_average or everywhere else [])
            self._still.extend([stretch] if on_average and everywhere else [])
        self._previous = at_s, now, coarse


def frame_quality(grey: Grey, at_s: float, *, finely: bool = True) -> FrameQuality:
    """The figures of one frame ((height, width) uint8 grey levels), noise and fine detail only if `finely`."""
    height, width = grey.shape
    reduced = reduced_width_px(grey, read_at_px=_REDUCED_WIDTH_PX, edge_share=_EDGE_SHARE) or 0.0
    levels = _levels(grey)
    luma = float(levels @ np.arange(256))
    coarse = cv2.resize(grey, (32, 24), interpolation=cv2.INTER_AREA)
    black = float(levels[: int(_BLACK_LEVEL) + 1].sum()) >= _BLACK_SHARE
    covered = float(coarse.std()) < _COVERED_DEVIATION
    return FrameQuality(
        at_s=at_s,
        luma=luma,
        noise_sigma=noise_sigma(grey) if finely else None,
        effective_width_px=effective_width_px(room(grey)) if finely else None,
        width_px=width,
        height_px=height,
        dark=luma < _DARK_LUMA,
        bright=float(levels[_BRIGHT_LEVEL:].sum()) > _BRIGHT_SHARE,
        blurred=not black and not covered and reduced < _BLURRED_WIDTH_PX,
        covered=covered,
        black=black,
    )


def _levels(grey: Grey) -> npt.NDArray[np.float64]:
    """The share of the picture that each of the 256 grey levels has."""
    counts = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel()
    return counts.astype(np.float64) / grey.size


def _effective_size_px(frames: list[FrameQuality]) -> tuple[int, int] | None:
    """Of the sharpest frames; the shape is that of most of them."""
    widths = [one.effective_width_px or 0.0 for one in frames if one.detail_share is not None]
    if not widths:
        return None
    width = float(np.quantile(widths, _SHARPEST_QUANTILE))
    aspect = float(np.median([one.height_px / one.width_px for one in frames]))
    return round(width), round(width * aspect)


def _enlarged_from_px(
    rhythm: float | None, effective_px: tuple[int, int] | None, first: FrameQuality
) -> tuple[int, int] | None:
    """The size that the traces of interpolation tell; of frames of the first one's size."""
    if rhythm is None or effective_px is None:
        return None
    share = source_share(rhythm, effective_px[0] / first.width_px)
    return None if share is None else (round(share * first.width_px), round(share * first.height_px))


def _is_doubtful(evidence: PictureEvidence) -> bool:
    """Whether a person should be able to see how large and how detailed the picture is."""
    area, size = evidence.active_area, evidence.smallest_size_px
    bordered = area is not None and size is not None and (area.width_px < size[0] or area.height_px < size[1])
    return bordered or evidence.is_tiled or evidence.enlarged_from_px is not None or evidence.sharpness < _SOFT_SHARE


def noise_sigma(grey: Grey) -> float:
    """Standard deviation of the noise in grey levels, by Immerkaer 1996, "Fast noise variance estimation".

    The mask answers to noise but not to planes and straight ramps; read in the flattest blocks so that texture
    and edges don't count, and away from the ends of the scale where noise is clipped.
    """
    if min(grey.shape) < 3:
        return 0.0
    bend = np.array([1, -2, 1], np.float32)  # the mask is this one both ways
    answer = cv2.convertScaleAbs(cv2.sepFilter2D(grey, cv2.CV_16S, bend, bend))
    per_block, level = _block_means(answer[1:-1, 1:-1].astype(np.uint8, copy=False)), _block_means(grey[1:-1, 1:-1])
    usable = per_block[(level > 16) & (level < 240)]
    if not usable.size:
        return 0.0
    flattest = np.sort(usable)[: max(1, round(usable.size * _FLAT_SHARE))]
    return float(np.median(flattest) * np.sqrt(np.pi / 2) / 6)


def _block_means(values: Grey) -> Grey:
    """The mean of every whole block, of the whole where there is none, as a list."""
    rows, columns = (side // _NOISE_BLOCK_PX for side in values.shape)
    whole = values[: rows * _NOISE_BLOCK_PX or None, : columns * _NOISE_BLOCK_PX or None]
    size = (max(1, columns), max(1, rows))
    return cv2.resize(whole, size, interpolation=cv2.INTER_AREA).astype(np.uint8).ravel()


def _black_stretches(frames: list[FrameQuality]) -> tuple[Stretch, ...]:
    pairs = itertools.pairwise(frames)
    return _joined([Stretch(start_s=one.at_s, end_s=two.at_s) for one, two in pairs if one.black and two.black])


def _joined(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """Stretches that touch, as one."""
    joined: list[Stretch] = []
    for stretch in stretches:
        if joined and joined[-1].end_s == stretch.start_s:
            joined[-1] = Stretch(start_s=joined[-1].start_s, end_s=stretch.end_s)
        else:
            joined.append(stretch)
    return tuple(joined)
