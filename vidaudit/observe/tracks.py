"""Sights of faces joined into tracks by their place in the room (`observe.place`).

A track is one face at one place. Per frame, faces and tracks are matched one to one by how much their boxes overlap in
the plane; two faces of one frame never join one track.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vidaudit.model.media import Frame
from vidaudit.model.still import Box
from vidaudit.observe.assignment import cheapest_pairs
from vidaudit.observe.detect import Detection
from vidaudit.observe.place import View

_MIN_OVERLAP = 0.35  # of the smaller box: a head that moved by 0.6 of its width still overlaps by 0.4
_MAX_SIZE_RATIO = 2.2  # a face half out of the picture shows half its width
_EDGE_WIDTHS = 0.15  # a box that ends this near to the picture's edge (in its widths) may go on beyond it


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """A frame with what a detector found in it, and where in the room it lies."""

    frame: Frame
    detections: tuple[Detection, ...]
    view: View

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the frame."""
        return self.frame.image.shape[1], self.frame.image.shape[0]

    def sights(self, number: int) -> "list[Sight]":
        """What was found, as sights of the frame with this number."""
        at_s = float(self.frame.at_s)
        return [sight_of(detection, self.view, number, at_s, self.size_px) for detection in self.detections]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sight:
    """One detection with its frame number, time in seconds, place in the plane, and whether the edge cuts it."""

    frame: int
    at_s: float
    detection: Detection
    segment: int
    travelled_px: float
    place: Box
    cut_by_edge: bool


@dataclass(kw_only=True, eq=False)
class Track:
    """The sights of one face, in order of time; at least one."""

    sights: list[Sight] = field(default_factory=list)

    @property
    def frames(self) -> frozenset[int]:
        """The numbers of the frames it was seen in."""
        return frozenset(sight.frame for sight in self.sights)

    @property
    def anchor(self) -> Sight:
        """The sight that tells its place best: the latest that the edge doesn't cut, else the widest."""
        whole = [sight for sight in self.sights if not sight.cut_by_edge]
        return whole[-1] if whole else max(self.sights, key=lambda sight: sight.place.width_px)


def sight_of(detection: Detection, view: View, frame: int, at_s: float, size_px: tuple[int, int]) -> Sight:
    """Where in the room this detection is. `size_px` is the frame's (width, height)."""
    box = detection.box
    x, y = view.place(box.x_px + box.width_px / 2, box.y_px + box.height_px / 2)
    width, height = box.width_px * view.scale, box.height_px * view.scale
    return Sight(
        frame=frame,
        at_s=at_s,
        detection=detection,
        segment=view.segment,
        travelled_px=view.travelled_px,
        place=Box(x_px=x - width / 2, y_px=y - height / 2, width_px=width, height_px=height),
        cut_by_edge=_cut_by_edge(box, size_px),
    )


def _cut_by_edge(box: Box, size_px: tuple[int, int]) -> bool:
    near = _EDGE_WIDTHS * box.width_px
    right, bottom = size_px[0] - box.x_px - box.width_px, size_px[1] - box.y_px - box.height_px
    return min(box.x_px, box.y_px, right, bottom) < near


class TrackBook:
    """Collects sights frame by frame into tracks."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []

    def add(self, sights: list[Sight]) -> list[Track]:
        """Enter the sights of one frame; returns the track of each, in the same order."""
        if not sights:
            return []
        known = [track for track in self.tracks if track.sights[-1].segment == sights[0].segment]
        chosen: dict[int, Track] = {}
        if known:
            anchors = [track.anchor for track in known]
            overlap = np.array([[_likeness(anchor, sight) for anchor in anchors] for sight in sights])
            pairs = cheapest_pairs(-overlap)
            chosen = {row: known[column] for row, column in pairs if overlap[row, column] > 0}
        return [self._enter(sight, chosen.get(number)) for number, sight in enumerate(sights)]

    def _enter(self, sight: Sight, track: Track | None) -> Track:
        if track is None:
            track = Track()
            self.tracks.append(track)
        track.sights.append(sight)
        return track


def seen_together(tracks: list[Track]) -> npt.NDArray[np.bool_]:
    """(n, n), true where two different tracks are seen in one frame."""
    together = np.array([[bool(one.frames & other.frames) for other in tracks] for one in tracks], dtype=bool)
    return together.reshape(len(tracks), len(tracks)) & ~np.eye(len(tracks), dtype=bool)


def never_one_person(tracks: list[Track]) -> npt.NDArray[np.bool_]:
    """(n, n), true where two tracks are certainly two people: seen in one frame, or at two places of one pan.

    Two places differ for certain when they are further apart than the faces are wide plus what the chain of motions
    may have drifted on the way between them.
    """
    apart = np.zeros((len(tracks), len(tracks)), dtype=bool)
    for row, one in enumerate(tracks):
        for column, other in enumerate(tracks[:row]):
            certain = bool(one.frames & other.frames) or _far_apart(one.anchor, other.anchor)
            apart[row, column] = apart[column, row] = certain
    return apart


_DRIFT = 0.03  # of the way travelled; measured at under 0.01 on pans forth and back, times three
_WIDTHS_APART = 1.5


def _far_apart(one: Sight, other: Sight) -> bool:
    if one.segment != other.segment:
        return False
    width = max(one.place.width_px, other.place.width_px)
    drift = _DRIFT * abs(one.travelled_px - other.travelled_px)
    return _distance(one.place, other.place) > _WIDTHS_APART * width + drift


def _likeness(known: Sight, new: Sight) -> float:
    """Overlap in the plane as a share of the smaller box, 0 where the two can't be one face."""
    one, other = known.place, new.place
    ratio = max(one.width_px, other.width_px) / max(min(one.width_px, other.width_px), 1e-6)
    if ratio > _MAX_SIZE_RATIO and not (known.cut_by_edge or new.cut_by_edge):
        return 0.0
    across = min(one.x_px + one.width_px, other.x_px + other.width_px) - max(one.x_px, other.x_px)
    down = min(one.y_px + one.height_px, other.y_px + other.height_px) - max(one.y_px, other.y_px)
    if across <= 0 or down <= 0:
        return 0.0
    smaller = min(one.width_px * one.height_px, other.width_px * other.height_px)
    share = across * down / max(smaller, 1e-6)
    return share if share >= _MIN_OVERLAP else 0.0


def _distance(one: Box, other: Box) -> float:
    return float(
        np.hypot(
            one.x_px + one.width_px / 2 - other.x_px - other.width_px / 2,
            one.y_px + one.height_px / 2 - other.y_px - other.height_px / 2,
        )
    )
