"""The clips of the people benchmark: which photographs hang where, and how the camera goes over them."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cameras import Camera, Look, Sweep, seconds_seen, still
from benchmarks.photographs import Face, Photograph, families, group, groups, heads, johns, portraits
from benchmarks.rooms import Layout, Room, hung, seats

_HD, _XGA = (1920, 1080), (1280, 960)
_SINGLES = "detection1 detection2 detection5"
_DLIB = "2007_007763 2008_001009 2008_001322 2008_002079 2008_002470 2008_002506 2008_004176 2008_007676 2009_004587"
_ELSEWHERE = "celebrities detection1 detection2 detection3 detection4 detection5 faces group"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a clip is made of.

    Args:
        loops: a still is filmed once for some seconds and repeated so often, its packets copied.
    """

    room: Room
    camera: Camera
    look: Look = field(default_factory=Look)
    loops: int = 1


Make = Callable[[Path], Scene]
"""A scene from the folder of photographs."""


def pans() -> dict[str, Make]:
    """The pans that count persons, by name."""
    return {
        "row": _row,
        "two-rows": _two_rows,
        "stop-and-go": _stop_and_go,
        "shaky": _shaky,
        "glimpses": _glimpses,
        "one-glimpse": _one_glimpse,
        "gop-4s": _gop_4s,
        "gop-10s": _gop_10s,
        "small": _small,
        "plain-wall": _plain_wall,
        "turned": _turned,
        "serpentine": _serpentine,
        "one-second": _one_second,
        "near": _near,
        "masks": _masks,
        "tiles": _tiles,
        "bare-heads": _bare_heads,
        "dim": _dim,
    }


def classes() -> dict[str, dict[str, dict[str, Make]]]:
    """{class: {day: {clip: scene}}}: the same people in several clips."""
    several = {f"others-{take + 1}": functools.partial(_other_photographs, take) for take in range(4)}
    same = {f"same-{take + 1}": functools.partial(_same_photographs, take) for take in range(4)}
    return {"other photographs": _in_days(several), "the same photographs": _in_days(same)}


def everything() -> dict[str, Make]:
    """All clips that are made of photographs, by name."""
    linked: dict[str, Make] = {}
    for days in classes().values():
        for clips in days.values():
            linked |= clips
    return pans() | linked | lectures()


def seconds_in_picture(face: Face, scene: Scene) -> float:
    """How long all of a face is in the picture of the whole clip."""
    return scene.loops * seconds_seen(face, scene.camera)


def lectures() -> dict[str, Make]:
    """Stills of groups, as lectures."""
    return {
        "photo-8": functools.partial(_photo, ("group",), 60, 6),
        "photo-10": functools.partial(_photo, ("2007_007763", "2008_002506"), 60, 6),
        "photos-26": functools.partial(_photo, ("faces", "2008_004176", "2008_007676", "2008_002470"), 60, 6),
        "seats-20": functools.partial(_seats, 20, (50, 80), 1, _XGA, 10),
        "seats-40": functools.partial(_seats, 40, (35, 75), 2, _XGA, 6),
        "seats-60": functools.partial(_seats, 60, (28, 70), 3, _HD, 60),
        "seats-80": functools.partial(_seats, 80, (25, 65), 4, _HD, 6),
    }


def _in_days(clips: Mapping[str, Make]) -> dict[str, dict[str, Make]]:
    """Two clips a day."""
    names = list(clips)
    return {"day 1": {name: clips[name] for name in names[:2]}, "day 2": {name: clips[name] for name in names[2:]}}


def _row(pictures: Path) -> Scene:
    """18 people in good light, each in the picture for some 5 s."""
    room = hung((*portraits(), *groups(_SINGLES)), pictures, Layout(face_px=(130, 220), row_px=860, seed=11))
    return Scene(room=room, camera=Sweep(speed_px_s=210, passes=2, shake_px=2).over(room, _XGA))


def _two_rows(pictures: Path) -> Scene:
    """Groups in two rows seen at once, there and back."""
    room = hung(groups(_DLIB), pictures, Layout(face_px=(60, 85), row_px=500, num_rows=2, seed=12))
    return Scene(room=room, camera=Sweep(speed_px_s=75, passes=2, shake_px=2).over(room, _HD))


def _stop_and_go(pictures: Path) -> Scene:
    """The camera stops before every few people."""
    mixed = (*groups("faces detection4 detection5 2008_001322 2008_002506 2008_001009 2009_004587"), *families(1))
    room = hung(mixed, pictures, Layout(face_px=(90, 170), row_px=900, stagger=0.9, light=0.15, seed=13))
    return Scene(room=room, camera=Sweep(speed_px_s=420, passes=2, num_stops=7, leftwards=True).over(room, _HD))


def _shaky(pictures: Path) -> Scene:
    """A shaking hand, a slight zoom, light that comes and goes, noise."""
    mixed = (*johns(3), *groups("detection1 2008_002470 faces 2008_001322 2008_002506"), *families(2))
    room = hung(mixed, pictures, Layout(face_px=(80, 150), row_px=860, stagger=0.8, light=0.2, seed=14))
    camera = Sweep(speed_px_s=230, passes=2, shake_px=9, zoom=0.07).over(room, _XGA)
    return Scene(room=room, camera=camera, look=Look(noise=5, drift=0.2, crf=28))


