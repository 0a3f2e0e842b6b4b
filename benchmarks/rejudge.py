"""A disc of 24 days judged again by another profile: how long it takes, all reports written, and the same verdict.

The evidence is made up, of the size that a real class leaves: three clips a day, 40 persons in each face clip, each
with a picture, readings of the clock, a seat map. No video is there.
"""

import datetime as dt
import hashlib
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.measure import MB, checked, figure
from vidaudit.judge.catalogue import bind
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
from vidaudit.model.still import Box, Snapshot, SnapshotPurpose
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, ClipName, DayFolder
from vidaudit.profile import load_profile
from vidaudit.report.context import ReportContext
from vidaudit.run.publish import Publisher
from vidaudit.run.rejudge import rejudge

DAYS: Final = 24
PERSONS: Final = 40
_SCHOOL, _CLASS = "示例职业培训学校", "2024年第1期育婴员培训班"
_FIRST: Final = dt.date(2024, 5, 6)
_CLIPS: Final = ((ClipKind.FACE, 1), (ClipKind.FACE, 2), (ClipKind.LECTURE, None))


def main() -> None:
    profiles = [load_profile(name) for name in ("huguan-2024", "shanxi-2023")]
    context = ReportContext(tool_version="benchmark", models={}, created=dt.datetime.now().astimezone(), platform="")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        first = Publisher(out=out, profile=profiles[0], context=context)
        scanned = first.publish(made_class(), bind(profiles[0]))
        first.summarise([scanned])
        size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
        seconds: dict[str, list[float]] = {}
        for profile in (*profiles[::-1], *profiles[::-1]):
            began = time.perf_counter()
            result = rejudge(out, Publisher(out=out, profile=profile, context=context), bind(profile))
            seconds.setdefault(profile.id, []).append(time.perf_counter() - began)
        same = replace(result.outcomes[0].verdict, change=None) == scanned.verdict
    print(figure(f"reports of {DAYS} days, {DAYS * 3} clips, {PERSONS} persons a clip", size / MB, "MB"))
    for name, taken in seconds.items():
        print(figure(f"judged again by {name}, best of {len(taken)}", min(taken), "s", at_most=2))
    print(checked("the verdict by the first profile again", "the same" if same else "another", "the same", met=same))


def made_class() -> ClassEvidence:
    """A class of 24 days with which nothing is wrong."""
    dates = [_FIRST + dt.timedelta(days=number) for number in range(DAYS)]
    days = tuple(
        DayFolder(path=f"{date.month}月{date.day}日", date=date, year_from="class", readings=(date,)) for date in dates
    )
    clips = tuple(_file(day, kind, number) for day in days for kind, number in _CLIPS)
    folder = ClassFolder(
        name=_CLASS,
        path=_CLASS,
        institution=_SCHOOL,
        class_name=_CLASS,
        days=days,
        clips=clips,
        papers=("花名册.xlsx",),
    )
    trainees = tuple(Trainee(row=row + 3, name=f"学员{row}", id_masked="1404************1X") for row in range(PERSONS))
    face, room = _picture(112, 112), _picture(960, 540)
    return ClassEvidence(
        folder=folder,
        roster=Roster(file="花名册.xlsx", trainees=trainees),
        clips=tuple(_evidence(clip, face if clip.kind is ClipKind.FACE else room) for clip in clips),
        people=_people(days, clips),
        tool=ToolInfo(version="benchmark", models={}),
        scanned_on=dates[-1],
        reuse=ReuseEvidence(),
    )


