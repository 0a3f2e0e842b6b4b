"""`vidaudit fix`: a mended copy of a submission; the plan first, then the copy, then a scan of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vidaudit.cli.common import lang_option, profile_option, read_notice, report_context, show_outcomes
from vidaudit.errors import UsageError

if TYPE_CHECKING:
    from vidaudit.model.settings import Profile
    from vidaudit.run.audit import ScanOptions
    from vidaudit.run.publish import Publisher
    from vidaudit.run.repair import Repair, Watcher


@click.command("fix")
@click.argument("paths", nargs=-1, required=True, metavar="CLASS...", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="NEW",
    required=True,
    type=click.Path(path_type=Path),
    help="整改后的副本放在哪个新文件夹 / the new folder for the mended copy",
)
@click.option("--dry-run", is_flag=True, help="只显示方案，不做任何改动 / show the plan and do nothing")
@click.option(
    "--cut-lectures",
    is_flag=True,
    help="把过长的授课过程从开头截取到规定时长 / cut longer lectures to the length that is asked for",
)
@profile_option
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="检查副本的并行进程数 / processes for the scan")
@lang_option
@click.option("--quiet", is_flag=True, help="只报错误 / say nothing but errors")
def command(
    paths: tuple[Path, ...],
    out: Path,
    dry_run: bool,
    cut_lectures: bool,
    profile_id: str,
    jobs: int | None,
    lang: str,
    quiet: bool,
) -> int:
    """生成整改后的副本，原资料不动：改名、归位、换封装、必要时转码，然后检查副本。

    CLASS 可以是班级文件夹、含多个班级的光盘或文件夹、ISO 或 ZIP 文件。说明写在 NEW-report 文件夹中。

    Makes a mended copy and leaves the original alone: names, folders, containers, codecs where they must; then scans
    the copy. CLASS is a class folder, a disc, an ISO or a ZIP. The account of it goes to NEW-report.
    """
    from vidaudit.judge.catalogue import bind
    from vidaudit.profile import load_profile
    from vidaudit.report.repair_view import plan_lines
    from vidaudit.run.output import output_folder
    from vidaudit.run.repair import check_target, plan_options, planned, report_folder

    profile = load_profile(profile_id)
    rules = bind(profile)
    reports = report_folder(out)
    for place in (out, reports):
        check_target(place, paths)
    with planned(paths, plan_options(rules, cut_lectures=cut_lectures), _watcher(lang, quiet)) as repair:
        _check_any(repair)
        if dry_run:
            _say(plan_lines(repair.plans, repair.loose, lang))
            return 0
        with output_folder(reports):
            return _mend(repair, out, reports, profile, lang=lang, jobs=jobs, quiet=quiet)


def _check_any(repair: "Repair") -> None:
    for archive in repair.unopened:
        click.echo(f"vidaudit: {archive.detail}", err=True)
    if not repair.classes:
        raise UsageError("There is no class folder in what was given, so there is nothing to mend.")


def _mend(
    repair: "Repair", out: Path, reports: Path, profile: "Profile", *, lang: str, jobs: int | None, quiet: bool
) -> int:
    from vidaudit.judge.catalogue import bind
    from vidaudit.report.json_report import dumps
    from vidaudit.report.repair_view import repair_document, result_lines
    from vidaudit.run.audit import ScanOptions
    from vidaudit.run.cache import default_folder
    from vidaudit.run.files import write_atomically
    from vidaudit.run.publish import Publisher
    from vidaudit.run.repair import mend

    notice = read_notice(None, profile)
    results = mend(repair, out, _watcher(lang, quiet))
    publisher = Publisher(out=reports, profile=profile, context=report_context(lang), notice=notice)
    lines = list(result_lines(results, repair.loose, str(out.resolve()), lang))
    write_atomically(reports / "fix.txt", "\n".join([*lines, ""]).encode("utf-8", "backslashreplace"))
    write_atomically(reports / "fix.json", dumps(repair_document(results, repair.loose, profile, publisher.context)))
    if not quiet:
        _say(lines)
    options = ScanOptions(profile=profile, rules=bind(profile), cache=default_folder())
    return _scan(repair, out, options, publisher, jobs=jobs, quiet=quiet)


def _scan(
    repair: "Repair", out: Path, options: "ScanOptions", publisher: "Publisher", *, jobs: int | None, quiet: bool
) -> int:
    """What a scan says of the mended copy; what belongs to no class still needs a person."""
    from vidaudit.cli.progress import TqdmMonitor
    from vidaudit.report.messages import catalogue
    from vidaudit.run.audit import Silence, scan
    from vidaudit.run.engines import make_engine
    from vidaudit.run.outcome import exit_code

    lang = publisher.context.lang
    engine = make_engine("local", jobs=jobs, scheduler=None, limits=options.profile.limits)
    result = scan([out], options, engine, publisher, Silence() if quiet else TqdmMonitor(lang))
    if not quiet:
        _say(["", catalogue(lang).ui("fix_scan")])
        show_outcomes(result.outcomes, publisher.out, publisher.context, result.loose)
    return exit_code([outcome.verdict.status for outcome in result.outcomes], (*result.loose, *repair.loose))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _watcher(lang: str, quiet: bool) -> "Watcher":
    from vidaudit.cli.progress import TqdmWatcher
    from vidaudit.run.repair import Unwatched

    return Unwatched() if quiet else TqdmWatcher(lang)
