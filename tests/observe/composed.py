"""Films whose pictures are put together from others, through a real codec, and honest ones for comparison."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from fixtures.videos.canvas import Picture
from fixtures.videos.encode import Coding, write_clip
from fixtures.videos.seated import Rows
from vidaudit.observe.looks import Looks, LooksWatch

Change = Callable[[Picture], Picture]
NUM_LOOKS = 6


def lesson(size_px: tuple[int, int] = (640, 480), seed: int = 0) -> list[Picture]:
    """Looks at a drawn class."""
    rows = Rows(faces=frozenset(range(15)), size_px=size_px, seed=seed)
    return list(rows.looks(NUM_LOOKS))


def looks(pictures: Iterable[Picture]) -> Looks:
    """As a scan keeps them."""
    watch = LooksWatch()
    for picture in pictures:
        watch.add(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8))
    kept = watch.finish()
    assert kept is not None
    return kept


def stored(pictures: Iterable[Picture], file: Path, crf: int = 27) -> Looks:
    """Through H.264, each look a key frame."""
    write_clip(file, pictures, Fraction(1), Coding(crf=crf, preset="veryfast", keyframes_s=Fraction(1)))
    with av.open(str(file)) as film:
        return looks(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in film.decode(video=0))


def resized(picture: Picture, width_px: int, height_px: int) -> Picture:
    return np.asarray(cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)


def framed(picture: Picture, frame: Picture, size_px: tuple[int, int]) -> Picture:
    """The picture, cut to this size, in the middle of the frame."""
    inner = covering(picture, *size_px)
    top, left = ((whole - part) // 2 for whole, part in zip(frame.shape[:2], size_px[::-1], strict=True))
    whole = frame.copy()
    whole[top : top + size_px[1], left : left + size_px[0]] = inner
    return whole


def covering(picture: Picture, width_px: int, height_px: int) -> Picture:
    """The picture enlarged or reduced until it covers this size, and cut there."""
    height, width = picture.shape[:2]
    scale = max(width_px / width, height_px / height)
    large = cv2.resize(picture, (round(scale * width) + 1, round(scale * height) + 1), interpolation=cv2.INTER_LINEAR)
    top, left = (large.shape[0] - height_px) // 2, (large.shape[1] - width_px) // 2
    return np.asarray(large[top : top + height_px, left : left + width_px], np.uint8)
