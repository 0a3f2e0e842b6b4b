import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from fixtures.videos.clips import CLIPS, TABLE, Clip
from fixtures.videos.recipes import joined
from tests.run.work import steady, task
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.media import ProbeProblem, Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.run import clip
from vidaudit.run.clip import ClipTask, observe_clip

ROOM = CLIPS / "room.mp4"


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("made", TABLE, ids=lambda made: made.name)
def test_every_clip_of_the_fixtures_is_observed(made: Clip) -> None:
    evidence = observe_clip(task(made.name, made.path, ClipKind.OTHER))
    assert evidence.failure is None
    assert evidence.probe is not None
    assert evidence.probe.problems == ()
    assert evidence.probe.duration_s == made.duration_s
    assert evidence.decode is not None
    assert evidence.decode.num_decoded == evidence.decode.num_planned > 0
    assert evidence.picture is not None
    assert evidence.picture.num_frames == evidence.decode.num_decoded
    assert (evidence.faces, evidence.heads) == (None, None)


def test_a_pan_whose_way_is_lost_is_looked_at_for_cuts(tmp_path: Path) -> None:
    whole, two = observe_clip(task("room.mp4", ROOM, ClipKind.FACE)), tmp_path / "two.mp4"
    joined(ROOM, ROOM.with_name("nobody.mp4"))(two)
    cut = observe_clip(task("two.mp4", two, ClipKind.FACE))
    assert whole.take is not None
    assert cut.take is not None
    assert (whole.take.num_looked, whole.take.cuts) == (0, ())
    assert [round(one.at_s) for one in cut.take.cuts] == [4]


@pytest.mark.parametrize("kind", ClipKind)
def test_each_kind_is_watched_for_what_it_must_show(kind: ClipKind) -> None:
    evidence = observe_clip(task("room.mp4", ROOM, kind))
    assert (evidence.path, evidence.kind) == ("room.mp4", kind)
    assert (evidence.faces is not None) == (kind is ClipKind.FACE)
    assert (evidence.heads is not None) == (kind is ClipKind.LECTURE)
    names = [still.name for still in evidence.snapshots]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"clip-{kind}") for name in names)
    assert all(still.jpeg.startswith(b"\xff\xd8\xff") for still in evidence.snapshots)
    assert pickle.loads(pickle.dumps(evidence)) == evidence


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ProbeProblem.EMPTY),
        (b"#EXTM3U\nother.mp4\n", ProbeProblem.NOT_MEDIA),
        (bytes(5000), ProbeProblem.NOT_MEDIA),
    ],
)
def test_what_isnt_a_video_is_evidence_too(tmp_path: Path, content: bytes, problem: ProbeProblem) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(content)
    evidence = observe_clip(task("a.mp4", file))
    assert evidence.failure is None
    assert evidence.probe is not None
    assert problem in evidence.probe.problems
    assert evidence == ClipEvidence(path="a.mp4", kind=ClipKind.LECTURE, probe=evidence.probe)


def test_a_file_that_has_gone_is_evidence_too(tmp_path: Path) -> None:
    evidence = observe_clip(task("a.mp4", tmp_path / "a.mp4"))
    assert evidence.probe is not None
    assert evidence.probe.problems == (ProbeProblem.READ_ERROR,)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    evidence = observe_clip(task("a.mp4", tmp_path / "a.mp4"))
    assert evidence.probe is not None
    assert evidence.probe.problems != ()


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux")
def test_a_path_of_invalid_bytes(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff\xfe\n.mp4")
    shutil.copyfile(ROOM, file)
    one = pickle.loads(pickle.dumps(task("shown.mp4", file, cache=tmp_path / "cache")))
    assert steady(observe_clip(one)) == steady(observe_clip(task("shown.mp4", ROOM)))
    assert len(entries(tmp_path / "cache")) == 1


@pytest.mark.parametrize("kind", [ClipKind.FACE, ClipKind.LECTURE])
def test_the_second_time_it_comes_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: ClipKind
) -> None:
    one = task("room.mp4", ROOM, kind, cache=tmp_path)
    first = observe_clip(one)
    assert len(entries(tmp_path)) == 1
    monkeypatch.setattr(clip, "_observed", None)
    assert observe_clip(one) == first
    assert observe_clip(replace(one, path="elsewhere.mp4")) == replace(first, path="elsewhere.mp4")


def test_what_differs_is_observed_afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = task("room.mp4", ROOM, ClipKind.OTHER, cache=tmp_path)
    longer = tmp_path / "longer.mp4"
    longer.write_bytes(ROOM.read_bytes() + b"\0\0\0\x08free")
    others: list[ClipTask] = [
        one,
        replace(one, kind=ClipKind.LECTURE),
        replace(one, prefix="other"),
        replace(one, detector="hog"),
        replace(one, descriptor="dlib:other.dat"),
        replace(one, sampling=Sampling(lecture_interval_s=Fraction(1))),
        replace(one, file=longer),
    ]
    keys = {clip._key(each, clip.probe(each.file).facts) for each in others}
    monkeypatch.setattr(clip, "_code_fingerprint", lambda: "other code")
    keys.add(clip._key(one, clip.probe(one.file).facts))
    assert len(keys) == len(others) + 1


def test_the_key_covers_this_module_and_the_detectors_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = clip._code_fingerprint.__wrapped__()
    shutil.copy(Path(clip.__file__).with_name("takes.py"), tmp_path)
    changed = tmp_path / "clip.py"
    changed.write_bytes(Path(clip.__file__).read_bytes().replace(b"960", b"480"))
    monkeypatch.setattr(clip, "__file__", str(changed))
    assert clip._code_fingerprint.__wrapped__() != before
    model = tmp_path / "model.onnx"
    prints = set()
    for content in (b"1", b"2"):
        model.write_bytes(content)
        prints.add(clip._models_fingerprint.__wrapped__(f"yunet:{model}"))
        prints.add(clip._models_fingerprint.__wrapped__("centerface", f"dlib:{model}"))
    assert len(prints | {clip._models_fingerprint.__wrapped__("centerface")}) == 5


def test_without_a_hash_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = clip.probe

    def unhashed(path: Path) -> object:
        probed = real(path)
        return replace(probed, facts=replace(probed.facts, sha256=None))

    monkeypatch.setattr(clip, "probe", unhashed)
    evidence = observe_clip(task("room.mp4", ROOM, ClipKind.OTHER, cache=tmp_path))
    assert evidence.picture is not None
    assert entries(tmp_path) == []


def test_getting_ready_loads_what_watching_takes_and_nothing_that_few_clips_need() -> None:
    program = (
        "import sys\n"
        "from vidaudit.run.clip import get_ready\n"
        "import vidaudit.run.look\n"
        "get_ready()\n"
        "wanted = ['cv2', 'onnxruntime', 'dlib', 'scipy', 'face_recognition', 'onnx', 'sqlalchemy', 'openpyxl']\n"
        "print(*[name for name in wanted if name in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["cv2", "onnxruntime", "dlib"]
