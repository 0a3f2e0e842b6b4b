"""Reads the file of dlib's face network (King 2017) without dlib: the layers' numbers, ready for another runtime.

The file is dlib's own serialisation of the network type `anet_type` of its example `dnn_face_recognition_ex.cpp`:
the version of every layer from the loss down to the input, then the layers' contents from the input up. Integers
are a byte that counts bytes (its highest bit: negative) and so many bytes, lowest first; single numbers are two such
integers, mantissa and binary exponent; texts are their length and their bytes; arrays four sizes and 4-byte IEEE
numbers, lowest byte first (dlib: `serialize.h`, `float_details.h`, `dnn/core.h`, `dnn/layers.h`, `dnn/input.h`).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CHIP_SIDE_PX = 150
NUM_CHANNELS = 3
NUM_NUMBERS = 128
# (channels, whether it halves the picture) of each residual block, from the input up.
BLOCKS: tuple[tuple[int, bool], ...] = (
    *((32, False),) * 3,
    *((64, True), *((64, False),) * 3),
    *((128, True), *((128, False),) * 2),
    *((256, True), *((256, False),) * 2),
    (256, True),
)
_STEM_CHANNELS = 32
_SCALE = 256.0  # what dlib's input layer divides by
_NUM_RATES = 4  # multipliers of learning rates and weight decays, only for training
_NEGATIVE = 0x80
_MAX_EXPONENT = 1000  # beyond it dlib means infinity or no number

# Versions of dlib's classes, as written by the dlib that made the file.
_LOSS, _LAYER, _LOWEST_LAYER, _TAG, _TENSOR, _ALIAS = 1, 2, 3, 1, 2, 1


@dataclass(frozen=True, kw_only=True)
class Convolution:
    """A convolution with the scale and shift of the affine layer above it worked in.

    Args:
        weights: (channels out, channels in, rows, columns), float32.
        bias: (channels out,), float32.
        stride, padding: in pixels, the same both ways; the padding is zeros.
    """

    weights: Floats
    bias: Floats
    stride: int
    padding: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """A residual block: relu(second(relu(first(x))) + x).

    Where it `halves` the picture, x is first averaged over 2 x 2 pixels. Whatever of the two summands is smaller, in
    pixels or channels, is filled up with zeros at its end.
    """

    first: Convolution
    second: Convolution
    halves: bool


@dataclass(frozen=True, kw_only=True)
class FaceNetwork:
    """The network from a face to its numbers.

    Args:
        stem: takes RGB values of 0 to 255, (n, 3, 150, 150); followed by relu and 3 x 3 maximum pooling, stride 2.
        blocks: the residual blocks, from the input up; followed by the mean over the picture.
        projection: (256, 128), from the means to the numbers.
        threshold: the distance that its training drew between one person and two.
    """

    stem: Convolution
    blocks: tuple[Block, ...]
    projection: Floats
    threshold: float


def parse_network(data: bytes) -> FaceNetwork | None:
    """The network in the content of a file; None unless it is exactly of the kind described above."""
    try:
        return _network(Reader(data))
    except UnexpectedError:
        return None


class UnexpectedError(Exception):
    """The file says something else than the network's type wants."""


class Reader:
    """dlib's serialised values, one after another.

    Raises:
        UnexpectedError: from every method, when the data end or can't be what was asked for.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def taken(self, num_bytes: int) -> bytes:
        """The next so many bytes."""
        begin, self._at = self._at, self._at + num_bytes
        if num_bytes < 0 or self._at > len(self._data):
            raise UnexpectedError
        return self._data[begin : self._at]

    def integer(self) -> int:
        """The next integer."""
        head = self.taken(1)[0]
        num_bytes = head & ~_NEGATIVE
        if not 1 <= num_bytes <= 8:
            raise UnexpectedError
        number = int.from_bytes(self.taken(num_bytes), "little")
        return -number if head & _NEGATIVE else number

    def number(self) -> float:
        """The next floating-point number."""
        mantissa, exponent = self.integer(), self.integer()
        if abs(exponent) > _MAX_EXPONENT:
            raise UnexpectedError
        return math.ldexp(mantissa, exponent)

    def sizes(self, version: int) -> tuple[int, ...]:
        """The next four sizes, which follow the version of what has them."""
        self.expect(version)
        return tuple(self.integer() for _ in range(4))

    def tensor(self) -> Floats:
        """The next array, flat, float32."""
        content = self.taken(4 * math.prod(self.sizes(_TENSOR)))
        return np.frombuffer(content, "<f4")

    def expect(self, *integers: int) -> None:
        """Pass over these integers."""
        if any(self.integer() != wanted for wanted in integers):
            raise UnexpectedError

    def expect_text(self, text: str) -> None:
        """Pass over this text."""
        if self.taken(self.integer()) != text.encode():
            raise UnexpectedError

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            raise UnexpectedError


def _network(reader: Reader) -> FaceNetwork:
    threshold = _head_threshold(reader)
    mean = _input_mean(reader)
    stem = _stem(reader, mean)
    blocks, below = [], _STEM_CHANNELS
    for channels, halves in BLOCKS:
        blocks.append(_block(reader, below, channels, halves=halves))
        below = channels
    _pass_pooling(reader, "avg_pool_2", size=0, stride=1)  # size 0: the whole picture
    projection = _projection(reader, below)
    reader.expect_end()
    return FaceNetwork(stem=stem, blocks=tuple(blocks), projection=projection, threshold=threshold)


def _head_threshold(reader: Reader) -> float:
    """What is kept of the loss; then the versions of all layers from the topmost down."""
    reader.expect(_LOSS)
    reader.expect_text("loss_metric_2")
    _pass_numbers(reader, 1)  # its margin
    threshold = reader.number()
    reader.expect(_LAYER, _LAYER)  # projection, mean
    for _, halves in reversed(BLOCKS):
        shortcut = (_LAYER, _TAG, _TAG) if halves else ()  # pooling, where it begins and where it ends
        # relu and sum; the convolutions with their affine layers, a relu between; where the block begins
        reader.expect(_LAYER, _LAYER, *shortcut, *(_LAYER,) * 5, _TAG)
    reader.expect(_LAYER, _LAYER, _LAYER, _LOWEST_LAYER)  # pooling, relu, affine, convolution
    if not threshold > 0:
        raise UnexpectedError
    return threshold


def _input_mean(reader: Reader) -> Floats:
    """The colour that the input layer subtracts, (3,): red, green, blue."""
    reader.expect_text("input_rgb_image_sized")
    mean = np.array([reader.number() for _ in range(NUM_CHANNELS)], dtype=np.float32)
    reader.expect(CHIP_SIDE_PX, CHIP_SIDE_PX)
    return mean


def _stem(reader: Reader, mean: Floats) -> Convolution:
    """The lowest convolution. The input layer's part, (colour - mean) / 256, is worked in: nothing is padded there."""
    filters, bias = _filters(reader, (_STEM_CHANNELS, NUM_CHANNELS, 7, 7), stride=2, padding=0)
    _pass_outputs(reader)
    reader.expect(1)  # one picture makes one sample
    filters = filters / np.float32(_SCALE)
    bias = bias - np.einsum("oirc,i->o", filters, mean)
    stem = _with_affine(reader, filters, bias, stride=2, padding=0)
    _pass_layer(reader, "relu_")
    _pass_pooling(reader, "max_pool_2", size=3, stride=2)
    return stem


