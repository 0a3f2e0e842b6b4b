"""Heads or persons found by a network that the user supplies as an ONNX file.

The input is (1, 3, height, width) float32, blue-green-red, 0 to 255: the picture scaled to fit, at the upper left, the
rest filled with 114 (the letterbox of YOLOX, Ge et al. 2021). Where the network leaves the size open, it is 640 x 640.
The output is one of two:

- **raw**, as YOLOX exports it: (1, n, 5 + classes) with n = all cells of the strides 8, 16 and 32, row by row; each is
  x, y (cells from the cell's corner), logarithm of width and height (in cells), whether there is anything, 0 to 1, and
  for each class how surely it is that;
- **boxes**: (1, n, 6) of x1, y1, x2, y2 (pixels of the input), score, class; rows may be empty (score 0).

Which classes count stands behind the file, `FILE#head=0` or `FILE#person=0,2`: a head is taken as it is, of a person
the upper end. Without that, class 0 is a person, as in COCO.
"""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from vidaudit.errors import UsageError
from vidaudit.model.still import Box
from vidaudit.observe.detect import Detection, FaceDetector, Image, clipped
from vidaudit.observe.network import open_session

_KINDS = ("head", "person")
_OPEN_SIZE_PX = 640
_PADDING = 114
_STRIDES_PX = (8, 16, 32)
_MIN_SCORE = 0.5  # a head counts: surer than the 0.3 that YOLOX shows its boxes from
_MAX_OVERLAP = 0.45  # intersection over union above which two boxes are one; the authors' value
# The head of somebody who sits or stands: about 0.45 of the width of the shoulders. Own choice; the smaller side
# of the box decides, as arms stretched out widen it and a desk cuts it.
_HEAD_OF_PERSON = 0.45
_HEAD_HEIGHT = 1.2
_SAME_HEAD = 0.5  # a face lies in the middle half of its head, or the two are two people

_Floats = npt.NDArray[np.float32]


class HeadDetector(Protocol):
    """Anything that finds heads in a picture, with their faces or without."""

    name: str

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """The heads in `image` ((height, width, 3) uint8, blue-green-red), best score first, none twice."""
        ...


@dataclass(frozen=True, kw_only=True)
class HeadsSpec:
    """What `--heads` asks for: the file, whether its boxes are heads or persons, and the classes that count."""

    file: Path
    kind: str = "person"
    classes: tuple[int, ...] = (0,)


def parse_heads(spec: str) -> HeadsSpec:
    """`onnx:FILE`, `onnx:FILE#head=0` or `onnx:FILE#person=0,2` taken apart.

    Raises:
        UsageError: when it is none of these or the file is missing.
    """
    name, _, rest = spec.partition(":")
    path, _, choice = rest.partition("#")
    kind, _, numbers = (choice or "person=0").partition("=")
    classes = numbers.split(",")
    if name != "onnx" or kind not in _KINDS or not all(number.strip().isdecimal() for number in classes):
        raise UsageError(
            f"--heads {spec!r} is not understood. Write onnx:FILE, onnx:FILE#head=0 or onnx:FILE#person=0."
        )
    if not Path(path).is_file():
        raise UsageError(f"The network {path!r} is not there. Write --heads onnx:FILE with the .onnx file.")
    return HeadsSpec(file=Path(path), kind=kind, classes=tuple(int(number) for number in classes))


@functools.cache
def make_heads(spec: str) -> "OnnxHeads":
    """The detector that `--heads` names, once a process; errors as for `parse_heads` and `OnnxHeads`."""
    return OnnxHeads(parse_heads(spec))


@functools.cache
def heads_model(spec: str) -> tuple[str, str]:
    """The name of the network's file and its SHA-256; errors as for `parse_heads`."""
    file = parse_heads(spec).file
    with file.open("rb") as content:
        return file.name, hashlib.file_digest(content, "sha256").hexdigest()


