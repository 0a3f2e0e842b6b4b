"""`vidaudit profile`: which regulations there are, what one asks for, whether a file is right, what two differ in."""

from typing import TYPE_CHECKING

import click

from vidaudit.cli.common import kind_id, kind_option, lang_option, read_notice

if TYPE_CHECKING:
    from vidaudit.profile import ReadProfile

_WRONG = 2


@click.group("profile")
def command() -> None:
    """查看、检查和比较判定标准。

    Lists, shows, checks and compares profiles: one TOML file per regulation.
    """


@command.command("list")
@lang_option
def list_(lang: str) -> int:
    """列出自带的判定标准 / the profiles that come with vidaudit."""
    from vidaudit.profile import available_profiles, load_profile
    from vidaudit.report.profile_text import profile_line

    for name in available_profiles():
        click.echo(profile_line(load_profile(name), lang))
    return 0


@command.command("show")
@click.argument("profile_id", metavar="ID|FILE")
@kind_option
@lang_option
def show(profile_id: str, kind_name: str | None, lang: str) -> int:
    """列出每条规则的等级、条款、数值和出处 / every rule with level, clause, thresholds and sources."""
    from vidaudit.judge.catalogue import bind
    from vidaudit.profile import load_profile
    from vidaudit.report.profile_text import profile_lines

    profile = load_profile(profile_id)
    bind(profile)
    for line in profile_lines(profile, _rule_ids(), lang, kind_id(profile, kind_name)):
        click.echo(line)
    return 0


@command.command("check")
@click.argument("profile_id", metavar="FILE|ID")
@lang_option
def check(profile_id: str, lang: str) -> int:
    """检查判定标准文件，一次列出全部错误 / everything that is wrong with a file, with line and nearest right key."""
    from vidaudit.judge.catalogue import rule_faults, unnamed_rules
    from vidaudit.profile import read_profile
    from vidaudit.report.messages import catalogue

    words = catalogue(lang)
    read = read_profile(profile_id)
    later = () if read.sound is None else rule_faults(read.sound)
    faults = (*read.faults, *(fault for fault in later if read.is_new(fault)))
    _tell(read, faults)
    if read.sound is not None:
        read_notice(None, read.sound)
    if read.profile is None or faults:
        return _WRONG
    click.echo(words.ui("profile_is_right", profile=read.profile.id))
    unnamed = unnamed_rules(read.profile)
    if unnamed:
        names = words.ui("list_separator").join(f"{rule.id} {rule.slug}" for rule in unnamed)
        click.echo(words.ui("profile_unnamed", number=len(unnamed), rule=names))
    return 0


@command.command("diff")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option(
    "--kind", "kind_name", metavar="KIND", help="比较哪一类培训 / the kind of training to compare the rules for"
)
@lang_option
def diff(one: str, other: str, kind_name: str | None, lang: str) -> int:
    """逐条列出两个判定标准的不同 / what changes from A to B, rule by rule."""
    from vidaudit.profile import load_profile
    from vidaudit.report.messages import catalogue
    from vidaudit.report.profile_diff import difference_lines

    first, second = load_profile(one), load_profile(other)
    kind = kind_id(first, kind_name)
    if kind is not None:
        kind_id(second, kind)
    lines = list(difference_lines(first, second, _rule_ids(), lang, kind))
    for line in lines or [catalogue(lang).ui("profile_alike")]:
        click.echo(line)
    return 0


def _tell(read: "ReadProfile", faults: "tuple[tuple[tuple[str, ...], str], ...]") -> None:
    """The faults by file and line, each once."""
    for _, told in sorted({(read.position(key, problem), read.told(key, problem)) for key, problem in faults}):
        click.echo(told, err=True)


def _rule_ids() -> dict[str, str]:
    from vidaudit.judge.catalogue import RULES

    return {rule.slug: rule.id for rule in RULES}
