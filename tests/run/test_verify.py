"""A report folder checked: everything somebody could do to it, and to the submission, is named."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.judge import builders
from tests.report import samples
from tests.run.inline import PROFILE, publisher, scan_inline
from tests.run.submissions import COURSE, DAY, files_of, make_class
from vidaudit.errors import UsageError
from vidaudit.judge.catalogue import bind
from vidaudit.model.decision import DecisionLog
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.proof import Proof, ProofCode, ProofOutcome, weight
from vidaudit.profile import load_profile
from vidaudit.run.codec import from_json, to_json
from vidaudit.run.decisions import Maker, with_merge
from vidaudit.run.publish import Publisher
from vidaudit.run.rejudge import rejudge, rejudge_one
from vidaudit.run.signing import Signer, load_signer, make_key
from vidaudit.run.verify import VerifyOptions, verify

RULES = bind(PROFILE)
SOUND = {ProofCode.UNSIGNED, ProofCode.DISC_NOT_COMPARED}


@pytest.fixture(scope="session")
def signers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Signer, Signer]:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("school", "other"):
        make_key(folder / name)
    return load_signer(folder / "school"), load_signer(folder / "other")


def published(out: Path, signer: Signer | None = None, evidence: ClassEvidence | None = None) -> Publisher:
    made = Publisher(out=out, profile=PROFILE, context=replace(samples.context(), tool_version="0.1.0"), signer=signer)
    outcome = made.publish(evidence or builders.green(), RULES, folder="班")
    made.summarise([outcome])
    return made


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, signers: tuple[Signer, Signer]) -> Path:
    """Output folders, unsigned and signed, to be copied."""
    folder = tmp_path_factory.mktemp("reports")
    published(folder / "out")
    published(folder / "signed", signers[0])
    return folder


@pytest.fixture
def out(tmp_path: Path, templates: Path) -> Path:
    return Path(shutil.copytree(templates / "out", tmp_path / "out"))


@pytest.fixture
def signed(tmp_path: Path, templates: Path) -> Path:
    return Path(shutil.copytree(templates / "signed", tmp_path / "signed"))


def check(out: Path, *discs: Path, public_key: str | None = None, profile: str | None = None) -> Proof:
    return verify(out, VerifyOptions(discs=discs, public_key=public_key, profile=profile))


def noticed(proof: Proof) -> set[tuple[str, str | None]]:
    """{(code, path)} but for the notes of a folder that nobody touched."""
    remarks = [remark for folder in proof.folders for remark in folder.remarks]
    return {(remark.code.value, remark.path) for remark in remarks if remark.code not in SOUND}


def edit(file: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def forge(out: Path, **changed: bytes) -> None:
    """Files of the class changed, and all manifests made to fit, as somebody with the tool's source could."""
    import hashlib

    report = out / "班"
    for name, content in changed.items():
        (report / name).write_bytes(content)

    def fit(document: dict[str, Any], folder: Path) -> None:
        for entry in document["outputs"]:
            content = (folder / entry["path"]).read_bytes()
            entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    edit(report / "manifest.json", lambda document: fit(document, report))
    digest = hashlib.sha256((report / "manifest.json").read_bytes()).hexdigest()
    edit(out / "manifest.json", lambda document: document["classes"][0].update(manifest_sha256=digest))


def test_an_untouched_folder_is_as_stated_and_stays_so(out: Path) -> None:
    before = files_of(out)
    proof = check(out)
    assert (proof.outcome, noticed(proof)) == (ProofOutcome.AS_STATED, set())
    assert [folder.folder for folder in proof.folders] == ["", "班"]
    assert (proof.folders[1].tool_version, proof.folders[1].profile_id) == ("0.1.0", PROFILE.id)
    assert files_of(out) == before
    assert noticed(check(out / "班")) == set()


