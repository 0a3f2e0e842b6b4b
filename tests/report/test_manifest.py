import hashlib
from dataclasses import replace

from tests.report import samples
from vidaudit.report.manifest import manifest


def made(**outputs: bytes | str) -> dict[str, object]:
    sample = samples.nasty()
    return manifest(sample.evidence, sample.profile, sample.context, outputs)


def test_every_submitted_clip_is_listed_with_its_hash_or_null() -> None:
    submitted = made()["submitted"]
    assert isinstance(submitted, list)
    assert len(submitted) == len(samples.NASTY_NAMES)
    assert [item["sha256"] for item in submitted if item["sha256"]] == [samples.DIGIT_SHA]
    assert samples.FULL_ID not in str(submitted)


def test_outputs_are_hashed_unless_they_are_hashes_already() -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    assert made(b=b"x", a=samples.SHA)["outputs"] == [
        {"path": "a", "sha256": samples.SHA},
        {"path": "b", "sha256": digest},
    ]


def test_it_says_what_made_it() -> None:
    document = made()
    assert document["schema"] == "vidaudit.manifest/1"
    assert document["tool"] == {"version": "0.1.0", "models": dict(samples.context().models)}
    assert document["profile"] == {"id": "huguan-2024", "sha256": samples.SHA}
    assert document["created"] == "2024-06-03T09:30:00+08:00"


def test_the_order_of_clips_does_not_matter() -> None:
    sample = samples.nasty()
    folder = sample.evidence.folder
    turned = replace(sample.evidence, folder=replace(folder, clips=folder.clips[::-1]))
    assert manifest(turned, sample.profile, sample.context, {}) == made()
