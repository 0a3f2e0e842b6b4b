"""The last guard before anything is written: no full ID or mobile number leaves in any text.

Intake masks the roster's own column. But a number may also stand in a file name, a remark or a head row, so
every output passes through here. A Chinese ID number has 18 characters (17 digits and a digit or X), older
ones 15 digits (GB 11643-1999); whatever is long enough to be one is masked. A mobile number has 11 digits and
begins with 13 to 19 (the numbering plan of the Ministry of Industry and Information Technology, 2017).
"""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import ClassFolder

# Characters that take no room: they must not hide a number from the guard.
_UNSEEN = "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
_RUN = re.compile(rf"(?<!\d)\d(?:{_UNSEEN}\d){{14,}}(?:{_UNSEEN}[XxＸｘ])?")
# 18 characters with single signs between some of them: only with a possible birth date, since dates and the
# numbers of recorders are also written so; and no province 20, as below.
_DIGITS_OF_ID = (r"(?!20)[1-9]", *[r"\d"] * 5, "[12]", "[09]", r"\d", r"\d", "[01]", r"\d", "[0-3]", *[r"\d"] * 4)
_SPACED = re.compile(rf"(?<!\d){'[ _.-]?'.join(_DIGITS_OF_ID)}[ _.-]?[\dXxＸｘ](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d([ -]?)\d{4}\1\d{4}(?!\d)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# A recorder's time stamp with milliseconds is as long as an old ID number. No ID number begins with 20:
# its first two digits are a province, and there is no province 20 (GB/T 2260).
_TIME_STAMP = re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d\d{1,3}")
_LONGEST_PLAIN_INT = 10**14


@functools.lru_cache(maxsize=1 << 14)  # the same paths come again and again
def mask_ids(text: str) -> str:
    """The text with every run of 15 or more digits (and a closing X) reduced to its first 4 and last 2 characters.

    Of a mobile number, 3 and 2 are left. Left alone are a whole SHA-256 in hexadecimal and a time stamp down to
    milliseconds.
    """
    if _SHA256.fullmatch(text):
        return text
    return _MOBILE.sub(_masked_mobile, _SPACED.sub(_masked, _RUN.sub(_masked, text)))


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


def _masked_mobile(match: re.Match[str]) -> str:
    text = match.group()
    return text[:3] + "*" * (len(text) - 5) + text[-2:]


def _masked(match: re.Match[str]) -> str:
    text = match.group()
    if _TIME_STAMP.fullmatch(text):
        return text
    return text[:4] + "*" * (len(text) - 6) + text[-2:]
