"""Enlarged pictures told by the traces of interpolation: which outlive H.264, and that honest ones show none.

Photographs are made small, enlarged, sharpened or not, and stored as a key frame of H.264.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.measure import media, table
from benchmarks.picture import through_h264
from fixtures.videos.cases import ENLARGED
from vidaudit.observe.change import room
from vidaudit.observe.detail import effective_width_px
from vidaudit.observe.resampling import ResamplingWatch, source_share

Grey = npt.NDArray[np.uint8]
_SOURCES_PX, _TARGETS_PX = (480, 640, 720, 854, 960), (1024, 1366, 1920)
_HOWS: Mapping[str, int] = {
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
    "area": cv2.INTER_AREA,
}
_KINDS = (
    *((how, False, crf) for how in _HOWS for crf in (23, 28)),
    *((how, True, 28) for how in ("bilinear", "bicubic")),
)
_HONEST_CRFS = (20, 33)
_PHOTOGRAPHS = ("detection2", "detection4")
_NOISE = 1.5
_READS = 4  # of a clip's frames one in so many is read
_NUM_KEYFRAMES = 12


def main() -> None:
    """Print what is told of enlarged pictures, and of honest ones."""
    pictures = media("pictures")
    if pictures is None:
        return
    photographs = [_grey(pictures / "azure" / f"{name}.jpg") for name in _PHOTOGRAPHS]
    sizes = [(source_px, target_px) for target_px in _TARGETS_PX for source_px in _SOURCES_PX]
    print(f"enlarged pictures told, of {len(photographs)}; by quality (CRF), sharpened ones with +")
    head = ("  from, to", *(f"{how}{'+' * sharper} {crf}" for how, sharper, crf in _KINDS))
    print(table(head, [_row(*size, photographs) for size in sizes]), flush=True)
    for what, looks in (("pictures", _honest(pictures)), ("clips", _clips())):
        told = [(name, yes) for name, yes in looks]
        wrong = [name for name, yes in told if yes]
        print(f"honest {what} taken for enlarged: {len(wrong)} of {len(told)} {', '.join(wrong)}", flush=True)


def _row(source_px: int, target_px: int, photographs: Sequence[Grey]) -> tuple[str, ...]:
    cells = []
    for how, sharper, crf in _KINDS:
        made = [enlarged(one, source_px, target_px, _HOWS[how], sharper=sharper) for one in photographs]
        cells.append(str(sum(is_told([_stored(one, crf)]) for one in made)))
    return f"  {source_px}, {target_px}", *cells


def enlarged(photograph: Grey, source_px: int, target_px: int, how: int, *, sharper: bool) -> Grey:
    """The photograph reduced to a width and enlarged to another, with or without strong unsharp masking."""
    aspect = photograph.shape[0] / photograph.shape[1]
    small = cv2.resize(photograph, (source_px, round(source_px * aspect)), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (target_px, round(target_px * aspect)), interpolation=how)
    if not sharper:
        return large.astype(np.uint8)
    levels = large.astype(np.float32)
    return np.clip(levels + 1.5 * (levels - cv2.GaussianBlur(levels, (0, 0), 1.5)), 0, 255).astype(np.uint8)


def is_told(keyframes: Iterable[Grey]) -> bool:
    """Whether a clip with these key frames counts as enlarged."""
    watch, frames = ResamplingWatch(), [room(grey) for grey in keyframes]
    for frame in frames:
        for _ in range(_READS):
            watch.add(frame)
    rhythm = watch.rhythm()
    if rhythm is None:
        return False
    detail_px = max(effective_width_px(frame) or 0.0 for frame in frames)
    return source_share(rhythm, detail_px / frames[0].shape[1]) is not None


def _honest(pictures: Path) -> Iterator[tuple[str, bool]]:
    """Photographs as they are or reduced, soft, noisy, smoothed as a camera does, well and badly compressed."""
    large = _grey(pictures / "dlib" / "faces" / "bald_guys.jpg")
    own = {name: _grey(pictures / "azure" / f"{name}.jpg") for name in ("detection1", "detection3", *_PHOTOGRAPHS)}
    own |= {f"reduced to {width}": _reduced(large, width) for width in (1024, 1366, 1600, 1920)}
    for name, grey in own.items():
        softer = {f"lens of {sigma:g}": cv2.GaussianBlur(grey, (0, 0), sigma) for sigma in (1, 2)}
        smooth = cv2.bilateralFilter(_noisy(grey, 6), 7, 25, 3)
        for how, made in {"plain": grey, **softer, "noise of 6": _noisy(grey, 6), "smoothed": smooth}.items():
            for crf in _HONEST_CRFS:
                yield f"{name}, {how}, {crf}", is_told([_stored(made.astype(np.uint8), crf)])


def _clips() -> Iterator[tuple[str, bool]]:
    """Filmed and drawn clips; what was enlarged on purpose is left out."""
    project = Path(__file__).parents[1]
    found = sorted((project / "fixtures" / "videos").rglob("*.mp4"))
    for folder, pattern in (("pictures", "*.mp4"), ("disc-real", "*第1期*/*/*课间*.mp4")):
        given = media(folder)
        found += sorted(given.rglob(pattern)) if given else []
    for clip in found:
        try:
            if clip != ENLARGED:
                yield clip.name, is_told(_keyframes(clip))
        except av.error.FFmpegError:
            continue  # some fixtures are broken on purpose


def _grey(file: Path) -> Grey:
    return np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8)


def _reduced(grey: Grey, width_px: int) -> Grey:
    height_px = round(grey.shape[0] * width_px / grey.shape[1])
    return cv2.resize(grey, (width_px, height_px), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _noisy(grey: Grey, sigma: float, seed: int = 0) -> Grey:
    return np.clip(grey + np.random.default_rng(seed).normal(0, sigma, grey.shape), 0, 255).astype(np.uint8)


def _stored(grey: Grey, crf: int) -> Grey:
    """With a sensor's noise, as a key frame of a recorder brings it back."""
    return through_h264(_noisy(grey, _NOISE), crf)


def _keyframes(file: Path) -> Iterator[Grey]:
    """Up to twelve key frames, as far as they have one size."""
    shape: tuple[int, ...] | None = None
    with av.open(str(file)) as film:
        film.streams.video[0].codec_context.skip_frame = "NONKEY"
        for number, frame in enumerate(film.decode(video=0)):
            grey = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
            shape = shape or grey.shape
            if number < _NUM_KEYFRAMES and grey.shape == shape:
                yield grey


if __name__ == "__main__":
    main()
