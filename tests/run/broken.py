"""Classes broken in one way each, of small made footage, and what the rules on folders, names and files say of them."""

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.videos.rosters import INSTITUTION
from tests.clips import make_clip, pattern, remux, tone, write
from tests.run.inline import InlineEngine, publisher
from vidaudit.judge.catalogue import bind
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import plan
from vidaudit.media.probe import probe
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.verdict import ClassVerdict, Status
from vidaudit.profile import load_profile
from vidaudit.run.audit import ScanOptions, Silence, scan
from vidaudit.run.clip import ClipTask

COURSE = "2024年第9期保育师培训班"
DAY = "5月20日"
TITLE = f"{INSTITUTION}{COURSE}{DAY}"
FACE_1, FACE_2, LECTURE = (f"{DAY}/{TITLE}{words}" for words in ("课间人脸识别视频1", "课间人脸识别视频2", "授课过程"))
MECHANICAL = ("LAY001", "LAY002", "LAY003", "NAM001", "NAM002", "NAM003")
MECHANICAL += ("CON001", "CON002", "CON003", "CMP001", "CMP002", "DUR001", "DUR003")
# A program stream map with one H.264 stream, as recorders put it behind the first pack header (ISO/IEC 13818-1, 2.5.4).
_STREAM_MAP = bytes.fromhex("000001bc000ee0ff000000041be2000000000000")
_PACK_HEADER_BYTES = 14
MUXERS = {"avi": "avi", "mkv": "matroska", "flv": "flv", "ts": "mpegts", "wmv": "asf", "mov": "mov"}


@dataclass(frozen=True, kw_only=True)
class Footage:
    """What broken classes are made of: a face clip with B-frames and sound, a lecture of ten minutes, a longer one."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        path = self.folder / name
        return path if path.exists() else _MAKERS[name](self, path)


def _recorder(footage: Footage, path: Path) -> Path:
    """The silent face clip as a Hikvision recorder stores it."""
    plain = remux(path.with_suffix(".ps"), footage["silent.mp4"], f="vob", **{"bsf:v": "h264_mp4toannexb"}).read_bytes()
    mapped = plain[:_PACK_HEADER_BYTES] + _STREAM_MAP + plain[_PACK_HEADER_BYTES:]
    path.write_bytes(b"IMKH\x01\x01" + bytes(34) + mapped)
    return path


def _lecture(seconds: int) -> Callable[[Footage, Path], Path]:
    return lambda _, path: make_clip(path, size="64x48", rate="2", seconds=seconds, g=4)


def _encoded(**options: Any) -> Callable[[Footage, Path], Path]:
    return lambda _, path: make_clip(path, **({"seconds": 12} | options))


_MAKERS: Mapping[str, Callable[[Footage, Path], Path]] = {
    "face.mp4": lambda _, path: write(path, pattern(seconds=12), tone(12), acodec="aac", bf=2),
    "other.mp4": lambda _, path: make_clip(path, seconds=12, source="testsrc"),
    # Recorders give every picture a packet and a time of its own; ffmpeg does so where each fills more than a packet.
    "silent.mp4": lambda _, path: make_clip(path, seconds=12, bf=0, crf=2),
    "lecture.mp4": _lecture(604),
    "long.mp4": _lecture(700),
    "recorder.mp4": _recorder,
    "hevc.mp4": _encoded(vcodec="libx265", **{"x265-params": "log-level=none:pools=1:frame-threads=1"}),
    "vp9.webm": _encoded(vcodec="libvpx-vp9", **{"cpu-used": 8}),
    "ten-bit.mp4": _encoded(pix_fmt="yuv420p10le"),
    "mpeg2.mpg": _encoded(vcodec="mpeg2video", f="vob", rate="25"),
    "wmv2.wmv": _encoded(vcodec="wmv2"),
    **{
        f"face.{ending}": lambda footage, path, muxer=muxer: remux(path, footage["face.mp4"], f=muxer)
        for ending, muxer in MUXERS.items()
    },
}


def good(footage: Footage) -> dict[str, Path]:
    """A day as it should be."""
    faces = {f"{FACE_1}.mp4": footage["face.mp4"], f"{FACE_2}.mp4": footage["other.mp4"]}
    return {**faces, f"{LECTURE}.mp4": footage["lecture.mp4"]}


def build(disc: Path, files: Mapping[str, Path | bytes], name: str = COURSE) -> Path:
    """A class folder with these files."""
    folder = disc / name
    folder.mkdir(parents=True)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            shutil.copyfile(content, target)
    return folder


def _decoded(task: ClipTask) -> ClipEvidence:
    """The clip probed and its sampled pictures decoded, without looking at them."""
    probed = probe(task.file)
    if probed.index is None:
        return ClipEvidence(path=task.path, kind=task.kind, probe=probed.facts)
    decoder = Decoder(task.file, probed.facts, probed.index, plan(probed.index, task.kind, task.sampling))
    for _ in decoder:
        pass
    return ClipEvidence(path=task.path, kind=task.kind, probe=probed.facts, decode=decoder.facts)


def verdicts(disc: Path, out: Path) -> list[ClassVerdict]:
    """What the rules say of every class, as far as they need no look at the pictures."""
    profile = load_profile("huguan-2024")
    options = ScanOptions(profile=profile, rules=bind(profile))
    result = scan([disc], options, InlineEngine(_decoded), publisher(out, profile=profile), Silence())
    return [outcome.verdict for outcome in result.outcomes]


def failing(verdict: ClassVerdict) -> set[str]:
    """The mechanical rules that a class doesn't pass."""
    return {rule.id for rule in verdict.rules if rule.id in MECHANICAL and rule.status is not Status.PASS}


LONG_AGO = dt.datetime(2024, 5, 20, 10, 5).timestamp()