class OnnxHeads:
    """Finds heads with a given network.

    Raises:
        UsageError: when the file is no network with this input and one of these outputs.
    """

    name = "onnx"

    def __init__(self, spec: HeadsSpec) -> None:
        self._spec = spec
        self._session = _opened(spec.file)
        (asked,) = self._session.get_inputs()
        sides = [side if isinstance(side, int) and side > 0 else _OPEN_SIZE_PX for side in asked.shape[2:]]
        self._input, self._height, self._width = asked.name, sides[0], sides[1]
        self._grid = _cells(self._width, self._height)
        self._try_out()

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `HeadDetector.detect`."""
        height, width = image.shape[:2]
        scale = min(self._width / width, self._height / height)
        boxes, scores = self._look(_letterbox(image, scale, self._width, self._height))
        kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), 0.0, _MAX_OVERLAP)
        found = [
            Detection(
                box=self._head(clipped(boxes[index] / scale, width, height)), score=min(float(scores[index]), 1.0)
            )
            for index in np.array(kept, dtype=int).ravel()
        ]
        return tuple(one for one in found if min(one.box.width_px, one.box.height_px) > 1)

    def _look(self, blob: _Floats) -> tuple[_Floats, _Floats]:
        """Boxes (n, 4) as left, top, width, height in pixels of the input, and scores (n,); wanted classes only."""
        (rows,) = self._session.run(None, {self._input: blob})[0]
        rows = np.asarray(rows, np.float32)
        if len(rows) == len(self._grid):
            corners, scores = _decode(rows, self._grid, self._spec.classes)
        else:
            corners, scores = _plain(rows, self._spec.classes)
        sound = (scores >= _MIN_SCORE) & np.isfinite(corners).all(axis=1) & (corners[:, 2:] > 0).all(axis=1)
        return corners[sound], scores[sound]

    def _head(self, box: Box) -> Box:
        """The head of a person, or the head itself."""
        if self._spec.kind == "head":
            return box
        width = _HEAD_OF_PERSON * min(box.width_px, box.height_px)
        height = min(_HEAD_HEIGHT * width, box.height_px)
        return Box(x_px=box.x_px + (box.width_px - width) / 2, y_px=box.y_px, width_px=width, height_px=height)

    def _try_out(self) -> None:
        """Better now than in every clip."""
        file, blank = self._spec.file, np.zeros((1, 3, self._height, self._width), np.float32)
        try:
            shape = self._session.run(None, {self._input: blank})[0].shape
        except Exception as error:  # onnxruntime raises many kinds, none of them public
            raise UsageError(f"{file} can't be run on a picture: {error}") from error
        raw = len(shape) == 3 and shape[1] == len(self._grid) and shape[2] > 5 + max(self._spec.classes)
        plain = len(shape) == 3 and shape[1] != len(self._grid) and shape[2] == 6
        if shape[0] != 1 or not (raw or plain):
            raise UsageError(
                f"{file} gives an output of shape {tuple(shape)}; wanted: (1, n, 6) boxes or (1, {len(self._grid)}, "
                f"5 + classes) as YOLOX gives, with the classes {self._spec.classes} among them."
            )


class WithHeads:
    """Faces, and heads whose face doesn't show, as one detector: united by place."""

    def __init__(self, faces: FaceDetector, heads: HeadDetector) -> None:
        self.name = f"{faces.name}+{heads.name}"
        self._faces, self._heads = faces, heads

    def detect(self, image: Image) -> tuple[Detection, ...]:
        """See `FaceDetector.detect`."""
        faces = self._faces.detect(image)
        others = [head for head in self._heads.detect(image) if not any(_holds(head.box, face.box) for face in faces)]
        return tuple(sorted([*faces, *others], key=lambda one: -one.score))


def _holds(head: Box, face: Box) -> bool:
    """Whether they are one person's: the middle of either well within the other."""
    across = abs(head.x_px + head.width_px / 2 - face.x_px - face.width_px / 2)
    down = abs(head.y_px + head.height_px / 2 - face.y_px - face.height_px / 2)
    wider, higher = max(head.width_px, face.width_px), max(head.height_px, face.height_px)
    return across < _SAME_HEAD * wider and down < _SAME_HEAD * higher


def _opened(file: Path) -> ort.InferenceSession:
    try:
        session = open_session(str(file))
    except Exception as error:  # onnxruntime raises many kinds, none of them public
        raise UsageError(f"{file} is not a network that onnxruntime can run: {error}") from error
    inputs = session.get_inputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].type != "tensor(float)":
        raise UsageError(f"{file} must take one input, (1, 3, height, width) float32.")
    return session


def _letterbox(image: Image, scale: float, width: int, height: int) -> _Floats:
    """(1, 3, height, width): the picture at the upper left, grey beside or below it."""
    size = [
        min(max(1, round(side * scale)), most) for side, most in zip(image.shape[1::-1], (width, height), strict=True)
    ]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    sheet = np.full((height, width, 3), _PADDING, np.float32)
    sheet[: size[1], : size[0]] = cv2.resize(image, size, interpolation=how)
    return np.ascontiguousarray(sheet.transpose(2, 0, 1)[None])


def _cells(width: int, height: int) -> _Floats:
    """(n, 3): column, row and stride of every cell, stride by stride and row by row."""
    grids = []
    for stride in _STRIDES_PX:
        rows, columns = np.mgrid[: height // stride, : width // stride]
        grids.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], axis=1))
    return np.concatenate(grids).astype(np.float32)


def _decode(rows: _Floats, cells: _Floats, classes: tuple[int, ...]) -> tuple[_Floats, _Floats]:
    """Raw rows as left, top, width, height (n, 4) and scores (n,)."""
    stride = cells[:, 2:]
    middles, sizes = (rows[:, :2] + cells[:, :2]) * stride, np.exp(np.clip(rows[:, 2:4], -20, 20)) * stride
    scores = rows[:, 4] * rows[:, [5 + number for number in classes]].max(axis=1)
    return np.concatenate([middles - sizes / 2, sizes], axis=1), scores


def _plain(rows: _Floats, classes: tuple[int, ...]) -> tuple[_Floats, _Floats]:
    """Rows of corners, score and class as left, top, width, height (n, 4) and scores (n,), 0 for unwanted classes."""
    wanted = np.isin(np.round(rows[:, 5]), classes)
    return np.concatenate([rows[:, :2], rows[:, 2:4] - rows[:, :2]], axis=1), np.where(wanted, rows[:, 4], 0)