def _picture(width_px: int, height_px: int) -> bytes:
    """Soft blotches as JPEG, about as large as a real picture of that size."""
    blotches = np.random.default_rng(1).integers(0, 256, (height_px // 8, width_px // 8, 3), np.uint8)
    picture = cv2.resize(blotches, (width_px, height_px), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def _file(day: DayFolder, kind: ClipKind, number: int | None) -> ClipFile:
    assert day.date is not None
    title = "课间人脸识别视频" if kind is ClipKind.FACE else "授课过程"
    name = ClipName(
        institution=_SCHOOL,
        class_name=_CLASS,
        year=None,
        month=day.date.month,
        day=day.date.day,
        kind=kind,
        number=number,
        prescribed=True,
    )
    path = f"{day.path}/{_SCHOOL}{_CLASS}{day.path}{title}{number or ''}.mp4"
    return ClipFile(path=path, day=day.path, kind=kind, name=name, suggested_name=None, bytes=20_000_000)


def _evidence(clip: ClipFile, picture: bytes) -> ClipEvidence:
    is_face = clip.kind is ClipKind.FACE
    prefix = f"{clip.day}-{clip.kind}{clip.name.number or ''}"
    return ClipEvidence(
        path=clip.path,
        kind=clip.kind,
        probe=_probe(clip, 60 if is_face else 600),
        decode=DecodeFacts(mode="keyframes", num_planned=60, num_decoded=60),
        picture=_QUALITY,
        faces=_faces(prefix) if is_face else None,
        heads=None if is_face else _heads(prefix),
        snapshots=_face_stills(prefix, picture) if is_face else _room_stills(prefix, picture),
    )


def _probe(clip: ClipFile, seconds: int) -> MediaProbe:
    exact = Fraction(seconds)
    return MediaProbe(
        container=Container.MP4,
        bytes=clip.bytes,
        sha256=hashlib.sha256(clip.path.encode()).hexdigest(),
        header=HeaderFacts(
            brand="isom", duration_s=exact, num_video_streams=1, codec="h264", width_px=1366, height_px=768
        ),
        packets=PacketFacts(
            num_packets=seconds * 25,
            num_keyframes=seconds // 2,
            num_damaged=0,
            duration_s=exact,
            covered_s=exact,
            longest_gap_s=Fraction(1, 25),
            longest_gap_at_s=Fraction(0),
            typical_keyframe_gap_s=Fraction(2),
            constant_frame_rate=True,
        ),
    )


def _faces(prefix: str) -> FaceEvidence:
    def person(index: int) -> PersonSeen:
        place = Box(x_px=20.0 * index, y_px=100.0, width_px=90.0, height_px=100.0)
        best = FaceView(at_s=1.0 + index, box=place, score=0.9, width_px=90.0, effective_width_px=88.0, yaw_deg=4.0)
        return PersonSeen(
            index=index, num_views=5, first_s=1.0, last_s=9.0, best=best, snapshot=f"{prefix}-p{index}.jpg"
        )

    return FaceEvidence(
        detector="centerface",
        persons=tuple(map(person, range(PERSONS))),
        low=PERSONS,
        high=PERSONS,
        max_at_once=8,
        num_frames=60,
        num_frames_with_faces=60,
    )


def _heads(prefix: str) -> HeadEvidence:
    marks = tuple(Box(x_px=20.0 * seat, y_px=90.0, width_px=18.0, height_px=20.0) for seat in range(PERSONS))
    return HeadEvidence(
        detector="centerface",
        headcount=PERSONS,
        max_at_once=PERSONS,
        num_frames=61,
        best_at_s=120.0,
        marks=marks,
        snapshot=f"{prefix}-best.jpg",
        seat_map=f"{prefix}-seats.jpg",
    )


def _face_stills(prefix: str, face: bytes) -> tuple[Snapshot, ...]:
    return tuple(
        Snapshot(
            name=f"{prefix}-p{index}.jpg",
            at_s=1.0 + index,
            purpose=SnapshotPurpose.PERSON,
            width_px=112,
            height_px=112,
            jpeg=face,
        )
        for index in range(PERSONS)
    )


def _room_stills(prefix: str, room: bytes) -> tuple[Snapshot, ...]:
    purposes = {"best": SnapshotPurpose.BEST_HEADCOUNT, "seats": SnapshotPurpose.SEATS}
    return tuple(
        Snapshot(name=f"{prefix}-{name}.jpg", at_s=120.0, purpose=purpose, width_px=960, height_px=540, jpeg=room)
        for name, purpose in purposes.items()
    )


def _people(days: tuple[DayFolder, ...], clips: tuple[ClipFile, ...]) -> PeopleEvidence:
    face_clips = [clip for clip in clips if clip.kind is ClipKind.FACE]
    first = face_clips[0]
    persons = tuple(
        ClassPerson(
            number=index + 1,
            appearances=tuple(Appearance(clip=clip.path, index=index) for clip in face_clips),
            days=tuple(day.path for day in days),
            snapshot=f"{first.day}-face1-p{index}.jpg",
        )
        for index in range(PERSONS)
    )
    counted = tuple(DayPeople(day=day.path, persons=PERSONS, low=PERSONS, high=PERSONS) for day in days)
    return PeopleEvidence(persons=persons, days=counted)


_QUALITY: Final = PictureEvidence(
    num_frames=60,
    noise_sigma=2.0,
    sharpness=0.8,
    luma=120.0,
    dark_share=0.0,
    bright_share=0.0,
    blurred_share=0.0,
    covered_share=0.0,
    effective_size_px=(1000, 562),
)


if __name__ == "__main__":
    main()
