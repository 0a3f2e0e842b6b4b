"""Profiles: one TOML file per regulation, read strictly into a frozen `Profile`.

What a rule's parameters are called and typed is the catalogue's business (`judge.catalogue.bind`); here
every table and key of the file itself is checked, and each threshold must name its source.
"""

import difflib
import hashlib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import takewhile
from pathlib import Path
from typing import Any, Final, NoReturn

from vidaudit.errors import ProfileError
from vidaudit.model.media import Sampling
from vidaudit.model.settings import Limits, Parameter, Profile, RuleSetting
from vidaudit.model.verdict import Clause, Level

TYPE_NAMES: Final[Mapping[type, str]] = {dict: "a table", str: "a text"}
Key = tuple[str, ...]


def available_profiles() -> tuple[str, ...]:
    """The ids of the profiles that come with vidaudit, in order."""
    return tuple(sorted(_shipped()))


def load_profile(id_or_file: str) -> Profile:
    """Read a profile by its id, or from a TOML file.

    Raises:
        ProfileError: unknown id, unreadable file, or anything in it that isn't as it should be; names the
            file, the line, the key and, for a misspelt one, the nearest right key.
    """
    name, content = _read(id_or_file)
    try:
        text = content.decode("utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ProfileError(f"{name}: not UTF-8 text; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{name}: not valid TOML: {error}") from error
    return _profile(_Source(name=name, text=text), table, hashlib.sha256(content).hexdigest())


def _shipped() -> dict[str, Traversable]:
    """The profiles in the installed package; in a checkout they lie in the folder beside it."""
    packaged = resources.files("vidaudit").joinpath("profiles")
    folder: Traversable = packaged if packaged.is_dir() else Path(__file__).parent.parent / "profiles"
    if not folder.is_dir():
        return {}
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir() if entry.name.endswith(".toml")}


def _read(id_or_file: str) -> tuple[str, bytes]:
    """What to call the profile in messages, and its bytes."""
    shipped = _shipped()
    if id_or_file in shipped:
        return shipped[id_or_file].name, shipped[id_or_file].read_bytes()
    path = Path(id_or_file)
    if path.suffix.lower() != ".toml" and not path.is_file():
        known = ", ".join(sorted(shipped)) or "none"
        raise ProfileError(f"no profile {id_or_file!r}{_hint(id_or_file, shipped)}; there are: {known}, or give a file")
    try:
        return str(path), path.read_bytes()
    except OSError as error:
        raise ProfileError(f"profile {path} can't be read: {error.strerror}") from error


@dataclass(frozen=True, kw_only=True)
class _Source:
    """The file's name and text, to say where something is wrong."""

    name: str
    text: str

    def wrong(self, key: Key, problem: str) -> NoReturn:
        """Raise with file, line and key."""
        raise ProfileError(f"{self.name}, line {_line_of(self.text, key)}: {'.'.join(key)} {problem}")

    def table(self, parent: Mapping[str, Any], key: Key) -> Mapping[str, Any]:
        """The table of this key, which must be there."""
        return self.typed(parent, key, dict)  # type: ignore[no-any-return]

    def text_of(self, parent: Mapping[str, Any], key: Key) -> str:
        """The text of this key, which must be there and say something."""
        value: str = self.typed(parent, key, str)
        return value if value.strip() else self.wrong(key, "must not be empty")

    def typed(self, parent: Mapping[str, Any], key: Key, wanted: type) -> Any:
        """The value of this key, which must be there and of this type."""
        if key[-1] not in parent:
            self.wrong(key, "is missing")
        if type(parent[key[-1]]) is not wanted:
            self.wrong(key, f"must be {TYPE_NAMES[wanted]}, got {parent[key[-1]]!r}")
        return parent[key[-1]]

    def only(self, table: Mapping[str, Any], key: Key, known: tuple[str, ...]) -> None:
        """Refuse keys that nobody would read."""
        for name in table:
            if name not in known:
                self.wrong((*key, name), f"is not a known key{_hint(name, known)}")


def _hint(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else ""


def _line_of(text: str, key: Key) -> int:
    """The first line, from 1, that shares most of the key: its own, else that of the table it is missing from."""
    best, best_line = 0, 1
    header: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        match = re.match(r"\s*(\[)?\s*([\w.\"\-\s]+?)\s*(?:\]|=)", line)
        if match is None:
            continue
        parts = tuple(part.strip(' "') for part in match[2].split("."))
        header = parts if match[1] else header
        path = parts if match[1] else (*header, *parts)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, key, strict=False)))
        if shared > best:
            best, best_line = shared, number
    return best_line


