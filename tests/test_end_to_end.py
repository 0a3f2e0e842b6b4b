"""The installed command on whole discs: the demo disc, and real footage where it is at hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fixtures.videos.disc import DEMO_DISC, DOUBTFUL, FACE_1, FACE_2, FAULTY, GOOD, LECTURE, STRAY
from tests.cli.commands import run
from tests.run.submissions import state_of
from vidaudit.report.schema import validate

REAL_DISC = Path(__file__).parents[2] / "shared" / "media" / "disc-real"
Report = Mapping[str, Any]


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_bytes())
    assert validate(document) == ()
    return document


def reports(out: Path) -> dict[str, Report]:
    return {path.parent.name: load(path) for path in out.glob("*/report.json")}


def rules(report: Report) -> dict[str, str]:
    return {rule["id"]: rule["status"] for rule in report["rules"]}


def found(report: Report, *statuses: str) -> set[tuple[str, str, str, str | None]]:
    """(rule, status, code, place) of the findings with these statuses."""
    return {
        (rule["id"], finding["status"], finding["code"], finding["where"]["clip"] or finding["where"]["day"])
        for rule in report["rules"]
        for finding in rule["findings"]
        if finding["status"] in statuses
    }


def path_of(course: Any, day: int, kind: str) -> str:
    return course.path(day, kind).relative_to(course.folder).as_posix()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one scan of the demo disc."""
    home = tmp_path_factory.mktemp("demo")
    before = state_of(DEMO_DISC)
    done = run("scan", DEMO_DISC, "--out", home / "out", home=home)
    assert (done.returncode, done.stderr) == (1, "")
    assert all(course.name in done.stdout for course in (GOOD, FAULTY, DOUBTFUL))
    assert state_of(DEMO_DISC) == before
    return home / "out"


def test_three_classes_three_verdicts(demo: Path) -> None:
    assert {name: report["status"] for name, report in reports(demo).items()} == {
        GOOD.name: "pass",
        FAULTY.name: "fail",
        DOUBTFUL.name: "review",
    }
    summary = load(demo / "summary.json")
    assert summary["status"] == "fail"
    assert [row["name"] for row in summary["classes"]] == [FAULTY.name, DOUBTFUL.name, GOOD.name]
    assert summary["loose"] == []


def test_the_class_without_a_fault_passes_every_rule(demo: Path) -> None:
    report = reports(demo)[GOOD.name]
    assert set(rules(report).values()) == {"pass"}
    assert len(rules(report)) == 33
    assert (report["people"]["roster"], report["people"]["persons_seen"]) == (8, 9)
    assert [len(person["days"]) for person in report["people"]["persons"]] == [2] * 9
    assert [(day["status"], day["persons"], day["headcount"]) for day in report["days"]] == [("pass", 9, 9)] * 2


def test_the_class_with_faults_shows_exactly_those(demo: Path) -> None:
    """Every fault that was planted, and no other; what an empty file keeps from being looked at isn't judged."""
    report = reports(demo)[FAULTY.name]
    wide, none = path_of(FAULTY, 0, "课间人脸识别视频１"), path_of(FAULTY, 0, "课间人脸识别视频")
    renamed, empty, lecture = path_of(FAULTY, 1, FACE_1), path_of(FAULTY, 1, FACE_2), path_of(FAULTY, 0, LECTURE)
    days = [FAULTY.day_folder(day) for day in range(2)]
    assert found(report, "fail", "review", "error") == {
        ("LAY003", "fail", "video-outside-day", STRAY),
        ("NAM001", "fail", "unknown-name", STRAY),
        ("NAM001", "fail", "not-prescribed", wide),
        ("NAM001", "fail", "not-prescribed", none),
        ("CMP001", "review", "numbers-unclear", days[0]),
        ("CMP001", "fail", "empty-clip", empty),
        ("CMP002", "fail", "missing-lecture", days[1]),
        ("CON001", "fail", "renamed", renamed),
        ("PIC001", "fail", "too-small", lecture),
        ("PIC004", "review", "little-detail", renamed),
        ("PIC004", "review", "little-detail", STRAY),
        ("AUT001", "review", "reused", STRAY),
        ("DUR001", "fail", "too-short", lecture),
        ("DUR003", "review", "short", renamed),
        ("FAC001", "review", "too-few-recognisable", renamed),
        ("FAC002", "review", "near", days[1]),
        ("CNT002", "review", "guessed", None),
        ("ROS001", "fail", "duplicate", None),
        ("ROS001", "fail", "id-checksum", None),
    }
    assert {place for *_, place in found(report, "not-evaluated")} == {renamed, empty, days[1]}
    unpassed = {rule for rule, status in rules(report).items() if status != "pass"}
    assert rules(report)["FAC003"] == "not-evaluated"
    assert unpassed.isdisjoint({"LAY001", "LAY002", "NAM002", "NAM003", "CNT001"})


