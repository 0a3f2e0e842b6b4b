"""One contract for all detectors, and what is said when one can't be had."""

import itertools
import re
import xml.etree.ElementTree as ET

import cv2
import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from tests.observe.stage import MEDIA, crowd, mural
from vidaudit.errors import UsageError
from vidaudit.model.still import Box
from vidaudit.observe.detect import clipped
from vidaudit.observe.detectors import DETECTORS, clip_detector, make_detector
from vidaudit.observe.models import model_file
from vidaudit.observe.sizing import SizedDetector

YUNET = MEDIA / "models" / "face_detection_yunet_2023mar.onnx"
FACES = MEDIA / "pictures" / "dlib" / "faces"
SMALLEST_PX = {"centerface": 24, "hog": 40, "yunet": 32}  # of drawn faces
BACKENDS = ("centerface", "hog", pytest.param(f"yunet:{YUNET}", marks=pytest.mark.media, id="yunet"))
RNG = np.random.default_rng(3)


@pytest.fixture(scope="module", params=BACKENDS)
def spec(request):
    return request.param


@pytest.fixture
def detector(spec, detectors):
    return detectors(spec, 1280)


@pytest.fixture(scope="module")
def crowds():
    return {face_px: crowd(PEOPLE[:24], face_px) for face_px in (40.0, 64.0, 80.0)}


def within(point: tuple[float, float], box: Box) -> bool:
    return 0 <= point[0] - box.x_px <= box.width_px and 0 <= point[1] - box.y_px <= box.height_px


def overlap(one: Box, two: Box) -> float:
    """Intersection over union."""
    across = min(one.x_px + one.width_px, two.x_px + two.width_px) - max(one.x_px, two.x_px)
    down = min(one.y_px + one.height_px, two.y_px + two.height_px) - max(one.y_px, two.y_px)
    both = max(across, 0) * max(down, 0)
    return both / (one.width_px * one.height_px + two.width_px * two.height_px - both)


def test_knows_its_name(spec, detector):
    assert detector.name == spec.partition(":")[0]
    assert detector.name in DETECTORS


@pytest.mark.parametrize("face_px", [40.0, 64.0, 80.0])
def test_every_drawn_face_is_found_once(detector, crowds, face_px):
    faces = detector.detect(crowds[face_px].picture)
    assert len(faces) == 24
    for head in crowds[face_px].heads:
        (face,) = [face for face in faces if within(head, face.box)]
        assert face.box.width_px == pytest.approx(face_px, rel=0.35)


def test_faces_are_found_from_the_size_promised(detector):
    face_px = SMALLEST_PX[detector.name]
    assert len(detector.detect(crowd(PEOPLE[:6], face_px).picture)) == 6


def test_a_larger_picture_gives_the_same_faces_in_its_own_pixels(spec, detectors, crowds):
    picture = crowds[80.0].picture
    double = cv2.resize(picture, None, fx=2, fy=2)
    small, large = (detectors(spec, 960).detect(one) for one in (picture, double))
    assert len(small) == len(large) == 24
    for face in small:
        middle = (2 * face.box.x_px + face.box.width_px, 2 * face.box.y_px + face.box.height_px)
        (same,) = [other for other in large if within(middle, other.box)]
        assert same.box.width_px == pytest.approx(2 * face.box.width_px, rel=0.35)


def test_best_first_none_twice_all_inside(detector, crowds):
    picture = crowds[64.0].picture[40:-60, 60:-70]  # cuts through faces
    faces = detector.detect(np.ascontiguousarray(picture))
    assert len(faces) >= 16
    scores = [face.score for face in faces]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= min(scores) <= max(scores) <= 1
    assert max(overlap(one.box, two.box) for one, two in itertools.combinations(faces, 2)) < 0.4
    for box in (face.box for face in faces):
        assert min(box.x_px, box.y_px) >= 0
        assert box.x_px + box.width_px <= picture.shape[1]
        assert box.y_px + box.height_px <= picture.shape[0]
        assert min(box.width_px, box.height_px) > 0


def test_the_same_picture_gives_the_same_faces_and_stays_as_it_is(detector, crowds):
    picture = crowds[40.0].picture.copy()
    first = detector.detect(picture)
    detector.detect(np.zeros((90, 500, 3), np.uint8))
    assert detector.detect(picture) == first
    assert np.array_equal(picture, crowds[40.0].picture)


def test_boxes_are_plain_numbers(detector, crowds):
    for face in detector.detect(crowds[40.0].picture):
        numbers = (face.score, face.box.x_px, face.box.y_px, face.box.width_px, face.box.height_px)
        assert {type(number) for number in numbers} == {float}


