"""The prescribed clip names (Huguan 2024, annex 4, three (1) and (2)): read, judged for exactness, and made.

    XX机构XX培训班X月X日课间人脸识别视频1   and 2       a face clip
    XX机构XX培训班X月X日授课过程                        a lecture clip; a number follows where a day has several

Near misses are understood: what is meant is read, and how it differs is told as codes (`ClipName.differences`).
"""

import re
import unicodedata
from dataclasses import dataclass

from vidaudit.intake.dates import find_weekday, is_possible
from vidaudit.intake.kinds import VIDEO_EXTENSIONS, plain_ending
from vidaudit.intake.numerals import CHINESE_NUMBER, NUMBER, fold, fold_width, to_int
from vidaudit.intake.printable import printable
from vidaudit.intake.titles import JOINTS, Title, split_title, without_spaces
from vidaudit.model.submission import ClipKind, ClipName

WORDING = {ClipKind.FACE: "课间人脸识别视频", ClipKind.LECTURE: "授课过程"}
FACE_NUMBERS = (1, 2)
MAX_NAME_BYTES = 255  # of ext4, of UDF and, for Chinese text, well within NTFS

_CODES = (
    *("full-width", "chinese-number", "spaces", "brackets", "quotes", "case", "separator", "zero-padded", "year"),
    *("number-padded", "number-missing", "number-unexpected", "wording", "extension", "unsplit", "unparsed"),
)
_FACE_WORDS = re.compile("人脸|脸部|面部|课间")
_LECTURE_WORDS = re.compile("授课|上课|讲课|教学|课堂|听课")
_WORDS = re.compile(f"{_FACE_WORDS.pattern}|{_LECTURE_WORDS.pattern}")
_UNIT_DATE = re.compile(rf"(?:(?P<y>{NUMBER})\s*年\s*)?(?P<m>{NUMBER})\s*月\s*(?P<d>{NUMBER})\s*(?P<unit>[日号])?")
_OTHER_DATES = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s*[-._/]\s*(?P<m>\d{1,2})\s*[-._/]\s*(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*[-._/]\s*(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
)
_COPY_AFTER = re.compile(
    r"(?:\s*[-_]*\s*[(（]?(?:副本|复件|复制|拷贝|copy)(?:\s*[(（]?\d+[)）]?)?[)）]?)+\s*$|(?<=\d)\s*[(（]\d+[)）]\s*$",
    re.IGNORECASE,
)
_COPY_BEFORE = re.compile(
    r"^\s*(?:(?:副本|复件|copy of)\s*(?:[(（]\d+[)）])?|\d{1,3}\s*[.、_](?!\d))\s*", re.IGNORECASE
)
_BRACKETS = re.compile(r"[()\[\]{}<>《》〈〉【】「」『』〔〕]")
_SEPARATORS = re.compile(r"[-_—–.、,。·+~:;]")
_LAST_CHINESE_NUMBER = re.compile(rf"({CHINESE_NUMBER})\s*[)\]】》]?\s*(?:段|节|号|次|部分|个)?\s*[)\]】》]?\s*$")
_MEASURES = re.compile(r"\d+\s*(?:分钟|分|秒|小时|[pPkK](?![a-zA-Z])|min)|(?!0+[1-9](?!\d))\d{3,}")
_PADDED_NUMBER = re.compile(r"(?<!\d)0+[1-9]\d*$")
_HALVES = ((re.compile(r"上午|早上|\bam\b", re.IGNORECASE), 1), (re.compile(r"下午|\bpm\b", re.IGNORECASE), 2))
_WEEKDAY_CHARS = 6  # behind the date: a weekday, perhaps in brackets
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True, kw_only=True)
class _Day:
    """Where the date stands in the stem, and what it says."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    codes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """A stem cut up: the title (institution and class), and the wording with its number."""

    title: str
    wording: str
    codes: frozenset[str]


def parse_clip_name(name: str, *, institution: str | None = None, class_name: str | None = None) -> ClipName:
    """What a clip's file name says.

    Args:
        name: the file name as the operating system gives it.
        institution: the school, where it is known: then the title is split behind it.
        class_name: the class, where it is known: helps to split where the school's name has no usual ending.
    """
    text, codes = _visible(name)
    stem, ending_codes = _without_extensions(text)
    stem, copy_codes = _without_copy_marks(stem)
    day = _find_day(stem)
    parts = _cut(stem, day)
    kind = _kind(parts.wording)
    title = split_title(parts.title, institution=institution, class_name=class_name)
    number, number_codes = _number(parts.wording, kind)
    codes |= ending_codes | copy_codes | parts.codes | title.codes | number_codes
    codes |= _wording_codes(parts.wording, kind, number) | (day.codes if day else {"unparsed"})
    if "班" not in (title.class_name or "") or (title.institution is None and "unsplit" not in codes):
        codes |= {"unparsed"}
    if kind is ClipKind.OTHER:
        codes = frozenset({"unparsed"})
    if codes <= {"unsplit"} and day and not _is_exact(text, title, day, kind, number):
        codes |= {"wording"}
    return ClipName(
        institution=_shown(title.institution),
        class_name=None if kind is ClipKind.OTHER and not title.institution else _shown(title.class_name),
        year=day.year if day else None,
        month=day.month if day else None,
        day=day.day if day else None,
        kind=kind,
        number=number,
        prescribed=not codes,
        differences=tuple(code for code in _CODES if code in codes),
        weekday=find_weekday(stem[day.end : day.end + _WEEKDAY_CHARS]) if day else None,
    )


def format_clip_name(
    *, institution: str, class_name: str, month: int, day: int, kind: ClipKind, number: int | None = None
) -> str:
    """The prescribed file name, ending in `.mp4`; KeyError for a kind that has none (`OTHER`)."""
    return f"{institution}{class_name}{month}月{day}日{WORDING[kind]}{'' if number is None else number}.mp4"


def suggest_name(
    *, institution: str, class_name: str, month: int, day: int, kind: ClipKind, number: int | None = None
) -> str | None:
    """The prescribed file name, or None where these parts can't make one that reads back as the same parts."""
    if kind not in WORDING:
        return None
    name = format_clip_name(
        institution=institution, class_name=class_name, month=month, day=day, kind=kind, number=number
    )
    if _FORBIDDEN.search(name) or len(name.encode("utf-8", "replace")) > MAX_NAME_BYTES:
        return None
    read = parse_clip_name(name, institution=institution, class_name=class_name)
    meant = (institution, class_name, month, day, kind, number)
    is_same = (read.institution, read.class_name, read.month, read.day, read.kind, read.number) == meant
    return name if read.prescribed and is_same else None


