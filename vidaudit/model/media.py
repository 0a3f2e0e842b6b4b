"""What a media file is. What it claims (its header) and what was measured (its packets) are kept apart."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt


class Container(StrEnum):
    """The real container, told from the content, never from the file name."""

    MP4 = "mp4"
    QUICKTIME = "quicktime"
    THREE_GP = "3gp"
    AVI = "avi"
    MATROSKA = "matroska"
    WEBM = "webm"
    FLV = "flv"
    ASF = "asf"
    MPEG_PS = "mpeg-ps"
    MPEG_TS = "mpeg-ts"
    REALMEDIA = "realmedia"
    OGG = "ogg"
    RAW_H264 = "raw-h264"
    RAW_H265 = "raw-h265"
    HIKVISION = "hikvision"
    DAHUA = "dahua"
    PLAYLIST = "playlist"
    IMAGE = "image"
    AUDIO = "audio"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    EXECUTABLE = "executable"
    TEXT = "text"
    EMPTY = "empty"
    ZEROS = "zeros"
    UNKNOWN = "unknown"


class ProbeProblem(StrEnum):
    """What is wrong with a file as a media file."""

    EMPTY = "empty"
    NOT_MEDIA = "not-media"
    NO_INDEX = "no-index"
    CUT_OFF = "cut-off"
    NO_VIDEO_STREAM = "no-video-stream"
    NO_PACKETS = "no-packets"
    CANNOT_OPEN = "cannot-open"
    DAMAGED_PACKETS = "damaged-packets"
    UNKNOWN_CODEC = "unknown-codec"
    NO_TIMESTAMPS = "no-timestamps"
    READ_ERROR = "read-error"


@dataclass(frozen=True, kw_only=True)
class HeaderFacts:
    """What the file claims about itself and its first real video stream. None where it claims nothing.

    Sizes are coded sizes in pixels, before rotation and pixel aspect. `brand` is the major brand of an ISO
    base media file. `num_video_streams` leaves out cover pictures.
    """

    brand: str | None = None
    duration_s: Fraction | None = None
    num_video_streams: int = 0
    num_audio_streams: int = 0
    codec: str | None = None
    codec_profile: str | None = None
    pixel_format: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    pixel_aspect: Fraction | None = None
    rotation_deg: int = 0
    frame_rate: Fraction | None = None
    num_frames: int | None = None
    created: datetime | None = None

    @property
    def display_size_px(self) -> tuple[int, int] | None:
        """(width, height) as a player shows it: after pixel aspect and rotation; None when not claimed."""
        if not self.width_px or not self.height_px:
            return None
        aspect = self.pixel_aspect or Fraction(1)
        width = round(self.width_px * aspect)
        if self.rotation_deg % 180:
            return self.height_px, width
        return width, self.height_px


@dataclass(frozen=True, kw_only=True)
class PacketFacts:
    """What was measured by reading every packet of the video stream, without decoding.

    Args:
        duration_s: end of the last picture minus start of the first, on the presentation time line.
        covered_s: the same, with every pause between two pictures counted for at most `MAX_PICTURE_GAP_S`:
            a file with one picture at 0 s and one at 600 s covers next to nothing.
        longest_gap_s: the longest time that one picture is shown, up to the next or to the end.
        longest_gap_at_s: where that gap begins, from the start of the clip.
        typical_keyframe_gap_s: median time between neighbouring key frames; None with fewer than two.
        constant_frame_rate: true when all gaps between pictures are alike within a tenth.
    """

    num_packets: int
    num_keyframes: int
    num_damaged: int
    duration_s: Fraction
    covered_s: Fraction
    longest_gap_s: Fraction
    longest_gap_at_s: Fraction
    typical_keyframe_gap_s: Fraction | None
    constant_frame_rate: bool


@dataclass(frozen=True, kw_only=True)
class MediaProbe:
    """Everything known of a file without decoding a picture.

    `detail` is the reader's own words for a problem, for the technical part of a report.
    """

    container: Container
    bytes: int
    sha256: str | None = None
    header: HeaderFacts | None = None
    packets: PacketFacts | None = None
    problems: tuple[ProbeProblem, ...] = ()
    detail: str | None = None

    @property
    def duration_s(self) -> Fraction | None:
        """The measured length; never the header's claim."""
        return None if self.packets is None else self.packets.duration_s


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """Which instants of a clip are decoded. Part of a profile, with its sources there.

    Args:
        face_interval_s: wanted time between two pictures of a face clip.
        lecture_interval_s: wanted time between two pictures of a lecture or other clip.
        min_frames: at least this many pictures even of the shortest clip, as far as it has them.
        max_frames: never more pictures than this from one clip; the interval grows instead.
        keyframe_slack: key frames suffice when their typical distance is at most this many times the interval.
    """

    face_interval_s: Fraction = Fraction(1)
    lecture_interval_s: Fraction = Fraction(10)
    min_frames: int = 8
    max_frames: int = 400
    keyframe_slack: Fraction = Fraction(2)

    def __post_init__(self) -> None:
        if min(self.face_interval_s, self.lecture_interval_s) <= 0:
            raise ValueError(f"sampling intervals must be positive, got {self}")
        if self.max_frames < 2:
            raise ValueError(f"max_frames must be at least 2, got {self.max_frames}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """One decoded picture.

    Args:
        at_s: its presentation time from the start of the clip, exact.
        image: (height, width, 3) uint8, colours in the order blue, green, red; already rotated and stretched
            to square pixels, as a player would show it.
    """

    at_s: Fraction
    image: npt.NDArray[np.uint8]
