"""A whole submission: 32 minutes of video, two classes. How long it takes and how much memory it needs."""

import json
import tempfile
from pathlib import Path

from benchmarks.measure import MB, figure, media, vidaudit

_JOBS = 2  # the targets are for two cores


def main() -> None:
    disc = media("disc-real")
    if disc is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run = vidaudit("scan", disc, "--out", out, "--no-cache", "--no-registry", "--quiet", "--jobs", str(_JOBS))
        video_s = sum(clip_lengths_s(out))
    print(figure(f"whole disc-real, {video_s / 60:.0f} min of video, {_JOBS} processes", run.wall_s, "s", at_most=60))
    print(figure("times real time", video_s / run.wall_s, "x"))
    print(figure("peak memory of any process", run.largest_bytes / MB, "MB", at_most=800))


def clip_lengths_s(out: Path) -> list[float]:
    """The measured lengths of all clips in the reports below `out`, in seconds."""
    reports = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(out.glob("*/report.json"))]
    return [clip["duration_s"] for report in reports for clip in report["clips"] if clip["duration_s"] is not None]


if __name__ == "__main__":
    main()
