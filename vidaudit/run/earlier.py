"""The classes of a run against all that was scanned before: the registry is asked, and then told.

The earlier video isn't there any more, so nothing can be confirmed by pictures. What is said is certain (the same file,
the same encoded bytes) or has evidence that honest lessons are far from; all else is left unsaid.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from vidaudit.errors import RegistryError
from vidaudit.model.fingerprint import ClipFingerprint, ReuseHow
from vidaudit.model.registry import KeptClass, KeptClip, StoredClip
from vidaudit.model.reuse import Footage, Reuse
from vidaudit.model.still import Stretch
from vidaudit.observe.lookup import asked_stretches, most_alike, shared_stream, strong_match, thinned
from vidaudit.observe.reuse import prepared
from vidaudit.report.privacy import mask_ids
from vidaudit.run.footage import EarlierFootage, FilmedClass, FilmedClip
from vidaudit.run.registry import Registry, damaged
from vidaudit.run.registry_index import RegistryIndex

# Clips of the registry that one clip is compared with: by its packets, roughly by its curve, and closely.
_MOST_STREAMS, _MOST_CURVES, _MOST_MATCHED = 20, 32, 5
_MOST_TOLD = 5  # of them that a clip is told to share footage with

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class EarlierScans:
    """A registry as a scan sees it. Whatever is wrong with it is told, also in the answers, and the scan goes on.

    Args:
        file: the registry; made where there is none.
        version: of this tool.
        now: the time of this scan, with its zone.
        tell: takes a sentence for the person at the keyboard.
    """

    file: Path
    version: str
    now: dt.datetime
    tell: Callable[[str], None]

    def __call__(self, classes: Sequence[FilmedClass]) -> Sequence[EarlierFootage]:
        """What each class shares with earlier submissions; then the classes are kept themselves."""
        kept = [kept_class(one, self.version, self.now) for one in classes]
        answers = [EarlierFootage()] * len(classes)
        try:
            with Registry(self.file, create=True) as registry:
                answers = _asked(registry, kept)
                registry.record(kept)
        except Exception as error:  # what it holds came from elsewhere; hours of work mustn't be lost by it
            problem = _as_told(self.file, error)
            self.tell(str(problem))
            return [replace(answer, problem=problem.reason) for answer in answers]
        return answers


def _as_told(file: Path, error: Exception) -> RegistryError:
    """The error in words for a person; those that weren't foreseen come from content that makes no sense."""
    if isinstance(error, RegistryError):
        return error
    log.error("the registry %s", file, exc_info=error)
    return damaged(file, str(error) or type(error).__name__)


def kept_class(filmed: FilmedClass, version: str, now: dt.datetime) -> KeptClass:
    """What a registry keeps of a class."""
    folder = filmed.folder
    dates = {day.path: day.date for day in folder.days}
    known = sorted(date for date in dates.values() if date is not None)
    day_of = {clip.path: clip.day for clip in folder.clips}
    kind_of = {clip.path: clip.kind.value for clip in folder.clips}
    clips = tuple(
        KeptClip(
            path=clip.shown,
            date=dates.get(day_of[clip.path] or ""),
            kind=kind_of[clip.path],
            sha256=clip.sha256,
            fingerprint=_fingerprint(clip),
        )
        for clip in filmed.clips
        if clip.sha256 is not None
    )
    return KeptClass(
        institution=None if folder.institution is None else mask_ids(folder.institution),
        name=mask_ids(folder.class_name or folder.name),
        first_day=known[0] if known else None,
        last_day=known[-1] if known else None,
        submission=mask_ids(folder.path.split("/")[0]),
        scanned_at=now.replace(microsecond=0),
        version=version,
        clips=clips,
    )


def _fingerprint(clip: FilmedClip) -> ClipFingerprint:
    """That of a clip; an empty one, which is like no other, where its packets can't be read."""
    if clip.trace is None:
        return ClipFingerprint(duration_s=Fraction(0), curve=b"", constant_rate=True)
    return thinned(clip.trace.fingerprint)


def _asked(registry: Registry, kept: Sequence[KeptClass]) -> list[EarlierFootage]:
    own = registry.clips_of_keys({one.key() for one in kept})
    left_out = frozenset(stored.id for stored in registry.clips(own) if _is_of_run(stored, kept))
    lookup = Lookup(registry, left_out)
    num_compared = registry.size()[0] - len(left_out)
    return [EarlierFootage(found=tuple(_told(lookup, one)), num_compared=num_compared) for one in kept]


def matches(registry: Registry, stored: StoredClip) -> list[Reuse]:
    """What a clip of a registry shares with those of other classes in it.

    Raises:
        RegistryError: the registry can't be read.
    """
    same = registry.clips(registry.clips_of_keys({stored.of_class.key()}))
    left_out = frozenset(one.id for one in same if _is_of_run(one, [stored.of_class]))
    return sorted(Lookup(registry, left_out).find(stored.clip), key=_weight)


