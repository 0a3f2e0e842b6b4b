"""IDN002: what is said of each photograph, and that it is silent where none were given."""

from dataclasses import replace

import pytest

from tests.judge.builders import DAY1, DAY2, RULES_OF_PROFILE, green, outcome, roster, run
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import Appearance, PhotoEvidence, PhotoFault, PhotoMatch, PhotoOutcome, PhotoProblem
from vidaudit.model.verdict import Level, Status

MATCH = "photo-match"
NOTES = {("error-rate", "pass"), ("unmatched-persons", "pass")}


def match(index: int, outcome: PhotoOutcome = PhotoOutcome.FOUND, **changes) -> PhotoMatch:
    """The photograph of the trainee with this number (from 0), and the person with the next one."""
    clip = green().folder.clips[0].path
    seen = None if outcome is PhotoOutcome.NOT_SEEN else Appearance(clip=clip, index=index)
    return PhotoMatch(
        row=index + 3,
        name=f"学员{index}",
        file=f"学员{index}.jpg",
        outcome=outcome,
        seen=seen,
        distance=None if seen is None else 0.31,
        **changes,
    )


def photographed(*matches: PhotoMatch, faults: tuple[PhotoFault, ...] = ()) -> ClassEvidence:
    photos = PhotoEvidence(
        descriptor="dlib",
        limit=0.5,
        loose_limit=0.6,
        num_stranger_pairs=10,
        num_alike_strangers=1,
        matches=matches,
        faults=faults,
    )
    return replace(green(), photos=photos)


ALL = tuple(match(index) for index in range(4))


def test_without_photographs_the_rule_is_left_out() -> None:
    assert MATCH not in {result.slug for result in judge(green(), RULES_OF_PROFILE).rules}


def test_it_only_advises() -> None:
    verdict = judge(photographed(match(0, PhotoOutcome.NOT_SEEN)), RULES_OF_PROFILE)
    result = next(result for result in verdict.rules if result.slug == MATCH)
    assert (result.level, result.status) == (Level.ADVISE, Status.REVIEW)
    assert verdict.status is Status.PASS


def test_everybody_found_is_a_pass_with_the_days() -> None:
    result = run(MATCH, photographed(*ALL))
    assert result.status is Status.PASS
    found = [finding for finding in result.findings if finding.code == "found"]
    assert [finding.values["row"] for finding in found] == [3, 4, 5, 6]
    assert {finding.values["days"] for finding in found} == {(DAY1, DAY2)}
    (rate,) = (finding.values for finding in result.findings if finding.code == "error-rate")
    assert rate == {"limit": 0.5, "pairs": 10, "alike": 1}
    (others,) = (finding.values for finding in result.findings if finding.code == "unmatched-persons")
    assert others == {"persons": 1}  # the teacher


@pytest.mark.parametrize(("doubtful", "code"), [(PhotoOutcome.UNCLEAR, "unclear"), (PhotoOutcome.NOT_SEEN, "not-seen")])
def test_whatever_is_not_certain_is_for_a_person(doubtful: PhotoOutcome, code: str) -> None:
    evidence = photographed(*ALL[:3], match(3, doubtful))
    assert outcome(MATCH, evidence) == {("found", "pass"), (code, "review"), *NOTES}


def test_an_appearance_that_is_gone_is_not_seen() -> None:
    gone = replace(ALL[3], seen=Appearance(clip="gone.mp4", index=1))
    assert ("not-seen", "review") in outcome(MATCH, photographed(*ALL[:3], gone))


def test_those_without_a_photograph_were_not_compared() -> None:
    assert outcome(MATCH, photographed(*ALL[:3])) == {("found", "pass"), ("without-photo", "not-evaluated"), *NOTES}


def test_nobody_is_left_over_when_all_were_matched() -> None:
    evidence = photographed(*ALL)
    assert evidence.people is not None
    alone = replace(evidence, people=replace(evidence.people, persons=evidence.people.persons[:4]))
    assert outcome(MATCH, alone) == {("found", "pass"), ("error-rate", "pass")}


@pytest.mark.parametrize("problem", PhotoProblem)
def test_every_bad_photograph_is_named(problem: PhotoProblem) -> None:
    result = run(MATCH, photographed(*ALL, faults=(PhotoFault(file="x.jpg", problem=problem),)))
    (named,) = (finding for finding in result.findings if finding.code == f"photo-{problem}")
    assert (named.status, named.values) == (Status.REVIEW, {"file": "x.jpg"})


def test_what_is_missing_is_said() -> None:
    assert outcome(MATCH, replace(photographed(*ALL), roster=None)) == {("no-roster", "not-evaluated")}
    assert outcome(MATCH, replace(photographed(*ALL), roster=roster(0))) == {("no-roster", "not-evaluated")}
    assert outcome(MATCH, replace(photographed(*ALL), people=None)) == {("no-people", "not-evaluated")}
    assert outcome(MATCH, photographed()) == {("no-photos", "not-evaluated")}


def test_photographs_of_another_roster_are_left_out() -> None:
    other = roster(4)
    renamed = replace(other, trainees=(replace(other.trainees[0], name="王五"), *other.trainees[1:]))
    found = outcome(MATCH, replace(photographed(*ALL), roster=renamed))
    assert found == {("found", "pass"), ("roster-changed", "not-evaluated"), ("without-photo", "not-evaluated"), *NOTES}
