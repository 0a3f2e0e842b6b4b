"""Two classes of one date on one disc, the whole way: drawn clips, evidence, reports published again."""

import json
import shutil
from pathlib import Path

import pytest

from fixtures.videos.disc import DOUBTFUL, FACE_1, GOOD
from tests.run.inline import InlineEngine, publisher, scan_inline
from tests.run.submissions import DAY, make_class
from tests.run.test_photos import faces_only
from vidaudit.judge.catalogue import bind
from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.profile import load_profile
from vidaudit.run.audit import ScanResult
from vidaudit.run.clip import ClipTask
from vidaudit.run.codec import from_json
from vidaudit.run.rejudge import rejudge

SAME_1, SAME_2, OTHERS, LATER = (f"2024年第{number}期保育师培训班" for number in (1, 2, 3, 4))


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScanResult]:
    """Two classes of the same people, one of others, all on one day, and one whose day is another."""
    home = tmp_path_factory.mktemp("classes")
    for name, clip in ((SAME_1, GOOD.path(0, FACE_1)), (SAME_2, GOOD.path(1, FACE_1))):
        make_class(home / "disc", name, clip=clip)
    make_class(home / "disc", OTHERS, clip=DOUBTFUL.path(0, FACE_1))
    later = make_class(home / "disc", LATER, clip=GOOD.path(0, FACE_1))
    (later / DAY).rename(later / "5月22日")
    return home / "out", scan_inline([home / "disc"], home / "out", engine=InlineEngine(faces_only))


def rule(out: Path, name: str) -> dict[str, object] | None:
    report = json.loads((out / name / "report.json").read_bytes())
    return next((one for one in report["rules"] if one["id"] == "IDN001"), None)


def stored(out: Path, name: str) -> ClassEvidence:
    return from_json((out / name / "evidence.json").read_bytes(), ClassEvidence)


def test_the_same_people_in_two_classes_are_found_in_both(scanned) -> None:
    out, _ = scanned
    for here, there in ((SAME_1, SAME_2), (SAME_2, SAME_1)):
        found = rule(out, here)
        assert found["status"] == "review"
        assert {one["values"]["other_class"] for one in found["findings"]} == {there}
        assert len(found["findings"]) >= 8  # nine people, drawn in other clothes


def test_both_tell_of_the_same_pairs(scanned) -> None:
    out, _ = scanned
    here, there = (
        {(one["values"][first], one["values"][second]) for one in rule(out, name)["findings"]}
        for name, first, second in ((SAME_1, "person", "other_person"), (SAME_2, "other_person", "person"))
    )
    assert here == there


def test_each_report_stands_alone_with_both_pictures(scanned) -> None:
    out, _ = scanned
    for name in (SAME_1, SAME_2):
        pictures = {one["snapshot"] for one in rule(out, name)["findings"]}
        assert None not in pictures
        assert all((out / name / "snapshots" / picture).read_bytes()[:2] == b"\xff\xd8" for picture in pictures)
        manifest = (out / name / "manifest.json").read_text(encoding="utf-8")
        assert all(f"snapshots/{picture}" in manifest for picture in pictures)


def test_others_were_compared_and_are_in_one_class_only(scanned) -> None:
    out, _ = scanned
    found = rule(out, OTHERS)
    assert (found["status"], [one["code"] for one in found["findings"]]) == ("pass", ["ok"])
    assert set(found["findings"][0]["values"]["classes"]) == {SAME_1, SAME_2}


def test_a_class_of_another_day_isnt_asked(scanned) -> None:
    out, _ = scanned
    assert rule(out, LATER) is None
    assert stored(out, LATER).elsewhere is None


def test_the_result_and_the_summary_are_those_published_last(scanned) -> None:
    out, result = scanned
    statuses = {
        outcome.folder: next((one.status.value for one in outcome.verdict.rules if one.id == "IDN001"), None)
        for outcome in result.outcomes
    }
    assert statuses == {SAME_1: "review", SAME_2: "review", OTHERS: "pass", LATER: None}
    summary = json.loads((out / "summary.json").read_bytes())
    assert {one["name"] for one in summary["classes"] if "two-places" in one["reasons"]} == {SAME_1, SAME_2}


def test_no_descriptor_is_stored(scanned) -> None:
    out, _ = scanned
    for name in (SAME_1, SAME_2, OTHERS, LATER):
        persons = [one for clip in stored(out, name).clips if clip.faces for one in clip.faces.persons]
        assert persons
        assert all(one.descriptor is None for one in persons)


def test_judging_again_says_the_same_without_the_other_class(scanned, tmp_path: Path) -> None:
    out, _ = scanned
    for name in (SAME_1, SAME_2, OTHERS, LATER):
        shutil.copytree(out / name, tmp_path / "one" / name)
    shutil.rmtree(tmp_path / "one" / SAME_2)
    rejudge(tmp_path / "one", publisher(tmp_path / "again"), bind(load_profile("huguan-2024")))
    assert rule(tmp_path / "again", SAME_1) == rule(out, SAME_1)
    pictures = {path.name for path in (tmp_path / "again" / SAME_1 / "snapshots").glob("*elsewhere*")}
    assert pictures == {path.name for path in (out / SAME_1 / "snapshots").glob("*elsewhere*")} != set()


def test_a_run_that_breaks_off_says_what_was_not_compared(tmp_path: Path) -> None:
    for name in (SAME_1, SAME_2):
        make_class(tmp_path / "disc", name, clip=None)

    def observe(task: ClipTask) -> ClipEvidence:
        if SAME_2 in task.path:
            raise KeyboardInterrupt
        return ClipEvidence(path=task.path, kind=task.kind)

    with pytest.raises(KeyboardInterrupt):
        scan_inline([tmp_path / "disc"], tmp_path / "out", engine=InlineEngine(observe))
    found = rule(tmp_path / "out", SAME_1)
    assert (found["status"], found["findings"][0]["code"]) == ("not-evaluated", "waiting")


def test_a_class_in_which_nobody_could_be_watched(tmp_path: Path) -> None:
    make_class(tmp_path / "disc", SAME_1, clip=GOOD.path(0, FACE_1))
    make_class(tmp_path / "disc", SAME_2, clip=None)
    scan_inline([tmp_path / "disc"], tmp_path / "out", engine=InlineEngine(faces_only))
    for name, other in ((SAME_1, SAME_2), (SAME_2, SAME_1)):
        found = rule(tmp_path / "out", name)
        assert [one["code"] for one in found["findings"]] == ["not-compared"]
        assert found["findings"][0]["values"]["classes"] == [other]
