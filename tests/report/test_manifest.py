import hashlib
from dataclasses import replace
from typing import Any

from tests.report import samples
from vidaudit.model.evidence import OtherFile
from vidaudit.report.manifest import manifest, run_manifest


def made(**outputs: bytes) -> dict[str, Any]:
    sample = samples.nasty()
    return manifest(sample.evidence, sample.profile, sample.context, outputs)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_every_submitted_clip_is_listed_with_its_hash_or_null() -> None:
    submitted = made()["submitted"]
    assert len(submitted) == len(samples.NASTY_NAMES)
    assert [item["sha256"] for item in submitted if item["sha256"]] == [samples.DIGIT_SHA]
    assert samples.FULL_ID not in str(submitted)


def test_other_files_are_listed_too() -> None:
    sample = samples.clean()
    others = (
        OtherFile(path="花名册.xlsx", bytes=9, sha256=samples.SHA),
        OtherFile(path="坏.doc", bytes=None, sha256=None),
    )
    evidence = replace(sample.evidence, other_files=others)
    listed = manifest(evidence, sample.profile, sample.context, {})["submitted"]
    assert [(item["path"], item["bytes"]) for item in listed] == [
        (sample.evidence.folder.clips[0].path, 1_234_567),
        ("坏.doc", None),
        ("花名册.xlsx", 9),
    ]


def test_outputs_are_listed_with_size_and_hash() -> None:
    assert made(b=b"x", a=b"")["outputs"] == [
        {"path": "a", "bytes": 0, "sha256": sha256(b"")},
        {"path": "b", "bytes": 1, "sha256": sha256(b"x")},
    ]


def test_it_says_what_made_it_and_how() -> None:
    sample = samples.nasty()
    context = replace(sample.context, options={"lang": "zh", "kind": "order"})
    document = manifest(sample.evidence, sample.profile, context, {}, samples.SHA)
    assert document["schema"] == "vidaudit.manifest/1"
    assert document["tool"] == {"version": "0.1.0", "models": dict(samples.context().models)}
    assert document["profile"] == {"id": "huguan-2024", "sha256": samples.SHA}
    assert document["created"] == "2024-06-03T09:30:00+08:00"
    assert list(document["options"].items()) == [("kind", "order"), ("lang", "zh")]
    assert document["signed_by"] == {"algorithm": "Ed25519", "public_key": samples.SHA}
    assert made()["signed_by"] is None


def test_the_order_of_clips_does_not_matter() -> None:
    sample = samples.nasty()
    folder = sample.evidence.folder
    turned = replace(sample.evidence, folder=replace(folder, clips=folder.clips[::-1]))
    assert manifest(turned, sample.profile, sample.context, {}) == made()


def test_a_run_lists_its_classes_by_their_manifests() -> None:
    sample = samples.clean()
    manifests = {"b": b"2", f"班{samples.FULL_ID}": b"3", "a": b"1"}
    document = run_manifest(manifests, sample.profile, sample.context, {"summary.json": b"{}"})
    assert document["schema"] == "vidaudit.run/1"
    assert document["classes"] == [
        {"folder": "a", "manifest_sha256": sha256(b"1")},
        {"folder": "b", "manifest_sha256": sha256(b"2")},
        {"folder": "班1404************34", "manifest_sha256": sha256(b"3")},
    ]
    assert document["outputs"] == [{"path": "summary.json", "bytes": 2, "sha256": sha256(b"{}")}]
