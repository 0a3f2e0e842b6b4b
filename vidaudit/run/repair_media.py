"""What must be done to a clip's content so that it is an MP4 that plays: decided from facts alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from vidaudit.judge.catalogue import BoundRule, BoundRules
from vidaudit.judge.rules.container import PlayableCodecParameters
from vidaudit.judge.rules.duration import LectureLengthParameters
from vidaudit.media.index import MAX_PICTURE_GAP_S, PacketIndex
from vidaudit.model.media import Container, MediaProbe, ProbeProblem
from vidaudit.model.repair import (
    ClipWork,
    Cut,
    MediaPlan,
    RepairNote,
    StreamFacts,
    StreamKind,
    StreamPlan,
    StreamWork,
)
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import Level

P = TypeVar("P")

# What every MP4 player hears; anything else is encoded as AAC.
_SOUND_IN_MP4: Final = frozenset({"aac", "mp3", "ac3"})
_TEXT_SUBTITLES: Final = frozenset({"subrip", "srt", "ass", "ssa", "webvtt", "text"})
AS_IT_IS: Final = MediaPlan(work=ClipWork.COPY)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a profile asks of a clip's content. None: it doesn't ask."""

    mp4: bool
    codecs: PlayableCodecParameters | None
    lecture: LectureLengthParameters | None
    names: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class ClipLook:
    """What was found out about a clip without looking at more than the size of its pictures.

    Args:
        index: None where no picture was found.
        sizes_px: (width, height) of the key frames as a player turns them, before pixel aspect; each once.
        is_interlaced: whether any of them is stored as two fields.
    """

    facts: MediaProbe
    index: PacketIndex | None = None
    streams: tuple[StreamFacts, ...] = ()
    sizes_px: tuple[tuple[int, int], ...] = ()
    is_interlaced: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is done to a clip's content, and what a person should know of it (notes without their path)."""

    media: MediaPlan
    notes: tuple[RepairNote, ...] = ()


def wanted_of(rules: BoundRules) -> Wanted:
    """What these rules ask; a rule that is off asks nothing."""
    asked = {bound.rule.slug: bound for bound in rules.rules if bound.level is not Level.OFF}
    return Wanted(
        mp4="mp4-container" in asked,
        codecs=_parameters(asked.get("playable-codec"), PlayableCodecParameters),
        lecture=_parameters(asked.get("lecture-length"), LectureLengthParameters),
        names="file-name" in asked,
    )


def decide(look: ClipLook, kind: ClipKind, wanted: Wanted, *, cut_lectures: bool) -> Decision:
    """What is done to a clip. Only what is whole and understood is touched; all else stays as it is, and is said."""
    trouble = _trouble(look)
    if trouble is not None:
        return Decision(media=AS_IT_IS, notes=() if _is_fine_as_it_is(look, wanted) else (trouble,))
    cut = _cut(look, kind, wanted) if cut_lectures else None
    streams = tuple(_stream_plan(stream, look, wanted) for stream in look.streams)
    reasons = _reasons(look, wanted, streams, cut)
    if not reasons:
        return Decision(media=AS_IT_IS)
    is_encoded = any(one.work is StreamWork.ENCODE and one.stream.kind is StreamKind.VIDEO for one in streams)
    if is_encoded and look.facts.problems:
        return Decision(media=AS_IT_IS, notes=(RepairNote(code="damaged"),))
    media = MediaPlan(
        work=ClipWork.TRANSCODE if is_encoded else ClipWork.REMUX,
        reasons=reasons,
        streams=streams,
        cut=cut,
        size_px=_smallest(look.sizes_px) if is_encoded else None,
        is_interlaced=is_encoded and look.is_interlaced,
    )
    return Decision(media=media, notes=tuple(_stream_notes(streams)))


def lecture_cut(index: PacketIndex, min_s: float) -> Cut | None:
    """The shortest beginning that ends before a key frame and has pictures for `min_s` seconds; None for no such.

    Pauses between pictures count as in `media.index`: what is cut from a lecture with a gap makes up for it.
    """
    pictures = (index.picture_pts - index.first_pts).astype(object)
    gaps = np.diff(pictures)
    longest = max(int(MAX_PICTURE_GAP_S / index.time_base), 1)
    covered = np.concatenate([[0], np.cumsum(np.minimum(gaps, longest))])
    for keyframe in index.keyframe_pts:
        position = int(np.searchsorted(index.picture_pts, keyframe))
        if covered[position] * index.time_base >= min_s:
            return Cut(end_s=index.seconds(int(keyframe)), num_pictures=position)
    return None


