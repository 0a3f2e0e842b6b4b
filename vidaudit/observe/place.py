"""Where the camera looked: the motion between neighbouring frames, chained into one plane.

A pan shows each person at one place of the room. Two sights of a face that fall on the same place are one
person, however unlike they look; two that fall on different places are two, however alike. So the camera's
motion says who is who before any likeness is asked (`observe.persons`).

Method: ORB features (Rublee et al. 2011), matched both ways, a similarity transform by RANSAC; frames are
compared at `_WIDTH_PX` wide. The strips where recorders burn in clocks and titles are left out: they stand
still while the room moves. A camera that stands is told without features, by most of the room's detail being where it
was.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box
from vidaudit.observe.detect import Image
from vidaudit.observe.resize import resized

_WIDTH_PX = 640
# No camera films a strip narrower than this: ORB leaves 31 px at each edge out, and a tall one would fill the memory.
_MIN_HEIGHT_PX, _MAX_HEIGHT_PX = 64, 4 * _WIDTH_PX
_NUM_FEATURES = 700  # 500 lose a pan that moves by a fifth of the picture a frame; 1000 gain nothing and take longer
_OVERLAY_SHARE = 0.1  # recorders put their text into the top and bottom tenth
_MIN_INLIERS = 12  # four times what determines a similarity; chance matches of unrelated frames gave up to 8
_MIN_INLIER_SHARE = 0.2
_RANSAC_PX = 3.0
_MAX_ZOOM = 1.6  # between neighbouring frames; more is a mismatch, not a zoom
# After a flash, or somebody before the lens, the frames before it show where the camera is; what lasts longer is a cut.
_MAX_INTERRUPTED = 2
_NUM_REMEMBERED = 4
# Of the blocks of a picture 320 px wide that have any detail, so many must correlate with what was there before. Each
# picture is held against the last one with features, so that a slow drift adds up until it is seen.
_STANDS_WIDTH_PX, _BLOCK_PX = 320, 20
_DETAIL_LEVELS, _MIN_DETAILED, _SAME_DETAIL, _MIN_SAME_SHARE = 6.0, 12, 0.98, 0.6
_NUM_KEPT = 3  # the last picture asked about may be the next but one to be added
_IDENTITY: npt.NDArray[np.float64] = np.eye(3)
_Descriptors = npt.NDArray[np.uint64]  # 256 bits of each point, in four words


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """Where one frame lies in the room.

    Args:
        segment: frames of one segment share a plane; a new one begins where no motion could be found, not even from
            before a short interruption.
        to_plane: (3, 3) float64, takes the frame's pixels to the segment's plane (pixels of its first frame).
        travelled_px: length of the camera's way since the segment began, in plane pixels: the drift grows with it.
    """

    segment: int
    to_plane: npt.NDArray[np.float64]
    travelled_px: float

    def place(self, x_px: float, y_px: float) -> tuple[float, float]:
        """The point of the plane that this frame shows at these pixels."""
        x, y, _ = self.to_plane @ (x_px, y_px, 1.0)
        return float(x), float(y)

    def box_in_frame(self, place: Box) -> Box:
        """A box of the plane in the pixels of this frame."""
        to_frame = np.linalg.inv(self.to_plane)
        x, y, _ = to_frame @ (place.x_px + place.width_px / 2, place.y_px + place.height_px / 2, 1.0)
        width, height = place.width_px / self.scale, place.height_px / self.scale
        return Box(x_px=float(x - width / 2), y_px=float(y - height / 2), width_px=width, height_px=height)

    @property
    def scale(self) -> float:
        """Plane pixels per frame pixel."""
        return float(np.hypot(self.to_plane[0, 0], self.to_plane[1, 0]))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Features:
    """Points (n, 2) float32 in the frame's own pixels and their ORB descriptors (n, 4), None when there are none."""

    points: npt.NDArray[np.float32]
    descriptors: _Descriptors | None


@dataclass(frozen=True, kw_only=True, eq=False)
class _Place:
    """A frame that was seen, to find the way back to."""

    features: _Features
    view: View


