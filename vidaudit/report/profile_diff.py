"""What changes between two profiles, rule by rule, as lines of text."""

from collections.abc import Iterator, Mapping

from vidaudit.model.settings import Parameter, Profile, RuleSetting
from vidaudit.model.verdict import Level
from vidaudit.report.messages import Catalogue, catalogue
from vidaudit.report.profile_text import RuleIds, number_lines, setting_text, value_text

Settings = Mapping[str, RuleSetting]


def difference_lines(one: Profile, other: Profile, ids: RuleIds, lang: str, kind: str | None = None) -> Iterator[str]:
    """The rules that are set otherwise, kinds of training, manual items and numbers; nothing where all is alike.

    Args:
        kind: compares the rules for this kind of training; without it, those of each profile's default kind.
    """
    words = catalogue(lang)
    yield from _rules(one.rules_for(kind), other.rules_for(kind), ids, words)
    kinds = ({name: [entry.title(lang)] for name, entry in profile.kinds.items()} for profile in (one, other))
    yield from _entries(words.ui("kind_of_training"), *kinds)
    items = ({item.id: [item.text(lang), item.clause.section] for item in p.manual_for(kind)} for p in (one, other))
    yield from _entries(words.ui("manual"), *items)
    yield from _entries(
        words.ui("profile_numbers"), *({line: [] for line in number_lines(p, words)} for p in (one, other))
    )


def _rules(one: Settings, other: Settings, ids: RuleIds, words: Catalogue) -> Iterator[str]:
    for slug, identity in ids.items():
        changes = list(_rule(one.get(slug), other.get(slug), words))
        if changes:
            yield f"{identity} {slug}  {words.title(slug)}"
            yield from (f"  {change}" for change in changes)


def _rule(one: RuleSetting | None, other: RuleSetting | None, words: Catalogue) -> Iterator[str]:
    if _is_off(one) and _is_off(other):
        return
    before, after = setting_text(one, words), setting_text(other, words)
    if before != after:
        yield f"- {before}"
        yield f"+ {after}"
    if one is not None and other is not None and not _is_off(one) and not _is_off(other):
        yield from _parameters(one.parameters, other.parameters)


def _is_off(setting: RuleSetting | None) -> bool:
    return setting is None or setting.level is Level.OFF


def _parameters(one: Mapping[str, Parameter], other: Mapping[str, Parameter]) -> Iterator[str]:
    for name in dict.fromkeys((*one, *other)):
        before, after = one.get(name), other.get(name)
        if before != after:
            yield from (
                f"{sign} {name} = {value_text(given)}    # {given.source}"
                for sign, given in (("-", before), ("+", after))
                if given is not None
            )


def _entries(title: str, one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> Iterator[str]:
    changed = [name for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name)]
    if changed:
        yield title
    for name in changed:
        yield from (
            f"  {sign} {'  '.join((name, *entries[name]))}"
            for sign, entries in (("-", one), ("+", other))
            if name in entries
        )
