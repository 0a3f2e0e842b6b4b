"""Linking the persons of several clips, with descriptors made by hand."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidaudit.model.doubt import doubts
from vidaudit.model.evidence import FaceEvidence, FaceView, PersonSeen
from vidaudit.model.people import DayPeople, PeopleEvidence
from vidaudit.model.still import Box
from vidaudit.observe.identity import DLIB_LIMITS
from vidaudit.observe.people import SeenClip, link_people
from vidaudit.run.codec import from_json, to_json

RNG = np.random.default_rng(11)
# Twelve people about 0.8 apart, as those are whom the descriptor tells apart well.
LOOKS = RNG.normal(0, 0.8 / np.sqrt(2 * 128), (12, 128))


def seen(who, index=1, *, detail_px=80.0, jitter=0.1, seed=0, apart=1.0):
    """Person number `who` of LOOKS as seen in one clip (None: without a descriptor)."""
    wobble = np.random.default_rng([seed, 0 if who is None else who]).normal(0, jitter / np.sqrt(128), 128)
    look = None if who is None else tuple(float(number) for number in apart * LOOKS[who] + wobble)
    view = FaceView(
        at_s=1.0,
        box=Box(x_px=0, y_px=0, width_px=90, height_px=110),
        score=0.9,
        width_px=90,
        effective_width_px=detail_px,
    )
    return PersonSeen(
        index=index, num_views=3, first_s=0.0, last_s=2.0, best=view, snapshot=f"{seed}-{index}.jpg", descriptor=look
    )


def clip(people, day="5月20日", number=1, *, low=None, high=None, **how):
    persons = tuple(seen(who, index, seed=number, **how) for index, who in enumerate(people, start=1))
    faces = FaceEvidence(
        detector="scripted",
        persons=persons,
        low=len(persons) if low is None else low,
        high=len(persons) if high is None else high,
        max_at_once=0,
        num_frames=9,
        num_frames_with_faces=9,
    )
    return SeenClip(path=f"{day}/{number}.mp4", day=day, faces=faces)


def who_is_who(people: PeopleEvidence) -> set[frozenset[tuple[str, int]]]:
    return {frozenset((one.clip, one.index) for one in person.appearances) for person in people.persons}


def counts(people: PeopleEvidence) -> tuple[int, ...]:
    (day,) = people.days
    return day.low, day.persons, day.high


def test_the_same_people_in_another_order_on_another_day_are_the_same():
    orders = [list(range(8)), list(range(8))[::-1], [3, 1, 7, 0, 5, 2, 6, 4]]
    clips = [clip(order, day, 1) for order, day in zip(orders, ("20", "21", "22"), strict=True)]
    people = link_people(clips)
    expected = {
        frozenset((f"{day}/1.mp4", order.index(who) + 1) for order, day in zip(orders, ("20", "21", "22"), strict=True))
        for who in range(8)
    }
    assert who_is_who(people) == expected
    assert people.days == tuple(DayPeople(day=day, persons=8, low=8, high=8) for day in ("20", "21", "22"))


def test_strangers_are_new():
    people = link_people([clip([0, 1, 2]), clip([2, 3, 4], number=2)])
    assert len(people.persons) == 5
    assert counts(people) == (3, 5, 5)


def test_persons_are_numbered_in_order_of_appearance():
    people = link_people([clip([4, 5]), clip([6, 5], number=2)])
    assert [person.number for person in people.persons] == [1, 2, 3]
    assert [len(person.appearances) for person in people.persons] == [1, 2, 1]
    assert people.persons[2].appearances[0].index == 1


def test_two_of_one_clip_are_never_one_person():
    people = link_people([clip([0, 0, 0], jitter=0.0), clip([0], number=2, jitter=0.0)])
    assert len(people.persons) == 3
    assert sorted(len(person.appearances) for person in people.persons) == [1, 1, 2]


@pytest.mark.parametrize("faces", [[], [0]])
def test_a_clip_without_faces_changes_nothing(faces):
    people = link_people([clip(faces), clip([], number=2), clip(faces, number=3)])
    assert len(people.persons) == len(faces)
    assert counts(people) == (len(faces), len(faces), len(faces))


def test_no_clips_no_people():
    assert link_people([]) == PeopleEvidence(persons=(), days=())


def test_a_clip_outside_of_a_day_counts_for_the_class_only():
    outside = SeenClip(path="x.mp4", day=None, faces=clip([0, 1]).faces)
    people = link_people([outside, clip([1, 2], number=2)])
    assert len(people.persons) == 3
    assert counts(people) == (2, 2, 2)
    assert [person.days for person in people.persons] == [(), ("5月20日",), ("5月20日",)]


def test_persons_without_a_descriptor_are_somebody_of_their_own():
    people = link_people([clip([None, 0]), clip([0, None], number=2)])
    assert len(people.persons) == 3
    assert counts(people) == (2, 3, 3)


def described_by(name, one):
    return replace(one, faces=replace(one.faces, descriptor=name))


def test_what_two_descriptors_made_is_never_linked():
    ours, theirs = clip([0, 1]), described_by("sface:0123456789ab", clip([0, 1], number=2))
    assert len(link_people([ours, theirs]).persons) == 4
    assert len(link_people([theirs, ours]).persons) == 4
    assert len(link_people([ours, described_by("dlib", theirs)]).persons) == 2


def test_the_limits_of_the_descriptor_count():
    far = DLIB_LIMITS.scaled(3.0, "far", "test")
    clips = [described_by("far", clip([who], number=who)) for who in (0, 1)]
    assert len(link_people(clips, far).persons) == 1
    assert len(link_people(clips, DLIB_LIMITS.scaled(1.0, "far", "test")).persons) == 2


@pytest.mark.parametrize("first", [[None], [None, 0], [0, None]])
def test_blurred_persons_are_not_linked_to_one_without_a_descriptor(first):
    people = link_people([clip(first, detail_px=20.0, apart=0.8), clip([1], number=2, detail_px=20.0, apart=0.8)])
    with_descriptor = [number for number, who in enumerate(first, start=1) if who is not None]
    linked = [person for person in people.persons if len(person.appearances) == 2]
    assert [person.appearances[0].index for person in linked] == with_descriptor
    assert len(people.persons) == len(first) + 1 - len(linked)


def test_blurred_faces_are_as_few_as_they_can_be_and_as_many_in_the_upper_bound():
    people = link_people(
        [clip([0, 1, 2], detail_px=20.0, apart=0.8), clip([3, 4, 5, 6], number=2, detail_px=20.0, apart=0.8)]
    )
    assert counts(people) == (4, 4, 7)


@pytest.mark.parametrize(("detail_px", "num_people"), [(24.9, 1), (25.0, 2), (25.1, 2)])
def test_from_how_many_pixels_likeness_tells_people_apart(detail_px, num_people):
    people = link_people(
        [clip([0], detail_px=detail_px, apart=0.8), clip([1], number=2, detail_px=detail_px, apart=0.8)]
    )
    assert len(people.persons) == num_people


@pytest.mark.parametrize("details", [(80.0, 20.0), (20.0, 80.0), (20.0, 20.0)])
def test_a_blurred_face_may_be_anybody_and_is_in_the_upper_bound(details):
    first, second = (clip([who], number=who, detail_px=detail, apart=0.8) for who, detail in enumerate(details))
    assert counts(link_people([first, second])) == (1, 1, 2)


def test_blurred_faces_that_are_very_unlike_are_two_people():
    assert counts(link_people([clip([0], detail_px=20.0), clip([1], number=2, detail_px=20.0)])) == (1, 2, 2)


def test_the_doubt_of_each_clip_is_in_the_days_bounds():
    assert counts(link_people([clip([0, 1, 2], low=2, high=4), clip([0, 1, 2], number=2, low=1, high=5)])) == (2, 3, 6)


def test_every_bound_has_its_reasons():
    unsure = doubts(look_alike=1, seen_once=1, broken_way=2)
    first = clip([0, 1, 2], low=2, high=4)
    first = SeenClip(path=first.path, day=first.day, faces=replace(first.faces, doubts=unsure))
    people = link_people([first, clip([1, 2, 3], number=2, low=2)])
    assert counts(people) == (2, 4, 5)
    assert people.days[0].doubts == doubts(one_clip=1, look_alike=1, seen_once=1, broken_way=2)


def test_a_blurred_link_is_a_reason():
    first, second = (clip([who], number=who, detail_px=20.0, apart=0.8) for who in (0, 1))
    assert link_people([first, second]).days[0].doubts == doubts(blurred=1)


def test_a_day_without_doubt_gives_no_reason():
    assert link_people([clip([0, 1]), clip([0, 1], number=2)]).days[0].doubts == ()


def test_people_who_all_look_alike_are_told_apart_by_who_matches_best():
    close = LOOKS * 0.45  # about 0.36 apart
    alike = [
        [PersonSeen(**vars(seen(0, i)) | {"descriptor": tuple(map(float, close[i] + shift))}) for i in range(6)]
        for shift in (0.0, RNG.normal(0, 0.1 / np.sqrt(128), 128))
    ]
    clips = []
    for number, persons in enumerate(alike):
        base = clip([], number=number)
        faces = FaceEvidence(**vars(base.faces) | {"persons": tuple(persons), "low": 6, "high": 6})
        clips.append(SeenClip(path=base.path, day=base.day, faces=faces))
    people = link_people(clips)
    assert {tuple(one.index for one in person.appearances) for person in people.persons} == {(i, i) for i in range(6)}


def test_the_most_detailed_picture_stands_for_the_person():
    clips = [clip([0], detail_px=50.0), clip([0], number=2, detail_px=90.0), clip([0], number=3, detail_px=70.0)]
    (person,) = link_people(clips).persons
    assert person.snapshot == "2-1.jpg"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_counts_do_not_depend_on_the_order_of_the_clips(order):
    clips = [clip([0, 1, 2, 3]), clip([5, 3, 2], number=2), clip([1, 0, 6], "21", 1)]
    people = link_people([clips[number] for number in order])
    assert len(people.persons) == 6
    assert {day.day: (day.low, day.persons, day.high) for day in people.days} == {
        "5月20日": (4, 5, 5),
        "21": (3, 3, 3),
    }


anybody = st.lists(
    st.one_of(st.none(), st.integers(0, 11)), max_size=6, unique_by=lambda who: who if who is not None else object()
)
classes = st.lists(st.tuples(anybody, st.sampled_from(["20", "21", None]), st.sampled_from([15.0, 80.0])), max_size=5)


@given(classes)
def test_everybody_is_linked_once_and_bounds_hold(shots):
    clips = []
    for number, (people, day, detail_px) in enumerate(shots):
        made = clip(people, str(day), number, detail_px=detail_px)
        clips.append(SeenClip(path=made.path, day=day, faces=made.faces))
    linked = link_people(clips)
    appearances = [(one.clip, one.index) for person in linked.persons for one in person.appearances]
    assert sorted(appearances) == sorted((clip.path, p.index) for clip in clips for p in clip.faces.persons)
    for person in linked.persons:
        paths = [one.clip for one in person.appearances]
        assert len(paths) == len(set(paths))
    for day in linked.days:
        number = {doubt.kind: doubt.number for doubt in day.doubts}
        assert day.low == day.persons - number.get("look-alike", 0) - number.get("one-clip", 0)
        most = max(len(clip.faces.persons) for clip in clips if clip.day == day.day)
        assert most <= day.persons <= day.high
        assert day.low <= day.persons
    assert from_json(to_json(linked), PeopleEvidence) == linked


def test_two_guesses_do_not_replace_one_good_link():
    """A blurred face looks a little like its own person; a sharp one is just too unlike its own to be linked."""
    known, later = np.zeros((2, 128)), np.zeros((2, 128))
    known[1, 0] = 0.66
    later[0, :2], later[1, [0, 2]] = (0.2605, 0.5626), (0.4427, 0.5161)
    apart = np.linalg.norm(later[:, None] - known[None], axis=2)
    np.testing.assert_allclose(apart, [[0.62, 0.69], [0.68, 0.56]], atol=1e-3)
    looks = [
        [
            PersonSeen(**vars(seen(0, i + 1, detail_px=px)) | {"descriptor": tuple(map(float, look))})
            for i, (look, px) in rows
        ]
        for rows in (
            enumerate(zip(known, (24.0, 40.0), strict=True)),
            enumerate(zip(later, (24.0, 49.0), strict=True)),
        )
    ]
    clips = [
        SeenClip(path=f"{number}.mp4", day=None, faces=replace(clip([0]).faces, persons=tuple(persons)))
        for number, persons in enumerate(looks)
    ]
    together = [person for person in link_people(clips).persons if len(person.appearances) == 2]
    assert [[one.index for one in person.appearances] for person in together] == [[1, 1]]
