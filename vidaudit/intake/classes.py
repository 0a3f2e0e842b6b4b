"""A class folder as it lies on the disc: days, clips, papers, and what belongs nowhere."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vidaudit.intake.dates import read_day_name
from vidaudit.intake.days import Context, date_days
from vidaudit.intake.dossier import best_dossier, is_dossier_name, rank_dossiers, read_dossier
from vidaudit.intake.kinds import is_paper, is_video
from vidaudit.intake.layout import Place, has_videos, holds_days
from vidaudit.intake.naming import parse_clip_name
from vidaudit.intake.printable import natural_key, printable
from vidaudit.intake.roster import find_rosters, is_copy, read_roster
from vidaudit.intake.suggest import with_suggestions
from vidaudit.intake.titles import Title, split_title
from vidaudit.intake.tree import Node, NodeKind
from vidaudit.model.dossier import Dossier
from vidaudit.model.roster import Roster
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, ClipName, DayFolder, StrayFile, StrayReason

# Makes the roster of a class from the day its ages count on; None stands for "look in the class folder".
RosterSource = Callable[[dt.date | None], Roster]


@dataclass(frozen=True, kw_only=True)
class FoundClass:
    """One class with what only this machine needs to know.

    Args:
        folder: the class as it lies on the disc.
        roster: its roster, None where there is none.
        sources: the operating system's path of every clip, paper and plain stray file, by its path in `folder`.
        root: the operating system's path of the class folder.
        dossier: what the school filed about the class, None where there is nothing.
    """

    folder: ClassFolder
    roster: Roster | None
    sources: Mapping[str, Path]
    root: Path
    dossier: Dossier | None = None


@dataclass(kw_only=True)
class _Sorted:
    """What one walk over a class folder sorts its entries into."""

    days: dict[str, Node] = field(default_factory=dict)
    clips: list[tuple[str, str | None, Node]] = field(default_factory=list)
    strays: list[StrayFile] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    sources: dict[str, Path] = field(default_factory=dict)

    def add(self, path: str, node: Node, day: str | None) -> None:
        """Sort in one entry that isn't a folder."""
        if node.kind is NodeKind.LEFTOVER:
            self.ignored.append(path)
        elif node.kind is NodeKind.FILE:
            self.sources[path] = node.source
            self._add_file(path, node, day)
        else:
            self.strays.append(stray(path, node))

    def around(self, path: str) -> str | None:
        """The path of the day folder that something lies in; None where it lies in none."""
        return next((day for day in self.days if path.startswith(f"{day}/")), None)

    def _add_file(self, path: str, node: Node, day: str | None) -> None:
        if is_video(node.name):
            self.clips.append((path, day, node))
            if day is None:
                self.strays.append(replace(stray(path, node), reason=StrayReason.VIDEO_OUTSIDE_DAY))
        elif is_paper(node.name):
            self.papers.append(path)
        elif node.bytes:
            self.strays.append(stray(path, node))
        if node.bytes == 0:
            self.strays.append(replace(stray(path, node), reason=StrayReason.EMPTY_FILE))


def stray(path: str, node: Node) -> StrayFile:
    """An entry that belongs nowhere, with the reason that its kind gives."""
    reasons = {
        NodeKind.FILE: StrayReason.UNKNOWN_FILE,
        NodeKind.LINK_INSIDE: StrayReason.UNKNOWN_FILE,
        NodeKind.HIDDEN: StrayReason.HIDDEN_FILE,
        NodeKind.FOLDER: StrayReason.NESTED_FOLDER if _holds_anything(node) else StrayReason.EMPTY_FOLDER,
    }
    reason = reasons.get(node.kind) or StrayReason(node.kind.value)
    return StrayFile(path=path, reason=reason, bytes=node.bytes, detail=node.detail)


def build_class(
    place: Place, *, today: dt.date, roster_source: RosterSource | None = None, dossier: Dossier | None = None
) -> FoundClass:
    """The class at a place.

    Args:
        place: where it lies.
        today: the latest day a training can have been.
        roster_source: gives the roster in place of those in the folder.
        dossier: in place of the one in the folder.
    """
    found = _sort(place.node)
    hint = _folder_title(place.node.name)
    clips = _parsed(found, hint, institution=hint.institution)
    days = _days(found, clips, place, None, today)
    first_day = min((day.date for day in days if day.date and day.year_from), default=None)
    roster = roster_source(first_day) if roster_source else _own_roster(found, first_day) or _roster_above(place)
    if roster is not None:
        known = _majority(clip.name.institution for clip in clips) or roster.institution or hint.institution
        clips = _parsed(found, hint, institution=known)
        days = _days(found, clips, place, roster, today)
    folder = _class_folder(place, found, days, clips, hint, roster)
    filed = dossier or _own_dossier(found, today)
    return FoundClass(folder=folder, roster=roster, sources=found.sources, root=place.node.source, dossier=filed)


def _sort(node: Node) -> _Sorted:
    found = _Sorted()
    _sort_into(found, node, "")
    return found


def _sort_into(found: _Sorted, node: Node, above: str) -> None:
    """Sort in what a class folder holds, or a folder in it that groups day folders."""
    for child in node.children:
        path = f"{above}{child.label}"
        if child.kind is not NodeKind.FOLDER:
            found.add(path, child, None)
        elif not above and holds_days(child):
            found.strays.append(stray(path, child))
            _sort_into(found, child, f"{path}/")
        else:
            _sort_folder(found, child, path)


