from tests.report import samples
from vidaudit.report.people_view import frames, roster_notes, trainees


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
