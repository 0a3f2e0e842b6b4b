"""Pictures looked at only as large as the faces in them need: most of a scan's time goes into finding faces.

The first picture of a clip is looked at at full size. The smallest face of the last few looks says how large the next
must be. At a fixed rhythm, and at once where the reduced look raises a doubt, the full size comes back.
"""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from vidaudit.model.still import Box
from vidaudit.observe.detect import Detection, Image

# The longer sides a picture is looked at with. Each costs a third to two thirds more time than the one before.
SIDES_PX = (320, 416, 512, 640, 800, 960, 1120)

# Both by measurement on CenterFace, 150 faces of 45 photographs and stills in 7 sizes: of those from 16 to 60 px wide
# as the network sees them 99.8 % are found, from 14 to 16 px 97 %, from 12 to 14 px 89 %, from 10 to 12 px 76 %.
WANTED_FACE_PX = 20  # the smallest known face; one four fifths as wide, not seen yet, is still found for certain
DOUBTFUL_FACE_PX = 17  # where a face as small as this turns up, smaller ones may have been missed

FULL_EVERY = (
    8  # pictures from one full look to the next; the smallest face of so many says how large the others must be
)
# Of the faces found before; more gone at once than people who turn away explain. One may always have left the picture.
_FALL, _ONE_LEAVES = 0.25, 1
_WIDTH_TO_HEIGHT = 0.75  # of a face; its height tells the size of one that the picture's edge cuts


class ScalableDetector(Protocol):
    """A face detector that can be told how large to look."""

    name: str

    def detect_at(self, image: Image, max_side_px: int) -> tuple[Detection, ...]:
        """As `FaceDetector.detect`, the picture scaled down until its longer side is at most `max_side_px`."""
        ...


class SizedDetector:
    """Finds the faces in the pictures of one clip, in order of time; make a new one for every clip.

    Args:
        detector: looks at a picture at a given size.
        max_side_px: the longer side of a full look.
    """

    def __init__(self, detector: ScalableDetector, max_side_px: int) -> None:
        self.name = detector.name
        self._detector = detector
        self._max_side_px = max_side_px
        self._smallest: deque[float] = deque(maxlen=FULL_EVERY)
        self._num_since_full = 0
        self._num_found = 0

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `FaceDetector.detect`."""
        longest_px = max(image.shape[:2])
        full_px = min(self._max_side_px, longest_px)
        side_px = self._side_px(full_px)
        found = self._detector.detect_at(image, side_px) if side_px < full_px else ()
        if side_px == full_px or self._is_doubtful(found, side_px / longest_px):
            found = self._detector.detect_at(image, full_px)
            self._num_since_full = 0
        if found:
            self._smallest.append(min(_size_px(face.box) for face in found) / longest_px)
        self._num_since_full += 1
        self._num_found = len(found)
        return found

    def _side_px(self, full_px: int) -> int:
        """The longer side at which to look at the next picture."""
        if not self._smallest or self._num_since_full >= FULL_EVERY:
            return full_px
        needed_px = WANTED_FACE_PX / min(self._smallest)
        return min([side for side in SIDES_PX if side >= needed_px] + [full_px])

    def _is_doubtful(self, found: Sequence[Detection], scale: float) -> bool:
        """Whether a look at `scale` may have missed somebody."""
        if not found or self._num_found - len(found) > max(_ONE_LEAVES, _FALL * self._num_found):
            return True
        return scale * min(_size_px(face.box) for face in found) < DOUBTFUL_FACE_PX


def _size_px(box: Box) -> float:
    """The width of a face, also of one that the picture's edge cuts on one side."""
    return max(box.width_px, _WIDTH_TO_HEIGHT * box.height_px)
