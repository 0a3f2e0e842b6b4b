"""Clips are made once and observed; only those asked for."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import people, scenes
from benchmarks.cameras import still
from benchmarks.photographs import Face, Photograph
from benchmarks.rooms import Room, Spot
from benchmarks.scenes import Scene
from vidaudit.model.submission import ClipKind

SIZE = (320, 240)
ANN = Photograph(file="ann.png", faces=(Face(who="Ann", corners=(0, 0, 40, 50)),))
ROOM = Room(width_px=320, height_px=240, spots=(Spot(photograph=ANN, scale=1.0, left_px=20, top_px=50),))


@pytest.mark.parametrize(
    ("name", "only", "quick", "wanted"),
    [
        ("shaky", None, False, True),
        ("shaky", "sha", False, True),
        ("shaky", "row", False, False),
        ("shaky", None, True, True),
        ("plain-wall", None, True, False),
    ],
)
def test_only_some_clips_are_wanted(name: str, only: str | None, quick: bool, wanted: bool) -> None:
    assert people.is_wanted(name, only, quick=quick) is wanted


def test_quick_is_about_a_third_and_every_name_exists() -> None:
    assert set(people.QUICK) <= set(people.kinds())
    assert 0.25 < len(people.QUICK) / len(people.kinds()) < 0.4


def test_a_clip_is_made_once_and_again_when_its_scene_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cv2.imwrite(str(tmp_path / "ann.png"), np.full((50, 40, 3), 90, np.uint8))
    scene = Scene(room=ROOM, camera=still(SIZE, 1.0), loops=2)
    monkeypatch.setattr(scenes, "everything", lambda: {"tiny": lambda _pictures: scene})
    job = people.Job(name="tiny", kind=ClipKind.FACE, pictures=tmp_path, folder=tmp_path / "clips")
    evidence = people.observed(job)
    assert evidence.probe is not None
    assert evidence.probe.duration_s == 2
    assert evidence.faces is not None
    assert evidence.faces.persons == ()
    (file,) = job.folder.iterdir()
    made_ns = file.stat().st_mtime_ns
    assert people.observed(job) == evidence
    assert file.stat().st_mtime_ns == made_ns
    scene = replace(scene, camera=still(SIZE, 1.2))
    assert people.clip_file(job) != file
