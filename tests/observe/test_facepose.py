"""Where a face looks: a generic head turned by known angles, and drawn people who turn theirs."""

import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from fixtures.videos.pose import FRONTAL, Sight
from tests.observe.stage import box, stand
from vidaudit.observe.facepose import eye_distance_px, yaw_pitch_deg
from vidaudit.observe.identity import landmarks

# (x, y, z) in millimetres from the middle between the eyes: right, down, towards the camera.
EYES, NOSE, CHIN = ((-45.0, 0.0, 0.0), (45.0, 0.0, 0.0)), (0.0, 29.0, 26.0), (0.0, 102.0, 14.0)


def head(yaw_deg=0.0, pitch_deg=0.0, roll_deg=0.0, scale=1.0):
    """(48, 2) landmarks of the generic head seen from afar; only those the pose is read from mean anything."""
    yaw, pitch, roll = np.radians((yaw_deg, pitch_deg, roll_deg))
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    points = np.zeros((48, 2))
    for number, place in {36: EYES[0], 45: EYES[1], 30: NOSE, 8: CHIN}.items():
        points[number] = 200 + scale * about_z @ (about_x @ about_y @ place)[:2]
    return points


@pytest.mark.parametrize("yaw", [-45, -20, 0, 20, 45])
@pytest.mark.parametrize("roll", [-30, 0, 30])
def test_yaw_is_read_whatever_the_roll(yaw, roll):
    read = yaw_pitch_deg(head(yaw_deg=yaw, roll_deg=roll))
    assert read is not None
    assert read[0] == pytest.approx(yaw, abs=0.01)


@pytest.mark.parametrize("pitch", [-30, -10, 0, 10, 30])
@pytest.mark.parametrize("roll", [-30, 0, 30])
def test_pitch_is_read_whatever_the_roll(pitch, roll):
    assert yaw_pitch_deg(head(pitch_deg=pitch, roll_deg=roll)) == pytest.approx((0, pitch), abs=0.01)


@pytest.mark.parametrize(("yaw", "pitch"), [(-30, -10), (30, -10), (-30, 10), (30, 10)])
def test_both_at_once_are_read_to_a_few_degrees(yaw, pitch):
    assert yaw_pitch_deg(head(yaw, pitch)) == pytest.approx((yaw, pitch), abs=8)


@pytest.mark.parametrize("scale", [0.1, 1, 5])
def test_size_does_not_matter(scale):
    assert yaw_pitch_deg(head(20, 0, 5, scale)) == pytest.approx(yaw_pitch_deg(head(20, 0, 5)))


def test_landmarks_that_are_no_face_have_no_pose():
    assert yaw_pitch_deg(np.full((48, 2), 7.0)) is None
    upside_down = head()
    upside_down[8] = (200, 100)
    assert yaw_pitch_deg(upside_down) is None


@pytest.mark.parametrize(("half_px", "measured"), [(0.99, False), (1.0, True)])
def test_eyes_in_one_point_have_no_pose(half_px, measured):
    points = head()
    points[36], points[45] = (200 - half_px, 200), (200 + half_px, 200)
    assert (yaw_pitch_deg(points) is not None) is measured


def test_the_eyes_distance_is_between_their_centres():
    points = np.zeros((48, 2))
    points[36:42] = np.array([[10, 5], [12, 4], [14, 4], [16, 5], [14, 6], [12, 6]])
    points[42:48] = points[36:42] + np.array([30, 40])
    assert eye_distance_px(points) == 50


def seen(who, sight):
    picture = np.full((360, 320, 3), (206, 214, 212), np.uint8)
    stand(picture, who, (160, 160), 120.0, sight)
    return landmarks(picture, box(160, 160, 120))


@pytest.mark.parametrize("who", PEOPLE[:6], ids=lambda who: str(who.seed))
def test_drawn_people_turn_to_the_side_they_turn_to(who):
    left, ahead, right = (yaw_pitch_deg(seen(who, Sight(yaw_deg=yaw))) for yaw in (-25, 0, 25))
    assert left[0] < ahead[0] - 5
    assert right[0] > ahead[0] + 5
    assert abs(ahead[0]) < 15


def test_a_drawn_face_has_its_eyes_where_they_are():
    for who in PEOPLE[:6]:
        # Their centres are eye_x to each side of the middle; half a head's height is 120 / 1.46 px.
        assert eye_distance_px(seen(who, FRONTAL)) == pytest.approx(2 * who.eye_x * 120 / 1.46, rel=0.2)


def test_pose_is_plain_numbers():
    read = yaw_pitch_deg(head(3, 4))
    assert read is not None
    assert [type(number) for number in (*read, eye_distance_px(head()))] == [float] * 3
