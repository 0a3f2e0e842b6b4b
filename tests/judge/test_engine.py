from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge.builders import (
    DAY1,
    DAY2,
    FACE1,
    FACE2,
    LECTURE,
    RULES_OF_PROFILE,
    bound,
    change_clip,
    change_day,
    change_file,
    change_header,
    change_name,
    change_probe,
    faces,
    green,
    only,
    outcome,
    roster,
    view,
    with_levels,
    with_people,
    without_clip,
)
from vidaudit.judge.catalogue import bind
from vidaudit.judge.engine import judge
from vidaudit.judge.findings import passed
from vidaudit.judge.rule import MEASUREMENTS
from vidaudit.model.evidence import ClassEvidence, ClipFailure, FailureKind
from vidaudit.model.media import Container
from vidaudit.model.submission import ClipKind, StrayFile, StrayReason
from vidaudit.model.verdict import SEVERITY, ClassVerdict, Level, Status, worst

Change = Callable[[ClassEvidence], ClassEvidence]


def verdict_on(evidence: ClassEvidence) -> ClassVerdict:
    return judge(evidence, RULES_OF_PROFILE)


def without_people(evidence: ClassEvidence) -> ClassEvidence:
    return replace(evidence, people=None)


def without_roster(evidence: ClassEvidence) -> ClassEvidence:
    return replace(evidence, roster=None)


def without_days(evidence: ClassEvidence) -> ClassEvidence:
    return replace(evidence, folder=replace(evidence.folder, days=()))


def without_everything(evidence: ClassEvidence) -> ClassEvidence:
    folder = replace(evidence.folder, days=(), clips=(), papers=())
    return replace(evidence, folder=folder, clips=(), people=None, roster=None)


def test_the_green_class_passes():
    verdict = verdict_on(green())
    assert verdict.status is Status.PASS
    assert {result.status for result in verdict.rules} == {Status.PASS}
    assert [(d.folder, d.status, d.persons, d.headcount) for d in verdict.days] == [
        (DAY1, Status.PASS, 5, 5),
        (DAY2, Status.PASS, 5, 5),
    ]
    assert {clip.status for clip in verdict.clips} == {Status.PASS}
    assert (verdict.roster_size, verdict.persons_seen) == (4, 5)


CLIP_PARTS = ("probe", "decode", "picture")
REMOVALS: dict[str, Change] = {
    **{f"{part} of {path[-8:]}": (lambda e, p=part, q=path: change_clip(e, q, **{p: None}))
       for part in CLIP_PARTS for path in (FACE1, FACE2, LECTURE)},
    **{f"{part} of {path[-8:]}": (lambda e, p=part, q=path: change_probe(e, q, **{p: None}))
       for part in ("header", "packets") for path in (FACE1, LECTURE)},
    **{f"evidence of {path[-8:]}": (lambda e, q=path: replace(e, clips=tuple(c for c in e.clips if c.path != q)))
       for path in (FACE1, FACE2, LECTURE)},
    **{f"clip {path[-8:]}": (lambda e, q=path: without_clip(e, q)) for path in (FACE1, FACE2, LECTURE)},
    "faces": lambda e: change_clip(e, FACE1, faces=None),
    "heads": lambda e: change_clip(e, LECTURE, heads=None),
    "hash": lambda e: change_probe(e, FACE1, sha256=None),
    "size": lambda e: change_header(e, LECTURE, height_px=None),
    "codec": lambda e: change_header(e, LECTURE, codec=None),
    "date": lambda e: change_day(e, DAY1, date=None, readings=()),
    "kind": lambda e: change_file(e, LECTURE, kind=ClipKind.OTHER),
    "date in name": lambda e: change_name(e, LECTURE, month=None, prescribed=False),
    "people": without_people,
    "people of a day": lambda e: with_people(e, DAY1, 0, 0, 0),
    "roster": without_roster,
    "roster rows": lambda e: replace(e, roster=roster(0)),
    "days": without_days,
    "evidence": lambda e: replace(e, clips=()),
    "everything": without_everything,
}  # fmt: skip


@pytest.mark.parametrize("name", REMOVALS)
def test_whatever_is_missing_the_class_does_not_pass(name):
    verdict = verdict_on(REMOVALS[name](green()))
    assert verdict.status is not Status.PASS
    assert Status.ERROR not in {result.status for result in verdict.rules}


@given(st.lists(st.sampled_from(sorted(REMOVALS)), min_size=1, max_size=6, unique=True))
def test_no_combination_of_missing_things_passes_or_crashes(names):
    evidence = green()
    for name in names:
        try:
            evidence = REMOVALS[name](evidence)
        except (KeyError, AssertionError, StopIteration):
            continue  # an earlier removal took away what this one would have changed
    verdict = verdict_on(evidence)
    assert verdict.status is not Status.PASS
    assert Status.ERROR not in {result.status for result in verdict.rules}


@given(st.sampled_from([FACE1, FACE2, LECTURE]), st.sampled_from(FailureKind))
def test_a_clip_that_broke_the_tool_is_an_error_and_the_rest_goes_on(path, kind):
    verdict = verdict_on(change_clip(green(), path, failure=ClipFailure(kind=kind, detail="why")))
    assert verdict.status is Status.ERROR
    assert [clip.path for clip in verdict.clips if clip.status is Status.ERROR] == [path]
    assert {day.folder: day.status for day in verdict.days} == {DAY1: Status.ERROR, DAY2: Status.PASS}
    for result in verdict.rules:
        codes = {finding.code for finding in result.findings if finding.where.clip == path}
        measures = bool(bound(result.slug).rule.requires & MEASUREMENTS)
        assert ("tool-failed" in codes) == (measures and bool(codes))