def _is_of_run(stored: StoredClip, kept: Iterable[KeptClass]) -> bool:
    """Whether a stored clip is of a class that is being scanned: the run compares those itself."""
    return any(stored.of_class.is_same_class(one) for one in kept)


def _told(lookup: "Lookup", kept: KeptClass) -> Iterator[Reuse]:
    for clip in kept.clips:
        found = sorted(lookup.find(clip), key=_weight)
        yield from found[:_MOST_TOLD]


def _weight(reuse: Reuse) -> tuple[int, float]:
    length_s = 0.0 if reuse.here.stretch is None else reuse.here.stretch.duration_s
    return _SUREST_FIRST.index(reuse.how), -length_s


_SUREST_FIRST = (ReuseHow.SAME_FILE, ReuseHow.SAME_STREAM, ReuseHow.SAME_PICTURES)


class Lookup:
    """Finds what a clip shares with those of a registry.

    Args:
        left_out: ids of stored clips that aren't compared.
    """

    def __init__(self, registry: Registry, left_out: frozenset[int] = frozenset()) -> None:
        self._registry = registry
        self._left_out = left_out
        self._index = RegistryIndex(registry)

    def find(self, clip: KeptClip) -> list[Reuse]:
        """Each stored clip at most once, by the surest way; `RegistryError` when the registry can't be read."""
        found = {one.id: _same_file(clip, one) for one in self._wanted(self._registry.clips_with(clip.sha256))}
        streams = self._by_marks(clip.fingerprint, without=found)
        found |= {one.id: reuse for one in streams if (reuse := _same_packets(clip, one))}
        if not clip.fingerprint.constant_rate:
            found |= self._by_curve(clip, without=found)
        return list(found.values())

    def _wanted(self, stored: Iterable[StoredClip]) -> list[StoredClip]:
        return [one for one in stored if one.id not in self._left_out]

    def _by_marks(self, fingerprint: ClipFingerprint, without: Iterable[int]) -> tuple[StoredClip, ...]:
        """The clips that share the most packets."""
        known = {*without, *self._left_out}
        shared = {
            clip: number for clip, number in self._registry.shared_marks(fingerprint).items() if clip not in known
        }
        return self._registry.clips(sorted(shared, key=lambda clip: -shared[clip])[:_MOST_STREAMS])

    def _by_curve(self, clip: KeptClip, without: Iterable[int]) -> dict[int, Reuse]:
        """The clips that run so much alike that it can't be chance."""
        curve = prepared(clip.fingerprint)
        hits = self._index.search(asked_stretches(curve))
        near = hits.best_clips(_MOST_CURVES, without={*without, *self._left_out})
        found = {}
        stored = {one.id: one for one in self._registry.clips(near)}
        curves = {number: prepared(one.clip.fingerprint) for number, one in stored.items()}
        for number in most_alike(curve, curves, _MOST_MATCHED):
            one, match = stored[number], strong_match(curve, curves[number])
            if match is not None:
                here, there = match.candidate.first, match.candidate.second
                found[one.id] = _reuse(clip, one, here, there, ReuseHow.SAME_PICTURES, match.likeness)
        return found


def _same_file(clip: KeptClip, stored: StoredClip) -> Reuse:
    return _reuse(clip, stored, _whole(clip), _whole(stored.clip), ReuseHow.SAME_FILE, 1.0)


def _same_packets(clip: KeptClip, stored: StoredClip) -> Reuse | None:
    """The longest stretch of the same packets."""
    shared = shared_stream(clip.fingerprint, stored.clip.fingerprint)
    if not shared:
        return None
    longest = max(shared, key=lambda candidate: candidate.first.duration_s)
    return _reuse(clip, stored, longest.first, longest.second, ReuseHow.SAME_STREAM, 1.0)


def _whole(clip: KeptClip) -> Stretch | None:
    duration_s = float(clip.fingerprint.duration_s)
    return Stretch(start_s=0.0, end_s=duration_s) if duration_s else None


def _reuse(
    clip: KeptClip, stored: StoredClip, here: Stretch | None, there: Stretch | None, how: ReuseHow, score: float
) -> Reuse:
    of_class = stored.of_class
    name = of_class.name if of_class.institution in (None, "") else f"{of_class.institution} {of_class.name}"
    scanned_on = of_class.scanned_at.astimezone().date()
    return Reuse(
        here=Footage(clip=clip.path, stretch=here),
        there=Footage(clip=stored.clip.path, stretch=there, class_name=name, scanned_on=scanned_on),
        how=how,
        score=round(score, 3),
    )
