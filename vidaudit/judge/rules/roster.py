"""Whether the roster itself is in order. Findings name rows, never a name beside an ID number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, passed, to_review
from vidaudit.judge.rule import Rule
from vidaudit.judge.rules.roster_class import CLASS_CODES, differences
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.roster import Roster, Trainee
from vidaudit.model.verdict import Finding, Scope

FILE_FAULTS: Final = ("no-header", "no-rows", "unreadable", "encrypted", "several-rosters", "formulas", "outside-class")
ID_FAULTS: Final = ("rounded", "length", "characters", "birth-date", "checksum", "sex", "age", "birth")


@dataclass(frozen=True, kw_only=True)
class RosterParameters:
    """What a roster must hold.

    Args:
        required_columns: canonical names.
        failing_id_faults: faults of ID numbers that leave no doubt.
        min_age_years, max_age_years: who is younger or older by the ID number needs a look.
    """

    required_columns: tuple[str, ...]
    failing_id_faults: tuple[str, ...]
    min_age_years: int
    max_age_years: int


def check_roster_valid(evidence: ClassEvidence, parameters: RosterParameters) -> Iterator[Finding]:
    """The roster could be read whole and is this class's, nobody is in it twice, and every ID number can exist."""
    roster = evidence.roster
    assert roster is not None
    faults = [*_check_file(roster, parameters), *differences(evidence, roster)]
    for trainee in roster.trainees:
        faults.extend(_check_trainee(trainee, parameters))
    yield from faults or [passed("ok", {"trainees": roster.size})]


def _check_file(roster: Roster, parameters: RosterParameters) -> Iterator[Finding]:
    faults = set(roster.faults)
    if not roster.trainees and not faults:
        faults.add("no-rows")
    if "several-rosters" in faults and not roster.other_files:
        faults.remove("several-rosters")
        yield to_review("several-lists", {"file": roster.file})
    for fault in sorted(faults):
        yield to_review(fault, {"file": roster.file, "other_files": roster.other_files})
    for column in sorted(set(roster.missing_columns) & set(parameters.required_columns)):
        yield to_review("missing-column", {"file": roster.file, "column": column})


def _check_trainee(trainee: Trainee, parameters: RosterParameters) -> Iterator[Finding]:
    for fault in trainee.id_faults:
        verdict = failed if fault in parameters.failing_id_faults else to_review
        yield verdict(f"id-{fault}", {"row": trainee.row, "id_masked": trainee.id_masked})
    if trainee.duplicate_of_row is not None:
        # Without a number only the names are the same, and two people may share one.
        verdict = to_review if trainee.id_masked is None else failed
        code = "same-name" if trainee.id_masked is None else "duplicate"
        yield verdict(code, {"row": trainee.row, "first_row": trainee.duplicate_of_row})
    if trainee.also_in:
        yield to_review("also-enrolled", {"row": trainee.row, "classes": trainee.also_in})
    yield from _check_age(trainee, parameters)
    for column in trainee.missing:
        if column in parameters.required_columns:
            yield to_review("missing-field", {"row": trainee.row, "column": column})


def _check_age(trainee: Trainee, parameters: RosterParameters) -> Iterator[Finding]:
    age = trainee.age_by_number
    if age is not None and age < parameters.min_age_years:
        yield to_review("too-young", {"row": trainee.row, "age": age, "min_age_years": parameters.min_age_years})
    if age is not None and age > parameters.max_age_years:
        yield to_review("too-old", {"row": trainee.row, "age": age, "max_age_years": parameters.max_age_years})


ROSTER_VALID: Final = Rule(
    id="ROS001",
    slug="roster-valid",
    title_zh="花名册有效性",
    title_en="Roster valid",
    scope=Scope.ROSTER,
    rationale="The subsidy is paid per person: a number that can't exist, or one person twice, is paid wrongly.",
    parameters=RosterParameters,
    check=check_roster_valid,
    codes={
        "ok": ("trainees",),
        **dict.fromkeys(FILE_FAULTS, ("file", "other_files")),
        "several-lists": ("file",),
        **CLASS_CODES,
        "missing-column": ("file", "column"),
        **{f"id-{fault}": ("row", "id_masked") for fault in ID_FAULTS},
        "duplicate": ("row", "first_row"),
        "same-name": ("row", "first_row"),
        "missing-field": ("row", "column"),
        "also-enrolled": ("row", "classes"),
        "too-young": ("row", "age", "min_age_years"),
        "too-old": ("row", "age", "max_age_years"),
    },
)
