"""What a registry keeps of a scanned class: where and when, and fingerprints; no pictures, faces or names of people."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from vidaudit.model.fingerprint import ClipFingerprint


@dataclass(frozen=True, kw_only=True)
class KeptClip:
    """One clip.

    Args:
        path: in its class folder, long numbers masked.
        date: of its day folder; None when that has no readable date.
        kind: the value of its `ClipKind`.
    """

    path: str
    date: dt.date | None
    kind: str
    sha256: str
    fingerprint: ClipFingerprint


@dataclass(frozen=True, kw_only=True)
class KeptClass:
    """One training class with the clips that a scan could read; long numbers masked in every text.

    Args:
        name: as its files say, else as its folder is called.
        first_day, last_day: of its training days; None where no date can be read.
        submission: name of the disc, folder or archive it came on.
        scanned_at: the latest scan, with its time zone.
        version: of the tool that scanned it.
        origin: id of the registry that scanned it; empty for this one.
        origin_name: what that registry calls itself.
    """

    institution: str | None
    name: str
    first_day: dt.date | None
    last_day: dt.date | None
    submission: str
    scanned_at: dt.datetime
    version: str
    clips: tuple[KeptClip, ...] = ()
    origin: str = ""
    origin_name: str = ""

    def key(self) -> str:
        """Institution and class name, however they are written: full width, case and spaces make no difference."""
        parts = (unicodedata.normalize("NFKC", part or "") for part in (self.institution, self.name))
        return "\x1f".join("".join(part.casefold().split()) for part in parts)

    def is_same_class(self, other: "KeptClass") -> bool:
        """Whether both are one class handed in twice: one name, and days that overlap or can't be read.

        Classes that bear one name in two years aren't: last year's footage is what a registry is to find.
        """
        if self.key() != other.key():
            return False
        here, there = self._days(), other._days()
        return here is None or there is None or (here[0] <= there[1] and there[0] <= here[1])

    def _days(self) -> tuple[dt.date, dt.date] | None:
        return None if self.first_day is None or self.last_day is None else (self.first_day, self.last_day)


@dataclass(frozen=True, kw_only=True)
class StoredClip:
    """A clip in a registry, and the class it is of (that without its clips)."""

    id: int
    clip: KeptClip
    of_class: KeptClass


@dataclass(frozen=True, kw_only=True)
class StoredClass:
    """A class in a registry, without its clips. `is_own`: scanned by this registry's owner, not imported."""

    id: int
    kept: KeptClass
    num_clips: int
    duration_s: Fraction
    is_own: bool
