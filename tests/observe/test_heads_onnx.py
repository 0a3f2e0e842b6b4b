"""Networks a user supplies: tiny ones made here, whose output is known."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.observe.stage import ScriptedDetector, found, textured
from vidaudit.errors import UsageError
from vidaudit.observe.detect import Detection
from vidaudit.observe.heads_onnx import HeadsSpec, OnnxHeads, WithHeads, heads_model, make_heads, parse_heads

SIDE_PX = 64
NUM_CELLS = 8 * 8 + 4 * 4 + 2 * 2
PICTURE = textured(128, 96)  # half as large in the network: 64 x 48, and 16 rows of padding


def constant_network(path: Path, rows: np.ndarray, shape=(1, 3, SIDE_PX, SIDE_PX)) -> Path:
    """A network that answers `rows` whatever it sees, having looked at its input."""
    answer = numpy_helper.from_array(rows[None].astype(np.float32), "answer")
    nothing = numpy_helper.from_array(np.zeros(1, np.float32), "nothing")
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["answer", "zero"], ["output"]),
    ]
    return saved(path, nodes, [answer, nothing], shape)


def mean_network(path: Path) -> Path:
    """One box whose score tells the lower right corner of what the network sees, as a share of 255."""
    box = numpy_helper.from_array(np.array([[[8, 8, 40, 40, 0, 0]]], np.float32), "box")
    place = numpy_helper.from_array(np.array([0, 0, 0, 0, 1 / 255, 0], np.float32), "place")
    corner = [numpy_helper.from_array(np.array(ends, np.int64), name) for ends, name in _CORNER]
    nodes = [
        helper.make_node("Slice", ["images", "starts", "ends"], ["corner"]),
        helper.make_node("ReduceMean", ["corner"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "place"], ["score"]),
        helper.make_node("Add", ["box", "score"], ["output"]),
    ]
    return saved(path, nodes, [box, place, *corner], (1, 3, SIDE_PX, SIDE_PX))


_CORNER = (([0, 0, SIDE_PX - 4, SIDE_PX - 4], "starts"), ([1, 3, SIDE_PX, SIDE_PX], "ends"))


def saved(path, nodes, constants, shape) -> Path:
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return path


def plain(*rows) -> np.ndarray:
    return np.array(rows, np.float32)


def raw(*cells, num_classes=2) -> np.ndarray:
    """(NUM_CELLS, 5 + classes), nothing anywhere but in the given {cell: row}."""
    rows = np.zeros((NUM_CELLS, 5 + num_classes), np.float32)
    for cell, row in cells:
        rows[cell] = row
    return rows


def detector(path, rows, kind="head", classes=(0,)) -> OnnxHeads:
    return OnnxHeads(HeadsSpec(file=constant_network(path / "net.onnx", rows), kind=kind, classes=classes))


def sides(detection: Detection) -> list[float]:
    return [detection.box.x_px, detection.box.y_px, detection.box.width_px, detection.box.height_px]


def test_plain_boxes_come_back_in_the_pictures_own_pixels(tmp_path):
    heads = detector(tmp_path, plain([10, 12, 30, 32, 0.9, 0], [40, 20, 50, 32, 0.7, 0]))
    first, second = heads.detect(PICTURE)
    assert (sides(first), first.score) == ([20, 24, 40, 40], pytest.approx(0.9))
    assert (sides(second), second.score) == ([80, 40, 20, 24], pytest.approx(0.7))


@pytest.mark.parametrize(("classes", "number"), [((0,), 1), ((0, 3), 2), ((7,), 0)])
def test_only_the_wanted_classes_count(tmp_path, classes, number):
    heads = detector(tmp_path, plain([10, 12, 30, 32, 0.9, 0], [40, 20, 50, 32, 0.7, 3]), classes=classes)
    assert len(heads.detect(PICTURE)) == number


@pytest.mark.parametrize(("score", "number"), [(0.49, 0), (0.5, 1), (0.51, 1)])
def test_unsure_boxes_are_left_out(tmp_path, score, number):
    assert len(detector(tmp_path, plain([10, 12, 30, 32, score, 0])).detect(PICTURE)) == number


def test_one_head_boxed_twice_is_one(tmp_path):
    heads = detector(tmp_path, plain([10, 12, 30, 32, 0.9, 0], [11, 12, 31, 33, 0.8, 0]))
    assert [found.score for found in heads.detect(PICTURE)] == [pytest.approx(0.9)]


def test_raw_cells_are_decoded_at_every_stride(tmp_path):
    cells = [
        (3 + 8 * 2, [0.5, 0.25, np.log(2), np.log(2), 0.9, 1.0, 0.0]),  # stride 8, column 3, row 2
        (64 + 1 + 4 * 1, [0.5, 0.5, 0.0, 0.0, 0.8, 1.0, 0.0]),  # stride 16, column 1, row 1: overlaps nothing
        (80 + 0, [0.5, 0.25, np.log(0.5), np.log(0.5), 0.7, 1.0, 0.0]),  # stride 32
    ]
    heads = detector(tmp_path, raw(*cells))
    assert [sides(one) for one in heads.detect(PICTURE)] == [
        pytest.approx([2 * (28 - 8), 2 * (18 - 8), 32, 32]),
        pytest.approx([2 * (24 - 8), 2 * (24 - 8), 32, 32]),
        pytest.approx([2 * (16 - 8), 2 * (8 - 8), 32, 32]),
    ]


@pytest.mark.parametrize(("classes", "number"), [((0,), 0), ((1,), 1), ((0, 1), 1)])
def test_a_raw_score_is_that_of_the_wanted_class(tmp_path, classes, number):
    heads = detector(tmp_path, raw((10, [0.5, 0.5, 0, 0, 0.9, 0.2, 0.9])), classes=classes)
    assert len(heads.detect(PICTURE)) == number


def test_a_single_class_of_raw_cells_is_not_taken_for_boxes(tmp_path):
    heads = detector(tmp_path, raw((10, [0.5, 0.5, 0.0, 0.0, 0.9, 1.0]), num_classes=1))
    assert sides(heads.detect(PICTURE)[0]) == pytest.approx([2 * 16, 2 * 8, 16, 16])


def test_the_head_of_a_person_is_the_upper_end(tmp_path):
    (head,) = detector(tmp_path, plain([10, 4, 30, 44, 0.9, 0]), kind="person").detect(PICTURE)
    assert sides(head) == pytest.approx([40 - 9, 8, 18, 21.6])


@pytest.mark.parametrize("row", [[np.nan] * 6, [np.inf, 0, 9, 9, 0.9, 0], [30, 30, 10, 10, 0.9, 0]])
def test_rows_that_make_no_sense_are_left_out(tmp_path, row):
    assert detector(tmp_path, plain(row, [10, 12, 30, 32, 0.9, 0])).detect(PICTURE)[0].score == pytest.approx(0.9)
    assert len(detector(tmp_path, plain(row, row)).detect(PICTURE)) == 0


def test_boxes_end_at_the_pictures_edges(tmp_path):
    (head,) = detector(tmp_path, plain([-10, 30, 20, 64, 0.9, 0])).detect(PICTURE)
    assert sides(head) == [0, 60, 40, 36]


def test_the_picture_is_letterboxed_with_grey(tmp_path):
    heads = OnnxHeads(HeadsSpec(file=mean_network(tmp_path / "net.onnx"), kind="head"))
    white = np.full((64, 64, 3), 255, np.uint8)
    assert heads.detect(white)[0].score == pytest.approx(1.0)
    assert heads.detect(white[:32]) == ()  # the corner is padding, 114 / 255


def test_an_open_size_is_640(tmp_path):
    network = constant_network(tmp_path / "net.onnx", plain([10, 10, 30, 30, 0.9, 0]), (1, 3, "height", "width"))
    (head,) = OnnxHeads(HeadsSpec(file=network, kind="head")).detect(np.zeros((1280, 1280, 3), np.uint8))
    assert sides(head) == [20, 20, 40, 40]


@pytest.mark.parametrize("rows", [np.zeros((5, 7)), np.zeros((NUM_CELLS, 5)), np.zeros((NUM_CELLS - 1, 85))])
def test_other_outputs_are_refused(tmp_path, rows):
    with pytest.raises(UsageError, match="gives an output of shape"):
        detector(tmp_path, rows)


def test_a_class_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="among them"):
        detector(tmp_path, raw(num_classes=2), classes=(2,))


def test_what_is_no_network_is_refused(tmp_path):
    file = tmp_path / "text.onnx"
    file.write_text("not a network")
    with pytest.raises(UsageError, match="is not a network"):
        make_heads(f"onnx:{file}")


@pytest.mark.parametrize("shape", [(1, 3, 64), (1, 1, 64, 64)])
def test_a_network_for_other_inputs_is_refused(tmp_path, shape):
    with pytest.raises(UsageError):
        OnnxHeads(HeadsSpec(file=constant_network(tmp_path / "net.onnx", plain([0] * 6), shape)))


@pytest.mark.parametrize(
    ("choice", "kind", "classes"),
    [
        ("", "person", (0,)),
        ("#head=0", "head", (0,)),
        ("#person=0,2", "person", (0, 2)),
        ("#head=1, 3", "head", (1, 3)),
    ],
)
def test_the_classes_stand_behind_the_file(tmp_path, choice, kind, classes):
    file = tmp_path / "net.onnx"
    file.touch()
    assert parse_heads(f"onnx:{file}{choice}") == HeadsSpec(file=file, kind=kind, classes=classes)


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "onnx",
        "onnx:",
        "yolo:{file}",
        "onnx:{file}#cat=0",
        "onnx:{file}#head=",
        "onnx:{file}#head=x",
        "onnx:{file}.missing",
    ],
)
def test_what_is_not_understood_is_refused(tmp_path, spec):
    file = tmp_path / "net.onnx"
    file.touch()
    with pytest.raises(UsageError):
        parse_heads(spec.format(file=file))


def test_the_network_is_named_with_its_hash(tmp_path):
    file = constant_network(tmp_path / "net.onnx", plain([0] * 6))
    assert heads_model(f"onnx:{file}#head=0") == ("net.onnx", hashlib.sha256(file.read_bytes()).hexdigest())


def test_heads_and_faces_of_one_person_are_one():
    face = found(100, 100, 40)
    same, other = found(103, 90, 60), found(300, 100, 60, score=0.8)
    both = WithHeads(ScriptedDetector([[face]]), ScriptedDetector([[same, other]]))
    assert both.detect(PICTURE) == (face, other)


@pytest.mark.parametrize(("off_px", "number"), [(29, 1), (31, 2)])
def test_neighbours_are_two(off_px, number):
    both = WithHeads(ScriptedDetector([[found(100, 100, 40)]]), ScriptedDetector([[found(100 + off_px, 100, 60)]]))
    assert len(both.detect(PICTURE)) == number


def test_the_evidence_tells_both_detectors():
    faces, heads = ScriptedDetector([[]]), ScriptedDetector([[]])
    assert WithHeads(faces, heads).name == f"{faces.name}+{heads.name}"
