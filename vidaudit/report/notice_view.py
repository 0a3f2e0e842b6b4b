"""What a rectification notice says: every finding that fails, needs a person or lacks something, and a few pictures."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from vidaudit.model.verdict import Clause, Finding, RuleResult, Status
from vidaudit.report import formats
from vidaudit.report.attention import required
from vidaudit.report.findings_view import place_text
from vidaudit.report.material import Material
from vidaudit.report.messages import Catalogue
from vidaudit.report.text import shown
from vidaudit.report.view import profile_title, sentence

MOST_PICTURES: Final = 6
_MOST_TITLES: Final = 3  # in an entry about several rules
# A broken tool is no fault of the school: what ended in an error isn't in the notice.
_SECTIONS: Final = (Status.FAIL, Status.REVIEW, Status.NOT_EVALUATED)


_Said = tuple[str, str, str]
"""The rule's id where it matters, the message and the remedy."""
_Found = tuple[RuleResult, Finding]


@dataclass(frozen=True, kw_only=True)
class NoticeEntry:
    """One fault with everything that it holds for. `places` are files or days, with the time where there is one."""

    number: int
    rule: str
    title: str
    clause: str
    message: str
    remedy: str
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NoticeSection:
    """The faults of one weight."""

    status: Status
    title: str
    entries: tuple[NoticeEntry, ...]


@dataclass(frozen=True, kw_only=True)
class NoticePicture:
    """A snapshot by its name; the caption tells the entry, the file and the time."""

    snapshot: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """Everything that a notice is filled with, in words."""

    institution: str
    class_name: str
    folder: str
    regulation: str
    document: str
    outcome: str
    why: str
    created: str
    tool: str
    sections: tuple[NoticeSection, ...]
    pictures: tuple[NoticePicture, ...]


def notice_view(material: Material) -> NoticeView | None:
    """What the notice says; None where there is nothing to send: the class passes, or nothing was found wanting."""
    verdict, words = material.verdict, material.words
    made = tuple(_sections(material)) if verdict.status is not Status.PASS else ()
    if not made:
        return None
    return NoticeView(
        institution=shown(verdict.institution) or words.ui("unknown"),
        class_name=shown(material.evidence.folder.class_name or verdict.name),
        folder=shown(verdict.path),
        regulation=profile_title(material.profile, material.context),
        document=shown(material.profile.document),
        outcome=words.ui(f"outcome_{verdict.status.value}"),
        why=sentence(verdict, words),
        created=formats.day(material.context.created.date(), words.lang),
        tool=f"vidaudit {material.context.tool_version}",
        sections=tuple(section for section, _ in made),
        pictures=_pictures([picture for _, pictures in made for picture in pictures]),
    )


def _sections(material: Material) -> Iterator[tuple[NoticeSection, list[NoticePicture]]]:
    numbers = count(1)
    for status in _SECTIONS:
        entries, pictures = [], []
        for said, found in _alike(material, status).items():
            entry = _entry(material, said, found, next(numbers))
            entries.append(entry)
            pictures += [_picture(material, one, entry) for _, one in found if one.snapshot][:1]
        if entries:
            title = material.words.ui(f"notice_{status.value}")
            yield NoticeSection(status=status, title=title, entries=tuple(entries)), pictures


def _alike(material: Material, status: Status) -> dict[_Said, list[_Found]]:
    """The findings of required rules with this status by what they say. What several rules couldn't check for the same
    reason is said once; a fault is said for each rule.
    """
    by_words: dict[_Said, list[_Found]] = {}
    for rule in required(material.verdict):
        for finding in rule.findings:
            if finding.status is status:
                said = material.words.finding(rule.slug, finding)
                of_rule = "" if status is Status.NOT_EVALUATED else rule.id
                by_words.setdefault((of_rule, said.message, said.remedy), []).append((rule, finding))
    return by_words


def _entry(material: Material, said: _Said, found: list[_Found], number: int) -> NoticeEntry:
    words = material.words
    rules = list({rule.id: rule for rule, _ in found}.values())
    places = dict.fromkeys(_place(material, finding) for _, finding in found)
    return NoticeEntry(
        number=number,
        rule=" ".join(rule.id for rule in rules),
        title=_title([words.title(rule.slug) for rule in rules], words),
        clause=_clauses((rule.clause for rule in rules), words),
        message=said[1],
        remedy=said[2],
        places=tuple(places),
    )


def _title(titles: Sequence[str], words: Catalogue) -> str:
    """The rules by name; of many the first, because their ids stand beside them."""
    listed = words.ui("list_separator").join(titles[:_MOST_TITLES])
    return listed if len(titles) <= _MOST_TITLES else words.ui("notice_more", titles=listed)


def _clauses(clauses: Iterable[Clause], words: Catalogue) -> str:
    """The clauses, each once, each document named once."""
    sections: dict[str, dict[str, None]] = {}
    for clause in clauses:
        sections.setdefault(clause.document, {})[clause.section] = None
    listed = (f"{document} {words.ui('note_separator').join(named)}" for document, named in sections.items())
    return shown(words.ui("note_separator").join(listed))


def _place(material: Material, finding: Finding) -> str:
    where = finding.where
    text = place_text(material, where) or material.words.ui("whole_class")
    return text if where.at_s is None else f"{text} ▸ {formats.clock(where.at_s)}"


def _picture(material: Material, finding: Finding, entry: NoticeEntry) -> NoticePicture:
    assert finding.snapshot is not None
    caption = material.words.ui("notice_caption", number=entry.number, title=entry.title)
    return NoticePicture(snapshot=finding.snapshot, caption=f"{caption} {_place(material, finding)}")


def _pictures(found: list[NoticePicture]) -> tuple[NoticePicture, ...]:
    """The first of each entry, no picture twice."""
    once: dict[str, NoticePicture] = {}
    for picture in found:
        once.setdefault(picture.snapshot, picture)
    return tuple(once.values())[:MOST_PICTURES]
