"""`vidaudit people`: say by hand who is who in a class's report; the class is judged again at once."""

import datetime as dt
import getpass
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vidaudit.cli.common import lang_option, profile_option, read_notice, report_context, show_outcomes
from vidaudit.errors import UsageError

if TYPE_CHECKING:
    from vidaudit.model.decision import DecisionLog
    from vidaudit.model.evidence import ClassEvidence
    from vidaudit.run.decisions import Maker


@click.command("people")
@click.argument("report", metavar="CLASS_REPORT_DIR", type=click.Path(path_type=Path))
@click.option("--merge", metavar="N,N...", help="这些号是同一人 / these numbers are one person: 3,5")
@click.option(
    "--split",
    metavar="N:CLIP|DAY",
    help="此号在该视频或该日是另一人 / there this number is somebody else: 4:5月21日",
)
@click.option("--undo", metavar="N", type=int, help="撤销第 N 项决定 / take decision N back")
@click.option("--list", "is_list", is_flag=True, help="列出人员和决定 / list the persons and the decisions")
@profile_option
@lang_option
@click.option("--quiet", is_flag=True, help="只报错误 / say nothing but errors")
def command(
    report: Path,
    merge: str | None,
    split: str | None,
    undo: int | None,
    is_list: bool,
    profile_id: str,
    lang: str,
    quiet: bool,
) -> int:
    """人工决定谁是谁：合并被当成两人的同一人，或分开被当成一人的两人，然后重新判定该班。

    CLASS_REPORT_DIR 是该班的报告文件夹（--out 下的子文件夹）。

    Merges numbers that are one person, or splits one that is two, and judges the class again. CLASS_REPORT_DIR is the
    class's report folder below the --out of the scan. Decisions are kept in decisions.json there; without any option
    they are listed with the persons.
    """
    from vidaudit.report.people_list import people_lines
    from vidaudit.run.decisions import decided, decisions_of, read_decisions
    from vidaudit.run.rejudge import check_report
    from vidaudit.run.stored import load_evidence

    report = report.resolve()
    check_report(report)
    log = decisions_of(report)
    evidence = decided(load_evidence(report), read_decisions(report))
    actions = [action for action in (merge, split, undo) if action is not None]
    if len(actions) > 1:
        raise UsageError("Give one of --merge, --split and --undo at a time.")
    code = 0
    if actions:
        changed = _changed(evidence, log, merge, split, undo)
        code = _judge_again(report, changed, profile_id, lang, is_quiet=quiet or is_list)
        evidence = decided(load_evidence(report), read_decisions(report))
    if is_list or not actions:
        for line in people_lines(evidence, lang):
            click.echo(line)
    return code


def _changed(
    evidence: "ClassEvidence", log: "DecisionLog", merge: str | None, split: str | None, undo: int | None
) -> "DecisionLog":
    from vidaudit.run.decisions import with_merge, with_split, with_undo

    if merge is not None:
        return with_merge(evidence, log, _numbers(merge), _maker())
    if split is not None:
        number, _, where = split.partition(":")
        if not number.isdecimal() or not where:
            raise UsageError(f"--split takes a number and a clip or a day, as in 4:5月21日; got {split!r}.")
        return with_split(evidence, log, int(number), where, _maker())
    assert undo is not None
    return with_undo(log, undo, _maker())


def _numbers(text: str) -> list[int]:
    parts = re.split(r"[,，、]", text)
    if not all(part.strip().isdecimal() for part in parts):
        raise UsageError(f"--merge takes numbers with commas between them, as in 3,5; got {text!r}.")
    return [int(part) for part in parts]


def _maker() -> "Maker":
    from vidaudit.run.decisions import Maker

    try:
        who = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name in the environment, and none in the system
        who = "unknown"
    return Maker(who=who, when=dt.datetime.now().astimezone().replace(microsecond=0))


def _judge_again(report: Path, log: "DecisionLog", profile_id: str, lang: str, *, is_quiet: bool) -> int:
    from vidaudit.judge.catalogue import bind
    from vidaudit.profile import load_profile
    from vidaudit.run.codec import to_json
    from vidaudit.run.outcome import exit_code
    from vidaudit.run.output import output_folder
    from vidaudit.run.publish import Publisher
    from vidaudit.run.rejudge import check_report, rejudge_one

    profile, context = load_profile(profile_id), report_context(lang)
    check_report(report, profile.id)
    notice = read_notice(None, profile)
    publisher = Publisher(out=report.parent, profile=profile, context=context, notice=notice)
    with output_folder(report.parent):
        result = rejudge_one(report, publisher, bind(profile), to_json(log))
    if not is_quiet:
        show_outcomes(result.outcomes, report.parent, context, result.loose, profile)
    return exit_code([outcome.verdict.status for outcome in result.outcomes], result.loose)
