"""Who can be told apart in the face clips: recognisable, and as many as enrolled."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, passed, to_review
from vidaudit.judge.rule import FACE_CLIPS, Needs, Rule
from vidaudit.judge.subjects import ClipSubject, DaySubject
from vidaudit.model.evidence import FaceEvidence, FaceView, PersonSeen
from vidaudit.model.people import DayPeople
from vidaudit.model.roster import Roster
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import Finding, Scope, Value, Where

_SHORTCOMINGS: Final = ("small", "blurred", "turned")
"""Why a face can't be recognised, in the order in which it is asked."""


@dataclass(frozen=True, kw_only=True)
class RecognisableParameters:
    """What makes a face recognisable (widths in pixels, angles in degrees) and how many must be.

    Args:
        preferred_width_px: shown beside the smallest face found; decides nothing.
        min_share: the share (0 to 1) of the persons seen who must be recognisable.
        fail_width_share: nobody is recognisable for certain when every face is below this share of a least width.
    """

    min_width_px: float
    preferred_width_px: float
    min_effective_width_px: float
    max_yaw_deg: float
    max_pitch_deg: float
    min_share: float
    fail_width_share: float


def check_faces_recognisable(subject: ClipSubject, parameters: RecognisableParameters) -> Iterator[Finding]:
    """Nearly everyone in the clip has one view that is big, sharp and frontal enough to identify them."""
    faces = subject.evidence.faces
    assert faces is not None
    if not faces.persons:
        yield to_review("no-faces", {"num_frames": faces.num_frames})
        return
    shortcomings = Counter(_shortcoming(person.best, parameters) for person in faces.persons)
    weakest = min(faces.persons, key=lambda person: (person.best.width_px, person.index))
    values = _recognised_values(faces, shortcomings, weakest, parameters)
    where, snapshot = Where(at_s=weakest.best.at_s), weakest.snapshot
    if shortcomings[None] >= parameters.min_share * len(faces.persons):
        yield to_review("tiled", values, where=where, snapshot=snapshot) if subject.is_tiled else passed("ok", values)
    elif all(_clearly_below(person.best, parameters) for person in faces.persons):
        yield failed("unrecognisable", values, where=where, snapshot=snapshot)
    else:
        yield to_review("too-few-recognisable", values, where=where, snapshot=snapshot)


def _recognised_values(
    faces: FaceEvidence, shortcomings: Counter[str | None], weakest: PersonSeen, parameters: RecognisableParameters
) -> dict[str, Value]:
    return {
        "persons": len(faces.persons),
        "recognisable": shortcomings[None],
        "share": shortcomings[None] / len(faces.persons),
        **{shortcoming: shortcomings[shortcoming] for shortcoming in _SHORTCOMINGS},
        "min_share": parameters.min_share,
        "smallest_width_px": weakest.best.width_px,
        "min_width_px": parameters.min_width_px,
        "preferred_width_px": parameters.preferred_width_px,
    }


def _shortcoming(view: FaceView, parameters: RecognisableParameters) -> str | None:
    """The first measure that isn't good enough, None for a recognisable face; one not taken is never assumed."""
    is_good = {
        "small": view.width_px >= parameters.min_width_px,
        "blurred": view.effective_width_px is not None and view.effective_width_px >= parameters.min_effective_width_px,
        "turned": view.yaw_deg is not None
        and abs(view.yaw_deg) <= parameters.max_yaw_deg
        and view.pitch_deg is not None
        and abs(view.pitch_deg) <= parameters.max_pitch_deg,
    }
    return next((shortcoming for shortcoming in _SHORTCOMINGS if not is_good[shortcoming]), None)


def _clearly_below(view: FaceView, parameters: RecognisableParameters) -> bool:
    if view.width_px < parameters.fail_width_share * parameters.min_width_px:
        return True
    effective = view.effective_width_px
    return effective is not None and effective < parameters.fail_width_share * parameters.min_effective_width_px


@dataclass(frozen=True, kw_only=True)
class PersonsParameters:
    """How the persons of a day's face clips are held against the roster.

    Args:
        staff_expected: teachers and managers who must be in the picture too: a machine can't tell them from
            trainees, so only this many more than the roster show that everyone enrolled is there.
        staff_max: teachers and managers who may be seen beside the trainees before a person must look.
        min_clip_share: a face clip that shows less than this share (0 to 1) of the roster needs a look,
            even when the day's other clip shows everyone.
        generous_factor: only when even this many times the upper bound is short of the roster, it is a fail.
        clear_width_px: ... and only where every face seen is at least this wide in effective pixels.
    """

    staff_expected: int
    staff_max: int
    min_clip_share: float
    generous_factor: float
    clear_width_px: float


