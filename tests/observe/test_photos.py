"""Photographs against the persons seen: drawn people, and descriptors made by hand for the borders."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from fixtures.videos.pose import FRONTAL, Sight
from tests.observe.stage import box, found, stand
from vidaudit.model.evidence import FaceEvidence, FaceView, PersonSeen
from vidaudit.model.people import PhotoOutcome, PhotoProblem
from vidaudit.model.roster import Photo
from vidaudit.model.still import Box
from vidaudit.observe.describe import make_descriptor
from vidaudit.observe.identity import DLIB_LIMITS
from vidaudit.observe.people import SeenClip, link_people
from vidaudit.observe.photos import main_face, match_photos, read_picture

TURNED = Sight(yaw_deg=10, pitch_deg=4, roll_deg=-3, smile=0.5)
FOUND, UNCLEAR, NOT_SEEN = PhotoOutcome.FOUND, PhotoOutcome.UNCLEAR, PhotoOutcome.NOT_SEEN


def portrait(who, sight=FRONTAL, face_px=80.0):
    picture = np.full((260, 240, 3), (206, 214, 212), np.uint8)
    if who is not None:
        stand(picture, who, (120, 110), face_px, sight)
    return picture


def saved(folder, index, picture, name=None):
    """A photograph of the person in this row."""
    file = folder / (name or f"照片{index}.png")
    cv2.imencode(".png", picture)[1].tofile(file)
    return Photo(row=index, name=f"学员{index}", file=file, shown=file.name)


def clip(looks, number=1, detail_px=80.0, descriptor="dlib"):
    """A face clip in which these descriptors were seen."""
    where = Box(x_px=0, y_px=0, width_px=90, height_px=110)
    view = FaceView(at_s=1.0, box=where, score=0.9, width_px=90, effective_width_px=detail_px)
    persons = tuple(
        PersonSeen(index=index, num_views=3, first_s=0, last_s=2, best=view, descriptor=tuple(map(float, look)))
        for index, look in enumerate(looks, start=1)
    )
    faces = FaceEvidence(
        detector="scripted",
        persons=persons,
        low=len(persons),
        high=len(persons),
        max_at_once=1,
        num_frames=9,
        num_frames_with_faces=9,
        descriptor=descriptor,
    )
    return SeenClip(path=f"{number}.mp4", day="5月20日", faces=faces)


class Scripted:
    """Describes the n-th photograph as the script says."""

    name, num_values, limits = "dlib", 2, DLIB_LIMITS

    def __init__(self, numbers):
        self._numbers = [np.array(one, float) for one in numbers]

    def describe(self, looks):
        return self._numbers[: len(looks)]


class OneFace:
    """Finds the drawn face where it was drawn."""

    name = "scripted"

    def detect(self, image):
        return (found(120, 110, 80.0),)


def outcomes(tmp_path, photographed, seen, **how):
    """What is said of photographs with these descriptors, people with these others having been seen."""
    photos = [saved(tmp_path, row, portrait(PEOPLE[row])) for row in range(len(photographed))]
    clips = [clip(seen, **how)]
    evidence = match_photos(photos, clips, link_people(clips), OneFace(), Scripted(photographed))
    return [match.outcome for match in evidence.matches]


@pytest.fixture(scope="module")
def describer():
    return make_descriptor("dlib")


def test_drawn_people_are_found_by_their_photographs(tmp_path, describer, centerface):
    photos = [saved(tmp_path, row, portrait(PEOPLE[row])) for row in range(6)]
    looks = describer.describe([(portrait(PEOPLE[row], TURNED), box(120, 110, 80.0)) for row in (5, 3, 4, 0, 9)])
    clips = [clip(looks)]
    evidence = match_photos(photos, clips, link_people(clips), centerface, describer)
    assert {match.row: match.outcome for match in evidence.matches if match.row in (0, 3, 4, 5)} == dict.fromkeys(
        (0, 3, 4, 5), FOUND
    )
    assert {match.row: match.seen.index for match in evidence.matches if match.outcome is FOUND} == {
        5: 1,
        3: 2,
        4: 3,
        0: 4,
    }
    assert all(match.outcome is not FOUND for match in evidence.matches if match.row in (1, 2))
    assert evidence.faults == ()
    assert evidence.num_stranger_pairs == 10 + 15
    assert evidence.num_alike_strangers == 0


@pytest.mark.parametrize(
    ("apart", "outcome"), [(0.549, FOUND), (0.551, UNCLEAR), (0.599, UNCLEAR), (0.601, NOT_SEEN), (5.0, NOT_SEEN)]
)
def test_the_limits(tmp_path, apart, outcome):
    assert outcomes(tmp_path, [(0, 0)], [(apart, 0)]) == [outcome]


def test_a_person_whom_two_photographs_fit_is_nobodys_for_certain(tmp_path):
    assert outcomes(tmp_path, [(0, 0), (0.62, 0)], [(0.3, 0)]) == [UNCLEAR, NOT_SEEN]


def test_by_far_the_nearer_photograph_is_the_persons(tmp_path):
    assert outcomes(tmp_path, [(0, 0), (0.62, 0)], [(0.2, 0)]) == [FOUND, NOT_SEEN]


def test_each_person_is_taken_once(tmp_path):
    assert outcomes(tmp_path, [(0, 0), (0.9, 0)], [(0.1, 0), (1.0, 0)]) == [FOUND, FOUND]


@pytest.mark.parametrize(("detail_px", "outcome"), [(24.9, UNCLEAR), (25.0, FOUND)])
def test_a_person_seen_too_blurred_is_never_certain(tmp_path, detail_px, outcome):
    assert outcomes(tmp_path, [(0, 0)], [(0.1, 0)], detail_px=detail_px) == [outcome]


def test_persons_of_another_descriptor_are_not_compared(tmp_path):
    assert outcomes(tmp_path, [(0, 0)], [(0, 0)], descriptor="sface:0123456789ab") == [NOT_SEEN]


def test_strangers_who_look_alike_draw_the_limit_closer(tmp_path):
    alike = [(0.0, 0.4 * number) for number in range(5)]
    assert outcomes(tmp_path, [(0.37, 0.0)], alike) == [UNCLEAR]
    assert outcomes(tmp_path, [(0.35, 0.0)], alike) == [FOUND]


def test_nobody_seen_and_nobody_photographed(tmp_path):
    assert outcomes(tmp_path, [(0, 0)], []) == [NOT_SEEN]
    nothing = match_photos([], [], None, OneFace(), Scripted([]))
    assert (nothing.matches, nothing.faults, nothing.limit) == ((), (), DLIB_LIMITS.default)


def test_people_seen_of_whom_there_is_no_photograph(tmp_path):
    """As in every other class of a disc when the photographs are of one class."""
    assert outcomes(tmp_path, [], [(0.0, 0.0), (1.0, 0.0)]) == []


def test_each_bad_photograph_has_its_problem(tmp_path, describer, centerface):
    two = np.hstack([portrait(PEOPLE[0]), portrait(PEOPLE[1])])
    same = portrait(PEOPLE[7])
    broken = Photo(row=4, name=None, file=tmp_path / "broken.jpg", shown="broken.jpg")
    broken.file.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    gone = Photo(row=5, name=None, file=tmp_path / "gone.jpg", shown="gone.jpg")
    photos = [
        saved(tmp_path, 1, portrait(None)),
        saved(tmp_path, 2, two),
        saved(tmp_path, 3, portrait(PEOPLE[2], face_px=20.0)),
        broken,
        gone,
        saved(tmp_path, 6, same),
        saved(tmp_path, 7, same),
        saved(tmp_path, 8, portrait(PEOPLE[8])),
        saved(tmp_path, 8, portrait(PEOPLE[9]), "second.png"),
    ]
    evidence = match_photos(photos, [], None, centerface, describer)
    assert {fault.file: fault.problem for fault in evidence.faults} == {
        "照片1.png": PhotoProblem.NO_FACE,
        "照片2.png": PhotoProblem.SEVERAL_FACES,
        "照片3.png": PhotoProblem.SMALL_FACE,
        "broken.jpg": PhotoProblem.UNREADABLE,
        "gone.jpg": PhotoProblem.UNREADABLE,
        "照片6.png": PhotoProblem.SAME_PICTURE,
        "照片7.png": PhotoProblem.SAME_PICTURE,
        "second.png": PhotoProblem.DUPLICATE,
    }
    assert [match.row for match in evidence.matches] == [8]


def test_after_a_bad_photograph_the_next_of_the_same_person_is_taken(tmp_path, describer, centerface):
    photos = [saved(tmp_path, 1, portrait(None), "1.png"), saved(tmp_path, 1, portrait(PEOPLE[3]), "2.png")]
    evidence = match_photos(photos, [], None, centerface, describer)
    assert [match.file for match in evidence.matches] == ["2.png"]
    assert [fault.problem for fault in evidence.faults] == [PhotoProblem.NO_FACE]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], 0),
        ([(100, 100, 30)], 0),  # far smaller
        ([(20, 20, 79)], 0),  # near the corner: counts for 79 * 0.6 of 80
        ([(20, 20, 81)], PhotoProblem.SEVERAL_FACES),
        ([(120, 100, 70)], PhotoProblem.SEVERAL_FACES),
    ],
)
def test_the_main_face_is_the_largest_and_most_central(others, expected):
    faces = [found(100, 100, 80), *(found(*other) for other in others)]
    main = main_face(faces, 200, 200)
    assert main == (faces[expected] if isinstance(expected, int) else expected)


def test_no_face_is_a_problem():
    assert main_face([], 200, 200) is PhotoProblem.NO_FACE


def test_large_pictures_are_reduced_and_odd_names_read(tmp_path):
    file: Path = tmp_path / "张三 ‑ 照片.jpg"
    cv2.imencode(".jpg", np.zeros((1000, 3200, 3), np.uint8))[1].tofile(file)
    picture = read_picture(file)
    assert picture is not None
    assert picture.shape == (500, 1600, 3)


@pytest.mark.parametrize("content", [b"", b"x", b"GIF89a"])
def test_what_is_no_picture_is_none(tmp_path, content):
    (tmp_path / "x.jpg").write_bytes(content)
    assert read_picture(tmp_path / "x.jpg") is None
    assert read_picture(tmp_path) is None
