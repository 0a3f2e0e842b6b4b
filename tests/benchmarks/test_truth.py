"""Counts and links are held against who was there, person by person."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import truth
from benchmarks.cameras import Camera, still
from benchmarks.photographs import Face, Photograph
from benchmarks.rooms import Room, Spot
from benchmarks.scenes import Scene
from vidaudit.model.evidence import ClipEvidence, FaceEvidence, FaceView, HeadEvidence, PersonSeen
from vidaudit.model.still import Box
from vidaudit.model.submission import ClipKind

SIZE = (320, 240)
# In the room, and as the camera that moves by 100 px a second sees it.
ANN, BO, CY = (20.0, 50.0), (120.0, 50.0), (220.0, 50.0)
MOVING = Camera(width_px=320, height_px=240, stops=((0.0, 160.0, 120.0), (4.0, 560.0, 120.0)))


def room(*names: str) -> Room:
    """People of 40 x 50 px, 100 px apart."""
    spots = tuple(
        Spot(
            photograph=Photograph(file=f"{name}.png", faces=(Face(who=name, corners=(0, 0, 40, 50)),)),
            scale=1.0,
            left_px=20.0 + 100 * number,
            top_px=50.0,
        )
        for number, name in enumerate(names)
    )
    return Room(width_px=1000, height_px=240, spots=spots)


SCENE = Scene(room=room("Ann", "Bo", "Cy"), camera=MOVING)


def person(index: int, place: tuple[float, float], at_s: float = 0.0, look: float = 0.0) -> PersonSeen:
    """Somebody seen at this place of the room; whoever has the same look is alike."""
    box = Box(x_px=place[0] - 100 * at_s, y_px=place[1], width_px=40, height_px=50)
    view = FaceView(at_s=at_s, box=box, score=0.9, width_px=40, effective_width_px=80)
    descriptor = tuple(np.eye(128)[int(look)].tolist())
    return PersonSeen(index=index, num_views=2, first_s=at_s, last_s=at_s, best=view, descriptor=descriptor)


def pan(*persons: PersonSeen, path: str = "clip", low: int = 0, high: int = 9) -> ClipEvidence:
    faces = FaceEvidence(
        detector="fake",
        persons=persons,
        low=low,
        high=high,
        max_at_once=1,
        num_frames=9,
        num_frames_with_faces=9,
    )
    return ClipEvidence(path=path, kind=ClipKind.FACE, faces=faces)


def lecture(headcount: int, *marks: tuple[float, float]) -> ClipEvidence:
    heads = HeadEvidence(
        detector="fake",
        headcount=headcount,
        max_at_once=headcount,
        num_frames=6,
        best_at_s=0.0,
        marks=tuple(Box(x_px=x, y_px=y, width_px=40, height_px=50) for x, y in marks),
    )
    return ClipEvidence(path="clip", kind=ClipKind.LECTURE, heads=heads)


@pytest.mark.parametrize(
    ("place", "at_s", "who"),
    [
        (ANN, 0.0, "Ann"),
        (BO, 0.5, "Bo"),
        ((39.0, 50.0), 0.0, "Ann"),
        ((41.0, 50.0), 0.0, None),
        ((20.0, 76.0), 0.0, None),
    ],
    ids=["there", "camera moved", "just on the face", "just beside", "below"],
)
def test_a_person_is_who_was_there_at_that_instant(place: tuple[float, float], at_s: float, who: str | None) -> None:
    assert truth.identity(person(1, place, at_s), SCENE.room, MOVING) == who


def test_a_right_count_by_two_faults_is_told() -> None:
    seen = pan(person(1, ANN), person(2, ANN, 0.1), person(3, BO), low=2, high=4)
    count = truth.count_pan("clip", SCENE, seen)
    assert (count.truth, count.counted, count.low, count.high, count.error) == (3, 3, 2, 4, 0.0)
    assert (count.missed, count.twice, count.extra) == (("Cy",), ("Ann",), 0)


def test_whoever_is_nobody_is_extra() -> None:
    count = truth.count_pan("clip", SCENE, pan(person(1, ANN), person(2, (600.0, 50.0)), person(3, (700.0, 50.0))))
    assert (count.missed, count.twice, count.extra) == (("Bo", "Cy"), (), 2)


def test_the_briefest_time_is_that_of_who_leaves_first() -> None:
    # Ann's left side is out of the picture after 0.2 s.
    assert truth.count_pan("clip", SCENE, pan()).briefest_s == pytest.approx(0.2, abs=0.11)


def test_a_clip_that_broke_is_no_count() -> None:
    broken = ClipEvidence(path="clip", kind=ClipKind.FACE)
    with pytest.raises(ValueError, match="no face was looked for"):
        truth.count_pan("clip", SCENE, broken)
    with pytest.raises(ValueError, match="no head was counted"):
        truth.count_lecture("clip", SCENE, broken)


@pytest.mark.parametrize(
    ("headcount", "marks", "missed", "extra"),
    [
        (3, [ANN, BO, CY], (), 0),
        (2, [ANN, CY], ("Bo",), 0),
        (4, [ANN, BO, CY, (600.0, 50.0)], (), 1),
        (3, [ANN, BO, (600.0, 50.0)], ("Cy",), 1),
        (5, [ANN, BO, CY], (), 2),
    ],
    ids=["right", "missed", "extra", "right by two faults", "more than marked"],
)
def test_a_headcount_is_held_against_the_seats(
    headcount: int, marks: list[tuple[float, float]], missed: tuple[str, ...], extra: int
) -> None:
    count = truth.count_lecture("clip", replace(SCENE, camera=still(SIZE, 9)), lecture(headcount, *marks))
    assert (count.truth, count.counted, count.missed, count.extra) == (3, headcount, missed, extra)


DAYS = {"day 1": ["one", "two"], "day 2": ["three"]}
MADE = {"one": SCENE, "two": SCENE, "three": replace(SCENE, room=room("Ann", "Bo", "Di"))}


def test_pairs_are_counted_over_all_clips() -> None:
    evidence = {
        "one": pan(person(1, ANN, look=1), person(2, BO, look=2), person(3, CY, look=3), path="one"),
        "two": pan(person(1, ANN, look=1), person(2, BO, look=2), person(3, CY, look=3), path="two"),
        "three": pan(person(1, ANN, look=1), person(2, BO, look=4), person(3, CY, look=5), path="three"),
    }
    links = truth.count_links("class", DAYS, MADE, evidence)
    # Three between the clips of day 1, and Ann and Bo of either with day 2; Bo isn't known again there.
    assert (links.truth, links.right, links.made, links.wrong) == (7, 5, 5, 0)
    assert (links.persons_truth, links.persons) == (4, 5)


def test_a_link_to_somebody_else_or_nobody_is_wrong() -> None:
    evidence = {
        "one": pan(person(1, ANN, look=1), person(2, BO, look=2), path="one"),
        "two": pan(person(1, BO, look=1), person(2, (600.0, 50.0), look=2), path="two"),
        "three": pan(path="three"),
    }
    links = truth.count_links("class", DAYS, MADE, evidence)
    assert (links.right, links.made, links.wrong) == (0, 2, 2)
