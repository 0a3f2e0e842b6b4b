from dataclasses import replace

import pytest

from tests.report import samples
from vidaudit.model.verdict import Level, Status
from vidaudit.report.attention import SummaryRow, all_paths, by_attention, counts, reasons, required


def row(status: Status, name: str = "a") -> SummaryRow:
    return SummaryRow(verdict=replace(samples.clean().verdict, status=status, name=name), folder=name)


def test_the_gravest_comes_first_then_the_name() -> None:
    rows = [row(status, name) for name in "ba" for status in Status]
    ordered = [(item.verdict.status, item.verdict.name) for item in by_attention(rows)]
    grave = [Status.FAIL, Status.ERROR, Status.REVIEW, Status.NOT_EVALUATED, Status.PASS]
    assert ordered == [(status, name) for status in grave for name in "ab"]


def test_more_failed_rules_come_before_fewer() -> None:
    one = samples.rule("CON001", "readable", (), Status.FAIL)
    rows = [
        SummaryRow(verdict=replace(row(Status.FAIL).verdict, rules=(one,) * number), folder=str(number))
        for number in (1, 3, 2)
    ]
    assert [item.folder for item in by_attention(rows)] == ["3", "2", "1"]


def test_every_status_is_counted_even_when_there_are_none() -> None:
    assert counts([Status.PASS, Status.PASS, Status.FAIL]) == {
        "fail": 1,
        "error": 0,
        "review": 0,
        "not-evaluated": 0,
        "pass": 2,
    }


@pytest.mark.parametrize(("level", "counts_for_verdict"), [(Level.REQUIRE, True), (Level.ADVISE, False)])
def test_only_required_rules_are_reasons(level: Level, counts_for_verdict: bool) -> None:
    verdict = replace(
        samples.clean().verdict, rules=(samples.rule("CON001", "readable", (), Status.FAIL, level=level),)
    )
    assert bool(required(verdict)) is counts_for_verdict
    assert bool(reasons(verdict)) is counts_for_verdict


def test_the_paths_of_findings_days_and_clips_are_all_known() -> None:
    paths = all_paths(samples.nasty().verdict)
    assert set(paths) == {"0520", "0521", *samples.NASTY_NAMES}
    assert samples.FULL_ID not in "".join(paths.values())
