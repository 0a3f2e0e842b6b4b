"""What was observed. Small, serialisable, without pixels but for the chosen snapshots; judging reads only this."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vidaudit.model.media import MediaProbe
from vidaudit.model.roster import Roster
from vidaudit.model.submission import ClassFolder, ClipKind


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
    WORST_PICTURE = "worst-picture"
    FROZEN = "frozen"
    BLACK = "black"
    OVERVIEW = "overview"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A still kept as evidence. `jpeg` is empty once the picture has been written to its file `name`."""

    name: str
    at_s: float
    purpose: SnapshotPurpose
    width_px: int
    height_px: int
    jpeg: bytes = b""


@dataclass(frozen=True, kw_only=True)
class DecodeFacts:
    """What decoding the planned instants gave. `mode` is `keyframes` or `frames`."""

    mode: str
    num_planned: int
    num_decoded: int
    failed_at_s: tuple[float, ...] = ()
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class PictureEvidence:
    """Picture quality over the sampled frames (medians unless said).

    Args:
        noise_sigma: estimated standard deviation of the noise in grey levels (0 to 255).
        sharpness: 0 to 1; how much of the picture's width is real detail, see `observe.detail`.
        luma: mean grey level, 0 to 255.
        dark_share, bright_share, blurred_share, covered_share: share of the sampled frames (0 to 1) that are
            too dark, blown out, out of focus everywhere, or all but featureless (a covered lens).
        effective_size_px: (width, height) of the smallest picture that holds all the detail there is.
        smallest_size_px: (width, height) of the smallest picture that was decoded, as a player shows it; it differs
            from the header's where the size changes in mid-clip.
        frozen: stretches in which nothing but the camera's noise, the brightness or a few spots changed.
        still: those of them in which next to nothing changed anywhere.
        worst_at_s: the sampled instant with the worst picture, and its snapshot.
    """

    num_frames: int
    noise_sigma: float
    sharpness: float
    luma: float
    dark_share: float
    bright_share: float
    blurred_share: float
    covered_share: float
    effective_size_px: tuple[int, int] | None = None
    smallest_size_px: tuple[int, int] | None = None
    frozen: tuple[Stretch, ...] = ()
    still: tuple[Stretch, ...] = ()
    black: tuple[Stretch, ...] = ()
    worst_at_s: float | None = None
    worst_snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class FaceView:
    """One sight of one face.

    Args:
        width_px: from the detector's box.
        effective_width_px: the width at which the face would be as detailed as it is: an enlarged or blurred
            face has far fewer effective than nominal pixels. None when not measured.
        eye_distance_px, yaw_deg, pitch_deg: from landmarks; yaw > 0 looks to the picture's right, pitch > 0 down.
    """

    at_s: float
    box: Box
    score: float
    width_px: float
    effective_width_px: float | None = None
    eye_distance_px: float | None = None
    yaw_deg: float | None = None
    pitch_deg: float | None = None


@dataclass(frozen=True, kw_only=True)
class PersonSeen:
    """One person in one clip. `descriptor` (128 numbers) never leaves the machine's own cache."""

    index: int
    num_views: int
    first_s: float
    last_s: float
    best: FaceView
    snapshot: str | None = None
    descriptor: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class FaceEvidence:
    """The persons of a face clip. `low` and `high` bound their number; `max_at_once` were seen in one frame."""

    detector: str
    persons: tuple[PersonSeen, ...]
    low: int
    high: int
    max_at_once: int
    num_frames: int
    num_frames_with_faces: int


@dataclass(frozen=True, kw_only=True)
class HeadEvidence:
    """The people counted in a lecture: a union over time, not one frame.

    `marks` are the boxes drawn into the snapshot of the best frame (`best_at_s`), in that frame's own pixels.
    `num_pictures` faces never moved while the room did: portraits on a wall, not counted.
    """

    detector: str
    headcount: int
    max_at_once: int
    num_frames: int
    best_at_s: float | None
    marks: tuple[Box, ...] = ()
    snapshot: str | None = None
    num_pictures: int = 0


class FailureKind(StrEnum):
    """How observing a clip broke the tool."""

    CRASHED = "crashed"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    EXCEPTION = "exception"


@dataclass(frozen=True, kw_only=True)
class ClipFailure:
    """The tool broke on this clip: how, and the technical detail."""

    kind: FailureKind
    detail: str


@dataclass(frozen=True, kw_only=True)
class ClipEvidence:
    """All that was observed of one clip. A part that is None was not measured."""

    path: str
    kind: ClipKind
    probe: MediaProbe | None = None
    decode: DecodeFacts | None = None
    picture: PictureEvidence | None = None
    faces: FaceEvidence | None = None
    heads: HeadEvidence | None = None
    snapshots: tuple[Snapshot, ...] = ()
    failure: ClipFailure | None = None


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """A person of the class in one clip: `index` is that of `PersonSeen` there."""

    clip: str
    index: int


@dataclass(frozen=True, kw_only=True)
class ClassPerson:
    """One person over all face clips of the class, numbered from 1 in order of first appearance."""

    number: int
    appearances: tuple[Appearance, ...]
    days: tuple[str, ...]
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class DayPeople:
    """Distinct persons over the face clips of one day, with the bounds that the doubtful links leave."""

    day: str
    persons: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class PeopleEvidence:
    """Who is who over the face clips of a class."""

    persons: tuple[ClassPerson, ...]
    days: tuple[DayPeople, ...]


@dataclass(frozen=True, kw_only=True)
class ToolInfo:
    """What made the evidence: version of the tool and {model file: SHA-256}."""

    version: str
    models: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ClassEvidence:
    """All that judging a class needs; kept as `evidence.json`. `scanned_on` is the day of the scan."""

    folder: ClassFolder
    roster: Roster | None
    clips: tuple[ClipEvidence, ...]
    people: PeopleEvidence | None
    tool: ToolInfo
    scanned_on: date | None = None

    def clip(self, path: str) -> ClipEvidence:
        """The evidence of the clip with this path; KeyError if there is none."""
        for clip in self.clips:
            if clip.path == path:
                return clip
        raise KeyError(path)
