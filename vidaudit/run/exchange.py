"""Registries carried from one office to another: one file of gzip'd JSON lines.

The first line says what it is and whose, each further line is a class with its clips. A file from elsewhere is believed
nothing: every line is checked for type and measure, long numbers are masked, and all of it is kept or nothing.
"""

import base64
import contextlib
import datetime as dt
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

from vidaudit.errors import RegistryError
from vidaudit.model.fingerprint import CURVE_BIN_S, ClipFingerprint
from vidaudit.model.registry import KeptClass, KeptClip
from vidaudit.observe.lookup import thinned
from vidaudit.report.text import shown
from vidaudit.run.codec import UnreadableError, from_json, to_line
from vidaudit.run.registry import Registry

SCHEMA = "vidaudit.registry/1"
_MOST_LINE_BYTES = 64 << 20  # a class of 3,000 clips of ten minutes
_MOST_BYTES = 8 << 30  # a million clips
_MOST_CLIPS = 20_000  # of one class
_LONGEST_S = 24 * 3600
_SLACK_BINS = 10
_MOST_MARKS_PER_S, _LEAST_MARKS = 1, 100
_LATEST = dt.timedelta(days=1)  # clocks of two offices may differ, time zones do
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9a-f]{32}")
_KINDS = frozenset({"face", "lecture", "other"})


@dataclass(frozen=True, kw_only=True)
class _Head:
    schema: str
    registry: str
    name: str
    exported_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class _Clip:
    path: str
    date: dt.date | None
    kind: str
    sha256: str
    duration_s: Fraction
    constant_rate: bool
    curve: str
    marks: str
    marks_at: str


@dataclass(frozen=True, kw_only=True)
class _Class:
    institution: str | None
    name: str
    first_day: dt.date | None
    last_day: dt.date | None
    submission: str
    scanned_at: dt.datetime
    version: str
    origin: str
    origin_name: str
    clips: tuple[_Clip, ...]


def export_registry(registry: Registry, file: Path, name: str, now: dt.datetime) -> int:
    """Write everything in a registry to a file; how many classes that are.

    Args:
        name: what the office calls itself; stands beside its classes wherever they are imported.

    Raises:
        RegistryError: the registry can't be read, or the file can't be written.
    """
    classes = registry.classes()
    head = _Head(schema=SCHEMA, registry=registry.id, name=shown(name), exported_at=now)
    try:
        with _in_place_of(file) as unfinished, gzip.open(unfinished, "wb", compresslevel=6) as lines:
            lines.write(to_line(head))
            for stored in classes:
                clips = tuple(one.clip for one in registry.clips_of(stored.id))
                lines.write(to_line(_exported(stored.kept, clips, registry.id, head.name)))
    except OSError as error:
        raise RegistryError(f"Can't write {file}: {error.strerror or error}. Choose another place.") from error
    return len(classes)


@contextlib.contextmanager
def _in_place_of(file: Path) -> Iterator[Path]:
    """A file beside it to write to, which takes its place at the end; on any error nothing changes."""
    unfinished = file.with_name(f".vidaudit-{uuid4().hex[:8]}-{file.name}")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def import_registry(registry: Registry, file: Path, now: dt.datetime) -> int:
    """Take the classes of an exported file into a registry, all or none; how many the file holds.

    What was imported before is brought up to date; classes keep the registry that scanned them.

    Raises:
        RegistryError: the file can't be read or isn't an export, or the registry can't be written.
    """
    number = 0

    def classes() -> Iterator[KeptClass]:
        nonlocal number
        for one in _read(file, now):
            number += 1
            yield one

    registry.record(classes())
    return number


