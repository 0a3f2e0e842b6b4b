"""Decisions by hand about who is who: kept beside a class's evidence, applied between linking and judging.

Linking stays as the machine made it; a decision is applied to it anew each time, so that taking it back leaves no trace
in any count. It names its persons by when and where they are in a clip's picture: as long as the clip is the same, a
new scan finds them again. A decision whose persons aren't there any more is stale: it changes nothing, and is told.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vidaudit.errors import UsageError
from vidaudit.model.decision import Anchor, Decision, DecisionKind, DecisionLog, DecisionOutcome, DecisionState
from vidaudit.model.doubt import DoubtKind, doubts
from vidaudit.model.evidence import ClassEvidence, PersonSeen
from vidaudit.model.people import Appearance, ClassPerson, DayPeople, PeopleEvidence
from vidaudit.run.codec import UnreadableError, from_json
from vidaudit.run.untrusted import read_small

DECISIONS_FILE = "decisions.json"
_LARGEST_BYTES = 64 * 1024 * 1024
_SAME_TIME_S = 0.01  # far below the time between two pictures
_SAME_PLACE = 0.5  # of the face's width: two faces in one picture are farther apart


def read_decisions(folder: Path) -> bytes:
    """What `decisions.json` in a class's report folder holds; empty when there is none."""
    try:
        return read_small(folder / DECISIONS_FILE, _LARGEST_BYTES)
    except OSError:
        return b""


def parse_decisions(content: bytes) -> DecisionLog:
    """The decisions in it; none for no content. Raises UnreadableError when it isn't such a file."""
    return from_json(content, DecisionLog) if content else DecisionLog()


def decisions_of(folder: Path) -> DecisionLog:
    """The decisions in a class's report folder. Raises UsageError when they can't be read."""
    try:
        return parse_decisions(read_decisions(folder))
    except UnreadableError as error:
        raise UsageError(
            f"{folder / DECISIONS_FILE} can't be read. Put it right from a copy, or remove it and decide again."
        ) from error


def decided(evidence: ClassEvidence, content: bytes) -> ClassEvidence:
    """The evidence with all decisions applied that hold; `content` as in `read_decisions`."""
    try:
        log = parse_decisions(content)
    except UnreadableError:
        return replace(evidence, decisions=None)
    return apply_decisions(evidence, log)


