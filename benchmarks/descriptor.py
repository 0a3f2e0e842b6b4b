"""The face descriptor: dlib's network in onnxruntime against dlib's own, in speed, memory and numbers.

Processor time, not wall time, since both run on one thread; in turns, so that a busy moment meets both.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import psutil

from benchmarks.measure import MB, alternately, checked, figure, media
from vidaudit.model.still import Box
from vidaudit.observe.detect import FaceDetector, Image
from vidaudit.observe.detectors import make_detector
from vidaudit.observe.dlibgraph import onnx_graph
from vidaudit.observe.dlibnet import CHIP_SIDE_PX, parse_network
from vidaudit.observe.identity import Chips, Encoder, encoder, face_chip, landmarks
from vidaudit.observe.models import model_file

_BATCH = 8
_REPEATS = 5
_FARTHEST = 1e-3
_TIMES_FASTER = 6.0
T = TypeVar("T")


def main() -> None:
    johns = media("pictures/dlib/johns")
    if johns is None:
        return
    content = model_file("dlib_face_recognition_resnet_model_v1.dat").read_bytes()
    for line in loading(content):
        print(line)
    detector = make_detector("centerface")
    looks = [look for file in sorted(johns.glob("*/*.jpg")) for look in faces(detector, file)]
    print(figure("landmarks", _ms_a_face(partial(_each, landmarks, looks), len(looks)), "ms a face"))
    print(figure("landmarks and aligning", _ms_a_face(partial(_each, face_chip, looks), len(looks)), "ms a face"))
    chips = np.stack([face_chip(*look) for look in looks])
    for line in compared(chips, encoder(content), encoder(b"")):  # what can't be read is left to dlib
        print(line)


def loading(content: bytes) -> list[str]:
    """What the network costs a process, once."""
    before_bytes = psutil.Process().memory_info().rss
    ready_s, encode = _spent_s(partial(encoder, content))
    encode(np.zeros((_BATCH, CHIP_SIDE_PX, CHIP_SIDE_PX, 3), np.uint8))
    kept_bytes = psutil.Process().memory_info().rss - before_bytes
    parsed_s, network = _spent_s(partial(parse_network, content))
    if network is None:
        return ["the network's file can't be read: dlib computes the descriptors itself"]
    return [
        figure("reading the network's file", 1000 * parsed_s, "ms", at_most=500),
        figure("building the graph", 1000 * _spent_s(partial(onnx_graph, network))[0], "ms"),
        figure("both, and starting the runtime", 1000 * ready_s, "ms"),
        figure("memory, with what the allocator keeps of it", kept_bytes / MB, "MB"),
    ]


def faces(detector: FaceDetector, file: Path) -> list[tuple[Image, Box]]:
    """The faces of a picture, each with the whole picture."""
    picture = cv2.imread(str(file))
    if picture is None:
        raise FileNotFoundError(file)
    image = picture.astype(np.uint8)
    return [(image, face.box) for face in detector.detect(image)]


def compared(chips: Chips, network: Encoder, dlibs: Encoder) -> list[str]:
    """Speed and agreement of the two on the same faces."""
    few = chips[:_BATCH]
    alone = partial(_each, network, [(chip[None],) for chip in few])
    network_s, dlib_s = alternately(lambda: _spent_s(alone)[0], lambda: _spent_s(partial(dlibs, few))[0], _REPEATS)
    one_ms, dlib_ms = (1000 * statistics.median(times_s) / len(few) for times_s in (network_s, dlib_s))
    together_ms = _ms_a_face(partial(network, few), len(few))
    apart = np.linalg.norm(network(chips) - dlibs(chips), axis=1)
    return [
        figure("descriptor by dlib itself", dlib_ms, "ms a face"),
        figure("descriptor, one by one", one_ms, "ms a face"),
        figure(f"descriptor, {_BATCH} at once", together_ms, "ms a face"),
        figure("faster than dlib, one by one", dlib_ms / one_ms, "times", at_least=_TIMES_FASTER),
        checked(
            f"farthest from dlib's over {len(chips)} faces",
            f"{apart.max():.1e}",
            f"at most {_FARTHEST:g}",
            met=bool(apart.max() <= _FARTHEST),
        ),
    ]


def _ms_a_face(work: Callable[[], object], num_faces: int) -> float:
    return 1000 * statistics.median(_spent_s(work)[0] for _ in range(_REPEATS)) / num_faces


def _each(function: Callable[..., object], arguments: Sequence[tuple[object, ...]]) -> list[object]:
    return [function(*each) for each in arguments]


def _spent_s(work: Callable[[], T]) -> tuple[float, T]:
    """Processor time of a piece of work, and what it gives."""
    began_s = time.process_time()
    result = work()
    return time.process_time() - began_s, result


if __name__ == "__main__":
    main()
