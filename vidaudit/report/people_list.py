"""The persons of a class and the decisions about them as lines of text, for `vidaudit people`."""

from collections.abc import Iterator

from vidaudit.model.evidence import ClassEvidence
from vidaudit.report.messages import catalogue
from vidaudit.report.persons_view import attendances, decision_row
from vidaudit.report.text import shown


def people_lines(evidence: ClassEvidence, lang: str) -> Iterator[str]:
    """Everybody with their days and clips, then the decisions; `lang` is `zh` or `en`."""
    words = catalogue(lang)
    everybody = sorted(attendances(evidence), key=lambda one: one.person.number)
    if not everybody:
        yield words.ui("no_persons")
    for one in everybody:
        label = words.ui("person_number", number=one.person.number)
        seen = words.ui("seen_on", number=len(one.person.days), total=len(one.sightings))
        by_hand = words.ui("by_hand", number=one.person.by_hand) if one.person.by_hand else ""
        yield "  ".join(part for part in (label, seen, by_hand) if part)
        for clip in dict.fromkeys(appearance.clip for appearance in one.person.appearances):
            yield f"    {shown(clip)}"
    if evidence.decisions:
        yield f"{words.ui('decisions')}:"
    for outcome in evidence.decisions or ():
        row = decision_row(words, outcome)
        yield f"  {row.number}. {row.what}  {row.who}, {row.when}  ({row.state})"
