"""The registry from a thousand clips to a hundred thousand: how long a lookup takes, what it needs, what it finds.

The clips are made up: curves with the spectrum and the values of real lessons and phases of their own, marks at random.
What is looked up among them are a lesson's disguised copies, as files, and pieces of them within another lesson.
"""

import argparse
import datetime as dt
import gc
import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt
import psutil

from benchmarks.disguises import copies, write_lesson
from benchmarks.measure import MB, checked, figure, media, table
from vidaudit.media.probe import probe
from vidaudit.model.fingerprint import CURVE_BIN_S, ClipFingerprint, ReuseHow
from vidaudit.model.registry import KeptClass, KeptClip
from vidaudit.observe.lookup import thinned
from vidaudit.run.earlier import Lookup
from vidaudit.run.registry import Registry

SIZES = (1_000, 10_000, 100_000)
SHARES_S = (30, 60, 120, 300)
_PIECES = 4  # of each length, from different places
_PER_CLASS, _AT_ONCE = 30, 1000
_TIMED = 30
_BEGAN = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
_ROOM = "the room"
_MARKS_PER_S = 2

Levels = npt.NDArray[np.int8]


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="CLIPS")
    sizes = parser.parse_args(arguments).sizes
    pictures = media("pictures")
    if pictures is None or media("disc-real") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        lessons, disguised = _material(pictures, Path(folder))
        strangers = _Strangers([one for one in lessons if not one.constant_rate])
        rows = []
        with Registry(Path(folder) / "registry.sqlite", create=True) as registry:
            registry.record([_class(_ROOM, [_clip("source.mp4", lessons[0])])])
            for size in sizes:
                rows.append(_grown(registry, strangers, size))
                print(table(_GROWTH, rows), flush=True)
            lookup = Lookup(registry)
            _false_finds(lookup, strangers, lessons[1:])
            _recall(lookup, disguised, lessons[1])


def _material(pictures: Path, folder: Path) -> tuple[list[ClipFingerprint], dict[str, ClipFingerprint]]:
    """Honest lessons of one room, and the disguised copies of the first."""
    real = sorted((pictures.parent / "disc-real").glob("*/*/*授课过程.mp4"))
    made = [folder / "lesson-0.mp4", folder / "lesson-1.mp4"]
    for seed, file in enumerate(made):
        write_lesson(pictures, file, seed)
    disguised = {name: _fingerprint(file) for name, file in copies(real[0], real[1], folder)}
    return [_fingerprint(file) for file in (real[0], made[1], *real[1:], made[0])], disguised


def _fingerprint(file: Path) -> ClipFingerprint:
    found = probe(file).fingerprint
    if found is None:
        raise ValueError(f"{file} has no picture")
    return found


class _Strangers:
    """Makes clips that nobody filmed."""

    def __init__(self, lessons: Sequence[ClipFingerprint]) -> None:
        self._rng = np.random.default_rng(1)
        self._models = [np.frombuffer(lesson.curve, np.int8) for lesson in lessons]
        self._spectra = [np.abs(np.fft.rfft(model)) for model in self._models]

    def fingerprint(self, number: int) -> ClipFingerprint:
        """A lesson with phases of its own."""
        model, spectrum = self._models[number % len(self._models)], self._spectra[number % len(self._models)]
        phases = self._rng.uniform(0, 2 * np.pi, len(spectrum))
        mixed = np.fft.irfft(spectrum * np.exp(1j * phases), len(model))
        levels = np.empty_like(model)
        levels[np.argsort(mixed)] = np.sort(model)
        duration_s = len(levels) * CURVE_BIN_S
        num_marks = int(duration_s * _MARKS_PER_S)
        marks = self._rng.integers(0, 2**64, num_marks, np.uint64)
        at = np.sort(self._rng.integers(0, int(1000 * duration_s), num_marks))
        whole = ClipFingerprint(
            duration_s=Fraction(duration_s),
            curve=levels.tobytes(),
            marks=marks.astype("<u8").tobytes(),
            marks_at=at.astype("<u4").tobytes(),
        )
        return thinned(whole)


def _class(name: str, clips: Sequence[KeptClip]) -> KeptClass:
    day = _BEGAN.date()
    return KeptClass(
        institution="benchmark",
        name=name,
        first_day=day,
        last_day=day,
        submission="disc",
        scanned_at=_BEGAN,
        version="0",
        clips=tuple(clips),
    )


def _clip(path: str, fingerprint: ClipFingerprint) -> KeptClip:
    sha256 = hashlib.sha256(path.encode()).hexdigest()
    return KeptClip(path=path, date=_BEGAN.date(), kind="lecture", sha256=sha256, fingerprint=thinned(fingerprint))


