import json
from dataclasses import replace

import pytest

from tests.goldens import FOLDER, goldens
from tests.report import samples
from vidaudit.model.submission import StrayFile, StrayReason
from vidaudit.model.verdict import Status
from vidaudit.report.json_report import SUMMARY_SCHEMA
from vidaudit.report.render import render_class, render_summary
from vidaudit.report.schema import validate


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(goldens())


def test_the_golden_files_are_those_that_are_made(made: dict[str, bytes]) -> None:
    assert {path.name for path in FOLDER.iterdir()} == made.keys()


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_the_report_is_as_it_was(path: object, made: dict[str, bytes]) -> None:
    golden = FOLDER / str(path)
    assert made[golden.name].decode() == golden.read_text(encoding="utf-8")


def test_a_class_gives_three_files() -> None:
    sample = samples.clean()
    files = render_class(replace(sample, pictures={}))
    assert files.keys() == {"report.json", "report.html", "report.xlsx"}


def test_a_run_gives_three_files_that_name_what_lies_in_no_class() -> None:
    loose = (StrayFile(path="散落.mp4", reason=StrayReason.VIDEO_OUTSIDE_DAY, bytes=7),)
    files = render_summary(samples.rows(), samples.profile(), samples.context(), loose)
    assert files.keys() == {"summary.json", "summary.html", "summary.xlsx"}
    document = json.loads(files["summary.json"])
    assert document["schema"] == SUMMARY_SCHEMA
    assert document["loose"] == [{"path": "散落.mp4", "reason": "video-outside-day", "bytes": 7}]
    assert validate(document) == ()
    assert "散落.mp4" in files["summary.html"].decode()


def test_a_large_class_renders_with_every_finding() -> None:
    sample = samples.clean()
    values = {"width_px": 640, "height_px": 480, "min_width_px": 1024, "min_height_px": 768}
    found = tuple(
        samples.finding("too-small", Status.FAIL, values={**values, "width_px": n % 7}, clip=f"{n % 24}/{n % 72}.mp4")
        for n in range(2000)
    )
    clips = tuple(samples.clip_verdict(f"{n % 24}/{n}.mp4", Status.FAIL) for n in range(72))
    days = tuple(replace(sample.verdict.days[0], folder=str(n)) for n in range(24))
    rules = (samples.rule("PIC001", "resolution", found, Status.FAIL),)
    verdict = replace(sample.verdict, status=Status.FAIL, rules=rules, clips=clips, days=days)
    files = render_class(replace(sample, verdict=verdict, pictures={}))
    assert files["report.html"].decode().count('<li id="f') == 2000
    assert len(json.loads(files["report.json"])["rules"][0]["findings"]) == 2000
