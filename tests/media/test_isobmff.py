"""Boxes of ISO base media files, whole, cut and malicious."""

import struct
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.media.isobmff import Layout, edit_joints_s, layout, major_brand, sniff_isobmff, top_level_boxes


def box(kind: bytes, payload: bytes = b"", *, declared: int | None = None) -> bytes:
    return struct.pack(">I", len(payload) + 8 if declared is None else declared) + kind + payload


def layout_of(data: bytes) -> Layout:
    return layout(BytesIO(data), len(data))


FTYP = box(b"ftyp", b"isom" + bytes(4))
MOOV = box(b"moov", bytes(40))
MDAT = box(b"mdat", bytes(100))


def test_walks_boxes_of_every_size_form() -> None:
    wide = struct.pack(">I4sQ", 1, b"mdat", 20) + bytes(4)
    to_the_end = struct.pack(">I4s", 0, b"mdat") + bytes(30)
    data = FTYP + wide + to_the_end
    boxes = list(top_level_boxes(BytesIO(data), len(data)))
    assert [(each.kind, each.start_byte, each.end_byte) for each in boxes] == [
        (b"ftyp", 0, 16),
        (b"mdat", 16, 36),
        (b"mdat", 36, 74),
    ]


@pytest.mark.parametrize("declared", [2, 7])
def test_stops_at_a_box_smaller_than_its_header(declared: int) -> None:
    data = FTYP + box(b"free", bytes(20), declared=declared) + MOOV
    assert [each.kind for each in top_level_boxes(BytesIO(data), len(data))] == [b"ftyp"]


@pytest.mark.parametrize(
    ("data", "has_index", "is_cut"),
    [
        (FTYP + MOOV + MDAT, True, False),
        (FTYP + MDAT + MOOV, True, False),
        (FTYP + MDAT, False, False),
        (FTYP + MDAT[:-1], False, True),
        (FTYP + MDAT + MOOV[:-1], False, True),
        (FTYP + MOOV + box(b"moof", bytes(30))[:-1], True, True),
        # With an index, the samples themselves tell whether something is missing.
        (FTYP + MOOV + MDAT[:-1], True, False),
        # What nobody plays may be cut; a few stray bytes at the end are no box.
        (FTYP + MDAT + MOOV + box(b"free", bytes(30))[:-1], True, False),
        (FTYP + MDAT + MOOV + b"\0\0\0", True, False),
        (FTYP + MDAT + MOOV + bytes(512), True, False),
    ],
)
def test_layout(data: bytes, has_index: bool, is_cut: bool) -> None:
    assert layout_of(data) == Layout(has_index=has_index, is_cut=is_cut)


@pytest.mark.parametrize(
    ("head", "brand"), [(FTYP, "isom"), (box(b"ftyp", b"qt  " + bytes(4)), "qt"), (MOOV, None), (b"", None)]
)
def test_major_brand(head: bytes, brand: str | None) -> None:
    assert major_brand(head) == brand


@given(st.binary(max_size=200))
def test_any_bytes_can_be_walked(data: bytes) -> None:
    boxes = list(top_level_boxes(BytesIO(data), len(data)))
    assert all(left.end_byte == right.start_byte for left, right in pairwise(boxes))
    assert sniff_isobmff(data, len(data)) is None or len(data) >= 8


def boxed(kind: bytes, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


def edited(edits, *, handler: bytes = b"vide", wide: bool = False) -> bytes:
    """A `moov` whose only track has these edits: (length, from), in ticks of 1/100 s."""
    size = 8 if wide else 4
    entries = b"".join(
        length.to_bytes(size, "big") + start.to_bytes(size, "big", signed=True) + bytes(4) for length, start in edits
    )
    listed = boxed(b"elst", bytes([wide, 0, 0, 0]), len(edits).to_bytes(4, "big"), entries)
    head = boxed(b"mvhd", bytes(12), (100).to_bytes(4, "big"))
    track = boxed(b"trak", boxed(b"edts", listed), boxed(b"mdia", boxed(b"hdlr", bytes(8), handler, bytes(12))))
    return boxed(b"ftyp", b"isom", bytes(4)) + boxed(b"moov", head, track)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize(
    ("edits", "joints_s"),
    [
        ([(500, 0)], ()),
        ([(40, -1), (500, 0)], ()),
        ([(500, 0), (300, 900)], (5.0,)),
        ([(40, -1), (500, 0), (300, 900), (100, 50)], (5.0, 8.0)),
    ],
)
def test_where_the_list_of_edits_joins_pieces(edits, joints_s, wide):
    data = edited(edits, wide=wide)
    assert edit_joints_s(BytesIO(data), len(data)) == joints_s


def test_edits_of_sound_and_no_edits_at_all():
    for data in (edited([(500, 0), (300, 900)], handler=b"soun"), boxed(b"moov", boxed(b"trak", bytes(4))), b""):
        assert edit_joints_s(BytesIO(data), len(data)) is None


@given(st.binary(max_size=200))
def test_a_damaged_list_of_edits_never_raises(rubbish):
    data = edited([(500, 0)])[:-20] + rubbish
    joints_s = edit_joints_s(BytesIO(data), len(data))
    assert joints_s is None or all(at_s >= 0 for at_s in joints_s)
