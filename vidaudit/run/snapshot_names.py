"""What snapshots are called: by class, day, clip and time (Huguan 2024, annex 4, four), unique within a class."""

from collections import Counter
from collections.abc import Iterator, Mapping

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import SeenElsewhere
from vidaudit.model.submission import ClassFolder
from vidaudit.report.privacy import mask_ids
from vidaudit.run.files import safe_name

_MAX_CLASS_BYTES = 60  # twenty Chinese characters: the whole path must stay below Windows's 260 characters


def clip_stems(folder: ClassFolder) -> dict[str, str]:
    """{path: what the names of this clip's snapshots begin with}: day, kind and number, unique within the class."""
    stems: dict[str, str] = {}
    days = {day.path: day.date.isoformat() if day.date else "no-date" for day in folder.days}
    used: Counter[str] = Counter()
    for clip in folder.clips:
        date = "no-day" if clip.day is None else days[clip.day]
        stem = f"{date}-{clip.kind}{clip.name.number or ''}"
        used[stem] += 1
        stems[clip.path] = stem if used[stem] == 1 else f"{stem}-v{used[stem]}"
    return stems


def published_names(evidence: ClassEvidence) -> Mapping[str, str]:
    """{name: name with the class, day, clip and time} of every snapshot; those that have it already keep it."""
    label = f"{_safe(safe_name(mask_ids(evidence.folder.name), max_bytes=_MAX_CLASS_BYTES))}-"
    return {name: name if name.startswith(label) else _safe(f"{label}{wanted}") for name, wanted in _by_clip(evidence)}


def _safe(name: str) -> str:
    """Without long numbers, and without the asterisks that stand for them: Windows refuses these."""
    return mask_ids(name).replace("*", "_")


def _by_clip(evidence: ClassEvidence) -> Iterator[tuple[str, str]]:
    """Each snapshot's name, and the same with day, clip and time."""
    stems = clip_stems(evidence.folder)
    for clip in evidence.clips:
        yield from ((still.name, still.name) for still in clip.snapshots)  # these have day, clip and time
    if evidence.elsewhere is not None:
        for seen in evidence.elsewhere.seen:
            if seen.snapshot is not None:
                stem = stems.get(seen.seen.clip, "no-day")
                yield seen.snapshot, f"{stem}-{_time(_seen_at_s(evidence, seen))}-{seen.snapshot}"
    if evidence.reuse is not None:
        times = {still.name: still.at_s for still in evidence.reuse.snapshots}
        for found in evidence.reuse.found:
            for name in found.snapshots:
                yield name, f"{stems.get(found.here.clip, 'no-day')}-{_time(times.get(name, 0.0))}-{name}"


def _seen_at_s(evidence: ClassEvidence, seen: SeenElsewhere) -> float:
    faces = next((clip.faces for clip in evidence.clips if clip.path == seen.seen.clip), None)
    persons = () if faces is None else faces.persons
    return next((person.best.at_s for person in persons if person.index == seen.seen.index), 0.0)


def _time(at_s: float) -> str:
    return f"{int(at_s) // 60:02d}m{int(at_s) % 60:02d}s"
