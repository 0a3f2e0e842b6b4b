"""Where the camera looked, against cameras whose way is known."""

import datetime as dt

import cv2
import numpy as np
import pytest

from fixtures.videos.clock import burn_in
from tests.observe.stage import empty_room, mural, pan, textured, there_and_back
from vidaudit.observe.place import CameraPath, View, _mutually_nearest

SIZE = (640, 400)


@pytest.fixture(scope="module")
def wallpaper():
    return textured(3000, 900)


def shot(picture, x, y, zoom=1.0, roll_deg=0.0):
    """(image, to_room): what a camera centred on (x, y) sees, and the (2, 3) map from its pixels to the room's."""
    to_frame = cv2.getRotationMatrix2D((x, y), roll_deg, zoom)
    to_frame[:, 2] += np.array(SIZE) / 2 - (x, y)
    image = cv2.warpAffine(picture, to_frame, SIZE, flags=cv2.INTER_AREA)
    return image, cv2.invertAffineTransform(to_frame)


def follow(images) -> list[View]:
    path = CameraPath()
    return [path.add(image) for image in images]


def worst_error_px(views: list[View], maps) -> float:
    """How far the corners and the middle of any frame are from where they should be in the first frame's pixels."""
    from_room = cv2.invertAffineTransform(maps[0])
    errors = []
    for view, to_room in zip(views, maps, strict=True):
        for x, y in ((0, 0), (640, 0), (320, 200), (0, 400), (640, 400)):
            true = from_room @ (*(to_room @ (x, y, 1)), 1)
            errors.append(np.hypot(*(np.array(view.place(x, y)) - true)))
    return max(errors)


@pytest.mark.parametrize(
    ("zoom_end", "roll_end_deg"), [(1.0, 0.0), (1.0, 12.0), (1.4, 0.0), (0.8, -8.0)], ids=["plain", "roll", "in", "out"]
)
def test_a_known_way_is_recovered(wallpaper, zoom_end, roll_end_deg):
    shares = np.linspace(0, 1, 30)
    shots = [
        shot(wallpaper, 600 + 1700 * s, 420 + 60 * np.sin(6 * s), 1 + (zoom_end - 1) * s, roll_end_deg * s)
        for s in shares
    ]
    views = follow([image for image, _ in shots])
    assert {view.segment for view in views} == {0}
    assert worst_error_px(views, [to_room for _, to_room in shots]) < 0.01 * 1700
    assert views[-1].scale == pytest.approx(1 / zoom_end, rel=0.02)
    assert views[-1].travelled_px == pytest.approx(1720, rel=0.05)


def test_a_plain_pan_is_recovered_to_a_few_pixels(wallpaper):
    shots = [shot(wallpaper, 500 + 60 * number, 450) for number in range(30)]
    assert worst_error_px(follow([image for image, _ in shots]), [to_room for _, to_room in shots]) < 5


def test_a_pan_there_and_back_ends_where_it_began(wallpaper):
    way = [shot(wallpaper, 500 + 60 * number, 450)[0] for number in range(30)]
    views = follow([*way, *way[::-1]])
    assert {view.segment for view in views} == {0}
    error = np.hypot(*(np.array(views[-1].place(320, 200)) - views[0].place(320, 200)))
    assert error < 0.03 * views[-1].travelled_px
    assert views[-1].travelled_px == pytest.approx(2 * 29 * 60, rel=0.05)


def test_a_pan_along_a_drawn_wall_stays_in_one_piece():
    views = follow(there_and_back(mural((), least_width_px=1600).picture, 20))
    assert {view.segment for view in views} == {0}
    assert views[19].place(0, 0)[0] == pytest.approx(1120, rel=0.02)


def test_a_fixed_camera_stays_where_it_is():
    rng = np.random.default_rng(1)
    room = empty_room()
    noisy = [np.clip(room + rng.normal(0, 4, room.shape), 0, 255).astype(np.uint8) for _ in range(40)]
    views = follow(noisy)
    assert {view.segment for view in views} == {0}
    for view in views:
        assert view.place(0, 0) == pytest.approx((0, 0), abs=3)
        assert view.place(640, 480) == pytest.approx((640, 480), abs=3)


