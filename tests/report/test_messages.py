import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from string import Formatter
from typing import Any

import pytest

from vidaudit.judge.catalogue import RULES
from vidaudit.judge.rule import ENGINE_CODES
from vidaudit.model.evidence import FailureKind
from vidaudit.model.media import Container
from vidaudit.model.settings import Profile
from vidaudit.model.stake import DaysFrom, Item
from vidaudit.model.submission import ClipKind, StrayReason
from vidaudit.model.verdict import Finding, Level, Status
from vidaudit.profile import available_profiles, load_profile
from vidaudit.report.context import LANGUAGES
from vidaudit.report.messages import catalogue, finite
from vidaudit.report.po import read_tables as tables

ZH, EN = catalogue("zh"), catalogue("en")


def flat(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, (*above, key))
        else:
            yield (*above, key), value


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    zh, en = dict(flat(tables("zh"))), dict(flat(tables("en")))
    assert zh.keys() == en.keys()
    assert {key for key in zh if placeholders(zh[key]) != placeholders(en[key])} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_remedies_are_ever_empty(lang: str) -> None:
    assert {key for key, text in flat(tables(lang)) if not text and key[-1] != "remedy"} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_every_code_of_every_rule_has_words_that_fit_its_values(lang: str, rule: Any) -> None:
    entries = tables(lang)["rules"][rule.slug]
    title = rule.title_zh if lang == "zh" else rule.title_en
    assert entries.pop("title") == title
    assert entries.keys() == rule.codes.keys()
    for code, names in rule.codes.items():
        assert placeholders(entries[code]["message"]) | placeholders(entries[code]["remedy"]) <= set(names)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_no_words_for_rules_that_do_not_exist(lang: str) -> None:
    assert tables(lang)["rules"].keys() == {rule.slug for rule in RULES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_of_the_engine_has_words_that_fit_its_values(lang: str) -> None:
    entries = tables(lang)["common"]
    assert entries.keys() == ENGINE_CODES.keys()
    for code, names in ENGINE_CODES.items():
        assert placeholders(entries[code]["message"]) | placeholders(entries[code]["remedy"]) <= set(names)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_member_of_the_enumerations_has_a_word(lang: str) -> None:
    made = tables(lang)
    assert made["status"].keys() == set(Status)
    assert made["level"].keys() == set(Level)
    assert made["kind"].keys() == set(ClipKind)
    assert made["words"]["container"].keys() == set(Container)
    assert made["words"]["stray"].keys() == set(StrayReason)
    assert made["words"]["kind"].keys() == set(FailureKind)


def test_a_finding_is_filled_in_with_units() -> None:
    values = {"duration_s": 590.0, "covered_s": 590.0, "min_s": 600.0}
    said = ZH.finding("lecture-length", Finding(code="too-short", status=Status.FAIL, values=values))
    assert said.message == "时长 9:50，要求 10:00。"
    assert said.remedy


def test_an_unknown_code_still_renders_with_its_values() -> None:
    said = EN.finding("no-such-rule", Finding(code="odd", status=Status.REVIEW, values={"row": 3, "min_share": 0.5}))
    assert said.message == "odd (row = 3, min_share = 50%)"
    assert said.remedy == ""


def test_the_title_of_a_rule_is_not_taken_for_one_of_its_codes() -> None:
    assert EN.finding("noise", Finding(code="title", status=Status.REVIEW)).message == "title"


def test_a_missing_value_reads_as_not_measured() -> None:
    said = EN.finding("lecture-length", Finding(code="ok", status=Status.PASS, values={"min_s": 600}))
    assert said.message == "It lasts not measured; asked for: 10:00."


def test_braces_in_a_value_are_not_placeholders() -> None:
    finding = Finding(code="unknown-file", status=Status.REVIEW, values={"path": "{min_s}{0}{path.__class__}"})
    assert "“{min_s}{0}{path.__class__}”" in ZH.finding("stray-file", finding).message


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("min_s", 2.0, "2 秒"),
        ("at_s", 2.0, "0:02"),
        ("bytes", 2048, "2 KB"),
        ("min_share", 0.9, "90%"),
        ("share", None, "未测得"),
        ("share", math.nan, "未测得"),
        ("width_px", math.inf, "未测得"),
        ("width_px", 39.99, "39"),
        ("flag", True, "是"),
        ("numbers", (1, None), "1、无编号"),
        ("container", "matroska", "MKV"),
        ("container", "novel", "novel"),
        ("date", "2024-05-20", "2024年5月20日"),
        ("date", "5-20", "5-20"),
        ("folder", "2024-05-20", "2024-05-20"),
        ("luma", Fraction(1, 3), "0.33"),
    ],
)
def test_values_are_worded_by_the_unit_in_their_key(key: str, value: Any, text: str) -> None:
    assert ZH.value(key, value) == text


@pytest.mark.parametrize(
    ("value", "result"),
    [(math.nan, None), (math.inf, None), (Fraction(1, 3), 0.333333), (1, 1), ("x", "x"), (None, None), (True, True)],
)
def test_json_gets_finite_numbers_only(value: Any, result: Any) -> None:
    assert finite(value) == result


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_at_stake_has_words(lang: str) -> None:
    made = tables(lang)
    named = {f"stake_item_{item}" for item in Item} | {f"stake_from_{source}" for source in DaysFrom}
    assert named <= made["ui"].keys()
    levels = {level for profile in map(load_profile, available_profiles()) for level in levels_of(profile)}
    assert levels <= made["words"]["stake_level"].keys()


def levels_of(profile: Profile) -> set[str]:
    certificates = set() if profile.certificates is None else set(profile.certificates.yuan)
    return certificates.union(*(subsidy.per_class_hour_yuan for subsidy in profile.subsidies))


@pytest.mark.parametrize(("lang", "text"), [("zh", "未注明 学时"), ("en", "unstated class hours")])
def test_class_hours_that_a_plan_does_not_say_are_not_called_unmeasured(lang: str, text: str) -> None:
    values = {"date": "2024-06-06", "class_hours": None, "others": ()}
    finding = Finding(code="perhaps-missing", status=Status.REVIEW, values=values)
    assert text in catalogue(lang).finding("day-coverage", finding).message
