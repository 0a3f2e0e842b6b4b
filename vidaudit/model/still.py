"""Places in a picture and in a clip, and the stills kept as evidence."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in a picture as shown to a person: left, top, width, height in pixels."""

    x_px: float
    y_px: float
    width_px: float
    height_px: float


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of a clip, in seconds from its start."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Its length in seconds."""
        return self.end_s - self.start_s


class SnapshotPurpose(StrEnum):
    """What a snapshot shows."""

    PERSON = "person"
    BEST_HEADCOUNT = "best-headcount"
    SEATS = "seats"
    WORST_PICTURE = "worst-picture"
    FROZEN = "frozen"
    BLACK = "black"
    OVERVIEW = "overview"
    PAIR = "pair"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A still kept as evidence. `jpeg` is empty once the picture has been written to its file `name`."""

    name: str
    at_s: float
    purpose: SnapshotPurpose
    width_px: int
    height_px: int
    jpeg: bytes = b""
