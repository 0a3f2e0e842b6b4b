"""What a run comes to: the exit code, from the statuses of its classes."""

from collections.abc import Collection
from enum import IntEnum

from vidaudit.model.verdict import Status


class ExitCode(IntEnum):
    """The fixed exit codes of the command line."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    ATTENTION = 3
    TOOL_FAILED = 4
    INTERRUPTED = 130


def exit_code(statuses: Collection[Status]) -> ExitCode:
    """0 only when there is a class and all pass; a fail outweighs a broken tool, that outweighs open questions."""
    if Status.FAIL in statuses:
        return ExitCode.FAIL
    if Status.ERROR in statuses:
        return ExitCode.TOOL_FAILED
    if statuses and all(status is Status.PASS for status in statuses):
        return ExitCode.PASS
    return ExitCode.ATTENTION
