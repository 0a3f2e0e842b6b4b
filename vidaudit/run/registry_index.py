"""The index beside a registry: curves of a hundred thousand clips searched in a moment.

It holds nothing that the registry doesn't, so a missing, stale or damaged one is made again. What was recorded since it
was written is compared one by one; when that has become much, it is added to the file.
"""

import contextlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import ceil
from pathlib import Path
from uuid import uuid4

import numpy as np

from vidaudit.model.fingerprint import ClipFingerprint
from vidaudit.observe.lookup import CurveIndex, Floats, Hits, Stretches, entries_of, sample_size
from vidaudit.observe.reuse import Curve, prepared
from vidaudit.run.codec import UnreadableError, from_json, to_json
from vidaudit.run.files import write_atomically
from vidaudit.run.registry import Registry

_LAYOUT = 1  # of the entries; a file of another one is made afresh
_LOOSE_CLIPS = 200  # recorded since: up to so many are compared one by one, a tenth of a second a lookup
_MOST_GROWTH = 4  # beyond, an index is spread too thin over its cells and learns anew
_TRIED_CLIPS = 400
_AT_ONCE = 1000
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class _About:
    """What the file of an index holds.

    Args:
        registry: id of the one it was made of.
        newest: the last clip in it.
        num_clips: how many clips the registry had then; `trained_for` when the cells were learnt.
    """

    layout: int
    registry: str
    file: str
    num_bytes: int
    crc32: int
    newest: int
    num_clips: int
    trained_for: int


class RegistryIndex:
    """The curves of a registry, ready to be searched."""

    def __init__(self, registry: Registry) -> None:
        """Open what lies beside the registry, or make it.

        Raises:
            RegistryError: the registry can't be read.
        """
        self._registry = registry
        number, newest = registry.size()
        about = self._known(newest)
        loose = number - (about.num_clips if about else 0)
        self._kept: CurveIndex | None = None
        after = 0
        if loose > _LOOSE_CLIPS:
            self._kept, after = self._made(about, number, newest), newest
        elif about is not None:
            self._kept, after = CurveIndex.load(self._place(about)), about.newest
        self._loose = CurveIndex.small()
        _fill(self._loose, registry.curves(after=after))

    def search(self, asked: Stretches) -> Hits:
        """The nearest stretches of each asked one."""
        parts = [index.search(asked) for index in (self._kept, self._loose) if index is not None]
        return Hits.joined(parts)

    def _known(self, newest: int) -> _About | None:
        """What lies beside the registry and is whole and its own."""
        try:
            about = from_json(self._about_file.read_bytes(), _About)
            file = self._place(about)
            is_ours = (about.layout, about.registry) == (_LAYOUT, self._registry.id) and about.newest <= newest
            if is_ours and file.stat().st_size == about.num_bytes and _checksum(file) == about.crc32:
                return about
        except (OSError, UnreadableError):
            pass
        return None

    @property
    def _about_file(self) -> Path:
        return self._registry.file.with_name(f"{self._registry.file.name}.index.json")

    def _place(self, about: _About) -> Path:
        return self._registry.file.with_name(Path(about.file).name)

    def _made(self, about: _About | None, number: int, newest: int) -> CurveIndex:
        """The index with everything in it; the one there is is added to as long as its cells will do."""
        if about is not None and number <= _MOST_GROWTH * about.trained_for:
            index, trained_for = CurveIndex.load_whole(self._place(about)), about.trained_for
            _fill(index, self._registry.curves(after=about.newest, until=newest))
        else:
            index, trained_for = self._learnt(number), number
            _fill(index, self._registry.curves(after=0, until=newest))
        with contextlib.suppress(OSError, RuntimeError):  # nowhere to keep it: the next scan makes it again
            self._save(index, number, newest, trained_for)
        return index

    def _learnt(self, number: int) -> CurveIndex:
        """An empty index for so many clips, from clips of all times."""
        tried = self._stretches_of(_TRIED_CLIPS, number)
        per_clip = len(tried) / max(min(_TRIED_CLIPS, number), 1)
        expected = ceil(per_clip * number)
        wanted = sample_size(expected)
        sample = self._stretches_of(ceil(1.2 * wanted / per_clip), number) if wanted else tried
        return CurveIndex.empty(expected, sample[: max(wanted, 1)])

    def _stretches_of(self, num_clips: int, number: int) -> Floats:
        step = max(number // max(num_clips, 1), 1)
        vectors, _ = entries_of(_prepared(islice(self._registry.curves(after=0, one_in=step), num_clips)))
        mixed: Floats = np.random.default_rng(0).permutation(vectors)
        return mixed

    def _save(self, index: CurveIndex, number: int, newest: int, trained_for: int) -> None:
        """A new file, then the note that names it: whoever reads meanwhile finds the old ones or the new."""
        file = self._registry.file.with_name(f"{self._registry.file.name}.{uuid4().hex[:8]}.index")
        try:
            index.save(file)
            about = _About(
                layout=_LAYOUT,
                registry=self._registry.id,
                file=file.name,
                num_bytes=file.stat().st_size,
                crc32=_checksum(file),
                newest=newest,
                num_clips=number,
                trained_for=trained_for,
            )
            write_atomically(self._about_file, to_json(about))
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        for old in file.parent.glob(f"{self._registry.file.name}.*.index"):
            if old != file:
                with contextlib.suppress(OSError):  # another process reads it; the next index clears it away
                    old.unlink()


def _fill(index: CurveIndex, stored: Iterable[tuple[int, bytes]]) -> None:
    clips = _prepared(stored)
    while some := list(islice(clips, _AT_ONCE)):
        index.add(some)


def _prepared(stored: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Curve]]:
    return ((number, prepared(ClipFingerprint(duration_s=Fraction(0), curve=curve))) for number, curve in stored)


def _checksum(file: Path) -> int:
    """Against a file cut off or spoilt: reading such an index could end the program."""
    value = 0
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            value = zlib.crc32(chunk, value)
    return value
