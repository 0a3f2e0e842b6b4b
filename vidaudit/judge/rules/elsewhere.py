"""Whether the persons of a class were seen in another class on the same day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import not_evaluated, passed, to_review
from vidaudit.judge.rule import Rule
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import Appearance, ClassPerson, ElsewhereEvidence, SeenElsewhere
from vidaudit.model.verdict import Finding, Scope, Value, Where


@dataclass(frozen=True, kw_only=True)
class ElsewhereParameters:
    """`staff_max`: so many persons may be in two classes on one day: a teacher of both, a manager who looks in."""

    staff_max: int


def check_two_places(evidence: ClassEvidence, parameters: ElsewhereParameters) -> Iterator[Finding]:
    """Nobody but a teacher or two is in two classes on one day. Likeness by machine: a person must look."""
    elsewhere = evidence.elsewhere
    assert elsewhere is not None
    if elsewhere.waiting:
        yield not_evaluated("waiting", {"classes": elsewhere.waiting})
        return
    if elsewhere.unwatched:
        yield not_evaluated("not-compared", {"classes": elsewhere.unwatched})
    persons = _persons(evidence)
    for sights in _by_class_and_day(elsewhere):
        yield from _check_sights(sights, persons, parameters)
    if elsewhere.compared and not elsewhere.seen:
        yield passed("ok", {"classes": elsewhere.compared})


def is_asked(evidence: ClassEvidence, _parameters: object) -> bool:
    """Only where another class of the same run has a day of the same date."""
    return evidence.elsewhere is not None


def _by_class_and_day(elsewhere: ElsewhereEvidence) -> list[list[SeenElsewhere]]:
    together: dict[tuple[str, str], list[SeenElsewhere]] = defaultdict(list)
    for sight in elsewhere.seen:
        together[sight.day, sight.class_name].append(sight)
    return [together[key] for key in sorted(together)]


def _check_sights(
    sights: Sequence[SeenElsewhere], persons: dict[Appearance, ClassPerson], parameters: ElsewhereParameters
) -> Iterator[Finding]:
    """One finding for each pair of pictures, at least one; how many persons there are decides what is made of it."""
    number = len({sight.person for sight in sights})
    here = (persons.get(sight.seen) for sight in sights)
    numbers = tuple(sorted({person.number for person in here if person is not None}))
    verdict, code = (passed, "perhaps-staff") if number <= parameters.staff_max else (to_review, "two-places")
    for sight in [sight for sight in sights if sight.snapshot] or sights[:1]:
        person = persons.get(sight.seen)
        values: dict[str, Value] = {
            "persons": number,
            "numbers": numbers,
            "other_class": sight.class_name,
            "date": sight.date.isoformat(),
            "person": None if person is None else person.number,
            "other_person": sight.person,
            "distance": sight.distance,
        }
        snapshot = sight.snapshot or (None if person is None else person.snapshot)
        yield verdict(code, values, where=Where(day=sight.day), snapshot=snapshot)


def _persons(evidence: ClassEvidence) -> dict[Appearance, ClassPerson]:
    people = () if evidence.people is None else evidence.people.persons
    return {appearance: person for person in people for appearance in person.appearances}


_SIGHT: Final = ("persons", "numbers", "other_class", "date", "person", "other_person", "distance")

TWO_PLACES: Final = Rule(
    id="IDN001",
    slug="two-places",
    title_zh="同日出现在两个班",
    title_en="In two classes on one day",
    scope=Scope.CLASS,
    rationale="Nobody can take part in two courses at once; the same people filmed for two classes need a look.",
    parameters=ElsewhereParameters,
    check=check_two_places,
    asked=is_asked,
    codes={
        "ok": ("classes",),
        "perhaps-staff": _SIGHT,
        "two-places": _SIGHT,
        "waiting": ("classes",),
        "not-compared": ("classes",),
    },
)
