"""A scan with photographs, the whole way: drawn clips, drawn photographs, the report and the stored evidence."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from fixtures.videos.disc import FACE_1, GOOD
from tests.observe.stage import stand
from tests.run.inline import PROFILE, InlineEngine, publisher
from tests.run.submissions import COURSE, make_class
from vidaudit.intake.roster import numbers_by_row, read_roster
from vidaudit.judge.catalogue import bind
from vidaudit.model.evidence import ClassEvidence, ClipEvidence
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import RuleResult, Status
from vidaudit.run.audit import ScanOptions, Silence, scan
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.codec import from_json
from vidaudit.run.rejudge import rejudge


def faces_only(task: ClipTask) -> ClipEvidence:
    return observe_clip(task) if task.kind is ClipKind.FACE else ClipEvidence(path=task.path, kind=task.kind)


def of_photographs(rules: tuple[RuleResult, ...]) -> RuleResult:
    (result,) = (rule for rule in rules if rule.id == "IDN002")
    return result


def rows(result: RuleResult, code: str) -> set[object]:
    return {finding.values["row"] for finding in result.findings if finding.code == code}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RuleResult, ClassEvidence, list[str]]:
    """A class whose face clips show everybody, with photographs of seven of eight."""
    home = tmp_path_factory.mktemp("photos")
    folder, out = make_class(home / "disc", clip=GOOD.path(0, FACE_1)), home / "out"
    roster = read_roster(folder / "花名册.xlsx", shown_as="花名册.xlsx")
    numbers = numbers_by_row(folder / "花名册.xlsx", roster)
    (home / "photos").mkdir()
    for index, (trainee, who) in enumerate(zip(roster.trainees[:7], GOOD.trainees, strict=False)):
        picture = np.full((260, 240, 3), (206, 214, 212), np.uint8)
        stand(picture, who, (120, 110), 80.0)
        name = f"{trainee.name}_{numbers[trainee.row]}" if index % 2 else str(trainee.name)
        cv2.imencode(".jpg", picture)[1].tofile(home / "photos" / f"{name}.jpg")
    options = ScanOptions(profile=PROFILE, rules=bind(PROFILE), photos=home / "photos")
    result = scan([home / "disc"], options, InlineEngine(faces_only), publisher(out), Silence())
    stored = from_json((out / COURSE / "evidence.json").read_bytes(), ClassEvidence)
    return out, of_photographs(result.outcomes[0].verdict.rules), stored, list(numbers.values())


def test_everybody_photographed_is_found_on_the_day(scanned) -> None:
    _, result, stored, _ = scanned
    people = stored.roster.trainees
    assert rows(result, "found") == {one.row for one in people[:7]}
    assert {finding.values["days"] for finding in result.findings if finding.code == "found"} == {("5月20日",)}
    assert {finding.code for finding in result.findings} >= {"without-photo", "error-rate"}


def test_the_photographed_are_different_persons(scanned) -> None:
    _, _, stored, _ = scanned
    seen = [match.seen for match in stored.photos.matches if match.seen]
    assert len(set(seen)) == len(seen) == 7


def test_neither_numbers_nor_descriptors_nor_paths_are_kept(scanned) -> None:
    out, _, _, numbers = scanned
    assert len(numbers) == 8
    for path in (out / COURSE).rglob("*.*"):
        text = path.read_bytes().decode("utf-8", "ignore")
        assert not [number for number in numbers if number in text], path
    evidence = json.loads((out / COURSE / "evidence.json").read_bytes())
    assert set(evidence["photos"]["matches"][0]) == {"row", "name", "file", "outcome", "seen", "distance"}
    assert not any(str(out.parent) in str(one) for one in evidence["photos"].values())


def test_judging_again_says_the_same(scanned, tmp_path: Path) -> None:
    out, result, _, _ = scanned
    again = rejudge(out, publisher(tmp_path / "again"), bind(PROFILE))
    assert of_photographs(again.outcomes[0].verdict.rules) == result


def test_it_decides_nothing(scanned) -> None:
    out, result, _, _ = scanned
    assert result.status is Status.NOT_EVALUATED  # one of the enrolled has no photograph
    report = json.loads((out / COURSE / "report.json").read_bytes())
    assert next(rule for rule in report["rules"] if rule["id"] == "IDN002")["level"] == "advise"
