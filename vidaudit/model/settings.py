"""A regulation as numbers: which rules apply to which kind of training, with which thresholds, and what it pays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

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
class Extent:
    """How long training of a kind lasts; None where the document sets no bound. Days and hours are alternatives:
    enough of either will do ("3 days or 24 class hours").
    """

    clause: Clause
    min_days: int | None = None
    max_days: int | None = None
    min_class_hours: int | None = None
    min_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of training that the document covers. `rules` are those, by slug, that are set otherwise for it."""

    id: str
    title_zh: str
    title_en: str
    clause: Clause
    rules: Mapping[str, RuleSetting]
    extent: Extent | None = None

    def title(self, lang: str) -> str:
        """Its name in a language, `zh` or `en`."""
        return self.title_zh if lang == "zh" else self.title_en


@dataclass(frozen=True, kw_only=True)
class ManualItem:
    """Something the document asks for and no rule can check: a person does. `kinds` is empty for all of them."""

    id: str
    text_zh: str
    text_en: str
    clause: Clause
    kinds: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """What is to be checked, in a language, `zh` or `en`."""
        return self.text_zh if lang == "zh" else self.text_en


@dataclass(frozen=True, kw_only=True)
class Retention:
    """For how many years footage and papers are kept."""

    clause: Clause
    years: int


@dataclass(frozen=True, kw_only=True)
class MonthDay:
    """A day of every year."""

    month: int
    day: int


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The programme year: training until `ends` counts for it, later training for the next; `claims_end` for claims."""

    clause: Clause
    ends: MonthDay
    claims_end: MonthDay | None = None


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What each class hour must show: so many seconds of continuous recording."""

    clause: Clause
    min_recorded_s: int


class Otherwise(StrEnum):
    """What is paid where too few found work: for those who did, as general training, or the document doesn't say."""

    EMPLOYED_ONLY = "employed-only"
    AS_GENERAL = "as-general"
    UNSTATED = "unstated"


@dataclass(frozen=True, kw_only=True)
class Employment:
    """The condition of a subsidy: at least this share (0 to 1) of the trained found work."""

    min_share: Decimal
    otherwise: Otherwise


@dataclass(frozen=True, kw_only=True)
class DayRate:
    """So many yuan a person and day for the next `days` days; None for all days that are left."""

    yuan: Decimal
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class OfflineStep:
    """Online training is paid at `paid_share` where less than `below_share` of the trained came to training on site."""

    below_share: Decimal
    paid_share: Decimal


class CapPer(StrEnum):
    """What a cap on a person's subsidy counts: one course, or all of a year."""

    COURSE = "course"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class Subsidy:
    """A scale: what is paid for training of these kinds. None and empty where the document says nothing.

    Args:
        kinds: ids of the kinds of training that it pays for.
        day_rates: a person and day, in order of the days.
        per_head_yuan: a person, whatever the days.
        per_class_hour_yuan, cap_by_level_yuan: by level of the course: `beginner`, `intermediate`, `senior`.
        cap_yuan: at most this much a person, per `cap_per`.
        cap_covers_certificates: whether the cap is on training and certificates together.
        offline_steps: in order of their shares; above the last, all is paid.
    """

    id: str
    clause: Clause
    kinds: tuple[str, ...]
    day_rates: tuple[DayRate, ...] = ()
    per_head_yuan: Decimal | None = None
    per_class_hour_yuan: Mapping[str, Decimal] = field(default_factory=dict)
    cap_yuan: Decimal | None = None
    cap_by_level_yuan: Mapping[str, Decimal] = field(default_factory=dict)
    cap_per: CapPer = CapPer.COURSE
    cap_covers_certificates: bool = False
    employment: Employment | None = None
    offline_steps: tuple[OfflineStep, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """What a certificate is worth: yuan by `beginner`, `intermediate`, `senior`, `special-operation`, `single-skill`.

    Each level is paid once a person.
    """

    clause: Clause
    yuan: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One regulation. `rules` are by slug; a rule that isn't there isn't asked for.

    Args:
        sha256: of the file it was read from; where it builds on others, over all that went in.
        extends: names of the profiles it builds on, the nearest first.
        kinds: the kinds of training that the document covers, by id; empty where it doesn't tell them apart.
        default_kind: the one that is meant where nobody says.
        manual: what a person has to check.
        notice: a form of the rectification notice, where the file that describes the profile names one.
    """

    id: str
    title_zh: str
    title_en: str
    document: str
    sha256: str
    rules: Mapping[str, RuleSetting]
    sampling: Sampling
    limits: Limits
    extends: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    default_kind: str | None = None
    manual: tuple[ManualItem, ...] = ()
    retention: Retention | None = None
    programme: Programme | None = None
    hours: Hours | None = None
    subsidies: tuple[Subsidy, ...] = ()
    certificates: Certificates | None = None
    notice: Path | None = None

    def title(self, lang: str) -> str:
        """Its title in a language, `zh` or `en`."""
        return self.title_zh if lang == "zh" else self.title_en

    def kind_named(self, name: str) -> Kind | None:
        """The kind with this id or name in either language, `培训` at its end or not; None when there is none."""
        return kind_named(self.kinds, name)

    def rules_for(self, kind: str | None) -> Mapping[str, RuleSetting]:
        """The rules as they are set for this kind of training; for the default kind for None."""
        asked = self.kinds.get(kind or self.default_kind or "")
        return self.rules if asked is None else {**self.rules, **asked.rules}

    def manual_for(self, kind: str | None) -> tuple[ManualItem, ...]:
        """What a person has to check of a class of this kind; of the default kind for None."""
        asked = kind or self.default_kind
        return tuple(item for item in self.manual if not item.kinds or asked in item.kinds)

    def subsidy_for(self, kind: str | None) -> Subsidy | None:
        """The scale that pays for this kind; for the default kind for None."""
        asked = kind or self.default_kind
        return next((subsidy for subsidy in self.subsidies if asked in subsidy.kinds), None)


def kind_named(kinds: Mapping[str, Kind], name: str) -> Kind | None:
    """The kind with this id or name in either language, `培训` at its end or not; None when there is none."""
    wanted = _bare(name)
    return next((kind for kind in kinds.values() if wanted in map(_bare, _names(kind))), None)


def _names(kind: Kind) -> tuple[str, str, str]:
    return kind.id, kind.title_zh, kind.title_en


def _bare(name: str) -> str:
    return name.strip().casefold().removesuffix("培训").removesuffix("技能")