def test_the_doubtful_class_lacks_people(demo: Path) -> None:
    report = reports(demo)[DOUBTFUL.name]
    lecture = path_of(DOUBTFUL, 0, LECTURE)
    assert found(report, "fail", "review", "error", "not-evaluated") == {
        ("FAC002", "review", "fewer", DOUBTFUL.day_folder(0)),
        ("CNT001", "review", "fewer", lecture),
    }
    assert (report["people"]["roster"], report["people"]["persons_seen"]) == (8, 7)


def test_pictures_that_findings_name_are_there(demo: Path) -> None:
    for name, report in reports(demo).items():
        named = {finding["snapshot"] for rule in report["rules"] for finding in rule["findings"]} - {None}
        assert named
        for snapshot in named:
            assert (demo / name / "snapshots" / snapshot).read_bytes().startswith(b"\xff\xd8\xff")


def test_nothing_in_the_output_identifies_a_face_or_a_person(demo: Path) -> None:
    for path in demo.rglob("*.json"):
        content = path.read_bytes()
        assert b'"descriptor": [' not in content
        assert str(Path.home()).encode() not in content


def test_judged_again_in_english_the_verdict_is_the_same(demo: Path, tmp_path: Path) -> None:
    done = run("judge", demo, "--out", tmp_path / "en", "--lang", "en", home=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    chinese, english = reports(demo), reports(tmp_path / "en")
    for name in chinese:
        assert without_words(english[name]) == without_words(chinese[name])
        assert messages(english[name]) != messages(chinese[name])


def messages(report: Report) -> list[str]:
    return [finding["message"] for rule in report["rules"] for finding in rule["findings"]]


WORDS = frozenset({"message", "remedy", "note", "title", "working", "label", "reason_text", "text"})


def without_words(report: Any) -> Any:
    """The report without what is said in a language."""
    if isinstance(report, dict):
        return {key: without_words(value) for key, value in report.items() if key not in WORDS}
    return [without_words(value) for value in report] if isinstance(report, list) else report


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The reports of one scan of real footage."""
    if not REAL_DISC.is_dir():
        pytest.skip(f"needs {REAL_DISC}")
    home = tmp_path_factory.mktemp("real")
    done = run("scan", REAL_DISC, "--out", home / "out", home=home)
    assert done.returncode in {1, 3}, done.stderr
    return reports(home / "out")


@pytest.fixture
def first(real: dict[str, Report]) -> Report:
    """The class that was filmed as it should be."""
    return real["2024年第1期育婴员培训班"]


@pytest.mark.media
def test_persons_in_real_face_clips(first: Report) -> None:
    persons = [clip["persons"] for clip in first["clips"] if clip["kind"] == "face"]
    assert len(persons) == 4
    assert all(17 <= number <= 19 for number in persons), persons
    assert 15 <= first["people"]["persons_seen"] <= 21


@pytest.mark.media
def test_people_in_real_lectures(real: dict[str, Report]) -> None:
    counts = [clip["headcount"] for report in real.values() for clip in report["clips"] if clip["kind"] == "lecture"]
    assert counts == [4, 4, 4]


@pytest.mark.media
def test_enlarged_footage_needs_a_look_and_other_does_not(real: dict[str, Report], first: Report) -> None:
    """The lectures and the pans of the second class were enlarged from 480 x 270, the first class's pans were not."""
    doubtful = {place for report in real.values() for rule, *_, place in found(report, "review") if rule == "PIC004"}
    clips = [clip for report in real.values() for clip in report["clips"]]
    pans = {clip["path"] for clip in first["clips"] if clip["kind"] == "face"}
    assert doubtful == {clip["path"] for clip in clips} - pans


@pytest.mark.media
def test_rules_on_real_footage(real: dict[str, Report], first: Report) -> None:
    assert rules(first)["FAC001"] == "pass"
    assert rules(first)["CNT001"] == "review"
    assert first["status"] != "pass"
    (second,) = (report for report in real.values() if report is not first)
    assert rules(second)["FAC001"] != "pass"
    assert second["status"] != "pass"
