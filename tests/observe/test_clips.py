"""Committed clips from file to evidence: through the real decoder, with all that watches."""

from fractions import Fraction
from pathlib import Path

import pytest

from fixtures.videos.clips import CLIPS
from fixtures.videos.recipes import grained
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.codec import from_json, from_packed, to_json, to_packed

PAN = next((CLIPS.parent / "demo-disc").glob("*第1期*/5月20日/*视频1.mp4"))


@pytest.fixture(scope="module")
def watch():
    """Observes a clip once for all tests of this module."""
    seen: dict[tuple[Path, ClipKind, str], ClipEvidence] = {}

    def observe(file: Path, kind: ClipKind, detector: str = "centerface") -> ClipEvidence:
        key = (file, kind, detector)
        if key not in seen:
            size = file.stat().st_size
            seen[key] = observe_clip(
                ClipTask(
                    path=file.name,
                    file=file,
                    bytes=size,
                    kind=kind,
                    prefix="clip",
                    sampling=Sampling(lecture_interval_s=Fraction(1)),
                    detector=detector,
                )
            )
        return seen[key]

    return observe


@pytest.mark.parametrize("detector", ["centerface", "hog"])
def test_a_pan_along_nine_people_shows_nine(watch, detector):
    faces = watch(PAN, ClipKind.FACE, detector).faces
    assert faces.detector == detector
    assert (faces.low, len(faces.persons), faces.high) == (9, 9, 9)


def test_an_empty_pan_shows_nobody(watch):
    evidence = watch(CLIPS / "nobody.mp4", ClipKind.FACE)
    assert (evidence.faces.persons, evidence.faces.high) == ((), 0)
    assert evidence.heads is None


def test_people_far_away_are_not_identifiable(watch):
    faces = watch(CLIPS / "distant.mp4", ClipKind.FACE).faces
    assert faces.low <= len(faces.persons) <= faces.high
    assert all((person.best.effective_width_px or 0) < 40 for person in faces.persons)


def test_a_lecture_counts_trainees_and_teacher(watch):
    evidence = watch(CLIPS / "half-frozen.mp4", ClipKind.LECTURE)
    assert 0 < evidence.heads.headcount <= 9
    assert evidence.faces is None


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("black.mp4", lambda picture: picture.black and picture.covered_share == 1),
        ("dark.mp4", lambda picture: picture.dark_share == 1 and picture.bright_share == 0),
        ("blurred.mp4", lambda picture: picture.blurred_share == 1),
        ("covered.mp4", lambda picture: picture.covered_share == 1 and picture.blurred_share == 0),
        ("frozen.mp4", lambda picture: sum(one.duration_s for one in picture.frozen) > 20),
        ("nobody.mp4", lambda picture: picture.noise_sigma < 4 and picture.blurred_share == picture.dark_share == 0),
    ],
)
def test_each_fault_of_the_picture_is_measured(watch, name, holds):
    picture = watch(CLIPS / name, ClipKind.OTHER).picture
    assert holds(picture), picture


def test_grain_is_measured(watch, tmp_path):
    clip = tmp_path / "clip.mp4"
    grained(CLIPS / "room.mp4")(clip)
    assert watch(clip, ClipKind.OTHER).picture.noise_sigma > 8


@pytest.mark.parametrize(
    ("file", "kind"), [(PAN, ClipKind.FACE), (CLIPS / "half-frozen.mp4", ClipKind.LECTURE)], ids=["face", "lecture"]
)
def test_the_evidence_survives_being_stored(watch, file, kind):
    evidence = watch(file, kind)
    assert evidence.snapshots
    assert from_json(to_json(evidence), ClipEvidence) == evidence
    assert from_packed(to_packed(evidence), ClipEvidence) == evidence
    assert len({still.name for still in evidence.snapshots}) == len(evidence.snapshots)
