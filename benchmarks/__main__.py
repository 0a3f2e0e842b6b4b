"""`python -m benchmarks [NAME...]`: all benchmarks, or those named, each in a process of its own."""

import argparse
import subprocess
import sys

from benchmarks.measure import PROJECT

# The quick ones first, so that something can be read soon.
NAMES = (
    "startup",
    "tiny_files",
    "rejudge",
    "descriptor",
    "likeness",
    "detectors",
    "picture",
    "resampling",
    "stills",
    "clock",
    "stages",
    "disc",
    "authenticity",
    "reuse",
    "accuracy",
    "people",
    "lectures",
    "takes",
    "usual_script",
    "registry",
    "day",
)


def main(arguments: list[str] | None = None) -> int:
    """Run them one after another; 0 when none of them broke."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    wanted = parser.parse_args(arguments).names or NAMES
    if not set(wanted) <= set(NAMES):
        parser.error(f"choose from {', '.join(NAMES)}")
    broken = [name for name in wanted if not _runs(name)]
    if broken:
        print(f"broken: {', '.join(broken)}", file=sys.stderr)
    return int(bool(broken))


def _runs(name: str) -> bool:
    # A process each: what one has loaded would be in the others' memory figures.
    print(f"== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=PROJECT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
