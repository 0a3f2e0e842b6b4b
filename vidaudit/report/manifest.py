"""`manifest.json`: what was submitted, what was made of it, and by what, so that any later change shows."""

import hashlib
from collections.abc import Mapping
from typing import Any

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.report.context import ReportContext
from vidaudit.report.privacy import guard, shown_paths

MANIFEST_SCHEMA = "vidaudit.manifest/1"


def manifest(
    evidence: ClassEvidence, profile: Profile, context: ReportContext, outputs: Mapping[str, bytes | str]
) -> dict[str, Any]:
    """The manifest of one class's report folder.

    Args:
        outputs: every file of the folder but the manifest itself: {relative path: content, or its SHA-256 in
            hexadecimal where the content isn't at hand}.
    """
    document = {
        "schema": MANIFEST_SCHEMA,
        "created": context.created.isoformat(timespec="seconds"),
        "platform": context.platform,
        "tool": {"version": context.tool_version, "models": dict(sorted(context.models.items()))},
        "profile": {"id": profile.id, "sha256": profile.sha256},
        "class": {"name": evidence.folder.name, "path": evidence.folder.path},
        "submitted": _submitted(evidence),
        "outputs": [{"path": path, "sha256": _sha256(outputs[path])} for path in sorted(outputs)],
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def _submitted(evidence: ClassEvidence) -> list[dict[str, Any]]:
    """Every clip, in order of its path; the SHA-256 is null where the file could not be read to its end."""
    paths = shown_paths(clip.path for clip in evidence.folder.clips)
    hashes = {clip.path: clip.probe.sha256 for clip in evidence.clips if clip.probe is not None}
    return [
        {"path": paths[clip.path], "bytes": clip.bytes, "sha256": hashes.get(clip.path)}
        for clip in sorted(evidence.folder.clips, key=lambda clip: clip.path)
    ]


def _sha256(content: bytes | str) -> str:
    return content if isinstance(content, str) else hashlib.sha256(content).hexdigest()
