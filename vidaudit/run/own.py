"""What lies in an output folder and is vidaudit's own: only that is ever replaced."""

import contextlib
import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidaudit.model.evidence import ToolInfo
from vidaudit.report.html import GENERATOR
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.decisions import DECISIONS_FILE
from vidaudit.run.files import sha256_of
from vidaudit.run.untrusted import read_small, strict_json

EVIDENCE_FILE = "evidence.json"
REPORT_FILE = "report.json"
SNAPSHOT_FOLDER = "snapshots"
SUMMARY_FILE = "summary.json"
MANIFEST_FILE = "manifest.json"
SIGNATURE_FILE = "manifest.sig"
SIGNATURE_BYTES = 64

SUMMARIES = frozenset({SUMMARY_FILE, "summary.html", "summary.xlsx", MANIFEST_FILE, SIGNATURE_FILE})
"""What a run writes into the output folder itself."""
REPORTS = frozenset(
    {EVIDENCE_FILE, DECISIONS_FILE, REPORT_FILE, "report.html", "report.xlsx", "notice.docx"}
    | {SNAPSHOT_FOLDER, MANIFEST_FILE, SIGNATURE_FILE}
)
"""What it writes into the folder of a class."""

_LARGEST_BYTES: Final = 512 * 1024 * 1024
_HEAD_BYTES: Final = 4096  # of a page, in which it says what made it
_ODD = (OSError, ValueError, LookupError, TypeError, AttributeError, zipfile.BadZipFile)


@dataclass(frozen=True, kw_only=True)
class _Marked:
    """What evidence can be told by."""

    tool: ToolInfo


def foreign_summaries(out: Path) -> list[str]:
    """Files that bear the name of a summary, and that no run wrote."""
    stated = _stated(out / MANIFEST_FILE)
    there = (out / name for name in sorted(SUMMARIES) if os.path.lexists(out / name))
    return [file.name for file in there if not _is_own(file, stated)]


def is_report(folder: Path) -> bool:
    """Whether a folder is a class's report: it has evidence, and some file in it says whose."""
    if not (folder / EVIDENCE_FILE).is_file():
        return False
    return any(_is_own(folder / name, {}) for name in (MANIFEST_FILE, REPORT_FILE)) or _is_evidence(folder)


def others_in(report: Path) -> list[str]:
    """What somebody else has put into the folder of a class; nothing where there is no such folder."""
    try:
        return sorted({entry.name for entry in report.iterdir()} - REPORTS - _stated(report / MANIFEST_FILE).keys())
    except OSError:
        return []


def _is_evidence(folder: Path) -> bool:
    with contextlib.suppress(OSError, UnreadableError):
        from_json((folder / EVIDENCE_FILE).read_bytes(), _Marked)
        return True
    return False


def _stated(manifest: Path) -> dict[str, str]:
    """{path of a file: its SHA-256} by a manifest; empty where there is none."""
    try:
        document = strict_json(read_small(manifest, _LARGEST_BYTES))
        return {one["path"]: one["sha256"] for one in document["outputs"]}
    except _ODD:
        return {}


def _is_own(file: Path, stated: dict[str, str]) -> bool:
    """Whether the content is of the kind that vidaudit writes under such a name, or the very one that is stated."""
    try:
        return _says_so(file) or (file.name in stated and stated[file.name] == sha256_of(file))
    except _ODD:
        return False


def _says_so(file: Path) -> bool:
    content = read_small(file, _LARGEST_BYTES)
    if file.suffix == ".json":
        return str(strict_json(content)["schema"]).startswith("vidaudit.")
    if file.suffix == ".html":
        return GENERATOR.encode() in content[:_HEAD_BYTES]
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            return b"vidaudit" in workbook.read("docProps/core.xml")
    return len(content) == SIGNATURE_BYTES
