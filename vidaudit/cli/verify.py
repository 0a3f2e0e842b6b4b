"""`vidaudit verify`: whether a report folder is what was written, and the videos what was checked."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vidaudit.cli.common import lang_option
from vidaudit.errors import UsageError

if TYPE_CHECKING:
    from vidaudit.model.proof import ProofOutcome

_FILE = click.Path(path_type=Path)


@click.command("verify")
@click.argument("folder", metavar="[OUT]", required=False, type=_FILE)
@click.option(
    "--disc",
    "discs",
    metavar="PATH",
    multiple=True,
    type=_FILE,
    help="同时核对报送资料（文件夹、ISO 或 ZIP） / also compare the submission: folder, ISO or ZIP",
)
@click.option("--public-key", metavar="FILE", type=_FILE, help="必须由此公钥签名 / the key that must have signed")
@click.option(
    "--profile",
    "profile_id",
    metavar="ID|FILE",
    help="报告所用的自定义判定标准 / the county's own profile by which the reports were judged",
)
@click.option("--make-key", metavar="FILE", type=_FILE, help="生成签名密钥和 FILE.pub，不核对 / make a key for signing")
@click.option("--json", "is_json", is_flag=True, help="输出 JSON / print JSON")
@lang_option
def command(
    folder: Path | None,
    discs: tuple[Path, ...],
    public_key: Path | None,
    profile_id: str | None,
    make_key: Path | None,
    is_json: bool,
    lang: str,
) -> int:
    """核对报告是否被改动、结论是否与证据相符；给出光盘时，也核对视频是否就是检查过的。

    OUT 是 --out 或一个班的报告文件夹。

    Checks whether reports are as they were written and follow from their evidence; with --disc, whether the videos
    are those that were checked. OUT is the --out of a scan, or the report folder of one class. No video is decoded.

    退出码 / exit codes: 0 与记载一致 as stated · 1 不符 differs · 2 用法错误 usage · 3 有内容无法核对 not all could be
    checked · 4 工具故障 the tool failed
    """
    from vidaudit.report.proof_view import proof_document, proof_lines
    from vidaudit.run.signing import load_public_key
    from vidaudit.run.verify import VerifyOptions, verify

    if make_key is not None:
        return _make_key(make_key, lang)
    if folder is None:
        raise UsageError("Give the folder to check: vidaudit verify OUT.")
    options = VerifyOptions(
        discs=discs, public_key=None if public_key is None else load_public_key(public_key), profile=profile_id
    )
    proof = verify(folder, options)
    if is_json:
        click.echo(json.dumps(proof_document(proof), ensure_ascii=False, indent=1))
    else:
        for line in proof_lines(proof, lang):
            click.echo(line)
    return _exit_code(proof.outcome)


def _exit_code(outcome: "ProofOutcome") -> int:
    from vidaudit.model.proof import ProofOutcome
    from vidaudit.run.outcome import ExitCode

    codes = {
        ProofOutcome.AS_STATED: ExitCode.PASS,
        ProofOutcome.DIFFERENT: ExitCode.FAIL,
        ProofOutcome.OPEN: ExitCode.ATTENTION,
    }
    return codes[outcome]


def _make_key(file: Path, lang: str) -> int:
    from vidaudit.report.messages import catalogue
    from vidaudit.run.signing import make_key

    public_file, public_key = make_key(file)
    click.echo(
        catalogue(lang).ui("proof_key_made", file=str(file), public_file=str(public_file), public_key=public_key)
    )
    return 0
