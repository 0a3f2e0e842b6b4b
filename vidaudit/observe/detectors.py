"""Finding faces: three detectors behind the one protocol of `observe.detect`.

| name | model | finds faces from | one 1280x736 picture on one core |
|---|---|---|---|
| `centerface` | CenterFace (Xu et al. 2019), most of it in 8-bit integers | about 10 px | 50 ms |
| `hog` | dlib's HOG + SVM frontal face detector, picture upsampled once | 40 px | 300 ms |
| `yunet` | YuNet (Wu et al. 2023) through OpenCV, from a file the user supplies | about 10 px | 20 ms |
"""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path

from vidaudit.errors import UsageError
from vidaudit.observe.centerface import CenterFace
from vidaudit.observe.detect import FaceDetector
from vidaudit.observe.hog import HogDetector
from vidaudit.observe.sizing import SizedDetector
from vidaudit.observe.yunet import YuNetDetector


def make_detector(spec: str, max_side_px: int = 1280) -> FaceDetector:
    """The detector that `spec` names: `centerface`, `hog` or `yunet:FILE`.

    Args:
        spec: name, and for `yunet` the model file.
        max_side_px: larger pictures are scaled down so that their longer side has this length.

    Raises:
        UsageError: when the name is unknown or the file is missing.
    """
    name, _, file = spec.partition(":")
    if name not in DETECTORS:
        raise UsageError(f"Unknown face detector {spec!r}. Use one of: {', '.join(DETECTORS)}.")
    return DETECTORS[name](file, max_side_px)


def clip_detector(spec: str, max_side_px: int) -> FaceDetector:
    """The detector for the pictures of one clip, in order of time; arguments and errors as for `make_detector`.

    CenterFace looks at them only as large as their faces need (`observe.sizing`); the others look at full size.
    """
    detector = _made(spec, max_side_px)
    return SizedDetector(detector, max_side_px) if isinstance(detector, CenterFace) else detector


# One a process: loading a model takes longer than using it on a picture. What differs from clip to clip is not in it.
_made = functools.cache(make_detector)


def _centerface(file: str, max_side_px: int) -> FaceDetector:
    _refuse_file("centerface", file)
    return CenterFace(max_side_px=max_side_px)


def _hog(file: str, max_side_px: int) -> FaceDetector:
    _refuse_file("hog", file)
    return HogDetector(max_side_px=max_side_px)


def _yunet(file: str, max_side_px: int) -> FaceDetector:
    if not Path(file).is_file():
        raise UsageError(f"The YuNet model {file!r} is not there. Write --detector yunet:FILE with the .onnx file.")
    return YuNetDetector(Path(file), max_side_px=max_side_px)


def _refuse_file(name: str, file: str) -> None:
    if file:
        raise UsageError(f"The detector {name} takes no file; write --detector {name}.")


DETECTORS: Mapping[str, Callable[[str, int], FaceDetector]] = {
    "centerface": _centerface,
    "hog": _hog,
    "yunet": _yunet,
}
