"""Where every clip of a class belongs and what it should be called, as far as the school's own words tell it.

Nothing is dated anew and nothing is guessed: a clip whose name speaks against its folder or its class, or of which
nothing says which of two it is, keeps its name and is told to a person.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vidaudit.intake.naming import FACE_NUMBERS
from vidaudit.intake.printable import natural_key
from vidaudit.intake.suggest import with_suggestions
from vidaudit.model.repair import RepairNote
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, DayFolder, of_kind
from vidaudit.run.files import safe_name

MAX_NAME_BYTES = 255  # of ext4 and UDF
_FORENOON = re.compile(r"上午|早上|早晨|\bam\b", re.IGNORECASE)
_AFTERNOON = re.compile(r"下午|\bpm\b", re.IGNORECASE)
_CLOCKS = (
    re.compile(r"(?<!\d)20\d{6}[-_ T]?([01]\d|2[0-3])([0-5]\d)(?:[0-5]\d)?(?:\d{3})?(?!\d)"),
    re.compile(r"(?<!\d)([01]?\d|2[0-3])\s*[:：点时]\s*([0-5]\d)"),
)
_MonthDay = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where things go in the mended class.

    Args:
        folder: what the class folder is called.
        days: its day folders.
        clips: {path in the class folder: path in the mended one}; a prescribed name ends in .mp4.
        folders: {day folder: what it becomes}; None where its clips go to several days, so that papers have none.
        filed: the clips as they will lie there, for counting what each day has.
        notes: what was decided, and what a person must decide.
    """

    folder: str
    days: tuple[str, ...]
    clips: Mapping[str, str]
    folders: Mapping[str, str | None]
    filed: tuple[ClipFile, ...]
    notes: tuple[RepairNote, ...]


@dataclass(kw_only=True)
class _Filing:
    """Collects where clips go while they are gone through."""

    folder: ClassFolder
    homes: dict[str, str | None] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    notes: list[RepairNote] = field(default_factory=list)

    def note(self, code: str, path: str | None, **values: str | int | tuple[str, ...] | None) -> None:
        self.notes.append(RepairNote(code=code, path=path, values=values))


def place_clips(folder: ClassFolder, *, names: bool = True) -> Places:
    """Find every clip's place and name.

    Args:
        folder: the class as it lies on the disc.
        names: whether the prescribed names are wanted; else clips keep theirs.
    """
    filing = _Filing(folder=folder)
    merged = _merged_days(folder)
    for clip in folder.clips:
        filing.homes[clip.path] = _home(clip, filing, merged)
        if _contradicts(clip, filing):
            filing.kept.add(clip.path)
    targets = _named(filing, names=names)
    if _clashing(targets.values()) and len(set(merged.values())) < len(merged):
        return _unmerged(folder, filing, merged, names=names)
    return _places(filing, merged, targets)


def _unmerged(folder: ClassFolder, filing: _Filing, merged: Mapping[str, str], *, names: bool) -> Places:
    """Two folders of one day hold the same clips twice: which of them counts is for a person."""
    for day, main in merged.items():
        if day != main:
            filing.note("same-date", day, other=main)
    alone = {day.path: day.path for day in folder.days}
    for clip in folder.clips:
        if clip.day is not None and clip.day in merged:
            filing.homes[clip.path] = clip.day
    return _places(filing, alone, _named(filing, names=names))


def _places(filing: _Filing, merged: Mapping[str, str], targets: Mapping[str, str]) -> Places:
    clips = _unique(targets, filing)
    homes = dict.fromkeys(home for home in filing.homes.values() if home)
    dissolved = {day.path for day in filing.folder.days if _is_dissolved(day, filing)}
    days = dict.fromkeys([*(merged[day.path] for day in filing.folder.days if day.path not in dissolved), *homes])
    folders = {
        day.path: _heir(day, filing) if day.path in dissolved else merged[day.path] for day in filing.folder.days
    }
    portable = {day: _portable(day, filing) for day in days}
    return Places(
        folder=_class_name(filing),
        days=tuple(portable.values()),
        clips=clips,
        folders={day: portable.get(home or "") for day, home in folders.items()},
        filed=tuple(replace(clip, day=portable.get(filing.homes[clip.path] or "")) for clip in _ordered(filing)),
        notes=tuple(filing.notes),
    )


