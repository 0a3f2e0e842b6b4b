"""What tells footage that was used twice: fingerprints without pictures or faces, and what was found with them."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Stretch

CURVE_BIN_S = Fraction(1, 5)
LEVELS_PER_UNIT = 16  # a curve is stored in whole sixteenths of a natural logarithm, -8 to +8


@dataclass(frozen=True, kw_only=True)
class ClipFingerprint:
    """What the packets of a clip say about what moved in it; some 15 kB for ten minutes, comparable and storable.

    Args:
        duration_s: from the first picture to the last.
        curve: int8 per `CURVE_BIN_S`: logarithm of the packets' bytes against what is usual at their place in the
            encoder's rhythm, in units of 1 / `LEVELS_PER_UNIT`.
        marks: little-endian uint64 each: hashes of the encoded bytes of some packets, every key frame among them.
        marks_at: little-endian uint32 each: when their pictures are shown, in milliseconds.
        constant_rate: whether the encoder held its bit rate so steady that the curve says little.
    """

    duration_s: Fraction
    curve: bytes
    marks: bytes = b""
    marks_at: bytes = b""
    constant_rate: bool = False

    def __post_init__(self) -> None:
        if len(self.marks) != 2 * len(self.marks_at) or len(self.marks) % 8:
            raise ValueError(f"{len(self.marks)} bytes of marks don't go with {len(self.marks_at)} bytes of times")

    def levels(self) -> npt.NDArray[np.float32]:
        """The curve as (bins,) float32."""
        return np.frombuffer(self.curve, np.int8).astype(np.float32) / np.float32(LEVELS_PER_UNIT)

    def mark_hashes(self) -> npt.NDArray[np.uint64]:
        """The marks as (marks,) uint64."""
        return np.frombuffer(self.marks, "<u8").astype(np.uint64)

    def mark_times_s(self) -> npt.NDArray[np.float64]:
        """Their times as (marks,) float64, in seconds from the start of the clip."""
        return np.frombuffer(self.marks_at, "<u4") / 1000.0


@dataclass(frozen=True, kw_only=True)
class ClipTrace:
    """What comparing a clip with others takes, noted while its file was read once; never kept with the evidence.

    Args:
        time_base: seconds a tick.
        picture_pts, keyframe_pts: when its pictures and key frames are shown, in ticks, as `media.index` packs them.
    """

    fingerprint: ClipFingerprint
    time_base: Fraction
    picture_pts: bytes
    keyframe_pts: bytes


class ReuseHow(StrEnum):
    """How sure it is: the same file or encoded bytes are certain, the same pictures are for a person to confirm."""

    SAME_FILE = "same-file"
    SAME_STREAM = "same-stream"
    SAME_PICTURES = "same-pictures"
    REVERSED = "reversed"  # the same pictures, the last first


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Two stretches that may show the same; `score` in standard deviations of unrelated ones."""

    first: Stretch
    second: Stretch
    score: float

    @property
    def lag_s(self) -> float:
        """How much later the second shows what the first does."""
        return self.second.start_s - self.first.start_s


@dataclass(frozen=True, kw_only=True, eq=False)
class Excerpt:
    """A few pictures of a clip in order of time, to compare what moves in it.

    Args:
        at_s: when each is shown, from the start of the clip, exact.
        pictures: (height, width) uint8 grey levels of each, upright; all of one size.
    """

    at_s: tuple[Fraction, ...]
    pictures: tuple[npt.NDArray[np.uint8], ...]


@dataclass(frozen=True, kw_only=True)
class PicturePair:
    """Two pictures that show the same, side by side in one JPEG, with their times in their clips.

    `first_width_px` is the first one's share of the width.
    """

    first_at_s: float
    second_at_s: float
    width_px: int
    height_px: int
    first_width_px: int
    jpeg: bytes


@dataclass(frozen=True, kw_only=True)
class ReuseFound:
    """Footage that is in two clips, or twice in one (a loop; then both names are the same).

    Args:
        first, second: the clips.
        first_stretch, second_stretch: what is the same, in seconds of each.
        score: agreement of what moves, 0 to 1; 1 for the same encoded bytes.
        mirrored: whether one is the other's mirror image; None where no picture was compared.
        pair: two of its pictures side by side; None where none was decoded.
    """

    first: str
    second: str
    first_stretch: Stretch
    second_stretch: Stretch
    how: ReuseHow
    score: float
    mirrored: bool | None = None
    pair: PicturePair | None = None

    @property
    def lag_s(self) -> float:
        """How much later the second shows what the first does."""
        return self.second_stretch.start_s - self.first_stretch.start_s

    @property
    def is_loop(self) -> bool:
        """Whether a stretch comes again within one clip."""
        return self.first == self.second
