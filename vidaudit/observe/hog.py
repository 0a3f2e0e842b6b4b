"""dlib's HOG + SVM frontal face detector (King 2015), as `face_recognition` uses it: the usual yardstick."""

import cv2
import dlib
import numpy as np

from vidaudit.model.still import Box
from vidaudit.observe.detect import Detection, Image, clipped
from vidaudit.observe.resize import reduced

_NUM_UPSAMPLED = 1  # the detector's own floor of 80 px is 40 px after one doubling
# dlib's square against CenterFace's box: medians over 93 faces found by both.
_SIDE_TO_WIDTH = 1.03
_SIDE_TO_HEIGHT = 0.82
_CENTRE_BELOW = 0.03
_SCORE_AT_BEST = 2.0  # dlib's margins run from 0 to about 2 to 3; mapped onto 0 to 1


class HogDetector:
    """Finds upright, nearly frontal faces from 40 px wide."""

    name = "hog"

    def __init__(self, *, max_side_px: int = 1280) -> None:
        self._max_side_px = max_side_px
        self._detector = dlib.get_frontal_face_detector()

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `FaceDetector.detect`."""
        height, width = image.shape[:2]
        grey = reduced(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8), self._max_side_px)
        scale = max(grey.shape) / max(height, width)
        rectangles, margins, _ = self._detector.run(grey, _NUM_UPSAMPLED, 0.0)
        found = [
            Detection(box=_box(rectangle, scale, width, height), score=min(1.0, max(0.0, margin / _SCORE_AT_BEST)))
            for rectangle, margin in zip(rectangles, margins, strict=True)
        ]
        return tuple(sorted(found, key=lambda face: -face.score))


def _box(rectangle: dlib.rectangle, scale: float, width: int, height: int) -> Box:
    """dlib's square, brow to chin, as the box forehead to chin that the other detectors give."""
    side = rectangle.width() / scale
    centre_x = (rectangle.left() + rectangle.width() / 2) / scale
    centre_y = (rectangle.top() + rectangle.height() / 2) / scale
    face_width, face_height = side / _SIDE_TO_WIDTH, side / _SIDE_TO_HEIGHT
    top = centre_y - (0.5 + _CENTRE_BELOW) * face_height
    return clipped([centre_x - face_width / 2, top, face_width, face_height], width, height)