def _is_exact(text: str, title: Title, day: _Day, kind: ClipKind, number: int | None) -> bool:
    """The last word on `prescribed`: the parts written in the prescribed way give this very name."""
    return text == format_clip_name(
        institution=title.institution or "",
        class_name=title.class_name or "",
        month=day.month,
        day=day.day,
        kind=kind,
        number=number,
    )


def _shown(text: str | None) -> str | None:
    return None if text is None else printable(text)


def _visible(name: str) -> tuple[str, frozenset[str]]:
    """The name without characters that don't show; they make it differ from the prescribed one all the same."""
    composed = unicodedata.normalize("NFC", name)
    text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in composed)
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return text, frozenset() if text == composed else frozenset({"wording"})


def _without_extensions(name: str) -> tuple[str, frozenset[str]]:
    endings, stem = [], name
    while True:
        head, point, last = plain_ending(stem).rpartition(".")
        if not point or not head or last.strip().lower() not in VIDEO_EXTENSIONS:
            break
        endings.append(stem[len(head) + 1 :])
        stem = stem[: len(head)]
    codes = set()
    written = name[len(stem) :]
    is_meant = [plain_ending(ending).strip().lower() for ending in endings] == ["mp4"]
    if not is_meant or plain_ending(written) != fold_width(written):
        codes.add("extension")
    if fold_width(written) != written:
        codes.add("full-width")
    if written != written.lower():
        codes.add("case")
    if written != written.strip():
        codes.add("spaces")
    return stem, frozenset(codes)


def _without_copy_marks(stem: str) -> tuple[str, frozenset[str]]:
    bare = _COPY_BEFORE.sub("", _COPY_AFTER.sub("", stem))
    return bare, frozenset() if bare == stem else frozenset({"wording"})


def _find_day(stem: str) -> _Day | None:
    """The last possible date; one without 月 is taken only in front of the wording."""
    text = fold(stem)
    for match in reversed(list(_UNIT_DATE.finditer(text))):
        found = _day_of(match, stem, _unit_codes(match))
        if found:
            return found
    words = list(_WORDS.finditer(text))
    limit = words[-1].end() if words else len(text)
    for pattern in _OTHER_DATES:
        for match in reversed(list(pattern.finditer(text, 0, limit))):
            found = _day_of(match, stem, {"wording"})
            if found:
                return found
    return None


