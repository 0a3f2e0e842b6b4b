"""What the clips are called: the prescribed form, the right date, one title for the whole class."""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import WEEKDAYS, failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import NAMED_CLIPS, NoParameters, Rule
from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, ClipName, DayFolder
from vidaudit.model.verdict import Finding, Scope, Where

UNPARSED: Final = "unparsed"
UNSPLIT: Final = "unsplit"
_QUOTES: Final = frozenset("\"'“”‘’„‟「」『』《》〈〉")
# Cyrillic and Greek letters, in lower case, beside the Latin ones that they are taken for.
_LOOK_ALIKES: Final = str.maketrans("авеікмнорсутхѕјԁɡαβεικμνορτυχ", "abeikmhopcytxsjdgabeikmnoptyx")
OWN_YEAR: Final = "folder"
"""The source of a day folder's year that is no guess from its surroundings: its own name."""


@dataclass(frozen=True, kw_only=True)
class FileNameParameters:
    """`tolerated`: differences (codes of `ClipName.differences`) that no official would refuse a clip for."""

    tolerated: tuple[str, ...]


def check_file_name(subject: ClipSubject, parameters: FileNameParameters) -> Iterator[Finding]:
    """The name has exactly the prescribed form, or differs only by what is tolerated."""
    name, suggested = subject.clip.name, subject.clip.suggested_name
    differences = tuple(sorted(name.differences))
    serious = set(differences) - set(parameters.tolerated)
    if subject.clip.kind is ClipKind.OTHER or UNPARSED in differences:
        yield failed("unknown-name", {"suggested": suggested})
    elif name.prescribed:
        yield passed("ok")
    elif differences and not serious:
        yield passed("tolerated", {"differences": differences, "suggested": suggested})
    elif serious <= {UNSPLIT}:
        yield to_review("unclear", {"suggested": suggested})
    else:
        yield failed("not-prescribed", {"differences": differences, "suggested": suggested})


def check_date_agreement(subject: ClipSubject, _: NoParameters) -> Iterator[Finding]:
    """The date in the name is that of the day folder the clip lies in."""
    name = subject.clip.name
    if subject.day is None:
        yield not_evaluated("outside-day")
    elif name.month is None or name.day is None:
        yield not_evaluated("no-date-in-name")
    elif subject.day.date is None:
        yield _against_readings(name.month, name.day, subject.day)
    elif (name.month, name.day) != (subject.day.date.month, subject.day.date.day):
        yield failed(
            "date-differs", {"name_date": f"{name.month}-{name.day}", "folder_date": subject.day.date.isoformat()}
        )
    else:
        yield _check_year_and_weekday(name, subject.day, subject.day.date)


def _against_readings(month: int, day: int, folder: DayFolder) -> Finding:
    """The folder's date is open: agreement with its only reading passes, everything else stays open."""
    if {(d.month, d.day) for d in folder.readings} == {(month, day)}:
        return passed("ok", {"date": f"{month}-{day}"})
    return not_evaluated("folder-date-unknown")


def _check_year_and_weekday(name: ClipName, folder: DayFolder, date: dt.date) -> Finding:
    """Month and day agree; a year that is only a guess says nothing against the name."""
    if name.year is not None and folder.year_from is not None and name.year != date.year:
        verdict = failed if folder.year_from == OWN_YEAR else to_review
        return verdict("year-differs", {"name_year": name.year, "folder_date": date.isoformat()})
    is_year_known = folder.year_from is not None or folder.weekday is not None
    if name.weekday is not None and is_year_known and name.weekday != date.weekday():
        weekdays = {"name_weekday": WEEKDAYS[name.weekday], "date_weekday": WEEKDAYS[date.weekday()]}
        return to_review("weekday-differs", {"date": date.isoformat(), **weekdays})
    return passed("ok", {"date": date.isoformat()})


