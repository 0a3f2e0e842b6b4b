"""`report.json` and `summary.json`: the contract that other programs read."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from vidaudit.model.decision import DecisionOutcome
from vidaudit.model.dossier import Dossier
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import ClassPerson, DayPeople
from vidaudit.model.settings import ManualItem, Profile
from vidaudit.model.stake import Stake
from vidaudit.model.submission import ClassFolder, StrayFile
from vidaudit.model.verdict import (
    ClassVerdict,
    Clause,
    ClipVerdict,
    DayVerdict,
    Finding,
    Level,
    RuleChange,
    RuleNotApplied,
    RuleResult,
    Value,
    VerdictChange,
    worst,
)
from vidaudit.report.attention import SummaryRow, all_paths, by_attention, counts, reasons, required
from vidaudit.report.context import ReportContext
from vidaudit.report.messages import Catalogue, catalogue, finite
from vidaudit.report.privacy import guard, mask_ids
from vidaudit.report.scope_view import reason_text
from vidaudit.report.stake_json import stake_json, training_json

REPORT_SCHEMA = "vidaudit.report/1"
SUMMARY_SCHEMA = "vidaudit.summary/1"
FIX_SCHEMA = "vidaudit.fix/1"

Paths = Mapping[str, str]


def dumps(document: Mapping[str, Any]) -> bytes:
    """The document as JSON in UTF-8: readable, in the given order, with a final newline; NaN is an error."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair becomes JSON's own \\u escape


def class_report(
    verdict: ClassVerdict,
    profile: Profile,
    context: ReportContext,
    evidence: ClassEvidence | None = None,
    stake: Stake | None = None,
) -> dict[str, Any]:
    """The report of one class by the schema `vidaudit.report/1` (`report.schema.json` in this package).

    With the evidence, `people` also lists everybody with their days, and the decisions made by hand. `stake` is what
    the class is about in money; it is left out where it wasn't worked out.

    Messages and remedies are in the context's language. ID numbers are masked everywhere; a path with one in
    it is masked the same way wherever it stands, so that it can still be used as a key inside the report.
    """
    words = catalogue(context.lang)
    paths = all_paths(verdict)
    report = {
        "schema": REPORT_SCHEMA,
        "tool": _tool(context),
        "profile": _profile(profile),
        "class": _class(verdict),
        "status": verdict.status.value,
        "rules": [_rule(rule, words, paths) for rule in verdict.rules],
        "days": [_day(day, paths) for day in verdict.days],
        "clips": [_clip(clip, paths) for clip in verdict.clips],
        "people": {
            "roster": verdict.roster_size,
            "persons_seen": verdict.persons_seen,
            **({} if evidence is None else _people(evidence, paths)),
        },
        "not_applicable": [_not_applied(rule, words) for rule in verdict.not_applied],
        "manual": [_manual(item, context.lang) for item in profile.manual_for(verdict.kind)],
        **({} if stake is None else {"stake": stake_json(stake, words)}),
        **({} if evidence is None or evidence.dossier is None else {"plan": _plan(evidence.dossier, evidence.folder)}),
    }
    if verdict.change is not None:
        report["changes"] = _changes(verdict.change, words, paths)
    guarded: dict[str, Any] = guard(report)
    return guarded


def summary(
    rows: Iterable[SummaryRow], profile: Profile, context: ReportContext, loose: Iterable[StrayFile] = ()
) -> dict[str, Any]:
    """The whole run by the schema `vidaudit.summary/1`: classes in the order in which they need attention.

    Args:
        loose: what lies in the submission but in no class.
    """
    ordered = by_attention(rows)
    document = {
        "schema": SUMMARY_SCHEMA,
        "created": context.created.isoformat(timespec="seconds"),
        "tool": _tool(context),
        "profile": _profile(profile),
        "status": worst(row.verdict.status for row in ordered).value,
        "counts": counts(row.verdict.status for row in ordered),
        "classes": [_summary_row(row) for row in ordered],
        "loose": [{"path": stray.path, "reason": stray.reason.value, "bytes": stray.bytes} for stray in loose],
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def _tool(context: ReportContext) -> dict[str, Any]:
    return {"version": context.tool_version, "models": dict(sorted(context.models.items()))}


def _profile(profile: Profile) -> dict[str, Any]:
    return {"id": profile.id, "sha256": profile.sha256}


def _class(verdict: ClassVerdict) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "path": verdict.path,
        "institution": verdict.institution,
        "roster_size": verdict.roster_size,
        "kind": verdict.kind,
        "kind_assumed": verdict.is_kind_assumed,
    }


def _rule(rule: RuleResult, words: Catalogue, paths: Paths) -> dict[str, Any]:
    return {
        "id": rule.id,
        "slug": rule.slug,
        "level": rule.level.value,
        "status": rule.status.value,
        "clause": _clause(rule.clause),
        "findings": [_finding(rule.slug, finding, words, paths) for finding in rule.findings],
    }


def _changes(change: VerdictChange, words: Catalogue, paths: Paths) -> dict[str, Any]:
    """What an earlier verdict said otherwise; the paths of findings that are gone are told as they were."""
    return {
        "against": {
            "profile": {"id": change.profile_id, "sha256": change.profile_sha256},
            "status": change.before.value,
        },
        "rules": [_rule_change(rule, words, paths) for rule in change.rules],
    }


