"""Reading dlib's file: the network that ships is read, and nothing else is taken for it."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidaudit.observe.dlibnet import Reader, UnexpectedError, parse_network
from vidaudit.observe.models import model_file

CONTENT = model_file("dlib_face_recognition_resnet_model_v1.dat").read_bytes()
INPUT_AT = CONTENT.index(b"input_rgb")
VERSIONS_AT = CONTENT.index(b"loss_metric_2") + len(b"loss_metric_2") + 12  # after two numbers of 6 bytes


def integer(value: int) -> bytes:
    size = max(1, -(-abs(value).bit_length() // 8))
    return bytes([size | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(size, "little")


def tensor(sizes, numbers=()) -> bytes:
    return b"".join(map(integer, (2, *sizes))) + struct.pack(f"<{len(numbers)}f", *numbers)


@pytest.mark.parametrize(
    ("data", "value"),
    [(b"\x01\x00", 0), (b"\x01\x96", 150), (b"\x02\x00\x01", 256), (b"\x81\x05", -5), (b"\x82\x01\x02", -513)],
)
def test_integers(data, value):
    assert Reader(data).integer() == value


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_integers_there_and_back(value):
    reader = Reader(integer(value))
    assert reader.integer() == value
    reader.expect_end()


@pytest.mark.parametrize(
    ("mantissa", "exponent", "value"), [(16, -4, 1.0), (0, 0, 0.0), (-3, 1, -6.0), (1, 1000, math.ldexp(1, 1000))]
)
def test_numbers(mantissa, exponent, value):
    assert Reader(integer(mantissa) + integer(exponent)).number() == value


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x80", b"\x09" + bytes(9), b"\x11\x02", b"\x02\x01"])
def test_integers_that_are_none_are_refused(data):
    with pytest.raises(UnexpectedError):
        Reader(data).integer()


@pytest.mark.parametrize("exponent", [1001, -1001, 32000, 32001, 32002])  # the last three: infinities and no number
def test_numbers_that_are_none_are_refused(exponent):
    with pytest.raises(UnexpectedError):
        Reader(integer(1) + integer(exponent)).number()


def test_tensors():
    numbers = [1.0, -2.5, 0.0, 1e-3, 7.0, 8.0]
    found = Reader(tensor((1, 2, 3, 1), numbers)).tensor()
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(numbers)
    assert Reader(tensor((0, 0, 0, 0))).tensor().size == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x02\x01",
        tensor((1, 2, 1, 1), [1.0]),
        tensor((1, 1, 1, -1), [1.0]),
        tensor((2**60, 2**60, 1, 1)),
        b"\x01\x03" + tensor((1, 1, 1, 1), [1.0])[2:],
    ],
    ids=["empty", "cut integer", "too short", "negative", "huge", "other version"],
)
def test_tensors_that_are_none_are_refused(data):
    with pytest.raises(UnexpectedError):
        Reader(data).tensor()


@pytest.mark.parametrize("data", [b"\x01\x04con_", b"\x01\x05con_5", b"\x01\x05con", b"\x81\x05con_4"])
def test_other_texts_are_refused(data):
    with pytest.raises(UnexpectedError):
        Reader(data).expect_text("con_4")


def test_the_network_that_ships_is_read():
    network = parse_network(CONTENT)
    assert network is not None
    assert network.stem.weights.shape == (32, 3, 7, 7)
    assert [len(block.second.bias) for block in network.blocks] == [32] * 3 + [64] * 4 + [128] * 3 + [256] * 4
    assert [index for index, block in enumerate(network.blocks) if block.halves] == [3, 7, 10, 13]
    assert network.projection.shape == (256, 128)
    assert network.threshold == pytest.approx(0.6)
    layers = [network.stem, *(layer for block in network.blocks for layer in (block.first, block.second))]
    assert all(layer.weights.dtype == layer.bias.dtype == np.float32 for layer in layers)
    assert all(np.isfinite(layer.weights).all() and np.isfinite(layer.bias).all() for layer in layers)


@given(st.integers(VERSIONS_AT, INPUT_AT - 1), st.integers(1, 255))
@settings(max_examples=50, deadline=None)
def test_another_structure_is_noticed(position, change):
    other = bytearray(CONTENT)
    other[position] ^= change
    assert parse_network(bytes(other)) is None


@given(st.integers(0, len(CONTENT) - 1))
@settings(max_examples=25, deadline=None)
def test_a_file_cut_off_anywhere_is_none(size):
    assert parse_network(CONTENT[:size]) is None


@pytest.mark.parametrize("extra", [b"\0", b"1", CONTENT[:100]], ids=["zero", "flag", "head"])
def test_bytes_left_over_are_noticed(extra):
    assert parse_network(CONTENT + extra) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"loss_metric_2", b"loss_metric_1"),
        (b"input_rgb_image_sized", b"input_rgb_image_fixed"),
        (b"\x01\x96\x01\x96", b"\x01\x96\x01\x95"),
        (b"con_4", b"con_5"),
        (b"affine_", b"affine2"),
        (b"relu_1", b"relu_2"),
        (b"max_pool_2\x01\x03", b"max_pool_2\x01\x02"),
        (b"avg_pool_2\x01\x02", b"avg_pool_2\x01\x03"),
        (b"add_prev_", b"mul_prev_"),
        (b"fc_2\x01\x80", b"fc_2\x01\x7f"),
    ],
)
def test_other_layers_are_noticed(old, new):
    assert old in CONTENT
    assert parse_network(CONTENT.replace(old, new, 1)) is None


@pytest.mark.parametrize("mantissa", [0, -16])
def test_a_network_without_a_threshold_is_refused(mantissa):
    begin = VERSIONS_AT - 6  # of the second number
    threshold = integer(mantissa) + integer(-4)
    assert parse_network(CONTENT[:begin] + threshold + CONTENT[VERSIONS_AT:]) is None
    assert parse_network(CONTENT[:begin] + integer(16) + integer(-4) + CONTENT[VERSIONS_AT:]) is not None
