import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.videos.recipes import roster
from tests.judge import builders
from tests.judge.builders import CLASS
from tests.run.inline import PROFILE, InlineEngine, publisher, scan_inline
from tests.run.submissions import COURSE, files_of, make_class, state_of
from vidaudit.errors import RosterError, UsageError
from vidaudit.judge.catalogue import bind
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.still import Snapshot, SnapshotPurpose
from vidaudit.model.submission import StrayReason
from vidaudit.profile import load_profile
from vidaudit.run.audit import ScanResult
from vidaudit.run.clip import observe_clip
from vidaudit.run.codec import to_json
from vidaudit.run.rejudge import StoredClass, first_day, rejudge, stored_classes

RULES = bind(PROFILE)
OTHER = "2024年第8期保育师培训班"
JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScanResult]:
    """The output folder of a scan of two classes and a loose file, not to be written to, and what the scan said."""
    disc, out = tmp_path_factory.mktemp("disc"), tmp_path_factory.mktemp("out")
    make_class(disc)
    make_class(disc, OTHER, clip=None)
    (disc / "补录.mp4").write_bytes(b"x")
    return out, scan_inline([disc], out, engine=InlineEngine(observe_clip))


@pytest.fixture
def out(scanned: tuple[Path, ScanResult], tmp_path: Path) -> Path:
    """A copy of the output folder, to do anything with."""
    return Path(shutil.copytree(scanned[0], tmp_path / "out"))


def again(out: Path, into: Path | None = None) -> ScanResult:
    return rejudge(out, publisher(into or out), RULES)


def contents(folder: Path) -> dict[str, bytes]:
    """All files but the spreadsheets, which hold the time of writing."""
    return {name: (folder / name).read_bytes() for name in files_of(folder) if not name.endswith(".xlsx")}


def without_hashes(content: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in content.items() if not name.endswith("manifest.json")}


def reports(out: Path) -> dict[str, dict[str, object]]:
    return {path.parent.name: json.loads(path.read_bytes()) for path in out.glob("*/report.json")}


def store(out: Path, evidence: ClassEvidence, name: str = "班") -> Path:
    """Evidence in an output folder, as a scan would have left it, or somebody else."""
    folder = out / name
    folder.mkdir(parents=True)
    (folder / "evidence.json").write_bytes(to_json(evidence))
    return folder


def still(name: str) -> Snapshot:
    return Snapshot(name=name, at_s=0.0, purpose=SnapshotPurpose.OVERVIEW, width_px=8, height_px=8)


def with_stills(*names: str) -> ClassEvidence:
    evidence = builders.green()
    first = replace(evidence.clips[0], snapshots=tuple(map(still, names)))
    return replace(evidence, clips=(first, *evidence.clips[1:]))


def test_the_result_is_that_of_the_scan(scanned: tuple[Path, ScanResult], out: Path, tmp_path: Path) -> None:
    before = without_hashes(contents(out))
    assert any("/snapshots/" in name for name in before)
    assert sorted(again(out).outcomes, key=lambda one: one.folder) == sorted(
        scanned[1].outcomes, key=lambda one: one.folder
    )
    assert without_hashes(contents(out)) == before
    result = again(out, tmp_path / "elsewhere")
    assert result.loose == again(out).loose != ()
    assert without_hashes(contents(tmp_path / "elsewhere")) == before


def test_the_stored_folder_stays_as_it_is_when_the_reports_go_elsewhere(out: Path, tmp_path: Path) -> None:
    before = state_of(out)
    again(out, tmp_path / "elsewhere")
    assert state_of(out) == before


def test_a_changed_threshold_changes_just_what_depends_on_it(out: Path, tmp_path: Path) -> None:
    original = Path(__file__).parents[2] / "profiles" / "huguan-2024.toml"
    file = tmp_path / "other.toml"
    text = original.read_text(encoding="utf-8")
    before, section, after = text.partition("[rules.resolution]")
    changed = after.replace("min_width_px = { value = 1024", "min_width_px = { value = 1025", 1)
    assert changed != after
    file.write_text(before + section + changed, encoding="utf-8")
    profile = load_profile(str(file))
    rejudge(out, publisher(tmp_path / "new", profile=profile), bind(profile))
    old, new = ({rule["id"]: rule for rule in reports(folder)[COURSE]["rules"]} for folder in (out, tmp_path / "new"))
    assert [rule for rule in old if old[rule] != new[rule]] == ["PIC001"]
    assert (old["PIC001"]["status"], new["PIC001"]["status"]) == ("pass", "fail")
    assert reports(tmp_path / "new")[COURSE]["profile"]["sha256"] != reports(out)[COURSE]["profile"]["sha256"]


def test_another_roster(out: Path, tmp_path: Path) -> None:
    roster(5)(tmp_path / "花名册.xlsx")
    result = rejudge(out, publisher(out), RULES, tmp_path / "花名册.xlsx")
    assert [outcome.verdict.roster_size for outcome in result.outcomes] == [5, 5]
    assert {report["class"]["roster_size"] for report in reports(out).values()} == {5}


