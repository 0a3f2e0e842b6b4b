"""What was counted and linked, held against who was there, person by person."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cameras import Camera, in_view
from benchmarks.detectors import num_matched
from benchmarks.photographs import Face
from benchmarks.rooms import Room
from benchmarks.scenes import Scene, seconds_in_picture
from vidaudit.model.evidence import ClipEvidence, PersonSeen
from vidaudit.model.still import Box
from vidaudit.observe.people import SeenClip, link_people


@dataclass(frozen=True, kw_only=True)
class Count:
    """A clip's truth and what was counted.

    Args:
        low, high: the interval that is reported; for a lecture both the count.
        briefest_s: how long the person is in the picture who is there for the shortest time.
        missed, twice: the people who were not reported, and those who were more than once.
        extra: how many were reported who are nobody.
    """

    name: str
    truth: int
    counted: int
    low: int
    high: int
    briefest_s: float
    missed: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    extra: int = 0

    @property
    def error(self) -> float:
        """How far the count is off, as a share of the truth."""
        return abs(self.counted - self.truth) / self.truth


@dataclass(frozen=True, kw_only=True)
class Links:
    """How a class's people were linked over its clips, in pairs of appearances."""

    name: str
    truth: int
    right: int
    made: int
    wrong: int
    persons_truth: int
    persons: int


def identity(person: PersonSeen, room: Room, camera: Camera) -> str | None:
    """Who was where this person's best view was taken; None = nobody."""
    box, view = person.best.box, camera.view(person.best.at_s)
    x, y = box.x_px + box.width_px / 2, box.y_px + box.height_px / 2
    for face in room.faces():
        left, top, right, bottom = in_view(face.corners, view)
        if left <= x <= right and top <= y <= bottom:
            return face.who
    return None


def count_pan(name: str, scene: Scene, evidence: ClipEvidence) -> Count:
    """A pan's count against the truth."""
    faces = evidence.faces
    if faces is None:
        raise ValueError(f"no face was looked for in {name}: {evidence}")
    people = {face.who for face in scene.room.faces()}
    found = Counter(identity(person, scene.room, scene.camera) for person in faces.persons)
    return Count(
        name=name,
        truth=len(people),
        counted=len(faces.persons),
        low=faces.low,
        high=faces.high,
        briefest_s=min(seconds_in_picture(face, scene) for face in scene.room.faces()),
        missed=tuple(sorted(people - found.keys())),
        twice=tuple(sorted(who for who, number in found.items() if who is not None and number > 1)),
        extra=found[None],
    )


def count_lecture(name: str, scene: Scene, evidence: ClipEvidence) -> Count:
    """A still's headcount against its seats; the marks tell who was missed. The camera must stand still."""
    heads = evidence.heads
    if heads is None:
        raise ValueError(f"no head was counted in {name}: {evidence}")
    faces = scene.room.faces()
    nobody = len(heads.marks) - num_matched([_box(face) for face in faces], heads.marks)
    return Count(
        name=name,
        truth=len(faces),
        counted=heads.headcount,
        low=heads.headcount,
        high=heads.headcount,
        briefest_s=scene.camera.duration_s * scene.loops,
        missed=tuple(face.who for face in faces if not num_matched([_box(face)], heads.marks)),
        extra=max(nobody, heads.headcount - len(faces)),
    )


def count_links(
    name: str, days: Mapping[str, Sequence[str]], made: Mapping[str, Scene], evidence: Mapping[str, ClipEvidence]
) -> Links:
    """Link the clips of a class and compare every pair of appearances in two clips.

    Args:
        days: the names of the clips of each day.
    """
    clips = [(day, clip) for day, names in days.items() for clip in names]
    seen_clips = [SeenClip(path=clip, day=day, faces=faces) for day, clip in clips if (faces := evidence[clip].faces)]
    who = {
        (seen.path, person.index): identity(person, made[seen.path].room, made[seen.path].camera)
        for seen in seen_clips
        for person in seen.faces.persons
    }
    linked = link_people(seen_clips).persons
    pairs = [
        ((one.clip, who[one.clip, one.index]), (other.clip, who[other.clip, other.index]))
        for person in linked
        for one, other in itertools.combinations(person.appearances, 2)
        if one.clip != other.clip
    ]
    right = {(frozenset((one[0], other[0])), one[1]) for one, other in pairs if one[1] == other[1] is not None}
    there = {clip: {face.who for face in made[clip].room.faces()} for _, clip in clips}
    return Links(
        name=name,
        truth=sum(len(there[one] & there[other]) for one, other in itertools.combinations(there, 2)),
        right=len(right),
        made=len(pairs),
        wrong=sum(one[1] is None or one[1] != other[1] for one, other in pairs),
        persons_truth=len(set.union(*there.values())),
        persons=len(linked),
    )


def _box(face: Face) -> Box:
    left, top, right, bottom = face.corners
    return Box(x_px=left, y_px=top, width_px=right - left, height_px=bottom - top)
