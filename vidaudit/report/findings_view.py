"""What has to be done: the findings, gravest first, then by rule, with what is alike said once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from vidaudit.model.verdict import SEVERITY, Finding, Level, RuleResult, Status, Where
from vidaudit.report import formats
from vidaudit.report.material import Material
from vidaudit.report.text import shown

ADVICE = "advice"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place where a finding was made. `anchor` is unique in the page; `day` and `clip` are the model's paths.

    `beside` tells what the right half of a picture of two clips shows; empty for other pictures.
    """

    anchor: str
    day: str | None
    clip: str | None
    text: str
    time: str
    picture: str | None
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One message and the places that it holds for."""

    message: str
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Entries that one remedy mends; an empty remedy when there is nothing to mend."""

    remedy: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """What one rule found with one status."""

    rule_id: str
    slug: str
    title: str
    clause: str
    status: Status
    blocks: tuple[Block, ...]

    @property
    def places(self) -> Iterator[Place]:
        """All places, in page order."""
        return (place for block in self.blocks for entry in block.entries for place in entry.places)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the list. `key` is a status, or `advice` for rules that don't decide the class."""

    key: str
    status: Status
    groups: tuple[Group, ...]

    @property
    def num_places(self) -> int:
        """How many findings stand here."""
        return sum(1 for group in self.groups for _ in group.places)


def sections(material: Material) -> tuple[Section, ...]:
    """The findings that are not passes: required rules by severity, then those of rules that only advise."""
    numbers = count(1)
    by_status = [(status.value, status, Level.REQUIRE) for status in reversed(SEVERITY) if status is not Status.PASS]
    parts = [*by_status, *((ADVICE, status, Level.ADVISE) for _, status, _ in by_status)]
    made: dict[str, list[Group]] = {}
    for key, status, level in parts:
        rules = [rule for rule in material.verdict.rules if rule.level is level]
        made.setdefault(key, []).extend(_groups(material, rules, status, numbers))
    return tuple(
        Section(key=key, status=groups[0].status, groups=tuple(groups)) for key, groups in made.items() if groups
    )


def anchor_for(
    made: Iterable[Section], *, slug: str | None = None, day: str | None = None, clip: str | None = None
) -> str | None:
    """The anchor of the gravest finding of this rule, day or clip (those given must fit); None without one."""
    for section in made:
        for group in section.groups:
            if slug is not None and group.slug != slug:
                continue
            for place in group.places:
                if (day is None or place.day == day) and (clip is None or place.clip == clip):
                    return place.anchor
    return None


def _groups(material: Material, rules: Iterable[RuleResult], status: Status, numbers: Iterator[int]) -> list[Group]:
    groups = []
    for rule in rules:
        found = [finding for finding in rule.findings if finding.status is status]
        if found:
            groups.append(_group(material, rule, status, found, numbers))
    return groups


def _group(
    material: Material, rule: RuleResult, status: Status, found: Iterable[Finding], numbers: Iterator[int]
) -> Group:
    by_remedy: dict[str, dict[str, list[Finding]]] = {}
    for finding in found:
        said = material.words.finding(rule.slug, finding)
        by_remedy.setdefault(said.remedy, {}).setdefault(said.message, []).append(finding)
    return Group(
        rule_id=rule.id,
        slug=rule.slug,
        title=material.words.title(rule.slug),
        clause=material.clause(rule.clause),
        status=status,
        blocks=tuple(
            Block(
                remedy=remedy,
                entries=tuple(
                    Entry(message=message, places=tuple(_place(material, finding, next(numbers)) for finding in same))
                    for message, same in by_message.items()
                ),
            )
            for remedy, by_message in by_remedy.items()
        ),
    )


def _place(material: Material, finding: Finding, number: int) -> Place:
    where = finding.where
    return Place(
        anchor=f"f{number}",
        day=where.day,
        clip=where.clip,
        text=place_text(material, where),
        time="" if where.at_s is None else formats.clock(where.at_s),
        picture=material.picture(finding.snapshot),
        beside=_beside(material, finding),
    )


def _beside(material: Material, finding: Finding) -> str:
    """The other clip's name and time, where two are shown side by side."""
    clip, at_s = finding.values.get("other_clip"), finding.values.get("other_at_s")
    if finding.snapshot is None or not isinstance(clip, str) or not isinstance(at_s, int | float):
        return ""
    words = material.words
    other = finding.values.get("other_class")
    name = words.value("other_clip", clip) if other is None else f"{words.value('other_class', other)} / {shown(clip)}"
    return f"{name} ▸ {formats.clock(at_s)}"


def place_text(material: Material, where: Where) -> str:
    """The file, else the day's folder, else empty: the whole class."""
    path = where.clip if where.clip is not None else where.day
    return "" if path is None else material.path(path)
