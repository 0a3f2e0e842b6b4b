import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.intake.numerals import fold, fold_width, to_int


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("05", 5),
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("廿一", 21),
        ("卅", 30),
        ("九十九", 99),
        ("二〇二四", 2024),
        ("两", 2),
    ],
)
def test_numbers_are_read(text: str, value: int) -> None:
    assert to_int(text) == value


@pytest.mark.parametrize("text", ["", "十十", "二廿", "一二十", "十一二", "五月", "x", "-1", "1" * 19, "一" * 19, "²"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert to_int(text) is None


@given(st.text())
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(fold_width(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_width_and_traditional_characters_are_folded() -> None:
    assert fold("課間人臉識別視頻２（①）") == "课间人脸识别视频2(1)"
