"""What is told at the terminal, in the language asked for."""

import re
from pathlib import Path

import click
import pytest

from tests.run.submissions import make_class
from vidaudit.cli import _run
from vidaudit.cli.said import language, translated
from vidaudit.report.po import read_tables

ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]+ [A-Za-z]+")


@pytest.mark.parametrize(
    ("arguments", "default", "expected"),
    [
        ([], None, "zh"),
        ([], "en", "en"),
        ([], "fr", "zh"),
        (["scan", "--lang", "en"], None, "en"),
        (["scan", "--lang=en", "--nonsense"], None, "en"),
        (["scan", "--lang", "en", "--lang", "zh"], None, "zh"),
        (["scan", "--lang", "zh"], "en", "zh"),
        (["scan", "--lang"], "en", "zh"),
    ],
)
def test_the_language_however_wrong_the_rest_is(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], default: str | None, expected: str
) -> None:
    if default:
        monkeypatch.setenv("VIDAUDIT_LANG", default)
    assert language(arguments) == expected


WRONG = [
    ("scna", "没有命令 'scna'"),
    ("registry lst", "您是不是要用 'list'"),
    ("--nonsense", "没有选项 '--nonsense'"),
    ("scan", "缺少参数 PATH..."),
    ("fix x", "缺少选项 '--out'"),
    ("judge a b", "多了一个参数：b"),
    ("judge a b c", "多了几个参数：b c"),
    ("scan x --out", "选项 '--out' 后面要有值"),
    ("scan x --quiet=1", "选项 '--quiet' 后面不能有值"),
    ("scan x --jobs 0", "0 不在允许的范围内：x>=1"),
    ("scan x --jobs two", "'two' 不是整数"),
    ("scan x --engine cloud", "'cloud' 不在可选值之中：'local', 'dask'"),
    ("retention x --today soon", "'soon' 不符合格式 '%Y-%m-%d'"),
    ("scan x --jbos 1", "您是不是要用 '--jobs'"),
    ("verify", "请给出要核对的文件夹"),
    ("judge nowhere", "nowhere 不是文件夹"),
    ("scan nowhere --no-registry", "nowhere 处什么也没有"),
    ("profile show huguan", "没有判定标准 'huguan'"),
    ("scan x --engine dask", "要有 --scheduler"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[one for one, _ in WRONG])
def test_wrong_usage_in_chinese(
    arguments: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(arguments.split()) == 2
    told = capsys.readouterr().err
    assert said in told
    assert ENGLISH.search(told.replace("vidaudit verify OUT", "")) is None


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "花名册 名单.csv 不能用（找不到表头）"), ("en", "can't be used (no header row found)")]
)
def test_codes_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str) -> None:
    make_class(tmp_path / "disc", clip=None)
    (tmp_path / "名单.csv").write_text("一,二\n三,四\n", encoding="utf-8")
    options = ["--roster", tmp_path / "名单.csv", "--out", tmp_path / "out", "--lang", lang]
    assert _run(["scan", *map(str, [tmp_path / "disc", *options])]) == 2
    assert said in capsys.readouterr().err


def test_a_sentence_that_is_not_in_the_catalogue_stays() -> None:
    assert translated("Something that nobody foresaw: {x}", "zh") == "Something that nobody foresaw: {x}"


def test_what_is_named_is_told_as_it_is() -> None:
    path = "a {message} (b), ‘c’\n{0} can't be read. d"
    assert translated(f"There is nothing at {path}. Check the path, or whether the disc is in the drive.", "zh") == (
        f"{path} 处什么也没有。请检查路径，或光盘是否在光驱中。"
    )


def test_in_english_only_codes_change() -> None:
    for template, said in read_tables("en")["errors"].items():
        assert said == template


def test_every_sentence_of_click_is_one_that_click_says() -> None:
    """Another version may say it otherwise, and then it would stay English."""
    source = "".join(file.read_text(encoding="utf-8") for file in Path(click.__file__).parent.glob("*.py"))
    for begin in (
        "Missing argument",
        "No such option",
        "is not in the range",
        "requires an argument",
        "Got unexpected",
    ):
        assert begin in source
        assert any(begin in template for template in read_tables("en")["errors"])
