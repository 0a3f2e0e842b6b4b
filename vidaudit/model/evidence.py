"""What was observed. Small, serialisable, without pixels but for the chosen snapshots; judging reads only this."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vidaudit.model.decision import DecisionOutcome
from vidaudit.model.doubt import Doubt
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
    SEATS = "seats"
    WORST_PICTURE = "worst-picture"
    FROZEN = "frozen"
    BLACK = "black"
    OVERVIEW = "overview"
    PAIR = "pair"


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
        effective_size_px: (width, height) of the smallest picture that holds all the detail of the sharpest tenth of
            the frames; None when none of them shows an edge in good light.
        smallest_size_px: (width, height) of the smallest picture that was decoded, as a player shows it; it differs
            from the header's where the size changes in mid-clip.
        active_area: the part of the picture within borders of one colour, the whole of it where there are none.
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
    active_area: Box | None = None
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
    """The persons of a face clip. `low` and `high` bound their number; `max_at_once` were seen in one frame.

    `descriptor` names what described their faces: only numbers of one descriptor may be compared.
    """

    detector: str
    persons: tuple[PersonSeen, ...]
    low: int
    high: int
    max_at_once: int
    num_frames: int
    num_frames_with_faces: int
    descriptor: str = "dlib"
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HeadEvidence:
    """The people counted in a lecture: a union over time, not one frame.

    `marks` are the boxes drawn into the snapshot of the best frame (`best_at_s`), in that frame's own pixels.
    `num_pictures` faces never moved while the room did: portraits on a wall, not counted.
    `num_living` more places move like people who never show their face; None where that was not measured. They are not
    in `headcount` and make the difference between it and `high`. `low` were certainly there: seen in one frame.
    `num_staff_likely` of those counted are probably teachers: they walk about or stand apart.
    `seat_map` is the snapshot with every place numbered.
    """

    detector: str
    headcount: int
    max_at_once: int
    num_frames: int
    best_at_s: float | None
    marks: tuple[Box, ...] = ()
    snapshot: str | None = None
    num_pictures: int = 0
    num_living: int | None = None
    num_staff_likely: int = 0
    seat_map: str | None = None

    @property
    def low(self) -> int:
        """The fewest people there can have been."""
        return min(self.max_at_once, self.headcount)

    @property
    def high(self) -> int | None:
        """As many as there may have been; None where it was not measured."""
        return None if self.num_living is None else self.headcount + self.num_living


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
    """One person over all face clips of the class, numbered from 1 in order of first appearance.

    `by_hand` are the numbers of the decisions that made this person: numbers of those merged into it stay free.
    """

    number: int
    appearances: tuple[Appearance, ...]
    days: tuple[str, ...]
    snapshot: str | None = None
    by_hand: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DayPeople:
    """Distinct persons over the face clips of one day, with the bounds that the doubtful links leave."""

    day: str
    persons: int
    low: int
    high: int
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PeopleEvidence:
    """Who is who over the face clips of a class."""

    persons: tuple[ClassPerson, ...]
    days: tuple[DayPeople, ...]


@dataclass(frozen=True, kw_only=True)
class SeenElsewhere:
    """A person of this class, first `seen` on that day, who is in another class's face clips of the same date too.

    `person` is the number there; `snapshot` shows both portraits, this class's first, None where one is missing.
    """

    seen: Appearance
    day: str
    date: date
    class_name: str
    person: int
    distance: float
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class ElsewhereEvidence:
    """Other classes of the run with days of the same date: compared, with nobody to compare, still being observed."""

    compared: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    seen: tuple[SeenElsewhere, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


class PhotoProblem(StrEnum):
    """Why a photograph couldn't be held against the persons seen."""

    UNREADABLE = "unreadable"
    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    SMALL_FACE = "small-face"
    NOT_IN_ROSTER = "not-in-roster"
    AMBIGUOUS = "ambiguous"
    DUPLICATE = "duplicate"
    SAME_PICTURE = "same-picture"


@dataclass(frozen=True, kw_only=True)
class PhotoFault:
    """A photograph that couldn't be used. `file` is relative to the folder of photographs, long numbers masked."""

    file: str
    problem: PhotoProblem


class PhotoOutcome(StrEnum):
    """Whether the person of a photograph is among those seen."""

    FOUND = "found"
    UNCLEAR = "unclear"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, kw_only=True)
class PhotoMatch:
    """One enrolled person's photograph against the persons seen in the class's face clips.

    Args:
        row, name: as in `Trainee`.
        file: as in `PhotoFault`.
        seen: the person's first appearance; None when not seen.
        distance: between the photograph and that person; None when not seen.
    """

    row: int
    name: str | None
    file: str
    outcome: PhotoOutcome
    seen: Appearance | None = None
    distance: float | None = None


@dataclass(frozen=True, kw_only=True)
class PhotoEvidence:
    """The photographs of the enrolled against the persons seen.

    Args:
        descriptor: what described the faces.
        limit: up to this distance a photograph and a person are one.
        loose_limit: beyond it they are two; between the limits nothing is said.
        num_stranger_pairs: pairs of faces in this class that are known to be two people.
        num_alike_strangers: those of them that the limit takes for one.
    """

    descriptor: str
    limit: float
    loose_limit: float
    num_stranger_pairs: int
    num_alike_strangers: int
    matches: tuple[PhotoMatch, ...]
    faults: tuple[PhotoFault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ToolInfo:
    """What made the evidence: version of the tool and {model file: SHA-256}."""

    version: str
    models: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ClassEvidence:
    """All that judging a class needs; kept as `evidence.json`. `scanned_on` is the day of the scan.

    `photos` is None when no photographs were given, `elsewhere` when no other class had a day of the same date.
    `decisions` are those made by hand, None when they can't be read; they are stored beside the evidence, not in it.
    """

    folder: ClassFolder
    roster: Roster | None
    clips: tuple[ClipEvidence, ...]
    people: PeopleEvidence | None
    tool: ToolInfo
    scanned_on: date | None = None
    photos: PhotoEvidence | None = None
    elsewhere: ElsewhereEvidence | None = None
    decisions: tuple[DecisionOutcome, ...] | None = ()

    def clip(self, path: str) -> ClipEvidence:
        """The evidence of the clip with this path; KeyError if there is none."""
        for clip in self.clips:
            if clip.path == path:
                return clip
        raise KeyError(path)
