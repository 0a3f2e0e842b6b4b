"""The registry: what is kept, brought up to date, forgotten; and what is said when it can't be used."""

import datetime as dt
import sqlite3
import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registries import DAY, NOW, clip, course, cut
from vidaudit.errors import RegistryError
from vidaudit.run.registry import Registry, _in_words


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "registry.sqlite", create=True) as opened:
        yield opened


def kept(registry):
    """Everything in it, as it was recorded."""
    return [
        replace(stored.kept, origin="", clips=tuple(one.clip for one in registry.clips_of(stored.id)))
        for stored in registry.classes()
    ]


def test_what_was_recorded_is_there(registry):
    one, other = course("一班", clip(1), clip(2)), course("二班", clip(3, date=None), first=None, last=None)
    registry.record([one, other])
    assert kept(registry) == [one, other]
    assert registry.size() == (3, 3)
    assert [(stored.num_clips, stored.duration_s) for stored in registry.classes()] == [(2, 1200), (1, 600)]
    assert {stored.kept.origin for stored in registry.classes()} == {registry.id}


def test_it_is_there_the_next_time(registry):
    registry.record([course("一班", clip(1))])
    with Registry(registry.file) as again:
        assert again.id == registry.id
        assert kept(again) == kept(registry)


def test_another_scan_of_the_same_disc_brings_its_rows_up_to_date(registry):
    before = course("一班", clip(1), clip(2))
    registry.record([before])
    later = replace(before, scanned_at=NOW + dt.timedelta(days=3), version="2.0", submission="E")
    registry.record([later])
    assert kept(registry) == [later]
    assert registry.size() == (2, 2)


def test_an_older_scan_changes_nothing_but_adds(registry):
    newer, older = course("一班", clip(1)), course("一班", clip(2), scanned_at=NOW - dt.timedelta(days=9))
    registry.record([newer])
    registry.record([older])
    assert kept(registry) == [replace(newer, clips=(clip(1), clip(2)))]


def test_a_fingerprint_made_anew_replaces_the_old(registry):
    registry.record([course("一班", clip(1))])
    other = replace(clip(1), fingerprint=clip(2).fingerprint)
    registry.record([course("一班", other)])
    assert [one.clip for one in registry.clips([1, 2])] == [other]
    assert registry.shared_marks(clip(1).fingerprint) == {}
    assert set(registry.shared_marks(clip(2).fingerprint)) == {2}


def test_a_file_replaced_in_a_second_submission_is_kept_beside_the_first(registry):
    registry.record([course("一班", clip(1, "a.mp4"))])
    registry.record([course("一班", clip(2, "a.mp4"))])
    assert len(registry.classes()) == 1
    assert registry.size()[0] == 2


@pytest.mark.parametrize(
    ("days", "is_same"),
    [((0, 9), True), ((9, 12), True), ((-3, 0), True), ((10, 12), False), ((-3, -1), False), ((365, 374), False)],
)
def test_a_name_that_comes_again_is_another_class_unless_their_days_meet(registry, days, is_same):
    first, last = (DAY + dt.timedelta(days=number) for number in days)
    registry.record([course("一班", clip(1), last=DAY + dt.timedelta(days=9))])
    registry.record([course("一班", clip(1), first=first, last=last)])
    assert len(registry.classes()) == (1 if is_same else 2)


@pytest.mark.parametrize(
    ("values", "is_same"),
    [
        ({}, True),
        ({"institution": "甲 学校"}, True),
        ({"institution": "乙学校"}, False),
        ({"institution": None}, False),
        ({"name": "第１期保育师培训班"}, True),
        ({"name": "第2期保育师培训班"}, False),
        ({"first": None, "last": None}, True),
    ],
)
def test_who_is_the_same_class(values, is_same):
    name = values.pop("name", "第1期保育师培训班")
    assert course().is_same_class(course(name, **values)) is is_same
    assert course(name, **values).is_same_class(course()) is is_same


def test_what_is_forgotten_is_gone(registry):
    registry.record([course("一班", clip(1), clip(2)), course("二班", clip(3))])
    registry.forget([1])
    assert [stored.kept.name for stored in registry.classes()] == ["二班"]
    assert registry.clips([1, 2]) == ()
    assert registry.clips_with(clip(1).sha256) == ()
    assert registry.shared_marks(clip(1).fingerprint) == {}
    registry.record([course("三班", clip(1))])
    assert registry.size() == (2, 4)  # numbers aren't given again


