"""What the picture is like: big enough, without obvious noise, visible, alive."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import Needs, Rule
from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.evidence import PictureEvidence, Stretch
from vidaudit.model.media import HeaderFacts
from vidaudit.model.verdict import Finding, Scope, Where


@dataclass(frozen=True, kw_only=True)
class ResolutionParameters:
    """The least displayed width and height; `portrait_allowed` lets an upright picture of that size pass.

    A picture that is stored with less than `min_coded_share` (0 to 1) of the pixels asked for, and only stretched to
    the size when it is played, is for a person.
    """

    min_width_px: int
    min_height_px: int
    portrait_allowed: bool
    min_coded_share: float


def check_resolution(subject: ClipSubject, parameters: ResolutionParameters) -> Iterator[Finding]:
    """As a player shows it, the picture has at least the asked size, both ways, exactly."""
    assert subject.evidence.probe is not None
    assert subject.evidence.probe.header is not None
    size = subject.evidence.probe.header.display_size_px
    assert size is not None
    width, height = size
    least = (parameters.min_width_px, parameters.min_height_px)
    values = {"width_px": width, "height_px": height, "min_width_px": least[0], "min_height_px": least[1]}
    upright = height >= least[0] and width >= least[1]
    if not ((width >= least[0] and height >= least[1]) or (upright and parameters.portrait_allowed)):
        yield failed("portrait" if upright else "too-small", values)
    elif _coded_px(subject.evidence.probe.header) < parameters.min_coded_share * least[0] * least[1]:
        yield to_review("stretched", values)
    elif _shrinks(subject.evidence.picture, size):
        yield to_review("size-changes", values)
    else:
        yield passed("ok", values)


def _coded_px(header: HeaderFacts) -> int:
    return (header.width_px or 0) * (header.height_px or 0)


def _shrinks(picture: PictureEvidence | None, size: tuple[int, int]) -> bool:
    """Whether some picture that was decoded is smaller than the header says of all."""
    smallest = picture.smallest_size_px if picture else None
    return smallest is not None and (smallest[0] < size[0] or smallest[1] < size[1])


@dataclass(frozen=True, kw_only=True)
class NoiseParameters:
    """From `review_sigma` on (standard deviation in grey levels, 0 to 255) a person must look."""

    review_sigma: float


def check_noise(subject: ClipSubject, parameters: NoiseParameters) -> Iterator[Finding]:
    """No obvious noise. What is obvious is for a person to say, so this never fails."""
    picture = _measured(subject)
    values = {"noise_sigma": picture.noise_sigma, "review_sigma": parameters.review_sigma}
    if not picture.num_frames:
        yield not_evaluated("no-frames")
    elif picture.noise_sigma < parameters.review_sigma:
        yield passed("ok", values)
    else:
        yield to_review("noisy", values, where=_worst(picture), snapshot=picture.worst_snapshot)


@dataclass(frozen=True, kw_only=True)
class ExposureParameters:
    """Shares (0 to 1) of the sampled frames; `unusable_luma` is a median grey level, 0 to 255.

    Up to `max_share` bad frames pass, more are for a person. From `fail_share` on the clip shows nothing, if
    the frames are featureless and nobody was made out, or dark and below `unusable_luma` in the median.
    """

    max_share: float
    fail_share: float
    unusable_luma: float


def check_exposure_sharpness(subject: ClipSubject, parameters: ExposureParameters) -> Iterator[Finding]:
    """The picture is neither dark nor blown out, out of focus or covered."""
    picture = _measured(subject)
    if not picture.num_frames:
        yield not_evaluated("no-frames")
        return
    nothing = _shows_nothing(picture, parameters, shows_people=_shows_people(subject))
    yield from (nothing,) if nothing else _faults_or_ok(picture, parameters)


def _shows_nothing(picture: PictureEvidence, parameters: ExposureParameters, *, shows_people: bool) -> Finding | None:
    too_dark = picture.dark_share >= parameters.fail_share and picture.luma < parameters.unusable_luma
    covered = picture.covered_share >= parameters.fail_share and not shows_people
    if not (covered or too_dark):
        return None
    return failed(
        "shows-nothing",
        {"covered_share": picture.covered_share, "dark_share": picture.dark_share, "luma": picture.luma},
        where=_worst(picture),
        snapshot=picture.worst_snapshot,
    )


def _faults_or_ok(picture: PictureEvidence, parameters: ExposureParameters) -> Iterator[Finding]:
    shares = {
        "dark": picture.dark_share,
        "bright": picture.bright_share,
        "blurred": picture.blurred_share,
        "covered": picture.covered_share,
    }
    # Written as "not at most" so that a measurement that isn't a number can't pass.
    faults = {code: share for code, share in shares.items() if not share <= parameters.max_share}
    for code, share in faults.items():
        values = {"share": share, "max_share": parameters.max_share}
        yield to_review(code, values, where=_worst(picture), snapshot=picture.worst_snapshot)
    if not faults:
        worst_share = max(shares.values())
        yield passed("ok", {"worst_share": worst_share, "max_share": parameters.max_share, "luma": picture.luma})


@dataclass(frozen=True, kw_only=True)
class LivePictureParameters:
    """Stretches count from `min_stretch_s` on; shares (0 to 1) are of the clip's measured length.

    From `fail_share` on a clip fails that is black, or in which next to nothing changed anywhere.
    """

    min_stretch_s: float
    max_frozen_share: float
    fail_share: float


def check_live_picture(subject: ClipSubject, parameters: LivePictureParameters) -> Iterator[Finding]:
    """The picture moves and is not black."""
    picture = _measured(subject)
    assert subject.evidence.probe is not None
    duration_s = float(subject.evidence.probe.duration_s or 0)
    if duration_s <= 0 or not picture.num_frames:
        yield not_evaluated("no-frames")
        return
    black = _long(picture.black, parameters.min_stretch_s)
    frozen = _long(picture.frozen, parameters.min_stretch_s)
    all_still = _share(_long(picture.still, parameters.min_stretch_s), duration_s) >= parameters.fail_share
    faults = [
        *_check_black(black, duration_s, parameters),
        *_check_frozen(frozen, duration_s, parameters, certain=all_still),
    ]
    shares = {"black_share": _share(black, duration_s), "frozen_share": _share(frozen, duration_s)}
    yield from faults or [passed("ok", shares)]


def _check_black(stretches: list[Stretch], duration_s: float, parameters: LivePictureParameters) -> Iterator[Finding]:
    if stretches:
        share = _share(stretches, duration_s)
        verdict, code = (failed, "all-black") if share >= parameters.fail_share else (to_review, "black")
        yield verdict(code, {"share": share, "length_s": share * duration_s}, where=Where(at_s=stretches[0].start_s))


def _check_frozen(
    stretches: list[Stretch], duration_s: float, parameters: LivePictureParameters, *, certain: bool
) -> Iterator[Finding]:
    share = _share(stretches, duration_s)
    if share > parameters.max_frozen_share:
        verdict, code = (failed, "all-frozen") if certain else (to_review, "frozen")
        yield verdict(code, {"share": share, "length_s": share * duration_s}, where=Where(at_s=stretches[0].start_s))


def _long(stretches: Iterable[Stretch], min_s: float) -> list[Stretch]:
    return sorted((s for s in stretches if s.duration_s >= min_s), key=lambda s: (s.start_s, s.end_s))


def _share(stretches: list[Stretch], duration_s: float) -> float:
    """The share of the clip they cover together; `stretches` in order, overlaps counted once."""
    covered_s, reached_s = 0.0, 0.0
    for stretch in stretches:
        covered_s += max(0.0, stretch.end_s - max(stretch.start_s, reached_s))
        reached_s = max(reached_s, stretch.end_s)
    return min(1.0, covered_s / duration_s)


def _shows_people(subject: ClipSubject) -> bool:
    """Whether somebody was made out, however dull the picture is: people before a white wall, in a dim room."""
    faces, heads = subject.evidence.faces, subject.evidence.heads
    return bool(faces and faces.persons) or bool(heads and heads.headcount)


def _measured(subject: ClipSubject) -> PictureEvidence:
    assert subject.evidence.picture is not None
    return subject.evidence.picture


def _worst(picture: PictureEvidence) -> Where:
    return Where(at_s=picture.worst_at_s)


_SIZES: Final = ("width_px", "height_px", "min_width_px", "min_height_px")

RESOLUTION: Final = Rule(
    id="PIC001",
    slug="resolution",
    title_zh="分辨率",
    title_en="Resolution",
    scope=Scope.CLIP,
    rationale="Below the asked size faces in a full room have too few pixels to tell who is there.",
    parameters=ResolutionParameters,
    check=check_resolution,
    requires=frozenset({Needs.SIZE}),
    codes={"ok": _SIZES, "portrait": _SIZES, "too-small": _SIZES, "size-changes": _SIZES, "stretched": _SIZES},
)

NOISE: Final = Rule(
    id="PIC002",
    slug="noise",
    title_zh="噪点",
    title_en="Noise",
    scope=Scope.CLIP,
    rationale="The cameras must run well, without obvious noise.",
    parameters=NoiseParameters,
    check=check_noise,
    requires=frozenset({Needs.PICTURE}),
    codes={
        "ok": ("noise_sigma", "review_sigma"),
        "noisy": ("noise_sigma", "review_sigma"),
        "no-frames": (),
    },
)

EXPOSURE_SHARPNESS: Final = Rule(
    id="PIC003",
    slug="exposure-sharpness",
    title_zh="曝光与清晰度",
    title_en="Exposure and sharpness",
    scope=Scope.CLIP,
    rationale="A dark, blown-out, blurred or covered picture can't show who is there.",
    parameters=ExposureParameters,
    check=check_exposure_sharpness,
    requires=frozenset({Needs.PICTURE}),
    codes={
        "ok": ("worst_share", "max_share", "luma"),
        "shows-nothing": ("covered_share", "dark_share", "luma"),
        **dict.fromkeys(("dark", "bright", "blurred", "covered"), ("share", "max_share")),
        "no-frames": (),
    },
)

LIVE_PICTURE: Final = Rule(
    id="PIC005",
    slug="live-picture",
    title_zh="画面正常",
    title_en="Live picture",
    scope=Scope.CLIP,
    rationale="A frozen or black picture records nothing, however long it runs.",
    parameters=LivePictureParameters,
    check=check_live_picture,
    requires=frozenset({Needs.PICTURE, Needs.PACKETS}),
    codes={
        "ok": ("black_share", "frozen_share"),
        **dict.fromkeys(("black", "all-black", "frozen", "all-frozen"), ("share", "length_s")),
        "no-frames": (),
    },
)
