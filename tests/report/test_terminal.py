import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.report import samples
from vidaudit.model.submission import StrayFile, StrayReason
from vidaudit.model.verdict import Status
from vidaudit.report.attention import SummaryRow
from vidaudit.report.terminal import print_stake, print_summary


def printed(encoding: str, *rows: SummaryRow, lang: str = "zh", width: int = 100, terminal: bool = False) -> str:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding=encoding, newline="")
    console = Console(file=stream, width=width, force_terminal=terminal, legacy_windows=False)
    print_summary(console, rows or samples.rows(), samples.context(lang), report_at="D:\\报告\\summary.html")
    stream.flush()
    return buffer.getvalue().decode(encoding)


def test_the_table_says_class_verdict_reasons_and_report() -> None:
    text = printed("utf-8")
    for words in ("✗ 不符合", "✓ 符合", "育婴员培训班", "文件命名、分辨率", "D:\\报告\\summary.html"):
        assert words in text
    assert text.index("✗ 不符合") < text.index("✓ 符合")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp437", "ascii", "latin-1"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 120])
def test_every_console_can_show_it(encoding: str, lang: str, width: int) -> None:
    rows = tuple(
        SummaryRow(verdict=replace(samples.nasty().verdict, status=status, name="班😀é\u202e"), folder="a" * 90)
        for status in Status
    )
    assert "summary.html" in printed(encoding, *rows, lang=lang, width=width)


@pytest.mark.parametrize(
    ("encoding", "sign"), [("utf-8", "✗ 不符合"), ("gbk", "x 不符合"), ("cp437", "x does not meet")]
)
def test_signs_and_words_fall_back_to_what_the_console_has(encoding: str, sign: str) -> None:
    assert sign in printed(encoding)


def test_there_is_no_colour_where_there_is_no_terminal() -> None:
    assert "\x1b" not in printed("utf-8")
    assert "\x1b[" in printed("utf-8", terminal=True)


def test_wide_characters_do_not_break_the_columns() -> None:
    lines = printed("utf-8", width=80).splitlines()
    assert max(cell_len(line) for line in lines) <= 80


def test_names_are_neither_markup_nor_control() -> None:
    row = SummaryRow(verdict=replace(samples.clean().verdict, name="[red]班[/red]\x1b[31m\n"), folder="a")
    assert "[red]班[/red]\\x1b[31m\\x0a" in printed("utf-8", row, width=200)


def test_an_empty_run_says_so() -> None:
    stream = io.StringIO()
    print_summary(Console(file=stream), (), samples.context(), report_at="out")
    assert "没有找到班级文件夹" in stream.getvalue()


def test_what_lies_in_no_class_is_counted() -> None:
    stream = io.StringIO()
    loose = [StrayFile(path=str(n), reason=StrayReason.UNKNOWN_FILE) for n in range(3)]
    print_summary(Console(file=stream), samples.rows(), samples.context("en"), report_at="out", loose=loose)
    assert "In no class: 3" in stream.getvalue()


def test_a_pass_is_said_as_one_and_nothing_else_is() -> None:
    clean = SummaryRow(verdict=samples.clean().verdict, folder="a")
    undecided = replace(clean, verdict=replace(clean.verdict, status=Status.NOT_EVALUATED, rules=()))
    assert "全部必查规则符合" in printed("utf-8", clean, width=200)
    assert "全部必查规则符合" not in printed("utf-8", undecided, width=200)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (samples.rows()[1:], "申报 60,000 元，视频佐证 44,200 至 60,000 元"),
        (samples.rows(), "申报 60,000 元，视频佐证 44,200 至 60,000 元；另有 1 个班金额不详"),
        (samples.rows()[:1], "申报 不详，视频佐证 不详"),
    ],
)
def test_what_is_at_stake_is_one_line_and_no_guess(rows: tuple[SummaryRow, ...], text: str) -> None:
    stream = io.StringIO()
    print_stake(Console(file=stream, width=40), rows, samples.context())
    assert stream.getvalue() == f"补贴测算（仅供参考）：{text}\n"
