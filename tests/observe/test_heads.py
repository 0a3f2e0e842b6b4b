"""Headcounts of lectures: who is where and who looks up when is known, so is how many there are."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from fixtures.videos.pose import Sight
from tests.observe.stage import MEDIA, ScriptedDetector, empty_room, found, frames, stand, textured
from vidaudit.model.evidence import HeadEvidence
from vidaudit.model.still import SnapshotPurpose
from vidaudit.observe.heads import LectureObserver
from vidaudit.run.codec import from_json, to_json

ROOM = empty_room()
SEATS = [(x, y) for y in (150, 260, 370) for x in (90, 200, 310, 420, 530)]


def observe(script, pictures=None):
    """What is counted when the detector finds these faces in these pictures (a still room, by default)."""
    pictures = [ROOM] * len(script) if pictures is None else pictures
    observer = LectureObserver(ScriptedDetector(script), "lecture")
    for frame in frames(pictures, Fraction(10)):
        observer.add(frame)
    return observer.finish()


def count(script, pictures=None) -> int:
    return observe(script, pictures)[0].headcount


def looking_up(num_people: int, num_frames: int, share: float, seed: int = 0):
    """Frames in which everybody looks up now and then, independently, and shifts a little."""
    rng = np.random.default_rng(seed)
    return [
        [found(x + rng.uniform(-6, 6), y + rng.uniform(-4, 4)) for x, y in SEATS[:num_people] if rng.random() < share]
        for _ in range(num_frames)
    ]


@pytest.mark.parametrize("num_people", [1, 2, 5, 12, 15])
def test_people_who_look_up_are_counted(num_people):
    assert count(looking_up(num_people, 30, 0.9)) == num_people


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("num_people", [4, 9, 15])
def test_the_count_is_a_union_over_time(num_people, share):
    script = looking_up(num_people, 40, share)
    evidence, _ = observe(script)
    assert evidence.max_at_once == max(map(len, script))
    assert evidence.headcount == num_people


@pytest.mark.parametrize("seed", range(4))
def test_never_more_people_than_there_are(seed):
    assert count(looking_up(12, 40, 0.2, seed)) <= 12


def test_nobody():
    evidence, _ = observe([[]] * 20)
    assert (evidence.headcount, evidence.max_at_once, evidence.num_frames) == (0, 0, 20)


def test_no_frames():
    evidence, stills = observe([])
    assert (evidence.headcount, evidence.max_at_once, evidence.num_frames) == (0, 0, 0)
    assert (evidence.best_at_s, evidence.marks, evidence.snapshot, stills) == (None, (), None, ())


def test_a_single_frame_counts_what_it_shows():
    assert count([[found(*seat) for seat in SEATS[:3]]]) == 3


def test_chance_finds_are_nobody():
    script = looking_up(4, 40, 1.0)
    script[7].append(found(600, 60))
    script[23].append(found(40, 440))
    assert count(script) == 4


@pytest.mark.parametrize(("num_sights", "extra"), [(1, 0), (2, 1)])
def test_a_seat_is_seen_at_least_twice(num_sights, extra):
    script = looking_up(4, 20, 1.0)
    for number in range(num_sights):
        script[5 * number].append(found(600, 60))
    assert count(script) == 4 + extra


@pytest.mark.parametrize(("num_sights", "extra"), [(3, 0), (4, 1)])
def test_in_a_long_clip_a_seat_is_seen_in_a_twentieth_of_the_frames(num_sights, extra):
    script = looking_up(4, 80, 1.0)
    for number in range(num_sights):
        script[20 * number].append(found(600, 60, score=0.55))
    assert count(script) == 4 + extra


def test_a_leaning_head_is_one_person():
    script = [[found(200 + 50 * (number % 2), 260), found(420, 260)] for number in range(20)]
    assert count(script) == 2


def test_neighbours_half_a_width_apart_are_two():
    script = [[found(200, 260), found(222, 255)] for _ in range(20)]
    assert count(script) == 2


def walker(num_frames: int, num_people: int = 4, stops: int = 5):
    """Everybody looks up in every frame; somebody walks before the first row, and stands a while at each stop."""
    script = looking_up(num_people, num_frames, 1.0)
    for number, faces in enumerate(script):
        faces.append(found(60 + 110 * (number * stops // num_frames), 60))
    return script


def test_somebody_walking_about_is_one_person():
    assert count(walker(40)) == 5


def test_somebody_who_never_stays_is_one_person():
    script = looking_up(4, 10, 1.0)
    for number, faces in enumerate(script):
        faces.append(found(40 + 61 * number, 60))
    assert count(script) == 5


def test_two_frames_are_not_enough_for_somebody_who_never_stays():
    script = looking_up(4, 10, 1.0)
    for number in range(2):
        script[number].append(found(100 + 300 * number, 60))
    assert count(script) == 4


@pytest.mark.parametrize("share", [1.0, 0.5, 0.2])
@pytest.mark.parametrize("num_people", [3, 12])
def test_a_camera_that_loses_its_way_does_not_double_the_people(num_people, share):
    """A flash of light or somebody before the lens begins a new segment; the people are the same."""
    script = looking_up(num_people, 48, share)
    flat = np.full_like(ROOM, 255)
    script[20] = script[36] = []
    pictures = [flat if number in (20, 36) else ROOM for number in range(48)]
    assert count(script, pictures) <= num_people


def test_a_camera_without_a_hold_counts_what_it_sees_at_once():
    script = looking_up(6, 12, 1.0)
    noise = [np.random.default_rng(n).integers(0, 256, ROOM.shape).astype(np.uint8) for n in range(12)]
    assert count(script, noise) == 6


def test_a_seat_and_frames_without_a_hold_are_the_same_people():
    script = looking_up(6, 24, 1.0)
    noise = [np.random.default_rng(n).integers(0, 256, ROOM.shape).astype(np.uint8) for n in range(12)]
    assert count(script, [*[ROOM] * 12, *noise]) == 6


def test_a_swaying_camera_counts_everybody_once():
    room = textured(900, 600, seed=5)
    script, pictures = [], []
    for number in range(24):
        dx, dy = round(40 * np.sin(number)), round(20 * np.cos(2 * number))
        pictures.append(room[60 + dy : 540 + dy, 130 + dx : 770 + dx].copy())
        script.append([found(x - dx, y - dy) for x, y in SEATS[:10]])
    assert count(script, pictures) == 10


def test_the_best_frame_has_everybody_marked():
    script = [[found(*SEATS[0]), found(*SEATS[1])], [found(*seat) for seat in SEATS[1:4]]] * 6
    evidence, (still, seats) = observe(script)
    assert evidence.headcount == 4
    assert (seats.name, seats.purpose) == ("lecture-00m10s-seats.jpg", SnapshotPurpose.SEATS)
    assert evidence.seat_map == seats.name
    assert evidence.best_at_s == 10.0
    assert (evidence.snapshot, still.name) == (still.name, "lecture-00m10s-headcount.jpg")
    assert still.purpose is SnapshotPurpose.BEST_HEADCOUNT
    middles = {(box.x_px + box.width_px / 2, box.y_px + box.height_px / 2) for box in evidence.marks}
    assert len(middles) == 4
    for seat in SEATS[:4]:
        assert min(np.hypot(x - seat[0], y - seat[1]) for x, y in middles) < 3


def test_evidence_survives_being_stored():
    evidence, _ = observe(looking_up(6, 20, 0.5))
    assert len(evidence.marks) == 6
    assert from_json(to_json(evidence), HeadEvidence) == evidence


def drawn_lesson(num_people: int, num_frames: int):
    """A drawn class of which only some look up in each frame; the others show their hair."""
    rng = np.random.default_rng(5)
    for _ in range(num_frames):
        picture = cv2.resize(ROOM, (960, 720), interpolation=cv2.INTER_CUBIC)
        for who, (x, y) in zip(PEOPLE, SEATS[:num_people], strict=False):
            middle = (round(1.5 * x) + int(rng.integers(-5, 6)), round(1.5 * y))
            if rng.random() < 0.6:
                stand(picture, who, middle, 56.0, Sight(yaw_deg=float(rng.choice((-12, 0, 12)))))
            else:
                cv2.circle(picture, middle, 30, who.hair, -1, cv2.LINE_AA)
        yield picture


@pytest.mark.parametrize("num_people", [1, 12])
def test_a_drawn_class_is_counted(centerface, num_people):
    observer = LectureObserver(centerface, "lecture")
    for frame in frames(drawn_lesson(num_people, 14), Fraction(10)):
        observer.add(frame)
    evidence, _ = observer.finish()
    assert evidence.headcount == num_people
    assert evidence.max_at_once <= num_people
    assert from_json(to_json(evidence), HeadEvidence) == evidence


def living_room(num_frames: int, portraits: int, *, noise: float = 0.0, moves: bool = True):
    """Drawn people at the front who sway, portraits in the row above who don't, and the detections of both."""
    rng = np.random.default_rng(5)
    wall = [(90 + 110 * each, 130) for each in range(portraits)]
    seats = [(140 + 180 * each, 340) for each in range(3)]
    pictures, script = [], []
    for _ in range(num_frames):
        picture = textured(640, 480)
        for who, spot in zip(PEOPLE, wall, strict=False):
            stand(picture, who, spot, 50)
        sway = [(x + rng.integers(-9, 10) * moves, y + rng.integers(-6, 7) * moves) for x, y in seats]
        for who, spot in zip(PEOPLE[8:], sway, strict=False):
            stand(picture, who, (int(spot[0]), int(spot[1])), 50)
        noisy = picture + rng.normal(0, noise, picture.shape)
        pictures.append(np.clip(noisy, 0, 255).astype(np.uint8))
        script.append([found(x, y, 50) for x, y in [*wall, *sway]])
    return script, pictures


