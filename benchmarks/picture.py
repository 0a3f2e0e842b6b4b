"""The calibration behind the picture figures: noise, exposure, blur, and how wide a face and a picture really are.

Thresholds in `vidaudit.observe.quality`, `detail` and `repeats` come from these sweeps. Nothing here has a target but
the noise and the widths, which are checked against what was put in.
"""

import statistics
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.measure import media, table
from vidaudit.media.decode import Decoder
from vidaudit.media.plan import Plan
from vidaudit.media.probe import probe
from vidaudit.observe.detail import effective_face_width_px, effective_width_px
from vidaudit.observe.detect import Image
from vidaudit.observe.detectors import make_detector
from vidaudit.observe.quality import frame_quality, noise_sigma

Grey = npt.NDArray[np.uint8]
Face = tuple[Grey, float]
"""A face with a little of its surroundings, and the width of the face itself in pixels."""

_NOISE_SIGMAS = (0, 2, 5, 10, 15, 20)
_LIGHT = (1.0, 0.5, 0.25, 0.1, 0.05)
_BLUR_SIGMAS_PX = (0, 1, 2, 4, 8, 16)
_TRUE_WIDTHS_PX = (25, 40, 60, 80)
_MIN_FACE_PX = 60
_ENLARGED = 3
_JPEG_QUALITY = 60
_NOISE_SIGMA = 5.0
_SEED = 1
_SMALL_PX, _LARGE_PX = (20, 25, 30), (60, 80)  # below and above the 40 px that identify a person
_TIMES = (2, 3, 4)
_IDENTIFY_PX = 40
_NUM_FACES = 12
_CRF = 26
_INTERPOLATIONS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
}
_FILTERS = {"plain": (0.0, 1.0), "sharper": (1.0, 1.0), "much sharper": (2.0, 2.5), "harsh": (3.0, 1.5)}
"""Unsharp masks: how much is added, and the width of the blur in pixels."""
_PICTURE_WIDTHS_PX = (320, 480, 640)


def main() -> None:
    disc, photographs = media("disc-real"), media("pictures/azure")
    frames = {} if disc is None else sample_frames(disc)
    print("noise put in and measured, grey levels")
    print(table(("  picture", *map(str, _NOISE_SIGMAS)), noise_rows({"ramp": ramp(), **frames})))
    for name, frame in frames.items():
        print(f"{name}: light and blur")
        print(table(("  made", "mean grey", "detail px", "flags"), sweep_rows(frame)))
    if photographs is not None:
        faces = list(photographed_faces(photographs))
        print(f"width of {len(faces)} photographed faces in px, true and measured (medians)")
        print(table(("  true", "faces", "measured", f"with noise of {_NOISE_SIGMA:g}"), width_rows(faces)))
        print(f"reduced, enlarged {_TIMES} times, H.264 at CRF {_CRF}: median, and share on the wrong side of 40")
        head = ("  enlarged by", "then", *(f"{true_px} px" for true_px in (*_SMALL_PX, *_LARGE_PX)))
        print(table(head, enlarged_rows(faces[:_NUM_FACES])))
        print("sharp faces, not enlarged: median, and share on the wrong side of 40")
        print(table(("  true", "measured"), honest_rows(faces)))
    if frames:
        print(f"width of the detail in a whole picture, reduced and enlarged again, H.264 at CRF {_CRF}")
        print(table(("  picture", "enlarged by", *map(str, _PICTURE_WIDTHS_PX), "as it is"), picture_rows(frames)))


def ramp() -> Grey:
    """A picture without noise or texture: grey levels rising from left to right, (720, 1280) uint8."""
    return np.tile(np.linspace(50, 200, 1280).astype(np.uint8), (720, 1))


def sample_frames(disc: Path) -> dict[str, Grey]:
    """{name: a frame} from the middle of the first lecture and the first face clip of the disc."""
    clips = {"lecture": "*授课过程.mp4", "face clip": "*课间人脸识别视频1.mp4"}
    return {name: middle_frame(min(disc.rglob(pattern))) for name, pattern in clips.items()}


