"""The one composition: discover, observe, link, judge, report. Everything that scans goes through here."""

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import vidaudit
from vidaudit.intake.archive import open_submissions
from vidaudit.intake.discover import Discovery, FoundClass, discover
from vidaudit.intake.photos import ClassPhotos, find_photos
from vidaudit.judge.catalogue import BoundRules
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, ToolInfo
from vidaudit.model.people import PeopleEvidence, PhotoEvidence
from vidaudit.model.reuse import ReuseEvidence
from vidaudit.model.settings import Profile
from vidaudit.model.submission import ClipFile, ClipKind, StrayFile
from vidaudit.run.ahead import load_ahead
from vidaudit.run.clip import ClipTask
from vidaudit.run.elsewhere import Neighbours, face_days
from vidaudit.run.engines import Engine, WorkingEngine
from vidaudit.run.footage import Earlier, FootageOfRun, nothing_earlier, without_traces
from vidaudit.run.publish import ClassOutcome, Publisher
from vidaudit.run.snapshot_names import clip_stems
from vidaudit.run.stored import load_class
from vidaudit.run.submitted import other_files

if TYPE_CHECKING:
    from vidaudit.observe.elsewhere import ClassLooks
    from vidaudit.observe.people import SeenClip


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
        roster_file, dossier_file: given by hand, for every class; None to use those in the class folders.
        detector: as for `observe.detectors.make_detector`.
        descriptor: as for `observe.describe.make_descriptor`.
        photos: folder of photographs of the enrolled; None when there are none.
        cache: folder of observations made earlier; None to look at everything afresh.
        heads: as for `observe.heads_onnx.parse_heads`; None to count faces alone.
        earlier: compares the classes with earlier submissions, see `run.footage`.
        kind: id of the kind of training of all classes; None for the profile's default.
    """

    profile: Profile
    rules: BoundRules
    roster_file: Path | None = None
    dossier_file: Path | None = None
    detector: str = "centerface"
    descriptor: str = "dlib"
    photos: Path | None = None
    cache: Path | None = None
    heads: str | None = None
    earlier: Earlier = nothing_earlier
    kind: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """What a scan came to.

    Args:
        outcomes: the classes, in the order found.
        loose: files on the discs that belong to no class, and what couldn't be opened: archives, stored evidence.
        unopened: the latter alone; `detail` is a sentence for a person.
    """

    outcomes: tuple[ClassOutcome, ...]
    loose: tuple[StrayFile, ...]
    unopened: tuple[StrayFile, ...] = ()


@dataclass(kw_only=True)
class _OpenClass:
    """A class whose clips are being observed; `position` is its place among all, `photos` None without any folder."""

    position: int
    found: FoundClass
    photos: ClassPhotos | None = None
    waiting: set[int] = field(default_factory=set)
    seen: dict[str, ClipEvidence] = field(default_factory=dict)


def scan(
    paths: Sequence[Path], options: ScanOptions, engine: WorkingEngine, publisher: Publisher, monitor: Monitor
) -> ScanResult:
    """Scan submissions. Each class is judged and published as soon as its last clip has been observed; several
    are compared at the end, and published again.

    Args:
        paths: folders, ISO images and ZIP files; one that can't be opened doesn't keep the others waiting.

    Raises:
        UsageError: a path that isn't there, a roster that can't be read.
        SetupError: no room to unpack an archive, or an output folder that can't be written.
    """
    with (
        tempfile.TemporaryDirectory(prefix="vidaudit-", ignore_cleanup_errors=True) as workspace,
        engine.kept(),
    ):
        engine.start()
        opened = open_submissions(paths, Path(workspace))
        discovery = discover(
            opened.folders,
            roster_file=options.roster_file,
            dossier_file=options.dossier_file,
            renamed=opened.renamed,
        )
        outcomes = _scan_classes(discovery, options, engine, publisher, monitor)
    loose = (*opened.unopened, *discovery.loose)
    publisher.summarise(outcomes, loose)
    return ScanResult(outcomes=outcomes, loose=loose, unopened=opened.unopened)


def _scan_classes(
    discovery: Discovery, options: ScanOptions, engine: WorkingEngine, publisher: Publisher, monitor: Monitor
) -> tuple[ClassOutcome, ...]:
    """All classes observed, judged and published, in the order found."""
    tasks, classes = _work(discovery, options)
    owner = {number: open_class for open_class in classes for number in open_class.waiting}
    done: dict[int, ClassOutcome] = {}
    neighbours = Neighbours(discovery.classes)
    footage = FootageOfRun(discovery.classes, options.earlier, engine)

    def publish_when_complete(open_class: _OpenClass) -> None:
        if not open_class.waiting:
            done[open_class.position] = _publish(open_class, options, engine, publisher, neighbours, footage)

    monitor.start(tasks, engine)
    load_ahead(asks_registry=options.earlier is not nothing_earlier)
    try:
        for open_class in classes:
            publish_when_complete(open_class)
        with contextlib.closing(engine.run(tasks)) as observed:  # an error here must stop the workers as well
            for number, evidence in observed:
                open_class = owner[number]
                open_class.waiting.discard(number)
                open_class.seen[evidence.path] = evidence
                monitor.clip_done(tasks[number], evidence)
                if not footage.is_lone:  # it is compared at once, which takes the workers
                    publish_when_complete(open_class)
        if footage.is_lone and not done:
            publish_when_complete(classes[0])
        done.update(_compared(done, options, engine, publisher, neighbours, footage))
    finally:
        monitor.stop()
    return tuple(done[position] for position in sorted(done))


def _work(discovery: Discovery, options: ScanOptions) -> tuple[list[ClipTask], list[_OpenClass]]:
    """All clips as tasks, and the classes with the numbers of their tasks."""
    tasks: list[ClipTask] = []
    classes = []
    photos = _photos_by_class(discovery, options)
    for position, found in enumerate(discovery.classes):
        open_class = _OpenClass(position=position, found=found, photos=photos[position])
        prefixes = clip_stems(found.folder)
        # The largest first, so that no process is left with a long clip when the others have run out of work.
        for clip in sorted(found.folder.clips, key=lambda one: -one.bytes):
            open_class.waiting.add(len(tasks))
            tasks.append(_task(clip, found, prefixes[clip.path], options))
        classes.append(open_class)
    return tasks, classes


def _photos_by_class(discovery: Discovery, options: ScanOptions) -> Sequence[ClassPhotos | None]:
    if options.photos is None:
        return [None] * len(discovery.classes)
    return find_photos(options.photos, discovery.classes, options.roster_file)


def _task(clip: ClipFile, found: FoundClass, prefix: str, options: ScanOptions) -> ClipTask:
    return ClipTask(
        path=clip.path,
        file=found.sources[clip.path],
        bytes=clip.bytes,
        kind=clip.kind,
        prefix=prefix,
        sampling=options.profile.sampling,
        detector=options.detector,
        descriptor=options.descriptor,
        heads=options.heads,
        cache=options.cache,
    )


def _publish(
    open_class: _OpenClass,
    options: ScanOptions,
    engine: WorkingEngine,
    publisher: Publisher,
    neighbours: Neighbours,
    footage: FootageOfRun,
) -> ClassOutcome:
    found = open_class.found
    clips = tuple(open_class.seen[clip.path] for clip in found.folder.clips)
    seen = _seen_clips(found, clips)
    people = _people(seen, options)
    evidence = ClassEvidence(
        folder=found.folder,
        roster=found.roster,
        clips=clips,
        people=people,
        tool=_tool(options),
        scanned_on=dt.datetime.now().astimezone().date(),
        photos=None if open_class.photos is None else _photos(open_class.photos, seen, people, options),
        elsewhere=neighbours.waiting(open_class.position),
        kind=options.kind,
        dossier=found.dossier,
        reuse=ReuseEvidence(compared=None),
        other_files=other_files(found),
    )
    footage.add(open_class.position, clips)
    if footage.is_lone:  # there is nothing to wait for
        evidence = replace(evidence, reuse=footage.compare({})[open_class.position])
        engine.dismiss()
    outcome = publisher.publish(without_descriptors(without_traces(evidence)), options.rules)
    if evidence.elsewhere is not None:
        neighbours.add(open_class.position, outcome.folder, found.folder, _looks(found, seen, people, options))
    return outcome


def _compared(
    done: Mapping[int, ClassOutcome],
    options: ScanOptions,
    engine: WorkingEngine,
    publisher: Publisher,
    neighbours: Neighbours,
    footage: FootageOfRun,
) -> Iterator[tuple[int, ClassOutcome]]:
    """The published classes once more, with what comparing them with each other came to; a lone one is through."""
    if footage.is_lone:
        return
    folders = {position: outcome.folder for position, outcome in done.items()}
    reuse, elsewhere = footage.compare(folders), dict(neighbours.compare(publisher.out))
    engine.dismiss()
    for position, folder in sorted(folders.items()):
        evidence = load_class(publisher.out / folder)
        met = elsewhere.get(position, evidence.elsewhere)
        compared = replace(evidence, reuse=reuse[position], elsewhere=met)
        yield position, publisher.publish_again(compared, options.rules, folder)


def _seen_clips(found: FoundClass, clips: Sequence[ClipEvidence]) -> "list[SeenClip]":
    """The face clips that could be watched."""
    from vidaudit.observe.people import SeenClip

    days = {clip.path: clip.day for clip in found.folder.clips}
    return [
        SeenClip(path=clip.path, day=days[clip.path], faces=clip.faces)
        for clip in clips
        if clip.kind is ClipKind.FACE and clip.faces is not None
    ]


def _people(seen: "Sequence[SeenClip]", options: ScanOptions) -> PeopleEvidence | None:
    """The persons of all face clips linked; None when no face clip could be watched."""
    from vidaudit.observe.describe import make_descriptor
    from vidaudit.observe.people import link_people

    return link_people(seen, make_descriptor(options.descriptor).limits) if seen else None


def _looks(
    found: FoundClass, seen: "Sequence[SeenClip]", people: PeopleEvidence | None, options: ScanOptions
) -> "ClassLooks":
    """What comparing the class with others takes; it never leaves this process."""
    from vidaudit.observe.describe import make_descriptor
    from vidaudit.observe.elsewhere import class_looks

    return class_looks(seen, people, face_days(found.folder), make_descriptor(options.descriptor).limits)


def _photos(
    found: ClassPhotos, seen: "Sequence[SeenClip]", people: PeopleEvidence | None, options: ScanOptions
) -> PhotoEvidence:
    """The photographs against the persons seen, with what is wrong with any of them."""
    from vidaudit.observe.describe import make_descriptor
    from vidaudit.observe.detectors import make_detector
    from vidaudit.observe.photos import match_photos

    detector, descriptor = make_detector(options.detector), make_descriptor(options.descriptor)
    matched = match_photos(found.photos, seen, people, detector, descriptor)
    return replace(matched, faults=(*found.faults, *matched.faults))


def without_descriptors(evidence: ClassEvidence) -> ClassEvidence:
    """The same without what could identify a face elsewhere: it serves the linking and stays on the machine."""
    return replace(evidence, clips=tuple(_without_descriptors(clip) for clip in evidence.clips))


def _without_descriptors(clip: ClipEvidence) -> ClipEvidence:
    if clip.faces is None:
        return clip
    persons = tuple(replace(person, descriptor=None) for person in clip.faces.persons)
    return replace(clip, faces=replace(clip.faces, persons=persons))


def _tool(options: ScanOptions) -> ToolInfo:
    from vidaudit.observe.heads_onnx import heads_model
    from vidaudit.observe.models import model_hashes

    given = {} if options.heads is None else dict([heads_model(options.heads)])
    return ToolInfo(version=vidaudit.__version__, models={**model_hashes(), **given})
