"""The same class under every profile and as every kind of training: what applies, and what comes of it."""

import datetime as dt
import html
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

import pytest

from tests.judge import builders, dossiers
from tests.report import samples
from vidaudit.judge.catalogue import RULES, BoundRules, bind
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.verdict import ClassVerdict, Level, NotApplicable, Status
from vidaudit.profile import available_profiles, load_profile
from vidaudit.report.material import Material
from vidaudit.report.messages import catalogue
from vidaudit.report.render import render_class
from vidaudit.report.scope_view import kind_text, manual, not_applied

PROFILES: Final = {name: load_profile(name) for name in available_profiles()}
BOUND: Final[Mapping[str, BoundRules]] = {name: bind(profile) for name, profile in PROFILES.items()}
PASS, FAIL, OPEN = Status.PASS, Status.FAIL, Status.NOT_EVALUATED

GREEN: Final = builders.green()
SHORT: Final = builders.change_probe(GREEN, builders.LECTURE, packets=builders.packets(Fraction(300)))
NO_VIDEO: Final = replace(GREEN, folder=replace(GREEN.folder, clips=(), days=()), clips=(), people=None)
BAD_ROSTER: Final = replace(
    GREEN,
    roster=builders.roster(
        trainees=tuple(replace(one, id_faults=("checksum",)) for one in builders.roster().trainees),
    ),
)

FOOTAGE = "footage"
"""Every rule that the profile requires of the submitted footage: the rules of Huguan's annex 4."""

# (profile, kind): ((required, advised), (lecture too short, no video at all, impossible ID numbers)); but for footage,
# what comes of a class with nothing wrong is what comes of one whose lecture is too short.
KEPT = ({"lecture-continuous", "live-picture", "roster-valid", "spliced"}, {"readable", "retention"})
ROSTER = ({"roster-valid"}, set())
ADVICE = (set(), {"roster-valid"})
EXPECTED = {
    ("huguan-2024", "order"): (FOOTAGE, (FAIL, FAIL, FAIL)),
    ("huguan-2024", "project"): (FOOTAGE, (FAIL, FAIL, FAIL)),
    ("huguan-2024", "general"): (FOOTAGE, (FAIL, FAIL, FAIL)),
    ("huguan-2024", "entrepreneurship"): (FOOTAGE, (FAIL, FAIL, FAIL)),
    ("huguan-2024", "company"): (ROSTER, (PASS, PASS, FAIL)),
    ("huguan-2024", "apprentice"): (ROSTER, (PASS, PASS, FAIL)),
    ("huguan-2024", "online"): (ADVICE, (OPEN, OPEN, OPEN)),
    ("shanxi-2023", "order"): (KEPT, (PASS, OPEN, FAIL)),
    ("shanxi-2023", "project"): (KEPT, (PASS, OPEN, FAIL)),
    ("shanxi-2023", "company"): (ROSTER, (PASS, PASS, FAIL)),
    ("shanxi-2023", "apprentice"): (ROSTER, (PASS, PASS, FAIL)),
    ("shanxi-2023", "entrepreneurship"): (ADVICE, (OPEN, OPEN, OPEN)),
    ("shanxi-2023", "online"): (ADVICE, (OPEN, OPEN, OPEN)),
    **{
        (profile, kind): (ADVICE, (OPEN, OPEN, OPEN))
        for profile, kinds in (
            ("shanxi-2022", "order project general company entrepreneurship migrant cluster online"),
            ("lanxian-2022", "order project general company entrepreneurship migrant online"),
        )
        for kind in kinds.split()
    },
    ("shanxi-2022-cluster", "cluster"): (
        ({"roster-valid"}, {"readable", "live-picture", "retention"}),
        (PASS, PASS, FAIL),
    ),
}
# What another class or the footage of others is needed for is a matter of tests/run.
COMPARED: Final = {"reused-here", "reused-elsewhere", "looped", "two-places", "photo-match"}
# What the school filed when the class opened, and whether the rules on it are asked, is a matter of tests/judge.
FILED: Final = {"day-coverage", "planned-hours", "recorded-hours", "dossier-valid", "basic-topics", "programme-year"}
CASES = pytest.mark.parametrize(("profile", "kind"), EXPECTED, ids=lambda name: name)


def verdict(profile: str, kind: str | None, evidence: ClassEvidence) -> ClassVerdict:
    """The verdict without the rules that compare with other footage or with what was filed."""
    rules = BOUND[profile]
    kept = {name: _alone(bound) for name, bound in rules.kinds.items()}
    alone = replace(rules, rules=_alone(rules.rules), kinds=kept)
    return judge(replace(evidence, kind=kind), alone)


def _alone(bound):
    return tuple(one for one in bound if one.rule.slug not in COMPARED | FILED)


def slugs(made: ClassVerdict, level: Level) -> set[str]:
    return {rule.slug for rule in made.rules if rule.level is level}


def test_the_table_names_every_profile_and_kind() -> None:
    assert set(EXPECTED) == {(name, kind) for name, profile in PROFILES.items() for kind in profile.kinds}


