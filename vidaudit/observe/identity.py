"""Who is who by likeness: dlib's face descriptor (King 2017) by way of `face_recognition`, and where to draw the line.

The library's limit of 0.6 merges different people of East Asian looks (design measurements: 2 of 17 left); its author
and its issues 362 and 612 advise 0.45 to 0.5 there. No fixed number is right for everybody, but a clip shows people
who are certainly different (in one frame, or at different places of one pan): how alike *they* look is the yardstick.
"""

import functools
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import dlib
import numpy as np
import numpy.typing as npt

from vidaudit.model.still import Box
from vidaudit.observe.detect import Image
from vidaudit.observe.dlibnet import CHIP_SIDE_PX, FaceNetwork, parse_network
from vidaudit.observe.models import model_file

Descriptor = npt.NDArray[np.float64]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LikenessLimits:
    """Where one descriptor draws its lines: Euclidean distances between its numbers, each at most the next.

    Args:
        descriptor: its name; distances to what another one made mean nothing.
        floor: no limit is ever below: the same face in neighbouring frames stays within it.
        alike: nearer than this two faces are most likely one person, wherever they were seen.
        default: at most this far apart they are one person, where nothing is known of the people.
        loose: whoever is within this is not sure to be two.
        vague: faces too blurred to identify anybody are at most this far apart when they are one person's.
        source: where the numbers come from.
    """

    descriptor: str
    floor: float
    alike: float
    default: float
    loose: float
    vague: float
    source: str

    def __post_init__(self) -> None:
        if not 0 < self.floor <= self.alike <= self.default <= self.loose <= self.vague:
            raise ValueError(f"likeness limits must be positive and in order, got {self}")

    def scaled(self, factor: float, descriptor: str, source: str) -> "LikenessLimits":
        """The same lines on the scale of another descriptor."""
        numbers = ("floor", "alike", "default", "loose", "vague")
        moved = {name: getattr(self, name) * factor for name in numbers}
        return LikenessLimits(descriptor=descriptor, source=source, **moved)


DLIB_LIMITS = LikenessLimits(
    descriptor="dlib",
    floor=0.3,
    # A pan along 17 East Asian women, the hardest case measured, still shows 17 people at 0.4, and 8 at 0.5.
    alike=0.4,
    default=0.55,  # average linkage at 0.52 to 0.60 sorts dlib's 55 sample pictures into their 5 people
    loose=0.6,  # the line that the library itself draws
    # Measured on 18 people of two pans, reduced and enlarged again: from 25 px of detail on their distance stays at
    # most 0.51, at 12 px 0.69.
    vague=0.7,
    source="King 2017: 0.6; the rest measured with the network that face_recognition_models brings",
)
_LIMIT_QUANTILE = 0.01  # at most one pair in a hundred of known strangers may look more alike than the limit
_APART = 10.0  # a distance that no two descriptors reach

# Relation of dlib's square face to the box of a detector, medians over 93 faces found by both.
_SQUARE_SIDE = 0.92
_SQUARE_DOWN = 0.03

_NUM_LANDMARKS = 48  # without the mouth, which follows
_CHIP_PADDING = 0.25  # dlib's own, with which the network was trained
_BATCH = 8  # a fifth faster than one by one; more only costs memory

Chips = npt.NDArray[np.uint8]
Encoder = Callable[[Chips], npt.NDArray[np.float64]]


def landmarks(image: Image, box: Box) -> Points:
    """dlib's landmarks (48, 2) of a face: chin 0-16, brows 17-26, nose 27-35, eyes 36-47, in the picture's pixels."""
    return _all_landmarks(image, box)[:_NUM_LANDMARKS]


def five_landmarks(image: Image, box: Box) -> Points:
    """(5, 2): eye, eye, tip of the nose, corner and corner of the mouth; each pair the picture's left one first."""
    points = _all_landmarks(image, box)
    eyes = [points[36:42].mean(axis=0), points[42:48].mean(axis=0)]
    return np.stack([*eyes, points[30], points[48], points[54]])


def _all_landmarks(image: Image, box: Box) -> Points:
    """All 68: those of `landmarks`, and the mouth."""
    shape = _predictor()(_rgb(image), _square(box))
    return np.array([(point.x, point.y) for point in shape.parts()], dtype=float)


def descriptor(image: Image, box: Box) -> Descriptor:
    """The face's 128 numbers; aligned by dlib's own 68 landmarks, as the network was trained."""
    return descriptors([(image, box)])[0]


