"""Whole verdicts of made-up classes for every profile and kind of training, as a table to read and to compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tests.judge import builders, dossiers
from vidaudit.judge.catalogue import RULES, bind
from vidaudit.judge.engine import judge
from vidaudit.judge.stake import stake
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.media import Container
from vidaudit.model.settings import Profile
from vidaudit.model.stake import Working
from vidaudit.model.verdict import ClassVerdict, RuleResult
from vidaudit.profile import available_profiles, load_profile


def _sound() -> ClassEvidence:
    """Two days of eight hours, four trainees, a plan for a beginner's course, nothing wrong."""
    return dossiers.filed(level="初级")


def _faulty() -> ClassEvidence:
    """The same with a fault of every sort: a name, a container, a size, a length, a clip, a topic, a day, a number."""
    dates = (dossiers.DATES[0], dossiers.DATES[1].replace(day=30))
    bad = dossiers.filed(*(dossiers.session(date, topic="育婴") for date in dates))
    bad = builders.change_name(bad, builders.FACE1, prescribed=False, differences=("full-width",))
    bad = builders.change_probe(bad, builders.FACE1, container=Container.AVI)
    bad = builders.change_header(bad, builders.FACE1, width_px=640, height_px=480)
    bad = builders.change_probe(bad, builders.LECTURE, packets=builders.packets(300))
    bad = builders.without_clip(bad, builders.FACE2)
    trainees = tuple(replace(one, id_faults=("checksum",)) for one in builders.roster().trainees)
    return replace(bad, roster=builders.roster(trainees=trainees))


def _without_video() -> ClassEvidence:
    """Papers alone, in order."""
    papers = _sound()
    return replace(papers, folder=replace(papers.folder, clips=(), days=()), clips=(), people=None)


CLASSES: Final[Mapping[str, ClassEvidence]] = {
    "sound": _sound(),
    "faulty": _faulty(),
    "no video": _without_video(),
}


def kinds_table() -> str:
    """Each rule's outcome for each of the classes, for every profile and kind; kinds with the same outcomes together.

    Below, what is at stake in the sound class: by the claim, for certain, and at most.
    """
    lines: list[str] = []
    for name in available_profiles():
        profile = load_profile(name)
        alike: dict[tuple[str, ...], list[str]] = {}
        for kind in profile.kinds:
            alike.setdefault(tuple(_outcomes(profile, kind)), []).append(kind)
        for outcomes, kinds in alike.items():
            lines += [f"{name}: {', '.join(kinds)}", *outcomes, *_at_stake(profile, kinds), ""]
    return "\n".join(lines)


def _outcomes(profile: Profile, kind: str) -> Iterator[str]:
    rules = bind(profile)
    verdicts = {name: judge(replace(evidence, kind=kind), rules) for name, evidence in CLASSES.items()}
    yield _row("", "", *CLASSES)
    for rule in RULES:
        level = next((one.level for one in _results(verdicts, rule.id) if one), None)
        yield _row(rule.id, level or "-", *(_outcome(verdict, rule.id) for verdict in verdicts.values()))
    yield _row("CLASS", "", *(verdict.status.value for verdict in verdicts.values()))


def _at_stake(profile: Profile, kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds:
        evidence = replace(CLASSES["sound"], kind=kind)
        for line in stake(judge(evidence, bind(profile)), evidence, profile).lines:
            title = f"{line.item}{f' {line.level}' if line.level else ''}{' at most' if line.is_at_most else ''}"
            amounts = " / ".join(map(_yuan, (line.claimed, line.low, line.high)))
            yield f"  yuan, {kind}: {title}: {amounts} ({line.clause.document} {line.clause.section})"


def _results(verdicts: Mapping[str, ClassVerdict], rule_id: str) -> Iterator[RuleResult | None]:
    return (next((one for one in verdict.rules if one.id == rule_id), None) for verdict in verdicts.values())


def _outcome(verdict: ClassVerdict, rule_id: str) -> str:
    """The rule's status, or why it isn't applied."""
    for result in verdict.rules:
        if result.id == rule_id:
            return result.status.value
    return next(f"({one.reason})" for one in verdict.not_applied if one.id == rule_id)


def _row(name: str, level: str, *cells: str) -> str:
    return f"  {name:<8}{level:<9}{''.join(f'{cell:<19}' for cell in cells)}".rstrip()


def _yuan(working: Working | None) -> str:
    return "?" if working is None else f"{Decimal(working.yuan):f}"
