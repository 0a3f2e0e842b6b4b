import datetime as dt
from dataclasses import replace

import pytest

from tests.judge import builders
from vidaudit.model.people import Appearance, ElsewhereEvidence, SeenElsewhere
from vidaudit.model.reuse import Footage, Reuse, ReuseEvidence, ReuseHow
from vidaudit.model.still import Snapshot, SnapshotPurpose
from vidaudit.report.privacy import without_numbers
from vidaudit.run.snapshot_names import clip_stems, published_names

GREEN = builders.green()
CLIP = builders.FACE2


def still(name: str, at_s: float = 65.0) -> Snapshot:
    return Snapshot(name=name, at_s=at_s, purpose=SnapshotPurpose.PAIR, width_px=1, height_px=1)


SEEN = SeenElsewhere(
    seen=Appearance(clip=CLIP, index=0),
    day=builders.DAY1,
    date=dt.date(2024, 5, 20),
    class_name="乙班",
    person=1,
    distance=0.3,
    snapshot="elsewhere-001.jpg",
)
REUSED = Reuse(
    here=Footage(clip=builders.LECTURE, stretch=None),
    there=Footage(clip="x.mp4", stretch=None, class_name="乙班"),
    how=next(iter(ReuseHow)),
    score=1.0,
    snapshots=("reuse-001.jpg",),
)
EVIDENCE = replace(
    builders.change_clip(GREEN, CLIP, snapshots=(still("2024-05-20-face2-01m05s-person-001.jpg"),)),
    elsewhere=ElsewhereEvidence(seen=(SEEN,), snapshots=(still("elsewhere-001.jpg"),)),
    reuse=ReuseEvidence(found=(REUSED,), snapshots=(still("reuse-001.jpg", 605.0),)),
)


def test_names_hold_class_day_clip_and_time() -> None:
    assert published_names(EVIDENCE) == {
        "2024-05-20-face2-01m05s-person-001.jpg": f"{builders.CLASS}-2024-05-20-face2-01m05s-person-001.jpg",
        "elsewhere-001.jpg": f"{builders.CLASS}-2024-05-20-face2-00m03s-elsewhere-001.jpg",
        "reuse-001.jpg": f"{builders.CLASS}-2024-05-20-lecture-10m05s-reuse-001.jpg",
    }


def test_the_evidence_follows_and_a_second_time_changes_nothing() -> None:
    named = without_numbers(EVIDENCE, published_names(EVIDENCE))
    assert named.elsewhere is not None
    assert named.reuse is not None
    assert named.elsewhere.seen[0].snapshot == named.elsewhere.snapshots[0].name
    assert named.reuse.found[0].snapshots == (named.reuse.snapshots[0].name,)
    again = published_names(named)
    assert all(name == new for name, new in again.items())
    assert len(again) == 3


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a/b:c", "a_b_c-"),
        ("班140427199003071234", "班1404____________34-"),
        ("长" * 100, "长" * 20 + "-"),
        ("CON", "_CON-"),
    ],
)
def test_any_class_gives_a_short_and_safe_name(name: str, begins: str) -> None:
    evidence = replace(EVIDENCE, folder=replace(EVIDENCE.folder, name=name))
    for new in published_names(evidence).values():
        assert new.startswith(f"{begins}2024-05-20-")
        assert len(new.encode()) < 140


def test_what_one_clips_snapshots_begin_with_is_never_the_beginning_of_anothers() -> None:
    stems = list(clip_stems(GREEN.folder).values())
    assert len(set(stems)) == len(stems)
