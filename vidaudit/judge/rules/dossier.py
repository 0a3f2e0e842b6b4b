"""What the school filed when it opened the class: whether it can be read and agrees, its topics, its programme year."""

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from vidaudit.judge.findings import not_evaluated, passed, to_review
from vidaudit.judge.rule import SECTION, Rule
from vidaudit.model.dossier import Dossier, DossierProblem
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.settings import Kind, Programme, kind_named
from vidaudit.model.verdict import Finding, Scope, Value


class MayRequireDossier(Protocol):
    """Parameters that say whether a class without a dossier lacks something."""

    @property
    def dossier_required(self) -> bool:
        """Whether a class without a dossier is left open, instead of not being asked at all."""
        ...


def is_asked(evidence: ClassEvidence, parameters: MayRequireDossier) -> bool:
    """Where there is a dossier, or the profile requires one."""
    return evidence.dossier is not None or parameters.dossier_required


@dataclass(frozen=True, kw_only=True)
class DossierParameters:
    """`dossier_required`: see `is_asked`; `kinds`: those of training that the profile knows."""

    dossier_required: bool
    kinds: Mapping[str, Kind] = field(metadata=SECTION)


def check_dossier_valid(evidence: ClassEvidence, parameters: DossierParameters) -> Iterator[Finding]:
    """The dossier could be read whole, and agrees with the class and with what was said at the scan."""
    dossier = evidence.dossier
    if dossier is None:
        yield not_evaluated("no-dossier")
        return
    faults = [
        *_faults(dossier),
        *_check_kind(dossier, evidence.kind, parameters.kinds),
        *_differences(dossier, evidence),
    ]
    yield from faults or [_in_order(dossier)]


def _faults(dossier: Dossier) -> Iterator[Finding]:
    for fault in dossier.faults:
        values = {"file": dossier.file, "place": fault.place, "text": fault.text, "hint": fault.hint}
        yield to_review(fault.problem.value, values)


