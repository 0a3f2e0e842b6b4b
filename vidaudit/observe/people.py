"""The persons of several face clips linked into the people of a class.

Within one clip everybody is somebody else, so linking a clip to what is known is a one-to-one assignment, not a
clustering. A link holds when the two are alike by the class's own yardstick (`identity.likeness_limit`), or when each
is by far the other's best match, which tells people apart whom the descriptor as such finds alike.

A face with too little detail says little by its likeness: such faces are taken for as few people as they can be, and
for as many in the upper bound.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from vidaudit.model.doubt import DoubtKind, doubts
from vidaudit.model.evidence import FaceEvidence, PersonSeen
from vidaudit.model.people import Appearance, ClassPerson, DayPeople, PeopleEvidence
from vidaudit.observe.assignment import cheapest_pairs
from vidaudit.observe.identity import DLIB_LIMITS, Descriptor, LikenessLimits, distances, likeness_limit

CLEARLY_BEST = 0.8  # a match at most this share of the next best one is no accident (Lowe 2004's ratio test)
VAGUE_PX = 25.0  # effective width below which likeness fails; measured for `identity.DLIB_LIMITS.vague`


@dataclass(frozen=True, kw_only=True)
class SeenClip:
    """A face clip's path, the path of its day folder (None outside of one), and who was seen in it."""

    path: str
    day: str | None
    faces: FaceEvidence


@dataclass(kw_only=True, eq=False)
class _Somebody:
    looks: list[Descriptor] = field(default_factory=list)
    appearances: list[Appearance] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    widest_px: float = 0.0
    num_guessed: int = 0
    snapshot: str | None = None

    def enter(self, clip: SeenClip, person: PersonSeen) -> None:
        """One more appearance; the most detailed picture stands for the person."""
        if person.descriptor is not None:
            self.looks.append(_look(person))
        self.appearances.append(Appearance(clip=clip.path, index=person.index))
        if clip.day is not None and clip.day not in self.days:
            self.days.append(clip.day)
        detail = _detail_px(person)
        self.num_guessed += bool(self.snapshot) and min(detail, self.widest_px) < VAGUE_PX
        if self.snapshot is None or detail > self.widest_px:
            self.widest_px, self.snapshot = detail, person.snapshot


def link_people(clips: Sequence[SeenClip], limits: LikenessLimits = DLIB_LIMITS) -> PeopleEvidence:
    """Who is who over the face clips of a class, in the given order of the clips.

    Persons without a descriptor, or described by another one than the limits are of, can't be linked; each counts as
    somebody of their own.
    """
    clips = [_comparable(clip, limits) for clip in clips]
    limit = likeness_limit(between_strangers(clips), limits)
    everybody = _link(clips, limit, limits)
    days = dict.fromkeys(clip.day for clip in clips if clip.day is not None)
    return PeopleEvidence(
        persons=tuple(_class_person(number, somebody) for number, somebody in enumerate(everybody, start=1)),
        days=tuple(_day_people(day, everybody, [clip for clip in clips if clip.day == day]) for day in days),
    )


def _comparable(clip: SeenClip, limits: LikenessLimits) -> SeenClip:
    """The clip with only those descriptors that the limits are of: distances to others mean nothing."""
    if clip.faces.descriptor == limits.descriptor:
        return clip
    persons = tuple(replace(person, descriptor=None) for person in clip.faces.persons)
    return replace(clip, faces=replace(clip.faces, persons=persons))


def _class_person(number: int, somebody: _Somebody) -> ClassPerson:
    return ClassPerson(
        number=number,
        appearances=tuple(somebody.appearances),
        days=tuple(somebody.days),
        snapshot=somebody.snapshot,
    )


