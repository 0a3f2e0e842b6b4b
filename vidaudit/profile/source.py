"""Profile files: where they are found, and where in them something stands."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import takewhile
from pathlib import Path
from typing import Any

from vidaudit.errors import ProfileError

Key = tuple[str, ...]

_LINE = re.compile(r"\s*(\[)?\s*([\w.\"\-\s]+?)\s*(?:\]|=)")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file: its name for messages, what tells it from all others, what it holds, and where it lies.

    `folder` is where a path in it starts from; None for one that is shipped.
    """

    name: str
    identity: str
    content: bytes
    text: str
    table: Mapping[str, Any]
    folder: Path | None

    @property
    def is_block(self) -> bool:
        """Whether it only lends thresholds to profiles: a shipped file whose name begins with `_`."""
        return self.folder is None and self.name.startswith("_")

    @property
    def document(self) -> str | None:
        """The regulation that its clauses are of; None where it names none."""
        head = self.table.get("profile")
        document = head.get("document") if isinstance(head, dict) else None
        return document if isinstance(document, str) and document.strip() else None

    def locate(self, key: Key) -> tuple[int, int]:
        """How much of the key the best line shares, and that line, from 1."""
        best, best_line = 0, 1
        header: Key = ()
        for number, line in enumerate(self.text.splitlines(), start=1):
            match = _LINE.match(line)
            if match is None:
                continue
            parts = tuple(part.strip(' "') for part in match[2].split("."))
            header = parts if match[1] else header
            path = parts if match[1] else (*header, *parts)
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, key, strict=False)))
            if shared > best:
                best, best_line = shared, number
        return best, best_line


def shipped() -> dict[str, Traversable]:
    """The profiles in the installed package, by id; in a checkout they lie in the folder beside it."""
    packaged = resources.files("vidaudit").joinpath("profiles")
    folder: Traversable = packaged if packaged.is_dir() else Path(__file__).parents[2] / "profiles"
    if not folder.is_dir():
        return {}
    return {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir() if entry.name.endswith(".toml")}


def chain(id_or_file: str) -> tuple[Source, ...]:
    """The profile and what it extends, the nearest first.

    Raises:
        ProfileError: a file that isn't there or can't be read, or profiles that extend each other in a circle.
    """
    sources = [_read(id_or_file, Path())]
    while (parent := _parent(sources[-1])) is not None:
        following = _read_parent(parent, sources[-1])
        if following.identity in {source.identity for source in sources}:
            circle = " extends ".join(source.name for source in (*sources, following))
            raise ProfileError(f"{place(sources[-1], ('profile', 'extends'))} goes round in a circle: {circle}")
        sources.append(following)
    return tuple(sources)


def place(source: Source, key: Key) -> str:
    """File, line and key, as a message begins."""
    return f"{source.name}, line {source.locate(key)[1]}: {'.'.join(key)}"


def hint(name: str, known: Iterable[str]) -> str:
    """The nearest of the known names, as the end of a sentence; empty when none is near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else ""


def _parent(source: Source) -> str | None:
    head = source.table.get("profile")
    parent = head.get("extends") if isinstance(head, dict) else None
    return parent if isinstance(parent, str) else None


def _read_parent(parent: str, child: Source) -> Source:
    try:
        source = _read(parent, child.folder or Path())
    except ProfileError as error:
        raise ProfileError(f"{place(child, ('profile', 'extends'))}: {error}") from error
    if source.document is None:  # what is taken over would have clauses of nobody knows what
        raise ProfileError(f"{place(source, ('profile', 'document'))} must name the regulation")
    return source


def _read(id_or_file: str, folder: Path) -> Source:
    name, content, found_in = _content(id_or_file, folder)
    try:
        text = content.decode("utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ProfileError(f"{name}: not UTF-8 text; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileError(f"{name}: not valid TOML: {error}") from error
    identity = name if found_in is None else str(Path(name).resolve())
    return Source(name=name, identity=identity, content=content, text=text, table=table, folder=found_in)


def _content(id_or_file: str, folder: Path) -> tuple[str, bytes, Path | None]:
    """What to call the profile in messages, its bytes, and where it lies; None for one that is shipped."""
    known = shipped()
    if id_or_file in known:
        return known[id_or_file].name, known[id_or_file].read_bytes(), None
    path = folder / id_or_file
    is_file = os.path.isfile(path)  # noqa: PTH113 - a name too long is no exception here
    if path.suffix.lower() != ".toml" and not is_file:
        ids = [name for name in sorted(known) if not name.startswith("_")]
        there_are = ", ".join(ids) or "none"
        raise ProfileError(f"no profile {id_or_file!r}{hint(id_or_file, ids)}; there are: {there_are}, or give a file")
    if not is_file and os.path.lexists(path):  # a pipe or a device may go on for ever
        raise ProfileError(f"profile {path} can't be read: it is no file")
    try:
        return str(path), path.read_bytes(), path.parent
    except OSError as error:
        raise ProfileError(f"profile {path} can't be read: {error.strerror}") from error
