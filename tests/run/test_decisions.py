"""Decisions by hand: made, applied, taken back, and stale."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge.builders import DAY1, DAY2, FACE1, FACE2, green, person, view
from vidaudit.errors import UsageError
from vidaudit.model.decision import DecisionLog, DecisionState
from vidaudit.model.doubt import doubts
from vidaudit.model.evidence import ClassEvidence, FaceEvidence
from vidaudit.model.still import Box
from vidaudit.run.codec import to_json
from vidaudit.run.decisions import (
    Maker,
    apply_decisions,
    decided,
    decisions_of,
    parse_decisions,
    with_merge,
    with_split,
    with_undo,
)

MAKER = Maker(who="inspector", when=dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC))
NONE = DecisionLog()


def seen(index: int) -> FaceEvidence:
    """Five persons, each at a place and a time of their own; `index` tells the clips apart."""
    best = [
        view(
            at_s=float(10 * index + number),
            box=Box(x_px=200.0 * number, y_px=9, width_px=90, height_px=90),
            effective_width_px=50.0 + index,
        )
        for number in range(5)
    ]
    persons = tuple(person(number, one) for number, one in enumerate(best))
    named = tuple(replace(one, snapshot=f"{index}-{one.index}.jpg") for one in persons)
    return FaceEvidence(
        detector="test", persons=named, low=5, high=5, max_at_once=3, num_frames=9, num_frames_with_faces=9
    )


def five() -> ClassEvidence:
    """Five people, each in both face clips of both days."""
    evidence = green()
    clips = tuple(
        replace(clip, faces=seen(index)) if clip.faces is not None else clip
        for index, clip in enumerate(evidence.clips)
    )
    return replace(evidence, clips=clips)


def merged(*numbers: int, log: DecisionLog = NONE) -> DecisionLog:
    return with_merge(apply_decisions(five(), log), log, numbers, MAKER)


def split(number: int, where: str, log: DecisionLog = NONE) -> DecisionLog:
    return with_split(apply_decisions(five(), log), log, number, where, MAKER)


def numbers(evidence: ClassEvidence) -> list[int]:
    assert evidence.people is not None
    return [person.number for person in evidence.people.persons]


def bounds(evidence: ClassEvidence) -> list[tuple[int, int, int]]:
    assert evidence.people is not None
    return [(day.low, day.persons, day.high) for day in evidence.people.days]


def states(evidence: ClassEvidence) -> list[DecisionState]:
    assert evidence.decisions is not None
    return [outcome.state for outcome in evidence.decisions]


def test_nothing_decided_changes_nothing() -> None:
    assert apply_decisions(five(), NONE) == decided(five(), b"") == five()


def test_a_merge_leaves_the_lowest_number_and_the_others_free() -> None:
    made = apply_decisions(five(), merged(4, 2))
    assert numbers(made) == [1, 2, 3, 5]
    assert made.people is not None
    one = made.people.persons[1]
    assert (len(one.appearances), one.days, one.by_hand) == (8, (DAY1, DAY2), (1,))
    assert one.snapshot in {"4-1.jpg", "4-3.jpg"}  # of the last face clip, which has most detail
    assert bounds(made) == [(4, 4, 4), (4, 4, 4)]
    assert states(made) == [DecisionState.APPLIED]


def test_the_others_stay_as_they_were() -> None:
    before, after = five().people, apply_decisions(five(), merged(4, 2)).people
    assert before is not None
    assert after is not None
    assert [after.persons[place] for place in (0, 2, 3)] == [before.persons[place] for place in (0, 2, 4)]


@pytest.mark.parametrize("where", [DAY2, FACE1, FACE1.rpartition("/")[2]])
def test_a_split_gives_a_new_number(where: str) -> None:
    made = apply_decisions(five(), split(3, where))
    assert made.people is not None
    assert numbers(made) == [1, 2, 3, 4, 5, 6]
    kept, new = made.people.persons[2], made.people.persons[5]
    assert len(kept.appearances) + len(new.appearances) == 4
    assert {one.clip.startswith(DAY2) for one in new.appearances} == {where == DAY2}
    assert kept.by_hand == new.by_hand == (1,)


def test_a_split_raises_the_upper_bound_and_never_the_lower_one() -> None:
    assert bounds(apply_decisions(five(), split(3, FACE1))) == [(5, 6, 6), (5, 5, 5)]
    assert bounds(apply_decisions(five(), split(3, DAY2))) == [(5, 5, 5), (5, 5, 5)]


def test_doubts_follow_the_bounds() -> None:
    evidence = five()
    assert evidence.people is not None
    first, second = evidence.people.days
    unsure = replace(first, low=3, high=7, doubts=doubts(look_alike=1, one_clip=1, seen_once=2))
    people = replace(evidence.people, days=(unsure, second))
    made = apply_decisions(replace(evidence, people=people), merged(1, 2)).people
    assert made is not None
    assert (made.days[0].low, made.days[0].persons, made.days[0].high) == (3, 4, 6)
    assert made.days[0].doubts == doubts(look_alike=1, seen_once=2)


def test_merging_what_was_split_brings_back_the_counts() -> None:
    log = split(3, DAY2)
    made = apply_decisions(five(), merged(3, 6, log=log))
    assert numbers(made) == [1, 2, 3, 4, 5]
    assert bounds(made) == bounds(five())
    assert made.people is not None
    assert made.people.persons[2].by_hand == (1, 2)


def test_an_undo_leaves_the_machine_s_persons() -> None:
    log = with_undo(merged(1, 2), 1, MAKER)
    made = apply_decisions(five(), log)
    assert made.people == five().people
    assert states(made) == [DecisionState.UNDONE, DecisionState.APPLIED]
    assert [decision.number for decision in log.decisions] == [1, 2]


def test_an_undo_in_the_middle_leaves_the_later_ones() -> None:
    log = with_undo(merged(4, 5, log=merged(1, 2)), 1, MAKER)
    assert numbers(apply_decisions(five(), log)) == [1, 2, 3, 4]


def test_persons_are_found_again_under_another_index() -> None:
    evidence = five()
    turned = []
    for clip in evidence.clips:
        if clip.faces is None:
            turned.append(clip)
            continue
        persons = tuple(replace(one, index=4 - one.index) for one in clip.faces.persons)
        turned.append(replace(clip, faces=replace(clip.faces, persons=persons)))
    made = apply_decisions(replace(evidence, clips=tuple(turned)), merged(1, 2))
    assert states(made) == [DecisionState.APPLIED]
    assert numbers(made) == [1, 2, 3, 4]  # whom the new indices call 4 and 5


@pytest.mark.parametrize(("moved_px", "moved_s"), [(46.0, 0.0), (0.0, 0.02)])
def test_a_decision_about_other_footage_is_stale(moved_px: float, moved_s: float) -> None:
    evidence = five()
    first = evidence.clips[0]
    assert first.faces is not None
    persons = tuple(
        replace(
            one,
            best=replace(
                one.best, at_s=one.best.at_s + moved_s, box=replace(one.best.box, x_px=one.best.box.x_px + moved_px)
            ),
        )
        for one in first.faces.persons
    )
    other = replace(evidence, clips=(replace(first, faces=replace(first.faces, persons=persons)), *evidence.clips[1:]))
    made = apply_decisions(other, merged(1, 2))
    assert states(made) == [DecisionState.STALE]
    assert made.people == five().people


def test_without_faces_all_is_stale() -> None:
    evidence = replace(five(), people=None)
    assert states(apply_decisions(evidence, merged(1, 2))) == [DecisionState.STALE]


def test_what_cant_be_read_is_told_and_changes_nothing(tmp_path: Path) -> None:
    made = decided(five(), b"{")
    assert (made.people, made.decisions) == (five().people, None)
    (tmp_path / "decisions.json").write_bytes(b"{")
    with pytest.raises(UsageError, match=r"decisions\.json can't be read"):
        decisions_of(tmp_path)


def test_decisions_outlive_being_written() -> None:
    log = split(3, DAY2, merged(1, 2))
    assert parse_decisions(to_json(log)) == log
    assert decided(five(), to_json(log)) == apply_decisions(five(), log)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: merged(3), "at least two different"),
        (lambda: merged(3, 3), "at least two different"),
        (lambda: merged(1, 6), "no person 6"),
        (lambda: split(6, DAY1), "no person 6"),
        (lambda: split(1, "5月22日"), "was not seen in"),
        (lambda: split(6, DAY2, split(1, DAY2)), "nothing would be left"),
        (lambda: with_undo(NONE, 1, MAKER), "no decision 1"),
        (lambda: with_undo(with_undo(merged(1, 2), 1, MAKER), 1, MAKER), "taken back already"),
        (lambda: with_undo(with_undo(merged(1, 2), 1, MAKER), 2, MAKER), "no decision 2"),
    ],
)
def test_what_cant_be_decided(make, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        make()


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 7), st.integers(1, 7)), max_size=6))
def test_everybody_stays_somebody_and_the_bounds_hold(wanted: list[tuple[bool, int, int]]) -> None:
    log = NONE
    for is_merge, one, other in wanted:
        try:
            log = merged(one, other, log=log) if is_merge else split(one, (FACE1, FACE2, DAY2)[other % 3], log)
        except UsageError:
            continue
    people, before = apply_decisions(five(), log).people, five().people
    assert people is not None
    assert before is not None
    everything = sorted((one.clip, one.index) for person in before.persons for one in person.appearances)
    assert sorted((one.clip, one.index) for person in people.persons for one in person.appearances) == everything
    assert len({person.number for person in people.persons}) == len(people.persons)
    for day in people.days:
        assert 1 <= day.low <= day.persons <= day.high
        assert day.persons == sum(day.day in person.days for person in people.persons)
