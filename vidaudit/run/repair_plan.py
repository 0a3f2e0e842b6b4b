"""The plan of mending one class, from what lies there and what its clips are: pure, so that it can be shown first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from vidaudit.intake.discover import FoundClass
from vidaudit.judge.rules.duration import LectureLengthParameters
from vidaudit.judge.rules.picture import ResolutionParameters
from vidaudit.model.media import Container
from vidaudit.model.repair import ClassPlan, ClipPlan, ClipWork, FileCopy, RepairNote
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, StrayReason
from vidaudit.run.files import safe_name
from vidaudit.run.repair_media import ClipLook, Decision, Wanted, decide
from vidaudit.run.repair_names import MAX_NAME_BYTES, Places, missing_clips, place_clips

# Strays whose content can't be taken along, or isn't any.
_LEFT_OUT: Final = frozenset(
    {
        *(StrayReason.EMPTY_FILE, StrayReason.HIDDEN_FILE, StrayReason.LINK_OUTSIDE, StrayReason.BROKEN_LINK),
        *(StrayReason.UNREADABLE, StrayReason.NOT_A_FILE, StrayReason.EMPTY_FOLDER),
    }
)


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """What is wanted of a plan.

    Args:
        wanted: what the profile asks of content and names.
        resolution: its smallest picture; None where it asks for none.
        cut_lectures: whether longer lectures are cut to the length that is asked for.
    """

    wanted: Wanted
    resolution: ResolutionParameters | None = None
    cut_lectures: bool = False


def plan_class(
    found: FoundClass, looks: Mapping[str, ClipLook], options: PlanOptions, taken: Iterable[str]
) -> ClassPlan:
    """Plan the mending of one class.

    Args:
        found: the class.
        looks: what its clips are, by path; clips without content need none.
        options: what is wanted.
        taken: names of class folders that are given away already.
    """
    folder = replace(found.folder, clips=tuple(clip for clip in found.folder.clips if clip.bytes))
    places = place_clips(folder, names=options.wanted.names)
    decisions = {
        clip.path: decide(looks[clip.path], clip.kind, options.wanted, cut_lectures=options.cut_lectures)
        for clip in folder.clips
    }
    clips = _clip_plans(folder, looks, decisions, places)
    notes = [
        *places.notes,
        *(replace(note, path=path) for path, one in decisions.items() for note in one.notes),
        *missing_clips(places),
        *(note for clip in folder.clips for note in _unmendable(clip, looks[clip.path], options)),
        *_unknown(folder),
    ]
    return ClassPlan(
        source=folder.path,
        target=safe_name(places.folder, tuple(taken)),
        days=places.days,
        clips=clips,
        files=_files(found, places, [clip.target for clip in clips]),
        left_out=tuple(_left_out(found.folder)),
        notes=tuple(notes),
    )


def _clip_plans(
    folder: ClassFolder, looks: Mapping[str, ClipLook], decisions: Mapping[str, Decision], places: Places
) -> tuple[ClipPlan, ...]:
    taken: set[str] = set()
    plans = []
    for clip in folder.clips:
        media = decisions[clip.path].media
        look = looks[clip.path]
        target = _unused(_with_ending(places.clips[clip.path], clip, look, media.work), taken)
        taken.add(target.casefold())
        plans.append(
            ClipPlan(
                source=clip.path,
                target=target,
                media=media,
                container=look.facts.container.value,
                bytes=clip.bytes,
                seconds=look.facts.duration_s,
            )
        )
    return tuple(plans)


def _with_ending(target: str, clip: ClipFile, look: ClipLook, work: ClipWork) -> str:
    """`.mp4` for what is an MP4 in the end, and for nothing else: a name must not say what the content isn't."""
    if work is not ClipWork.COPY or look.facts.container is Container.MP4:
        stem = PurePosixPath(target)
        return target if stem.suffix.lower() == ".mp4" else f"{_without_ending(target)}.mp4"
    own = PurePosixPath(clip.path).suffix
    return f"{_without_ending(target)}{own}"


def _without_ending(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    return path[: len(path) - len(suffix)] if suffix else path


def _unused(target: str, taken: set[str]) -> str:
    number, free = 2, target
    while free.casefold() in taken:
        stem, suffix = _without_ending(target), PurePosixPath(target).suffix
        free, number = f"{stem} ({number}){suffix}", number + 1
    return free


def _unmendable(clip: ClipFile, look: ClipLook, options: PlanOptions) -> Iterable[RepairNote]:
    """What no honest tool mends: the size of the picture, how the camera stood, and the length of the footage."""
    size_px = None if look.facts.header is None else look.facts.header.display_size_px
    fault = _fault_of_size(size_px, options.resolution) if size_px and options.resolution else None
    if size_px and fault:
        values = {"width_px": size_px[0], "height_px": size_px[1]}
        yield RepairNote(code=fault, path=clip.path, values=values)
    lecture, seconds = options.wanted.lecture, look.facts.duration_s
    if clip.kind is ClipKind.LECTURE and lecture and seconds is not None and _is_short(float(seconds), lecture):
        yield RepairNote(code="short-lecture", path=clip.path, values={"duration_s": float(seconds)})


def _fault_of_size(size_px: tuple[int, int], least: ResolutionParameters) -> str | None:
    """What is wrong with a picture's size, as a code: `portrait` where it would do on its side."""
    width_px, height_px = size_px
    is_upright = height_px > width_px
    if is_upright and height_px >= least.min_width_px and width_px >= least.min_height_px:
        return None if least.portrait_allowed else "portrait"
    return "small-picture" if width_px < least.min_width_px or height_px < least.min_height_px else None


def _is_short(seconds: float, lecture: LectureLengthParameters) -> bool:
    return seconds < lecture.min_s - lecture.tolerance_s


def _unknown(folder: ClassFolder) -> Iterable[RepairNote]:
    for stray in folder.strays:
        if stray.reason is StrayReason.UNKNOWN_FILE:
            yield RepairNote(code="unknown-file", path=stray.path)


def _left_out(folder: ClassFolder) -> Iterable[RepairNote]:
    yield from (RepairNote(code="left-behind", path=path) for path in folder.ignored)
    for stray in folder.strays:
        if stray.reason in _LEFT_OUT:
            yield RepairNote(code=stray.reason.value, path=stray.path)


def _files(found: FoundClass, places: Places, clips: Iterable[str]) -> tuple[FileCopy, ...]:
    """Papers and unknown files, in the day folder that theirs becomes; each keeps its name."""
    taken = {path.casefold() for path in clips}
    copies = []
    for path in _kept_files(found.folder, found.sources):
        target = _unused(_moved(path, places), taken)
        taken.add(target.casefold())
        copies.append(FileCopy(source=path, target=target))
    return tuple(copies)


def _kept_files(folder: ClassFolder, sources: Mapping[str, Path]) -> Iterable[str]:
    empty = {stray.path for stray in folder.strays if stray.reason is StrayReason.EMPTY_FILE}
    unknown = (stray.path for stray in folder.strays if stray.reason is StrayReason.UNKNOWN_FILE)
    return [path for path in (*folder.papers, *unknown) if path not in empty and path in sources]


def _moved(path: str, places: Places) -> str:
    """A file of a day goes where the day goes; other folders stay."""
    day = next((day for day in places.folders if path.startswith(f"{day}/")), None)
    parts = path.split("/") if day is None else path[len(day) + 1 :].split("/")
    home = None if day is None else places.folders[day]
    if home is not None:
        parts = [home, *parts]
    return "/".join(safe_name(part, max_bytes=MAX_NAME_BYTES) for part in parts)
