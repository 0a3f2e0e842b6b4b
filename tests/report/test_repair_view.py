"""A repair in words and as JSON, in both languages, without ID numbers."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.report import samples
from vidaudit.model.media import Container
from vidaudit.model.repair import (
    ClassPlan,
    ClassResult,
    ClipPlan,
    ClipResult,
    ClipWork,
    Cut,
    MediaPlan,
    Outcome,
    RepairNote,
    StreamFacts,
    StreamKind,
    StreamPlan,
    StreamWork,
)
from vidaudit.model.submission import StrayFile, StrayReason
from vidaudit.profile import load_profile
from vidaudit.report.json_report import dumps
from vidaudit.report.messages import catalogue
from vidaudit.report.repair_view import plan_lines, repair_document, result_lines
from vidaudit.report.schema import validate

ID = "11010519491231002X"
FILM = StreamFacts(index=0, kind=StreamKind.VIDEO, codec="hevc")
LOOSE = (StrayFile(path="disc/a.mp4", reason=StrayReason.VIDEO_OUTSIDE_DAY),)


def clip(source: str, target: str, work: ClipWork, *reasons: str, cut: Cut | None = None) -> ClipPlan:
    streams = (StreamPlan(stream=FILM, work=StreamWork.COPY),)
    media = MediaPlan(work=work, reasons=reasons, streams=streams, cut=cut)
    return ClipPlan(source=source, target=target, media=media, container=Container.AVI.value, bytes=1)


RENAMED = clip("1/a.mp4", "1/b.mp4", ClipWork.COPY)
REMUXED = clip("1/c.avi", "1/c.mp4", ClipWork.REMUX, "container")
CUT = clip(
    "1/d.mp4", "1/d.mp4", ClipWork.TRANSCODE, "codec", "long-lecture", cut=Cut(end_s=Fraction(601), num_pictures=9)
)
SAME = clip("1/e.mp4", "1/e.mp4", ClipWork.COPY)
PLAN = ClassPlan(
    source="disc/旧",
    target="新",
    days=("1",),
    clips=(RENAMED, REMUXED, CUT, SAME),
    files=(),
    left_out=(RepairNote(code="left-behind", path="Thumbs.db"),),
    notes=(
        RepairNote(code="which-kind", path=f"1/{ID}.mp4"),
        RepairNote(code="not-mendable", path="1/x.mp4", values={"problem": "no-index", "container": "mp4"}),
    ),
)


def result(plan: ClipPlan, outcome: Outcome = Outcome.DONE, **more: object) -> ClipResult:
    target = None if outcome is Outcome.UNREADABLE else plan.target
    return ClipResult(plan=plan, outcome=outcome, target=target, work=plan.media.work, **more)  # type: ignore[arg-type]


DONE = ClassResult(
    plan=PLAN,
    clips=(
        result(RENAMED),
        result(REMUXED, num_identical=2),
        result(CUT, Outcome.AS_IT_WAS, detail="the reason"),
        result(SAME, Outcome.UNREADABLE),
    ),
    unreadable=("花名册.xlsx",),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_has_words(lang: str) -> None:
    words = catalogue(lang)
    text = "\n".join([*plan_lines([PLAN], LOOSE, lang), *result_lines([DONE], LOOSE, "/new", lang)])
    assert "fix_" not in text
    assert "{" not in text
    for work in ClipWork:
        assert words.ui(f"fix_work_{work}") in text


def test_the_plan_says_what_happens_to_each_clip() -> None:
    lines = list(plan_lines([PLAN], LOOSE, "en"))
    assert lines[0] == "What would be mended (nothing has been done yet)"
    assert "Class: 旧 → 新" in lines
    assert lines[lines.index("  1/a.mp4") + 1 :][:2] == ["    → 1/b.mp4", "    content unchanged"]
    assert "    stored as MP4, with the same picture and sound data; was AVI" in lines
    assert any("cut from its beginning to 10:01" in line and "H.265" in line for line in lines)
    assert "  Clips copied as they are: 1" in lines
    assert "  1/e.mp4" not in lines
    assert lines[-1].strip() == "- disc/a.mp4"


def test_what_was_done_says_what_failed() -> None:
    lines = list(result_lines([DONE], (), "/new", "en"))
    assert "    compared packet by packet: streams with exactly the same data as before: 2" in lines
    assert "    couldn't be mended and was copied as it is: the reason" in lines
    assert "    can't be read, not copied" in lines
    assert "    - 花名册.xlsx: the file can't be read, not copied" in lines


def test_id_numbers_are_masked() -> None:
    document = repair_document([DONE], LOOSE, load_profile("huguan-2024"), samples.context("zh"))
    texts = [*plan_lines([PLAN], (), "zh"), *result_lines([DONE], (), "/new", "zh"), dumps(document).decode()]
    assert ID not in "\n".join(texts)
    assert "1101" in "\n".join(texts)


def test_the_document() -> None:
    document = repair_document([DONE], LOOSE, load_profile("huguan-2024"), samples.context("zh"))
    assert json.loads(dumps(document)) == document
    assert document["schema"] == "vidaudit.fix/1"
    assert validate(document) == ()
    (made,) = document["classes"]
    assert [one["outcome"] for one in made["clips"]] == ["done", "done", "as-it-was", "unreadable"]
    assert made["clips"][2]["cut_to_s"] == 601
    assert made["clips"][3]["target"] is None
    assert document["loose"] == ["disc/a.mp4"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("extra",), 1),
        (("created",), "yesterday"),
        (("classes", 0, "clips", 0, "outcome"), "perfect"),
        (("classes", 0, "clips", 0, "target"), 1),
        (("classes", 0, "clips", 0, "bytes", "before"), None),
        (("classes", 0, "clips", 2, "cut_to_s"), 0),
        (("classes", 0, "clips", 1, "streams", 0, "work"), "guess"),
        (("classes", 0, "notes", 0, "code"), "What?"),
    ],
)
def test_what_breaks_the_contract_is_named(place: tuple[str | int, ...], value: object) -> None:
    document = repair_document([DONE], LOOSE, load_profile("huguan-2024"), samples.context("zh"))
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    (fault,) = validate(document)
    assert str(place[-1]) in fault


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "画面数据不变，声音转为 AAC"), ("en", "with the same picture data; its sound becomes AAC")],
)
def test_sound_that_is_encoded_again_isnt_called_the_same(lang: str, said: str) -> None:
    sound = StreamPlan(stream=StreamFacts(index=1, kind=StreamKind.AUDIO, codec="mp2"), work=StreamWork.ENCODE)
    media = replace(REMUXED.media, streams=(*REMUXED.media.streams, sound))
    plan = replace(PLAN, clips=(replace(REMUXED, media=media),))
    (line,) = [line for line in plan_lines([plan], (), lang) if "MP4" in line]
    assert said in line
