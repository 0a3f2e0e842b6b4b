"""Every fault of a profile in one go: what is wrong is told and taken out, and what is left is looked at further.

What some table alone shows is told first; what only shows between tables, or once the rules are known, needs tables
that are sound. A fault must not hide the ones behind it, nor be told a second time as what follows from it.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from vidaudit.profile.build import kind_rules
from vidaudit.profile.shape import MISSING, PROFILE, Fault, faults
from vidaudit.profile.source import Key, Source, hint

Raw = Mapping[str, Any]

_STANDS_IN: Final = "?"
_OTHERS_STAND_IN: Final[Raw] = {"title": {"zh": _STANDS_IN, "en": _STANDS_IN}, "level": "off", "rules": {}}


def every_fault(table: Raw, sources: Sequence[Source]) -> tuple[list[Fault], Raw | None]:
    """What is wrong with the merged tables, and the tables without it; None where too little would be left."""
    told: list[Fault] = []
    tried: set[Key] = set()
    sound: Raw = table
    while found := [*faults(sound, PROFILE)] or [*_faults_between(sound, table, sources)]:
        told += [one for one in found if not follows(one, told)]
        left = _mended(sound, found, tried)
        if left == sound:
            return told, None
        sound = left
    return told, sound


def follows(fault: Fault, told: Sequence[Fault]) -> bool:
    """Whether there is such a fault only because of what was told already, and taken out for it."""
    key, problem = fault
    if key[0] == "kinds" and key[2:3] == ("rules",):  # a kind takes over what a rule has
        key = key[2:]
    keys = [one for one, _ in told]
    if any(f"[{one[0]}]" in problem for one in keys):
        return True
    return any(one[: len(key)] == key or key[: len(one)] == one for one in keys)


def _mended(table: Raw, found: Sequence[Fault], tried: set[Key]) -> dict[str, Any]:
    """Without what is wrong; for what is missing something stands in, or where that is no good, it is left out."""
    left = copy.deepcopy(dict(table))
    for key, problem in found:
        if problem.startswith(MISSING) and key not in tried:
            tried.add(key)
            _put(left, key)
        else:
            _take_out(left, key)
    made: dict[str, Any] = _documented(left)
    return made


def _take_out(table: dict[str, Any], key: Key) -> None:
    """The entry; where it isn't there, the one that lacks it."""
    within: Any = table
    for name in key[:-1]:
        within = within.get(name) if isinstance(within, dict) else None
    if isinstance(within, dict) and key[-1] in within:
        del within[key[-1]]
    elif len(key) > 1:
        _take_out(table, key[:-1])


def _documented(table: Any) -> Any:
    """The same, every clause with a document: some regulation's, where its name was at fault."""
    if not isinstance(table, dict):
        return [_documented(one) for one in table] if isinstance(table, list) else table
    named = {"document": _STANDS_IN} if "clause" in table else {}
    return named | {key: _documented(inner) for key, inner in table.items()}


def _put(table: dict[str, Any], key: Key) -> None:
    within = table
    for name in key[:-1]:
        inner = within.get(name)
        within[name] = within = inner if isinstance(inner, dict) else {}
    within[key[-1]] = copy.deepcopy(_OTHERS_STAND_IN.get(key[-1], _STANDS_IN))


def _faults_between(table: Raw, given: Raw, sources: Sequence[Source]) -> Iterator[Fault]:
    """What no table shows by itself: kinds that aren't there, rules without level or clause.

    Args:
        given: the tables before anything was taken out, whose names are known ones all the same.
    """
    yield from _unknown_kinds(table, _names(given, "kinds"), sources[0].table)
    tables = (source.table.get("rules") for source in sources if not source.is_block)
    own = {slug for rules in tables if isinstance(rules, dict) for slug in rules}
    yield from _open_rules({slug: rule for slug, rule in table["rules"].items() if slug in own}, ("rules",))
    for name, kind in table.get("kinds", {}).items():
        yield from _faults_of_kind(name, kind, table["rules"], _names(given, "rules"))


def _names(table: Raw, part: str) -> list[str]:
    inner = table.get(part)
    return list(inner) if isinstance(inner, dict) else []


def _unknown_kinds(table: Raw, kinds: Sequence[str], own: Raw) -> Iterator[Fault]:
    """Only of what the profile itself names: what it inherits may be about kinds that it took away."""
    default = table["profile"].get("default_kind")
    if default is not None and default not in kinds:
        yield ("profile", "default_kind"), f"must be one of the kinds, got {default!r}{hint(default, kinds)}"
    if default is None and kinds:
        yield ("profile", "default_kind"), f"{MISSING}: which kind is meant where nobody says"
    for part in ("manual", "subsidy"):
        for name in _names(own, part):
            for kind in table.get(part, {}).get(name, {}).get("kinds", ()):
                if kind not in kinds:
                    yield (part, name, "kinds"), f"names no kind: {kind!r}{hint(kind, kinds)}"


def _faults_of_kind(name: str, kind: Raw, rules: Raw, known: Sequence[str]) -> Iterator[Fault]:
    key = ("kinds", name)
    for slug in kind.get("only", ()):
        if slug not in known:
            yield (*key, "only"), f"names no rule of the profile: {slug!r}{hint(slug, known)}"
    touched = kind_rules(kind, rules)
    yield from _open_rules({slug: touched[slug] for slug in kind.get("rules", {})}, (*key, "rules"))


def _open_rules(rules: Raw, key: Key) -> Iterator[Fault]:
    for slug, rule in rules.items():
        for name in ("level", "clause"):
            if name not in rule:
                yield (*key, slug, name), MISSING