def descriptors(looks: Sequence[tuple[Image, Box]], encode: Encoder | None = None) -> list[Descriptor]:
    """The same for many faces, in their order, each in its own picture; `encode` is another network of dlib's kind."""
    encode = encode or _encoder()
    numbers: list[Descriptor] = []
    for begin in range(0, len(looks), _BATCH):
        numbers.extend(encode(np.stack([face_chip(*look) for look in looks[begin : begin + _BATCH]])))
    return numbers


def face_chip(image: Image, box: Box) -> Chips:
    """The face upright, as the network was trained: (150, 150, 3), red-green-blue."""
    rgb = _rgb(image)
    shape = _predictor()(rgb, _square(box))
    chip: Chips = dlib.get_face_chip(rgb, shape, size=CHIP_SIDE_PX, padding=_CHIP_PADDING)
    return chip


def encoder(content: bytes) -> Encoder:
    """What turns chips (n, 150, 150, 3), red-green-blue, into descriptors (n, 128), by the network that ships.

    dlib's network in onnxruntime, 18 times as fast as in dlib's wheel and less than 1e-5 from it; dlib itself
    where the network can't be read. 16-bit numbers are slower and 1e-3 away, 8-bit integers 3 times as fast and
    4e-2 away, too far for limits that differ by 0.05.

    Args:
        content: of the network's file.
    """
    network = parse_network(content)
    return dlibs_encoder(_library().face_encoder) if network is None else network_encoder(network)


def network_encoder(network: FaceNetwork) -> Encoder:
    """An encoder that runs a network of dlib's kind in onnxruntime."""
    from vidaudit.observe.dlibgraph import CHIPS, started

    session = started(network)
    return lambda chips: session.run(None, {CHIPS: chips})[0].astype(np.float64)


def dlibs_encoder(model: Any) -> Encoder:
    """An encoder that leaves the work to a `face_recognition_model_v1` of dlib's."""
    return lambda chips: np.array([model.compute_face_descriptor(chip) for chip in chips])


def distances(one: Sequence[Descriptor], other: Sequence[Descriptor]) -> npt.NDArray[np.float64]:
    """(len(one), len(other)) Euclidean distances."""
    if not one or not other:
        return np.zeros((len(one), len(other)))
    apart: npt.NDArray[np.float64] = np.linalg.norm(np.stack(one)[:, None] - np.stack(other)[None], axis=2)
    return apart


def likeness_limit(between_strangers: npt.NDArray[np.float64], limits: LikenessLimits = DLIB_LIMITS) -> float:
    """The distance below which two faces may be called one person.

    Args:
        between_strangers: distances between people known to be different, any shape; may be empty.
        limits: of the descriptor that made them.
    """
    if between_strangers.size == 0:
        return limits.default
    nearest = float(np.quantile(between_strangers, _LIMIT_QUANTILE))
    return float(np.clip(nearest * 0.9, limits.floor, limits.default))


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
    from scipy.cluster.hierarchy import fcluster, linkage  # slow to load
    from scipy.spatial.distance import squareform

    # One such pair must outweigh the mean over all pairs of two groups, of which there are at most n * n / 4.
    apart = pairwise if strangers is None else np.where(strangers, _APART * len(pairwise) ** 2, pairwise)
    condensed = squareform(apart, checks=False)
    labels: npt.NDArray[np.int64] = fcluster(linkage(condensed, "average"), limit, "distance").astype(np.int64) - 1
    return labels


@functools.cache
def _predictor() -> Any:
    """dlib's predictor of 68 landmarks, from the file that `face_recognition` loads: half a second.

    By itself: the library would load all of its other models along with it, which takes as long again.
    """
    return dlib.shape_predictor(str(model_file("shape_predictor_68_face_landmarks.dat")))


@functools.cache
def _library() -> Any:
    """`face_recognition`, which loads all of its models with it: a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # face_recognition_models still imports the retired pkg_resources
        from face_recognition import api

    return api


@functools.cache
def _encoder() -> Encoder:
    return encoder(model_file("dlib_face_recognition_resnet_model_v1.dat").read_bytes())


def _square(box: Box) -> dlib.rectangle:
    """dlib's square for a face."""
    half = _SQUARE_SIDE * float(np.sqrt(box.width_px * box.height_px)) / 2
    x = box.x_px + box.width_px / 2
    y = box.y_px + box.height_px * (0.5 + _SQUARE_DOWN)
    return dlib.rectangle(round(x - half), round(y - half), round(x + half), round(y + half))


def _rgb(image: Image) -> Image:
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