def test_every_change_of_a_file_is_named(out: Path) -> None:
    (out / "班" / "report.html").write_bytes(b"all is well")
    content = (out / "summary.html").read_bytes()
    (out / "summary.html").write_bytes(content[:-2] + b"x" + content[-1:])
    (out / "班" / "report.xlsx").unlink()
    (out / "班" / "more.html").write_bytes(b"")
    (out / "note.txt").write_bytes(b"a file of the user's own, beside the reports")
    proof = check(out)
    assert proof.outcome is ProofOutcome.DIFFERENT
    assert noticed(proof) == {
        ("output-changed", "summary.html"),
        ("output-changed", "report.html"),
        ("output-missing", "report.xlsx"),
        ("output-added", "more.html"),
    }


def test_a_verdict_that_the_evidence_does_not_give_is_named_with_its_rules(out: Path) -> None:
    report = json.loads((out / "班" / "report.json").read_bytes())
    stated = report["status"]
    report["status"] = "fail"
    report["rules"][3]["status"] = "fail"
    forge(out, **{"report.json": json.dumps(report).encode()})
    proof = check(out)
    assert noticed(proof) == {("verdict-differs", "report.json")}
    (remark,) = (one for one in proof.folders[1].remarks if one.code is ProofCode.VERDICT_DIFFERS)
    assert remark.detail == f"fail / {stated}, {report['rules'][3]['id']}"


def test_evidence_made_better_does_not_give_the_verdict_either(tmp_path: Path) -> None:
    bad = builders.change_probe(builders.green(), builders.LECTURE, packets=builders.packets(300))
    published(tmp_path, evidence=bad)
    better = (tmp_path / "班" / "evidence.json").read_bytes()
    forge(tmp_path, **{"evidence.json": to_json(builders.green())})
    assert better != (tmp_path / "班" / "evidence.json").read_bytes()
    proof = check(tmp_path)
    assert noticed(proof) == {("verdict-differs", "report.json")}


def test_the_words_of_a_report_are_not_judged(tmp_path: Path) -> None:
    made = publisher(tmp_path, lang="en")
    made.summarise([made.publish(builders.green(), RULES)])
    assert check(tmp_path).outcome is ProofOutcome.AS_STATED


def test_manifest_evidence_and_report_must_be_about_the_same(out: Path) -> None:
    def other(document: dict[str, Any]) -> None:
        document["submitted"][0]["sha256"] = "0" * 64
        document["class"]["name"] = "另一个班"

    edit(out / "班" / "manifest.json", other)
    proof = check(out)
    assert noticed(proof) == {("evidence-disagrees", None), ("class-changed", "班")}
    assert [one.detail for one in proof.folders[1].remarks if one.code is ProofCode.EVIDENCE_DISAGREES] == [
        "submitted, class"
    ]


def test_by_another_version_a_differing_verdict_accuses_nobody(out: Path) -> None:
    report = json.loads((out / "班" / "report.json").read_bytes())
    report["rules"].pop()
    edit(out / "班" / "manifest.json", lambda document: document["tool"].update(version="0.0.9"))
    forge(out, **{"report.json": json.dumps(report).encode()})
    proof = check(out)
    assert noticed(proof) == {("other-version", "report.json")}
    assert proof.outcome is ProofOutcome.OPEN