def _glimpses(pictures: Path) -> Scene:
    """Six fast passes: each time a person is seen for a second."""
    mixed = (*johns(5), *families(1), *groups("detection1 detection2 detection5 faces 2008_001009"))
    room = hung(mixed, pictures, Layout(face_px=(100, 160), row_px=860, stagger=0.6, seed=15))
    return Scene(room=room, camera=Sweep(speed_px_s=1000, passes=6, shake_px=4, hold_s=0.8).over(room, _XGA))


def _one_glimpse(pictures: Path) -> Scene:
    """One pass over many people, each seen for 1 to 2 s, once."""
    mixed = (*groups(f"{_DLIB} faces detection1 detection2 detection4 detection5"), *johns(6), *families())
    room = hung(mixed, pictures, Layout(face_px=(80, 130), row_px=900, stagger=0.5, seed=16))
    return Scene(room=room, camera=Sweep(speed_px_s=600, shake_px=3).over(room, _XGA))


def _gop_4s(pictures: Path) -> Scene:
    """A key frame only every 4 s, each person seen for 2 to 3 s at a time."""
    mixed = (*families(), *groups("faces 2008_002470 2008_007676 detection5 2009_004587 2008_001322"))
    room = hung(mixed, pictures, Layout(face_px=(70, 120), row_px=860, stagger=0.5, seed=17))
    camera = Sweep(speed_px_s=380, passes=3, shake_px=3).over(room, _XGA)
    return Scene(room=room, camera=camera, look=Look(keyframes_s=4))


def _gop_10s(pictures: Path) -> Scene:
    """A key frame only every 10 s."""
    mixed = (*groups("2008_001009 faces detection4 detection2 2008_002506 2008_001322 2009_004587"), *johns(8))
    room = hung(mixed, pictures, Layout(face_px=(90, 150), row_px=900, stagger=0.7, light=0.15, seed=18))
    camera = Sweep(speed_px_s=330, passes=3, shake_px=4, zoom=0.04).over(room, _HD)
    return Scene(room=room, camera=camera, look=Look(keyframes_s=10, noise=3))


def _small(pictures: Path) -> Scene:
    """Everybody from some way off: most faces of 40 to 60 px."""
    everybody = groups(f"{_DLIB} celebrities detection1 detection2 detection3 detection5 faces")
    room = hung(everybody, pictures, Layout(face_px=(45, 58), row_px=480, num_rows=2, seed=19))
    return Scene(room=room, camera=Sweep(speed_px_s=130, passes=2, shake_px=3, leftwards=True).over(room, _HD))


def _plain_wall(pictures: Path) -> Scene:
    """A bare wall: between the pictures next to nothing to follow."""
    mixed = (*families(1), *groups("detection2 faces 2008_002506"), *johns(9))
    room = hung(mixed, pictures, Layout(face_px=(90, 150), row_px=860, stagger=0.7, texture=0.15, seed=20))
    camera = Sweep(speed_px_s=260, passes=2, shake_px=3, zoom=0.03).over(room, _XGA)
    return Scene(room=room, camera=camera, look=Look(noise=4))


def _turned(pictures: Path) -> Scene:
    """Faces from the side, bowed, with glasses, in a helmet, out of focus, in black and white."""
    mixed = groups("group detection3 detection4 celebrities 2008_002506 detection1 2007_007763 2008_002079")
    room = hung(mixed, pictures, Layout(face_px=(60, 95), row_px=900, stagger=0.6, seed=21))
    return Scene(room=room, camera=Sweep(speed_px_s=170, shake_px=3).over(room, _XGA))


def _serpentine(pictures: Path) -> Scene:
    """Two rows one after the other, everybody there is."""
    everybody = (*groups(f"{_DLIB} {_ELSEWHERE}"), *portraits(1))
    room = hung(everybody, pictures, Layout(face_px=(75, 120), row_px=860, num_rows=2, light=0.1, seed=22))
    return Scene(room=room, camera=Sweep(speed_px_s=330, num_rows=2, shake_px=3).over(room, _XGA))


def _one_second(pictures: Path) -> Scene:
    """One pass so fast that each person is seen for a second, once."""
    mixed = (*groups(f"{_DLIB} faces detection1 detection2 detection4 detection5"), *johns(6), *families())
    room = hung(mixed, pictures, Layout(face_px=(80, 120), row_px=900, stagger=0.5, seed=23))
    return Scene(room=room, camera=Sweep(speed_px_s=800, shake_px=3, hold_s=1.0).over(room, _XGA))


def _near(pictures: Path) -> Scene:
    """Faces of 200 to 300 px: few fit into the picture."""
    mixed = (*families(), *johns(2), *groups("detection1 detection2 detection5 2008_002506"))
    room = hung(mixed, pictures, Layout(face_px=(200, 290), row_px=1000, stagger=0.8, light=0.2, seed=24))
    camera = Sweep(speed_px_s=300, passes=2, shake_px=6, zoom=0.1).over(room, _HD)
    return Scene(room=room, camera=camera, look=Look(clock=True, drift=0.1))


