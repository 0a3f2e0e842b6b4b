"""What the page of a class shows, in order and in words; the template only lays it out. All text is made harmless."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from vidaudit.model.settings import Profile
from vidaudit.model.verdict import SEVERITY, ClassVerdict, ClipVerdict, RuleResult, Status
from vidaudit.report import formats
from vidaudit.report.attention import reasons, required
from vidaudit.report.change_view import ChangeView, change_view
from vidaudit.report.context import ReportContext
from vidaudit.report.findings_view import Section, anchor_for, sections
from vidaudit.report.grid_view import GridRow, grid
from vidaudit.report.material import Material
from vidaudit.report.messages import Catalogue
from vidaudit.report.people_view import FrameCard, TraineeRow, frames, roster_notes, trainees
from vidaudit.report.persons_view import DecisionRow, Matrix, PersonCard, decisions, doubts, matrices, persons
from vidaudit.report.scope_view import ManualRow, NotAppliedRow, kind_text, manual, not_applied, scope_sentence
from vidaudit.report.stake_view import StakeView, stake_view
from vidaudit.report.text import shown

MOST_REASONS = 6
SHORT_SHA256 = 12


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many have this status."""

    status: Status
    number: int


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ClipRow:
    """One clip's technical facts, in words."""

    anchor: str
    link: str | None
    path: str
    kind: str
    format: str
    picture_size: str
    length: str
    size: str
    people: str
    clock: str
    sha256: str
    status: Status


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """One rule with its outcome."""

    id: str
    title: str
    clause: str
    level: str
    status: Status
    note: str


@dataclass(frozen=True, kw_only=True)
class ClassView:
    """The page of a class, from top to bottom."""

    name: str
    status: Status
    sentence: str
    scope: str
    change: ChangeView | None
    counts: tuple[Count, ...]
    facts: tuple[Fact, ...]
    grid: tuple[GridRow, ...]
    sections: tuple[Section, ...]
    persons: tuple[PersonCard, ...]
    matrices: tuple[Matrix, ...]
    doubts: tuple[str, ...]
    decisions: tuple[DecisionRow, ...] | None
    frames: tuple[FrameCard, ...]
    clips: tuple[ClipRow, ...]
    trainees: tuple[TraineeRow, ...]
    roster_notes: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    not_applied: tuple[NotAppliedRow, ...]
    manual: tuple[ManualRow, ...]
    stake: StakeView | None
    head: tuple[Fact, ...]


def class_view(material: Material) -> ClassView:
    """Everything the page of a class shows."""
    made = sections(material)
    anchors = {clip.path: f"c{number}" for number, clip in enumerate(material.verdict.clips, 1)}
    verdict = material.verdict
    return ClassView(
        name=shown(verdict.name),
        status=verdict.status,
        sentence=sentence(verdict, material.words),
        scope=scope_sentence(material.profile, verdict, material.words),
        change=change_view(verdict, material.profile, material.words),
        counts=status_counts(rule.status for rule in required(verdict)),
        facts=class_facts(material),
        grid=grid(material, made, anchors),
        sections=made,
        persons=persons(material),
        matrices=matrices(material),
        doubts=doubts(material),
        decisions=None if material.evidence.decisions is None else decisions(material),
        frames=frames(material),
        clips=tuple(_clip(material, clip, anchors[clip.path], made) for clip in verdict.clips),
        trainees=trainees(material),
        roster_notes=roster_notes(material),
        rules=tuple(_rule(material, rule) for rule in verdict.rules),
        not_applied=not_applied(verdict, material.words),
        manual=manual(material.profile, verdict, material.words),
        stake=None if material.stake is None else stake_view(material.stake, material.words),
        head=head_facts(material.context, material.words, profile_facts(material.profile, material.words)),
    )


def sentence(verdict: ClassVerdict, words: Catalogue) -> str:
    """One sentence: why the class has the outcome it has."""
    deciding = [rule for rule in reasons(verdict) if rule.status is verdict.status]
    titles = tuple(words.title(rule.slug) for rule in deciding)
    named = titles[:MOST_REASONS]
    total = len(required(verdict))
    key = f"why_{verdict.status.value}"
    if not total:
        return words.ui("why_nothing")
    if len(titles) > len(named):
        key += "_many"
    return words.ui(key, number=len(titles), total=total, rule=named)


