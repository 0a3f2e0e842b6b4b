"""What comes first in a report, and how things are counted and named in all of its forms alike."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from vidaudit.model.stake import Stake
from vidaudit.model.verdict import SEVERITY, ClassVerdict, Level, RuleResult, Status
from vidaudit.report.privacy import shown_paths


@dataclass(frozen=True, kw_only=True)
class SummaryRow:
    """One class in a summary. `folder` is the class's folder beside the summary, where its report lies."""

    verdict: ClassVerdict
    folder: str
    stake: Stake | None = None


def by_attention(rows: Iterable[SummaryRow]) -> list[SummaryRow]:
    """The rows with the gravest first, then those with more failed and more doubtful rules, then by name."""

    def weight(row: SummaryRow) -> tuple[int, int, int, str, str]:
        number = counts(rule.status for rule in required(row.verdict))
        return (
            -SEVERITY.index(row.verdict.status),
            -number[Status.FAIL.value],
            -number[Status.REVIEW.value],
            row.verdict.name,
            row.folder,
        )

    return sorted(rows, key=weight)


def counts(statuses: Iterable[Status]) -> dict[str, int]:
    """{status: how many}, every status named, the gravest first."""
    number = Counter(statuses)
    return {status.value: number[status] for status in reversed(SEVERITY)}


def required(verdict: ClassVerdict) -> tuple[RuleResult, ...]:
    """The rules that decide the class."""
    return tuple(rule for rule in verdict.rules if rule.level is Level.REQUIRE)


def reasons(verdict: ClassVerdict) -> list[RuleResult]:
    """The required rules that did not pass, the gravest first."""
    open_rules = (rule for rule in required(verdict) if rule.status is not Status.PASS)
    return sorted(open_rules, key=lambda rule: -SEVERITY.index(rule.status))


def all_paths(verdict: ClassVerdict) -> dict[str, str]:
    """{path: as it is shown} for every path that the verdict names."""
    places = [finding.where for rule in verdict.rules for finding in rule.findings]
    return shown_paths(
        path
        for path in (
            *(clip.path for clip in verdict.clips),
            *(day.folder for day in verdict.days),
            *(path for day in verdict.days for path in (*day.face_clips, *day.lectures)),
            *(place.clip for place in places),
            *(place.day for place in places),
        )
        if path is not None
    )
