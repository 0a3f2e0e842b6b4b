import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.judge import builders
from tests.run.inline import PROFILE, publisher
from vidaudit.judge.catalogue import bind
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.verdict import ClassVerdict, RuleChange, Status
from vidaudit.profile import load_profile
from vidaudit.run.changes import Previous, changed, read_previous

RULES = bind(PROFILE)
GREEN = builders.green()
SHORT = builders.change_probe(GREEN, builders.LECTURE, packets=builders.packets(300))


def previous(tmp_path: Path, evidence: ClassEvidence) -> Previous:
    """The verdict on this evidence, as it comes back out of its report."""
    publisher(tmp_path).publish(evidence, RULES, folder="班")
    found = read_previous(tmp_path / "班" / "report.json")
    assert found is not None
    return found


def rule(verdict: ClassVerdict, slug: str) -> RuleChange:
    assert verdict.change is not None
    return next(one for one in verdict.change.rules if one.slug == slug)


def test_the_same_verdict_by_the_same_profile_is_no_change(tmp_path: Path) -> None:
    for evidence in (GREEN, SHORT):
        verdict = judge(evidence, RULES)
        assert changed(verdict, previous(tmp_path, evidence), PROFILE) is verdict
        assert changed(verdict, None, PROFILE) is verdict


def test_findings_that_came_and_went(tmp_path: Path) -> None:
    worse = changed(judge(SHORT, RULES), previous(tmp_path, GREEN), PROFILE)
    assert worse.change is not None
    assert (worse.change.before, worse.change.profile_id) == (judge(GREEN, RULES).status, PROFILE.id)
    assert [one.slug for one in worse.change.rules] == ["lecture-length"]
    length = rule(worse, "lecture-length")
    assert (length.before, length.now, length.gone) == (Status.PASS, Status.FAIL, ())
    assert [(one.code, one.where.clip) for one in length.new] == [("too-short", builders.LECTURE)]
    better = rule(changed(judge(GREEN, RULES), previous(tmp_path, SHORT), PROFILE), "lecture-length")
    assert (better.before, better.now, better.new) == (Status.FAIL, Status.PASS, ())
    assert [one.values["duration_s"] for one in better.gone] == [300.0]


def test_a_rule_that_is_not_applied_any_more_and_one_that_is_new(tmp_path: Path) -> None:
    other = load_profile("shanxi-2023")
    fewer = changed(judge(SHORT, bind(other)), previous(tmp_path, SHORT), other)
    length = rule(fewer, "lecture-length")
    assert (length.before, length.now) == (Status.FAIL, None)
    assert [one.code for one in length.gone] == ["too-short"]
    publisher(tmp_path / "other", profile=other).publish(SHORT, bind(other), folder="班")
    more = changed(judge(SHORT, RULES), read_previous(tmp_path / "other" / "班" / "report.json"), PROFILE)
    assert (rule(more, "lecture-length").before, rule(more, "lecture-length").now) == (None, Status.FAIL)


def test_another_profile_that_changes_nothing_is_still_named(tmp_path: Path) -> None:
    verdict = changed(judge(GREEN, RULES), previous(tmp_path, GREEN), replace(PROFILE, sha256="0" * 64))
    assert verdict.change is not None
    assert (verdict.change.rules, verdict.change.profile_sha256) == ((), PROFILE.sha256)


def test_as_many_findings_alike_as_there_are_more(tmp_path: Path) -> None:
    before = previous(tmp_path, SHORT)
    verdict = judge(SHORT, RULES)
    rules = tuple(
        replace(one, findings=(*one.findings, *one.findings)) if one.slug == "lecture-length" else one
        for one in verdict.rules
    )
    assert len(rule(changed(replace(verdict, rules=rules), before, PROFILE), "lecture-length").new) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b'{"status": "pass"}', b'{"profile": 3}', b"\xff"])
def test_what_is_no_report_is_compared_with_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "report.json").write_bytes(content)
    assert read_previous(tmp_path / "report.json") is None
    assert read_previous(tmp_path / "nothing.json") is None


def test_an_id_number_in_an_earlier_report_gets_no_further(tmp_path: Path) -> None:
    number = "140427197001100025"
    publisher(tmp_path).publish(SHORT, RULES, folder="班")
    file = tmp_path / "班" / "report.json"
    document = json.loads(file.read_bytes())
    for one in document["rules"]:
        for finding in one["findings"]:
            finding["values"]["name"] = f"张三{number}"
            finding["where"]["clip"] = f"{number}.mp4"
    file.write_text(json.dumps(document), encoding="utf-8")
    outcome = publisher(tmp_path).publish(GREEN, RULES, folder="班", previous=read_previous(file))
    assert outcome.verdict.change is not None
    for name in ("report.json", "report.html"):
        assert number not in (tmp_path / "班" / name).read_text(encoding="utf-8")
