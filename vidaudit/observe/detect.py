"""What a face detector is: pictures in, boxes out. The detectors themselves are in `observe.detectors`."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Detection:
    """One face found in one picture, in that picture's own pixels. `score` is the detector's own, 0 to 1."""

    box: Box
    score: float


class FaceDetector(Protocol):
    """Anything that finds faces in a picture."""

    name: str

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The faces in `image` ((height, width, 3) uint8, blue-green-red), best score first, none twice."""
        ...


def clipped(box: npt.ArrayLike, width: int, height: int) -> Box:
    """A left, top, width, height box cut at the picture's edges."""
    left, top, box_width, box_height = (float(side) for side in np.asarray(box, float))
    right, bottom = min(left + box_width, width), min(top + box_height, height)
    left, top = min(max(left, 0.0), float(width)), min(max(top, 0.0), float(height))
    return Box(x_px=left, y_px=top, width_px=max(right - left, 0.0), height_px=max(bottom - top, 0.0))
