"""Cuts inside a take: which are found, how many honest events are taken for one, and what it costs."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.disguises import RATE, encode, write_lesson
from benchmarks.measure import checked, figure, media, table
from benchmarks.splices import EVENTS, cut_and_encoded, cut_by_copy, written
from vidaudit.media.decode import Decoder
from vidaudit.media.index import PacketIndex
from vidaudit.media.plan import plan
from vidaudit.media.probe import Probed, probe
from vidaudit.model.media import Sampling
from vidaudit.model.submission import ClipKind
from vidaudit.model.take import Cut, Suspect, Trace
from vidaudit.observe.clock import ClockObserver
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.takes import EFFORT_MPX_PER_S, affordable, cuts_of, find_cuts, with_clock

_SEEDS = (1, 2)
_REMOVED_S = (0.5, 1.0, 5.0, 60.0)
# Somewhere between two key frames, which are 2 s apart, and at one.
_AT_S = (41.3, 145.7, 251.2, 356.0, 462.9)
# The lessons are as small as 640 x 360 and have 10 pictures a second. So much of the effort decodes as many places in
# them as a scan looks at in a lecture of 1920 x 1080 with 25.
_EFFORT = EFFORT_MPX_PER_S * (640 * 360) / (1920 * 1080) * 10 / 25
_EVENT_AT_S, _EVENT_CLIP_S = 52.3, 90
_NEAR_S = 0.25
# A recorder's key frames are 2 s apart here; editing programs have habits of their own.
_AGAIN = {"g": 25, "sc_threshold": 0}
_HONEST_COPIES = {"key frames 2.5 s apart": _AGAIN, "25 s apart": {"g": 250}, "coarser": {"g": 50, "crf": 33}}
_KINDS = ("copied", "copied, whole groups", "encoded again", "encoded, key frame there")


@dataclass(frozen=True, kw_only=True)
class _Row:
    """Of so many splices: with a trace but bytes, seen when looked at, found in a scan without and with a clock."""

    splices: int = 0
    traced: int = 0
    seen: int = 0
    found: int = 0
    with_clock: int = 0

    def plus(self, other: "_Row") -> "_Row":
        return _Row(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def main() -> None:
    """Print the matrix of splices, the honest events and the cost."""
    pictures = media("pictures")
    if pictures is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        lessons = [Path(folder) / f"lesson-{seed}.mp4" for seed in _SEEDS]
        for lesson, seed in zip(lessons, _SEEDS, strict=True):
            write_lesson(pictures, lesson, seed)
        _splices(lessons, Path(folder) / "cut.mp4")
        _honest(lessons, Path(folder))
    _cost()


def _splices(lessons: Sequence[Path], target: Path) -> None:
    rows = []
    for removed_s in _REMOVED_S:
        for kind in _KINDS:
            row = _Row()
            for lesson in lessons if (kind, removed_s) != ("copied, whole groups", 0.5) else ():
                row = row.plus(_measured(target, _spliced(lesson, target, kind, removed_s)))
            if row.splices:
                rows.append((f"{removed_s:g} s", kind, *vars(row).values()))
    head = ("removed", "how", "splices", "traced", "seen if looked at", "in a scan", "in a scan, with a clock")
    print(table(head, rows))


def _spliced(lesson: Path, target: Path, kind: str, removed_s: float) -> list[float]:
    """Write the lesson with its splices; where they are."""
    if kind.startswith("copied"):
        return cut_by_copy(lesson, target, [_for_copying(at_s, removed_s, kind) for at_s in _AT_S])
    removed = [(at_s, at_s + removed_s) for at_s in _AT_S]
    return cut_and_encoded(lesson, target, removed, int(RATE), at_keyframes=kind.endswith("there"), **_AGAIN)


def _for_copying(at_s: float, removed_s: float, kind: str) -> tuple[float, float]:
    """What is left out ends at a key frame; whole groups of pictures, 4 s and more of them, begin at one too."""
    key_s = 2.0 * (at_s // 2)
    if kind.endswith("groups"):
        return key_s, key_s + max(4.0 * (removed_s // 4), 4.0)
    end_s = key_s + 2.0 * (removed_s // 2 + 1)
    return end_s - removed_s, end_s


def _measured(file: Path, joints_s: Sequence[float]) -> _Row:
    """Each splice as if it were the file's only one."""
    probed = probe(file)
    assert probed.index is not None
    with_clock = with_clock_of(probed, probed.index, file)
    looks = find_cuts(file, probed.facts, probed.index, _wanted(with_clock, joints_s))
    near = [_near(probed, joint_s) for joint_s in joints_s]
    return _Row(
        splices=len(joints_s),
        traced=sum(any(one.trace not in (Trace.BYTES, Trace.KEYFRAME) for one in own) for own in near),
        seen=sum(_hits(looks, own, joint_s) for own, joint_s in zip(near, joints_s, strict=True)),
        found=_found(looks, probed, joints_s),
        with_clock=_found(looks, with_clock, joints_s),
    )