def _sort_folder(found: _Sorted, folder: Node, path: str) -> None:
    is_day = read_day_name(folder.name).is_day or has_videos(folder)
    if is_day:
        found.days[path] = folder
    else:
        found.strays.append(stray(path, folder))
    for below, entry in folder.walk(f"{path}/"):
        if entry.kind is NodeKind.FOLDER:
            found.strays.append(stray(below, entry))
        else:
            found.add(below, entry, path if is_day else None)


def _holds_anything(node: Node) -> bool:
    return any(child.kind is not NodeKind.LEFTOVER for child in node.children)


def _folder_title(name: str) -> Title:
    """Institution and class by the folder's name; a name without 班 is no help in splitting others."""
    title = split_title(name)
    return title if "班" in (title.class_name or "") else Title(institution=None, class_name=None)


def _parsed(found: _Sorted, hint: Title, *, institution: str | None) -> list[ClipFile]:
    """The clips with their names read: first with what is known beforehand, then with what most of them say."""
    names = _read_names(found, hint, institution)
    majority = _majority(name.institution for name in names)
    if majority and majority != institution:
        names = _read_names(found, hint, majority)
    return [
        ClipFile(path=path, day=day, kind=name.kind, name=name, suggested_name=None, bytes=node.bytes or 0)
        for (path, day, node), name in zip(found.clips, names, strict=True)
    ]


def _read_names(found: _Sorted, hint: Title, institution: str | None) -> list[ClipName]:
    return [
        parse_clip_name(node.name, institution=institution, class_name=hint.class_name) for _, _, node in found.clips
    ]


def _majority(values: Iterable[str | None]) -> str | None:
    """The most frequent value, of equally frequent ones the first in order of text."""
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def _days(
    found: _Sorted, clips: Sequence[ClipFile], place: Place, roster: Roster | None, today: dt.date
) -> tuple[DayFolder, ...]:
    names = tuple(clip.name.class_name for clip in clips if clip.name.class_name)
    texts = (place.node.name, _majority(names) or "", *((roster.title or "",) if roster else ()))
    by_day: dict[str | None, list[ClipName]] = defaultdict(list)
    for clip in clips:
        by_day[clip.day].append(clip.name)
    folders = [(path, node.name, by_day[path]) for path, node in found.days.items()]
    context = Context(class_texts=texts, parents=place.above, roster=roster, today=today)
    days = date_days(folders, context)
    return tuple(sorted(days, key=lambda day: (day.date or dt.date.max, natural_key(day.path))))


def _own_roster(found: _Sorted, first_day: dt.date | None) -> Roster | None:
    """The roster in the class folder; papers in day folders are looked at only where there is none outside."""
    lists = [path for path in found.papers if not is_dossier_name(path.rpartition("/")[2])]
    outside = [path for path in lists if found.around(path) is None]
    inside = [path for path in lists if found.around(path) is not None]
    for papers in (outside, inside):
        paths = {found.sources[paper]: paper for paper in reversed(papers)}
        names = [paths[path] for path in find_rosters(tuple(paths))]
        if names:
            return _best_roster([read_roster(found.sources[name], shown_as=name, on=first_day) for name in names])
    return None


def _roster_above(place: Place) -> Roster | None:
    """A hint at a roster that lies beside the class folder: whose it is, only a person can say."""
    if not place.rosters_above:
        return None
    return Roster(file=f"../{printable(place.rosters_above[0])}", trainees=(), faults=("outside-class",))


def _own_dossier(found: _Sorted, today: dt.date) -> Dossier | None:
    """The dossier in the class folder; those in day folders are none of the class."""
    names = rank_dossiers(path for path in found.papers if found.around(path) is None)
    return best_dossier([read_dossier(found.sources[name], shown_as=name, today=today) for name in names])


def _best_roster(rosters: Sequence[Roster]) -> Roster:
    """The first that has trainees; another that doesn't name just the same people makes it doubtful."""
    best = next((roster for roster in rosters if roster.trainees), rosters[0])
    others = [roster for roster in rosters if roster is not best]
    is_doubtful = "several-rosters" not in best.faults and not all(is_copy(best, one) for one in others)
    faults = (*best.faults, "several-rosters") if is_doubtful else best.faults
    return replace(best, other_files=tuple(roster.file for roster in others), faults=faults)


def _class_folder(
    place: Place,
    found: _Sorted,
    days: Sequence[DayFolder],
    clips: Sequence[ClipFile],
    hint: Title,
    roster: Roster | None,
) -> ClassFolder:
    told = [clip.name for clip in clips if clip.kind is not ClipKind.OTHER]
    by_roster = roster.institution if roster else None
    institution = _majority(name.institution for name in told) or hint.institution or by_roster
    class_name = _majority(name.class_name for name in told) or hint.class_name or place.node.label
    order = {day.path: index for index, day in enumerate(days)}
    in_order = sorted(clips, key=lambda clip: (order.get(clip.day or "", len(order)), natural_key(clip.path)))
    return ClassFolder(
        name=place.node.label,
        path=place.path,
        institution=institution,
        class_name=class_name,
        days=tuple(days),
        clips=with_suggestions(in_order, days, institution=institution, class_name=class_name),
        strays=tuple(found.strays),
        papers=tuple(found.papers),
        ignored=tuple(found.ignored),
    )
