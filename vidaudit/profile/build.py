"""Tables that fit their form to a frozen `Profile`."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from vidaudit.model.media import Sampling
from vidaudit.model.settings import (
    CapPer,
    Certificates,
    DayRate,
    Employment,
    Extent,
    Hours,
    Kind,
    Limits,
    ManualItem,
    MonthDay,
    OfflineStep,
    Otherwise,
    Parameter,
    Profile,
    Programme,
    Retention,
    RuleSetting,
    Subsidy,
)
from vidaudit.model.verdict import Clause, Level

Raw = Mapping[str, Any]

_REQUIRED: Final = frozenset({"level", "clause", "document"})
_OFF: Final[Raw] = {"level": Level.OFF.value}


def build(table: Raw, *, sha256: str, extends: tuple[str, ...], folder: Path) -> Profile:
    """The profile that the merged tables describe; they must be without faults. Paths in it start from `folder`."""
    head = table["profile"]
    rules = table["rules"]
    return Profile(
        id=head["id"],
        title_zh=head["title"]["zh"],
        title_en=head["title"]["en"],
        document=head["document"],
        sha256=sha256,
        extends=extends,
        rules=_rules(rules),
        sampling=_sampling(table["sampling"]),
        limits=Limits(
            clip_s=float(table["limits"]["clip_s"]["value"]),
            clip_memory_mib=table["limits"]["clip_memory_mib"]["value"],
        ),
        kinds={name: _kind(name, kind, rules) for name, kind in table.get("kinds", {}).items()},
        default_kind=head.get("default_kind"),
        manual=tuple(_item(name, item) for name, item in _for_known_kinds(table, "manual")),
        retention=_retention(table.get("retention")),
        programme=_programme(table.get("programme")),
        hours=_hours(table.get("hours")),
        subsidies=tuple(_subsidy(name, scale) for name, scale in _for_known_kinds(table, "subsidy")),
        certificates=_certificates(table.get("certificates")),
        notice=folder / head["notice"] if "notice" in head else None,
    )


def _for_known_kinds(table: Raw, part: str) -> Iterator[tuple[str, Raw]]:
    """The entries that are about a kind of training that the profile still has, or about all of them."""
    known = table.get("kinds", {})
    for name, entry in table.get(part, {}).items():
        if "kinds" not in entry:
            yield name, entry
        elif kinds := [kind for kind in entry["kinds"] if kind in known]:
            yield name, {**entry, "kinds": kinds}


def _rules(table: Raw) -> dict[str, RuleSetting]:
    """The rules that have a level; the others only lend their parameters."""
    return {slug: _rule(rule) for slug, rule in table.items() if "level" in rule}


def _rule(rule: Raw) -> RuleSetting:
    parameters = {name: _parameter(given) for name, given in rule.get("parameters", {}).items()}
    return RuleSetting(level=Level(rule["level"]), clause=_clause(rule), parameters=parameters)


def _parameter(given: Raw) -> Parameter:
    value = given["value"]
    return Parameter(value=tuple(value) if isinstance(value, list) else value, source=given["source"])


def _clause(table: Raw) -> Clause:
    return Clause(document=table["document"], section=table["clause"])


def _sampling(table: Raw) -> Sampling:
    def exact(name: str) -> Fraction:
        return Fraction(str(table[name]["value"]))  # as written in the file, not as a binary number

    return Sampling(
        face_interval_s=exact("face_interval_s"),
        lecture_interval_s=exact("lecture_interval_s"),
        min_frames=table["min_frames"]["value"],
        max_frames=table["max_frames"]["value"],
        keyframe_slack=exact("keyframe_slack"),
    )


def _kind(name: str, kind: Raw, rules: Raw) -> Kind:
    extent = kind.get("extent")
    return Kind(
        id=name,
        title_zh=kind["title"]["zh"],
        title_en=kind["title"]["en"],
        clause=_clause(kind),
        rules=_rules(kind_rules(kind, rules)),
        extent=None if extent is None else _extent(extent),
    )


def kind_rules(kind: Raw, rules: Raw) -> dict[str, Any]:
    """The rules that this kind of training sets otherwise; what it changes without a clause has the kind's own."""
    clause = {"clause": kind["clause"], "document": kind["document"]}
    only = kind.get("only")
    changed = {slug: _OFF for slug, rule in rules.items() if only is not None and "level" in rule and slug not in only}
    changed.update(kind.get("rules", {}))
    return {slug: _changed(rules.get(slug, {}), {**clause, **rule}) for slug, rule in changed.items()}


def _changed(rule: Raw, change: Raw) -> dict[str, Any]:
    parameters = {**rule.get("parameters", {}), **change.get("parameters", {})}
    return {**rule, **change, "parameters": parameters}


def _extent(table: Raw) -> Extent:
    return Extent(clause=_clause(table), **_without_clause(table))


def _item(name: str, item: Raw) -> ManualItem:
    return ManualItem(
        id=name,
        text_zh=item["text"]["zh"],
        text_en=item["text"]["en"],
        clause=_clause(item),
        kinds=tuple(item.get("kinds", ())),
    )


def _retention(table: Raw | None) -> Retention | None:
    return None if table is None else Retention(clause=_clause(table), years=table["years"])


def _programme(table: Raw | None) -> Programme | None:
    if table is None:
        return None
    claims_end = table.get("claims_end")
    return Programme(
        clause=_clause(table),
        ends=_month_day(table["ends"]),
        claims_end=None if claims_end is None else _month_day(claims_end),
    )


def _month_day(text: str) -> MonthDay:
    month, day = text.split("-")
    return MonthDay(month=int(month), day=int(day))


def _hours(table: Raw | None) -> Hours | None:
    return None if table is None else Hours(clause=_clause(table), min_recorded_s=table["min_recorded_s"])


def _subsidy(name: str, scale: Raw) -> Subsidy:
    employment = scale.get("employment")
    return Subsidy(
        id=name,
        clause=_clause(scale),
        kinds=tuple(scale["kinds"]),
        day_rates=tuple(map(_day_rate, scale.get("day_rates", ()))),
        per_head_yuan=_optional(scale.get("per_head_yuan")),
        per_class_hour_yuan=_amounts(scale.get("per_class_hour_yuan", {})),
        cap_yuan=_optional(scale.get("cap_yuan")),
        cap_by_level_yuan=_amounts(scale.get("cap_by_level_yuan", {})),
        cap_per=CapPer(scale.get("cap_per", CapPer.COURSE)),
        cap_covers_certificates=scale.get("cap_covers_certificates", False),
        employment=None if employment is None else _employment(employment),
        offline_steps=tuple(_step(step) for step in scale.get("offline_steps", ())),
    )


def _day_rate(rate: Raw) -> DayRate:
    return DayRate(yuan=_exact(rate["yuan"]), days=rate.get("days"))


def _employment(table: Raw) -> Employment:
    return Employment(min_share=_exact(table["min_share"]), otherwise=Otherwise(table["otherwise"]))


def _step(step: Raw) -> OfflineStep:
    return OfflineStep(below_share=_exact(step["below_share"]), paid_share=_exact(step["paid_share"]))


def _certificates(table: Raw | None) -> Certificates | None:
    return None if table is None else Certificates(clause=_clause(table), yuan=_amounts(_without_clause(table)))


def _without_clause(table: Raw) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in {"clause", "document"}}


def _amounts(table: Raw) -> dict[str, Decimal]:
    return {name: _exact(value) for name, value in table.items()}


def _optional(value: int | float | None) -> Decimal | None:
    return None if value is None else _exact(value)


def _exact(value: int | float) -> Decimal:
    return Decimal(str(value))