def with_clock_of(probed: Probed, index: PacketIndex, file: Path) -> Probed:
    """The same with the places at which the clock in the picture jumps, read as a scan reads it."""
    watch = ClockObserver("clock")
    for frame in Decoder(file, probed.facts, index, plan(index, ClipKind.LECTURE, Sampling())):
        watch.add(frame)
    return with_clock(probed, index, watch.finish()[0])


def _wanted(probed: Probed, joints_s: Sequence[float]) -> list[Suspect]:
    """All that any of the measurements looks at."""
    near = set().union(*(_near(probed, joint_s) for joint_s in joints_s))
    weak = _only(probed, [one for one in probed.suspects if one not in near])
    return [one for one in probed.suspects if one in near.union(affordable(weak, _EFFORT))]


def _found(looks: dict[Suspect, Cut | None], probed: Probed, joints_s: Sequence[float]) -> int:
    """How many splices a scan finds if each is alone: of what is due to the others it knows nothing."""
    near = [_near(probed, joint_s) for joint_s in joints_s]
    known = set().union(*near)
    alone = (_only(probed, [one for one in probed.suspects if one in own or one not in known]) for own in near)
    chosen = (affordable(one, _EFFORT) for one in alone)
    return sum(_hits(looks, own, joint_s) for own, joint_s in zip(chosen, joints_s, strict=True))


def _near(probed: Probed, joint_s: float) -> set[Suspect]:
    """The suspects that are due to the joint: it lies within them."""
    index = probed.index
    assert index is not None
    spans = ((one, float(index.seconds(one.after_pts)), float(index.seconds(one.until_pts))) for one in probed.suspects)
    return {one for one, after_s, until_s in spans if after_s - 0.01 <= joint_s <= until_s + 0.01}


def _only(probed: Probed, suspects: Sequence[Suspect]) -> Probed:
    return replace(probed, suspects=tuple(suspects))


def _hits(looks: dict[Suspect, Cut | None], looked_at: Sequence[Suspect] | set[Suspect], joint_s: float) -> bool:
    cuts = (looks.get(one) for one in looked_at)
    return any(cut is not None and abs(cut.at_s - joint_s) <= _NEAR_S for cut in cuts)


def _honest(lessons: Sequence[Path], folder: Path) -> None:
    """Every place is looked at, also those that no scan would."""
    wrong, looked = 0, 0
    for name, file in _honest_files(lessons, folder):
        probed = probe(file)
        assert probed.index is not None
        looks = find_cuts(file, probed.facts, probed.index, probed.suspects)
        cuts = cuts_of(looks)
        print(f"  {name}: {len(looks)} places, taken for cuts: {[(cut.at_s, cut.trace.value) for cut in cuts]}")
        wrong, looked = wrong + len(cuts), looked + len(looks)
    print(checked(f"honest, taken for cuts at {looked} places", wrong, "none", met=not wrong))


def _honest_files(lessons: Sequence[Path], folder: Path) -> Iterator[tuple[str, Path]]:
    for number, lesson in enumerate(lessons):
        yield f"lesson {number + 1}", lesson
    for name, options in _HONEST_COPIES.items():
        yield f"encoded again, {name}", encode(lessons[1], folder / "again.mp4", {"ss": 0.7, "t": 300, **options})
    short = encode(
        lessons[0], folder / "short.mp4", {"t": _EVENT_CLIP_S, "vcodec": "copy", "preset": None, "crf": None}
    )
    for name, event in EVENTS.items():
        yield name, written(short, folder / "event.mp4", event, _EVENT_AT_S)
    pictures = media("pictures")
    if pictures is not None:
        yield "people passing one by one", pictures / "intel" / "one-by-one-person-detection.mp4"


def _cost() -> None:
    """What looking for cuts takes of all that is done with a real lecture."""
    disc = media("disc-real")
    if disc is None:
        return
    lecture = next(disc.rglob("*授课过程.mp4"))
    probed = probe(lecture)
    assert probed.index is not None
    began = time.process_time()
    find_cuts(lecture, probed.facts, probed.index, affordable(probed, EFFORT_MPX_PER_S))
    takes_s = time.process_time() - began
    task = ClipTask(
        path="clip",
        file=lecture,
        bytes=lecture.stat().st_size,
        kind=ClipKind.LECTURE,
        prefix="clip",
        sampling=Sampling(),
    )
    began = time.process_time()
    observe_clip(task)
    all_s = time.process_time() - began
    print(figure("a lecture of ten minutes, all that is observed", all_s, "s"))
    print(figure("  of that looking for cuts", takes_s, "s"))
    share = takes_s / all_s
    print(checked("  share", f"{share:.1%}", "at most 4 %", met=share <= 0.04))


if __name__ == "__main__":
    main()
