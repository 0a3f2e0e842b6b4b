"""Finds and reads lines of text at the top and the bottom of a picture, with the two networks that RapidOCR brings.

Only its files are used (PP-OCRv6 small, text detection and recognition): a network of one core, shared by all clips of
a process, with the whole line's characters and how sure each of them is.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from vidaudit.model.still import Box
from vidaudit.observe.detect import Image
from vidaudit.observe.models import model_file
from vidaudit.observe.network import open_session

LINE_PX = 48  # the height at which the network reads
EDGE_SHARE = 0.22  # recorders write into the top and bottom tenth, camera apps several lines at the bottom
_STEP_PX = 32  # the network halves the picture five times
_TEXT, _SURE_TEXT = 0.3, 0.5  # of its map, and the mean of a line's: PaddleOCR's own
_GROW = 1.6  # a line is found shrunken: by its area times this over its perimeter, PaddleOCR's own
_GAP = 2.5  # words of one line are not further apart, in heights
_LEAST_ASPECT = 2.5  # a time alone is four times as wide as high
_MARGIN, _MARGIN_ABOVE = 0.8, 0.12  # in heights: the next reading may be a character wider

Map = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as it was read; `confidence` is that of its least certain digit, 0 to 1, and 0 without any."""

    text: str
    confidence: float


def find_lines(image: Image, max_side_px: int) -> list[Box]:
    """Where lines of text stand near the top and the bottom edge of a picture, upper ones first.

    Args:
        image: (height, width, 3) uint8, blue green red.
        max_side_px: the longer side at which it is looked at; letters must be some 10 px high then.
    """
    height, width = image.shape[:2]
    rows = max(1, int(height * EDGE_SHARE))
    scale = min(1.0, max_side_px / max(height, width))
    size = [max(_STEP_PX, round(side * scale / _STEP_PX) * _STEP_PX) for side in (width, rows)]
    stretch = width / size[0], rows / size[1]
    # One strip after the other: both at once take twice the memory, and no less time.
    words = [_words(_text_map(cv2.resize(image[top : top + rows], size)), stretch, top) for top in (0, height - rows)]
    return [line for part in words for line in _lines(part) if line.width_px >= _LEAST_ASPECT * line.height_px]


def cut_line(image: Image, box: Box) -> Image:
    """A line with a margin, as a copy `LINE_PX` high."""
    height, width = image.shape[:2]
    across, above = _MARGIN * box.height_px, _MARGIN_ABOVE * box.height_px
    left, right = max(0, int(box.x_px - across)), min(width, int(box.x_px + box.width_px + across) + 1)
    top, bottom = max(0, int(box.y_px - above)), min(height, int(box.y_px + box.height_px + above) + 1)
    part = image[top:bottom, left:right]
    wide = max(LINE_PX, round(part.shape[1] * LINE_PX / part.shape[0]))
    how = cv2.INTER_AREA if part.shape[0] > LINE_PX else cv2.INTER_LINEAR
    return cv2.resize(part, (wide, LINE_PX), interpolation=how).astype(np.uint8)


def read_line(line: Image) -> Line:
    """The text of a line cut by `cut_line`."""
    session, characters = _reader()
    answer = session.run(None, {session.get_inputs()[0].name: _as_input(line)[None]})
    likely = np.asarray(answer[0])[0]
    best = likely.argmax(axis=1)
    # One character may be answered at several places in a row; the first answer, "none", parts equal neighbours.
    new = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
    text = "".join(characters[index] for index in best[new])
    digits = [float(likely[place, best[place]]) for place in new if characters[best[place]].isdecimal()]
    return Line(text=text, confidence=min(digits, default=0.0))


@functools.cache
def _finder() -> ort.InferenceSession:
    return open_session(str(model_file("PP-OCRv6_det_small.onnx")), keeps_memory=False)


@functools.cache
def _reader() -> tuple[ort.InferenceSession, list[str]]:
    """The network and what its answers mean: none, the characters of its own list, a space."""
    session = open_session(str(model_file("PP-OCRv6_rec_small.onnx")), keeps_memory=False)
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return session, ["", *characters, " "]


def _text_map(strip: cv2.typing.MatLike) -> Map:
    """(height, width), 0 to 1: how likely each place is inside a line of text."""
    session = _finder()
    answer = session.run(None, {session.get_inputs()[0].name: _as_input(strip)[None]})
    return np.asarray(np.asarray(answer[0])[0, 0], np.float32)


def _as_input(image: Image | cv2.typing.MatLike) -> Map:
    """(3, height, width), -1 to 1."""
    return np.ascontiguousarray((image.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1))


def _words(text: Map, stretch: tuple[float, float], top_px: int) -> list[Box]:
    """The connected parts of the map, grown to the whole of the letters, in pixels of the picture."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((text > _TEXT).astype(np.uint8))
    words = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        inside = np.s_[y : y + height, x : x + width]
        if height < 3 or float(text[inside][labels[inside] == label].mean()) < _SURE_TEXT:
            continue
        grow = _GROW * area / (2 * (width + height))
        left, upper = max(0.0, x - grow), max(0.0, y - grow)
        words.append(
            Box(
                x_px=left * stretch[0],
                y_px=top_px + upper * stretch[1],
                width_px=(x + width + grow - left) * stretch[0],
                height_px=(y + height + grow - upper) * stretch[1],
            )
        )
    return words


def _lines(words: Sequence[Box]) -> list[Box]:
    """Words side by side as one line, upper lines first."""
    lines: list[Box] = []
    for word in sorted(words, key=lambda box: box.x_px):
        before = next((line for line in reversed(lines) if _beside(line, word)), None)
        if before is None:
            lines.append(word)
        else:
            lines[lines.index(before)] = _joined(before, word)
    return sorted(lines, key=lambda box: (box.y_px, box.x_px))


def _beside(line: Box, word: Box) -> bool:
    low, high = sorted((line.height_px, word.height_px))
    shared = min(line.y_px + line.height_px, word.y_px + word.height_px) - max(line.y_px, word.y_px)
    gap = word.x_px - (line.x_px + line.width_px)
    return high < 1.6 * low and shared > 0.6 * low and gap < _GAP * low


def _joined(line: Box, word: Box) -> Box:
    left, top = min(line.x_px, word.x_px), min(line.y_px, word.y_px)
    right = max(line.x_px + line.width_px, word.x_px + word.width_px)
    bottom = max(line.y_px + line.height_px, word.y_px + word.height_px)
    return Box(x_px=left, y_px=top, width_px=right - left, height_px=bottom - top)
