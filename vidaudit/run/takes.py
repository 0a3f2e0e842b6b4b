"""Whether a clip is one take: its packets say where it may have been cut, the pictures there whether it was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from vidaudit.media.decode import Decoder
from vidaudit.media.index import PacketIndex
from vidaudit.media.plan import Plan
from vidaudit.media.probe import Probed
from vidaudit.media.runs import Run, grey_runs, start_pts
from vidaudit.model.clock import ClockEvidence
from vidaudit.model.media import MediaProbe
from vidaudit.model.still import Snapshot, SnapshotPurpose
from vidaudit.model.take import Cut, Suspect, TakeEvidence, Trace
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.takes import TAKE_WIDTH_PX, Least, largest_jump

_AROUND_S = Fraction(6, 10)
_LEAST_AROUND = 4
# Observing a lecture of ten minutes at 1920 x 1080 takes 7 s of processor time, decoding a megapixel 1.7 ms. With the
# places that are looked at in any case this is less than a twentieth of it.
EFFORT_MPX_PER_S: Final = 0.1
_COMPARED_MPX = 0.6  # what comparing a picture takes, as if it were decoded
# So many are looked at, whatever they cost: what wasn't looked at proves nothing. Honest clips seldom have strong ones,
# and hardly ever stretches in which a cut must be.
_LEAST_PLACES, _LEAST_PLACES_PER_S, _LEAST_STRONG, _LEAST_NEAR = 1, 1 / 600, 12, 2
_MANY_NEAR = 4  # a beat that shifts more often is none, and one of its stretches tells as much as all
_MOST_CUTS = 8
# What pictures must show. Measured on 14,000 steps of honest lessons, looked at by a scan or not: 15 px and more jump
# in 0.8 % of them, 40 in 0.07 %, 60 at two places at once in none.
_TRACE_HERE = Least(places=1, excess_px=15)
_SOMEWHERE_NEAR = Least(places=1, excess_px=40)
_NO_TRACE = Least(places=2, excess_px=60)
# With fewer pictures a second than this a whole gesture fits between two of them: there a trace must be at the very
# place, or half of the picture another one. Measured: drawn lessons of 5 a second jump like that honestly.
_LEAST_RATE = 8
_OTHER_SCENE = Least(places=1, excess_px=60, share=0.5)


def observe_take(
    path: Path,
    probed: Probed,
    prefix: str,
    effort_mpx_per_s: float = EFFORT_MPX_PER_S,
    clock: ClockEvidence | None = None,
    *,
    is_followed: bool = False,
) -> tuple[TakeEvidence | None, tuple[Snapshot, ...]]:
    """Where the clip was cut, with both pictures of each place; None of a clip without pictures.

    Args:
        probed: what the packets told.
        prefix: begins the names of the snapshots.
        effort_mpx_per_s: megapixels that may be decoded for each second of the clip, beyond the fewest places.
        clock: the recorder's own clock; where it jumps, the pictures tell at which of them.
        is_followed: whether each picture that was looked at shows some of the one before: no other scene lies between
            them, and only places at which the packets or the clock tell something are worth a look.
    """
    if probed.index is None:
        return None, ()
    index = probed.index
    probed = with_clock(probed, index, clock)
    places = probed.suspects
    looks = find_cuts(path, probed.facts, index, affordable(probed, effort_mpx_per_s, is_followed=is_followed))
    shown = [_with_picture(cut, path, probed, prefix) for cut in cuts_of(looks)[:_MOST_CUTS]]
    evidence = TakeEvidence(
        cuts=tuple(cut for cut, _ in shown),
        num_suspects=sum(place.trace is not Trace.KEYFRAME for place in places),
        num_looked=len(looks),
        num_open=sum(place.trace.is_strong and place not in looks for place in places),
        num_edits=probed.num_edits,
        edits_at_s=probed.edits_at_s,
    )
    return evidence, tuple(still for _, still in shown if still is not None)


def with_clock(probed: Probed, index: PacketIndex, clock: ClockEvidence | None) -> Probed:
    """The same with the stretches in which the clock jumps, before all other suspects."""
    jumps = () if clock is None else clock.jumps
    at_s = np.array([[jump.before_s, jump.after_s] for jump in jumps]).reshape(-1, 2)
    ticks = index.first_pts + at_s / float(index.time_base)
    places = np.searchsorted(index.picture_pts, np.round(ticks)).clip(0, len(index.picture_pts) - 1)
    jumped = [
        Suspect(after_pts=after, until_pts=until, trace=Trace.CLOCK, weight=1.0)
        for after, until in index.picture_pts[places].tolist()
        if after < until
    ]
    return replace(probed, suspects=(*jumped, *probed.suspects))


def find_cuts(
    path: Path, facts: MediaProbe, index: PacketIndex, suspects: Sequence[Suspect]
) -> dict[Suspect, Cut | None]:
    """What the pictures of each suspect show, in order of time: a cut or none; unreadable ones are left out."""
    spans = sorted((_span(suspect, index), number) for number, suspect in enumerate(suspects))
    runs = grey_runs(path, facts, index, [span for span, _ in spans], TAKE_WIDTH_PX)
    seen = ((suspects[number], run) for (_, number), run in zip(spans, runs, strict=False))
    return {
        suspect: _cut(suspect, run, index)
        for suspect, run in seen
        if suspect.after_pts in run.pts and suspect.until_pts in run.pts
    }


def cuts_of(looks: Mapping[Suspect, Cut | None]) -> tuple[Cut, ...]:
    """The cuts that were found, each once."""
    return tuple({cut.at_s: cut for cut in looks.values() if cut is not None}.values())


def _span(suspect: Suspect, index: PacketIndex) -> tuple[int, int]:
    """The pictures to compare: those of the suspect, and enough before and after them."""
    pts, reach = index.picture_pts, int(_AROUND_S / index.time_base)
    first = int(np.searchsorted(pts, suspect.after_pts))
    last = int(np.searchsorted(pts, suspect.until_pts))
    begin = min(first - _LEAST_AROUND, int(np.searchsorted(pts, suspect.after_pts - reach)))
    end = max(last + _LEAST_AROUND, int(np.searchsorted(pts, suspect.until_pts + reach)))
    return int(pts[max(begin, 0)]), int(pts[min(end, len(pts) - 1)])


def affordable(probed: Probed, effort_mpx_per_s: float, *, is_followed: bool = False) -> tuple[Suspect, ...]:
    """The likeliest suspects, as many as may be decoded, and a few in any case.

    Args:
        effort_mpx_per_s, is_followed: as for `observe_take`.
    """
    index, header = probed.index, probed.facts.header
    assert index is not None
    picture_mpx = (header.width_px or 0) * (header.height_px or 0) / 1e6 if header else 0.0
    duration_s = float(probed.facts.duration_s or 0)
    left = effort_mpx_per_s * duration_s
    suspects = [one for one in probed.suspects if not is_followed or one.trace.is_strong or one.trace.is_near]
    decoded: dict[int, int] = {}  # from this key frame up to this picture
    chosen: list[Suspect] = []
    for suspect in suspects:
        begin, end = _span(suspect, index)
        start = start_pts(index, begin)
        number = np.subtract(*np.searchsorted(index.picture_pts, (end, decoded.get(start, start))))
        compared = np.subtract(*np.searchsorted(index.picture_pts, (end, begin)))
        cost = picture_mpx * max(float(number), 0.0) + _COMPARED_MPX * float(compared)
        if cost > left and _enough(suspect.trace, chosen, suspects, duration_s):
            continue
        left -= cost
        decoded[start] = max(end, decoded.get(start, start))
        chosen.append(suspect)
    return tuple(chosen)


def _enough(trace: Trace, chosen: Sequence[Suspect], suspects: Sequence[Suspect], duration_s: float) -> bool:
    """Whether as many are chosen as are looked at in any case."""
    if trace.is_strong:
        return len(chosen) >= _LEAST_STRONG
    if trace.is_near:
        num_near, num_chosen = (sum(one.trace is trace for one in group) for group in (suspects, chosen))
        return num_chosen >= (_LEAST_NEAR if num_near <= _MANY_NEAR else 1)
    return len(chosen) >= _LEAST_PLACES + int(duration_s * _LEAST_PLACES_PER_S)


def _cut(suspect: Suspect, run: Run, index: PacketIndex) -> Cut | None:
    steps = range(run.pts.index(suspect.after_pts) + 1, run.pts.index(suspect.until_pts) + 1)
    found = largest_jump(run.pictures, dict.fromkeys(steps, _least(suspect.trace, index)))
    if found is None:
        return None
    number, jump = found
    return Cut(
        before_s=float(index.seconds(run.pts[number - 1])),
        at_s=float(index.seconds(run.pts[number])),
        trace=suspect.trace,
        num_places=jump.num_places,
        changed_share=jump.changed_share,
    )


def _least(trace: Trace, index: PacketIndex) -> Least:
    """How much must jump: little where something else speaks for a cut there."""
    if trace.is_strong:
        return _TRACE_HERE
    if np.median(np.diff(index.picture_pts)) * index.time_base * _LEAST_RATE > 1:
        return _OTHER_SCENE
    return _SOMEWHERE_NEAR if trace.is_near else _NO_TRACE


def _with_picture(cut: Cut, path: Path, probed: Probed, prefix: str) -> tuple[Cut, Snapshot | None]:
    index = probed.index
    assert index is not None
    times = [Fraction(cut.before_s), Fraction(cut.at_s)]
    pts = index.picture_pts
    wanted = [int(pts[np.abs((pts - index.first_pts) * float(index.time_base) - float(at)).argmin()]) for at in times]
    frames = Decoder(path, probed.facts, index, _plan(index, wanted))
    shown = [frame for frame in frames if frame.at_s in {index.seconds(one) for one in wanted}]
    if len(shown) < len(wanted):
        return cut, None
    pair = side_by_side(shown[0], shown[1])
    name = f"{prefix}-{int(cut.at_s) // 60:02d}m{cut.at_s % 60:04.1f}s-cut.jpg"
    still = Snapshot(
        name=name,
        at_s=cut.at_s,
        purpose=SnapshotPurpose.PAIR,
        width_px=pair.width_px,
        height_px=pair.height_px,
        jpeg=pair.jpeg,
    )
    return replace(cut, snapshot=name), still


def _plan(index: PacketIndex, wanted: Sequence[int]) -> Plan:
    before = int(np.searchsorted(index.keyframe_pts, wanted[0], side="right")) - 1
    after = int(np.searchsorted(index.keyframe_pts, wanted[-1], side="right"))
    if before < 0:
        return Plan(mode="frames", pts=tuple(wanted))
    needed = {int(pts) for pts in index.keyframe_pts[before : after + 1]}
    return Plan(mode="keyframes", pts=tuple(sorted(needed | set(wanted))))
