import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.videos.disc import FACE_1, GOOD
from tests.run.inline import InlineEngine, scan_inline, unseen
from tests.run.submissions import COURSE, DAY, files_of, make_class, state_of
from vidaudit.errors import SetupError, UsageError
from vidaudit.intake.discover import discover
from vidaudit.model.evidence import ClassEvidence, ClipEvidence, ClipFailure, FailureKind
from vidaudit.model.verdict import Status
from vidaudit.report.schema import validate
from vidaudit.run.clip import ClipTask, observe_clip
from vidaudit.run.codec import from_json
from vidaudit.run.engines import Engine
from vidaudit.run.snapshot_names import clip_stems
from vidaudit.run.stored import load_class

CLASS_FILES = {"report.json", "report.html", "report.xlsx", "evidence.json", "manifest.json", "notice.docx"}
SUMMARY_FILES = {"summary.json", "summary.html", "summary.xlsx", "manifest.json"}
OTHER = "2024年第8期保育师培训班"


class Notes:
    """A monitor that writes down what it is told."""

    def __init__(self, out: Path) -> None:
        self.said: list[str] = []
        self._out = out

    def start(self, tasks: Sequence[ClipTask], engine: Engine) -> None:
        self.said.append(f"start {len(tasks)}")

    def clip_done(self, task: ClipTask, evidence: ClipEvidence) -> None:
        published = len(list(self._out.glob("*/report.json")))
        self.said.append(f"{published} published")

    def stop(self) -> None:
        self.said.append("stop")


