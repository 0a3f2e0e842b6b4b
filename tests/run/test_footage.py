"""Footage used twice, the whole way: observed, compared when all is there, published once more, judged again."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.videos.cases import ROOM
from tests.clips import make_clip, remux
from tests.run.inline import InlineEngine, publisher, scan_inline
from tests.run.submissions import DAY, ENDINGS, make_class
from tests.run.test_reuse import encoded, lesson
from vidaudit.judge.catalogue import bind
from vidaudit.media.index import pack_ticks
from vidaudit.media.probe import probe
from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.fingerprint import ClipTrace, ReuseHow
from vidaudit.model.reuse import Footage, Reuse, ReuseEvidence
from vidaudit.model.still import Stretch
from vidaudit.model.submission import ClipKind
from vidaudit.profile import load_profile
from vidaudit.run.audit import ScanResult
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.codec import from_json
from vidaudit.run.footage import EarlierFootage, FilmedClass, FilmedClip, compare_classes
from vidaudit.run.publish import Publisher
from vidaudit.run.rejudge import rejudge

ONE, TWO = (f"2024年第{number}期保育师培训班" for number in (1, 2))


def packets_only(task: ClipTask) -> ClipEvidence:
    """Evidence of a clip of which only the packets were read."""
    probed = probe(task.file)
    trace = probed.index and ClipTrace(
        fingerprint=probed.fingerprint,
        time_base=probed.index.time_base,
        picture_pts=pack_ticks(probed.index.picture_pts),
        keyframe_pts=pack_ticks(probed.index.keyframe_pts),
    )
    return ClipEvidence(path=task.path, kind=task.kind, probe=probed.facts, trace=trace)


def clips_of(disc: Path, name: str) -> list[Path]:
    """Face clip 1, face clip 2 and the lecture."""
    files = list((disc / name / DAY).iterdir())
    return [next(file for file in files if file.stem.endswith(ending)) for ending in ENDINGS]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScanResult]:
    """Two classes: face clip 2 a remux of 1, a looped lecture; the other's lecture is 1's face clip encoded again."""
    home = tmp_path_factory.mktemp("footage")
    lessons = [lesson(home / f"{seed}.mp4", seed) for seed in range(3)]
    for name in (ONE, TWO):
        make_class(home / "disc", name, clip=None)
    pan_1, pan_2, lecture = clips_of(home / "disc", ONE)
    shutil.copyfile(lessons[0], pan_1)
    shutil.copyfile(remux(home / "again.mp4", lessons[0], inputs={"ss": 10}), pan_2)
    encoded(encoded(lessons[1], home / "take.mp4", ss=20, t=12), lecture, stream_loop=5, t=60)
    other_1, other_2, other_lecture = clips_of(home / "disc", TWO)
    encoded(lessons[0], other_lecture, vf="scale=480:360", ss=7.3)
    shutil.copyfile(lessons[2], other_1)
    other_2.write_bytes(ROOM.read_bytes()[:4000])  # the index is gone
    return home / "out", scan_inline([home / "disc"], home / "out", engine=InlineEngine(packets_only), lang="en")


def rule(out: Path, name: str, rule_id: str) -> dict:
    report = json.loads((out / name / "report.json").read_bytes())
    return next(one for one in report["rules"] if one["id"] == rule_id)


def findings(out: Path, name: str, rule_id: str, status: str = "review") -> list[dict]:
    return [one for one in rule(out, name, rule_id)["findings"] if one["status"] == status]


def test_two_pans_of_one_take_are_found_in_the_class(scanned) -> None:
    (found,) = findings(scanned[0], ONE, "AUT001")
    values = found["values"]
    assert found["where"]["clip"].endswith("视频2.mp4")
    assert (values["relation"], values["how"], values["mirrored"]) == ("both-pans", "same-stream", False)
    assert values["other_from_s"] - values["from_s"] == pytest.approx(10, abs=0.1)


def test_footage_of_another_class_is_found_in_both_with_their_own_side_first(scanned) -> None:
    out, _ = scanned
    lags = {}
    for here, there in ((ONE, TWO), (TWO, ONE)):
        found = findings(out, here, "AUT002")
        assert {one["values"]["other_class"] for one in found} == {there}
        assert {one["values"]["how"] for one in found} == {"same-pictures"}
        assert all((out / here / "snapshots" / one["snapshot"]).read_bytes()[:2] == b"\xff\xd8" for one in found)
        lags[here] = {round(one["values"]["other_from_s"] - one["values"]["from_s"], 1) for one in found}
    assert lags[ONE] == {-lag for lag in lags[TWO]}


def test_a_loop_is_one_finding(scanned) -> None:
    (found,) = findings(scanned[0], ONE, "AUT003")
    assert found["where"]["clip"].endswith("授课过程.mp4")
    assert found["values"]["period_s"] == pytest.approx(12, abs=0.5)
    assert found["values"]["repeated_s"] > 30


def test_a_clip_without_an_index_is_not_compared(scanned) -> None:
    assert {one["code"] for one in findings(scanned[0], TWO, "AUT001", "not-evaluated")} == {"not-compared"}


def test_both_sides_are_named_on_the_page(scanned) -> None:
    page = (scanned[0] / TWO / "report.html").read_text(encoding="utf-8")
    assert 'class="beside"' in page
    assert f"{ONE} / {DAY}" in page


def test_nothing_that_was_noted_for_the_comparison_is_stored(scanned) -> None:
    for name in (ONE, TWO):
        stored = (scanned[0] / name / "evidence.json").read_bytes()
        assert all(clip.trace is None for clip in from_json(stored, ClassEvidence).clips)
        assert b'"curve"' not in stored


def test_judging_again_says_the_same(scanned, tmp_path: Path) -> None:
    out, _ = scanned
    rejudge(out, publisher(tmp_path, "en"), bind(load_profile("huguan-2024")))
    for rule_id in ("AUT001", "AUT002", "AUT003"):
        assert rule(tmp_path, ONE, rule_id) == rule(out, ONE, rule_id)
    pictures = {path.name for path in (tmp_path / ONE / "snapshots").iterdir()}
    assert pictures == {path.name for path in (out / ONE / "snapshots").iterdir()} != set()


def test_a_lone_class_is_published_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_class(tmp_path / "disc", ONE, clip=ROOM)
    monkeypatch.delattr(Publisher, "publish_again")
    scan_inline([tmp_path / "disc"], tmp_path / "out", engine=InlineEngine(packets_only))
    found = findings(tmp_path / "out", ONE, "AUT001")
    assert {one["code"] for one in found} == {"copied-file"}
    assert len(found) == 2
    assert all(one["snapshot"] for one in found)
    report = json.loads((tmp_path / "out" / ONE / "report.json").read_bytes())
    assert not [one for one in report["rules"] if one["id"] == "AUT002" and one["level"] != "off"]


def test_a_run_that_breaks_off_says_what_was_not_compared(tmp_path: Path) -> None:
    for name in (ONE, TWO):
        make_class(tmp_path / "disc", name, clip=None)

    def observe(task: ClipTask) -> ClipEvidence:
        if TWO in task.path:
            raise KeyboardInterrupt
        return ClipEvidence(path=task.path, kind=task.kind)

    with pytest.raises(KeyboardInterrupt):
        scan_inline([tmp_path / "disc"], tmp_path / "out", engine=InlineEngine(observe))
    for rule_id in ("AUT001", "AUT002"):
        assert [one["code"] for one in rule(tmp_path / "out", ONE, rule_id)["findings"]] == ["waiting"]


def filmed(name: str, *files: Path) -> FilmedClass:
    seen = [packets_only(_task(file)) for file in files]
    clips = tuple(
        FilmedClip(path=file.name, shown=file.name, file=file, probe=one.probe, trace=one.trace)
        for file, one in zip(files, seen, strict=True)
    )
    return FilmedClass(name=name, folder=None, clips=clips)


def _task(file: Path) -> ClipTask:
    kind, sampling = ClipKind.OTHER, load_profile("huguan-2024").sampling
    return ClipTask(path=file.name, file=file, bytes=file.stat().st_size, kind=kind, prefix="", sampling=sampling)


def copies(folder: Path, content: bytes, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(content)
    return [folder / name for name in names]


def told(evidence: ReuseEvidence) -> set[tuple[str, str, str | None]]:
    """(here, there, class there) of all that was found."""
    return {(one.here.clip, one.there.clip, one.there.class_name) for one in evidence.found}


def test_copies_that_cannot_be_decoded_are_found(tmp_path: Path) -> None:
    one, two, three = copies(tmp_path, ROOM.read_bytes()[:4000], "a.mp4", "b.mp4", "c.mp4")
    here, there = compare_classes([filmed("甲", one, two), filmed("乙", three)])
    assert told(here) == {("b.mp4", "a.mp4", None), ("a.mp4", "c.mp4", "乙")}
    assert told(there) == {("c.mp4", "a.mp4", "甲")}
    assert {one.here.stretch for one in here.found} == {None}


def test_copies_of_a_text_are_no_footage(tmp_path: Path) -> None:
    files = copies(tmp_path, "请稍后补交\n".encode(), "a.mp4", "b.mp4")
    assert compare_classes([filmed("甲", *files)])[0].found == ()


def test_many_copies_are_told_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = make_clip(tmp_path / "clip.mp4", size="160x120", seconds=6)
    files = copies(tmp_path, clip.read_bytes(), *(f"{number:02d}.mp4" for number in range(12)))
    classes = [filmed("甲", *files[:6]), filmed("乙", *files[6:])]
    decoded = []
    monkeypatch.setattr("vidaudit.run.look.show", decoded.append)
    here, there = compare_classes(classes)
    assert len(here.found) == len(there.found) == 6
    assert len(decoded) == 1


def test_earlier_submissions_are_asked_and_told(tmp_path: Path) -> None:
    file = make_clip(tmp_path / "a.mp4", size="160x120", seconds=6)
    stretch = Stretch(start_s=0, end_s=9)
    known = Reuse(
        here=Footage(clip="a.mp4", stretch=stretch),
        there=Footage(clip="x.mp4", stretch=stretch, class_name="旧班"),
        how=ReuseHow.SAME_STREAM,
        score=1.0,
    )
    asked = []

    def earlier(classes):
        asked.extend(clip.sha256 for class_ in classes for clip in class_.clips)
        return [EarlierFootage(found=(known,), num_compared=7)]

    (evidence,) = compare_classes([filmed("甲", file)], earlier)
    assert (evidence.found, evidence.num_earlier) == ((known,), 7)
    assert asked == [packets_only(_task(file)).probe.sha256]


def test_a_trace_comes_with_the_observation_also_from_the_cache(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", size="160x120", seconds=6)
    task = replace(_task(clip), cache=tmp_path / "cache")
    fresh, cached = observe_clip(task), observe_clip(task)
    assert fresh.trace is not None
    assert fresh == cached
    assert not any(fresh.trace.fingerprint.curve in file.read_bytes() for file in (tmp_path / "cache").rglob("*.*"))
