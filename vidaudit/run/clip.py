"""Observing one clip: probe, plan, decode, watch. Picklable in and out, without shared state."""

import functools
import importlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import vidaudit
from vidaudit.media.decode import Decoder, never
from vidaudit.media.index import PacketIndex, pack_ticks
from vidaudit.media.plan import plan
from vidaudit.media.probe import Probed, probe
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.fingerprint import ClipTrace
from vidaudit.model.media import Frame, MediaProbe, Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.run.cache import Cache, cache_key

if TYPE_CHECKING:
    from vidaudit.observe.detect import FaceDetector
    from vidaudit.observe.persons import FaceClipObserver
    from vidaudit.observe.tracks import Found

# The longer side at which faces are looked for. A face that may count as recognisable is 40 px wide in a 1920 px
# picture, 20 px here; in a lecture the far rows matter more than the time.
_MAX_SIDE_PX = {ClipKind.FACE: 960, ClipKind.LECTURE: 1280}


class Stage(IntEnum):
    """What is being done with a clip; numbers, so that they pass through shared memory."""

    WAITING = 0
    READING = 1
    WATCHING = 2
    RECOGNISING = 3
    DONE = 4


Report = Callable[[Stage, float], None]
"""Told the stage and how much of the whole clip's work is done (0 to 1)."""


@dataclass(frozen=True, kw_only=True)
class ClipTask:
    """One clip to observe.

    Args:
        path: its path as shown, relative to the class folder.
        file: the file on this machine.
        bytes: its size, for estimating the work.
        prefix: begins the names of its snapshots; unique within the class.
        detector: as for `observe.detectors.make_detector`.
        descriptor: as for `observe.describe.make_descriptor`.
        heads: as for `observe.heads_onnx.parse_heads`, None to count faces alone.
        cache: folder of observations made earlier, None to look afresh.
    """

    path: str
    file: Path
    bytes: int
    kind: ClipKind
    prefix: str
    sampling: Sampling
    detector: str = "centerface"
    descriptor: str = "dlib"
    heads: str | None = None
    cache: Path | None = None


# What watching takes a second to load.
_NEEDED = ("cv2", "vidaudit.observe.clock", "vidaudit.observe.heads", "vidaudit.observe.persons", "vidaudit.run.takes")


def get_ready() -> None:
    """Load what observing a clip takes, for a process that has nothing else to do yet."""
    for name in _NEEDED:
        importlib.import_module(name)


def observe_clip(task: ClipTask, report: Report = lambda _stage, _share: None) -> ClipEvidence:
    """All that can be observed of one clip. What is wrong with the file is in the evidence, never an exception."""
    report(Stage.READING, 0.0)
    probed = probe(task.file)
    blank = ClipEvidence(path=task.path, kind=task.kind, probe=probed.facts)
    if probed.index is None:
        return blank
    if task.cache is None or probed.facts.sha256 is None:
        seen = _observed(task, probed, probed.index, report)
        return replace(seen, probe=probed.facts, trace=_trace(probed))
    cache, key = Cache(folder=task.cache), _key(task, probed.facts)
    known = cache.get(key)
    if known is None:
        known = _observed(task, probed, probed.index, report)
        cache.put(key, known)
    return replace(known, path=task.path, probe=probed.facts, trace=_trace(probed))


def _trace(probed: Probed) -> ClipTrace | None:
    """What comparing the clip takes: made anew each time, because the file is read each time for its checksum."""
    if probed.index is None or probed.fingerprint is None:
        return None
    return ClipTrace(
        fingerprint=probed.fingerprint,
        time_base=probed.index.time_base,
        picture_pts=pack_ticks(probed.index.picture_pts),
        keyframe_pts=pack_ticks(probed.index.keyframe_pts),
    )


def _key(task: ClipTask, facts: MediaProbe) -> str:
    models = (task.detector, task.descriptor, (task.heads or "").partition("#")[0])
    made_by = (vidaudit.__version__, _code_fingerprint(), _models_fingerprint(*models))
    asked = (task.kind, task.prefix, task.sampling, task.detector, task.descriptor, task.heads)
    return cache_key(*made_by, facts.sha256, *asked)


@functools.cache
def _code_fingerprint() -> str:
    """Changes whenever the code that observes changes: a stale observation would be a wrong verdict."""
    package = Path(vidaudit.__file__).parent
    files = sorted(path for part in ("media", "observe", "model") for path in (package / part).glob("*.py"))
    own = (Path(__file__), Path(__file__).with_name("takes.py"))
    return cache_key(*(path.read_bytes() for path in (*files, *own)))


@functools.cache
def _models_fingerprint(*specs: str) -> str:
    """Changes whenever a model does: those that come with packages, or one from the user's own file."""
    from vidaudit.observe.models import model_hashes

    own = [Path(spec.partition(":")[2]) for spec in specs]
    return cache_key(sorted(model_hashes().items()), *(file.read_bytes() if file.is_file() else None for file in own))


