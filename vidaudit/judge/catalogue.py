"""The explicit, ordered list of rules, and how a profile is bound to them."""

import dataclasses
import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

from vidaudit.errors import ProfileError
from vidaudit.judge.rule import Rule
from vidaudit.judge.rules import (
    attendance,
    completeness,
    container,
    duration,
    elsewhere,
    faces,
    headcount,
    identity,
    layout,
    names,
    picture,
    roster,
)
from vidaudit.model.settings import Parameter, Profile, RuleSetting
from vidaudit.model.verdict import Clause, Level

AnyRule = Rule[Any, Any]

RULES: Final[tuple[AnyRule, ...]] = (
    layout.CLASS_FOLDER,
    layout.DAY_FOLDER,
    layout.STRAY_FILE,
    names.FILE_NAME,
    names.DATE_AGREEMENT,
    names.TITLE_AGREEMENT,
    completeness.FACE_CLIPS_PER_DAY,
    completeness.LECTURE_PER_DAY,
    container.MP4_CONTAINER,
    container.READABLE,
    container.PLAYABLE_CODEC,
    picture.RESOLUTION,
    picture.NOISE,
    picture.EXPOSURE_SHARPNESS,
    picture.UPSCALED,
    picture.LIVE_PICTURE,
    duration.LECTURE_LENGTH,
    duration.FACE_CLIP_LENGTH,
    faces.FACES_RECOGNISABLE,
    faces.PERSONS_VS_ROSTER,
    faces.MORNING_AND_AFTERNOON,
    headcount.HEADCOUNT_VS_ROSTER,
    attendance.SAME_PEOPLE,
    elsewhere.TWO_PLACES,
    identity.PHOTO_MATCH,
    roster.ROSTER_VALID,
)


@dataclass(frozen=True, kw_only=True)
class BoundRule:
    """A rule as a profile sets it: how much it counts, where it comes from, with which thresholds."""

    rule: AnyRule
    level: Level
    clause: Clause
    parameters: object


@dataclass(frozen=True, kw_only=True)
class BoundRules:
    """All rules of the catalogue, in its order, as one profile sets them."""

    profile_id: str
    rules: tuple[BoundRule, ...]


def bind(profile: Profile) -> BoundRules:
    """Check every rule and parameter of a profile against the catalogue.

    Raises:
        ProfileError: for an unknown or missing rule or parameter, or a value of the wrong type or range.
    """
    slugs = [rule.slug for rule in RULES]
    _check_names(f"profile {profile.id}: rule", profile.rules, slugs)
    rules = tuple(_bind_rule(profile.id, rule, profile.rules[rule.slug]) for rule in RULES)
    return BoundRules(profile_id=profile.id, rules=rules)


def _bind_rule(profile_id: str, rule: AnyRule, setting: RuleSetting) -> BoundRule:
    place = f"profile {profile_id}: rule {rule.slug}"
    types = get_type_hints(rule.parameters)
    names = [field.name for field in dataclasses.fields(rule.parameters)]
    _check_names(f"{place}: parameter", setting.parameters, names)
    values = {name: _typed(f"{place}: {name}", setting.parameters[name], types[name]) for name in names}
    try:
        parameters = rule.parameters(**values)
    except ValueError as error:
        raise ProfileError(f"{place}: {error}") from error
    return BoundRule(rule=rule, level=setting.level, clause=setting.clause, parameters=parameters)


def _check_names(place: str, given: Mapping[str, object], known: Iterable[str]) -> None:
    known = tuple(known)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known) or 'none'}"
            raise ProfileError(f"{place} {name!r} is unknown; {hint}")
    for name in known:
        if name not in given:
            raise ProfileError(f"{place} {name!r} is missing; every one must be given")


def _typed(place: str, parameter: Parameter, wanted: object) -> object:
    """The parameter's value if it is of the wanted type; a whole number serves where a float is wanted."""
    value = parameter.value
    if wanted is float and type(value) is int:
        value = float(value)
    fits = isinstance(value, tuple) if wanted == tuple[str, ...] else type(value) is wanted
    if not fits:
        raise ProfileError(f"{place} must be {_type_name(wanted)}, got {value!r}")
    _check_range(place, value)
    return value


def _check_range(place: str, value: object) -> None:
    """Every threshold is a finite number of at least 0, and a share at most 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if not math.isfinite(value) or value < 0:
        raise ProfileError(f"{place} must be a number of at least 0, got {value!r}")
    if "_share" in place.rsplit(" ", 1)[-1] and value > 1:
        raise ProfileError(f"{place} is a share and must be at most 1, got {value!r}")


def _type_name(wanted: object) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return names[wanted] if isinstance(wanted, type) and wanted in names else "a list of texts"
