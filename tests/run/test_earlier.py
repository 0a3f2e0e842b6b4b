"""A run against what was scanned before: found, kept, and never in a scan's way."""

import datetime as dt
import os
import sqlite3
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.registries import DAY, NOW, clip, course, cut, fingerprint, motion
from vidaudit.model.fingerprint import ClipTrace, ReuseHow
from vidaudit.model.media import Container, MediaProbe
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, ClipName, DayFolder
from vidaudit.run.earlier import EarlierScans, Lookup, kept_class, matches
from vidaudit.run.footage import EarlierFootage, FilmedClass, FilmedClip
from vidaudit.run.registry import Registry

ID_NUMBER = "110101199003078515"
NAME = ClipName(
    institution=None,
    class_name=None,
    year=None,
    month=None,
    day=None,
    kind=ClipKind.FACE,
    number=None,
    prescribed=False,
)


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "registry.sqlite", create=True) as opened:
        opened.record([course("一班", *(clip(seed) for seed in range(1, 6)))])
        yield opened


def found(registry, fingerprint_, sha256="0" * 64, left_out=frozenset()):
    return Lookup(registry, left_out).find(replace(clip(0, print_=fingerprint_), sha256=sha256))


def noisy(seed, cut_bins=0):
    lesson = motion(seed)[cut_bins:]
    return fingerprint(lesson + np.random.default_rng(seed).normal(0, 0.3, len(lesson)), 99)


def test_the_same_file(registry):
    (reuse,) = found(registry, fingerprint([], constant_rate=True), sha256=clip(3).sha256)
    assert reuse.how is ReuseHow.SAME_FILE
    assert (reuse.here.stretch, reuse.there.clip) == (None, "5月20日/3.mp4")
    assert (reuse.there.class_name, reuse.there.scanned_on) == ("甲学校 一班", NOW.astimezone().date())


def test_a_piece_cut_at_packets(registry):
    (reuse,) = found(registry, cut(fingerprint(motion(4), 4), 200, 230))
    assert (reuse.how, reuse.there.clip, reuse.score) == (ReuseHow.SAME_STREAM, "5月20日/4.mp4", 1.0)
    assert reuse.there.stretch.start_s - reuse.here.stretch.start_s == pytest.approx(200, abs=0.1)
    assert reuse.here.stretch.duration_s > 20


def test_the_same_pictures_encoded_again(registry):
    (reuse,) = found(registry, noisy(2, cut_bins=400))
    assert (reuse.how, reuse.there.clip, reuse.mirrored) == (ReuseHow.SAME_PICTURES, "5月20日/2.mp4", None)
    assert reuse.there.stretch.start_s - reuse.here.stretch.start_s == pytest.approx(80, abs=0.5)


@pytest.mark.parametrize("seed", [50, 51, 52])
def test_an_honest_lesson(registry, seed):
    assert found(registry, fingerprint(motion(seed), seed)) == []


def test_a_constant_rate_says_nothing_of_pictures(registry):
    assert found(registry, replace(noisy(2), constant_rate=True)) == []


def test_what_is_left_out(registry):
    assert found(registry, cut(fingerprint(motion(4), 4), 0, 600), clip(4).sha256, frozenset({4})) == []


def filmed(name="二班", *, first_day=DAY, seeds=(1,), kind=Container.MP4, institution="甲学校", path="{seed}.mp4"):
    """A class of the run whose clips were made with these seeds."""
    files = [
        ClipFile(path=path.format(seed=seed), day="d", kind=ClipKind.FACE, name=NAME, suggested_name=None, bytes=1)
        for seed in seeds
    ]
    folder = ClassFolder(
        name=name,
        path=f"DISC/{name}",
        institution=institution,
        class_name=None,
        days=(DayFolder(path="d", date=first_day),),
        clips=tuple(files),
    )
    clips = tuple(
        FilmedClip(
            path=file.path,
            shown=file.path,
            file=Path(file.path),
            probe=MediaProbe(container=kind, bytes=1, sha256=clip(seed).sha256),
            trace=ClipTrace(
                fingerprint=fingerprint(motion(seed), seed), time_base=Fraction(1), picture_pts=b"", keyframe_pts=b""
            ),
        )
        for file, seed in zip(files, seeds, strict=True)
    )
    return FilmedClass(name=name, folder=folder, clips=clips)


def scan(file, *classes, said=None):
    said = [] if said is None else said
    return EarlierScans(file=file, version="1.0", now=NOW + dt.timedelta(days=9), tell=said.append)(classes)


def test_a_first_scan_makes_the_registry(tmp_path):
    (answer,) = scan(tmp_path / "new" / "r.sqlite", filmed())
    assert (answer.found, answer.num_compared) == ((), 0)
    (again,) = scan(tmp_path / "new" / "r.sqlite", filmed("三班"))
    assert (len(again.found), again.num_compared) == (1, 1)


