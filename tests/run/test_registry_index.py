"""The index beside the registry: made, added to, and made again when it is stale or spoilt."""

import json

import pytest

from tests.registries import clip, course, fingerprint, motion
from vidaudit.observe.lookup import asked_stretches
from vidaudit.observe.reuse import prepared
from vidaudit.run.registry import Registry
from vidaudit.run.registry_index import RegistryIndex


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """An index file from five clips on."""
    monkeypatch.setattr("vidaudit.run.registry_index._LOOSE_CLIPS", 4)


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "registry.sqlite", create=True) as opened:
        record(opened, range(1, 9))
        yield opened


def record(registry, seeds):
    registry.record([course(f"{seed} 班", clip(seed, print_=fingerprint(motion(seed, 600)))) for seed in seeds])


def find(registry, seed):
    """The clip that is likest to the one made with this seed."""
    hits = RegistryIndex(registry).search(asked_stretches(prepared(fingerprint(motion(seed, 600)))))
    best = hits.best_clips(1)
    (stored,) = registry.clips(best)
    return stored.clip.path


def files(registry):
    return sorted(file.name for file in registry.file.parent.glob("registry.sqlite.*"))


def about(registry):
    return json.loads((registry.file.parent / "registry.sqlite.index.json").read_bytes())


def test_few_clips_need_no_file(tmp_path):
    with Registry(tmp_path / "registry.sqlite", create=True) as registry:
        record(registry, range(4))
        assert find(registry, 2) == "5月20日/2.mp4"
        assert files(registry) == []


def test_it_is_made_once_and_used(registry):
    assert find(registry, 3) == "5月20日/3.mp4"
    made = files(registry)
    assert len(made) == 2
    assert find(registry, 7) == "5月20日/7.mp4"
    assert files(registry) == made


def test_what_came_since_is_found_too(registry):
    find(registry, 1)
    before = about(registry)
    record(registry, [20, 21])
    assert find(registry, 21) == "5月20日/21.mp4"
    assert about(registry) == before


def test_much_is_added_to_the_file(registry):
    find(registry, 1)
    before = about(registry)
    record(registry, range(20, 30))
    assert [find(registry, seed) for seed in (5, 25)] == ["5月20日/5.mp4", "5月20日/25.mp4"]
    now = about(registry)
    assert (now["num_clips"], now["trained_for"]) == (18, before["trained_for"])
    assert len(files(registry)) == 2


def test_it_learns_anew_when_it_has_grown(registry):
    find(registry, 1)
    record(registry, range(20, 60))
    assert find(registry, 5) == "5月20日/5.mp4"
    assert about(registry)["trained_for"] == 48


def test_clips_that_were_forgotten_are_not_found(registry):
    find(registry, 1)
    hits = RegistryIndex(registry).search(asked_stretches(prepared(fingerprint(motion(3, 600)))))
    registry.forget([3])
    assert "5月20日/3.mp4" not in {one.clip.path for one in registry.clips(hits.best_clips(9))}


def cut_off(index, _):
    index.write_bytes(index.read_bytes()[:-100])


def flip(index, _):
    content = bytearray(index.read_bytes())
    content[len(content) // 2] ^= 0xFF
    index.write_bytes(content)


def of_another(_, note):
    note.write_text(json.dumps(json.loads(note.read_bytes()) | {"registry": "0" * 32}))


def leading_out(_, note):
    note.write_text(json.dumps(json.loads(note.read_bytes()) | {"file": "../../x"}))


@pytest.mark.parametrize(
    "spoil",
    [cut_off, flip, of_another, leading_out, lambda index, _: index.unlink(), lambda _, note: note.write_bytes(b"{")],
    ids=["cut off", "flipped", "of another", "leading out", "gone", "no note"],
)
def test_it_is_made_again_when_it_is_not_whole(registry, spoil):
    find(registry, 1)
    before = about(registry)["file"]
    folder = registry.file.parent
    spoil(folder / before, folder / "registry.sqlite.index.json")
    assert find(registry, 6) == "5月20日/6.mp4"
    assert about(registry)["file"] != before
    assert len(files(registry)) == 2


def test_nowhere_to_keep_it_is_no_error(registry, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr("vidaudit.run.registry_index.write_atomically", refuse)
    assert find(registry, 6) == "5月20日/6.mp4"
    assert files(registry) == []
