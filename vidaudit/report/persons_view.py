"""The persons of the face clips: a card each, who was there on which day, and what was decided by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vidaudit.model.decision import DecisionOutcome
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, PersonSeen
from vidaudit.model.people import Appearance, ClassPerson, DayPeople
from vidaudit.model.submission import ClipKind
from vidaudit.report import formats
from vidaudit.report.material import Material
from vidaudit.report.messages import Catalogue
from vidaudit.report.text import shown

_DAYS_A_TABLE = 31  # as many as a sheet of A4 takes; a longer class gets several tables


class Presence(StrEnum):
    """Whether a person was seen on a day: in all of its face clips, in some, in none; or the day wasn't watched."""

    ALL = "all"
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One person on one day: in how many of the day's face clips; None where none of them could be watched."""

    day: str
    presence: Presence
    num_clips: int | None


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One person over all days of the class, in their order; `width_px` and `detail_px` are those of the best view."""

    person: ClassPerson
    sightings: tuple[Sighting, ...]
    num_clips: int
    width_px: float | None
    detail_px: float | None


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """One person as shown. `detail` is short; `notes` tell what was decided by hand and where else the person was."""

    label: str
    detail: str
    facts: str
    notes: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    picture: str | None


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """One person's line: what it is called, and the days of this table."""

    label: str
    total: str
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Person by day. `heads` are the days in short, `counts` how many persons each day shows."""

    heads: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A decision made by hand, in words."""

    number: int
    what: str
    who: str
    when: str
    state: str


def attendances(evidence: ClassEvidence) -> tuple[Attendance, ...]:
    """Everybody of the class, those seen on most days first, then by number; empty where no clip could be watched."""
    if evidence.people is None:
        return ()
    watched = _watched_clips(evidence)
    seen = _seen(evidence.clips)
    everybody = sorted(evidence.people.persons, key=lambda person: (-len(person.days), person.number))
    return tuple(_attendance(person, watched, seen) for person in everybody)


def persons(material: Material) -> tuple[PersonCard, ...]:
    """A card for each person of the class; where clips could not be linked, for each person of each clip."""
    if material.evidence.people is not None:
        return tuple(_card(material, one) for one in attendances(material.evidence))
    return tuple(card for clip in material.evidence.clips for card in _cards_of_clip(material, clip))


def matrices(material: Material) -> tuple[Matrix, ...]:
    """Person by day, in tables that fit a page."""
    people = material.evidence.people
    everybody = attendances(material.evidence)
    if people is None or not everybody:
        return ()
    counted = {day.day: day for day in people.days}
    days = [day.path for day in material.evidence.folder.days]
    return tuple(
        Matrix(
            heads=tuple(day_heading(material, days[index]) for index in part),
            rows=tuple(_row(material, one, part) for one in everybody),
            counts=tuple(_count(counted.get(days[index])) for index in part),
        )
        for part in (range(len(days))[begin : begin + _DAYS_A_TABLE] for begin in range(0, len(days), _DAYS_A_TABLE))
    )


def doubts(material: Material) -> tuple[str, ...]:
    """Why the numbers of the days are intervals, a sentence for each day that is in doubt."""
    people = material.evidence.people
    return tuple(_doubt(material, day) for day in (() if people is None else people.days) if day.doubts)


def decisions(material: Material) -> tuple[DecisionRow, ...]:
    """What was decided by hand, in order."""
    return tuple(decision_row(material.words, outcome) for outcome in material.evidence.decisions or ())


def decision_row(words: Catalogue, outcome: DecisionOutcome) -> DecisionRow:
    """One decision in words."""
    decision = outcome.decision
    clips = tuple(dict.fromkeys(shown(anchor.clip) for anchor in decision.anchors))
    return DecisionRow(
        number=decision.number,
        what=words.ui(f"decision_{decision.kind}", numbers=decision.persons, clips=clips, decision=decision.undoes),
        who=shown(decision.who),
        when=formats.moment(decision.when, words.lang),
        state=words.ui(f"decision_is_{outcome.state}"),
    )


def day_heading(material: Material, path: str) -> str:
    """A day in a few characters, as 5/20; its folder where it has no date."""
    date = next((day.date for day in material.evidence.folder.days if day.path == path), None)
    return material.path(path) if date is None else f"{date.month}/{date.day}"


