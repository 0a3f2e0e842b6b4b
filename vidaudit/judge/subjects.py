"""What a rule is applied to: a clip, a day, a class or a roster, each with the evidence that belongs to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.media import Container, ProbeProblem
from vidaudit.model.people import DayPeople
from vidaudit.model.submission import ClipFile, ClipKind, DayFolder

NOT_VIDEO = frozenset(
    {
        Container.PLAYLIST,
        Container.IMAGE,
        Container.AUDIO,
        Container.ARCHIVE,
        Container.DOCUMENT,
        Container.EXECUTABLE,
        Container.TEXT,
        Container.EMPTY,
        Container.ZEROS,
    }
)
"""Contents that can't be a video, whatever the file is called."""

NO_VIDEO_PROBLEMS = frozenset({ProbeProblem.EMPTY, ProbeProblem.NOT_MEDIA, ProbeProblem.NO_VIDEO_STREAM})


@dataclass(frozen=True, kw_only=True)
class ClipSubject:
    """One clip with its evidence; evidence that was never gathered is there with all its parts None."""

    clip: ClipFile
    evidence: ClipEvidence
    day: DayFolder | None
    class_: ClassEvidence

    @property
    def problems(self) -> frozenset[ProbeProblem]:
        """What the probe found wrong; empty when there was no probe."""
        return frozenset() if self.evidence.probe is None else frozenset(self.evidence.probe.problems)

    @property
    def read_error(self) -> bool:
        """True when the drive or the disc failed while reading: what is missing may still be on the disc."""
        return ProbeProblem.READ_ERROR in self.problems

    @property
    def is_tiled(self) -> bool:
        """Whether the picture is made of several, so that what was counted in it may be there more than once."""
        picture = self.evidence.picture
        return picture is not None and picture.is_tiled

    @property
    def is_video(self) -> bool | None:
        """Whether there is a video in the file, playable or not; None when that was not found out."""
        probe = self.evidence.probe
        if self.clip.bytes == 0:
            return False
        if probe is None or self.read_error:
            return None
        return probe.container not in NOT_VIDEO and not self.problems & NO_VIDEO_PROBLEMS


@dataclass(frozen=True, kw_only=True)
class DaySubject:
    """One training day with its clips, in order of their paths."""

    day: DayFolder
    clips: tuple[ClipSubject, ...]
    class_: ClassEvidence

    def of_kind(self, kind: ClipKind) -> tuple[ClipSubject, ...]:
        """The clips of the day that are of this kind."""
        return tuple(subject for subject in self.clips if subject.clip.kind is kind)

    def of_date(self, kind: ClipKind) -> tuple[ClipSubject, ...]:
        """The clips of this kind of the day's date: also those in other folders of it, of which LAY002 speaks."""
        if not self.day.same_date_as:
            return self.of_kind(kind)
        folders = {self.day.path, *self.day.same_date_as}
        every = clip_subjects(self.class_)
        return tuple(clip for clip in every if clip.clip.day in folders and clip.clip.kind is kind)

    def copied_from_other_days(self, clips: Iterable[ClipSubject]) -> dict[str, tuple[str, ...]]:
        """{path: the paths of clips of other days whose content is byte for byte the same}; unread clips have none."""
        own = {subject.clip.path for subject in self.clips}
        elsewhere: dict[str | None, list[str]] = defaultdict(list)
        for one in self.class_.clips:
            if one.path not in own and one.probe is not None:
                elsewhere[one.probe.sha256].append(one.path)
        probes = {clip.clip.path: clip.evidence.probe for clip in clips if clip.is_video is not False}
        return {
            path: tuple(elsewhere[probe.sha256])
            for path, probe in probes.items()
            if probe is not None and probe.sha256 is not None and probe.sha256 in elsewhere
        }

    @property
    def people(self) -> DayPeople | None:
        """Who was seen that day; None when not measured."""
        if self.class_.people is None:
            return None
        return next((day for day in self.class_.people.days if day.day == self.day.path), None)


Subject = ClipSubject | DaySubject | ClassEvidence


def canonical(evidence: ClassEvidence) -> ClassEvidence:
    """The same evidence in one order (days by date, the rest by path), so that judging can't depend on order."""
    folder = evidence.folder
    days = tuple(sorted(folder.days, key=lambda day: (day.date or date.max, day.path)))
    clips = tuple(sorted(folder.clips, key=lambda clip: clip.path))
    strays = tuple(sorted(folder.strays, key=lambda stray: (stray.path, stray.reason)))
    ordered = replace(folder, days=days, clips=clips, strays=strays, papers=tuple(sorted(folder.papers)))
    return replace(evidence, folder=ordered, clips=tuple(sorted(evidence.clips, key=lambda clip: clip.path)))


def clip_subjects(evidence: ClassEvidence) -> tuple[ClipSubject, ...]:
    """Every clip of the class with its evidence."""
    known = {clip.path: clip for clip in evidence.clips}
    days = {day.path: day for day in evidence.folder.days}
    return tuple(
        ClipSubject(
            clip=clip,
            evidence=known.get(clip.path) or ClipEvidence(path=clip.path, kind=clip.kind),
            day=days.get(clip.day) if clip.day is not None else None,
            class_=evidence,
        )
        for clip in evidence.folder.clips
    )


def day_subjects(evidence: ClassEvidence) -> tuple[DaySubject, ...]:
    """Every day of the class with its clips."""
    clips: dict[str | None, list[ClipSubject]] = defaultdict(list)
    for clip in clip_subjects(evidence):
        clips[clip.clip.day].append(clip)
    return tuple(
        DaySubject(day=day, clips=tuple(clips.get(day.path, ())), class_=evidence) for day in evidence.folder.days
    )
