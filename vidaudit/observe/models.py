"""Where the model files are, and their SHA-256 for the report's head. All come with this or other packages."""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from vidaudit.errors import SetupError

_FILES = {
    "centerface-int8.onnx": ("vidaudit", "observe/centerface-int8.onnx"),
    "shape_predictor_68_face_landmarks.dat": (
        "face_recognition_models",
        "models/shape_predictor_68_face_landmarks.dat",
    ),
    "dlib_face_recognition_resnet_model_v1.dat": (
        "face_recognition_models",
        "models/dlib_face_recognition_resnet_model_v1.dat",
    ),
    "PP-OCRv6_det_small.onnx": ("rapidocr", "models/PP-OCRv6_det_small.onnx"),
    "PP-OCRv6_rec_small.onnx": ("rapidocr", "models/PP-OCRv6_rec_small.onnx"),
}


def model_file(name: str) -> Path:
    """The path of a model file that an installed package brings.

    The package is located, not imported: `face_recognition_models` would pull in the retired `pkg_resources`.

    Raises:
        SetupError: when the package or the file is missing.
    """
    package, inside = _FILES[name]
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / inside
        if path.is_file():
            return path
    raise SetupError(f"The model {name} is missing: install the package {package} again.")


@cache
def model_hashes() -> dict[str, str]:
    """{model file: SHA-256} of every model this installation may use."""
    return {name: _sha256(model_file(name)) for name in _FILES}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
