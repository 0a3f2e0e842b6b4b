"""What a run comes to: the exit code, from the statuses of its classes and what lay outside of them."""

from collections.abc import Collection
from enum import IntEnum

from vidaudit.model.submission import UNOPENED, StrayFile, StrayReason
from vidaudit.model.verdict import Status

# Outside of every class these may be, or hide, a class that was handed in and not looked at.
_UNSEEN = {StrayReason.VIDEO_OUTSIDE_DAY, StrayReason.UNREADABLE, StrayReason.LINK_OUTSIDE, *UNOPENED}
_PACKED = (".zip", ".iso", ".rar", ".7z")


class ExitCode(IntEnum):
    """The fixed exit codes of the command line."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    ATTENTION = 3
    TOOL_FAILED = 4
    INTERRUPTED = 130


def exit_code(statuses: Collection[Status], loose: Collection[StrayFile] = ()) -> ExitCode:
    """0 only when there is a class, all pass, and nothing lies beside them that may be another one.

    A fail outweighs a broken tool, that outweighs open questions.
    """
    if Status.FAIL in statuses:
        return ExitCode.FAIL
    if Status.ERROR in statuses:
        return ExitCode.TOOL_FAILED
    if statuses and all(status is Status.PASS for status in statuses) and not any(map(_may_be_a_class, loose)):
        return ExitCode.PASS
    return ExitCode.ATTENTION


def _may_be_a_class(stray: StrayFile) -> bool:
    return stray.reason in _UNSEEN or stray.path.lower().endswith(_PACKED)
