"""What was observed. Small, serialisable, without pixels but for the chosen snapshots; judging reads only this."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vidaudit.model.clock import ClockEvidence
from vidaudit.model.decision import DecisionOutcome
from vidaudit.model.dossier import Dossier
from vidaudit.model.doubt import Doubt
from vidaudit.model.fingerprint import ClipTrace
from vidaudit.model.media import MediaProbe
from vidaudit.model.people import ElsewhereEvidence, PeopleEvidence, PhotoEvidence
from vidaudit.model.reuse import ReuseEvidence
from vidaudit.model.roster import Roster
from vidaudit.model.still import Box, Snapshot, Stretch
from vidaudit.model.submission import ClassFolder, ClipKind
from vidaudit.model.take import TakeEvidence


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
        enlarged_from_px: the largest (width, height) from which the picture may have been enlarged, by the traces that
            interpolation leaves; None where it shows none, or too much detail.
        active_area: the part of the picture within borders of one colour, or within a frame that isn't part of it; the
            whole of it where there are none.
        parts: (columns, rows) of the smaller pictures that it is made of, one repeated or two joined; (1, 1) for one
            that is whole.
        frozen: stretches in which nothing but the camera's noise, the brightness or a few spots changed.
        still: those of them in which next to nothing changed anywhere.
        lifeless: stretches that show one still, its zoom or drift undone, with no more on it than noise, flicker and
            one overlay; None where the camera is meant to move and that was not looked for.
        lifeless_snapshot: the first and the last look of the longest time that one still was shown for.
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
    enlarged_from_px: tuple[int, int] | None = None
    active_area: Box | None = None
    parts: tuple[int, int] | None = None
    frozen: tuple[Stretch, ...] = ()
    still: tuple[Stretch, ...] = ()
    lifeless: tuple[Stretch, ...] | None = None
    lifeless_snapshot: str | None = None
    black: tuple[Stretch, ...] = ()
    worst_at_s: float | None = None
    worst_snapshot: str | None = None

    @property
    def is_tiled(self) -> bool:
        """Whether it is made of several smaller pictures: then whoever is in one of them may be in others, too."""
        return self.parts not in (None, (1, 1))


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
    In a third of the lecture no more than `num_usually` were there; None where there were too few looks to tell.
    `num_perhaps_twice` of those counted may be others of them at another place: there was too little to see to tell.
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
    num_usually: int | None = None
    num_perhaps_twice: int = 0

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
    """All that was observed of one clip. A part that is None was not measured.

    `trace` serves comparing the clips of a run; it is taken out before anything is stored.
    """

    path: str
    kind: ClipKind
    probe: MediaProbe | None = None
    decode: DecodeFacts | None = None
    picture: PictureEvidence | None = None
    faces: FaceEvidence | None = None
    heads: HeadEvidence | None = None
    clock: ClockEvidence | None = None
    take: TakeEvidence | None = None
    snapshots: tuple[Snapshot, ...] = ()
    failure: ClipFailure | None = None
    trace: ClipTrace | None = None


@dataclass(frozen=True, kw_only=True)
class ToolInfo:
    """What made the evidence: version of the tool and {model file: SHA-256}."""

    version: str
    models: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class OtherFile:
    """A submitted file that is no clip: a roster, a paper, a stray one; None for what couldn't be read of it."""

    path: str
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True, kw_only=True)
class ClassEvidence:
    """All that judging a class needs; kept as `evidence.json`. `scanned_on` is the day of the scan.

    `photos` is None when no photographs were given, `elsewhere` when no other class had a day of the same date.
    `reuse` is None when footage was not compared.
    `kind` is the kind of training as the person who scans says; the dossier's goes before it, the default after.
    `dossier` is None where the school filed none.
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
    reuse: ReuseEvidence | None = None
    kind: str | None = None
    dossier: Dossier | None = None
    other_files: tuple[OtherFile, ...] = ()

    def clip(self, path: str) -> ClipEvidence:
        """The evidence of the clip with this path; KeyError if there is none."""
        for clip in self.clips:
            if clip.path == path:
                return clip
        raise KeyError(path)
