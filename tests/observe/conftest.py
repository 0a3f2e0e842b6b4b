"""Detectors that these tests share: a model is loaded once a session."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.observe.stage import MEDIA
from vidaudit.observe.detect import FaceDetector
from vidaudit.observe.detectors import make_detector


@pytest.fixture(scope="session")
def detectors() -> Callable[[str, int], FaceDetector]:
    """A detector by its name and longest side, made on first use."""
    return cache(make_detector)


@pytest.fixture(scope="session")
def centerface(detectors) -> FaceDetector:
    return detectors("centerface", 960)


@pytest.fixture(autouse=True)
def _real_footage(request):
    """Tests marked `media` are skipped where the real footage is missing."""
    if request.node.get_closest_marker("media") and not MEDIA.is_dir():
        pytest.skip("needs ../shared/media")
