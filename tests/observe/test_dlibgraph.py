"""The graph gives dlib's numbers, for any picture and any number of them."""

import face_recognition
import numpy as np
import onnx
import pytest

from vidaudit.observe.dlibgraph import CHIPS, onnx_graph, started
from vidaudit.observe.dlibnet import parse_network
from vidaudit.observe.models import model_file

RNG = np.random.default_rng(7)


@pytest.fixture(scope="module")
def network():
    return parse_network(model_file("dlib_face_recognition_resnet_model_v1.dat").read_bytes())


@pytest.fixture(scope="module")
def session(network):
    return started(network)


def described(session, chips):
    return session.run(None, {CHIPS: chips})[0]


def chip(name):
    rows, columns = np.mgrid[:150, :150].astype(np.uint8)
    return {
        "black": np.zeros((150, 150, 3), np.uint8),
        "white": np.full((150, 150, 3), 255, np.uint8),
        "red": np.stack([rows * 0 + 255, rows * 0, rows * 0], axis=2),
        "slope": np.stack([rows, columns, rows // 2 + columns // 2], axis=2),
        "noise": RNG.integers(0, 256, (150, 150, 3), np.uint8),
    }[name]


@pytest.mark.parametrize("name", ["black", "white", "red", "slope", "noise"])
def test_the_numbers_are_dlibs(session, name):
    picture = chip(name)
    theirs = np.array(face_recognition.api.face_encoder.compute_face_descriptor(picture))
    assert np.linalg.norm(described(session, picture[None])[0] - theirs) < 1e-4


@pytest.mark.parametrize("number", [1, 2, 5])
def test_each_picture_of_a_batch_has_its_own_numbers(session, number):
    chips = RNG.integers(0, 256, (number, 150, 150, 3), np.uint8)
    together = described(session, chips)
    assert together.shape == (number, 128)
    for one, numbers in zip(chips, together, strict=True):
        assert np.allclose(described(session, one[None])[0], numbers, atol=1e-6)


def test_the_graph_keeps_to_the_rules(network):
    model = onnx.load_from_string(onnx_graph(network))
    onnx.checker.check_model(model, full_check=True)
    assert [value.name for value in model.graph.input] == [CHIPS]
    assert sum(node.op_type == "Conv" for node in model.graph.node) == 29
