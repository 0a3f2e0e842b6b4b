"""Profiles: one TOML file per regulation, read strictly into a frozen `Profile`; one may build on another.

What a rule's parameters are called and typed is the catalogue's business (`judge.catalogue`); here every table and key
of the files themselves is checked, and each threshold must name its source.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vidaudit.errors import ProfileError
from vidaudit.model.settings import Profile
from vidaudit.profile.build import build
from vidaudit.profile.merge import merged
from vidaudit.profile.shape import MISSING, Fault
from vidaudit.profile.sound import every_fault, follows
from vidaudit.profile.source import Key, Source, chain, place, shipped

__all__ = ["ReadProfile", "available_profiles", "load_profile", "read_profile"]


@dataclass(frozen=True, kw_only=True)
class ReadProfile:
    """A profile as far as its files could be read.

    Args:
        profile: None when there are faults.
        sound: the same without what is faulty; None where too little would be left.
        faults: everything that is wrong, by key, in no order of lines.
        sources: the files it was read from, the profile's own first.
    """

    profile: Profile | None
    sound: Profile | None
    faults: tuple[Fault, ...]
    sources: tuple[Source, ...]

    def is_new(self, fault: Fault) -> bool:
        """Whether a fault of what is sound isn't only there because of what was taken out."""
        return not follows(fault, self.faults)

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
    found, sound = every_fault(table, sources)
    names = tuple(source.name.removesuffix(".toml") for source in sources[1:])
    made = None
    if sound is not None:
        made = build(sound, sha256=_sha256(sources), extends=names, folder=sources[0].folder or Path())
    return ReadProfile(profile=None if found else made, sound=made, faults=tuple(found), sources=sources)


def _sha256(sources: Sequence[Source]) -> str:
    """Of the file; where it builds on others, of the hashes of all of them, a line each, its own first."""
    hashes = [hashlib.sha256(source.content).hexdigest() for source in sources]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()
