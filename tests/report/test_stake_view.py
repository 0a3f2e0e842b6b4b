from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.report import samples
from vidaudit.model.stake import Item, Note, NoteCode, StakePeople
from vidaudit.report.context import LANGUAGES
from vidaudit.report.messages import catalogue
from vidaudit.report.stake_view import Range, evidenced_people, note_text, range_text, stake_view, total, training

ZH, EN = catalogue("zh"), catalogue("en")
MADE = samples.stake()
TRAINING = next(line for line in MADE.lines if line.item is Item.TRAINING)


def test_each_sum_is_worked_out_in_words() -> None:
    view = stake_view(MADE, ZH)
    row = view.rows[0]
    assert (row.title, row.claimed, row.evidenced) == ("培训补贴", "60,000 元", "44,200 至 60,000 元")
    assert row.working == (
        "申报：30 人 × 2,000 元（10 天 × 150 元 + 14 天 × 100 元 = 2,900 元，封顶 2,000 元）= 60,000 元",
        "佐证（确定部分）：26 人 × 1,700 元（10 天 × 150 元 + 2 天 × 100 元）= 44,200 元",
        "佐证（至多）：30 人 × 2,000 元（10 天 × 150 元 + 6 天 × 100 元 = 2,100 元，封顶 2,000 元）= 60,000 元",
    )
    assert row.clause == "壶技能办发〔2024〕1号 附件4 三(3)"


def test_a_limit_reads_as_a_limit_and_the_unknown_as_not_known() -> None:
    row = stake_view(MADE, EN).rows[1]
    assert (row.title, row.claimed, row.evidenced) == (
        "Certificates, if all obtain them: beginner",
        "at most 12,000 yuan",
        "not known",
    )


def test_days_and_people_are_told() -> None:
    facts = dict(stake_view(MADE, ZH).facts)
    assert facts["申报天数"] == "24 天（按花名册所列日期）"
    assert facts["视频佐证天数"] == "符合 12 天，待人工查看 4 天，不符合 7 天，未报送 1 天"
    assert facts["视频佐证人数"] == "26 至 30 人"


@pytest.mark.parametrize(
    ("low", "high", "is_at_most", "text"),
    [
        (None, None, False, "不详"),
        (1, None, False, "不少于 1 元"),
        (None, 2, False, "至多 2 元"),
        (0, 0, False, "0 元"),
        (1, 2, False, "1 至 2 元"),
        (1, 2, True, "至多 2 元"),
        ("0.5", "1234567.25", False, "0.5 至 1,234,567.25 元"),
    ],
)
def test_ranges_in_words(low: Any, high: Any, is_at_most: bool, text: str) -> None:
    exact = [None if one is None else Decimal(one) for one in (low, high)]
    assert range_text(Range(low=exact[0], high=exact[1], is_at_most=is_at_most), ZH) == text


@pytest.mark.parametrize(
    ("low", "high", "text"), [(None, None, "不详"), (3, None, "不少于 3 人"), (3, 3, "3 人"), (3, 4, "3 至 4 人")]
)
def test_people_in_words(low: int | None, high: int | None, text: str) -> None:
    assert evidenced_people(replace(MADE, people=StakePeople(claimed=None, low=low, high=high)), ZH) == text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", NoteCode)
def test_every_condition_has_words(lang: str, code: NoteCode) -> None:
    words = catalogue(lang)
    assert f"stake_note_{code}" not in note_text(Note(code=code), words)


def test_without_a_roster_the_condition_names_no_numbers() -> None:
    values = {"min_share": 0.8, "people": None, "least": None}
    text = note_text(Note(code=NoteCode.EMPLOYMENT, values=values), EN)
    assert text == "At least 80% must find work afterwards; footage can't show that."


def test_the_sum_over_classes_is_not_known_where_one_of_them_is_not() -> None:
    one = training(MADE)
    both = total([one, one])
    assert (both.claimed.high, both.evidenced.low, both.evidenced.high) == (120_000, 88_400, 120_000)
    assert total([one, training(None)]).claimed.high is None
    assert total([]).claimed.high is None


def test_levels_are_alternatives_and_not_added_up() -> None:
    made = replace(MADE, lines=(replace(TRAINING, level="beginner"), replace(TRAINING, level="senior", low=None)))
    assert training(made).claimed.high == 60_000
    assert training(made).evidenced.low is None
