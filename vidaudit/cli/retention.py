"""`vidaudit retention`: until when the footage of stored classes must be kept, and what is due."""

import datetime as dt
import json
from pathlib import Path

import click

from vidaudit.cli.common import DEFAULT_PROFILE, lang_option


@click.command("retention")
@click.argument("runs", metavar="OUT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--today", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="以哪天为准，默认今天 / as of this day; today"
)
@click.option(
    "--due-within",
    metavar="DAYS",
    type=click.IntRange(min=0),
    help="只列这些天内到期、已到期和日期不明的 / only what is due within so many days, is due, or unknown",
)
@click.option(
    "--profile",
    "profile_id",
    metavar="ID|FILE",
    help="按哪个文件的保存期，默认用各报告所用的 / whose term counts; that of each report's profile by default",
)
@click.option("--json", "is_json", is_flag=True, help="输出 JSON / print JSON")
@lang_option
def command(
    runs: tuple[Path, ...],
    today: dt.datetime | None,
    due_within: int | None,
    profile_id: str | None,
    is_json: bool,
    lang: str,
) -> int:
    """按以前的检查结果列出各班视频录制于何时、须保存到何时、哪些已满保存期。只供参考，不影响结论。

    Lists when the classes of stored runs were recorded, until when their footage must be kept, and what has been kept
    long enough. OUT is the --out of a scan, or the report folder of one class.
    """
    from vidaudit.profile import load_profile
    from vidaudit.report.retention_list import retention_document, retention_lines
    from vidaudit.run.retention import retention_rows

    day = dt.datetime.now().astimezone().date() if today is None else today.date()
    profile = None if profile_id is None else load_profile(profile_id)
    rows = retention_rows(runs, day, profile, DEFAULT_PROFILE)
    if due_within is not None:
        rows = [row for row in rows if row.days_left is None or row.days_left <= due_within]
    if is_json:
        click.echo(json.dumps(retention_document(rows, day), ensure_ascii=False, indent=1))
    else:
        for line in retention_lines(rows, day, lang):
            click.echo(line)
    return 0
