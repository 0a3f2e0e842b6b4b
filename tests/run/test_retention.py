import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from tests.judge import builders
from tests.run.inline import PROFILE, publisher
from vidaudit.judge.catalogue import bind
from vidaudit.model.retention import RetentionState
from vidaudit.profile import load_profile
from vidaudit.run.retention import retention_row, retention_rows

GREEN = builders.green()
LAST = dt.date(2026, 5, 21)


def without_clocks(evidence):
    for clip in evidence.clips:
        evidence = builders.change_clip(evidence, clip.path, clock=None)
    return evidence


@pytest.mark.parametrize(
    ("today", "state", "left"),
    [
        (LAST - dt.timedelta(days=1), RetentionState.KEEP, 1),
        (LAST, RetentionState.KEEP, 0),
        (LAST + dt.timedelta(days=1), RetentionState.DUE, -1),
    ],
)
def test_footage_is_kept_to_the_last_day(today: dt.date, state: RetentionState, left: int) -> None:
    row = retention_row(GREEN, "out/班", PROFILE, today)
    assert (row.until, row.state, row.days_left, row.years) == (LAST, state, left, 2)
    assert PROFILE.retention is not None
    assert row.clause == PROFILE.retention.clause


def test_with_a_day_without_a_date_nothing_is_ever_due() -> None:
    evidence = builders.change_day(without_clocks(GREEN), builders.DAY2, year_from=None)
    row = retention_row(evidence, "out/班", PROFILE, dt.date(2030, 1, 1))
    assert (row.state, row.until, row.num_undated) == (RetentionState.UNKNOWN, dt.date(2026, 5, 20), 1)


def test_without_any_date_it_is_unknown() -> None:
    evidence = without_clocks(GREEN)
    for day in (builders.DAY1, builders.DAY2):
        evidence = builders.change_day(evidence, day, year_from=None)
    row = retention_row(evidence, "out/班", PROFILE, dt.date(2030, 1, 1))
    assert (row.state, row.until, row.days_left) == (RetentionState.UNKNOWN, None, None)


def test_a_profile_without_a_term() -> None:
    row = retention_row(GREEN, "out/班", load_profile("lanxian-2022"), LAST)
    assert (row.state, row.until, row.clause) == (RetentionState.NO_TERM, None, None)


def test_each_class_by_its_own_profile_and_what_is_due_first(tmp_path: Path) -> None:
    for name, profile in (("a", "lanxian-2022"), ("b", "huguan-2024")):
        loaded = load_profile(profile)
        folder = replace(GREEN.folder, name=name)
        publisher(tmp_path / name, profile=loaded).publish(replace(GREEN, folder=folder), bind(loaded), folder=name)
    runs = [tmp_path / "a", tmp_path / "b", tmp_path / "b" / "b"]
    rows = retention_rows(runs, LAST, None, "huguan-2024")
    assert [(row.name, row.profile_id) for row in rows] == [("b", "huguan-2024"), ("a", "lanxian-2022")]
    assert {row.profile_id for row in retention_rows(runs, LAST, PROFILE, "huguan-2024")} == {"huguan-2024"}
    (tmp_path / "a" / "a" / "report.json").unlink()
    assert {row.profile_id for row in retention_rows(runs, LAST, None, "huguan-2024")} == {"huguan-2024"}
