"""Hand-made verdicts with their evidence: one class with every status and with nasty names, one that passes."""

import base64
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath

from vidaudit.model.evidence import ClassEvidence, ClipEvidence, HeadEvidence, ToolInfo
from vidaudit.model.media import Container, MediaProbe, Sampling
from vidaudit.model.people import Appearance, ClassPerson, DayPeople, PeopleEvidence
from vidaudit.model.roster import Roster, Trainee
from vidaudit.model.settings import Kind, Limits, ManualItem, Profile
from vidaudit.model.stake import (
    DaysFrom,
    Item,
    Note,
    NoteCode,
    Part,
    PerHead,
    Stake,
    StakeDays,
    StakeLine,
    StakePeople,
    Unit,
    Working,
)
from vidaudit.model.still import Box
from vidaudit.model.submission import ClassFolder, ClipFile, ClipKind, ClipName, DayFolder
from vidaudit.model.verdict import (
    ClassVerdict,
    Clause,
    ClipVerdict,
    DayVerdict,
    Finding,
    Level,
    NotApplicable,
    RuleNotApplied,
    RuleResult,
    Scope,
    Status,
    Where,
)
from vidaudit.report.attention import SummaryRow
from vidaudit.report.context import ReportContext
from vidaudit.report.material import Material

FULL_ID = "140427199003071234"
SHA = "0123456789abcdef" * 4
# Sixteen decimal digits in a row, as one hash in some dozens has: it must stay whole.
DIGIT_SHA = "a1234567890123456" + "b" * 47
CREATED = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
# The smallest picture there is: one grey pixel, PNG.
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
DOCUMENT = "壶技能办发〔2024〕1号"
CLAUSE = Clause(document=DOCUMENT, section="附件4 三(3)")

NASTY_SCRIPT = "<script>alert(1)<img src=x onerror=alert(2)>"
NASTY_QUOTE = '" onerror="alert(1)" x="'
NASTY_NAMES = (
    f"0520/{NASTY_SCRIPT}授课过程.mp4",
    f"0520/{NASTY_QUOTE}.mp4",
    "0521/\u202e4pm.课过授\u2066.mp4",
    "0521/" + "长" * 83 + ".mp4",
    "0521/😀👩‍👩‍👧 课间\n人脸\r\t识别.mp4",
    f"0521/{FULL_ID}授课过程.mp4",
    '=HYPERLINK("evil")&\'0521.mp4',
    "0521/{{ 7 * 7 }}{% raw %}.mp4",
)


def context(lang: str = "zh") -> ReportContext:
    return ReportContext(
        tool_version="0.1.0",
        models={"centerface.onnx": SHA, "dlib_face_recognition_resnet_model_v1.dat": DIGIT_SHA},
        created=CREATED,
        platform="Windows 10, Python 3.11",
        lang=lang,
        command=f"vidaudit scan D:\\{FULL_ID}",
    )


def profile() -> Profile:
    return Profile(
        id="huguan-2024",
        title_zh="壶关县职业技能培训视频监控实施标准（2024）",
        title_en="Huguan county, training video standard 2024",
        document=DOCUMENT,
        sha256=SHA,
        rules={},
        sampling=Sampling(),
        limits=Limits(),
        kinds={
            "project": Kind(id="project", title_zh="项目制培训", title_en="Project training", clause=CLAUSE, rules={})
        },
        default_kind="project",
        manual=(
            ManualItem(id="site", text_zh="实地核实了培训场地。", text_en="The rooms were seen.", clause=CLAUSE),
            ManualItem(id="other", text_zh="不适用", text_en="Not here", clause=CLAUSE, kinds=("company",)),
        ),
    )


def rule(identity: str, slug: str, findings: tuple[Finding, ...], status: Status, **more: object) -> RuleResult:
    settings: dict[str, object] = {"scope": Scope.CLIP, "level": Level.REQUIRE, **more}
    return RuleResult(id=identity, slug=slug, status=status, clause=CLAUSE, findings=findings, **settings)


