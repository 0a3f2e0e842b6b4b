"""The explicit, ordered list of rules, and how a profile is bound to them."""

import dataclasses
import difflib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_type_hints

from vidaudit.errors import ProfileError
from vidaudit.judge.rule import Rule
from vidaudit.judge.rules import (
    attendance,
    clock,
    completeness,
    container,
    dossier,
    duration,
    elsewhere,
    faces,
    headcount,
    identity,
    layout,
    names,
    picture,
    plan,
    retention,
    reuse,
    roster,
    takes,
)
from vidaudit.model.settings import Kind, Profile, RuleSetting
from vidaudit.model.verdict import Clause, Level, NotApplicable

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
    plan.DAY_COVERAGE,
    plan.PLANNED_HOURS,
    plan.RECORDED_HOURS,
    container.MP4_CONTAINER,
    container.READABLE,
    container.PLAYABLE_CODEC,
    picture.RESOLUTION,
    picture.NOISE,
    picture.EXPOSURE_SHARPNESS,
    picture.UPSCALED,
    picture.LIVE_PICTURE,
    duration.LECTURE_LENGTH,
    takes.LECTURE_CONTINUOUS,
    duration.FACE_CLIP_LENGTH,
    faces.FACES_RECOGNISABLE,
    faces.PERSONS_VS_ROSTER,
    clock.MORNING_AND_AFTERNOON,
    headcount.HEADCOUNT_VS_ROSTER,
    attendance.SAME_PEOPLE,
    reuse.REUSED_HERE,
    reuse.REUSED_ELSEWHERE,
    reuse.LOOPED,
    takes.SPLICED,
    clock.CLOCK_DATE,
    clock.CLOCK_RUNS,
    elsewhere.TWO_PLACES,
    identity.PHOTO_MATCH,
    roster.ROSTER_VALID,
    dossier.DOSSIER_VALID,
    dossier.BASIC_TOPICS,
    dossier.PROGRAMME_YEAR,
    retention.RETENTION,
)


@dataclass(frozen=True, kw_only=True)
class BoundRule:
    """A rule as a profile sets it: how much it counts, where it comes from, with which thresholds.

    `clause` is None for a rule that no document asks for; `parameters` and `reason` are None and told where it is off.
    """

    rule: AnyRule
    level: Level
    clause: Clause | None
    parameters: object
    reason: NotApplicable | None = None


@dataclass(frozen=True, kw_only=True)
class BoundRules:
    """All rules of the catalogue, in its order, as one profile sets them.

    Args:
        rules: where nobody says what kind of training it is: those of the default kind.
        kinds: for each kind of training that the profile knows.
        titles: these kinds as the profile describes them.
    """

    profile_id: str
    rules: tuple[BoundRule, ...]
    kinds: Mapping[str, tuple[BoundRule, ...]] = field(default_factory=dict)
    default_kind: str | None = None
    titles: Mapping[str, Kind] = field(default_factory=dict)

    def of_kind(self, kind: str | None) -> tuple[BoundRule, ...]:
        """The rules for this kind of training; all off where the profile doesn't cover it."""
        if kind is None or kind == self.default_kind:
            return self.rules
        return self.kinds[kind] if kind in self.kinds else tuple(map(_not_covered, self.rules))


RuleFault = tuple[tuple[str, ...], str]
"""What is wrong: the key in the profile, and the problem as the rest of a sentence."""


def bind(profile: Profile) -> BoundRules:
    """Check every rule and parameter of a profile against the catalogue. A rule that it doesn't name is off.

    Raises:
        ProfileError: for an unknown rule or parameter, a missing one, or a value of the wrong type or range.
    """
    found = rule_faults(profile)
    if found:
        key, problem = found[0]
        raise ProfileError(f"profile {profile.id}: {'.'.join(key)} {problem}")
    kinds = {name: _bind_all(profile, name) for name in profile.kinds}
    rules = _bind_all(profile, None)
    return BoundRules(
        profile_id=profile.id, rules=rules, kinds=kinds, default_kind=profile.default_kind, titles=profile.kinds
    )


def rule_faults(profile: Profile) -> tuple[RuleFault, ...]:
    """Everything in which the rules of a profile, for each kind of training, differ from the catalogue."""
    found = [*setting_faults(profile.rules), *_lacking_sections(profile)]
    told = set(found)
    for name, kind in profile.kinds.items():
        of_kind = setting_faults(kind.rules, ("kinds", name, "rules"))
        # What a kind takes over from the rule itself is told there.
        found.extend((key, problem) for key, problem in of_kind if (key[2:], problem) not in told)
    return (*found, *_retention_faults(profile))


def _retention_faults(profile: Profile) -> Iterator[RuleFault]:
    """The rule tells the date that the profile's own numbers give."""
    setting = profile.rules.get(retention.RETENTION.slug)
    given = None if setting is None else setting.parameters.get("years")
    if given is not None and profile.retention is not None and given.value != profile.retention.years:
        key = ("rules", retention.RETENTION.slug, "parameters", "years")
        yield key, f"must be the years of [retention], {profile.retention.years}, got {given.value!r}"


def setting_faults(settings: Mapping[str, RuleSetting], key: tuple[str, ...] = ("rules",)) -> Iterator[RuleFault]:
    """The same for some rules by slug; `key` is where they stand in the profile."""
    known = {rule.slug: rule for rule in RULES}
    for slug, setting in settings.items():
        if slug in known:
            yield from _faults_of_rule(known[slug], setting, (*key, slug))
        else:
            yield (*key, slug), f"is unknown; {_nearest(slug, known)}"


