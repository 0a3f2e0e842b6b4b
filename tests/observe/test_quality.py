"""Picture quality: each fault at its limit, noise of known strength, frozen and black stretches."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from tests.observe.stage import empty_room, frames, textured
from vidaudit.model.evidence import PictureEvidence
from vidaudit.model.still import Box, SnapshotPurpose, Stretch
from vidaudit.observe.quality import PictureObserver, frame_quality, noise_sigma
from vidaudit.run.codec import from_json, to_json

ROOM = empty_room()
GREY = cv2.cvtColor(ROOM, cv2.COLOR_BGR2GRAY)
BLACK = np.full_like(ROOM, 2)
FAULTS = ("dark", "bright", "blurred", "covered", "black")


def faults(grey) -> set[str]:
    quality = frame_quality(np.asarray(grey, np.uint8), 0.0)
    return {name for name in FAULTS if getattr(quality, name)}


def watch(pictures, step_s=Fraction(1)) -> PictureEvidence:
    observer = PictureObserver("clip")
    for frame in frames(pictures, step_s):
        observer.add(frame)
    evidence, _ = observer.finish()
    assert evidence is not None
    return evidence


def checked(level: int, spread: int):
    """A board of 80 x 80 px fields of two levels: sharp edges, and the mean in the middle."""
    rows, columns = np.indices((480, 640)) // 80
    return (level + spread * np.where((rows + columns) % 2, 1, -1)).astype(np.uint8)


def test_an_ordinary_room_has_no_fault():
    assert faults(GREY) == set()
    assert faults(checked(120, 60)) == set()


@pytest.mark.parametrize(("level", "dark"), [(39, True), (40, False), (41, False)])
def test_dark_is_a_mean_below_forty(level, dark):
    assert ("dark" in faults(checked(level, 30))) is dark


@pytest.mark.parametrize(
    ("level", "num_rows", "bright"), [(250, 241, True), (250, 240, False), (249, 480, False), (255, 241, True)]
)
def test_bright_is_more_than_half_blown_out(level, num_rows, bright):
    grey = checked(120, 60)
    grey[:num_rows] = level
    assert ("bright" in faults(grey)) is bright


@pytest.mark.parametrize(
    ("level", "num_lit", "black"),
    [(25, 0, True), (26, 0, False), (2, 9600, False), (2, 6144, True), (2, 6145, False)],
)
def test_black_is_98_percent_of_the_picture_up_to_a_tenth_of_the_range(level, num_lit, black):
    grey = np.full((480, 640), level, np.uint8)
    grey.reshape(-1)[:num_lit] = 200
    assert ("black" in faults(grey)) is black


@pytest.mark.parametrize(("spread", "covered"), [(5, True), (8, False)])
def test_covered_is_hardly_any_difference_over_large_areas(spread, covered):
    assert ("covered" in faults(checked(120, spread))) is covered


def test_noise_does_not_uncover_a_lens():
    noise = np.random.default_rng(1).normal(0, 20, (480, 640))
    assert "covered" in faults(np.clip(120 + noise, 0, 255))


@pytest.mark.parametrize(("sigma", "blurred"), [(0.7, False), (1.5, False), (3.0, True), (8.0, True)])
def test_blurred_is_less_detail_than_192_px_wide(sigma, blurred):
    # 640 px of width and a sharp edge of 0.6 px: 192 px are left at a blur of 2 px.
    assert ("blurred" in faults(cv2.GaussianBlur(checked(120, 60), (0, 0), sigma))) is blurred


def test_what_is_black_or_covered_is_not_called_blurred_too():
    assert faults(np.full((480, 640), 2, np.uint8)) == {"dark", "covered", "black"}
    assert faults(np.full((480, 640), 128, np.uint8)) == {"covered"}


@pytest.mark.parametrize("sigma", [0.0, 2.0, 5.0, 10.0, 20.0])
@pytest.mark.parametrize("background", ["flat", "ramp", "room"])
def test_noise_of_known_strength_is_measured(sigma, background):
    ground = {"flat": np.full((480, 640), 128.0), "ramp": np.tile(np.linspace(60, 190, 640), (480, 1)), "room": GREY}
    noisy = ground[background] + np.random.default_rng(2).normal(0, sigma, (480, 640))
    measured = noise_sigma(np.clip(noisy + 0.5, 0, 255).astype(np.uint8))
    assert measured == pytest.approx(sigma, rel=0.2, abs=1.0)


def test_texture_is_not_noise():
    assert noise_sigma(cv2.cvtColor(textured(640, 480), cv2.COLOR_BGR2GRAY)) < 2


@pytest.mark.parametrize("level", [0, 255])
def test_the_ends_of_the_scale_have_no_measurable_noise(level):
    assert noise_sigma(np.full((480, 640), level, np.uint8)) == 0


def moving(number: int, seed: int = 0):
    """A room in which something stands elsewhere in each picture."""
    picture = ROOM.copy()
    left = 40 + (97 * number + 31 * seed) % 500
    cv2.rectangle(picture, (left, 150), (left + 60, 330), (40, 60, 160), -1)
    return picture


def with_clock(picture, number: int):
    stamped = picture.copy()
    cv2.putText(stamped, f"2024-05-20 10:00:{number:02d}", (10, 35), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255,) * 3, 3)
    cv2.putText(stamped, f"CAM {number}", (400, 470), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255,) * 3, 3)
    return stamped


def test_a_moving_picture_is_not_frozen():
    assert watch(moving(n) for n in range(8)).frozen == ()


def test_a_frozen_picture_is_frozen_though_its_clock_runs():
    pictures = [with_clock(moving(min(n, 3)), n) for n in range(8)]
    assert watch(pictures).frozen == (Stretch(start_s=3.0, end_s=7.0),)


def test_frozen_stretches_that_touch_are_one_and_others_are_not():
    shown = [0, 0, 0, 1, 2, 2, 3]
    assert watch([moving(n) for n in shown], Fraction(10)).frozen == (
        Stretch(start_s=0.0, end_s=20.0),
        Stretch(start_s=40.0, end_s=50.0),
    )


@pytest.mark.parametrize(("num_changed", "frozen"), [(1958, True), (1959, False)])
def test_frozen_allows_a_thousandth_of_the_range(num_changed, frozen):
    # 384 rows of 640 px are compared: 0.255 grey levels on average are 62668.8 over all of them, 32 in each changed.
    other = GREY.copy()
    other[100:300].reshape(-1)[:num_changed] ^= 0x20
    pictures = [cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR) for grey in (GREY, other)]
    assert bool(watch(pictures).frozen) is frozen


def noisy(sigma, num_pictures=3):
    rng = np.random.default_rng(3)
    return [np.clip(ROOM + rng.normal(0, sigma, ROOM.shape), 0, 255).astype(np.uint8) for _ in range(num_pictures)]


@pytest.mark.parametrize("sigma", [1.0, 3.0, 7.5])
def test_noise_alone_is_no_life_but_for_a_person_to_judge(sigma):
    evidence = watch(noisy(sigma))
    assert evidence.frozen == (Stretch(start_s=0.0, end_s=2.0),)
    assert evidence.still == ()


def test_flicker_alone_is_no_life():
    evidence = watch([np.clip(ROOM.astype(int) + level, 0, 255).astype(np.uint8) for level in (0, 2, 1)])
    assert evidence.frozen == (Stretch(start_s=0.0, end_s=2.0),)
    assert evidence.still == ()


def test_a_head_that_moves_in_a_large_room_is_hardly_seen_but_no_standstill():
    pictures = [ROOM.copy() for _ in range(4)]
    for number, picture in enumerate(pictures):
        cv2.circle(picture, (300 + 4 * number, 240), 7, (40, 60, 90), -1)
    evidence = watch(pictures)
    assert evidence.frozen == (Stretch(start_s=0.0, end_s=3.0),)
    assert evidence.still == ()


def test_one_picture_all_along_stands_still():
    assert watch([ROOM] * 4).still == (Stretch(start_s=0.0, end_s=3.0),)


def test_a_dim_room_with_people_moving_is_alive():
    assert watch((moving(n) * 0.15).astype(np.uint8) for n in range(4)).frozen == ()


def test_black_stretches():
    pictures = [moving(0), BLACK, BLACK, BLACK, moving(1), BLACK, moving(2), BLACK, BLACK]
    assert watch(pictures).black == (Stretch(start_s=1.0, end_s=3.0), Stretch(start_s=7.0, end_s=8.0))


def test_shares_count_frames():
    dim = (ROOM * 0.1).astype(np.uint8)
    white = np.full_like(ROOM, 255)
    soft = cv2.GaussianBlur(ROOM, (0, 0), 9)
    evidence = watch([ROOM, ROOM, dim, white, soft, soft, soft, ROOM])
    assert evidence.num_frames == 8
    assert (evidence.dark_share, evidence.bright_share, evidence.blurred_share) == (1 / 8, 1 / 8, 3 / 8)
    assert evidence.covered_share >= 1 / 8


def test_figures_of_an_ordinary_clip():
    evidence = watch(moving(n) for n in range(5))
    assert evidence.luma == pytest.approx(GREY.mean(), abs=10)
    assert 0.5 < evidence.sharpness <= 1
    assert evidence.effective_size_px is not None
    width, height = evidence.effective_size_px
    assert width <= 640
    assert width / height == pytest.approx(640 / 480, rel=0.01)
    assert evidence.worst_snapshot is None


def enlarged(width_px, how):
    """A lively picture of 1280 x 960 that holds so much detail only."""
    fine = textured(1280, 960, seed=2)
    small = cv2.resize(fine, (width_px, width_px * 3 // 4), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (1280, 960), interpolation=how)


@pytest.mark.parametrize("width_px", [240, 320, 480])
@pytest.mark.parametrize(
    ("how", "tolerance"), [(cv2.INTER_CUBIC, 0.25), (cv2.INTER_LANCZOS4, 0.25), (cv2.INTER_LINEAR, 0.4)]
)
def test_an_enlarged_clip_has_the_size_it_was_enlarged_from(width_px, how, tolerance):
    evidence = watch([enlarged(width_px, how)] * 2)
    assert evidence.effective_size_px is not None
    assert evidence.effective_size_px[0] == pytest.approx(width_px, rel=tolerance)
    assert evidence.sharpness == pytest.approx(width_px / 1280, rel=tolerance)


@pytest.mark.parametrize("times", [2, 4, 5])
def test_a_clip_of_repeated_pixels_has_no_more_than_there_were(times):
    evidence = watch([enlarged(1280 // times, cv2.INTER_NEAREST)] * 2)
    assert evidence.effective_size_px is not None
    assert 0.6 * 1280 / times < evidence.effective_size_px[0] <= 1.03 * 1280 / times


def test_a_sharp_clip_keeps_most_of_its_size():
    assert watch([textured(1280, 960, seed=2)] * 2).sharpness > 0.7


def test_the_clock_is_no_detail():
    assert watch([with_clock(enlarged(320, cv2.INTER_CUBIC), n) for n in range(2)]).sharpness < 0.35


def test_detail_is_read_in_the_sharpest_frames():
    sharp, soft = textured(640, 480), cv2.GaussianBlur(textured(640, 480), (0, 0), 4)
    assert watch([*[sharp] * 4, *[soft] * 16]).effective_size_px == watch([sharp] * 2).effective_size_px
    assert watch([soft] * 10).effective_size_px[0] < 200


def test_without_light_or_edges_no_detail_is_measured():
    for nothing in (BLACK, (ROOM * 0.1).astype(np.uint8), np.full_like(ROOM, 128)):
        evidence = watch([nothing] * 2)
        assert (evidence.effective_size_px, evidence.sharpness) == (None, 0.0)


def test_borders_are_measured_and_kept_as_a_picture():
    frame = np.zeros((600, 800, 3), np.uint8)
    frame[60:540, 80:720] = ROOM
    evidence = watch([frame] * 2)
    assert evidence.active_area == Box(x_px=80, y_px=60, width_px=640, height_px=480)
    assert evidence.worst_snapshot is not None
    whole = watch([moving(n) for n in range(3)])
    assert (whole.active_area, whole.worst_snapshot) == (Box(x_px=0, y_px=0, width_px=640, height_px=480), None)


def test_a_clip_with_little_detail_has_a_picture():
    soft = [cv2.GaussianBlur(moving(n), (0, 0), 1.5) for n in range(3)]
    evidence = watch(soft)
    assert (evidence.blurred_share, evidence.frozen) == (0.0, ())
    assert evidence.sharpness < 0.5
    assert evidence.worst_snapshot is not None


@pytest.mark.parametrize("sizes", [(320, 1280, 1280), (1280, 320, 320), (640, 320, 1280)])
def test_a_clip_may_change_its_size(sizes):
    pictures = [cv2.resize(ROOM, (width, width * 3 // 4), interpolation=cv2.INTER_AREA) for width in sizes]
    evidence = watch(pictures)
    assert 0 < evidence.sharpness <= 1
    assert evidence.effective_size_px is not None
    width, height = evidence.effective_size_px
    assert width / height == pytest.approx(4 / 3, rel=0.01)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (2, 2), (3, 3), (7, 9), (2, 8192), (8192, 1)])
def test_any_size_of_picture_will_do(size):
    picture = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    assert watch([picture, picture]).num_frames == 2


def test_the_worst_picture_is_kept():
    soft, dim_and_soft = (cv2.GaussianBlur(ROOM, (0, 0), 9) // by for by in (1, 8))
    observer = PictureObserver("face1")
    for frame in frames([ROOM, soft, dim_and_soft, ROOM]):
        observer.add(frame)
    evidence, (still,) = observer.finish()
    assert evidence is not None
    assert (evidence.worst_at_s, evidence.worst_snapshot) == (2.0, still.name)
    assert still.name == "face1-00m02s-picture.jpg"
    assert still.purpose is SnapshotPurpose.WORST_PICTURE


def test_a_frozen_clip_has_a_picture_too():
    observer = PictureObserver("x")
    for frame in frames([ROOM, ROOM]):
        observer.add(frame)
    assert len(observer.finish()[1]) == 1


def drifting(number: int):
    """One picture of a class, moved on a little each time."""
    motion = np.array([[1, 0, -3.0 * number], [0, 1, 1.5 * number]])
    return cv2.warpAffine(moving(0), motion, ROOM.shape[1::-1], borderMode=cv2.BORDER_REFLECT)


def watch_standing(pictures):
    observer = PictureObserver("lesson", camera_stands=True)
    for frame in frames(pictures, Fraction(10)):
        observer.add(frame)
    return observer.finish()


def test_a_drifting_still_is_lifeless_where_the_camera_should_stand():
    evidence, stills = watch_standing(drifting(n) for n in range(9))
    assert evidence.frozen == ()
    assert evidence.lifeless == (Stretch(start_s=0.0, end_s=80.0),)
    (pair,) = (still for still in stills if still.purpose is SnapshotPurpose.FROZEN)
    assert (evidence.lifeless_snapshot, pair.name, pair.at_s) == (pair.name, "lesson-00m00s-still.jpg", 0.0)
    assert cv2.imdecode(np.frombuffer(pair.jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (
        pair.height_px,
        pair.width_px,
        3,
    )


def test_stills_are_not_looked_for_where_the_camera_moves():
    evidence = watch(drifting(n) for n in range(8))
    assert (evidence.lifeless, evidence.lifeless_snapshot) == (None, None)


def test_an_enlarged_clip_tells_it_and_has_a_picture():
    evidence = watch([enlarged_to(480, 1366)] * 2)
    assert evidence.enlarged_from_px == pytest.approx((1366 - 480, 1024 - 360), abs=2)  # as 480 and 886 look alike
    assert evidence.worst_snapshot is not None
    assert watch([textured(1280, 960, seed=2)] * 2).enlarged_from_px is None


def enlarged_to(width_px: int, to_px: int):
    """Through a compression in blocks."""
    small = cv2.resize(textured(1280, 960, seed=2), (width_px, width_px * 3 // 4), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (to_px, to_px * 3 // 4), interpolation=cv2.INTER_CUBIC)
    return cv2.imdecode(cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 90])[1], cv2.IMREAD_COLOR)


def test_no_frames_no_figures():
    assert PictureObserver("x").finish() == (None, ())


@pytest.mark.parametrize("pictures", [[ROOM], [ROOM, ROOM], [BLACK, BLACK], [moving(0), moving(1)]])
def test_what_was_seen_survives_being_stored(pictures):
    evidence = watch(pictures)
    assert from_json(to_json(evidence), PictureEvidence) == evidence


def test_a_picture_made_of_several_is_told_and_shown():
    halves = [cv2.resize(moving(n), (320, 480), interpolation=cv2.INTER_AREA).astype(np.uint8) for n in range(5)]
    evidence = watch(np.hstack([half, half[:, ::-1]]) for half in halves)
    assert (evidence.parts, evidence.is_tiled) == ((2, 1), True)
    assert evidence.worst_snapshot is not None
    whole = watch(moving(n) for n in range(5))
    assert (whole.parts, whole.is_tiled) == ((1, 1), False)


def test_a_frame_that_is_not_part_of_the_picture_is_not_active():
    pictures = []
    for seed in range(5):
        picture = cv2.GaussianBlur(textured(640, 480, seed), (0, 0), 2).astype(np.uint8)
        framed = (0.5 * cv2.GaussianBlur(picture, (0, 0), 15)).astype(np.uint8)
        framed[60:420, 80:560] = cv2.resize(picture, (480, 360), interpolation=cv2.INTER_AREA)
        pictures.append(framed)
    area = watch(pictures).active_area
    assert (area.x_px, area.y_px) == pytest.approx((80, 60), abs=3)
    assert (area.width_px, area.height_px) == pytest.approx((480, 360), abs=3)
    assert watch(textured(640, 480, seed) for seed in range(5)).active_area.width_px == 640
