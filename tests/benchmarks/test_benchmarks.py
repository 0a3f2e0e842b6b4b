"""Every benchmark is a command, and what it works out from its measurements is right."""

import ast
import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

import vidaudit
from benchmarks import accuracy, detectors, measure, picture, stages, tiny_files, usual_script
from benchmarks.__main__ import NAMES
from benchmarks.__main__ import main as run_all
from vidaudit.model.still import Box
from vidaudit.observe.detail import effective_face_width_px
from vidaudit.observe.detect import Detection, Image
from vidaudit.observe.quality import noise_sigma

FOLDER = Path(measure.__file__).parent


def box(x: float, y: float, width: float = 40, height: float = 40) -> Box:
    return Box(x_px=x, y_px=y, width_px=width, height_px=height)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_command(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").main)


def test_all_of_them_are_run() -> None:
    helpers = {
        "__init__",
        "__main__",
        "cameras",
        "disguises",
        "measure",
        "photographs",
        "rooms",
        "scenes",
        "splices",
        "truth",
    }
    assert {file.stem for file in FOLDER.glob("*.py")} - helpers == set(NAMES)


def test_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_all(["speed"])
    assert "choose from startup" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["disc", "accuracy", "people", "likeness", "detectors", "registry", "stages", "usual_script"]
)
def test_missing_media_is_said_not_failed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIDAUDIT_MEDIA", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [name])
    importlib.import_module(f"benchmarks.{name}").main()
    assert capsys.readouterr().out.startswith("skipped: ")


def test_media_lies_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.setenv("VIDAUDIT_MEDIA", str(tmp_path))
    assert measure.media("models") == tmp_path / "models"
    monkeypatch.delenv("VIDAUDIT_MEDIA")
    assert measure.media_root().parts[-2:] == ("shared", "media")


@pytest.mark.parametrize(
    ("value", "limits", "met"),
    [
        (60.0, {"at_most": 60}, True),
        (60.1, {"at_most": 60}, False),
        (20.0, {"at_least": 20}, True),
        (19.9, {"at_least": 20}, False),
        (0.0, {"at_most": 0}, True),
    ],
)
def test_a_target_is_met_up_to_its_limit(value: float, limits: dict[str, float], met: bool) -> None:
    assert measure.figure("scan", value, "s", **limits).endswith("met)" if met else "MISSED)")


@pytest.mark.parametrize(("value", "text"), [(0.0512, "0.05"), (12.34, "12.3"), (123.4, "123")])
def test_figures_have_as_many_digits_as_they_deserve(value: float, text: str) -> None:
    assert measure.figure("scan", value, "s") == f"scan: {text} s"


def test_table_lines_up() -> None:
    assert measure.table(("a", "b"), [("long", 1), ("x", 22)]) == "a      b\nlong   1\nx     22"


def test_alternately_takes_turns() -> None:
    turns: list[str] = []
    usual, ours = measure.alternately(lambda: turns.append("usual"), lambda: turns.append("ours"), 2)
    assert turns == ["usual", "ours"] * 2
    assert len(usual) == len(ours) == 2


def test_watch_tells_what_was_written_and_sees_the_memory_of_children() -> None:
    hold = "import time; held = bytearray(90_000_000); time.sleep(0.4)"
    parent = f"import subprocess, sys; print('begun'); subprocess.run([sys.executable, '-c', {hold!r}])"
    run = measure.watch([sys.executable, "-c", parent])
    assert run.written == "begun\n"
    assert run.largest_bytes > 90_000_000
    assert len(run.peak_bytes) >= 2


def test_watch_raises_on_another_exit_code() -> None:
    with pytest.raises(RuntimeError, match="ended with 4: broken"):
        measure.watch([sys.executable, "-c", "import sys; sys.stderr.write('broken'); sys.exit(4)"], codes=(0, 1))


def test_costs_add_up() -> None:
    face = usual_script.Cost(work_s=10, cpu_s=20, process_s=12)
    lecture = usual_script.Cost(work_s=100, cpu_s=90, process_s=101)
    assert face.times(2).plus(lecture) == usual_script.Cost(work_s=120, cpu_s=130, process_s=125)
    assert usual_script.median([face, lecture, face]) == face


@pytest.mark.parametrize(
    ("labels", "found", "matched"),
    [
        ([], [], 0),
        ([box(0, 0)], [], 0),
        ([], [box(0, 0)], 0),
        ([box(0, 0)], [box(5, 5)], 1),
        ([box(0, 0)], [box(20, 0)], 1),
        ([box(0, 0)], [box(21, 0)], 0),
        ([box(0, 0)], [box(2, 2), box(3, 3)], 1),
        ([box(0, 0), box(30, 0)], [box(1, 0), box(29, 0)], 2),
        ([box(0, 0), box(12, 0)], [box(11, 0), box(1, 0)], 2),
        ([box(0, 0)], [box(-100, -100, 400, 400)], 0),
    ],
    ids=["none", "missed", "extra", "found", "at the edge", "beside", "twice", "two", "nearest", "far too large"],
)
def test_finds_are_matched_to_labels_one_to_one(labels: list[Box], found: list[Box], matched: int) -> None:
    assert detectors.num_matched(labels, found) == matched


