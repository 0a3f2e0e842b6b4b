"""What mending a class comes to: a plan that a person can read first, and what was done. Codes and values, no words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from vidaudit.model.verdict import Value


class ClipWork(StrEnum):
    """What is done to a clip's content: nothing, another container round the same streams, or encoding again."""

    COPY = "copy"
    REMUX = "remux"
    TRANSCODE = "transcode"


class StreamWork(StrEnum):
    """What is done to one stream of a clip."""

    COPY = "copy"
    ENCODE = "encode"
    DROP = "drop"


class StreamKind(StrEnum):
    """What a stream holds; a `COVER` is a still picture stored as a film."""

    VIDEO = "video"
    COVER = "cover"
    AUDIO = "audio"
    SUBTITLE = "subtitle"
    DATA = "data"


@dataclass(frozen=True, kw_only=True)
class StreamFacts:
    """One stream as its header tells it; names as ffmpeg's, None where the header doesn't say."""

    index: int
    kind: StreamKind
    codec: str | None = None
    codec_profile: str | None = None
    pixel_format: str | None = None


@dataclass(frozen=True, kw_only=True)
class StreamPlan:
    """One stream and what becomes of it."""

    stream: StreamFacts
    work: StreamWork


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The beginning of a clip that is kept: its first `num_pictures`, up to the key frame at `end_s` seconds."""

    end_s: Fraction
    num_pictures: int

    def __post_init__(self) -> None:
        if self.end_s <= 0 or self.num_pictures <= 0:
            raise ValueError(f"a cut must keep something, got {self.num_pictures} pictures in {self.end_s} s")


@dataclass(frozen=True, kw_only=True)
class MediaPlan:
    """What is done to a clip's content.

    Args:
        reasons: codes of why: `container`, `codec`, `pixel-format`, `several-sizes`, `long-lecture`.
        size_px: (width, height) that no encoded picture exceeds: the smallest that occurs; None unless encoded.
        is_interlaced: whether pictures are stored as two fields, to be joined when they are encoded again.
    """

    work: ClipWork
    reasons: tuple[str, ...] = ()
    streams: tuple[StreamPlan, ...] = ()
    cut: Cut | None = None
    size_px: tuple[int, int] | None = None
    is_interlaced: bool = False


@dataclass(frozen=True, kw_only=True)
class ClipPlan:
    """One clip: where it lies in the class folder, where it goes in the mended one, and what is done to it.

    `container`, `bytes` and `seconds` are what it is now; `seconds` is None where that isn't known.
    """

    source: str
    target: str
    media: MediaPlan
    container: str
    bytes: int
    seconds: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class FileCopy:
    """A file that is copied as it is."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class RepairNote:
    """Something that a person should know or decide. `path` is that of a file or folder, None for the whole class."""

    code: str
    path: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ClassPlan:
    """How one class is mended.

    Args:
        source: the class folder as the submission calls it.
        target: the name of the mended class folder.
        days: day folders that the mended class has, also those without a file: a missing day isn't hidden.
        files: papers and other files, copied unchanged.
        left_out: what isn't copied, as notes.
        notes: what was decided and what a person must decide.
    """

    source: str
    target: str
    days: tuple[str, ...]
    clips: tuple[ClipPlan, ...]
    files: tuple[FileCopy, ...]
    left_out: tuple[RepairNote, ...]
    notes: tuple[RepairNote, ...]

    @property
    def num_changes(self) -> int:
        """How many clips are renamed, moved, rewrapped, encoded or cut."""
        return sum(one.source != one.target or one.media.work is not ClipWork.COPY for one in self.clips)


class Outcome(StrEnum):
    """What became of a clip: as planned, less than planned (its content as it was), or not copied at all."""

    DONE = "done"
    AS_IT_WAS = "as-it-was"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class ClipResult:
    """What was done to one clip.

    Args:
        plan: what was meant to be done.
        target: where it is now; None where it couldn't be read.
        work: what was done in the end.
        sha256_before, sha256_after: of the two files; None where there is none, or nobody read it.
        num_identical: how many streams are proven to hold the same encoded data, packet by packet, as before.
        detail: the technical reason why less was done than planned.
    """

    plan: ClipPlan
    outcome: Outcome
    target: str | None
    work: ClipWork
    bytes_after: int | None = None
    sha256_before: str | None = None
    sha256_after: str | None = None
    num_identical: int = 0
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClassResult:
    """What was done to one class; `unreadable` are files other than clips that couldn't be copied."""

    plan: ClassPlan
    clips: tuple[ClipResult, ...]
    unreadable: tuple[str, ...] = ()
