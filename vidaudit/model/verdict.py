"""What was decided, and why. Codes and values; words are found at the edge, in `report`."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

Scalar = str | int | float | bool | None
Value = Scalar | tuple[Scalar, ...]


class Status(StrEnum):
    """The five outcomes. Only `PASS` is good; nothing unevaluated ever rolls up into it."""

    PASS = "pass"
    FAIL = "fail"
    REVIEW = "review"
    NOT_EVALUATED = "not-evaluated"
    ERROR = "error"


# A definite fail stays a fail whatever else is open; a broken tool outweighs what merely awaits a person.
SEVERITY: tuple[Status, ...] = (
    Status.PASS,
    Status.NOT_EVALUATED,
    Status.REVIEW,
    Status.ERROR,
    Status.FAIL,
)


def worst(statuses: Iterable[Status]) -> Status:
    """The most severe of the statuses; `NOT_EVALUATED` for none at all."""
    return max(statuses, key=SEVERITY.index, default=Status.NOT_EVALUATED)


class Level(StrEnum):
    """How much a rule counts in a profile: only `REQUIRE` decides the class."""

    REQUIRE = "require"
    ADVISE = "advise"
    OFF = "off"


class Scope(StrEnum):
    """What one application of a rule looks at."""

    CLASS = "class"
    DAY = "day"
    CLIP = "clip"
    ROSTER = "roster"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """The place in a regulation that a rule comes from."""

    document: str
    section: str


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where a finding is: `day` and `clip` are paths relative to the class folder; None = the whole class."""

    day: str | None = None
    clip: str | None = None
    at_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a rule found. `code` is stable within its rule; `values` fill the message's placeholders.

    A finding may have status `PASS`: then it tells the measured value and its margin.
    """

    code: str
    status: Status
    where: Where = Where()
    values: Mapping[str, Value] = field(default_factory=dict)
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class RuleResult:
    """The outcome of one rule over one class."""

    id: str
    slug: str
    scope: Scope
    level: Level
    status: Status
    clause: Clause
    findings: tuple[Finding, ...]


class NotApplicable(StrEnum):
    """Why a rule says nothing of a class.

    `NOT_ASKED`: the document doesn't ask for it. `SWITCHED_OFF`: the profile names it and turns it off.
    `NOT_FOR_KIND`: not for this kind of training. `KIND_NOT_COVERED`: the document isn't about this kind of training.
    `NOT_CALLED_FOR`: the class gives no occasion, as no other class to compare with.
    """

    NOT_ASKED = "not-asked"
    SWITCHED_OFF = "switched-off"
    NOT_FOR_KIND = "not-for-kind"
    KIND_NOT_COVERED = "kind-not-covered"
    NOT_CALLED_FOR = "not-called-for"


@dataclass(frozen=True, kw_only=True)
class RuleNotApplied:
    """A rule that wasn't applied to a class, and why; `clause` is what excepts it, None where nothing speaks of it."""

    id: str
    slug: str
    reason: NotApplicable
    clause: Clause | None


@dataclass(frozen=True, kw_only=True)
class DayVerdict:
    """The outcome of one training day over all rules; None = not measured."""

    date: dt.date | None
    folder: str
    status: Status
    face_clips: tuple[str, ...]
    lectures: tuple[str, ...]
    persons: int | None
    headcount: int | None


@dataclass(frozen=True, kw_only=True)
class ClipVerdict:
    """The outcome of one clip over all rules, with the facts a report shows; None = not measured."""

    path: str
    kind: str
    sha256: str | None
    bytes: int
    container: str | None
    codec: str | None
    width: int | None
    height: int | None
    duration_s: Fraction | None
    status: Status
    persons: int | None
    headcount: int | None
    clock_first: str | None = None
    clock_last: str | None = None


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """A rule whose outcome differs from an earlier verdict; None where it wasn't applied.

    `gone` and `new` are the findings that only the earlier and only this verdict has, those that all is well left out.
    """

    id: str
    slug: str
    before: Status | None
    now: Status | None
    gone: tuple[Finding, ...] = ()
    new: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VerdictChange:
    """What differs from the verdict that was there before. The profile is that by which it was made."""

    profile_id: str
    profile_sha256: str
    before: Status
    rules: tuple[RuleChange, ...]


@dataclass(frozen=True, kw_only=True)
class ClassVerdict:
    """The outcome of one class. Each rule is in `rules` or in `not_applied`, in the order of the catalogue.

    `kind` is the kind of training it was judged as, assumed where nobody said it and the profile's default was taken;
    None where the profile doesn't tell kinds apart. `is_kind_filed` is true where the class's dossier says it.
    `change` is None unless an earlier verdict was compared, and something differs.
    """

    name: str
    path: str
    institution: str | None
    roster_size: int | None
    status: Status
    rules: tuple[RuleResult, ...]
    days: tuple[DayVerdict, ...]
    clips: tuple[ClipVerdict, ...]
    persons_seen: int | None
    kind: str | None = None
    is_kind_assumed: bool = False
    is_kind_filed: bool = False
    not_applied: tuple[RuleNotApplied, ...] = ()
    change: VerdictChange | None = None
