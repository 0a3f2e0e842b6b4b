"""Text in the encodings that Chinese offices use, and what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.media.text import sniff_text
from vidaudit.model.media import Container

CHINESE = "壶关县职业技能培训班　授课过程\r\n第1期，育婴员" * 400


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_the_usual_encodings(encoding: str) -> None:
    data = CHINESE.encode(encoding)
    assert sniff_text(data, len(data)) is Container.TEXT


@pytest.mark.parametrize("cut", [4095, 4096, 4097])
def test_a_sample_may_end_inside_a_character(cut: int) -> None:
    assert sniff_text(CHINESE.encode()[:cut], cut) is Container.TEXT


@pytest.mark.parametrize("data", [b"", b"text\0text", b"\x01\x02", b"\xff\xff\xff", b"abc\x1b[31m"])
def test_controls_are_no_text(data: bytes) -> None:
    assert sniff_text(data, len(data)) is None


@pytest.mark.parametrize("start", ["#EXTM3U", "\ufeff#extm3u", "  [playlist]", "v=0\no=- 1 1 IN IP4 x", "http://x/y"])
def test_playlists_in_any_case_and_behind_a_byte_order_mark(start: str) -> None:
    data = start.encode()
    assert sniff_text(data, len(data)) is Container.PLAYLIST


def test_an_address_inside_a_text_makes_no_playlist() -> None:
    data = b"see http://example.org"
    assert sniff_text(data, len(data)) is Container.TEXT


@given(st.text(alphabet="课间人脸识别视频 abc123\n", min_size=1))
def test_plain_characters_are_text(text: str) -> None:
    data = text.encode()
    assert sniff_text(data, len(data)) is Container.TEXT
