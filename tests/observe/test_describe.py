"""One contract for all descriptors, and what is said when one can't be had."""

import re
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from fixtures.videos.people import PEOPLE
from fixtures.videos.pose import FRONTAL, Sight
from tests.observe.stage import box, stand
from vidaudit.errors import UsageError
from vidaudit.observe import describe
from vidaudit.observe.describe import DlibDescriptor, make_descriptor
from vidaudit.observe.dlibnet import parse_network
from vidaudit.observe.identity import DLIB_LIMITS, distances
from vidaudit.observe.models import model_file

SHIPPED = model_file("dlib_face_recognition_resnet_model_v1.dat")
TURNED = Sight(yaw_deg=8, pitch_deg=3, roll_deg=-2, smile=0.4)


def portrait(who, sight=FRONTAL, face_px=80.0):
    picture = np.full((240, 240, 3), (206, 214, 212), np.uint8)
    stand(picture, who, (120, 110), face_px, sight)
    return picture, box(120, 110, face_px)


def tiny_network(num_values=128):
    """A network with the inputs and outputs of SFace that mixes the means of 49 patches."""
    data = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])
    numbers = helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, num_values])
    mixing = np.random.default_rng(1).normal(size=(147, num_values)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["data"], ["patches"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Flatten", ["patches"], ["flat"]),
        helper.make_node("MatMul", ["flat", "mixing"], ["fc1"]),
    ]
    graph = helper.make_graph(nodes, "tiny", [data], [numbers], [numpy_helper.from_array(mixing, "mixing")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=7)


@pytest.fixture(scope="module")
def sface_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("models") / "sface.onnx"
    onnx.save(tiny_network(), str(file))
    return file


@pytest.fixture(scope="module", params=["dlib", "dlib:FILE", "sface:FILE"])
def descriptor(request, sface_file):
    return make_descriptor(request.param.replace("dlib:FILE", f"dlib:{SHIPPED}").replace("FILE", str(sface_file)))


@pytest.fixture(scope="module")
def looks():
    return [portrait(who, sight) for who in PEOPLE[:3] for sight in (FRONTAL, TURNED)]


def test_each_look_becomes_its_numbers_in_order(descriptor, looks):
    together = descriptor.describe(looks)
    assert [numbers.shape for numbers in together] == [(descriptor.num_values,)] * len(looks)
    assert all(numbers.dtype == np.float64 and np.isfinite(numbers).all() for numbers in together)
    for numbers, look in zip(together, looks, strict=True):
        assert np.allclose(numbers, descriptor.describe([look])[0], atol=1e-5)


def test_nobody_to_describe(descriptor):
    assert descriptor.describe([]) == []


def test_the_same_face_is_nearer_than_another(descriptor, looks):
    numbers = descriptor.describe(looks)
    pairwise = distances(numbers, numbers)
    assert pairwise[0, 1] < min(pairwise[0, 2], pairwise[0, 4])
    assert pairwise.diagonal().max() == 0


def test_pictures_stay_as_they_are(descriptor, looks):
    picture, where = looks[0]
    before = picture.copy()
    descriptor.describe([(picture, where)])
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("where", [box(0, 0, 1), box(-30, 60, 80), box(60, 60, 400)])
def test_boxes_that_leave_the_picture_or_are_tiny_will_do(descriptor, looks, where):
    (numbers,) = descriptor.describe([(looks[0][0], where)])
    assert np.isfinite(numbers).all()


def test_it_brings_limits_of_its_own_name(descriptor):
    limits = descriptor.limits
    assert limits.descriptor == descriptor.name
    assert 0 < limits.floor <= limits.alike <= limits.default <= limits.loose <= limits.vague
    assert limits.source
    assert re.fullmatch(r"dlib|(dlib|sface):[0-9a-f]{12}", descriptor.name)


def test_the_network_that_ships_given_as_a_file_is_the_same(looks):
    shipped, given = make_descriptor("dlib"), make_descriptor(f"dlib:{SHIPPED}")
    assert np.array_equal(shipped.describe(looks), given.describe(looks))
    assert given.limits == replace(shipped.limits, descriptor=given.name, source=given.limits.source)


@pytest.mark.parametrize("threshold", [0.3, 0.6, 1.2])
def test_the_limits_follow_what_a_network_was_trained_with(threshold, tmp_path, monkeypatch):
    network = parse_network(SHIPPED.read_bytes())
    monkeypatch.setattr(describe, "parse_network", lambda _: replace(network, threshold=threshold))
    (tmp_path / "own.dat").write_bytes(b"own")
    limits = make_descriptor(f"dlib:{tmp_path / 'own.dat'}").limits
    assert limits.default == pytest.approx(DLIB_LIMITS.default * threshold / 0.6)
    assert limits.loose == pytest.approx(threshold)


def test_what_cannot_be_read_here_is_left_to_dlib(looks, monkeypatch):
    monkeypatch.setattr(describe, "parse_network", lambda _: None)
    left = describe._dlib(str(SHIPPED))
    assert isinstance(left, DlibDescriptor)
    assert np.allclose(left.describe(looks[:1]), make_descriptor("dlib").describe(looks[:1]), atol=1e-4)
    assert left.limits.default == DLIB_LIMITS.default


def test_sface_is_of_length_1_with_the_published_limit(sface_file, looks):
    sface = make_descriptor(f"sface:{sface_file}")
    assert np.linalg.norm(sface.describe(looks), axis=1) == pytest.approx(1)
    assert sface.limits.loose == pytest.approx(1.128)
    assert 1 - sface.limits.loose**2 / 2 == pytest.approx(0.363, abs=0.002)  # the cosine published beside it


@pytest.mark.parametrize(
    ("spec", "remedy"),
    [
        ("", "Use one of: dlib, dlib:FILE, sface:FILE"),
        ("Dlib", "Use one of"),
        ("arcface:x.onnx", "Use one of"),
        ("dlib:nowhere.dat", "--descriptor dlib:FILE"),
        ("sface", "--descriptor sface:FILE"),
        ("sface:", "--descriptor sface:FILE"),
        ("sface:nowhere.onnx", "--descriptor sface:FILE"),
        ("sface:.", "--descriptor sface:FILE"),
        ("dlib:\0", "--descriptor dlib:FILE"),
    ],
)
def test_a_descriptor_that_cannot_be_had_says_what_to_write(spec, remedy):
    with pytest.raises(UsageError, match=re.escape(remedy)):
        make_descriptor(spec)


@pytest.mark.parametrize(("kind", "reason"), [("dlib", "no face network of dlib's"), ("sface", "not an SFace model")])
@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07"])
def test_a_file_that_is_no_model_is_refused(kind, reason, content, tmp_path):
    file = tmp_path / "model"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=reason):
        make_descriptor(f"{kind}:{file}")


def test_another_network_is_no_sface(tmp_path):
    onnx.save(tiny_network(64), str(tmp_path / "other.onnx"))
    with pytest.raises(UsageError, match="not an SFace model"):
        make_descriptor(f"sface:{tmp_path / 'other.onnx'}")


@pytest.mark.parametrize("changes", [{"floor": 0.0}, {"alike": 0.56}, {"vague": 0.5}])
def test_limits_are_in_order(changes):
    with pytest.raises(ValueError, match="in order"):
        replace(DLIB_LIMITS, **changes)