class CameraPath:
    """Follows the camera from frame to frame. Feed frames in order to `add`.

    Args:
        may_stand: whether to try first if the camera stands: much cheaper where it does, in vain in a pan.
    """

    def __init__(self, *, may_stand: bool = False) -> None:
        self._may_stand = may_stand
        self._room: Image | None = None
        self._orb = cv2.ORB.create(nfeatures=_NUM_FEATURES)
        self._previous: _Features | None = None
        self._view: View | None = None
        self._asked: list[tuple[Image, _Features]] = []
        self._motions: dict[_Features, npt.NDArray[np.float64] | None] = {}
        self._latest: list[_Place] = []
        self._num_segments = 1

    @property
    def num_breaks(self) -> int:
        """How often the way was lost and not found again, so that what follows lies on a plane of its own."""
        return self._num_segments - 1

    def shared(self, image: Image) -> float:
        """How much of the last frame this one shows too, 0 to 1; 0 where no motion was found. The path stays as is."""
        if self._previous is None:
            return 0.0
        motion = self._motion_to(self._features(image))
        return 0.0 if motion is None else _overlap(motion, image.shape[1], image.shape[0])

    def add(self, image: Image) -> View:
        """The view of the next frame ((height, width, 3) uint8, blue-green-red)."""
        if self._may_stand:
            room = _small(image)
            if self._room is not None and _is_same_room(self._room, room):
                self._latest = [*self._latest, self._latest[-1]][-_NUM_REMEMBERED:]
                return self._latest[-1].view
            self._room = room
        features = self._features(image)
        motion = self._motion_to(features)
        here = self._view_of(features, motion, (image.shape[1] / 2, image.shape[0] / 2))
        self._latest = [*self._latest, _Place(features=features, view=here)][-_NUM_REMEMBERED:]
        self._previous, self._view = features, here
        self._motions.clear()
        return here

    def _view_of(
        self, features: _Features, motion: npt.NDArray[np.float64] | None, centre_px: tuple[float, float]
    ) -> View:
        """Where the frame lies: on from the last one, else from one before an interruption, else on a new plane."""
        if self._view is None:
            return View(segment=0, to_plane=_IDENTITY, travelled_px=0.0)
        if motion is not None:
            return _moved(self._view, motion, centre_px)
        before = [known for known in self._latest if known.view.segment != self._view.segment]
        was_short = len(self._latest) - len(before) <= _MAX_INTERRUPTED
        for known in reversed(before if was_short else []):
            back = self._motion(known.features, features)
            if back is not None:
                return _moved(known.view, back, centre_px)
        self._num_segments += 1
        return View(segment=self._num_segments - 1, to_plane=_IDENTITY, travelled_px=0.0)

    def _motion_to(self, after: _Features) -> npt.NDArray[np.float64] | None:
        """The motion since the last frame, matched once however often it is asked about."""
        before = self._previous
        if before is None:
            return _IDENTITY
        if after not in self._motions:
            self._motions[after] = self._motion(before, after)
        return self._motions[after]

    def _features(self, image: Image) -> _Features:
        """The frame's features; those of the last few pictures asked about are kept."""
        known = next((features for asked, features in self._asked if asked is image), None)
        if known is None:
            known = self._detect(image)
            self._asked = [*self._asked[1 - _NUM_KEPT :], (image, known)]
        return known

    def _detect(self, image: Image) -> _Features:
        """The frame's features outside the strips for text."""
        scale = _WIDTH_PX / image.shape[1]
        if not _MIN_HEIGHT_PX <= image.shape[0] * scale <= _MAX_HEIGHT_PX:
            return _Features(points=np.zeros((0, 2), np.float32), descriptors=None)
        grey = resized(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False), scale)
        mask = np.zeros_like(grey)
        strip = int(grey.shape[0] * _OVERLAY_SHARE)
        mask[strip : grey.shape[0] - strip] = 255
        points, descriptors = self._orb.detectAndCompute(grey, mask)
        positions = np.array([point.pt for point in points], np.float32).reshape(-1, 2) / scale
        return _Features(points=positions, descriptors=descriptors.view(np.uint64) if len(points) else None)

    def _motion(self, before: _Features, after: _Features) -> npt.NDArray[np.float64] | None:
        """The (3, 3) similarity from the later frame's pixels to the earlier one's; None when there is none."""
        if before.descriptors is None or after.descriptors is None:
            return None
        here, there = _mutually_nearest(after.descriptors, before.descriptors)
        if len(here) < _MIN_INLIERS:
            return None
        source, target = after.points[here], before.points[there]
        matrix, inliers = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=_RANSAC_PX)
        if matrix is None or inliers.sum() < max(_MIN_INLIERS, _MIN_INLIER_SHARE * len(here)):
            return None
        zoom = np.hypot(matrix[0, 0], matrix[1, 0])
        if not 1 / _MAX_ZOOM < zoom < _MAX_ZOOM:
            return None
        return np.vstack([matrix, [0.0, 0.0, 1.0]])


