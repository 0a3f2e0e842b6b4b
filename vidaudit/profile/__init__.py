"""Profiles: one TOML file per regulation, read strictly into a frozen `Profile`; one may build on another.

What a rule's parameters are called and typed is the catalogue's business (`judge.catalogue`); here every table and key
of the files themselves is checked, and each threshold must name its source.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vidaudit.errors import ProfileError
from vidaudit.model.settings import Profile, RuleSetting
from vidaudit.profile.build import build, kind_rules, sound_rules
from vidaudit.profile.merge import merged
from vidaudit.profile.shape import MISSING, PROFILE, Fault, faults
from vidaudit.profile.source import Key, Source, chain, hint, place, shipped

__all__ = ["ReadProfile", "available_profiles", "load_profile", "read_profile"]


@dataclass(frozen=True, kw_only=True)
class ReadProfile:
    """A profile as far as its files could be read.

    Args:
        profile: None when there are faults.
        rules: those that are sound, also of a profile with faults.
        faults: everything that is wrong, by key, in no order of lines.
        sources: the files it was read from, the profile's own first.
    """

    profile: Profile | None
    rules: Mapping[str, RuleSetting]
    faults: tuple[Fault, ...]
    sources: tuple[Source, ...]

    def told(self, key: Key, problem: str) -> str:
        """A fault as one line that begins with file, line and key: where the most of the key stands."""
        return f"{place(self._source(key, problem), key)} {problem}"

    def position(self, key: Key, problem: str) -> tuple[int, int]:
        """Which of the files, and which line, to put faults in order."""
        source = self._source(key, problem)
        return self.sources.index(source), source.locate(key)[1]

    def _source(self, key: Key, problem: str) -> Source:
        """The nearest file in which the key stands, or the table that lacks it."""
        stands = key[:-1] if problem.startswith(MISSING) else key
        return max(self.sources, key=lambda source: source.locate(stands)[0])  # the first of equals: the nearest


def available_profiles() -> tuple[str, ...]:
    """The ids of the profiles that come with vidaudit, in order."""
    return tuple(sorted(name for name in shipped() if not name.startswith("_")))


def load_profile(id_or_file: str) -> Profile:
    """Read a profile by its id, or from a TOML file.

    Raises:
        ProfileError: unknown id, unreadable file, or anything in it that isn't as it should be; names the
            file, the line, the key and, for a misspelt one, the nearest right key.
    """
    read = read_profile(id_or_file)
    if read.profile is None:
        more = (
            f" (and {len(read.faults) - 1} more; `vidaudit profile check` lists them)" if len(read.faults) > 1 else ""
        )
        raise ProfileError(read.told(*read.faults[0]) + more)
    return read.profile


def read_profile(id_or_file: str) -> ReadProfile:
    """The same with all faults instead of the first.

    Raises:
        ProfileError: a file that isn't there or isn't TOML, or profiles that extend each other in a circle.
    """
    sources = chain(id_or_file)
    try:
        table = merged(sources)
    except RecursionError as error:
        raise ProfileError(f"{sources[0].name}: tables within tables without end") from error
    found = tuple(faults(table, PROFILE)) or tuple(_faults_between(table, sources))
    if found:
        faulty = {key[1] for key, _ in found if key[0] == "rules" and len(key) > 1}
        return ReadProfile(profile=None, rules=sound_rules(table, faulty), faults=found, sources=sources)
    names = tuple(source.name.removesuffix(".toml") for source in sources[1:])
    profile = build(table, sha256=_sha256(sources), extends=names, folder=sources[0].folder or Path())
    return ReadProfile(profile=profile, rules=profile.rules, faults=(), sources=sources)


def _sha256(sources: Sequence[Source]) -> str:
    """Of the file; where it builds on others, of the hashes of all of them, a line each, its own first."""
    hashes = [hashlib.sha256(source.content).hexdigest() for source in sources]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _faults_between(table: Mapping[str, Any], sources: Sequence[Source]) -> Iterator[Fault]:
    """What no table shows by itself: kinds that aren't there, rules without level or clause."""
    yield from _unknown_kinds(table, sources[0].table)
    tables = (source.table.get("rules") for source in sources if not source.is_block)
    own = {slug for rules in tables if isinstance(rules, dict) for slug in rules}
    yield from _open_rules({slug: rule for slug, rule in table["rules"].items() if slug in own}, ("rules",))
    for name, kind in table.get("kinds", {}).items():
        yield from _faults_of_kind(name, kind, table["rules"])


def _unknown_kinds(table: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Fault]:
    """Only of what the profile itself names: what it inherits may be about kinds that it took away."""
    kinds = table.get("kinds", {})
    default = table["profile"].get("default_kind")
    if default is not None and default not in kinds:
        yield ("profile", "default_kind"), f"must be one of the kinds, got {default!r}{hint(default, kinds)}"
    if default is None and kinds:
        yield ("profile", "default_kind"), f"{MISSING}: which kind is meant where nobody says"
    for part in ("manual", "subsidy"):
        for name in own.get(part, {}):
            for kind in table[part].get(name, {}).get("kinds", ()):
                if kind not in kinds:
                    yield (part, name, "kinds"), f"names no kind: {kind!r}{hint(kind, kinds)}"


def _faults_of_kind(name: str, kind: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[Fault]:
    key = ("kinds", name)
    for slug in kind.get("only", ()):
        if slug not in rules:
            yield (*key, "only"), f"names no rule of the profile: {slug!r}{hint(slug, rules)}"
    touched = kind_rules(kind, rules)
    yield from _open_rules({slug: touched[slug] for slug in kind.get("rules", {})}, (*key, "rules"))


def _open_rules(rules: Mapping[str, Any], key: Key) -> Iterator[Fault]:
    for slug, rule in rules.items():
        for name in ("level", "clause"):
            if name not in rule:
                yield (*key, slug, name), MISSING
