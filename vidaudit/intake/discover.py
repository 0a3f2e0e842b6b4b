"""From the paths a person gives to training classes: class folders, discs with class folders, or several of them."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from vidaudit.errors import RosterError, UsageError
from vidaudit.intake.classes import FoundClass, RosterSource, build_class, stray
from vidaudit.intake.dossier import given_dossier
from vidaudit.intake.enrolled import with_double_enrolments
from vidaudit.intake.kinds import is_video
from vidaudit.intake.layout import Place, find_classes
from vidaudit.intake.printable import printable
from vidaudit.intake.roster import read_roster
from vidaudit.intake.tree import Node, NodeKind, read_tree
from vidaudit.model.roster import Roster
from vidaudit.model.submission import StrayFile, StrayReason

__all__ = ["Discovery", "FoundClass", "discover", "given_roster"]


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """All classes found, in the order given and then in natural order.

    `loose` are files outside every class folder, with paths from the submission's own folder on; what the
    operating system leaves behind isn't among them.
    """

    classes: tuple[FoundClass, ...]
    loose: tuple[StrayFile, ...]


def discover(
    paths: Sequence[Path],
    *,
    roster_file: Path | None = None,
    dossier_file: Path | None = None,
    today: dt.date | None = None,
    renamed: Mapping[Path, str] = MappingProxyType({}),
) -> Discovery:
    """Find the classes in what a school handed in.

    Args:
        paths: class folders, discs, or folders round them; a class reached twice is taken once.
        roster_file: a roster that replaces those in the class folders, for all classes.
        dossier_file: a dossier that replaces those in the class folders, for all classes.
        today: the latest day a training can have been; the present day if not given.
        renamed: as for `read_tree`.

    Raises:
        UsageError: a path isn't there, or is no folder.
        RosterError: the given roster can't be read or names nobody.
        DossierError: the given dossier can't be read.
    """
    day = today or dt.datetime.now().astimezone().date()
    source = given_roster(roster_file) if roster_file else None
    dossier = given_dossier(dossier_file) if dossier_file else None
    trees = [(read_tree(root, renamed), label) for root, label in _roots(paths)]
    places = [place for tree, label in trees for place in find_classes(tree, label, _above(tree))]
    outermost = _outermost(places)
    classes = tuple(build_class(place, today=day, roster_source=source, dossier=dossier) for place in outermost)
    if source is None:
        classes = with_double_enrolments(classes)
    roots = {place.node.source for place in outermost}
    loose = {node.source: one for tree, label in trees for node, one in _loose(tree, label, roots)}
    return Discovery(classes=classes, loose=tuple(loose.values()))


def _roots(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """The real folders, each once, with a printable name that no other has."""
    seen: set[Path] = set()
    labels: set[str] = set()
    for path in paths:
        root = _existing_folder(path)
        if root in seen:
            continue
        seen.add(root)
        name = printable(root.name or root.drive.rstrip(":") or "submission")
        number = 1
        while (label := name if number == 1 else f"{name} ({number})") in labels:
            number += 1
        labels.add(label)
        yield root, label


def _existing_folder(path: Path) -> Path:
    shown = printable(str(path))
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"There is nothing at {shown}. Check the path, or whether the disc is in the drive."
        ) from error
    if not real.is_dir():
        raise UsageError(f"{shown} is no folder. Give the class folder, the disc, or an ISO or ZIP of it.")
    return real


def _above(tree: Node) -> tuple[str, ...]:
    return tuple(parent.name for parent in tree.source.parents if parent.name)


def _outermost(places: Sequence[Place]) -> tuple[Place, ...]:
    """Each class once, and none that lies in another one."""
    unique = {place.node.source: place for place in places}
    return tuple(place for source, place in unique.items() if unique.keys().isdisjoint(source.parents))


def _loose(node: Node, path: str, roots: set[Path]) -> Iterator[tuple[Node, StrayFile]]:
    """Entries of discs and wrappers that lie in no class."""
    if not roots.isdisjoint((node.source, *node.source.parents)):
        return
    if node.kind is not NodeKind.FOLDER:
        yield node, stray(path, node)
        return
    for child in node.children:
        below = f"{path}/{child.label}"
        if child.kind is NodeKind.FOLDER and child.children:
            yield from _loose(child, below, roots)
        elif child.kind is NodeKind.FOLDER and child.source not in roots:
            yield child, stray(below, child)
        elif child.kind is not NodeKind.LEFTOVER and child.kind is not NodeKind.FOLDER:
            yield child, _loose_file(below, child)


def _loose_file(path: str, node: Node) -> StrayFile:
    is_clip = node.kind is NodeKind.FILE and is_video(node.name)
    return replace(stray(path, node), reason=StrayReason.VIDEO_OUTSIDE_DAY) if is_clip else stray(path, node)


def given_roster(path: Path) -> RosterSource:
    """The roster in a file given by hand, as a function of the class's first day (ages are as of then).

    Raises:
        RosterError: it can't be read or names nobody.
    """
    shown = printable(path.name)
    if not os.path.lexists(path):
        raise RosterError(f"There is no roster at {printable(str(path))}. Check the path given with --roster.")
    if not os.path.isfile(path):  # noqa: PTH113 - a device or a pipe may go on for ever
        raise RosterError(f"{printable(str(path))} is no file. Give the roster itself with --roster.")

    def read(first_day: dt.date | None) -> Roster:
        return read_roster(path, shown_as=shown, on=first_day)

    roster = read(None)
    if roster.size is None:
        raise RosterError(
            f"The roster {shown} can't be used ({', '.join(roster.faults)}). Give an xlsx, xls or csv file without a "
            "password, with a heading row that has 姓名."
        )
    return read
