import datetime as dt
from dataclasses import replace

import pytest

from tests.judge.builders import (
    DAY1,
    DAY2,
    PROFILE,
    change_day,
    green,
    outcome,
    run,
    with_parameters,
    with_people,
)
from tests.judge.dossiers import DATES, dossier, filed, session
from vidaudit.judge.catalogue import bind
from vidaudit.judge.engine import judge
from vidaudit.model.dossier import DossierFault, DossierProblem
from vidaudit.model.verdict import Level, NotApplicable, Status
from vidaudit.profile import available_profiles, load_profile

VALID, BASIC, YEAR = "dossier-valid", "basic-topics", "programme-year"
RULES = bind(PROFILE)


def test_a_dossier_in_order_passes_and_so_does_its_class():
    assert outcome(VALID, filed()) == {("ok", "pass")}
    assert judge(filed(), RULES).status is judge(green(), RULES).status


@pytest.mark.parametrize("slug", [VALID, BASIC])
def test_without_one_they_are_left_out_unless_the_profile_requires_it(slug):
    left = {one.slug: one.reason for one in judge(green(), RULES).not_applied}
    assert left[slug] is NotApplicable.NOT_CALLED_FOR
    assert outcome(slug, green(), with_parameters(slug, dossier_required=True)) == {("no-dossier", "not-evaluated")}


@pytest.mark.parametrize("problem", DossierProblem)
def test_every_fault_is_for_a_person_with_its_place(problem):
    fault = DossierFault(problem=problem, place="计划!B7", text="x", hint="y")
    (finding,) = run(VALID, filed(faults=(fault,))).findings
    assert (finding.code, finding.status) == (problem.value, Status.REVIEW)
    assert finding.values == {"file": "开班申报.xlsx", "place": "计划!B7", "text": "x", "hint": "y"}


@pytest.mark.parametrize("kind", ["project", "项目制培训", "项目制", None])
def test_a_kind_that_agrees(kind):
    assert outcome(VALID, replace(filed(kind=kind), kind="project")) == {("ok", "pass")}


def test_a_kind_that_the_profile_does_not_know_gets_the_nearest():
    (finding,) = run(VALID, filed(kind="订单培训")).findings
    assert (finding.code, finding.values["hint"]) == ("kind-unknown", "订单式培训")
    made = judge(filed(kind="订单培训"), RULES)
    assert (made.kind, made.is_kind_assumed, made.is_kind_filed) == ("project", True, False)


def test_the_kind_of_the_dossier_decides_what_applies():
    made = judge(filed(kind="企业职工"), RULES)
    assert (made.kind, made.is_kind_assumed, made.is_kind_filed) == ("company", False, True)
    assert {one.slug for one in made.rules} == {"roster-valid", VALID, "planned-hours", BASIC, YEAR}


def test_a_contradiction_with_what_was_said_is_never_a_pass():
    made = judge(replace(filed(kind="企业职工"), kind="order"), RULES)
    assert made.kind == "company"
    (said,) = (one for one in made.rules if one.slug == VALID)
    assert ("kind-differs", Status.REVIEW) in {(one.code, one.status) for one in said.findings}
    assert made.status is not Status.PASS


@pytest.mark.parametrize("name", available_profiles())
def test_no_kind_of_training_hides_what_is_wrong_with_its_dossier(name):
    rules = bind(load_profile(name))
    for kind in (None, *rules.kinds):
        bound = {one.rule.slug: one.level for one in rules.of_kind(kind)}
        assert bound[VALID] is not Level.OFF, kind


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"institution": "另一所学校"}, "institution-differs"),
        ({"institution": "长治市 示例职业培训学校"}, "ok"),
        ({"institution": None}, "ok"),
        ({"class_name": "2024年第2期电工培训班"}, "class-differs"),
        ({"class_name": "育婴员培训班"}, "ok"),
        ({"roster": "名单.xlsx"}, "roster-differs"),
        ({"roster": "花名册"}, "ok"),
    ],
)
def test_what_it_says_of_the_class(changes, code):
    assert {one for one, _ in outcome(VALID, filed(**changes))} == {code}


