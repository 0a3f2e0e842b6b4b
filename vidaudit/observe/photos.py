"""Photographs of the enrolled held against the persons seen in a class's face clips.

Each photograph shows one person and each person seen is one, so this is a one-to-one assignment. A photograph is found
where it is within the class's own limit (`identity.likeness_limit`) and no other photograph is about as near; up to the
loose limit nothing is said; beyond it the person was not seen. How often strangers of this very class would have
been taken for one another is counted and kept beside the outcome.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from vidaudit.model.people import (
    Appearance,
    PeopleEvidence,
    PhotoEvidence,
    PhotoFault,
    PhotoMatch,
    PhotoOutcome,
    PhotoProblem,
)
from vidaudit.model.roster import Photo
from vidaudit.model.still import Box
from vidaudit.observe.assignment import cheapest_pairs
from vidaudit.observe.describe import FaceDescriptor
from vidaudit.observe.detail import effective_face_width_px
from vidaudit.observe.detect import Detection, FaceDetector, Image
from vidaudit.observe.identity import Descriptor, LikenessLimits, distances, likeness_limit
from vidaudit.observe.people import CLEARLY_BEST, VAGUE_PX, SeenClip, between_strangers
from vidaudit.observe.resize import reduced
from vidaudit.observe.snapshots import person_crop

_MAX_BYTES = 64 * 2**20  # far above any photograph
_MAX_SIDE_PX = 1600  # more pixels of a portrait tell nothing more: the network sees 150 px of the face
_CLEARLY_MAIN = 0.6  # own choice: somebody behind is at most this share as big, or as central, as who is portrayed
_NO_LINK = 1e3


@dataclass(frozen=True, kw_only=True, eq=False)
class _Portrait:
    photo: Photo
    look: tuple[Image, Box]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """A person of the class: the first appearance, all descriptors, and whether no view has enough detail."""

    first: Appearance
    looks: tuple[Descriptor, ...]
    is_vague: bool


def match_photos(
    photos: Sequence[Photo],
    clips: Sequence[SeenClip],
    people: PeopleEvidence | None,
    detector: FaceDetector,
    descriptor: FaceDescriptor,
) -> PhotoEvidence:
    """Who of the photographed was seen. What is wrong with a photograph is in `faults`, never an exception.

    Args:
        photos: of the enrolled, in order of preference where there are several of one person.
        clips: the class's face clips with their descriptors; those of another descriptor are left out.
        people: the persons of these clips linked; None when no face clip could be watched.
        detector: finds the faces in the photographs.
        descriptor: that of the clips.
    """
    portraits, faults = _usable(photos, detector)
    described = descriptor.describe([portrait.look for portrait in portraits])
    own = [clip for clip in clips if clip.faces.descriptor == descriptor.name]
    seen = _persons(own, people)
    strangers = np.concatenate([between_strangers(own), _pairs(described)])
    limit = likeness_limit(strangers, descriptor.limits)
    return PhotoEvidence(
        descriptor=descriptor.name,
        limit=limit,
        loose_limit=descriptor.limits.loose,
        num_stranger_pairs=int(strangers.size),
        num_alike_strangers=int((strangers <= limit).sum()),
        matches=_matches(portraits, described, seen, limit, descriptor.limits),
        faults=faults,
    )


def read_picture(file: Path) -> Image | None:
    """The picture, upright, (height, width, 3) uint8, blue-green-red; None when it can't be read."""
    try:
        if not 0 < file.stat().st_size <= _MAX_BYTES:
            return None
        # Not by its path: OpenCV can't open every name on Windows.
        picture = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None
    return None if picture is None else reduced(picture.astype(np.uint8, copy=False), _MAX_SIDE_PX)


def main_face(faces: Sequence[Detection], width: int, height: int) -> Detection | PhotoProblem:
    """The face that a picture of this size is of: the largest and most central, if there is one such."""
    if not faces:
        return PhotoProblem.NO_FACE
    ranked = sorted(faces, key=lambda face: -_prominence(face.box, width, height))
    if len(ranked) > 1:
        first, second = (_prominence(face.box, width, height) for face in ranked[:2])
        if second > _CLEARLY_MAIN * first:
            return PhotoProblem.SEVERAL_FACES
    return ranked[0]


def _prominence(box: Box, width: int, height: int) -> float:
    """The face's width, less towards the edges: half in the very corner."""
    aside = 2 * (box.x_px + box.width_px / 2) / width - 1
    above = 2 * (box.y_px + box.height_px / 2) / height - 1
    return float(box.width_px * (1 - 0.5 * min(1.0, float(np.hypot(aside, above) / np.sqrt(2)))))


