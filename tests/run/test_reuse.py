"""Footage used twice, from files: copies are found, honest clips are left alone."""

from dataclasses import replace
from pathlib import Path

import cv2
import ffmpeg
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from benchmarks.disguises import hidden
from fixtures.videos.encode import Coding, write_clip
from tests.clips import FFMPEG, remux
from tests.observe.stage import MEDIA
from vidaudit.media.excerpt import Film
from vidaudit.media.probe import probe
from vidaudit.model.fingerprint import CURVE_BIN_S, Candidate, ReuseHow
from vidaudit.model.settings import Limits
from vidaudit.model.still import Stretch
from vidaudit.observe.reuse import Curve
from vidaudit.run.engines import LocalEngine
from vidaudit.run.look import WatchedClip, look_at
from vidaudit.run.reuse import Here, _rhythms_s, _stands_out_of_short, find_reuse

RATE, SECONDS = 10, 70


def lesson(path: Path, seed: int) -> Path:
    """Five heads that lean about in a room that is always the same."""
    rng, looks = np.random.default_rng(seed), np.random.default_rng(7)
    room = cv2.resize(looks.uniform(60, 200, (9, 12, 3)).astype(np.float32), (320, 240))
    way = 12 * gaussian_filter1d(rng.normal(0, 3, (5, RATE * SECONDS)), 4, axis=1)
    way *= np.repeat(rng.choice([0.1, 1.0], (5, SECONDS // 2)), 2 * RATE, axis=1)

    def pictures():
        for number in range(RATE * SECONDS):
            shown = room.copy()
            for seat in range(5):
                place = (round(40 + 60 * seat + way[seat, number]), 90 + 50 * (seat % 2))
                cv2.circle(shown, place, 16, (70, 90, 150), -1, cv2.LINE_AA)
            shown += rng.normal(0, 2, (240, 320))[:, :, None]
            yield np.clip(shown, 0, 255).astype(np.uint8)

    write_clip(path, pictures(), RATE, Coding(crf=25, preset="veryfast"))
    return path


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lessons")
    return [lesson(folder / f"lesson{seed}.mp4", seed) for seed in range(3)]


def watched(file: Path) -> WatchedClip:
    probed = probe(file)
    film = Film(path=file, probe=probed.facts, index=probed.index)
    return WatchedClip(name=file.name, film=film, fingerprint=probed.fingerprint)


def encoded(source: Path, target: Path, **options) -> Path:
    cut = {key: options.pop(key) for key in ("ss", "t", "stream_loop") if key in options}
    settings = {"vcodec": "libx264", "preset": "veryfast", "crf": 30, "threads": 1} | options
    ffmpeg.input(str(source), **cut).output(str(target), **settings).run(cmd=FFMPEG, quiet=True, overwrite_output=True)
    return target


def test_honest_lessons_are_left_alone(lessons):
    assert find_reuse([watched(file) for file in lessons], effort_s=1e9).found == ()


@pytest.mark.parametrize("ending", ["mp4", "ts"])
def test_a_copy_is_certain(lessons, tmp_path, ending):
    copy = remux(tmp_path / f"copy.{ending}", lessons[0], inputs={"ss": 10})
    found = find_reuse([watched(file) for file in (*lessons, copy)]).found
    assert {(one.first, one.second) for one in found} == {(copy.name, "lesson0.mp4")}
    assert found[0].how is ReuseHow.SAME_STREAM
    assert found[0].second_stretch.start_s - found[0].first_stretch.start_s == pytest.approx(10, abs=0.1)
    assert found[0].pair.jpeg.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("options", "is_mirrored"),
    [({"vf": "scale=480:360,fps=15", "ss": 7.3}, False), ({"vf": "hflip,crop=iw*0.95:ih*0.95"}, True)],
)
def test_a_disguised_copy_is_found_where_it_is(lessons, tmp_path, options, is_mirrored):
    copy = encoded(lessons[1], tmp_path / "copy.mp4", **options)
    (found,) = find_reuse([watched(file) for file in (lessons[0], lessons[1], copy)]).found
    assert (found.first, found.second, found.how) == ("copy.mp4", "lesson1.mp4", ReuseHow.SAME_PICTURES)
    assert found.mirrored is is_mirrored
    assert found.second_stretch.start_s - found.first_stretch.start_s == pytest.approx(options.get("ss", 0), abs=0.3)
    assert found.first_stretch.duration_s > 40
    assert found.pair.jpeg.startswith(b"\xff\xd8")


def test_a_piece_inside_another_lesson_is_found_with_its_times(lessons, tmp_path):
    piece = hidden(lessons[0], Stretch(start_s=5, end_s=35), lessons[1], 30, tmp_path / "piece.mp4")
    found = find_reuse([watched(file) for file in (lessons[0], lessons[2], piece)]).found
    assert {(one.first, one.second) for one in found} == {("piece.mp4", "lesson0.mp4")}
    assert found[0].lag_s == pytest.approx(-25, abs=0.3)
    assert 28 <= found[0].first_stretch.start_s < found[0].first_stretch.end_s <= 62


def test_the_commonest_rhythms_of_key_frames_are_taken_from_the_curves(lessons, tmp_path):
    others = [encoded(lessons[0], tmp_path / f"{gop}.mp4", g=gop, sc_threshold=0, t=20) for gop in (13, 15, 17)]
    clips = [watched(file) for file in (*lessons, *others)]
    assert _rhythms_s(clips) == [2.0, 1.3, 1.5]
    assert _rhythms_s(clips[-1:]) == [1.7]
    assert _rhythms_s([]) == []


def test_a_loop_is_found(lessons, tmp_path):
    take = encoded(lessons[2], tmp_path / "take.mp4", ss=20, t=12)
    looped = encoded(take, tmp_path / "looped.mp4", stream_loop=5, t=60)
    found = find_reuse([watched(looped)]).found
    assert found
    assert all(one.is_loop for one in found)


def test_without_effort_only_what_is_sure_is_found(lessons, tmp_path):
    copy = remux(tmp_path / "copy.mkv", lessons[0])
    found = find_reuse([watched(lessons[0]), watched(copy)], effort_s=0).found
    assert [one.how for one in found] == [ReuseHow.SAME_STREAM]
    assert find_reuse([]).found == ()


def test_a_file_that_is_gone_is_no_error(lessons, tmp_path):
    copy = remux(tmp_path / "copy.mkv", lessons[0])
    clips = [watched(lessons[0]), watched(copy)]
    copy.unlink()
    (found,) = find_reuse(clips).found
    assert found.how is ReuseHow.SAME_STREAM
    assert found.pair is None


class Broken:
    """Workers that all break."""

    def each(self, _work, items):
        yield from ((number, None) for number in range(len(items)))


def test_what_breaks_while_looking_is_told_and_does_not_end_the_run(lessons, tmp_path):
    copy = encoded(lessons[1], tmp_path / "copy.mp4")
    again = remux(tmp_path / "again.mkv", lessons[0])
    clips = [watched(file) for file in (lessons[0], lessons[1], copy, again)]
    reuses = find_reuse(clips, workers=Broken())
    assert [(one.how, one.pair) for one in reuses.found] == [(ReuseHow.SAME_STREAM, None)]
    assert (copy.name, lessons[1].name) in reuses.unseen


def test_an_exception_is_a_look_without_a_result(lessons):
    assert list(Here().each(_inverse, [1, 0, 2])) == [(0, 1.0), (1, None), (2, 0.5)]


def _inverse(number):
    return 1 / number


class Backwards:
    """Workers that are done in another order."""

    def each(self, work, items):
        yield from reversed([(number, work(item)) for number, item in enumerate(items)])


def test_findings_depend_neither_on_the_order_nor_on_the_number_of_workers(lessons, tmp_path):
    copies = [encoded(lessons[number % 2], tmp_path / f"{number}.mp4", crf=27 + number) for number in range(4)]
    clips = [watched(file) for file in (*lessons, *copies)]
    here = find_reuse(clips)
    assert len(here.found) >= 6
    assert find_reuse(clips, workers=Backwards()) == here
    assert find_reuse(clips, workers=LocalEngine(jobs=2, limits=Limits())) == here


def test_of_many_copies_one_look_each_is_enough(lessons, tmp_path, monkeypatch):
    files = [lessons[0], *(encoded(lessons[0], tmp_path / f"{crf}.mp4", crf=crf) for crf in (27, 30, 33))]
    looked = []

    def counted(look):
        looked.append((look, look_at(look)))
        return looked[-1][1]

    monkeypatch.setattr("vidaudit.run.reuse.look_at", counted)
    monkeypatch.setattr("vidaudit.run.reuse._SURE_SCORE", 6.0)
    found = find_reuse([watched(file) for file in files], effort_s=1e9).found
    assert len({(one.first, one.second) for one in found if not one.is_loop}) == 6
    assert len([look for look, seen in looked if look.first is not look.second and seen.found]) == 3


def test_a_place_that_stands_out_and_was_not_looked_at_is_told(lessons, tmp_path, monkeypatch):
    copy = encoded(lessons[1], tmp_path / "copy.mp4")
    monkeypatch.setattr("vidaudit.run.reuse._affordable_for_sure_s", lambda _clips: 0.0)
    monkeypatch.setattr("vidaudit.run.reuse._SURE_SCORE", 3.0)
    reuses = find_reuse([watched(lessons[1]), watched(copy)], effort_s=0)
    assert reuses.found == ()
    assert (copy.name, lessons[1].name) in reuses.unseen


@pytest.mark.media
def test_a_real_pan_encoded_again_stands_out_among_others(tmp_path):
    """Also where no effort is left for usual candidates, as on a disc with long lessons."""
    pans = sorted((MEDIA / "disc-real").glob("*第1期*/*/*人脸*.mp4"))
    copy = encoded(pans[0], tmp_path / "copy.mp4", vf="hflip", an=None)
    clips = [watched(pans[0]), watched(pans[1]), watched(copy)]
    clips = [replace(clip, name=str(number)) for number, clip in enumerate(clips)]
    assert [(found.first, found.second) for found in find_reuse(clips, effort_s=0).found] == [("2", "0")]


def scored(*scores: float) -> list[Candidate]:
    place = Stretch(start_s=0.0, end_s=20.0)
    return [Candidate(first=place, second=place, score=score) for score in scores]


@pytest.mark.parametrize(
    ("duration_s", "scores", "stands_out"),
    [
        (40, (3.0,), True),
        (40, (2.99,), False),
        (40, (3.1, 2.0), True),
        (40, (3.0, 2.0), False),
        (119.8, (4.0, 1.0), True),
        (120, (4.0, 1.0), False),
    ],
)
def test_the_best_place_of_two_short_clips_stands_out_by_itself(duration_s, scores, stands_out):
    bins = round(duration_s / float(CURVE_BIN_S))
    short, curve = (Curve(values=np.zeros(number, np.float32)) for number in (100, bins))
    assert _stands_out_of_short(short, curve, scored(*scores)) is stands_out
    assert _stands_out_of_short(curve, short, scored(*scores)) is stands_out