def test_a_countys_own_profile_must_be_given_to_judge_again(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "profiles" / "huguan-2024.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('id = "huguan-2024"', 'id = "own"'), encoding="utf-8")
    profile = load_profile(str(own))
    made = publisher(tmp_path / "out", profile=profile)
    made.summarise([made.publish(builders.green(), bind(profile))])
    proof = check(tmp_path / "out")
    assert noticed(proof) == {("profile-unknown", None)}
    assert proof.outcome is ProofOutcome.OPEN
    assert noticed(check(tmp_path / "out", profile=str(own))) == set()
    assert noticed(check(tmp_path / "out", profile="shanxi-2023")) == {("profile-unknown", None)}


def test_a_manifest_never_names_a_file_to_be_read_as_profile(out: Path, tmp_path: Path, monkeypatch) -> None:
    trap = tmp_path / "trap.toml"
    trap.write_text("[profile]\n", encoding="utf-8")
    edit(out / "班" / "manifest.json", lambda document: document["profile"].update(id=str(trap)))
    assert ("profile-unknown", None) in noticed(check(out))


def test_a_signature_by_the_wanted_key(signed: Path, signers: tuple[Signer, Signer]) -> None:
    school, other = (signer.public_key for signer in signers)
    proof = check(signed, public_key=school)
    assert (proof.outcome, noticed(proof)) == (ProofOutcome.AS_STATED, set())
    assert {(folder.public_key, folder.is_signature_good) for folder in proof.folders} == {(school, True)}
    assert noticed(check(signed)) == {("key-not-compared", None)}
    assert check(signed).outcome is ProofOutcome.AS_STATED
    wrong = check(signed, public_key=other)
    assert (wrong.outcome, noticed(wrong)) == (ProofOutcome.DIFFERENT, {("signature-unknown-key", None)})


def test_no_signature_where_one_is_wanted(out: Path, signers: tuple[Signer, Signer]) -> None:
    proof = check(out, public_key=signers[0].public_key)
    assert (proof.outcome, noticed(proof)) == (ProofOutcome.DIFFERENT, {("signature-missing", None)})


@pytest.mark.parametrize("content", [b"", bytes(64), bytes(65), b"x" * 63])
def test_a_wrong_signature(signed: Path, content: bytes) -> None:
    (signed / "班" / "manifest.sig").write_bytes(content)
    assert noticed(check(signed)) >= {("signature-wrong", "manifest.sig")}
    assert check(signed).folders[1].is_signature_good is False


def test_taking_the_signature_away_shows(signed: Path) -> None:
    (signed / "班" / "manifest.sig").unlink()
    assert noticed(check(signed)) >= {("signature-missing", "manifest.sig")}


def test_a_signed_folder_made_over_shows_even_where_all_else_fits(signed: Path, signers) -> None:
    forge(signed, **{"report.html": b"all is well"})
    assert noticed(check(signed, public_key=signers[0].public_key)) == {("signature-wrong", "manifest.sig")}
    for manifest in (signed / "manifest.json", signed / "班" / "manifest.json"):
        edit(manifest, lambda document: document.update(signed_by=None))
        manifest.with_name("manifest.sig").unlink()
    forge(signed)
    assert noticed(check(signed, public_key=signers[0].public_key)) == {("signature-missing", None)}


def test_a_class_taken_away_or_put_in(out: Path) -> None:
    shutil.copytree(out / "班", out / "另一个班")
    assert noticed(check(out)) == {("other-run", "另一个班")}
    shutil.rmtree(out / "班")
    assert noticed(check(out)) == {("class-missing", "班"), ("other-run", "另一个班")}


def test_without_any_manifest(out: Path) -> None:
    for file in out.rglob("manifest.json"):
        file.unlink()
    assert noticed(check(out)) == {("manifest-missing", "manifest.json")}
    for file in out.glob("summary.*"):
        file.unlink()
    assert noticed(check(out)) == {("manifest-missing", "manifest.json"), ("run-unstated", None)}


def with_output(path: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["outputs"].append({"path": path, "bytes": 6, "sha256": "0" * 64})


@pytest.mark.parametrize(
    "path",
    ["../secret", "/etc/passwd", "C:\\secret", "snapshots/../../secret", "", ".", "a\x00b", "x" * 5000, "链/secret"],
)
def test_paths_in_a_manifest_lead_nowhere(out: Path, path: str) -> None:
    (out.parent / "secret").write_bytes(b"secret")
    edit(out / "班" / "manifest.json", with_output(path))
    assert ("output-missing", path) in noticed(check(out))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
@pytest.mark.parametrize("name", ["evidence.json", "report.json", "manifest.json", "decisions.json", "report.html"])
def test_links_are_not_followed(out: Path, name: str) -> None:
    place, outside = out / "班" / name, out.parent / "outside"
    outside.write_bytes(place.read_bytes() if place.exists() else b"{}")
    place.unlink(missing_ok=True)
    place.symlink_to(outside)
    outside.chmod(0o000)
    found = noticed(check(out))
    assert found & {("output-no-file", name), ("manifest-missing", name)}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders on Windows")
def test_a_pipe_does_not_keep_anybody_waiting(out: Path) -> None:
    (out / "班" / "manifest.json").unlink()
    os.mkfifo(out / "班" / "manifest.json")
    assert ("manifest-missing", "manifest.json") in noticed(check(out))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"schema": "vidaudit.manifest/1"}',
        b'{"schema": "vidaudit.manifest/1", "schema": "vidaudit.manifest/1"}',
        b'{"schema": "vidaudit.manifest/0"}',
        b'{"schema": "vidaudit.manifest/2 "}',
        b'{"schema": "vidaudit.report/9"}',
        b"[" * 100_000,
        b'{"schema": "vidaudit.manifest/1", "outputs": [{"path": 3}]}',
        b"1" * 5000,
    ],
)
@pytest.mark.parametrize("where", ["", "班"])
def test_what_is_no_manifest_is_told(out: Path, where: str, content: bytes) -> None:
    (out / where / "manifest.json").write_bytes(content)
    assert ("manifest-unreadable", "manifest.json") in noticed(check(out))


