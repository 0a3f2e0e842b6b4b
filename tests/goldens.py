"""The golden reports and verdicts: `python -m tests.goldens` writes them again after a wanted change. Read the diff.

Time, versions and platform are injected, so that nothing but a change of the program changes them.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.kinds import kinds_table
from tests.report import samples
from vidaudit.report.render import render_class, render_summary

FOLDER = Path(__file__).parent / "report" / "goldens"


def goldens() -> Mapping[str, bytes]:
    """{file name: content} of every golden file. Spreadsheets are tested cell by cell instead."""
    files: dict[str, bytes] = {}
    for name, sample in (("nasty", samples.nasty()), ("clean", samples.clean())):
        for lang in ("zh", "en"):
            made = render_class(replace(sample, context=samples.context(lang)))
            files.update({f"{name}.{lang}.{kind}": made[f"report.{kind}"] for kind in ("json", "html")})
    summary = render_summary(samples.rows(), samples.profile(), samples.context())
    files.update({name: content for name, content in summary.items() if not name.endswith(".xlsx")})
    files["kinds.txt"] = kinds_table().encode()
    return files


def main() -> None:
    """Write every golden file again and remove those that are no longer made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = goldens()
    for old in FOLDER.iterdir():
        if old.name not in made:
            old.unlink()
    for name, content in made.items():
        (FOLDER / name).write_bytes(content)
    print(f"{len(made)} golden files in {FOLDER}")


if __name__ == "__main__":
    main()
