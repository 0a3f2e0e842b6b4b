"""Faces joined by place, on sights made by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observe.stage import found
from vidaudit.observe.place import View
from vidaudit.observe.tracks import Sight, Track, TrackBook, never_one_person, seen_together, sight_of

SIZE = (640, 480)


def view(left: float = 0.0, *, segment: int = 0, zoom: float = 1.0, travelled: float | None = None) -> View:
    """A camera moved to the right by `left` plane pixels."""
    to_plane = np.array([[zoom, 0.0, left], [0.0, zoom, 0.0], [0.0, 0.0, 1.0]])
    return View(segment=segment, to_plane=to_plane, travelled_px=abs(left) if travelled is None else travelled)


def sight(x: float, y: float = 200.0, width: float = 40.0, *, frame: int = 0, camera: View | None = None) -> Sight:
    return sight_of(found(x, y, width), camera or view(), frame, float(frame), SIZE)


def book_of(*per_frame: list[Sight]) -> TrackBook:
    book = TrackBook()
    for sights in per_frame:
        book.add(sights)
    return book


def sizes(book: TrackBook) -> list[int]:
    return sorted(len(track.sights) for track in book.tracks)


def test_a_sight_is_placed_in_the_plane():
    placed = sight(100, 200, 40, camera=view(300, segment=2, zoom=2.0)).place
    assert (placed.x_px, placed.y_px, placed.width_px, placed.height_px) == (460, 352, 80, 96)


def test_a_face_at_the_same_place_is_one_track_though_the_camera_moves():
    book = book_of(*([sight(400 - 50 * n, frame=n, camera=view(50 * n))] for n in range(6)))
    assert sizes(book) == [6]
    assert book.tracks[0].frames == frozenset(range(6))


@pytest.mark.parametrize(("shift", "num_tracks"), [(0, 1), (15, 1), (25, 1), (26, 1), (27, 2), (40, 2), (200, 2)])
def test_a_head_may_move_by_about_two_thirds_of_its_width(shift, num_tracks):
    assert len(book_of([sight(300)], [sight(300 + shift, frame=1)]).tracks) == num_tracks


def test_two_faces_of_one_frame_never_join():
    assert sizes(book_of([sight(300), sight(304)])) == [1, 1]
    book = book_of([sight(300)], [sight(302, frame=1), sight(306, frame=1)])
    assert sizes(book) == [1, 2]


def test_neighbours_keep_their_tracks_one_to_one():
    # Both lean to the right: the left one comes near to where the right one was.
    book = book_of([sight(300), sight(345)], [sight(322, frame=1), sight(367, frame=1)])
    assert sizes(book) == [2, 2]
    assert all(track.sights[1].place.x_px - track.sights[0].place.x_px == 22 for track in book.tracks)


@pytest.mark.parametrize(("width", "num_tracks"), [(40, 1), (87, 1), (89, 2), (19, 1), (18, 2)])
def test_a_face_does_not_jump_in_size(width, num_tracks):
    assert len(book_of([sight(300)], [sight(300, width=width, frame=1)]).tracks) == num_tracks


def test_a_face_cut_by_the_edge_may_be_any_size():
    cut = sight(8, width=16, frame=0)
    whole = sight(18, width=40, frame=1)
    assert cut.cut_by_edge
    assert not sight(300).cut_by_edge
    assert sizes(book_of([cut], [whole])) == [2]


@pytest.mark.parametrize(
    ("x", "y", "cut"),
    [
        (320, 240, False),
        (25, 240, True),
        (26, 240, False),
        (615, 240, True),
        (614, 240, False),
        (320, 29, True),
        (320, 30, False),
        (320, 451, True),
        (320, 450, False),
    ],
)
def test_near_the_edge_is_within_a_seventh_of_the_width(x, y, cut):
    assert sight(x, y, 40).cut_by_edge is cut


def test_the_anchor_is_the_latest_whole_sight_else_the_widest():
    first, second, last = sight(300), sight(305, frame=1), sight(10, frame=2)
    assert Track(sights=[first, second, last]).anchor is second
    cuts = [sight(8, width=16), sight(12, width=24, frame=1), sight(6, width=12, frame=2)]
    assert Track(sights=cuts).anchor is cuts[1]


def test_a_new_segment_begins_new_tracks():
    book = book_of([sight(300)], [sight(300, frame=1, camera=view(segment=1))])
    assert sizes(book) == [1, 1]


def test_a_frame_without_faces_changes_nothing():
    book = book_of([sight(300)], [], [sight(301, frame=2)])
    assert book.add([]) == []
    assert sizes(book) == [2]


def test_add_returns_the_track_of_each_sight():
    book = book_of([sight(100), sight(300)])
    new = [sight(500, frame=1), sight(300, frame=1), sight(100, frame=1)]
    assert [track.sights[-1] for track in book.add(new)] == new
    assert sizes(book) == [1, 2, 2]


positions = st.lists(st.lists(st.tuples(st.integers(30, 600), st.integers(40, 430)), max_size=6), max_size=8)


@given(positions)
def test_every_sight_is_in_one_track_and_no_track_twice_in_a_frame(faces):
    shots = [[sight(x, y, frame=n) for x, y in frame] for n, frame in enumerate(faces)]
    tracks = book_of(*shots).tracks
    kept = [id(one) for track in tracks for one in track.sights]
    assert sorted(kept) == sorted(id(one) for frame in shots for one in frame)
    assert all(len(track.frames) == len(track.sights) for track in tracks)
    assert all(one.frame < two.frame for track in tracks for one, two in itertools.pairwise(track.sights))


@given(positions)
def test_being_strangers_is_mutual_and_never_with_oneself(faces):
    tracks = book_of(*([sight(x, y, frame=n) for x, y in frame] for n, frame in enumerate(faces))).tracks
    apart = never_one_person(tracks)
    assert apart.shape == (len(tracks), len(tracks))
    assert not apart.diagonal().any()
    assert np.array_equal(apart, apart.T)


def strangers(one: Sight, two: Sight) -> bool:
    return bool(never_one_person([Track(sights=[one]), Track(sights=[two])])[0, 1])


def test_two_in_one_frame_are_strangers_however_near():
    assert strangers(sight(300), sight(301))
    assert not strangers(sight(300), sight(301, frame=1))


def test_only_a_common_frame_shows_two_together():
    tracks = [Track(sights=[sight(100)]), Track(sights=[sight(400)]), Track(sights=[sight(550, frame=1)])]
    assert seen_together(tracks).tolist() == [[False, True, False], [True, False, False], [False, False, False]]
    assert seen_together([]).shape == (0, 0)


@pytest.mark.parametrize(("apart", "certain"), [(59, False), (60, False), (61, True), (300, True)])
def test_two_places_of_a_still_camera_are_two_people_from_one_and_a_half_widths(apart, certain):
    still = view(travelled=0.0)
    assert strangers(sight(100, camera=still), sight(100 + apart, frame=1, camera=still)) is certain


@pytest.mark.parametrize(("apart", "certain"), [(89, False), (90, False), (91, True)])
def test_the_longer_the_way_the_further_apart_they_must_be(apart, certain):
    # 60 px of widths, and 3 % of a way of 1000 px.
    before, after = view(travelled=0.0), view(travelled=1000.0)
    assert strangers(sight(100, camera=before), sight(100 + apart, frame=1, camera=after)) is certain


def test_places_of_different_segments_say_nothing():
    assert not strangers(sight(100), sight(500, frame=1, camera=view(segment=1)))


def test_no_tracks_no_strangers():
    assert never_one_person([]).shape == (0, 0)