def _small(image: Image) -> Image:
    return resized(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8), _STANDS_WIDTH_PX / image.shape[1])


def _is_same_room(before: Image, after: Image) -> bool:
    """Whether most blocks with detail show what they showed, whoever moves before the others."""
    if before.shape != after.shape or min(before.shape) < _BLOCK_PX:
        return False
    one, other = _blocks(before), _blocks(after)
    deviation = one.std(axis=1) * other.std(axis=1)
    detailed = deviation >= _DETAIL_LEVELS**2
    if detailed.sum() < _MIN_DETAILED:
        return False
    together = ((one - one.mean(axis=1, keepdims=True)) * (other - other.mean(axis=1, keepdims=True))).mean(axis=1)
    same = together[detailed] >= _SAME_DETAIL * deviation[detailed]
    return float(same.mean()) >= _MIN_SAME_SHARE


def _blocks(grey: Image) -> npt.NDArray[np.float32]:
    """(blocks, pixels): the whole blocks of a picture without the strips for text."""
    strip = int(grey.shape[0] * _OVERLAY_SHARE)
    inner = grey[strip : grey.shape[0] - strip].astype(np.float32)
    rows, columns = (length // _BLOCK_PX for length in inner.shape)
    whole = inner[: rows * _BLOCK_PX, : columns * _BLOCK_PX].reshape(rows, _BLOCK_PX, columns, _BLOCK_PX)
    return whole.swapaxes(1, 2).reshape(rows * columns, _BLOCK_PX**2)


def _mutually_nearest(one: _Descriptors, other: _Descriptors) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which of one go with which of the other, each nearest to its partner by the bits that differ.

    The same pairs as OpenCV's brute-force matcher with its cross-check gives, in less than half the time.
    """
    apart = np.zeros((len(one), len(other)), np.uint16)
    for word in range(one.shape[1]):
        apart += np.bitwise_count(one[:, word, None] ^ other[None, :, word])
    nearest, back = apart.argmin(axis=1), apart.argmin(axis=0)
    mutual = np.flatnonzero(back[nearest] == np.arange(len(one)))
    return mutual, nearest[mutual]


def _overlap(motion: npt.NDArray[np.float64], width: int, height: int) -> float:
    """The share of a frame's area that the next one, moved by `motion`, covers."""
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = cv2.perspectiveTransform(frame[None], motion)[0]
    area, _ = cv2.intersectConvexConvex(frame, moved)
    return float(area) / (width * height)


def _moved(last: View, motion: npt.NDArray[np.float64], centre_px: tuple[float, float]) -> View:
    """The view of a frame from which `motion` leads to the last one."""
    here = View(segment=last.segment, to_plane=last.to_plane @ motion, travelled_px=last.travelled_px)
    (x0, y0), (x1, y1) = last.place(*centre_px), here.place(*centre_px)
    way = float(np.hypot(x1 - x0, y1 - y0))
    return View(segment=here.segment, to_plane=here.to_plane, travelled_px=here.travelled_px + way)
