"""AUT001 to AUT003: what is shared is shown, what was not compared is no pass, and nothing is more than a review."""

from dataclasses import replace
from datetime import date

import pytest

from tests.judge.builders import DAY2, FACE1, FACE2, LECTURE, RULES_OF_PROFILE, change_probe, green, outcome, run
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.fingerprint import ReuseHow
from vidaudit.model.reuse import Footage, Reuse, ReuseEvidence
from vidaudit.model.still import Snapshot, SnapshotPurpose, Stretch
from vidaudit.model.verdict import Status

HERE, ELSEWHERE, LOOP = "reused-here", "reused-elsewhere", "looped"
NEXT_FACE1 = FACE1.replace("5月20日", DAY2)
NEXT_LECTURE = LECTURE.replace("5月20日", DAY2)
PICTURE = Snapshot(name="reuse-001.jpg", at_s=40.0, purpose=SnapshotPurpose.PAIR, width_px=648, height_px=360)


def shared(
    here: str = NEXT_LECTURE,
    there: str = LECTURE,
    *,
    at_s: float = 30.0,
    lag_s: float = 37.0,
    length_s: float = 100.0,
    how: ReuseHow = ReuseHow.SAME_PICTURES,
    other_class: str | None = None,
    scanned_on: date | None = None,
    snapshots: tuple[str, ...] = (),
) -> Reuse:
    there_stretch = Stretch(start_s=at_s + lag_s, end_s=at_s + lag_s + length_s)
    return Reuse(
        here=Footage(clip=here, stretch=Stretch(start_s=at_s, end_s=at_s + length_s)),
        there=Footage(clip=there, stretch=there_stretch, class_name=other_class, scanned_on=scanned_on),
        how=how,
        score=0.9,
        mirrored=False,
        snapshots=snapshots,
    )


def with_reuse(*found: Reuse, **more: object) -> ClassEvidence:
    return replace(green(), reuse=ReuseEvidence(**{"snapshots": (PICTURE,), **more}, found=found))


def test_nothing_shared_is_a_pass() -> None:
    assert outcome(HERE, with_reuse()) == {("ok", "pass")}
    assert run(HERE, with_reuse()).findings[0].values == {"clips": 6}
    assert outcome(LOOP, with_reuse()) == {("ok", "pass")}


@pytest.mark.parametrize("rule", [HERE, ELSEWHERE])
def test_a_class_without_video_is_no_pass(rule: str) -> None:
    evidence = with_reuse(compared=("乙班",))
    empty = replace(evidence, folder=replace(evidence.folder, clips=()), clips=())
    assert outcome(rule, empty) == {("no-clips", "not-evaluated")}


@pytest.mark.parametrize(
    ("how", "length_s", "expected"),
    [
        (ReuseHow.SAME_PICTURES, 14.9, ("ok", "pass")),
        (ReuseHow.SAME_PICTURES, 15.0, ("reused", "review")),
        (ReuseHow.SAME_STREAM, 4.9, ("ok", "pass")),
        (ReuseHow.SAME_STREAM, 5.0, ("reused", "review")),
    ],
)
@pytest.mark.parametrize("slug", [HERE, ELSEWHERE])
def test_a_short_piece_does_not_count(slug: str, how: ReuseHow, length_s: float, expected: tuple[str, str]) -> None:
    other_class = "乙班" if slug == ELSEWHERE else None
    found = shared(how=how, length_s=length_s, other_class=other_class)
    assert outcome(slug, with_reuse(found, compared=("乙班",))) == {expected}


@pytest.mark.parametrize(("length_s", "expected"), [(3.9, "ok"), (4.0, "reused")])
def test_half_of_a_short_clip_counts(length_s: float, expected: str) -> None:
    evidence = with_reuse(shared(NEXT_FACE1, FACE1, length_s=length_s))
    probe = evidence.clip(FACE1).probe
    packets = replace(probe.packets, duration_s=8)
    assert {code for code, _ in outcome(HERE, change_probe(evidence, FACE1, packets=packets))} == {expected}


def test_a_finding_says_what_and_where_and_shows_it() -> None:
    (finding,) = run(HERE, with_reuse(shared(snapshots=(PICTURE.name,)))).findings
    assert (finding.where.clip, finding.where.day, finding.where.at_s) == (NEXT_LECTURE, DAY2, 40.0)
    assert finding.snapshot == PICTURE.name
    assert finding.values == {
        "how": "same-pictures",
        "other_clip": LECTURE,
        "other_at_s": 77.0,
        "from_s": 30.0,
        "to_s": 130.0,
        "other_from_s": 67.0,
        "other_to_s": 167.0,
        "shared_s": 100.0,
        "mirrored": False,
        "score": 0.9,
        "relation": "other-day",
    }


@pytest.mark.parametrize(
    ("here", "there", "relation"),
    [(FACE2, FACE1, "both-pans"), (LECTURE, FACE1, "same-day"), (NEXT_FACE1, FACE1, "other-day")],
)
def test_two_pans_of_one_day_are_named(here: str, there: str, relation: str) -> None:
    assert run(HERE, with_reuse(shared(here, there))).findings[0].values["relation"] == relation


