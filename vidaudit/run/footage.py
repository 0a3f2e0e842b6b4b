"""The clips of one run against each other: footage that is in two of them, or twice in one.

Each class is published as soon as its last clip has been observed, and says then that the comparison is awaited. Once
all are there, every clip is compared with every other, from what was noted while the files were read; only the places
that this points to are decoded. Nothing of those notes is stored with the evidence.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from vidaudit.intake.discover import FoundClass
from vidaudit.judge.subjects import NOT_VIDEO
from vidaudit.media.index import PacketIndex, unpack_ticks
from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.fingerprint import ClipTrace, PicturePair, ReuseFound, ReuseHow
from vidaudit.model.media import MediaProbe
from vidaudit.model.reuse import Footage, Reuse, ReuseEvidence
from vidaudit.model.still import Snapshot, SnapshotPurpose, Stretch
from vidaudit.model.submission import ClassFolder
from vidaudit.report.privacy import paths_without_numbers

if TYPE_CHECKING:
    from vidaudit.run.look import WatchedClip
    from vidaudit.run.reuse import Workers

_MAX_PICTURES = 40  # in one report; more show nothing new
_MAX_PARTNERS = 5  # clips of one class that a clip is told to share footage with


@dataclass(frozen=True, kw_only=True)
class FilmedClip:
    """A clip of this run, as it can be compared with others.

    Args:
        path: as in the class folder.
        shown: the same as reports and stores may name it, long numbers masked.
        file: on this machine, there as long as the run lasts.
        probe: None where observing the clip broke.
        trace: None where no packets could be read.
    """

    path: str
    shown: str
    file: Path
    probe: MediaProbe | None
    trace: ClipTrace | None

    @property
    def sha256(self) -> str | None:
        """Of the file's content; None where it couldn't be read, or can't be a video."""
        if self.probe is None or self.probe.container in NOT_VIDEO:
            return None
        return self.probe.sha256

    @property
    def stretch(self) -> Stretch | None:
        """All of it; None where its length isn't known."""
        return None if self.trace is None else Stretch(start_s=0.0, end_s=float(self.trace.fingerprint.duration_s))


@dataclass(frozen=True, kw_only=True)
class FilmedClass:
    """A class of this run with its clips. `name` is that of its report folder, where there are others unique."""

    name: str
    folder: ClassFolder
    clips: tuple[FilmedClip, ...]


@dataclass(frozen=True, kw_only=True)
class EarlierFootage:
    """What a class shares with earlier submissions: `found`, and how many clips of them were compared.

    `num_compared` and `problem` as `num_earlier` and `registry_problem` of `ReuseEvidence`.
    """

    found: tuple[Reuse, ...] = ()
    num_compared: int | None = None
    problem: str | None = None


Earlier = Callable[[Sequence[FilmedClass]], Sequence[EarlierFootage | None]]
"""Compares the classes of a run with earlier submissions: one answer each, None where nothing was compared."""


def nothing_earlier(classes: Sequence[FilmedClass]) -> Sequence[EarlierFootage | None]:
    """No registry of earlier submissions."""
    return [None] * len(classes)


class FootageOfRun:
    """Gathers the classes of a run; compares them once all are there.

    Args:
        classes: all that are scanned.
        earlier: what is known of earlier submissions.
        workers: who decodes pictures; None for this process.
    """

    def __init__(
        self,
        classes: Sequence[FoundClass],
        earlier: Earlier = nothing_earlier,
        workers: "Workers | None" = None,
    ) -> None:
        self._classes = classes
        self._earlier = earlier
        self._workers = workers
        self._filmed: dict[int, FilmedClass] = {}

    @property
    def is_lone(self) -> bool:
        """Whether there is only one class, which needs to wait for no other."""
        return len(self._classes) == 1

    def add(self, position: int, clips: Sequence[ClipEvidence]) -> None:
        """All clips of a class have been observed."""
        found = self._classes[position]
        shown = paths_without_numbers(found.folder)
        filmed = tuple(
            FilmedClip(
                path=clip.path,
                shown=shown[clip.path],
                file=found.sources[clip.path],
                probe=clip.probe,
                trace=clip.trace,
            )
            for clip in clips
        )
        self._filmed[position] = FilmedClass(name=found.folder.name, folder=found.folder, clips=filmed)

    def compare(self, names: Mapping[int, str]) -> dict[int, ReuseEvidence]:
        """{position of a class: what comparing it came to}, of all that were added; `names` of their report folders."""
        positions = sorted(self._filmed)
        filmed = [(self._filmed[position], names.get(position)) for position in positions]
        classes = [class_ if name is None else replace(class_, name=name) for class_, name in filmed]
        compared = compare_classes(classes, self._earlier, self._workers)
        return dict(zip(positions, compared, strict=True))