def unnamed_rules(profile: Profile) -> tuple[AnyRule, ...]:
    """The rules that a profile doesn't name, which are therefore not applied."""
    return tuple(rule for rule in RULES if rule.slug not in profile.rules)


def _bind_all(profile: Profile, kind: str | None) -> tuple[BoundRule, ...]:
    settings, sections = profile.rules_for(kind), _sections(profile, kind)
    return tuple(_bind_rule(rule, settings.get(rule.slug), profile.rules.get(rule.slug), sections) for rule in RULES)


def _sections(profile: Profile, kind: str | None) -> dict[str, object]:
    """What a rule's parameters may take from the profile as a whole, and from the kind of training."""
    asked = profile.kinds.get(kind or profile.default_kind or "")
    return {
        "hours": profile.hours,
        "programme": profile.programme,
        "kinds": profile.kinds,
        "extent": None if asked is None else asked.extent,
    }


def _lacking_sections(profile: Profile) -> Iterator[RuleFault]:
    """Rules that are on, and whose section isn't in the profile."""
    sections = _sections(profile, None)
    for rule in RULES:
        setting = profile.rules.get(rule.slug)
        needed = () if setting is None or setting.level is Level.OFF else ("hours", "programme")
        for name in _section_names(rule):
            if name in needed and sections[name] is None:
                yield ("rules", rule.slug), f"needs the section [{name}]"


def _section_names(rule: AnyRule) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(rule.parameters) if one.metadata.get("is_section"))


def _bind_rule(
    rule: AnyRule, setting: RuleSetting | None, always: RuleSetting | None, sections: Mapping[str, object]
) -> BoundRule:
    """`always` is what the profile says of the rule for any kind of training."""
    if setting is None:
        return _off(rule, None, NotApplicable.NOT_ASKED)
    if setting.level is Level.OFF:
        for_others = always is not None and always.level is not Level.OFF
        return _off(rule, setting.clause, NotApplicable.NOT_FOR_KIND if for_others else NotApplicable.SWITCHED_OFF)
    types = get_type_hints(rule.parameters)
    values = {name: _converted(given.value, types[name]) for name, given in setting.parameters.items()}
    values.update({name: sections[name] for name in _section_names(rule)})
    return BoundRule(rule=rule, level=setting.level, clause=setting.clause, parameters=rule.parameters(**values))


def _off(rule: AnyRule, clause: Clause | None, reason: NotApplicable) -> BoundRule:
    return BoundRule(rule=rule, level=Level.OFF, clause=clause, parameters=None, reason=reason)


def _not_covered(bound: BoundRule) -> BoundRule:
    return _off(bound.rule, None, NotApplicable.KIND_NOT_COVERED)


def _faults_of_rule(rule: AnyRule, setting: RuleSetting, key: tuple[str, ...]) -> Iterator[RuleFault]:
    types = get_type_hints(rule.parameters)
    taken = _section_names(rule)
    names = [field_.name for field_ in dataclasses.fields(rule.parameters) if field_.name not in taken]
    inner = (*key, "parameters")
    found = []
    for name, given in setting.parameters.items():
        if name not in names:
            found.append(((*inner, name), f"is unknown; {_nearest(name, names)}"))
        elif (problem := _problem(name, given.value, types[name])) is not None:
            found.append(((*inner, name), problem))
    if setting.level is not Level.OFF:  # a rule that is off needs no thresholds
        missing = [name for name in names if name not in setting.parameters]
        found.extend(((*inner, name), "is missing; every parameter must be given") for name in missing)
    yield from found or _refused(rule, setting, key)


def _refused(rule: AnyRule, setting: RuleSetting, key: tuple[str, ...]) -> Iterator[RuleFault]:
    """What the rule's own parameters refuse once each of them is right."""
    if setting.level is Level.OFF:
        return
    types = get_type_hints(rule.parameters)
    values = {name: _converted(given.value, types[name]) for name, given in setting.parameters.items()}
    try:
        rule.parameters(**values, **dict.fromkeys(_section_names(rule)))
    except ValueError as error:
        yield (*key, "parameters"), f"don't fit: {error}"


def _nearest(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    near = difflib.get_close_matches(name, listed, n=1, cutoff=0.4)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(listed) or 'none'}"


def _converted(value: object, wanted: object) -> object:
    """A whole number serves where a float is wanted."""
    return float(value) if wanted is float and type(value) is int else value


def _problem(name: str, value: object, wanted: object) -> str | None:
    """What is wrong with a value: its type, or that it isn't a number of at least 0, or a share above 1."""
    converted = _converted(value, wanted)
    fits = isinstance(converted, tuple) if wanted == tuple[str, ...] else type(converted) is wanted
    if not fits:
        return f"must be {_type_name(wanted)}, got {value!r}"
    if isinstance(converted, bool) or not isinstance(converted, int | float):
        return None
    if not math.isfinite(converted) or converted < 0:
        return f"must be a number of at least 0, got {value!r}"
    return f"is a share and must be at most 1, got {value!r}" if "_share" in name and converted > 1 else None


def _type_name(wanted: object) -> str:
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return names[wanted] if isinstance(wanted, type) and wanted in names else "a list of texts"