EMPTY = {
    "noise": RNG.integers(0, 256, (480, 640, 3)).astype(np.uint8),
    "faint noise": (128 + RNG.normal(0, 6, (480, 640, 3))).astype(np.uint8),
    "black": np.zeros((480, 640, 3), np.uint8),
    "white": np.full((480, 640, 3), 255, np.uint8),
    "gray": np.full((360, 500, 3), 127, np.uint8),
    "ramp": np.repeat(np.linspace(0, 255, 640, dtype=np.uint8)[None, :, None], 480, 0).repeat(3, 2),
    "one pixel": np.full((1, 1, 3), 90, np.uint8),
    "three pixels": np.full((3, 1, 3), 90, np.uint8),
    "31 x 33": RNG.integers(0, 256, (31, 33, 3)).astype(np.uint8),
    "a line": np.full((1, 3000, 3), 90, np.uint8),
    "a tall line": np.full((3000, 1, 3), 90, np.uint8),
    "wide": np.full((4, 8192, 3), 90, np.uint8),
    "huge": np.full((6144, 8192, 3), 90, np.uint8),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_is_found_where_nobody_is(detector, name):
    assert detector.detect(EMPTY[name]) == ()


def test_nobody_is_found_on_an_empty_wall(detector):
    assert detector.detect(mural(()).picture) == ()


@pytest.mark.parametrize(
    ("spec", "remedy"),
    [
        ("", "Use one of: centerface, hog, yunet"),
        ("CenterFace", "Use one of"),
        ("retinaface", "Use one of"),
        ("centerface:model.onnx", "--detector centerface"),
        ("hog:model.dat", "--detector hog"),
        ("yunet", "--detector yunet:FILE"),
        ("yunet:", "--detector yunet:FILE"),
        ("yunet:nowhere.onnx", "--detector yunet:FILE"),
        ("yunet:.", "--detector yunet:FILE"),
    ],
)
def test_a_detector_that_cannot_be_had_says_what_to_write(spec, remedy):
    with pytest.raises(UsageError, match=re.escape(remedy)):
        make_detector(spec)


def test_a_clip_gets_the_same_detector(spec, crowds):
    detector = clip_detector(spec, 1280)
    assert detector.name == spec.partition(":")[0]
    assert [len(detector.detect(crowds[64.0].picture)) for _ in range(3)] == [24, 24, 24]


def test_what_is_known_of_a_clip_is_not_carried_into_the_next():
    assert clip_detector("centerface", 960) is not clip_detector("centerface", 960)
    assert isinstance(clip_detector("centerface", 960), SizedDetector)


def test_a_clip_cannot_have_an_unknown_detector_either():
    with pytest.raises(UsageError, match="Use one of"):
        clip_detector("retinaface", 960)


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07"])
def test_a_file_that_is_no_model_is_refused(content, tmp_path):
    file = tmp_path / "model.onnx"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"model\.onnx is not a YuNet model"):
        make_detector(f"yunet:{file}")


def test_another_network_is_refused():
    with pytest.raises(UsageError, match="is not a YuNet model"):
        make_detector(f"yunet:{model_file('centerface-int8.onnx')}")


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((10, 20, 30, 40), (10, 20, 30, 40)),
        ((-10, -5, 30, 40), (0, 0, 20, 35)),
        ((80, 70, 30, 40), (80, 70, 20, 10)),
        ((120, 90, 10, 10), (100, 80, 0, 0)),
        ((-50, -50, 10, 10), (0, 0, 0, 0)),
    ],
)
def test_boxes_are_cut_at_the_edges(box, expected):
    cut = clipped(box, 100, 80)
    assert (cut.x_px, cut.y_px, cut.width_px, cut.height_px) == expected


def labelled() -> dict[str, list[Box]]:
    """{picture: boxes} of the sample pictures that come with dlib."""
    boxes: dict[str, list[Box]] = {}
    for file in ("training.xml", "testing.xml"):
        for image in ET.parse(FACES / file).iter("image"):
            boxes[image.attrib["file"]] = [
                Box(**{f"{ours}_px": float(one.attrib[theirs]) for ours, theirs in SIDES}) for one in image.iter("box")
            ]
    return boxes


SIDES = (("x", "left"), ("y", "top"), ("width", "width"), ("height", "height"))


@pytest.mark.media
def test_all_labelled_faces_are_found_with_at_most_two_more(detectors):
    detector, missed, extra, total = detectors("centerface", 1280), [], 0, 0
    for name, boxes in labelled().items():
        faces = detector.detect(cv2.imread(str(FACES / name)))
        total += len(boxes)
        hits = [{i for i, face in enumerate(faces) if overlap(face.box, box) > 0.3} for box in boxes]
        missed += [name for hit in hits if not hit]
        extra += len(faces) - len(set().union(*hits))
    assert total == 43
    assert missed == []
    assert extra <= 2
