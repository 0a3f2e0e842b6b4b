import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.report.text import LONGEST_SHOWN, encodable, for_encoding, shown


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (None, ""),
        ("5月20日授课过程.mp4", "5月20日授课过程.mp4"),
        ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u200bb\ufeff", "ab"),
        ("全角\u3000空格", "全角 空格"),
        ("half \ud83d pair", "half \\ud83d pair"),
        ("😀", "😀"),
        ("line\u2028end", "line\\u2028end"),
    ],
)
def test_what_cannot_be_seen_is_made_visible_or_dropped(text: str | None, seen: str) -> None:
    assert shown(text) == seen


@pytest.mark.parametrize(("length", "is_cut"), [(LONGEST_SHOWN, False), (LONGEST_SHOWN + 1, True)])
def test_text_without_end_is_cut(length: int, is_cut: bool) -> None:
    seen = shown("长" * length)
    assert len(seen) == LONGEST_SHOWN
    assert seen.endswith("…") is is_cut


@given(st.text(st.characters()))
def test_shown_text_is_one_printable_line_that_utf8_can_hold(text: str) -> None:
    seen = shown(text)
    assert seen.isprintable()
    seen.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "encoding", "result"),
    [
        ("班✓", "utf-8", "班✓"),
        ("班✓", "gbk", "班?"),
        ("班✓", "cp437", "??"),
        ("班a", "no-such-encoding", "?a"),
    ],
)
def test_what_an_encoding_lacks_becomes_a_question_mark(text: str, encoding: str, result: str) -> None:
    assert for_encoding(text, encoding) == result
    assert encodable(text, encoding) == (text == result)
