"""The words: what codes and values mean in Chinese and English. All of them live in `messages/*.po`."""

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle
from typing import Any

from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import Finding, Level, Scalar, Status, Value
from vidaudit.report import formats
from vidaudit.report.po import read_tables
from vidaudit.report.text import shown


@dataclass(frozen=True, kw_only=True)
class Words:
    """A finding in words. `remedy` is empty where there is nothing to mend."""

    message: str
    remedy: str


class Catalogue:
    """One language. What isn't in it still renders: a report must never fail for want of a word."""

    def __init__(self, lang: str, tables: Mapping[str, Any]) -> None:
        self.lang = lang
        self._tables = tables

    def ui(self, key: str, **values: Value) -> str:
        """A word or sentence of the page itself; the key where there is none."""
        template = str(self._tables["ui"].get(key, key))
        return self._filled(template, values) if values else template

    def status(self, status: Status) -> str:
        """The outcome in a word or two."""
        return str(self._tables["status"][status.value])

    def level(self, level: Level) -> str:
        """How much a rule counts."""
        return str(self._tables["level"][level.value])

    def kind(self, kind: str) -> str:
        """What a clip is meant to show, by the value of its `ClipKind`."""
        return str(self._tables["kind"].get(kind, self._tables["kind"][ClipKind.OTHER.value]))

    def title(self, slug: str) -> str:
        """The rule's name; its slug where the catalogue has none."""
        return str(self._tables["rules"].get(slug, {}).get("title", slug))

    def finding(self, slug: str, finding: Finding) -> Words:
        """Message and remedy of a finding: the rule's own, else the engine's common ones, else code and values."""
        entry = self._entry(slug, finding.code)
        if entry is None:
            return Words(message=self._bare(finding), remedy="")
        return Words(
            message=self._filled(entry["message"], finding.values), remedy=self._filled(entry["remedy"], finding.values)
        )

    def value(self, key: str, value: Value | Fraction) -> str:
        """A value in words, by the unit that its key names."""
        if value is None:
            return str(self._tables["words"].get(key, {}).get("none", self.ui("not_measured")))
        if isinstance(value, tuple):
            return self.ui("list_separator").join(self.value(key, item) for item in value)
        if isinstance(value, bool):
            return self.ui("yes" if value else "no")
        if isinstance(value, str):
            return self._text(key, value)
        return self._number(key, value)

    def sentence(self, text: str) -> str:
        """A sentence that was made in English, as an error's, by its template in the table `errors`; else as it is."""
        for template, said in self._tables["errors"].items():
            found = _pattern(template).fullmatch(text)
            if found is not None:
                return str(said).format_map({name: self._part(name, part) for name, part in found.groupdict().items()})
        return text

    def _part(self, name: str, part: str) -> str:
        """What a placeholder of a sentence stood for: codes in words, sentences by their own templates."""
        if name == "message":
            return self.sentence(part)
        words = self._tables["words"].get(name)
        if words is None:
            return part
        return self.ui("list_separator").join(str(words.get(code, code)) for code in part.split(", "))

    def _entry(self, slug: str, code: str) -> Mapping[str, str] | None:
        own = self._tables["rules"].get(slug, {}).get(code)
        entry = own if isinstance(own, Mapping) else self._tables["common"].get(code)
        return entry if isinstance(entry, Mapping) else None

    def _bare(self, finding: Finding) -> str:
        facts = self.ui("list_separator").join(f"{key} = {self.value(key, v)}" for key, v in finding.values.items())
        return shown(finding.code) + (f" ({facts})" if facts else "")

    def _filled(self, template: str, values: Mapping[str, Value]) -> str:
        """The template with its placeholders filled; one without a value reads as not measured."""
        return template.format_map(_Placeholders(self, values))

    def _text(self, key: str, text: str) -> str:
        words = self._tables["words"].get(key, {})
        code, _, number = text.partition(":")
        if code in words and number:
            return str(words[code]).replace("{number}", number)  # a code with how many it concerns, as "blurred:2"
        if text in words:
            return str(words[text])
        return self._date(text) if key in _DATES else shown(text)

    def _date(self, text: str) -> str:
        try:
            return formats.day(dt.date.fromisoformat(text), self.lang)
        except ValueError:  # a name may give only month and day, as 5-20
            return shown(text)

    def _number(self, key: str, value: int | float | Fraction) -> str:
        if not math.isfinite(value):
            return self.ui("not_measured")
        unit = key.rsplit("_", 1)[-1]
        return _BY_UNIT.get(key, _BY_UNIT.get(unit, _plain))(value, self.lang)


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    """What the template makes, whatever its placeholders stand for."""
    parts = re.split(r"\{(\w+)\}", template)
    names = [f"(?P<{part}>.+)" if is_name else re.escape(part) for part, is_name in zip(parts, cycle((0, 1)))]
    return re.compile("".join(names), re.DOTALL)


class _Placeholders(dict[str, str]):
    def __init__(self, catalogue: Catalogue, values: Mapping[str, Value]) -> None:
        super().__init__({key: catalogue.value(key, value) for key, value in values.items()})
        self._catalogue = catalogue

    def __missing__(self, key: str) -> str:
        return self._catalogue.value(key, None)


@functools.cache
def catalogue(lang: str) -> Catalogue:
    """The catalogue of a language, `zh` or `en`."""
    return Catalogue(lang, read_tables(lang))


def finite(value: Scalar | Fraction) -> Scalar:
    """The value as JSON can hold it: fractions as numbers, six decimals, no NaN and no infinity (then None)."""
    if isinstance(value, Fraction):
        return round(float(value), 6)
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


def _plain(value: formats.Number, lang: str) -> str:  # noqa: ARG001 - numbers look alike in both languages
    return formats.number(value)


_DATES = frozenset(
    {
        "date",
        "clock_date",
        "created_date",
        "name_date",
        "folder_date",
        "readings",
        "dates",
        "first_date",
        "last_date",
        "scanned_on",
    }
    | {"first_date", "last_date", "until_date"}
)

_BY_UNIT: Mapping[str, Callable[[formats.Number, str], str]] = {
    "pictures_per_s": _plain,
    "min_pictures_per_s": _plain,
    **dict.fromkeys(
        ("at_s", "other_at_s", "from_s", "to_s", "other_from_s", "other_to_s"), lambda value, _: formats.clock(value)
    ),
    "s": formats.duration,
    "px": lambda value, _: str(math.floor(value)),
    "bytes": lambda value, _: formats.size(int(value)),
    "share": lambda value, _: formats.percent(value),
}
