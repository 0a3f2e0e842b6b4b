import json
from pathlib import Path

import pytest

from tests.judge import builders
from tests.run.inline import PROFILE, publisher
from vidaudit.cli import _run
from vidaudit.judge.catalogue import bind
from vidaudit.run.signing import PASSPHRASE_VARIABLE


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    made = publisher(tmp_path / "out")
    made.summarise([made.publish(builders.green(), bind(PROFILE), folder="班")])
    return tmp_path / "out"


def verify(*arguments: str | Path) -> int:
    return _run(["verify", *map(str, arguments)])


def test_as_stated(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(out, "--lang", "en") == 0
    said = capsys.readouterr()
    assert said.out.endswith("As stated\n")
    assert said.err == ""


def test_different(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "班" / "report.html").unlink()
    assert verify(out) == 1
    assert "缺失: report.html" in capsys.readouterr().out
    assert verify(out, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["outcome"] == "different"
    assert {"code": "output-missing", "weight": "different", "path": "report.html", "detail": None} in document[
        "folders"
    ][1]["remarks"]


def test_not_all_could_be_checked(out: Path) -> None:
    for name in ("manifest.json", "summary.json", "summary.html", "summary.xlsx"):
        (out / name).unlink()
    assert verify(out) == 3


def test_a_key_is_made_signs_and_is_asked_for(out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "key.pem"
    assert verify("--make-key", key) == 0
    said = capsys.readouterr().out
    assert str(key) in said
    assert "PRIVATE" not in said
    secret = key.read_text(encoding="ascii").splitlines()[1]
    assert secret not in said
    assert _run(["judge", str(out), "--sign-key", str(key), "--quiet"]) in {0, 3}
    assert verify(out, "--public-key", f"{key}.pub") == 0
    assert verify("--make-key", tmp_path / "other") == 0
    assert verify(out, "--public-key", tmp_path / "other.pub") == 1
    assert verify("--make-key", key) == 2
    for file in out.rglob("*"):
        if file.is_file():
            assert secret.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "Give the folder"),
        (["{out}/nothing"], "not a folder"),
        (["{out}", "--public-key", "{out}/summary.json"], "no public key"),
        (["{out}", "--disc", "{out}/nothing"], "nothing"),
        (["{out}", "--profile", "huguan-2042"], "huguan-2042"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("in_english")
def test_wrong_usage(out: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str) -> None:
    assert verify(*(one.format(out=out) for one in arguments)) == 2
    said = capsys.readouterr()
    assert (said.out, problem in said.err) == ("", True)


def test_the_options_of_a_run_are_in_its_manifests_without_places(out: Path, tmp_path: Path) -> None:
    assert _run(["judge", str(out), "--kind", "order", "--lang", "en", "--quiet"]) in {0, 3}
    options = json.loads((out / "班" / "manifest.json").read_bytes())["options"]
    assert options == {"command": "judge", "kind": "order", "lang": "en"}