def without_traces(evidence: ClassEvidence) -> ClassEvidence:
    """The same without the notes that only the comparison takes."""
    return replace(evidence, clips=tuple(replace(clip, trace=None) for clip in evidence.clips))


def compare_classes(
    classes: Sequence[FilmedClass], earlier: Earlier = nothing_earlier, workers: "Workers | None" = None
) -> list[ReuseEvidence]:
    """What each class's clips share with each other, with the other classes, and with earlier submissions.

    Args:
        workers: who decodes pictures; None for this process.
    """
    from vidaudit.run.reuse import Here, find_reuse

    workers = workers or Here()
    places = [_Place(number=number, clip=clip) for number, class_ in enumerate(classes) for clip in class_.clips]
    contents = _contents(places)
    watched = [_watched(content[0]) for content in contents if content[0].clip.trace is not None]
    reuses = find_reuse(watched, workers=workers)
    by_name = {content[0].name: content for content in contents}
    stills = _stills([content for content in contents if len(content) > 1], workers)
    shared = [one for content in contents for one in _copies(content, stills.get(content[0].name))]
    shared += [one for found in reuses.found for one in _spread(found, by_name)]
    unseen = [{place.number for name in names for place in by_name[name]} for names in reuses.unseen]
    known = earlier(classes)
    return [
        _evidence(
            [sided for one in shared for sided in one.sides(number)],
            classes,
            number,
            known=known[number],
            num_open=sum(number in numbers for numbers in unseen),
        )
        for number in range(len(classes))
    ]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A clip and the number of its class."""

    number: int
    clip: FilmedClip

    @property
    def name(self) -> str:
        """Unique in the run."""
        return f"{self.number} {self.clip.path}"


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """Two clips that share footage, `here` the one that is told about it; one clip twice in a loop.

    In a pair that `is_swapped` the picture of `here` is still on the right.
    """

    here: _Place
    there: _Place
    here_stretch: Stretch | None
    there_stretch: Stretch | None
    how: ReuseHow
    score: float
    mirrored: bool | None
    pair: PicturePair | None
    is_swapped: bool = False

    def sides(self, number: int) -> "Iterator[_Shared]":
        """The same as the class with this number hears of it, if it does."""
        if self.here.number == number:
            yield self
        elif self.there.number == number:
            yield replace(
                self,
                here=self.there,
                there=self.here,
                here_stretch=self.there_stretch,
                there_stretch=self.here_stretch,
                is_swapped=True,
            )


def _contents(places: Sequence[_Place]) -> list[list[_Place]]:
    """The clips by what is in their files: copies needn't be compared with each other."""
    by_content: dict[str, list[_Place]] = defaultdict(list)
    for place in places:
        by_content[place.clip.sha256 or place.name].append(place)
    return list(by_content.values())


def _firsts(content: Sequence[_Place]) -> list[_Place]:
    """The first copy in each class; that the others are copies of it is told anyway."""
    return list({place.number: place for place in reversed(content)}.values())[::-1]


def _copies(content: Sequence[_Place], pair: PicturePair | None) -> Iterator[_Shared]:
    """Of each class every further copy against the first, and the first against those of other classes."""
    firsts = _firsts(content)
    first_in = {place.number: place for place in firsts}
    again = [(place, first_in[place.number]) for place in content if place is not first_in[place.number]]
    for here, there in (*again, *((two, one) for one, two in combinations(firsts, 2))):
        yield _Shared(
            here=here,
            there=there,
            here_stretch=here.clip.stretch,
            there_stretch=there.clip.stretch,
            how=ReuseHow.SAME_FILE,
            score=1.0,
            mirrored=False,
            pair=pair,
        )


def _stills(contents: Sequence[Sequence[_Place]], workers: "Workers") -> dict[str, PicturePair | None]:
    """{name of a content's first copy: a picture of it beside itself}, to show what a copy shows."""
    from vidaudit.run.look import Showing, show

    names, showings = [], []
    for place in (content[0] for content in contents):
        if place.clip.stretch is not None:
            watched = _watched(place)
            names.append(place.name)
            showings.append(Showing(first=watched, second=watched, stretch=place.clip.stretch, lag_s=0.0))
    return {names[number]: None if answer is None else answer.pair for number, answer in workers.each(show, showings)}


