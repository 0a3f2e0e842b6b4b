"""The pages: one file each, opened without a network, without scripts, printed on A4."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jinja2

from vidaudit.model.settings import Profile
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import Status, worst
from vidaudit.report.attention import SummaryRow, by_attention, reasons, required
from vidaudit.report.context import ReportContext
from vidaudit.report.material import Material
from vidaudit.report.messages import catalogue
from vidaudit.report.privacy import mask_ids
from vidaudit.report.scope_view import kind_text, scope_lines
from vidaudit.report.stake_view import range_text, training
from vidaudit.report.text import shown
from vidaudit.report.view import Count, class_view, head_facts, profile_facts, profile_title, status_counts

GENERATOR = '<meta name="generator" content="vidaudit">'
"""Stands at the head of every page: by it a page is known as one that may be written again."""

_HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, kw_only=True)
class SummaryLine:
    """One class in the table of all."""

    name: str
    institution: str
    status: Status
    link: str
    days: int
    clips: int
    people: str
    counts: tuple[Count, ...]
    reasons: str
    kind: str
    claimed: str
    evidenced: str


def class_html(material: Material) -> str:
    """The report of one class as one HTML file, its pictures embedded; one that is missing leaves a note."""
    return _render("class.html.j2", material.context, view=class_view(material))


def summary_html(
    rows: Iterable[SummaryRow], profile: Profile, context: ReportContext, loose: Iterable[StrayFile] = ()
) -> str:
    """The whole run as one HTML file that links to the reports of the classes; `loose` is what lies in no class."""
    words = catalogue(context.lang)
    ordered = by_attention(rows)
    return _render(
        "summary.html.j2",
        context,
        status=worst(row.verdict.status for row in ordered),
        counts=status_counts(row.verdict.status for row in ordered),
        lines=[_line(row, profile, context) for row in ordered],
        has_stake=any(row.stake is not None for row in ordered),
        scope=scope_lines(profile, (row.verdict for row in ordered), words),
        loose=[(shown(stray.path), words.value("stray", stray.reason.value)) for stray in loose],
        regulation=profile_title(profile, context),
        head=head_facts(context, words, profile_facts(profile, words)),
    )


def load_pages() -> None:
    """Read and compile all pages: a fifth of a second that the first one would else wait for."""
    for name in _environment().list_templates(extensions=["j2"]):
        _environment().get_template(name)


def _line(row: SummaryRow, profile: Profile, context: ReportContext) -> SummaryLine:
    words = catalogue(context.lang)
    verdict = row.verdict
    paid = training(row.stake)
    seen, enrolled = (words.value("number", number) for number in (verdict.persons_seen, verdict.roster_size))
    return SummaryLine(
        name=shown(verdict.name),
        institution=shown(verdict.institution),
        status=verdict.status,
        link=quote(f"{mask_ids(row.folder)}/report.html", errors="replace"),
        days=len(verdict.days),
        clips=len(verdict.clips),
        people=f"{seen} / {enrolled}",
        counts=status_counts(rule.status for rule in required(verdict)),
        reasons=words.value("rule", tuple(words.title(rule.slug) for rule in reasons(verdict))),
        kind="" if verdict.kind is None else kind_text(profile, verdict, words),
        claimed=range_text(paid.claimed, words),
        evidenced=range_text(paid.evidenced, words),
    )


def _render(template: str, context: ReportContext, **values: Any) -> str:
    page = _environment().get_template(template)
    text = page.render(words=catalogue(context.lang), html_lang=_HTML_LANGUAGES[context.lang], Status=Status, **values)
    return re.sub(r"\n\s*\n+", "\n", text)


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("vidaudit.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
