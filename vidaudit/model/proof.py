"""What checking a report folder against its manifest came to: remarks as codes, each with its weight."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ProofCode(StrEnum):
    """What was noticed. `SUBMITTED_…` are files of the submission, `OUTPUT_…` files of the report folder."""

    MANIFEST_MISSING = "manifest-missing"
    MANIFEST_UNREADABLE = "manifest-unreadable"
    MANIFEST_NEWER = "manifest-newer"
    OUTPUT_CHANGED = "output-changed"
    OUTPUT_MISSING = "output-missing"
    OUTPUT_ADDED = "output-added"
    OUTPUT_NO_FILE = "output-no-file"
    SIGNATURE_WRONG = "signature-wrong"
    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_UNKNOWN_KEY = "signature-unknown-key"
    EVIDENCE_UNREADABLE = "evidence-unreadable"
    EVIDENCE_DISAGREES = "evidence-disagrees"
    REPORT_UNREADABLE = "report-unreadable"
    VERDICT_DIFFERS = "verdict-differs"
    CLASS_CHANGED = "class-changed"
    CLASS_MISSING = "class-missing"
    SUBMITTED_CHANGED = "submitted-changed"
    SUBMITTED_MISSING = "submitted-missing"
    SUBMITTED_ADDED = "submitted-added"
    CLASS_NOT_ON_DISC = "class-not-on-disc"
    CLASS_WITHOUT_REPORT = "class-without-report"
    DISC_UNREADABLE = "disc-unreadable"
    PROFILE_UNKNOWN = "profile-unknown"
    OTHER_VERSION = "other-version"
    SUBMITTED_UNREAD = "submitted-unread"
    RUN_UNSTATED = "run-unstated"
    UNSIGNED = "unsigned"
    KEY_NOT_COMPARED = "key-not-compared"
    OTHER_RUN = "other-run"
    DISC_NOT_COMPARED = "disc-not-compared"


class ProofOutcome(StrEnum):
    """All as stated, something that couldn't be checked, or something that differs from what is stated."""

    AS_STATED = "as-stated"
    OPEN = "open"
    DIFFERENT = "different"


_OPEN: Final = frozenset(
    {
        ProofCode.MANIFEST_NEWER,
        ProofCode.DISC_UNREADABLE,
        ProofCode.PROFILE_UNKNOWN,
        ProofCode.OTHER_VERSION,
        ProofCode.SUBMITTED_UNREAD,
        ProofCode.RUN_UNSTATED,
    }
)
_NOTES: Final = frozenset(
    {ProofCode.UNSIGNED, ProofCode.KEY_NOT_COMPARED, ProofCode.OTHER_RUN, ProofCode.DISC_NOT_COMPARED}
)


def weight(code: ProofCode) -> ProofOutcome:
    """What a remark makes of the whole; whatever is neither a note nor open is a difference."""
    if code in _NOTES:
        return ProofOutcome.AS_STATED
    return ProofOutcome.OPEN if code in _OPEN else ProofOutcome.DIFFERENT


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing noticed; `path` is the file or class it is about, `detail` what a person needs besides."""

    code: ProofCode
    path: str | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class FolderProof:
    """One folder checked: a class's report, or (`folder` empty) the run with its summary.

    Args:
        created, tool_version, profile_id: as its manifest states; None when it can't be read.
        public_key: that it states to be signed by, in hexadecimal; None when it isn't signed.
        is_signature_good: whether the signature is by that key; None without one.
    """

    folder: str
    remarks: tuple[Remark, ...]
    created: str | None = None
    tool_version: str | None = None
    profile_id: str | None = None
    public_key: str | None = None
    is_signature_good: bool | None = None

    @property
    def outcome(self) -> ProofOutcome:
        """The gravest over its remarks."""
        return _gravest(weight(remark.code) for remark in self.remarks)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A whole check: the run first, then its classes in order of their folders."""

    folders: tuple[FolderProof, ...]

    @property
    def outcome(self) -> ProofOutcome:
        """The gravest over all folders."""
        return _gravest(folder.outcome for folder in self.folders)


def _gravest(outcomes: Iterable[ProofOutcome]) -> ProofOutcome:
    return max(outcomes, key=tuple(ProofOutcome).index, default=ProofOutcome.AS_STATED)
