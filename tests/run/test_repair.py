"""Broken classes are mended, the original stays as it is, and what was copied is bit for bit what it was."""

import errno
import hashlib
import io
import os
import shutil
from collections import namedtuple
from collections.abc import Callable, Mapping
from pathlib import Path

import av
import pytest

from tests.run.broken import (
    COURSE,
    DAY,
    FACE_1,
    FACE_2,
    LECTURE,
    LONG_AGO,
    MUXERS,
    TITLE,
    Footage,
    build,
    failing,
    good,
    verdicts,
)
from tests.run.submissions import files_of, state_of
from vidaudit.errors import SetupError, UsageError
from vidaudit.judge.catalogue import bind
from vidaudit.media.probe import probe
from vidaudit.model.repair import ClassResult, ClipWork, Outcome
from vidaudit.profile import load_profile
from vidaudit.run import repair as repair_module
from vidaudit.run import repair_apply
from vidaudit.run.repair import Unwatched, check_target, mend, plan_options, planned, report_folder

Files = Mapping[str, Path | bytes]
WHOLE = {f"{FACE_1}.mp4", f"{FACE_2}.mp4", f"{LECTURE}.mp4"}


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return Footage(folder=tmp_path_factory.mktemp("footage"))


def fix(paths: list[Path], out: Path, *, cut_lectures: bool = False) -> tuple[ClassResult, ...]:
    options = plan_options(bind(load_profile("huguan-2024")), cut_lectures=cut_lectures)
    with planned(paths, options, Unwatched()) as repair:
        return mend(repair, out, Unwatched())


def swapped(footage: Footage, old: str, new: str, content: Path) -> Files:
    """A good day with one clip in another form."""
    return {path: one for path, one in good(footage).items() if path != old} | {new: content}


def in_container(ending: str) -> Callable[[Footage], Files]:
    return lambda footage: swapped(footage, f"{FACE_1}.mp4", f"{FACE_1}.{ending}", footage[f"face.{ending}"])


def renamed(name: str) -> Callable[[Footage], Files]:
    return lambda footage: swapped(footage, f"{FACE_1}.mp4", f"{FACE_1}.mp4", footage[name])


def moved(rename: Callable[[str], str], extra: Files | None = None) -> Callable[[Footage], Files]:
    return lambda footage: {rename(path): one for path, one in good(footage).items()} | dict(extra or {})