def messy() -> ClassEvidence:
    """A class with findings of every kind."""
    evidence = change_probe(green(), LECTURE, container=Container.AVI)
    evidence = change_clip(evidence, FACE1, faces=faces([view(10.0), view()]), probe=None)
    evidence = change_day(evidence, DAY2, same_date_as=(DAY1,))
    evidence = change_clip(evidence, FACE2, failure=ClipFailure(kind=FailureKind.CRASHED, detail="x"))
    strays = tuple(StrayFile(path=f"{name}.x", reason=StrayReason.UNKNOWN_FILE) for name in "cab")
    return replace(evidence, folder=replace(evidence.folder, strays=strays))


@given(st.randoms(use_true_random=False), st.booleans())
def test_judging_does_not_depend_on_order(rng, mess):
    evidence = messy() if mess else green()

    def shuffled(items):
        return tuple(rng.sample(items, len(items)))

    folder = evidence.folder
    mixed = replace(folder, days=shuffled(folder.days), clips=shuffled(folder.clips), strays=shuffled(folder.strays))
    assert evidence.people is not None
    people = replace(evidence.people, days=shuffled(evidence.people.days), persons=shuffled(evidence.people.persons))
    other = replace(evidence, folder=mixed, clips=shuffled(evidence.clips), people=people)
    assert verdict_on(other) == verdict_on(evidence)


def with_check(slug, check):
    """The one rule, with another function."""
    one = bound(slug)
    return replace(RULES_OF_PROFILE, rules=(replace(one, rule=replace(one.rule, check=check)),))


def test_a_rule_that_breaks_is_one_error_and_keeps_names_to_itself():
    def check(subject, parameters):
        raise ValueError("/home/someone/secret")

    verdict = judge(green(), with_check("class-folder", check))
    assert verdict.status is Status.ERROR
    (finding,) = verdict.rules[0].findings
    assert (finding.code, dict(finding.values)) == ("crashed", {"exception": "ValueError"})


def test_a_rule_that_breaks_half_way_leaves_nothing_good_behind():
    def check(subject, parameters):
        yield passed("ok")
        raise KeyError("x")

    findings = judge(green(), with_check("file-name", check)).rules[0].findings
    assert {finding.status for finding in findings} == {Status.ERROR}
    assert len(findings) == 6


def test_a_rule_that_says_nothing_did_not_pass():
    verdict = judge(green(), with_check("class-folder", lambda subject, parameters: ()))
    assert verdict.status is Status.NOT_EVALUATED
    assert [finding.code for finding in verdict.rules[0].findings] == ["nothing-to-check"]


def test_a_rule_without_a_subject_did_not_pass():
    for slug in ("lecture-length", "headcount-vs-roster"):
        assert outcome(slug, without_everything(green())) == {("nothing-to-check", "not-evaluated")}


def test_levels():
    short = change_header(green(), LECTURE, height_px=720)
    assert judge(short, bind(with_levels(Level.REQUIRE))).status is Status.FAIL
    advised = judge(short, bind(with_levels(Level.ADVISE, "resolution")))
    assert advised.status is Status.PASS
    assert {r.slug: r.status for r in advised.rules}["resolution"] is Status.FAIL
    assert {clip.status for clip in advised.clips} == {Status.PASS}
    off = judge(short, bind(with_levels(Level.OFF, "resolution")))
    assert off.status is Status.PASS
    assert "resolution" not in {result.slug for result in off.rules}


def test_a_profile_that_requires_nothing_passes_nothing():
    slugs = tuple(rule.rule.slug for rule in RULES_OF_PROFILE.rules)
    for level in (Level.OFF, Level.ADVISE):
        verdict = judge(green(), bind(with_levels(level, *slugs)))
        assert verdict.status is Status.NOT_EVALUATED
        assert {item.status for item in (*verdict.days, *verdict.clips)} == {Status.NOT_EVALUATED}


def test_a_clip_or_day_that_only_class_rules_name_did_not_pass():
    evidence = change_name(green(), LECTURE, class_name="别的班")
    verdict = judge(evidence, only("title-agreement"))
    statuses = {clip.path: clip.status for clip in verdict.clips}
    assert statuses[LECTURE] is Status.FAIL
    assert statuses[FACE1] is Status.NOT_EVALUATED
    assert {day.folder: day.status for day in verdict.days} == {DAY1: Status.FAIL, DAY2: Status.NOT_EVALUATED}


def test_a_fail_is_seen_on_its_clip_and_day_only():
    verdict = verdict_on(change_header(green(), LECTURE, height_px=766))
    assert [clip.path for clip in verdict.clips if clip.status is not Status.PASS] == [LECTURE]
    assert {day.folder: day.status for day in verdict.days} == {DAY1: Status.FAIL, DAY2: Status.PASS}


def test_what_was_not_measured_is_none():
    verdict = verdict_on(without_people(replace(green(), clips=())))
    assert verdict.persons_seen is None
    assert {(day.persons, day.headcount) for day in verdict.days} == {(None, None)}
    clip = verdict.clips[0]
    assert (clip.sha256, clip.container, clip.codec, clip.width, clip.height, clip.duration_s) == (None,) * 6
    assert (clip.persons, clip.headcount) == (None, None)


def test_the_rules_come_in_the_order_of_the_catalogue():
    ids = [result.id for result in verdict_on(green()).rules]
    assert ids == [one.rule.id for one in RULES_OF_PROFILE.rules if one.rule.asked(green(), one.parameters)]


@given(st.lists(st.sampled_from(Status), min_size=1))
def test_worst_is_the_most_severe(statuses):
    assert worst(statuses) == worst(reversed(statuses))
    assert SEVERITY.index(worst(statuses)) == max(SEVERITY.index(status) for status in statuses)