# --- basic-topics ---


def test_all_topics_in_one_row_or_in_several():
    assert outcome(BASIC, filed()) == {("ok", "pass")}
    rows = [session(DATES[0], topic=topic) for topic in ("安全生产", "防火常识", "法律基础", "普通话")]
    assert outcome(BASIC, filed(*rows)) == {("ok", "pass")}


@pytest.mark.parametrize(
    ("topics", "missing"),
    [
        ("安全、消防、法制", ("普通话",)),
        ("消防安全、法制、普通话", ("安全",)),
        ("消防安全、安全用电、法制、普通话", ()),
        (None, ("安全", "消防", "法制", "普通话")),
    ],
)
def test_missing_topics_are_named(topics, missing):
    (finding,) = run(BASIC, filed(session(DATES[0], topic=topics))).findings
    expected = ("missing-topics", missing) if missing else ("ok", ("安全", "消防", "法制", "普通话"))
    assert (finding.code, finding.values["topics"]) == expected
    assert finding.status is (Status.REVIEW if missing else Status.PASS)


def test_a_dossier_without_a_plan():
    evidence = replace(filed(), dossier=replace(dossier(), sessions=()))
    assert outcome(BASIC, evidence) == {("no-plan", "not-evaluated")}


# --- programme-year ---


def on(*dates, name="育婴员培训班"):
    evidence = replace(green(), folder=replace(green().folder, class_name=name))
    return replace(
        evidence, folder=replace(evidence.folder, days=()), dossier=dossier(*map(session, dates), class_name=name)
    )


@pytest.mark.parametrize(
    ("dates", "code", "year"),
    [
        ((dt.date(2024, 11, 29), dt.date(2024, 11, 30)), "ok", 2024),
        ((dt.date(2024, 11, 30), dt.date(2024, 12, 1)), "two-years", 2024),
        ((dt.date(2024, 12, 1), dt.date(2025, 11, 30)), "ok", 2025),
    ],
)
def test_december_counts_for_the_next_year(dates, code, year):
    (finding,) = run(YEAR, on(*dates)).findings
    assert (finding.code, finding.values["year"]) == (code, year)


def test_the_days_beyond_the_end_are_named():
    (finding,) = run(YEAR, on(dt.date(2024, 11, 30), dt.date(2024, 12, 1))).findings
    assert (finding.values["next_year"], finding.values["dates"]) == (2025, ("2024-12-01",))


@pytest.mark.parametrize(
    ("name", "code"),
    [("2024年第1期班", "year-differs"), ("2025年第1期班", "ok"), ("第1期班", "ok"), ("2024至2025年班", "ok")],
)
def test_the_year_of_the_name(name, code):
    assert {one for one, _ in outcome(YEAR, on(dt.date(2024, 12, 2), name=name))} == {code}


def test_folders_tell_it_where_there_is_no_plan():
    assert outcome(YEAR, green()) == {("ok", "pass")}
    late = change_day(green(), DAY2, date=dt.date(2024, 12, 2))
    assert outcome(YEAR, late) == {("two-years", "review")}
    guessed = change_day(change_day(green(), DAY1, year_from=None), DAY2, year_from=None)
    assert YEAR in {one.slug for one in judge(guessed, RULES).not_applied}


# --- teachers in the pans ---


@pytest.mark.parametrize(("teachers", "code"), [("王老师", "ok"), ("王、李", "ok"), (None, "ok")])
def test_a_cell_of_teachers_is_one_name(teachers, code):
    assert {one for one, _ in outcome("persons-vs-roster", filed(session(DATES[0], teacher=teachers)))} == {code}


def test_more_teachers_in_the_plan_must_be_seen_as_well():
    rows = [session(DATES[0], teacher=name) for name in ("王老师", "李老师")]
    assert outcome("persons-vs-roster", filed(*rows)) == {("near", "review")}
    assert outcome("persons-vs-roster", with_people(filed(*rows), DAY1, 6, 6, 6)) == {("ok", "pass")}