@pytest.mark.parametrize("step_px", [0.0, 0.4, 3.0, 40.0])
def test_a_camera_that_may_stand_is_followed_all_the_same(wallpaper, step_px):
    shots = [shot(wallpaper, 600 + step_px * number, 420) for number in range(30)]
    path = CameraPath(may_stand=True)
    views = [path.add(image) for image, _ in shots]
    assert {view.segment for view in views} == {0}
    assert worst_error_px(views, [to_room for _, to_room in shots]) < max(5.0, 0.3 * step_px)


def test_people_before_a_camera_that_stands_change_nothing(monkeypatch, wallpaper):
    image, _ = shot(wallpaper, 900, 420)
    path = CameraPath(may_stand=True)
    first = path.add(image)
    monkeypatch.setattr(path, "_features", None)
    for left in range(0, 440, 40):
        crossed = image.copy()
        crossed[:, left : left + 160] = (200, 180, 160)
        assert path.add(crossed) == first


def test_a_camera_that_stands_in_another_place_is_on_another_plane(wallpaper):
    places = [(500, 420)] * 3 + [(2400, 420)] * 4 + [(500, 420)] * 2
    path = CameraPath(may_stand=True)
    assert [path.add(shot(wallpaper, *place)[0]).segment for place in places] == [0, 0, 0, 1, 1, 1, 1, 2, 2]


def test_a_hard_cut_begins_a_new_segment(wallpaper):
    elsewhere = textured(1500, 900, seed=8)
    first = [shot(wallpaper, 500 + 40 * number, 450)[0] for number in range(4)]
    second = [shot(elsewhere, 500 + 40 * number, 450)[0] for number in range(4)]
    views = follow([*first, *second])
    assert [view.segment for view in views] == [0] * 4 + [1] * 4
    assert views[4].place(7, 9) == (7, 9)
    assert views[4].travelled_px == 0
    assert views[7].place(0, 0)[0] == pytest.approx(120, abs=3)


def test_breaks_of_the_way_are_counted_once_each(wallpaper):
    elsewhere = textured(1500, 900, seed=8)
    path = CameraPath()
    for picture, breaks in ((wallpaper, 0), (elsewhere, 1)):
        for number in range(4):
            path.add(shot(picture, 500 + 40 * number, 450)[0])
        assert path.num_breaks == breaks


@pytest.mark.parametrize("level", [0, 128, 255])
def test_pictures_without_features_are_segments_of_their_own(wallpaper, level):
    flat = np.full((400, 640, 3), level, np.uint8)
    image, _ = shot(wallpaper, 700, 450)
    assert [view.segment for view in follow([flat, flat, image, image, flat, image])] == [0, 1, 2, 2, 3, 2]


def test_noise_is_not_a_room():
    rng = np.random.default_rng(2)
    images = [rng.integers(0, 256, (400, 640, 3)).astype(np.uint8) for _ in range(4)]
    assert [view.segment for view in follow(images)] == [0, 1, 2, 3]


def test_a_clock_and_a_title_that_stand_still_do_not_hold_the_camera_back(wallpaper):
    images = []
    for number in range(12):
        image, _ = shot(wallpaper, 500 + 60 * number, 450)
        burn_in(image, dt.datetime(2024, 5, 20, 10, 0, number))
        strip = image[364:]
        strip[:] = textured(640, 36, seed=4)
        images.append(image)
    views = follow(images)
    assert {view.segment for view in views} == {0}
    assert views[-1].place(0, 0)[0] == pytest.approx(660, abs=8)


