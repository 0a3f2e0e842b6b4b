"""How much detail is really there, on faces and pictures reduced to a known width."""

from functools import cache

import cv2
import numpy as np
import pytest

from fixtures.videos.people import PEOPLE
from tests.observe.stage import stand, textured
from vidaudit.observe.detail import (
    SHARP_SIGMA_PX,
    edge_blur_px,
    effective_face_width_px,
    effective_width_px,
    halo_depth,
)

LARGE_PX = 320  # faces are drawn this wide and reduced by area, as a lens and a sensor do
WIDTHS = (20, 25, 30, 40, 50, 60)


@cache
def large_face(who):
    """Grey levels of a drawn face and a little around it."""
    picture = np.full((520, 440, 3), (206, 214, 212), np.uint8)
    stand(picture, who, (220, 250), LARGE_PX)
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[30:470, 30:410]


def face(who, width_px, shown_px):
    """A drawn face that holds `width_px` of detail, enlarged or reduced to `shown_px`."""
    grey = large_face(who)
    small = cv2.resize(grey, None, fx=width_px / LARGE_PX, fy=width_px / LARGE_PX, interpolation=cv2.INTER_AREA)
    if shown_px == width_px:
        return small
    scale = shown_px / width_px
    return cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)


def blemished(grey, *, sigma=5.0, quality=60):
    """With a sensor's noise, and saved as JPEG."""
    noisy = np.clip(grey + np.random.default_rng(4).normal(0, sigma, grey.shape), 0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def read(people, width_px, shown_px, worsen=lambda grey: grey):
    """The widths read from several faces."""
    return [effective_face_width_px(worsen(face(who, width_px, shown_px)), shown_px) for who in people]


@pytest.mark.parametrize("width_px", WIDTHS)
def test_an_enlarged_face_reads_as_what_it_was_enlarged_from(width_px):
    assert np.median(read(PEOPLE[:12], width_px, 3 * width_px)) == pytest.approx(width_px, rel=0.3)


@pytest.mark.parametrize("width_px", [20, 40, 60, 80])
def test_a_sharp_face_reads_as_wide_as_it_is_or_a_little_less(width_px):
    widths = read(PEOPLE[:12], width_px, width_px)
    assert np.median(widths) > 0.65 * width_px  # drawn faces have softer edges than photographs
    assert max(widths) <= width_px


def test_more_detail_reads_as_more():
    medians = [np.median(read(PEOPLE[:8], width_px, 120)) for width_px in WIDTHS]
    assert medians == sorted(medians)


@pytest.mark.parametrize("width_px", [12, 20, 25])
def test_noise_and_compression_do_not_make_a_blurred_face_identifiable(width_px):
    assert max(read(PEOPLE[:12], width_px, 100, blemished)) < 40


def noisy(grey):
    """Grain just below what counts as obvious."""
    return blemished(grey, sigma=7.5, quality=100)


def blocky(grey):
    """The blocks of a strong compression."""
    return blemished(grey, sigma=0.0, quality=20)


@pytest.mark.parametrize("width_px", [16, 25])
@pytest.mark.parametrize("worsen", [noisy, blocky])
@pytest.mark.parametrize("shown_px", [120, 160, 240])
def test_nothing_added_to_a_much_enlarged_face_passes_for_detail(width_px, worsen, shown_px):
    assert max(read(PEOPLE[:12], width_px, shown_px, worsen)) < 40


def test_a_wide_face_is_not_understated_for_having_been_reduced():
    assert np.median(read(PEOPLE[:12], 60, 240)) == pytest.approx(60, rel=0.15)


def test_noise_and_compression_do_not_hide_a_detailed_face():
    assert min(read(PEOPLE[:12], 80, 100, blemished)) > 40


@pytest.mark.parametrize("sigma", [2, 4, 8])
def test_defocus_counts_as_less_detail(sigma):
    sharp, soft = face(PEOPLE[0], 120, 120), cv2.GaussianBlur(face(PEOPLE[0], 120, 120), (0, 0), sigma)
    assert effective_face_width_px(soft, 120) < effective_face_width_px(sharp, 120)
    assert effective_face_width_px(soft, 120) == pytest.approx(120 * SHARP_SIGMA_PX / sigma, rel=0.3)


def test_very_wide_faces_are_never_read_as_wider_than_they_are():
    assert 70 < effective_face_width_px(face(PEOPLE[0], 300, 300), 300) <= 300


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_flat_picture_has_no_edges_to_measure(level):
    flat = np.full((80, 60), level, np.uint8)
    assert edge_blur_px(flat, edge_share=0.08) is None
    assert effective_face_width_px(flat, 60) is None


@pytest.mark.parametrize(("side", "measured"), [(7, False), (8, True)])
def test_tiny_pictures_are_not_measured(side, measured):
    noise = np.random.default_rng(0).integers(0, 256, (side, 40)).astype(np.uint8)
    assert (edge_blur_px(noise, edge_share=0.1) is not None) is measured


@pytest.mark.parametrize("sigma", [1.0, 1.5, 2.0, 3.0, 5.0])
def test_a_known_blur_is_measured(sigma):
    step = np.zeros((100, 200), np.float32)
    step[:, 100:] = 200
    blurred = cv2.GaussianBlur(step, (0, 0), sigma).astype(np.uint8)
    # Read over a share of the pixels about as wide as the edge itself, flanks included.
    assert edge_blur_px(blurred, edge_share=0.01) == pytest.approx(sigma, rel=0.3)


def test_blur_grows_with_enlargement():
    room = cv2.cvtColor(textured(200, 150), cv2.COLOR_BGR2GRAY)
    blurs = [
        edge_blur_px(cv2.resize(room, None, fx=k, fy=k, interpolation=cv2.INTER_CUBIC), edge_share=0.05)
        for k in (1, 2, 4, 8)
    ]
    assert blurs == sorted(blurs)
    assert blurs[3] == pytest.approx(2 * blurs[2], rel=0.25)


def test_the_figures_are_plain_numbers():
    sharp = face(PEOPLE[0], 60, 60)
    assert type(edge_blur_px(sharp, edge_share=0.08)) is float
    assert type(effective_face_width_px(sharp, 60)) is float


def sharpened(grey, amount, sigma):
    """Unsharp masking."""
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma)
    return np.clip(grey + amount * (grey - soft), 0, 255).astype(np.uint8)