def test_packets_are_looked_up_wherever_they_were_cut(registry):
    registry.record([course("一班", *(clip(seed) for seed in range(1, 9)))])
    shared = registry.shared_marks(cut(clip(5).fingerprint, 200, 230))
    assert set(shared) == {5}
    assert registry.shared_marks(clip(99).fingerprint) == {}


def test_curves_come_in_order(registry):
    quiet = replace(clip(3), fingerprint=replace(clip(3).fingerprint, constant_rate=True))
    registry.record([course("一班", clip(1), clip(2), quiet, clip(4), clip(5))])
    assert [number for number, _ in registry.curves(after=1)] == [2, 4, 5]
    assert [number for number, _ in registry.curves(after=0, until=4)] == [1, 2, 4]
    assert [number for number, _ in registry.curves(after=0, one_in=2)] == [2, 4]


def test_clips_by_the_names_of_their_classes(registry):
    registry.record([course("一班", clip(1)), course("二班", clip(2)), course("一班", clip(3), institution=None)])
    assert registry.clips_of_keys([course("一班").key()]) == {1}
    assert registry.clips_of_keys([]) == frozenset()


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None, max_examples=20)
@given(name=text, institution=st.none() | text, days=st.none() | st.tuples(st.dates(), st.dates()))
def test_any_name_and_date_comes_back(tmp_path_factory, name, institution, days):
    first, last = sorted(days) if days else (None, None)
    with Registry(tmp_path_factory.mktemp("any") / "r.sqlite", create=True) as registry:
        one = course(name, institution=institution, first=first, last=last)
        registry.record([one])
        assert kept(registry) == [one]


def test_two_scans_that_end_at_once_are_both_kept(registry):
    def record(number):
        with Registry(registry.file, create=True) as own:
            own.record([course("一班", clip(number), clip(number + 100))])

    threads = [threading.Thread(target=record, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.classes()) == 1
    assert registry.size()[0] == 12


def test_half_a_class_is_never_kept(registry):
    broken = replace(clip(2), sha256=None)
    with pytest.raises(RegistryError):
        registry.record([course("一班", clip(1), broken)])
    assert registry.classes() == ()


def test_there_must_be_one_unless_it_may_be_made(tmp_path):
    with pytest.raises(RegistryError, match="first scan makes it"):
        Registry(tmp_path / "none.sqlite")
    assert not (tmp_path / "none.sqlite").exists()


def damaged(file):
    content = bytearray(file.read_bytes())
    content[100:] = b"\xa5" * (len(content) - 100)
    file.write_bytes(content)


def newer(file):
    with sqlite3.connect(file) as database:
        database.execute("update registry set schema_version = 2")
    database.close()


def other_tables(file):
    file.unlink()
    with sqlite3.connect(file) as database:
        database.execute("create table other (x)")
    database.close()


def emptied(file):
    with sqlite3.connect(file) as database:
        database.execute("delete from registry")
    database.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damaged, "is damaged"),
        (lambda file: file.write_bytes(b"no database at all" * 99), "is no registry"),
        (newer, "Update vidaudit"),
        (other_tables, "is no registry"),
        (emptied, "is no registry"),
    ],
    ids=["damaged", "no database", "newer", "other tables", "emptied"],
)
def test_what_is_wrong_with_it_is_said_with_what_to_do(registry, spoil, said):
    registry.record([course("一班", clip(1))])
    spoil(registry.file)
    with pytest.raises(RegistryError, match=said) as raised:
        Registry(registry.file).classes()
    assert str(registry.file) in str(raised.value)


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RegistryError, match="--registry"):
        Registry(tmp_path / "file" / "registry.sqlite", create=True)


def test_a_registry_that_another_program_holds(registry, monkeypatch):
    monkeypatch.setattr("vidaudit.run.registry._WAIT_S", 0.1)
    holder = sqlite3.connect(registry.file)
    holder.execute("begin exclusive")
    try:
        with pytest.raises(RegistryError, match="in use by another program"):
            Registry(registry.file, create=True)
    finally:
        holder.close()


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("database is locked", "in use by another program"),
        ("attempt to write a readonly database", "can't be written"),
        ("unable to open database file", "can't be opened"),
        ("database or disk is full", "the disk is full"),
        ("database disk image is malformed", "is damaged"),
        ("something else", "something else"),
    ],
)
def test_every_failure_names_the_file_and_what_to_do(reason, said, tmp_path):
    sentence = str(_in_words(tmp_path / "r.sqlite", sqlite3.OperationalError(reason)))
    assert said in sentence
    assert str(tmp_path / "r.sqlite") in sentence
