"""Likeness: distances, where to draw the line, and who is grouped with whom."""

import itertools

import cv2
import face_recognition
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.videos.people import PEOPLE
from fixtures.videos.pose import FRONTAL, Sight
from tests.observe.stage import MEDIA, box, crowd, stand
from vidaudit.observe import identity
from vidaudit.observe.identity import (
    DLIB_LIMITS,
    _square,
    descriptor,
    descriptors,
    distances,
    encoder,
    group,
    landmarks,
    likeness_limit,
)
from vidaudit.observe.models import model_file

JOHNS = MEDIA / "pictures" / "dlib" / "johns"
NETWORK = model_file("dlib_face_recognition_resnet_model_v1.dat").read_bytes()
CANNOT_BE_READ = {"nothing": b"", "another": b"another", "cut off": NETWORK[:-1], "too long": NETWORK + b"\0"}
PARITY = 1e-4  # the limits that decide differ by 0.05
TURNED = Sight(yaw_deg=10, pitch_deg=4, roll_deg=-3, smile=0.5)


def portrait(who, sight=FRONTAL, face_px=80.0):
    picture = np.full((240, 240, 3), (206, 214, 212), np.uint8)
    stand(picture, who, (120, 110), face_px, sight)
    return picture, box(120, 110, face_px)


@pytest.fixture(scope="module")
def drawn():
    """Descriptors of eight drawn people, each straight and turned."""
    return [descriptor(*portrait(who, sight)) for who in PEOPLE[:8] for sight in (FRONTAL, TURNED)]


def dlibs_own(image, where):
    """What `face_recognition` makes of the same face: its descriptor, and its landmarks without the mouth."""
    square = _square(where)
    as_css = (square.top(), square.right(), square.bottom(), square.left())
    rgb = np.ascontiguousarray(image[:, :, ::-1])
    parts = face_recognition.face_landmarks(rgb, [as_css], model="large")[0]
    points = [point for name, part in parts.items() if "lip" not in name for point in part]
    return np.array(face_recognition.face_encodings(rgb, [as_css], model="large")[0]), np.array(points)


def is_partition_without(labels, strangers) -> bool:
    return not any(labels[i] == labels[j] for i, j in zip(*np.nonzero(strangers), strict=True))


def test_distances_are_one_row_each():
    one, other = [np.zeros(128), np.ones(128), np.full(128, 2.0)], [np.ones(128), np.zeros(128)]
    apart = distances(one, other)
    assert apart.shape == (3, 2)
    assert apart[0, 0] == pytest.approx(np.sqrt(128))
    assert apart[0, 1] == 0


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (0, 3), (3, 0)])
def test_distances_of_nobody(rows, columns):
    assert distances([np.zeros(128)] * rows, [np.zeros(128)] * columns).shape == (rows, columns)


@pytest.mark.parametrize(
    ("between", "limit"),
    [
        ([], DLIB_LIMITS.default),
        ([1.0] * 50, DLIB_LIMITS.default),
        ([0.5 / 0.9] * 50, 0.5),
        ([0.1] * 50, 0.3),
        ([0.3 / 0.9] * 50, 0.3),
        ([0.62], DLIB_LIMITS.default),
        ([0.6], 0.54),
    ],
)
def test_the_limit_follows_what_strangers_look_like_within_bounds(between, limit):
    assert likeness_limit(np.array(between)) == pytest.approx(limit)


def test_one_pair_in_a_hundred_may_look_alike():
    between = np.full(1000, 0.9)
    between[:5] = 0.05
    assert likeness_limit(between) == DLIB_LIMITS.default
    between[:50] = 0.05
    assert likeness_limit(between) == 0.3


def test_the_limit_is_a_plain_number():
    assert type(likeness_limit(np.array([0.5, 0.6]))) is float


@given(st.lists(st.floats(0, 2), max_size=40))
def test_the_limit_is_never_above_the_default_nor_below_the_floor(between):
    assert 0.3 <= likeness_limit(np.array(between)) <= DLIB_LIMITS.default


def table(rows):
    return np.array(rows, dtype=float)


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_and_one_alone(number):
    assert group(np.zeros((number, number)), 0.5).tolist() == [0] * number


@pytest.mark.parametrize(("apart", "groups"), [(0.49, 1), (0.5, 1), (0.51, 2)])
def test_groups_merge_up_to_the_limit(apart, groups):
    assert len(set(group(table([[0, apart], [apart, 0]]), 0.5).tolist())) == groups


def test_strangers_are_kept_apart_however_alike():
    strangers = np.array([[False, True, False], [True, False, False], [False, False, False]])
    labels = group(np.full((3, 3), 0.01), 0.5, strangers)
    assert labels[0] != labels[1]
    assert len(set(labels.tolist())) == 2


def test_two_of_hundreds_are_kept_apart_though_all_others_agree():
    number = 160
    pairwise = np.full((number, number), 0.2)
    half = number // 2
    pairwise[:half, :half] = pairwise[half:, half:] = 0.01
    np.fill_diagonal(pairwise, 0)
    strangers = np.zeros((number, number), dtype=bool)
    strangers[0, -1] = strangers[-1, 0] = True
    labels = group(pairwise, 0.55, strangers)
    assert labels[0] != labels[-1]


