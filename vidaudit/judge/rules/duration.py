"""How long the clips are: measured, never as the header claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, passed, to_review
from vidaudit.judge.rule import FACE_CLIPS, LECTURES, Needs, Rule
from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.media import PacketFacts, ProbeProblem
from vidaudit.model.verdict import Finding, Scope, Value, Where


@dataclass(frozen=True, kw_only=True)
class LectureLengthParameters:
    """Lengths in seconds.

    Args:
        tolerance_s: a cut on a key frame may lose this much.
        long_s: from here on a passing lecture is noted as longer than asked.
        fail_covered_share: with less than this share of `min_s` covered by pictures, a clip of the right
            length is refused; above, its gaps are for a person.
        max_header_difference_s: how far the header's claim may be off.
    """

    min_s: float
    tolerance_s: float
    long_s: float
    fail_covered_share: float
    max_header_difference_s: float


def check_lecture_length(subject: ClipSubject, parameters: LectureLengthParameters) -> Iterator[Finding]:
    """The lecture lasts as long as asked, with pictures all along."""
    packets = _packets(subject)
    values = _lengths(packets, parameters.min_s)
    if packets.duration_s < parameters.min_s - parameters.tolerance_s:
        yield _short(subject, values, certain="too-short", open_="maybe-too-short")
    elif packets.covered_s < parameters.min_s - parameters.tolerance_s:
        yield _gaps(subject, parameters, values)
    else:
        yield passed("longer-than-asked" if packets.duration_s >= parameters.long_s else "ok", values)
        yield from _check_header(subject, parameters)


def _gaps(subject: ClipSubject, parameters: LectureLengthParameters, values: dict[str, Value]) -> Finding:
    packets = _packets(subject)
    mostly = packets.covered_s < parameters.fail_covered_share * parameters.min_s
    verdict, code = (failed, "mostly-gaps") if mostly and not _open(subject) else (to_review, "gaps")
    where = Where(at_s=float(packets.longest_gap_at_s))
    return verdict(code, {**values, "longest_gap_s": float(packets.longest_gap_s)}, where=where)


def _check_header(subject: ClipSubject, parameters: LectureLengthParameters) -> Iterator[Finding]:
    probe = subject.evidence.probe
    claimed_s = None if probe is None or probe.header is None else probe.header.duration_s
    measured_s = _packets(subject).duration_s
    if claimed_s is not None and abs(claimed_s - measured_s) > parameters.max_header_difference_s:
        yield to_review("header-disagrees", {"header_s": float(claimed_s), "duration_s": float(measured_s)})


@dataclass(frozen=True, kw_only=True)
class FaceClipLengthParameters:
    """Below `review_s` a person must look; below `fail_s` no room can have been panned. Seconds."""

    review_s: float
    fail_s: float


def check_face_clip_length(subject: ClipSubject, parameters: FaceClipLengthParameters) -> Iterator[Finding]:
    """The face clip has pictures for long enough to have panned the room."""
    packets = _packets(subject)
    values = _lengths(packets, parameters.review_s)
    if packets.covered_s >= parameters.review_s:
        yield passed("ok", values)
    elif packets.covered_s >= parameters.fail_s:
        yield to_review("short", values)
    else:
        yield _short(subject, values, certain="too-short", open_="short")


def _short(subject: ClipSubject, values: dict[str, Value], *, certain: str, open_: str) -> Finding:
    return to_review(open_, values) if _open(subject) else failed(certain, values)


def _open(subject: ClipSubject) -> bool:
    """True when the measured length may be wrong: the drive failed, or the file carries no times."""
    return subject.read_error or ProbeProblem.NO_TIMESTAMPS in subject.problems


def _packets(subject: ClipSubject) -> PacketFacts:
    assert subject.evidence.probe is not None
    assert subject.evidence.probe.packets is not None
    return subject.evidence.probe.packets


def _lengths(packets: PacketFacts, min_s: float) -> dict[str, Value]:
    return {"duration_s": float(packets.duration_s), "covered_s": float(packets.covered_s), "min_s": min_s}


_LENGTHS: Final = ("duration_s", "covered_s", "min_s")

LECTURE_LENGTH: Final = Rule(
    id="DUR001",
    slug="lecture-length",
    title_zh="授课时长",
    title_en="Lecture length",
    scope=Scope.CLIP,
    rationale="Ten minutes of teaching are asked for: less is refused, more is welcome.",
    parameters=LectureLengthParameters,
    check=check_lecture_length,
    requires=frozenset({Needs.PACKETS}),
    applies=LECTURES,
    codes={
        "ok": _LENGTHS,
        "longer-than-asked": _LENGTHS,
        "too-short": _LENGTHS,
        "maybe-too-short": _LENGTHS,
        "gaps": (*_LENGTHS, "longest_gap_s"),
        "mostly-gaps": (*_LENGTHS, "longest_gap_s"),
        "header-disagrees": ("header_s", "duration_s"),
    },
)

FACE_CLIP_LENGTH: Final = Rule(
    id="DUR003",
    slug="face-clip-length",
    title_zh="人脸视频时长",
    title_en="Face clip length",
    scope=Scope.CLIP,
    rationale="A pan over a whole class takes time; a glance of a second shows nobody.",
    parameters=FaceClipLengthParameters,
    check=check_face_clip_length,
    requires=frozenset({Needs.PACKETS}),
    applies=FACE_CLIPS,
    codes={"ok": _LENGTHS, "short": _LENGTHS, "too-short": _LENGTHS},
)