def _observed(task: ClipTask, probed: Probed, index: PacketIndex, report: Report) -> ClipEvidence:
    """What its pictures show, and whether they are one take.

    The work falls into two halves of about the same length that need nothing of each other. Decoding and measuring
    leave the interpreter free, so a second core, where one is idle, does the one beside the other.
    """
    film, people = _FilmObservers(task), _PeopleObservers(task)
    chosen = plan(index, task.kind, task.sampling)
    decoder = Decoder(task.file, probed.facts, index, chosen, people.faces.too_little if people.faces else never)
    with ThreadPoolExecutor(1) as beside:
        other_half: list[Future[None]] = []
        for number, frame in enumerate(decoder):
            report(Stage.WATCHING, 0.05 + 0.85 * min(number / len(chosen.pts), 1.0))
            _wait_for(other_half)
            watching = beside.submit(film.add, frame)
            other_half = [watching, beside.submit(people.keep, people.find(frame))]
        _wait_for(other_half)
        report(Stage.RECOGNISING, 0.9)
        filmed = beside.submit(
            film.finish, task, probed, is_followed=people.faces is not None and people.faces.is_followed
        )
        seen = people.finish(task)
        clip = filmed.result()
    return replace(
        clip, decode=decoder.facts, faces=seen.faces, heads=seen.heads, snapshots=(*clip.snapshots, *seen.snapshots)
    )


def _wait_for(work: "Sequence[Future[None]]") -> None:
    """All of it; what went wrong in it is raised here."""
    for each in work:
        each.result()


class _FilmObservers:
    """They look at what the film is worth: its pictures, the clock burned into them, whether it is one take."""

    def __init__(self, task: ClipTask) -> None:
        from vidaudit.observe.clock import ClockObserver
        from vidaudit.observe.quality import PictureObserver

        self._picture = PictureObserver(task.prefix, camera_stands=task.kind is not ClipKind.FACE)
        self._clock = ClockObserver(task.prefix)

    def add(self, frame: Frame) -> None:
        """The next frame in order of time."""
        self._picture.add(frame)
        self._clock.add(frame)

    def finish(self, task: ClipTask, probed: Probed, *, is_followed: bool) -> ClipEvidence:
        """What they saw; `is_followed` as for `run.takes.observe_take`.

        Where the clock jumps, the pictures tell at which of them, so the clock comes first.
        """
        from vidaudit.run.takes import EFFORT_MPX_PER_S, observe_take

        picture, stills = self._picture.finish()
        clock, strips = self._clock.finish()
        # Of a camera that moves, pictures tell only another scene: the place where most changes is enough.
        effort = 0.0 if task.kind is ClipKind.FACE else EFFORT_MPX_PER_S
        take, pairs = observe_take(task.file, probed, task.prefix, effort, clock, is_followed=is_followed)
        return ClipEvidence(
            path=task.path,
            kind=task.kind,
            picture=picture,
            clock=clock,
            take=take,
            snapshots=(*stills, *strips, *pairs),
        )


class _PeopleObservers:
    """They look for people: in a face clip at each face, in a lecture at who is there."""

    def __init__(self, task: ClipTask) -> None:
        from vidaudit.observe.heads import LectureObserver

        self.faces = _face_observer(task) if task.kind is ClipKind.FACE else None
        self._heads = LectureObserver(_heads_detector(task), task.prefix) if task.kind is ClipKind.LECTURE else None

    def find(self, frame: Frame) -> "Found | None":
        """Who is in the next frame in order of time."""
        watching = self.faces or self._heads
        return watching.find(frame) if watching else None

    def keep(self, found: "Found | None") -> None:
        """Take what was found to what is known; in order as well."""
        watching = self.faces or self._heads
        if watching and found:
            watching.keep(found)

    def finish(self, task: ClipTask) -> ClipEvidence:
        """What they saw."""
        faces, portraits = self.faces.finish() if self.faces else (None, ())
        heads, overview = self._heads.finish() if self._heads else (None, ())
        return ClipEvidence(path=task.path, kind=task.kind, faces=faces, heads=heads, snapshots=(*portraits, *overview))


def _face_observer(task: ClipTask) -> "FaceClipObserver":
    from vidaudit.observe.describe import make_descriptor
    from vidaudit.observe.persons import FaceClipObserver

    return FaceClipObserver(_detector(task), task.prefix, make_descriptor(task.descriptor))


def _detector(task: ClipTask) -> "FaceDetector":
    """The task's detector; it is the clip's own, because it learns how large the faces are."""
    from vidaudit.observe.detectors import clip_detector

    return clip_detector(task.detector, _MAX_SIDE_PX[task.kind])


def _heads_detector(task: ClipTask) -> "FaceDetector":
    """What finds the people of a lecture: faces, and heads where a network for them was given."""
    if task.heads is None:
        return _detector(task)
    from vidaudit.observe.heads_onnx import WithHeads, make_heads

    return WithHeads(_detector(task), make_heads(task.heads))