def _read(file: Path, now: dt.datetime) -> Iterator[KeptClass]:
    try:
        with gzip.open(file) as content:
            lines = _lines(content, file)
            head = from_json(next(lines, b""), _Head)
            if head.schema != SCHEMA:
                raise RegistryError(f"{file} is {shown(head.schema)}, this vidaudit reads {SCHEMA}. Update vidaudit.")
            for number, line in enumerate(lines, start=2):
                try:
                    yield _imported(from_json(line, _Class), now)
                except ValueError as error:
                    raise RegistryError(f"{file} is not taken over: line {number}: {error}.") from error
    except UnreadableError as error:
        raise RegistryError(f"{file} is no export of a registry, or a damaged one: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise RegistryError(f"{file} can't be read as an export of a registry: {error}.") from error


def _lines(content: gzip.GzipFile, file: Path) -> Iterator[bytes]:
    """Lines of bounded length, and not more than a registry of any county has: a small file can unpack to any size."""
    total = 0
    while line := content.readline(_MOST_LINE_BYTES + 1):
        total += len(line)
        if len(line) > _MOST_LINE_BYTES or total > _MOST_BYTES:
            raise RegistryError(f"{file} unpacks to more than a registry can hold and is not taken over.")
        yield line


def _exported(kept: KeptClass, clips: Iterable[KeptClip], own: str, name: str) -> _Class:
    return _Class(
        institution=kept.institution,
        name=kept.name,
        first_day=kept.first_day,
        last_day=kept.last_day,
        submission=kept.submission,
        scanned_at=kept.scanned_at,
        version=kept.version,
        origin=kept.origin,
        origin_name=name if kept.origin == own else kept.origin_name,
        clips=tuple(map(_exported_clip, clips)),
    )


def _exported_clip(clip: KeptClip) -> _Clip:
    fingerprint = clip.fingerprint
    curve, marks, marks_at = (
        base64.b64encode(part).decode("ascii") for part in (fingerprint.curve, fingerprint.marks, fingerprint.marks_at)
    )
    return _Clip(
        path=clip.path,
        date=clip.date,
        kind=clip.kind,
        sha256=clip.sha256,
        duration_s=fingerprint.duration_s,
        constant_rate=fingerprint.constant_rate,
        curve=curve,
        marks=marks,
        marks_at=marks_at,
    )


def _imported(one: _Class, now: dt.datetime) -> KeptClass:
    """The class, checked; ValueError says what is wrong with it."""
    _check(_ID.fullmatch(one.origin), "no id of a registry")
    _check(one.scanned_at.tzinfo, "a time of scan without its zone")
    _check(dt.datetime(2000, 1, 1, tzinfo=dt.UTC) < one.scanned_at <= now + _LATEST, "a time of scan in the future")
    _check((one.first_day is None) == (one.last_day is None), "a first day without a last one")
    _check(one.first_day is None or one.last_day is None or one.first_day <= one.last_day, "days in no order")
    _check(len(one.clips) <= _MOST_CLIPS, "more clips than a class has")
    return KeptClass(
        institution=None if one.institution is None else shown(one.institution),
        name=shown(one.name),
        first_day=one.first_day,
        last_day=one.last_day,
        submission=shown(one.submission),
        scanned_at=one.scanned_at,
        version=shown(one.version),
        origin=one.origin,
        origin_name=shown(one.origin_name),
        clips=tuple(map(_imported_clip, one.clips)),
    )


def _imported_clip(clip: _Clip) -> KeptClip:
    _check(_SHA256.fullmatch(clip.sha256), "no SHA-256")
    _check(clip.kind in _KINDS, "a kind of clip that doesn't exist")
    _check(0 <= clip.duration_s <= _LONGEST_S, "a clip longer than a day")
    curve, marks, marks_at = (base64.b64decode(part, validate=True) for part in (clip.curve, clip.marks, clip.marks_at))
    bins = int(clip.duration_s / CURVE_BIN_S)
    _check(not curve or abs(len(curve) - bins) <= _SLACK_BINS, "a curve that doesn't go with the clip's length")
    _check(len(marks) <= 8 * (clip.duration_s * _MOST_MARKS_PER_S + _LEAST_MARKS), "more marks than a clip can have")
    fingerprint = ClipFingerprint(
        duration_s=clip.duration_s,
        curve=curve,
        marks=marks,
        marks_at=marks_at,
        constant_rate=clip.constant_rate or not curve,
    )
    return KeptClip(
        path=shown(clip.path), date=clip.date, kind=clip.kind, sha256=clip.sha256, fingerprint=thinned(fingerprint)
    )


def _check(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