def test_another_scan_of_the_same_class_does_not_report_itself(registry):
    for _ in range(2):
        (answer,) = scan(registry.file, filmed("一班", seeds=(1, 2)))
        assert answer.found == ()
        assert answer.num_compared == 0
    assert len(registry.classes()) == 1


@pytest.mark.parametrize(
    "other", [{"name": "二班"}, {"institution": "乙学校"}, {"first_day": DAY.replace(year=2025)}], ids=str
)
def test_the_same_bytes_of_another_class_are_found(registry, other):
    (answer,) = scan(registry.file, filmed(**{"name": "一班", **other}))
    (reuse,) = answer.found
    assert (reuse.how, reuse.here.clip, reuse.there.clip) == (ReuseHow.SAME_FILE, "1.mp4", "5月20日/1.mp4")
    assert len(registry.classes()) == 2


def test_classes_of_the_run_are_compared_by_the_run(tmp_path):
    for _ in range(2):
        one, two = scan(tmp_path / "r.sqlite", filmed("一班"), filmed("二班"))
        assert (one.found, two.found) == ((), ())


def test_only_the_surest_are_told(tmp_path):
    with Registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.record([course(f"{number} 班", clip(1)) for number in range(9)])
    (answer,) = scan(tmp_path / "r.sqlite", filmed())
    assert len(answer.found) == 5
    assert answer.num_compared == 9


def test_numbers_are_masked_and_what_is_no_video_is_left_out():
    kept = kept_class(filmed(f"班{ID_NUMBER}", institution=f"校{ID_NUMBER}"), "1.0", NOW)
    assert ID_NUMBER not in f"{kept.name} {kept.institution} {kept.submission}"
    assert kept_class(filmed(kind=Container.ZEROS), "1.0", NOW).clips == ()


def test_a_class_without_dates_or_packets():
    bare = filmed(first_day=None)
    bare = replace(bare, clips=tuple(replace(one, trace=None) for one in bare.clips))
    kept = kept_class(bare, "1.0", NOW)
    assert (kept.first_day, kept.last_day, kept.clips[0].date) == (None, None, None)
    assert kept.clips[0].fingerprint.constant_rate
    assert kept.submission == "DISC"


def broken(file):
    file.write_bytes(b"no database" * 999)


def newer(file):
    with sqlite3.connect(file) as database:
        database.execute("update registry set schema_version = 99")
    database.close()


def of_another_program(file):
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("create table bookmarks (address text)")
    database.close()


def senseless(file):
    """A sound database with content that no scan ever wrote."""
    with sqlite3.connect(file) as database:
        database.execute("update clips set marks = x'00', marks_at = x'0102', curve = x'ff', duration_s = '1/0'")
    database.close()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (broken, "no-registry"),
        (newer, "other-version"),
        (of_another_program, "no-registry"),
        (senseless, "unusable"),
    ],
)
def test_a_registry_that_can_not_be_used_is_told_and_no_scan_is_lost(registry, spoil, problem):
    spoil(registry.file)
    before, said = registry.file.read_bytes(), []
    answers = scan(registry.file, filmed(), filmed("三班"), said=said)
    assert answers == [EarlierFootage(problem=problem)] * 2
    assert len(said) == 1
    assert str(registry.file) in said[0]
    assert registry.file.read_bytes() == before


def test_what_was_found_is_told_even_if_nothing_can_be_kept(registry, monkeypatch):
    monkeypatch.setattr("vidaudit.run.registry._WAIT_S", 0.1)
    holder, said = sqlite3.connect(registry.file), []
    holder.execute("begin immediate")  # others may read
    try:
        (answer,) = scan(registry.file, filmed(), said=said)
    finally:
        holder.close()
    assert len(answer.found) == 1
    assert (answer.num_compared, answer.problem) == (5, "locked")
    assert "in use by another program" in said[0]


def test_an_unforeseen_error_while_asking_is_no_end_of_the_scan(registry, monkeypatch):
    def breaks(*_):
        raise IndexError("a bug, or a record that no scan wrote")

    monkeypatch.setattr("vidaudit.run.earlier.Lookup", breaks)
    said = []
    assert scan(registry.file, filmed(), said=said) == [EarlierFootage(problem="damaged")]
    assert "is damaged" in said[0]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anything")
def test_a_registry_that_can_not_be_written(registry):
    registry.file.chmod(0o400)
    said = []
    (answer,) = scan(registry.file, filmed(), said=said)
    assert len(answer.found) == 1
    assert answer.problem == "read-only"
    assert "can't be written" in said[0]


def test_what_a_stored_clip_matches(registry):
    registry.record([course("二班", clip(1)), course("三班", clip(8))])
    stored = registry.clips([1])[0]
    assert [reuse.there.class_name for reuse in matches(registry, stored)] == ["甲学校 二班"]
    assert matches(registry, registry.clips_of(3)[0]) == []
