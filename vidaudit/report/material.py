"""All that a page or a workbook of one class is made from, with the look-ups that they share."""

import base64
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Profile
from vidaudit.model.stake import Stake
from vidaudit.model.verdict import ClassVerdict, Clause, ClipVerdict
from vidaudit.report.attention import all_paths
from vidaudit.report.context import ReportContext
from vidaudit.report.messages import Catalogue, catalogue
from vidaudit.report.privacy import mask_ids
from vidaudit.report.text import shown

# Only what browsers show as a still and cannot run: no SVG.
_PICTURE_TYPES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


@dataclass(frozen=True, kw_only=True)
class Material:
    """One class: what was decided, what was seen, by which profile. `pictures`: {snapshot name: JPEG or PNG}."""

    verdict: ClassVerdict
    evidence: ClassEvidence
    profile: Profile
    context: ReportContext
    pictures: Mapping[str, bytes]
    stake: Stake | None = None

    @functools.cached_property
    def words(self) -> Catalogue:
        """The catalogue of the report's language."""
        return catalogue(self.context.lang)

    @functools.cached_property
    def clips(self) -> Mapping[str, ClipVerdict]:
        """{path: verdict} of the clips."""
        return {clip.path: clip for clip in self.verdict.clips}

    @functools.cached_property
    def _paths(self) -> Mapping[str, str]:
        return all_paths(self.verdict)

    def path(self, path: str) -> str:
        """The path as it is shown: the same as in `report.json`, made harmless."""
        return shown(self._paths.get(path, mask_ids(path)))

    def clause(self, clause: Clause) -> str:
        """Document and section of a clause."""
        return shown(f"{clause.document} {clause.section}")

    def picture(self, name: str | None) -> str | None:
        """The snapshot as a data: URI, None when there is none or when it isn't a picture."""
        content = self.pictures.get(name, b"") if name is not None else b""
        for magic, media_type in _PICTURE_TYPES:
            if content.startswith(magic):
                return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
        return None
