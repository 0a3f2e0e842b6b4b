"""Footage used twice: which disguises are found, how many honest lessons are taken for each other, what it costs."""

import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import av

from benchmarks.disguises import copies, hidden, looped, turned, write_lesson
from benchmarks.measure import alternately, checked, figure, media, table
from vidaudit.media.excerpt import Film
from vidaudit.media.fingerprint import PacketTrace
from vidaudit.media.probe import probe
from vidaudit.model.fingerprint import ReuseFound, ReuseHow
from vidaudit.model.still import Stretch
from vidaudit.model.submission import ClipKind
from vidaudit.profile import load_profile
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.look import WatchedClip
from vidaudit.run.reuse import find_reuse

_NUM_LESSONS = 18
_TOGETHER_EVERY = 4  # one lesson in so many has everybody move in one step
_LOOPS_S = (5.0, 12.0, 40.0)
_TURNED_S = 120.0
_ALL_EFFORT_S = 1e9
# (from which second of the source, to which of which other lesson) a piece is copied, and how long pieces are.
_PIECES = ((60, 330, 4), (400, 90, 9), (210, 380, 14))
_PIECE_LENGTHS_S = (30, 60, 120)


def main() -> None:
    """Print all tables."""
    pictures = media("pictures")
    if pictures is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        lessons = _lessons(pictures, Path(folder))
        disguised = _disguises(lessons, Path(folder))
        _honest(lessons)
        _on_a_disc(lessons, disguised[-2:])
        _pieces(lessons, Path(folder))
        _loops(lessons[1].film.path, Path(folder))
        _cost(lessons[0].film.path)
    _duplicates(pictures / "tmk")
    _share_of_a_scan(pictures.parent / "disc-real")


def watched(file: Path, name: str) -> WatchedClip:
    """A clip, probed.

    Raises:
        ValueError: it has no picture.
    """
    probed = probe(file)
    if probed.index is None or probed.fingerprint is None:
        raise ValueError(f"{file} has no picture")
    film = Film(path=file, probe=probed.facts, index=probed.index)
    return WatchedClip(name=name, film=film, fingerprint=probed.fingerprint)


def _lessons(pictures: Path, folder: Path) -> list[WatchedClip]:
    """Honest lessons in one room: those of the test media and more made from the same classroom."""
    real = sorted((pictures.parent / "disc-real").glob("*/*/*授课过程.mp4"))
    made = [folder / f"lesson-{seed:02d}.mp4" for seed in range(_NUM_LESSONS)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_write, [pictures] * _NUM_LESSONS, made, range(_NUM_LESSONS)))
    return [watched(file, f"lesson {number:02d}") for number, file in enumerate([*made, *real])]


def _write(pictures: Path, target: Path, seed: int) -> None:
    write_lesson(pictures, target, seed, together=seed % _TOGETHER_EVERY == _TOGETHER_EVERY - 1)


def _disguises(lessons: Sequence[WatchedClip], folder: Path) -> list[WatchedClip]:
    """Each disguised copy against its source and one other lesson of the room; returns the copies."""
    rows, made = [], []
    source, other, stranger = lessons[:3]
    for name, file in copies(source.film.path, other.film.path, folder):
        made.append(watched(file, name))
        found = find_reuse([source, stranger, made[-1]]).found
        right = [one for one in found if {one.first, one.second} == {name, source.name}]
        wrong = [one for one in found if stranger.name in (one.first, one.second)]
        rows.append((name, "found" if right else "MISSED", len(wrong), _told(right)))
    print(table(("disguise", "", "false", "what and where"), rows))
    missed = [row[0] for row in rows if row[1] != "found"]
    print(checked("disguises missed", ", ".join(map(str, missed)) or "none", "none", met=not missed))
    return made


def _on_a_disc(lessons: Sequence[WatchedClip], disguised: Sequence[WatchedClip]) -> None:
    """A copy among all the lessons, with the effort that a scan affords."""
    found = []
    for copy in disguised:
        reuses = find_reuse([*lessons, copy]).found
        found += [copy.name] if any({one.first, one.second} == {copy.name, lessons[0].name} for one in reuses) else []
    missed = [copy.name for copy in disguised if copy.name not in found]
    label = f"missed among {len(lessons)} lessons, as in a scan"
    print(checked(label, ", ".join(missed) or "none", "none", met=not missed))


def _pieces(lessons: Sequence[WatchedClip], folder: Path) -> None:
    """Pieces of one lesson within others, encoded again: with its source and one more lesson, and among all."""
    rows = []
    for length_s in _PIECE_LENGTHS_S:
        alone = among = 0
        for from_s, at_s, other in _PIECES:
            stretch = Stretch(start_s=from_s, end_s=from_s + length_s)
            target = folder / f"piece-{length_s}-{other}.mp4"
            hidden(lessons[0].film.path, stretch, lessons[other].film.path, at_s, target)
            piece = watched(target, "piece")
            alone += _shares([lessons[0], lessons[2], piece])
            among += _shares([lesson for lesson in lessons if lesson is not lessons[other]] + [piece])
        rows.append((f"{length_s} s", f"{alone} of {len(_PIECES)}", f"{among} of {len(_PIECES)}"))
    print(table(("piece within another lesson", "among 3", f"among {len(lessons)}"), rows))