@pytest.mark.parametrize(("where", "schema"), [("", "vidaudit.run/2"), ("班", "vidaudit.manifest/12")])
def test_a_newer_manifest_is_left_to_a_newer_version(out: Path, where: str, schema: str) -> None:
    edit(out / where / "manifest.json", lambda document: document.update(schema=schema))
    found = {remark.code.value: remark.detail for folder in check(out).folders for remark in folder.remarks}
    assert found["manifest-newer"] == schema
    assert "manifest-unreadable" not in found


def test_a_folder_by_a_newer_version_is_neither_right_nor_wrong(out: Path) -> None:
    edit(out / "班" / "manifest.json", lambda document: document.update(schema="vidaudit.manifest/2"))
    edit(out / "manifest.json", lambda document: document.update(schema="vidaudit.run/2"))
    assert check(out).outcome is ProofOutcome.OPEN


def test_a_path_that_a_manifest_states_twice(out: Path) -> None:
    edit(out / "班" / "manifest.json", lambda document: document["outputs"].append(document["outputs"][0]))
    assert ("manifest-unreadable", "manifest.json") in noticed(check(out))


def test_a_giant_file_is_not_read(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in (("report.html", "output-changed"), ("manifest.json", "manifest-unreadable")):
        with (out / "班" / name).open("r+b") as file:
            file.truncate(10**12)
        assert (code, name) in noticed(check(out))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"status": "pass"}', b'{"a": 1, "a": 2}'])
@pytest.mark.parametrize(
    ("name", "code"), [("evidence.json", "evidence-unreadable"), ("report.json", "report-unreadable")]
)
def test_damaged_evidence_or_report(out: Path, name: str, code: str, content: bytes) -> None:
    (out / "班" / name).write_bytes(content)
    assert noticed(check(out)) == {("output-changed", name), (code, name)}


def test_evidence_that_breaks_the_judging_is_told(out: Path) -> None:
    """A person seen in a clip that isn't there, decided about by hand."""
    evidence = from_json((out / "班" / "evidence.json").read_bytes(), ClassEvidence)
    log = with_merge(evidence, DecisionLog(), [1, 2], Maker(who="x", when=samples.CREATED))
    (out / "班" / "decisions.json").write_bytes(to_json(log))
    edit(out / "班" / "evidence.json", lambda document: document["clips"].clear())
    found = noticed(check(out))
    assert ("output-changed", "evidence.json") in found
    assert found & {("evidence-unreadable", "evidence.json"), ("verdict-differs", "report.json")}


def test_decisions_and_judging_again_leave_a_folder_that_can_be_verified(out: Path) -> None:
    evidence = from_json((out / "班" / "evidence.json").read_bytes(), ClassEvidence)
    log = with_merge(evidence, DecisionLog(), [1, 2], Maker(who="检查员", when=samples.CREATED))
    rejudge_one(out / "班", publisher(out), RULES, to_json(log))
    assert noticed(check(out)) == set()
    other = load_profile("shanxi-2023")
    rejudge(out, publisher(out, profile=other), bind(other))
    assert (out / "班" / "decisions.json").is_file()
    assert noticed(check(out)) == set()
    (out / "班" / "decisions.json").unlink()
    assert noticed(check(out)) >= {("output-missing", "decisions.json"), ("verdict-differs", "report.json")}


