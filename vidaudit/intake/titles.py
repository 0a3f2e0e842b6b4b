"""Institution and class, written without anything between them: 长治市示例职业培训学校2024年第1期育婴员培训班."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vidaudit.intake.numerals import fold

# What may stand between two parts of a name.
JOINTS = " \t\u3000\u00a0-_—–.、,，。·+~～:：;；"
_OPENING = "([{<《【（「"
_ENDINGS = re.compile(
    "学校|学院|中心|公司|机构|集团|基地|大学|中学|技校|分校|协会|商会|联合会|合作社|工作室|研究所|事务所|培训部|俱乐部"
)
# Single characters end a name too, but also stand in words (社区, 校车): they count only where nothing better is.
_WEAK_ENDINGS = re.compile("(?:(?<![学技分])[院校]|(?<!合作)社|厂)(?![区会园车长线])")
_SERIES_ONLY = re.compile(rf"^(?:20\d\d年?)?(?:[(（]?第?[0-9一二三四五六七八九十]+期[)）]?)?[{re.escape(JOINTS)}]*$")
_SERIES = re.compile(r"[(（]?(?:20\d\d|第|[0-9一二三四五六七八九十]+期)")
# What a class may be called after: the word ends no institution where another one before it does.
_TRADES = re.compile(
    "学校(?:保安|安保|安全|食堂|后勤|管理|宿管|教师|卫生|心理)|(?:公司|集团)(?:职员|员工|文员|管理|财务|高管)|"
    "合作社(?:负责人|理事长|社员|经理|带头人|管理|财务|辅导员)|基地(?:管理|负责人)|(?:协会|商会)(?:秘书|会员|管理)"
)
# Behind a known name these make it another, longer one.
_CONTINUED = ("有限", "股份", "集团", "分校", "分公司")
_QUOTES = "\"'“”‘’„‟「」『』《》〈〉＂＇"
_QUOTED = re.compile(rf"[{_QUOTES}](?P<inside>[^{_QUOTES}]+)[{_QUOTES}](?P<behind>.*)", re.DOTALL)
_GAP = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")


@dataclass(frozen=True, kw_only=True)
class Title:
    """Institution and class as a name gives them, and how it differs from writing them side by side.

    `codes` hold `unsplit` where there is a class and perhaps an institution before it: only a person can tell.
    """

    institution: str | None
    class_name: str | None
    codes: frozenset[str] = frozenset()


def without_spaces(text: str) -> str:
    """The text without the spaces that are none in Chinese; between Latin words they stay."""
    return _GAP.sub("", text)


def split_title(text: str, *, institution: str | None = None, class_name: str | None = None) -> Title:
    """Split what stands before the date.

    Args:
        text: institution and class.
        institution: the school, where it is known.
        class_name: the class, where it is known.

    Returns:
        Both parts; the institution None where it can't be told where it ends, then the class is the whole text.
    """
    bare = text.strip(JOINTS).rstrip(JOINTS + _OPENING)
    codes = _edge_codes(text, bare)
    dense = without_spaces(bare)
    if dense != bare:
        codes.add("spaces")
    quoted = _QUOTED.fullmatch(dense)
    unquoted = quoted["inside"] + quoted["behind"] if quoted else dense.lstrip(_QUOTES)
    if unquoted != dense:
        codes.add("quotes")
        dense = unquoted
    at = _split_at(dense, institution, class_name)
    if at is None:
        if "班" in dense and not _SERIES.match(fold(dense)):
            codes.add("unsplit")
        return Title(institution=None, class_name=dense or None, codes=frozenset(codes))
    left, right = dense[:at].rstrip(JOINTS), dense[at:].lstrip(JOINTS)
    codes |= _edge_codes(dense, left + right)
    return Title(institution=left, class_name=right, codes=frozenset(codes))


def _edge_codes(text: str, bare: str) -> set[str]:
    removed = text.replace(bare, "", 1) if bare in text else "".join(set(text) - set(bare))
    codes = {"spaces"} if any(char.isspace() for char in removed) else set()
    codes |= {"brackets"} if any(char in _OPENING for char in removed) else set()
    codes |= {"separator"} if any(char in JOINTS and not char.isspace() for char in removed) else set()
    return codes


def _split_at(text: str, institution: str | None, class_name: str | None) -> int | None:
    folded = fold(text)
    known = fold(without_spaces(institution)) if institution else ""
    if known and folded.startswith(known) and _is_rest(folded[len(known) :]):
        return len(known)
    ends = _without_trades(folded, list(_between(_ENDINGS, folded)))
    weak = [match.end() for match in _between(_WEAK_ENDINGS, folded)]
    course = fold(without_spaces(class_name)) if class_name else ""
    if course == folded:
        return None
    at = len(folded) - len(course)
    if course and at > 0 and folded.endswith(course) and (at in ends or at in weak or not ends):
        return at
    before_series = [end for end in sorted({*ends, *weak}) if _SERIES.match(folded[end:].lstrip(JOINTS))]
    for candidates in (before_series, ends, weak):
        if candidates:
            return candidates[-1]
    return None


def _between(endings: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The endings with a name before them and a class behind: 学校保安员班 is no class of a school called 学校."""
    for match in endings.finditer(text):
        if _SERIES_ONLY.sub("", text[: match.start()]) and _names_class(text[match.end() :]):
            yield match


def _without_trades(text: str, ends: Sequence[re.Match[str]]) -> list[int]:
    """Where the endings end, but for those that begin the class: 示例学校 学校保安员班, 示例学校 合作社社员班."""
    kept = [
        match.end()
        for match in ends
        if not _TRADES.match(text, match.start()) and not text[: match.start()].endswith(match[0])
    ]
    return kept or [match.end() for match in ends[:1]]


def _is_rest(rest: str) -> bool:
    return bool(rest.strip(JOINTS)) and not rest.startswith(_CONTINUED)


def _names_class(rest: str) -> bool:
    return "班" in rest and not rest.startswith(("班", *_CONTINUED))