def _portable(day: str, filing: _Filing) -> str:
    """What a day folder is called in the mended class; it comes out of a folder round it (第1周/5月20日)."""
    name, days = day.rsplit("/", maxsplit=1)[-1], filing.folder.days
    alike = {one.path for one in days if one.path.split("/")[-1] == name and day not in one.same_date_as}
    return safe_name(name if alike <= {day} else day, max_bytes=MAX_NAME_BYTES)


def _merged_days(folder: ClassFolder) -> dict[str, str]:
    """{day folder: the one it goes into}: folders of one date become the first of them."""
    dated = {day.path: set(day.same_date_as) for day in folder.days if not _is_undated(day)}
    groups = {day.path: frozenset({day.path} | (dated.get(day.path, set()) & dated.keys())) for day in folder.days}
    return {
        day: min(group, key=natural_key) if all(groups.get(other) == group for other in group) else day
        for day, group in groups.items()
    }


def _home(clip: ClipFile, filing: _Filing, merged: Mapping[str, str]) -> str | None:
    """The day folder a clip belongs in; None for none that its folder or its name tells."""
    day = None if clip.day is None else filing.folder.day(clip.day)
    if day is not None and not _is_undated(day):
        return merged[day.path]
    if clip.name.month is None or clip.name.day is None:
        filing.note("no-date", clip.path)
        return clip.day
    date = clip.name.month, clip.name.day
    same = sorted({merged[one.path] for one in filing.folder.days if _month_day(one) == date}, key=natural_key)
    if len(same) > 1:
        filing.note("several-days", clip.path, others=tuple(same))
        return clip.day
    return same[0] if same else f"{date[0]}月{date[1]}日"


def _is_undated(day: DayFolder) -> bool:
    """Whether a folder's name says nothing of a day at all; what it says badly is for a person."""
    return day.dated_by_clips or (day.date is None and not day.readings and day.day_number is None)


def _month_day(day: DayFolder) -> _MonthDay | None:
    only = None if _is_undated(day) else day.date or (day.readings[0] if len(day.readings) == 1 else None)
    return None if only is None else (only.month, only.day)


def _is_dissolved(day: DayFolder, filing: _Filing) -> bool:
    """Whether all clips of a folder without a date found their days."""
    own = [filing.homes[clip.path] for clip in filing.folder.clips_of_day(day.path)]
    return _is_undated(day) and bool(own) and day.path not in own


def _heir(day: DayFolder, filing: _Filing) -> str | None:
    heirs = {filing.homes[clip.path] for clip in filing.folder.clips_of_day(day.path)}
    return heirs.pop() if len(heirs) == 1 else None


def _contradicts(clip: ClipFile, filing: _Filing) -> bool:
    """Whether a clip's own name speaks against where it lies: then it may belong elsewhere, and keeps its name."""
    day = next((one for one in filing.folder.days if one.path == clip.day), None)
    code = None if day is None else _date_conflict(clip, day)
    if code is None:
        return _is_of_another_class(clip, filing)
    name = clip.name
    filing.note(code, clip.path, name_date=f"{name.month}-{name.day}", name_year=name.year, day_folder=clip.day)
    return True


def _date_conflict(clip: ClipFile, day: DayFolder) -> str | None:
    """How the date in a clip's name differs from that of its folder, as a code; None where it doesn't."""
    name, date = clip.name, _month_day(day)
    written = (name.month, name.day)
    if date is None or None in written:
        return None
    if written != date:
        return "date-differs"
    if day.date is None or day.year_from is None:
        return None
    if name.year is not None and (name.year != day.date.year or day.other_years):
        return "year-differs"
    return "weekday-differs" if name.weekday not in (None, day.date.weekday()) else None


def _is_of_another_class(clip: ClipFile, filing: _Filing) -> bool:
    pairs = (
        (clip.name.institution, filing.folder.institution, "other-institution"),
        (clip.name.class_name, filing.folder.class_name, "other-class"),
    )
    for own, usual, code in pairs:
        if own and usual and clip.kind is not ClipKind.OTHER and not _agree(own, usual):
            filing.note(code, clip.path, own=own, usual=usual)
            return True
    return False


