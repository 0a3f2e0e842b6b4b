"""Pictures made smaller, whatever their shape: a film may be thousands of pixels wide and two high."""

import cv2
import numpy as np

from vidaudit.observe.detect import Image


def reduced(image: Image, max_side_px: int) -> Image:
    """The picture with its longer side at most `max_side_px`, no side below 1; the very same when it fits already.

    Args:
        image: (height, width) or (height, width, 3) uint8.
        max_side_px: the longest side wanted.
    """
    scale = max_side_px / max(image.shape[:2])
    return image if scale >= 1.0 else resized(image, scale)


def resized(image: Image, scale: float) -> Image:
    """The picture `scale` times as large, averaged where it shrinks; no side below 1 px."""
    height, width = (max(1, round(side * scale)) for side in image.shape[:2])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
