"""SFace (Zhong et al. 2021, "SFace: Sigmoid-Constrained Hypersphere Loss") through OpenCV, from a given file."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from vidaudit.errors import UsageError
from vidaudit.model.still import Box
from vidaudit.observe.detect import Image
from vidaudit.observe.identity import DLIB_LIMITS, Descriptor, LikenessLimits, five_landmarks

_SIDE_PX = 112
# OpenCV's documentation of FaceRecognizerSF: one person at a cosine of at least 0.363 or, which is the same of vectors
# of length 1, a distance of at most 1.128.
_PUBLISHED = 1.128


def sface_limits(name: str) -> LikenessLimits:
    """The published line, and the others at the distance from it that they have for dlib's network."""
    source = "OpenCV's FaceRecognizerSF: 1.128; the rest in proportion to dlib's, not measured"
    return DLIB_LIMITS.scaled(_PUBLISHED / DLIB_LIMITS.loose, name, source)


class SFaceDescriptor:
    """Faces as 128 numbers of length 1; aligned by five of dlib's landmarks.

    Raises:
        UsageError: when the file is not an SFace model that OpenCV can run.
    """

    num_values = 128

    def __init__(self, file: Path, *, name: str) -> None:
        self.name = name
        self.limits = sface_limits(name)
        try:
            self._network = cv2.FaceRecognizerSF.create(str(file), "")
            shape = self._network.feature(np.zeros((_SIDE_PX, _SIDE_PX, 3), np.uint8)).shape
        except cv2.error as error:
            raise UsageError(f"{file} is not an SFace model that OpenCV can run: {error.err}") from error
        if shape != (1, self.num_values):
            raise UsageError(
                f"{file} is not an SFace model: a face becomes {shape} numbers, not (1, {self.num_values})."
            )

    def describe(self, looks: Sequence[tuple[Image, Box]]) -> list[Descriptor]:
        """See `FaceDescriptor.describe`."""
        return [self._described(*look) for look in looks]

    def _described(self, image: Image, box: Box) -> Descriptor:
        sides = (box.x_px, box.y_px, box.width_px, box.height_px)
        # The row of OpenCV's face detector: box, five points as below, score.
        row = np.array([[*sides, *five_landmarks(image, box).ravel(), 1.0]], np.float32)
        numbers = self._network.feature(self._network.alignCrop(image, row)).ravel().astype(np.float64)
        length = float(np.linalg.norm(numbers))
        return numbers / length if length else numbers
