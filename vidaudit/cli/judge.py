"""`vidaudit judge`: stored evidence judged again, by another profile or roster, without the videos."""

from pathlib import Path

import click

from vidaudit.cli.common import lang_option, profile_option, report_context, roster_option, show_outcomes


@click.command("judge")
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@profile_option
@roster_option
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="新报告写到哪里，默认替换原报告 / where the new reports go; in place of the old ones by default",
)
@lang_option
@click.option("--quiet", is_flag=True, help="只报错误 / say nothing but errors")
def command(folder: Path, profile_id: str, roster_file: Path | None, out: Path | None, lang: str, quiet: bool) -> int:
    """按以前扫描留下的证据重新判定，不需要视频。OUT 是扫描时的 --out 文件夹。

    Judges again what an earlier scan observed, without the videos. OUT is the folder that the scan wrote.
    """
    from vidaudit.judge.catalogue import bind
    from vidaudit.profile import load_profile
    from vidaudit.run.outcome import exit_code
    from vidaudit.run.publish import Publisher, check_writable
    from vidaudit.run.rejudge import rejudge

    profile = load_profile(profile_id)
    rules = bind(profile)
    place = folder if out is None else out
    context = report_context(lang)
    publisher = Publisher(out=place, profile=profile, context=context)
    if out is not None:
        check_writable(out)
    result = rejudge(folder, publisher, rules, roster_file)
    if not quiet:
        show_outcomes(result.outcomes, place, context, result.loose)
    return exit_code([outcome.verdict.status for outcome in result.outcomes], result.loose)
