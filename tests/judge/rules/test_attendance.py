"""CNT002: the same people every day, as many as are enrolled, and decisions that hold no longer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.judge.builders import (
    FACE1,
    LECTURE,
    change_clip,
    green,
    outcome,
    picture,
    roster,
    run,
    with_parameters,
)
from vidaudit.model.decision import Decision, DecisionKind, DecisionOutcome, DecisionState
from vidaudit.model.doubt import doubts
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import ClassPerson, DayPeople, PeopleEvidence
from vidaudit.model.submission import DayFolder
from vidaudit.model.verdict import Status

SAME = "same-people"
EVERY = range(10)


def attended(days_of: Sequence[Sequence[int]], *, num_days: int = 10, size: int | None = 4) -> ClassEvidence:
    """A class of so many days, with one person for each list of the days (from 0) on which they were seen."""
    base = green()
    names = [f"5月{20 + day}日" for day in range(num_days)]
    folders = tuple(DayFolder(path=name, date=dt.date(2024, 5, 20 + day)) for day, name in enumerate(names))
    persons = tuple(
        ClassPerson(number=number, appearances=(), days=tuple(names[day] for day in seen), snapshot=f"{number}.jpg")
        for number, seen in enumerate(days_of, 1)
    )
    counts = [sum(name in person.days for person in persons) for name in names]
    days = tuple(DayPeople(day=name, persons=n, low=n, high=n) for name, n in zip(names, counts, strict=True))
    return replace(
        base,
        folder=replace(base.folder, days=folders),
        roster=None if size is None else roster(size),
        people=PeopleEvidence(persons=persons, days=days),
    )


def values(evidence: ClassEvidence, code: str) -> Mapping[str, object]:
    return next(finding.values for finding in run(SAME, evidence).findings if finding.code == code)


def test_the_same_people_on_both_days() -> None:
    assert outcome(SAME, green()) == {("ok", "pass")}
    assert values(green(), "ok") == {
        "persons": 5,
        "days": 2,
        "largest": 5,
        "regulars": 5,
        "seldom": 0,
        "once": 0,
        "roster": 4,
    }


@pytest.mark.parametrize(
    ("num_seen", "expected"),
    [(9, {("ok", "pass")}), (8, {("ok", "pass")}), (7, {("seldom", "review"), ("seen-seldom", "review")})],
)
def test_who_is_a_regular(num_seen: int, expected: set[tuple[str, str]]) -> None:
    """Four enrolled and the teacher, one of whom is there on some days only."""
    assert outcome(SAME, attended([*[EVERY] * 4, range(num_seen)])) == expected


def test_visitors_beside_enough_regulars_are_no_question() -> None:
    evidence = attended([*[EVERY] * 5, [3], [4, 5]])
    assert outcome(SAME, evidence) == {("enough-regulars", "pass")}
    assert values(evidence, "enough-regulars")["once"] == 1


def test_those_seen_seldom_are_shown_the_rarest_first_on_their_day() -> None:
    result = run(SAME, attended([*[EVERY] * 4, [3, 4], [6]]))
    shown = [finding for finding in result.findings if finding.code == "seen-seldom"]
    assert {(one.values["person"], one.where.day, one.snapshot) for one in shown} == {
        (5, None, "5.jpg"),
        (6, "5月26日", "6.jpg"),
    }
    few = run(SAME, attended([*[EVERY] * 4, [3, 4], [6]]), with_parameters(SAME, max_pictures=1))
    assert [one.values["person"] for one in few.findings if one.code == "seen-seldom"] == [6]


@pytest.mark.parametrize(("num_others", "is_found"), [(3, False), (4, True)])
def test_more_people_over_all_days_than_on_the_fullest(num_others: int, is_found: bool) -> None:
    """Eight regulars; each of the others comes on a day of their own, so the fullest day shows nine."""
    days = [*[EVERY] * 8, *([day] for day in range(num_others + 1))]
    found = {code for code, _ in outcome(SAME, attended(days, size=7))}
    assert ("different-people" in found) is is_found


def test_everybody_another_one_every_day() -> None:
    evidence = attended([[day] for day in range(10) for _ in range(4)])
    assert {("different-people", "review"), ("more-than-roster", "review")} <= outcome(SAME, evidence)
    assert run(SAME, evidence).status is Status.REVIEW


@pytest.mark.parametrize(("number", "expected"), [(9, {("ok", "pass")}), (10, {("more-than-roster", "review")})])
def test_more_than_the_roster_and_its_staff(number: int, expected: set[tuple[str, str]]) -> None:
    assert outcome(SAME, attended([EVERY] * number)) == expected


@pytest.mark.parametrize(("number", "expected"), [(4, {("ok", "pass")}), (3, {("never-seen", "review")})])
def test_fewer_than_are_enrolled_over_all_days(number: int, expected: set[tuple[str, str]]) -> None:
    evidence = attended([EVERY] * number)
    assert outcome(SAME, evidence) == expected
    if number == 3:
        assert values(evidence, "never-seen")["missing"] == 1


def test_without_a_roster_it_still_tells() -> None:
    assert outcome(SAME, attended([EVERY] * 4, size=None)) == {("ok", "pass")}
    assert outcome(SAME, attended([*[EVERY] * 4, [2]], size=None)) == {("seldom", "review"), ("seen-seldom", "review")}


def test_one_day_has_nothing_to_compare() -> None:
    assert outcome(SAME, attended([[0]] * 40, num_days=1)) == {("one-day", "pass")}


def test_guessed_links_are_no_proof() -> None:
    evidence = attended([EVERY] * 5)
    assert evidence.people is not None
    first, *others = evidence.people.days
    blurred = replace(evidence.people, days=(replace(first, doubts=doubts(blurred=2)), *others))
    assert outcome(SAME, replace(evidence, people=blurred)) == {("guessed", "review")}
    alike = replace(evidence.people, days=(replace(first, doubts=doubts(look_alike=2)), *others))
    assert outcome(SAME, replace(evidence, people=alike)) == {("ok", "pass")}


def test_what_is_missing_is_no_pass() -> None:
    evidence = attended([EVERY] * 5)
    assert outcome(SAME, replace(evidence, people=None)) == {("no-people", "not-evaluated")}
    assert outcome(SAME, attended([])) == {("nobody-seen", "not-evaluated")}
    assert outcome(SAME, attended([[], []])) == {("no-days", "not-evaluated")}
    assert evidence.people is not None
    partly = replace(evidence, people=replace(evidence.people, days=evidence.people.days[:-1]))
    assert ("days-not-watched", "not-evaluated") in outcome(SAME, partly)
    assert run(SAME, partly).status is Status.NOT_EVALUATED


@pytest.mark.parametrize(
    ("state", "is_told"), [(DecisionState.APPLIED, False), (DecisionState.UNDONE, False), (DecisionState.STALE, True)]
)
def test_a_decision_that_holds_no_longer_is_told(state: DecisionState, is_told: bool) -> None:
    decision = Decision(
        number=3,
        kind=DecisionKind.MERGE,
        who="somebody",
        when=dt.datetime(2024, 6, 1, tzinfo=dt.UTC),
        persons=(1, 2),
    )
    evidence = replace(green(), decisions=(DecisionOutcome(decision=decision, state=state),))
    assert (("decision-stale", "review") in outcome(SAME, evidence)) is is_told


def test_decisions_that_cant_be_read_are_told() -> None:
    assert ("decisions-unreadable", "review") in outcome(SAME, replace(green(), decisions=None))


def test_the_same_people_of_a_picture_made_of_several_make_no_pass():
    assert outcome(SAME, green()) == {("ok", "pass")}
    for clip, expected in ((FACE1, ("tiled", "review")), (LECTURE, ("ok", "pass"))):
        evidence = change_clip(green(), clip, picture=picture(parts=(2, 1)))
        assert outcome(SAME, evidence) == {expected}