def test_judging_again_without_a_key_leaves_no_old_signature(signed: Path) -> None:
    rejudge(signed, publisher(signed), RULES)
    assert not list(signed.rglob("manifest.sig"))
    assert noticed(check(signed)) == set()


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A disc with one class, scanned into `tmp_path/reports` without looking at its videos."""
    make_class(tmp_path / "disc", clip=None)
    scan_inline([tmp_path / "disc"], tmp_path / "reports")
    return tmp_path / "disc"


def test_a_scan_lists_every_file_that_was_handed_in(disc: Path, tmp_path: Path) -> None:
    document = json.loads((tmp_path / "reports" / COURSE / "manifest.json").read_bytes())
    assert {entry["path"] for entry in document["submitted"]} == files_of(disc / COURSE)
    assert {entry["path"] for entry in document["submitted"] if entry["sha256"]} == {"花名册.xlsx"}


def test_what_could_not_be_read_at_the_scan_leaves_the_check_open(disc: Path, tmp_path: Path) -> None:
    proof = check(tmp_path / "reports", disc)
    assert proof.outcome is ProofOutcome.OPEN
    assert {code for code, _ in noticed(proof)} == {"submitted-unread"}


def test_every_change_on_the_disc_is_named(disc: Path, tmp_path: Path) -> None:
    clips = sorted((disc / COURSE / DAY).iterdir())
    clips[0].write_bytes(b"another video")
    clips[1].unlink()
    (disc / COURSE / "花名册.xlsx").write_bytes(b"x" * (disc / COURSE / "花名册.xlsx").stat().st_size)
    (disc / COURSE / DAY / "new.mp4").write_bytes(b"x")
    found = noticed(check(tmp_path / "reports", disc))
    assert {entry for entry in found if entry[0] != "submitted-unread"} == {
        ("submitted-changed", f"{DAY}/{clips[0].name}"),
        ("submitted-missing", f"{DAY}/{clips[1].name}"),
        ("submitted-changed", "花名册.xlsx"),
        ("submitted-added", f"{DAY}/new.mp4"),
    }


def test_classes_that_are_not_where_they_should_be(disc: Path, tmp_path: Path) -> None:
    (disc / COURSE).rename(disc / "改名的班")
    found = noticed(check(tmp_path / "reports", disc))
    assert ("class-not-on-disc", COURSE) in found
    assert {path for code, path in found if code == "class-without-report"}


def test_an_id_number_in_a_name_is_found_again(tmp_path: Path) -> None:
    number = "140427197001100025"
    make_class(tmp_path / "disc", f"张三{number}班", clip=None)
    scan_inline([tmp_path / "disc"], tmp_path / "reports")
    found = noticed(check(tmp_path / "reports", tmp_path / "disc"))
    assert {code for code, _ in found} == {"submitted-unread"}
    assert number not in str(found)


def test_a_disc_that_is_not_there_is_a_usage_error(out: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing"):
        check(out, tmp_path / "nothing")


@pytest.mark.parametrize("make", [lambda out: out / "nothing", lambda out: out / "summary.json"])
def test_what_is_no_folder(out: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        check(make(out))


def test_a_folder_without_reports(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no report"):
        check(tmp_path)


def test_every_code_has_its_weight() -> None:
    assert {code for code in ProofCode if weight(code) is ProofOutcome.AS_STATED} == {
        ProofCode.UNSIGNED,
        ProofCode.KEY_NOT_COMPARED,
        ProofCode.OTHER_RUN,
        ProofCode.DISC_NOT_COMPARED,
    }
    assert weight(ProofCode.PROFILE_UNKNOWN) is ProofOutcome.OPEN
    assert weight(ProofCode.OUTPUT_CHANGED) is ProofOutcome.DIFFERENT
