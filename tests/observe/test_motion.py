"""Whether the same motion is seen: through disguises yes, in another lesson of the same room no."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from vidaudit.model.fingerprint import Excerpt
from vidaudit.observe import motion
from vidaudit.observe.motion import compare

SIZE = (240, 320)
SEATS = [(60, 90), (110, 150), (170, 100), (230, 160), (280, 110)]


def room():
    rng = np.random.default_rng(7)
    picture = cv2.resize(rng.uniform(60, 200, (12, 16, 3)).astype(np.float32), SIZE[::-1])
    for _ in range(25):
        x, y = int(rng.integers(0, 300)), int(rng.integers(0, 220))
        cv2.rectangle(picture, (x, y), (x + 30, y + 18), tuple(map(float, rng.uniform(40, 220, 3))), -1)
    return picture


ROOM = room()


def ways(seed):
    """(seats, 600) how far each head leans over a minute, ten times a second."""
    return 9 * gaussian_filter1d(np.random.default_rng(seed).normal(0, 3, (len(SEATS), 600)), 4, axis=1)


def picture(lean, now):
    shown = ROOM.copy()
    for (x, y), off in zip(SEATS, lean, strict=True):
        cv2.circle(shown, (round(x + off), y), 14, (70, 90, 150), -1, cv2.LINE_AA)
    shown += np.random.default_rng(int(now * 10)).normal(0, 2, SIZE)[:, :, None]
    noisy = np.clip(shown, 0, 255).astype(np.uint8)
    cv2.putText(noisy, f"{int(now) % 60:02d}", (4, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return noisy


def frames(seed, start_s, end_s, change=lambda image: image, step=1):
    lean = ways(seed)
    numbers = range(round(start_s * 10), round(end_s * 10), step)
    return excerpt(numbers, [change(picture(lean[:, n], n / 10)) for n in numbers])


def excerpt(numbers, pictures):
    """Pictures of these tenths of a second."""
    greys = tuple(cv2.cvtColor(np.ascontiguousarray(one), cv2.COLOR_BGR2GRAY) for one in pictures)
    return Excerpt(at_s=tuple(Fraction(n, 10) for n in numbers), pictures=greys)


def cropped(image):
    return cv2.resize(image[8:-6, 10:-6], (400, 300))


def brighter(image):
    return np.clip(image.astype(np.float32) * 1.15 + 12, 0, 255).astype(np.uint8)


def coarse(image):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 25])[1], cv2.IMREAD_COLOR)


def bordered(image):
    return cv2.copyMakeBorder(image, 0, 0, 60, 60, cv2.BORDER_CONSTANT, value=(0, 0, 0))


@pytest.mark.parametrize("change", [lambda image: image, cropped, brighter, coarse, bordered])
def test_a_disguised_copy_agrees(change):
    found = compare(frames(1, 10, 18, step=2), frames(1, 9, 19, change), 0.0, 1.0)
    assert found.score > 0.8
    assert found.lag_s == pytest.approx(0, abs=0.11)
    assert not found.mirrored


def test_a_mirrored_copy_is_told():
    found = compare(frames(1, 10, 18, step=2), frames(1, 9, 19, lambda image: image[:, ::-1]), 0.0, 1.0)
    assert found.score > 0.8
    assert found.mirrored


@pytest.mark.parametrize("off_s", [-0.7, 0.3, 0.9])
def test_the_lag_is_found_within_the_slack(off_s):
    found = compare(frames(1, 10, 18, step=2), frames(1, 13, 24), 5.0 - off_s, 1.5)
    other = compare(frames(1, 10, 18, step=2), frames(1, 9, 19), -off_s, 1.0)
    assert found.score < 0.6
    assert other.score > 0.9
    assert other.lag_s == pytest.approx(off_s, abs=0.11)


@pytest.mark.parametrize("seed", range(2, 8))
def test_another_lesson_in_the_room_does_not_agree(seed):
    assert compare(frames(1, 10, 18, step=2), frames(seed, 9, 19), 0.0, 1.0).score < 0.6


def test_a_room_that_surely_lies_over_the_other_is_fitted_once_while_the_camera_stands(monkeypatch):
    fitted, fit = [], motion._fitted

    def noted(one, other, lag_s, mirrored):
        fitted.append(lag_s)
        return fit(one, other, lag_s, mirrored)

    monkeypatch.setattr(motion, "_fitted", noted)
    compare(frames(1, 10, 18, step=2), frames(2, 9, 19), 0.0, 1.0)
    assert fitted == [0.0]
    monkeypatch.setattr(motion, "_MOVING_CAMERA", 0)
    compare(frames(1, 10, 18, step=2), frames(2, 9, 19), 0.0, 1.0)
    assert len(fitted) == 3


def test_a_clock_alone_moves_too_little_to_tell():
    still = {n: picture([0] * 5, n / 10) for n in range(90, 190)}
    part = range(100, 180, 2)
    assert compare(excerpt(part, [still[n] for n in part]), excerpt(still, still.values()), 0.0, 1.0) is None


def test_light_that_is_switched_is_no_motion():
    def lit(begin):
        numbers = range(begin * 10, begin * 10 + 80, 2)
        pictures = [picture([0] * 5, n / 10).astype(np.int16) - 40 * (n > begin * 10 + 40) for n in numbers]
        return excerpt(numbers, [np.clip(one, 0, 255).astype(np.uint8) for one in pictures])

    found = compare(lit(10), lit(30), 20.0, 1.0)
    assert found is None or found.score < 0.75


@pytest.mark.parametrize("number", [0, 1, 3])
def test_too_few_pictures_say_nothing(number):
    assert compare(frames(1, 10, 10 + number / 10), frames(1, 9, 19), 0.0, 1.0) is None