def _day_people(day: str, everybody: Iterable[_Somebody], clips: Sequence[SeenClip]) -> DayPeople:
    """At least the fullest clip's lower bound; at most everybody seen plus what each clip was in doubt about."""
    today = [somebody for somebody in everybody if day in somebody.days]
    persons = len(today)
    low = min(max(clip.faces.low for clip in clips), persons)
    most_in_a_clip = max(len(clip.faces.persons) for clip in clips)
    in_doubt = Counter({DoubtKind.BLURRED: sum(somebody.num_guessed for somebody in today)})
    for doubt in (doubt for clip in clips for doubt in clip.faces.doubts):
        in_doubt[doubt.kind] += doubt.number
    return DayPeople(
        day=day,
        persons=persons,
        low=low,
        high=persons + sum(clip.faces.high - len(clip.faces.persons) for clip in clips) + in_doubt[DoubtKind.BLURRED],
        doubts=doubts(
            look_alike=most_in_a_clip - low,
            one_clip=persons - most_in_a_clip,
            two_in_one=in_doubt[DoubtKind.TWO_IN_ONE],
            seen_once=in_doubt[DoubtKind.SEEN_ONCE],
            blurred=in_doubt[DoubtKind.BLURRED],
            broken_way=in_doubt[DoubtKind.BROKEN_WAY] if most_in_a_clip > low else 0,
        ),
    )


def _link(clips: Sequence[SeenClip], limit: float, limits: LikenessLimits) -> list[_Somebody]:
    everybody: list[_Somebody] = []
    for clip in clips:
        new = [person for person in clip.faces.persons if person.descriptor is not None]
        unknown = [person for person in clip.faces.persons if person.descriptor is None]
        chosen = _assign(_mean_distances(new, everybody), limit, limits, _vague(new, everybody))
        for row, person in enumerate(new):
            if row not in chosen:
                everybody.append(_Somebody())
            (everybody[chosen[row]] if row in chosen else everybody[-1]).enter(clip, person)
        for person in unknown:
            everybody.append(_Somebody())
            everybody[-1].enter(clip, person)
    return everybody


def _assign(
    cost: npt.NDArray[np.float64], limit: float, limits: LikenessLimits, guess: npt.NDArray[np.bool_]
) -> dict[int, int]:
    """{row: column} of the links that hold, one to one, at the least total distance; loosely where `guess`."""
    if cost.size == 0:
        return {}
    guess = guess & (cost <= limits.vague)
    allowed = guess | (cost <= limit) | ((cost <= limits.default) & clearly_best(cost) & clearly_best(cost.T).T)
    # Leaving two unlinked costs as much as the loosest link: else two guesses would be made to replace one good link.
    pairs = cheapest_pairs(np.where(allowed, cost, limits.vague))
    return {row: column for row, column in pairs if allowed[row, column]}


def clearly_best(cost: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """True where an entry is by far the smallest of its row."""
    if cost.shape[1] < 2:
        return np.ones(cost.shape, dtype=bool)
    two = np.partition(cost, 1, axis=1)
    others_best = np.where(cost == two[:, :1], two[:, 1:2], two[:, :1])
    return np.asarray(cost <= CLEARLY_BEST * others_best)


def _vague(new: Sequence[PersonSeen], everybody: Sequence[_Somebody]) -> npt.NDArray[np.bool_]:
    """True where the new face, or every sight of the known one, could identify nobody."""
    rows = np.array([_detail_px(person) < VAGUE_PX for person in new], dtype=bool)
    columns = np.array([somebody.widest_px < VAGUE_PX for somebody in everybody], dtype=bool)
    vague: npt.NDArray[np.bool_] = rows[:, None] | columns[None, :]
    return vague


def _detail_px(person: PersonSeen) -> float:
    return person.best.effective_width_px or 0.0


def _mean_distances(new: Sequence[PersonSeen], everybody: Sequence[_Somebody]) -> npt.NDArray[np.float64]:
    """(len(new), len(everybody)); infinite to somebody without any descriptor."""
    looks = [_look(person) for person in new]
    columns = [
        distances(looks, somebody.looks).mean(axis=1) if somebody.looks else np.full(len(new), np.inf)
        for somebody in everybody
    ]
    return np.stack(columns, axis=1) if columns and new else np.zeros((len(new), 0))


def between_strangers(clips: Sequence[SeenClip]) -> npt.NDArray[np.float64]:
    """Distances between the persons of each clip, all clips together."""
    parts = []
    for clip in clips:
        looks = [_look(person) for person in clip.faces.persons if person.descriptor is not None]
        parts.append(distances(looks, looks)[np.triu_indices(len(looks), 1)])
    return np.concatenate(parts) if parts else np.zeros(0)


def _look(person: PersonSeen) -> Descriptor:
    return np.array(person.descriptor, dtype=float)