def status_counts(statuses: Iterable[Status]) -> tuple[Count, ...]:
    """How many of each status, the gravest first; those that don't occur are left out."""
    number = Counter(statuses)
    return tuple(Count(status=status, number=number[status]) for status in reversed(SEVERITY) if number[status])


def head_facts(context: ReportContext, words: Catalogue, more: Iterable[Fact]) -> tuple[Fact, ...]:
    """By what, when and where the report was made."""
    models = tuple(f"{shown(name)} {sha256[:SHORT_SHA256]}" for name, sha256 in sorted(context.models.items()))
    facts = [
        Fact(label=words.ui("tool"), value=f"vidaudit {context.tool_version}"),
        Fact(label=words.ui("created"), value=formats.moment(context.created, context.lang)),
        Fact(label=words.ui("platform"), value=shown(context.platform)),
        *more,
        Fact(label=words.ui("models"), value=words.value("", models) if models else words.ui("none")),
    ]
    if context.command:
        facts.append(Fact(label=words.ui("command"), value=shown(context.command)))
    return tuple(facts)


def profile_title(profile: Profile, context: ReportContext) -> str:
    """The regulation's title in the language of the report."""
    return shown(profile.title(context.lang))


def profile_facts(profile: Profile, words: Catalogue) -> tuple[Fact, ...]:
    """Which profile exactly."""
    identity = f"{shown(profile.id)} · {shown(profile.document)} · SHA-256 {profile.sha256[:SHORT_SHA256]}"
    return (Fact(label=words.ui("profile"), value=identity),)


def class_facts(material: Material) -> tuple[Fact, ...]:
    """What class this is: school, size, extent, and by which regulation it was checked."""
    verdict, words = material.verdict, material.words
    scanned = material.evidence.scanned_on
    values = {
        "institution": shown(verdict.institution) or words.ui("unknown"),
        "class_name": shown(material.evidence.folder.class_name or verdict.name),
        "folder": shown(verdict.path),
        "roster_size": words.value("number", verdict.roster_size),
        "persons_seen": words.value("number", verdict.persons_seen),
        "extent": words.ui("extent_value", days=len(verdict.days), clips=len(verdict.clips)),
        "regulation": profile_title(material.profile, material.context),
        "kind_of_training": kind_text(material.profile, verdict, words),
        "scanned_on": words.ui("unknown") if scanned is None else formats.day(scanned, words.lang),
    }
    return tuple(Fact(label=words.ui(key), value=value) for key, value in values.items())


def _clip(material: Material, clip: ClipVerdict, anchor: str, made: tuple[Section, ...]) -> ClipRow:
    words = material.words
    number = clip.persons if clip.persons is not None else clip.headcount
    container = words.value("container", clip.container)
    return ClipRow(
        anchor=anchor,
        link=anchor_for(made, clip=clip.path),
        path=material.path(clip.path),
        kind=words.kind(clip.kind),
        format=container if clip.codec is None else f"{container} · {words.value('codec', clip.codec)}",
        picture_size=words.value("size", None) if clip.width is None else f"{clip.width} × {clip.height}",
        length=words.ui("not_measured") if clip.duration_s is None else formats.clock(clip.duration_s),
        size=formats.size(clip.bytes),
        people=words.value("number", number),
        clock=_clock(clip),
        sha256=(clip.sha256 or "")[:SHORT_SHA256],
        status=clip.status,
    )


def _clock(clip: ClipVerdict) -> str:
    """From when to when by the clock in the picture; empty where it wasn't read."""
    if clip.clock_first is None or clip.clock_last is None:
        return ""
    return f"{clip.clock_first.replace('T', ' ')} – {clip.clock_last.partition('T')[2]}"


def _rule(material: Material, rule: RuleResult) -> RuleRow:
    words = material.words
    number = Counter(finding.status for finding in rule.findings)
    counted = tuple(f"{words.status(status)} {number[status]}" for status in reversed(SEVERITY) if number[status])
    return RuleRow(
        id=rule.id,
        title=words.title(rule.slug),
        clause=material.clause(rule.clause),
        level=words.level(rule.level),
        status=rule.status,
        note=" · ".join(counted),
    )
