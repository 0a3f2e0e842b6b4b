from pathlib import Path

import pytest

from tests.judge.builders import green
from tests.run.test_publish import RULES, publisher
from vidaudit.run.codec import UnreadableError
from vidaudit.run.stored import load_class, load_evidence


def is_gone(file: Path) -> None:
    file.unlink()


def is_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def goes_on_for_ever(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def is_cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / publisher(tmp_path).publish(green(), RULES).folder


@pytest.mark.parametrize("spoil", [is_gone, is_a_folder, goes_on_for_ever, is_cut_off])
def test_evidence_that_cannot_be_read_is_named(report: Path, spoil) -> None:
    assert load_evidence(report).folder.name
    spoil(report / "evidence.json")
    with pytest.raises(UnreadableError, match=r"evidence\.json.*Scan the class again"):
        load_class(report)