def _agree(one: str, other: str) -> bool:
    """Whether two names are the same but for how they are written, or one leaves out a beginning or an end.

    A number that only one of them has may be the very thing that tells two classes apart, so all must be in both.
    """
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return short == long or (short in long and re.findall(r"\d+", short) in ([], re.findall(r"\d+", long)))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _named(filing: _Filing, *, names: bool) -> dict[str, str]:
    """{path: its path in the mended class}, perhaps with two clips at one place."""
    suggested = _suggestions(filing) if names and _has_title(filing) else {}
    targets = {}
    for clip in _ordered(filing):
        own = safe_name(clip.path.rpartition("/")[2], max_bytes=MAX_NAME_BYTES)
        is_settled = clip.path in filing.kept or _has_its_name(clip, filing)
        name = None if is_settled else suggested.get(clip.path)
        home = filing.homes[clip.path]
        day = "" if home is None else f"{_portable(home, filing)}/"
        targets[clip.path] = f"{day}{name or own}"
        if names and name is None and not is_settled:
            _note_once(filing, _why_unnamed(clip, filing))
    return targets


def _has_its_name(clip: ClipFile, filing: _Filing) -> bool:
    """Whether a clip is called as prescribed, by the class's own title: then it isn't given another number."""
    title = (clip.name.institution, clip.name.class_name)
    return clip.name.prescribed and title == (filing.folder.institution, filing.folder.class_name)


def _note_once(filing: _Filing, note: RepairNote) -> None:
    if note not in filing.notes:
        filing.notes.append(note)


def _why_unnamed(clip: ClipFile, filing: _Filing) -> RepairNote:
    if clip.kind is ClipKind.OTHER:
        return RepairNote(code="which-kind", path=clip.path)
    if filing.folder.institution is None or filing.folder.class_name is None:
        return RepairNote(code="title-unknown", path=clip.path)
    has_date = filing.homes[clip.path] is not None or clip.name.month is not None
    return RepairNote(code="which-number" if has_date else "no-date", path=clip.path)


def _has_title(filing: _Filing) -> bool:
    """Whether most names agree on one institution and class; two titles as often as each other are for a person."""
    titles = Counter(
        _plain((clip.name.institution or "") + (clip.name.class_name or ""))
        for clip in filing.folder.clips
        if clip.kind is not ClipKind.OTHER and clip.name.class_name
    )
    common = titles.most_common(2)
    if len(common) == 2 and common[0][1] == common[1][1] and not _agree(common[0][0], common[1][0]):
        _note_once(filing, RepairNote(code="no-majority", values={"titles": (common[0][0], common[1][0])}))
        return False
    return True


def _ordered(filing: _Filing) -> Sequence[ClipFile]:
    return sorted(filing.folder.clips, key=lambda clip: natural_key(clip.path))


def _suggestions(filing: _Filing) -> dict[str, str]:
    """{path: prescribed name} with every clip in the day it belongs to, and numbers where order tells them."""
    filed = {}
    for number, clip in enumerate(_ordered(filing)):
        home = filing.homes[clip.path]
        # Two folders that become one may hold two files of one name; the number keeps their paths apart.
        filed[f"{home or ''}/{number}/{clip.path.rpartition('/')[2]}"] = replace(clip, day=home)
    moved = _numbered([replace(clip, path=path) for path, clip in filed.items()], filed, filing)
    named = with_suggestions(
        moved, filing.folder.days, institution=filing.folder.institution, class_name=filing.folder.class_name
    )
    return {filed[clip.path].path: clip.suggested_name for clip in named if clip.suggested_name}


def _numbered(clips: Sequence[ClipFile], filed: Mapping[str, ClipFile], filing: _Filing) -> list[ClipFile]:
    """The clips, with numbers by their order where none has a usable one and something plainly tells the order."""
    days: dict[tuple[str | None, ClipKind], list[ClipFile]] = defaultdict(list)
    for clip in clips:
        days[clip.day, clip.kind].append(clip)
    numbers: dict[str, int] = {}
    for (day, kind), group in days.items():
        if day is None or kind is ClipKind.OTHER or _are_numbered(group, kind):
            continue
        numbers |= _by_order(group, filed, kind, filing)
    return [
        replace(clip, name=replace(clip.name, number=numbers[clip.path])) if clip.path in numbers else clip
        for clip in clips
    ]


def _are_numbered(group: Sequence[ClipFile], kind: ClipKind) -> bool:
    """Whether the clips need no number, or at most one of them lacks its own."""
    allowed = FACE_NUMBERS if kind is ClipKind.FACE else tuple(range(1, len(group) + 1))
    given = {clip.name.number for clip in group} & set(allowed)
    return len(given) >= len(group) - 1