FILTERS = [(1.0, 1.0), (1.5, 1.5), (2.0, 2.5), (3.0, 1.5)]
# Sharpening brings out the kinks of linear interpolation: a little of that still passes for detail.
SMOOTH = [(cv2.INTER_CUBIC, 40), (cv2.INTER_LANCZOS4, 40), (cv2.INTER_LINEAR, 45)]


def enlarged(who, width_px, times, how):
    return cv2.resize(face(who, width_px, width_px), None, fx=times, fy=times, interpolation=how)


@pytest.mark.parametrize(("amount", "sigma"), FILTERS)
@pytest.mark.parametrize("times", [2, 3, 4])
@pytest.mark.parametrize(("how", "limit_px"), SMOOTH)
def test_a_sharpening_filter_makes_no_small_face_identifiable(amount, sigma, times, how, limit_px):
    for who in PEOPLE[:8]:
        grey = blemished(sharpened(enlarged(who, 25, times, how), amount, sigma), sigma=0.0, quality=80)
        assert effective_face_width_px(grey, 25 * times) < limit_px


@pytest.mark.parametrize("amount", [0.0, 2.0])
@pytest.mark.parametrize("times", [2, 3, 4])
@pytest.mark.parametrize("width_px", [20, 25, 30])
def test_repeated_pixels_are_no_detail(amount, times, width_px):
    for who in PEOPLE[:8]:
        grey = sharpened(enlarged(who, width_px, times, cv2.INTER_NEAREST), amount, 1.5)
        assert effective_face_width_px(grey, width_px * times) <= 1.03 * width_px


@pytest.mark.parametrize(("amount", "sigma"), [(0.0, 1.0), (0.5, 1.0), (1.0, 1.0), (1.5, 1.5)])
def test_a_camera_that_sharpens_loses_no_honest_face(amount, sigma):
    for who in PEOPLE:
        grey = blemished(sharpened(face(who, 100, 100), amount, sigma), sigma=2.0, quality=70)
        assert effective_face_width_px(grey, 100) > 40


def test_sharpening_deepens_the_halo():
    plain = face(PEOPLE[0], 40, 120)
    depths = [halo_depth(sharpened(plain, amount, 2.0), edge_share=0.08) for amount in (0, 0.5, 1, 2, 4)]
    assert depths == sorted(depths)
    assert depths[-1] > depths[0] + 0.1


def test_a_single_blurred_edge_has_no_halo():
    step = np.zeros((100, 200), np.float32)
    step[:, 100:] = 200
    blurred = cv2.GaussianBlur(step, (0, 0), 2.0).astype(np.uint8)
    assert halo_depth(blurred, edge_share=0.05) < 0.02
    assert halo_depth(blurred.T.copy(), edge_share=0.05) < 0.02
    assert halo_depth(np.full((80, 60), 90, np.uint8), edge_share=0.08) == 0.0


def test_a_picture_is_read_where_it_is_sharpest():
    picture = np.full((960, 1280), 128, np.uint8)
    sharp = cv2.cvtColor(textured(400, 400), cv2.COLOR_BGR2GRAY)
    picture[100:500, 100:500] = sharp
    assert effective_width_px(picture) > 0.7 * 1280
    picture[100:500, 100:500] = cv2.GaussianBlur(sharp, (0, 0), 3)
    assert effective_width_px(picture) == pytest.approx(1280 * SHARP_SIGMA_PX / 3, rel=0.25)


@pytest.mark.parametrize("level", [0, 90])
def test_a_flat_picture_has_no_detail_to_measure(level):
    assert effective_width_px(np.full((960, 1280), level, np.uint8)) is None
    assert effective_width_px(np.full((7, 40), level, np.uint8)) is None
