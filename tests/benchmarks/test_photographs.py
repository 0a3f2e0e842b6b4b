"""Who is in which photograph: names, parts, and heads cut out alone."""

from collections import Counter

import pytest

from benchmarks import scenes
from benchmarks.measure import media_root
from benchmarks.photographs import GROUP_NAMES, Face, Photograph, families, group, groups, heads, johns, portraits


def test_each_portrait_is_another_person_whatever_the_take() -> None:
    names = {face.who for photograph in portraits(0) for face in photograph.faces}
    assert len(names) == len(portraits(0)) == 13
    assert all({face.who for one in portraits(take) for face in one.faces} == names for take in range(11))


def test_takes_are_other_photographs_as_long_as_there_are_some() -> None:
    files = Counter(photograph.file for take in range(11) for photograph in johns(take))
    assert set(files.values()) == {1}
    assert families(0)[0].file != families(1)[0].file
    assert families(0)[-1].file == families(1)[-1].file


def test_no_person_is_in_two_groups() -> None:
    names = [face.who for name in GROUP_NAMES for face in group(name).faces]
    assert len(names) == len(set(names)) == 70


def test_a_part_moves_its_faces() -> None:
    photograph = group("2008_002079")
    assert photograph.part == (0, 108, 500, 375)
    assert photograph.faces[0].corners == (443, 161 - 108, 490, 226 - 108)


def test_a_head_is_cut_out_short_of_the_next_face() -> None:
    pair = Photograph(
        file="pair.jpg",
        faces=(Face(who="Ann", corners=(100, 100, 140, 150)), Face(who="Bo", corners=(150, 100, 190, 150))),
        part=(10, 20, 400, 400),
    )
    ann, bo = heads([pair])
    assert (ann.faces[0].who, bo.faces[0].who) == ("Ann", "Bo")
    for head, left in ((ann, 100), (bo, 150)):
        assert head.part is not None
        assert head.part[0] + head.faces[0].corners[0] == left + 10
        assert head.faces[0].width_px == 40
    assert ann.part is not None
    assert ann.part[2] <= 160


def test_heads_that_touch_are_left_out() -> None:
    pair = Photograph(
        file="pair.jpg",
        faces=(Face(who="Ann", corners=(100, 100, 140, 150)), Face(who="Bo", corners=(141, 100, 181, 150))),
    )
    assert heads([pair]) == ()


@pytest.mark.media
@pytest.mark.skipif(not (media_root() / "pictures").exists(), reason="the test media are not here")
def test_every_face_lies_inside_its_picture() -> None:
    everything = (*(one for take in range(11) for one in portraits(take)), *groups(" ".join(GROUP_NAMES)))
    for photograph in (*everything, *heads(everything)):
        height, width = photograph.load(media_root() / "pictures").shape[:2]
        for face in photograph.faces:
            left, top, right, bottom = face.corners
            assert 0 <= left < right <= width, photograph.file
            assert 0 <= top < bottom <= height, photograph.file


@pytest.mark.media
@pytest.mark.skipif(not (media_root() / "pictures").exists(), reason="the test media are not here")
@pytest.mark.parametrize("make", scenes.everything().values(), ids=scenes.everything().keys())
def test_everybody_in_a_scene_can_be_seen(make: scenes.Make) -> None:
    scene = make(media_root() / "pictures")
    for face in scene.room.faces():
        assert scenes.seconds_in_picture(face, scene) >= 1.0, face
