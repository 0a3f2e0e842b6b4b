"""The commands, each loaded only when it is called, and what is told where one was called wrongly."""

import importlib
from collections.abc import Mapping, Sequence

import click

import vidaudit
from vidaudit.cli.said import language, translated

# name -> (module below vidaudit.cli, one line of help)
COMMANDS: Mapping[str, tuple[str, str]] = {
    "scan": ("scan", "检查光盘并出具报告 / check submissions and write a report per class"),
    "judge": ("judge", "按已存的证据重新判定 / judge stored evidence again, without the videos"),
    "fix": ("fix", "生成整改后的副本，原资料不动 / make a mended copy, the original stays as it is"),
    "init": ("init", "生成空白的开班申报和花名册 / write blank forms: dossier and roster"),
    "profile": ("profile", "查看、检查和比较判定标准 / list, show, check and compare profiles"),
    "registry": ("registry", "以前检查过的视频的登记库 / what was scanned before: list, share, forget"),
    "verify": ("verify", "核对报告和视频是否被改动 / check that reports and videos are as they were"),
    "retention": ("retention", "视频须保存到何时，哪些已到期 / until when footage must be kept, and what is due"),
    "people": ("people", "人工合并或分开报告中的人员 / say by hand who is who in a report"),
}

EPILOG = """\b
退出码 / exit codes: 0 全部符合 all classes pass · 1 有不符合 some class fails · 2 用法错误 usage
3 需人工查看或未能检查 a person must look, or nothing evaluated · 4 工具故障 the tool failed · 130 中断 interrupted"""


class _LazyGroup(click.Group):
    """Lists all commands without importing what they need."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"vidaudit.cli.{COMMANDS[name][0]}").command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(vidaudit.__version__, prog_name="vidaudit")
def cli() -> None:
    """检查补贴性职业技能培训的报送视频：格式、分辨率、命名、完整性、人脸、人数、时长。

    Checks the training videos that schools submit for a subsidy: format, resolution, names, completeness,
    recognisable faces, people against the roster, lecture length.
    """


def run(arguments: Sequence[str] | None) -> int:
    """Call the command that is asked for; its exit code. Wrong usage is told in the language asked for."""
    try:
        result = cli.main(args=arguments, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        for line in _usage_lines(error, language(arguments)):
            click.echo(line, err=True)
        return error.exit_code
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return result if isinstance(result, int) else 0


def _usage_lines(error: click.ClickException, lang: str) -> list[str]:
    """How the command is called, where its help is, and what is wrong."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    told = translated(f"Error: {error.format_message()}", lang)
    if context is None:
        return [told]
    usage = translated(
        f"Usage: {' '.join([context.command_path, *context.command.collect_usage_pieces(context)])}", lang
    )
    return [usage, translated(f"Try '{context.command_path} --help' for help.", lang), "", told]