@CASES
def test_what_applies(profile: str, kind: str) -> None:
    made = verdict(profile, kind, GREEN)
    wanted = EXPECTED[profile, kind][0]
    if wanted == FOOTAGE:
        assert slugs(made, Level.REQUIRE) == {rule.slug for rule in RULES} - COMPARED - FILED - {"retention"}
        assert made.not_applied == ()
    else:
        assert (slugs(made, Level.REQUIRE), slugs(made, Level.ADVISE)) == wanted


@CASES
def test_what_comes_of_it(profile: str, kind: str) -> None:
    wanted, (short, no_video, bad_roster) = EXPECTED[profile, kind]
    made = [verdict(profile, kind, evidence).status for evidence in (SHORT, NO_VIDEO, BAD_ROSTER)]
    assert made == [short, no_video, bad_roster]
    if wanted != FOOTAGE:
        assert verdict(profile, kind, GREEN).status is short


@CASES
def test_every_rule_is_applied_or_said_not_to_apply(profile: str, kind: str) -> None:
    made = judge(replace(GREEN, kind=kind), BOUND[profile])
    assert [rule.slug for rule in RULES] == sorted(
        [rule.slug for rule in (*made.rules, *made.not_applied)], key=[rule.slug for rule in RULES].index
    )
    assert (made.kind, made.is_kind_assumed) == (kind, False)
    for lang in ("zh", "en"):
        words = catalogue(lang)
        assert all(row.reason and not row.reason.startswith("reason_") for row in not_applied(made, words))
        assert kind_text(PROFILES[profile], made, words) == PROFILES[profile].kinds[kind].title(lang)
        assert manual(PROFILES[profile], made, words)


@pytest.mark.parametrize("profile", PROFILES)
def test_without_a_word_it_is_the_default_kind_and_says_so(profile: str) -> None:
    made, said = verdict(profile, None, GREEN), verdict(profile, PROFILES[profile].default_kind, GREEN)
    assert made.is_kind_assumed
    assert replace(made, is_kind_assumed=False) == said


def test_a_kind_that_the_document_is_not_about_is_never_a_pass() -> None:
    made = judge(replace(GREEN, kind="cluster"), BOUND["huguan-2024"])
    assert (made.status, made.rules) == (OPEN, ())
    assert {rule.reason for rule in made.not_applied} == {NotApplicable.KIND_NOT_COVERED}


@pytest.mark.parametrize("profile", PROFILES)
def test_what_was_filed_alone_never_makes_a_pass(profile: str) -> None:
    """Of a kind of which the document asks nothing that a rule decides, a readable dossier proves nothing."""
    for kind in (kind for (name, kind), (asked, _) in EXPECTED.items() if name == profile and asked == ADVICE):
        made = judge(replace(dossiers.filed(), kind=kind), BOUND[profile])
        assert (kind, made.status) == (kind, OPEN)
        assert slugs(made, Level.REQUIRE) == set()


@pytest.mark.parametrize(
    ("days", "status"), [(92, Status.PASS), (91, Status.PASS), (90, Status.REVIEW), (1, Status.REVIEW)]
)
def test_cluster_training_of_less_than_three_months_is_for_a_person(days: int, status: Status) -> None:
    """Three months from the 20th of May: the plan's last day tells, however many days lie between."""
    dates = (dossiers.DATES[0], dossiers.DATES[0] + dt.timedelta(days=days))
    evidence = replace(dossiers.filed(*map(dossiers.session, dates)), kind="cluster")
    (planned,) = [rule for rule in judge(evidence, BOUND["shanxi-2022-cluster"]).rules if rule.slug == "planned-hours"]
    assert (planned.level, planned.status) == (Level.REQUIRE, status)


def test_company_training_names_the_clause_that_excepts_it() -> None:
    made = verdict("huguan-2024", "company", GREEN)
    assert {rule.reason for rule in made.not_applied} == {NotApplicable.NOT_FOR_KIND}
    assert {rule.clause.section for rule in made.not_applied if rule.clause} == {"三(二)"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_report_says_what_does_not_apply_and_what_a_person_checks(lang: str) -> None:
    profile = PROFILES["huguan-2024"]
    evidence = replace(GREEN, kind="company")
    made = judge(evidence, BOUND["huguan-2024"])
    files = render_class(
        Material(verdict=made, evidence=evidence, profile=profile, context=samples.context(lang), pictures={})
    )
    words = catalogue(lang)
    page = html.unescape(files["report.html"].decode())
    assert words.ui("not_applied") in page
    assert words.ui("scope_sentence", number=len(made.not_applied), items=len(profile.manual_for("company"))) in page
    for reason in {rule.reason for rule in made.not_applied}:
        number = sum(rule.reason is reason for rule in made.not_applied)
        assert page.count(words.ui(f"reason_{reason.value}")) >= number
    for item in profile.manual_for("company"):
        assert item.text(lang) in page
        assert item.text(lang) in files["report.json"].decode()
