"""A take with a piece taken out, through the real encoder and decoder."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import pytest

from fixtures.videos.clips import CLIPS
from fixtures.videos.recipes import MPEG4, VP9, joined, recoded
from tests.clips import make_clip, remux
from vidaudit.media.probe import Probed, probe
from vidaudit.model.clock import ClockEvidence, ClockJump, ClockState
from vidaudit.model.still import SnapshotPurpose
from vidaudit.model.take import Suspect, Trace
from vidaudit.run.takes import EFFORT_MPX_PER_S, affordable, observe_take, with_clock


@pytest.mark.parametrize("effort", [EFFORT_MPX_PER_S, 0.0])  # of a fixed camera, and of one that moves
def test_two_scenes_joined(tmp_path: Path, effort: float) -> None:
    clip = tmp_path / "clip.mp4"
    joined(CLIPS / "room.mp4", CLIPS / "nobody.mp4")(clip)
    take, stills = observe_take(clip, probe(clip), "clip", effort)
    assert take is not None
    assert [round(cut.at_s) for cut in take.cuts] == [4]
    assert [(still.name, still.purpose) for still in stills] == [(take.cuts[0].snapshot, SnapshotPurpose.PAIR)]
    assert stills[0].jpeg.startswith(b"\xff\xd8")


@pytest.mark.parametrize("name", ["room.mp4", "nobody.mp4", "frozen.mp4"])
def test_whole_clips_have_no_cut(name: str) -> None:
    take, stills = observe_take(CLIPS / name, probe(CLIPS / name), "clip")
    assert take is not None
    assert (take.cuts, stills) == ((), ())


@pytest.mark.parametrize("coding", [MPEG4, VP9], ids=lambda coding: coding["vcodec"])
def test_whole_clips_of_other_codecs_have_no_cut(tmp_path: Path, coding: Mapping[str, object]) -> None:
    clip = tmp_path / "clip.mp4"
    recoded(CLIPS / "room.mp4", **coding)(clip)
    take, stills = observe_take(clip, probe(clip), "clip")
    assert take is not None
    assert (take.cuts, stills) == ((), ())


def test_one_is_always_looked_at(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", size="1280x720", seconds=12)
    take, _ = observe_take(clip, probe(clip), "clip", effort_mpx_per_s=0.0)
    assert take is not None
    assert (take.num_looked, take.num_open) == (1, 0)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds, ten pictures and a key frame in each."""
    return make_clip(tmp_path_factory.mktemp("steady") / "clip.mp4", seconds=8)


@pytest.mark.parametrize(("number", "looked", "left"), [(12, 12, 0), (13, 12, 1)])
def test_strong_traces_are_looked_at_or_left_open(steady: Path, number: int, looked: int, left: int) -> None:
    take, _ = observe_take(steady, with_suspects(steady, Trace.ORDER, number), "clip", effort_mpx_per_s=0.0)
    assert take is not None
    assert (take.num_suspects, take.num_looked, take.num_open) == (number, looked, left)


def with_suspects(clip: Path, trace: Trace, number: int) -> Probed:
    """What the packets of this clip tell, with so many neighbouring places of this trace for the real ones."""
    probed = probe(clip)
    assert probed.index is not None
    places = pairwise(probed.index.picture_pts[22 : 23 + number].tolist())
    suspects = tuple(Suspect(after_pts=one, until_pts=two, trace=trace, weight=1.0) for one, two in places)
    return replace(probed, suspects=suspects)


@pytest.mark.parametrize(("trace", "least"), [(Trace.CLOCK, 2), (Trace.ECHO, 2), (Trace.BYTES, 1), (Trace.TIMES, 4)])
def test_how_many_are_looked_at_in_any_case(steady: Path, trace: Trace, least: int) -> None:
    assert len(affordable(with_suspects(steady, trace, 4), 0.0)) == least


@pytest.mark.parametrize(("number", "least"), [(4, 2), (5, 1)])
def test_of_many_shifts_of_the_beat_one_is_looked_at(steady: Path, number: int, least: int) -> None:
    assert len(affordable(with_suspects(steady, Trace.ECHO, number), 0.0)) == least


@pytest.mark.parametrize(
    ("trace", "looked"), [(Trace.BYTES, 0), (Trace.KEYFRAME, 0), (Trace.ECHO, 2), (Trace.CLOCK, 2), (Trace.ORDER, 4)]
)
def test_where_the_pictures_were_followed_only_traces_are_looked_at(steady: Path, trace: Trace, looked: int) -> None:
    assert len(affordable(with_suspects(steady, trace, 4), 0.0, is_followed=True)) == looked


JUMP = ClockJump(before_s=2.0, after_s=4.0, shift_s=60.0)


def test_where_the_clock_jumps_is_looked_at(steady: Path) -> None:
    probed = probe(steady)
    assert probed.index is not None
    clock = ClockEvidence(state=ClockState.READ, jumps=(JUMP,))
    first = with_clock(probed, probed.index, clock).suspects[0]
    assert first.trace is Trace.CLOCK
    assert [float(probed.index.seconds(pts)) for pts in (first.after_pts, first.until_pts)] == [2.0, 4.0]


@pytest.mark.parametrize("clock", [None, ClockEvidence(state=ClockState.ABSENT)])
def test_a_clock_that_runs_adds_nothing(steady: Path, clock: ClockEvidence | None) -> None:
    probed = probe(steady)
    assert probed.index is not None
    assert with_clock(probed, probed.index, clock).suspects == probed.suspects


def test_neighbouring_places_cost_what_the_last_of_them_does(steady: Path) -> None:
    probed = with_suspects(steady, Trace.BYTES, 7)
    header = probed.facts.header
    assert header is not None
    assert header.width_px is not None
    assert header.height_px is not None
    # From the key frame at the twentieth picture, or the tenth for what must be before it, to six after the last.
    two_groups_mpx = 40 * header.width_px * header.height_px / 1e6
    compared_mpx = 7 * 14 * 0.6
    assert len(affordable(probed, 0.0)) == 1
    assert len(affordable(probed, (two_groups_mpx + compared_mpx) / 8)) == 7


def test_packets_left_out_between_key_frames(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "whole.mp4", seconds=8)
    cut = tmp_path / "cut.mp4"
    with av.open(str(whole)) as source, av.open(str(cut), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            at_s = float(packet.pts * packet.time_base) if packet.pts is not None else -1.0
            if packet.size and not 3 <= at_s < 4:
                packet.pts, packet.dts = (
                    tick - (packet.duration * 10 if at_s >= 4 else 0) for tick in (packet.pts, packet.dts)
                )
                packet.stream = stream
                target.mux(packet)
    found = probe(cut)
    assert found.index is not None
    assert [(one.trace, float(found.index.seconds(one.until_pts))) for one in found.suspects][:1] == [
        (Trace.ORDER, 3.0)
    ]


def test_no_film_no_take(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"")
    assert observe_take(tmp_path / "clip.mp4", probe(tmp_path / "clip.mp4"), "clip") == (None, ())


def test_a_file_that_is_gone_is_no_crash(tmp_path: Path) -> None:
    clip = remux(tmp_path / "clip.mp4", CLIPS / "room.mp4")
    probed = probe(clip)
    clip.unlink()
    take, _ = observe_take(clip, probed, "clip")
    assert take is not None
    assert (take.cuts, take.num_looked) == ((), 0)


def test_a_strong_trace_in_a_file_that_is_gone_is_open(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=8)
    probed = with_suspects(clip, Trace.TIMES, 1)
    clip.unlink()
    take, _ = observe_take(clip, probed, "clip")
    assert take is not None
    assert take.num_open == 1