@pytest.mark.parametrize("noise", [0, 6])
def test_portraits_on_a_wall_are_not_people(noise):
    script, pictures = living_room(20, 4, noise=noise)
    evidence, _ = observe(script, pictures)
    assert (evidence.headcount, evidence.num_pictures, evidence.max_at_once) == (3, 4, 3)
    assert len(evidence.marks) == 3


def test_a_photograph_filmed_as_a_lecture_shows_its_people():
    script, pictures = living_room(20, 4, noise=3, moves=False)
    evidence, _ = observe(script, pictures)
    assert (evidence.headcount, evidence.num_pictures) == (7, 0)


def test_a_few_looks_tell_no_portrait():
    script, pictures = living_room(7, 2)
    assert observe(script, pictures)[0].headcount == 5


def test_a_still_room_has_no_more_people_than_faces():
    evidence, _ = observe(looking_up(6, 20, 0.9))
    assert (evidence.low, evidence.headcount, evidence.num_living, evidence.high) == (6, 6, 0, 6)


@pytest.mark.parametrize(("num_frames", "high"), [(8, None), (9, 4)])
def test_over_few_frames_there_is_no_upper_bound(num_frames, high):
    assert observe(looking_up(4, num_frames, 1.0))[0].high == high


def test_a_walking_teacher_is_named():
    evidence, _ = observe(walker(40))
    assert (evidence.headcount, evidence.num_staff_likely) == (5, 1)


