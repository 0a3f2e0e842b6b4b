"""Two pictures side by side in one, as evidence that they show the same."""

import cv2
import numpy as np

from vidaudit.model.fingerprint import PicturePair
from vidaudit.model.media import Frame
from vidaudit.observe.detect import Image

_HEIGHT_PX, _MOST_WIDTH_PX = 360, 960
_GAP_PX = 8
_QUALITY = 85


def side_by_side(first: Frame, second: Frame) -> PicturePair:
    """Both pictures at one height with a gap between, as a JPEG."""
    one, other = _lowered(first.image), _lowered(second.image)
    gap = np.full((_HEIGHT_PX, _GAP_PX, 3), 255, np.uint8)
    joined = np.hstack([one, gap, other])
    return PicturePair(
        first_at_s=float(first.at_s),
        second_at_s=float(second.at_s),
        width_px=joined.shape[1],
        height_px=joined.shape[0],
        first_width_px=one.shape[1],
        jpeg=_encoded(joined),
    )


def swapped(pair: PicturePair) -> PicturePair:
    """The same pair with the second picture on the left."""
    joined = np.asarray(cv2.imdecode(np.frombuffer(pair.jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    one, other = joined[:, : pair.first_width_px], joined[:, pair.first_width_px + _GAP_PX :]
    gap = np.full((_HEIGHT_PX, _GAP_PX, 3), 255, np.uint8)
    return PicturePair(
        first_at_s=pair.second_at_s,
        second_at_s=pair.first_at_s,
        width_px=pair.width_px,
        height_px=pair.height_px,
        first_width_px=other.shape[1],
        jpeg=_encoded(np.hstack([other, gap, one])),
    )


def _encoded(image: Image) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def _lowered(image: Image) -> Image:
    width_px = min(max(1, round(image.shape[1] * _HEIGHT_PX / image.shape[0])), _MOST_WIDTH_PX)
    return cv2.resize(image, (width_px, _HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.uint8)
