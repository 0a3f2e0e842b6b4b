"""What the files are: really MP4, readable to the end, playable on an ordinary office PC."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from vidaudit.judge.findings import failed, not_evaluated, passed, to_review
from vidaudit.judge.rule import Needs, NoParameters, Rule
from vidaudit.judge.subjects import NOT_VIDEO, ClipSubject
from vidaudit.model.evidence import DecodeFacts
from vidaudit.model.media import Container, HeaderFacts, MediaProbe, ProbeProblem
from vidaudit.model.verdict import Finding, Scope, Where

RECORDERS: Final = frozenset({Container.HIKVISION, Container.DAHUA})
NOTHING_READ: Final = frozenset({Container.UNKNOWN, Container.EMPTY, Container.ZEROS})


def check_mp4_container(subject: ClipSubject, _: NoParameters) -> Iterator[Finding]:
    """The content is MP4 and the name says so."""
    probe = subject.evidence.probe
    assert probe is not None
    extension = PurePosixPath(subject.clip.path).suffix.lower().strip(". ")
    yield _check_container(probe, extension, read_error=subject.read_error)


def _check_container(probe: MediaProbe, extension: str, *, read_error: bool) -> Finding:
    container = probe.container
    values = {"container": container.value, "extension": extension}
    if container is Container.MP4:
        return passed("ok", values) if extension == "mp4" else failed("wrong-extension", values)
    if container is Container.UNKNOWN or (read_error and container in NOTHING_READ):
        return to_review("unknown-container", values)
    if container is Container.QUICKTIME and extension == "mp4" and _unbranded(probe):
        return to_review("unbranded", values)
    return failed(_misfit(container, extension), values)


def _unbranded(probe: MediaProbe) -> bool:
    """Writers of early MP4 files left the brand out, as QuickTime does: content alone can't tell the two apart."""
    return probe.header is None or probe.header.brand is None


def _misfit(container: Container, extension: str) -> str:
    if container in NOT_VIDEO:
        return "not-a-video"
    if container in RECORDERS:
        return "recorder-file"
    return "renamed" if extension == "mp4" else "wrong-container"


@dataclass(frozen=True, kw_only=True)
class ReadableParameters:
    """Shares (0 to 1) of sampled instants, and of packets, above which damage is a fail and not for a person."""

    max_failed_share: float
    max_damaged_share: float


def check_readable(subject: ClipSubject, parameters: ReadableParameters) -> Iterator[Finding]:
    """The file opens, is whole, and gives a picture at every instant that was asked for."""
    probe, decode = subject.evidence.probe, subject.evidence.decode
    assert probe is not None
    problems = [_problem(problem, probe, parameters, subject.read_error) for problem in sorted(subject.problems)]
    yield from problems
    if decode is not None and decode.num_planned > 0:
        result = _check_decoded(decode, parameters, subject.read_error)
        if not problems or result.code != "ok":
            yield result
    elif not problems:
        yield not_evaluated("not-decoded")


def _problem(problem: ProbeProblem, probe: MediaProbe, parameters: ReadableParameters, read_error: bool) -> Finding:
    """A failing drive may be the cause of every other problem, so then a person must try again."""
    if problem is ProbeProblem.DAMAGED_PACKETS:
        return _damaged(probe, parameters, read_error)
    if read_error or problem is ProbeProblem.NO_TIMESTAMPS:
        return to_review(problem.value)
    return failed(problem.value)


def _damaged(probe: MediaProbe, parameters: ReadableParameters, read_error: bool) -> Finding:
    damaged = None if probe.packets is None else probe.packets.num_damaged
    packets = None if probe.packets is None else probe.packets.num_packets
    many = bool(damaged and packets) and (damaged or 0) > parameters.max_damaged_share * (packets or 0)
    verdict = failed if many and not read_error else to_review
    return verdict(ProbeProblem.DAMAGED_PACKETS.value, {"num_damaged": damaged, "num_packets": packets})


