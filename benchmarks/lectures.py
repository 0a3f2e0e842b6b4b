"""`python -m benchmarks.lectures`: people in lectures who never show their face, and what else moves in a room.

Drawn classes, whose every seat is known; and the real classroom with each of its people in turn taken for unseen.
"""

import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.measure import checked, figure, media, table
from fixtures.videos import seated
from fixtures.videos.seated import Disturbance, Rows
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import plan
from vidaudit.media.probe import probe
from vidaudit.model.media import Frame
from vidaudit.model.still import Box
from vidaudit.model.submission import ClipKind
from vidaudit.observe.change import thumbnail
from vidaudit.observe.detectors import clip_detector
from vidaudit.observe.heads import LectureObserver
from vidaudit.observe.perspective import middle
from vidaudit.observe.place import CameraPath
from vidaudit.observe.seats import SeatWatch
from vidaudit.profile import load_profile

_NUM_LOOKS = 24
_WIDTH_PX = 640
_TO_FACE = 1.15  # width of a drawn head to that of its face
_AT_SEAT = 0.75  # of a head's width: as near as this a place is somebody's
_DISTURBANCES: tuple[Disturbance, ...] = (
    *(seated.projector, seated.fan, seated.flicker, seated.light_on, seated.shaken, seated.curtain, seated.door),
)


def main() -> None:
    """Print both tables and the cost."""
    head = ("drawn class", "faces", "without a face", "found", "nobody's place")
    print(table(head, [drawn_row(name, rows) for name, rows in classes()]))
    disc = media("disc-real")
    if disc is not None:
        for clip in sorted(disc.rglob("*授课过程.mp4")):
            real(clip)


def classes() -> list[tuple[str, Rows]]:
    """Fifteen seats, every second one with a face; then the others empty, and something else moving."""
    faces, others = frozenset(range(0, 15, 2)), frozenset(range(1, 15, 2))
    calm = [
        ("backs and bowed heads", Rows(faces=faces)),
        ("the same, hardly moving", Rows(faces=faces, sway=0.04)),
        ("the same, noise of 6", Rows(faces=faces, noise=6)),
        ("32 in dense rows", Rows(faces=frozenset(range(0, 32, 3)), num_rows=4, num_seats=8, size_px=(1280, 960))),
        ("empty chairs", Rows(faces=faces, empty=others)),
        ("a still", Rows(faces=faces, empty=others, sway=0)),
    ]
    moving = [
        (f"{what.__name__}, {filled}", Rows(faces=faces, empty=empty, disturbances=(what,)))
        for what in _DISTURBANCES
        for filled, empty in (("backs", frozenset[int]()), ("empty chairs", others))
    ]
    return [*calm, *moving]


def drawn_row(name: str, rows: Rows) -> tuple[str, int, int, int, int]:
    """One line of the table: how many show a face, how many don't, how many of these are found, and what is nobody."""
    seats = rows.seats()
    frames = [Frame(at_s=Fraction(10 * look), image=picture) for look, picture in enumerate(rows.looks(_NUM_LOOKS))]
    found = living(frames, [_face(seats[place]) for place in sorted(rows.faces)])
    unseen = [seat for place, seat in enumerate(seats) if place not in rows.faces | rows.empty]
    truth = [((seat.x_px, seat.y_px), seat.width_px) for seat in unseen]
    hit = sum(any(_apart(middle(box), spot) < _AT_SEAT * width for box in found) for spot, width in truth)
    nobody = sum(all(_apart(middle(box), spot) >= _AT_SEAT * width for spot, width in truth) for box in found)
    return name, len(rows.faces), len(unseen), hit, nobody


def living(frames: Sequence[Frame], faces: Sequence[Box]) -> tuple[Box, ...]:
    """The places that live beside these faces."""
    watch, path = SeatWatch(), CameraPath()
    for frame in frames:
        grey = thumbnail(frame.image, _WIDTH_PX)
        watch.look(grey, path.add(frame.image), grey.shape[1] / frame.image.shape[1])
    return watch.living(faces, 0) or ()


def real(clip: Path) -> None:
    """The headcount of one real lecture, its bounds, and each of its people found again when taken for unseen."""
    frames = _frames(clip)
    observer = LectureObserver(clip_detector("centerface", 1280), "lecture")
    for frame in frames:
        observer.add(frame)
    evidence, _ = observer.finish()
    print(checked(clip.name, f"{evidence.low} to {evidence.high}", "4 to 4 or 5", met=evidence.high in (4, 5)))
    again = 0
    for number, box in enumerate(evidence.marks):
        others = [mark for other, mark in enumerate(evidence.marks) if other != number]
        again += any(_apart(middle(place), middle(box)) < 1.2 * box.width_px for place in living(frames, others))
    print(figure("  found again when taken for unseen", again, f"of {len(evidence.marks)}"))
    began = time.process_time()
    watch, path = SeatWatch(), CameraPath()
    views = [path.add(frame.image) for frame in frames]
    followed = time.process_time()
    for frame, view in zip(frames, views, strict=True):
        grey = thumbnail(frame.image, _WIDTH_PX)
        watch.look(grey, view, grey.shape[1] / frame.image.shape[1])
    watch.living(evidence.marks, 0)
    spent_s = time.process_time() - followed
    print(figure("  processor time for the seats", spent_s, "s", at_most=0.3))
    print(figure("  for comparison, following the camera", followed - began, "s"))


def _frames(clip: Path) -> list[Frame]:
    probed = probe(clip)
    if probed.index is None:
        raise ValueError(f"{clip} is no film")
    chosen = plan(probed.index, ClipKind.LECTURE, load_profile("huguan-2024").sampling)
    return list(Decoder(clip, probed.facts, probed.index, chosen))


def _face(seat: seated.Seat) -> Box:
    width = seat.width_px / _TO_FACE
    return Box(x_px=seat.x_px - width / 2, y_px=seat.y_px - 0.6 * width, width_px=width, height_px=1.2 * width)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


if __name__ == "__main__":
    main()
