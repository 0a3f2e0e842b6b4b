"""Applies the bound rules to a class's evidence and rolls the findings up to verdicts.

Nothing unevaluated ever becomes a pass: a missing prerequisite, a broken clip, a crashing rule and a rule
without anything to look at each leave a finding of their own.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from vidaudit.judge.catalogue import AnyRule, BoundRule, BoundRules
from vidaudit.judge.findings import not_evaluated
from vidaudit.judge.rule import MEASUREMENTS, Needs, first_missing
from vidaudit.judge.subjects import ClipSubject, DaySubject, Subject, canonical, clip_subjects, day_subjects
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import kind_named
from vidaudit.model.submission import ClipKind, of_kind
from vidaudit.model.verdict import (
    ClassVerdict,
    Clause,
    ClipVerdict,
    DayVerdict,
    Finding,
    Level,
    NotApplicable,
    RuleNotApplied,
    RuleResult,
    Scope,
    Status,
    Where,
    worst,
)

log = logging.getLogger(__name__)

EVALUATED: Final = frozenset({Status.PASS, Status.FAIL, Status.REVIEW})


def judge(evidence: ClassEvidence, rules: BoundRules) -> ClassVerdict:
    """The verdict on one class: worst over the rules required of its kind; no rule at all is no pass."""
    evidence = canonical(evidence)
    filed = _filed_kind(evidence, rules)
    kind = filed or evidence.kind
    every = rules.of_kind(kind)
    bound = [rule for rule in every if rule.level is not Level.OFF and rule.rule.asked(evidence, rule.parameters)]
    results = tuple(_apply(rule, evidence) for rule in bound)
    required = [result for result in results if result.level is Level.REQUIRE]
    named = _named(required)
    folder = evidence.folder
    return ClassVerdict(
        name=folder.name,
        path=folder.path,
        institution=folder.institution,
        roster_size=None if evidence.roster is None else evidence.roster.size,
        status=worst(result.status for result in required),
        rules=results,
        days=tuple(_day_verdict(day, named) for day in day_subjects(evidence)),
        clips=tuple(_clip_verdict(clip, named) for clip in clip_subjects(evidence)),
        persons_seen=None if evidence.people is None else len(evidence.people.persons),
        kind=kind or rules.default_kind,
        is_kind_assumed=kind is None and rules.default_kind is not None,
        is_kind_filed=filed is not None,
        not_applied=tuple(_not_applied(rule) for rule in every if rule not in bound),
    )


def _filed_kind(evidence: ClassEvidence, rules: BoundRules) -> str | None:
    """The kind of training that the dossier names, which goes before what is said at the scan; None for none known."""
    filed = None if evidence.dossier is None else evidence.dossier.kind
    kind = None if filed is None else kind_named(rules.titles, filed)
    return None if kind is None else kind.id


def _not_applied(bound: BoundRule) -> RuleNotApplied:
    reason = bound.reason or NotApplicable.NOT_CALLED_FOR
    return RuleNotApplied(id=bound.rule.id, slug=bound.rule.slug, reason=reason, clause=bound.clause)


def _apply(bound: BoundRule, evidence: ClassEvidence) -> RuleResult:
    rule = bound.rule
    days = {clip.path: clip.day for clip in evidence.folder.clips}
    order = {day.path: index for index, day in enumerate(evidence.folder.days)}
    found = [finding for subject in _subjects(rule, evidence) for finding in _ask(bound, subject, days)]
    if not found:
        found = [_no_subject(rule)]
    findings = tuple(sorted(found, key=lambda finding: _sort_key(finding, order)))
    return RuleResult(
        id=rule.id,
        slug=rule.slug,
        scope=rule.scope,
        level=_level(bound, evidence),
        status=worst(finding.status for finding in findings),
        clause=_clause(bound),
        findings=findings,
    )


def _level(bound: BoundRule, evidence: ClassEvidence) -> Level:
    is_required = bound.level is Level.REQUIRE
    return Level.ADVISE if is_required and not bound.rule.binding(evidence) else bound.level


def _clause(bound: BoundRule) -> Clause:
    assert bound.clause is not None, f"{bound.rule.slug} is applied without a clause"
    return bound.clause


def _subjects(rule: AnyRule, evidence: ClassEvidence) -> tuple[Subject, ...]:
    match rule.scope:
        case Scope.CLASS:
            return (evidence,)
        case Scope.DAY:
            return day_subjects(evidence)
        case Scope.CLIP:
            return tuple(clip for clip in clip_subjects(evidence) if clip.clip.kind in rule.applies)
        case Scope.ROSTER:
            return () if evidence.roster is None else (evidence,)


def _no_subject(rule: AnyRule) -> Finding:
    code = f"missing-{Needs.ROSTER}" if rule.scope is Scope.ROSTER else "nothing-to-check"
    return not_evaluated(code)


def _ask(bound: BoundRule, subject: Subject, days: dict[str, str | None]) -> Iterator[Finding]:
    """The findings of one rule on one subject, each told where it is."""
    for finding in _check(bound, subject):
        yield replace(finding, where=_located(finding.where, subject, days))


def _check(bound: BoundRule, subject: Subject) -> tuple[Finding, ...]:
    rule = bound.rule
    if isinstance(subject, ClipSubject) and subject.clip.bytes == 0 and rule.requires & MEASUREMENTS:
        return (not_evaluated("no-content"),)  # one fault, told by the rule that counts the clip
    broken = _tool_failure(rule, subject)
    if broken is not None:
        return (broken,)
    missing = first_missing(subject, rule.requires)
    if missing is not None:
        return (not_evaluated(f"missing-{missing}"),)
    return _run(rule, subject, bound.parameters) or (not_evaluated("nothing-to-check"),)


def _tool_failure(rule: AnyRule, subject: Subject) -> Finding | None:
    """Once the tool broke on a clip, no measurement of it is trusted, not even one that was finished."""
    if not isinstance(subject, ClipSubject) or not rule.requires & MEASUREMENTS:
        return None
    failure = subject.evidence.failure
    if failure is None:
        return None
    values = {"kind": failure.kind.value, "detail": failure.detail}
    return Finding(code="tool-failed", status=Status.ERROR, values=values)


def _run(rule: AnyRule, subject: Any, parameters: object) -> tuple[Finding, ...]:
    """One rule's findings; if the rule breaks, that is one more finding and the run goes on."""
    try:
        return tuple(rule.check(subject, parameters))
    except Exception as error:
        log.exception("rule %s broke", rule.slug)
        # The error's own words may hold paths or names, so only its type is reported.
        return (Finding(code="crashed", status=Status.ERROR, values={"exception": type(error).__name__}),)