def _check_kind(dossier: Dossier, said: str | None, kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    """The kind of training decides which rules apply: who names another one must not go unnoticed."""
    if dossier.kind is None or not kinds:
        return
    filed = kind_named(kinds, dossier.kind)
    if filed is None:
        titles = [kind.title_zh for kind in kinds.values()]
        near = difflib.get_close_matches(dossier.kind, titles, n=1, cutoff=0.4)
        hint = near[0] if near else "、".join(titles)
        yield to_review("kind-unknown", {"file": dossier.file, "filed": dossier.kind, "hint": hint})
    elif said is not None and said != filed.id:
        known = kinds[said].title_zh if said in kinds else said
        yield to_review("kind-differs", {"file": dossier.file, "filed": filed.title_zh, "said": known})


def is_certain(dossier: Dossier, evidence: ClassEvidence) -> bool:
    """Whether the plan may prove something against the class: it is the only one, and of no other class."""
    rivals = any(fault.problem is DossierProblem.SEVERAL_DOSSIERS for fault in dossier.faults)
    pairs = ((dossier.institution, evidence.folder.institution), (dossier.class_name, evidence.folder.class_name))
    return not rivals and all(_agree(filed, found) for filed, found in pairs)


def _differences(dossier: Dossier, evidence: ClassEvidence) -> Iterator[Finding]:
    folder, roster = evidence.folder, evidence.roster
    pairs = {
        "institution-differs": (dossier.institution, folder.institution),
        "class-differs": (dossier.class_name, folder.class_name),
        "roster-differs": (dossier.roster, None if roster is None else roster.file.rpartition("/")[2]),
    }
    for code, (filed, found) in pairs.items():
        if not _agree(filed, found):
            yield to_review(code, {"file": dossier.file, "filed": filed, "found": found})


def _agree(filed: str | None, found: str | None) -> bool:
    """Signs and spaces don't count, one may say more than the other, and who says nothing contradicts nobody."""
    if filed is None or found is None:
        return True
    one, other = (re.sub(r"[\W_]", "", text).casefold() for text in (filed, found))
    return one in other or other in one


def _in_order(dossier: Dossier) -> Finding:
    values: dict[str, Value] = {"file": dossier.file, "days": len(dossier.days), "class_hours": total_hours(dossier)}
    return passed("ok", {**values, "teachers": len(dossier.teachers)})


def total_hours(dossier: Dossier) -> float | None:
    """The class hours of the whole plan; None where a day has none."""
    hours = [dossier.hours_on(date) for date in dossier.days]
    known = [one for one in hours if one is not None]
    return float(sum(known)) if known and len(known) == len(hours) else None


@dataclass(frozen=True, kw_only=True)
class TopicsParameters:
    """`topics`: each as its name, with other words for it after `|`; `dossier_required`: see `is_asked`."""

    dossier_required: bool
    topics: tuple[str, ...]


def check_basic_topics(evidence: ClassEvidence, parameters: TopicsParameters) -> Iterator[Finding]:
    """Every compulsory topic stands in the plan. It may be taught under another name, so this is never a fail."""
    dossier = evidence.dossier
    if dossier is None:
        yield not_evaluated("no-dossier")
        return
    if not dossier.sessions:
        yield not_evaluated("no-plan", {"file": dossier.file})
        return
    # 消防安全 is fire protection alone; who teaches safety at work as well names it besides.
    taught = "\n".join(one.topic or "" for one in dossier.sessions).replace("消防安全", "消防")
    words = {topic.partition("|")[0]: topic.split("|") for topic in parameters.topics}
    missing = tuple(name for name, variants in words.items() if not any(word in taught for word in variants))
    if missing:
        yield to_review("missing-topics", {"file": dossier.file, "topics": missing})
    else:
        yield passed("ok", {"topics": tuple(words)})


@dataclass(frozen=True, kw_only=True)
class ProgrammeParameters:
    """`programme`: until when in the year training counts for that year."""

    programme: Programme = field(metadata=SECTION)


def has_dates(evidence: ClassEvidence, _parameters: ProgrammeParameters) -> bool:
    """Only where it is known when the training was."""
    return bool(_dates(evidence))


def check_programme_year(evidence: ClassEvidence, parameters: ProgrammeParameters) -> Iterator[Finding]:
    """All days of the class count for one programme year, which is that of the class's name."""
    dates = _dates(evidence)
    years = {date: _year(date, parameters.programme) for date in dates}
    first, last = years[dates[0]], years[dates[-1]]
    named = _named_year(evidence)
    values: dict[str, Value] = {"first_date": dates[0].isoformat(), "last_date": dates[-1].isoformat()}
    if first != last:
        later = tuple(date.isoformat() for date, year in years.items() if year != first)
        yield to_review("two-years", {"year": first, "next_year": last, "dates": later})
    elif named is not None and named != first:
        yield to_review("year-differs", {**values, "year": first, "named_year": named})
    else:
        yield passed("ok", {**values, "year": first})


def _dates(evidence: ClassEvidence) -> list[dt.date]:
    """The planned days and those of the folders whose year isn't a guess, in order."""
    planned = () if evidence.dossier is None else evidence.dossier.days
    filmed = (day.date for day in evidence.folder.days if day.date is not None and day.year_from is not None)
    return sorted({*planned, *filmed})


def _year(date: dt.date, programme: Programme) -> int:
    return date.year + ((date.month, date.day) > (programme.ends.month, programme.ends.day))


def _named_year(evidence: ClassEvidence) -> int | None:
    """The only year in the class's name by its dossier, else by its files."""
    name = (evidence.dossier and evidence.dossier.class_name) or evidence.folder.class_name or ""
    years = set(re.findall(r"(?<!\d)20\d\d(?=年|\D|$)", name))
    return int(years.pop()) if len(years) == 1 else None


_FAULT: Final = ("file", "place", "text", "hint")
_DIFFERENCE: Final = ("file", "filed", "found")

DOSSIER_VALID: Final = Rule(
    id="DOS001",
    slug="dossier-valid",
    title_zh="开班申报",
    title_en="Dossier valid",
    scope=Scope.CLASS,
    rationale="What was filed is what the class is held against, so it must be readable and of this class.",
    parameters=DossierParameters,
    check=check_dossier_valid,
    asked=is_asked,
    codes={
        "ok": ("file", "days", "class_hours", "teachers"),
        "no-dossier": (),
        **{problem.value: _FAULT for problem in DossierProblem},
        "kind-unknown": ("file", "filed", "hint"),
        "kind-differs": ("file", "filed", "said"),
        "institution-differs": _DIFFERENCE,
        "class-differs": _DIFFERENCE,
        "roster-differs": _DIFFERENCE,
    },
)

BASIC_TOPICS: Final = Rule(
    id="DOS002",
    slug="basic-topics",
    title_zh="必修内容",
    title_en="Compulsory topics",
    scope=Scope.CLASS,
    rationale="Every course must teach the topics that the document makes part of all training.",
    parameters=TopicsParameters,
    check=check_basic_topics,
    asked=is_asked,
    codes={"ok": ("topics",), "no-dossier": (), "no-plan": ("file",), "missing-topics": ("file", "topics")},
)

PROGRAMME_YEAR: Final = Rule(
    id="DOS003",
    slug="programme-year",
    title_zh="统计年度",
    title_en="Programme year",
    scope=Scope.CLASS,
    rationale="Training after the end of the programme year is paid from the next year's funds.",
    parameters=ProgrammeParameters,
    check=check_programme_year,
    asked=has_dates,
    codes={
        "ok": ("first_date", "last_date", "year"),
        "two-years": ("year", "next_year", "dates"),
        "year-differs": ("first_date", "last_date", "year", "named_year"),
    },
)
