import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report import samples
from vidaudit.report.privacy import guard, mask_ids, shown_paths, without_numbers
from vidaudit.report.text import shown

ID = "140427199003071234"
DIGITS = st.text("0123456789", min_size=15, max_size=40).filter(lambda run: not run.startswith("20"))
LONG_RUN = re.compile(r"\d{15}")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (ID, "1404************34"),
        ("14042719900307123X", "1404************3X"),
        ("14042719900307123x", "1404************3x"),
        ("140427900307123", "1404*********23"),
        ("14042790030712", "14042790030712"),  # 14 digits are a date and a time, not a number of anybody
        (f"张三{ID}.mp4", "张三1404************34.mp4"),
        (f"{ID},{ID}", "1404************34,1404************34"),
        ("140427 19900307 1234", "1404**************34"),
        ("140427-19900307-123X", "1404**************3X"),
        ("140427_19900307_123X", "1404**************3X"),
        ("140427 1990 0307 1234.rar", "1404***************34.rar"),
        ("140427.1990.03.07.1234", "1404****************34"),
        ("140427-19901307-1234", "1404**************34"),  # a possible month by its first digit is enough
        ("140427-19904307-1234", "140427-19904307-1234"),
        ("2024-05-20_08-30-00_1234", "2024-05-20_08-30-00_1234"),
        ("01_20240520_083000_0001", "01_20240520_083000_0001"),
        ("1_20240520_083000_001", "1_20240520_083000_001"),
        ("13812345678", "138******78"),
        ("张三13812345678.mp4", "张三138******78.mp4"),
        ("138-1234-5678、199 1234 5678", "138********78、199********78"),
        ("12812345678", "12812345678"),
        ("138123456789", "138123456789"),
        ("１４０４２７１９９００３０７１２３４", "１４０４************３４"),
        ("1404\u200b2719900307\u202e1234", "1404**************34"),
        ("0" * 64, "0" * 64),
        ("a1234567890123456" + "b" * 47, "a1234567890123456" + "b" * 47),
        ("a1234567890123456" + "b" * 46, "a1234**********56" + "b" * 46),
        ("", ""),
    ],
)
def test_id_and_mobile_numbers_are_masked_and_nothing_else(text: str, masked: str) -> None:
    assert mask_ids(text) == masked


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("20240520100513", True),
        ("20240520100513123", True),  # down to the millisecond
        ("202405201005131234", False),  # 18 digits: an ID number's length
        ("20241320100513123", False),  # no 13th month
        ("20240520100513123X", False),
        ("192.168.1.64_01_20240520100513123_1.mp4", True),
    ],
)
def test_a_recorders_time_stamp_is_kept(text: str, is_kept: bool) -> None:
    assert (mask_ids(text) == text) is is_kept


@given(before=st.text(max_size=20), run=DIGITS, after=st.text(max_size=20))
def test_no_run_of_digits_as_long_as_an_id_number_gets_through(before: str, run: str, after: str) -> None:
    text = f"{before}-{run}-{after}"
    assert run not in mask_ids(text)
    assert run not in shown(text)
    assert not LONG_RUN.search(mask_ids(f"-{run}-"))


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask_ids(mask_ids(text)) == mask_ids(text)


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | DIGITS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(DIGITS | st.text(), inner),
    max_leaves=10,
)


@given(JSON_LIKE)
def test_the_guard_reaches_every_string_whole_number_and_key(value: object) -> None:
    assert not any(LONG_RUN.search(text) for text in _texts(json.loads(json.dumps(guard(value)))))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*filter(_is_not_a_time, value), *(text for item in value.values() for text in _texts(item))]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, str):
        return [value] if _is_not_a_time(value) else []
    return [str(value)] if isinstance(value, int) else []


def _is_not_a_time(text: str) -> bool:
    return mask_ids(text) != text or not text.startswith("20")


def test_the_guard_keeps_what_is_no_string() -> None:
    value = {"a": [1, 2.5, None, True], "b": ("x",)}
    assert guard(value) == {"a": [1, 2.5, None, True], "b": ["x"]}


@given(st.lists(st.text("13459", min_size=17, max_size=19) | st.text(max_size=5), unique=True))
def test_paths_that_differ_stay_different(paths: list[str]) -> None:
    names = shown_paths(paths)
    assert set(names) == set(paths)
    assert len(set(names.values())) == len(paths)
    assert not any(LONG_RUN.search(name) for name in names.values())


def test_paths_that_are_masked_alike_are_numbered() -> None:
    assert shown_paths(["140427199003071234.mp4", "140427199103071234.mp4", "a.mp4"]) == {
        "140427199003071234.mp4": "1404************34.mp4",
        "140427199103071234.mp4": "1404************34.mp4~2",
        "a.mp4": "a.mp4",
    }


def test_evidence_without_numbers_still_hangs_together() -> None:
    clips = tuple(samples.clip_file(f"5月20日 {number}/{number}.mp4") for number in (ID, ID.replace("0307", "0308")))
    evidence = samples.nasty().evidence
    folder = replace(evidence.folder, name=ID, clips=clips, papers=(f"{ID}.jpg", "138 1234 5678.txt"))
    seen = tuple(replace(evidence.clips[0], path=clip.path) for clip in clips)
    masked = without_numbers(replace(evidence, folder=folder, clips=seen))
    assert not re.search(rf"{ID[:10]}\d|{samples.FULL_ID}|138 1234 5678", repr(masked))
    assert [clip.path for clip in masked.folder.clips] == [clip.path for clip in masked.clips]
    assert len({clip.path for clip in masked.clips}) == 2
    assert without_numbers(masked) == masked


def test_evidence_that_holds_no_number_stays_as_it_is() -> None:
    evidence = samples.clean().evidence
    assert without_numbers(evidence) == evidence
