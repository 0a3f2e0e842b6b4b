"""One profile that builds on another: what is taken over, what replaced, what taken away, and what goes wrong."""

import hashlib
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidaudit.errors import ProfileError
from vidaudit.model.settings import Profile
from vidaudit.model.verdict import Clause, Level
from vidaudit.profile import available_profiles, load_profile, read_profile

PARENT = """\
[profile]
id = "province"
title = { zh = "省", en = "Province" }
document = "省文"
default_kind = "order"
[sampling]
face_interval_s = { value = 1, source = "a" }
lecture_interval_s = { value = 10, source = "b" }
min_frames = { value = 8, source = "c" }
max_frames = { value = 400, source = "d" }
keyframe_slack = { value = 1, source = "e" }
[limits]
clip_s = { value = 60, source = "f" }
clip_memory_mib = { value = 1024, source = "g" }
[rules.resolution]
level = "require"
clause = "一"
parameters.min_width_px = { value = 1024, source = "一" }
parameters.min_height_px = { value = 768, source = "一" }
[rules.noise]
level = "advise"
clause = "二"
[kinds.order]
title = { zh = "订单式培训", en = "Training to order" }
clause = "三"
[kinds.company]
title = { zh = "企业职工技能培训", en = "Company" }
clause = "四"
only = ["noise"]
[manual.topics]
clause = "五"
text = { zh = "课程", en = "Topics" }
[manual.papers]
clause = "六"
text = { zh = "材料", en = "Papers" }
kinds = ["company"]
[retention]
clause = "七"
years = 2
[subsidy.by-day]
clause = "八"
kinds = ["order"]
day_rates = [{ days = 10, yuan = 150 }, { yuan = 100.5 }]
cap_yuan = 5000
[subsidy.company]
clause = "九"
kinds = ["company"]
per_head_yuan = 300
"""

HEAD = """\
[profile]
id = "county"
extends = "province.toml"
title = { zh = "县", en = "County" }
document = "县文"
"""


