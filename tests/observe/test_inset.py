"""Pictures set into frames of every kind, and rooms with straight edges that are none."""

import av
import cv2
import numpy as np
import pytest

from tests.observe.composed import covering, framed, lesson, looks, stored
from tests.observe.stage import MEDIA, pan, textured
from vidaudit.observe.inset import inset

ROOM = lesson((960, 720))


WALL = textured(2400, 800, seed=4)
PAN = [view[15 * look : 15 * look + 720] for look, view in enumerate(pan(WALL, 6, width_px=960))]
LESSON = [cv2.addWeighted(one, 0.75, textured(960, 720, seed=2), 0.25, 0) for one in ROOM]
SIZE = (1024, 768)
SIDES, ENDS, AROUND = (576, 768), (1024, 576), (640, 480)


def blurred(picture, look, sigma_px=20.0):
    return cv2.GaussianBlur(covering(picture, *SIZE), (0, 0), sigma_px)


def little_blurred(picture, look):
    return blurred(picture, look, 8.0)


def dimmed(picture, look):
    return (0.6 * blurred(picture, look)).astype(np.uint8)


def stretched(picture, look):
    return cv2.GaussianBlur(cv2.resize(picture, SIZE), (0, 0), 25)


def photograph(picture, look):
    return cv2.addWeighted(textured(*SIZE, seed=9), 0.6, wood(picture, look), 0.4, 0)


def wood(picture, look):
    grain = cv2.GaussianBlur(np.random.default_rng(3).normal(0, 1, SIZE[::-1]), (0, 0), sigmaX=40, sigmaY=2)
    return np.repeat(np.clip(110 + 18 * grain / grain.std(), 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def noise(picture, look, seed=None):
    levels = np.random.default_rng(look if seed is None else seed).normal(128, 12, SIZE[::-1])
    return np.repeat(np.clip(levels, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def standing_noise(picture, look):
    return noise(picture, look, seed=1)


def in_frames(pictures, frame, size_px):
    for look, picture in enumerate(pictures):
        inner = covering(picture, *size_px)
        yield framed(inner, np.asarray(frame(inner, look), np.uint8), size_px)


FILMS = {"fixed camera": LESSON, "pan": PAN}
FRAMED = [
    ("fixed camera", SIDES, blurred),
    ("fixed camera", SIDES, photograph),
    ("fixed camera", SIDES, standing_noise),
    ("fixed camera", ENDS, little_blurred),
    ("fixed camera", ENDS, noise),
    ("fixed camera", AROUND, dimmed),
    ("fixed camera", AROUND, noise),
    ("pan", SIDES, stretched),
    ("pan", ENDS, photograph),
    ("pan", AROUND, blurred),
    ("pan", AROUND, wood),
]


@pytest.mark.parametrize(("film", "size_px", "frame"), FRAMED)
def test_a_picture_in_a_frame_is_found(film, size_px, frame, tmp_path):
    found = inset(stored(in_frames(FILMS[film], frame, size_px), tmp_path / "film.mp4"))
    assert found is not None
    assert (found.width_px, found.height_px) == pytest.approx(size_px, abs=16)
    assert found.x_px == pytest.approx((SIZE[0] - size_px[0]) / 2, abs=8)
    assert found.y_px == pytest.approx((SIZE[1] - size_px[1]) / 2, abs=8)


@pytest.mark.parametrize("film", [ROOM, LESSON, PAN], ids=["drawn room", "fixed camera", "pan"])
def test_a_whole_picture_has_no_frame(film, tmp_path):
    assert inset(stored(film, tmp_path / "film.mp4")) is None


def pillars(picture):
    picture[:, 100:160], picture[:, 800:870] = (120, 140, 150), (60, 70, 80)


def wide_pillars(picture):
    picture[:, :140], picture[:, 820:] = (120, 140, 150), (120, 140, 150)


def blackboard(picture):
    picture[120:330, 220:740] = (40, 60, 40)


def ceiling_and_floor(picture):
    picture[:110], picture[640:] = (220, 222, 225), (90, 100, 120)


def curtains(picture):
    """Folds that hang down on both sides, not quite straight at the edge."""
    rows, columns = np.indices(picture.shape[:2])
    edge = 12 * np.sin(rows / 60)
    folds = (120 + 30 * np.sin(columns / 5))[:, :, None] * np.array([0.7, 0.8, 1.0])
    hung = (columns < 150 + edge) | (columns > 810 + edge)
    picture[hung] = folds[hung]


@pytest.mark.parametrize("change", [pillars, wide_pillars, blackboard, ceiling_and_floor, curtains])
def test_straight_edges_of_a_room_are_no_frame(change, tmp_path):
    pictures = [picture.copy() for picture in ROOM]
    for picture in pictures:
        change(picture)
    assert inset(stored(pictures, tmp_path / "film.mp4")) is None


def test_a_frame_in_which_something_moves_belongs_to_the_room():
    """Somebody walks before what would otherwise be one."""
    pictures = list(in_frames(LESSON, photograph, SIDES))
    for look, picture in enumerate(pictures):
        cv2.rectangle(picture, (20 + 20 * look, 200), (100 + 20 * look, 700), (30, 40, 60), -1)
    assert inset(looks(pictures)) is None


def test_of_a_still_it_is_not_known_what_belongs_to_it():
    assert inset(looks(list(in_frames(LESSON[:1], photograph, AROUND)) * 6)) is None


def test_fewer_than_four_looks_tell_no_texture_but_a_filling():
    pictures = list(in_frames(LESSON[:4], photograph, SIDES))
    assert inset(looks(pictures[:3])) is None
    assert inset(looks(pictures)) is not None
    assert inset(looks(list(in_frames(PAN[:1], blurred, SIDES)))) is not None


@pytest.mark.media
@pytest.mark.parametrize("frame", [blurred, wood, noise])
def test_a_filmed_classroom_in_a_frame_is_found(frame, tmp_path):
    film = MEDIA / "pictures" / "intel" / "classroom.gif"
    if not film.exists():
        pytest.skip("test media are missing")
    with av.open(str(film)) as media:
        pictures = [np.asarray(one.to_ndarray(format="bgr24"), np.uint8) for one in media.decode(video=0)]
    film_looks = pictures[:: len(pictures) // 6][:6]
    found = inset(stored(in_frames(film_looks, frame, ENDS), tmp_path / "film.mp4"))
    assert found is not None
    assert (found.width_px, found.height_px) == pytest.approx(ENDS, abs=16)
    whole = [covering(picture, *SIZE) for picture in film_looks]
    assert inset(stored(whole, tmp_path / "whole.mp4")) is None
