"""What a class's subsidy comes to by its claim and by its evidence. Information for a person, never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from vidaudit.model.verdict import Clause, Value


class DaysFrom(StrEnum):
    """What told how many days are claimed: the plan of the dossier, the roster's dates, or the day folders."""

    PLAN = "plan"
    ROSTER = "roster"
    FOLDERS = "folders"


@dataclass(frozen=True, kw_only=True)
class StakeDays:
    """The training days of a class; folders of one date are one day.

    Args:
        claimed: how many the school names; None where nothing tells it.
        passing, open, failing: those whose required rules pass, still need a person, or fail.
        missing: claimed days of which nothing was handed in.
    """

    claimed: int | None
    source: DaysFrom | None
    passing: int
    open: int
    failing: int
    missing: int

    @property
    def high(self) -> int:
        """As many days as may turn out to be evidenced."""
        return self.passing + self.open


@dataclass(frozen=True, kw_only=True)
class StakePeople:
    """The people of a class. `claimed` are enrolled; on every evidenced day at least `low` were there, on none more
    than `high` of the enrolled. None = not known.
    """

    claimed: int | None
    low: int | None
    high: int | None


class Unit(StrEnum):
    """What a part of a sum is counted in; `AT_MOST` is a cap where the document gives no rate."""

    DAY = "day"
    CLASS_HOUR = "class-hour"
    HEAD = "head"
    CERTIFICATE = "certificate"
    AT_MOST = "at-most"


@dataclass(frozen=True, kw_only=True)
class Part:
    """So many units at so many yuan each."""

    number: int
    yuan: Decimal


@dataclass(frozen=True, kw_only=True)
class PerHead:
    """What one person is worth: the sum of the parts, or `cap_yuan` where that is less."""

    unit: Unit
    parts: tuple[Part, ...]
    cap_yuan: Decimal | None = None

    @property
    def full_yuan(self) -> Decimal:
        """Without the cap."""
        return sum((part.number * part.yuan for part in self.parts), Decimal(0))

    @property
    def is_capped(self) -> bool:
        """Whether the cap takes something away."""
        return self.cap_yuan is not None and self.full_yuan > self.cap_yuan

    @property
    def yuan(self) -> Decimal:
        """With the cap."""
        return self.full_yuan if self.cap_yuan is None else min(self.full_yuan, self.cap_yuan)


@dataclass(frozen=True, kw_only=True)
class Working:
    """A sum of money and how it was worked out: so many people, each worth so much."""

    people: int
    per_head: PerHead

    @property
    def yuan(self) -> Decimal:
        """The sum."""
        return self.people * self.per_head.yuan


class Item(StrEnum):
    """What a line is about. `TOO_FEW_EMPLOYED` is what the training is worth instead where too few find work."""

    TRAINING = "training"
    TOO_FEW_EMPLOYED = "too-few-employed"
    CERTIFICATE = "certificate"
    TOGETHER = "together"


@dataclass(frozen=True, kw_only=True)
class StakeLine:
    """One subsidy. None = not known.

    Args:
        level: of the course or certificate, where the line holds for that level only: such lines are alternatives.
        claimed: by the number of days and people claimed.
        low, high: by the evidence, for what is certain and for all that may still prove right.
        is_at_most: the sums are limits: how much it really is depends on something that isn't known here.
    """

    item: Item
    clause: Clause
    claimed: Working | None
    low: Working | None
    high: Working | None
    level: str | None = None
    is_at_most: bool = False


class NoteCode(StrEnum):
    """A condition of the subsidy that the footage can't show, or a gap in what is known."""

    NO_SCALE = "no-scale"
    EMPLOYMENT = "employment"
    UNSTATED = "unstated"
    ROSTER_UNKNOWN = "roster-unknown"
    DAYS_UNKNOWN = "days-unknown"
    PEOPLE_UNKNOWN = "people-unknown"
    HOURS_UNKNOWN = "hours-unknown"
    RATE_UNSTATED = "rate-unstated"
    CAP_YEAR = "cap-year"
    OFFLINE = "offline"
    MIN_DAYS = "min-days"
    MIN_DAYS_OR_HOURS = "min-days-or-hours"
    MAX_DAYS = "max-days"
    MIN_MONTHS = "min-months"
    CERTIFICATES_UNKNOWN = "certificates-unknown"
    LEVEL_FILED = "level-filed"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A condition or a gap, with its clause where there is one."""

    code: NoteCode
    clause: Clause | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stake:
    """What is at stake in a class."""

    days: StakeDays
    people: StakePeople
    lines: tuple[StakeLine, ...]
    notes: tuple[Note, ...]
