"""A scan without worker processes: an engine that looks at the clips right here, and what a scan needs besides."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.report import samples
from vidaudit.judge.catalogue import bind
from vidaudit.model.evidence import ClipEvidence
from vidaudit.model.settings import Profile
from vidaudit.profile import load_profile
from vidaudit.run.audit import Monitor, ScanOptions, ScanResult, Silence, scan
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.engines import Observations, Progress, WorkingEngine
from vidaudit.run.publish import Publisher
from vidaudit.run.reuse import Here
from vidaudit.run.worker import Item, Result

PROFILE = load_profile("huguan-2024")


class InlineEngine:
    """Observes one clip after the other in this process.

    Args:
        observe: what is done with each clip.
        order: of the numbers of the tasks.
    """

    def __init__(
        self,
        observe: Callable[[ClipTask], ClipEvidence] = observe_clip,
        order: Callable[[Sequence[int]], Sequence[int]] = lambda numbers: numbers,
    ) -> None:
        self._observe = observe
        self._order = order
        self.is_closed = False

    def run(self, tasks: Sequence[ClipTask]) -> Observations:
        try:
            for number in self._order(range(len(tasks))):
                yield number, self._observe(tasks[number])
        finally:
            self.is_closed = True

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result | None]]:
        return Here().each(work, items)

    def kept(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def start(self) -> None:
        """Nobody has to get ready."""

    def dismiss(self) -> None:
        """Nobody has to go."""

    def progress(self) -> Sequence[Progress]:
        return []


def unseen(task: ClipTask) -> ClipEvidence:
    """Evidence of a clip that nobody looked at."""
    return ClipEvidence(path=task.path, kind=task.kind)


def publisher(out: Path, lang: str = "zh", profile: Profile = PROFILE) -> Publisher:
    return Publisher(out=out, profile=profile, context=samples.context(lang))


def scan_inline(
    paths: Sequence[Path],
    out: Path,
    *,
    engine: WorkingEngine | None = None,
    monitor: Monitor | None = None,
    roster_file: Path | None = None,
    dossier_file: Path | None = None,
    lang: str = "zh",
) -> ScanResult:
    options = ScanOptions(profile=PROFILE, rules=bind(PROFILE), roster_file=roster_file, dossier_file=dossier_file)
    return scan(paths, options, engine or InlineEngine(unseen), publisher(out, lang), monitor or Silence())
