"""Where the time goes: one lecture and one face clip, observed by the product's own unit of work under a profiler.

The stages are functions of the product that don't call each other (or are taken off), so their times add up. Models and
libraries are loaded before; the profiler's own cost is small because the work is done by native libraries.
"""

import cProfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import CodeType

from benchmarks.measure import media, table
from benchmarks.usual_script import observe
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.profile import load_profile

# stage -> (file within the package, its functions)
STAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hash": ("media/probe.py", ("_sha256",)),
    "demux": ("media/probe.py", ("_read_media",)),
    "decode": ("media/decode.py", ("__iter__",)),
    "find faces": ("observe/sizing.py", ("detect",)),
    "overlap": ("observe/place.py", ("shared",)),
    "camera path": ("observe/place.py", ("add",)),
    "tracks": ("observe/tracks.py", ("sight_of", "add", "never_one_person")),
    "seats": ("observe/life.py", ("look", "add")),
    "living places": ("observe/seats.py", ("look", "living")),
    "landmarks": ("observe/identity.py", ("landmarks",)),
    "face detail": ("observe/detail.py", ("effective_face_width_px",)),
    "descriptors": ("observe/describe.py", ("describe",)),
    "picture quality": ("observe/quality.py", ("add",)),
    "stills": ("observe/stills.py", ("add",)),
    "resampling": ("observe/resampling.py", ("add", "rhythm")),
    "snapshots": ("observe/snapshots.py", ("person_crop", "snapshot", "with_marks")),
}
# The decoder asks how far the camera has moved: its time there is not decoding. Picture quality asks two others.
_INSIDE = {"overlap": "decode", "stills": "picture quality", "resampling": "picture quality"}
_REST = "all else"


def main() -> None:
    disc = media("disc-real")
    if disc is None:
        return
    sampling = load_profile("huguan-2024").sampling
    lecture = next(iter(sorted(disc.rglob("*授课过程.mp4"))))
    face = next(iter(sorted(disc.rglob("*课间人脸识别视频1.mp4"))))
    for path, kind in ((lecture, ClipKind.LECTURE), (face, ClipKind.FACE)):
        observe(path, kind, sampling)  # loads models and libraries, and the file into the system's cache
        wall_s, spent_s = profiled(path, kind, sampling)
        print(f"{kind.value} clip of {path.stat().st_size / 1e6:.0f} MB: {wall_s:.2f} s")
        print(table(("  stage", "s", "share"), _rows(spent_s, wall_s)))


def profiled(path: Path, kind: ClipKind, sampling: Sampling) -> tuple[float, dict[str, float]]:
    """The wall time of observing a clip, and the seconds spent in each stage."""
    profile = cProfile.Profile()
    began = time.perf_counter()
    profile.runcall(observe, path, kind, sampling)
    wall_s = time.perf_counter() - began
    return wall_s, by_stage(profile)


def by_stage(profile: cProfile.Profile) -> dict[str, float]:
    """{stage: seconds in its functions and all they call}."""
    spent_s = dict.fromkeys(STAGES, 0.0)
    for entry in profile.getstats():
        if isinstance(entry.code, CodeType):
            stage = _stage_of(entry.code)
            if stage is not None:
                spent_s[stage] += entry.totaltime
    for inner, outer in _INSIDE.items():
        spent_s[outer] -= spent_s[inner]
    return spent_s


def _stage_of(code: CodeType) -> str | None:
    file = Path(code.co_filename).as_posix()
    for stage, (ending, names) in STAGES.items():
        if file.endswith(f"vidaudit/{ending}") and code.co_name in names:
            return stage
    return None


def _rows(spent_s: Mapping[str, float], wall_s: float) -> list[tuple[str, str, str]]:
    rest = {**spent_s, _REST: wall_s - sum(spent_s.values())}
    return [(f"  {stage}", f"{time_s:.2f}", f"{time_s / wall_s:.0%}") for stage, time_s in rest.items()]


if __name__ == "__main__":
    main()