def write(folder: Path, text: str, name: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def county(folder: Path, *lines: str) -> Profile:
    write(folder, PARENT, "province.toml")
    return load_profile(str(write(folder, "\n".join((HEAD, *lines)), "county.toml")))


def test_nothing_said_is_all_taken_over_but_the_head(tmp_path):
    profile = county(tmp_path)
    parent = load_profile(str(tmp_path / "province.toml"))
    assert (profile.id, profile.document, profile.title("zh")) == ("county", "县文", "县")
    assert profile.extends == (str(tmp_path / "province"),)
    assert (profile.rules, profile.kinds, profile.manual) == (parent.rules, parent.kinds, parent.manual)
    assert (profile.subsidies, profile.retention) == (parent.subsidies, parent.retention)
    assert profile.default_kind == "order"
    assert profile.rules["noise"].clause == Clause(document="省文", section="二")


def test_a_clause_of_its_own_is_of_its_own_document(tmp_path):
    profile = county(tmp_path, "[rules.noise]", 'clause = "十"', "[manual]", 'topics.clause = "十一"')
    assert profile.rules["noise"].clause == Clause(document="县文", section="十")
    assert profile.rules["noise"].level is Level.ADVISE
    assert profile.rules["resolution"].clause.document == "省文"
    topics = next(item for item in profile.manual if item.id == "topics")
    assert (topics.text("zh"), topics.clause) == ("课程", Clause(document="县文", section="十一"))


def test_a_parameter_is_replaced_with_its_source(tmp_path):
    profile = county(tmp_path, '[rules.resolution.parameters]\nmin_width_px = { value = 1280, source = "县" }')
    values = {name: (given.value, given.source) for name, given in profile.rules["resolution"].parameters.items()}
    assert values == {"min_width_px": (1280, "县"), "min_height_px": (768, "一")}
    with pytest.raises(ProfileError, match=r"county.toml, line 8: rules.resolution.parameters.min_width_px.source"):
        county(tmp_path, "[rules.resolution.parameters]\nmin_width_px = { value = 1280 }")


def test_a_section_is_replaced_whole(tmp_path):
    with pytest.raises(ProfileError, match=r"county.toml, line 7: retention.clause is missing"):
        county(tmp_path, "[retention]", "years = 3")
    profile = county(tmp_path, "[retention]", "years = 3", 'clause = "十"')
    assert profile.retention is not None
    assert (profile.retention.years, profile.retention.clause.document) == (3, "县文")


def test_false_takes_away_a_kind_and_all_that_is_about_it_alone(tmp_path):
    profile = county(tmp_path, "[kinds]", "company = false")
    assert list(profile.kinds) == ["order"]
    assert [item.id for item in profile.manual] == ["topics"]
    assert [scale.id for scale in profile.subsidies] == ["by-day"]


def test_false_takes_away_only_what_is_there(tmp_path):
    with pytest.raises(ProfileError, match=r"kinds\.cluster must be a table, got False"):
        county(tmp_path, "[kinds]", "cluster = false")


def test_a_kind_sets_rules_otherwise(tmp_path):
    profile = county(tmp_path)
    assert profile.rules_for(None) == profile.rules_for("order") == profile.rules
    company = profile.rules_for("company")
    assert {slug: setting.level for slug, setting in company.items()} == {
        "resolution": Level.OFF,
        "noise": Level.ADVISE,
    }
    assert company["resolution"].clause == profile.kinds["company"].clause


def test_a_kind_of_its_own_replaces_the_inherited_one(tmp_path):
    lines = ('[kinds.company]\nclause = "十"\ntitle = { zh = "企业", en = "Firm" }', "[kinds.company.rules.noise]")
    profile = county(tmp_path, *lines, 'level = "require"')
    company = profile.rules_for("company")
    assert company["resolution"].level is Level.REQUIRE
    assert (company["noise"].level, company["noise"].clause.section) == (Level.REQUIRE, "十")


def test_the_hash_is_over_everything_that_went_in(tmp_path):
    profile = county(tmp_path)
    hashes = [hashlib.sha256((tmp_path / f"{name}.toml").read_bytes()).hexdigest() for name in ("county", "province")]
    assert profile.sha256 == hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    write(tmp_path, PARENT + "# changed\n", "province.toml")
    assert load_profile(str(tmp_path / "county.toml")).sha256 != profile.sha256


def test_amounts_are_exact(tmp_path):
    scale = county(tmp_path).subsidy_for("order")
    assert scale is not None
    assert [(rate.days, rate.yuan) for rate in scale.day_rates] == [(10, Decimal(150)), (None, Decimal("100.5"))]


def test_a_fault_of_the_parent_is_told_in_the_parent(tmp_path):
    write(tmp_path, PARENT.replace('level = "advise"', 'level = "advice"'), "province.toml")
    path = write(tmp_path, HEAD, "county.toml")
    with pytest.raises(ProfileError, match=r"province.toml, line 21: rules.noise.level .*did you mean 'advise'"):
        load_profile(str(path))


def test_a_missing_parent_is_told_where_it_is_named(tmp_path):
    path = write(tmp_path, HEAD, "county.toml")
    with pytest.raises(ProfileError, match=r"county.toml, line 3: profile.extends: profile .*province.toml can't be"):
        load_profile(str(path))
    path = write(tmp_path, HEAD.replace("province.toml", "shanxi-2032"), "county.toml")
    with pytest.raises(ProfileError, match=r"no profile 'shanxi-2032'; did you mean 'shanxi-20\d\d'"):
        load_profile(str(path))


@pytest.mark.parametrize("document", ["false", '" "'])
def test_a_parent_names_its_document(tmp_path, document):
    write(tmp_path, PARENT.replace('"省文"', document), "province.toml")
    path = write(tmp_path, HEAD, "county.toml")
    with pytest.raises(ProfileError, match=r"province.toml, line 4: profile.document must name the regulation"):
        load_profile(str(path))


@pytest.mark.parametrize("parent", ["county.toml", "../{folder}/county.toml", "other.toml"])
def test_a_circle_is_told(tmp_path, parent):
    write(tmp_path, HEAD.replace("province.toml", "county.toml"), "other.toml")
    text = HEAD.replace("province.toml", parent.format(folder=tmp_path.name))
    with pytest.raises(ProfileError, match="goes round in a circle"):
        load_profile(str(write(tmp_path, text, "county.toml")))


def test_a_file_may_extend_the_shipped_profile_of_its_own_name(tmp_path):
    text = HEAD.replace("province.toml", "huguan-2024").replace('"county"', '"huguan-2024"')
    profile = load_profile(str(write(tmp_path, text, "huguan-2024.toml")))
    assert profile.extends == ("huguan-2024", "shanxi-2023", "_measures")
    assert profile.rules == load_profile("huguan-2024").rules


def test_building_blocks_are_no_profiles():
    assert not [name for name in available_profiles() if name.startswith("_")]
    assert "must be given" not in str(read_profile("_measures").faults)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (['[rules.sharpness]\nclause = "十"'], "rules.sharpness.level is missing"),
        (['[rules.sharpness]\nlevel = "off"'], "rules.sharpness.clause is missing"),
        (
            ['[manual.x]\nclause = "十"\ntext = { zh = "a", en = "b" }\nkinds = ["compny"]'],
            "names no kind: 'compny'; did you mean 'company'",
        ),
        (
            ['[subsidy.x]\nclause = "十"\nkinds = ["x"]\ncap_yuan = 1'],
            "subsidy.x.kinds names no kind: 'x'",
        ),
        (['[subsidy.x]\nclause = "十"\nkinds = ["order"]'], "subsidy.x names no amount"),
        (
            ['[kinds.x]\nclause = "十"\ntitle = { zh = "a", en = "b" }\nonly = ["nois"]'],
            "names no rule of the profile: 'nois'; did you mean 'noise'",
        ),
        (["[kinds]\norder = false"], "profile.default_kind must be one of the kinds, got 'order'"),
        (['[programme]\nclause = "十"\nends = "11-31"'], "programme.ends must be a month and a day"),
        (
            ['[certificates]\nclause = "十"\nsenor = 800'],
            "certificates.senor is not a known key; did you mean 'senior'",
        ),
        (['[hours]\nclause = "十"\nmin_recorded_s = 0'], "hours.min_recorded_s must be a number above 0, got 0"),
    ],
)
def test_what_does_not_fit_together_is_told(tmp_path, lines, problem):
    with pytest.raises(ProfileError) as raised:
        county(tmp_path, *lines)
    assert problem in str(raised.value)


