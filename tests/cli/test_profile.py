from pathlib import Path

import pytest

from vidaudit.cli import _run
from vidaudit.judge.catalogue import RULES
from vidaudit.profile import available_profiles

COUNTY = """\
[profile]
id = "my-county"
extends = "huguan-2024"
title.zh = "我县"
title.en = "My county"
document = "我县〔2026〕1号"

[rules.resolution]
clause = "三"
parameters.min_width_px = { value = 1280, source = "三: 1280*768" }
"""


def profile(*arguments: str | Path) -> int:
    return _run(["profile", *map(str, arguments)])


@pytest.fixture
def county(tmp_path: Path) -> Path:
    (tmp_path / "county.toml").write_text(COUNTY, encoding="utf-8")
    return tmp_path / "county.toml"


def test_list_names_every_profile_with_its_document(capsys) -> None:
    assert profile("list") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in available_profiles())
    assert "岚技能办发〔2022〕2号" in said
    assert profile("list", "--lang", "en") == 0
    assert "Training for industrial clusters" in capsys.readouterr().out


@pytest.mark.parametrize("name", available_profiles())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_names_every_rule(name: str, lang: str, capsys) -> None:
    assert profile("show", name, "--lang", lang) == 0
    said = capsys.readouterr().out
    assert all(f"{rule.id} {rule.slug}  " in said for rule in RULES)
    assert "☐" in said
    assert "profile_" not in said
    assert "reason_" not in said


def test_show_gives_thresholds_with_sources_of_the_kind_that_is_asked_for(capsys) -> None:
    assert profile("show", "huguan-2024") == 0
    assert "min_width_px = 1024    # 附件4 三(3)" in capsys.readouterr().out
    assert profile("show", "huguan-2024", "--kind", "企业职工技能培训") == 0
    said = capsys.readouterr().out
    assert "min_width_px" not in said
    assert "PIC001 resolution  分辨率  不查  壶技能办发〔2024〕1号 三(二)" in said


def test_check_of_a_sound_file(county: Path, capsys) -> None:
    assert profile("check", county, "--lang", "en") == 0
    assert capsys.readouterr() == ("my-county: nothing wrong.\n", "")


def test_check_names_the_rules_that_take_no_part(capsys) -> None:
    assert profile("check", "shanxi-2022") == 0
    said = capsys.readouterr().out
    assert "PIC001 resolution" in said
    assert "ROS001" not in said


def test_check_lists_every_fault_in_the_order_of_the_lines(county: Path, capsys) -> None:
    text = COUNTY.replace("min_width_px", "min_widht_px").replace("title.en", "title.fr")
    county.write_text(text + '[rules.noisy]\nlevel = "of"\nclause = "四"\n', encoding="utf-8")
    assert profile("check", county) == 2
    said = capsys.readouterr().err.splitlines()
    assert said == [
        f"{county}, line 4: profile.title.en is missing",
        f"{county}, line 5: profile.title.fr is not a known key",
        f"{county}, line 10: rules.resolution.parameters.min_widht_px is unknown; did you mean 'min_width_px'?",
        f"{county}, line 12: rules.noisy.level must be one of require, advise, off, got 'of'; did you mean 'off'?",
    ]


def test_check_lists_faults_of_every_sort_at_once(county: Path, capsys) -> None:
    """Of the form of a table, between tables, of rules and of a kind's rules: none hides another."""
    text = COUNTY.replace("min_width_px", "min_widht_px").replace('title.en = "My county"\n', 'notice = "no.docx"\n')
    county.write_text(
        text
        + '[rules.noise]\nlevel = "of"\n'
        + '[rules.noisy]\nlevel = "off"\nclause = "四"\n'
        + '[rules.retention]\nparameters.years = { value = 9, source = "四" }\n'
        + '[kinds.project.rules.resolution]\nparameters.min_height_px = { value = -1, source = "五" }\n'
        + '[kinds.order]\nonly = ["nois"]\n',
        encoding="utf-8",
    )
    assert profile("check", county) == 2
    said = capsys.readouterr().err
    lines = [line.split(": ", 1)[1] for line in said.splitlines() if line.startswith(f"{county}, line")]
    assert [line.split(" ", 1)[0] for line in lines] == [
        "profile.title.en",
        "rules.resolution.parameters.min_widht_px",
        "rules.noise.level",
        "rules.noisy",
        "rules.retention.clause",
        "rules.retention.level",
        "rules.retention.parameters.years",
        "kinds.project.clause",
        "kinds.project.title",
        "kinds.project.rules.resolution.parameters.min_height_px",
        "kinds.order.clause",
        "kinds.order.title",
        "kinds.order.only",
    ]
    assert "no.docx" in said


def test_check_knows_the_rules(county: Path, capsys) -> None:
    county.write_text(COUNTY.replace("value = 1280", "value = -1") + '[rules.noisy]\nlevel = "off"\nclause = "四"\n')
    assert profile("check", county) == 2
    said = capsys.readouterr().err.splitlines()
    assert (
        said[0] == f"{county}, line 10: rules.resolution.parameters.min_width_px must be a number of at least 0, got -1"
    )
    assert said[1] == f"{county}, line 11: rules.noisy is unknown; did you mean 'noise'?"
    assert len(said) == 2


def test_check_of_a_file_that_is_no_toml(county: Path, capsys) -> None:
    county.write_text("[profile", encoding="utf-8")
    assert profile("check", county) == 2
    assert "not valid TOML" in capsys.readouterr().err


def test_diff_shows_what_changes(county: Path, capsys) -> None:
    assert profile("diff", "huguan-2024", county) == 0
    assert capsys.readouterr().out.splitlines() == [
        "PIC001 resolution  分辨率",
        "  - 必查  壶技能办发〔2024〕1号 附件4 三(3)",
        "  + 必查  我县〔2026〕1号 三",
        "  - min_width_px = 1024    # 附件4 三(3): 分辨率不低于1024*768",
        "  + min_width_px = 1280    # 三: 1280*768",
    ]


def test_diff_of_one_with_itself(capsys) -> None:
    assert profile("diff", "huguan-2024", "huguan-2024", "--lang", "en") == 0
    assert capsys.readouterr().out == "No difference.\n"


def test_diff_by_kind(capsys) -> None:
    assert profile("diff", "shanxi-2023", "huguan-2024", "--kind", "company") == 0
    said = capsys.readouterr().out
    assert "ROS001" in said
    assert "PIC001" not in said
    assert profile("diff", "shanxi-2023", "huguan-2024", "--kind", "general") == 2
    assert "没有培训类型 'general'" in capsys.readouterr().err


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("command", [["show"], ["check"], ["diff", "huguan-2024"]])
def test_an_unknown_profile_is_told(command: list[str], capsys) -> None:
    assert profile(*command, "huguan-2042") == 2
    assert "did you mean 'huguan-2024'" in capsys.readouterr().err