def _parameters(bound: BoundRule | None, kind: type[P]) -> P | None:
    return bound.parameters if bound is not None and isinstance(bound.parameters, kind) else None


def _trouble(look: ClipLook) -> RepairNote | None:
    """Why a clip can't be mended, None where it can."""
    problems = set(look.facts.problems) - {ProbeProblem.DAMAGED_PACKETS}
    if look.index is None or problems:
        code = min((problem.value for problem in problems), default=ProbeProblem.NO_PACKETS.value)
        return RepairNote(code="not-mendable", values={"problem": code, "container": look.facts.container.value})
    return None if look.streams else RepairNote(code="not-mendable", values={"problem": "cannot-open"})


def _is_fine_as_it_is(look: ClipLook, wanted: Wanted) -> bool:
    return not wanted.mp4 or (look.facts.container is Container.MP4 and not look.facts.problems)


def _cut(look: ClipLook, kind: ClipKind, wanted: Wanted) -> Cut | None:
    films = [one for one in look.streams if one.kind is StreamKind.VIDEO]
    if kind is not ClipKind.LECTURE or wanted.lecture is None or look.index is None or len(films) != 1:
        return None
    duration_s = look.facts.duration_s
    if duration_s is None or duration_s < wanted.lecture.long_s:
        return None
    cut = lecture_cut(look.index, wanted.lecture.min_s)
    return cut if cut is not None and cut.end_s < duration_s else None


def _stream_plan(stream: StreamFacts, look: ClipLook, wanted: Wanted) -> StreamPlan:
    works = {
        StreamKind.VIDEO: _film_work,
        StreamKind.AUDIO: _sound_work,
        StreamKind.SUBTITLE: _subtitle_work,
    }
    work = works[stream.kind](stream, look, wanted) if stream.kind in works else StreamWork.DROP
    return StreamPlan(stream=stream, work=work)


def _film_work(stream: StreamFacts, look: ClipLook, wanted: Wanted) -> StreamWork:
    is_one_size = len(look.sizes_px) <= 1
    return StreamWork.COPY if is_one_size and _plays(stream, wanted.codecs) else StreamWork.ENCODE


def _sound_work(stream: StreamFacts, _look: ClipLook, _wanted: Wanted) -> StreamWork:
    if stream.codec is None:
        return StreamWork.DROP
    return StreamWork.COPY if stream.codec in _SOUND_IN_MP4 else StreamWork.ENCODE


def _subtitle_work(stream: StreamFacts, _look: ClipLook, _wanted: Wanted) -> StreamWork:
    if stream.codec == "mov_text":
        return StreamWork.COPY
    return StreamWork.ENCODE if stream.codec in _TEXT_SUBTITLES else StreamWork.DROP


def _plays(stream: StreamFacts, codecs: PlayableCodecParameters | None) -> bool:
    if codecs is None or stream.codec is None:
        return True
    if stream.codec != "h264":
        return stream.codec in codecs.playable
    profile_fits = stream.codec_profile is None or stream.codec_profile in codecs.h264_profiles
    format_fits = stream.pixel_format is None or stream.pixel_format in codecs.h264_pixel_formats
    return "h264" in codecs.playable and profile_fits and format_fits


def _reasons(look: ClipLook, wanted: Wanted, streams: Sequence[StreamPlan], cut: Cut | None) -> tuple[str, ...]:
    films = [one for one in streams if one.stream.kind is StreamKind.VIDEO and one.work is StreamWork.ENCODE]
    is_other_codec = any(one.stream.codec != "h264" for one in films)
    found = {
        "container": wanted.mp4 and look.facts.container is not Container.MP4,
        "several-sizes": len(look.sizes_px) > 1,
        "codec": is_other_codec and len(look.sizes_px) <= 1,
        "pixel-format": bool(films) and not is_other_codec and len(look.sizes_px) <= 1,
        "long-lecture": cut is not None,
    }
    return tuple(code for code, holds in found.items() if holds)


def _smallest(sizes_px: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The size with the fewest pixels: what is larger is reduced, because enlarging would pretend to detail."""
    return min(sizes_px, key=lambda size: (size[0] * size[1], size), default=None)


def _stream_notes(streams: Sequence[StreamPlan]) -> list[RepairNote]:
    notes = []
    for one in streams:
        values = {"stream_kind": one.stream.kind.value, "codec": one.stream.codec}
        if one.work is StreamWork.DROP:
            notes.append(RepairNote(code="stream-dropped", values=values))
        elif one.work is StreamWork.ENCODE and one.stream.kind is StreamKind.AUDIO:
            notes.append(RepairNote(code="sound-encoded", values=values))
    return notes
