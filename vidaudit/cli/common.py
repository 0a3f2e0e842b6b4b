"""What the commands share: options, the report's context, the last lines on the terminal."""

import datetime as dt
import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import vidaudit
from vidaudit.errors import UsageError

if TYPE_CHECKING:
    from vidaudit.model.submission import StrayFile
    from vidaudit.report.context import ReportContext
    from vidaudit.run.publish import ClassOutcome

DEFAULT_PROFILE = "huguan-2024"
DEFAULT_OUT = "vidaudit-report"
Command = TypeVar("Command", bound=Callable[..., Any])


def lang_option(command: Command) -> Command:
    """`--lang`: the report's language; VIDAUDIT_LANG sets the default."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default="zh",
        envvar="VIDAUDIT_LANG",
        show_default=True,
        help="报告语言 / language of the report",
    )(command)


def profile_option(command: Command) -> Command:
    """`--profile`: the regulation."""
    return click.option(
        "--profile",
        "profile_id",
        metavar="ID|FILE",
        default=DEFAULT_PROFILE,
        show_default=True,
        help="按哪个文件判定 / the regulation to judge by: its id, or a TOML file",
    )(command)


def roster_option(command: Command) -> Command:
    """`--roster`: a roster for every class instead of those in the class folders."""
    return click.option(
        "--roster",
        "roster_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="指定花名册（xlsx、xls、csv），代替班级文件夹内的 / a roster to use instead of those found",
    )(command)


def report_context(lang: str) -> "ReportContext":
    """What the reports say about their own making."""
    from vidaudit.observe.models import model_hashes
    from vidaudit.report.context import ReportContext

    return ReportContext(
        tool_version=vidaudit.__version__,
        models=model_hashes(),
        created=dt.datetime.now().astimezone(),
        platform=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        lang=lang,
    )


def refuse_inside(out: Path, submissions: Sequence[Path]) -> None:
    """Submissions are never modified: the report can't go into one.

    Raises:
        UsageError: when `out` is a submission, lies inside of one, or is the folder that one lies in: there a
            class's report would bear the name of the submission.
    """
    place = out.resolve()
    for path in submissions:
        if path.is_dir() and (place.is_relative_to(path.resolve()) or place == path.resolve().parent):
            raise UsageError(
                f"The report would be written into or right beside the submission {path}, which must stay as it is. "
                f"Choose another place with --out, for example --out {Path.home() / DEFAULT_OUT}."
            )


def show_outcomes(
    outcomes: "Sequence[ClassOutcome]", out: Path, context: "ReportContext", loose: "Sequence[StrayFile]" = ()
) -> None:
    """The table at the end of a run."""
    from rich.console import Console

    from vidaudit.report.attention import SummaryRow
    from vidaudit.report.terminal import print_summary
    from vidaudit.run.publish import earlier_reports

    rows = [SummaryRow(verdict=outcome.verdict, folder=outcome.folder) for outcome in outcomes]
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
    print_summary(
        Console(width=width),
        rows,
        context,
        report_at=str(out.resolve() / "summary.html"),
        loose=loose,
        num_earlier=len(earlier_reports(out, outcomes)),
    )
