import copy
import json
from typing import Any

import pytest

from tests.goldens import FOLDER
from tests.report import samples
from vidaudit.report.json_report import class_report
from vidaudit.report.schema import validate


def report() -> dict[str, Any]:
    sample = samples.nasty()
    return class_report(sample.verdict, sample.profile, sample.context)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.name)
def test_the_golden_reports_fit_their_schema(path: Any) -> None:
    assert validate(json.loads(path.read_text(encoding="utf-8"))) == ()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("status",), "ok"),
        (("extra",), 1),
        (("clips", 0, "bytes"), -1),
        (("clips", 0, "bytes"), None),
        (("clips", 0, "kind"), "film"),
        (("clips", 0, "sha256"), "abc"),
        (("clips", 0, "clock"), None),
        (("days", 0, "date"), "20.5.2024"),
        (("people", "extra"), 1),
        (("rules", 0, "id"), "pic1"),
        (("rules", 0, "level"), "off"),
        (("rules", 0, "findings", 0, "message"), ""),
        (("rules", 0, "findings", 0, "remedy"), ""),
        (("rules", 0, "findings", 0, "where", "at_s"), -1),
        (("rules", 0, "findings", 0, "values"), {"a": {"b": 1}}),
    ],
)
def test_what_breaks_the_contract_is_named(place: tuple[str | int, ...], value: object) -> None:
    broken = copy.deepcopy(report())
    inner: Any = broken
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    faults = validate(broken)
    assert len(faults) == 1
    assert str(place[-1]) in faults[0]


@pytest.mark.parametrize("key", ["schema", "tool", "profile", "class", "status", "rules", "days", "clips", "people"])
def test_no_part_may_be_missing(key: str) -> None:
    broken = report()
    del broken[key]
    assert validate(broken)
