"""The persons: who has which card, line and note; what was decided by hand."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.judge import builders
from tests.report import samples
from vidaudit.judge.engine import judge
from vidaudit.model.decision import Anchor, Decision, DecisionKind, DecisionOutcome, DecisionState
from vidaudit.model.doubt import doubts
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, FaceEvidence, FaceView, PersonSeen
from vidaudit.model.people import Appearance, ClassPerson, ElsewhereEvidence, PeopleEvidence, SeenElsewhere
from vidaudit.model.still import Box
from vidaudit.model.submission import ClipKind, DayFolder
from vidaudit.report.json_report import class_report
from vidaudit.report.material import Material
from vidaudit.report.people_list import people_lines
from vidaudit.report.persons_view import Presence, attendances, decisions, matrices, persons
from vidaudit.report.persons_view import doubts as doubts_of
from vidaudit.report.render import render_class
from vidaudit.report.schema import validate

DAY1, DAY2, FACE1, FACE2 = builders.DAY1, builders.DAY2, builders.FACE1, builders.FACE2
SHOWN = {Presence.ALL: "●", Presence.SOME: "◐", Presence.NONE: "○", Presence.UNKNOWN: "-"}


def shown(evidence: ClassEvidence, lang: str = "zh") -> Material:
    return samples.material(judge(evidence, builders.RULES_OF_PROFILE), evidence, lang=lang)


def with_persons(*persons: ClassPerson) -> ClassEvidence:
    evidence = builders.green()
    assert evidence.people is not None
    return replace(evidence, people=replace(evidence.people, persons=persons))


def person(number: int, *clips: str, by_hand: tuple[int, ...] = ()) -> ClassPerson:
    days = tuple(dict.fromkeys(clip.split("/")[0] for clip in clips))
    appearances = tuple(Appearance(clip=clip, index=number - 1) for clip in clips)
    return ClassPerson(number=number, appearances=appearances, days=days, by_hand=by_hand)


OTHER_DAY = tuple(clip.path for clip in builders.green().folder.clips if clip.day == DAY2 and "人脸" in clip.path)


def dots(evidence: ClassEvidence) -> dict[int, str]:
    return {one.person.number: "".join(SHOWN[s.presence] for s in one.sightings) for one in attendances(evidence)}


def test_each_day_is_whole_half_or_empty() -> None:
    evidence = with_persons(person(1, FACE1, FACE2, *OTHER_DAY), person(2, FACE1), person(3, *OTHER_DAY))
    assert dots(evidence) == {1: "●●", 2: "◐○", 3: "○●"}


def test_a_day_that_wasnt_watched_is_neither_present_nor_absent() -> None:
    evidence = with_persons(person(1, FACE1, FACE2))
    for path in OTHER_DAY:
        evidence = builders.change_clip(evidence, path, faces=None)
    assert dots(evidence) == {1: "●-"}
    assert [sighting.num_clips for sighting in attendances(evidence)[0].sightings] == [2, None]


def test_those_seen_on_most_days_come_first() -> None:
    evidence = with_persons(person(1, FACE1), person(2, FACE1, *OTHER_DAY), person(3, FACE1, *OTHER_DAY))
    assert [one.person.number for one in attendances(evidence)] == [2, 3, 1]


def test_a_card_tells_days_clips_and_quality() -> None:
    cards = persons(shown(with_persons(person(2, FACE1, FACE2))))
    assert [(card.label, card.detail, card.facts) for card in cards] == [
        ("2 号", "1 / 2 天", "2 段，脸宽 100 像素（细节 100）")
    ]


def test_a_card_tells_what_was_decided_and_where_else_the_person_was() -> None:
    evidence = with_persons(person(1, FACE1, by_hand=(2, 3)), person(2, FACE2))
    sight = SeenElsewhere(
        seen=Appearance(clip=FACE1, index=0),
        day=DAY1,
        date=dt.date(2024, 5, 20),
        class_name="乙班",
        person=7,
        distance=0.3,
    )
    elsewhere = ElsewhereEvidence(compared=("乙班",), seen=(sight, sight))
    first, second = persons(shown(replace(evidence, elsewhere=elsewhere)))
    assert first.notes == ("经人工决定（第 2、3 项）", "同日也在“乙班”（该班 7 号）")
    assert second.notes == ()


def test_the_pictures_are_those_of_the_evidence() -> None:
    cards = persons(samples.nasty())
    assert [card.label for card in cards] == ["1 号", "2 号"]
    assert cards[0].picture is not None
    assert cards[1].picture is None


def test_without_links_between_clips_each_clip_shows_its_own_persons() -> None:
    view = FaceView(at_s=61.5, box=Box(x_px=0, y_px=0, width_px=50, height_px=50), score=0.9, width_px=50)
    seen = PersonSeen(index=0, num_views=3, first_s=60, last_s=63, best=view, snapshot="person.png")
    faces = FaceEvidence(
        detector="hog", persons=(seen,), low=1, high=1, max_at_once=1, num_frames=9, num_frames_with_faces=3
    )
    sample = samples.nasty()
    clip = ClipEvidence(path="0520/a.mp4", kind=ClipKind.FACE, faces=faces)
    changed = replace(sample, evidence=replace(sample.evidence, people=None, clips=(clip,)))
    [card] = persons(changed)
    assert (card.label, card.detail) == ("1:01.5", "0520/a.mp4")
    assert card.picture is not None
    assert matrices(changed) == ()


@pytest.mark.parametrize(("num_days", "sizes"), [(31, [31]), (32, [31, 1]), (63, [31, 31, 1])])
def test_a_long_class_gets_several_tables(num_days: int, sizes: list[int]) -> None:
    evidence = with_persons(person(1, FACE1))
    days = tuple(DayFolder(path=str(number), date=None) for number in range(num_days))
    made = matrices(shown(replace(evidence, folder=replace(evidence.folder, days=days))))
    assert [len(matrix.heads) for matrix in made] == sizes
    assert all(len(row.sightings) == len(matrix.heads) for matrix in made for row in matrix.rows)


def test_the_days_tell_how_many_and_why_it_is_an_interval() -> None:
    evidence = builders.with_people(builders.green(), DAY1, 5, 4, 6)
    assert evidence.people is not None
    first, second = evidence.people.days
    unsure = replace(first, doubts=doubts(look_alike=1, seen_once=1))
    material = shown(replace(evidence, people=replace(evidence.people, days=(unsure, second))))
    [matrix] = matrices(material)
    assert (matrix.heads, matrix.counts) == (("5/20", "5/21"), ("5 (4–6)", "5"))
    [said] = doubts_of(material)
    assert said.startswith("5/20：5 人，4 至 6 人")
    assert "有 1 人可能与相貌相似的另一人是同一人、有 1 张人脸只看到一次且不清楚" in said


def outcome(kind: DecisionKind, state: DecisionState, **more: object) -> DecisionOutcome:
    decision = Decision(
        number=1, kind=kind, who="<b>李", when=dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC), persons=(3, 5), **more
    )
    return DecisionOutcome(decision=decision, state=state)


DECIDED = (
    outcome(DecisionKind.MERGE, DecisionState.STALE),
    outcome(DecisionKind.SPLIT, DecisionState.APPLIED, anchors=(Anchor(clip=FACE1, at_s=1.0, x_px=1.0),)),
    outcome(DecisionKind.UNDO, DecisionState.APPLIED, undoes=9),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_decisions_are_told_in_words_with_their_state(lang: str) -> None:
    merge, split, undo = decisions(shown(replace(builders.green(), decisions=DECIDED), lang))
    assert "3" in merge.what
    assert "5" in merge.what
    assert FACE1 in split.what
    assert "9" in undo.what
    assert merge.state != split.state == undo.state


def test_the_report_holds_them_harmless_and_by_its_schema() -> None:
    evidence = replace(builders.green(), decisions=DECIDED)
    material = shown(evidence)
    files = render_class(replace(material, evidence=evidence, pictures={}))
    assert b"<b>\xe6\x9d\x8e" not in files["report.html"]
    made = class_report(material.verdict, material.profile, material.context, evidence)
    assert [fault for fault in validate(made) if fault.startswith("people")] == []
    assert [one["number"] for one in made["people"]["persons"]] == [1, 2, 3, 4, 5]
    assert [one["state"] for one in made["people"]["decisions"]] == ["stale", "applied", "applied"]


def test_what_is_unknown_is_null_in_the_report() -> None:
    evidence = replace(builders.green(), people=None, decisions=None)
    material = shown(evidence)
    made = class_report(material.verdict, material.profile, material.context, evidence)
    assert [fault for fault in validate(made) if fault.startswith("people")] == []
    assert (made["people"]["days"], made["people"]["persons"], made["people"]["decisions"]) == (None, None, None)


def test_the_list_for_the_terminal() -> None:
    evidence = replace(with_persons(person(1, FACE1), person(2, FACE1, *OTHER_DAY, by_hand=(1,))), decisions=DECIDED)
    lines = list(people_lines(evidence, "en"))
    assert lines[0] == "No. 1  1 of 2 days"
    assert lines[1] == f"    {FACE1}"
    assert lines[2] == "No. 2  2 of 2 days  decided by hand (no. 1)"
    assert len(lines) == 2 + 4 + 1 + 3
    nobody = replace(builders.green(), people=PeopleEvidence(persons=(), days=()))
    assert list(people_lines(nobody, "en")) == ["There are no faces to show."]
