"""The numbers of the five documents, as they stand there."""

from decimal import Decimal

import pytest

from vidaudit.model.settings import CapPer, DayRate, Employment, MonthDay, OfflineStep, Otherwise
from vidaudit.profile import available_profiles, load_profile

BY_DAY = (DayRate(days=10, yuan=Decimal(150)), DayRate(yuan=Decimal(100)))
CERTIFICATES = {
    "beginner": Decimal(400),
    "intermediate": Decimal(600),
    "senior": Decimal(800),
    "special-operation": Decimal(400),
}
EVERY = {name: load_profile(name) for name in available_profiles()}


def scale(profile: str, kind: str):
    found = EVERY[profile].subsidy_for(kind)
    assert found is not None
    return found


def test_there_is_a_profile_for_each_document():
    assert {profile.document for profile in EVERY.values()} == {
        "壶技能办发〔2024〕1号",
        "晋人社厅函〔2023〕786号",
        "晋技能组发〔2022〕1号",
        "岚技能办发〔2022〕2号",
        "晋技能办函〔2022〕1号",
    }


@pytest.mark.parametrize(
    ("profile", "document", "section", "cap", "otherwise"),
    [
        ("huguan-2024", "壶技能办发〔2024〕1号", "二(六)", 5000, Otherwise.EMPLOYED_ONLY),
        ("shanxi-2023", "晋人社厅函〔2023〕786号", "四(二)", 5000, Otherwise.UNSTATED),
        ("shanxi-2022", "晋技能组发〔2022〕1号", "二(七)", 4000, Otherwise.AS_GENERAL),
        ("lanxian-2022", "岚技能办发〔2022〕2号", "三(七)", 4000, Otherwise.AS_GENERAL),
    ],
)
@pytest.mark.parametrize("kind", ["order", "project"])
def test_training_to_order_and_projects_are_paid_by_the_day(profile, document, section, cap, otherwise, kind):
    found = scale(profile, kind)
    assert (found.day_rates, found.cap_yuan, found.cap_per) == (BY_DAY, Decimal(cap), CapPer.COURSE)
    assert found.employment == Employment(min_share=Decimal("0.8"), otherwise=otherwise)
    assert (found.clause.document, found.clause.section) == (document, section)


@pytest.mark.parametrize("profile", ["shanxi-2022", "lanxian-2022"])
@pytest.mark.parametrize("kind", ["general", "migrant"])
def test_general_training_is_paid_up_to_a_cap(profile, kind):
    found = scale(profile, kind)
    assert (found.day_rates, found.cap_yuan) == ((), Decimal(1000))
    extent = EVERY[profile].kinds["general"].extent
    assert extent is not None
    assert (extent.min_days, extent.max_days) == (3, 7)


@pytest.mark.parametrize("profile", ["huguan-2024", "shanxi-2023"])
def test_company_training_is_paid_a_head(profile):
    assert scale(profile, "company").per_head_yuan == Decimal(300)
    extent = EVERY[profile].kinds["company"].extent
    assert extent is not None
    assert (extent.min_days, extent.min_class_hours, extent.clause.section) == (3, 24, "四(一)2")


def test_apprentices_are_paid_a_year():
    found = scale("shanxi-2023", "apprentice")
    assert (found.per_head_yuan, found.cap_yuan, found.cap_per) == (Decimal(5000), Decimal(5000), CapPer.YEAR)


def test_clusters_are_paid_by_the_day_with_certificates_under_one_cap():
    found = scale("shanxi-2022-cluster", "cluster")
    assert found.day_rates == (DayRate(yuan=Decimal(100)),)
    assert (found.cap_yuan, found.cap_covers_certificates) == (Decimal(8000), True)
    assert found.employment is not None
    assert found.employment.min_share == Decimal("0.8")
    extent = EVERY["shanxi-2022-cluster"].kinds["cluster"].extent
    assert extent is not None
    assert extent.min_months == 3
    assert list(EVERY["shanxi-2022-cluster"].kinds) == ["cluster"]


def test_online_training_is_paid_by_the_class_hour():
    old, new = scale("shanxi-2022", "online"), scale("shanxi-2023", "online")
    rates = {"beginner": Decimal(3), "intermediate": Decimal(4), "senior": Decimal(5)}
    assert old.per_class_hour_yuan == new.per_class_hour_yuan == rates
    assert (old.cap_yuan, old.cap_per) == (Decimal(300), CapPer.YEAR)
    assert new.cap_by_level_yuan == {"beginner": Decimal(240), "intermediate": Decimal(280), "senior": Decimal(300)}
    assert old.offline_steps == (OfflineStep(below_share=Decimal("0.5"), paid_share=Decimal("0.5")),)
    assert [(step.below_share, step.paid_share) for step in new.offline_steps] == [
        (Decimal("0.1"), Decimal("0.4")),
        (Decimal("0.2"), Decimal("0.6")),
        (Decimal("0.3"), Decimal("0.8")),
    ]
    assert scale("lanxian-2022", "online") == old


@pytest.mark.parametrize(
    ("profile", "more"),
    [
        ("huguan-2024", {}),
        ("shanxi-2023", {}),
        ("shanxi-2022", {}),
        ("lanxian-2022", {"single-skill": Decimal(200)}),
    ],
)
def test_certificates(profile, more):
    found = EVERY[profile].certificates
    assert found is not None
    assert found.yuan == CERTIFICATES | more
    assert found.clause.document == EVERY[profile].document


@pytest.mark.parametrize(
    ("profile", "years"),
    [
        ("huguan-2024", 2),
        ("shanxi-2023", 2),
        ("shanxi-2022-cluster", 2),
        ("shanxi-2022", None),
        ("lanxian-2022", None),
    ],
)
def test_retention(profile, years):
    retention = EVERY[profile].retention
    assert (None if retention is None else retention.years) == years


@pytest.mark.parametrize(
    ("profile", "ends", "claims_end"),
    [
        ("huguan-2024", (11, 30), (12, 31)),
        ("shanxi-2022", (11, 30), (12, 31)),
        ("lanxian-2022", (11, 30), (12, 31)),
        ("shanxi-2022-cluster", (11, 30), (12, 20)),
    ],
)
def test_the_programme_year(profile, ends, claims_end):
    programme = EVERY[profile].programme
    assert programme is not None
    assert programme.ends == MonthDay(month=ends[0], day=ends[1])
    assert programme.claims_end == MonthDay(month=claims_end[0], day=claims_end[1])


def test_ten_minutes_of_each_class_hour():
    hours = EVERY["huguan-2024"].hours
    assert hours is not None
    assert (hours.min_recorded_s, hours.clause.section) == (600, "三(二)")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("order", "order"),
        ("订单式培训", "order"),
        (" 订单式 ", "order"),
        ("企业职工", "company"),
        ("Project Training", "project"),
        ("创业", "entrepreneurship"),
        ("线上职业技能培训", "online"),
        ("培训", None),
        ("", None),
        ("cluster", None),
    ],
)
def test_a_kind_is_found_by_id_and_by_name(name, kind):
    found = EVERY["huguan-2024"].kind_named(name)
    assert (None if found is None else found.id) == kind


@pytest.mark.parametrize("profile", EVERY.values(), ids=lambda profile: profile.id)
def test_every_kind_has_something_for_a_person_to_check(profile):
    assert profile.kinds
    for kind in profile.kinds:
        assert profile.manual_for(kind)
    assert len({item.id for item in profile.manual}) == len(profile.manual)
