"""Builders of evidence: an all-green class, and small changes to it, so that a rule's test is two lines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from vidaudit.judge.catalogue import RULES, BoundRule, BoundRules, bind
from vidaudit.judge.engine import judge
from vidaudit.model.clock import ClockEvidence, ClockReading, ClockState
from vidaudit.model.evidence import (
    ClassEvidence,
    ClipEvidence,
    DecodeFacts,
    FaceEvidence,
    FaceView,
    HeadEvidence,
    PersonSeen,
    PictureEvidence,
    ToolInfo,
)
from vidaudit.model.media import Container, HeaderFacts, MediaProbe, PacketFacts
from vidaudit.model.people import Appearance, ClassPerson, DayPeople, PeopleEvidence
from vidaudit.model.reuse import ReuseEvidence
from vidaudit.model.roster import Roster, Trainee
from vidaudit.model.settings import Parameter, Profile
from vidaudit.model.still import Box
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, ClipName, DayFolder
from vidaudit.model.take import TakeEvidence
from vidaudit.model.verdict import Level, RuleResult, Status
from vidaudit.profile import load_profile

PROFILE = load_profile("huguan-2024")
RULES_OF_PROFILE = bind(PROFILE)

SCHOOL = "长治市示例职业培训学校"
CLASS = "2024年第1期育婴员培训班"
DAY1, DAY2 = "5月20日", "5月21日"
FACE1 = f"{DAY1}/{SCHOOL}{CLASS}5月20日课间人脸识别视频1.mp4"
FACE2 = f"{DAY1}/{SCHOOL}{CLASS}5月20日课间人脸识别视频2.mp4"
LECTURE = f"{DAY1}/{SCHOOL}{CLASS}5月20日授课过程.mp4"


def with_parameters(slug: str, **values: bool | int | float | str | tuple[str, ...]) -> BoundRules:
    """The profile's rules, with some parameters of one rule set otherwise."""
    setting = PROFILE.rules[slug]
    given = {name: Parameter(value=value, source="test") for name, value in values.items()}
    changed = replace(setting, parameters={**setting.parameters, **given})
    return bind(replace(PROFILE, rules={**PROFILE.rules, slug: changed}))


def with_levels(level: Level, *slugs: str) -> Profile:
    """The profile with these rules at another level."""
    rules = {slug: replace(rule, level=level) if slug in slugs else rule for slug, rule in PROFILE.rules.items()}
    return replace(PROFILE, rules=rules)


def only(slug: str, rules: BoundRules = RULES_OF_PROFILE) -> BoundRules:
    """Just this one rule."""
    return replace(rules, rules=tuple(bound for bound in rules.rules if bound.rule.slug == slug))


def bound(slug: str) -> BoundRule:
    """One rule as the profile sets it."""
    return only(slug).rules[0]


def run(slug: str, evidence: ClassEvidence, rules: BoundRules = RULES_OF_PROFILE) -> RuleResult:
    """One rule's result over a class; every code it gives is declared with its values."""
    verdict = judge(evidence, only(slug, rules))
    declared = next(rule.codes for rule in RULES if rule.slug == slug)
    for finding in verdict.rules[0].findings:
        if finding.code in declared:
            assert set(finding.values) == set(declared[finding.code]), finding
    return verdict.rules[0]


def outcome(slug: str, evidence: ClassEvidence, rules: BoundRules = RULES_OF_PROFILE) -> set[tuple[str, str]]:
    """What a rule finds, as {(code, status)}, without the findings that all is well with other subjects."""
    found = {(finding.code, finding.status.value) for finding in run(slug, evidence, rules).findings}
    return found - {("ok", Status.PASS.value)} or found


def view(width_px: float = 100.0, **changes: Any) -> FaceView:
    """A good sight of a face."""
    good: dict[str, Any] = {
        "at_s": 3.0,
        "box": Box(x_px=10.0, y_px=10.0, width_px=width_px, height_px=width_px),
        "score": 0.9,
        "width_px": width_px,
        "effective_width_px": width_px,
        "eye_distance_px": width_px / 2,
        "yaw_deg": 5.0,
        "pitch_deg": 5.0,
    }
    return FaceView(**{**good, **changes})


def person(index: int = 0, best: FaceView | None = None) -> PersonSeen:
    """One person of a face clip."""
    seen = best or view()
    return PersonSeen(index=index, num_views=5, first_s=1.0, last_s=5.0, best=seen, snapshot=f"person-{index}.jpg")


def faces(views: Iterable[FaceView]) -> FaceEvidence:
    """Face evidence with one person per view."""
    persons = tuple(person(index, best) for index, best in enumerate(views))
    count = len(persons)
    return FaceEvidence(
        detector="test",
        persons=persons,
        low=count,
        high=count,
        max_at_once=min(count, 3),
        num_frames=60,
        num_frames_with_faces=60 if count else 0,
    )


