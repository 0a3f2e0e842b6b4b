"""Registries carried to another office: what comes back, and what a hostile file can't do."""

import datetime as dt
import gzip
import json
from dataclasses import replace

import pytest

from tests.registries import NOW, clip, course, fingerprint
from tests.run.test_registry import kept
from vidaudit.errors import RegistryError
from vidaudit.run.exchange import export_registry, import_registry
from vidaudit.run.registry import Registry

LATER = NOW + dt.timedelta(days=30)


@pytest.fixture
def county(tmp_path):
    with Registry(tmp_path / "county.sqlite", create=True) as registry:
        bare = replace(clip(3, date=None), fingerprint=fingerprint([], constant_rate=True))
        registry.record([course("一班", clip(1), clip(2)), course("二班", bare, first=None, last=None)])
        yield registry


@pytest.fixture
def other(tmp_path):
    with Registry(tmp_path / "other.sqlite", create=True) as registry:
        yield registry


@pytest.fixture
def file(county, tmp_path):
    export_registry(county, tmp_path / "county.gz", "壶关县", LATER)
    return tmp_path / "county.gz"


def lines(file):
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


def write(file, *documents):
    file.write_bytes(gzip.compress(b"".join(json.dumps(one).encode() + b"\n" for one in documents)))


def test_everything_comes_over_with_its_origin(county, other, file):
    assert import_registry(other, file, LATER) == 2
    assert [replace(one, origin_name="") for one in kept(other)] == kept(county)
    assert {(one.kept.origin, one.kept.origin_name, one.is_own) for one in other.classes()} == {
        (county.id, "壶关县", False)
    }
    assert set(other.shared_marks(clip(1).fingerprint)) == {1}


def test_twice_makes_no_difference(other, file):
    import_registry(other, file, LATER)
    before = kept(other), other.size()
    import_registry(other, file, LATER)
    assert (kept(other), other.size()) == before


def test_ones_own_export_changes_nothing(county, file):
    before = kept(county), county.size()
    import_registry(county, file, LATER)
    assert county.size() == before[1]
    assert {one.is_own for one in county.classes()} == {True}


def test_the_same_class_of_two_offices_is_kept_of_both_and_goes_on_with_its_origin(county, other, file, tmp_path):
    other.record([course("一班", clip(9))])
    import_registry(other, file, LATER)
    assert len(other.classes()) == 3
    export_registry(other, tmp_path / "all.gz", "长治市", LATER)
    with Registry(tmp_path / "third.sqlite", create=True) as third:
        import_registry(third, tmp_path / "all.gz", LATER)
        origins = {(one.kept.name, one.kept.origin_name) for one in third.classes()}
    assert origins == {("一班", "长治市"), ("一班", "壶关县"), ("二班", "壶关县")}


def test_numbers_and_control_characters_stay_out(other, file):
    head, one, *_ = lines(file)
    one["name"], one["clips"][0]["path"] = "班\x1b[31m 110101199003078515", "5月20日/a\u202e\n.mp4"
    write(file, head, one)
    import_registry(other, file, LATER)
    (stored,) = other.classes()
    assert "\x1b" not in stored.kept.name
    assert "110101199003078515" not in stored.kept.name
    assert "5月20日/a\\x0a.mp4" in {held.clip.path for held in other.clips_of(stored.id)}


def changed(**values):
    return lambda head, one: (head, one | values)


def changed_clip(**values):
    return lambda head, one: (head, one | {"clips": [one["clips"][0] | values]})


HOSTILE = {
    "another schema": (lambda head, one: (head | {"schema": "vidaudit.registry/2"}, one), "Update vidaudit"),
    "no head": (lambda _, one: (one,), "is no export"),
    "no class": (lambda head, _: (head, {"name": 1}), "is no export"),
    "no id": (changed(origin="x' or 1=1"), "no id of a registry"),
    "the future": (changed(scanned_at="2031-01-01T00:00:00Z"), "in the future"),
    "no zone": (changed(scanned_at="2024-05-01T00:00:00"), "without its zone"),
    "half a span": (changed(last_day=None), "without a last one"),
    "backwards": (changed(first_day="2024-05-30"), "in no order"),
    "no hash": (changed_clip(sha256="../../etc"), "no SHA-256"),
    "no kind": (changed_clip(kind="evil"), "a kind of clip"),
    "a week": (changed_clip(duration_s="600000/1"), "longer than a day"),
    "a huge number": (changed_clip(duration_s="1e999999999"), "is no export"),
    "by zero": (changed_clip(duration_s="1/0"), "is no export"),
    "a negative length": (changed_clip(duration_s="-1/2"), "longer than a day"),
    "another curve": (changed_clip(curve="AAAA"), "doesn't go with"),
    "no base64": (changed_clip(curve="***"), "line 2"),
    "half a mark": (changed_clip(marks="AAAA", marks_at=""), "line 2"),
    "marks without times": (changed_clip(marks_at=""), "line 2"),
    "too many marks": (changed_clip(marks="AAAAAAAAAAA=" * 9000, marks_at=""), "line 2"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_whole(other, file, name):
    change, said = HOSTILE[name]
    head, one, last = lines(file)
    write(file, *change(head, one), last)
    with pytest.raises(RegistryError, match=said) as raised:
        import_registry(other, file, LATER)
    assert str(file) in str(raised.value)
    assert other.classes() == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(b""), gzip.compress(b"\xff\n"), gzip.compress(b"[" * 100_000)],
    ids=["empty", "no gzip", "nothing in it", "no text", "deep"],
)
def test_no_export_at_all(other, tmp_path, content):
    (tmp_path / "x.gz").write_bytes(content)
    with pytest.raises(RegistryError, match="export"):
        import_registry(other, tmp_path / "x.gz", LATER)


def test_a_file_cut_off_is_refused_whole(other, file):
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(RegistryError, match="export"):
        import_registry(other, file, LATER)
    assert other.classes() == ()


@pytest.mark.parametrize("limit", ["_MOST_LINE_BYTES", "_MOST_BYTES"])
def test_a_file_that_unpacks_without_end_is_refused(other, file, monkeypatch, limit):
    monkeypatch.setattr(f"vidaudit.run.exchange.{limit}", 1000)
    with pytest.raises(RegistryError, match="unpacks to more"):
        import_registry(other, file, LATER)


def test_places_that_are_not_there(county, other, tmp_path):
    with pytest.raises(RegistryError, match="can't be read"):
        import_registry(other, tmp_path / "none.gz", LATER)
    (tmp_path / "folder").mkdir()
    with pytest.raises(RegistryError, match="Choose another place"):
        export_registry(county, tmp_path / "folder", "", LATER)
