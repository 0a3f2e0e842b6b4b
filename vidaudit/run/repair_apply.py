"""Mends the clips of one class as planned, and proves it: what was rewrapped holds the same data at the same times.

Less than planned is better than wrong: a clip whose mended copy isn't proven sound stays as it was, and that is said.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BufferedWriter
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from vidaudit.errors import SetupError
from vidaudit.media.probe import Probed, probe
from vidaudit.media.reader import FORMATS, READER_ERRORS, describe, open_file
from vidaudit.media.streams import encoded_marks, holds, look_at_pictures, read_streams
from vidaudit.media.write import WriteError, WriteTask, write_mp4
from vidaudit.model.media import Container, HeaderFacts, ProbeProblem
from vidaudit.model.repair import (
    ClassPlan,
    ClassResult,
    ClipPlan,
    ClipResult,
    ClipWork,
    MediaPlan,
    Outcome,
    StreamKind,
    StreamWork,
)
from vidaudit.run.files import safe_name, sha256_of
from vidaudit.run.repair_media import ClipLook

_BLOCK_BYTES: Final = 2**20
# Rounding to the ticks of the coarser of two time bases, up and down; Matroska and FLV count milliseconds.
_ROUNDING_TICKS: Final = 2
_LEAST_ROUNDING_S: Final = 0.002
# Encoding may lose a picture whose reference lies before the start, and shifts the last one's length by a picture.
_MAX_LOST_SHARE: Final = 0.01
_MAX_DRIFT_S: Final = 0.5


def look_at(path: Path) -> ClipLook:
    """What a clip is; a bad file is a look with problems, never an exception."""
    probed = probe(path)
    facts, index = probed.facts, probed.index
    if index is None or facts.container not in FORMATS or ProbeProblem.CANNOT_OPEN in facts.problems:
        return ClipLook(facts=facts, index=index)
    try:
        streams = read_streams(path, facts.container)
    except OSError:
        return ClipLook(facts=facts, index=index)
    pictures = look_at_pictures(path, facts.container, index)
    sizes_px = pictures.sizes_px
    if facts.header is not None and facts.header.rotation_deg % 180:
        sizes_px = tuple((height, width) for width, height in sizes_px)
    return ClipLook(facts=facts, index=index, streams=streams, sizes_px=sizes_px, is_interlaced=pictures.is_interlaced)


def apply_class(
    plan: ClassPlan,
    sources: Mapping[str, Path],
    looks: Mapping[str, ClipLook],
    into: Path,
    tell: Callable[[str], None] = lambda _path: None,
) -> ClassResult:
    """Write the mended class into an empty folder.

    Args:
        plan: what to do.
        sources: the files on this machine, by their paths in the class folder.
        looks: what the clips are, as the plan was made from.
        into: the folder to fill.
        tell: told the path of each clip as it is begun.

    Raises:
        SetupError: nothing can be written there.
    """
    for day in plan.days:
        (into / day).mkdir(parents=True, exist_ok=True)
    results = []
    for clip in plan.clips:
        tell(clip.source)
        results.append(_mended(clip, sources[clip.source], looks[clip.source], into))
    unreadable = [one.source for one in plan.files if _copied(sources[one.source], into / one.target) is None]
    return ClassResult(plan=plan, clips=tuple(results), unreadable=tuple(unreadable))


def _mended(plan: ClipPlan, source: Path, look: ClipLook, into: Path) -> ClipResult:
    if plan.media.work is ClipWork.COPY:
        return _kept(plan, source, look, into, plan.target)
    target = into / plan.target
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        num_identical = _written(plan, source, look, target)
    except (WriteError, OSError, *READER_ERRORS) as error:
        target.unlink(missing_ok=True)
        own = _free(into, f"{_stem(plan.target)}{PurePosixPath(plan.source).suffix}")
        return replace(_kept(plan, source, look, into, own), outcome=Outcome.AS_IT_WAS, detail=describe(error))
    _keep_time(source, target)
    return ClipResult(
        plan=plan,
        outcome=Outcome.DONE,
        target=plan.target,
        work=plan.media.work,
        bytes_after=target.stat().st_size,
        sha256_before=look.facts.sha256,
        sha256_after=sha256_of(target),
        num_identical=num_identical,
    )


def _kept(plan: ClipPlan, source: Path, look: ClipLook, into: Path, target: str) -> ClipResult:
    """The file copied as it is; `UNREADABLE` where even that fails."""
    digest = _copied(source, into / target)
    is_there = digest is not None
    return ClipResult(
        plan=plan,
        outcome=Outcome.DONE if is_there else Outcome.UNREADABLE,
        target=target if is_there else None,
        work=ClipWork.COPY,
        bytes_after=(into / target).stat().st_size if is_there else None,
        sha256_before=look.facts.sha256,
        sha256_after=digest,
        num_identical=len(look.streams) if is_there and digest == look.facts.sha256 else 0,
    )


def _written(plan: ClipPlan, source: Path, look: ClipLook, target: Path) -> int:
    """Write the mended clip and check it; how many of its streams are proven to hold the same data.

    Raises:
        WriteError: it couldn't be written, or isn't what it must be.
    """
    assert look.index is not None
    write_mp4(
        WriteTask(
            source=source,
            container=look.facts.container,
            first_s=look.index.first_pts * look.index.time_base,
            target=target,
            media=plan.media,
            seconds=look.facts.duration_s or look.index.time_base,
        )
    )
    made = probe(target)
    _check_made(look, made, plan.media)
    return _check_streams(source, look, target, plan.media)


def _check_made(look: ClipLook, made: Probed, media: MediaPlan) -> None:
    """Raises WriteError where the mended clip isn't whole, or its pictures don't come when they did before."""
    if made.index is None or made.facts.container is not Container.MP4:
        raise WriteError("the mended clip has no pictures")
    if set(made.facts.problems) - set(look.facts.problems):
        raise WriteError(f"the mended clip is not sound: {', '.join(made.facts.problems)}")
    assert look.index is not None
    wanted = look.index.picture_pts if media.cut is None else look.index.picture_pts[: media.cut.num_pictures]
    before = (wanted - wanted[0]).astype(np.float64) * float(look.index.time_base)
    after = (made.index.picture_pts - made.index.first_pts).astype(np.float64) * float(made.index.time_base)
    if media.work is ClipWork.TRANSCODE:
        lost = abs(len(before) - len(after))
        if lost > max(2, _MAX_LOST_SHARE * len(before)) or abs(before[-1] - after[-1]) > _MAX_DRIFT_S:
            raise WriteError(f"{lost} pictures couldn't be decoded or kept")
        return
    rounding_s = _ROUNDING_TICKS * float(max(look.index.time_base, made.index.time_base))
    if len(before) != len(after) or np.abs(before - after).max() > max(rounding_s, _LEAST_ROUNDING_S):
        raise WriteError("the pictures would be shown at other times than before")
    if look.facts.header and made.facts.header and _shape(look.facts.header) != _shape(made.facts.header):
        raise WriteError("the picture would be shown in another size or turned")


def _shape(header: HeaderFacts) -> tuple[tuple[int, int] | None, int]:
    return header.display_size_px, header.rotation_deg


def _check_streams(source: Path, look: ClipLook, target: Path, media: MediaPlan) -> int:
    """How many streams are the same, packet by packet. Raises WriteError where one that was copied isn't."""
    before = encoded_marks(source, look.facts.container)
    after = encoded_marks(target, Container.MP4)
    kept = [one for one in media.streams if one.work is not StreamWork.DROP]
    num_identical = 0
    for number, one in enumerate(kept):
        if one.work is StreamWork.COPY and one.stream.kind in (StreamKind.VIDEO, StreamKind.AUDIO):
            was, now = before.get(one.stream.index, b""), after.get(number, b"")
            is_same = was == now if media.cut is None and one.stream.kind is StreamKind.VIDEO else holds(was, now)
            if not is_same and was:
                raise WriteError(f"the copied {one.stream.kind} stream isn't the same as before")
            num_identical += is_same
    return num_identical