@given(st.integers(2, 9), st.randoms(use_true_random=False), st.floats(0.05, 1.5))
def test_no_group_ever_holds_strangers(number, random, limit):
    upper = np.array([[random.random() for _ in range(number)] for _ in range(number)])
    pairwise = np.triu(upper, 1) + np.triu(upper, 1).T
    strangers = np.triu(upper * 7 % 1 < 0.3, 1)
    strangers = strangers | strangers.T
    labels = group(pairwise, limit, strangers)
    assert labels.shape == (number,)
    assert labels.min() == 0
    assert set(labels.tolist()) == set(range(labels.max() + 1))
    assert is_partition_without(labels, strangers)


def test_drawn_people_are_told_apart(drawn):
    pairwise = distances(drawn, drawn)
    same = np.kron(np.eye(8, dtype=bool), np.ones((2, 2), dtype=bool))
    assert pairwise[same].max() < 0.35 < pairwise[~same].min()
    strangers = np.zeros_like(same)
    strangers[::2, ::2] = ~np.eye(8, dtype=bool)  # the straight ones were seen together
    labels = group(pairwise, likeness_limit(pairwise[strangers]), strangers)
    assert [labels[2 * n] == labels[2 * n + 1] for n in range(8)] == [True] * 8
    assert len(set(labels.tolist())) == 8


def test_a_descriptor_is_128_numbers_and_the_same_each_time():
    picture, where = portrait(PEOPLE[0])
    numbers = descriptor(picture, where)
    assert numbers.shape == (128,)
    assert np.array_equal(numbers, descriptor(picture, where))


@pytest.mark.parametrize("sight", [FRONTAL, TURNED], ids=["straight", "turned"])
@pytest.mark.parametrize("face_px", [24.0, 80.0, 200.0])
def test_descriptors_and_landmarks_are_dlibs(sight, face_px):
    picture, where = portrait(PEOPLE[3], sight, face_px)
    numbers, points = dlibs_own(picture, where)
    assert np.linalg.norm(descriptor(picture, where) - numbers) < PARITY
    assert np.array_equal(landmarks(picture, where), points)


@pytest.mark.parametrize("number", [0, 1, 7, 8, 9, 17])
def test_many_are_described_like_each_alone_and_in_order(number):
    looks = [portrait(PEOPLE[index % 8], TURNED if index > 8 else FRONTAL) for index in range(number)]
    alone = [descriptor(*look) for look in looks]
    together = descriptors(looks)
    assert len(together) == number
    assert all(np.linalg.norm(one - other) < 1e-5 for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("content", CANNOT_BE_READ.values(), ids=CANNOT_BE_READ.keys())
def test_a_network_that_cannot_be_read_is_left_to_dlib(content):
    chips = np.random.default_rng(3).integers(0, 256, (2, 150, 150, 3), np.uint8)
    numbers = encoder(content)(chips)
    assert numbers.shape == (2, 128)
    assert np.array_equal(numbers, [face_recognition.api.face_encoder.compute_face_descriptor(chip) for chip in chips])


def test_colours_are_blue_green_red():
    picture, where = portrait(PEOPLE[0])
    swapped = np.ascontiguousarray(picture[:, :, ::-1])
    assert np.linalg.norm(descriptor(picture, where) - descriptor(swapped, where)) > 0.1


def test_landmarks_lie_on_the_face():
    picture, where = portrait(PEOPLE[0])
    points = landmarks(picture, where)
    assert points.shape == (48, 2)
    left_eye, right_eye = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    assert left_eye[0] < points[30][0] < right_eye[0]
    assert points[17:27, 1].max() < left_eye[1] + 2
    assert left_eye[1] < points[30][1] < points[8][1]


@pytest.mark.parametrize("where", [box(0, 0, 1), box(119, 119, 0.2), box(-30, 60, 80), box(60, 60, 400)])
def test_boxes_that_leave_the_picture_or_are_tiny_will_do(where):
    picture = crowd(PEOPLE[:1], 40.0, columns=1).picture
    assert landmarks(picture, where).shape == (48, 2)
    assert np.isfinite(descriptor(picture, where)).all()


@pytest.mark.media
def test_real_faces_have_dlibs_descriptors_and_landmarks(centerface):
    for path in sorted(JOHNS.rglob("*.jpg"))[::4]:
        image = cv2.imread(str(path))
        where = centerface.detect(image)[0].box
        numbers, points = dlibs_own(image, where)
        assert np.linalg.norm(descriptor(image, where) - numbers) < PARITY
        assert np.array_equal(landmarks(image, where), points)


@pytest.mark.media
def test_five_johns_are_five_groups(centerface):
    looks, names = [], []
    for path in sorted(JOHNS.rglob("*.jpg")):
        image = cv2.imread(str(path))
        largest = max(centerface.detect(image), key=lambda face: face.box.width_px)
        looks.append(descriptor(image, largest.box))
        names.append(path.parent.name)
    labels = group(distances(looks, looks), DLIB_LIMITS.default).tolist()
    assert len(names) == 55
    assert len(set(labels)) == len(set(names)) == len(set(zip(labels, names, strict=True))) == 5


def test_likeness_is_mutual(drawn):
    pairwise = distances(drawn, drawn)
    assert np.allclose(pairwise, pairwise.T)
    assert all(pairwise[i, i] == 0 for i in range(len(drawn)))
    assert all(pairwise[i, j] > 0 for i, j in itertools.combinations(range(len(drawn)), 2))


def test_landmarks_load_no_other_model_of_the_library(monkeypatch) -> None:
    monkeypatch.setattr(identity, "_library", lambda: pytest.fail("all models were loaded"))
    picture, where = portrait(PEOPLE[0])
    assert landmarks(picture, where).shape == (48, 2)
