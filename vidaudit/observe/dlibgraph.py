"""dlib's face network as an ONNX graph: the same numbers to six digits, from a runtime that uses the processor well."""

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from vidaudit.observe.dlibnet import CHIP_SIDE_PX, NUM_CHANNELS, NUM_NUMBERS, Block, Convolution, FaceNetwork
from vidaudit.observe.network import open_session

CHIPS = "chips"
_NUMBERS = "numbers"
# Old enough for every onnxruntime that the project allows.
_OPSET = 17
_IR_VERSION = 8


def started(network: FaceNetwork) -> ort.InferenceSession:
    """The network ready to run; it holds 25 MB, and some 80 more while it is built."""
    return open_session(onnx_graph(network), keeps_memory=False)


def onnx_graph(network: FaceNetwork) -> bytes:
    """The serialised graph.

    Its input `chips` is (n, 150, 150, 3) uint8, red-green-blue, its only output (n, 128) float32.
    """
    graph = _Graph()
    pixels = graph.add("Cast", CHIPS, to=TensorProto.FLOAT)
    colours = graph.add("Transpose", pixels, perm=[0, 3, 1, 2])
    stem = graph.add("Relu", graph.convolution(colours, network.stem))
    below = graph.add("MaxPool", stem, kernel_shape=[3, 3], strides=[2, 2])
    side_px = _pooled(_convolved(CHIP_SIDE_PX, network.stem), 3)
    channels = len(network.stem.bias)
    for block in network.blocks:
        below = _block(graph, below, block, side_px, channels)
        side_px = _pooled(side_px, 2) if block.halves else side_px
        channels = len(block.second.bias)
    means = graph.add("Flatten", graph.add("GlobalAveragePool", below))
    graph.add("MatMul", means, graph.constant(network.projection), output=_NUMBERS)
    return graph.serialized()


class _Graph:
    """A graph in the making. Values are known by their names."""

    def __init__(self) -> None:
        side = CHIP_SIDE_PX
        chips = helper.make_tensor_value_info(CHIPS, TensorProto.UINT8, ["n", side, side, NUM_CHANNELS])
        numbers = helper.make_tensor_value_info(_NUMBERS, TensorProto.FLOAT, ["n", NUM_NUMBERS])
        graph = helper.make_graph([], "dlib_face", [chips], [numbers])
        opset = helper.make_opsetid("", _OPSET)
        # Filled in place: the helpers copy what they are given, and 22 MB of constants are in it.
        self._model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: int | list[int]) -> str:
        """A node more; returns its output."""
        nodes = self._model.graph.node
        name = output or f"value_{len(nodes)}"
        nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def constant(self, numbers: npt.NDArray[np.float32] | npt.NDArray[np.int64]) -> str:
        """A constant more; returns its name."""
        constants = self._model.graph.initializer
        name = f"constant_{len(constants)}"
        constants.append(numpy_helper.from_array(numbers, name))
        return name

    def convolution(self, below: str, layer: Convolution) -> str:
        """A convolution of the value `below`."""
        weights, bias = self.constant(layer.weights), self.constant(layer.bias)
        return self.add("Conv", below, weights, bias, strides=[layer.stride] * 2, pads=[layer.padding] * 4)

    def filled(self, below: str, num_channels: int, num_px: int) -> str:
        """The value with so many channels, and so many rows and columns, of zeros at its end."""
        if not num_channels and not num_px:
            return below
        ends = np.array([0, 0, 0, 0, 0, num_channels, num_px, num_px], dtype=np.int64)
        return self.add("Pad", below, self.constant(ends))

    def serialized(self) -> bytes:
        """The whole as a model, in the form that runtimes load."""
        content: bytes = self._model.SerializeToString()
        return content


def _block(graph: _Graph, below: str, block: Block, side_px: int, channels: int) -> str:
    """A residual block above a value of `channels` channels, `side_px` wide and high."""
    first = graph.add("Relu", graph.convolution(below, block.first))
    change = graph.convolution(first, block.second)
    if block.halves:
        below = graph.add("AveragePool", below, kernel_shape=[2, 2], strides=[2, 2])
        below = graph.filled(below, len(block.second.bias) - channels, 0)
        # From an even number of pixels the convolution makes one less than the mean does.
        change = graph.filled(change, 0, _pooled(side_px, 2) - _convolved(side_px, block.first))
    return graph.add("Relu", graph.add("Add", change, below))


def _convolved(side_px: int, layer: Convolution) -> int:
    size: int = layer.weights.shape[-1]
    return (side_px + 2 * layer.padding - size) // layer.stride + 1


def _pooled(side_px: int, size: int) -> int:
    """Width and height after pooling over `size` x `size` pixels, stride 2."""
    return (side_px - size) // 2 + 1