def _located(where: Where, subject: Subject, days: dict[str, str | None]) -> Where:
    """Fills in the day and the clip that the subject stands for, and the day of a clip named by a finding."""
    day, clip = where.day, where.clip
    if isinstance(subject, ClipSubject):
        clip = subject.clip.path
    elif isinstance(subject, DaySubject):
        day = subject.day.path
    if day is None and clip is not None:
        day = days.get(clip)
    return Where(day=day, clip=clip, at_s=where.at_s)


def _sort_key(finding: Finding, order: dict[str, int]) -> tuple[int, str, float, str, str]:
    where = finding.where
    at_s = -1.0 if where.at_s is None else where.at_s
    values = repr(sorted(finding.values.items()))
    return order.get(where.day or "", -1), where.clip or "", at_s, finding.code, values


@dataclass(frozen=True, kw_only=True)
class _Named:
    """The scope and outcome of every finding that names a clip or a day, by that clip and by that day."""

    clips: Mapping[str | None, Sequence[tuple[Scope, Status]]]
    days: Mapping[str | None, Sequence[tuple[Scope, Status]]]


def _named(results: Sequence[RuleResult]) -> _Named:
    clips: dict[str | None, list[tuple[Scope, Status]]] = defaultdict(list)
    days: dict[str | None, list[tuple[Scope, Status]]] = defaultdict(list)
    for result in results:
        for finding in result.findings:
            clips[finding.where.clip].append((result.scope, finding.status))
            days[finding.where.day].append((result.scope, finding.status))
    return _Named(clips=clips, days=days)


def _status(named: Sequence[tuple[Scope, Status]], scopes: frozenset[Scope]) -> Status:
    """Worst over the findings that name the day or clip; nothing good without one rule that looked at it."""
    looked_at = any(scope in scopes and status in EVALUATED for scope, status in named)
    statuses = [status for _, status in named]
    return worst(statuses if looked_at else [*statuses, Status.NOT_EVALUATED])


def _day_verdict(subject: DaySubject, named: _Named) -> DayVerdict:
    lectures = subject.of_kind(ClipKind.LECTURE)
    headcounts = [clip.evidence.heads.headcount for clip in lectures if clip.evidence.heads is not None]
    people = subject.people
    clips = [clip.clip for clip in subject.clips]
    return DayVerdict(
        date=subject.day.date,
        folder=subject.day.path,
        status=_status(named.days.get(subject.day.path, ()), frozenset({Scope.DAY, Scope.CLIP})),
        face_clips=tuple(clip.path for clip in of_kind(clips, ClipKind.FACE)),
        lectures=tuple(clip.path for clip in of_kind(clips, ClipKind.LECTURE)),
        persons=None if people is None else people.persons,
        headcount=max(headcounts, default=None),
    )


def _clip_verdict(subject: ClipSubject, named: _Named) -> ClipVerdict:
    clip, evidence = subject.clip, subject.evidence
    container, codec, size, duration_s = _media_facts(subject)
    first, last = _clock(subject)
    return ClipVerdict(
        path=clip.path,
        kind=clip.kind.value,
        sha256=None if evidence.probe is None else evidence.probe.sha256,
        bytes=clip.bytes,
        container=container,
        codec=codec,
        width=None if size is None else size[0],
        height=None if size is None else size[1],
        duration_s=duration_s,
        status=_status(named.clips.get(clip.path, ()), frozenset({Scope.CLIP})),
        persons=None if evidence.faces is None else len(evidence.faces.persons),
        headcount=None if evidence.heads is None else evidence.heads.headcount,
        clock_first=first,
        clock_last=last,
    )


def _clock(subject: ClipSubject) -> tuple[str | None, str | None]:
    """First and last moment that the picture's own clock shows, as ISO 8601; None where it wasn't read."""
    clock = subject.evidence.clock
    span = None if clock is None else clock.span(None if subject.day is None else subject.day.date)
    return (None, None) if span is None else (span[0].isoformat(), span[1].isoformat())


def _media_facts(subject: ClipSubject) -> tuple[str | None, str | None, tuple[int, int] | None, Fraction | None]:
    """Container, codec, displayed size in pixels and measured length in seconds; None where not measured."""
    probe = subject.evidence.probe
    if probe is None:
        return None, None, None, None
    header = probe.header
    codec, size = (None, None) if header is None else (header.codec, header.display_size_px)
    return probe.container.value, codec, size, probe.duration_s
