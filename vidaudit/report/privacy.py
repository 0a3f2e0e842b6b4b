"""The last guard before anything is written: no full ID or mobile number leaves in any text.

Intake masks the roster's own column. But a number may also stand in a file name, a remark or a head row, so
every output passes through here. A Chinese ID number has 18 characters (17 digits and a digit or X), older
ones 15 digits (GB 11643-1999); whatever is long enough to be one is masked. A mobile number has 11 digits and
begins with 13 to 19 (the numbering plan of the Ministry of Industry and Information Technology, 2017).
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import ClassFolder
from vidaudit.report.numbers import id_spans, mobile_spans

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_PLAIN_INT = 10**14


@functools.lru_cache(maxsize=1 << 14)  # the same paths come again and again
def mask_ids(text: str) -> str:
    """The text with every ID number (and run of 15 or more digits) reduced to its first 4 and last 2 characters.

    Of a mobile number, 3 and 2 are left. How a number is grouped or hidden makes no difference (`report.numbers`).
    Left alone are a whole SHA-256 in hexadecimal, and times, dates and sizes.
    """
    if _SHA256.fullmatch(text):
        return text
    masked = _without(text, id_spans(text), kept=4)
    masked = _without(masked, mobile_spans(masked), kept=3)
    return masked if masked == text else mask_ids(masked)


def guard(value: Any) -> Any:
    """The same JSON-like value (dict, list, tuple, scalar) with `mask_ids` applied to every string in it, keys too."""
    match value:
        case str():
            return mask_ids(value)
        case bool():
            return value
        case int() if abs(value) >= _LONGEST_PLAIN_INT:
            return mask_ids(str(value))
        case Mapping():
            return {guard(key): guard(item) for key, item in value.items()}
        case list() | tuple():
            return [guard(item) for item in value]
    return value


def shown_paths(paths: Iterable[str]) -> dict[str, str]:
    """{path: the same path without ID numbers}; two paths that differ stay different, whatever was masked."""
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for path in sorted(set(paths)):
        candidate = mask_ids(path)
        number = 1
        while candidate in taken:
            number += 1
            candidate = f"{mask_ids(path)}~{number}"
        taken.add(candidate)
        shown[path] = candidate
    return shown


def without_numbers(evidence: ClassEvidence, names: Mapping[str, str] | None = None) -> ClassEvidence:
    """The same evidence with `mask_ids` applied to every text in it; paths that differ stay different.

    What is judged, shown and stored then holds no number, whatever a school writes into names and head rows.

    Args:
        names: {name: new name} of snapshots that are renamed at the same time.
    """
    masked: ClassEvidence = _without_numbers(evidence, {**paths_without_numbers(evidence.folder), **(names or {})})
    return masked


def paths_without_numbers(folder: ClassFolder) -> dict[str, str]:
    """{path: as it is kept and shown} of all that lies in a class folder."""
    return shown_paths(_paths(folder))


def _paths(folder: ClassFolder) -> Iterator[str]:
    yield from (one.path for group in (folder.days, folder.clips, folder.strays) for one in group)
    yield from (*folder.papers, *folder.ignored)


def _without_numbers(value: Any, paths: Mapping[str, str]) -> Any:
    match value:
        case Enum():
            return value
        case str():
            return paths.get(value) or mask_ids(value)
        case tuple():
            return tuple(_without_numbers(item, paths) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        inner = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: _without_numbers(item, paths) for name, item in inner.items()})
    return value


def _without(text: str, spans: Sequence[tuple[int, int]], *, kept: int) -> str:
    """The text with stars in these spans, but for their first few and last 2 characters; folders stay folders."""
    for start, end in reversed(spans):
        hidden = "".join(char if char == "/" else "*" for char in text[start + kept : end - 2])
        text = f"{text[: start + kept]}{hidden}{text[end - 2 :]}"
    return text
