"""CenterFace (Xu, Yan et al. 2019, "CenterFace: joint face detection and alignment using face as point"), MIT licence.

The network lies beside this file with most of its weights as 8-bit integers: the same faces in half the time and half
the memory of full precision, in two thirds of the time on processors without VNNI. `fixtures/centerface.py` makes it.
"""

import functools

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from vidaudit.observe.detect import Detection, Image, clipped
from vidaudit.observe.models import model_file
from vidaudit.observe.network import open_session

MODEL = "centerface-int8.onnx"
ALIGN_PX = 32  # the network halves the picture five times
_INPUT = "input.1"  # (1, 3, height, width) float32, red-green-blue, 0 to 255
_STRIDE_PX = 4  # one cell of the maps stands for 4 x 4 pixels
_MAX_OVERLAP = 0.3  # intersection over union above which two boxes are one face; the authors' value

# Of faces over 400 px wide as the network sees them only half are found, and those from 300 px on break into several
# (300 sights in photographs). A second, small look costs a tenth and shows them at their best size.
_SMALL_LOOK_PX = 320
_SMALL_LOOK_ABOVE_PX = 800
_LARGEST_FACE_PX = 300
_LARGE_FACE_PX = 200  # seen well by both looks; the surer one counts

_Floats = npt.NDArray[np.float32]


class CenterFace:
    """Finds faces from about 10 px wide, also turned, bowed or masked.

    Args:
        threshold: lowest score kept; 0.5 finds the 43 labelled faces of dlib's sample pictures and nothing else.
        max_side_px: larger pictures are scaled down so that their longer side has this length.
        session: the network, None for the one that comes with the package.
    """

    name = "centerface"

    def __init__(
        self, *, threshold: float = 0.5, max_side_px: int = 1280, session: ort.InferenceSession | None = None
    ) -> None:
        self._threshold = threshold
        self._max_side_px = max_side_px
        self._session = session

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `FaceDetector.detect`."""
        return self.detect_at(image, self._max_side_px)

    def detect_at(self, image: Image, max_side_px: int) -> tuple[Detection, ...]:
        """See `sizing.ScalableDetector.detect_at`."""
        boxes, scores = self._look(image, max_side_px)
        longest_px = max(image.shape[:2])
        if min(max_side_px, longest_px) > _SMALL_LOOK_ABOVE_PX:
            scale = min(1.0, max_side_px / longest_px)
            large_boxes, large_scores = self._look(image, _SMALL_LOOK_PX)
            fine, large = boxes[:, 2] * scale <= _LARGEST_FACE_PX, large_boxes[:, 2] * scale > _LARGE_FACE_PX
            boxes = np.concatenate([boxes[fine], large_boxes[large]])
            scores = np.concatenate([scores[fine], large_scores[large]])
        return _as_detections(boxes, scores, self._threshold, image)

    def _look(self, image: Image, max_side_px: int) -> tuple[_Floats, _Floats]:
        """Boxes (n, 4) as left, top, width, height in the picture's pixels, and scores (n,), with overlapping ones."""
        height, width = image.shape[:2]
        scale = min(1.0, max_side_px / max(height, width))
        net_width, net_height = (max(ALIGN_PX, round(side * scale / ALIGN_PX) * ALIGN_PX) for side in (width, height))
        blob = cv2.dnn.blobFromImage(image, size=(net_width, net_height), swapRB=True)
        (maps,) = (self._session or _shipped()).run(None, {_INPUT: blob})
        boxes, scores = _decode(maps[0], self._threshold)
        return boxes * np.array([width / net_width, height / net_height] * 2, np.float32), scores


@functools.cache
def _shipped() -> ort.InferenceSession:
    """The network of the package, once a process: it takes any picture size, and 100 MB at 1280x960."""
    return open_session(str(model_file(MODEL)))


def _decode(maps: _Floats, threshold: float) -> tuple[_Floats, _Floats]:
    """Boxes (n, 4) as left, top, width, height in network pixels, and scores (n,).

    Args:
        maps: (5, h, w): score before the sigmoid, logarithms of height and width, offsets down and across, in cells.
        threshold: lowest score kept.
    """
    rows, columns = np.nonzero(maps[0] > np.log(threshold / (1 - threshold)))
    logit, log_height, log_width, down, across = maps[:, rows, columns]
    heights, widths = np.exp(log_height) * _STRIDE_PX, np.exp(log_width) * _STRIDE_PX
    centre_y, centre_x = (rows + down + 0.5) * _STRIDE_PX, (columns + across + 0.5) * _STRIDE_PX
    boxes = np.stack([centre_x - widths / 2, centre_y - heights / 2, widths, heights], axis=1)
    return boxes.astype(np.float32), 1 / (1 + np.exp(-logit))


def _as_detections(boxes: _Floats, scores: _Floats, threshold: float, image: Image) -> tuple[Detection, ...]:
    """The best of overlapping boxes, clipped to the picture, best score first."""
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), threshold, _MAX_OVERLAP)
    height, width = image.shape[:2]
    return tuple(
        Detection(box=clipped(boxes[index], width, height), score=float(scores[index]))
        for index in np.array(kept, dtype=int).ravel()
    )