def check_title_agreement(evidence: ClassEvidence, _: NoParameters) -> Iterator[Finding]:
    """Every name begins with the same institution and class, and the class folder is called alike."""
    titles = {clip: _title(clip) for clip in evidence.folder.clips if clip.kind in NAMED_CLIPS}
    named = {clip: title for clip, title in titles.items() if title}
    if not named:
        yield not_evaluated("no-titles")
        return
    count = Counter(_plain(title) for title in named.values())
    most = max(count.values())
    usual = sorted(title for title, times in count.items() if times == most)
    if len(usual) > 1:
        yield to_review("no-majority", {"titles": tuple(usual)})
        return
    yield from _compare(named, usual[0], evidence.folder)


def _compare(named: dict[ClipFile, str], usual: str, folder: ClassFolder) -> Iterator[Finding]:
    shown = min(title for title in named.values() if _plain(title) == usual)
    others = [(clip, title) for clip, title in named.items() if _plain(title) != usual]
    for clip, title in others:
        yield _differing(title, shown, Where(clip=clip.path))
    if not _same_class(folder, usual):
        yield to_review("folder-differs", {"folder": folder.name, "title": shown})
    elif not others:
        yield passed("ok", {"title": shown, "clips": len(named)})


def _differing(title: str, expected: str, where: Where) -> Finding:
    """Another title; where only letters of another script make it one, the eye can't see it and a person decides."""
    values = {"title": title, "expected": expected}
    if _plain(title).translate(_LOOK_ALIKES) != _plain(expected).translate(_LOOK_ALIKES):
        return failed("title-differs", values, where=where)
    strange = dict.fromkeys(char for char in title + expected if _plain(char).translate(_LOOK_ALIKES) != _plain(char))
    letters = tuple(f"{char} (U+{ord(char):04X})" for char in strange)
    return to_review("look-alike", {**values, "letters": letters}, where=where)


def _title(clip: ClipFile) -> str:
    """Institution and class in one: where one ends and the other begins need not be known to compare them."""
    return (clip.name.institution or "") + (clip.name.class_name or "")


def _plain(text: str) -> str:
    """Without spaces and quotation marks, full-width and half-width forms alike: how a name is written is NAM001's."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and char not in _QUOTES)


def _same_class(folder: ClassFolder, title: str) -> bool:
    """A folder's name is not prescribed: it may leave out the institution or add a remark."""
    name = _plain(folder.name)
    class_name = _plain(folder.class_name or "")
    return bool(name) and (name in title or title in name or (bool(class_name) and class_name in name))


FILE_NAME: Final = Rule(
    id="NAM001",
    slug="file-name",
    title_zh="文件命名",
    title_en="File name",
    scope=Scope.CLIP,
    rationale="Clips are found, counted and assigned by name; the prescribed form leaves no doubt which is which.",
    parameters=FileNameParameters,
    check=check_file_name,
    codes={
        "ok": (),
        "tolerated": ("differences", "suggested"),
        "unclear": ("suggested",),
        "not-prescribed": ("differences", "suggested"),
        "unknown-name": ("suggested",),
    },
)

DATE_AGREEMENT: Final = Rule(
    id="NAM002",
    slug="date-agreement",
    title_zh="日期一致",
    title_en="Date agreement",
    scope=Scope.CLIP,
    rationale="A clip whose name says another day than its folder proves neither.",
    parameters=NoParameters,
    check=check_date_agreement,
    applies=NAMED_CLIPS,
    codes={
        "ok": ("date",),
        "outside-day": (),
        "no-date-in-name": (),
        "folder-date-unknown": (),
        "date-differs": ("name_date", "folder_date"),
        "year-differs": ("name_year", "folder_date"),
        "weekday-differs": ("date", "name_weekday", "date_weekday"),
    },
)

TITLE_AGREEMENT: Final = Rule(
    id="NAM003",
    slug="title-agreement",
    title_zh="机构与班名一致",
    title_en="Title agreement",
    scope=Scope.CLASS,
    rationale="A clip that names another institution or class may belong to another class.",
    parameters=NoParameters,
    check=check_title_agreement,
    codes={
        "ok": ("title", "clips"),
        "no-titles": (),
        "no-majority": ("titles",),
        "title-differs": ("title", "expected"),
        "look-alike": ("title", "expected", "letters"),
        "folder-differs": ("folder", "title"),
    },
)
