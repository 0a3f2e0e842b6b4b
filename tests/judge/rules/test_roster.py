from dataclasses import replace

import pytest

from tests.judge.builders import green, outcome, roster, run
from vidaudit.judge.rules.roster import FILE_FAULTS, ID_FAULTS
from vidaudit.model.roster import Roster

SLUG = "roster-valid"


def with_roster(**changes):
    return replace(green(), roster=roster(**changes))


def with_trainee(**changes):
    trainees = roster().trainees
    return with_roster(trainees=(*trainees[:-1], replace(trainees[-1], **changes)))


def test_a_roster_in_order():
    assert outcome(SLUG, green()) == {("ok", "pass")}


def test_no_roster_is_no_pass():
    assert outcome(SLUG, replace(green(), roster=None)) == {("missing-roster", "not-evaluated")}


@pytest.mark.parametrize("fault", FILE_FAULTS)
def test_what_keeps_it_from_being_read_is_for_a_person(fault):
    assert outcome(SLUG, with_roster(faults=(fault,), other_files=("b.csv",))) >= {(fault, "review")}


def test_a_roster_without_rows_or_with_rivals():
    assert outcome(SLUG, with_roster(trainees=())) == {("no-rows", "review")}
    assert outcome(SLUG, with_roster(trainees=(), faults=("unreadable",))) == {("unreadable", "review")}


def test_another_file_with_the_same_people_is_no_fault():
    assert outcome(SLUG, with_roster(other_files=("b.csv",))) == {("ok", "pass")}


def test_rival_lists_in_one_file_are_told_from_rival_files():
    assert outcome(SLUG, with_roster(faults=("several-rosters",))) == {("several-lists", "review")}
    two_files = with_roster(faults=("several-rosters",), other_files=("b.csv",))
    assert outcome(SLUG, two_files) == {("several-rosters", "review")}


@pytest.mark.parametrize("fault", ID_FAULTS)
def test_id_numbers(fault):
    expected = "fail" if fault in {"checksum", "birth-date"} else "review"
    assert outcome(SLUG, with_trainee(id_faults=(fault,))) == {(f"id-{fault}", expected)}


def test_a_finding_names_the_row_but_never_the_person():
    findings = run(SLUG, with_trainee(name="张三", id_faults=("checksum",))).findings
    assert [finding.values for finding in findings] == [{"row": 6, "id_masked": "1404************1X"}]


def test_one_person_twice():
    assert outcome(SLUG, with_trainee(duplicate_of_row=3)) == {("duplicate", "fail")}
    assert outcome(SLUG, with_trainee(duplicate_of_row=3, id_masked=None)) == {("same-name", "review")}


@pytest.mark.parametrize(("column", "code"), [("姓名", True), ("身份证号", True), ("备注", False)])
def test_only_required_columns_are_missed(column, code):
    expected_column = ("missing-column", "review") if code else ("ok", "pass")
    assert outcome(SLUG, with_roster(missing_columns=(column,))) == {expected_column}
    expected_field = ("missing-field", "review") if code else ("ok", "pass")
    assert outcome(SLUG, with_trainee(missing=(column,))) == {expected_field}


def test_every_fault_is_told():
    evidence = with_trainee(id_faults=("checksum", "sex"), duplicate_of_row=3, missing=("姓名",))
    codes = {"id-checksum", "id-sex", "duplicate", "missing-field"}
    assert {code for code, _ in outcome(SLUG, evidence)} == codes


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (None, ("ok", "pass")),
        (15, ("too-young", "review")),
        (16, ("ok", "pass")),
        (60, ("ok", "pass")),
        (61, ("too-old", "review")),
    ],
)
def test_the_age_by_the_number(age, expected):
    assert outcome(SLUG, with_trainee(age_by_number=age)) == {expected}


def test_somebody_who_is_in_another_class_as_well():
    assert outcome(SLUG, with_trainee(also_in=("盘/乙班",))) == {("also-enrolled", "review")}
    assert run(SLUG, with_trainee(also_in=("盘/乙班",))).findings[0].values["classes"] == ("盘/乙班",)


def test_a_roster_beside_the_class_folder_is_pointed_at():
    evidence = replace(green(), roster=Roster(file="../花名册.xlsx", trainees=(), faults=("outside-class",)))
    assert outcome("roster-valid", evidence) == {("outside-class", "review")}
    assert outcome("persons-vs-roster", evidence) == {("missing-roster", "not-evaluated")}