def _block(reader: Reader, below: int, channels: int, *, halves: bool) -> Block:
    stride, padding = (2, 0) if halves else (1, 1)
    first = _convolution(reader, (channels, below, 3, 3), stride=stride, padding=padding)
    _pass_layer(reader, "relu_")
    second = _convolution(reader, (channels, channels, 3, 3), stride=1, padding=1)
    if halves:
        _pass_pooling(reader, "avg_pool_2", size=2, stride=2)
    _pass_layer(reader, "add_prev_")
    _pass_layer(reader, "relu_")
    return Block(first=first, second=second, halves=halves)


def _convolution(reader: Reader, shape: tuple[int, int, int, int], *, stride: int, padding: int) -> Convolution:
    filters, bias = _filters(reader, shape, stride=stride, padding=padding)
    _pass_outputs(reader)
    return _with_affine(reader, filters, bias, stride=stride, padding=padding)


def _filters(reader: Reader, shape: tuple[int, int, int, int], *, stride: int, padding: int) -> tuple[Floats, Floats]:
    """Weights of this shape, and the bias of each channel."""
    channels, _, rows, columns = shape
    reader.expect_text("con_4")
    numbers = _sized(reader.tensor(), math.prod(shape) + channels)
    reader.expect(channels, rows, columns, stride, stride, padding, padding)
    reader.expect(_ALIAS, *shape)
    reader.expect(_ALIAS, 1, channels, 1, 1)
    _pass_numbers(reader, _NUM_RATES)
    return numbers[:-channels].reshape(shape), numbers[-channels:]


def _with_affine(reader: Reader, filters: Floats, bias: Floats, *, stride: int, padding: int) -> Convolution:
    """A convolution and the affine layer above it, which scales and shifts every channel, in one."""
    channels = len(bias)
    reader.expect_text("affine_")
    scale, shift = _sized(reader.tensor(), 2 * channels).reshape(2, channels)
    reader.expect(_ALIAS, 1, channels, 1, 1)
    reader.expect(_ALIAS, 1, channels, 1, 1)
    reader.expect(0)  # after a convolution: by channel, not by pixel
    _pass_outputs(reader)
    weights = filters * scale[:, None, None, None]
    return Convolution(weights=weights, bias=bias * scale + shift, stride=stride, padding=padding)


def _projection(reader: Reader, below: int) -> Floats:
    reader.expect_text("fc_2")
    reader.expect(NUM_NUMBERS, below)
    weights = _sized(reader.tensor(), below * NUM_NUMBERS).reshape(below, NUM_NUMBERS)
    reader.expect(_ALIAS, below, NUM_NUMBERS, 1, 1)
    reader.expect(_ALIAS, 0, 0, 0, 0)
    reader.expect(1)  # without a bias
    _pass_numbers(reader, _NUM_RATES)
    _pass_outputs(reader)
    return weights


def _pass_pooling(reader: Reader, name: str, *, size: int, stride: int) -> None:
    reader.expect_text(name)
    reader.expect(size, size, stride, stride, 0, 0)
    _pass_outputs(reader)


def _pass_layer(reader: Reader, name: str) -> None:
    reader.expect_text(name)
    _pass_outputs(reader)


def _pass_numbers(reader: Reader, how_many: int) -> None:
    for _ in range(how_many):
        reader.number()


def _pass_outputs(reader: Reader) -> None:
    """What every layer ends with: three flags, and what it last put out and learnt, which is empty when saved."""
    if not set(reader.taken(3)) <= set(b"01"):
        raise UnexpectedError
    for _ in range(3):
        _sized(reader.tensor(), 0)


def _sized(numbers: Floats, size: int) -> Floats:
    if numbers.size != size:
        raise UnexpectedError
    return numbers
