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
from vidaudit.model.media import MediaProbe
from vidaudit.model.still import Snapshot, SnapshotPurpose
from vidaudit.model.take import Cut, Suspect, TakeEvidence, Trace
from vidaudit.observe.pairs import side_by_side
from vidaudit.observe.takes import TAKE_WIDTH_PX, Least, largest_jump

_AROUND_S = Fraction(6, 10)
_LEAST_AROUND = 4
# A scan decodes some 18 s of processor time for 13 minutes at 1920 x 1080; a megapixel takes 1.3 ms to decode. This
# much for each second of the clip, and the fewest places, are about a twentieth of that.
EFFORT_MPX_PER_S: Final = 0.25
_COMPARED_MPX = 0.6  # what comparing a picture takes, as if it were decoded
# So many are looked at, whatever they cost: what wasn't looked at proves nothing. Honest clips seldom have strong ones.
_LEAST_PLACES, _LEAST_PLACES_PER_S, _LEAST_STRONG = 1, 1 / 300, 12
_MOST_CUTS = 8
_WEAK = frozenset({Trace.BYTES, Trace.KEYFRAME})
# What pictures must show. Measured (benchmarks/takes.py): in honest lessons two places jump in at most 0.007 of the
# picture, one place now and then in 0.008.
_TRACE_HERE = Least(places=1, share=0.0)
_SOMEWHERE_NEAR = Least(places=1, share=0.01)
_NO_TRACE = Least(places=2, share=0.01)
# With fewer pictures a second than this a whole gesture fits between two of them: there a trace must be at the very
# place, or half of the picture another one. Measured: drawn lessons of 5 a second jump like that honestly.
_LEAST_RATE = 8
_OTHER_SCENE = Least(places=1, share=0.5)


def observe_take(
    path: Path, probed: Probed, prefix: str, effort_mpx_per_s: float = EFFORT_MPX_PER_S
) -> tuple[TakeEvidence | None, tuple[Snapshot, ...]]:
    """Where the clip was cut, with both pictures of each place; None of a clip without pictures.

    Args:
        probed: what the packets told.
        prefix: begins the names of the snapshots.
        effort_mpx_per_s: megapixels that may be decoded for each second of the clip, beyond the fewest places.
    """
    if probed.index is None:
        return None, ()
    places = probed.suspects
    looks = find_cuts(path, probed.facts, probed.index, affordable(probed, effort_mpx_per_s))
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


def affordable(probed: Probed, effort_mpx_per_s: float) -> tuple[Suspect, ...]:
    """The likeliest suspects, as many as may be decoded, and a few in any case.

    Args:
        effort_mpx_per_s: as for `observe_take`.
    """
    index, header = probed.index, probed.facts.header
    assert index is not None
    picture_mpx = (header.width_px or 0) * (header.height_px or 0) / 1e6 if header else 0.0
    duration_s = float(probed.facts.duration_s or 0)
    left, least = effort_mpx_per_s * duration_s, _LEAST_PLACES + int(duration_s * _LEAST_PLACES_PER_S)
    decoded: dict[int, int] = {}  # from this key frame up to this picture
    chosen: list[Suspect] = []
    for suspect in probed.suspects:
        begin, end = _span(suspect, index)
        start = start_pts(index, begin)
        number = np.subtract(*np.searchsorted(index.picture_pts, (end, decoded.get(start, start))))
        compared = np.subtract(*np.searchsorted(index.picture_pts, (end, begin)))
        cost = picture_mpx * max(float(number), 0.0) + _COMPARED_MPX * float(compared)
        if cost > left and len(chosen) >= (least if suspect.trace in _WEAK else _LEAST_STRONG):
            continue
        left -= cost
        decoded[start] = max(end, decoded.get(start, start))
        chosen.append(suspect)
    return tuple(chosen)


def _cut(suspect: Suspect, run: Run, index: PacketIndex) -> Cut | None:
    steps = range(run.pts.index(suspect.after_pts) + 1, run.pts.index(suspect.until_pts) + 1)
    found = largest_jump(run.pictures, {step: _least(suspect.trace, run.pts[step], index) for step in steps})
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


def _least(trace: Trace, pts: int, index: PacketIndex) -> Least:
    """How much must jump at the picture of this time: little where something else speaks for a cut there."""
    if trace.is_strong:
        return _TRACE_HERE
    if np.median(np.diff(index.picture_pts)) * index.time_base * _LEAST_RATE > 1:
        return _OTHER_SCENE
    return _SOMEWHERE_NEAR if trace is Trace.ECHO and pts not in index.keyframe_pts else _NO_TRACE


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
