"""Whether the roster is of the class it lies with, by school, trade and period. Only what is certain is told."""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from vidaudit.judge.findings import to_review
from vidaudit.model.evidence import ClassEvidence
from vidaudit.model.roster import Roster
from vidaudit.model.submission import DayFolder
from vidaudit.model.verdict import Finding

_PLACES = re.compile(r"^(?:.{2,3}?[省市县区乡镇村])+")
_SCHOOL_WORDS = re.compile("职业|技能|技术|培训|学校|学院|中心|有限|责任|公司|教育|科技|咨询|服务|机构|民办|职校|分校")
# Without a number before it only a word for those who work ends a trade: 壶关班 names none.
_COURSES = (
    re.compile("期(?P<course>[^期]+?)(?:培训)?班"),
    re.compile("(?P<course>[^年期]+[员师工手])(?:培训|技能|提升)*班"),
)
_COURSE_WORDS = re.compile(
    r"20\d\d年?|第?[\d一二三四五六七八九十]+期|职业|技能|提升|行动|培训|学员|初级|中级|高级|技师|等级|专项|能力|"
    r"农民工|企业|职工|员工|就业|创业|项目制?|订单式?|定向式?|普惠制?|产业集群|岗前|岗位|特种作业|操作|人员|服务|"
    r"技术|管理|脱贫|劳动力|人口|乡村|振兴|班|[第一二三四五六七八九十员师工制a-z\d]"
)
# What a column 职业 may hold when it says what people live from, not what they are taught.
_NO_TRADES = re.compile("农民|务农|无业|待业|失业|务工|打工|个体|自由|学生|职工|工人|员工|家务|居民|村民|其他|不限|无")
_OTHER_NAMES: Final = (("月嫂", "母婴护理"), ("保姆", "家政"), ("厨", "烹调"))
_FEWEST_CHARACTERS = 3  # of a school's name that can be told from another
_SATURDAY = 5

CLASS_CODES: Final = {
    "school-differs": ("file", "named", "found"),
    "trade-differs": ("file", "named", "found"),
    "period-differs": ("file", "first_date", "last_date", "dates"),
    "fewer-days": ("file", "first_date", "last_date", "named_days", "found_days"),
}
"""The codes of `differences`, with the names of their values."""


def differences(evidence: ClassEvidence, roster: Roster) -> Iterator[Finding]:
    """What the roster says of its class that can't be true of this one; all of it is for a person."""
    folder = evidence.folder
    if roster.school and folder.institution and is_other_school(roster.school, folder.institution):
        yield to_review("school-differs", {"file": roster.file, "named": roster.school, "found": folder.institution})
    for named in dict.fromkeys(_named_trades(roster)):
        if folder.class_name and is_other_trade(named, folder.class_name):
            yield to_review("trade-differs", {"file": roster.file, "named": named, "found": folder.class_name})
    yield from _check_period(evidence, roster)


def is_other_school(first: str, second: str) -> bool:
    """Whether two names can't be of one school: neither abbreviates the other, and nothing of their own is shared."""
    one, other = _dense(first), _dense(second)
    if min(len(one), len(other)) < _FEWEST_CHARACTERS or _abbreviates(one, other) or _abbreviates(other, one):
        return False
    cores = [_SCHOOL_WORDS.sub("", _PLACES.sub("", name)) for name in (one, other)]
    if min(map(len, cores)) < 2:
        cores = [_SCHOOL_WORDS.sub("", name) for name in (one, other)]
    pairs = [{core[at : at + 2] for at in range(len(core) - 1)} for core in cores]
    return all(pairs) and pairs[0].isdisjoint(pairs[1])


def is_other_trade(named: str, class_name: str) -> bool:
    """Whether what a roster calls the trade shares no character with that of the class, usual words left out."""
    course = _course(class_name)
    one, other = _trade(named), _trade(course or "")
    return bool(one and other) and one.isdisjoint(other)


def _course(text: str) -> str | None:
    """What a class is about, by its name; None where that can't be told."""
    found = (pattern.search(unicodedata.normalize("NFKC", text)) for pattern in _COURSES)
    return next((match["course"] for match in found if match), None)


def _trade(text: str) -> set[str]:
    for name, usual in _OTHER_NAMES:
        text = text.replace(name, usual)
    return set(_COURSE_WORDS.sub("", _PLACES.sub("", _dense(text))))


def _named_trades(roster: Roster) -> Iterator[str]:
    """The course in the roster's title, and the trade that most of its rows name."""
    course = _COURSES[0].search(roster.title or "")
    if course:
        yield course["course"]
    filled = Counter(one.occupation for one in roster.trainees if one.occupation)
    for name, rows in filled.most_common(1):
        if rows * 2 > filled.total() and not _NO_TRADES.search(name):
            yield name


def _dense(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


def _abbreviates(short: str, long: str) -> bool:
    """Whether all characters of the one stand in the other, in this order."""
    rest = iter(long)
    return all(char in rest for char in short)


def _check_period(evidence: ClassEvidence, roster: Roster) -> Iterator[Finding]:
    """Days off are free: of a span only Mondays to Fridays are expected. Where there is a plan, that one counts."""
    named, days = _named_days(roster), evidence.folder.days
    if not named or not days:
        return
    period = {"file": roster.file, "first_date": named[0].isoformat(), "last_date": named[-1].isoformat()}
    undated = sum(day.date is None for day in days)
    found = sum(_is_there(date, days) for date in named)
    if not found and not undated:
        yield to_review("period-differs", {**period, "dates": tuple(day.date.isoformat() for day in days if day.date)})
        return
    expected = sum(bool(roster.training_dates) or date.weekday() < _SATURDAY for date in named)
    has_plan = evidence.dossier is not None and evidence.dossier.days
    if not has_plan and found + undated < expected:
        yield to_review("fewer-days", {**period, "named_days": expected, "found_days": found + undated})


def _named_days(roster: Roster) -> Sequence[dt.date]:
    if roster.training_span is None:
        return sorted(roster.training_dates)
    first, last = roster.training_span
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def _is_there(date: dt.date, days: Sequence[DayFolder]) -> bool:
    return any(day.is_on(date) for day in days)
