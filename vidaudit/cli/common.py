"""What the commands share: options, the report's context, the last lines on the terminal."""

import datetime as dt
import difflib
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import vidaudit
from vidaudit.errors import UsageError

if TYPE_CHECKING:
    from vidaudit.model.settings import Profile
    from vidaudit.model.submission import StrayFile
    from vidaudit.report.context import ReportContext
    from vidaudit.report.docx import NoticeTemplate
    from vidaudit.run.publish import ClassOutcome
    from vidaudit.run.signing import Signer

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


def file_option(flag: str, name: str, text: str, metavar: str = "FILE") -> Callable[[Command], Command]:
    """An option that takes the path of a file or folder; `name` is that of the command's argument."""
    return click.option(flag, name, metavar=metavar, type=click.Path(path_type=Path), help=text)


roster_option = file_option(
    "--roster",
    "roster_file",
    "指定花名册（xlsx、xls、csv），代替班级文件夹内的 / a roster to use instead of those found",
)
notice_option = file_option(
    "--notice-template",
    "notice_template",
    "整改通知书模板（docx），代替判定标准指定的或自带的 / a template for the rectification notice",
)
dossier_option = file_option(
    "--dossier",
    "dossier_file",
    "指定开班申报（xlsx、xls、csv、toml），代替班级文件夹内的 / a dossier to use instead of those found",
)
registry_option = file_option(
    "--registry",
    "registry",
    "登记库文件，默认在用户数据文件夹 / the registry; by default in the user's data folder",
)
sign_key_option = file_option(
    "--sign-key",
    "sign_key",
    "用此私钥签名；口令放在环境变量 VIDAUDIT_KEY_PASSPHRASE / sign the reports with this private key",
)


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


def kind_option(command: Command) -> Command:
    """`--kind`: what kind of training the classes are."""
    return click.option(
        "--kind",
        "kind_name",
        metavar="KIND",
        help="培训类型，如 order 或 订单式培训；vidaudit profile show 列出 / the kind of training; see `profile show`",
    )(command)


def kind_id(profile: "Profile", name: str | None) -> str | None:
    """The id of the kind of training that is meant; None where none was given.

    Raises:
        UsageError: when the profile has no such kind.
    """
    if name is None:
        return None
    kind = profile.kind_named(name)
    if kind is None:
        known = ", ".join(f"{one.id} ({one.title_zh})" for one in profile.kinds.values()) or "none"
        near = difflib.get_close_matches(name, profile.kinds, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"The profile {profile.id} knows no kind of training {name!r}.{hint} It has: {known}.")
    return kind.id


def read_notice(given: Path | None, profile: "Profile") -> "NoticeTemplate | None":
    """The template that was given, else the one that the profile names; None for the one that comes with vidaudit.

    Raises:
        NoticeError: when it can't be filled.
    """
    file = given or profile.notice
    if file is None:
        return None
    from vidaudit.report.docx import read_template

    return read_template(file)


def signer(sign_key: Path | None) -> "Signer | None":
    """Whoever signs; None where no key is given. Raises UsageError for a key that can't be used."""
    if sign_key is None:
        return None
    from vidaudit.run.signing import load_signer

    return load_signer(sign_key)


def report_context(lang: str, options: Mapping[str, object] | None = None) -> "ReportContext":
    """What the reports say about their own making; of the options, whatever was given, files by their names only."""
    from vidaudit.observe.models import model_hashes
    from vidaudit.report.context import ReportContext

    return ReportContext(
        tool_version=vidaudit.__version__,
        models=model_hashes(),
        created=dt.datetime.now().astimezone(),
        platform=f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        lang=lang,
        options={key: _option(value) for key, value in {"lang": lang, **(options or {})}.items() if value is not None},
    )


def _option(value: object) -> str:
    """An option as a report may tell it: of a file, also in `onnx:FILE`, only the name."""
    return re.sub(r"^(\w{2,}:)?.*[/\\]", r"\1", str(value))


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


def name_unopened(unopened: "Iterable[StrayFile]") -> None:
    """On standard error even when quiet: what was handed in, or kept, and not looked at."""
    for stray in unopened:
        click.echo(f"vidaudit: {stray.detail}", err=True)


def show_outcomes(
    outcomes: "Sequence[ClassOutcome]",
    out: Path,
    context: "ReportContext",
    loose: "Sequence[StrayFile]" = (),
    profile: "Profile | None" = None,
) -> None:
    """The table at the end of a run, and by the profile, what took no part in it."""
    from rich.console import Console

    from vidaudit.report.attention import SummaryRow
    from vidaudit.report.terminal import print_changes, print_scope, print_stake, print_summary
    from vidaudit.run.publish import earlier_reports

    rows = [SummaryRow(verdict=outcome.verdict, folder=outcome.folder, stake=outcome.stake) for outcome in outcomes]
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 120
    console = Console(width=width)
    print_summary(
        console,
        rows,
        context,
        report_at=str(out.resolve() / "summary.html"),
        loose=loose,
        num_earlier=len(earlier_reports(out, outcomes)),
    )
    if profile is not None:
        print_stake(console, rows, context)
        print_changes(console, rows, profile, context)
        print_scope(console, rows, profile, context)
