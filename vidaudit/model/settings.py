"""A regulation as numbers: which rules apply, with which thresholds, and how clips are sampled."""

from collections.abc import Mapping
from dataclasses import dataclass

from vidaudit.model.media import Sampling
from vidaudit.model.verdict import Clause, Level


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A threshold with where it comes from: a clause, a standard, a paper or a measurement."""

    value: bool | int | float | str | tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True)
class RuleSetting:
    """What a profile says of one rule."""

    level: Level
    clause: Clause
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one clip may cost before it is given up as an `error`: seconds of wall clock, mebibytes of memory."""

    clip_s: float = 900.0
    clip_memory_mib: int = 2048


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One regulation. `sha256` is that of the file it was read from; `rules` are by slug."""

    id: str
    title_zh: str
    title_en: str
    document: str
    sha256: str
    rules: Mapping[str, RuleSetting]
    sampling: Sampling
    limits: Limits
