"""What the picture is like: big enough, without obvious noise, visible, as detailed as it claims, alive."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from vidaudit.judge.findings import failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import Needs, Rule
from vidaudit.judge.subjects import ClipSubject
from vidaudit.model.evidence import PictureEvidence
from vidaudit.model.media import HeaderFacts, PacketFacts
from vidaudit.model.still import Box, Stretch
from vidaudit.model.verdict import Finding, Scope, Where


@dataclass(frozen=True, kw_only=True)
class ResolutionParameters:
    """The least displayed width and height; `portrait_allowed` lets an upright picture of that size pass.

    A picture that is stored with less than `min_coded_share` (0 to 1) of the pixels asked for, and only stretched to
    the size when it is played, is for a person. So is one with borders, when what they leave is smaller than asked by
    more than `max_border_px`, both sides together, and one that is made of several.
    """

    min_width_px: int
    min_height_px: int
    portrait_allowed: bool
    min_coded_share: float
    max_border_px: int


def check_resolution(subject: ClipSubject, parameters: ResolutionParameters) -> Iterator[Finding]:
    """As a player shows it, the picture has at least the asked size, both ways, exactly."""
    assert subject.evidence.probe is not None
    assert subject.evidence.probe.header is not None
    size = subject.evidence.probe.header.display_size_px
    assert size is not None
    least = (parameters.min_width_px, parameters.min_height_px)
    values = {"width_px": size[0], "height_px": size[1], "min_width_px": least[0], "min_height_px": least[1]}
    picture = subject.evidence.picture
    if not _fits(size, parameters):
        yield failed("portrait" if _fits(size[::-1], parameters) else "too-small", values)
    elif _coded_px(subject.evidence.probe.header) < parameters.min_coded_share * least[0] * least[1]:
        yield to_review("stretched", values)
    elif picture and picture.parts and picture.is_tiled:
        made_of = {"columns": picture.parts[0], "rows": picture.parts[1]}
        yield to_review("tiled", {**values, **made_of}, where=_worst(picture), snapshot=picture.worst_snapshot)
    elif _shrinks(picture, size):
        yield to_review("size-changes", values)
    elif picture and picture.active_area and not _fits(_with_borders(picture.active_area, parameters), parameters):
        area = {"active_width_px": picture.active_area.width_px, "active_height_px": picture.active_area.height_px}
        yield to_review("bordered", {**values, **area}, where=_worst(picture), snapshot=picture.worst_snapshot)
    else:
        yield passed("ok", values)


def _fits(size: tuple[float, float], parameters: ResolutionParameters) -> bool:
    """Whether a picture of this width and height is large enough, as it stands or, if allowed, upright."""
    least = (parameters.min_width_px, parameters.min_height_px)
    lying = size[0] >= least[0] and size[1] >= least[1]
    return lying or (parameters.portrait_allowed and size[1] >= least[0] and size[0] >= least[1])


def _with_borders(area: Box, parameters: ResolutionParameters) -> tuple[float, float]:
    """The largest size that the picture may have, were its borders as narrow as is usual."""
    return area.width_px + parameters.max_border_px, area.height_px + parameters.max_border_px


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
class UpscaledParameters:
    """A picture must hold the detail of one of `min_share` (0 to 1) of the asked width and height.

    One that was enlarged from less than the asked width or height, in either orientation, is for a person.
    """

    min_width_px: int
    min_height_px: int
    min_share: float


def check_upscaled(subject: ClipSubject, parameters: UpscaledParameters) -> Iterator[Finding]:
    """The picture has about the resolution that it claims. Where the detail went, a person must say: never a fail."""
    picture = _measured(subject)
    if not picture.num_frames or picture.effective_size_px is None:
        yield not_evaluated("no-frames")
        return
    effective = picture.effective_size_px
    least = (parameters.min_share * parameters.min_width_px, parameters.min_share * parameters.min_height_px)
    values = {
        "effective_width_px": effective[0],
        "effective_height_px": effective[1],
        "least_width_px": least[0],
        "least_height_px": least[1],
    }
    source = picture.enlarged_from_px
    if max(effective) < max(least) or min(effective) < min(least):
        yield to_review("little-detail", values, where=_worst(picture), snapshot=picture.worst_snapshot)
    elif source is not None and _is_too_small(source, parameters):
        sizes = {"source_width_px": source[0], "source_height_px": source[1]}
        sizes |= {"effective_width_px": effective[0], "effective_height_px": effective[1]}
        sizes |= {"min_width_px": parameters.min_width_px, "min_height_px": parameters.min_height_px}
        yield to_review("enlarged", sizes, where=_worst(picture), snapshot=picture.worst_snapshot)
    else:
        yield passed("ok", values)


def _is_too_small(size: tuple[int, int], parameters: UpscaledParameters) -> bool:
    asked = (parameters.min_width_px, parameters.min_height_px)
    return max(size) < max(asked) or min(size) < min(asked)


@dataclass(frozen=True, kw_only=True)
class LivePictureParameters:
    """Stretches count from `min_stretch_s` on; shares (0 to 1) are of the clip's measured length.

    From `fail_share` on a clip fails that is black, or in which next to nothing changed anywhere. With fewer than
    `min_pictures_per_s` pictures a second, a person must look. So one must where stretches of `min_lifeless_s` and more
    that show one still make at least `lifeless_share` of the clip.
    """

    min_stretch_s: float
    max_frozen_share: float
    fail_share: float
    min_pictures_per_s: float
    min_lifeless_s: float
    lifeless_share: float


def check_live_picture(subject: ClipSubject, parameters: LivePictureParameters) -> Iterator[Finding]:
    """The picture moves and is not black."""
    picture = _measured(subject)
    packets = _packets(subject)
    duration_s = float(packets.duration_s)
    if duration_s <= 0 or not picture.num_frames:
        yield not_evaluated("no-frames")
        return
    black = _long(picture.black, parameters.min_stretch_s)
    frozen = _long(picture.frozen, parameters.min_stretch_s)
    all_still = _share(_long(picture.still, parameters.min_stretch_s), duration_s) >= parameters.fail_share
    stands_still = [*_check_frozen(frozen, duration_s, parameters, certain=all_still)]
    faults = [
        *_check_black(black, duration_s, parameters),
        *(stands_still or _check_lifeless(picture, duration_s, parameters)),
        *_check_rate(packets, parameters),
    ]
    shares = {"black_share": _share(black, duration_s), "frozen_share": _share(frozen, duration_s)}
    yield from faults or [passed("ok", shares)]


def _check_rate(packets: PacketFacts, parameters: LivePictureParameters) -> Iterator[Finding]:
    """A slide show is no film, however long; neither is one that was slowed down to fill the time."""
    rate = packets.num_packets / packets.duration_s
    if rate < parameters.min_pictures_per_s:
        yield to_review(
            "few-pictures", {"pictures_per_s": float(rate), "min_pictures_per_s": parameters.min_pictures_per_s}
        )


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


def _check_lifeless(
    picture: PictureEvidence, duration_s: float, parameters: LivePictureParameters
) -> Iterator[Finding]:
    """A still stays one with noise, flicker, a zoom, a drift or an overlay on it. It may be an empty room: no fail."""
    stretches = _long(picture.lifeless or (), parameters.min_lifeless_s)
    share = _share(stretches, duration_s)
    if stretches and share >= parameters.lifeless_share:
        where = Where(at_s=stretches[0].start_s)
        values = {"share": share, "length_s": share * duration_s}
        yield to_review("lifeless", values, where=where, snapshot=picture.lifeless_snapshot)


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


def _packets(subject: ClipSubject) -> PacketFacts:
    assert subject.evidence.probe is not None
    assert subject.evidence.probe.packets is not None
    return subject.evidence.probe.packets


def _worst(picture: PictureEvidence) -> Where:
    return Where(at_s=picture.worst_at_s)


_SIZES: Final = ("width_px", "height_px", "min_width_px", "min_height_px")
_DETAIL: Final = ("effective_width_px", "effective_height_px", "least_width_px", "least_height_px")

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
    codes={
        **dict.fromkeys(("ok", "portrait", "too-small", "size-changes", "stretched"), _SIZES),
        "bordered": (*_SIZES, "active_width_px", "active_height_px"),
        "tiled": (*_SIZES, "columns", "rows"),
    },
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

UPSCALED: Final = Rule(
    id="PIC004",
    slug="upscaled",
    title_zh="实际清晰度",
    title_en="Real detail",
    scope=Scope.CLIP,
    rationale="A small picture made large has the asked size and still too little to tell who is there.",
    parameters=UpscaledParameters,
    check=check_upscaled,
    requires=frozenset({Needs.PICTURE}),
    codes={
        "ok": _DETAIL,
        "little-detail": _DETAIL,
        "enlarged": (*_DETAIL[:2], "source_width_px", "source_height_px", "min_width_px", "min_height_px"),
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
        **dict.fromkeys(("black", "all-black", "frozen", "all-frozen", "lifeless"), ("share", "length_s")),
        "few-pictures": ("pictures_per_s", "min_pictures_per_s"),
        "no-frames": (),
    },
)
