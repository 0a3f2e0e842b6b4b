"""Lectures: how many people are in the room, as the union over time.

One frame shows a face detector only those who look up just then. Over ten minutes nearly everybody does, and a fixed
camera keeps each seat at one place: seats are tracks of faces by place (`observe.tracks`), seen in several frames.
Seats taken by turns are one person (`observe.turns`). Of faces that belong to no seat, only as many are counted as
were seen at once and no walking person explains.

Where the camera's motion can't be followed (a flash, somebody before the lens) places begin anew, and the people are
most likely the same: the fullest segment counts, never the sum.

Faces that never move while the room does are pictures (`observe.life`) and aren't counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vidaudit.model.evidence import Box, HeadEvidence, Snapshot, SnapshotPurpose
from vidaudit.model.media import Frame
from vidaudit.observe.detect import FaceDetector
from vidaudit.observe.life import Liveliness
from vidaudit.observe.place import CameraPath, View
from vidaudit.observe.snapshots import snapshot, with_marks
from vidaudit.observe.tracks import Sight, Track, TrackBook, sight_of
from vidaudit.observe.turns import by_turns

_MIN_SIGHTS = 2  # a seat is seen at least twice,
_MIN_SIGHT_SHARE = 0.05  # and in at least this share of the frames: chance finds don't come back to one place
_LEAN_WIDTHS = 1.5  # a head leaning over stays within this many of its widths
_MIN_LOOSE_FRAMES = 3  # somebody who never stays is seen in several frames
_LOOSE_SCORE = 0.6  # surer than a seat's sights: place doesn't vouch for them

People: TypeAlias = list[list[Track]]
"""For each person the places taken by turns; most have one."""


@dataclass(kw_only=True, eq=False)
class _Best:
    """The frame that shows most faces so far."""

    number: int
    frame: Frame
    view: View
    sights: list[Sight]


class LectureObserver:
    """Watches a lecture frame by frame. Arguments as for `persons.FaceClipObserver`."""

    def __init__(self, detector: FaceDetector, prefix: str) -> None:
        self._detector = detector
        self._prefix = prefix
        self._path = CameraPath()
        self._book = TrackBook()
        self._life = Liveliness()
        self._num_faces: list[int] = []
        self._segments: list[int] = []
        self._best: _Best | None = None

    def add(self, frame: Frame) -> None:
        """Look at the next frame; frames come in order of time."""
        found = self._detector.detect(frame.image)
        view = self._path.add(frame.image)
        size = (frame.image.shape[1], frame.image.shape[0])
        number, at_s = len(self._num_faces), float(frame.at_s)
        sights = [sight_of(detection, view, number, at_s, size) for detection in found]
        self._life.look(frame.image, view)
        for sight, track in zip(sights, self._book.add(sights), strict=True):
            self._life.add(track, sight, view, frame.image)
        self._num_faces.append(len(sights))
        self._segments.append(view.segment)
        if self._best is None or len(sights) > len(self._best.sights):
            self._best = _Best(number=number, frame=frame, view=view, sights=sights)

    def finish(self) -> tuple[HeadEvidence, tuple[Snapshot, ...]]:
        """What was counted, once all frames have been added."""
        num_frames = len(self._num_faces)
        needed = max(_MIN_SIGHTS, _MIN_SIGHT_SHARE * num_frames) if num_frames > 1 else 1
        pictures = [track for track in self._book.tracks if self._life.room_lives and self._life.is_still(track)]
        self._forget(pictures)
        seats = _merged([track for track in self._book.tracks if len(track.frames) >= needed])
        rooms = {segment: self._people(seats, segment) for segment in sorted(set(self._segments))}
        marks, stills = self._picture(rooms)
        evidence = HeadEvidence(
            detector=self._detector.name,
            headcount=self._headcount(rooms),
            max_at_once=max(self._num_faces, default=0),
            num_frames=num_frames,
            best_at_s=None if self._best is None else float(self._best.frame.at_s),
            marks=marks,
            snapshot=stills[0].name if stills else None,
            num_pictures=len(_merged(pictures)),
        )
        return evidence, stills

    def _forget(self, pictures: list[Track]) -> None:
        """Leave faces that are nobody's out of everything that is counted and marked."""
        gone = {id(sight) for track in pictures for sight in track.sights}
        self._book.tracks = [track for track in self._book.tracks if track not in pictures]
        for sight in (sight for track in pictures for sight in track.sights):
            self._num_faces[sight.frame] -= 1
        if self._best is not None:
            self._best.sights = [sight for sight in self._best.sights if id(sight) not in gone]

    def _people(self, seats: list[Track], segment: int) -> People:
        """Those who have a place in this segment, each with the places taken by turns."""
        here = [seat for seat in seats if seat.anchor.segment == segment]
        frames = [number for number, of in enumerate(self._segments) if of == segment]
        return [[here[place] for place in group] for group in by_turns(_presence(here, frames))]

    def _headcount(self, rooms: Mapping[int, People]) -> int:
        """The fullest segment's people, and whoever else was seen there at once if such are seen in several frames."""
        beyond = {segment: self._beyond(segment, people) for segment, people in rooms.items()}
        come_back = sum(number > 0 for numbers in beyond.values() for number in numbers) >= _MIN_LOOSE_FRAMES
        loose = {segment: max(0, *numbers) if numbers and come_back else 0 for segment, numbers in beyond.items()}
        return max((len(people) + loose[segment] for segment, people in rooms.items()), default=0)

    def _beyond(self, segment: int, people: People) -> list[int]:
        """For each frame of the segment with faces at no known place: how many no walking person explains."""
        seats = [seat for places in people for seat in places]
        in_seats = {id(sight) for seat in seats for sight in seat.sights}
        walkers = [frozenset().union(*(seat.frames for seat in places)) for places in people if len(places) > 1]
        loose: Counter[int] = Counter()
        for sight in (sight for track in self._book.tracks for sight in track.sights):
            sure = sight.segment == segment and sight.detection.score >= _LOOSE_SCORE
            if sure and id(sight) not in in_seats and not any(_near(sight, seat.anchor) for seat in seats):
                loose[sight.frame] += 1
        return [number - sum(frame not in seen for seen in walkers) for frame, number in loose.items()]

    def _picture(self, rooms: Mapping[int, People]) -> tuple[tuple[Box, ...], tuple[Snapshot, ...]]:
        """The best frame with everybody counted marked: seen right then, or at other times in the same segment."""
        if self._best is None:
            return (), ()
        best = self._best
        now = [sight.detection.box for sight in best.sights]
        number = best.number
        absent = [
            best.view.box_in_frame(places[0].anchor.place)
            for places in rooms[best.view.segment]
            if not any(number in seat.frames for seat in places)
        ]
        image = with_marks(best.frame.image, now, absent)
        still = snapshot(self._prefix, "headcount", image, float(best.frame.at_s), SnapshotPurpose.BEST_HEADCOUNT)
        return (*now, *absent), (still,)


def _presence(seats: list[Track], frames: list[int]) -> npt.NDArray[np.bool_]:
    """(seats, frames), true where a seat shows a face."""
    return np.array([[number in seen for number in frames] for seen in (seat.frames for seat in seats)], dtype=bool)


def _merged(tracks: list[Track]) -> list[Track]:
    """Tracks that are one head leaning to and fro, joined: near each other and never seen in one frame."""
    seats: list[Track] = []
    for track in sorted(tracks, key=lambda one: -len(one.sights)):
        home = next((seat for seat in seats if _same_seat(seat, track)), None)
        if home is None:
            seats.append(Track(sights=list(track.sights)))
        else:
            home.sights.extend(track.sights)
    return seats


def _same_seat(seat: Track, track: Track) -> bool:
    return not seat.frames & track.frames and any(_near(track.anchor, sight) for sight in seat.sights)


def _near(one: Sight, other: Sight) -> bool:
    if one.segment != other.segment:
        return False
    reach = _LEAN_WIDTHS * max(one.place.width_px, other.place.width_px)
    return float(np.hypot(one.place.x_px - other.place.x_px, one.place.y_px - other.place.y_px)) <= reach
