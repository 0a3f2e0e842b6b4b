"""Every case of the fixtures goes the whole way, in one scan by real workers: its rule says what the table says."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from fixtures.videos.cases import CASES, Case, build_case
from tests.report import samples
from vidaudit.judge.catalogue import bind
from vidaudit.model.verdict import ClassVerdict
from vidaudit.profile import load_profile
from vidaudit.run.audit import ScanOptions, Silence, scan
from vidaudit.run.engines import LocalEngine
from vidaudit.run.publish import Publisher

# The cases share their roster, and whoever is enrolled in two classes of a run is a finding.
ALONE = "ROS001-roster-valid-pass-a"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ClassVerdict]:
    """{name of the case: verdict}. The cache keeps the many copies of one clip from being watched again."""
    cache = tmp_path_factory.mktemp("cache")
    together = [case for case in CASES if case.name != ALONE]
    alone = [case for case in CASES if case.name == ALONE]
    return {
        case.name: verdict
        for cases in (together, alone)
        for case, verdict in zip(cases, scanned(cases, tmp_path_factory, cache), strict=True)
    }


def scanned(cases: Sequence[Case], folders: pytest.TempPathFactory, cache: Path) -> list[ClassVerdict]:
    disc, out = folders.mktemp("disc"), folders.mktemp("out")
    profile = load_profile("huguan-2024")
    result = scan(
        [build_case(case, disc) for case in cases],
        ScanOptions(profile=profile, rules=bind(profile), cache=cache),
        LocalEngine(jobs=2, limits=profile.limits),
        Publisher(out=out, profile=profile, context=samples.context()),
        Silence(),
    )
    return [outcome.verdict for outcome in result.outcomes]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rule_says_what_the_table_says(case: Case, verdicts: Mapping[str, ClassVerdict]) -> None:
    (result,) = (rule for rule in verdicts[case.name].rules if rule.id == case.rule)
    said = {finding.code for finding in result.findings}
    assert (result.slug, result.status) == (case.slug, case.outcome), said
    assert set(case.codes) <= said


def test_no_failing_case_is_a_class_that_passes(verdicts: Mapping[str, ClassVerdict]) -> None:
    assert len(verdicts) == len(CASES)
    for case in CASES:
        if case.outcome.value != "pass":
            assert verdicts[case.name].status.value != "pass", case.name
