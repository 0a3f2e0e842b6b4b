"""YuNet (Wu, Peng, Yu 2023, "YuNet: a tiny millisecond-level face detector") through OpenCV, from a given file."""

from pathlib import Path

import cv2
import numpy as np

from vidaudit.errors import UsageError
from vidaudit.observe.detect import Detection, Image, clipped
from vidaudit.observe.resize import reduced

_MIN_SCORE = 0.7  # finds the 43 labelled faces of dlib's sample pictures; see benchmarks/detectors
_MAX_OVERLAP = 0.3
_MAX_FACES = 1000


class YuNetDetector:
    """Finds faces from about 10 px wide, several times faster than CenterFace.

    Raises:
        UsageError: when the file is not a YuNet model that OpenCV can run.
    """

    name = "yunet"

    def __init__(self, file: Path, *, max_side_px: int = 1280) -> None:
        self._max_side_px = max_side_px
        try:
            self._net = cv2.FaceDetectorYN.create(str(file), "", (320, 320), _MIN_SCORE, _MAX_OVERLAP, _MAX_FACES)
            self.detect(np.zeros((64, 64, 3), np.uint8))
        except cv2.error as error:
            raise UsageError(f"{file} is not a YuNet model that OpenCV can run: {error.err}") from error

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `FaceDetector.detect`."""
        height, width = image.shape[:2]
        small = reduced(image, self._max_side_px)
        scale = max(small.shape[:2]) / max(height, width)
        self._net.setInputSize(small.shape[1::-1])
        _, rows = self._net.detect(small)
        if rows is None:
            return ()
        found = [Detection(box=clipped(row[:4] / scale, width, height), score=float(row[-1])) for row in rows]
        return tuple(sorted(found, key=lambda face: -face.score))
