"""What a profile file may hold: every table, key and type, in one place, and the faults of a file against it."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from vidaudit.model.media import Sampling
from vidaudit.model.settings import CapPer, Otherwise
from vidaudit.model.verdict import Level
from vidaudit.profile.source import Key, hint

Check = Callable[[object], str | None]
"""The problem with a value, as the rest of a sentence that begins with its key; None when it is right."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table. `each` is the form of entries with names of their own choice; `fits` looks at the table as a whole."""

    keys: Mapping[str, "Form"] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    each: "Form | None" = None
    fits: Check | None = None


@dataclass(frozen=True, kw_only=True)
class Tables:
    """A list of tables of one form."""

    of: Table


MISSING: Final = "is missing"
"""How the problem begins where the key itself isn't there."""

Form = Check | Table | Tables
Fault = tuple[Key, str]


def faults(value: object, form: Form, key: Key = ()) -> Iterator[Fault]:
    """Everything in which the value differs from its form: (key, problem)."""
    if isinstance(form, Table):
        yield from _faults_of_table(value, form, key)
    elif isinstance(form, Tables):
        if not isinstance(value, list):
            yield key, f"must be a list of tables, got {value!r}"
            return
        for item in value:
            yield from faults(item, form.of, key)
    elif (problem := form(value)) is not None:
        yield key, problem


def _faults_of_table(value: object, form: Table, key: Key) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield key, f"must be a table, got {value!r}"
        return
    for name, inner in value.items():
        if name in form.keys:
            yield from faults(inner, form.keys[name], (*key, name))
        elif form.each is not None:
            yield from _faults_of_named(name, inner, form.each, key)
        else:
            yield (*key, name), f"is not a known key{hint(name, form.keys)}"
    for name in form.keys:
        if name in form.required and name not in value:
            yield (*key, name), MISSING
    if form.fits is not None and (problem := form.fits(value)) is not None:
        yield key, problem


def _faults_of_named(name: str, value: object, form: Form, key: Key) -> Iterator[Fault]:
    if re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name) is None:
        yield (*key, name), "must be of small letters, digits and hyphens"
    yield from faults(value, form, (*key, name))


def text(value: object) -> str | None:
    """A text that says something."""
    if not isinstance(value, str):
        return f"must be a text, got {value!r}"
    return None if value.strip() else "must not be empty"


def number(value: object) -> str | None:
    """A finite number above 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and value > 0:  # type: ignore[arg-type, operator]
        return None
    return f"must be a number above 0, got {value!r}"


def whole(value: object) -> str | None:
    """A whole number above 0."""
    problem = number(value)
    return problem or (None if isinstance(value, int) else f"must be a whole number, got {value!r}")


def share(value: object) -> str | None:
    """A share of something: above 0, at most 1."""
    problem = number(value)
    return problem or (None if value <= 1 else f"is a share and must be at most 1, got {value!r}")  # type: ignore[operator]


def truth(value: object) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else f"must be true or false, got {value!r}"


def one_of(*known: str) -> Check:
    """One of these words."""

    def check(value: object) -> str | None:
        if not isinstance(value, str):
            return text(value)
        return None if value in known else f"must be one of {', '.join(known)}, got {value!r}{hint(value, known)}"

    return check


def names(value: object) -> str | None:
    """A list of texts, not empty."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return None
    return f"must be a list of texts, got {value!r}"


