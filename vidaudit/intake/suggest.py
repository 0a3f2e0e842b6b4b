"""The exact right name for every clip that hasn't got it, as far as what is there tells it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from vidaudit.intake.naming import FACE_NUMBERS, suggest_name
from vidaudit.model.submission import ClipFile, ClipKind, DayFolder, of_kind


def with_suggestions(
    clips: Sequence[ClipFile], days: Iterable[DayFolder], *, institution: str | None, class_name: str | None
) -> tuple[ClipFile, ...]:
    """The clips in the same order, each with its right name; None where it has it, or something needed is unknown.

    Args:
        clips: all clips of the class.
        days: its day folders; a clip's date is its folder's, else the one in its name.
        institution: the school as it should stand in every name.
        class_name: the class as it should stand in every name.
    """
    if institution is None or class_name is None:
        return tuple(clips)
    dates = {day.path: (day.date.month, day.date.day) for day in days if day.date}
    numbers = _numbers(clips)
    return tuple(
        replace(clip, suggested_name=_suggestion(clip, dates, numbers[clip.path], institution, class_name))
        if clip.path in numbers
        else clip
        for clip in clips
    )


def _suggestion(
    clip: ClipFile, dates: dict[str, tuple[int, int]], number: int | None, institution: str, class_name: str
) -> str | None:
    month, day = dates.get(clip.day or "", (clip.name.month, clip.name.day))
    if month is None or day is None:
        return None
    name = suggest_name(
        institution=institution, class_name=class_name, month=month, day=day, kind=clip.kind, number=number
    )
    return None if name == clip.path.rpartition("/")[2] else name


def _numbers(clips: Sequence[ClipFile]) -> dict[str, int | None]:
    """The right number of every clip for which it is certain, by path."""
    numbers: dict[str, int | None] = {}
    for group in dict.fromkeys(_group(clip) for clip in clips):
        members = [clip for clip in clips if _group(clip) == group]
        faces, lectures = of_kind(members, ClipKind.FACE), of_kind(members, ClipKind.LECTURE)
        numbers |= _assigned(faces, FACE_NUMBERS)
        if len(lectures) == 1:
            numbers[lectures[0].path] = lectures[0].name.number or None
        else:
            numbers |= _assigned(lectures, range(1, len(lectures) + 1))
    return numbers


def _group(clip: ClipFile) -> tuple[str | None, int | None, int | None]:
    """Clips of one day belong together; outside of day folders the date in the name makes the day."""
    return (clip.day, None, None) if clip.day else (None, clip.name.month, clip.name.day)


def _assigned(clips: Sequence[ClipFile], allowed: Iterable[int]) -> dict[str, int | None]:
    """Each clip keeps its number where that is allowed and free; the one left over gets the one left over."""
    free = list(allowed)
    given: dict[str, int | None] = {}
    for clip in sorted(clips, key=lambda clip: not clip.name.prescribed):
        if clip.name.number in free:
            free.remove(clip.name.number)
            given[clip.path] = clip.name.number
    left = [clip.path for clip in clips if clip.path not in given]
    return given | {left[0]: free[0]} if len(left) == len(free) == 1 else given
