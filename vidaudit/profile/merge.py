"""Inheritance: a profile's tables laid over those of the profile that it extends."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Final

from vidaudit.profile.source import Key, Source

# What is one statement is replaced whole, so that a new number never keeps the source or the clause of an old one.
_WHOLE: Final = frozenset({"retention", "programme", "hours", "certificates", "title", "text"})
_WHOLE_WITHIN: Final = frozenset({"parameters", "sampling", "limits", "kinds", "subsidy"})
_REMOVABLE: Final = frozenset({("kinds",), ("manual",), ("subsidy",)})


def merged(sources: Sequence[Source]) -> dict[str, Any]:
    """The tables of all sources as one, the first over the others; each clause with its own document.

    Of `[profile]` only the first counts, but for `default_kind`. A parameter, a kind of training or a subsidy is
    replaced whole. `false` in place of a kind, a manual item or a subsidy takes away what would be inherited.
    """
    tables = [_with_documents(source.table, source.document) for source in reversed(sources)]
    return reduce(lambda below, above: _laid_over(below, above, ()), tables)


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any], key: Key) -> dict[str, Any]:
    result = dict(below)
    for name, value in above.items():
        inner = (*key, name)
        inherited = below.get(name)
        if value is False and inherited is not None and key in _REMOVABLE:
            del result[name]
        elif inner == ("profile",) and isinstance(value, dict) and isinstance(inherited, dict):
            kept = {"default_kind": inherited["default_kind"]} if "default_kind" in inherited else {}
            result[name] = {**kept, **value}
        elif isinstance(value, dict) and isinstance(inherited, dict) and not _is_whole(inner):
            result[name] = _laid_over(inherited, value, inner)
        else:
            result[name] = value
    return result


def _is_whole(key: Key) -> bool:
    return key[-1] in _WHOLE or (len(key) > 1 and key[-2] in _WHOLE_WITHIN)


def _with_documents(table: Mapping[str, Any], document: str | None) -> dict[str, Any]:
    """The same with the document beside every clause that doesn't name its own."""
    inner = {
        name: _with_documents(value, document) if isinstance(value, dict) else value for name, value in table.items()
    }
    if document is not None and "clause" in inner and "document" not in inner:
        inner["document"] = document
    return inner
