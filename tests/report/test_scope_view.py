from dataclasses import replace

import pytest
from rich.console import Console

from tests.report import samples
from vidaudit.model.verdict import NotApplicable
from vidaudit.report.messages import catalogue
from vidaudit.report.scope_view import kind_text, not_applied, reason_text, scope_lines, scope_sentence
from vidaudit.report.terminal import print_scope

PROFILE = samples.profile()
NASTY = samples.nasty().verdict
ZH, EN = catalogue("zh"), catalogue("en")


@pytest.mark.parametrize("words", [ZH, EN])
@pytest.mark.parametrize("reason", NotApplicable)
def test_every_reason_has_words(words, reason) -> None:
    assert reason_text(reason, words) != f"reason_{reason}"


def test_a_kind_is_told_with_what_is_assumed() -> None:
    assert kind_text(PROFILE, NASTY, EN) == "Project training (not said; the default)"
    assert kind_text(PROFILE, replace(NASTY, is_kind_assumed=False), ZH) == "项目制培训"
    assert kind_text(PROFILE, replace(NASTY, kind="<b>", is_kind_assumed=False), ZH) == "<b>"
    assert kind_text(PROFILE, replace(NASTY, kind=None), EN) == "not told apart"


def test_a_rule_that_no_document_speaks_of_has_no_clause() -> None:
    noise, two_places = not_applied(NASTY, EN)
    assert (noise.clause, noise.reason) == (
        "壶技能办发〔2024〕1号 附件4 三(3)",
        "not asked of this kind of training",
    )
    assert (two_places.clause, two_places.reason) == ("", "the document doesn't ask for it")


def test_the_sentence_is_left_out_where_nothing_is() -> None:
    assert scope_sentence(PROFILE, NASTY, EN).startswith("2 rules do not apply and 1 items")
    assert scope_sentence(replace(PROFILE, manual=()), replace(NASTY, not_applied=()), EN) == ""


def test_the_terminal_has_a_line_for_each_kind(capsys) -> None:
    rows = samples.rows()
    print_scope(Console(width=120), (*rows, *rows), PROFILE, samples.context("en"))
    said = capsys.readouterr().out.splitlines()
    assert any(
        line.startswith("Project training (not said; the default): 2 rules do not apply, 1 items") for line in said
    )
    assert len(said) == len(scope_lines(PROFILE, (row.verdict for row in rows), EN)) <= len(rows)
