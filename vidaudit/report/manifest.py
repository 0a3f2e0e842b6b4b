"""`manifest.json`: what was submitted, what was made of it, by what and how, so that any later change shows."""

import hashlib
from collections.abc import Mapping
from typing import Any

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.report.context import ReportContext
from vidaudit.report.privacy import guard, shown_paths

MANIFEST_SCHEMA = "vidaudit.manifest/1"
RUN_SCHEMA = "vidaudit.run/1"
ALGORITHM = "Ed25519"


def manifest(
    evidence: ClassEvidence,
    profile: Profile,
    context: ReportContext,
    outputs: Mapping[str, bytes],
    public_key: str | None = None,
) -> dict[str, Any]:
    """The manifest of one class's report folder.

    Args:
        outputs: every file of the folder but the manifest and its signature: {relative path: content}.
        public_key: of whoever signs it, 32 bytes in hexadecimal; None when nobody does.
    """
    document = {
        **_head(MANIFEST_SCHEMA, profile, context, public_key),
        "class": {"name": evidence.folder.name, "path": evidence.folder.path},
        "submitted": submitted(evidence),
        "outputs": _outputs(outputs),
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def run_manifest(
    manifests: Mapping[str, bytes],
    profile: Profile,
    context: ReportContext,
    outputs: Mapping[str, bytes],
    public_key: str | None = None,
) -> dict[str, Any]:
    """The manifest of a run: its summary, and the classes in it.

    Args:
        manifests: {report folder: content of its manifest}.
        outputs, public_key: as for one class.
    """
    classes = [{"folder": folder, "manifest_sha256": _sha256(manifests[folder])} for folder in sorted(manifests)]
    document = {
        **_head(RUN_SCHEMA, profile, context, public_key),
        "classes": classes,
        "outputs": _outputs(outputs),
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def submitted(evidence: ClassEvidence) -> list[dict[str, Any]]:
    """Every file handed in, in order of its path; the SHA-256 is null where it could not be read to its end.

    Left out are links, folders, and what operating systems leave behind.
    """
    clips = {clip.path: clip.probe.sha256 for clip in evidence.clips if clip.probe is not None}
    facts: dict[str, tuple[int | None, str | None]]
    facts = {file.path: (file.bytes, file.sha256) for file in evidence.other_files}
    facts |= {clip.path: (clip.bytes, clips.get(clip.path)) for clip in evidence.folder.clips}
    paths = shown_paths(facts)
    return [{"path": paths[path], "bytes": size, "sha256": digest} for path, (size, digest) in sorted(facts.items())]


def _head(schema: str, profile: Profile, context: ReportContext, public_key: str | None) -> dict[str, Any]:
    signed_by = None if public_key is None else {"algorithm": ALGORITHM, "public_key": public_key}
    return {
        "schema": schema,
        "created": context.created.isoformat(timespec="seconds"),
        "platform": context.platform,
        "tool": {"version": context.tool_version, "models": dict(sorted(context.models.items()))},
        "profile": {"id": profile.id, "sha256": profile.sha256},
        "options": dict(sorted(context.options.items())),
        "signed_by": signed_by,
    }


def _outputs(outputs: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [{"path": path, "bytes": len(outputs[path]), "sha256": _sha256(outputs[path])} for path in sorted(outputs)]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
