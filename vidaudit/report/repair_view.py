"""A repair in words and as JSON: the plan before anything is done, or what was done. ID numbers are masked."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vidaudit.model.repair import (
    ClassPlan,
    ClassResult,
    ClipPlan,
    ClipResult,
    ClipWork,
    MediaPlan,
    Outcome,
    RepairNote,
    StreamKind,
    StreamPlan,
    StreamWork,
)
from vidaudit.model.settings import Profile
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import Finding, Status
from vidaudit.report.context import ReportContext
from vidaudit.report.json_report import FIX_SCHEMA
from vidaudit.report.messages import Catalogue, catalogue, finite
from vidaudit.report.privacy import guard
from vidaudit.report.text import shown


def plan_lines(plans: Sequence[ClassPlan], loose: Sequence[StrayFile], lang: str) -> Iterator[str]:
    """The plan of a repair, line by line, as a person reads it before anything is done."""
    words = catalogue(lang)
    yield words.ui("fix_plan_title")
    for plan in plans:
        yield from _class_head(plan, words)
        yield from _clip_lines([(clip, None) for clip in plan.clips], words)
        yield from _rest(plan, (), words)
    yield from _loose_lines(loose, words)


def result_lines(results: Sequence[ClassResult], loose: Sequence[StrayFile], place: str, lang: str) -> Iterator[str]:
    """What was done, line by line; `place` is where the mended copy is."""
    words = catalogue(lang)
    yield words.ui("fix_title")
    yield words.ui("fix_untouched")
    yield f"{words.ui('fix_new_at', place=place)}"
    for result in results:
        yield from _class_head(result.plan, words)
        yield from _clip_lines([(one.plan, one) for one in result.clips], words)
        yield from _rest(result.plan, result.unreadable, words)
    yield from _loose_lines(loose, words)


def repair_document(
    results: Sequence[ClassResult], loose: Sequence[StrayFile], profile: Profile, context: ReportContext
) -> dict[str, Any]:
    """The same for programs, as `fix.json` holds it; its schema is `fix.schema.json`."""
    document = {
        "schema": FIX_SCHEMA,
        "tool": {"version": context.tool_version},
        "profile": {"id": profile.id, "sha256": profile.sha256},
        "created": context.created.isoformat(timespec="seconds"),
        "classes": [_class_document(result) for result in results],
        "loose": [stray.path for stray in loose],
    }
    guarded: dict[str, Any] = guard(document)
    return guarded


def _class_head(plan: ClassPlan, words: Catalogue) -> Iterator[str]:
    folder = plan.source.rpartition("/")[2]
    key = "fix_class_same" if folder == plan.target else "fix_class"
    yield ""
    yield words.ui(key, folder=folder, target=plan.target)


def _clip_lines(clips: Sequence[tuple[ClipPlan, ClipResult | None]], words: Catalogue) -> Iterator[str]:
    changed = [pair for pair in clips if not _is_untouched(*pair)]
    if not changed:
        yield f"  {words.ui('fix_nothing')}"
    for clip, result in changed:
        yield f"  {shown(clip.source)}"
        target = clip.target if result is None else result.target
        if target is not None and target != clip.source:
            yield f"    {words.ui('fix_goes_to', target=target)}"
        yield from (f"    {line}" for line in _done(clip, result, words))
    if len(changed) < len(clips):
        yield f"  {words.ui('fix_unchanged', number=len(clips) - len(changed))}"


def _is_untouched(clip: ClipPlan, result: ClipResult | None) -> bool:
    is_done = result is None or result.outcome is Outcome.DONE
    return is_done and clip.source == clip.target and clip.media.work is ClipWork.COPY


def _done(clip: ClipPlan, result: ClipResult | None, words: Catalogue) -> Iterator[str]:
    if result is not None and result.outcome is not Outcome.DONE:
        yield words.ui(f"fix_outcome_{result.outcome}", detail=result.detail or "")
        return
    reasons = [_reason(code, clip, words) for code in clip.media.reasons]
    yield words.ui("fix_separator").join([words.ui(_work_key(clip.media)), *reasons])
    if result is not None and clip.media.work is not ClipWork.COPY and result.num_identical:
        yield words.ui("fix_identical", number=result.num_identical)


def _work_key(media: MediaPlan) -> str:
    has_new_sound = any(one.stream.kind is StreamKind.AUDIO and one.work is StreamWork.ENCODE for one in media.streams)
    return "fix_work_remux_sound" if media.work is ClipWork.REMUX and has_new_sound else f"fix_work_{media.work}"


def _reason(code: str, clip: ClipPlan, words: Catalogue) -> str:
    codecs = tuple(dict.fromkeys(one.stream.codec for one in clip.media.streams if one.stream.kind == "video"))
    values = {
        "container": clip.container,
        "codec": codecs,
        "end_s": None if clip.media.cut is None else float(clip.media.cut.end_s),
    }
    return words.ui(f"fix_reason_{code}", **values)


def _rest(plan: ClassPlan, unreadable: Sequence[str], words: Catalogue) -> Iterator[str]:
    yield f"  {words.ui('fix_files', number=len(plan.files) - len(unreadable))}"
    lost = [f"{shown(path)}: {words.ui('fix_outcome_unreadable_file')}" for path in unreadable]
    left_out = [*(_note_line(note, words) for note in plan.left_out), *lost]
    yield from _listed(words.ui("fix_left_out_title"), left_out)
    yield from _listed(words.ui("fix_notes_title"), [_note_line(note, words) for note in plan.notes])


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"  {title}"
        yield from (f"    - {line}" for line in lines)


def _note_line(note: RepairNote, words: Catalogue) -> str:
    values = {**note.values}
    if note.code == "not-mendable":
        problem = Finding(code=str(note.values["problem"]), status=Status.REVIEW)
        values["problem"] = words.finding("readable", problem).message
    said = words.ui(f"fix_note_{note.code}", **values)
    return said if note.path is None else f"{shown(note.path)}: {said}"


def _loose_lines(loose: Iterable[StrayFile], words: Catalogue) -> Iterator[str]:
    yield from _listed(words.ui("fix_loose"), [shown(stray.path) for stray in loose])


def _class_document(result: ClassResult) -> dict[str, Any]:
    plan = result.plan
    return {
        "source": plan.source,
        "target": plan.target,
        "days": list(plan.days),
        "clips": [_clip_document(clip) for clip in result.clips],
        "files": [{"source": one.source, "target": one.target} for one in plan.files],
        "unreadable": list(result.unreadable),
        "left_out": [_note_document(note) for note in plan.left_out],
        "notes": [_note_document(note) for note in plan.notes],
    }


def _clip_document(clip: ClipResult) -> dict[str, Any]:
    media = clip.plan.media
    return {
        "source": clip.plan.source,
        "target": clip.target,
        "outcome": clip.outcome.value,
        "planned": media.work.value,
        "done": clip.work.value,
        "reasons": list(media.reasons),
        "streams": [_stream_document(one) for one in media.streams],
        "cut_to_s": None if media.cut is None else finite(media.cut.end_s),
        "identical_streams": clip.num_identical,
        "bytes": {"before": clip.plan.bytes, "after": clip.bytes_after},
        "sha256": {"before": clip.sha256_before, "after": clip.sha256_after},
        "detail": clip.detail,
    }


def _stream_document(one: StreamPlan) -> dict[str, Any]:
    return {"kind": one.stream.kind.value, "codec": one.stream.codec, "work": one.work.value}


def _note_document(note: RepairNote) -> dict[str, Any]:
    return {"code": note.code, "path": note.path, "values": {key: _plain(value) for key, value in note.values.items()}}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else finite(value)
