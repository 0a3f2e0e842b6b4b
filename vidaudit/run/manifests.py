"""Manifests read back: typed, each key and each path once, nothing believed."""

import re
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec

from vidaudit.report.manifest import ALGORITHM, MANIFEST_SCHEMA, RUN_SCHEMA
from vidaudit.run.own import MANIFEST_FILE
from vidaudit.run.untrusted import PlainFiles, strict_json

# A manifest has some hundred bytes a file; a class of a hundred days stays far below a megabyte.
LARGEST_MANIFEST_BYTES: Final = 64 * 1024 * 1024


class ManifestError(Exception):
    """A file that is no manifest; says why."""


class NewerManifestError(ManifestError):
    """A manifest in a form of which this version knows nothing; its schema is the message."""


@dataclass(frozen=True, kw_only=True)
class ListedFile:
    """A file as a manifest states it; None for what could not be read of it."""

    path: str
    bytes: int | None
    sha256: str | None


@dataclass(frozen=True, kw_only=True)
class StatedTool:
    """Version of the tool that wrote the folder."""

    version: str


@dataclass(frozen=True, kw_only=True)
class StatedProfile:
    """The profile by which was judged, and the SHA-256 of all its files."""

    id: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class StatedSigner:
    """Who signs: the public key in hexadecimal."""

    algorithm: str
    public_key: str


@dataclass(frozen=True, kw_only=True)
class StatedClass:
    """The class, as its folder is called and where it lay."""

    name: str
    path: str


@dataclass(frozen=True, kw_only=True)
class StatedReport:
    """A class of a run: its folder, and the SHA-256 of the manifest in it."""

    folder: str
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What every manifest states."""

    schema: str
    created: str
    tool: StatedTool
    profile: StatedProfile
    outputs: tuple[ListedFile, ...]
    signed_by: StatedSigner | None = None


@dataclass(frozen=True, kw_only=True)
class ClassManifest(Manifest):
    """The manifest of one class's report folder."""

    training_class: StatedClass
    submitted: tuple[ListedFile, ...]


@dataclass(frozen=True, kw_only=True)
class RunManifest(Manifest):
    """The manifest of a run."""

    classes: tuple[StatedReport, ...]


M = TypeVar("M", bound=Manifest)
_SCHEMAS: Final = {ClassManifest: MANIFEST_SCHEMA, RunManifest: RUN_SCHEMA}


@dataclass(frozen=True, kw_only=True)
class Held(Generic[M]):
    """A manifest with the very bytes that a signature is of."""

    stated: M
    content: bytes


def read_manifest(files: PlainFiles, kind: type[M]) -> Held[M]:
    """The manifest in a folder.

    Raises:
        NewerManifestError: when a newer version of vidaudit wrote it.
        ManifestError: when it can't be read, is of another schema, or says something twice.
    """
    try:
        content = files.read(MANIFEST_FILE, LARGEST_MANIFEST_BYTES)
        document = strict_json(content)
        _check_schema(document, _SCHEMAS[kind])
        stated = msgspec.convert(_named(document), type=kind)
    except OSError as error:
        raise ManifestError(error.strerror or str(error)) from error
    except (ValueError, msgspec.MsgspecError) as error:
        raise ManifestError(str(error)) from error
    _check_unique(stated)
    return Held(stated=stated, content=content)


def _check_schema(document: object, expected: str) -> None:
    stated = document.get("schema") if isinstance(document, dict) else None
    if stated == expected:
        return
    family, _, known = expected.rpartition("/")
    named = re.fullmatch(rf"{re.escape(family)}/(\d{{1,6}})", stated, re.ASCII) if isinstance(stated, str) else None
    if named is not None and int(named[1]) > int(known):
        raise NewerManifestError(named[0])
    raise ManifestError(f"not of the schema {expected}")


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """`class` is no name for a field."""
    return {("training_class" if key == "class" else key): value for key, value in document.items()}


def _check_unique(stated: Manifest) -> None:
    groups = [[file.path for file in stated.outputs]]
    if isinstance(stated, ClassManifest):
        groups.append([file.path for file in stated.submitted])
    if isinstance(stated, RunManifest):
        groups.append([report.folder for report in stated.classes])
    if any(len(set(group)) < len(group) for group in groups):
        raise ManifestError("a file is there twice")
    if stated.signed_by is not None and stated.signed_by.algorithm != ALGORITHM:
        raise ManifestError(f"signed by something else than {ALGORITHM}")
