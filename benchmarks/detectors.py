"""The face detectors on 43 labelled faces (dlib's sample pictures): how many found, how many extra, how fast.

And what it saves to look at a clip only as large as its faces need, on a face clip and a lecture.

A find counts for a label when each one's centre lies within the other; the detectors draw their boxes differently (dlib
a square from brow to chin, CenterFace from the forehead), so overlap alone would favour the one that drew the labels.
"""

import itertools
import statistics
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measure import checked, media, table
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import plan
from vidaudit.media.probe import probe
from vidaudit.model.still import Box
from vidaudit.model.submission import ClipKind
from vidaudit.observe.detect import FaceDetector, Image
from vidaudit.observe.detectors import clip_detector, make_detector
from vidaudit.profile import load_profile

_LABELS = ("training.xml", "testing.xml")
_MAX_EXTRA = 2
_YUNET = "models/face_detection_yunet_2023mar.onnx"
_CLIPS = (("*课间人脸识别视频1.mp4", ClipKind.FACE, 960), ("*授课过程.mp4", ClipKind.LECTURE, 1280))
_MAX_FRAMES = 40


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How a detector did over all pictures; `typical_s` is the median time for one."""

    found: int
    missed: int
    extra: int
    typical_s: float


def main() -> None:
    faces = media("pictures/dlib/faces")
    if faces is None:
        return
    pictures = [picture for name in _LABELS for picture in labelled(faces / name)]
    for spec in ("centerface", "hog", *_yunet()):
        print(_line(spec.partition(":")[0], tally(make_detector(spec), pictures)))
    disc = media("disc-real")
    if disc is not None:
        rows = [row for clip in _CLIPS for row in _clip_rows(disc, *clip)]
        print(table(("clip, how large it is looked at", "ms of CPU a picture", "faces"), rows))


def _clip_rows(disc: Path, pattern: str, kind: ClipKind, max_side_px: int) -> list[tuple[str, str, int]]:
    images = frames(next(iter(sorted(disc.rglob(pattern)))), kind)
    detectors = {
        f"{max_side_px} px": make_detector("centerface", max_side_px),
        f"up to {max_side_px} px": clip_detector("centerface", max_side_px),
    }
    rows = []
    for how, detector in detectors.items():
        cpu_s, num_faces = spent(detector, images)
        rows.append((f"{kind.value}, {how}", f"{1000 * cpu_s / len(images):.1f}", num_faces))
    return rows


def frames(file: Path, kind: ClipKind) -> list[Image]:
    """The first pictures of those that a scan looks at."""
    probed = probe(file)
    if probed.index is None:
        raise ValueError(f"{file} can't be read")
    chosen = plan(probed.index, kind, load_profile("huguan-2024").sampling)
    decoder = Decoder(file, probed.facts, probed.index, chosen)
    return [frame.image for frame in itertools.islice(decoder, _MAX_FRAMES)]


def spent(detector: FaceDetector, images: Sequence[Image]) -> tuple[float, int]:
    """The processor's time for all pictures, in seconds, and how many faces were found in them."""
    detector.detect(np.zeros_like(images[0][:32, :32]))
    began = time.process_time()
    num_faces = sum(len(detector.detect(image)) for image in images)
    return time.process_time() - began, num_faces


def labelled(file: Path) -> list[tuple[Image, list[Box]]]:
    """Pictures with their labelled faces, from an XML file of dlib's imglab. The file is part of the test media."""
    pictures = []
    for entry in ET.parse(file).getroot().iter("image"):
        picture = cv2.imread(str(file.parent / entry.attrib["file"]))
        if picture is None:
            raise FileNotFoundError(file.parent / entry.attrib["file"])
        pictures.append((picture.astype(np.uint8), [_box(label) for label in entry.iter("box")]))
    return pictures


def tally(detector: FaceDetector, pictures: Sequence[tuple[Image, Sequence[Box]]]) -> Tally:
    """Run a detector over all pictures."""
    counts, times_s = [], []
    for picture, labels in pictures:
        began = time.perf_counter()
        found = detector.detect(picture)
        times_s.append(time.perf_counter() - began)
        counts.append((num_matched(labels, [face.box for face in found]), len(labels), len(found)))
    matched = sum(number for number, _, _ in counts)
    return Tally(
        found=matched,
        missed=sum(number for _, number, _ in counts) - matched,
        extra=sum(number for _, _, number in counts) - matched,
        typical_s=statistics.median(times_s),
    )


def num_matched(labels: Sequence[Box], found: Sequence[Box]) -> int:
    """How many labels have a find of their own. Finds are given to the nearest label, surest find first."""
    free = list(labels)
    for box in found:
        fitting = [label for label in free if _fits(label, box)]
        if fitting:
            free.remove(min(fitting, key=lambda label: _distance_px(label, box)))
    return len(labels) - len(free)


def _fits(label: Box, box: Box) -> bool:
    return _holds(label, _centre(box)) and _holds(box, _centre(label))


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return 0 <= point[0] - box.x_px <= box.width_px and 0 <= point[1] - box.y_px <= box.height_px


def _distance_px(one: Box, other: Box) -> float:
    return float(np.hypot(*np.subtract(_centre(one), _centre(other))))


def _centre(box: Box) -> tuple[float, float]:
    return box.x_px + box.width_px / 2, box.y_px + box.height_px / 2


def _box(label: ET.Element) -> Box:
    left, top, width, height = (float(label.attrib[side]) for side in ("left", "top", "width", "height"))
    return Box(x_px=left, y_px=top, width_px=width, height_px=height)


def _yunet() -> tuple[str, ...]:
    model = media(_YUNET)
    return () if model is None else (f"yunet:{model}",)


def _line(name: str, result: Tally) -> str:
    text = f"{result.found} of {result.found + result.missed} found, {result.extra} extra"
    return checked(
        f"{name}, {1000 * result.typical_s:.0f} ms a picture of 500 px",
        text,
        f"all found, at most {_MAX_EXTRA} extra",
        met=result.missed == 0 and result.extra <= _MAX_EXTRA,
    )


if __name__ == "__main__":
    main()
