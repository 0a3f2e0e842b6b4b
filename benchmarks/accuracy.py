"""Are the counts and verdicts right? A whole submission against what is known of it, and known people sorted.

The detectors on labelled faces are a benchmark of their own (`benchmarks.detectors`).
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.measure import checked, media, vidaudit
from vidaudit.observe.detect import FaceDetector
from vidaudit.observe.detectors import make_detector
from vidaudit.observe.identity import DLIB_LIMITS, Descriptor, descriptor, distances, group

Report = Mapping[str, Any]
_CLIP_TOLERANCE, _CLASS_TOLERANCE = 1, 3  # persons


def main() -> None:
    disc = media("disc-real")
    if disc is not None:
        for line in against_truth(disc):
            print(line)
    johns = media("pictures/dlib/johns")
    if johns is not None:
        print(sorted_people(johns))


def against_truth(disc: Path) -> Iterator[str]:
    """Scan the disc; a line for each figure that its truth.json speaks of."""
    truth = json.loads((disc / "truth.json").read_text(encoding="utf-8"))["classes"]
    with tempfile.TemporaryDirectory() as folder:
        vidaudit("scan", disc, "--out", folder, "--no-cache", "--no-registry", "--quiet")
        reports = [json.loads(file.read_text(encoding="utf-8")) for file in Path(folder).glob("*/report.json")]
    for report in sorted(reports, key=lambda one: str(one["class"]["name"])):
        name = report["class"]["name"]
        yield name
        yield from class_lines(report, truth[name]["days"], recognisable="staff" in truth[name])


def class_lines(report: Report, days: Mapping[str, Any], *, recognisable: bool) -> Iterator[str]:
    """The figures of one class.

    Args:
        report: its report.json.
        days: its days as truth.json tells them.
        recognisable: whether FAC001 should pass.
    """
    true_clips = [clip["distinct_persons"] for day in days.values() for clip in day["face_clips"]]
    true_heads = [day["lecture"]["people_visible"] for day in days.values()]
    persons = [clip["persons"] for clip in report["clips"] if clip["kind"] == "face"]
    heads = [clip["headcount"] for clip in report["clips"] if clip["kind"] == "lecture"]
    yield _counts("  persons in each face clip", persons, true_clips, _CLIP_TOLERANCE)
    yield _counts("  persons on each day", [day["persons"] for day in report["days"]], _by_day(days), _CLASS_TOLERANCE)
    yield _counts("  persons of the class", [report["people"]["persons_seen"]], [max(true_clips)], _CLASS_TOLERANCE)
    yield _counts("  headcount in each lecture", heads, true_heads, 0)
    yield _recognisable(rule_status(report, "FAC001"), recognisable)
    yield _short_headcount(rule_status(report, "CNT001"), max(true_heads), report["class"]["roster_size"])


def rule_status(report: Report, rule: str) -> str:
    """What a rule came to in a report; `off` when it was not applied."""
    return next((str(result["status"]) for result in report["rules"] if result["id"] == rule), "off")


def within(measured: Sequence[int | None], true: Sequence[int], tolerance: int) -> bool:
    """Whether every figure was measured and is as near to the truth as it should be, none missing."""
    return len(measured) == len(true) and all(
        one is not None and abs(one - other) <= tolerance for one, other in zip(measured, true, strict=True)
    )


def sorted_people(folder: Path) -> str:
    """Known people sorted by likeness alone: a folder of pictures for each; the line with the outcome."""
    detector = make_detector("centerface")
    files = sorted(folder.glob("*/*.jpg"))
    names = [file.parent.name for file in files]
    looks = [_portrait(detector, file) for file in files]
    labels = group(distances(looks, looks), DLIB_LIMITS.default).tolist()
    num_people, num_groups = len(set(names)), len(set(labels))
    mixed = num_mixed(names, labels)
    return checked(
        f"{len(files)} portraits of {num_people} people",
        f"{num_groups} groups, {mixed} of them mixed",
        f"{num_people} groups, none mixed",
        met=num_groups == num_people and not mixed,
    )


def num_mixed(names: Sequence[str], labels: Sequence[int]) -> int:
    """How many groups hold more than one person."""
    pairs = set(zip(labels, names, strict=True))
    return sum(sum(label == other for other, _ in pairs) > 1 for label in set(labels))


def _portrait(detector: FaceDetector, file: Path) -> Descriptor:
    """The descriptor of the most central face: a portrait may show others at its edge."""
    picture = cv2.imread(str(file))
    if picture is None:
        raise FileNotFoundError(file)
    image = picture.astype(np.uint8)
    middle = (image.shape[1] / 2, image.shape[0] / 2)
    boxes = [face.box for face in detector.detect(image)]
    if not boxes:
        raise ValueError(f"no face found in {file}")
    box = min(
        boxes,
        key=lambda one: abs(one.x_px + one.width_px / 2 - middle[0]) + abs(one.y_px + one.height_px / 2 - middle[1]),
    )
    return descriptor(image, box)


def _by_day(days: Mapping[str, Any]) -> list[int]:
    return [max(clip["distinct_persons"] for clip in day["face_clips"]) for day in days.values()]


def _counts(what: str, measured: Sequence[int | None], true: Sequence[int], tolerance: int) -> str:
    shown = ", ".join("not measured" if one is None else str(one) for one in measured)
    target = ", ".join(map(str, true)) + (f", each +- {tolerance}" if tolerance else "")
    return checked(what, shown, target, met=within(measured, true, tolerance))


def _recognisable(status: str, recognisable: bool) -> str:
    target, met = ("pass", status == "pass") if recognisable else ("not pass", status in ("fail", "review"))
    return checked("  FAC001 faces-recognisable", status, target, met=met)


def _short_headcount(status: str, visible: int, roster: int | None) -> str:
    short = roster is None or visible < roster
    return checked(
        f"  CNT001 headcount-vs-roster, {visible} visible of {roster}",
        status,
        "review" if short else "pass or review",
        met=status == "review" or (status == "pass" and not short),
    )


if __name__ == "__main__":
    main()
