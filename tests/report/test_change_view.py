import io
from dataclasses import replace

import openpyxl
import pytest
from rich.console import Console

from tests.report import samples
from vidaudit.model.verdict import RuleChange, Status, VerdictChange
from vidaudit.report.attention import SummaryRow
from vidaudit.report.change_view import MOST_FINDINGS, change_lines, change_view
from vidaudit.report.html import class_html
from vidaudit.report.json_report import class_report
from vidaudit.report.messages import catalogue
from vidaudit.report.schema import validate
from vidaudit.report.terminal import print_changes
from vidaudit.report.xlsx import class_xlsx

SMALL = samples.finding(
    "too-small",
    Status.FAIL,
    clip=samples.NASTY_NAMES[0],
    values={"width_px": 1280, "height_px": 720, "min_width_px": 1024, "min_height_px": 768},
)
CHANGE = VerdictChange(
    profile_id="shanxi-2023<b>",
    profile_sha256=samples.SHA,
    before=Status.PASS,
    rules=(
        RuleChange(id="PIC001", slug="resolution", before=Status.PASS, now=Status.FAIL, new=(SMALL,) * 7),
        RuleChange(
            id="DUR001",
            slug="lecture-length",
            before=Status.FAIL,
            now=None,
            gone=(samples.finding("too-short", Status.FAIL, clip="gone.mp4"),),
        ),
        RuleChange(id="CON001", slug="mp4-container", before=None, now=Status.PASS),
        RuleChange(id="CON002", slug="readable", before=Status.PASS, now=None),
    ),
)


def material(change: VerdictChange | None = CHANGE):
    made = samples.nasty()
    return replace(made, verdict=replace(made.verdict, change=change))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_have_both_outcomes_and_the_first_few_messages(lang: str) -> None:
    made = change_view(material().verdict, samples.profile(), catalogue(lang))
    assert made is not None
    first, second, *_ = made.rows
    assert (first.before, first.now, first.gone, len(first.new)) == (Status.PASS, Status.FAIL, (), MOST_FINDINGS + 1)
    assert first.new[-1] == catalogue(lang).ui("change_more", number=2)
    assert (second.now, len(second.gone)) == (None, 1)
    assert second.gone[0].startswith("gone.mp4: ")
    assert "shanxi-2023<b> (0123456789ab)" in made.sentence


def test_the_same_profile_is_not_told_as_another() -> None:
    own = replace(CHANGE, profile_id="huguan-2024")
    words = catalogue("en")
    made = change_view(material(own).verdict, samples.profile(), words)
    assert made is not None
    assert made.sentence.startswith("The verdict before, by the same profile: meets, now does not meet.")


def test_without_a_change_nothing_is_said() -> None:
    assert change_view(material(None).verdict, samples.profile(), catalogue("en")) is None
    assert list(change_lines(material(None).verdict, samples.profile(), catalogue("en"))) == []
    assert 'id="changes"' not in class_html(material(None))


def test_the_page_shows_them_harmless() -> None:
    page = class_html(material())
    assert 'id="changes"' in page
    assert "shanxi-2023&lt;b&gt;" in page
    assert samples.NASTY_SCRIPT not in page


def test_the_report_for_programs_has_them_by_its_schema() -> None:
    made = material()
    report = class_report(made.verdict, made.profile, made.context)
    assert validate(report) == ()
    assert report["changes"]["against"] == {
        "profile": {"id": "shanxi-2023<b>", "sha256": samples.SHA},
        "status": "pass",
    }
    assert [(one["slug"], one["before"], one["now"]) for one in report["changes"]["rules"]] == [
        ("resolution", "pass", "fail"),
        ("lecture-length", "fail", None),
        ("mp4-container", None, "pass"),
        ("readable", "pass", None),
    ]
    assert "changes" not in class_report(material(None).verdict, made.profile, made.context)


def test_the_terminal_tells_a_line_a_rule() -> None:
    console = Console(width=200, record=True, file=None)
    with console.capture() as said:
        rows = [SummaryRow(verdict=material().verdict, folder="x")]
        print_changes(console, rows, samples.profile(), samples.context("en"))
    lines = said.get().splitlines()
    assert "  PIC001 Resolution: meets -> does not meet  (findings gone: 0, new: 7)" in lines
    assert "  DUR001 Lecture length: does not meet -> not applicable  (findings gone: 1, new: 0)" in lines
    assert lines[-1] == "  Rules that only came or went, with nothing found: 2"


@pytest.mark.parametrize(("lang", "title"), [("zh", "变化"), ("en", "Changes")])
def test_the_spreadsheet_has_a_sheet_of_what_changed(lang: str, title: str) -> None:
    made = replace(material(), context=samples.context(lang))
    words, view = catalogue(lang), change_view(material().verdict, samples.profile(), catalogue(lang))
    assert view is not None
    rows = [[cell.value or "" for cell in row] for row in openpyxl.load_workbook(io.BytesIO(class_xlsx(made)))[title]]
    assert rows[0][2:] == [words.ui(f"change_{name}") for name in ("before", "now", "gone", "new")]
    assert rows[1][1] == view.sentence
    assert [row[0] for row in rows[2:]] == [row.id for row in view.rows]
    assert rows[2][5].split("\n") == list(view.rows[0].new)


def test_without_a_change_there_is_no_sheet_of_it() -> None:
    assert "变化" not in openpyxl.load_workbook(io.BytesIO(class_xlsx(material(None)))).sheetnames
