"""Whether footage was used twice: in the class, in another one, in an earlier submission, or as a loop."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import not_evaluated, passed, to_review
from vidaudit.judge.rule import Needs, Rule
from vidaudit.judge.subjects import ClipSubject, clip_subjects
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.fingerprint import ReuseHow
from vidaudit.model.reuse import Reuse, ReuseEvidence
from vidaudit.model.still import Stretch
from vidaudit.model.submission import ClipFile, ClipKind
from vidaudit.model.verdict import Finding, Scope, Value, Where


@dataclass(frozen=True, kw_only=True)
class ReuseParameters:
    """From when on shared footage counts.

    Args:
        min_stream_s: of the same encoded bytes.
        min_pictures_s: of the same pictures, encoded again.
        min_clip_share: of the shorter clip; so much counts even where it is less than that many seconds.
    """

    min_stream_s: float
    min_pictures_s: float
    min_clip_share: float


@dataclass(frozen=True, kw_only=True)
class LoopParameters:
    """`min_repeated_s`: so much of a clip must have been there before."""

    min_repeated_s: float


def check_reused_here(evidence: ClassEvidence, parameters: ReuseParameters) -> Iterator[Finding]:
    """No two clips of the class show the same."""
    yield from _unfinished(evidence)
    reuse = evidence.reuse
    if reuse is None or reuse.compared is None:
        return
    known = _clips(evidence)
    pairs = _by_pair(one for one in reuse.found if one.there.class_name is None and _counts(one, known, parameters))
    for pair in pairs:
        here, there = (known[side.clip].clip for side in (pair[0].here, pair[0].there))
        yield _finding(pair, reuse, {"relation": _relation(here, there)})
    if not pairs and _compared(evidence):
        yield passed("ok", {"clips": len(_compared(evidence))})


def check_reused_elsewhere(evidence: ClassEvidence, parameters: ReuseParameters) -> Iterator[Finding]:
    """No clip shows what another class, or an earlier submission, shows too."""
    yield from _unfinished(evidence)
    reuse = evidence.reuse
    if reuse is None or reuse.compared is None:
        return
    yield from _unasked(reuse)
    known = _clips(evidence)
    found = [one for one in reuse.found if one.there.class_name is not None and _counts(one, known, parameters)]
    for pair in _by_pair(found):
        there = pair[0].there
        day = None if there.scanned_on is None else there.scanned_on.isoformat()
        yield _finding(pair, reuse, {"other_class": there.class_name, "scanned_on": day})
    if not found and _compared(evidence) and (reuse.compared or reuse.num_earlier is not None):
        yield passed("ok", {"classes": reuse.compared or None, "earlier": reuse.num_earlier})


def check_looped(clip: ClipSubject, parameters: LoopParameters) -> Iterator[Finding]:
    """No stretch of the clip comes again in it."""
    reuse = clip.class_.reuse
    if reuse is None or reuse.compared is None:
        yield not_evaluated("never-compared" if reuse is None else "waiting")
        return
    loops = [one for one in reuse.found if one.is_loop and one.here.clip == clip.clip.path]
    repeated_s = _union_s(one.there.stretch for one in loops)
    if not loops or repeated_s < parameters.min_repeated_s:
        yield passed("ok")
        return
    for code, is_back in (("looped", False), ("reversed", True)):
        same_way = [one for one in loops if (one.how is ReuseHow.REVERSED) is is_back]
        if same_way:
            yield _loop(code, max(same_way, key=_shared_s), reuse, len(same_way), repeated_s)


def _loop(code: str, longest: Reuse, reuse: ReuseEvidence, number: int, repeated_s: float) -> Finding:
    assert longest.here.stretch is not None
    assert longest.there.stretch is not None
    period_s = longest.there.stretch.start_s - longest.here.stretch.start_s
    more: dict[str, Value] = {"period_s": period_s, "repeated_s": repeated_s, "stretches": number}
    return _finding([longest], reuse, more, code=code)


def is_asked(evidence: ClassEvidence, _parameters: object) -> bool:
    """Only where there is something else to compare with: another class of the run, or a registry."""
    reuse = evidence.reuse
    if reuse is None:
        return False
    return reuse.compared != () or reuse.num_earlier is not None or reuse.registry_problem is not None


def _unasked(reuse: ReuseEvidence) -> Iterator[Finding]:
    """What was wrong with the registry: earlier submissions weren't compared, or later ones won't know of this."""
    if reuse.registry_problem is not None:
        code = "no-registry" if reuse.num_earlier is None else "not-recorded"
        yield not_evaluated(code, {"registry_problem": reuse.registry_problem})


def _unfinished(evidence: ClassEvidence) -> Iterator[Finding]:
    """What keeps the comparison from being whole."""
    reuse = evidence.reuse
    if reuse is None:
        yield not_evaluated("never-compared")
        return
    if reuse.compared is None:
        yield not_evaluated("waiting")
        return
    if not evidence.folder.clips:
        yield not_evaluated("no-clips")
    if reuse.num_open:
        yield not_evaluated("not-looked-at", {"places": reuse.num_open})
    compared = _compared(evidence)
    for clip in clip_subjects(evidence):
        if clip.is_video is not False and clip.clip.path not in compared:
            yield not_evaluated("not-compared", where=Where(clip=clip.clip.path))


def _compared(evidence: ClassEvidence) -> set[str]:
    """The clips whose packets could be read."""
    return {clip.path for clip in evidence.clips if clip.probe is not None and clip.probe.packets is not None}


def _clips(evidence: ClassEvidence) -> dict[str, ClipSubject]:
    return {clip.clip.path: clip for clip in clip_subjects(evidence)}


def _counts(reuse: Reuse, known: Mapping[str, ClipSubject], parameters: ReuseParameters) -> bool:
    """Whether it is no loop and long enough to tell."""
    if reuse.is_loop:
        return False
    if reuse.how is ReuseHow.SAME_FILE:
        return True
    least_s = parameters.min_stream_s if reuse.how is ReuseHow.SAME_STREAM else parameters.min_pictures_s
    sides = [known[side.clip] for side in (reuse.here, reuse.there) if side.class_name is None and side.clip in known]
    lengths_s = [float(probe.duration_s) for side in sides if (probe := side.evidence.probe) and probe.duration_s]
    return _shared_s(reuse) >= min([least_s, *(parameters.min_clip_share * length_s for length_s in lengths_s)])


def _by_pair(found: Iterable[Reuse]) -> list[list[Reuse]]:
    """All that two clips share together, the longest stretch first."""
    pairs: dict[tuple[str, str | None, str], list[Reuse]] = defaultdict(list)
    for one in found:
        pairs[one.here.clip, one.there.class_name, one.there.clip].append(one)
    return [sorted(pair, key=_shared_s, reverse=True) for pair in pairs.values()]


def _shared_s(reuse: Reuse) -> float:
    return 0.0 if reuse.here.stretch is None else reuse.here.stretch.duration_s


def _union_s(stretches: Iterable[Stretch | None]) -> float:
    """How many seconds the stretches cover together."""
    total_s, until_s = 0.0, 0.0
    for stretch in sorted((one for one in stretches if one is not None), key=lambda one: one.start_s):
        total_s += max(0.0, stretch.end_s - max(stretch.start_s, until_s))
        until_s = max(until_s, stretch.end_s)
    return total_s


def _relation(here: ClipFile, there: ClipFile) -> str:
    if here.day is None or there.day is None or here.day != there.day:
        return "other-day"
    return "both-pans" if here.kind is there.kind is ClipKind.FACE else "same-day"


def _finding(
    pair: Sequence[Reuse], reuse: ReuseEvidence, more: Mapping[str, Value], code: str | None = None
) -> Finding:
    """One finding for what two clips share: where the longest stretch is, how long all of them are."""
    longest = pair[0]
    here, there = longest.here, longest.there
    picture = next((name for one in pair for name in one.snapshots), None)
    shown_at_s, other_at_s = _shown(pair, reuse, picture)
    return to_review(
        code or ("copied-file" if longest.how is ReuseHow.SAME_FILE else "reused"),
        {
            "how": longest.how.value,
            "other_clip": there.clip,
            "other_at_s": other_at_s,
            "from_s": None if here.stretch is None else max(here.stretch.start_s, 0.0),
            "to_s": None if here.stretch is None else here.stretch.end_s,
            "other_from_s": None if there.stretch is None else max(there.stretch.start_s, 0.0),
            "other_to_s": None if there.stretch is None else there.stretch.end_s,
            "shared_s": None if here.stretch is None else _union_s(one.here.stretch for one in pair),
            "mirrored": longest.mirrored,
            "score": longest.score,
            **more,
        },
        where=Where(clip=here.clip, at_s=shown_at_s),
        snapshot=picture,
    )


def _shown(pair: Sequence[Reuse], reuse: ReuseEvidence, picture: str | None) -> tuple[float | None, float | None]:
    """When the picture was taken in the two clips; without one, when the longest stretch begins there."""
    for still in reuse.snapshots:
        for one in pair:
            if still.name == picture and picture in one.snapshots and one.here.stretch and one.there.stretch:
                passed_s = still.at_s - one.here.stretch.start_s
                is_back = one.how is ReuseHow.REVERSED
                start_s, end_s = one.there.stretch.start_s, one.there.stretch.end_s
                return still.at_s, end_s - passed_s if is_back else start_s + passed_s
    here, there = pair[0].here.stretch, pair[0].there.stretch
    return None if here is None else here.start_s, None if there is None else there.start_s


_STRETCHES: Final = (
    *("how", "other_clip", "other_at_s", "from_s", "to_s", "other_from_s", "other_to_s", "shared_s", "mirrored"),
    "score",
)
_UNFINISHED: Final[Mapping[str, tuple[str, ...]]] = {
    "never-compared": (),
    "waiting": (),
    "not-looked-at": ("places",),
    "not-compared": (),
    "no-clips": (),
}

REUSED_HERE: Final = Rule(
    id="AUT001",
    slug="reused-here",
    title_zh="本班画面重复使用",
    title_en="Footage used twice in the class",
    scope=Scope.CLASS,
    rationale="Each clip must be filmed on its own occasion; the same footage under two names shows one of them only.",
    parameters=ReuseParameters,
    check=check_reused_here,
    codes={
        "ok": ("clips",),
        "copied-file": (*_STRETCHES, "relation"),
        "reused": (*_STRETCHES, "relation"),
        **_UNFINISHED,
    },
)

REUSED_ELSEWHERE: Final = Rule(
    id="AUT002",
    slug="reused-elsewhere",
    title_zh="与其他班或以前的报送画面相同",
    title_en="Footage of another class or an earlier submission",
    scope=Scope.CLASS,
    rationale="Footage of another class, or handed in before, doesn't show this training.",
    parameters=ReuseParameters,
    check=check_reused_elsewhere,
    asked=is_asked,
    codes={
        "ok": ("classes", "earlier"),
        "copied-file": (*_STRETCHES, "other_class", "scanned_on"),
        "reused": (*_STRETCHES, "other_class", "scanned_on"),
        "no-registry": ("registry_problem",),
        "not-recorded": ("registry_problem",),
        **_UNFINISHED,
    },
)

LOOPED: Final = Rule(
    id="AUT003",
    slug="looped",
    title_zh="片内画面循环",
    title_en="A stretch that comes again",
    scope=Scope.CLIP,
    rationale="A short take repeated until it is long enough shows a short take.",
    parameters=LoopParameters,
    check=check_looped,
    requires=frozenset({Needs.PROBE, Needs.PACKETS}),
    codes={
        "ok": (),
        **dict.fromkeys(("looped", "reversed"), (*_STRETCHES, "period_s", "repeated_s", "stretches")),
        "never-compared": (),
        "waiting": (),
    },
)