def test_a_roster_that_cant_be_read_changes_nothing(out: Path, tmp_path: Path) -> None:
    before = state_of(out)
    with pytest.raises(RosterError):
        rejudge(out, publisher(out), RULES, tmp_path / "nothing.xlsx")
    assert state_of(out) == before


def test_ages_on_the_roster_are_as_of_the_first_day_with_a_certain_year() -> None:
    folder = builders.green().folder
    assert first_day(folder) == min(day.date for day in folder.days if day.date)
    unsure = replace(folder, days=tuple(replace(day, year_from=None) for day in folder.days))
    assert first_day(unsure) is None
    early = replace(folder.days[0], date=dt.date(2020, 1, 1), year_from=None)
    assert first_day(replace(folder, days=(early, *folder.days))) == first_day(folder)


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b'{"folder": 1}'])
def test_damaged_evidence_is_named_and_the_others_go_on(out: Path, damage: bytes) -> None:
    before = reports(out)
    (out / COURSE / "evidence.json").write_bytes(damage)
    result = again(out)
    assert [outcome.folder for outcome in result.outcomes] == [OTHER]
    assert reports(out) == before
    (stray,) = result.unopened
    assert (stray.path, stray.reason) == (f"{COURSE}/evidence.json", StrayReason.DAMAGED_EVIDENCE)
    assert re.search(f"{COURSE}.evidence.json.*Scan the class again", stray.detail or "")
    listed = json.loads((out / "summary.json").read_text(encoding="utf-8"))["loose"]
    assert [one["reason"] for one in listed] == ["video-outside-day", "damaged-evidence"]


def test_evidence_that_is_whole_again_is_no_longer_named(out: Path) -> None:
    file = out / COURSE / "evidence.json"
    whole = file.read_bytes()
    file.write_bytes(b"{")
    again(out)
    file.write_bytes(whole)
    result = again(out)
    assert result.unopened == ()
    assert [stray.reason for stray in result.loose] == [StrayReason.VIDEO_OUTSIDE_DAY]
    assert len(result.outcomes) == 2


def test_without_the_snapshots_the_report_still_comes(out: Path) -> None:
    before = reports(out)
    shutil.rmtree(out / COURSE / "snapshots")
    again(out)
    assert reports(out) == before
    assert (out / COURSE / "report.html").is_file()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"loose": [{"path": 3}]}'])
def test_without_the_earlier_summary_only_the_loose_files_are_unknown(out: Path, content: bytes) -> None:
    (out / "summary.json").write_bytes(content)
    assert again(out).loose == ()
    (out / "summary.json").unlink()
    assert len(again(out).outcomes) == 2


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda out: out / "nothing", "is not a folder"),
        (lambda out: out / "summary.json", "is not a folder"),
        (lambda out: out / COURSE, "the report of one class. Give the folder it lies in"),
        (lambda out: out / COURSE / "snapshots", "No evidence.json"),
    ],
)
def test_folders_that_arent_the_output_of_a_scan(out: Path, make, problem: str) -> None:
    before = state_of(out)
    with pytest.raises(UsageError, match=problem):
        again(make(out), out)
    assert state_of(out) == before


def test_what_a_killed_run_left_behind_is_no_class(out: Path) -> None:
    shutil.copytree(out / COURSE, out / ".vidaudit-abc123")
    assert [stored.folder for stored in stored_classes(out) if isinstance(stored, StoredClass)] == [OTHER, COURSE]


def test_snapshots_are_read_and_written_below_their_own_folder_only(tmp_path: Path) -> None:
    """Evidence is a file like any other: names in it may lead anywhere."""
    outside = tmp_path / "secret.jpg"
    names = ("good.jpg", "../../../secret.jpg", str(outside), "..", ".", "", "sub/deep.jpg", "x" * 300, "nul\x00.jpg")
    folder = store(tmp_path / "disc" / "out", with_stills(*names))
    for file in (outside, folder / "snapshots" / "secret.jpg", folder / "snapshots" / "sub" / "deep.jpg"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(JPEG + b" that nobody may see")
    (folder / "snapshots" / "good.jpg").write_bytes(JPEG)
    before = files_of(tmp_path)
    (stored,) = stored_classes(folder.parent)
    assert isinstance(stored, StoredClass)
    assert {one.name: one.jpeg for one in stored.evidence.clips[0].snapshots if one.jpeg} == {"good.jpg": JPEG}
    result = again(folder.parent, tmp_path / "new")
    new = {name for name in files_of(tmp_path) - before if not name.startswith("new/班/report")}
    assert new == {
        *(f"new/{name}" for name in ("summary.json", "summary.html", "summary.xlsx", "manifest.json")),
        *(f"new/班/{name}" for name in ("evidence.json", "manifest.json", f"snapshots/{CLASS}-good.jpg")),
    }
    assert [outcome.folder for outcome in result.outcomes] == ["班"]
    assert b"nobody may see" not in (tmp_path / "new" / "班" / "report.html").read_bytes()
