"""Mending submissions: the plan of every class, then a mended copy of each, whole or not at all; sources untouched."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from vidaudit.errors import SetupError, UsageError
from vidaudit.intake.archive import RESERVE_BYTES, open_submissions
from vidaudit.intake.discover import FoundClass, discover
from vidaudit.judge.catalogue import BoundRules
from vidaudit.judge.rules.picture import ResolutionParameters
from vidaudit.model.repair import ClassPlan, ClassResult, ClipWork
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import Level
from vidaudit.run.files import folder_in_place_of
from vidaudit.run.repair_apply import apply_class, look_at
from vidaudit.run.repair_media import ClipLook, wanted_of
from vidaudit.run.repair_plan import PlanOptions, plan_class

# How much room a clip may take, by what is done to it: an encoded copy of an efficient stream is the largest.
_GROWTH: Final = {ClipWork.COPY: 1.0, ClipWork.REMUX: 1.1, ClipWork.TRANSCODE: 4.0}


class Watcher(Protocol):
    """Told how the work goes on, for a person at a terminal."""

    def start(self, stage: str, num_clips: int) -> None:
        """A stage begins: `looking` or `mending`, with so many clips."""
        ...

    def clip(self, path: str) -> None:
        """The next clip is begun."""
        ...

    def stop(self) -> None:
        """The stage is over, however it ended."""
        ...


class Unwatched:
    """A watcher that says nothing."""

    def start(self, stage: str, num_clips: int) -> None:
        """See `Watcher.start`."""

    def clip(self, path: str) -> None:
        """See `Watcher.clip`."""

    def stop(self) -> None:
        """See `Watcher.stop`."""


@dataclass(frozen=True, kw_only=True)
class PlannedClass:
    """One class, what its clips are, and how it is to be mended."""

    found: FoundClass
    looks: Mapping[str, ClipLook]
    plan: ClassPlan


@dataclass(frozen=True, kw_only=True)
class Repair:
    """All that is to be mended; `loose` belongs to no class and isn't copied, `unopened` are archives among it."""

    classes: tuple[PlannedClass, ...]
    loose: tuple[StrayFile, ...]
    unopened: tuple[StrayFile, ...]

    @property
    def plans(self) -> tuple[ClassPlan, ...]:
        """The plans of all classes."""
        return tuple(one.plan for one in self.classes)


def plan_options(rules: BoundRules, *, cut_lectures: bool) -> PlanOptions:
    """What a profile's rules ask of a mended class."""
    for bound in rules.rules:
        if isinstance(bound.parameters, ResolutionParameters) and bound.level is not Level.OFF:
            return PlanOptions(wanted=wanted_of(rules), resolution=bound.parameters, cut_lectures=cut_lectures)
    return PlanOptions(wanted=wanted_of(rules), cut_lectures=cut_lectures)


@contextlib.contextmanager
def planned(paths: Sequence[Path], options: PlanOptions, watcher: Watcher) -> Iterator[Repair]:
    """The plans for all classes in what was handed in; archives stay unpacked until the end of the context.

    Raises:
        UsageError: a path that isn't there, or nothing that could be mended.
        SetupError: no room to unpack an archive.
    """
    with tempfile.TemporaryDirectory(prefix="vidaudit-", ignore_cleanup_errors=True) as workspace:
        opened = open_submissions(paths, Path(workspace))
        discovery = discover(opened.folders, renamed=opened.renamed)
        loose = (*opened.unopened, *discovery.loose)
        classes = tuple(_planned_classes(discovery.classes, options, watcher))
        yield Repair(classes=classes, loose=loose, unopened=opened.unopened)


def _planned_classes(classes: Sequence[FoundClass], options: PlanOptions, watcher: Watcher) -> Iterator[PlannedClass]:
    taken: set[str] = set()
    watcher.start("looking", sum(len(found.folder.clips) for found in classes))
    try:
        for found in classes:
            looks = {}
            for clip in found.folder.clips:
                watcher.clip(clip.path)
                looks[clip.path] = look_at(found.sources[clip.path])
            plan = plan_class(found, looks, options, taken)
            taken.add(plan.target)
            yield PlannedClass(found=found, looks=looks, plan=plan)
    finally:
        watcher.stop()


def mend(repair: Repair, out: Path, watcher: Watcher) -> tuple[ClassResult, ...]:
    """Write the mended copy of every class below `out`, each whole or not at all.

    Raises:
        SetupError: not enough room, or nothing can be written there.
    """
    _check_room(repair, out)
    is_new = not out.exists()
    watcher.start("mending", sum(len(one.plan.clips) for one in repair.classes))
    try:
        return tuple(_mend_class(one, out, watcher) for one in repair.classes)
    except OSError as error:
        raise SetupError(f"Can't write to {out}: {error.strerror}. Choose another --out.") from error
    finally:
        watcher.stop()
        if is_new:
            with contextlib.suppress(OSError):
                out.rmdir()  # succeeds only where nothing was written


def _mend_class(one: PlannedClass, out: Path, watcher: Watcher) -> ClassResult:
    with folder_in_place_of(out / one.plan.target) as fresh:
        return apply_class(one.plan, one.found.sources, one.looks, fresh, watcher.clip)


def check_target(out: Path, paths: Sequence[Path]) -> None:
    """Sources are never written to, and nothing is replaced.

    Raises:
        UsageError: `out` isn't new or empty, or lies in, around or at one of the sources, by whatever path.
    """
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise UsageError(f"{out} is there already. Give a new folder, or an empty one, with --out.")
    place = Path(os.path.realpath(out))
    for path in paths:
        source = Path(os.path.realpath(path))
        if place.is_relative_to(source) or source.is_relative_to(place):
            raise UsageError(f"{out} and the submission {path} lie in one another. Give a place beside it with --out.")


def report_folder(out: Path) -> Path:
    """Where the account of a repair goes: beside the mended classes, so that their folder can be burnt as it is."""
    place = Path(os.path.realpath(out))
    if not place.name:
        raise UsageError(f"{out} is a whole drive. Give a folder on it with --out.")
    return out.parent / f"{place.name}-report"


def _check_room(repair: Repair, out: Path) -> None:
    clips = (clip for plan in repair.plans for clip in plan.clips)
    needed = sum(_GROWTH[clip.media.work] * clip.bytes for clip in clips)
    needed += sum(_size(one.found.sources[file.source]) for one in repair.classes for file in one.plan.files)
    existing = next(place for place in (out, *out.resolve().parents) if place.exists())
    room = shutil.disk_usage(existing).free - RESERVE_BYTES
    if needed > room:
        raise SetupError(
            f"The mended copy may take {needed / 2**30:.1f} GiB, and {max(room, 0) / 2**30:.1f} GiB are free. "
            "Free some space, or choose another disk with --out."
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