def middle_frame(path: Path) -> Grey:
    """The key frame in the middle of a clip.

    Raises:
        ValueError: when the clip has none that can be decoded.
    """
    probed = probe(path)
    if probed.index is None:
        raise ValueError(f"no pictures in {path}")
    keyframes = probed.index.keyframe_pts
    chosen = Plan(mode="keyframes", pts=(int(keyframes[len(keyframes) // 2]),))
    for frame in Decoder(path, probed.facts, probed.index, chosen):
        return grey_of(frame.image)
    raise ValueError(f"no key frame of {path} can be decoded")


def grey_of(image: Image) -> Grey:
    """Grey levels (height, width) uint8 of a blue-green-red picture."""
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8)


def with_noise(grey: Grey, sigma: float) -> Grey:
    """The same with Gaussian noise of this standard deviation, the same noise each time."""
    noise = np.random.default_rng(_SEED).normal(0, sigma, grey.shape)
    return np.clip(np.rint(grey + noise), 0, 255).astype(np.uint8)


def noise_rows(pictures: dict[str, Grey]) -> list[tuple[str, ...]]:
    """For each picture the measured noise, by what was put in."""
    return [
        (f"  {name}", *(f"{noise_sigma(with_noise(grey, sigma)):.1f}" for sigma in _NOISE_SIGMAS))
        for name, grey in pictures.items()
    ]


def sweep_rows(frame: Grey) -> list[tuple[str, ...]]:
    """The figures of one frame made darker, and made more blurred."""
    darker = {f"light x {light:g}": (frame * light).astype(np.uint8) for light in _LIGHT}
    blurred = {f"blur {sigma:g} px": blurred_by(frame, sigma) for sigma in _BLUR_SIGMAS_PX[1:]}
    return [_quality_row(name, grey) for name, grey in (darker | blurred).items()]


def blurred_by(grey: Grey, sigma_px: float) -> Grey:
    """The same, out of focus by a Gaussian of this width."""
    return cv2.GaussianBlur(grey, (0, 0), sigma_px).astype(np.uint8)


def photographed_faces(folder: Path) -> Iterator[Face]:
    """Every large enough face with a tenth around it, and the width of the face itself in pixels."""
    detector = make_detector("centerface")
    for file in sorted(folder.glob("*.jpg")):
        picture = cv2.imread(str(file))
        if picture is None:
            raise FileNotFoundError(file)
        image = picture.astype(np.uint8)
        for face in detector.detect(image):
            box = face.box
            if box.width_px >= _MIN_FACE_PX:
                dx, dy = 0.1 * box.width_px, 0.1 * box.height_px
                top, left = max(0, int(box.y_px - dy)), max(0, int(box.x_px - dx))
                bottom, right = int(box.y_px + box.height_px + dy), int(box.x_px + box.width_px + dx)
                yield grey_of(image[top:bottom, left:right]), box.width_px


def width_rows(faces: Sequence[Face]) -> list[tuple[str, ...]]:
    """For each true width the median of what is measured, without and with noise, over the faces wide enough for it."""
    rows = []
    for true_px in _TRUE_WIDTHS_PX:
        fitting = [(face, width_px) for face, width_px in faces if width_px >= true_px]
        medians = [median_width_px(fitting, true_px, noise) for noise in (0, _NOISE_SIGMA)]
        rows.append((f"  {true_px}", str(len(fitting)), *(f"{median:.0f}" for median in medians)))
    return rows


def spoilt(face: Grey, width_px: float, true_px: int, noise: float) -> Grey:
    """A face reduced to a true width, enlarged, saved as JPEG and made noisy: detail is lost, size isn't."""
    small = cv2.resize(face, None, fx=true_px / width_px, fy=true_px / width_px, interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    _, stored = cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return with_noise(np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8), noise)


def median_width_px(faces: Sequence[Face], true_px: int, noise: float) -> float:
    """The median measured width of faces spoilt alike."""
    measured = [
        effective_face_width_px(spoilt(face, width_px, true_px, noise), true_px * _ENLARGED) for face, width_px in faces
    ]
    return statistics.median(width_px for width_px in measured if width_px is not None)


def enlarged_rows(faces: Sequence[Face]) -> list[tuple[str, ...]]:
    """For each way to enlarge and to sharpen: what faces of a known true width are read as."""
    return [
        (
            f"  {how}",
            then,
            *(_verdict(_enlarged_widths(faces, px, how, then), px) for px in (*_SMALL_PX, *_LARGE_PX)),
        )
        for how in _INTERPOLATIONS
        for then in _FILTERS
    ]


def _enlarged_widths(faces: Sequence[Face], true_px: int, how: str, then: str) -> list[float]:
    widths = []
    for face, width_px in faces:
        small = _scaled(face, true_px / width_px, cv2.INTER_AREA)
        for times in _TIMES:
            large = sharpened(_scaled(small, times, _INTERPOLATIONS[how]), *_FILTERS[then])
            widths.append(effective_face_width_px(through_h264(large), true_px * times) or 0.0)
    return widths


def honest_rows(faces: Sequence[Face]) -> list[tuple[str, ...]]:
    """What sharp faces are read as that were reduced to a known width and never enlarged."""
    rows: list[tuple[str, ...]] = []
    for true_px in (*_TRUE_WIDTHS_PX, 120):
        fitting = [(face, width_px) for face, width_px in faces if width_px >= true_px]
        stored = [through_h264(_scaled(face, true_px / width_px, cv2.INTER_AREA)) for face, width_px in fitting]
        rows.append(
            (f"  {true_px}", _verdict([effective_face_width_px(one, true_px) or 0.0 for one in stored], true_px))
        )
    return rows


def _verdict(widths: Sequence[float], true_px: int) -> str:
    wrong = sum((width >= _IDENTIFY_PX) != (true_px >= _IDENTIFY_PX) for width in widths)
    return f"{statistics.median(widths):.0f}, {wrong / len(widths):.0%}" if widths else "-"


def picture_rows(frames: dict[str, Grey]) -> list[tuple[str, ...]]:
    """How wide the detail of a whole frame is read, once it was made small and large again."""
    rows = []
    for name, frame in frames.items():
        strip = frame.shape[0] // 10  # without clock and title
        room = frame[strip:-strip]
        for how, interpolation in _INTERPOLATIONS.items():
            made = [_made_small(room, width_px, interpolation) for width_px in _PICTURE_WIDTHS_PX]
            read = [effective_width_px(through_h264(one)) for one in (*made, room)]
            rows.append((f"  {name}", how, *("-" if width is None else f"{width:.0f}" for width in read)))
    return rows


def _made_small(grey: Grey, width_px: int, interpolation: int) -> Grey:
    """The same size, with the detail of a picture of that width."""
    small = _scaled(grey, width_px / grey.shape[1], cv2.INTER_AREA)
    return cv2.resize(small, grey.shape[::-1], interpolation=interpolation).astype(np.uint8)


def _scaled(grey: Grey, scale: float, interpolation: int) -> Grey:
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation).astype(np.uint8)


def sharpened(grey: Grey, amount: float, sigma_px: float) -> Grey:
    """Unsharp masking."""
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma_px)
    return np.clip(np.rint(grey + amount * (grey - soft)), 0, 255).astype(np.uint8)


def through_h264(grey: Grey, crf: int = _CRF) -> Grey:
    """The picture as a key frame of a recorder brings it back; an odd last row or column is lost."""
    height, width = (side - side % 2 for side in grey.shape)
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, "yuv420p", Fraction(1, 25)
    encoder.options = {"crf": str(crf), "preset": "veryfast", "threads": "1"}
    planes = np.vstack([grey[:height, :width], np.full((height // 2, width), 128, np.uint8)])
    packets = [*encoder.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")), *encoder.encode(None)]
    decoder = av.CodecContext.create("h264", "r")
    frames = [frame for packet in (*packets, None) for frame in decoder.decode(packet)]
    return np.asarray(frames[0].to_ndarray()[:height], np.uint8)


def _quality_row(name: str, grey: Grey) -> tuple[str, ...]:
    quality = frame_quality(grey, 0.0)
    flags = [flag for flag in ("dark", "bright", "blurred", "covered", "black") if getattr(quality, flag)]
    detail = "-" if quality.effective_width_px is None else f"{quality.effective_width_px:.0f}"
    return f"  {name}", f"{quality.luma:.0f}", detail, ", ".join(flags) or "-"


if __name__ == "__main__":
    main()