def loaded(path: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads(path.read_bytes())
    assert validate(document) == ()
    return document


def test_a_whole_class(tmp_path: Path) -> None:
    disc, out = tmp_path / "disc", tmp_path / "out"
    make_class(disc, clip=GOOD.path(0, FACE_1))
    before = state_of(disc)
    result = scan_inline([disc], out, engine=InlineEngine(observe_clip))
    assert state_of(disc) == before
    assert [outcome.folder for outcome in result.outcomes] == [COURSE]
    written = files_of(out)
    snapshots = {path for path in written if path.startswith(f"{COURSE}/snapshots/")}
    assert snapshots
    assert written == SUMMARY_FILES | {f"{COURSE}/{name}" for name in CLASS_FILES} | snapshots
    loaded(out / "summary.json")
    report = loaded(out / COURSE / "report.json")
    assert report["status"] == result.outcomes[0].verdict.status.value == "fail"
    evidence = (out / COURSE / "evidence.json").read_bytes()
    stored = from_json(evidence, ClassEvidence)
    persons = [person for clip in stored.clips if clip.faces for person in clip.faces.persons]
    assert persons
    assert {person.descriptor for person in persons} == {None}
    assert b'"descriptor": [' not in evidence
    stills = [still for clip in stored.clips for still in clip.snapshots] + list(stored.reuse.snapshots)
    assert {f"{COURSE}/snapshots/{still.name}" for still in stills} == snapshots
    assert {still.jpeg for still in stills} == {b""}


@pytest.mark.parametrize("make", [lambda _: None, lambda disc: (disc / "读我.txt").write_text("x")])
def test_a_disc_without_classes_needs_a_person(tmp_path: Path, make) -> None:
    disc, out = tmp_path / "disc", tmp_path / "out"
    disc.mkdir()
    make(disc)
    result = scan_inline([disc], out)
    assert result.outcomes == ()
    assert files_of(out) == SUMMARY_FILES
    assert loaded(out / "summary.json")["status"] == "not-evaluated"


def test_a_class_without_clips_is_judged(tmp_path: Path) -> None:
    folder = make_class(tmp_path / "disc", clip=None)
    for clip in (folder / DAY).iterdir():
        clip.unlink()
    result = scan_inline([folder], tmp_path / "out")
    (outcome,) = result.outcomes
    assert outcome.verdict.status is Status.FAIL
    assert (tmp_path / "out" / COURSE / "report.json").is_file()


def test_classes_of_one_name_keep_apart(tmp_path: Path) -> None:
    paths = [make_class(tmp_path / disc, clip=None) for disc in ("disc1", "disc2", "disc3")]
    result = scan_inline(paths, tmp_path / "out")
    assert [outcome.folder for outcome in result.outcomes] == [COURSE, f"{COURSE} (2)", f"{COURSE} (3)"]
    documents = [loaded(tmp_path / "out" / outcome.folder / "report.json") for outcome in result.outcomes]
    assert len({document["class"]["path"] for document in documents}) == 3


def test_a_second_scan_replaces_the_reports_of_the_first(tmp_path: Path) -> None:
    folder, out = make_class(tmp_path / "disc", clip=None), tmp_path / "out"
    scan_inline([folder], out)
    (out / COURSE / "own notes.txt").write_text("not vidaudit's")
    before = files_of(out)
    scan_inline([folder], out)
    assert files_of(out) == before


def test_classes_are_published_as_soon_as_they_are_done(tmp_path: Path) -> None:
    paths = [make_class(tmp_path / "disc", name, clip=None) for name in (COURSE, OTHER)]
    notes = Notes(tmp_path / "out")
    scan_inline(paths, tmp_path / "out", monitor=notes)
    assert notes.said == ["start 6", *["0 published"] * 3, *["1 published"] * 3, "stop"]


def test_the_order_of_observing_doesnt_matter(tmp_path: Path) -> None:
    paths = [make_class(tmp_path / "disc", name, clip=None) for name in (COURSE, OTHER)]
    forth = scan_inline(paths, tmp_path / "1")
    back = scan_inline(paths, tmp_path / "2", engine=InlineEngine(unseen, lambda numbers: numbers[::-1]))
    assert back == forth
    assert [outcome.folder for outcome in forth.outcomes] == [COURSE, OTHER]


def test_loose_files_are_in_the_summary(tmp_path: Path) -> None:
    disc = tmp_path / "disc"
    make_class(disc, clip=None)
    make_class(disc, OTHER, clip=None)
    (disc / "补录.mp4").write_bytes(b"x")
    result = scan_inline([disc], tmp_path / "out")
    assert [stray.path for stray in result.loose] == ["disc/补录.mp4"]
    (loose,) = loaded(tmp_path / "out" / "summary.json")["loose"]
    assert loose["path"] == "disc/补录.mp4"


def test_a_clip_that_broke_the_tool_is_an_error_of_its_class_alone(tmp_path: Path) -> None:
    paths = [make_class(tmp_path / "disc", name) for name in (COURSE, OTHER)]
    failure = ClipFailure(kind=FailureKind.CRASHED, detail="exit code 7")

    def observe(task: ClipTask) -> ClipEvidence:
        return replace(unseen(task), failure=failure if COURSE in task.path and "授课" in task.path else None)

    result = scan_inline(paths, tmp_path / "out", engine=InlineEngine(observe))
    errors = {
        outcome.folder: [clip.path for clip in outcome.verdict.clips if clip.status is Status.ERROR]
        for outcome in result.outcomes
    }
    assert [len(errors[name]) for name in (COURSE, OTHER)] == [1, 0]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_ends_a_run_stops_the_engine_and_the_monitor(tmp_path: Path, error: type[BaseException]) -> None:
    class Breaking(Notes):
        def clip_done(self, task: ClipTask, evidence: ClipEvidence) -> None:
            raise error

    engine, notes = InlineEngine(unseen), Breaking(tmp_path)
    with pytest.raises(error):
        scan_inline([make_class(tmp_path / "disc", clip=None)], tmp_path / "out", engine=engine, monitor=notes)
    assert engine.is_closed
    assert notes.said == ["start 3", "stop"]
    assert list(tmp_path.glob("out/*")) == []


def test_an_output_folder_that_cant_be_written_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    engine = InlineEngine(unseen)
    with pytest.raises(SetupError, match="choose another --out"):
        scan_inline([make_class(tmp_path / "disc", clip=None)], tmp_path / "out", engine=engine)
    assert engine.is_closed


def test_a_path_that_isnt_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is nothing at"):
        scan_inline([tmp_path / "nothing"], tmp_path / "out")


def test_a_roster_by_hand_goes_for_every_class(tmp_path: Path) -> None:
    paths = [make_class(tmp_path / "disc", name, clip=None) for name in (COURSE, OTHER)]
    roster_file = make_class(tmp_path / "more", clip=None, roster_size=5) / "花名册.xlsx"
    result = scan_inline(paths, tmp_path / "out", roster_file=roster_file)
    assert [outcome.verdict.roster_size for outcome in result.outcomes] == [5, 5]


def test_snapshots_of_all_clips_have_names_of_their_own(tmp_path: Path) -> None:
    folder = make_class(tmp_path / "disc", clip=None)
    for day in ("0520", "无日期", "另一个"):
        (folder / day).mkdir()
        for name in ("a授课过程.mp4", "b授课过程.mp4", "授课过程2.mp4", "other.mp4"):
            (folder / day / name).write_bytes(b"x")
    (folder / "授课过程.mp4").write_bytes(b"x")
    (found,) = discover([folder]).classes
    prefixes = clip_stems(found.folder)
    assert set(prefixes) == {clip.path for clip in found.folder.clips}
    assert len(set(prefixes.values())) == len(prefixes) == 16
    assert all(prefix.isascii() for prefix in prefixes.values())
    for one in prefixes.values():  # what one clip's snapshots are called is never the beginning of another's
        assert not any(other.startswith(f"{one}-") and not other.startswith(f"{one}-v") for other in prefixes.values())


def test_a_dossier_in_the_folder_or_given_by_hand_is_stored_with_the_class(tmp_path: Path) -> None:
    number = "140427198001100026"
    folder = make_class(tmp_path / "disc", clip=None)
    plan = '[[plan]]\ndate = {date}\nclass_hours = 8\n[[teachers]]\nname = "王"\nid_number = "{number}"\n'
    (folder / "开班申报.toml").write_text(plan.format(date="2024-05-20", number=number), encoding="utf-8")
    other = tmp_path / "其他.toml"
    other.write_text(plan.format(date="2024-06-01", number=number), encoding="utf-8")
    for file, day in ((None, "2024-05-20"), (other, "2024-06-01")):
        (outcome,) = scan_inline([folder], tmp_path / "out", dossier_file=file).outcomes
        stored = load_class(tmp_path / "out" / outcome.folder)
        assert stored.dossier is not None
        assert [date.isoformat() for date in stored.dossier.days] == [day]
        assert number not in (tmp_path / "out" / outcome.folder / "evidence.json").read_text(encoding="utf-8")
