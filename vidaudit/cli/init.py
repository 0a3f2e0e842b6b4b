"""`vidaudit init`: blank forms for a class, to be filled in by the school."""

from pathlib import Path

import click

from vidaudit.cli.common import lang_option
from vidaudit.errors import SetupError


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@lang_option
def command(folder: Path, lang: str) -> int:
    """在 DIR 写入空白的开班申报（xlsx、csv、toml）和花名册；已有的文件不动。

    Writes blank forms into DIR: the dossier as xlsx, csv and TOML, and the roster. Files that are there stay.
    """
    from vidaudit.intake.templates import templates

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in templates(lang).items():
            _write(folder / name, make())
    except OSError as error:
        raise SetupError(f"Can't write the forms to {folder}: {error.strerror or error}.") from error
    return 0


def _write(file: Path, content: bytes) -> None:
    """Never over a file that is there, not even one that comes in between."""
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        click.echo(f"已有，未改动 / kept: {file}")
    else:
        click.echo(f"已写入 / written: {file}")
