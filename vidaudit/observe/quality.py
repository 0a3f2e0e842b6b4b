"""Picture quality over a clip's sampled frames: noise, exposure, sharpness, frozen and black stretches.

What counts as one dark, blown-out, blurred, covered, frozen or black frame is defined here, with its source; how many
of them a clip may have is a profile's business.
"""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.evidence import PictureEvidence, Snapshot, SnapshotPurpose, Stretch
from vidaudit.model.media import Frame
from vidaudit.observe.detail import effective_width_px
from vidaudit.observe.detect import Image
from vidaudit.observe.resize import resized
from vidaudit.observe.snapshots import snapshot

Grey = npt.NDArray[np.uint8]

# ffmpeg's blackdetect: a pixel is black up to a tenth of the luma range, a picture when 98 % of its pixels are.
_BLACK_LEVEL, _BLACK_SHARE = 0.10 * 255, 0.98
# ffmpeg's freezedetect: pictures are the same when they differ by at most 0.001 of the range on average. By that alone
# a few people in a large hall stand still, and a photograph with noise or flicker is alive.
_FROZEN_DIFFERENCE = 0.001 * 255
# So the change is also read where it is largest, in blocks of 1/64 of the width: between pictures of the classroom of
# the test media at least 22 grey levels, at a tenth of its light 2 to 8; of a still at most 2.3 with noise of 8 levels.
_MOVED_COLUMNS, _MOVED_LEVELS = 64, 3.0
# Calibrated on the classroom, pan and photographs of the test media and on the same made darker, brighter, blurred
# (benchmarks/picture): ordinary rooms have a mean of 70 to 190, a tenth of that light 15 to 30.
_DARK_LUMA = 40.0
_BRIGHT_LEVEL, _BRIGHT_SHARE = 250, 0.5
# A picture with less detail than one this wide shows no face even of the front row: a tenth of a 1920 px frame. Read
# in the picture reduced to 640 px, where the block edges of a strong compression don't pass for detail.
_BLURRED_WIDTH_PX = 192.0
_REDUCED_WIDTH_PX = 640
# A covered lens: grey levels hardly vary even over large areas.
_COVERED_DEVIATION = 6.0
_OVERLAY_SHARE = 0.1  # recorders burn clock and title into the top and bottom tenth: left out when looking for change
_FLAT_SHARE = 0.25  # noise is read where the picture is flattest: a quarter of the blocks
_NOISE_BLOCK_PX = 16
_EDGE_SHARE = 0.02


@dataclass(frozen=True, kw_only=True)
class FrameQuality:
    """One frame's figures; see `PictureEvidence` for their units."""

    at_s: float
    luma: float
    noise_sigma: float
    effective_width_px: float
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


