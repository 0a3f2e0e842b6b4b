"""The catalogues as files: nothing is lost in reading them, and both languages can be compared line by line."""

import re
from importlib import resources

import pytest

from vidaudit.report.context import LANGUAGES
from vidaudit.report.po import read_tables

ENTRY = re.compile(r'^msgctxt "(.*)"\nmsgid "(.*)"\nmsgstr "(.*)"$', re.MULTILINE)


def text(lang: str) -> str:
    return resources.files("vidaudit.report").joinpath("messages", f"{lang}.po").read_text(encoding="utf-8")


def number(table: object) -> int:
    return sum(map(number, table.values())) if isinstance(table, dict) else 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_is_whole_stands_once_and_is_read(lang: str) -> None:
    content = text(lang)
    entries = [(context, key) for context, key, _ in ENTRY.findall(content)]
    assert len(entries) == len(set(entries)) == content.count("\nmsgctxt ") == number(read_tables(lang))
    assert "fuzzy" not in content
    assert "\nmsgid_plural" not in content


def test_both_languages_have_the_same_entries() -> None:
    found = {lang: {(context, key) for context, key, _ in ENTRY.findall(text(lang))} for lang in LANGUAGES}
    assert found["zh"] == found["en"]


def test_the_empty_key_and_escapes_are_read() -> None:
    tables = read_tables("zh")
    assert tables["words"]["extension"][""]
    assert tables["status"]["pass"] == "符合"
