"""Lectures: how many people are in the room, as the union over time.

One frame shows a face detector only those who look up just then. Over ten minutes nearly everybody does, and a fixed
camera keeps each seat at one place: seats are tracks of faces by place (`observe.tracks`), seen in several frames.
Seats taken by turns are one person (`observe.turns`). Of faces that belong to no seat, only as many are counted as
were seen at once and no walking person explains.

Where the camera's motion can't be followed (a flash, somebody before the lens) places begin anew, and the people are
most likely the same: the fullest segment counts, never the sum.

Faces that never move while the room does are pictures (`observe.life`) and aren't counted. Places that live without
showing a face (`observe.seats`) aren't either, but they bound how many people there may be.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from vidaudit.model.evidence import HeadEvidence
from vidaudit.model.media import Frame
from vidaudit.model.still import Box, Snapshot, SnapshotPurpose
from vidaudit.observe.change import thumbnail
from vidaudit.observe.detect import FaceDetector
from vidaudit.observe.life import Liveliness
from vidaudit.observe.place import CameraPath, View
from vidaudit.observe.seatmap import Place, Seen, seat_map
from vidaudit.observe.seats import MIN_COMPARED, SeatWatch
from vidaudit.observe.snapshots import snapshot, with_marks
from vidaudit.observe.staff import probably_staff
from vidaudit.observe.stays import stay, usually
from vidaudit.observe.tracks import Found, Sight, Track, TrackBook
from vidaudit.observe.turns import by_turns, num_doubtful

_MIN_SIGHTS = 2  # a seat is seen at least twice,
_MIN_SIGHT_SHARE = 0.05  # and in at least this share of the frames: chance finds don't come back to one place
_LEAN_WIDTHS = 1.5  # a head leaning over stays within this many of its widths
_MIN_LOOSE_FRAMES = 3  # somebody who never stays is seen in several frames
_LOOSE_SCORE = 0.6  # surer than a seat's sights: place doesn't vouch for them
_MIN_SEEN_SHARE = 0.5  # own choice: of the frames; a count from fewer isn't one of the lecture
_ROOM_WIDTH_PX = 640  # of the small grey pictures that tell what lives

People: TypeAlias = list[list[Track]]
"""For each person the places taken by turns; most have one."""


@dataclass(kw_only=True, eq=False)
class _Best:
    """The frame that shows most faces so far."""

    number: int
    frame: Frame
    view: View
    sights: list[Sight]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Counted:
    """One segment's people.

    Args:
        people: those who have a place.
        num_loose: others who were seen there at once.
        loose: numbers of the frames that show such others.
        living: places without a face, as boxes in the segment's plane; None where not measured.
        staff: indices of those people who are probably teachers.
    """

    segment: int
    people: People
    num_loose: int
    loose: tuple[int, ...] = ()
    living: tuple[Box, ...] | None = None
    staff: tuple[int, ...] = ()

    @property
    def headcount(self) -> int:
        return len(self.people) + self.num_loose

    @property
    def places(self) -> list[Box]:
        """Where their faces are, in the segment's plane."""
        return [seat.anchor.place for places in self.people for seat in places]