_GROWTH = (
    *("clips", "one clip, median", "slowest", "processor", "opening", "making the index"),
    *("registry", "index", "memory"),
)


def _grown(registry: Registry, strangers: _Strangers, size: int) -> tuple[str, ...]:
    """Fill the registry up to a size, and time it."""
    for start in range(registry.size()[0], size, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, size))
        clips = [_clip(f"{number}.mp4", strangers.fingerprint(number)) for number in numbers]
        parts = [clips[part : part + _PER_CLASS] for part in range(0, len(clips), _PER_CLASS)]
        registry.record([_class(part[0].path, part) for part in parts])
    making_s, _ = _timed(partial(Lookup, registry))
    gc.collect()
    opening_s, _ = _timed(partial(Lookup, registry))
    lookup = Lookup(registry)
    asked = [_clip(f"asked {number}", strangers.fingerprint(number)) for number in range(_TIMED)]
    times = [_timed(partial(lookup.find, clip)) for clip in asked]
    wall_s, work_s = [wall for wall, _ in times], [work for _, work in times]
    print(figure(f"a lookup among {size} clips", median(wall_s), "s", at_most=1), flush=True)
    index_bytes = sum(file.stat().st_size for file in registry.file.parent.glob("registry.sqlite.*.index"))
    seconds = (median(wall_s), max(wall_s), median(work_s), opening_s, making_s)
    sizes = (registry.file.stat().st_size, index_bytes, psutil.Process().memory_info().rss)
    return (f"{size}", *(f"{value:.2f} s" for value in seconds), *(f"{value / MB:.0f} MB" for value in sizes))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of the processor: the latter tell what an idle machine takes at most."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - worked


def _false_finds(lookup: Lookup, strangers: _Strangers, lessons: Sequence[ClipFingerprint]) -> None:
    honest = [*lessons, *(strangers.fingerprint(number) for number in range(100))]
    found = [reuse for number, one in enumerate(honest) for reuse in lookup.find(_clip(f"honest {number}", one))]
    label = f"honest clips taken for one of the registry, of {len(honest)}"
    print(checked(label, len(found), "none", met=not found), flush=True)


def _recall(lookup: Lookup, disguised: dict[str, ClipFingerprint], host: ClipFingerprint) -> None:
    """What of each disguise is told: of pieces within another lesson, and of the whole."""
    rows = []
    for name, copy in disguised.items():
        if "within" in name:
            continue
        cells = [name]
        for share_s in SHARES_S:
            pieces = list(_within(copy, host, share_s))
            found = [_how(lookup, f"{name} {share_s} {number}", piece) for number, piece in enumerate(pieces)]
            cells.append(f"{sum(how is not None for how in found)} of {len(pieces)}")
        cells.append(_how(lookup, name, copy) or "not told")
        rows.append(tuple(cells))
        print(name, cells, flush=True)
    print(table(("disguise", *(f"{share_s} s" for share_s in SHARES_S), "whole"), rows))


def _how(lookup: Lookup, name: str, fingerprint: ClipFingerprint) -> ReuseHow | None:
    """How surely the source is told to be the same; None where it isn't."""
    found = [reuse for reuse in lookup.find(_clip(name, fingerprint)) if _ROOM in (reuse.there.class_name or "")]
    return found[0].how if found else None


def _within(copy: ClipFingerprint, host: ClipFingerprint, share_s: int) -> Iterator[ClipFingerprint]:
    """The host with a piece of the copy in its middle, from several places of the copy."""
    bins, hosting = int(share_s / CURVE_BIN_S), np.frombuffer(host.curve, np.int8)
    last = len(copy.curve) - bins
    for start in np.linspace(0, last, _PIECES + 2, dtype=int)[1:-1]:
        curve = hosting.copy()
        at = (len(curve) - bins) // 2
        curve[at : at + bins] = np.frombuffer(copy.curve, np.int8)[start : start + bins]
        yield _with_marks(replace(host, curve=curve.tobytes()), copy, int(start), at, bins)


def _with_marks(host: ClipFingerprint, copy: ClipFingerprint, start: int, at: int, bins: int) -> ClipFingerprint:
    from_s, at_s, share_s = (float(number * CURVE_BIN_S) for number in (start, at, bins))
    own, times_s = host.mark_times_s(), copy.mark_times_s()
    left = (own < at_s) | (own > at_s + share_s)
    taken = (times_s >= from_s) & (times_s <= from_s + share_s)
    marks = np.concatenate([host.mark_hashes()[left], copy.mark_hashes()[taken]])
    marks_at = np.concatenate([own[left], times_s[taken] - from_s + at_s])
    order = np.argsort(marks_at)
    return replace(
        host,
        marks=marks[order].astype("<u8").tobytes(),
        marks_at=np.round(1000 * marks_at[order]).astype("<u4").tobytes(),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