def _spread(found: ReuseFound, by_name: Mapping[str, Sequence[_Place]]) -> Iterator[_Shared]:
    """What was found of one copy of each content, told of all: of a loop every one, else the first in each class."""
    firsts, seconds = by_name[found.first], by_name[found.second]
    pairs = [(one, one) for one in firsts]
    if not found.is_loop:
        pairs = [(one, two) for one in _firsts(firsts) for two in _firsts(seconds)]
    for here, there in pairs:
        yield _Shared(
            here=here,
            there=there,
            here_stretch=found.first_stretch,
            there_stretch=found.second_stretch,
            how=found.how,
            score=found.score,
            mirrored=found.mirrored,
            pair=found.pair,
        )


def _watched(place: _Place) -> "WatchedClip":
    from vidaudit.media.excerpt import Film
    from vidaudit.run.look import WatchedClip

    clip, trace = place.clip, place.clip.trace
    assert clip.probe is not None
    assert trace is not None
    pictures = unpack_ticks(trace.picture_pts)
    index = PacketIndex(
        first_pts=int(pictures[0]),
        time_base=trace.time_base,
        picture_pts=pictures,
        keyframe_pts=unpack_ticks(trace.keyframe_pts),
    )
    film = Film(path=clip.file, probe=clip.probe, index=index)
    return WatchedClip(name=place.name, film=film, fingerprint=trace.fingerprint)


def _evidence(
    shared: Sequence[_Shared],
    classes: Sequence[FilmedClass],
    number: int,
    *,
    known: EarlierFootage | None,
    num_open: int,
) -> ReuseEvidence:
    """What one class hears, its own side first, with pictures as far as a report has room for them."""
    reuses: list[Reuse] = []
    stills: dict[int, Snapshot] = {}
    for one in _limited(shared):
        if one.pair is not None and id(one.pair) not in stills and len(stills) < _MAX_PICTURES:
            stills[id(one.pair)] = _snapshot(one, len(stills) + 1)
        still = stills.get(id(one.pair))
        reuses.append(_reuse(one, classes, () if still is None else (still.name,)))
    return ReuseEvidence(
        found=(*reuses, *(() if known is None else known.found)),
        compared=tuple(class_.name for other, class_ in enumerate(classes) if other != number),
        num_earlier=None if known is None else known.num_compared,
        registry_problem=None if known is None else known.problem,
        num_open=num_open,
        snapshots=tuple(stills.values()),
    )


def _limited(shared: Sequence[_Shared]) -> Iterator[_Shared]:
    """Not more than a few partners of one clip in one class: the surest and longest, and all that is told of a loop."""
    partners: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in sorted(shared, key=_weight):
        known = partners[one.here.name, one.there.number]
        if one.here is one.there or one.there.name in known or len(known) < _MAX_PARTNERS:
            known.add(one.there.name)
            yield one


def _weight(shared: _Shared) -> tuple[bool, float]:
    length_s = 0.0 if shared.here_stretch is None else shared.here_stretch.duration_s
    return shared.how is not ReuseHow.SAME_FILE, -length_s


def _reuse(shared: _Shared, classes: Sequence[FilmedClass], snapshots: tuple[str, ...]) -> Reuse:
    there = shared.there
    is_own = there.number == shared.here.number
    return Reuse(
        here=Footage(clip=shared.here.clip.shown, stretch=shared.here_stretch),
        there=Footage(
            clip=there.clip.shown,
            stretch=shared.there_stretch,
            class_name=None if is_own else classes[there.number].name,
        ),
        how=shared.how,
        score=round(shared.score, 3),
        mirrored=shared.mirrored,
        snapshots=snapshots,
    )


def _snapshot(shared: _Shared, number: int) -> Snapshot:
    from vidaudit.observe.pairs import swapped

    assert shared.pair is not None
    # The two pictures of a copy are one.
    is_right = not shared.is_swapped or shared.how is ReuseHow.SAME_FILE
    pair = shared.pair if is_right else swapped(shared.pair)
    return Snapshot(
        name=f"reuse-{number:03d}.jpg",
        at_s=pair.first_at_s,
        purpose=SnapshotPurpose.PAIR,
        width_px=pair.width_px,
        height_px=pair.height_px,
        jpeg=pair.jpeg,
    )