def _shares(clips: Sequence[WatchedClip]) -> bool:
    """Whether the last clip is found to share footage with the first, as in a scan."""
    names = {clips[0].name, clips[-1].name}
    return any({one.first, one.second} == names for one in find_reuse(clips).found)


def _told(found: Iterable[ReuseFound]) -> str:
    return "; ".join(
        f"{one.how} {one.score:.2f}{' mirrored' if one.mirrored else ''}"
        f" {one.first_stretch.start_s:.0f}-{one.first_stretch.end_s:.0f} s"
        f" = {one.second_stretch.start_s:.0f}-{one.second_stretch.end_s:.0f} s"
        for one in found
    )


def _honest(lessons: Sequence[WatchedClip]) -> None:
    number = len(list(combinations(lessons, 2)))
    for what, effort_s in (("as in a scan", None), ("every candidate looked at", _ALL_EFFORT_S)):
        began = time.perf_counter()
        found = find_reuse(lessons, effort_s).found
        took_s = time.perf_counter() - began
        label = f"honest lessons taken for each other or for loops, {number} pairs, {what}"
        print(checked(label, len(found), "none", met=not found))
        print(figure("  seconds an hour of video", 3600 * took_s / _duration_s(lessons), "s"))


def _duration_s(clips: Iterable[WatchedClip]) -> float:
    return sum(float(clip.fingerprint.duration_s) for clip in clips)


def _loops(source: Path, folder: Path) -> None:
    for period_s in _LOOPS_S:
        file = looped(source, folder / f"loop-{period_s:.0f}.mp4", from_s=100, period_s=period_s, duration_s=300)
        found = find_reuse([watched(file, "loop")]).found
        print(checked(f"a loop of {period_s:.0f} s", _told(found) or "missed", "found", met=bool(found)))
    back = turned(source, folder / "back.mp4", length_s=_TURNED_S)
    found = find_reuse([watched(back, "back")]).found
    told = any(one.how is ReuseHow.REVERSED for one in found)
    print(checked(f"{_TURNED_S:.0f} s played to and fro", _told(found) or "missed", "found", met=told))


def _cost(file: Path) -> None:
    """The share of a probe that the fingerprint takes."""
    with av.open(str(file)) as media_file:
        packets = [packet for packet in media_file.demux(video=0) if packet.size and packet.pts is not None]

    def probing() -> float:
        began = time.perf_counter()
        probe(file)
        return time.perf_counter() - began

    def tracing() -> float:
        began = time.perf_counter()
        trace = PacketTrace()
        for packet in packets:
            trace.add(packet.pts or 0, memoryview(packet), is_keyframe=packet.is_keyframe)
        trace.fingerprint(Fraction(1, 1000))
        return time.perf_counter() - began

    whole, part = (min(times) for times in alternately(probing, tracing, 9))
    print(figure("the fingerprint on top of a probe", 100 * part / (whole - part), "%", at_most=5))


def _share_of_a_scan(disc: Path) -> None:
    """Processor time for comparing a disc's clips, against observing them."""
    sampling = load_profile("huguan-2024").sampling
    files = sorted(disc.rglob("*.mp4"))
    spent_s = {}
    for file in files:
        kind = ClipKind.LECTURE if file.stem.endswith("授课过程") else ClipKind.FACE
        task = ClipTask(
            path=file.name, file=file, bytes=file.stat().st_size, kind=kind, prefix="clip", sampling=sampling
        )
        began = time.process_time()
        observe_clip(task)
        spent_s[file] = time.process_time() - began
    for what, chosen in (
        ("disc-real", files),
        ("its lectures, all honest", [one for one in files if "授课" in one.stem]),
    ):
        clips = [watched(file, str(file)) for file in chosen]
        began = time.process_time()
        find_reuse(clips)
        share = 100 * (time.process_time() - began) / sum(spent_s[file] for file in chosen)
        print(figure(f"comparing footage, share of the time of observing: {what}", share, "%", at_most=15))


def _duplicates(folder: Path) -> None:
    """A known set: all chairs are one take and all patterns are one, nothing else is."""
    clips = [watched(file, file.stem) for file in sorted(folder.glob("*.mp4"))]
    found = {frozenset((one.first, one.second)) for one in find_reuse(clips, _ALL_EFFORT_S).found if not one.is_loop}
    true = {
        frozenset((one.name, other.name))
        for one, other in combinations(clips, 2)
        if one.name.split("-")[0] == other.name.split("-")[0]
    }
    print(checked("known duplicates found", f"{len(found & true)} of {len(true)}", "all", met=true <= found))
    print(checked("others taken for duplicates", len(found - true), "none", met=found <= true))


if __name__ == "__main__":
    main()