def _masks(pictures: Path) -> Scene:
    """Everybody wears a mask."""
    mixed = (*families(1), *groups("faces detection1 detection2 detection5 2008_001322 2008_002506"), *johns(1))
    room = hung(mixed, pictures, Layout(face_px=(90, 140), row_px=860, stagger=0.6, masked=True, seed=25))
    return Scene(room=room, camera=Sweep(speed_px_s=330, passes=2, shake_px=3).over(room, _XGA))


def _tiles(pictures: Path) -> Scene:
    """A tiled wall, where every motion by a tile looks like none."""
    mixed = (*families(), *groups("faces detection2 2008_002506"), *johns(4))
    room = hung(mixed, pictures, Layout(face_px=(90, 130), row_px=860, stagger=0.8, tiled=True, seed=26))
    return Scene(room=room, camera=Sweep(speed_px_s=300, passes=2, shake_px=3).over(room, _XGA), look=Look(clock=True))


def _bare_heads(pictures: Path) -> Scene:
    """Heads without surroundings before a bare wall."""
    cut = heads((*groups("faces detection1 detection4 detection5 2008_001322 2008_002506 2009_004587"), *portraits(2)))
    room = hung(cut, pictures, Layout(face_px=(80, 130), row_px=820, stagger=1.0, texture=0.05, seed=27))
    return Scene(room=room, camera=Sweep(speed_px_s=240, passes=2, shake_px=3).over(room, _XGA))


def _dim(pictures: Path) -> Scene:
    """Half the light, much noise, strongly compressed."""
    mixed = (*families(1), *groups("faces 2008_002470 2008_007676 2008_001322 detection4"), *johns(7))
    room = hung(mixed, pictures, Layout(face_px=(80, 120), row_px=860, stagger=0.6, light=0.2, seed=28))
    look = Look(noise=8, gain=0.5, drift=0.15, crf=34, clock=True)
    return Scene(room=room, camera=Sweep(speed_px_s=350, passes=2, shake_px=5).over(room, _XGA), look=look)


def _other_photographs(take: int, pictures: Path) -> Scene:
    """13 people, in every clip by other photographs where there are several."""
    order = portraits(take) if take % 2 == 0 else portraits(take)[::-1]
    layout = Layout(face_px=(100, 170), row_px=860, stagger=0.6, light=0.15, seed=30 + take)
    room = hung(order, pictures, layout)
    camera = Sweep(speed_px_s=260, passes=2, shake_px=3, leftwards=take % 2 == 1).over(room, _XGA)
    return Scene(room=room, camera=camera)


def _same_photographs(take: int, pictures: Path) -> Scene:
    """Some 50 people by the same photographs in other light, size, shape and order; on the second day some stay
    away and three are new."""
    everybody = groups(f"{_DLIB} faces detection4 detection5")
    there = everybody[:-1] if take < 2 else everybody[3:]
    order = there if take % 2 == 0 else there[::-1]
    face_px = (60, 90) if take % 2 == 0 else (80, 120)
    layout = Layout(face_px=face_px, row_px=860, stagger=0.6, light=0.3, squeeze=0.85, seed=40 + take)
    room = hung(order, pictures, layout)
    camera = Sweep(speed_px_s=300, shake_px=3, leftwards=take >= 2).over(room, _XGA)
    return Scene(room=room, camera=camera, look=Look(noise=2 + take, drift=0.1 * (take % 2)))


def _photo(names: tuple[str, ...], duration_s: int, loops: int, pictures: Path) -> Scene:
    """Photographs of groups over the whole picture."""
    num_rows = 1 if len(names) < 3 else 2
    layout = Layout(face_px=(70, 70), row_px=840 // num_rows, num_rows=num_rows, seed=50)
    room = hung(groups(" ".join(names)), pictures, layout)
    size_px = room.width_px // 2 * 2, room.height_px // 2 * 2
    return Scene(room=room, camera=still(size_px, duration_s / loops), look=_LECTURE_LOOK, loops=loops)


def _seats(
    number: int, face_px: tuple[float, float], seed: int, size_px: tuple[int, int], loops: int, pictures: Path
) -> Scene:
    """So many heads in the rows of a room; beyond sixty, men of whom there are several photographs sit there twice."""
    room = seats(_sitters()[:number], pictures, size_px, face_px, seed)
    return Scene(room=room, camera=still(size_px, 10), look=_LECTURE_LOOK, loops=loops)


def _sitters() -> tuple[Photograph, ...]:
    first = (*heads(groups("faces detection1 detection2 detection4 detection5")), *portraits())
    more = heads(map(group, f"{_DLIB} celebrities".split()))
    return (*first, *more, *(photograph for take in range(1, 9) for photograph in johns(take)))


_LECTURE_LOOK = Look(noise=2, crf=32, keyframes_s=2)