def _rule_change(rule: RuleChange, words: Catalogue, paths: Paths) -> dict[str, Any]:
    gone = (finding.where for finding in rule.gone)
    known = {**{path: path for where in gone for path in (where.day, where.clip) if path is not None}, **paths}
    return {
        "id": rule.id,
        "slug": rule.slug,
        "before": None if rule.before is None else rule.before.value,
        "now": None if rule.now is None else rule.now.value,
        "gone": [_finding(rule.slug, finding, words, known) for finding in rule.gone],
        "new": [_finding(rule.slug, finding, words, paths) for finding in rule.new],
    }


def _not_applied(rule: RuleNotApplied, words: Catalogue) -> dict[str, Any]:
    return {
        "id": rule.id,
        "slug": rule.slug,
        "level": Level.OFF.value,
        "reason": rule.reason.value,
        "clause": None if rule.clause is None else _clause(rule.clause),
        "message": reason_text(rule.reason, words),
    }


def _manual(item: ManualItem, lang: str) -> dict[str, Any]:
    return {"id": item.id, "clause": _clause(item.clause), "message": item.text(lang)}


def _clause(clause: Clause) -> dict[str, str]:
    return {"document": clause.document, "section": clause.section}


def _finding(slug: str, finding: Finding, words: Catalogue, paths: Paths) -> dict[str, Any]:
    said = words.finding(slug, finding)
    where = finding.where
    return {
        "code": finding.code,
        "status": finding.status.value,
        "where": {
            "day": None if where.day is None else paths[where.day],
            "clip": None if where.clip is None else paths[where.clip],
            "at_s": finite(where.at_s),
        },
        "values": {key: _value(value) for key, value in finding.values.items()},
        "message": said.message,
        "remedy": said.remedy or None,
        "snapshot": finding.snapshot,
    }


def _value(value: Value) -> Any:
    return [finite(item) for item in value] if isinstance(value, tuple) else finite(value)


def _day(day: DayVerdict, paths: Paths) -> dict[str, Any]:
    return {
        "date": None if day.date is None else day.date.isoformat(),
        "folder": paths[day.folder],
        "status": day.status.value,
        "face_clips": [paths[path] for path in day.face_clips],
        "lectures": [paths[path] for path in day.lectures],
        "persons": day.persons,
        "headcount": day.headcount,
    }


def _clip(clip: ClipVerdict, paths: Paths) -> dict[str, Any]:
    return {
        "path": paths[clip.path],
        "kind": clip.kind,
        "sha256": clip.sha256,
        "bytes": clip.bytes,
        "container": clip.container,
        "codec": clip.codec,
        "width": clip.width,
        "height": clip.height,
        "duration_s": finite(clip.duration_s),
        "status": clip.status.value,
        "persons": clip.persons,
        "headcount": clip.headcount,
        "clock": {"first": clip.clock_first, "last": clip.clock_last},
    }


def _plan(dossier: Dossier, folder: ClassFolder) -> dict[str, Any]:
    """The days that the dossier plans; `has_folder` tells which of them the class has."""
    return {
        "file": dossier.file,
        "kind": dossier.kind,
        "full_footage": dossier.is_full_footage,
        "teachers": len(dossier.teachers),
        "days": [
            {
                "date": date.isoformat(),
                "class_hours": finite(dossier.hours_on(date)),
                "topics": [one.topic for one in sessions if one.topic],
                "has_folder": any(day.is_on(date) for day in folder.days),
            }
            for date, sessions in dossier.days.items()
        ],
    }


def _people(evidence: ClassEvidence, paths: Paths) -> dict[str, Any]:
    """Who was seen on which day, and what was decided by hand; null where nobody could be linked or read."""
    people, decisions = evidence.people, evidence.decisions
    return {
        "days": None if people is None else [_day_people(day, paths) for day in people.days],
        "persons": None if people is None else [_person(person, paths) for person in people.persons],
        "decisions": None if decisions is None else [_decision(outcome) for outcome in decisions],
    }


def _day_people(day: DayPeople, paths: Paths) -> dict[str, Any]:
    return {
        "folder": paths.get(day.day, day.day),
        "persons": day.persons,
        "low": day.low,
        "high": day.high,
        "doubts": {doubt.kind.value: doubt.number for doubt in day.doubts},
    }


def _person(person: ClassPerson, paths: Paths) -> dict[str, Any]:
    clips = dict.fromkeys(appearance.clip for appearance in person.appearances)
    return {
        "number": person.number,
        "days": [paths.get(day, day) for day in person.days],
        "clips": [paths.get(clip, clip) for clip in clips],
        "snapshot": person.snapshot,
        "by_hand": list(person.by_hand),
    }


def _decision(outcome: DecisionOutcome) -> dict[str, Any]:
    decision = outcome.decision
    return {
        "number": decision.number,
        "kind": decision.kind.value,
        "who": decision.who,
        "when": decision.when.isoformat(timespec="seconds"),
        "persons": list(decision.persons),
        "undoes": decision.undoes,
        "state": outcome.state.value,
    }


def _summary_row(row: SummaryRow) -> dict[str, Any]:
    verdict = row.verdict
    folder = mask_ids(row.folder)
    return {
        "name": verdict.name,
        "path": verdict.path,
        "institution": verdict.institution,
        "roster_size": verdict.roster_size,
        "kind": verdict.kind,
        "num_not_applicable": len(verdict.not_applied),
        "persons_seen": verdict.persons_seen,
        "num_days": len(verdict.days),
        "num_clips": len(verdict.clips),
        "status": verdict.status.value,
        "rules": counts(rule.status for rule in required(verdict)),
        "reasons": [rule.slug for rule in reasons(verdict)],
        **({} if row.stake is None else {"stake": training_json(row.stake)}),
        "report": {kind: f"{folder}/report.{kind}" for kind in ("json", "html", "xlsx")},
    }
