"""Footage of a class that was used elsewhere too: in the class itself, in another one, or in an earlier submission."""

from dataclasses import dataclass
from datetime import date

from vidaudit.model.fingerprint import ReuseHow
from vidaudit.model.still import Snapshot, Stretch


@dataclass(frozen=True, kw_only=True)
class Footage:
    """A stretch of a clip somewhere.

    Args:
        clip: its path in its class folder, long numbers masked.
        stretch: None where the whole file is the same and its length isn't known.
        class_name: name of the other class; None when it is the class itself.
        scanned_on: the day of the earlier scan that a registry remembers; None for a class of this run.
    """

    clip: str
    stretch: Stretch | None
    class_name: str | None = None
    scanned_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """A stretch of this class (`here`) that is somewhere else too (`there`); a loop when both are of one clip.

    Args:
        score: agreement of what moves, 0 to 1; 1 for the same bytes.
        mirrored: whether one is the other's mirror image; None where no picture was compared.
        snapshots: names of the pictures that show both side by side, this class's left.
    """

    here: Footage
    there: Footage
    how: ReuseHow
    score: float
    mirrored: bool | None = None
    snapshots: tuple[str, ...] = ()

    @property
    def is_loop(self) -> bool:
        """Whether a stretch comes again within one clip."""
        return self.there.class_name is None and self.here.clip == self.there.clip


@dataclass(frozen=True, kw_only=True)
class ReuseEvidence:
    """What comparing the clips of a class came to.

    Args:
        found: once for each pair of stretches, this class's side first.
        compared: names of the other classes of the run that were compared; None while they are still awaited.
        num_earlier: clips of earlier scans that were compared; None when no registry was asked, or none could be.
        registry_problem: why the registry that was to be asked couldn't be, or, where clips of it were compared,
            why it doesn't know this class now: the reason of a `RegistryError`.
        num_open: places where two clips' packets run very much alike and no time was left to look at the pictures.
    """

    found: tuple[Reuse, ...] = ()
    compared: tuple[str, ...] | None = ()
    num_earlier: int | None = None
    registry_problem: str | None = None
    num_open: int = 0
    snapshots: tuple[Snapshot, ...] = ()
