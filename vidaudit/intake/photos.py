"""Photographs of the enrolled, from a folder: which file shows whom, by the person's name or ID number in its name.

Names may be 姓名, 身份证号, or both in either order with anything between them that is no letter or digit. A sub-folder
called like a class holds that class's photographs; all others are looked up in the roster of every class.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vidaudit.errors import UsageError
from vidaudit.intake.classes import FoundClass
from vidaudit.intake.identity import mask_identity
from vidaudit.intake.kinds import extension, is_leftover
from vidaudit.intake.numerals import fold, fold_width
from vidaudit.intake.printable import natural_key, printable
from vidaudit.intake.roster import numbers_by_row
from vidaudit.model.people import PhotoFault, PhotoProblem
from vidaudit.model.roster import Photo

_PICTURES = frozenset({"jpg", "jpeg", "jfif", "png", "bmp", "tif", "tiff", "webp", "gif", "heic", "heif"})
_NUMBER = re.compile(r"(?<!\d)(\d{17}[\dxX]|\d{15})(?!\d)")
_LONG_NUMBER = re.compile(r"\d{9,}[xX]?")
_EDGES = " _-+—–－.,，、()[]【】（）"


@dataclass(frozen=True, kw_only=True)
class ClassPhotos:
    """The photographs of one class, and those that belong to nobody or to several."""

    photos: tuple[Photo, ...]
    faults: tuple[PhotoFault, ...]


def find_photos(
    folder: Path, classes: Sequence[FoundClass], roster_file: Path | None = None
) -> tuple[ClassPhotos, ...]:
    """Who is on which photograph, for every class in the given order; a class without a roster has none.

    Args:
        folder: of photographs, with or without sub-folders; links in it are not followed.
        classes: as found on the disc.
        roster_file: the roster given by hand, where there is one.

    Raises:
        UsageError: the folder isn't there or can't be listed.
    """
    files = _pictures(folder)
    people = [_people(found, roster_file) for found in classes]
    owners = {file: _owner(file.relative_to(folder), classes) for file in files}
    claimed = {file for file in files if owners[file] is None and any(_rows(file, one) for one in people)}
    return tuple(
        _class_photos([file for file in files if owners[file] in (None, number)], folder, one, claimed)
        for number, one in enumerate(people)
    )


@dataclass(frozen=True, kw_only=True)
class _Person:
    """An enrolled person by what a file may call them; `number` is None where the roster has none to be trusted."""

    row: int
    name: str | None
    number: str | None


def _pictures(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            raise UsageError(f"There is no folder of photographs at {printable(str(folder))}. Check --photos.")
        found = [path for path in folder.rglob("*") if _is_picture(path)]
    except OSError as error:
        raise UsageError(f"The folder of photographs {printable(str(folder))} can't be read: {error}") from error
    return sorted(found, key=lambda path: natural_key(path.relative_to(folder).as_posix()))


def _is_picture(path: Path) -> bool:
    is_wanted = extension(path.name) in _PICTURES and not is_leftover(path.name, is_folder=False)
    return is_wanted and not path.is_symlink() and path.is_file()


def _owner(relative: Path, classes: Sequence[FoundClass]) -> int | None:
    """The number of the class whose sub-folder the file is in; None in no class's."""
    above = {fold(part) for part in relative.parts[:-1]}
    names = ({fold(one.folder.name), fold(one.folder.class_name or one.folder.name)} for one in classes)
    return next((number for number, known in enumerate(names) if known & above), None)


def _people(found: FoundClass, roster_file: Path | None) -> tuple[_Person, ...]:
    roster = found.roster
    if roster is None:
        return ()
    file = roster_file or found.sources.get(roster.file)
    numbers: Mapping[int, str] = {} if file is None else numbers_by_row(file, roster)
    return tuple(
        _Person(row=one.row, name=one.name, number=numbers.get(one.row))
        for one in roster.trainees
        if one.duplicate_of_row is None
    )


def _class_photos(files: Sequence[Path], folder: Path, people: Sequence[_Person], claimed: set[Path]) -> ClassPhotos:
    photos, faults = [], []
    names = {person.row: person.name for person in people}
    for file in files if people else ():
        rows, shown = _rows(file, people), _shown(file.relative_to(folder))
        if len(rows) == 1:
            photos.append(Photo(row=rows[0], name=names[rows[0]], file=file, shown=shown))
        elif rows:
            faults.append(PhotoFault(file=shown, problem=PhotoProblem.AMBIGUOUS))
        elif file not in claimed:  # else it shows somebody of another class
            faults.append(PhotoFault(file=shown, problem=PhotoProblem.NOT_IN_ROSTER))
    return ClassPhotos(photos=tuple(photos), faults=tuple(faults))


def _rows(file: Path, people: Sequence[_Person]) -> tuple[int, ...]:
    """The rows of those enrolled whom the file's name fits; whatever of name and number it gives must fit."""
    stem = fold_width(file.stem)
    number = _NUMBER.search(stem)
    name = _folded(_NUMBER.sub(" ", stem).strip(_EDGES))
    return tuple(person.row for person in people if _fits(person, name, number[0].upper() if number else None))


def _fits(person: _Person, name: str, number: str | None) -> bool:
    own_name = _folded(person.name or "")
    if number is None or person.number is None:
        return bool(name) and name == own_name
    return number == person.number and name in ("", own_name)


def _folded(name: str) -> str:
    return "".join(fold_width(name).split()).casefold()


def _shown(relative: Path) -> str:
    masked: Iterator[str] = (
        _LONG_NUMBER.sub(lambda found: mask_identity(found[0]), fold_width(part)) for part in relative.parts
    )
    return "/".join(printable(part) for part in masked)
