"""Describing faces: what turns sights of faces into numbers that are near each other for one person.

| spec | network | limits |
|---|---|---|
| `dlib` | dlib's (King 2017), which `face_recognition_models` brings | measured (`observe.identity`) |
| `dlib:FILE` | another one of the same kind, e.g. trained on Japanese faces | dlib's, on the scale of its training |
| `sface:FILE` | SFace (Zhong et al. 2021) through OpenCV | published by OpenCV (`observe.sface`) |

Whatever the descriptor, its limits are a ceiling: a class's own strangers draw the line (`identity.likeness_limit`).
"""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import dlib

from vidaudit.errors import UsageError
from vidaudit.model.still import Box
from vidaudit.observe.detect import Image
from vidaudit.observe.dlibnet import NUM_NUMBERS, parse_network
from vidaudit.observe.identity import (
    DLIB_LIMITS,
    Descriptor,
    Encoder,
    LikenessLimits,
    descriptors,
    dlibs_encoder,
    network_encoder,
)
from vidaudit.observe.sface import SFaceDescriptor

DEFAULT_DESCRIPTOR = "dlib"
_HASH_DIGITS = 12  # enough to tell any two files apart that somebody has


class FaceDescriptor(Protocol):
    """Anything that turns faces into numbers whose Euclidean distance is small for one person.

    Args:
        name: the kind, and where a file was given the first digits of its SHA-256; goes into the evidence.
        num_values: how many numbers a face becomes.
        limits: where to draw the lines between its distances.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - said above

    @property
    def num_values(self) -> int: ...  # noqa: D102

    @property
    def limits(self) -> LikenessLimits: ...  # noqa: D102

    def describe(self, looks: Sequence[tuple[Image, Box]]) -> list[Descriptor]:
        """One row of `num_values` numbers a face, in order; each look is a picture and where the face is in it."""
        ...


class DlibDescriptor:
    """dlib's network, or one of the same kind.

    Args:
        encode: runs a network of the user's own; None for the one that ships, which is loaded on first use.
        limits: of that network.
    """

    num_values = NUM_NUMBERS

    def __init__(self, encode: Encoder | None = None, limits: LikenessLimits = DLIB_LIMITS) -> None:
        self._encode = encode
        self.name = limits.descriptor
        self.limits = limits

    def describe(self, looks: Sequence[tuple[Image, Box]]) -> list[Descriptor]:
        """See `FaceDescriptor.describe`."""
        return descriptors(looks, self._encode)


@functools.cache
def make_descriptor(spec: str = DEFAULT_DESCRIPTOR) -> FaceDescriptor:
    """The descriptor that `spec` names: `dlib`, `dlib:FILE` or `sface:FILE`. One a process: loading takes a while.

    Raises:
        UsageError: when the name is unknown, or the file is missing or no such network.
    """
    kind, _, file = spec.partition(":")
    if kind not in DESCRIPTORS:
        raise UsageError(f"Unknown face descriptor {spec!r}. Use one of: dlib, dlib:FILE, sface:FILE.")
    return DESCRIPTORS[kind](file)


def _dlib(file: str) -> FaceDescriptor:
    if not file:
        return DlibDescriptor()
    content = _content(
        file, f"The dlib network {file!r} is not there. Write --descriptor dlib:FILE with the .dat file."
    )
    name = f"dlib:{_digits(content)}"
    network = parse_network(content)
    if network is None:
        return DlibDescriptor(dlibs_encoder(_loaded_by_dlib(file)), DLIB_LIMITS.scaled(1.0, name, DLIB_LIMITS.source))
    # The loss it was trained with draws a line between one person and two; dlib's own network has it at 0.6.
    factor = round(network.threshold / DLIB_LIMITS.loose, 6)
    limits = DLIB_LIMITS.scaled(factor, name, f"the limits of dlib's network, times {factor:g} as trained")
    return DlibDescriptor(network_encoder(network), limits)


def _loaded_by_dlib(file: str) -> object:
    try:
        return dlib.face_recognition_model_v1(file)
    except RuntimeError as error:
        raise UsageError(f"{file} is no face network of dlib's: {error}") from error


def _sface(file: str) -> FaceDescriptor:
    content = _content(
        file, f"The SFace model {file!r} is not there. Write --descriptor sface:FILE with the .onnx file."
    )
    return SFaceDescriptor(Path(file), name=f"sface:{_digits(content)}")


def _content(file: str, otherwise: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(otherwise) from error


def _digits(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]


DESCRIPTORS: Mapping[str, Callable[[str], FaceDescriptor]] = {"dlib": _dlib, "sface": _sface}