def test_several_stretches_of_two_clips_are_one_finding() -> None:
    found = [
        shared(length_s=20),
        shared(at_s=40, length_s=30),
        shared(at_s=200, length_s=20, snapshots=(PICTURE.name,)),
    ]
    (finding,) = run(HERE, with_reuse(*found)).findings
    assert finding.values["shared_s"] == 60.0
    assert (finding.values["from_s"], finding.snapshot) == (40.0, PICTURE.name)


def test_a_copied_file_counts_even_when_its_length_is_not_known() -> None:
    copy = shared(how=ReuseHow.SAME_FILE)
    unknown = replace(copy, here=replace(copy.here, stretch=None), there=replace(copy.there, stretch=None))
    (finding,) = run(HERE, with_reuse(unknown)).findings
    assert (finding.code, finding.status.value, finding.where.at_s) == ("copied-file", "review", None)


def test_what_was_not_compared_is_no_pass() -> None:
    old = replace(green(), reuse=None)
    assert outcome(HERE, old) == outcome(LOOP, old) == {("never-compared", "not-evaluated")}
    waiting = replace(green(), reuse=ReuseEvidence(compared=None))
    for slug in (HERE, ELSEWHERE, LOOP):
        assert outcome(slug, waiting) == {("waiting", "not-evaluated")}
    assert ("not-looked-at", "not-evaluated") in outcome(HERE, with_reuse(num_open=2))
    unread = change_probe(with_reuse(), LECTURE, packets=None)
    finding = next(one for one in run(HERE, unread).findings if one.code == "not-compared")
    assert (finding.where.clip, finding.status.value) == (LECTURE, "not-evaluated")


def test_a_class_alone_is_not_asked_about_others() -> None:
    assert ELSEWHERE not in {result.slug for result in judge(green(), RULES_OF_PROFILE).rules}
    assert outcome(ELSEWHERE, with_reuse(num_earlier=0)) == {("ok", "pass")}


def test_footage_of_another_class_and_of_an_earlier_submission() -> None:
    earlier = shared(other_class="甲班", scanned_on=date(2024, 5, 1))
    found = run(ELSEWHERE, with_reuse(shared(other_class="乙班"), earlier, compared=("乙班",), num_earlier=9)).findings
    assert {(one.values["other_class"], one.values["scanned_on"]) for one in found} == {
        ("乙班", None),
        ("甲班", "2024-05-01"),
    }
    assert outcome(HERE, with_reuse(shared(other_class="乙班"))) == {("ok", "pass")}


def loop(at_s: float, length_s: float, period_s: float = 5.0) -> Reuse:
    return shared(LECTURE, LECTURE, at_s=at_s, lag_s=period_s, length_s=length_s)


@pytest.mark.parametrize(("length_s", "expected"), [(4.9, ("ok", "pass")), (5.0, ("looped", "review"))])
def test_a_loop_from_five_seconds(length_s: float, expected: tuple[str, str]) -> None:
    assert outcome(LOOP, with_reuse(loop(10, length_s))) == {expected}


def test_many_stretches_of_a_loop_are_one_finding() -> None:
    found = run(LOOP, with_reuse(*(loop(at_s, 8) for at_s in range(0, 100, 5)))).findings
    (finding,) = [one for one in found if one.code == "looped"]
    assert finding.where.clip == LECTURE
    assert finding.values["repeated_s"] == 103.0
    assert (finding.values["period_s"], finding.values["stretches"]) == (5.0, 20)
    assert outcome(HERE, with_reuse(loop(0, 50))) == {("ok", "pass")}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"num_earlier": None}, {("no-registry", "not-evaluated")}),
        ({"num_earlier": 3}, {("not-recorded", "not-evaluated")}),
        ({"compared": ("乙班",)}, {("no-registry", "not-evaluated")}),
    ],
    ids=str,
)
def test_a_registry_that_failed_is_no_pass(more: dict[str, object], expected: set[tuple[str, str]]) -> None:
    evidence = with_reuse(registry_problem="locked", **more)
    assert outcome(ELSEWHERE, evidence) == expected
    assert run(ELSEWHERE, evidence).status is Status.NOT_EVALUATED
    assert run(ELSEWHERE, evidence).findings[0].values == {"registry_problem": "locked"}
    assert judge(evidence, RULES_OF_PROFILE).status is Status.NOT_EVALUATED


def test_a_stretch_that_comes_again_backwards_is_told_as_that() -> None:
    back = replace(loop(10, 40, period_s=60), how=ReuseHow.REVERSED, snapshots=(PICTURE.name,))
    found = run(LOOP, with_reuse(back)).findings
    (finding,) = [one for one in found if one.where.clip == LECTURE]
    assert (finding.code, finding.status.value, finding.values["how"]) == ("reversed", "review", "reversed")
    # What is shown 20 s after the first begins is shown 20 s before the second ends.
    assert finding.where.at_s == PICTURE.at_s
    assert finding.values["other_at_s"] == 110 - (PICTURE.at_s - 10)
    assert outcome(LOOP, with_reuse(back, loop(200, 30))) == {("looped", "review"), ("reversed", "review")}
    assert outcome(HERE, with_reuse(back)) == {("ok", "pass")}


def test_no_stretch_begins_before_its_clip() -> None:
    finding = run(HERE, with_reuse(shared(at_s=0.0, lag_s=-0.1))).findings[0]
    assert (finding.values["from_s"], finding.values["other_from_s"]) == (0.0, 0.0)
