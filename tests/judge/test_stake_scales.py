"""Every scale of the five documents, worked by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.judge.stakes import PASS, PROFILES, at_stake, line, planned, yuan
from vidaudit.judge.stake import per_head_by_days
from vidaudit.model.settings import DayRate
from vidaudit.model.stake import Item


@pytest.mark.parametrize(
    ("profile", "kind", "days", "each"),
    [
        ("huguan-2024", "project", 0, "0"),
        ("huguan-2024", "project", 1, "150"),
        ("huguan-2024", "project", 9, "1350"),  # 9 x 150
        ("huguan-2024", "project", 10, "1500"),  # 10 x 150
        ("huguan-2024", "project", 11, "1600"),  # 10 x 150 + 1 x 100
        ("huguan-2024", "order", 24, "2900"),  # 10 x 150 + 14 x 100
        ("huguan-2024", "order", 44, "4900"),  # 10 x 150 + 34 x 100
        ("huguan-2024", "order", 45, "5000"),  # 10 x 150 + 35 x 100
        ("huguan-2024", "order", 46, "5000"),  # 5,100, capped at 5,000
        ("shanxi-2023", "order", 46, "5000"),
        ("shanxi-2022", "order", 34, "3900"),  # 10 x 150 + 24 x 100
        ("shanxi-2022", "order", 35, "4000"),  # 10 x 150 + 25 x 100
        ("shanxi-2022", "project", 36, "4000"),  # 4,100, capped at 4,000
        ("lanxian-2022", "project", 36, "4000"),
        ("shanxi-2022-cluster", "cluster", 66, "6600"),  # 66 x 100
        ("shanxi-2022-cluster", "cluster", 79, "7900"),
        ("shanxi-2022-cluster", "cluster", 80, "8000"),
        ("shanxi-2022-cluster", "cluster", 81, "8000"),  # 8,100, capped at 8,000
    ],
)
def test_a_person_is_paid_by_the_days_up_to_the_cap(profile: str, kind: str, days: int, each: str) -> None:
    scale = PROFILES[profile].subsidy_for(kind)
    assert scale is not None
    assert per_head_by_days(scale, days).yuan == Decimal(each)


# (profile, scale): (kind, level, days of eight class hours, what thirty people are claimed to be worth), by hand.
WORKED = {
    ("huguan-2024", "by-day"): ("project", None, 11, 48_000),  # 30 x (10 x 150 + 1 x 100)
    ("huguan-2024", "company"): ("company", None, 3, 9_000),  # 30 x 300
    ("huguan-2024", "apprentice"): ("apprentice", None, 3, 150_000),  # 30 x 5,000 a year
    ("huguan-2024", "online"): ("online", "senior", 7, 8_400),  # 30 x 56 hours x 5
    ("shanxi-2023", "by-day"): ("order", None, 10, 45_000),  # 30 x 10 x 150
    ("shanxi-2023", "company"): ("company", None, 9, 9_000),  # 30 x 300, however long
    ("shanxi-2023", "apprentice"): ("apprentice", None, 90, 150_000),  # 30 x 5,000
    ("shanxi-2023", "online"): ("online", "intermediate", 9, 8_400),  # 72 hours x 4 = 288, limited to 280
    ("shanxi-2022", "by-day"): ("order", None, 36, 120_000),  # 10 x 150 + 26 x 100 = 4,100, limited to 4,000
    ("shanxi-2022", "general"): ("migrant", None, 7, 30_000),  # 30 x at most 1,000
    ("shanxi-2022", "cluster"): ("cluster", None, 100, 240_000),  # 30 x at most 8,000
    ("shanxi-2022", "online"): ("online", "senior", 8, 9_000),  # 64 hours x 5 = 320, limited to 300
    ("lanxian-2022", "by-day"): ("project", None, 11, 48_000),
    ("lanxian-2022", "general"): ("general", None, 3, 30_000),
    ("lanxian-2022", "online"): ("online", "beginner", 12, 8_640),  # 30 x 96 hours x 3
    ("shanxi-2022-cluster", "cluster"): ("cluster", None, 81, 240_000),  # 8,100, limited to 8,000
}


def test_every_scale_of_every_document_is_worked_by_hand() -> None:
    assert set(WORKED) == {(name, scale.id) for name, profile in PROFILES.items() for scale in profile.subsidies}


@pytest.mark.parametrize(("profile", "scale"), WORKED)
def test_a_class_of_thirty_by_every_scale(profile: str, scale: str) -> None:
    kind, level, days, claimed = WORKED[profile, scale]
    found = PROFILES[profile].subsidy_for(kind)
    assert found is not None
    assert found.id == scale
    made = at_stake(profile, kind, [PASS] * days, dossier=planned(range(days)), seen=[(30, 30)] * days)
    one = line(made, Item.TRAINING, level)
    assert yuan(one)[0] == Decimal(claimed)
    assert one.clause == found.clause
    assert yuan(one)[1] == (None if one.is_at_most else Decimal(claimed))


@pytest.mark.parametrize("profile", PROFILES)
def test_certificates_of_every_document(profile: str) -> None:
    made = at_stake(profile, PROFILES[profile].default_kind, [PASS], seen=[(30, 30)])
    each = {"beginner": 400, "intermediate": 600, "senior": 800, "special-operation": 400, "single-skill": 200}
    found = {one.level: yuan(one)[0] for one in made.lines if one.item is Item.CERTIFICATE}
    expected = set(each) - {"single-skill", *(["special-operation"] if profile == "shanxi-2022-cluster" else [])}
    expected |= {"single-skill"} if profile == "lanxian-2022" else set()
    assert found == {level: 30 * each[level] for level in expected}


@pytest.mark.parametrize("profile", ["huguan-2024", "shanxi-2023", "shanxi-2022", "lanxian-2022"])
@pytest.mark.parametrize("kind", ["order", "project"])
def test_from_the_eleventh_day_on_a_day_is_worth_less(profile: str, kind: str) -> None:
    scale = PROFILES[profile].subsidy_for(kind)
    assert scale is not None
    assert [per_head_by_days(scale, days).yuan for days in (9, 10, 11, 12)] == [1350, 1500, 1600, 1700]


def test_amounts_are_exact_to_the_last_figure() -> None:
    scale = PROFILES["huguan-2024"].subsidy_for("order")
    assert scale is not None
    odd = replace(scale, day_rates=(DayRate(yuan=Decimal("0.1")),), cap_yuan=Decimal("0.7"))
    assert [str(per_head_by_days(odd, days).yuan) for days in (3, 6, 7, 8)] == ["0.3", "0.6", "0.7", "0.7"]
