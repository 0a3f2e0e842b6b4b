"""Whether those seen are those enrolled: faces against the photographs of the roster, where photographs were given."""

from collections.abc import Iterator
from typing import Final

from vidaudit.judge.findings import not_evaluated, passed, to_review
from vidaudit.judge.rule import NoParameters, Rule
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import (
    Appearance,
    ClassPerson,
    PeopleEvidence,
    PhotoEvidence,
    PhotoMatch,
    PhotoOutcome,
    PhotoProblem,
)
from vidaudit.model.roster import Roster, Trainee
from vidaudit.model.verdict import Finding, Scope, Value


def check_photo_match(evidence: ClassEvidence, _parameters: NoParameters) -> Iterator[Finding]:
    """Everyone enrolled whose photograph was given is seen in a face clip. A machine's no is for a person to check."""
    photos, people, roster = evidence.photos, evidence.people, evidence.roster
    assert photos is not None
    for fault in photos.faults:
        yield to_review(f"photo-{fault.problem}", {"file": fault.file})
    if roster is None or roster.size is None:
        yield not_evaluated("no-roster")
    elif people is None:
        yield not_evaluated("no-people")
    elif not photos.matches:
        yield not_evaluated("no-photos")
    else:
        yield from _check_matches(photos, people, roster)


def is_asked(evidence: ClassEvidence, _parameters: object) -> bool:
    """Only where photographs were given."""
    return evidence.photos is not None


def _check_matches(photos: PhotoEvidence, people: PeopleEvidence, roster: Roster) -> Iterator[Finding]:
    enrolled = {trainee.row: trainee for trainee in roster.trainees if trainee.duplicate_of_row is None}
    ours = [match for match in photos.matches if _is_of(match, enrolled)]
    persons = {appearance: person for person in people.persons for appearance in person.appearances}
    for match in ours:
        yield _found(match, persons)
    if len(ours) < len(photos.matches):
        yield not_evaluated("roster-changed", {"photos": len(photos.matches) - len(ours)})
    missing = enrolled.keys() - {match.row for match in ours}
    if missing:
        yield not_evaluated("without-photo", {"trainees": len(missing)})
    known = {persons[match.seen].number for match in ours if match.seen in persons}
    if len(known) < len(people.persons):
        yield passed("unmatched-persons", {"persons": len(people.persons) - len(known)})
    yield _error_rate(photos)


def _is_of(match: PhotoMatch, enrolled: dict[int, Trainee]) -> bool:
    """Whether the row is still that of the person whom the photograph was looked up for."""
    return match.row in enrolled and enrolled[match.row].name == match.name


def _found(match: PhotoMatch, persons: dict[Appearance, ClassPerson]) -> Finding:
    person = None if match.seen is None else persons.get(match.seen)
    who: dict[str, Value] = {"row": match.row, "name": match.name}
    if person is None:
        return to_review("not-seen", {**who, "file": match.file})
    values = {**who, "person": person.number, "days": person.days, "distance": match.distance}
    if match.outcome is PhotoOutcome.FOUND:
        return passed("found", values, snapshot=person.snapshot)
    return to_review("unclear", {**values, "file": match.file}, snapshot=person.snapshot)


def _error_rate(photos: PhotoEvidence) -> Finding:
    """What the outcomes are worth here: how many pairs of strangers the limit would have taken for one person."""
    values = {
        "limit": round(photos.limit, 3),
        "pairs": photos.num_stranger_pairs,
        "alike": photos.num_alike_strangers,
    }
    return passed("error-rate", values)


_MATCHED: Final = ("row", "name", "person", "days", "distance")

PHOTO_MATCH: Final = Rule(
    id="IDN002",
    slug="photo-match",
    title_zh="与学员照片比对",
    title_en="Faces against photographs",
    scope=Scope.CLASS,
    rationale="The clips must let a later check tell who took part; photographs of the enrolled let a machine try.",
    parameters=NoParameters,
    check=check_photo_match,
    asked=is_asked,
    codes={
        "found": _MATCHED,
        "unclear": (*_MATCHED, "file"),
        "not-seen": ("row", "name", "file"),
        "unmatched-persons": ("persons",),
        "without-photo": ("trainees",),
        "error-rate": ("limit", "pairs", "alike"),
        "roster-changed": ("photos",),
        "no-roster": (),
        "no-people": (),
        "no-photos": (),
        **{f"photo-{problem}": ("file",) for problem in PhotoProblem},
    },
)
