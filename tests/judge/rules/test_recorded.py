import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.judge.builders import FACE1, FACE2, LECTURE, change_clip, change_file, change_probe, clock, green, packets
from vidaudit.judge.rules.recorded import Recorded, recorded_of
from vidaudit.judge.subjects import day_subjects
from vidaudit.model.submission import ClipKind

DATE = dt.date(2024, 5, 20)


def made(*clips: tuple[str, int, dt.datetime | None], **probe) -> Recorded:
    """Lectures of so many seconds, from then on by their clocks."""
    evidence = green()
    for path, length_s, starts in clips:
        evidence = change_probe(evidence, path, packets=packets(Fraction(length_s)), sha256=f"{path}", **probe)
        evidence = change_clip(evidence, path, clock=None if starts is None else clock(starts, length_s))
        evidence = change_file(evidence, path, kind=ClipKind.LECTURE)
    day = replace(day_subjects(evidence)[0])
    named = [clip for clip in day.clips if clip.clip.path in {path for path, _, _ in clips}]
    return recorded_of(named, DATE, tolerance_s=2.0, max_gap_s=2.0)


def at(hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2024, 5, 20, hour, minute, second)


@pytest.mark.parametrize(
    ("second", "certain_s"),
    [
        (at(8, 30), (3600.0,)),  # the recorder began a new file
        (at(8, 30, 2), (3602.0,)),
        (at(8, 30, 3), (1800.0, 1800.0)),
        (at(8), (1800.0,)),  # two cameras at one time
        (at(8, 15), (2700.0,)),
        (at(14), (1800.0, 1800.0)),
    ],
)
def test_clips_by_the_clock(second, certain_s):
    found = made((FACE1, 1800, at(8)), (FACE2, 1800, second))
    assert found.is_placed
    assert sorted(found.certain_s) == sorted(certain_s)


def test_one_clock_that_is_not_there_leaves_all_unplaced():
    found = made((FACE1, 1800, at(8)), (FACE2, 1800, None))
    assert (found.is_placed, found.certain_s, found.total_s) == (False, (1800.0, 1800.0), 3600.0)


def test_a_clock_of_another_day_places_nothing():
    assert not made((LECTURE, 1800, at(8) + dt.timedelta(days=1))).is_placed


def test_the_same_file_counts_once():
    found = made((FACE1, 1800, at(8)), (FACE2, 1800, at(14)))
    assert len(found.possible_s) == 2
    evidence = change_probe(green(), FACE1, sha256="a" * 64)
    evidence = change_probe(evidence, FACE2, sha256="a" * 64)
    clips = day_subjects(evidence)[0].clips
    assert len(recorded_of(clips, DATE, tolerance_s=2.0, max_gap_s=2.0).possible_s) == 2


def test_nothing_at_all():
    assert recorded_of([], DATE, tolerance_s=2.0, max_gap_s=2.0) == Recorded(
        certain_s=(), possible_s=(), is_placed=False, num_unread=0
    )