def test_people_who_keep_their_seats_are_no_teachers():
    assert observe(looking_up(12, 40, 0.5))[0].num_staff_likely == 0


def test_a_frame_of_another_size_breaks_nothing():
    pictures = [ROOM] * 12 + [cv2.resize(ROOM, (320, 240))] * 4
    assert count(looking_up(3, 16, 1.0), pictures) >= 3


def lesson_of_two_parts(num_there: int, *, bowed: bool, num_before: int = 6, num_after: int = 14):
    """Six people; after a while only some still show their face. The others have left, or bow their heads and write."""
    rng = np.random.default_rng(7)
    script, pictures = [], []
    for number in range(num_before + num_after):
        early, picture = number < num_before, ROOM.copy()
        sways = [(x + int(rng.integers(-6, 7)), y + int(rng.integers(-4, 5))) for x, y in SEATS[:12:2]]
        for each, (who, spot) in enumerate(zip(PEOPLE, sways, strict=False)):
            if early or bowed or each < num_there:
                stand(picture, who, spot, 40)
        script.append([found(*spot) for spot in (sways if early else sways[:num_there])])
        pictures.append(picture)
    return script, pictures


@pytest.mark.parametrize(("num_there", "usually"), [(5, 5), (2, 2), (0, 0)])
def test_a_class_that_leaves_is_no_longer_there(num_there, usually):
    evidence, _ = observe(*lesson_of_two_parts(num_there, bowed=False))
    assert (evidence.headcount, evidence.max_at_once, evidence.num_usually) == (6, 6, usually)


