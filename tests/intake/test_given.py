"""A roster or a dossier given by hand that is no file: a device or a pipe could be read for ever."""

import os
import sys
from pathlib import Path

import pytest

from vidaudit.errors import DossierError, RosterError
from vidaudit.intake.discover import given_roster
from vidaudit.intake.dossier import given_dossier


@pytest.mark.skipif(sys.platform == "win32", reason="devices and pipes of POSIX")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_it_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "given.xlsx"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(RosterError, match="is no file"):
        given_roster(path)
    with pytest.raises(DossierError, match="is no file"):
        given_dossier(path)
