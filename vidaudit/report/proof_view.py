"""What checking a report folder came to: as lines of text, and as a document for programs."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from vidaudit.model.proof import FolderProof, Proof, ProofOutcome, Remark, weight
from vidaudit.report import formats
from vidaudit.report.messages import Catalogue, catalogue
from vidaudit.report.privacy import guard
from vidaudit.report.text import shown

PROOF_SCHEMA = "vidaudit.proof/1"
_SIGNS = {ProofOutcome.AS_STATED: "·", ProofOutcome.OPEN: "?", ProofOutcome.DIFFERENT: "!"}
_SHORT_KEY = 16


def proof_lines(proof: Proof, lang: str) -> Iterator[str]:
    """A line for each folder and one for each remark, and the outcome of the whole; `lang` is `zh` or `en`."""
    words = catalogue(lang)
    for folder in proof.folders:
        yield f"{shown(folder.folder) or words.ui('proof_run')}: {words.ui(f'proof_outcome_{folder.outcome}')}"
        yield from (f"  {line}" for line in (*_made(folder, words), *(_remark(one, words) for one in folder.remarks)))
    yield words.ui(f"proof_outcome_{proof.outcome}")


def proof_document(proof: Proof) -> dict[str, Any]:
    """The same by the schema `vidaudit.proof/1`."""
    document = {
        "schema": PROOF_SCHEMA,
        "outcome": proof.outcome.value,
        "folders": [_folder(folder) for folder in proof.folders],
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def _folder(folder: FolderProof) -> dict[str, Any]:
    return {
        "folder": folder.folder or None,
        "outcome": folder.outcome.value,
        "created": folder.created,
        "tool_version": folder.tool_version,
        "profile": folder.profile_id,
        "signature": {"public_key": folder.public_key, "good": folder.is_signature_good},
        "remarks": [
            {"code": one.code.value, "weight": weight(one.code).value, "path": one.path, "detail": one.detail}
            for one in folder.remarks
        ],
    }


def _made(folder: FolderProof, words: Catalogue) -> Iterator[str]:
    if folder.created is not None:
        yield words.ui(
            "proof_made",
            when=_moment(folder.created, words),
            tool_version=folder.tool_version,
            profile=folder.profile_id,
        )
    if folder.public_key is not None:
        said = "proof_signed" if folder.is_signature_good else "proof_signed_wrong"
        yield words.ui(said, public_key=folder.public_key[:_SHORT_KEY])


def _moment(created: str, words: Catalogue) -> str:
    try:
        return formats.moment(dt.datetime.fromisoformat(created), words.lang)
    except ValueError:
        return created


def _remark(remark: Remark, words: Catalogue) -> str:
    about = " · ".join(shown(part) for part in (remark.path, remark.detail) if part)
    said = words.ui(f"proof_{remark.code}")
    sign = _SIGNS[weight(remark.code)]
    return f"{sign} {said}: {about}" if about else f"{sign} {said}"