def _copied(source: Path, target: Path) -> str | None:
    """Copy a file with its time; its SHA-256, or None where it can't be read.

    Raises:
        SetupError: the target can't be written.
    """
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open_file(source) as reading, _new_file(target) as writing:
            while block := reading.read(_BLOCK_BYTES):
                digest.update(block)
                _put(writing, block, target)
    except OSError:
        target.unlink(missing_ok=True)
        return None
    _keep_time(source, target)
    return digest.hexdigest()


def _new_file(target: Path) -> BufferedWriter:
    try:
        return target.open("xb")
    except OSError as error:
        raise _unwritable(target, error) from error


def _put(file: BufferedWriter, block: bytes, target: Path) -> None:
    try:
        file.write(block)
    except OSError as error:
        raise _unwritable(target, error) from error


def _unwritable(target: Path, error: OSError) -> SetupError:
    return SetupError(f"Can't write {target.name}: {error.strerror}. Free some space, or choose another --out.")


def _keep_time(source: Path, target: Path) -> None:
    """The file keeps the time of its last change: a mended copy isn't newer footage."""
    status = source.stat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _stem(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    return path[: len(path) - len(suffix)] if suffix else path


def _free(into: Path, path: str) -> str:
    """The path, or with a number where something lies there already."""
    place = PurePosixPath(path)
    taken = [one.name for one in (into / place.parent).iterdir()]
    return str(place.with_name(safe_name(place.name, taken, max_bytes=255)))