class LectureObserver:
    """Watches a lecture frame by frame. Arguments as for `persons.FaceClipObserver`."""

    def __init__(self, detector: FaceDetector, prefix: str) -> None:
        self._detector = detector
        self._prefix = prefix
        self._path = CameraPath(may_stand=True)
        self._book = TrackBook()
        self._life = Liveliness()
        self._seats = SeatWatch()
        self._num_faces: list[int] = []
        self._segments: list[int] = []
        self._best: _Best | None = None

    def add(self, frame: Frame) -> None:
        """Look at the next frame; frames come in order of time."""
        self.keep(self.find(frame))

    def find(self, frame: Frame) -> Found:
        """The first half of `add`."""
        return Found(frame=frame, detections=self._detector.detect(frame.image), view=self._path.add(frame.image))

    def keep(self, found: Found) -> None:
        """The other half, which may be done while the next frame is found; in order as well."""
        frame, view, number = found.frame, found.view, len(self._num_faces)
        sights = found.sights(number)
        grey = thumbnail(frame.image, _ROOM_WIDTH_PX)
        self._life.look(grey, view, found.size_px[0])
        self._seats.look(grey, view, grey.shape[1] / found.size_px[0])
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
        rooms = self._rooms(seats)
        room = self._fullest(rooms)
        marks, stills = self._pictures(room, seats, _merged(pictures))
        evidence = HeadEvidence(
            detector=self._detector.name,
            headcount=room.headcount,
            max_at_once=max(self._num_faces, default=0),
            num_frames=num_frames,
            best_at_s=None if self._best is None else float(self._best.frame.at_s),
            marks=marks,
            snapshot=stills[0].name if stills else None,
            num_pictures=len(_merged(pictures)),
            num_living=None if room.living is None else len(room.living),
            num_staff_likely=len(room.staff),
            seat_map=stills[1].name if stills else None,
            num_usually=usually([number for one in rooms for number in self._there(one)]),
            num_perhaps_twice=self._perhaps_twice(room),
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
        return [[here[place] for place in group] for group in by_turns(_presence(here, self._looks(segment)))]

    def _looks(self, segment: int) -> list[int]:
        """Numbers of the segment's frames."""
        return [number for number, of in enumerate(self._segments) if of == segment]

    def _there(self, room: _Counted) -> list[int]:
        """How many of a segment's people are there at each of its looks; none where it has too few."""
        looks = self._looks(room.segment)
        if len(looks) <= MIN_COMPARED:
            return []
        stays = [self._stay(places, room, looks) for places in room.people]
        if room.loose:
            stays += [stay(room.loose, looks, lambda _first, _last: False)] * room.num_loose
        return [sum(look in each for each in stays) for look in looks]

    def _stay(self, places: list[Track], room: _Counted, looks: list[int]) -> range:
        """From when to when one of them is there; unless known to be empty a place isn't."""

        def lives(first: int, last: int) -> bool:
            asked = [self._seats.lives(seat.anchor.place, room.places, room.segment, first, last) for seat in places]
            return any(answer is not False for answer in asked)

        return stay(frozenset().union(*(seat.frames for seat in places)), looks, lives)

    def _perhaps_twice(self, room: _Counted) -> int:
        """How many were perhaps counted at two places.

        Where most of the lecture shows something else (black, another room), all that were not seen at once.
        """
        looks = self._looks(room.segment)
        seats = [seat for places in room.people for seat in places]
        at_once = max((self._num_faces[look] for look in looks), default=0)
        if len(self._segments) > MIN_COMPARED and len(looks) <= len(self._segments) * _MIN_SEEN_SHARE:
            return max(room.headcount - at_once, 0)
        return num_doubtful(_presence(seats, looks))

    def _fullest(self, rooms: Sequence[_Counted]) -> _Counted:
        """The segment with most people, and what lives there beside them."""
        if not rooms:
            return _Counted(segment=0, people=[], num_loose=0)
        fullest = max(rooms, key=lambda room: room.headcount)
        people = [[seat.anchor.place for seat in places] for places in fullest.people]
        living = self._seats.living(fullest.places, fullest.segment)
        return replace(fullest, living=living, staff=probably_staff(people, len(living or ())))

    def _rooms(self, seats: list[Track]) -> list[_Counted]:
        """Each segment's people, and whoever else was seen there at once if such are seen in several frames."""
        people = {segment: self._people(seats, segment) for segment in sorted(set(self._segments))}
        beyond = {segment: self._beyond(segment, people[segment]) for segment in people}
        come_back = sum(number > 0 for numbers in beyond.values() for number in numbers.values()) >= _MIN_LOOSE_FRAMES
        return [
            _Counted(
                segment=segment,
                people=here,
                num_loose=max([0, *beyond[segment].values()]) if come_back else 0,
                loose=tuple(frame for frame, number in beyond[segment].items() if number > 0),
            )
            for segment, here in people.items()
        ]

    def _beyond(self, segment: int, people: People) -> dict[int, int]:
        """For each frame of the segment with faces at no known place: how many no walking person explains."""
        seats = [seat for places in people for seat in places]
        in_seats = {id(sight) for seat in seats for sight in seat.sights}
        walkers = [frozenset().union(*(seat.frames for seat in places)) for places in people if len(places) > 1]
        loose: Counter[int] = Counter()
        for sight in (sight for track in self._book.tracks for sight in track.sights):
            sure = sight.segment == segment and sight.detection.score >= _LOOSE_SCORE
            if sure and id(sight) not in in_seats and not any(_near(sight, seat.anchor) for seat in seats):
                loose[sight.frame] += 1
        return {frame: number - sum(frame not in seen for seen in walkers) for frame, number in loose.items()}

    def _pictures(
        self, room: _Counted, seats: list[Track], portraits: list[Track]
    ) -> tuple[tuple[Box, ...], tuple[Snapshot, ...]]:
        """The best frame with everybody counted marked: seen right then, or at other times in the same segment."""
        best = self._best
        if best is None:
            return (), ()
        if room.segment != best.view.segment:  # nobody knows where its places are in the best frame
            room = _Counted(segment=best.view.segment, people=self._people(seats, best.view.segment), num_loose=0)
        places = _places(best, room, portraits)
        now = [sight.detection.box for sight in best.sights]
        absent = [place.box for place in places if place.seen is Seen.BEFORE]
        at_s = float(best.frame.at_s)
        marked = with_marks(best.frame.image, now, absent)
        stills = (
            snapshot(self._prefix, "headcount", marked, at_s, SnapshotPurpose.BEST_HEADCOUNT),
            snapshot(self._prefix, "seats", seat_map(best.frame.image, places), at_s, SnapshotPurpose.SEATS),
        )
        return (*now, *absent), stills


def _places(best: _Best, room: _Counted, portraits: list[Track]) -> list[Place]:
    """What the seat map shows: whoever is counted, whatever lives, and the pictures on the wall."""
    people = [_person(best, places, staff=index in room.staff) for index, places in enumerate(room.people)]
    seated = {id(sight) for places in room.people for seat in places for sight in seat.sights}
    others = sorted((one for one in best.sights if id(one) not in seated), key=lambda one: -one.detection.score)
    loose = [Place(box=sight.detection.box, seen=Seen.NOW, num_looks=1) for sight in others[: room.num_loose]]
    living = [Place(box=best.view.box_in_frame(box), seen=Seen.LIVING) for box in room.living or ()]
    walls = [
        Place(box=best.view.box_in_frame(track.anchor.place), seen=Seen.PICTURE)
        for track in portraits
        if track.anchor.segment == room.segment
    ]
    return [*people, *loose, *living, *walls]


def _person(best: _Best, places: list[Track], *, staff: bool) -> Place:
    """Somebody counted: where the best frame shows their face, else where it was seen most often."""
    now = [sight for seat in places for sight in seat.sights if sight.frame == best.number]
    num_looks = sum(len(seat.frames) for seat in places)
    if now:
        return Place(box=now[0].detection.box, seen=Seen.NOW, num_looks=num_looks, staff=staff)
    box = best.view.box_in_frame(max(places, key=lambda seat: len(seat.sights)).anchor.place)
    return Place(box=box, seen=Seen.BEFORE, num_looks=num_looks, staff=staff)


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