def _usable(photos: Sequence[Photo], detector: FaceDetector) -> tuple[list[_Portrait], tuple[PhotoFault, ...]]:
    """One portrait a person, and what is wrong with the other photographs."""
    times = _times(photos)
    portraits: dict[int, _Portrait] = {}
    faults = []
    for photo in photos:
        looked = PhotoProblem.DUPLICATE if photo.row in portraits else _looked_at(photo, times, detector)
        if isinstance(looked, PhotoProblem):
            faults.append(PhotoFault(file=photo.shown, problem=looked))
        else:
            portraits[photo.row] = _Portrait(photo=photo, look=looked)
    return list(portraits.values()), tuple(faults)


def _times(photos: Sequence[Photo]) -> Mapping[str, int]:
    """{content: how many people have this very file}."""
    return Counter(content for content, _ in {(_content(photo.file), photo.row) for photo in photos})


def _content(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return str(file)


def _looked_at(photo: Photo, times: Mapping[str, int], detector: FaceDetector) -> tuple[Image, Box] | PhotoProblem:
    picture = read_picture(photo.file)
    if picture is None:
        return PhotoProblem.UNREADABLE
    if times[_content(photo.file)] > 1:
        return PhotoProblem.SAME_PICTURE
    face = main_face(detector.detect(picture), picture.shape[1], picture.shape[0])
    if isinstance(face, PhotoProblem):
        return face
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    detail_px = effective_face_width_px(_cut(grey, face.box), face.box.width_px)
    if min(face.box.width_px, detail_px or 0.0) < VAGUE_PX:
        return PhotoProblem.SMALL_FACE
    return person_crop(picture, face.box)


def _cut(grey: npt.NDArray[np.uint8], box: Box) -> npt.NDArray[np.uint8]:
    left, top = int(box.x_px), int(box.y_px)
    return grey[top : max(top + 1, int(box.y_px + box.height_px)), left : max(left + 1, int(box.x_px + box.width_px))]


def _persons(clips: Sequence[SeenClip], people: PeopleEvidence | None) -> list[_Seen]:
    """The persons who were described."""
    known = {
        Appearance(clip=clip.path, index=person.index): person
        for clip in clips
        for person in clip.faces.persons
        if person.descriptor is not None
    }
    seen = []
    for somebody in () if people is None else people.persons:
        views = [known[appearance] for appearance in somebody.appearances if appearance in known]
        if views:
            looks = tuple(np.array(view.descriptor, dtype=float) for view in views)
            is_vague = all((view.best.effective_width_px or 0.0) < VAGUE_PX for view in views)
            seen.append(_Seen(first=somebody.appearances[0], looks=looks, is_vague=is_vague))
    return seen


def _pairs(described: Sequence[Descriptor]) -> npt.NDArray[np.float64]:
    """Distances between the photographs: each is of somebody else."""
    return distances(described, described)[np.triu_indices(len(described), 1)]


def _matches(
    portraits: Sequence[_Portrait],
    described: Sequence[Descriptor],
    seen: Sequence[_Seen],
    limit: float,
    limits: LikenessLimits,
) -> tuple[PhotoMatch, ...]:
    columns = [distances(described, person.looks).mean(axis=1) for person in seen]
    apart = np.stack(columns, axis=1) if columns and portraits else np.zeros((len(portraits), len(seen)))
    reach = np.array([limits.vague if person.is_vague else limits.loose for person in seen])
    chosen = _assigned(apart, apart <= reach)
    return tuple(
        _match(portrait.photo, seen, apart, row, chosen.get(row), limit) for row, portrait in enumerate(portraits)
    )


def _assigned(apart: npt.NDArray[np.float64], within_reach: npt.NDArray[np.bool_]) -> dict[int, int]:
    """{row: column} one to one, at the least total distance, only within reach."""
    pairs = cheapest_pairs(np.where(within_reach, apart, _NO_LINK))
    return {row: column for row, column in pairs if within_reach[row, column]}


def _match(
    photo: Photo, seen: Sequence[_Seen], apart: npt.NDArray[np.float64], row: int, column: int | None, limit: float
) -> PhotoMatch:
    if column is None:
        return PhotoMatch(row=photo.row, name=photo.name, file=photo.shown, outcome=PhotoOutcome.NOT_SEEN)
    is_found = not seen[column].is_vague and _is_found(apart, row, column, limit)
    return PhotoMatch(
        row=photo.row,
        name=photo.name,
        file=photo.shown,
        outcome=PhotoOutcome.FOUND if is_found else PhotoOutcome.UNCLEAR,
        seen=seen[column].first,
        distance=round(float(apart[row, column]), 3),
    )


def _is_found(apart: npt.NDArray[np.float64], row: int, column: int, limit: float) -> bool:
    """Near enough, and by far nearer than any other photograph that is near enough too."""
    here, others = apart[row, column], np.delete(apart[:, column], row)
    is_contested = (others <= limit) & (here > CLEARLY_BEST * others)
    return bool(here <= limit and not is_contested.any())
