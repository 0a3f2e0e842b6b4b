"""What a registry holds as lines of text, for `vidaudit registry`."""

from collections.abc import Iterable, Iterator, Sequence

from vidaudit.model.registry import StoredClass, StoredClip
from vidaudit.model.reuse import Footage, Reuse
from vidaudit.report import formats
from vidaudit.report.messages import Catalogue, catalogue
from vidaudit.report.text import shown


def class_lines(classes: Sequence[StoredClass], lang: str) -> Iterator[str]:
    """A line or two for each class, then how many there are; `lang` is `zh` or `en`."""
    words = catalogue(lang)
    for one in classes:
        yield f"{one.id:>6}  {_named(one)}  {_days(one, words)}"
        yield f"        {_extent(one, words)}  {_scanned(one, words)}"
    num_clips = sum(one.num_clips for one in classes)
    yield words.ui("registry_total", number=len(classes), total=num_clips)


def clip_lines(stored: StoredClip, found: Iterable[Reuse], lang: str) -> Iterator[str]:
    """A clip, and a line for each stretch that it shares with a clip of another class."""
    words = catalogue(lang)
    clip = stored.clip
    length = formats.clock(clip.fingerprint.duration_s)
    yield f"  {shown(clip.path)}  {words.kind(clip.kind)}  {length}  SHA-256 {clip.sha256[:12]}"
    for reuse in found:
        how = words.ui(f"registry_{reuse.how}")
        yield f"    {how}: {_stretch(reuse.here)} = {shown(reuse.there.clip)} {_stretch(reuse.there)}"
        yield f"      {_where(reuse.there, words)}"


def _named(one: StoredClass) -> str:
    return "  ".join(shown(part) for part in (one.kept.institution, one.kept.name) if part)


def _days(one: StoredClass, words: Catalogue) -> str:
    first, last = one.kept.first_day, one.kept.last_day
    if first is None or last is None:
        return words.ui("registry_no_days")
    days = [formats.day(day, words.lang) for day in dict.fromkeys((first, last))]
    return " – ".join(days)


def _extent(one: StoredClass, words: Catalogue) -> str:
    return words.ui("registry_clips", number=one.num_clips, length_s=float(one.duration_s))


def _scanned(one: StoredClass, words: Catalogue) -> str:
    kept = one.kept
    when = formats.moment(kept.scanned_at.astimezone(), words.lang)
    origin = words.ui("registry_own") if one.is_own else shown(kept.origin_name) or kept.origin[:8]
    return words.ui("registry_scanned", when=when, submission=kept.submission, origin=origin)


def _stretch(footage: Footage) -> str:
    if footage.stretch is None:
        return ""
    return f"{formats.clock(footage.stretch.start_s)}–{formats.clock(footage.stretch.end_s)}"


def _where(footage: Footage, words: Catalogue) -> str:
    scanned_on = footage.scanned_on
    day = "" if scanned_on is None else formats.day(scanned_on, words.lang)
    return words.ui("registry_there", class_name=footage.class_name, when=day)