def setting(value: object) -> str | None:
    """A parameter's value."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return None
    if isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return None
    return f"must be true, false, a number, a text or a list of texts, got {value!r}"


def month_day(value: object) -> str | None:
    """A day of the year, as `11-30`."""
    match = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    if match is not None and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= _DAYS[int(match[1]) - 1]:
        return None
    return f'must be a month and a day as "11-30", got {value!r}'


def _table(keys: Mapping[str, Form], *optional: str, fits: Check | None = None) -> Table:
    return Table(keys=keys, required=frozenset(keys.keys() - set(optional)), fits=fits)


def _sourced(check: Check) -> Table:
    """A value with where it comes from."""

    def fits(value: object) -> str | None:
        return check(value["value"]) if isinstance(value, dict) and "value" in value else None

    return _table({"value": setting, "source": text}, fits=fits)


def _least(check: Check, least: int) -> Check:
    def at_least(value: object) -> str | None:
        return check(value) or (None if value >= least else f"must be at least {least}, got {value!r}")  # type: ignore[operator]

    return at_least


_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WORDS: Final = _table({"zh": text, "en": text})
_LEVEL: Final = one_of(*(level.value for level in Level))
_CLAUSE: Final[Mapping[str, Form]] = {"clause": text, "document": text}
_PARAMETERS: Final = Table(each=_table({"value": setting, "source": text}))
LEVELS: Final = ("beginner", "intermediate", "senior")
CERTIFICATES: Final = (*LEVELS, "special-operation", "single-skill")

_RULE: Final = Table(keys={"level": _LEVEL, **_CLAUSE, "parameters": _PARAMETERS})
_EXTENT_KEYS: Final = ("min_days", "max_days", "min_class_hours", "min_months")
_EXTENT: Final = _table({**_CLAUSE, **dict.fromkeys(_EXTENT_KEYS, whole)}, "document", *_EXTENT_KEYS)
_KIND: Final = _table(
    {"title": _WORDS, **_CLAUSE, "only": names, "rules": Table(each=_RULE), "extent": _EXTENT},
    *("document", "only", "rules", "extent"),
)
_ITEM: Final = _table({"text": _WORDS, **_CLAUSE, "kinds": names}, "document", "kinds")
_EMPLOYMENT: Final = _table({"min_share": share, "otherwise": one_of(*Otherwise)})
_AMOUNTS: Final = ("day_rates", "per_head_yuan", "per_class_hour_yuan", "cap_yuan", "cap_by_level_yuan")
_BY_LEVEL: Final = Table(keys=dict.fromkeys(LEVELS, number))


def _pays(value: object) -> str | None:
    said = {"day_rates", "per_head_yuan", "per_class_hour_yuan", "cap_yuan", "cap_by_level_yuan"}
    return (
        None
        if isinstance(value, dict) and said & value.keys()
        else f"names no amount; give one of {', '.join(sorted(said))}"
    )


_SCALE: Final[Mapping[str, Form]] = {
    "day_rates": Tables(of=_table({"yuan": number, "days": whole}, "days")),
    "per_head_yuan": number,
    "per_class_hour_yuan": _BY_LEVEL,
    "cap_yuan": number,
    "cap_by_level_yuan": _BY_LEVEL,
    "cap_per": one_of(*CapPer),
    "cap_covers_certificates": truth,
    "employment": _EMPLOYMENT,
    "offline_steps": Tables(of=_table({"below_share": share, "paid_share": share})),
}
_SUBSIDY: Final = _table({**_CLAUSE, "kinds": names, **_SCALE}, "document", *_SCALE, fits=_pays)

PROFILE: Final = Table(
    keys={
        "profile": _table(
            {"id": text, "title": _WORDS, "document": text, "extends": text, "default_kind": text, "notice": text},
            *("extends", "default_kind", "notice"),
        ),
        "sampling": _table(
            {field.name: _sourced(number) for field in fields(Sampling)}
            | {"min_frames": _sourced(whole), "max_frames": _sourced(_least(whole, 2))}
        ),
        "limits": _table({"clip_s": _sourced(number), "clip_memory_mib": _sourced(whole)}),
        "rules": Table(each=_RULE),
        "kinds": Table(each=_KIND),
        "manual": Table(each=_ITEM),
        "retention": _table({**_CLAUSE, "years": whole}, "document"),
        "programme": _table({**_CLAUSE, "ends": month_day, "claims_end": month_day}, "document", "claims_end"),
        "hours": _table({**_CLAUSE, "min_recorded_s": whole}, "document"),
        "subsidy": Table(each=_SUBSIDY),
        "certificates": _table({**_CLAUSE, **dict.fromkeys(CERTIFICATES, number)}, "document", *CERTIFICATES),
    },
    required=frozenset({"profile", "sampling", "limits", "rules"}),
)
"""A whole profile, with all that it inherits; `docs/profiles.md` explains every key."""
