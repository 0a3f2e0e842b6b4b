"""What a report says about its own making. Injected, so that the same verdict always gives the same report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, kw_only=True)
class ReportContext:
    """The facts about the run.

    Args:
        tool_version: of vidaudit.
        models: {model file: SHA-256 in hexadecimal}.
        created: when the report was made, local time.
        platform: operating system and Python, in a few words.
        lang: `zh` or `en`; the language of every word in the report.
        command: the command line that was run, if it is to be shown.
        options: what the run was asked to do, {option: what was said}; no secret and no place on the machine.
    """

    tool_version: str
    models: Mapping[str, str]
    created: datetime
    platform: str
    lang: str = "zh"
    command: str | None = None
    options: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, got {self.lang!r}")
