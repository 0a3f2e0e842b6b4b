"""How long a person waits for the help, and for stored evidence to be judged again."""

import statistics
import tempfile
from collections.abc import Collection
from pathlib import Path

from benchmarks.measure import COMPLETED, figure, vidaudit
from fixtures.videos.disc import DEMO_DISC

_HELP_REPEATS = 10
_JUDGE_REPEATS = 5


def main() -> None:
    print(figure("vidaudit --help", median_s(_HELP_REPEATS, "--help", codes=(0,)), "s", at_most=0.4))
    with tempfile.TemporaryDirectory() as folder:
        scan = vidaudit("scan", DEMO_DISC, "--out", folder, "--no-cache", "--no-registry", "--quiet")
        judged_s = median_s(_JUDGE_REPEATS, "judge", folder, "--quiet")
    print(figure("vidaudit scan of the demo disc", scan.wall_s, "s"))
    print(figure("vidaudit judge of its evidence", judged_s, "s"))


def median_s(repeats: int, *arguments: str | Path, codes: Collection[int] = COMPLETED) -> float:
    """The median wall time of a `vidaudit` command that ends with one of the exit codes."""
    return statistics.median(vidaudit(*arguments, codes=codes).wall_s for _ in range(repeats))


if __name__ == "__main__":
    main()