def apply_decisions(evidence: ClassEvidence, log: DecisionLog) -> ClassEvidence:
    """The evidence with the persons as decided, in the order of the decisions, and what became of each of them."""
    if not log.decisions:
        return evidence
    sights = _sights(evidence)
    undone = {decision.undoes for decision in log.decisions}
    book = _Book(evidence.people, {clip.path: order for order, clip in enumerate(evidence.clips)})
    outcomes = []
    for decision in log.decisions:
        state = DecisionState.UNDONE if decision.number in undone else book.apply(decision, sights)
        outcomes.append(DecisionOutcome(decision=decision, state=state))
    people = None if evidence.people is None else book.people(evidence, evidence.people, sights)
    return replace(evidence, people=people, decisions=tuple(outcomes))


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Who decides, and when."""

    who: str
    when: dt.datetime


def with_merge(evidence: ClassEvidence, log: DecisionLog, numbers: Sequence[int], maker: Maker) -> DecisionLog:
    """The log with the decision that these persons are one.

    Args:
        evidence: with the decisions of the log applied.
        numbers: the persons as they are shown.

    Raises:
        UsageError: fewer than two persons, or one that isn't there.
    """
    if len(set(numbers)) < 2:
        raise UsageError("A merge takes at least two different persons, as in --merge 3,5.")
    sights = _sights(evidence)
    wanted = [_person(evidence, number) for number in dict.fromkeys(numbers)]
    anchors = tuple(_anchor(person.appearances[0], sights) for person in wanted)
    return _with(log, DecisionKind.MERGE, maker, persons=tuple(dict.fromkeys(numbers)), anchors=anchors)


def with_split(evidence: ClassEvidence, log: DecisionLog, number: int, where: str, maker: Maker) -> DecisionLog:
    """The log with the decision that this person's sights in a clip, or on a day, are somebody else.

    Args:
        evidence: with the decisions of the log applied.
        where: a clip, by its path or its file name, or the folder of a day.

    Raises:
        UsageError: no such person; nothing, or everything, of the person is there; several clips of that name.
    """
    person = _person(evidence, number)
    days = {clip.path: clip.day for clip in evidence.folder.clips}
    taken = [one for one in person.appearances if where in (one.clip, days.get(one.clip), Path(one.clip).name)]
    if not taken:
        raise UsageError(f"Person {number} was not seen in {where!r}. Seen in: {_list(person)}.")
    if len(taken) == len(person.appearances):
        raise UsageError(f"All sights of person {number} are in {where!r}: nothing would be left. See --list.")
    if where not in days.values() and len({one.clip for one in taken}) > 1:
        raise UsageError(f"Several clips are called {where!r}. Give the path: {_list(person)}.")
    sights = _sights(evidence)
    anchors = tuple(_anchor(appearance, sights) for appearance in taken)
    return _with(log, DecisionKind.SPLIT, maker, persons=(number,), anchors=anchors)


def with_undo(log: DecisionLog, number: int, maker: Maker) -> DecisionLog:
    """The log with the decision of this number taken back. Raises UsageError when it isn't there, or can't be."""
    decision = next((one for one in log.decisions if one.number == number), None)
    if decision is None or decision.kind is DecisionKind.UNDO:
        raise UsageError(f"There is no decision {number} to take back. See --list.")
    if any(one.undoes == number for one in log.decisions):
        raise UsageError(f"Decision {number} has been taken back already.")
    return _with(log, DecisionKind.UNDO, maker, persons=decision.persons, undoes=number)


def _with(
    log: DecisionLog,
    kind: DecisionKind,
    maker: Maker,
    *,
    persons: tuple[int, ...],
    anchors: tuple[Anchor, ...] = (),
    undoes: int | None = None,
) -> DecisionLog:
    number = 1 + max((one.number for one in log.decisions), default=0)
    new = Decision(
        number=number, kind=kind, who=maker.who, when=maker.when, persons=persons, anchors=anchors, undoes=undoes
    )
    return replace(log, decisions=(*log.decisions, new))


def _person(evidence: ClassEvidence, number: int) -> ClassPerson:
    persons = () if evidence.people is None else evidence.people.persons
    for person in persons:
        if person.number == number:
            return person
    raise UsageError(f"There is no person {number} in this class. See --list.")


def _list(person: ClassPerson) -> str:
    return ", ".join(dict.fromkeys(appearance.clip for appearance in person.appearances))


Sights = Mapping[Appearance, PersonSeen]


def _sights(evidence: ClassEvidence) -> Sights:
    return {
        Appearance(clip=clip.path, index=person.index): person
        for clip in evidence.clips
        if clip.faces is not None
        for person in clip.faces.persons
    }


def _anchor(appearance: Appearance, sights: Sights) -> Anchor:
    best = sights[appearance].best
    return Anchor(clip=appearance.clip, at_s=best.at_s, x_px=best.box.x_px)


def _found(anchor: Anchor, sights: Sights) -> Appearance | None:
    """The sight that the anchor is of; None when the clip shows nobody at that time and place."""
    for appearance, person in sights.items():
        if appearance.clip == anchor.clip and _is_at(person, anchor):
            return appearance
    return None


def _is_at(person: PersonSeen, anchor: Anchor) -> bool:
    best = person.best
    is_then = abs(best.at_s - anchor.at_s) <= _SAME_TIME_S
    return is_then and abs(best.box.x_px - anchor.x_px) <= _SAME_PLACE * best.box.width_px


@dataclass(kw_only=True, eq=False)
class _Entry:
    """A person while decisions are applied; `original` as long as none touched it."""

    number: int
    appearances: list[Appearance]
    by_hand: list[int] = field(default_factory=list)
    original: ClassPerson | None = None


class _Book:
    """The persons of a class, changed decision by decision. `order` is the place of each clip among all."""

    def __init__(self, people: PeopleEvidence | None, order: Mapping[str, int]) -> None:
        persons = () if people is None else people.persons
        self._order = order
        self._entries = [
            _Entry(number=person.number, appearances=list(person.appearances), original=person) for person in persons
        ]
        self._last_number = max((person.number for person in persons), default=0)

    def apply(self, decision: Decision, sights: Sights) -> DecisionState:
        """Change what the decision asks for; nothing when it is stale."""
        found = [_found(anchor, sights) for anchor in decision.anchors]
        known = {appearance for entry in self._entries for appearance in entry.appearances}
        held = {appearance for appearance in found if appearance in known}
        if None in found or len(held) < len(found):
            return DecisionState.STALE
        touched = [entry for entry in self._entries if held & set(entry.appearances)]
        if decision.kind is DecisionKind.MERGE:
            self._merge(touched, decision.number)
        elif decision.kind is DecisionKind.SPLIT:
            for entry in touched:
                self._split(entry, held, decision.number)
        return DecisionState.APPLIED

    def _merge(self, entries: Sequence[_Entry], decision: int) -> None:
        if len(entries) < 2:
            return
        first, *others = sorted(entries, key=lambda entry: entry.number)
        together = [appearance for entry in entries for appearance in entry.appearances]
        first.appearances = sorted(together, key=lambda one: (self._order[one.clip], one.index))
        first.by_hand = sorted({decision, *(number for entry in entries for number in entry.by_hand)})
        first.original = None
        self._entries = [entry for entry in self._entries if entry not in others]

    def _split(self, entry: _Entry, away: set[Appearance], decision: int) -> None:
        taken = [appearance for appearance in entry.appearances if appearance in away]
        if len(taken) == len(entry.appearances):
            return
        self._last_number += 1
        self._entries.append(_Entry(number=self._last_number, appearances=taken, by_hand=[decision]))
        entry.appearances = [appearance for appearance in entry.appearances if appearance not in away]
        entry.by_hand.append(decision)
        entry.original = None

    def people(self, evidence: ClassEvidence, before: PeopleEvidence, sights: Sights) -> PeopleEvidence:
        """The persons as they are now, and the days with their numbers and bounds."""
        days = {clip.path: clip.day for clip in evidence.folder.clips}
        persons = tuple(
            entry.original or _class_person(entry, days, sights)
            for entry in sorted(self._entries, key=lambda entry: entry.number)
        )
        return PeopleEvidence(persons=persons, days=tuple(_day(day, before.persons, persons) for day in before.days))


def _class_person(entry: _Entry, days: Mapping[str, str | None], sights: Sights) -> ClassPerson:
    own = (days.get(appearance.clip) for appearance in entry.appearances)
    best = max((sights[one] for one in entry.appearances), key=lambda seen: seen.best.effective_width_px or 0.0)
    return ClassPerson(
        number=entry.number,
        appearances=tuple(entry.appearances),
        days=tuple(dict.fromkeys(day for day in own if day is not None)),
        snapshot=best.snapshot,
        by_hand=tuple(entry.by_hand),
    )


def _day(day: DayPeople, before: Iterable[ClassPerson], after: Iterable[ClassPerson]) -> DayPeople:
    """The day with another number of persons.

    What a person decided is certain, so the upper bound moves along. The lower one is never raised: who was split may
    still be the same as a third.
    """
    change = sum(day.day in person.days for person in after) - sum(day.day in person.days for person in before)
    if change == 0:
        return day
    persons = day.persons + change
    low = min(day.low, persons)
    number = {doubt.kind: doubt.number for doubt in day.doubts}
    one_clip = min(persons - low, max(0, number.get(DoubtKind.ONE_CLIP, 0) + change))
    kept = {kind: number.get(kind, 0) for kind in DoubtKind}
    kept |= {DoubtKind.ONE_CLIP: one_clip, DoubtKind.LOOK_ALIKE: persons - low - one_clip}
    return replace(
        day,
        persons=persons,
        low=low,
        high=day.high + change,
        doubts=doubts(**{kind.value.replace("-", "_"): value for kind, value in kept.items()}),
    )
