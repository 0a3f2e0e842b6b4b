"""The network of the package: its form, its agreement with full precision, and faces of every size."""

import cv2
import numpy as np
import onnx
import pytest

from fixtures.centerface import float_graph
from fixtures.videos.people import PEOPLE
from tests.observe.stage import crowd, stand
from vidaudit.observe.centerface import ALIGN_PX, MODEL, CenterFace
from vidaudit.observe.models import model_file, model_hashes
from vidaudit.observe.network import open_session


class Recorder:
    """Stands in for the network: notes the sizes it is given and answers with the cells it is told."""

    def __init__(self, cells: dict[tuple[int, int], tuple[float, ...]]) -> None:
        self.cells = cells
        self.sizes: list[tuple[int, int]] = []

    def run(self, _outputs, inputs):
        (blob,) = inputs.values()
        height, width = blob.shape[2:]
        self.sizes.append((width, height))
        maps = np.full((1, 5, height // 4, width // 4), -20, np.float32)
        for (row, column), values in self.cells.items():
            maps[0, :, row, column] = values
        return [maps]


def test_the_model_comes_with_the_package_and_says_where_it_is_from():
    model = onnx.load(model_file(MODEL))
    assert "MIT" in model.doc_string
    assert [output.name for output in model.graph.output] == ["maps"]
    assert model_file(MODEL).stat().st_size < 2_500_000
    assert len(model_hashes()[MODEL]) == 64


@pytest.fixture(scope="module")
def exact():
    return CenterFace(session=open_session(float_graph().SerializeToString()))


@pytest.mark.parametrize("face_px", [24.0, 32.0, 64.0, 120.0])
def test_integers_find_what_full_precision_finds(exact, face_px):
    picture = crowd(PEOPLE[:18], face_px).picture
    pairs = [
        sorted(d.detect(picture), key=lambda one: (one.box.y_px // face_px, one.box.x_px))
        for d in (exact, CenterFace())
    ]
    assert len(pairs[0]) == len(pairs[1]) == 18
    for one, other in zip(*pairs, strict=True):
        assert one.score == pytest.approx(other.score, abs=0.1)
        assert one.box.width_px == pytest.approx(other.box.width_px, rel=0.1)
        assert one.box.x_px == pytest.approx(other.box.x_px, abs=0.1 * face_px)


@pytest.mark.parametrize("face_px", [220.0, 330.0, 420.0, 560.0])
def test_a_face_as_large_as_the_picture_is_found_once_beside_small_ones(face_px):
    picture = np.full((960, 1280, 3), (206, 214, 212), np.uint8)
    stand(picture, PEOPLE[0], (400, 480), face_px)
    for number in range(3):
        stand(picture, PEOPLE[number + 1], (1000, 200 + 250 * number), 40.0)
    widths = sorted(face.box.width_px for face in CenterFace().detect(picture))
    assert len(widths) == 4
    assert widths[-1] == pytest.approx(face_px, rel=0.35)


@pytest.mark.parametrize(
    ("size", "max_side_px", "looks"),
    [
        ((600, 800), 1280, [(800, 608)]),
        ((600, 801), 1280, [(800, 608), (320, 224)]),
        ((960, 1280), 1280, [(1280, 960), (320, 256)]),
        ((960, 1280), 512, [(512, 384)]),
        ((20, 30), 1280, [(ALIGN_PX, ALIGN_PX)]),
        ((1080, 1920), 320, [(320, 192)]),
    ],
)
def test_large_looks_are_followed_by_a_small_one(size, max_side_px, looks):
    network = Recorder({})
    assert CenterFace(session=network).detect_at(np.zeros((*size, 3), np.uint8), max_side_px) == ()
    assert network.sizes == looks


def test_a_cell_becomes_a_box():
    network = Recorder({(10, 20): (2.0, np.log(12), np.log(9), 0.25, -0.5)})
    (face,) = CenterFace(session=network).detect_at(np.zeros((256, 320, 3), np.uint8), 320)
    assert face.score == pytest.approx(1 / (1 + np.exp(-2)))
    sides = (face.box.x_px, face.box.y_px, face.box.width_px, face.box.height_px)
    assert sides == pytest.approx((20 * 4 - 18, 10.75 * 4 - 24, 36, 48))


@pytest.mark.parametrize(("logit", "found"), [(0.01, 1), (0.0, 0), (-0.01, 0)])
def test_only_scores_over_the_threshold_count(logit, found):
    network = Recorder({(10, 20): (logit, 2.0, 2.0, 0.0, 0.0)})
    assert len(CenterFace(session=network).detect_at(np.zeros((256, 320, 3), np.uint8), 320)) == found


@pytest.mark.parametrize(("width_px", "looks"), [(196, "fine"), (204, "both"), (296, "both"), (304, "small")])
def test_each_look_answers_for_its_sizes(width_px, looks):
    """A face here in the large look and there in the small one; which of the two count is told by its width."""

    class TwoLooks(Recorder):
        def run(self, outputs, inputs):
            (blob,) = inputs.values()
            large = blob.shape[3] == 1280
            cells, width = ((100, 100) if large else (50, 60)), width_px / (1 if large else 4)
            self.cells = {cells: (2.0, np.log(width / 4), np.log(width / 4), 0.0, 0.0)}
            return super().run(outputs, inputs)

    found = CenterFace(session=TwoLooks({})).detect(np.zeros((960, 1280, 3), np.uint8))
    assert len(found) == {"fine": 1, "small": 1, "both": 2}[looks]
    assert (min(face.box.x_px for face in found) < 402) == (looks != "small")


def test_a_frame_of_another_size_does_not_disturb_the_next():
    picture = crowd(PEOPLE[:6], 48).picture
    detector = CenterFace()
    before = detector.detect(picture)
    detector.detect(cv2.resize(picture, None, fx=2.5, fy=2.5))
    assert detector.detect(picture) == before
