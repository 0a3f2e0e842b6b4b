import datetime as dt
from dataclasses import replace

import pytest

from tests.judge.builders import (
    CLASS,
    DAY1,
    FACE1,
    FACE2,
    LECTURE,
    SCHOOL,
    change_day,
    change_file,
    change_name,
    green,
    outcome,
    run,
    with_parameters,
)
from vidaudit.model.submission import ClipKind


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("ok", "pass")),
        ({"prescribed": False, "differences": ("case",)}, ("tolerated", "pass")),
        ({"prescribed": False, "differences": ("spaces", "case")}, ("tolerated", "pass")),
        ({"prescribed": False, "differences": ("case", "wording")}, ("not-prescribed", "fail")),
        ({"prescribed": False, "differences": ("number-missing",)}, ("not-prescribed", "fail")),
        ({"prescribed": False, "differences": ("case", "unparsed")}, ("unknown-name", "fail")),
        ({"prescribed": False, "differences": ()}, ("unclear", "review")),
        ({"prescribed": False, "differences": ("unsplit",)}, ("unclear", "review")),
        ({"prescribed": False, "differences": ("case", "unsplit")}, ("unclear", "review")),
        ({"prescribed": False, "differences": ("separator", "unsplit")}, ("not-prescribed", "fail")),
        ({"prescribed": False, "differences": ("unparsed", "unsplit")}, ("unknown-name", "fail")),
    ],
)
def test_file_name(changes, expected):
    assert outcome("file-name", change_name(green(), FACE1, **changes)) == {expected}


def test_a_near_miss_gets_the_right_name():
    evidence = change_name(green(), FACE1, prescribed=False, differences=("wording", "case"))
    evidence = change_file(evidence, FACE1, suggested_name="right.mp4")
    finding = next(f for f in run("file-name", evidence).findings if f.where.clip == FACE1)
    assert finding.values == {"suggested": "right.mp4", "differences": ("case", "wording")}


def test_a_clip_of_unknown_kind_fails_whatever_its_flags_say():
    assert outcome("file-name", change_file(green(), FACE1, kind=ClipKind.OTHER)) == {("unknown-name", "fail")}


def test_nothing_need_be_tolerated():
    rules = with_parameters("file-name", tolerated=())
    evidence = change_name(green(), FACE1, prescribed=False, differences=("case",))
    assert outcome("file-name", evidence, rules) == {("not-prescribed", "fail")}


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ({}, {}, ("ok", "pass")),
        ({"day": 21}, {}, ("date-differs", "fail")),
        ({"month": 4}, {}, ("date-differs", "fail")),
        ({"month": None, "day": None}, {}, ("no-date-in-name", "not-evaluated")),
        ({"year": 2024}, {"year_from": "folder"}, ("ok", "pass")),
        ({"year": 2023}, {"year_from": "folder"}, ("year-differs", "fail")),
        ({"year": 2023}, {"year_from": "given"}, ("year-differs", "review")),
        ({"year": 2023}, {"year_from": "clips"}, ("year-differs", "review")),
        ({"year": 2023}, {"year_from": None}, ("ok", "pass")),
        ({"weekday": 0}, {}, ("ok", "pass")),
        ({"weekday": 2}, {}, ("weekday-differs", "review")),
        ({"weekday": 2}, {"year_from": None}, ("ok", "pass")),
        ({"weekday": 2}, {"year_from": None, "weekday": 0}, ("weekday-differs", "review")),
        ({"weekday": 2, "year": 2023}, {"year_from": "clips"}, ("year-differs", "review")),
    ],
)
def test_date_agreement(name, day, expected):
    evidence = change_day(change_name(green(), FACE1, **name), DAY1, **day)
    assert outcome("date-agreement", evidence) == {expected}