class TwoFaces:
    name = "two"

    def detect(self, image: Image) -> tuple[Detection, ...]:
        return tuple(Detection(box=one, score=0.9) for one in (box(0, 0), box(100, 0)))


def test_tally_counts_found_missed_and_extra() -> None:
    blank = np.zeros((50, 50, 3), np.uint8)
    result = detectors.tally(TwoFaces(), [(blank, [box(0, 0)]), (blank, [box(100, 0), box(0, 0), box(0, 300)])])
    assert (result.found, result.missed, result.extra) == (3, 1, 1)


@pytest.mark.parametrize(
    ("measured", "true", "tolerance", "right"),
    [
        ([17, 19], [18, 18], 1, True),
        ([16, 18], [18, 18], 1, False),
        ([20], [18], 1, False),
        ([None], [0], 3, False),
        ([18], [18, 18], 1, False),
        ([], [], 0, True),
    ],
)
def test_counts_are_right_within_their_tolerance(
    measured: list[int | None], true: list[int], tolerance: int, right: bool
) -> None:
    assert accuracy.within(measured, true, tolerance) is right


def class_report(**statuses: str) -> accuracy.Report:
    clips = [
        {"kind": "face", "persons": 4, "headcount": None},
        {"kind": "face", "persons": 4, "headcount": None},
        {"kind": "lecture", "persons": None, "headcount": 4},
    ]
    return {
        "class": {"roster_size": 16},
        "clips": clips,
        "days": [{"persons": 4}],
        "people": {"persons_seen": 4},
        "rules": [{"id": rule, "status": status} for rule, status in statuses.items()],
    }


DAY = {"face_clips": [{"distinct_persons": 4}] * 2, "lecture": {"people_visible": 4}}


@pytest.mark.parametrize(
    ("faces", "headcount", "recognisable", "missed"),
    [
        ("pass", "review", True, 0),
        ("review", "review", False, 0),
        ("pass", "review", False, 1),
        ("review", "review", True, 1),
        ("error", "review", False, 1),
        ("pass", "pass", True, 1),
        ("pass", "fail", True, 1),
    ],
)
def test_a_class_is_held_against_the_truth(faces: str, headcount: str, recognisable: bool, missed: int) -> None:
    lines = list(
        accuracy.class_lines(
            class_report(FAC001=faces, CNT001=headcount), {"2024-06-03": DAY}, recognisable=recognisable
        )
    )
    assert len(lines) == 6
    assert sum("MISSED" in line for line in lines) == missed


def test_a_rule_that_was_not_applied_is_off() -> None:
    assert accuracy.rule_status(class_report(), "FAC001") == "off"


@pytest.mark.parametrize(("labels", "mixed"), [([0, 0, 1], 0), ([0, 1, 1], 1), ([0, 0, 0], 1), ([0, 1, 2], 0)])
def test_mixed_groups_are_those_with_two_people(labels: list[int], mixed: int) -> None:
    assert accuracy.num_mixed(["Ann", "Ann", "Bo"], labels) == mixed


def test_a_thousand_tiny_files_of_every_kind() -> None:
    files = dict(tiny_files.contents(b"clip"))
    assert len(files) == tiny_files.NUM_FILES
    assert len({path.parts[0] for path in files}) == 10
    assert {len(path.parts) for path in files} == {3}
    assert len(set(files.values())) == 4


@pytest.mark.parametrize("stage", stages.STAGES)
def test_every_stage_names_functions_of_the_product(stage: str) -> None:
    file, names = stages.STAGES[stage]
    tree = ast.parse((Path(vidaudit.__file__).parent / file).read_text(encoding="utf-8"))
    assert set(names) <= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_noise_is_what_was_put_in() -> None:
    assert noise_sigma(picture.ramp()) < 0.5
    assert noise_sigma(picture.with_noise(picture.ramp(), 5)) == pytest.approx(5, rel=0.2)


def test_a_spoilt_face_keeps_its_size_and_loses_its_detail() -> None:
    patches = np.random.default_rng(1).integers(0, 256, (15, 13)).astype(np.uint8)
    face = np.kron(patches, np.ones((8, 8), np.uint8))[:, :100]
    spoilt = picture.spoilt(face, 100, 40, 0)
    assert spoilt.shape == (144, 120)
    measured = effective_face_width_px(spoilt, 120)
    assert measured is not None
    assert measured < 0.6 * spoilt.shape[1]
