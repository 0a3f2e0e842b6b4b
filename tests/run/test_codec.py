import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.judge import builders
from tests.report import samples
from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.fingerprint import ClipFingerprint
from vidaudit.model.media import MediaProbe, PacketFacts
from vidaudit.run import codec
from vidaudit.run.codec import UnreadableError, from_json, from_packed, to_json, to_packed

LEAVES: dict[object, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    bytes: st.binary(max_size=8),
    Fraction: st.fractions(),
    dt.date: st.dates(),
    dt.time: st.times(),
    dt.datetime: st.datetimes(timezones=st.none() | st.just(dt.UTC)),
    ClipFingerprint: st.builds(
        ClipFingerprint,
        duration_s=st.fractions(),
        curve=st.binary(max_size=8),
        marks=st.just(bytes(range(16))),
        marks_at=st.just(bytes(range(8))),
        constant_rate=st.booleans(),
    ),
    type(None): st.none(),
}
BOTH = pytest.mark.parametrize(("write", "read"), [(to_json, from_json), (to_packed, from_packed)])
Write, Read = Callable[[object], bytes], Callable[[bytes, type[Any]], Any]


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of the model."""
    arguments = typing.get_args(kind)
    match typing.get_origin(kind):
        case types.UnionType:
            return st.one_of([values_of(one) for one in arguments])
        case origin if origin is tuple:
            if arguments[-1] is Ellipsis:
                return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
            return st.tuples(*map(values_of, arguments))
        case origin if origin is dict:
            return st.dictionaries(*map(values_of, arguments), max_size=2)
    if dataclasses.is_dataclass(kind) and kind not in LEAVES:
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in dataclasses.fields(kind)})
    return st.sampled_from(kind) if issubclass(kind, Enum) else LEAVES[kind]


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(values_of(ClipEvidence))
def test_any_evidence_of_a_clip_survives(evidence: ClipEvidence) -> None:
    assert from_json(to_json(evidence), ClipEvidence) == evidence
    assert from_packed(to_packed(evidence), ClipEvidence) == evidence


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(values_of(ClassEvidence))
def test_any_evidence_of_a_class_survives(evidence: ClassEvidence) -> None:
    assert from_json(to_json(evidence), ClassEvidence) == evidence


@pytest.mark.parametrize("evidence", [builders.green(), samples.nasty().evidence], ids=["green", "nasty"])
@BOTH
def test_real_looking_evidence_survives(evidence: ClassEvidence, write: Write, read: Read) -> None:
    assert read(write(evidence), ClassEvidence) == evidence


@BOTH
def test_fractions_stay_exact(write: Write, read: Read) -> None:
    third = Fraction(1, 3)
    assert read(write(builders.packets(third)), PacketFacts).duration_s == third
    assert type(read(write(builders.packets(Fraction(600))), PacketFacts).duration_s) is Fraction


def test_people_can_read_the_json() -> None:
    text = to_json(builders.green()).decode("utf-8")
    assert "5月" in text
    assert text.count("\n") > 100


@pytest.mark.parametrize("stored", ["1/0", "1e999999999", "nan", "0.5", "", "1/2/3", "9" * 5000])
@BOTH
def test_numbers_that_are_no_fractions_are_damage(stored: str, write: Write, read: Read) -> None:
    whole = {**dataclasses.asdict(builders.packets()), "duration_s": stored}
    with pytest.raises(UnreadableError):
        read(write(whole), PacketFacts)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe", b'{"container": "avi"}', b'{"container": "film", "bytes": 1}'],
)
def test_damaged_json_is_told(content: bytes) -> None:
    with pytest.raises(UnreadableError, match="Scan the class again"):
        from_json(content, MediaProbe)


def test_json_nested_too_deep_is_damage() -> None:
    with pytest.raises(UnreadableError):
        from_json(b'{"more": ' + b"[" * 100_000, MediaProbe)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_bytes_cut_off_or_changed_are_never_worse_than_unreadable(data: st.DataObject) -> None:
    content = bytearray(to_packed(samples.nasty().evidence.clips[0]))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    for damaged in (bytes(content), bytes(content[:at])):
        try:
            assert isinstance(from_packed(damaged, ClipEvidence), ClipEvidence)
        except UnreadableError:
            assert damaged != to_packed(samples.nasty().evidence.clips[0])


def test_types_without_a_stored_form_are_our_own_fault() -> None:
    with pytest.raises(NotImplementedError, match="complex"):
        to_json(1j)
    with pytest.raises(NotImplementedError, match="complex"):
        codec._decode(complex, "1j")