def heads(headcount: int, **changes: Any) -> HeadEvidence:
    """Head evidence of a lecture."""
    seen: dict[str, Any] = {"max_at_once": headcount, "num_frames": 61, "best_at_s": 120.0, "snapshot": "best.jpg"}
    return HeadEvidence(detector="test", headcount=headcount, **{**seen, **changes})


def picture(**changes: Any) -> PictureEvidence:
    """A clean picture."""
    clean: dict[str, Any] = {
        "num_frames": 60,
        "noise_sigma": 2.0,
        "sharpness": 0.8,
        "luma": 120.0,
        "dark_share": 0.0,
        "bright_share": 0.0,
        "blurred_share": 0.0,
        "covered_share": 0.0,
        "effective_size_px": (1000, 562),
        "worst_at_s": 30.0,
        "worst_snapshot": "worst.jpg",
    }
    return PictureEvidence(**{**clean, **changes})


def reading(moment: dt.datetime, at_s: float = 0.0, **changes: Any) -> ClockReading:
    """A sure reading of a clock that shows this moment."""
    sure: dict[str, Any] = {"text": f"{moment:%Y-%m-%d %H:%M:%S}", "dates": (moment.date(),), "time": moment.time()}
    sure |= {"weekday": moment.weekday(), "confidence": 0.99}
    return ClockReading(at_s=at_s, **{**sure, **changes})


