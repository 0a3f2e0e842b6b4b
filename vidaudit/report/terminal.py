"""A table for the terminal: which class has which verdict and why, and where the reports lie."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vidaudit.model.settings import Profile
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import ClassVerdict, Status
from vidaudit.report.attention import SummaryRow, by_attention, counts, reasons
from vidaudit.report.change_view import change_lines
from vidaudit.report.context import ReportContext
from vidaudit.report.messages import Catalogue, catalogue
from vidaudit.report.scope_view import scope_lines
from vidaudit.report.stake_view import range_text, total, training
from vidaudit.report.text import encodable, for_encoding, shown

MOST_REASONS = 3
# Preferred signs, and what every console has.
_SIGNS = {
    Status.PASS: ("✓", "+"),
    Status.FAIL: ("✗", "x"),
    Status.REVIEW: ("?", "?"),
    Status.NOT_EVALUATED: ("-", "-"),
    Status.ERROR: ("!", "!"),
}
_STYLES = {
    Status.PASS: "green",
    Status.FAIL: "bold red",
    Status.REVIEW: "yellow",
    Status.NOT_EVALUATED: "bright_black",
    Status.ERROR: "bold magenta",
}
_BOX_SAMPLE = "─━│✓✗"


def print_summary(
    console: Console,
    rows: Iterable[SummaryRow],
    context: ReportContext,
    *,
    report_at: str,
    loose: Sequence[StrayFile] = (),
    num_earlier: int = 0,
) -> None:
    """Print the table of all classes, the totals and where the report lies.

    Nothing is printed that the console's encoding can't show: signs and lines become ASCII, Chinese words English,
    and what is left of a name becomes `?`. Colours appear only where the console itself has them.

    Args:
        report_at: the place of the summary, as the reader can open it.
        loose: what lies in the submission but in no class; counted here, listed in the summary.
        num_earlier: class reports of other runs that lie in the same folder and aren't in the summary.
    """
    printer = _Printer(console, context.lang)
    ordered = by_attention(rows)
    if ordered:
        console.print(printer.table(ordered))
    else:
        console.print(printer.text(printer.words.ui("no_classes")))
    if ordered:
        console.print(printer.totals(ordered))
    if loose:
        console.print(printer.text(f"{printer.words.ui('loose')}: {len(loose)}"))
    line = f"{printer.words.ui('terminal_report')}: {shown(report_at)}"
    console.print(printer.text(line), soft_wrap=True)
    if num_earlier:
        console.print(printer.text(printer.words.ui("terminal_earlier", number=num_earlier)), soft_wrap=True)


def print_changes(console: Console, rows: Iterable[SummaryRow], profile: Profile, context: ReportContext) -> None:
    """Print, for each class whose verdict differs from the one before it, what changed rule by rule."""
    printer = _Printer(console, context.lang)
    for row in rows:
        for line in change_lines(row.verdict, profile, printer.words):
            console.print(printer.text(line), soft_wrap=True)


def print_scope(console: Console, rows: Iterable[SummaryRow], profile: Profile, context: ReportContext) -> None:
    """Print, for each kind of training, how many rules do not apply and how much is left for a person to check."""
    printer = _Printer(console, context.lang)
    for line in scope_lines(profile, (row.verdict for row in rows), printer.words):
        console.print(printer.text(line), soft_wrap=True)


def print_stake(console: Console, rows: Iterable[SummaryRow], context: ReportContext) -> None:
    """Print what the training of all classes comes to, by the claim and by the evidence; information, no verdict."""
    printer = _Printer(console, context.lang)
    each = [training(row.stake) for row in rows]
    known = [one for one in each if one.claimed.high is not None]
    paid, num_open = total(known), len(each) - len(known) if known else 0
    claimed, evidenced = (range_text(amount, printer.words) for amount in (paid.claimed, paid.evidenced))
    key = "stake_total_open" if num_open else "stake_total"
    line = printer.words.ui(key, claimed=claimed, evidenced=evidenced, number=num_open)
    console.print(printer.text(line), soft_wrap=True)


class _Printer:
    def __init__(self, console: Console, lang: str) -> None:
        self._encoding = console.encoding
        self._plain = not encodable(_BOX_SAMPLE, self._encoding)
        self.words = _readable_catalogue(lang, self._encoding)

    def table(self, rows: Sequence[SummaryRow]) -> Table:
        words = self.words
        # Nothing may be cut with an ellipsis: many consoles have none, and a name cut short names nothing.
        table = Table(box=box.ASCII if self._plain else box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        table.add_column(words.ui("verdict"), overflow="fold", no_wrap=False, min_width=8)
        table.add_column(words.ui("class_name"), overflow="fold", ratio=3)
        table.add_column(words.ui("terminal_extent"), overflow="fold", justify="right")
        table.add_column(words.ui("terminal_reasons"), overflow="fold", ratio=4)
        for row in rows:
            verdict = row.verdict
            table.add_row(
                self.outcome(verdict.status),
                self.text(shown(verdict.name)),
                self.text(f"{len(verdict.days)}/{len(verdict.clips)}"),
                self.text(self._reasons(verdict)),
            )
        return table

    def totals(self, rows: Sequence[SummaryRow]) -> Text:
        line = Text()
        for value, number in counts(row.verdict.status for row in rows).items():
            if number:
                line.append_text(self.outcome(Status(value))).append(f" {number}   ")
        return line

    def outcome(self, status: Status) -> Text:
        sign = _SIGNS[status][self._plain]
        return self.text(f"{sign} {self.words.status(status)}", style=_STYLES[status])

    def text(self, text: str, style: str = "") -> Text:
        return Text(for_encoding(text, self._encoding), style=style)

    def _reasons(self, verdict: ClassVerdict) -> str:
        titles = [self.words.title(rule.slug) for rule in reasons(verdict)]
        if not titles:
            return self.words.ui("terminal_all_pass") if verdict.status is Status.PASS else self.words.ui("why_nothing")
        listed = self.words.ui("list_separator").join(titles[:MOST_REASONS])
        return listed if len(titles) <= MOST_REASONS else listed + self.words.ui("terminal_more", number=len(titles))


def _readable_catalogue(lang: str, encoding: str) -> Catalogue:
    """The wanted language, or English where the console has no characters for it."""
    words = catalogue(lang)
    return words if all(encodable(words.status(status), encoding) for status in Status) else catalogue("en")
