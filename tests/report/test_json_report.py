import json
import math
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report import samples
from vidaudit.model.verdict import Finding, Status, Where
from vidaudit.report.json_report import class_report, dumps, summary
from vidaudit.report.schema import validate

NASTY = samples.nasty()


def report(**changes: Any) -> dict[str, Any]:
    verdict = replace(NASTY.verdict, **changes)
    return class_report(verdict, samples.profile(), samples.context())


def test_the_report_has_the_parts_of_the_contract_in_their_order() -> None:
    made = report()
    assert list(made) == [
        *("schema", "tool", "profile", "class", "status", "rules", "days", "clips", "people"),
        *("not_applicable", "manual"),
    ]
    assert list(made["rules"][0]) == ["id", "slug", "level", "status", "clause", "findings"]
    assert list(made["rules"][0]["findings"][0]) == [
        *("code", "status", "where", "values", "message", "remedy", "snapshot")
    ]
    assert made["people"] == {"roster": 2, "persons_seen": 2}


def test_what_was_not_measured_is_null() -> None:
    clip = report(clips=(samples.clip_verdict("a.mp4", Status.ERROR, sha256=None, duration_s=None, width=None),))[
        "clips"
    ][0]
    assert (clip["sha256"], clip["duration_s"], clip["width"], clip["clock"]) == (
        *(None, None, None),
        {"first": None, "last": None},
    )


def test_a_finding_without_anything_to_mend_has_no_remedy() -> None:
    container = next(rule for rule in report()["rules"] if rule["slug"] == "mp4-container")
    assert container["findings"][0]["remedy"] is None


def test_paths_are_masked_alike_wherever_they_stand() -> None:
    made = report()
    paths = {clip["path"] for clip in made["clips"]}
    assert len(paths) == len(samples.NASTY_NAMES)
    assert {finding["where"]["clip"] for rule in made["rules"] for finding in rule["findings"]} <= {None, *paths}
    assert set(made["days"][1]["face_clips"]) <= paths


def test_no_id_number_is_left_in_any_text() -> None:
    text = dumps(report()).decode()
    assert samples.FULL_ID not in text
    without_hashes = re.sub(r'"[0-9a-f]{64}"', "", text)
    assert not re.search(r"\d{15}", without_hashes)


def test_hashes_stay_whole() -> None:
    made = report()
    assert made["clips"][0]["sha256"] == samples.DIGIT_SHA
    assert samples.DIGIT_SHA in made["tool"]["models"].values()


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert json.loads(dumps(report(name="a\ud83d")))["class"]["name"] == "a\ud83d"


SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text()
FINDINGS = st.builds(
    Finding,
    code=st.sampled_from(["too-small", "ok", "no-such-code", "title"]),
    status=st.sampled_from(list(Status)),
    where=st.builds(Where, day=st.none() | st.text(), clip=st.none() | st.text(), at_s=st.none() | st.floats(0, 1e6)),
    values=st.dictionaries(st.text(), SCALARS | st.lists(SCALARS).map(tuple)),
    snapshot=st.none() | st.text(),
)


@given(st.lists(FINDINGS, max_size=3), st.sampled_from(["resolution", "no-such-rule"]), st.sampled_from(["zh", "en"]))
def test_whatever_a_rule_yields_gives_a_valid_report(findings: list[Finding], slug: str, lang: str) -> None:
    rule = samples.rule("PIC001", slug, tuple(findings), Status.REVIEW)
    verdict = replace(samples.clean().verdict, rules=(rule,))
    made = class_report(verdict, samples.profile(), samples.context(lang))
    assert validate(made) == ()
    assert json.loads(dumps(made)) == made


def test_numbers_that_json_lacks_become_null() -> None:
    finding = Finding(code="ok", status=Status.PASS, values={"share": math.nan, "all": (math.inf, 1.0)})
    made = report(rules=(samples.rule("PIC001", "resolution", (finding,), Status.PASS),))
    assert made["rules"][0]["findings"][0]["values"] == {"share": None, "all": [None, 1.0]}


def test_the_summary_lists_what_needs_attention_first() -> None:
    made = summary(samples.rows(), samples.profile(), samples.context())
    assert [item["status"] for item in made["classes"]] == ["fail", "pass"]
    assert made["status"] == "fail"
    assert made["counts"] == {"fail": 1, "error": 0, "review": 0, "not-evaluated": 0, "pass": 1}
    assert made["classes"][0]["reasons"][0] == "file-name"
    assert made["classes"][1]["report"]["html"] == "育婴员培训班/report.html"
    assert validate(made) == ()


def test_a_run_without_a_class_is_not_a_pass() -> None:
    assert summary((), samples.profile(), samples.context())["status"] == "not-evaluated"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_messages_are_in_the_language_that_was_asked_for(lang: str) -> None:
    made = class_report(NASTY.verdict, samples.profile(), samples.context(lang))
    small = next(rule for rule in made["rules"] if rule["slug"] == "resolution")["findings"][0]["message"]
    assert ("画面" in small) is (lang == "zh")
