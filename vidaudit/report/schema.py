"""Checks `report.json`, `summary.json` and `fix.json` against the JSON Schemas (draft 2020-12) of this package."""

import functools
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator

from vidaudit.report.json_report import FIX_SCHEMA, REPORT_SCHEMA, SUMMARY_SCHEMA

_FILES = {
    REPORT_SCHEMA: "report.schema.json",
    SUMMARY_SCHEMA: "summary.schema.json",
    FIX_SCHEMA: "fix.schema.json",
}


def validate(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a document by the schema that it names, `place: fault`; empty when it is right."""
    named = document.get("schema")
    if named not in _FILES:
        return (f"schema: {named!r} is not one of {', '.join(_FILES)}",)
    faults = sorted(_validator(str(named)).iter_errors(document), key=lambda fault: list(map(str, fault.path)))
    return tuple(f"{'/'.join(map(str, fault.path)) or '.'}: {fault.message}" for fault in faults)


@functools.cache
def _validator(schema: str) -> Draft202012Validator:
    text = resources.files("vidaudit.report").joinpath(_FILES[schema]).read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))
