import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.intake.identity import age_on, check_character, check_identity, mask_identity

TODAY = dt.date(2024, 6, 1)
# The worked example of GB 11643-1999 itself.
STANDARD = "11010519491231002X"
births = st.dates(min_value=dt.date(1900, 1, 1), max_value=TODAY)


def number(birth: dt.date, sequence: int = 2, region: str = "140427") -> str:
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def faults(value: object, **told: object) -> tuple[str, ...]:
    return check_identity(value, today=TODAY, **told).faults  # type: ignore[arg-type]


def test_the_example_of_the_standard() -> None:
    found = check_identity(STANDARD, today=TODAY)
    assert found.faults == ()
    assert (found.birth_date, found.sex) == (dt.date(1949, 12, 31), "女")
    assert check_identity("440524188001010014", today=TODAY).faults == ("birth-date",)  # born before 1900


@given(births, st.integers(0, 999))
def test_a_made_number_is_right_and_every_other_check_character_wrong(birth: dt.date, sequence: int) -> None:
    right = number(birth, sequence)
    assert faults(right) == ()
    for last in set("0123456789X") - {right[-1]}:
        assert faults(right[:-1] + last) == ("checksum",)


@given(births, st.integers(0, 999), st.integers(0, 16))
def test_one_wrong_digit_never_passes(birth: dt.date, sequence: int, place: int) -> None:
    right = number(birth, sequence)
    wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
    assert "checksum" in faults(wrong)


@pytest.mark.parametrize(
    "value",
    [
        STANDARD.lower(),
        f"'{STANDARD}",
        f" {STANDARD}\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-19491231-002X",
    ],
)
def test_ways_to_write_a_right_number(value: str) -> None:
    assert faults(value) == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("11010519491231002", ("length",)),
        (STANDARD + "0", ("length", "characters")),
        ("110105491231002", ("length",)),
        (110105491231002.0, ("length",)),
        ("11010519491231OO2X", ("characters",)),
        ("1404************25", ("characters",)),
        (1.40427197001e17, ("rounded",)),
        (140427197001100000, ("rounded",)),
        ("1.40427E+17", ("rounded",)),
        ("1.40427197001e+17", ("rounded",)),
        (float("nan"), ("characters",)),
        (float("inf"), ("characters",)),
        (-5, ("characters",)),
        ("无", ("length", "characters")),
    ],
)
def test_wrong_in_form(value: object, expected: tuple[str, ...]) -> None:
    assert faults(value) == expected


def test_an_exact_whole_number_counts_as_text() -> None:
    assert faults(140427197001100025) == ()


@pytest.mark.parametrize("value", [None, "", "  ", "'", True])
def test_no_number_at_all(value: object) -> None:
    found = check_identity(value, today=TODAY)
    assert (found.masked, found.faults, found.key) == (None, (), None)


def test_births_must_be_real_and_not_to_come() -> None:
    assert faults(number(TODAY)) == ()
    assert faults(number(TODAY + dt.timedelta(days=1))) == ("birth-date",)
    body = "14042720230229001"
    assert faults(body + check_character(body)) == ("birth-date",)


@pytest.mark.parametrize(("told", "expected"), [("男", ("sex",)), ("女", ()), (None, ()), ("不详", ())])
def test_the_sex_column(told: str | None, expected: tuple[str, ...]) -> None:
    assert faults(STANDARD, sex=told) == expected


@pytest.mark.parametrize(
    ("told", "expected"), [(53, ()), (52, ()), (54, ()), (51, ("age",)), (55, ("age",)), (None, ())]
)
def test_the_age_column_may_be_off_by_one(told: int | None, expected: tuple[str, ...]) -> None:
    value = number(dt.date(1971, 6, 1))
    assert faults(value, age=told, age_on=TODAY) == expected
    assert faults(value, age=told) == ()


def test_age_is_counted_on_the_birthday() -> None:
    assert age_on(dt.date(2000, 6, 1), dt.date(2024, 6, 1)) == 24
    assert age_on(dt.date(2000, 6, 2), dt.date(2024, 6, 1)) == 23


@given(st.text(max_size=30))
def test_a_mask_shows_six_characters_at_most(text: str) -> None:
    masked = mask_identity(text)
    assert len(masked) == len(text)
    assert len(masked.replace("*", "")) <= 6
    if len(text) < 12:
        assert set(masked) <= {"*"}


def test_a_mask_keeps_both_ends() -> None:
    assert mask_identity(STANDARD) == "1101************2X"


def test_the_number_itself_is_never_printed() -> None:
    assert STANDARD not in repr(check_identity(STANDARD, today=TODAY))
