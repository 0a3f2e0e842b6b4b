"""`vidaudit judge`: stored evidence judged again, by another profile or roster, without the videos."""

from pathlib import Path

import click

from vidaudit.cli.common import (
    dossier_option,
    kind_id,
    kind_option,
    lang_option,
    name_unopened,
    notice_option,
    profile_option,
    read_notice,
    report_context,
    roster_option,
    show_outcomes,
    sign_key_option,
    signer,
)


@click.command("judge")
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@profile_option
@kind_option
@roster_option
@dossier_option
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="新报告写到哪里，默认替换原报告 / where the new reports go; in place of the old ones by default",
)
@sign_key_option
@notice_option
@lang_option
@click.option("--quiet", is_flag=True, help="只报错误 / say nothing but errors")
def command(
    folder: Path,
    profile_id: str,
    kind_name: str | None,
    roster_file: Path | None,
    dossier_file: Path | None,
    out: Path | None,
    sign_key: Path | None,
    notice_template: Path | None,
    lang: str,
    quiet: bool,
) -> int:
    """按以前扫描留下的证据重新判定，不需要视频。OUT 是扫描时的 --out 文件夹。

    Judges again what an earlier scan observed, without the videos. OUT is the folder that the scan wrote.
    """
    from vidaudit.judge.catalogue import bind
    from vidaudit.profile import load_profile
    from vidaudit.run.outcome import exit_code
    from vidaudit.run.output import output_folder
    from vidaudit.run.publish import Publisher
    from vidaudit.run.rejudge import check_given, rejudge

    profile = load_profile(profile_id)
    rules, kind = bind(profile), kind_id(profile, kind_name)
    place = folder if out is None else out
    context = report_context(lang, {"command": "judge", "kind": kind, "roster": roster_file, "dossier": dossier_file})
    publisher = Publisher(
        out=place,
        profile=profile,
        context=context,
        notice=read_notice(notice_template, profile),
        signer=signer(sign_key),
    )
    check_given(folder, roster_file, dossier_file)
    with output_folder(place):
        result = rejudge(folder, publisher, rules, roster_file, kind, dossier_file)
    name_unopened(result.unopened)
    if not quiet:
        show_outcomes(result.outcomes, place, context, result.loose, profile)
    return exit_code([outcome.verdict.status for outcome in result.outcomes], result.loose)