def finding(
    code: str, status: Status, *, snapshot: str | None = None, values: object = None, **where: object
) -> Finding:
    return Finding(code=code, status=status, where=Where(**where), values=dict(values or {}), snapshot=snapshot)


def clip_file(path: str, number: int | None = None, kind: ClipKind = ClipKind.FACE) -> ClipFile:
    name = ClipName(
        institution=None,
        class_name=None,
        year=None,
        month=5,
        day=20,
        kind=kind,
        number=number,
        prescribed=False,
    )
    day = str(PurePosixPath(path).parent)
    return ClipFile(
        path=path, day=None if day == "." else day, kind=kind, name=name, suggested_name=None, bytes=1_234_567
    )


def clip_verdict(path: str, status: Status, kind: str = "face", **more: object) -> ClipVerdict:
    facts: dict[str, object] = {
        "sha256": DIGIT_SHA,
        "bytes": 1_234_567,
        "container": "mp4",
        "codec": "h264",
        "width": 1366,
        "height": 768,
        "duration_s": Fraction(5999, 10),
        "persons": None,
        "headcount": None,
        **more,
    }
    return ClipVerdict(path=path, kind=kind, status=status, **facts)


def nasty() -> Material:
    """Every status, names that try to break out, an ID number where none belongs."""
    folder = ClassFolder(
        name=f"第1期{NASTY_SCRIPT}培训班",
        path=f"第1期{NASTY_SCRIPT}培训班",
        institution=f"=学校{FULL_ID}",
        class_name="育婴员培训班",
        days=(DayFolder(path="0520", date=dt.date(2024, 5, 20)), DayFolder(path="0521", date=None)),
        clips=tuple(clip_file(path, number=n if n < 3 else None) for n, path in enumerate(NASTY_NAMES, 1)),
    )
    evidence = ClassEvidence(
        folder=folder,
        roster=_nasty_roster(),
        clips=_nasty_clips(),
        people=PeopleEvidence(
            persons=(
                ClassPerson(
                    number=1,
                    appearances=(Appearance(clip=NASTY_NAMES[0], index=0),),
                    days=("0520", "0521"),
                    snapshot="person.png",
                ),
                ClassPerson(number=2, appearances=(), days=("0520",), snapshot="lost.png"),
            ),
            days=(DayPeople(day="0520", persons=2, low=2, high=3),),
        ),
        tool=ToolInfo(version="0.1.0", models={}),
        scanned_on=dt.date(2024, 6, 3),
    )
    pictures = {"person.png": PIXEL, "frame.png": PIXEL, "evil.svg": b"<svg onload='alert(1)'/>"}
    return replace(material(_nasty_verdict(folder), evidence, pictures), stake=stake())


def material(
    verdict: ClassVerdict, evidence: ClassEvidence, pictures: dict[str, bytes] | None = None, lang: str = "zh"
) -> Material:
    return Material(
        verdict=verdict, evidence=evidence, profile=profile(), context=context(lang), pictures=pictures or {}
    )


def _nasty_roster() -> Roster:
    return Roster(
        file=f"{NASTY_QUOTE}花名册.xlsx",
        title=f"花名册 {FULL_ID}",
        trainees=(
            Trainee(
                row=4,
                name="=1+1",
                sex="女",
                age=33,
                education="高中",
                occupation="育婴员",
                id_masked="1404************34",
            ),
            Trainee(row=5, name=f"李\u200b四\n{NASTY_SCRIPT}", id_masked=None, missing=("身份证号",)),
            Trainee(
                row=6, name="@cmd", id_masked="1404************3X", id_faults=("checksum", "sex"), duplicate_of_row=4
            ),
        ),
        missing_columns=("文化程度",),
        faults=("several-rosters",),
        other_files=("旧花名册.xls",),
    )


