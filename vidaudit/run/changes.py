"""What a new verdict changes against the one that lies in the report folder."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from vidaudit.model.settings import Profile
from vidaudit.model.verdict import (
    ClassVerdict,
    Finding,
    RuleChange,
    RuleResult,
    Scalar,
    Status,
    Value,
    VerdictChange,
    Where,
)
from vidaudit.report.attention import all_paths
from vidaudit.report.messages import finite
from vidaudit.report.privacy import guard
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.untrusted import read_small

LARGEST_REPORT_BYTES: Final = 512 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class PreviousFinding:
    """A finding as `report.json` tells it."""

    code: str
    status: Status
    where: Where
    values: dict[str, Scalar | tuple[Scalar, ...]]

    @property
    def key(self) -> "_Key":
        """By what it is known again."""
        return self.code, self.status, self.where, tuple(sorted(self.values.items(), key=lambda item: item[0]))

    def finding(self) -> Finding:
        """The same as a finding, without its snapshot, which may be gone."""
        return Finding(code=self.code, status=self.status, where=self.where, values=self.values)


@dataclass(frozen=True, kw_only=True)
class PreviousRule:
    """A rule with its outcome and findings."""

    id: str
    slug: str
    status: Status
    findings: tuple[PreviousFinding, ...]


@dataclass(frozen=True, kw_only=True)
class PreviousProfile:
    """The profile by which the verdict was made."""

    id: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Previous:
    """What comparing needs of a class's `report.json`."""

    profile: PreviousProfile
    status: Status
    rules: tuple[PreviousRule, ...]


_Key = tuple[str, Status, Where, tuple[tuple[str, Value], ...]]


def read_previous(report: Path) -> Previous | None:
    """The verdict in a class's `report.json`; None when there is none that can be read."""
    try:
        return from_json(read_small(report, LARGEST_REPORT_BYTES), Previous)
    except (OSError, UnreadableError):
        return None


def changed(verdict: ClassVerdict, previous: Previous | None, profile: Profile) -> ClassVerdict:
    """The verdict with what changed; as it is where nothing did, and the profile is the same."""
    if previous is None:
        return verdict
    rules = tuple(_changes(verdict, previous))
    is_alike = not rules and previous.status is verdict.status
    if is_alike and (previous.profile.id, previous.profile.sha256) == (profile.id, profile.sha256):
        return verdict
    change = VerdictChange(
        profile_id=previous.profile.id, profile_sha256=previous.profile.sha256, before=previous.status, rules=rules
    )
    return replace(verdict, change=change)


def _changes(verdict: ClassVerdict, previous: Previous) -> Iterator[RuleChange]:
    """The rules that differ: those of the verdict in their order, then those that aren't applied any more."""
    paths = all_paths(verdict)
    before = {rule.slug: rule for rule in previous.rules}
    for rule in verdict.rules:
        change = _change(rule, before.pop(rule.slug, None), paths)
        if change.before is not change.now or change.gone or change.new:
            yield change
    for old in before.values():
        gone = tuple(found.finding() for found in old.findings if found.status is not Status.PASS)
        yield RuleChange(id=old.id, slug=old.slug, before=old.status, now=None, gone=gone)


def _change(rule: RuleResult, old: PreviousRule | None, paths: Mapping[str, str]) -> RuleChange:
    now = [(_as_told(finding, paths), finding) for finding in rule.findings if finding.status is not Status.PASS]
    then = [] if old is None else [found for found in old.findings if found.status is not Status.PASS]
    left, missing = Counter(found.key for found in then), Counter(told.key for told, _ in now)
    return RuleChange(
        id=rule.id,
        slug=rule.slug,
        before=None if old is None else old.status,
        now=rule.status,
        gone=tuple(found.finding() for found in then if not _taken(missing, found.key)),
        new=tuple(finding for told, finding in now if not _taken(left, told.key)),
    )


def _taken(counted: "Counter[_Key]", key: _Key) -> bool:
    """Whether one of them was left, which is then taken away."""
    counted[key] -= 1
    return counted[key] >= 0


def _as_told(finding: Finding, paths: Mapping[str, str]) -> PreviousFinding:
    """The finding as it will stand in `report.json`."""
    where = finding.where
    at_s = finite(where.at_s)
    assert at_s is None or isinstance(at_s, float | int)
    return PreviousFinding(
        code=finding.code,
        status=finding.status,
        where=Where(
            day=None if where.day is None else paths[where.day],
            clip=None if where.clip is None else paths[where.clip],
            at_s=at_s,
        ),
        values={name: _plain(value) for name, value in finding.values.items()},
    )


def _plain(value: Value) -> Scalar | tuple[Scalar, ...]:
    told = guard([finite(item) for item in value] if isinstance(value, tuple) else finite(value))
    return tuple(told) if isinstance(told, list) else told
