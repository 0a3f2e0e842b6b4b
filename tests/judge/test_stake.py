"""What is at stake in a class: by its claim and by its evidence, and what isn't known."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge import builders
from tests.judge.stakes import (
    FAIL,
    FIRST,
    OPEN,
    PASS,
    PROFILES,
    at_stake,
    codes,
    date_of,
    line,
    planned,
    verdict_on,
    yuan,
)
from vidaudit.judge.stake import fewest_employed, stake
from vidaudit.model.settings import Employment, Otherwise
from vidaudit.model.stake import DaysFrom, Item, NoteCode
from vidaudit.model.submission import DayFolder
from vidaudit.model.verdict import Status


def test_claim_and_evidence_of_a_class_of_24_days() -> None:
    made = at_stake("huguan-2024", "order", [PASS] * 12 + [OPEN] * 4 + [FAIL] * 8, seen=[(26, 31)] * 16)
    assert (made.days.claimed, made.days.passing, made.days.open, made.days.failing) == (24, 12, 4, 8)
    assert (made.people.claimed, made.people.low, made.people.high) == (30, 26, 30)
    training = line(made, Item.TRAINING)
    # 30 x (10 x 150 + 14 x 100); 26 x (10 x 150 + 2 x 100); 30 x (10 x 150 + 6 x 100)
    assert yuan(training) == (Decimal(87_000), Decimal(44_200), Decimal(63_000))
    assert (training.clause.document, training.clause.section) == ("壶技能办发〔2024〕1号", "二(六)")
    assert not training.is_at_most


def test_where_too_few_found_work_only_those_who_did_are_paid_in_huguan() -> None:
    made = at_stake("huguan-2024", "order", [PASS] * 12, seen=[(26, 31)] * 12)
    # 80 % of 30 are 24, so at most 23 x (10 x 150 + 2 x 100)
    instead = line(made, Item.TOO_FEW_EMPLOYED)
    assert yuan(instead) == (Decimal(39_100), None, Decimal(39_100))
    assert instead.is_at_most
    note = next(note for note in made.notes if note.code is NoteCode.EMPLOYMENT)
    assert note.values == {"min_share": 0.8, "people": 30, "least": 24}


@pytest.mark.parametrize("profile", ["shanxi-2022", "lanxian-2022"])
def test_where_too_few_found_work_general_training_is_paid_by_the_province(profile: str) -> None:
    made = at_stake(profile, "project", [PASS] * 12, seen=[(26, 31)] * 12)
    assert yuan(line(made, Item.TOO_FEW_EMPLOYED)) == (Decimal(30_000), None, Decimal(30_000))  # 30 x 1,000


def test_where_the_document_says_nothing_of_too_few_nothing_is_worked_out() -> None:
    made = at_stake("shanxi-2023", "order", [PASS] * 12)
    assert NoteCode.UNSTATED in codes(made)
    assert not [one for one in made.lines if one.item is Item.TOO_FEW_EMPLOYED]


def test_company_staff_are_paid_by_the_head_and_not_shown_by_footage() -> None:
    made = at_stake("huguan-2024", "company", [], enrolled=45)
    assert yuan(line(made, Item.TRAINING)) == (Decimal(13_500), None, None)  # 45 x 300
    assert {NoteCode.PEOPLE_UNKNOWN, NoteCode.DAYS_UNKNOWN, NoteCode.MIN_DAYS_OR_HOURS} <= codes(made)


def test_apprentices_are_paid_by_the_year() -> None:
    made = at_stake("shanxi-2023", "apprentice", [], enrolled=3)
    training = line(made, Item.TRAINING)
    assert yuan(training) == (Decimal(15_000), None, None)  # 3 x 5,000
    assert training.is_at_most
    assert NoteCode.CAP_YEAR in codes(made)


def test_of_general_training_only_the_limit_is_known() -> None:
    made = at_stake("shanxi-2022", "general", [PASS] * 5, seen=[(20, 28)] * 5)
    training = line(made, Item.TRAINING)
    assert yuan(training) == (Decimal(30_000), None, Decimal(28_000))  # 30 x 1,000; 28 x 1,000
    assert training.is_at_most
    assert {NoteCode.RATE_UNSTATED, NoteCode.MIN_DAYS, NoteCode.MAX_DAYS} <= codes(made)


def test_cluster_training_with_its_certificates_is_limited_together() -> None:
    made = at_stake("shanxi-2022-cluster", "cluster", [PASS] * 66, seen=[(10, 12)] * 66, enrolled=12)
    assert yuan(line(made, Item.TRAINING)) == (Decimal(79_200), Decimal(66_000), Decimal(79_200))  # 12 and 10 x 6,600
    assert yuan(line(made, Item.TOGETHER)) == (Decimal(96_000), None, Decimal(96_000))  # 12 x 8,000
    assert {NoteCode.MIN_MONTHS, NoteCode.UNSTATED} <= codes(made)


def test_online_training_is_limited_by_level_while_the_hours_are_not_known() -> None:
    made = at_stake("shanxi-2023", "online", [], enrolled=100)
    limits = {level: yuan(line(made, Item.TRAINING, level))[0] for level in ("beginner", "intermediate", "senior")}
    assert limits == {"beginner": 24_000, "intermediate": 28_000, "senior": 30_000}  # 100 x 240, 280, 300
    assert {NoteCode.HOURS_UNKNOWN, NoteCode.OFFLINE} <= codes(made)


def test_online_training_of_2022_has_one_limit_for_the_year() -> None:
    made = at_stake("shanxi-2022", "online", [], enrolled=100)
    assert yuan(line(made, Item.TRAINING, "beginner"))[0] == Decimal(30_000)  # 100 x 300
    assert NoteCode.CAP_YEAR in codes(made)


@pytest.mark.parametrize(
    ("profile", "level", "each"),
    [
        ("huguan-2024", "beginner", 400),
        ("huguan-2024", "intermediate", 600),
        ("huguan-2024", "senior", 800),
        ("huguan-2024", "special-operation", 400),
        ("lanxian-2022", "single-skill", 200),
    ],
)
def test_of_certificates_the_limit_is_given_for_each_level(profile: str, level: str, each: int) -> None:
    made = at_stake(profile, "order", [PASS], seen=[(20, 25)])
    one = line(made, Item.CERTIFICATE, level)
    assert yuan(one) == (30 * Decimal(each), None, 25 * Decimal(each))
    assert one.is_at_most


@pytest.mark.parametrize(
    ("filed", "shown"),
    [
        ("初级", ["beginner"]),
        ("四级/中级工", ["intermediate"]),
        ("初级、高级", ["beginner", "senior"]),
        ("特种作业", ["special-operation"]),
        ("专项职业能力", ["beginner", "intermediate", "senior", "special-operation"]),  # of which Huguan says nothing
        ("技师", ["beginner", "intermediate", "senior", "special-operation"]),
        (None, ["beginner", "intermediate", "senior", "special-operation"]),
    ],
)
def test_the_level_of_the_dossier_narrows_the_certificates(filed: str | None, shown: list[str]) -> None:
    made = at_stake("huguan-2024", "order", [PASS], dossier=replace(planned([0]), level=filed))
    assert [one.level for one in made.lines if one.item is Item.CERTIFICATE] == shown
    assert line(made, Item.TRAINING).level is None
    notes = [note.values for note in made.notes if note.code is NoteCode.LEVEL_FILED]
    assert notes == ([{"stake_level": tuple(shown)}] if len(shown) < 4 else [])


def test_the_level_of_the_dossier_narrows_online_training() -> None:
    dossier = replace(planned(range(3)), level="中级")
    made = at_stake("shanxi-2023", "online", [], enrolled=100, dossier=dossier)
    assert yuan(line(made, Item.TRAINING, "intermediate"))[0] == Decimal(9_600)  # 100 x 24 hours x 4
    assert {one.level for one in made.lines} == {"intermediate"}


def test_a_kind_without_a_scale_says_so() -> None:
    made = at_stake("huguan-2024", "general", [PASS] * 3)
    assert NoteCode.NO_SCALE in codes(made)
    assert {one.item for one in made.lines} == {Item.CERTIFICATE}


def test_without_a_roster_nothing_is_claimed_and_nothing_guessed() -> None:
    made = at_stake("huguan-2024", "order", [PASS] * 2, enrolled=None, seen=[(20, 25), (22, 24)])
    assert yuan(line(made, Item.TRAINING)) == (None, Decimal(6_000), Decimal(7_500))  # 20 and 25 x 2 x 150
    assert NoteCode.ROSTER_UNKNOWN in codes(made)


def test_people_that_were_not_counted_are_not_guessed() -> None:
    made = at_stake("huguan-2024", "order", [PASS] * 2)
    assert (made.people.low, made.people.high) == (None, None)
    assert yuan(line(made, Item.TRAINING)) == (Decimal(9_000), None, None)  # 30 x 2 x 150


def test_a_day_that_could_not_be_counted_leaves_the_bounds_wide() -> None:
    made = at_stake("huguan-2024", "order", [PASS] * 2, seen=[(20, 25), None])
    assert (made.people.low, made.people.high) == (0, 30)


def test_an_open_day_does_not_lower_what_is_certain() -> None:
    made = at_stake("huguan-2024", "order", [PASS, OPEN], seen=[(20, 25), (3, 9)])
    assert (made.people.low, made.people.high) == (20, 25)


def test_where_every_day_fails_nothing_is_evidenced() -> None:
    made = at_stake("huguan-2024", "order", [FAIL] * 2, seen=[(20, 25)] * 2)
    assert yuan(line(made, Item.TRAINING)) == (Decimal(9_000), Decimal(0), Decimal(0))


def test_without_face_clips_lectures_count_the_people_but_not_the_teacher() -> None:
    seen = builders.heads(22, max_at_once=18, num_living=4, num_staff_likely=1)
    green = builders.green()
    clip = replace(green.clips[2], path="0/lecture.mp4", heads=seen)
    folder = replace(green.folder, days=(DayFolder(path="0", date=FIRST),), clips=())
    evidence = replace(green, folder=folder, clips=(clip,), people=None, roster=None)
    made = stake(verdict_on(evidence, [PASS], 30, "order"), evidence, PROFILES["huguan-2024"])
    assert (made.people.low, made.people.high) == (17, 26)


def test_two_folders_of_one_date_are_one_day_and_a_person_looks_where_they_differ() -> None:
    green = builders.green()
    folders = tuple(DayFolder(path=path, date=FIRST) for path in ("a", "b"))
    evidence = replace(green, folder=replace(green.folder, days=folders, clips=()), clips=(), roster=None)
    for statuses, expected in (((PASS, PASS), (1, 0, 0)), ((PASS, FAIL), (0, 1, 0)), ((FAIL, FAIL), (0, 0, 1))):
        days = stake(verdict_on(evidence, statuses, 30, "order"), evidence, PROFILES["huguan-2024"]).days
        assert (days.passing, days.open, days.failing) == expected
        assert days.claimed == 1


@pytest.mark.parametrize(
    ("dates", "source", "claimed", "missing"),
    [
        ((0, 1, 2, 3), DaysFrom.ROSTER, 4, 2),
        ((0, 1), DaysFrom.ROSTER, 2, 0),
        ((700, 701), DaysFrom.FOLDERS, 2, 0),  # of another year: of another class, or a slip
        ((), DaysFrom.FOLDERS, 2, 0),
    ],
)
def test_the_roster_tells_the_claimed_days(
    dates: tuple[int, ...], source: DaysFrom, claimed: int, missing: int
) -> None:
    green = builders.green()
    folders = tuple(DayFolder(path=str(number), date=date_of(number)) for number in range(2))
    roster = builders.roster(30, training_dates=tuple(map(date_of, dates)))
    evidence = replace(green, folder=replace(green.folder, days=folders, clips=()), clips=(), roster=roster)
    days = stake(verdict_on(evidence, [PASS, PASS], 30, "order"), evidence, PROFILES["huguan-2024"]).days
    assert (days.source, days.claimed, days.missing) == (source, claimed, missing)


@pytest.mark.parametrize(
    ("dates", "source", "claimed"),
    [((0, 1, 2), DaysFrom.PLAN, 3), ((0, None), DaysFrom.FOLDERS, 2), ((), DaysFrom.FOLDERS, 2)],
)
def test_the_plan_tells_the_claimed_days_where_it_names_all(
    dates: tuple[int | None, ...], source: DaysFrom, claimed: int
) -> None:
    days = at_stake("huguan-2024", "order", [PASS, PASS], dossier=planned(dates)).days
    assert (days.source, days.claimed) == (source, claimed)


def test_a_day_that_is_not_in_the_plan_is_not_paid() -> None:
    days = at_stake("huguan-2024", "order", [PASS, PASS, PASS], dossier=planned((0, 1, 9))).days
    assert (days.claimed, days.passing, days.missing) == (3, 2, 1)


@pytest.mark.parametrize(
    ("number", "class_hours", "beginner"),
    [
        (3, Fraction(8), "7200"),  # 100 x 24 hours x 3
        (10, Fraction(8), "24000"),  # 100 x 80 x 3: exactly the limit of 240
        (11, Fraction(8), "24000"),  # 264 each, limited to 240
        (3, Fraction(1, 4), "24000"),  # hours that make no whole: not known, so the limit
        (3, None, "24000"),
    ],
)
def test_online_training_is_paid_by_the_class_hours_of_the_plan(
    number: int, class_hours: Fraction | None, beginner: str
) -> None:
    made = at_stake("shanxi-2023", "online", [], enrolled=100, dossier=planned(range(number), class_hours))
    one = line(made, Item.TRAINING, "beginner")
    assert yuan(one)[0] == Decimal(beginner)
    assert one.is_at_most  # who came to training on site isn't known


@pytest.mark.parametrize(("people", "least"), [(0, 0), (1, 1), (4, 4), (5, 4), (10, 8), (11, 9), (30, 24)])
def test_eighty_percent_are_rounded_up_to_whole_people(people: int, least: int) -> None:
    assert fewest_employed(Employment(min_share=Decimal("0.8"), otherwise=Otherwise.UNSTATED), people) == least


@given(
    statuses=st.lists(st.sampled_from(list(Status)), max_size=60),
    bounds=st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted),
    enrolled=st.integers(1, 60),
)
def test_what_is_certain_never_exceeds_what_is_possible_or_claimed(
    statuses: list[Status], bounds: list[int], enrolled: int
) -> None:
    seen = [(bounds[0], bounds[1])] * len(statuses)
    made = at_stake("huguan-2024", "order", statuses, enrolled=enrolled, seen=seen)
    claimed, low, high = yuan(line(made, Item.TRAINING))
    if low is not None and high is not None and claimed is not None:
        assert low <= high <= claimed
