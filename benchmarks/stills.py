"""Stills passed off as lessons, in every disguise, and honest lessons in which people hardly move: what is told.

Each still is a photograph, disguised, encoded as H.264 and looked at every ten seconds, as a scan does.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks.disguises import write_lesson
from benchmarks.measure import media, table
from fixtures.videos.canvas import Picture
from fixtures.videos.encode import Coding, write_clip
from fixtures.videos.seated import Rows, curtain, fan, flicker, projector, shaken
from vidaudit.model.media import Frame
from vidaudit.observe.quality import PictureObserver
from vidaudit.profile import load_profile

Overlay = Callable[[Picture, int], None]
_SIZE_PX = (1280, 720)
_STEP_S, _NUM_LOOKS, _LESSON_S = 10, 31, 150
_CODING = Coding(crf=28, preset="veryfast", keyframes_s=Fraction(10))
_WHITE, _RED = (255, 255, 255), (30, 30, 200)


@dataclass(frozen=True, kw_only=True)
class Disguise:
    """What is done to a photograph over the clip; `sways` goes there and back every minute or so."""

    noise: float = 0.0
    zoom: float = 0.0
    drift_px: float = 0.0
    sways: bool = False
    flicker: float = 0.0
    overlay: Overlay | None = None

    def looks(self, photograph: Picture) -> Iterator[Picture]:
        """(height, width, 3) uint8, one every ten seconds."""
        rng = np.random.default_rng(1)
        for look in range(_NUM_LOOKS):
            shown = self._moved(photograph, look) * (1 + self.flicker * float(rng.uniform(-1, 1)))
            shown += rng.normal(0, self.noise, shown.shape[:2])[:, :, None]
            picture = np.clip(shown, 0, 255).astype(np.uint8)
            if self.overlay:
                self.overlay(picture, look)
            yield picture

    def _moved(self, photograph: Picture, look: int) -> Picture:
        way = np.sin(0.9 * look) if self.sways else look / (_NUM_LOOKS - 1)
        height, width = photograph.shape[:2]
        scale = max(_SIZE_PX[0] / width, _SIZE_PX[1] / height) * (1 + self.zoom * (way + 1) / 2)
        left, top = (_SIZE_PX[0] - scale * width) / 2, (_SIZE_PX[1] - scale * height) / 2
        motion = np.array([[scale, 0, left + self.drift_px * way], [0, scale, top + 0.4 * self.drift_px * way]])
        moved = cv2.warpAffine(photograph, motion, _SIZE_PX, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(moved, np.float32)


def clock(picture: Picture, look: int) -> None:
    """A clock in the middle of the picture, where no recorder has it."""
    cv2.putText(picture, f"{look // 6:02d}:{look * 10 % 60:02d}", (1000, 250), 0, 2, _WHITE, 4)


def logo(picture: Picture, look: int) -> None:
    """A board that is somewhere else each time."""
    left, top = look * 173 % 1080, 100 + look * 91 % 420
    cv2.rectangle(picture, (left, top), (left + 150, top + 80), _RED, -1)


def line(picture: Picture, look: int) -> None:
    """A line of text that runs through."""
    cv2.putText(picture, ("vocational training " * 6)[look % 20 :][:60], (20, 600), 0, 1.2, _WHITE, 2)


DISGUISES: Mapping[str, Disguise] = {
    "noise of 3": Disguise(noise=3),
    "noise of 8": Disguise(noise=8),
    "zoom by 20 %": Disguise(zoom=0.2),
    "zoom by 60 %": Disguise(zoom=0.6),
    "drift by 300 px": Disguise(drift_px=300),
    "zoom there and back": Disguise(zoom=0.1, sways=True),
    "sway by 60 px": Disguise(drift_px=60, sways=True),
    "flicker by 20 %": Disguise(flicker=0.2),
    "clock": Disguise(overlay=clock),
    "logo that jumps": Disguise(overlay=logo),
    "running line": Disguise(overlay=line),
    "zoom, noise of 5": Disguise(zoom=0.2, noise=5),
    "zoom, noise of 5, flicker": Disguise(zoom=0.2, noise=5, flicker=0.1),
    "zoom, logo": Disguise(zoom=0.2, overlay=logo),
    "noise of 5, flicker, logo": Disguise(noise=5, flicker=0.1, overlay=logo),
    "zoom, drift, noise of 5, flicker, clock": Disguise(zoom=0.2, drift_px=60, noise=5, flicker=0.1, overlay=clock),
    "zoom, drift, noise of 5, flicker, logo": Disguise(zoom=0.2, drift_px=60, noise=5, flicker=0.1, overlay=logo),
}
_EVERYBODY, _NOBODY = frozenset(range(15)), frozenset(range(15))
HONEST: Mapping[str, Rows] = {
    "15 people": Rows(faces=_EVERYBODY),
    "15 who hardly move": Rows(faces=_EVERYBODY, sway=0.03),
    "15, noise of 6": Rows(faces=_EVERYBODY, noise=6),
    "15, camera shaken": Rows(faces=_EVERYBODY, disturbances=(shaken,)),
    "15, flicker, fan, projector": Rows(faces=_EVERYBODY, disturbances=(flicker, fan, projector)),
    "8 people, curtain": Rows(faces=frozenset(range(8)), empty=frozenset(range(8, 15)), disturbances=(curtain,)),
    "4 who hardly move": Rows(faces=frozenset(range(4)), empty=frozenset(range(4, 15)), sway=0.03),
    "3 people": Rows(faces=frozenset(range(3)), empty=frozenset(range(3, 15))),
    "empty room (is one still)": Rows(faces=_NOBODY, empty=_NOBODY),
}


def main() -> None:
    """Print both tables."""
    pictures = media("pictures")
    if pictures is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clip.mp4"
        photographs = list(_photographs(pictures))
        head = ("  disguise", *(name for name, _ in photographs), "told")
        print(
            table(head, [_disguised(name, disguise, photographs, file) for name, disguise in DISGUISES.items()]),
            flush=True,
        )
        rows = [_row(name, _stored(rows.looks(_NUM_LOOKS), file), Fraction(_STEP_S)) for name, rows in HONEST.items()]
        print(table(("  honest", "share", "told"), [*rows, *_filmed(pictures, file)]))


def _photographs(pictures: Path) -> Iterator[tuple[str, Picture]]:
    with av.open(str(pictures / "intel" / "classroom.gif")) as film:
        yield "classroom", np.asarray(next(film.decode(video=0)).to_ndarray(format="bgr24"), np.uint8)
    for name, file in (("group", "group.jpg"), ("street", "azure/detection4.jpg")):
        yield name, np.asarray(cv2.imread(str(pictures / file)), np.uint8)


def _disguised(name: str, disguise: Disguise, photographs: list[tuple[str, Picture]], file: Path) -> tuple[str, ...]:
    found = [told(_stored(disguise.looks(photograph), file), Fraction(_STEP_S)) for _, photograph in photographs]
    return f"  {name}", *(f"{share:.0%}" for share, _ in found), f"{sum(yes for _, yes in found)} of {len(found)}"


def _filmed(pictures: Path, file: Path) -> Iterator[tuple[str, ...]]:
    write_lesson(pictures, file, 1, duration_s=_LESSON_S)
    yield _row("lesson, 4 filmed people", _keyframes(file, 5), Fraction(_STEP_S))
    walkers = pictures / "intel" / "one-by-one-person-detection.mp4"
    yield _row("hall, one passes after another", _every(walkers, 100), Fraction(_STEP_S))
    disc = media("disc-real")
    for number, lecture in enumerate(sorted(disc.rglob("*授课过程.mp4")) if disc else ()):
        yield _row(f"lecture {number + 1} of disc-real", _keyframes(lecture, 5), Fraction(_STEP_S))


def _row(name: str, looks: Iterator[Picture], step_s: Fraction) -> tuple[str, ...]:
    share, yes = told(looks, step_s)
    return f"  {name}", f"{share:.0%}", "yes" if yes else "no"


def told(looks: Iterator[Picture], step_s: Fraction) -> tuple[float, bool]:
    """What share of the looks one still makes in stretches that count, and whether the profile has a person look."""
    observer = PictureObserver("x", camera_stands=True)
    number = 0
    for number, picture in enumerate(looks):
        observer.add(Frame(at_s=number * step_s, image=picture))
    evidence, _ = observer.finish()
    whole_s = float(number * step_s)
    if evidence is None:
        return 0.0, False
    long = [one.duration_s for one in evidence.lifeless or () if one.duration_s >= _asked("min_lifeless_s")]
    frozen_s = sum(one.duration_s for one in evidence.frozen)
    share = sum(long) / whole_s
    found = share >= _asked("lifeless_share") or frozen_s > _asked("max_frozen_share") * whole_s
    return share, found


def _asked(name: str) -> float:
    """A limit of the profile's."""
    value = load_profile("huguan-2024").rules["live-picture"].parameters[name].value
    assert isinstance(value, float)
    return value


def _stored(looks: Iterator[Picture], file: Path) -> Iterator[Picture]:
    """Through H.264, each look a key frame."""
    write_clip(file, looks, Fraction(1, _STEP_S), _CODING)
    return _keyframes(file, 1)


def _keyframes(file: Path, every: int) -> Iterator[Picture]:
    with av.open(str(file)) as film:
        film.streams.video[0].codec_context.skip_frame = "NONKEY"
        for number, frame in enumerate(film.decode(video=0)):
            if number % every == 0:
                yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _every(file: Path, step: int) -> Iterator[Picture]:
    with av.open(str(file)) as film:
        for number, frame in enumerate(film.decode(video=0)):
            if number % step == 0:
                yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


if __name__ == "__main__":
    main()
