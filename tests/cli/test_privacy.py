from pathlib import Path

import pytest

from vidaudit.cli import main


def test_an_error_holds_no_number_of_a_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["scan", str(tmp_path / "张三139－0000－0001")])
    said = capsys.readouterr().err
    assert "张三139********01" in said
    assert "0000" not in said
