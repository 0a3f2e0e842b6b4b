"""`vidaudit scan`: the main job."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

import vidaudit
from vidaudit.cli.common import (
    DEFAULT_OUT,
    dossier_option,
    file_option,
    kind_id,
    kind_option,
    lang_option,
    name_unopened,
    notice_option,
    profile_option,
    read_notice,
    refuse_inside,
    registry_option,
    report_context,
    roster_option,
    show_outcomes,
    sign_key_option,
    signer,
)
from vidaudit.errors import RegistryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidaudit.report.context import ReportContext
    from vidaudit.run.audit import ScanOptions
    from vidaudit.run.footage import Earlier, EarlierFootage, FilmedClass


@click.command("scan")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@profile_option
@kind_option
@roster_option
@dossier_option
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
@click.option(
    "--descriptor",
    metavar="NAME",
    default="dlib",
    show_default=True,
    help="人脸特征模型 / face descriptor: dlib, dlib:FILE, sface:FILE",
)
@click.option(
    "--heads",
    metavar="onnx:FILE",
    help="授课视频另用的人头或人体检测网络 / a network that finds heads or persons in lectures: onnx:FILE[#head=0]",
)
@file_option(
    "--photos",
    "photos",
    "学员照片文件夹，文件名为姓名或身份证号 / photographs named by person or ID number",
    "DIR",
)
@registry_option
@click.option("--no-registry", is_flag=True, help="不查登记库，也不登记 / don't ask the registry, don't tell it")
@notice_option
@sign_key_option
@lang_option
@click.option("--no-cache", is_flag=True, help="不用以前的观察结果 / look at everything afresh")
@click.option("--quiet", is_flag=True, help="只报错误 / say nothing but errors")
def command(
    paths: tuple[Path, ...],
    profile_id: str,
    kind_name: str | None,
    roster_file: Path | None,
    dossier_file: Path | None,
    out: Path,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    detector: str,
    descriptor: str,
    heads: str | None,
    photos: Path | None,
    registry: Path | None,
    no_registry: bool,
    notice_template: Path | None,
    sign_key: Path | None,
    lang: str,
    no_cache: bool,
    quiet: bool,
) -> int:
    """检查报送资料，每班一份报告。

    PATH 可以是班级文件夹、含多个班级的光盘或文件夹、ISO 或 ZIP 文件。

    Checks submissions and writes a report per class. A PATH is a class folder, a disc or folder with class
    folders, an ISO or a ZIP file.
    """
    from vidaudit.profile import load_profile
    from vidaudit.run.engines import make_engine

    profile = load_profile(profile_id)
    runner = make_engine(engine, jobs=jobs, scheduler=scheduler, limits=profile.limits)
    with runner.kept():
        runner.start()  # workers load their libraries while this process loads its own
        from vidaudit.cli.progress import TqdmMonitor
        from vidaudit.judge.catalogue import bind
        from vidaudit.run.audit import ScanOptions, Silence, scan
        from vidaudit.run.cache import default_folder
        from vidaudit.run.footage import nothing_earlier
        from vidaudit.run.outcome import exit_code
        from vidaudit.run.output import output_folder
        from vidaudit.run.publish import Publisher

        signing = signer(sign_key)
        _try_models(detector, descriptor, heads)
        options = ScanOptions(
            profile=profile,
            rules=bind(profile),
            roster_file=roster_file,
            dossier_file=dossier_file,
            detector=detector,
            descriptor=descriptor,
            photos=photos,
            cache=None if no_cache else default_folder(),
            heads=heads,
            kind=kind_id(profile, kind_name),
            earlier=nothing_earlier if no_registry else _earlier(registry),
        )
        refuse_inside(out, paths)
        publisher = Publisher(
            out=out,
            profile=profile,
            context=_context(lang, options, no_registry),
            notice=read_notice(notice_template, profile),
            signer=signing,
        )
        with output_folder(out):
            if not no_registry:
                _check_given(registry)
            result = scan(paths, options, runner, publisher, Silence() if quiet else TqdmMonitor(lang))
    name_unopened(result.unopened)
    if not quiet:
        show_outcomes(result.outcomes, out, publisher.context, result.loose, profile)
    return exit_code([outcome.verdict.status for outcome in result.outcomes], result.loose)


def _context(lang: str, options: "ScanOptions", no_registry: bool) -> "ReportContext":
    return report_context(
        lang,
        {
            "command": "scan",
            "kind": options.kind,
            "roster": options.roster_file,
            "dossier": options.dossier_file,
            "photos": options.photos,
            "detector": options.detector,
            "descriptor": options.descriptor,
            "heads": options.heads,
            "registry": "no" if no_registry else None,
        },
    )


def _check_given(registry: Path | None) -> None:
    """One that was asked for by name must be usable; the user's own is no reason not to scan."""
    if registry is None:
        return
    from vidaudit.run.registry import check_usable

    try:
        check_usable(registry)
    except RegistryError as error:
        raise UsageError(str(error)) from error


def _earlier(registry: Path | None) -> "Earlier":
    """The registry of earlier scans; what is wrong with it is told on standard error too, and the scan goes on."""
    now = dt.datetime.now().astimezone()

    def compare(classes: "Sequence[FilmedClass]") -> "Sequence[EarlierFootage | None]":
        from vidaudit.run.earlier import EarlierScans  # slow to load, and not asked before all has been observed
        from vidaudit.run.registry import default_file

        scans = EarlierScans(
            file=registry or default_file(),
            version=vidaudit.__version__,
            now=now,
            tell=lambda sentence: click.echo(f"vidaudit: {sentence}", err=True),
        )
        return scans(classes)

    return compare


def _try_models(detector: str, descriptor: str, heads: str | None) -> None:
    """Make each once, so that what doesn't work is told here and not by every worker."""
    from vidaudit.observe.describe import make_descriptor
    from vidaudit.observe.detectors import make_detector

    make_detector(detector)
    make_descriptor(descriptor)
    if heads is not None:
        from vidaudit.observe.heads_onnx import make_heads

        make_heads(heads)
