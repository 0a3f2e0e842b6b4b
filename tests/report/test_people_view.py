from dataclasses import replace

import pytest

from tests.report import samples
from vidaudit.model.evidence import Box, ClassPerson, ClipEvidence, FaceEvidence, FaceView, PeopleEvidence, PersonSeen
from vidaudit.model.submission import ClipKind
from vidaudit.report.people_view import frames, persons, roster_notes, trainees


def test_each_person_of_the_class_has_a_card_with_the_days() -> None:
    cards = persons(samples.nasty())
    assert [(card.label, card.detail) for card in cards] == [
        ("1 号", "出现 2 天：5月20日、0521"),
        ("2 号", "出现 1 天：5月20日"),
    ]
    assert cards[0].picture is not None
    assert cards[1].picture is None


@pytest.mark.parametrize(("number", "detail"), [(3, "出现 3 天：0、1、2"), (4, "出现 4 天：0、1、2等")])
def test_many_days_are_cut_but_counted(number: int, detail: str) -> None:
    sample = samples.nasty()
    days = tuple(map(str, range(number)))
    person = ClassPerson(number=1, appearances=(), days=days)
    people = PeopleEvidence(persons=(person,), days=())
    [card] = persons(replace(sample, evidence=replace(sample.evidence, people=people)))
    assert (card.detail, card.days) == (detail, days)


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


def test_the_best_frame_tells_when_and_how_many() -> None:
    [card] = frames(samples.nasty())
    assert card.headcount == 4
    assert card.caption == "时间 2:05.5 · 画面中标出 1 人 · 同一帧最多 3 人 · 共查看 60 帧"


def test_the_roster_is_shown_masked_and_with_its_faults() -> None:
    rows = trainees(samples.nasty())
    assert rows[2].id_masked == "1404************3X"
    assert rows[2].notes == "身份证号：校验码不符、与性别栏不一致；与第 4 行重复"
    assert rows[1].notes == "缺：身份证号"
    assert rows[1].name.startswith("李四\\x0a")
    assert samples.FULL_ID not in "".join(roster_notes(samples.nasty()))


def test_a_missing_roster_is_said() -> None:
    assert trainees(samples.clean()) == ()
    assert "没有找到花名册" in roster_notes(samples.clean())[0]
