"""Who is who by likeness: dlib's face descriptor (King 2017) by way of `face_recognition`, and where to draw the line.

The library's limit of 0.6 merges different people of East Asian looks (design measurements: 2 of 17 left); its author
and its issues 362 and 612 advise 0.45 to 0.5 there. No fixed number is right for everybody, but a clip shows people
who are certainly different (in one frame, or at different places of one pan): how alike *they* look is the yardstick.
"""

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from vidaudit.model.evidence import Box
from vidaudit.observe.detect import Image

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # face_recognition_models still imports the retired pkg_resources
    import face_recognition

Descriptor = npt.NDArray[np.float64]
Points = npt.NDArray[np.float64]

DEFAULT_LIMIT = 0.55  # average linkage at 0.52 to 0.60 sorts dlib's 55 sample pictures into their 5 people
# Nearer than this two faces are most likely one, wherever they were seen: a pan along 17 East Asian women, the hardest
# case measured, still shows 17 people at 0.4, and 8 at 0.5.
ALIKE_LIMIT = 0.4
# Nothing that the library itself takes for one person is sure to be two.
LOOSE_LIMIT = 0.6
_LIMIT_FLOOR = 0.3  # the same face in neighbouring frames of a pan stays below this
_LIMIT_QUANTILE = 0.01  # at most one pair in a hundred of known strangers may look more alike than the limit
_APART = 10.0  # a distance that no two descriptors reach

# Relation of dlib's square face to the box of a detector, medians over 93 faces found by both.
_SQUARE_SIDE = 0.92
_SQUARE_DOWN = 0.03

_PARTS = (
    "chin",
    "left_eyebrow",
    "right_eyebrow",
    "nose_bridge",
    "nose_tip",
    "left_eye",
    "right_eye",
)


def landmarks(image: Image, box: Box) -> Points:
    """dlib's landmarks (48, 2) of a face: chin 0-16, brows 17-26, nose 27-35, eyes 36-47, in the picture's pixels."""
    found = face_recognition.face_landmarks(_rgb(image), [_square(box)], model="large")[0]
    return np.array([point for part in _PARTS for point in found[part]], dtype=float)


def descriptor(image: Image, box: Box) -> Descriptor:
    """The face's 128 numbers; aligned by dlib's own 68 landmarks, as the network was trained."""
    numbers: Descriptor = np.array(
        face_recognition.face_encodings(_rgb(image), [_square(box)], model="large")[0], dtype=np.float64
    )
    return numbers


def distances(one: Sequence[Descriptor], other: Sequence[Descriptor]) -> npt.NDArray[np.float64]:
    """(len(one), len(other)) Euclidean distances."""
    if not one or not other:
        return np.zeros((len(one), len(other)))
    apart: npt.NDArray[np.float64] = np.linalg.norm(np.stack(one)[:, None] - np.stack(other)[None], axis=2)
    return apart


def likeness_limit(between_strangers: npt.NDArray[np.float64], default: float = DEFAULT_LIMIT) -> float:
    """The distance below which two faces may be called one person.

    Args:
        between_strangers: distances between people known to be different, any shape; may be empty.
        default: the limit where nothing is known.
    """
    if between_strangers.size == 0:
        return default
    return float(np.clip(np.quantile(between_strangers, _LIMIT_QUANTILE) * 0.9, _LIMIT_FLOOR, default))


def group(
    pairwise: npt.NDArray[np.float64], limit: float, strangers: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.int64]:
    """Group labels (n,) from 0, by average linkage.

    Args:
        pairwise: (n, n) distances.
        limit: groups merge while their mean distance is at most this.
        strangers: (n, n), true where two are known to be different people; they never share a group.
    """
    if len(pairwise) < 2:
        return np.zeros(len(pairwise), dtype=np.int64)
    # One such pair must outweigh the mean over all pairs of two groups, of which there are at most n * n / 4.
    apart = pairwise if strangers is None else np.where(strangers, _APART * len(pairwise) ** 2, pairwise)
    condensed = squareform(apart, checks=False)
    labels: npt.NDArray[np.int64] = fcluster(linkage(condensed, "average"), limit, "distance").astype(np.int64) - 1
    return labels


def _square(box: Box) -> tuple[int, int, int, int]:
    """dlib's square for a face as (top, right, bottom, left), the order of `face_recognition`."""
    half = _SQUARE_SIDE * float(np.sqrt(box.width_px * box.height_px)) / 2
    x = box.x_px + box.width_px / 2
    y = box.y_px + box.height_px * (0.5 + _SQUARE_DOWN)
    return round(y - half), round(x + half), round(y + half), round(x - half)


def _rgb(image: Image) -> Image:
    return np.ascontiguousarray(image[:, :, ::-1])
