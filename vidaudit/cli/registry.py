"""`vidaudit registry`: what was scanned before: list, show, carry to another office, forget."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vidaudit.cli.common import lang_option, registry_option
from vidaudit.errors import UsageError

if TYPE_CHECKING:
    from vidaudit.model.registry import StoredClass
    from vidaudit.run.registry import Registry

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("registry")
def command() -> None:
    """以前检查过的视频的登记库：只有指纹，没有画面和人脸。

    The registry of everything ever scanned: fingerprints, no pictures, no faces.
    """


@command.command("list")
@registry_option
@click.option("--institution", metavar="TEXT", help="机构名称含此文字 / institutions whose name has this in it")
@click.option("--class", "class_name", metavar="TEXT", help="班名含此文字 / classes whose name has this in it")
@click.option("--from", "first", metavar="DATE", type=_DAY, help="培训日不早于，如 2024-05-20 / training on or after")
@click.option("--to", "last", metavar="DATE", type=_DAY, help="培训日不晚于 / training on or before")
@lang_option
def list_(
    registry: Path | None,
    institution: str | None,
    class_name: str | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    lang: str,
) -> None:
    """列出登记的班，最近检查的在前。/ Lists the classes, the latest scan first."""
    from vidaudit.report.registry_list import class_lines

    with _opened(registry) as opened:
        wanted = [
            one
            for one in opened.classes()
            if (institution or "") in (one.kept.institution or "")
            and (class_name or "") in one.kept.name
            and _is_within(one, first, last)
        ]
    for line in class_lines(wanted, lang):
        click.echo(line)


@command.command("show")
@click.argument("number", metavar="CLASS_NUMBER", type=int)
@click.option(
    "--clip", metavar="TEXT", default="", help="只看路径含此文字的视频 / only clips whose path has this in it"
)
@registry_option
@lang_option
def show(number: int, clip: str, registry: Path | None, lang: str) -> None:
    """显示一个班的视频，以及各与其他班的哪些视频相同。CLASS_NUMBER 见 list。

    Shows the clips of a class and what each shares with clips of other classes. `list` tells its number.
    """
    from vidaudit.report.registry_list import class_lines, clip_lines
    from vidaudit.run.earlier import matches

    with _opened(registry) as opened:
        found = _with_numbers(opened, [number])
        for line in list(class_lines(found, lang))[:-1]:
            click.echo(line)
        for stored in opened.clips_of(number):
            if clip in stored.clip.path:
                for line in clip_lines(stored, matches(opened, stored), lang):
                    click.echo(line)


@command.command("export")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", default="", help="本单位名称，导入方可见 / what the importing office sees")
@registry_option
@lang_option
def export(file: Path, name: str, registry: Path | None, lang: str) -> None:
    """把整个登记库写成一个文件，供其他单位导入。/ Writes the whole registry to a file that others can import."""
    from vidaudit.report.messages import catalogue
    from vidaudit.run.exchange import export_registry

    with _opened(registry) as opened:
        number = export_registry(opened, file, name, _now())
    click.echo(catalogue(lang).ui("registry_exported", number=number, file=str(file)))


@command.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@registry_option
@lang_option
def import_(files: tuple[Path, ...], registry: Path | None, lang: str) -> None:
    """导入其他单位的登记，重复导入不会重复登记。/ Takes in what others exported; twice makes no difference."""
    from vidaudit.report.messages import catalogue
    from vidaudit.run.exchange import import_registry
    from vidaudit.run.registry import Registry, default_file

    with Registry(registry or default_file(), create=True) as opened:
        for file in files:
            number = import_registry(opened, file, _now())
            click.echo(catalogue(lang).ui("registry_imported", number=number, file=str(file)))


@command.command("forget")
@click.option("--class", "numbers", metavar="CLASS_NUMBER", type=int, multiple=True, help="班的编号 / its number")
@click.option("--submission", metavar="NAME", help="来自该光盘或文件夹的 / all that came on this disc or folder")
@click.option("--before", metavar="DATE", type=_DAY, help="最后检查早于该日的 / last scanned before this day")
@click.option("--yes", is_flag=True, help="不再询问 / don't ask")
@registry_option
@lang_option
def forget(
    numbers: tuple[int, ...],
    submission: str | None,
    before: dt.datetime | None,
    yes: bool,
    registry: Path | None,
    lang: str,
) -> None:
    """从登记库删除班级，须同时符合给出的各项。/ Removes the classes to which all that is given applies."""
    from vidaudit.report.messages import catalogue
    from vidaudit.report.registry_list import class_lines

    if not numbers and submission is None and before is None:
        raise UsageError("Say what to forget: --class, --submission or --before.")
    words = catalogue(lang)
    with _opened(registry) as opened:
        found = _with_numbers(opened, numbers) if numbers else list(opened.classes())
        wanted = [one for one in found if _is_of(one, submission, before)]
        for line in class_lines(wanted, lang):
            click.echo(line)
        if wanted and (yes or _confirmed(words.ui("registry_forget"))):
            opened.forget([one.id for one in wanted])
            click.echo(words.ui("registry_forgotten", number=len(wanted)))


def _confirmed(question: str) -> bool:
    """What the person says; a job that nobody sits at has no answer to give."""
    try:
        return click.confirm(question)
    except click.Abort:
        if sys.stdin is not None and sys.stdin.isatty():
            raise
        raise UsageError("Nobody answers here. Give --yes to forget without being asked.") from None


def _opened(file: Path | None) -> "Registry":
    from vidaudit.run.registry import Registry, default_file

    return Registry(file or default_file())


def _with_numbers(registry: "Registry", numbers: "tuple[int, ...] | list[int]") -> "list[StoredClass]":
    known = {one.id: one for one in registry.classes()}
    for number in numbers:
        if number not in known:
            raise UsageError(f"The registry has no class number {number}. `vidaudit registry list` tells the numbers.")
    return [known[number] for number in dict.fromkeys(numbers)]


def _is_within(one: "StoredClass", first: dt.datetime | None, last: dt.datetime | None) -> bool:
    """Whether any training day may lie between; a class without dates only where none are asked for."""
    if first is None and last is None:
        return True
    if one.kept.first_day is None or one.kept.last_day is None:
        return False
    return (first is None or one.kept.last_day >= first.date()) and (last is None or one.kept.first_day <= last.date())


def _is_of(one: "StoredClass", submission: str | None, before: dt.datetime | None) -> bool:
    if submission is not None and one.kept.submission != submission:
        return False
    return before is None or one.kept.scanned_at.astimezone().date() < before.date()


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()
