"""Who comes every day, who seldom, who never: the class's persons day by day, and decisions made by hand about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import not_evaluated, passed, to_review
from vidaudit.judge.rule import Rule
from vidaudit.judge.subjects import clip_subjects
from vidaudit.model.decision import DecisionState
from vidaudit.model.doubt import DoubtKind
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.people import ClassPerson, PeopleEvidence
from vidaudit.model.submission import ClipKind
from vidaudit.model.verdict import Finding, Scope, Value, Where


@dataclass(frozen=True, kw_only=True)
class AttendanceParameters:
    """When the people of the days are the same people.

    Args:
        staff_expected: teachers and managers who are filmed too: so many more than the roster must be regulars.
        staff_max: as many more than the roster may be seen over all days.
        regular_share: who is seen on at least this share (0 to 1) of the days is a regular.
        turnover_share: all days together may show more persons than the fullest day by this share of it ...
        turnover_min: ... or by this many, whichever is more: links between days fail now and then.
        max_pictures: so many of those who come seldom are shown one by one.
    """

    staff_expected: int
    staff_max: int
    regular_share: float
    turnover_share: float
    turnover_min: int
    max_pictures: int


@dataclass(frozen=True, kw_only=True)
class _Attendance:
    """The persons of the class's days; `regulars` and `seldom` are all of them."""

    num_days: int
    largest: int
    regulars: tuple[ClassPerson, ...]
    seldom: tuple[ClassPerson, ...]

    @property
    def num_persons(self) -> int:
        return len(self.regulars) + len(self.seldom)

    def values(self) -> dict[str, Value]:
        """What the findings tell of all days together; `largest` is how many the fullest day shows."""
        once = sum(len(person.days) == 1 for person in self.seldom)
        counted = {"persons": self.num_persons, "days": self.num_days, "largest": self.largest}
        return {**counted, "regulars": len(self.regulars), "seldom": len(self.seldom), "once": once}


def check_same_people(evidence: ClassEvidence, parameters: AttendanceParameters) -> Iterator[Finding]:
    """The same people come every day, as many as are enrolled. What speaks against it is for a person to look at."""
    yield from _check_decisions(evidence)
    people = evidence.people
    if people is None:
        yield not_evaluated("no-people")
        return
    if not any(person.days for person in people.persons):
        yield not_evaluated("no-days" if people.persons else "nobody-seen")
        return
    missing = len(evidence.folder.days) - len(people.days)
    if missing > 0:
        yield not_evaluated("days-not-watched", {"missing": missing})
    yield from _check_days(evidence, people, parameters)


def _check_decisions(evidence: ClassEvidence) -> Iterator[Finding]:
    """A decision that holds no longer may have kept a count right: somebody must decide again."""
    if evidence.decisions is None:
        yield to_review("decisions-unreadable")
        return
    for outcome in evidence.decisions:
        if outcome.state is DecisionState.STALE:
            decision = outcome.decision
            values = {"decision": decision.number, "decision_kind": decision.kind.value, "numbers": decision.persons}
            yield to_review("decision-stale", values)


def _check_days(evidence: ClassEvidence, people: PeopleEvidence, parameters: AttendanceParameters) -> Iterator[Finding]:
    attendance = _attendance(people, parameters)
    size = None if evidence.roster is None else evidence.roster.size
    values = {**attendance.values(), "roster": size}
    if attendance.num_days == 1:
        yield passed("one-day", values)
        return
    guessed = sum(doubt.number for day in people.days for doubt in day.doubts if doubt.kind is DoubtKind.BLURRED)
    found = tuple(_against(attendance, size, values, parameters))
    if guessed:
        found = (*found, to_review("guessed", {**values, "guessed": guessed}))
    tiled = [clip.clip.path for clip in clip_subjects(evidence) if clip.clip.kind is ClipKind.FACE and clip.is_tiled]
    found = (*found, *(to_review("tiled", values, where=Where(clip=path)) for path in tiled[:1]))
    yield from found or (passed("enough-regulars" if attendance.seldom else "ok", values),)
    if any(finding.code in _SHOWN for finding in found):
        yield from _pictures(attendance, parameters.max_pictures)


def _attendance(people: PeopleEvidence, parameters: AttendanceParameters) -> _Attendance:
    num_days = len(people.days)
    seen = [person for person in people.persons if person.days]
    often = [len(person.days) >= parameters.regular_share * num_days for person in seen]
    return _Attendance(
        num_days=num_days,
        largest=max(day.persons for day in people.days),
        regulars=tuple(person for person, is_regular in zip(seen, often, strict=True) if is_regular),
        seldom=tuple(person for person, is_regular in zip(seen, often, strict=True) if not is_regular),
    )


def _against(
    attendance: _Attendance, size: int | None, values: dict[str, Value], parameters: AttendanceParameters
) -> Iterator[Finding]:
    """What speaks against it that the days show the same people, and all who are enrolled."""
    number = attendance.num_persons
    turnover = max(parameters.turnover_min, parameters.turnover_share * attendance.largest)
    if number > attendance.largest + turnover:
        yield to_review("different-people", values)
    if size is None:
        if attendance.seldom:
            yield to_review("seldom", values)
        return
    if number > size + parameters.staff_max:
        yield to_review("more-than-roster", {**values, "staff_max": parameters.staff_max})
    if number < size:
        yield to_review("never-seen", {**values, "missing": size - number})
    if attendance.seldom and len(attendance.regulars) < size + parameters.staff_expected:
        yield to_review("seldom", values)


def _pictures(attendance: _Attendance, most: int) -> Iterator[Finding]:
    """Those who come seldom, the rarest first, each with the picture; on the day, where there is only one."""
    shown: Sequence[ClassPerson] = sorted(attendance.seldom, key=lambda person: (len(person.days), person.number))
    for person in shown[:most]:
        where = Where(day=person.days[0]) if len(person.days) == 1 else Where()
        values = {"person": person.number, "seen_days": len(person.days), "days": attendance.num_days}
        yield to_review("seen-seldom", values, where=where, snapshot=person.snapshot)


_SHOWN: Final = frozenset({"different-people", "more-than-roster", "seldom"})
_ATTENDANCE: Final = ("persons", "days", "largest", "regulars", "seldom", "once", "roster")

SAME_PEOPLE: Final = Rule(
    id="CNT002",
    slug="same-people",
    title_zh="每日为同一批人员",
    title_en="The same people every day",
    scope=Scope.CLASS,
    rationale="The clips must let a later check tell who took part: the same people every day, and those enrolled.",
    parameters=AttendanceParameters,
    check=check_same_people,
    codes={
        "ok": _ATTENDANCE,
        "one-day": _ATTENDANCE,
        "enough-regulars": _ATTENDANCE,
        "different-people": _ATTENDANCE,
        "seldom": _ATTENDANCE,
        "never-seen": (*_ATTENDANCE, "missing"),
        "more-than-roster": (*_ATTENDANCE, "staff_max"),
        "guessed": (*_ATTENDANCE, "guessed"),
        "tiled": _ATTENDANCE,
        "seen-seldom": ("person", "seen_days", "days"),
        "decision-stale": ("decision", "decision_kind", "numbers"),
        "decisions-unreadable": (),
        "days-not-watched": ("missing",),
        "no-people": (),
        "nobody-seen": (),
        "no-days": (),
    },
)
