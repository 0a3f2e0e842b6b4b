"""Whether a clip is one take: where it may have been cut, and what the pictures there showed."""

from dataclasses import dataclass
from enum import StrEnum


class Trace(StrEnum):
    """What made a place worth a look. `EDIT`: the file's own list of edits joins pieces there. `ORDER`: the encoder's
    numbering of key frames breaks. `TIMES`: the pictures' times leave their rhythm. `RHYTHM`: a key frame comes too
    soon. `CLOCK`: the recorder's clock jumps. `ECHO`: the beat of an earlier encoding shifts. `BYTES`: a picture took
    far more bytes than those around it. `KEYFRAME`: nothing but a key frame is there.
    """

    EDIT = "edit"
    ORDER = "order"
    TIMES = "times"
    RHYTHM = "rhythm"
    CLOCK = "clock"
    ECHO = "echo"
    BYTES = "bytes"
    KEYFRAME = "keyframe"

    @property
    def is_strong(self) -> bool:
        """Whether it speaks for a cut at this very place; that of a clock and an echo do for one near."""
        return self not in (Trace.CLOCK, Trace.ECHO, Trace.BYTES, Trace.KEYFRAME)

    @property
    def is_near(self) -> bool:
        """Whether it speaks for a cut somewhere in the stretch it names."""
        return self in (Trace.CLOCK, Trace.ECHO)


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A place where a clip may have been cut: somewhere between two pictures, in ticks of the clip's time base."""

    after_pts: int
    until_pts: int
    trace: Trace
    weight: float


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A place where things jump from one picture to the next as if time had been taken out.

    Args:
        before_s, at_s: times of the last picture before and the first after it.
        trace: what led there.
        num_places: how many things, apart from each other, jump.
        changed_share: of the picture (0 to 1).
        snapshot: both pictures side by side.
    """

    before_s: float
    at_s: float
    trace: Trace
    num_places: int
    changed_share: float
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class TakeEvidence:
    """Whether a clip is one take.

    Args:
        num_suspects: places at which the packets give a trace of a cut; a key frame alone is none.
        num_looked: places whose pictures were compared, key frames without a trace among them.
        num_open: places with a strong trace whose pictures could not be compared.
        num_edits: pieces that the file's list of edits joins; 1 for a plain file, None where there is no such list.
        edits_at_s: where they are joined.
    """

    cuts: tuple[Cut, ...]
    num_suspects: int
    num_looked: int
    num_open: int = 0
    num_edits: int | None = None
    edits_at_s: tuple[float, ...] = ()