def _by_order(
    group: Sequence[ClipFile], filed: Mapping[str, ClipFile], kind: ClipKind, filing: _Filing
) -> dict[str, int]:
    if kind is ClipKind.FACE and len(group) != len(FACE_NUMBERS):
        return {}
    for told_by, key in _ORDERS.items():
        keys = [key(filed[clip.path]) for clip in group]
        if None not in keys and len(set(keys)) == len(keys):
            in_order = [clip for _, clip in sorted(zip(keys, group, strict=True), key=lambda pair: pair[0] or 0)]
            shown = tuple(filed[clip.path].path for clip in in_order)
            _note_once(filing, RepairNote(code=f"numbered-by-{told_by}", path=group[0].day, values={"paths": shown}))
            return {clip.path: number for number, clip in enumerate(in_order, start=1)}
    return {}


def _half(clip: ClipFile) -> int | None:
    forenoon, afternoon = _FORENOON.search(clip.path), _AFTERNOON.search(clip.path)
    return None if bool(forenoon) == bool(afternoon) else 1 if forenoon else 2


def _clock(clip: ClipFile) -> int | None:
    """Minutes since midnight as the file's name gives them, None where it doesn't or gives several."""
    name = unicodedata.normalize("NFKC", clip.path.rpartition("/")[2])
    times = {int(match[1]) * 60 + int(match[2]) for pattern in _CLOCKS for match in pattern.finditer(name)}
    return times.pop() if len(times) == 1 else None


_ORDERS: Mapping[str, Callable[[ClipFile], int | None]] = {
    "number": lambda clip: clip.name.number,
    "half": _half,
    "time": _clock,
}


def _clashing(paths: Iterable[str]) -> set[str]:
    """Paths that more than one clip would have, on a file system that doesn't tell capitals apart."""
    counts = Counter(path.casefold() for path in paths)
    return {path for path, number in counts.items() if number > 1}


def _unique(targets: Mapping[str, str], filing: _Filing) -> dict[str, str]:
    """The same with every place taken once: of clips that claim one name none gets it, unless it has it already."""
    clashing = _clashing(targets.values())
    placed: dict[str, str] = {}
    taken: set[str] = {target.casefold() for target in targets.values() if target.casefold() not in clashing}
    for path in sorted(targets, key=lambda path: (targets[path] != path, natural_key(path))):
        target = targets[path]
        if target.casefold() in clashing:
            target = _free(target, path, taken)
            if target != path:
                filing.note("name-taken", path, target=targets[path])
        taken.add(target.casefold())
        placed[path] = target
    return placed


def _free(target: str, path: str, taken: Collection[str]) -> str:
    day, slash, _ = target.rpartition("/")
    own = path.rpartition("/")[2]
    in_day = {one.rpartition("/")[2] for one in taken if one.rpartition("/")[0] == day.casefold()}
    stem, point, ending = own.rpartition(".")
    name, number = own, 2
    while (fitting := safe_name(name, max_bytes=MAX_NAME_BYTES)).casefold() in in_day:
        name, number = (f"{stem} ({number}).{ending}" if point else f"{own} ({number})"), number + 1
    return f"{day}{slash}{fitting}"


def _class_name(filing: _Filing) -> str:
    """The folder's own name, or the class's where the folder isn't called after any class."""
    folder = filing.folder
    title = _plain((folder.institution or "") + (folder.class_name or ""))
    own = _plain(folder.name)
    if own in title or title in own or _plain(folder.class_name or "") in own or not folder.class_name:
        return folder.name
    if "班" in folder.name:
        filing.note("folder-differs", None, folder=folder.name, title=folder.class_name)
        return folder.name
    return folder.class_name


def missing_clips(places: Places) -> tuple[RepairNote, ...]:
    """Footage that each day lacks and nobody can mend."""
    notes = []
    for day in places.days:
        own = [clip for clip in places.filed if clip.day == day and clip.bytes]
        num_faces = len(of_kind(own, ClipKind.FACE))
        if num_faces < len(FACE_NUMBERS):
            notes.append(RepairNote(code="missing-face-clips", path=day, values={"found": num_faces}))
        if not of_kind(own, ClipKind.LECTURE):
            notes.append(RepairNote(code="missing-lecture", path=day))
    return tuple(notes)