def _nasty_clips() -> tuple[ClipEvidence, ...]:
    heads = HeadEvidence(
        detector="centerface",
        headcount=4,
        max_at_once=3,
        num_frames=60,
        best_at_s=125.5,
        marks=(Box(x_px=1, y_px=2, width_px=3, height_px=4),),
        snapshot="frame.png",
        num_living=2,
        num_staff_likely=1,
        seat_map="frame.png",
    )
    probe = MediaProbe(container=Container.MP4, bytes=1_234_567, sha256=DIGIT_SHA)
    return (
        ClipEvidence(path=NASTY_NAMES[0], kind=ClipKind.LECTURE, heads=heads, probe=probe),
        ClipEvidence(path=NASTY_NAMES[1], kind=ClipKind.FACE),
    )


def _nasty_verdict(folder: ClassFolder) -> ClassVerdict:
    return ClassVerdict(
        name=folder.name,
        path=folder.path,
        institution=folder.institution,
        roster_size=2,
        status=Status.FAIL,
        rules=_nasty_rules(),
        kind="project",
        is_kind_assumed=True,
        not_applied=(
            RuleNotApplied(id="PIC002", slug="noise", reason=NotApplicable.NOT_FOR_KIND, clause=CLAUSE),
            RuleNotApplied(id="IDN001", slug="two-places", reason=NotApplicable.NOT_ASKED, clause=None),
        ),
        days=(
            DayVerdict(
                date=dt.date(2024, 5, 20),
                folder="0520",
                status=Status.FAIL,
                face_clips=(NASTY_NAMES[1],),
                lectures=(NASTY_NAMES[0],),
                persons=2,
                headcount=4,
            ),
            DayVerdict(
                date=None,
                folder="0521",
                status=Status.NOT_EVALUATED,
                face_clips=NASTY_NAMES[2:5],
                lectures=(),
                persons=None,
                headcount=None,
            ),
        ),
        clips=tuple(
            clip_verdict(path, status)
            for path, status in zip(NASTY_NAMES, [*Status, Status.PASS, Status.FAIL, Status.REVIEW], strict=True)
        ),
        persons_seen=2,
    )


def _nasty_rules() -> tuple[RuleResult, ...]:
    small = {"width_px": 1280, "height_px": 720, "min_width_px": 1024, "min_height_px": 768}
    counted = {"headcount": 4, "staff": "one", "max_at_once": 3, "living": 2, "high": 6, "roster": 16, "missing": 12}
    failed = {"kind": "timed-out", "detail": f"{NASTY_SCRIPT} after {float('inf')}"}
    name = {"suggested": f"{FULL_ID}授课过程.mp4", "differences": ("full-width", NASTY_SCRIPT)}
    odd = {"share": float("nan"), "ratio": Fraction(1, 3), "max_s": float("inf"), "row": 3}
    unknown = finding("no-such-code", Status.REVIEW, values=odd)
    return (
        rule("NAM001", "file-name", tuple(_names(name)), Status.FAIL),
        rule(
            "PIC001",
            "resolution",
            (
                finding("too-small", Status.FAIL, values=small, day="0520", clip=NASTY_NAMES[0]),
                finding("too-small", Status.FAIL, values=small, day="0520", clip=NASTY_NAMES[1], snapshot="evil.svg"),
            ),
            Status.FAIL,
        ),
        rule(
            "PIC003",
            "exposure-sharpness",
            (finding("dark", Status.REVIEW, clip=NASTY_NAMES[2], at_s=61.25),),
            Status.REVIEW,
        ),
        rule(
            "DUR001",
            "lecture-length",
            (finding("tool-failed", Status.ERROR, values=failed, clip=NASTY_NAMES[4]),),
            Status.ERROR,
        ),
        rule(
            "CNT001",
            "headcount-vs-roster",
            (finding("fewer", Status.REVIEW, values=counted, clip=NASTY_NAMES[0], at_s=125.5, snapshot="frame.png"),),
            Status.REVIEW,
        ),
        rule(
            "FAC002",
            "persons-vs-roster",
            (finding("missing-roster", Status.NOT_EVALUATED, day="0521"),),
            Status.NOT_EVALUATED,
        ),
        rule("XYZ001", "no-such-rule", (unknown,), Status.REVIEW, level=Level.ADVISE),
        rule("CON001", "mp4-container", (finding("ok", Status.PASS, clip=NASTY_NAMES[0]),), Status.PASS),
    )


