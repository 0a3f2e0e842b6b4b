"""`docs/profiles.md` names every key, and its example is a profile."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from vidaudit.judge.catalogue import rule_faults
from vidaudit.model.verdict import NotApplicable
from vidaudit.profile import available_profiles, load_profile
from vidaudit.profile.shape import PROFILE, Form, Table, Tables

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")


def keys(form: Form) -> Iterator[str]:
    if isinstance(form, Tables):
        yield from keys(form.of)
    elif isinstance(form, Table):
        for name, inner in form.keys.items():
            yield name
            yield from keys(inner)
        if form.each is not None:
            yield from keys(form.each)


def test_every_key_is_documented() -> None:
    assert {key for key in keys(PROFILE) if re.search(rf"\b{re.escape(key)}\b", PAGE) is None} == set()


def test_every_profile_and_reason_is_documented() -> None:
    assert all(f"| `{name}` |" in PAGE for name in (*available_profiles(), *NotApplicable))


def test_the_example_is_a_profile(tmp_path: Path) -> None:
    (example,) = re.findall(r"^    \[profile\]\n(?:(?:    .*)?\n)+?(?=Only)", PAGE, re.MULTILINE)
    (tmp_path / "my-county.toml").write_text(textwrap.dedent(example), encoding="utf-8")
    profile = load_profile(str(tmp_path / "my-county.toml"))
    assert rule_faults(profile) == ()
    assert profile.rules["noise"].level == "advise"
    assert profile.rules["resolution"].clause.document == "某技能办发〔2026〕3号"
