"""Whether stored evidence gives the verdict that the report states: judged again and compared, without any video."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import vidaudit
from vidaudit.judge.catalogue import bind
from vidaudit.judge.engine import judge
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.proof import ProofCode, Remark
from vidaudit.model.settings import Profile
from vidaudit.profile import available_profiles, load_profile
from vidaudit.report.context import ReportContext
from vidaudit.report.json_report import class_report, dumps
from vidaudit.report.manifest import submitted
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.decisions import DECISIONS_FILE, decided
from vidaudit.run.manifests import ClassManifest, StatedProfile
from vidaudit.run.own import EVIDENCE_FILE, REPORT_FILE
from vidaudit.run.untrusted import PlainFiles, strict_json

_LARGEST_BYTES: Final = 512 * 1024 * 1024
# What the evidence and the profile decide; the words beside it are in the language of the report.
_DECIDED: Final = ("class", "status", "rules", "days", "clips", "people")
_WORDS: Final = frozenset({"message", "remedy"})
_CONTEXT: Final = ReportContext(tool_version="", models={}, created=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), platform="")


class Profiles:
    """Profiles by what a manifest states of them: those that come with vidaudit, and one given by hand.

    Args:
        given: a profile's id or file. A manifest's own word is never taken for the name of a file.
    """

    def __init__(self, given: str | None) -> None:
        self._given = None if given is None else load_profile(given)
        self._known: dict[str, Profile] = {}

    def find(self, stated: StatedProfile) -> Profile | None:
        """The very profile; None when it isn't here, or only in another version."""
        candidates = [self._given, self._shipped(stated.id)]
        return next((one for one in candidates if one is not None and one.sha256 == stated.sha256), None)

    def _shipped(self, name: str) -> Profile | None:
        if name not in self._known and name in available_profiles():
            self._known[name] = load_profile(name)
        return self._known.get(name)


def compare_verdict(files: PlainFiles, manifest: ClassManifest, profiles: Profiles) -> Iterator[Remark]:
    """Hold the evidence against the manifest, and the verdict it gives against the report."""
    try:
        evidence = from_json(files.read(EVIDENCE_FILE, _LARGEST_BYTES), ClassEvidence)
    except (OSError, UnreadableError) as error:
        yield Remark(code=ProofCode.EVIDENCE_UNREADABLE, path=EVIDENCE_FILE, detail=_reason(error))
        return
    try:
        report = strict_json(files.read(REPORT_FILE, _LARGEST_BYTES))
        told = {key: _without_words(report[key]) for key in _DECIDED}
        profile_told = report["profile"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        yield Remark(code=ProofCode.REPORT_UNREADABLE, path=REPORT_FILE, detail=_reason(error))
        return
    yield from _disagreements(evidence, profile_told, manifest)
    profile = profiles.find(manifest.profile)
    if profile is None:
        yield Remark(code=ProofCode.PROFILE_UNKNOWN, detail=manifest.profile.id)
        return
    yield from _judged(files, evidence, told, profile, manifest)


def _disagreements(evidence: ClassEvidence, profile: object, manifest: ClassManifest) -> Iterator[Remark]:
    stated = [{"path": file.path, "bytes": file.bytes, "sha256": file.sha256} for file in manifest.submitted]
    own = (manifest.training_class.name, manifest.training_class.path)
    parts = {
        "submitted": submitted(evidence) == stated,
        "class": own == (evidence.folder.name, evidence.folder.path),
        "profile": profile == {"id": manifest.profile.id, "sha256": manifest.profile.sha256},
    }
    wrong = [part for part, agrees in parts.items() if not agrees]
    if wrong:
        yield Remark(code=ProofCode.EVIDENCE_DISAGREES, detail=", ".join(wrong))


def _judged(
    files: PlainFiles, evidence: ClassEvidence, told: Mapping[str, Any], profile: Profile, manifest: ClassManifest
) -> Iterator[Remark]:
    try:
        decisions = files.read(DECISIONS_FILE, _LARGEST_BYTES) if DECISIONS_FILE in files.sizes_bytes else b""
        found = _verdict(decided(evidence, decisions), profile)
    except Exception as error:  # evidence that was made up may break what no scan's evidence does
        yield Remark(code=ProofCode.EVIDENCE_UNREADABLE, path=EVIDENCE_FILE, detail=type(error).__name__)
        return
    detail = _difference(told, found)
    if detail is not None:
        is_same_version = manifest.tool.version == vidaudit.__version__
        code = ProofCode.VERDICT_DIFFERS if is_same_version else ProofCode.OTHER_VERSION
        yield Remark(code=code, path=REPORT_FILE, detail=detail)


def _verdict(evidence: ClassEvidence, profile: Profile) -> dict[str, Any]:
    verdict = judge(evidence, bind(profile))
    report = json.loads(dumps(class_report(verdict, profile, _CONTEXT, evidence)))
    return {key: _without_words(report[key]) for key in _DECIDED}


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(item) for key, item in value.items() if key not in _WORDS}
    return [_without_words(item) for item in value] if isinstance(value, list) else value


def _difference(told: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """What differs: the status told and found, rules by their ids, other parts by name; None when nothing does."""
    parts = [key for key in _DECIDED if told[key] != found[key]]
    if not parts:
        return None
    named = [part for part in parts if part not in {"status", "rules"}]
    if "rules" in parts:
        named = [*_rule_ids(told["rules"], found["rules"]), *named]
    if "status" in parts:
        named.insert(0, f"{told['status']} / {found['status']}")
    return ", ".join(named)


def _rule_ids(told: Any, found: Any) -> list[str]:
    stated = {str(rule.get("id")): rule for rule in told if isinstance(rule, dict)} if isinstance(told, list) else {}
    given = {str(rule["id"]): rule for rule in found}
    return [name for name in {**given, **stated} if stated.get(name) != given.get(name)] or ["rules"]


def _reason(error: Exception) -> str:
    return (error.strerror or "") if isinstance(error, OSError) else type(error).__name__