def test_kinds_need_a_default(tmp_path):
    path = write(tmp_path, PARENT.replace('default_kind = "order"\n', ""), "province.toml")
    with pytest.raises(ProfileError, match=r"profile\.default_kind is missing: which kind"):
        load_profile(str(path))


LINES = PARENT.splitlines()
WHOLE = ("false", "[]", "{}", '"x"', "1", "[[]]")


@settings(deadline=None)
@given(st.integers(0, len(LINES) - 1), st.text(max_size=12) | st.sampled_from(WHOLE), st.booleans())
def test_a_garbled_parent_is_refused_or_read_but_never_crashes(tmp_path_factory, number, text, after_equals):
    folder = tmp_path_factory.getbasetemp()
    name, equals, _ = LINES[number].partition("=")
    line = f"{name}= {text}" if after_equals and equals else text
    write(
        folder,
        "\n".join([*LINES[:number], line, *LINES[number + 1 :]]).encode(errors="replace").decode(),
        "province.toml",
    )
    path = write(folder, HEAD + "[rules.noise]\nclause = '十'\n", "county.toml")
    with suppress(ProfileError):  # any other exception fails the test
        assert load_profile(str(path)).rules


@pytest.mark.parametrize("part", ["rules", "kinds", "manual", "subsidy", "sampling", "profile"])
@pytest.mark.parametrize("value", WHOLE)
def test_a_whole_part_of_the_wrong_type_is_told(tmp_path, part, value):
    write(tmp_path, PARENT, "province.toml")
    text = HEAD if part != "profile" else ""
    with pytest.raises(ProfileError) if value != "{}" else suppress(ProfileError):
        load_profile(str(write(tmp_path, f"{part} = {value}\n{text}", "county.toml")))


def test_tables_without_end_are_told(tmp_path):
    text = HEAD + f"[{'.'.join(['a'] * 3000)}]\nclause = 'x'\n"
    write(tmp_path, PARENT, "province.toml")
    with pytest.raises(ProfileError, match=r"without end|not valid TOML|not a known key"):
        load_profile(str(write(tmp_path, text, "county.toml")))


def test_all_faults_are_found_at_once(tmp_path):
    write(tmp_path, PARENT, "province.toml")
    lines = ('[rules.noise]\nlevle = "off"', "[retention]\nyears = 0", '[kinds.order]\ntitle.zh = "a"')
    read = read_profile(str(write(tmp_path, "\n".join((HEAD, *lines)), "county.toml")))
    assert read.profile is None
    told = [read.told(*fault).partition(": ")[2] for fault in read.faults]
    assert told == [
        "rules.noise.levle is not a known key; did you mean 'level'?",
        "kinds.order.title.en is missing",
        "kinds.order.clause is missing",
        "retention.years must be a number above 0, got 0",
        "retention.clause is missing",
    ]
    assert read.sound is not None
    assert list(read.sound.rules) == ["resolution", "noise"]
