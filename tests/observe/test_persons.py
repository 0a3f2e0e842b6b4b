"""Face clips: virtual pans along drawn people, looked at by the real detector or by one that knows."""

from dataclasses import asdict
from fractions import Fraction

import cv2
import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from fixtures.videos.scenes import dressed
from tests.observe.stage import ScriptedDetector, found, frames, mural, pan, there_and_back
from vidaudit.model.doubt import doubts
from vidaudit.model.evidence import FaceEvidence
from vidaudit.model.still import SnapshotPurpose
from vidaudit.observe.describe import DlibDescriptor
from vidaudit.observe.identity import DLIB_LIMITS
from vidaudit.observe.people import SeenClip, link_people
from vidaudit.observe.persons import FaceClipObserver
from vidaudit.run.codec import from_json, to_json

FACE_PX = 60.0


def observe(pictures, detector):
    observer = FaceClipObserver(detector, "face1")
    for frame in frames(pictures, Fraction(1, 2)):
        observer.add(frame)
    return observer.finish()


def bounds(evidence: FaceEvidence) -> tuple[int, int, int]:
    assert 0 <= evidence.low <= len(evidence.persons) <= evidence.high
    why = {doubt.kind: doubt.number for doubt in evidence.doubts}
    assert evidence.low == len(evidence.persons) - why.get("look-alike", 0)
    assert evidence.high == len(evidence.persons) + why.get("two-in-one", 0) + why.get("seen-once", 0)
    return evidence.low, len(evidence.persons), evidence.high


@pytest.fixture(scope="module")
def twelve(centerface):
    """A pan there and back along twelve people."""
    return observe(there_and_back(mural(PEOPLE[:12], face_px=FACE_PX).picture, 14), centerface)


@pytest.fixture(scope="module")
def five(centerface):
    return observe(pan(mural(PEOPLE[:5], face_px=FACE_PX).picture, 10), centerface)


def test_twelve_people_there_and_back_are_twelve(twelve):
    evidence, stills = twelve
    assert bounds(evidence) == (12, 12, 12)
    assert len(stills) == 12
    assert evidence.num_frames == evidence.num_frames_with_faces == 28
    assert all(person.num_views >= 4 for person in evidence.persons)


@pytest.mark.parametrize("number", [1, 2])
def test_few_people_are_as_many(centerface, number):
    evidence, _ = observe(pan(mural(PEOPLE[20 : 20 + number], face_px=FACE_PX).picture, 8), centerface)
    assert bounds(evidence) == (number, number, number)


def test_five_people_are_five(five):
    assert bounds(five[0]) == (5, 5, 5)
    assert five[0].max_at_once in (3, 4)  # whole ones, and one more at the edge


def test_persons_are_numbered_as_they_appear(five):
    evidence, stills = five
    assert [person.index for person in evidence.persons] == [1, 2, 3, 4, 5]
    starts = [person.first_s for person in evidence.persons]
    assert starts == sorted(starts)
    assert all(person.first_s <= person.best.at_s <= person.last_s for person in evidence.persons)
    assert [person.snapshot for person in evidence.persons] == [still.name for still in stills]
    assert len({still.name for still in stills}) == 5
    assert all(still.purpose is SnapshotPurpose.PERSON and still.jpeg for still in stills)


def test_each_view_is_measured(five):
    for person in five[0].persons:
        view = person.best
        assert view.width_px == pytest.approx(FACE_PX, rel=0.3)
        assert view.width_px == view.box.width_px
        assert view.effective_width_px is not None
        assert 0.5 * FACE_PX < view.effective_width_px <= view.width_px
        assert view.eye_distance_px == pytest.approx(0.42 * FACE_PX, rel=0.3)
        assert abs(view.yaw_deg or 0) < 20
        assert person.descriptor is not None
        assert len(person.descriptor) == 128


def test_what_was_seen_is_plain_numbers_and_survives_being_stored(five):
    evidence, _ = five
    assert from_json(to_json(evidence), FaceEvidence) == evidence

    def kinds(value):
        if isinstance(value, dict):
            return set().union(*map(kinds, value.values()))
        if isinstance(value, (list, tuple)):
            return set().union(*map(kinds, value)) if value else set()
        return {type(value)}

    assert kinds(asdict(evidence)) <= {int, float, str}


def test_the_same_pictures_give_the_same_evidence(five, centerface):
    assert observe(pan(mural(PEOPLE[:5], face_px=FACE_PX).picture, 10), centerface) == five


def test_the_whole_row_seen_again_after_a_cut_is_the_same_people(centerface):
    elsewhere = mural(PEOPLE[:4][::-1], face_px=FACE_PX, least_width_px=960).picture
    first = mural(PEOPLE[:4], face_px=FACE_PX).picture
    evidence, _ = observe([*pan(first, 6), *pan(elsewhere, 9)], centerface)
    assert bounds(evidence)[1] == 4
    assert all(person.last_s - person.first_s >= 1 for person in evidence.persons)


def test_other_people_after_a_cut_are_other_people(centerface):
    first, second = (mural(PEOPLE[start : start + 3], face_px=FACE_PX).picture for start in (0, 3))
    evidence, _ = observe([*pan(first, 5), *pan(second, 5)], centerface)
    assert bounds(evidence)[1] == 6


def test_two_who_look_the_same_are_two_when_both_are_there(centerface):
    evidence, _ = observe(pan(mural([PEOPLE[0]] * 3, face_px=FACE_PX).picture, 6), centerface)
    assert bounds(evidence) == (3, 3, 3)


