"""A profile as lines of text, for `vidaudit profile show`: every rule with level, clause, thresholds and sources."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from vidaudit.model.settings import Extent, Kind, Parameter, Profile, RuleSetting, Subsidy
from vidaudit.model.verdict import Clause, Level
from vidaudit.report.messages import Catalogue, catalogue

RuleIds = Mapping[str, str]
"""{slug: id} of every rule, in the order in which they are shown."""


def profile_line(profile: Profile, lang: str) -> str:
    """The profile in one line: id, title, document and kinds of training."""
    words = catalogue(lang)
    kinds = words.ui("list_separator").join(kind.title(lang) for kind in profile.kinds.values())
    return f"{profile.id:22} {profile.title(lang)} · {profile.document}" + (f"\n{'':22} {kinds}" if kinds else "")


def profile_lines(profile: Profile, ids: RuleIds, lang: str, kind: str | None = None) -> Iterator[str]:
    """Everything that a profile says; of one kind of training, or without it of the default kind."""
    words = catalogue(lang)
    shown = profile.kinds.get(kind or profile.default_kind or "")
    yield from _head(profile, words)
    yield from _kinds(profile, words)
    title = words.ui("rules") if shown is None else f"{words.ui('rules')}: {shown.title(lang)}"
    yield from _section(title, _rules(profile.rules_for(kind), ids, words))
    yield from _section(words.ui("manual"), _manual(profile, kind, words))
    yield from _section(words.ui("profile_numbers"), _numbers(profile, words))


def setting_text(setting: RuleSetting | None, words: Catalogue) -> str:
    """Level and clause of a rule; that nothing asks for it where there is no setting."""
    if setting is None:
        return words.ui("reason_not-asked")
    return f"{words.level(setting.level)}  {clause_text(setting.clause)}"


def value_text(parameter: Parameter) -> str:
    """A parameter's value as a profile file writes it."""
    return _value(parameter.value)


def clause_text(clause: Clause) -> str:
    """Document and section."""
    return f"{clause.document} {clause.section}"


def number_lines(profile: Profile, words: Catalogue) -> Iterator[str]:
    """Retention, programme year, hours and what is paid, a line each, with clauses."""
    yield from _numbers(profile, words)


def _head(profile: Profile, words: Catalogue) -> Iterator[str]:
    yield f"{profile.id}  {profile.title(words.lang)}"
    facts = {"profile_document": profile.document, "profile_sha256": profile.sha256}
    if profile.extends:
        facts["profile_extends"] = " < ".join((profile.id, *profile.extends))
    yield from (f"  {words.ui(key)}: {value}" for key, value in facts.items())


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    listed = list(lines)
    if listed:
        yield ""
        yield title
        yield from (f"  {line}" for line in listed)


def _kinds(profile: Profile, words: Catalogue) -> Iterator[str]:
    return _section(words.ui("kind_of_training"), (_kind(profile, kind, words) for kind in profile.kinds.values()))


def _kind(profile: Profile, kind: Kind, words: Catalogue) -> str:
    applied = [setting for setting in profile.rules_for(kind.id).values() if setting.level is not Level.OFF]
    required = sum(setting.level is Level.REQUIRE for setting in applied)
    facts = [
        words.ui("profile_default") if kind.id == profile.default_kind else "",
        words.ui("profile_rule_count", number=required, items=len(applied) - required),
        _extent(kind.extent, words) if kind.extent is not None else "",
        clause_text(kind.clause),
    ]
    return f"{kind.id:18} {kind.title(words.lang)}  " + " · ".join(fact for fact in facts if fact)


def _extent(extent: Extent, words: Catalogue) -> str:
    bounds = {
        "min_days": extent.min_days,
        "max_days": extent.max_days,
        "min_class_hours": extent.min_class_hours,
        "min_months": extent.min_months,
    }
    said = (words.ui(f"profile_{name}", number=bound) for name, bound in bounds.items() if bound is not None)
    return f"{words.ui('list_separator').join(said)} ({extent.clause.section})"


def _rules(rules: Mapping[str, RuleSetting], ids: RuleIds, words: Catalogue) -> Iterator[str]:
    for slug, identity in ids.items():
        setting = rules.get(slug)
        yield f"{identity} {slug}  {words.title(slug)}  {setting_text(setting, words)}"
        if setting is not None and setting.level is not Level.OFF:
            for name, given in setting.parameters.items():
                yield f"    {name} = {value_text(given)}    # {given.source}"


def _manual(profile: Profile, kind: str | None, words: Catalogue) -> Iterator[str]:
    for item in profile.manual_for(kind):
        yield f"☐ {item.text(words.lang)}  ({clause_text(item.clause)})"


def _numbers(profile: Profile, words: Catalogue) -> Iterator[str]:
    if profile.retention is not None:
        years = words.ui("profile_years", number=profile.retention.years)
        yield f"{words.ui('profile_retention')}: {years} ({clause_text(profile.retention.clause)})"
    if profile.programme is not None:
        ends = f"{profile.programme.ends.month}-{profile.programme.ends.day}"
        yield f"{words.ui('profile_programme')}: {ends} ({clause_text(profile.programme.clause)})"
    if profile.hours is not None:
        seconds = f"{profile.hours.min_recorded_s} s"
        yield f"{words.ui('profile_hours')}: {seconds} ({clause_text(profile.hours.clause)})"
    for subsidy in profile.subsidies:
        yield f"{words.ui('profile_subsidy')} {subsidy.id}: {_subsidy(subsidy, words)} ({clause_text(subsidy.clause)})"
    if profile.certificates is not None:
        amounts = _amounts(profile.certificates.yuan)
        yield f"{words.ui('profile_certificates')}: {amounts} ({clause_text(profile.certificates.clause)})"


def _subsidy(subsidy: Subsidy, words: Catalogue) -> str:
    parts = ["/".join(subsidy.kinds)]
    parts += _rates(subsidy, words)
    if subsidy.per_head_yuan is not None:
        parts.append(words.ui("profile_per_head", yuan=_yuan(subsidy.per_head_yuan)))
    if subsidy.per_class_hour_yuan:
        parts.append(words.ui("profile_per_hour", yuan=_amounts(subsidy.per_class_hour_yuan)))
    if subsidy.cap_yuan is not None:
        parts.append(words.ui(f"profile_cap_{subsidy.cap_per}", yuan=_yuan(subsidy.cap_yuan)))
    if subsidy.cap_by_level_yuan:
        parts.append(words.ui(f"profile_cap_{subsidy.cap_per}", yuan=_amounts(subsidy.cap_by_level_yuan)))
    if subsidy.cap_covers_certificates:
        parts.append(words.ui("profile_with_certificates"))
    if subsidy.employment is not None:
        otherwise = words.ui(f"profile_otherwise_{subsidy.employment.otherwise}")
        share = float(subsidy.employment.min_share)
        parts.append(words.ui("profile_employment", min_share=share, otherwise=otherwise))
    for step in subsidy.offline_steps:
        shares = {"below_share": float(step.below_share), "paid_share": float(step.paid_share)}
        parts.append(words.ui("profile_offline", **shares))
    return "; ".join(parts)


def _rates(subsidy: Subsidy, words: Catalogue) -> Iterator[str]:
    rest = "profile_rate_rest" if len(subsidy.day_rates) > 1 else "profile_rate"
    for rate in subsidy.day_rates:
        yield words.ui(rest if rate.days is None else "profile_rate_days", yuan=_yuan(rate.yuan), number=rate.days)


def _amounts(yuan: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{level} {_yuan(amount)}" for level, amount in yuan.items())


def _yuan(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _value(value: bool | int | float | str | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