def _day_of(match: re.Match[str], stem: str, codes: set[str]) -> _Day | None:
    year = to_int(match["y"]) if "y" in match.groupdict() and match["y"] else None
    year = year + 2000 if year is not None and year < 100 else year
    month, day = to_int(match["m"]), to_int(match["d"])
    if month is None or day is None or not is_possible(month, day, year):
        return None
    written = stem[match.start() : match.end()]
    codes = codes | _width_codes(written)
    if year is not None:
        codes.add("year")
    return _Day(start=match.start(), end=match.end(), year=year, month=month, day=day, codes=frozenset(codes))


def _unit_codes(match: re.Match[str]) -> set[str]:
    codes = set()
    numbers = [match["m"], match["d"]]
    if not all(number.isascii() for number in numbers):
        codes.add("chinese-number")
    if any(number.startswith("0") for number in numbers):
        codes.add("zero-padded")
    if match["unit"] != "日":
        codes.add("wording")
    return codes


def _width_codes(written: str) -> set[str]:
    """Codes for spaces, for full-width digits and letters, and for characters that only look the same."""
    codes = set()
    if any(char.isspace() for char in written):
        codes.add("spaces")
    changed = [folded for char, folded in zip(written, fold(written), strict=True) if char != folded]
    if any(char.isascii() and char.isalnum() for char in changed):
        codes.add("full-width")
    if any(not char.isascii() for char in changed):
        codes.add("wording")
    return codes


def _cut(stem: str, day: _Day | None) -> _Parts:
    """Title, date, wording in this order; any other order is a difference in wording."""
    before, after = (stem[: day.start], stem[day.end :]) if day else (stem, "")
    words_after, words_before = _WORDS.search(fold(after)), _WORDS.search(fold(before), before.rfind("班") + 1)
    codes: set[str] = set()
    if words_after and before.strip(JOINTS):
        title, wording = before, after
    elif words_after:
        title, wording, codes = after[: words_after.start()], after[words_after.start() :], {"wording"}
    elif words_before:
        title, wording, codes = before[: words_before.start()], before[words_before.start() :] + after, {"wording"}
    else:
        title, wording = before, after
    return _Parts(title=title, wording=wording, codes=frozenset(codes))


def _kind(wording: str) -> ClipKind:
    text = without_spaces(fold(wording))
    if _FACE_WORDS.search(text):
        return ClipKind.FACE
    return ClipKind.LECTURE if _LECTURE_WORDS.search(text) else ClipKind.OTHER


def _number(wording: str, kind: ClipKind) -> tuple[int | None, frozenset[str]]:
    """The clip's number; several different ones make none. 上午 and 下午 stand in for a missing 1 and 2."""
    text = _MEASURES.sub("", fold(wording))
    last = _LAST_CHINESE_NUMBER.search(text)
    written = re.findall(r"\d+", text) + ([last[1]] if last else [])
    numbers = {to_int(one) for one in written}
    if not written:
        numbers = {number for pattern, number in _HALVES if pattern.search(text)}
    number = next(iter(numbers)) if len(numbers) == 1 else None
    is_wrong = len(numbers) > 1 or number == 0 or (kind is ClipKind.FACE and number not in (None, *FACE_NUMBERS))
    if is_wrong:
        return number, frozenset({"number-unexpected"})
    is_missing = kind is ClipKind.FACE and number is None
    return number, frozenset({"number-missing"}) if is_missing else frozenset()


def _wording_codes(wording: str, kind: ClipKind, number: int | None) -> frozenset[str]:
    """How the wording and number differ; what no other code explains is `wording`."""
    codes = _width_codes(wording)
    text = without_spaces(fold(wording))
    for pattern, code in ((_BRACKETS, "brackets"), (_SEPARATORS, "separator")):
        if pattern.search(text):
            codes.add(code)
            text = pattern.sub("", text)
    last = _LAST_CHINESE_NUMBER.search(text)
    if last and number is not None and to_int(last[1]) == number:
        codes.add("chinese-number")
        text = f"{text[: last.start(1)]}{number}{text[last.end(1) :]}"
    padded = _PADDED_NUMBER.search(text)
    unpadded = text
    if padded and to_int(padded[0]) == number:
        codes.add("number-padded")
        unpadded = f"{text[: padded.start()]}{number}"
    if unpadded != f"{WORDING.get(kind, '')}{'' if number is None else number}":
        codes.add("wording")
    return frozenset(codes)