def _profile(source: _Source, table: Mapping[str, Any], sha256: str) -> Profile:
    source.only(table, (), ("profile", "sampling", "limits", "rules"))
    head = source.table(table, ("profile",))
    source.only(head, ("profile",), ("id", "title", "document"))
    title = source.table(head, ("profile", "title"))
    source.only(title, ("profile", "title"), ("zh", "en"))
    document = source.text_of(head, ("profile", "document"))
    return Profile(
        id=source.text_of(head, ("profile", "id")),
        title_zh=source.text_of(title, ("profile", "title", "zh")),
        title_en=source.text_of(title, ("profile", "title", "en")),
        document=document,
        sha256=sha256,
        rules=_rules(source, source.table(table, ("rules",)), document),
        sampling=_sampling(source, source.table(table, ("sampling",))),
        limits=_limits(source, source.table(table, ("limits",))),
    )


def _rules(source: _Source, table: Mapping[str, Any], document: str) -> dict[str, RuleSetting]:
    return {slug: _rule(source, source.table(table, ("rules", slug)), ("rules", slug), document) for slug in table}


def _rule(source: _Source, table: Mapping[str, Any], key: Key, document: str) -> RuleSetting:
    source.only(table, key, ("level", "clause", "document", "parameters"))
    if "document" in table:
        document = source.text_of(table, (*key, "document"))
    parameters = source.table(table, (*key, "parameters")) if "parameters" in table else {}
    return RuleSetting(
        level=_level(source, table, (*key, "level")),
        clause=Clause(document=document, section=source.text_of(table, (*key, "clause"))),
        parameters={name: _parameter(source, parameters, (*key, "parameters", name)) for name in parameters},
    )


def _level(source: _Source, table: Mapping[str, Any], key: Key) -> Level:
    name = source.text_of(table, key)
    levels = tuple(level.value for level in Level)
    if name not in levels:
        source.wrong(key, f"must be one of {', '.join(levels)}, got {name!r}{_hint(name, levels)}")
    return Level(name)


def _parameter(source: _Source, parent: Mapping[str, Any], key: Key) -> Parameter:
    table = source.table(parent, key)
    source.only(table, key, ("value", "source"))
    said = source.text_of(table, (*key, "source"))
    if "value" not in table:
        source.wrong((*key, "value"), "is missing")
    return Parameter(value=_value(source, table["value"], (*key, "value")), source=said)


def _value(source: _Source, value: object, key: Key) -> bool | int | float | str | tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return source.wrong(key, f"must be true, false, a number, a text or a list of texts, got {value!r}")


def _sampling(source: _Source, table: Mapping[str, Any]) -> Sampling:
    values = _numbers(source, table, ("sampling",), tuple(field.name for field in fields(Sampling)))
    if values["max_frames"] < 2:
        source.wrong(("sampling", "max_frames"), "must be at least 2")
    return Sampling(
        face_interval_s=values["face_interval_s"],
        lecture_interval_s=values["lecture_interval_s"],
        min_frames=_whole(source, values, ("sampling", "min_frames")),
        max_frames=_whole(source, values, ("sampling", "max_frames")),
        keyframe_slack=values["keyframe_slack"],
    )


def _limits(source: _Source, table: Mapping[str, Any]) -> Limits:
    values = _numbers(source, table, ("limits",), tuple(field.name for field in fields(Limits)))
    memory_mib = _whole(source, values, ("limits", "clip_memory_mib"))
    return Limits(clip_s=float(values["clip_s"]), clip_memory_mib=memory_mib)


def _numbers(source: _Source, table: Mapping[str, Any], key: Key, names: tuple[str, ...]) -> dict[str, Fraction]:
    """Every named number above 0, exact as written in the file."""
    source.only(table, key, names)
    return {name: _number(source, _parameter(source, table, (*key, name)), (*key, name)) for name in names}


def _number(source: _Source, parameter: Parameter, key: Key) -> Fraction:
    value = parameter.value
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        source.wrong(key, f"must be a number above 0, got {value!r}")
    return Fraction(str(value))


def _whole(source: _Source, values: Mapping[str, Fraction], key: Key) -> int:
    value = values[key[-1]]
    if value.denominator != 1:
        source.wrong(key, f"must be a whole number, got {float(value)}")
    return int(value)
