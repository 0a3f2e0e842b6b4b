"""Who is enrolled in several classes of one run, by the full ID numbers; only the classes' paths leave this module."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vidaudit.intake.classes import FoundClass
from vidaudit.intake.identity import mask_identity
from vidaudit.intake.roster import numbers_by_row


def with_double_enrolments(classes: Sequence[FoundClass]) -> tuple[FoundClass, ...]:
    """The classes, each trainee with the other classes that enrol the same ID number; a lone class as it is."""
    if len(classes) < 2:
        return tuple(classes)
    numbers = [_numbers(found) for found in classes]
    holders: dict[str, set[str]] = defaultdict(set)
    for found, rows in zip(classes, numbers, strict=True):
        for number in rows.values():
            holders[number].add(found.folder.path)
    return tuple(_marked(found, rows, holders) for found, rows in zip(classes, numbers, strict=True))


def _numbers(found: FoundClass) -> Mapping[int, str]:
    """{row: number} of a class's own roster; of lists side by side only those rows that can be told apart."""
    roster = found.roster
    if roster is None or roster.file not in found.sources:
        return {}
    unsound = {"rounded", "length", "characters"}
    masks = {one.row: one.id_masked for one in roster.trainees if unsound.isdisjoint(one.id_faults)}
    rows = numbers_by_row(found.sources[roster.file], roster)
    return {row: number for row, number in rows.items() if masks.get(row) == mask_identity(number)}


def _marked(found: FoundClass, rows: Mapping[int, str], holders: Mapping[str, set[str]]) -> FoundClass:
    if found.roster is None:
        return found
    others = {row: tuple(sorted(holders[number] - {found.folder.path})) for row, number in rows.items()}
    trainees = tuple(replace(one, also_in=others.get(one.row, ())) for one in found.roster.trainees)
    return replace(found, roster=replace(found.roster, trainees=trainees))
