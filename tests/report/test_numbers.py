import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.report import formats
from vidaudit.report.numbers import id_spans, mobile_spans
from vidaudit.report.privacy import mask_ids
from vidaudit.report.text import shown

SIGNS = ["  ", "\u3000", "\u00a0", "—", "——", "／", ",", ", ", ":", "·", "－", "/", "、", "~", " - ", ")(", "一", "."]
HIDDEN = ["\u200b", "\ufe0f", "\\u200b", "\u2060", "\u00ad", "\u0301", "\U000e0100", "\\U000e0100", "\u20e3"]
DIGITS = re.compile(r"\d")


def left(text: str) -> int:
    """How many digits can still be read."""
    return len(DIGITS.findall(re.sub(r"\\u200b|\\U000e0100|\\u00a0|\\xa1|\\xaa", "", mask_ids(text))))


@pytest.mark.parametrize("sign", [*SIGNS, *HIDDEN, "\\u00a0", "\\xa1\\xaa"])
@pytest.mark.parametrize(
    ("groups", "most"),
    [
        (("140427", "19900307", "1234"), 6),
        (("140427", "1990", "0307", "123X"), 6),
        (("140427199003", "071234"), 6),
        (("1404", "2719", "9003", "0712", "34"), 6),
        (tuple("140427199003071234"), 6),
        (("140427", "900307", "123"), 6),
        (("140427900307", "123"), 6),
        (("139", "0000", "0001"), 5),
        (("1390", "000", "0001"), 5),
        (("13900", "000001"), 5),
        (("139", "00000001"), 5),
        (tuple("13900000001"), 5),
        (("139", "00", "00", "00", "01"), 5),
    ],
)
def test_no_sign_between_groups_hides_a_number(sign: str, groups: tuple[str, ...], most: int) -> None:
    for text in (sign.join(groups), f"张三{sign.join(groups)}.mp4", f"电话：{sign.join(groups)}（本人）"):
        assert left(text.replace("mp4", "")) <= most, mask_ids(text)


@pytest.mark.parametrize(
    "text",
    [
        "+8613900000001",
        "8613900000001",
        "008613900000001",
        "+86 139 0000 0001",
        "(+86)139-0000-0001",
        "013900000001",
        "139－0000－0001",
        "1139-0000-0001",
        "139-0000-00011",
        "1140427 19900307 1234",
        "视频1140427 19900307 1234",
        "140427 19900307 12345",
        "140427 90030712 3",
        "①③⑨０００００００１",
        "𝟏𝟑𝟗00000001",
        "١٣٩٠٠٠٠٠٠٠١",
        "1️⃣3️⃣900000001",
        "140427/19900307/1234",
    ],
)
def test_however_a_number_is_written_it_is_masked(text: str) -> None:
    assert left(text) <= 8
    assert "*" in shown(text)


def test_numbers_side_by_side_are_masked_each() -> None:
    assert mask_ids("13900000001、13900000002") == "139******01、139******02"


def test_folders_stay_folders_where_a_number_is_masked() -> None:
    assert mask_ids("140427/19900307/1234") == "1404**/********/**34"


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-20_08-30-00_1234",
        "2024-05-20 15:30:00.123456+08:00",
        "2024-05-20T15:30:00+08:00",
        "20240520_153000_00001.mp4",
        "20240520/153000/00001.mp4",
        "139_20240520",
        "通道139_20240520153000",
        "11:22:33 – 19:10:12 – 22:33:44",
        "2012-11-15、2012-12-19、2012-12-20",
        "第13、14、15、16、17、18、19、20、21行",
        "118、119、120、121、122",
        "318、319、320、321、322",
        "192.168.1.64_01_20240520100513123_1.mp4",
        "192.168.100.10",
        "1920×1080×250",
        "15,300,000,000 字节",
        "mmexport1716192000000.mp4",
        "2024.5.20-2024.6.3",
        "05-20-2024 15:30:00",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "1" * 64,
        "d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_what_only_looks_alike_is_kept(text: str) -> None:
    assert mask_ids(text) == text


DATES = st.dates(dt.date(2015, 1, 1), dt.date(2099, 12, 31))
TIMES = st.times()
MOMENTS = st.builds(dt.datetime.combine, DATES, TIMES)


@given(st.lists(MOMENTS, min_size=1, max_size=4), st.sampled_from(["、", " – ", ", ", "；", "\n"]))
def test_dates_and_times_stay_readable(moments: list[dt.datetime], sign: str) -> None:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y%m%d_%H%M%S", "%Y%m%d%H%M%S"):
        text = sign.join(moment.strftime(form) for moment in moments)
        assert mask_ids(text) == text


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=4), st.lists(st.floats(0, 10**6), max_size=4))
def test_sizes_and_places_in_clips_stay_readable(sizes: list[int], places: list[float]) -> None:
    for text in (*map(formats.size, sizes), *map(formats.clock, places), "、".join(map(formats.clock, places))):
        assert mask_ids(text) == text


@given(st.binary(min_size=32, max_size=32))
def test_a_hash_stays_readable(content: bytes) -> None:
    assert mask_ids(content.hex()) == content.hex()


@given(st.text("0123456789 -:./,xX一*t", max_size=60))
def test_spans_are_in_order_and_within_the_text(text: str) -> None:
    for spans in (id_spans(text), mobile_spans(text)):
        flat = [place for span in spans for place in span]
        assert flat == sorted(flat)
        assert all(0 <= place <= len(text) for place in flat)
    assert mask_ids(mask_ids(text)) == mask_ids(text)
