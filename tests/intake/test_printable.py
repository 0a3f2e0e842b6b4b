import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.intake.printable import natural_key, printable

names = st.binary(min_size=1, max_size=60).map(lambda raw: raw.decode("utf-8", "surrogateescape")) | st.text(min_size=1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("5月20日", "5月20日"),
        ("课间　视频", "课间　视频"),
        ("a\nb", r"a\x0ab"),
        ("a\tb\x7f", r"a\x09b\x7f"),
        ("a\udcffb", r"a\xffb"),
        ("\x85", r"\u0085"),
        ("gpj\u202e.mp4", r"gpj\u202e.mp4"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("back\\slash", r"back\\slash"),
        ("\ud800", r"\ud800"),
        ("\U000e0001", r"\U000e0001"),
        ("班😀", "班😀"),
    ],
)
def test_what_does_not_print_is_escaped(name: str, shown: str) -> None:
    assert printable(name) == shown


@given(names)
def test_the_result_is_printable_and_encodable(name: str) -> None:
    shown = printable(name)
    assert shown.replace("　", " ").isprintable()
    shown.encode("utf-8")


@given(names, names)
def test_different_names_stay_different(first: str, second: str) -> None:
    assert (printable(first) == printable(second)) == (first == second)


@pytest.mark.parametrize("tricky", [("\\x0a", "\n"), ("\udcff", "\\xff"), ("\u0085", "\udc85"), ("é", "e\u0301")])
def test_an_escape_is_not_taken_for_what_it_stands_for(tricky: tuple[str, str]) -> None:
    assert printable(tricky[0]) != printable(tricky[1])


@pytest.mark.parametrize(
    "in_order",
    [
        ["第2期", "第10期"],
        ["第二期", "第十期", "第十二期"],
        ["5月3日", "5月20日", "10月1日"],
        ["视频2", "视频１０"],
        ["a", "a1", "a1b", "a2"],
    ],
)
def test_numbers_sort_as_numbers(in_order: list[str]) -> None:
    backwards = in_order[::-1]
    assert sorted(backwards, key=natural_key) == in_order


@given(st.lists(names, max_size=8))
def test_sorting_never_depends_on_the_order_given(several: list[str]) -> None:
    backwards = several[::-1]
    assert sorted(several, key=natural_key) == sorted(backwards, key=natural_key)
