import hashlib
import tomllib
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidaudit.errors import ProfileError
from vidaudit.model.verdict import Clause, Level
from vidaudit.profile import available_profiles, load_profile, source

ROOT = Path(__file__).parents[2]

SMALL = """\
[profile]
id = "small"
title.zh = "小"
title.en = "Small"
document = "文件"

[sampling]
face_interval_s = { value = 0.1, source = "a" }
lecture_interval_s = { value = 10, source = "b" }
max_frames = { value = 400, source = "c" }
keyframe_slack = { value = 1.5, source = "d" }
min_frames = { value = 8, source = "c" }
[limits]
clip_s = { value = 60, source = "e" }
clip_memory_mib = { value = 1024, source = "f" }

[rules.resolution]
level = "require"
clause = "三(3)"
parameters.min_width_px = { value = 1024, source = "三(3)" }
parameters.names = { value = ["a", "b"], source = "g" }

[rules.noise]
level = "off"
clause = "一"
document = "另一文件"
"""


def load(tmp_path, text):
    path = tmp_path / "small.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_profile(str(path))


def test_a_small_profile(tmp_path):
    profile = load(tmp_path, SMALL)
    assert (profile.id, profile.title_zh, profile.title_en, profile.document) == ("small", "小", "Small", "文件")
    assert profile.sha256 == hashlib.sha256(SMALL.encode()).hexdigest()
    assert profile.sampling.face_interval_s == Fraction(1, 10)
    assert (profile.sampling.max_frames, profile.sampling.keyframe_slack) == (400, Fraction(3, 2))
    assert (profile.limits.clip_s, profile.limits.clip_memory_mib) == (60.0, 1024)
    resolution, noise = profile.rules["resolution"], profile.rules["noise"]
    assert (resolution.level, resolution.clause) == (Level.REQUIRE, Clause(document="文件", section="三(3)"))
    assert {name: p.value for name, p in resolution.parameters.items()} == {"min_width_px": 1024, "names": ("a", "b")}
    assert resolution.parameters["min_width_px"].source == "三(3)"
    assert (noise.level, noise.clause, noise.parameters) == (Level.OFF, Clause(document="另一文件", section="一"), {})


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('document = "文件"', 'documnt = "文件"', 5, "profile.documnt is not a known key; did you mean 'document'?"),
        ('document = "文件"\n', "", 1, "profile.document is missing"),
        ('document = "文件"', "document = 1", 5, "profile.document must be a text, got 1"),
        ('document = "文件"', 'document = " "', 5, "profile.document must not be empty"),
        ('title.en = "Small"', 'title.fr = "Petit"', 4, "profile.title.fr is not a known key"),
        ("[limits]", "[limit]", 13, "limit is not a known key; did you mean 'limits'?"),
        ("max_frames", "max_frame", 10, "sampling.max_frame is not a known key; did you mean 'max_frames'?"),
        ("value = 400, ", "", 10, "sampling.max_frames.value is missing"),
        ("value = 400", "value = 1", 10, "sampling.max_frames must be at least 2"),
        ("value = 400", "value = 2.5", 10, "sampling.max_frames must be a whole number, got 2.5"),
        ("value = 0.1", "value = 0", 8, "sampling.face_interval_s must be a number above 0, got 0"),
        ("value = 0.1", "value = true", 8, "sampling.face_interval_s must be a number above 0, got True"),
        ("value = 0.1", "value = inf", 8, "sampling.face_interval_s.value must be true, false, a number"),
        ('{ value = 60, source = "e" }', "60", 14, "limits.clip_s must be a table, got 60"),
        ("clip_s = {", "clip_m = {", 14, "limits.clip_m is not a known key; did you mean 'clip_s'?"),
        ('level = "require"', 'level = "requird"', 18, "got 'requird'; did you mean 'require'?"),
        ('level = "require"\n', "", 17, "rules.resolution.level is missing"),
        ('clause = "三(3)"\n', "", 17, "rules.resolution.clause is missing"),
        ('clause = "三(3)"', 'clause = ""', 19, "rules.resolution.clause must not be empty"),
        ('1024, source = "三(3)"', "1024", 20, "rules.resolution.parameters.min_width_px.source is missing"),
        ('source = "g"', 'source = ""', 21, "rules.resolution.parameters.names.source must not be empty"),
        ('["a", "b"]', '["a", 1]', 21, "rules.resolution.parameters.names.value must be true, false"),
        ('["a", "b"]', '{ a = 1 }', 21, "rules.resolution.parameters.names.value must be true, false"),
        ("parameters.names", "parameter.names", 21, "rules.resolution.parameter is not a known key"),
        ('document = "另一文件"', "document = 1", 26, "rules.noise.document must be a text, got 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_line_and_key(tmp_path, old, new, line, problem):
    assert SMALL.count(old) >= 1
    with pytest.raises(ProfileError) as raised:
        load(tmp_path, SMALL.replace(old, new, 1))
    message = str(raised.value)
    assert message.startswith(str(tmp_path / "small.toml"))
    assert f"line {line}:" in message
    assert problem in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[profile", "not valid TOML"),
        (SMALL.encode() + b"\n[profile]\n", "not valid TOML"),
        ("[profile]\nid = '中'".encode("gb18030"), "not UTF-8"),
        (b"", "profile is missing"),
    ],
)
def test_files_that_are_no_profiles(tmp_path, content, problem):
    with pytest.raises(ProfileError, match=problem):
        load(tmp_path, content)


def test_an_unknown_id_gets_the_right_one_suggested():
    with pytest.raises(ProfileError, match="no profile 'huguan-2042'; did you mean 'huguan-2024'"):
        load_profile("huguan-2042")


def test_a_file_that_is_not_there_or_can_not_be_read(tmp_path):
    with pytest.raises(ProfileError, match="can't be read"):
        load_profile(str(tmp_path / "none.toml"))
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ProfileError, match="can't be read"):
        load_profile(str(tmp_path / "folder.toml"))


def test_every_shipped_profile_has_the_id_of_its_file():
    assert "huguan-2024" in available_profiles()
    for name in available_profiles():
        assert load_profile(name).id == name


def test_a_shipped_profile_is_the_same_by_id_and_as_a_file():
    assert load_profile("huguan-2024") == load_profile(str(ROOT / "profiles" / "huguan-2024.toml"))


def test_profiles_are_found_inside_an_installed_package(tmp_path, monkeypatch):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "small.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(source.resources, "files", lambda package: tmp_path)
    assert available_profiles() == ("small",)
    assert load_profile("small").id == "small"


def test_the_package_list_names_every_package():
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    on_disk = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "vidaudit").rglob("__init__.py")}
    assert on_disk <= set(setup["packages"])
    assert setup["package-dir"] == {"vidaudit.profiles": "profiles"}


LINES = SMALL.splitlines()


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(LINES) - 1), st.text(max_size=12))
def test_a_garbled_line_is_refused_or_read_but_never_crashes(tmp_path_factory, number, text):
    lines = [*LINES[:number], text, *LINES[number + 1 :]]
    path = tmp_path_factory.getbasetemp() / "garbled.toml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    with suppress(ProfileError):  # any other exception fails the test
        assert load_profile(str(path)).rules