MAY20, MAY21 = dt.date(2024, 5, 20), dt.date(2024, 5, 21)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((MAY20,), ("ok", "pass")),
        ((MAY21,), ("folder-date-unknown", "not-evaluated")),
        ((MAY20, MAY21), ("folder-date-unknown", "not-evaluated")),
        ((), ("folder-date-unknown", "not-evaluated")),
    ],
)
def test_date_agreement_with_a_folder_whose_date_is_open(readings, expected):
    evidence = change_day(green(), DAY1, date=None, readings=readings)
    assert outcome("date-agreement", evidence) == {expected}


def test_date_agreement_outside_of_a_day_folder():
    assert outcome("date-agreement", change_file(green(), FACE1, day=None)) == {("outside-day", "not-evaluated")}


def test_title_agreement():
    assert outcome("title-agreement", green()) == {("ok", "pass")}


@pytest.mark.parametrize("changes", [{"institution": "别的学校"}, {"class_name": "别的班"}, {"institution": None}])
def test_the_minority_is_named(changes):
    result = run("title-agreement", change_name(green(), LECTURE, **changes))
    assert [(f.code, f.status.value, f.where.clip) for f in result.findings] == [("title-differs", "fail", LECTURE)]
    assert result.findings[0].values["expected"] == SCHOOL + CLASS


def test_where_institution_and_class_divide_makes_no_difference():
    evidence = change_name(green(), LECTURE, institution=None, class_name=SCHOOL + CLASS)
    assert outcome("title-agreement", evidence) == {("ok", "pass")}


def test_spaces_and_full_width_forms_make_no_difference():
    evidence = change_name(green(), LECTURE, class_name="２０２４年 第1期育婴员培训班")
    assert outcome("title-agreement", evidence) == {("ok", "pass")}


def test_without_a_majority_a_person_must_look():
    evidence = green()
    for clip in evidence.folder.clips[:3]:
        evidence = change_name(evidence, clip.path, class_name="别的班")
    assert outcome("title-agreement", evidence) == {("no-majority", "review")}


def test_names_without_any_title_say_nothing():
    evidence = green()
    for clip in evidence.folder.clips:
        evidence = change_name(evidence, clip.path, institution=None, class_name=None)
    assert outcome("title-agreement", evidence) == {("no-titles", "not-evaluated")}
    one = change_name(green(), FACE2, institution=None, class_name=None)
    assert outcome("title-agreement", one) == {("ok", "pass")}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (CLASS, ("ok", "pass")),
        (SCHOOL + CLASS, ("ok", "pass")),
        (f"{CLASS}（补交）", ("ok", "pass")),
        ("育婴员培训班", ("ok", "pass")),
        ("2024年第2期面点师培训班", ("folder-differs", "review")),
    ],
)
def test_the_class_folders_name(name, expected):
    evidence = green()
    folder = replace(evidence.folder, name=name)
    assert outcome("title-agreement", replace(evidence, folder=folder)) == {expected}


@pytest.mark.parametrize(
    ("wrong", "right", "letters"),
    [
        ("2024年第1期ABС培训班", "2024年第1期ABC培训班", ("С (U+0421)",)),
        ("2024年第1期соft培训班", "2024年第1期coft培训班", ("с (U+0441)", "о (U+043E)")),
        ("2024年第1期Ａβ培训班", "2024年第1期ab培训班", ("β (U+03B2)",)),
    ],
)
def test_letters_that_only_look_the_same_are_named(wrong, right, letters):
    evidence = green()
    for clip in evidence.folder.clips:
        evidence = change_name(evidence, clip.path, class_name=wrong if clip.path == LECTURE else right)
    finding = next(f for f in run("title-agreement", evidence).findings if f.where.clip == LECTURE)
    assert (finding.code, finding.status, finding.values["letters"]) == ("look-alike", "review", letters)


def test_quotation_marks_make_no_other_title():
    evidence = change_name(green(), LECTURE, institution=f"“{SCHOOL}”")
    assert outcome("title-agreement", evidence) == {("ok", "pass")}