def test_somebody_who_walks_along_with_the_camera_is_surely_only_one(centerface):
    row = [PEOPLE[0], PEOPLE[1], PEOPLE[2], PEOPLE[3], PEOPLE[0], PEOPLE[1]]
    evidence = observe(pan(mural(row, face_px=90.0).picture, 12), centerface)[0]
    assert bounds(evidence)[:2] == (4, 6)
    assert evidence.doubts == doubts(look_alike=2)


def test_many_cuts_never_make_it_sure_that_there_are_more_people(centerface):
    picture = mural(PEOPLE[:6], face_px=FACE_PX).picture
    lefts = np.random.default_rng(3).integers(0, picture.shape[1] - 480, 24)
    evidence, _ = observe([picture[:, left : left + 480].copy() for left in lefts], centerface)
    assert bounds(evidence)[0] <= 6


def test_somebody_at_the_pictures_edge_is_counted_once(centerface):
    picture = mural(PEOPLE[:4], face_px=FACE_PX).picture
    # The camera stops where the first face is cut in half, and pans on.
    evidence, _ = observe([picture[:, left : left + 480].copy() for left in (122, 122, 100, 70, 40, 0)], centerface)
    assert bounds(evidence)[:2] == (4, 4)


@pytest.mark.parametrize("scale", [0.7, 1.3])
def test_the_size_of_the_picture_does_not_matter(centerface, scale):
    pictures = [
        cv2.resize(picture, None, fx=scale, fy=scale) for picture in pan(mural(PEOPLE[:5], face_px=60.0).picture, 8)
    ]
    assert bounds(observe(pictures, centerface)[0])[1] == 5


def test_nobody(centerface):
    evidence, stills = observe(pan(mural(()).picture, 4), centerface)
    assert bounds(evidence) == (0, 0, 0)
    assert (evidence.num_frames, evidence.num_frames_with_faces, stills) == (4, 0, ())


def test_no_frames(centerface):
    evidence, stills = observe([], centerface)
    assert (bounds(evidence), evidence.num_frames, evidence.max_at_once, stills) == ((0, 0, 0), 0, 0, ())


def scripted(extra, num_frames=6, num_people=2):
    """A still picture of people who are always found, with `extra` ((frame, detection), ...) besides."""
    scene = mural(PEOPLE[:num_people], face_px=FACE_PX)
    script = [[found(*head, FACE_PX) for head in scene.heads] for _ in range(num_frames)]
    for number, detection in extra:
        script[number].append(detection)
    return observe([scene.picture] * num_frames, ScriptedDetector(script))[0]


@pytest.mark.parametrize(("score", "expected"), [(0.59, (2, 2, 3)), (0.6, (3, 3, 3)), (0.9, (3, 3, 3))])
def test_a_single_weak_sight_is_in_doubt(score, expected):
    assert bounds(scripted([(2, found(560, 300, 50, score))])) == expected


def test_two_weak_sights_at_one_place_are_somebody():
    assert bounds(scripted([(2, found(560, 300, 50, 0.5)), (3, found(562, 300, 50, 0.5))])) == (3, 3, 3)


@pytest.mark.parametrize(
    "where", [found(0.3, 0.36, 0.6), found(698, 397, 3.0), found(350, 36, 60), found(654, 345, 90)]
)
def test_odd_boxes_are_measured_as_far_as_they_go(where):
    assert bounds(scripted([(2, where)], num_frames=3))[2] == 3


def test_without_a_hold_for_the_camera_bounds_hold():
    scene = mural(PEOPLE[:4], face_px=FACE_PX)
    noise = np.random.default_rng(0)
    pictures = [
        np.clip(scene.picture * 0.3 + noise.integers(0, 180, scene.picture.shape), 0, 255).astype(np.uint8)
        for _ in range(4)
    ]
    script = [[found(*head, FACE_PX) for head in scene.heads]] * 4
    low, persons, high = bounds(observe(pictures, ScriptedDetector(script))[0])
    assert persons >= 4
    assert low >= 4 or low < persons
    assert high >= persons


def test_two_days_of_the_same_people_are_linked_one_to_one(centerface):
    order = [5, 2, 0, 4, 1, 3]
    rows = ([dressed(PEOPLE[who], 0) for who in range(6)], [dressed(PEOPLE[who], 1) for who in order])
    seen = [observe(pan(mural(row, face_px=90.0).picture, 11), centerface)[0] for row in rows]
    assert [bounds(evidence) for evidence in seen] == [(6, 6, 6)] * 2
    people = link_people([SeenClip(path=f"{n}.mp4", day=f"{n}", faces=evidence) for n, evidence in enumerate(seen)])
    assert [(day.low, day.persons, day.high) for day in people.days] == [(6, 6, 6)] * 2
    # Persons are numbered in order of the pan: the n-th of the second clip is order[n - 1].
    pairs = {tuple(one.index for one in person.appearances) for person in people.persons}
    assert pairs == {(who + 1, number) for number, who in enumerate(order, start=1)}


def test_enlarged_blurred_faces_read_as_too_small_to_identify(centerface):
    pictures = [
        cv2.resize(cv2.resize(picture, None, fx=0.33, fy=0.33, interpolation=cv2.INTER_AREA), picture.shape[1::-1])
        for picture in pan(mural(PEOPLE[:4], face_px=FACE_PX).picture, 5)
    ]
    evidence, _ = observe(pictures, centerface)
    assert bounds(evidence)[1] >= 3
    assert all((person.best.effective_width_px or 0) < 30 for person in evidence.persons)


def test_the_evidence_tells_what_described_the_faces(five):
    other = DlibDescriptor(limits=DLIB_LIMITS.scaled(1.0, "dlib:0123456789ab", "test"))
    evidence, _ = FaceClipObserver(ScriptedDetector([]), "face1", other).finish()
    assert evidence.descriptor == "dlib:0123456789ab"
    assert five[0].descriptor == "dlib"
