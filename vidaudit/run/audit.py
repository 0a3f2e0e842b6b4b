"""The one composition: discover, observe, link, judge, report. Everything that scans goes through here."""

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import vidaudit
from vidaudit.intake.discover import Discovery, FoundClass, discover
from vidaudit.judge.catalogue import BoundRules
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, PeopleEvidence, ToolInfo
from vidaudit.model.settings import Profile
from vidaudit.model.submission import ClipFile, ClipKind, StrayFile
from vidaudit.run.clip import ClipTask
from vidaudit.run.engines import Engine
from vidaudit.run.publish import ClassOutcome, Publisher


class Monitor(Protocol):
    """Told how a run goes on, for a person at a terminal."""

    def start(self, tasks: Sequence[ClipTask], engine: Engine) -> None:
        """The clips about to be observed."""
        ...

    def clip_done(self, task: ClipTask, evidence: ClipEvidence) -> None:
        """One clip has been observed."""
        ...

    def stop(self) -> None:
        """The run is over, however it ended."""
        ...


class Silence:
    """A monitor that says nothing."""

    def start(self, tasks: Sequence[ClipTask], engine: Engine) -> None:
        """See `Monitor.start`."""

    def clip_done(self, task: ClipTask, evidence: ClipEvidence) -> None:
        """See `Monitor.clip_done`."""

    def stop(self) -> None:
        """See `Monitor.stop`."""


@dataclass(frozen=True, kw_only=True)
class ScanOptions:
    """What a scan is asked to do.

    Args:
        profile, rules: the regulation, and its rules bound to their parameters.
        roster_file: a roster given by hand, for every class; None to use those in the class folders.
        detector: as for `observe.detectors.make_detector`.
        cache: folder of observations made earlier; None to look at everything afresh.
    """

    profile: Profile
    rules: BoundRules
    roster_file: Path | None = None
    detector: str = "centerface"
    cache: Path | None = None


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """What a scan came to; `loose` are files on the disc that belong to no class."""

    outcomes: tuple[ClassOutcome, ...]
    loose: tuple[StrayFile, ...]


@dataclass(kw_only=True)
class _OpenClass:
    """A class whose clips are being observed."""

    found: FoundClass
    waiting: set[int] = field(default_factory=set)
    seen: dict[str, ClipEvidence] = field(default_factory=dict)


def scan(
    paths: Sequence[Path], options: ScanOptions, engine: Engine, publisher: Publisher, monitor: Monitor
) -> ScanResult:
    """Scan submissions. Each class is judged and published as soon as its last clip has been observed.

    Raises:
        UsageError: a path that isn't there, a roster that can't be read.
    """
    discovery = discover(paths, roster_file=options.roster_file)
    tasks, classes = _work(discovery, options)
    owner = {number: open_class for open_class in classes for number in open_class.waiting}
    done: dict[int, ClassOutcome] = {}
    monitor.start(tasks, engine)
    try:
        for position, open_class in enumerate(classes):
            if not open_class.waiting:
                done[position] = _publish(open_class, options, publisher)
        with contextlib.closing(engine.run(tasks)) as observed:  # an error here must stop the workers as well
            for number, evidence in observed:
                open_class = owner[number]
                open_class.waiting.discard(number)
                open_class.seen[evidence.path] = evidence
                monitor.clip_done(tasks[number], evidence)
                if not open_class.waiting:
                    done[classes.index(open_class)] = _publish(open_class, options, publisher)
    finally:
        monitor.stop()
    outcomes = tuple(done[position] for position in sorted(done))
    publisher.summarise(outcomes, discovery.loose)
    return ScanResult(outcomes=outcomes, loose=discovery.loose)


def _work(discovery: Discovery, options: ScanOptions) -> tuple[list[ClipTask], list[_OpenClass]]:
    """All clips as tasks, and the classes with the numbers of their tasks."""
    tasks: list[ClipTask] = []
    classes = []
    for found in discovery.classes:
        open_class = _OpenClass(found=found)
        prefixes = clip_prefixes(found)
        for clip in found.folder.clips:
            open_class.waiting.add(len(tasks))
            tasks.append(_task(clip, found, prefixes[clip.path], options))
        classes.append(open_class)
    return tasks, classes


def _task(clip: ClipFile, found: FoundClass, prefix: str, options: ScanOptions) -> ClipTask:
    return ClipTask(
        path=clip.path,
        file=found.sources[clip.path],
        bytes=clip.bytes,
        kind=clip.kind,
        prefix=prefix,
        sampling=options.profile.sampling,
        detector=options.detector,
        cache=options.cache,
    )


def clip_prefixes(found: FoundClass) -> dict[str, str]:
    """{path: how the names of this clip's snapshots begin}: day, kind and number, unique within the class."""
    prefixes: dict[str, str] = {}
    for clip in found.folder.clips:
        day = None if clip.day is None else found.folder.day(clip.day)
        date = "no-day" if day is None else day.date.isoformat() if day.date else "no-date"
        stem = f"{date}-{clip.kind}{clip.name.number or ''}"
        same = sum(prefix == stem or prefix.startswith(f"{stem}-v") for prefix in prefixes.values())
        prefixes[clip.path] = stem if not same else f"{stem}-v{same + 1}"
    return prefixes


def _publish(open_class: _OpenClass, options: ScanOptions, publisher: Publisher) -> ClassOutcome:
    found = open_class.found
    clips = tuple(open_class.seen[clip.path] for clip in found.folder.clips)
    evidence = ClassEvidence(
        folder=found.folder,
        roster=found.roster,
        clips=clips,
        people=_people(found, clips),
        tool=_tool(),
        scanned_on=dt.datetime.now().astimezone().date(),
    )
    return publisher.publish(without_descriptors(evidence), options.rules)


def _people(found: FoundClass, clips: Sequence[ClipEvidence]) -> PeopleEvidence | None:
    """The persons of all face clips linked; None when no face clip could be watched."""
    from vidaudit.observe.people import SeenClip, link_people

    days = {clip.path: clip.day for clip in found.folder.clips}
    seen = [
        SeenClip(path=clip.path, day=days[clip.path], faces=clip.faces)
        for clip in clips
        if clip.kind is ClipKind.FACE and clip.faces is not None
    ]
    return link_people(seen) if seen else None


def without_descriptors(evidence: ClassEvidence) -> ClassEvidence:
    """The same without what could identify a face elsewhere: it serves the linking and stays on the machine."""
    return replace(evidence, clips=tuple(_without_descriptors(clip) for clip in evidence.clips))


def _without_descriptors(clip: ClipEvidence) -> ClipEvidence:
    if clip.faces is None:
        return clip
    persons = tuple(replace(person, descriptor=None) for person in clip.faces.persons)
    return replace(clip, faces=replace(clip.faces, persons=persons))


def _tool() -> ToolInfo:
    from vidaudit.observe.models import model_hashes

    return ToolInfo(version=vidaudit.__version__, models=model_hashes())
