"""IDN001: silent for a class alone, a note for a person or two, a question for more."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.judge.builders import DAY1, DAY2, FACE1, RULES_OF_PROFILE, green, outcome, run
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import Appearance, ElsewhereEvidence, SeenElsewhere

PLACES = "two-places"


def sight(index: int, *, day: str = DAY1, other: str = "乙班", snapshot: str | None = "pair.jpg") -> SeenElsewhere:
    """Person `index + 1` of this class, who is number 7 and so on there."""
    return SeenElsewhere(
        seen=Appearance(clip=FACE1, index=index),
        day=day,
        date=dt.date(2024, 5, 20 if day == DAY1 else 21),
        class_name=other,
        person=7 + index,
        distance=0.31,
        snapshot=snapshot,
    )


def beside(*seen: SeenElsewhere, **more: tuple[str, ...]) -> ClassEvidence:
    return replace(green(), elsewhere=ElsewhereEvidence(**{"compared": ("乙班",), **more}, seen=seen))


def test_a_class_alone_hears_nothing_of_it() -> None:
    assert PLACES not in {result.slug for result in judge(green(), RULES_OF_PROFILE).rules}


def test_nobody_in_both_is_a_pass() -> None:
    (finding,) = run(PLACES, beside()).findings
    assert (finding.code, finding.status.value, finding.values) == ("ok", "pass", {"classes": ("乙班",)})


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, ("perhaps-staff", "pass")), (2, ("perhaps-staff", "pass")), (3, ("two-places", "review"))],
)
def test_a_person_or_two_may_be_staff(number: int, expected: tuple[str, str]) -> None:
    assert outcome(PLACES, beside(*(sight(index) for index in range(number)))) == {expected}


def test_each_class_and_each_day_counts_by_itself() -> None:
    few = [sight(0), sight(1), sight(2, other="丙班"), sight(3, day=DAY2), sight(4, day=DAY2)]
    assert outcome(PLACES, beside(*few)) == {("perhaps-staff", "pass")}


def test_a_finding_names_both_persons_the_day_and_the_picture() -> None:
    findings = run(PLACES, beside(*(sight(index) for index in range(3)))).findings
    assert {(one.values["person"], one.values["other_person"]) for one in findings} == {(1, 7), (2, 8), (3, 9)}
    assert {(one.where.day, one.snapshot, one.values["date"]) for one in findings} == {(DAY1, "pair.jpg", "2024-05-20")}


def test_those_beyond_the_pictures_are_counted_and_named() -> None:
    sights = [sight(0), *(sight(index, snapshot=None) for index in range(1, 5))]
    (finding,) = run(PLACES, beside(*sights)).findings
    assert (finding.values["persons"], finding.values["numbers"]) == (5, (1, 2, 3, 4, 5))


def test_without_the_pair_the_own_portrait_is_shown() -> None:
    evidence = beside(sight(0, snapshot=None))
    assert evidence.people is not None
    first, *others = evidence.people.persons
    people = replace(evidence.people, persons=(replace(first, snapshot="own.jpg"), *others))
    assert run(PLACES, replace(evidence, people=people)).findings[0].snapshot == "own.jpg"


def test_persons_merged_by_hand_are_told_by_their_number_now() -> None:
    evidence = beside(sight(0))
    assert evidence.people is not None
    first, second, *others = evidence.people.persons
    merged = replace(second, appearances=(*first.appearances, *second.appearances), by_hand=(1,))
    people = replace(evidence.people, persons=(merged, *others))
    assert run(PLACES, replace(evidence, people=people)).findings[0].values["person"] == 2


def test_what_could_not_be_compared_is_no_pass() -> None:
    assert outcome(PLACES, beside(compared=(), unwatched=("丙班",))) == {("not-compared", "not-evaluated")}
    assert outcome(PLACES, beside(unwatched=("丙班",))) == {("not-compared", "not-evaluated")}
    assert outcome(PLACES, beside(waiting=("丙班",))) == {("waiting", "not-evaluated")}