def _check_decoded(decode: DecodeFacts, parameters: ReadableParameters, read_error: bool) -> Finding:
    values = {"num_planned": decode.num_planned, "num_decoded": decode.num_decoded}
    if decode.num_decoded >= decode.num_planned and not decode.failed_at_s:
        return passed("ok", values)
    num_failed = max(decode.num_planned - decode.num_decoded, len(decode.failed_at_s))
    many = num_failed > parameters.max_failed_share * decode.num_planned
    verdict = failed if many and not read_error else to_review
    first_s = min(decode.failed_at_s, default=None)
    return verdict("undecodable", {**values, "num_failed": num_failed}, where=Where(at_s=first_s))


@dataclass(frozen=True, kw_only=True)
class PlayableCodecParameters:
    """Codecs by ffmpeg's names; profiles and pixel formats are asked of H.264 only."""

    playable: tuple[str, ...]
    doubtful: tuple[str, ...]
    h264_profiles: tuple[str, ...]
    h264_pixel_formats: tuple[str, ...]


def check_playable_codec(subject: ClipSubject, parameters: PlayableCodecParameters) -> Iterator[Finding]:
    """What comes with Windows can play it."""
    assert subject.evidence.probe is not None
    header = subject.evidence.probe.header
    assert header is not None
    values = {"codec": header.codec, "profile": header.codec_profile, "pixel_format": header.pixel_format}
    if header.num_video_streams > 1:
        yield to_review("several-pictures", {"num_streams": header.num_video_streams})
    if header.codec is None:
        yield not_evaluated("codec-unknown")
    elif header.codec in parameters.doubtful:
        yield to_review("doubtful-codec", values)
    elif header.codec not in parameters.playable:
        yield failed("unplayable-codec", values)
    elif header.codec == "h264":
        yield _check_h264(header, parameters, values)
    else:
        yield passed("ok", values)


def _check_h264(header: HeaderFacts, parameters: PlayableCodecParameters, values: dict[str, str | None]) -> Finding:
    profile_fits = header.codec_profile is None or header.codec_profile in parameters.h264_profiles
    if header.pixel_format is None:
        return to_review("doubtful-format", values)
    if profile_fits and header.pixel_format in parameters.h264_pixel_formats:
        return passed("ok", values)
    return failed("unplayable-format", values)


_FORMAT: Final = ("codec", "profile", "pixel_format")
_FILE: Final = ("container", "extension")

MP4_CONTAINER: Final = Rule(
    id="CON001",
    slug="mp4-container",
    title_zh="MP4格式",
    title_en="MP4 container",
    scope=Scope.CLIP,
    rationale="MP4 is asked for; a recorder's file or an AVI with another name is none and often won't play.",
    parameters=NoParameters,
    check=check_mp4_container,
    requires=frozenset({Needs.PROBE}),
    codes={
        "ok": _FILE,
        "wrong-extension": _FILE,
        "unknown-container": _FILE,
        "unbranded": _FILE,
        "not-a-video": _FILE,
        "recorder-file": _FILE,
        "renamed": _FILE,
        "wrong-container": _FILE,
    },
)

READABLE: Final = Rule(
    id="CON002",
    slug="readable",
    title_zh="可读取",
    title_en="Readable",
    scope=Scope.CLIP,
    rationale="A clip that doesn't open or breaks off proves nothing, whatever its name promises.",
    parameters=ReadableParameters,
    check=check_readable,
    requires=frozenset({Needs.PROBE}),
    codes={
        "ok": ("num_planned", "num_decoded"),
        "undecodable": ("num_planned", "num_decoded", "num_failed"),
        "not-decoded": (),
        **{problem.value: () for problem in ProbeProblem},
        ProbeProblem.DAMAGED_PACKETS.value: ("num_damaged", "num_packets"),
    },
)

PLAYABLE_CODEC: Final = Rule(
    id="CON003",
    slug="playable-codec",
    title_zh="可播放编码",
    title_en="Playable codec",
    scope=Scope.CLIP,
    rationale="The inspector must be able to play the clip on an office PC without installing anything.",
    parameters=PlayableCodecParameters,
    check=check_playable_codec,
    requires=frozenset({Needs.HEADER}),
    codes={
        "ok": _FORMAT,
        "codec-unknown": (),
        "several-pictures": ("num_streams",),
        "doubtful-codec": _FORMAT,
        "doubtful-format": _FORMAT,
        "unplayable-codec": _FORMAT,
        "unplayable-format": _FORMAT,
    },
)
