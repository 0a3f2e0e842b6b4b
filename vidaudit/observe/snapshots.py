"""Stills kept as evidence: crops of persons, annotated frames."""

from collections.abc import Sequence

import cv2

from vidaudit.model.still import Box, Snapshot, SnapshotPurpose
from vidaudit.observe.detect import Image
from vidaudit.observe.resize import reduced

_PERSON_MAX_PX = 220  # enough to recognise somebody on screen and on paper, about 8 kB
_FRAME_MAX_PX = 1280
_QUALITY = 85
_SEEN_NOW = (60, 200, 60)  # blue-green-red
_SEEN_BEFORE = (0, 190, 255)


def person_crop(image: Image, box: Box) -> tuple[Image, Box]:
    """The face with hair and collar, as a copy cut at the picture's edges, and the face's box within it."""
    height, width = image.shape[:2]
    margin = 0.45 * max(box.width_px, box.height_px)
    left, top = max(0, int(box.x_px - margin)), max(0, int(box.y_px - margin))
    right = min(width, int(box.x_px + box.width_px + margin) + 1)
    bottom = min(height, int(box.y_px + box.height_px + margin) + 1)
    inside = Box(x_px=box.x_px - left, y_px=box.y_px - top, width_px=box.width_px, height_px=box.height_px)
    return image[top:bottom, left:right].copy(), inside


def snapshot(prefix: str, what: str, image: Image, at_s: float, purpose: SnapshotPurpose) -> Snapshot:
    """The picture as a JPEG no larger than a report needs, named by clip (`prefix`), time and what it shows."""
    longest = _PERSON_MAX_PX if purpose is SnapshotPurpose.PERSON else _FRAME_MAX_PX
    image = reduced(image, longest)
    height, width = image.shape[:2]
    return Snapshot(
        name=snapshot_name(prefix, at_s, what),
        at_s=at_s,
        purpose=purpose,
        width_px=width,
        height_px=height,
        jpeg=encoded(image),
    )


def snapshot_name(prefix: str, at_s: float, what: str) -> str:
    """The file name of a still, by clip (`prefix`), time and what it shows."""
    return f"{prefix}-{int(at_s) // 60:02d}m{int(at_s) % 60:02d}s-{what}.jpg"


def encoded(image: Image) -> bytes:
    """The picture as a JPEG."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def with_marks(image: Image, seen_now: Sequence[Box], seen_before: Sequence[Box]) -> Image:
    """A copy with the people marked: green where seen in this very frame, amber where counted at other times."""
    marked = image.copy()
    thickness = max(2, round(max(image.shape[:2]) / 500))
    for boxes, colour in ((seen_before, _SEEN_BEFORE), (seen_now, _SEEN_NOW)):
        for box in boxes:
            start = (round(box.x_px), round(box.y_px))
            end = (round(box.x_px + box.width_px), round(box.y_px + box.height_px))
            cv2.rectangle(marked, start, end, (0, 0, 0), thickness + 2)
            cv2.rectangle(marked, start, end, colour, thickness)
    return marked
