import contextlib
import io
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pycdlib
import pytest

from fixtures.videos.recipes import roster
from fixtures.videos.rosters import INSTITUTION
from tests.cli.commands import run
from tests.run.submissions import COURSE, DAY, files_of, make_class, state_of
from vidaudit.cli import _run
from vidaudit.report.schema import validate

PROFILE = Path(__file__).parents[2] / "profiles" / "huguan-2024.toml"


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A disc with a class whose clips are no videos: judged in no time."""
    make_class(tmp_path / "disc", clip=None)
    return tmp_path / "disc"


def scan(*arguments: str | Path) -> int:
    return _run(["scan", *map(str, arguments)])


def report(out: Path, name: str = COURSE) -> dict[str, object]:
    document: dict[str, object] = json.loads((out / name / "report.json").read_bytes())
    assert validate(document) == ()
    return document


def test_the_kind_of_training_decides_what_applies(disc: Path, tmp_path: Path, capsys) -> None:
    assert scan(disc, "--out", tmp_path / "out", "--kind", "company") == 0
    assert "企业职工技能培训" in capsys.readouterr().out
    made = report(tmp_path / "out")
    assert (made["status"], made["class"]["kind"]) == ("pass", "company")
    assert scan(disc, "--out", tmp_path / "other", "--kind", "company", "--profile", "lanxian-2022") == 3
    assert report(tmp_path / "other")["status"] == "not-evaluated"
    assert scan(disc, "--out", tmp_path / "none", "--kind", "cluster") == 2
    assert "没有培训类型 'cluster'" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def zip_of(disc: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(disc.rglob("*")):
            archive.write(path, path.relative_to(disc).as_posix())
    return target


def iso_of(disc: Path, target: Path) -> Path:
    """An image with UDF names, which take Chinese as it is."""
    image = pycdlib.PyCdlib()
    image.new(interchange_level=3, udf="2.60")
    short = {disc: ""}
    for number, path in enumerate(sorted(disc.rglob("*"))):
        short[path] = f"{short[path.parent]}/{'D' if path.is_dir() else 'F'}{number}"
        udf_path = f"/{path.relative_to(disc).as_posix()}"
        if path.is_dir():
            image.add_directory(iso_path=short[path], udf_path=udf_path)
        else:
            content = path.read_bytes()
            image.add_fp(io.BytesIO(content), len(content), iso_path=f"{short[path]}.;1", udf_path=udf_path)
    image.write(str(target))
    image.close()
    return target


def test_a_folder_a_zip_and_an_iso_of_it_come_to_the_same(tmp_path: Path) -> None:
    """By the installed command, with real clips and real workers."""
    disc = tmp_path / "disc"
    make_class(disc)
    forms = {"folder": disc, "zip": zip_of(disc, tmp_path / "a.zip"), "iso": iso_of(disc, tmp_path / "a.iso")}
    before = state_of(disc)
    verdicts = {}
    for form, path in forms.items():
        done = run("scan", path, "--out", tmp_path / form, "--jobs", "2", home=tmp_path)
        assert (done.returncode, done.stderr) == (1, ""), form
        assert COURSE in done.stdout
        assert str(tmp_path / form / "summary.html") in done.stdout
        verdicts[form] = {key: value for key, value in report(tmp_path / form).items() if key != "class"}
        assert {clip["codec"] for clip in verdicts[form]["clips"]} == {"h264"}
    assert verdicts["zip"] == verdicts["iso"] == verdicts["folder"]
    assert state_of(disc) == before
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_class_folder_and_several_paths(disc: Path, tmp_path: Path) -> None:
    other = make_class(tmp_path / "more", "2024年第8期保育师培训班", clip=None)
    assert scan(disc / COURSE, other, disc, "--out", tmp_path / "out") == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert {row["name"] for row in summary["classes"]} == {COURSE, other.name}


def test_by_default_it_writes_beside_where_it_is_called(disc: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert scan(disc) == 1
    assert {path.name for path in (tmp_path / "here").iterdir()} == {"vidaudit-report"}
    assert report(tmp_path / "here" / "vidaudit-report")["status"] == "fail"


def test_an_empty_disc_is_no_pass(tmp_path: Path, capsys) -> None:
    (tmp_path / "disc").mkdir()
    assert scan(tmp_path / "disc", "--out", tmp_path / "out") == 3
    assert (tmp_path / "out" / "summary.json").is_file()
    assert capsys.readouterr().out != ""


@pytest.mark.parametrize(
    ("options", "default", "lang"),
    [([], None, "zh"), (["--lang", "en"], None, "en"), ([], "en", "en"), (["--lang", "zh"], "en", "zh")],
)
def test_the_language(disc: Path, tmp_path: Path, monkeypatch, capsys, options, default, lang: str) -> None:  # noqa: PLR0917
    if default:
        monkeypatch.setenv("VIDAUDIT_LANG", default)
    assert scan(disc, "--out", tmp_path / "out", *options) == 1
    assert ("不符合" in capsys.readouterr().out) == (lang == "zh")
    page = (tmp_path / "out" / COURSE / "report.html").read_text(encoding="utf-8")
    assert f'lang="{lang}' in page


def test_a_language_that_isnt_there(disc: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("VIDAUDIT_LANG", "fr")
    assert scan(disc, "--out", tmp_path / "out") == 2
    assert "fr" in capsys.readouterr().err


def test_quiet_is_quiet(disc: Path, tmp_path: Path, capsys) -> None:
    assert scan(disc, "--out", tmp_path / "out", "--quiet") == 1
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "out" / "summary.json").is_file()


def test_a_profile_of_ones_own(disc: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(PROFILE.read_text(encoding="utf-8").replace('id = "huguan-2024"', 'id = "own"'), encoding="utf-8")
    assert scan(disc, "--out", tmp_path / "out", "--profile", own) == 1
    assert report(tmp_path / "out")["profile"]["id"] == "own"


def test_a_roster_of_ones_own(disc: Path, tmp_path: Path) -> None:
    roster(5)(tmp_path / "花名册.xlsx")
    assert scan(disc, "--out", tmp_path / "out", "--roster", tmp_path / "花名册.xlsx") == 1
    assert report(tmp_path / "out")["class"]["roster_size"] == 5


def test_the_cache_is_used_unless_told_otherwise(tmp_path: Path) -> None:
    folder = make_class(tmp_path / "disc")
    for path in list((folder / DAY).iterdir())[1:]:
        path.unlink()
    assert scan(folder, "--out", tmp_path / "out", "--no-cache", "--jobs", "1") == 1
    assert not (tmp_path / "cache" / "vidaudit").exists()
    assert scan(folder, "--out", tmp_path / "out", "--detector", "hog", "--jobs", "1") == 1
    if sys.platform == "linux":
        assert len(files_of(tmp_path / "cache" / "vidaudit")) == 1


@pytest.mark.parametrize(
    ("arguments", "problem", "remedy"),
    [
        (["{disc}", "--profile", "huguan-2042"], "huguan-2042", "huguan-2024"),
        (["{disc}", "--profile", "nothing.toml"], "nothing.toml", "can't be read"),
        (["{disc}", "--roster", "nothing.xlsx"], "nothing.xlsx", "Check the path"),
        (["{disc}", "--engine", "dask"], "--engine dask", "--scheduler ADDRESS"),
        (["{disc}", "--scheduler", "tcp://a:1"], "--scheduler", "--engine dask"),
        (["{disc}", "--detector", "eyes"], "eyes", "centerface"),
        (["{disc}", "--detector", "yunet:nothing.onnx"], "nothing.onnx", "yunet:FILE"),
        (["{disc}", "--detector", "hog:file"], "takes no file", "--detector hog"),
        (["{disc}", "--descriptor", "eyes"], "eyes", "dlib:FILE"),
        (["{disc}", "--descriptor", "sface:nothing.onnx"], "nothing.onnx", "sface:FILE"),
        (["{disc}", "--descriptor", "dlib:{file}"], "file", "no face network"),
        (["{disc}", "--photos", "{nowhere}"], "nowhere", "Check --photos"),
        (["{nowhere}"], "nowhere", "Check the path"),
        (["{disc}", "{nowhere}"], "nowhere", "Check the path"),
        (["{file}"], "neither a folder nor an ISO or ZIP", "Give the class folder or the disc"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("in_english")
def test_wrong_usage_says_what_where_and_what_to_do(
    disc: Path, tmp_path: Path, capsys, arguments: list[str], problem: str, remedy: str
) -> None:
    names = {"disc": disc, **{name: tmp_path / name for name in ("nowhere", "file")}}
    names["file"].write_bytes(b"some text")
    before = state_of(disc)
    assert scan(*(argument.format(**names) for argument in arguments), "--out", tmp_path / "out") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert problem in err
    assert remedy in err
    assert "Traceback" not in err
    assert state_of(disc) == before
    assert not list(tmp_path.glob("out/*"))


@pytest.mark.parametrize("place", [".", "report", f"{COURSE}/report", f"{COURSE}/{DAY}", "../disc", "..", "../link"])
def test_nothing_is_written_into_or_over_a_submission(disc: Path, tmp_path: Path, capsys, place: str) -> None:
    with contextlib.suppress(OSError):
        (tmp_path / "link").symlink_to(disc, target_is_directory=True)
    if place == "../link" and not (tmp_path / "link").exists():
        pytest.skip("no symbolic links here")
    before = state_of(disc)
    assert scan(disc, "--out", disc / place) == 2
    assert "--out" in capsys.readouterr().err
    assert state_of(disc) == before


@pytest.mark.usefixtures("in_english")
def test_the_folder_of_a_class_folder_is_no_place_either(disc: Path, capsys) -> None:
    before = state_of(disc)
    assert scan(disc / COURSE, "--out", disc) == 2
    assert "submission" in capsys.readouterr().err
    assert state_of(disc) == before


@pytest.mark.usefixtures("in_english")
def test_a_file_where_the_reports_should_go(disc: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "out").write_bytes(b"")
    assert scan(disc, "--out", tmp_path / "out") == 2
    assert "choose another --out" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permission bits don't bind here")
def test_a_folder_that_cant_be_written(disc: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    assert scan(disc, "--out", tmp_path / "out") == 2
    assert "Permission denied" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux")
def test_a_submission_with_a_name_of_invalid_bytes(disc: Path, tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"disc\xff\n")
    shutil.copytree(disc, strange)
    done = run("scan", strange, "--out", tmp_path / "out", home=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    done = run("scan", strange, "--out", strange, home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_institution_is_named(disc: Path, tmp_path: Path) -> None:
    scan(disc, "--out", tmp_path / "out", "--quiet")
    assert report(tmp_path / "out")["class"]["institution"] == INSTITUTION


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_an_archive_that_cannot_be_opened_is_named_and_the_others_go_on(
    disc: Path, tmp_path: Path, capsys, quiet: list[str]
) -> None:
    cut, packed = tmp_path / "断.zip", tmp_path / "包.zip"
    cut.write_bytes(zip_of(disc, tmp_path / "whole.zip").read_bytes()[:200])
    packed.write_bytes(b"Rar!\x1a\x07\x01\x00")
    assert scan(cut, disc, packed, "--out", tmp_path / "out", *quiet) == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert [one["name"] for one in summary["classes"]] == [COURSE]
    assert [(one["path"], one["reason"]) for one in summary["loose"]] == [
        ("断.zip", "damaged-archive"),
        ("包.zip", "unsupported-archive"),
    ]
    err = capsys.readouterr().err
    assert "断.zip is damaged or incomplete. Copy it again" in err
    assert "packed as RAR. Unpack it first" in err


def test_an_archive_that_cannot_be_opened_is_no_pass_alone_either(disc: Path, tmp_path: Path, capsys) -> None:
    cut = tmp_path / "断.zip"
    cut.write_bytes(zip_of(disc, tmp_path / "whole.zip").read_bytes()[:200])
    assert scan(cut, "--out", tmp_path / "out") == 3
    assert "断.zip" in capsys.readouterr().err


def test_reports_of_an_earlier_run_are_told(disc: Path, tmp_path: Path, capsys) -> None:
    other = make_class(tmp_path / "other", "2024年第8期保育师培训班", clip=None)
    for path, is_told in ((disc, False), (other, True), (disc, True)):
        scan(path, "--out", tmp_path / "out")
        assert ("另有 1 份" in capsys.readouterr().out) is is_told
    assert scan(disc, other, "--out", tmp_path / "out") == 1
    assert "另有" not in capsys.readouterr().out


def test_a_wrong_path_leaves_nothing_behind(tmp_path: Path) -> None:
    assert scan(tmp_path / "nowhere", "--out", tmp_path / "a" / "out") == 2
    assert list(tmp_path.iterdir()) == []