def _names(values: dict[str, object]) -> list[Finding]:
    return [
        finding("not-prescribed", Status.FAIL, values=values, day=clip_file(path).day, clip=path)
        for path in NASTY_NAMES
    ]


def clean() -> Material:
    """A class without a fault."""
    path = "5月20日/示例职业培训学校育婴员培训班5月20日授课过程.mp4"
    folder = ClassFolder(
        name="育婴员培训班",
        path="育婴员培训班",
        institution="示例职业培训学校",
        class_name="育婴员培训班",
        days=(DayFolder(path="5月20日", date=dt.date(2024, 5, 20)),),
        clips=(clip_file(path, kind=ClipKind.LECTURE),),
    )
    evidence = ClassEvidence(
        folder=folder, roster=None, clips=(), people=None, tool=ToolInfo(version="0.1.0", models={})
    )
    verdict = ClassVerdict(
        name=folder.name,
        path=folder.path,
        institution=folder.institution,
        roster_size=None,
        status=Status.PASS,
        rules=(rule("CON001", "mp4-container", (finding("ok", Status.PASS, clip=path),), Status.PASS),),
        days=(
            DayVerdict(
                date=dt.date(2024, 5, 20),
                folder="5月20日",
                status=Status.PASS,
                face_clips=(),
                lectures=(path,),
                persons=None,
                headcount=None,
            ),
        ),
        clips=(clip_verdict(path, Status.PASS, kind="lecture", duration_s=Fraction(600)),),
        persons_seen=None,
    )
    return material(verdict, evidence)


def stake() -> Stake:
    """A class of 24 days and 30 people, of which 12 to 16 days and 26 to 30 people are shown."""
    first, rest = Part(number=10, yuan=Decimal(150)), Decimal(100)

    def paid(people: int, days: int) -> Working:
        parts = (first, Part(number=days - 10, yuan=rest))
        return Working(people=people, per_head=PerHead(unit=Unit.DAY, parts=parts, cap_yuan=Decimal(2000)))

    certificate = PerHead(unit=Unit.CERTIFICATE, parts=(Part(number=1, yuan=Decimal(400)),))
    return Stake(
        days=StakeDays(claimed=24, source=DaysFrom.ROSTER, passing=12, open=4, failing=7, missing=1),
        people=StakePeople(claimed=30, low=26, high=30),
        lines=(
            StakeLine(item=Item.TRAINING, clause=CLAUSE, claimed=paid(30, 24), low=paid(26, 12), high=paid(30, 16)),
            StakeLine(
                item=Item.CERTIFICATE,
                level="beginner",
                clause=CLAUSE,
                claimed=Working(people=30, per_head=certificate),
                low=None,
                high=None,
                is_at_most=True,
            ),
        ),
        notes=(
            Note(code=NoteCode.EMPLOYMENT, clause=CLAUSE, values={"min_share": 0.8, "people": 30, "least": 24}),
            Note(code=NoteCode.CERTIFICATES_UNKNOWN, clause=CLAUSE),
        ),
    )


def rows() -> tuple[SummaryRow, ...]:
    """A summary's rows, those that need attention not first."""
    return (
        SummaryRow(verdict=clean().verdict, folder="育婴员培训班"),
        SummaryRow(verdict=nasty().verdict, folder="第1期_script_培训班 #1?", stake=stake()),
    )
