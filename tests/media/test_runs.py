"""Runs of neighbouring pictures from anywhere in a clip: the same that decoding all of it gives."""

from pathlib import Path

import numpy as np
import pytest

from tests.clips import make_clip
from vidaudit.media.probe import probe
from vidaudit.media.runs import grey_runs


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("mp4", {"g": 1000}),
        ("mp4", {"g": 20, "bf": 3}),
        ("mp4", {"g": 20, "bf": 3, "x264-params": "b-pyramid=none:weightp=2"}),
        ("mkv", {"g": 20, "bf": 2}),
        ("avi", {"g": 10, "vcodec": "mpeg4"}),
    ],
)
def test_a_run_is_a_part_of_the_whole(tmp_path: Path, ending: str, options: dict) -> None:
    path = make_clip(tmp_path / f"clip.{ending}", **options)
    probed = probe(path)
    assert probed.index is not None
    times = probed.index.picture_pts.tolist()
    (whole,) = grey_runs(path, probed.facts, probed.index, [(times[0], times[-1])], 160)
    known = dict(zip(whole.pts, whole.pictures, strict=True))
    places = [(7, 12), (11, 16), (-9, -4)]
    spans = [(times[first], times[last]) for first, last in places]
    runs = list(grey_runs(path, probed.facts, probed.index, spans, 160))
    assert [run.pts for run in runs] == [tuple(times[first : last + 1]) for first, last in places]
    for run in runs:
        assert all(np.array_equal(picture, known[pts]) for pts, picture in zip(run.pts, run.pictures, strict=True))
