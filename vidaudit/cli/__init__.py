"""The command line: parse, call, print, exit. One file per command, loaded only when it is called."""

import errno
import re
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from vidaudit.cli.surroundings import Interruptions, ensure_utf8, set_up_streams
from vidaudit.errors import SetupError, UsageError, VidauditError

_TOOL_FAILED, _INTERRUPTED = 4, 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The `vidaudit` command. Every expected error becomes one message and its exit code."""
    code = _INTERRUPTED
    with Interruptions() as interruptions:
        set_up_streams()
        code = _run(arguments, interruptions)
    sys.exit(code)


def _run(arguments: Sequence[str] | None, interruptions: Interruptions | None = None) -> int:
    try:
        ensure_utf8(arguments)
        from vidaudit.cli import app  # most of the time that `--help` takes, and Ctrl-C may come meanwhile

        code = app.run(arguments)
        sys.stdout.flush()
    except VidauditError as error:
        _tell(_in_words(error, arguments))
        return error.exit_code
    except KeyboardInterrupt:
        return _interrupted(interruptions)
    except Exception as error:  # the boundary: a bug of ours, told apart from a bad submission
        if interruptions is not None and interruptions.came:  # a library's answer to it
            return _interrupted(interruptions)
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:  # only a person gives such names
            _tell(_in_words(UsageError(f"The path {str(error.filename)[:80]}... is too long. Check it."), arguments))
            return UsageError.exit_code
        lacking = _lacking_library(error)
        told = lacking or f"工具内部错误 / the tool itself failed:\n{traceback.format_exc()}"
        _tell(str(told))
        return _TOOL_FAILED
    return _interrupted(interruptions) if interruptions is not None and interruptions.came else code


def _tell(text: str) -> None:
    print(f"vidaudit: {text}", file=sys.stderr)


def _in_words(error: VidauditError, arguments: Sequence[str] | None) -> str:
    """The error in the language asked for, without the numbers that a path may hold."""
    from vidaudit.cli.said import language, translated
    from vidaudit.report.privacy import mask_ids

    return mask_ids(translated(str(error), language(arguments)))


def _interrupted(interruptions: Interruptions | None) -> int:
    if interruptions is not None:
        interruptions.end()
    _tell("已中断，没有留下半成品 / interrupted; nothing half written was left behind")
    return _INTERRUPTED


def _lacking_library(error: Exception) -> SetupError | None:
    """What to install where an import failed for want of a library of the operating system; None otherwise."""
    if not isinstance(error, ImportError):
        return None
    if match := re.match(r"(lib[^:]+\.so[\d.]*): cannot open shared object file", str(error)):
        return SetupError(
            f"The system library {match[1]} is missing. Install it; on Debian and Ubuntu: "
            "sudo apt install libgl1 libglib2.0-0"
        )
    if str(error).startswith("DLL load failed"):
        return SetupError(f"{error} Install the Microsoft Visual C++ Redistributable (x64), then try again.")
    return None