def test_people_who_walk_do_not_move_the_camera():
    room, patch = empty_room(), textured(110, 220, seed=6)
    images = []
    for number in range(12):
        image = room.copy()
        image[200:420, 20 + 40 * number : 130 + 40 * number] = patch
        images.append(image)
    views = follow(images)
    assert {view.segment for view in views} == {0}
    assert views[-1].place(320, 240) == pytest.approx((320, 240), abs=4)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (2, 8192), (8192, 2), (63, 640), (48, 64), (1920, 1080)])
def test_any_size_of_picture_will_do(size):
    image = textured(size[1], size[0])
    views = follow([image, image])
    assert views[0].place(1, 2) == (1, 2)
    assert [view.segment for view in views] in ([0, 0], [0, 1])


def test_a_change_of_size_begins_a_new_segment():
    image = textured(640, 400)
    assert [view.segment for view in follow([image, cv2.resize(image, None, fx=2, fy=2)])] == [0, 1]


def test_a_view_takes_points_both_ways():
    view = View(segment=0, to_plane=np.array([[0.0, -2.0, 5.0], [2.0, 0.0, 7.0], [0, 0, 1]]), travelled_px=0.0)
    assert view.place(1, 1) == (3, 9)
    assert view.scale == 2


def test_only_what_is_seen_twice_is_a_pan():
    pictures = pan(mural((), least_width_px=3000).picture, 3)
    assert [view.segment for view in follow(pictures)] == [0, 1, 2]


@pytest.mark.parametrize(("moved_px", "shared"), [(0, 1.0), (128, 0.8), (256, 0.6), (480, 0.25)])
def test_how_much_of_the_last_frame_is_still_seen(wallpaper, moved_px, shared):
    path = CameraPath()
    path.add(shot(wallpaper, 1000, 420)[0])
    after = shot(wallpaper, 1000 + moved_px, 420)[0]
    assert path.shared(after) == pytest.approx(shared, abs=0.02)
    assert path.add(after).travelled_px == pytest.approx(moved_px, abs=3)


def test_unrelated_frames_share_nothing(wallpaper):
    path = CameraPath()
    assert path.shared(shot(wallpaper, 1000, 420)[0]) == 0
    path.add(shot(wallpaper, 600, 420)[0])
    assert path.shared(shot(wallpaper, 2300, 420)[0]) == 0
    assert path.add(shot(wallpaper, 700, 420)[0]).segment == 0


def test_the_way_back_is_found_after_a_flash(wallpaper):
    white = np.full((400, 640, 3), 255, np.uint8)
    images = [shot(wallpaper, x, 420)[0] for x in (600, 640, 680, 700)]
    views = follow([images[0], images[1], white, images[2], images[3]])
    assert [view.segment for view in views] == [0, 0, 1, 0, 0]
    assert views[-1].place(320, 200)[0] - views[0].place(320, 200)[0] == pytest.approx(100, abs=2)


@pytest.mark.parametrize(("num_between", "segments"), [(2, [0, 0, 1, 1, 0]), (3, [0, 0, 1, 1, 1, 2])])
def test_what_lasts_longer_than_an_interruption_is_a_cut(wallpaper, num_between, segments):
    here, there = shot(wallpaper, 600, 420)[0], shot(wallpaper, 2200, 420)[0]
    assert [view.segment for view in follow([here, here, *[there] * num_between, here])] == segments


@pytest.mark.parametrize(("num_one", "num_other", "num_common"), [(60, 80, 40), (1, 1, 1), (5, 90, 0), (90, 5, 5)])
def test_points_are_matched_as_by_brute_force_with_a_cross_check(num_one, num_other, num_common):
    numbers = np.random.default_rng(num_one)
    one = numbers.integers(0, 256, (num_one, 32), dtype=np.uint8)
    other = np.vstack([one[:num_common], numbers.integers(0, 256, (num_other - num_common, 32), dtype=np.uint8)])
    expected = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(one, other)
    here, there = _mutually_nearest(one.view(np.uint64), other.view(np.uint64))
    assert list(zip(here.tolist(), there.tolist(), strict=True)) == [(m.queryIdx, m.trainIdx) for m in expected]
