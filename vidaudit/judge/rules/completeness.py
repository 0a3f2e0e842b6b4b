"""What must be there every day: two face clips and a lecture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import NoParameters, Rule
from vidaudit.judge.subjects import ClipSubject, DaySubject
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import Finding, Scope, Where


@dataclass(frozen=True, kw_only=True)
class FaceClipsParameters:
    """`wanted`: how many face clips a day must have; they are numbered from 1."""

    wanted: int


def check_face_clips_per_day(subject: DaySubject, parameters: FaceClipsParameters) -> Iterator[Finding]:
    """Face clips 1 and 2 of this very day are there; what isn't a video at all doesn't count."""
    clips = subject.of_date(ClipKind.FACE)
    short = tuple(_shortage(subject, clips, parameters.wanted, "missing-face-clip"))
    yield from short or (_check_numbers(clips, parameters.wanted),)
    yield from _copies(subject, subject.of_kind(ClipKind.FACE))


def check_lecture_per_day(subject: DaySubject, _: NoParameters) -> Iterator[Finding]:
    """At least one lecture of this very day is there; what isn't a video at all doesn't count."""
    clips = subject.of_date(ClipKind.LECTURE)
    short = tuple(_shortage(subject, clips, 1, "missing-lecture"))
    yield from short or (passed("ok", {"found": len(clips)}),)
    yield from _copies(subject, subject.of_kind(ClipKind.LECTURE))


def _shortage(subject: DaySubject, clips: Sequence[ClipSubject], wanted: int, code: str) -> Iterator[Finding]:
    """Too few clips for certain, or too few of which it is known that they are videos; nothing if enough.

    Counted are the clips of the date, named only those in the folder itself. An empty clip is told here, once, whether
    the day needs it or not: every other rule only says that it couldn't look.
    """
    empty = [clip for clip in clips if clip.clip.bytes == 0]
    fakes = [clip for clip in clips if clip.is_video is False and clip not in empty]
    unknown = [clip for clip in clips if clip.is_video is None]
    values = {"found": len(clips) - len(empty) - len(fakes), "wanted": wanted}
    own_empty, own_fakes = ([one for one in some if one.clip.day == subject.day.path] for some in (empty, fakes))
    for clip in own_empty:
        yield failed("empty-clip", values, where=Where(clip=clip.clip.path))
    if values["found"] < wanted:
        if len(clips) < wanted or not (own_empty or own_fakes):
            yield failed(code, values)
        for fake in own_fakes:
            yield failed("not-a-video", values, where=Where(clip=fake.clip.path))
    elif values["found"] - len(unknown) < wanted:
        yield not_evaluated("unprobed", values)


def _copies(subject: DaySubject, clips: Sequence[ClipSubject]) -> Iterator[Finding]:
    """Clips that another day has as well: at least one of the two days then lacks its own."""
    for path, others in subject.copied_from_other_days(clips).items():
        yield to_review("same-as-other-day", {"others": others}, where=Where(clip=path))


def _check_numbers(clips: Sequence[ClipSubject], wanted: int) -> Finding:
    numbers = tuple(sorted(clip.clip.name.number or 0 for clip in clips if clip.is_video is not False))
    if numbers == tuple(range(1, wanted + 1)):
        return passed("ok", {"found": len(numbers), "wanted": wanted})
    shown = tuple(number or None for number in numbers)
    code = "more-than-asked" if len(numbers) > wanted else "numbers-unclear"
    return to_review(code, {"found": len(numbers), "wanted": wanted, "numbers": shown})


FACE_CLIPS_PER_DAY: Final = Rule(
    id="CMP001",
    slug="face-clips-per-day",
    title_zh="每日人脸识别视频",
    title_en="Face clips per day",
    scope=Scope.DAY,
    rationale="Two takes a day, one in each break, show who was there in the morning and in the afternoon.",
    parameters=FaceClipsParameters,
    check=check_face_clips_per_day,
    codes={
        "ok": ("found", "wanted"),
        "missing-face-clip": ("found", "wanted"),
        "empty-clip": ("found", "wanted"),
        "not-a-video": ("found", "wanted"),
        "unprobed": ("found", "wanted"),
        "more-than-asked": ("found", "wanted", "numbers"),
        "numbers-unclear": ("found", "wanted", "numbers"),
        "same-as-other-day": ("others",),
    },
)

LECTURE_PER_DAY: Final = Rule(
    id="CMP002",
    slug="lecture-per-day",
    title_zh="每日授课过程",
    title_en="Lecture per day",
    scope=Scope.DAY,
    rationale="Every training day must show that it was taught.",
    parameters=NoParameters,
    check=check_lecture_per_day,
    codes={
        "ok": ("found",),
        "same-as-other-day": ("others",),
        "missing-lecture": ("found", "wanted"),
        "empty-clip": ("found", "wanted"),
        "not-a-video": ("found", "wanted"),
        "unprobed": ("found", "wanted"),
    },
)