@pytest.mark.parametrize("num_there", [2, 0])
def test_bowed_heads_are_still_there(num_there):
    evidence, _ = observe(*lesson_of_two_parts(num_there, bowed=True))
    assert (evidence.headcount, evidence.num_usually) == (6, 6)


def test_a_class_that_comes_late_was_not_there_before():
    script, pictures = lesson_of_two_parts(2, bowed=False)
    evidence, _ = observe(script[::-1], pictures[::-1])
    assert (evidence.headcount, evidence.num_usually) == (6, 2)


@pytest.mark.parametrize(("num_after", "usually"), [(10, 6), (11, 2)])
def test_a_class_that_stays_for_two_thirds_was_there(num_after, usually):
    script, pictures = lesson_of_two_parts(2, bowed=False, num_before=22, num_after=num_after)
    assert observe(script, pictures)[0].num_usually == usually


def test_an_empty_room_filmed_from_elsewhere_is_part_of_the_lecture():
    script = [*looking_up(6, 12, 1.0), *[[]] * 20]
    assert observe(script, [*[ROOM] * 12, *[textured(640, 480, seed=9)] * 20])[0].num_usually == 0


@pytest.mark.parametrize(("num_frames", "usually"), [(8, None), (9, 4)])
def test_over_few_frames_nobody_knows_who_left(num_frames, usually):
    assert observe(looking_up(4, num_frames, 1.0))[0].num_usually == usually


@pytest.mark.parametrize("share", [0.15, 0.3, 0.6])
@pytest.mark.parametrize("seed", range(2))
def test_people_who_seldom_look_up_are_there(share, seed):
    evidence, _ = observe(looking_up(12, 60, share, seed))
    assert evidence.num_usually >= evidence.headcount - 1
    assert evidence.num_perhaps_twice == 0


def test_people_who_come_for_a_few_looks_and_never_stay_left():
    script = looking_up(4, 80, 1.0)
    for number in range(3):
        script[number] += [found(50, 60), found(600, 60), found(320, 60)]
    evidence, _ = observe(script)
    assert (evidence.headcount, evidence.num_usually) == (7, 4)


@pytest.mark.parametrize(("num_black", "doubt"), [(0, 0), (19, 0), (20, 1), (30, 1)])
def test_who_was_not_seen_at_once_in_a_lecture_half_black_is_in_doubt(num_black, doubt):
    script = [*[[]] * num_black, *looking_up(5, 20, 1.0)]
    for number in range(20):
        script[num_black + number].pop(number % 5)
    evidence, _ = observe(script, [*[np.zeros_like(ROOM)] * num_black, *[ROOM] * 20])
    assert (evidence.headcount, evidence.max_at_once, evidence.num_perhaps_twice) == (5, 4, doubt)


@pytest.mark.media
def test_the_real_classroom_has_four_people(centerface):
    from PIL import Image, ImageSequence

    clip = Image.open(MEDIA / "pictures" / "intel" / "classroom.gif")
    pictures = [np.array(each.convert("RGB"))[:, :, ::-1].copy() for each in ImageSequence.Iterator(clip)]
    observer = LectureObserver(centerface, "lecture")
    for frame in frames([pictures[17 * number % len(pictures)] for number in range(30)], Fraction(10)):
        observer.add(frame)
    evidence, _ = observer.finish()
    assert evidence.headcount == 4
    assert 4 <= evidence.high <= 6  # the film's dithered colours flicker on the flip chart
