"""`vidaudit scan`: the main job."""

import tempfile
from pathlib import Path

import click

from vidaudit.cli.common import (
    DEFAULT_OUT,
    lang_option,
    profile_option,
    refuse_inside,
    report_context,
    roster_option,
    show_outcomes,
)


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@profile_option
@roster_option
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    help="报告写到哪里 / where the reports go",
)
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="并行进程数，默认全部核心 / processes; all cores")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="在本机或 Dask 集群上运行 / run here or on a Dask cluster",
)
@click.option("--scheduler", metavar="ADDR", help="Dask 调度器地址 / address of the Dask scheduler")
@click.option(
    "--detector",
    metavar="NAME",
    default="centerface",
    show_default=True,
    help="人脸检测器 / face detector: centerface, hog, yunet:FILE",
)
@lang_option
@click.option("--no-cache", is_flag=True, help="不用以前的观察结果 / look at everything afresh")
@click.option("--quiet", is_flag=True, help="只报错误 / say nothing but errors")
def command(
    paths: tuple[Path, ...],
    profile_id: str,
    roster_file: Path | None,
    out: Path,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    detector: str,
    lang: str,
    no_cache: bool,
    quiet: bool,
) -> int:
    """检查报送资料，每班一份报告。

    PATH 可以是班级文件夹、含多个班级的光盘或文件夹、ISO 或 ZIP 文件。

    Checks submissions and writes a report per class. A PATH is a class folder, a disc or folder with class
    folders, an ISO or a ZIP file.
    """
    from vidaudit.cli.progress import TqdmMonitor
    from vidaudit.intake.archive import open_submission
    from vidaudit.judge.catalogue import bind
    from vidaudit.profile import load_profile
    from vidaudit.run.audit import ScanOptions, Silence, scan
    from vidaudit.run.cache import default_folder
    from vidaudit.run.engines import make_engine
    from vidaudit.run.outcome import exit_code
    from vidaudit.run.publish import Publisher, check_writable

    profile = load_profile(profile_id)
    options = ScanOptions(
        profile=profile,
        rules=bind(profile),
        roster_file=roster_file,
        detector=_checked(detector),
        cache=None if no_cache else default_folder(),
    )
    runner = make_engine(engine, jobs=jobs, scheduler=scheduler, limits=profile.limits)
    refuse_inside(out, paths)
    check_writable(out)
    context = report_context(lang)
    publisher = Publisher(out=out, profile=profile, context=context)
    monitor = Silence() if quiet else TqdmMonitor(lang)
    with tempfile.TemporaryDirectory(prefix="vidaudit-", ignore_cleanup_errors=True) as workspace:
        opened = [open_submission(path, Path(workspace)) for path in paths]
        result = scan(opened, options, runner, publisher, monitor)
    if not quiet:
        show_outcomes(result.outcomes, out, context, result.loose)
    return exit_code([outcome.verdict.status for outcome in result.outcomes], result.loose)


def _checked(detector: str) -> str:
    """The detector, once it is known to work: better now than in every worker."""
    from vidaudit.observe.detectors import make_detector

    make_detector(detector)
    return detector