def clock(starts: dt.datetime, duration_s: int = 60, **changes: Any) -> ClockEvidence:
    """A clock that runs with the clip, read at its start, its middle and its end."""
    times = (0, duration_s // 2, duration_s)
    readings = tuple(reading(starts + dt.timedelta(seconds=at_s), float(at_s)) for at_s in times)
    running: dict[str, Any] = {"state": ClockState.READ, "readings": readings, "rate": 1.0, "snapshot": "clock.jpg"}
    return ClockEvidence(**{**running, **changes})


def header(**changes: Any) -> HeaderFacts:
    """What a sound H.264 file claims."""
    sound: dict[str, Any] = {
        "brand": "isom",
        "duration_s": Fraction(600),
        "num_video_streams": 1,
        "codec": "h264",
        "codec_profile": "High",
        "pixel_format": "yuv420p",
        "width_px": 1366,
        "height_px": 768,
    }
    return HeaderFacts(**{**sound, **changes})


def packets(duration_s: Fraction | int = 600, **changes: Any) -> PacketFacts:
    """What reading every packet of a sound file measures."""
    sound: dict[str, Any] = {
        "num_packets": 15000,
        "num_keyframes": 300,
        "num_damaged": 0,
        "duration_s": Fraction(duration_s),
        "covered_s": Fraction(duration_s),
        "longest_gap_s": Fraction(1, 25),
        "longest_gap_at_s": Fraction(0),
        "typical_keyframe_gap_s": Fraction(2),
        "constant_frame_rate": True,
    }
    return PacketFacts(**{**sound, **changes})


def probe(name: str, duration_s: int, **changes: Any) -> MediaProbe:
    """The probe of a sound file, with a content of its own."""
    sound: dict[str, Any] = {
        "container": Container.MP4,
        "bytes": 1_000_000,
        "sha256": f"sha of {name}",
        "header": header(duration_s=Fraction(duration_s)),
        "packets": packets(duration_s),
    }
    return MediaProbe(**{**sound, **changes})


def clip_file(day: str, date: dt.date, kind: ClipKind, number: int | None) -> ClipFile:
    """A clip with its prescribed name."""
    title = "课间人脸识别视频" if kind is ClipKind.FACE else "授课过程"
    name = f"{SCHOOL}{CLASS}{date.month}月{date.day}日{title}{number or ''}.mp4"
    parsed = ClipName(
        institution=SCHOOL,
        class_name=CLASS,
        year=None,
        month=date.month,
        day=date.day,
        kind=kind,
        number=number,
        prescribed=True,
    )
    return ClipFile(path=f"{day}/{name}", day=day, kind=kind, name=parsed, suggested_name=None, bytes=1_000_000)


def clip_evidence(clip: ClipFile, size: int) -> ClipEvidence:
    """Sound evidence: a face clip shows `size` persons, a lecture as many heads."""
    is_face = clip.kind is ClipKind.FACE
    return ClipEvidence(
        path=clip.path,
        kind=clip.kind,
        probe=probe(clip.path, 60 if is_face else 600),
        decode=DecodeFacts(mode="keyframes", num_planned=60, num_decoded=60),
        picture=picture(),
        faces=faces([view()] * size) if is_face else None,
        heads=None if is_face else heads(size),
        clock=_clock_of(clip),
        take=TakeEvidence(cuts=(), num_suspects=300, num_looked=12),
    )


def _clock_of(clip: ClipFile) -> ClockEvidence:
    """The lecture is at nine, the breaks are at ten and three o'clock."""
    assert clip.name.month is not None
    assert clip.name.day is not None
    hour = {None: 9, 1: 10, 2: 15}[clip.name.number]
    starts = dt.datetime(2024, clip.name.month, clip.name.day, hour)
    return clock(starts, 60 if clip.kind is ClipKind.FACE else 600)


def roster(size: int = 4, **changes: Any) -> Roster:
    """A roster in order."""
    trainees = tuple(
        Trainee(row=index + 3, name=f"学员{index}", id_masked="1404************1X") for index in range(size)
    )
    return replace(Roster(file="花名册.xlsx", trainees=trainees), **changes)


def people(days: Iterable[DayFolder], clips: Iterable[ClipFile], size: int) -> PeopleEvidence:
    """The same persons every day."""
    days = tuple(days)
    face_clips = [clip for clip in clips if clip.kind is ClipKind.FACE]
    persons = tuple(
        ClassPerson(
            number=number,
            appearances=tuple(Appearance(clip=clip.path, index=number - 1) for clip in face_clips),
            days=tuple(day.path for day in days),
        )
        for number in range(1, size + 1)
    )
    return PeopleEvidence(
        persons=persons,
        days=tuple(DayPeople(day=day.path, persons=size, low=size, high=size) for day in days),
    )


def green(size: int = 4) -> ClassEvidence:
    """A class of two days with which nothing is wrong: `size` trainees, and a teacher in every picture."""
    dates = {DAY1: dt.date(2024, 5, 20), DAY2: dt.date(2024, 5, 21)}
    days = tuple(DayFolder(path=path, date=date, year_from="class", readings=(date,)) for path, date in dates.items())
    wanted = ((ClipKind.FACE, 1), (ClipKind.FACE, 2), (ClipKind.LECTURE, None))
    clips = tuple(clip_file(day.path, dates[day.path], kind, number) for day in days for kind, number in wanted)
    folder = ClassFolder(
        name=CLASS,
        path=CLASS,
        institution=SCHOOL,
        class_name=CLASS,
        days=days,
        clips=clips,
        papers=("花名册.xlsx",),
    )
    return ClassEvidence(
        folder=folder,
        roster=roster(size),
        clips=tuple(clip_evidence(clip, size + 1) for clip in clips),
        people=people(days, clips, size + 1),
        tool=ToolInfo(version="test", models={}),
        reuse=ReuseEvidence(),
    )


def change_file(evidence: ClassEvidence, path: str, /, **changes: Any) -> ClassEvidence:
    """The class with one clip's file changed; a new path moves its evidence along."""
    clips = tuple(replace(c, **changes) if c.path == path else c for c in evidence.folder.clips)
    moved = tuple(
        replace(c, path=changes.get("path", c.path), kind=changes.get("kind", c.kind)) if c.path == path else c
        for c in evidence.clips
    )
    return replace(evidence, folder=replace(evidence.folder, clips=clips), clips=moved)


def change_name(evidence: ClassEvidence, path: str, /, **changes: Any) -> ClassEvidence:
    """The class with one clip's parsed name changed."""
    name = next(clip.name for clip in evidence.folder.clips if clip.path == path)
    return change_file(evidence, path, name=replace(name, **changes))


def change_clip(evidence: ClassEvidence, path: str, /, **changes: Any) -> ClassEvidence:
    """The class with one clip's evidence changed."""
    clips = tuple(replace(c, **changes) if c.path == path else c for c in evidence.clips)
    return replace(evidence, clips=clips)


def change_probe(evidence: ClassEvidence, path: str, /, **changes: Any) -> ClassEvidence:
    """The class with one clip's probe changed."""
    old = evidence.clip(path).probe
    assert old is not None
    return change_clip(evidence, path, probe=replace(old, **changes))


def change_header(evidence: ClassEvidence, path: str, /, **changes: Any) -> ClassEvidence:
    """The class with what one clip's header claims changed."""
    old = evidence.clip(path).probe
    assert old is not None
    assert old.header is not None
    return change_probe(evidence, path, header=replace(old.header, **changes))


def change_day(evidence: ClassEvidence, path: str, /, **changes: Any) -> ClassEvidence:
    """The class with one day folder changed."""
    days = tuple(replace(day, **changes) if day.path == path else day for day in evidence.folder.days)
    return replace(evidence, folder=replace(evidence.folder, days=days))


def without_clip(evidence: ClassEvidence, path: str) -> ClassEvidence:
    """The class without one clip."""
    folder = replace(evidence.folder, clips=tuple(c for c in evidence.folder.clips if c.path != path))
    return replace(evidence, folder=folder, clips=tuple(c for c in evidence.clips if c.path != path))


def with_people(evidence: ClassEvidence, day: str, persons: int, low: int, high: int) -> ClassEvidence:
    """The class with other counts of persons on one day."""
    assert evidence.people is not None
    counted = DayPeople(day=day, persons=persons, low=low, high=high)
    days = tuple(counted if old.day == day else old for old in evidence.people.days)
    return replace(evidence, people=replace(evidence.people, days=days))