def notes(material: Material, person: ClassPerson) -> tuple[str, ...]:
    """What is to be said of a person besides the days."""
    return tuple(_notes(material, person))


def _watched_clips(evidence: ClassEvidence) -> dict[str, frozenset[str]]:
    """{path of the day folder: its face clips that could be watched}, in the order of the days."""
    watched = {clip.path for clip in evidence.clips if clip.faces is not None and clip.kind is ClipKind.FACE}
    return {
        day.path: frozenset(clip.path for clip in evidence.folder.clips_of_day(day.path) if clip.path in watched)
        for day in evidence.folder.days
    }


def _seen(clips: Sequence[ClipEvidence]) -> dict[Appearance, PersonSeen]:
    return {
        Appearance(clip=clip.path, index=person.index): person
        for clip in clips
        if clip.faces is not None
        for person in clip.faces.persons
    }


def _attendance(
    person: ClassPerson, watched: Mapping[str, frozenset[str]], seen: Mapping[Appearance, PersonSeen]
) -> Attendance:
    clips = {appearance.clip for appearance in person.appearances}
    views = [seen[appearance].best for appearance in person.appearances if appearance in seen]
    best = max(views, key=lambda view: view.effective_width_px or 0.0, default=None)
    return Attendance(
        person=person,
        sightings=tuple(_sighting(day, own, clips, is_there=day in person.days) for day, own in watched.items()),
        num_clips=len(clips),
        width_px=None if best is None else best.width_px,
        detail_px=None if best is None else best.effective_width_px,
    )


def _sighting(day: str, watched: frozenset[str], clips: set[str], *, is_there: bool) -> Sighting:
    number = len(watched & clips)
    if is_there:
        presence = Presence.ALL if number == len(watched) > 0 else Presence.SOME
    else:
        presence = Presence.NONE if watched else Presence.UNKNOWN
    return Sighting(day=day, presence=presence, num_clips=number if watched or is_there else None)


def _card(material: Material, one: Attendance) -> PersonCard:
    words = material.words
    return PersonCard(
        label=words.ui("person_number", number=one.person.number),
        detail=words.ui("seen_on", number=len(one.person.days), total=len(one.sightings)),
        facts=words.ui("person_facts", clips=one.num_clips, width_px=one.width_px, detail_px=one.detail_px),
        notes=notes(material, one.person),
        sightings=one.sightings,
        picture=material.picture(one.person.snapshot),
    )


def _notes(material: Material, person: ClassPerson) -> Iterator[str]:
    words = material.words
    if person.by_hand:
        yield words.ui("by_hand", number=person.by_hand)
    elsewhere = material.evidence.elsewhere
    own = set(person.appearances)
    places = [sight for sight in (() if elsewhere is None else elsewhere.seen) if sight.seen in own]
    for name, number in dict.fromkeys((sight.class_name, sight.person) for sight in places):
        yield words.ui("also_in", other_class=name, number=number)


def _cards_of_clip(material: Material, clip: ClipEvidence) -> Iterator[PersonCard]:
    for person in clip.faces.persons if clip.faces is not None else ():
        yield PersonCard(
            label=formats.clock(person.best.at_s),
            detail=material.path(clip.path),
            facts="",
            notes=(),
            sightings=(),
            picture=material.picture(person.snapshot),
        )


def _row(material: Material, one: Attendance, part: Sequence[int]) -> MatrixRow:
    return MatrixRow(
        label=material.words.ui("person_number", number=one.person.number),
        total=f"{len(one.person.days)} / {len(one.sightings)}",
        sightings=tuple(one.sightings[index] for index in part),
    )


def _count(day: DayPeople | None) -> str:
    if day is None:
        return ""
    return str(day.persons) if day.low == day.high else f"{day.persons} ({day.low}–{day.high})"


def _doubt(material: Material, day: DayPeople) -> str:
    reasons = tuple(f"{doubt.kind}:{doubt.number}" for doubt in day.doubts)
    heading = day_heading(material, day.day)
    return material.words.ui("day_doubt", day=heading, persons=day.persons, low=day.low, high=day.high, reasons=reasons)
