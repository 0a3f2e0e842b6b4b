import itertools

import pytest

from vidaudit.model.submission import StrayFile, StrayReason
from vidaudit.model.verdict import Status
from vidaudit.run.outcome import ExitCode, exit_code

P, F, R, N, E = Status.PASS, Status.FAIL, Status.REVIEW, Status.NOT_EVALUATED, Status.ERROR


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([], 3),
        ([P], 0),
        ([P, P], 0),
        ([F], 1),
        ([P, F], 1),
        ([R], 3),
        ([N], 3),
        ([P, R], 3),
        ([P, N], 3),
        ([E], 4),
        ([P, E], 4),
        ([R, E], 4),
        ([E, F], 1),
        ([P, F, R, N, E], 1),
    ],
)
def test_exit_codes(statuses: list[Status], code: int) -> None:
    assert exit_code(statuses) == code


def test_only_passes_give_zero_whatever_the_order() -> None:
    for size in range(4):
        for statuses in itertools.product(Status, repeat=size):
            assert (exit_code(statuses) is ExitCode.PASS) == (set(statuses) == {P})
            assert exit_code(statuses) == exit_code(statuses[::-1])


def test_the_fixed_numbers() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "PASS": 0,
        "FAIL": 1,
        "USAGE": 2,
        "ATTENTION": 3,
        "TOOL_FAILED": 4,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize(
    ("path", "reason", "code"),
    [
        ("说明.txt", StrayReason.UNKNOWN_FILE, 0),
        ("补录.mp4", StrayReason.VIDEO_OUTSIDE_DAY, 3),
        ("第2期.ZIP", StrayReason.UNKNOWN_FILE, 3),
        ("第3期", StrayReason.UNREADABLE, 3),
        ("光盘", StrayReason.DAMAGED_ARCHIVE, 3),
        ("光盘", StrayReason.LOCKED_ARCHIVE, 3),
        ("光盘", StrayReason.UNSUPPORTED_ARCHIVE, 3),
    ],
)
def test_what_may_be_another_class_keeps_a_run_from_passing(path: str, reason: StrayReason, code: int) -> None:
    loose = [StrayFile(path=path, reason=reason)]
    assert exit_code([Status.PASS], loose) == code
    assert exit_code([Status.PASS, Status.FAIL], loose) == 1
