import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.judge.builders import PROFILE, with_parameters
from vidaudit.errors import ProfileError
from vidaudit.judge.catalogue import RULES, bind, rule_faults, setting_faults, unnamed_rules
from vidaudit.judge.rule import ENGINE_CODES, Needs
from vidaudit.judge.rules.roster import FILE_FAULTS, ID_FAULTS
from vidaudit.model.dossier import DossierProblem
from vidaudit.model.media import ProbeProblem
from vidaudit.model.people import PhotoProblem
from vidaudit.model.settings import Parameter
from vidaudit.model.submission import StrayReason
from vidaudit.model.verdict import Level, NotApplicable

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/judge/rules").glob("test_*.py"))


def test_ids_and_slugs_are_unique_and_in_form():
    assert len({rule.id for rule in RULES}) == len({rule.slug for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[A-Z]{3}\d{3}", rule.id)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.slug)
        assert rule.title_zh
        assert rule.title_en
        assert rule.rationale


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_clause_a_test_and_a_section_in_the_docs(rule):
    assert PROFILE.rules[rule.slug].clause.section
    assert f'"{rule.slug}"' in TESTS
    section = re.search(rf"^## {rule.id} {rule.slug}\n(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert section is not None
    for code in rule.codes:
        assert f"`{code}`" in section[1], code
    for field in fields(rule.parameters):
        assert f"`{field.name}`" in section[1], field.name


# Families of codes whose tests run over the enumeration that they come from.
ENUMERATED = {*StrayReason, *ProbeProblem, *DossierProblem, *FILE_FAULTS, *(f"id-{fault}" for fault in ID_FAULTS)}
ENUMERATED |= {f"photo-{problem}" for problem in PhotoProblem}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_code_is_tried(rule):
    untried = [code for code in rule.codes if code not in ENUMERATED and f'"{code}"' not in TESTS]
    assert not untried


def test_the_engines_own_codes_are_no_rules():
    assert set(ENGINE_CODES) >= {f"missing-{need}" for need in Needs}
    for rule in RULES:
        assert not set(rule.codes) & set(ENGINE_CODES)


def test_the_shipped_profile_binds_in_full():
    rules = bind(PROFILE).rules
    assert [one.rule for one in rules] == list(RULES)
    assert {one.rule.slug for one in rules if one.level is not Level.REQUIRE} == {"photo-match", "retention"}
    assert all(one.clause.document == PROFILE.document for one in rules)


def test_an_unknown_rule_gets_the_right_one_suggested():
    rules = {**PROFILE.rules, "resolutoin": PROFILE.rules["resolution"]}
    with pytest.raises(ProfileError, match=r"huguan-2024: rules.resolutoin is unknown; did you mean 'resolution'\?"):
        bind(replace(PROFILE, rules=rules))


def test_a_rule_that_the_profile_does_not_name_is_off_and_says_why():
    rules = {slug: rule for slug, rule in PROFILE.rules.items() if slug != "resolution"}
    profile = replace(PROFILE, rules=rules, kinds={}, default_kind=None)
    (bound,) = (one for one in bind(profile).rules if one.level is Level.OFF)
    assert (bound.rule.slug, bound.reason, bound.clause) == ("resolution", NotApplicable.NOT_ASKED, None)
    assert unnamed_rules(profile) == (bound.rule,)
    assert unnamed_rules(PROFILE) == ()


def test_a_rule_that_is_off_needs_no_parameters_but_takes_no_wrong_ones():
    off = replace(PROFILE.rules["resolution"], level=Level.OFF, parameters={})
    profile = replace(PROFILE, rules={**PROFILE.rules, "resolution": off}, kinds={}, default_kind=None)
    (bound,) = (one for one in bind(profile).rules if one.level is Level.OFF)
    assert (bound.reason, bound.clause) == (NotApplicable.SWITCHED_OFF, off.clause)
    wrong = replace(off, parameters={"min_width": Parameter(value=1, source="test")})
    assert [key for key, _ in setting_faults({"resolution": wrong})] == [
        ("rules", "resolution", "parameters", "min_width")
    ]


def test_each_kind_of_training_has_its_own_rules():
    rules = bind(PROFILE)
    assert rules.of_kind(None) == rules.rules == rules.of_kind("project")
    company = {one.rule.slug: one for one in rules.of_kind("company")}
    assert [slug for slug, one in company.items() if one.level is not Level.OFF] == [
        *("planned-hours", "roster-valid", "dossier-valid", "basic-topics", "programme-year")
    ]
    assert company["resolution"].reason is NotApplicable.NOT_FOR_KIND
    assert company["resolution"].clause == PROFILE.kinds["company"].clause
    assert {one.reason for one in rules.of_kind("cluster")} == {NotApplicable.KIND_NOT_COVERED}


def test_every_fault_is_told_with_its_key_once():
    bad = replace(PROFILE.rules["noise"], parameters={"review_sigma": Parameter(value="8", source="test")})
    empty = replace(PROFILE.rules["resolution"], parameters={})
    profile = replace(
        PROFILE,
        rules={**PROFILE.rules, "resolution": empty, "nois": bad},
        kinds={"order": replace(PROFILE.kinds["order"], rules={"noise": bad})},
        default_kind="order",
    )
    names = [field.name for field in fields(next(rule.parameters for rule in RULES if rule.slug == "resolution"))]
    assert {key for key, _ in rule_faults(profile)} == {
        *(("rules", "resolution", "parameters", name) for name in names),
        ("rules", "nois"),
        ("kinds", "order", "rules", "noise", "parameters", "review_sigma"),
    }


def test_the_retention_rule_must_have_the_years_of_the_profile():
    assert PROFILE.retention is not None
    profile = replace(PROFILE, retention=replace(PROFILE.retention, years=3))
    with pytest.raises(
        ProfileError, match=r"rules\.retention\.parameters\.years must be the years of \[retention\], 3"
    ):
        bind(profile)
    assert bind(replace(PROFILE, retention=None))


def test_an_unknown_parameter_gets_the_right_one_suggested():
    with pytest.raises(ProfileError, match=r"min_width is unknown; did you mean 'min_width_px'\?"):
        with_parameters("resolution", min_width=1024)
    with pytest.raises(ProfileError, match=r"class-folder\.parameters\.x is unknown; there are none"):
        with_parameters("class-folder", x=1)


def test_a_missing_parameter_is_refused():
    setting = PROFILE.rules["resolution"]
    parameters = {name: value for name, value in setting.parameters.items() if name != "min_width_px"}
    rules = {**PROFILE.rules, "resolution": replace(setting, parameters=parameters)}
    with pytest.raises(ProfileError, match="min_width_px is missing"):
        bind(replace(PROFILE, rules=rules))


@pytest.mark.parametrize(
    ("slug", "name", "value", "problem"),
    [
        ("resolution", "min_width_px", 1024.0, "a whole number"),
        ("resolution", "min_width_px", True, "a whole number"),
        ("resolution", "min_width_px", "1024", "a whole number"),
        ("resolution", "min_width_px", -1, "at least 0"),
        ("resolution", "portrait_allowed", 0, "true or false"),
        ("noise", "review_sigma", "8", "a number"),
        ("noise", "review_sigma", float("nan"), "at least 0"),
        ("noise", "review_sigma", float("inf"), "at least 0"),
        ("file-name", "tolerated", "case", "a list of texts"),
        ("live-picture", "fail_share", 1.01, "at most 1"),
    ],
)
def test_values_of_the_wrong_type_or_range_are_refused(slug, name, value, problem):
    with pytest.raises(ProfileError, match=rf"rules.{slug}.parameters.{name} .*{problem}"):
        with_parameters(slug, **{name: value})


def test_a_whole_number_serves_as_a_float_and_a_limit_of_0_is_a_limit():
    rules = with_parameters("noise", review_sigma=0)
    value = next(one.parameters for one in rules.rules if one.rule.slug == "noise")
    assert value.review_sigma == 0.0
    assert isinstance(value.review_sigma, float)


def test_parameters_carry_their_source():
    for rule in PROFILE.rules.values():
        assert all(isinstance(p, Parameter) and p.source for p in rule.parameters.values())


def test_a_rule_may_take_a_section_of_the_profile_and_needs_it():
    rules = {one.rule.slug: one.parameters for one in bind(PROFILE).rules}
    assert rules["recorded-hours"].hours == PROFILE.hours
    assert rules["planned-hours"].extent is None
    company = {one.rule.slug: one.parameters for one in bind(PROFILE).of_kind("company")}
    assert company["planned-hours"].extent == PROFILE.kinds["company"].extent
    lacking = replace(PROFILE, hours=None, programme=None)
    assert list(rule_faults(lacking)) == [
        (("rules", "recorded-hours"), "needs the section [hours]"),
        (("rules", "programme-year"), "needs the section [programme]"),
    ]


def test_a_section_is_no_parameter_of_the_profile():
    with pytest.raises(ProfileError, match=r"recorded-hours.parameters.hours is unknown"):
        with_parameters("recorded-hours", hours=1)