def check_persons_vs_roster(subject: DaySubject, parameters: PersonsParameters) -> Iterator[Finding]:
    """The day's face clips together show at least as many persons as are enrolled, and each shows its share."""
    people, roster = subject.people, subject.class_.roster
    assert people is not None
    assert roster is not None
    assert roster.size is not None
    yield _check_persons(subject, people, roster, parameters)
    for clip in subject.of_kind(ClipKind.FACE):
        faces = clip.evidence.faces
        if faces is not None and faces.high < parameters.min_clip_share * roster.size:
            values = {"persons": len(faces.persons), "high": faces.high, "roster": roster.size}
            yield to_review("clip-shows-few", values, where=Where(clip=clip.clip.path))


def _check_persons(subject: DaySubject, people: DayPeople, roster: Roster, parameters: PersonsParameters) -> Finding:
    size = roster.size or 0
    values: dict[str, Value] = {"persons": people.persons, "low": people.low, "high": people.high, "roster": size}
    values["reasons"] = tuple(f"{doubt.kind}:{doubt.number}" for doubt in people.doubts) or None
    if people.persons > size + parameters.staff_max:
        return to_review("more-than-roster", {**values, "staff_max": parameters.staff_max})
    if min(people.low, people.persons) >= size + _staff_expected(subject, parameters.staff_expected):
        tiled = next((clip.clip.path for clip in subject.of_kind(ClipKind.FACE) if clip.is_tiled), None)
        return passed("ok", values) if tiled is None else to_review("tiled", values, where=Where(clip=tiled))
    if people.persons >= size:
        return to_review("near", values)
    generous = parameters.generous_factor * max(people.high, people.persons)
    if generous < size and not roster.faults and _all_clear(subject, parameters.clear_width_px):
        return failed("too-few", {**values, "missing": size - people.persons})
    return to_review("fewer", {**values, "missing": size - people.persons})


def _staff_expected(subject: DaySubject, least: int) -> int:
    """Where the class's plan names more teachers for the day, all of them are in the breaks as well."""
    dossier, date = subject.class_.dossier, subject.day.date
    return least if dossier is None or date is None else max(least, len(dossier.teachers_on(date)))


def _all_clear(subject: DaySubject, clear_width_px: float) -> bool:
    """Every face clip of the day was measured, and nobody in it is too small or blurred to be told apart."""
    for clip in subject.of_kind(ClipKind.FACE):
        faces = clip.evidence.faces
        if faces is None or not faces.persons or clip.evidence.failure is not None:
            return False
        if not all((person.best.effective_width_px or 0) >= clear_width_px for person in faces.persons):
            return False
    return True


_RECOGNISED: Final = (
    "persons",
    "recognisable",
    "share",
    *_SHORTCOMINGS,
    "min_share",
    "smallest_width_px",
    "min_width_px",
    "preferred_width_px",
)
_PERSONS: Final = ("persons", "low", "high", "roster", "reasons")

FACES_RECOGNISABLE: Final = Rule(
    id="FAC001",
    slug="faces-recognisable",
    title_zh="人脸可识别",
    title_en="Faces recognisable",
    scope=Scope.CLIP,
    rationale="A face that is too small, too blurred or turned away doesn't show who took part.",
    parameters=RecognisableParameters,
    check=check_faces_recognisable,
    requires=frozenset({Needs.FACES}),
    applies=FACE_CLIPS,
    codes={
        "ok": _RECOGNISED,
        "tiled": _RECOGNISED,
        "too-few-recognisable": _RECOGNISED,
        "unrecognisable": _RECOGNISED,
        "no-faces": ("num_frames",),
    },
)

PERSONS_VS_ROSTER: Final = Rule(
    id="FAC002",
    slug="persons-vs-roster",
    title_zh="人脸人数与花名册",
    title_en="Persons against the roster",
    scope=Scope.DAY,
    rationale="Everyone enrolled must be seen in the breaks; a count by machine is a lower bound.",
    parameters=PersonsParameters,
    check=check_persons_vs_roster,
    requires=frozenset({Needs.FACE_CLIPS, Needs.PEOPLE, Needs.ROSTER}),
    codes={
        "ok": _PERSONS,
        "tiled": _PERSONS,
        "near": _PERSONS,
        "fewer": (*_PERSONS, "missing"),
        "too-few": (*_PERSONS, "missing"),
        "more-than-roster": (*_PERSONS, "staff_max"),
        "clip-shows-few": ("persons", "high", "roster"),
    },
)