class PictureObserver:
    """Watches picture quality frame by frame. `prefix` begins the file name of the snapshot of the worst frame."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._frames: list[FrameQuality] = []
        self._frozen: list[Stretch] = []
        self._still: list[Stretch] = []
        self._previous: tuple[float, Grey] | None = None
        self._worst: tuple[FrameQuality, Image] | None = None

    def add(self, frame: Frame) -> None:
        """Look at the next frame; frames come in order of time."""
        grey = cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        quality = frame_quality(grey, float(frame.at_s))
        self._frames.append(quality)
        self._compare(quality.at_s, grey)
        if self._worst is None or quality.faults > self._worst[0].faults:
            self._worst = quality, frame.image

    def finish(self) -> tuple[PictureEvidence | None, tuple[Snapshot, ...]]:
        """The clip's figures and, when any frame has a fault, a still of the worst; None without frames."""
        if self._worst is None:
            return None, ()
        worst, image = self._worst
        frames = self._frames
        stills: tuple[Snapshot, ...] = ()
        if worst.faults or self._frozen:
            stills = (snapshot(self._prefix, "picture", image, worst.at_s, SnapshotPurpose.WORST_PICTURE),)
        effective = float(np.median([one.effective_width_px for one in frames]))
        aspect = float(np.median([one.height_px / one.width_px for one in frames]))
        evidence = PictureEvidence(
            num_frames=len(frames),
            noise_sigma=float(np.median([one.noise_sigma for one in frames])),
            sharpness=float(np.median([one.effective_width_px / one.width_px for one in frames])),
            luma=float(np.median([one.luma for one in frames])),
            dark_share=float(np.mean([one.dark for one in frames])),
            bright_share=float(np.mean([one.bright for one in frames])),
            blurred_share=float(np.mean([one.blurred for one in frames])),
            covered_share=float(np.mean([one.covered for one in frames])),
            effective_size_px=(round(effective), round(effective * aspect)),
            smallest_size_px=min(((one.width_px, one.height_px) for one in frames), key=lambda size: size[0] * size[1]),
            frozen=_joined(self._frozen),
            still=_joined(self._still),
            black=_black_stretches(frames),
            worst_at_s=worst.at_s,
            worst_snapshot=stills[0].name if stills else None,
        )
        return evidence, stills

    def _compare(self, at_s: float, grey: Grey) -> None:
        """Note a stretch as frozen when on average or in every block nothing moved, as still when both are so."""
        strip = int(grey.shape[0] * _OVERLAY_SHARE)
        room = grey[strip : grey.shape[0] - strip]
        if self._previous is not None and self._previous[1].shape == room.shape:
            before_s, before = self._previous
            on_average = float(cv2.absdiff(room, before).mean()) <= _FROZEN_DIFFERENCE
            everywhere = _largest_change(before, room) <= _MOVED_LEVELS
            stretch = Stretch(start_s=before_s, end_s=at_s)
            self._frozen.extend([stretch] if on_average or everywhere else [])
            self._still.extend([stretch] if on_average and everywhere else [])
        self._previous = at_s, room


def frame_quality(grey: Grey, at_s: float) -> FrameQuality:
    """The figures of one frame ((height, width) uint8 grey levels)."""
    height, width = grey.shape
    effective = effective_width_px(grey, width, read_at_px=_REDUCED_WIDTH_PX, edge_share=_EDGE_SHARE) or 0.0
    luma = float(grey.mean())
    coarse = cv2.resize(grey, (32, 24), interpolation=cv2.INTER_AREA)
    black = float((grey <= _BLACK_LEVEL).mean()) >= _BLACK_SHARE
    covered = float(coarse.std()) < _COVERED_DEVIATION
    return FrameQuality(
        at_s=at_s,
        luma=luma,
        noise_sigma=noise_sigma(grey),
        effective_width_px=effective,
        width_px=width,
        height_px=height,
        dark=luma < _DARK_LUMA,
        bright=float((grey >= _BRIGHT_LEVEL).mean()) > _BRIGHT_SHARE,
        blurred=not black and not covered and effective < _BLURRED_WIDTH_PX,
        covered=covered,
        black=black,
    )


def _largest_change(before: Grey, after: Grey) -> float:
    """By how many grey levels the block that changed most did so, apart from what all of them did together."""
    scale = min(1.0, _MOVED_COLUMNS / before.shape[1])
    change = resized(after, scale).astype(np.float32) - resized(before, scale)
    return float(np.abs(change - np.median(change)).max())


def noise_sigma(grey: Grey) -> float:
    """Standard deviation of the noise in grey levels, by Immerkaer 1996, "Fast noise variance estimation".

    The mask answers to noise but not to planes and straight ramps; read in the flattest blocks so that texture
    and edges don't count, and away from the ends of the scale where noise is clipped.
    """
    if min(grey.shape) < 3:
        return 0.0
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    answer = np.abs(cv2.filter2D(grey.astype(np.float32), cv2.CV_32F, mask))[1:-1, 1:-1]
    size = (max(1, answer.shape[1] // _NOISE_BLOCK_PX), max(1, answer.shape[0] // _NOISE_BLOCK_PX))
    per_block = cv2.resize(answer, size, interpolation=cv2.INTER_AREA).ravel()
    level = cv2.resize(grey[1:-1, 1:-1], size, interpolation=cv2.INTER_AREA).ravel()
    usable = per_block[(level > 16) & (level < 240)]
    if not usable.size:
        return 0.0
    flattest = np.sort(usable)[: max(1, round(usable.size * _FLAT_SHARE))]
    return float(np.median(flattest) * np.sqrt(np.pi / 2) / 6)


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