# kind: (the class, the rules that it breaks)
BROKEN: dict[str, tuple[Callable[[Footage], Files], set[str]]] = {
    **{f"an {ending} file": (in_container(ending), {"CON001", "NAM001"}) for ending in MUXERS},
    "an avi called mp4": (renamed("face.avi"), {"CON001"}),
    "a recorder's file": (renamed("recorder.mp4"), {"CON001", "CON002"}),
    "hevc": (renamed("hevc.mp4"), {"CON003"}),
    "vp9 in webm": (renamed("vp9.webm"), {"CON001", "CON003"}),
    "ten bits": (renamed("ten-bit.mp4"), {"CON003"}),
    "mpeg-2 of a disc": (renamed("mpeg2.mpg"), {"CON001", "CON003"}),
    "windows media": (renamed("wmv2.wmv"), {"CON001", "CON003"}),
    "names in full width": (moved(lambda path: path.replace("视频1", "视频１")), {"NAM001"}),
    "names with Chinese numbers": (moved(lambda path: path.replace("视频2", "视频（二）")), {"NAM001"}),
    "an ending that is wrong": (
        moved(lambda path: path.replace("1.mp4", "1.mkv")),
        {"CON001", "NAM001"},
    ),
    "no day folders": (
        moved(lambda path: path.rpartition("/")[2]),
        {"LAY001", "LAY002", "LAY003", "NAM002", "CMP001", "CMP002"},
    ),
    "a folder without a date": (moved(lambda path: path.replace(f"{DAY}/", "视频/")), {"LAY002", "NAM002"}),
    "a day in two folders": (
        moved(lambda path: path.replace(f"{DAY}/", "0520/") if "授课" in path else path),
        {"LAY002", "CMP001", "CMP002"},
    ),
    "folders for the halves of a day": (
        moved(lambda path: path.replace(f"{DAY}/", f"{DAY}/上午/").replace("视频1", "视频").replace("视频2", "视频2")),
        {"LAY003", "NAM001", "CMP001"},
    ),
    "numbers told by the time": (
        moved(lambda path: path.replace("视频1", "视频-10点05").replace("视频2", "视频-15点30")),
        {"NAM001", "CMP001"},
    ),
    "what nobody asked for": (
        moved(str, {f"{DAY}/1.mp4": b"", "Thumbs.db": b"x", "~$花名册.xlsx": b"x", "AUTORUN.INF": b"x"}),
        {"LAY003", "NAM001", "CON001", "CON002", "CON003"},
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_class_passes_afterwards(footage: Footage, tmp_path: Path, kind: str) -> None:
    make, breaks = BROKEN[kind]
    folder = build(tmp_path / "disc", make(footage))
    before = state_of(tmp_path / "disc")
    (broken,) = verdicts(tmp_path / "disc", tmp_path / "reports")
    assert failing(broken)
    assert failing(broken) <= breaks
    (result,) = fix([folder], tmp_path / "new")
    assert {clip.outcome for clip in result.clips} == {Outcome.DONE}
    assert files_of(tmp_path / "new" / COURSE) == WHOLE
    (verdict,) = verdicts(tmp_path / "new", tmp_path / "reports-2")
    assert failing(verdict) == set()
    assert state_of(tmp_path / "disc") == before


def packets(path: Path, kind: str, form: str | None = None) -> list[bytes]:
    with av.open(str(path), format=form) as media:
        return [bytes(packet) for packet in media.demux(media.streams.get({kind: 0})[0]) if packet.size]


def pictures(path: Path, form: str | None = None) -> list[str]:
    """A hash of every decoded picture."""
    with av.open(str(path), format=form) as media:
        return [hashlib.sha256(frame.to_ndarray()).hexdigest() for frame in media.decode(video=0)]


@pytest.mark.parametrize("ending", ["avi", "mkv", "flv", "wmv", "mov"])
def test_rewrapped_streams_are_the_same_packets(footage: Footage, tmp_path: Path, ending: str) -> None:
    folder = build(tmp_path / "disc", in_container(ending)(footage))
    (result,) = fix([folder], tmp_path / "new")
    clip = next(one for one in result.clips if one.plan.source == f"{FACE_1}.{ending}")
    made = tmp_path / "new" / COURSE / f"{FACE_1}.mp4"
    assert (clip.work, clip.num_identical) == (ClipWork.REMUX, 2)
    for kind in ("video", "audio"):
        assert packets(made, kind) == packets(footage[f"face.{ending}"], kind)
    assert hashlib.sha256(made.read_bytes()).hexdigest() == clip.sha256_after


@pytest.mark.parametrize(("name", "form"), [("face.ts", "mpegts"), ("recorder.mp4", "mpeg")])
def test_rewrapped_streams_show_the_same_pictures(footage: Footage, tmp_path: Path, name: str, form: str) -> None:
    """Their packets lie in another byte format (start codes), so what they decode to is compared."""
    folder = build(tmp_path / "disc", renamed(name)(footage))
    (result,) = fix([folder], tmp_path / "new")
    assert [one.work for one in result.clips].count(ClipWork.REMUX) == 1
    made = pictures(tmp_path / "new" / COURSE / f"{FACE_1}.mp4")
    assert len(made) == 120
    assert made == pictures(footage[name], form)


def test_files_that_are_right_are_copied_byte_for_byte_with_their_times(footage: Footage, tmp_path: Path) -> None:
    papers = {"花名册.csv": b"a", f"{DAY}/签到.pdf": b"%PDF-1"}
    folder = build(tmp_path / "disc", {**good(footage), **papers})
    for path in folder.rglob("*.*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    (result,) = fix([tmp_path / "disc"], tmp_path / "new")
    new = tmp_path / "new" / COURSE
    assert files_of(new) == WHOLE | set(papers)
    for path in files_of(new):
        assert (new / path).read_bytes() == (folder / path).read_bytes()
        assert (new / path).stat().st_mtime == LONG_AGO
    assert all(clip.sha256_before == clip.sha256_after for clip in result.clips)


def test_a_long_lecture_is_cut_only_when_asked_and_never_too_short(footage: Footage, tmp_path: Path) -> None:
    folder = build(tmp_path / "disc", swapped(footage, f"{LECTURE}.mp4", f"{LECTURE}.mp4", footage["long.mp4"]))
    fix([folder], tmp_path / "whole")
    fix([folder], tmp_path / "cut", cut_lectures=True)
    lengths = [probe(tmp_path / name / COURSE / f"{LECTURE}.mp4").facts.duration_s for name in ("whole", "cut")]
    assert lengths[0] == 700
    assert lengths[1] is not None
    assert 600 <= lengths[1] <= 602
    cut = packets(tmp_path / "cut" / COURSE / f"{LECTURE}.mp4", "video")
    assert packets(footage["long.mp4"], "video")[: len(cut)] == cut
    (verdict,) = verdicts(tmp_path / "cut", tmp_path / "reports")
    assert failing(verdict) == set()


def test_transcoded_clips_last_as_long_and_are_no_larger(footage: Footage, tmp_path: Path) -> None:
    folder = build(tmp_path / "disc", renamed("hevc.mp4")(footage))
    fix([folder], tmp_path / "new")
    facts = probe(tmp_path / "new" / COURSE / f"{FACE_1}.mp4").facts
    assert facts.header is not None
    assert (facts.header.codec, facts.header.pixel_format) == ("h264", "yuv420p")
    assert facts.header.display_size_px == (160, 120)
    assert facts.packets is not None
    assert (facts.packets.num_packets, facts.duration_s) == (120, 12)


def test_one_bad_clip_stays_as_it_is_and_the_rest_is_mended(footage: Footage, tmp_path: Path, monkeypatch) -> None:
    text = "请稍后补交\n".encode()
    files = {**good(footage), f"{FACE_1}.mp4": text, f"5月21日/{TITLE}授课过程.avi": footage["face.avi"]}
    folder = build(tmp_path / "disc", files)
    (result,) = fix([folder], tmp_path / "new")
    assert (tmp_path / "new" / COURSE / f"{FACE_1}.mp4").read_bytes() == text
    assert any(note.code == "not-mendable" and note.path == f"{FACE_1}.mp4" for note in result.plan.notes)
    kept = {note.code for note in result.plan.notes if note.path == f"5月21日/{TITLE}授课过程.avi"}
    assert "date-differs" in kept
    assert f"5月21日/{TITLE}授课过程.mp4" in files_of(tmp_path / "new" / COURSE)


def test_what_isnt_proven_the_same_isnt_taken(footage: Footage, tmp_path: Path, monkeypatch) -> None:
    folder = build(tmp_path / "disc", in_container("avi")(footage))
    monkeypatch.setattr(repair_apply, "encoded_marks", lambda path, _: {0: str(path).encode().ljust(64)})
    (result,) = fix([folder], tmp_path / "new")
    clip = next(one for one in result.clips if one.plan.source == f"{FACE_1}.avi")
    assert (clip.outcome, clip.work, clip.target) == (Outcome.AS_IT_WAS, ClipWork.COPY, f"{FACE_1}.avi")
    assert (tmp_path / "new" / COURSE / f"{FACE_1}.avi").read_bytes() == footage["face.avi"].read_bytes()
    assert f"{FACE_1}.mp4" not in files_of(tmp_path / "new" / COURSE)


def test_an_interrupted_repair_leaves_nothing(footage: Footage, tmp_path: Path, monkeypatch) -> None:
    folder = build(tmp_path / "disc", in_container("avi")(footage))

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(repair_apply, "write_mp4", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fix([folder], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_too_little_room_is_told_before_anything_is_written(footage: Footage, tmp_path: Path, monkeypatch) -> None:
    folder = build(tmp_path / "disc", good(footage))
    usage = namedtuple("usage", "total used free")(2**40, 2**40, 2**30)
    monkeypatch.setattr(repair_module.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(SetupError, match="GiB are free"):
        fix([folder], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_disk_that_fills_up_is_told_and_nothing_half_is_left(footage: Footage, tmp_path: Path, monkeypatch) -> None:
    folder = build(tmp_path / "disc", good(footage))
    before = state_of(tmp_path / "disc")

    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(repair_apply, "_new_file", lambda _: Full())
    with pytest.raises(SetupError, match="No space left"):
        fix([folder], tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert state_of(tmp_path / "disc") == before


@pytest.mark.parametrize("place", ["disc", "disc/new", ".", "link/new", "full", "dangling"])
def test_where_the_copy_may_not_go(tmp_path: Path, place: str) -> None:
    (tmp_path / "disc").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "disc", target_is_directory=True)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        check_target(tmp_path / place, [tmp_path / "disc"])


def test_where_the_copy_and_its_account_go(tmp_path: Path) -> None:
    (tmp_path / "disc").mkdir()
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty", "deep/new"):
        check_target(tmp_path / name, [tmp_path / "disc"])
    assert report_folder(tmp_path / "new") == tmp_path / "new-report"
    with pytest.raises(UsageError):
        report_folder(Path("/"))


def test_a_zip_and_two_classes_of_one_name(footage: Footage, tmp_path: Path) -> None:
    build(tmp_path / "1", good(footage))
    build(tmp_path / "2", good(footage))
    archive = shutil.make_archive(str(tmp_path / "disc"), "zip", tmp_path / "1")
    results = fix([Path(archive), tmp_path / "2"], tmp_path / "new")
    assert [result.plan.target for result in results] == [COURSE, f"{COURSE} (2)"]
    assert files_of(tmp_path / "new" / f"{COURSE} (2)") == WHOLE


def test_links_leading_out_are_left_out_and_a_missing_day_is_kept(footage: Footage, tmp_path: Path) -> None:
    folder = build(tmp_path / "disc", good(footage))
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    (folder / DAY / "泄密.mp4").symlink_to(tmp_path / "secret.mp4")
    (folder / "5月21日").mkdir()
    (result,) = fix([folder], tmp_path / "new")
    assert files_of(tmp_path / "new" / COURSE) == WHOLE
    assert (tmp_path / "new" / COURSE / "5月21日").is_dir()
    assert [note.code for note in result.plan.left_out] == ["link-outside"]
    codes = {note.code for note in result.plan.notes if note.path == "5月21日"}
    assert codes == {"missing-face-clips", "missing-lecture"}
