"""Where a text holds an ID or a mobile number, however it is written.

The search runs over a plain copy of the text: compatibility forms and foreign digits as ASCII, characters that take no
room left out (also where intake has escaped them), so that they can't hide a number. A number is then looked for in
groups of digits with up to three signs between them. What looks alike is set aside first: times, dates, sizes,
network addresses.
"""

import bisect
import itertools
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FEWEST_DIGITS = 11
# What intake makes of characters that don't print (`intake.printable`).
_CHARACTER = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})|.", re.DOTALL)
_NO_ROOM = frozenset({"Cf", "Mn", "Me"})
_DASHES = frozenset("一丨ーｰ")  # letters by their category, but typed for a dash
_FIRST_BYTE = 0x80  # \xNN from here on is a byte that was no text

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d"
# Nobody enrolled was born in 2015 or later, when training of this kind began to be filmed.
_FILMED = r"20(?:1[5-9]|[2-9]\d)"
_SET_ASIDE = re.compile(
    # A recorder's time stamp down to the millisecond is as long as an old ID number.
    rf"(?<!\d)20\d\d{_DAY}{_TIME}\d{{0,3}}(?![\dX])"
    rf"|(?<!\d){_FILMED}{_DAY}(?:[-_ T./]{_TIME})?(?!\d)"
    rf"|(?<!\d){_FILMED}([-./_])\d\d?\1\d\d?(?:[-_ T]+[0-2]?\d([-_:.])[0-5]\d\2[0-5]\d)?(?!\d)"
    r"|(?<![\d:])\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:\.\d{1,3})?(?!:?\d)"
    r"|(?<![\d,])\d{1,3}(?:,\d{3}){1,3}(?!\W{0,3}\d)"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)"
)
_SIGNS = r"(?:[^\w*×]|_){1,3}"
_GROUPS = re.compile(rf"\d+(?:{_SIGNS}\d+)*(?:(?:{_SIGNS})?X)?")
# GB 11643-1999: six digits of the place, where no province has 10 or 16 to 20 (GB/T 2260), the birth date, four more.
_PLACE = r"(?!1[06-9]|20)[1-9]\d{5}"
_BIRTHDAY = r"[01]\d[0-3]\d"
_ID = re.compile(rf"{_PLACE}(?:19\d\d|200\d|201[0-4]){_BIRTHDAY}\d{{3}}[\dX]")
_OLD_ID = re.compile(rf"{_PLACE}[3-9]\d{_BIRTHDAY}\d{{3}}")  # given out until 1999
_LONGEST_PLAIN_RUN = 14
_MOST_GROUPS_OF_OLD_ID = 3
_MOBILE = re.compile(r"1[3-9]\d{9}")
_BEFORE_MOBILE = frozenset({"", "0", "86", "086", "0086"})
_SHORTEST_GROUP = 3  # of a mobile number: shorter ones are rather times, days and counters
_SHORT_GROUPED = frozenset({(1,) * 11, (3, 2, 2, 2, 2), (3, 4, 2, 2), (3, 3, 3, 2)})
_USUALLY_GROUPED = frozenset({(3, 4, 4), (4, 3, 4)})
_MOST_STRAY_DIGITS = 2  # written against a grouped number: 1139-0000-0001


def id_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of what may be ID numbers, in order, without overlap; any run of 15 digits is taken for one."""
    return _spans(text, _id_end)


def mobile_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of what may be mobile numbers, in order, without overlap."""
    return _spans(text, _mobile_end)


@dataclass(frozen=True, kw_only=True)
class _Chain:
    """Groups of digits with signs between them.

    Args:
        digits: all of them without the signs, perhaps with a closing X.
        edges: the indexes in `digits` where a group begins, and the length.
        places: start and end of each digit in the text.
    """

    digits: str
    edges: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def group_of(self, index: int) -> tuple[int, int]:
        """First index and end of the group that a digit belongs to."""
        after = bisect.bisect_right(self.edges, index)
        return self.edges[after - 1], self.edges[after]

    def sizes(self, start: int, end: int) -> tuple[int, ...]:
        """How many digits of each group lie between two indexes."""
        inner = self.edges[bisect.bisect_right(self.edges, start) : bisect.bisect_left(self.edges, end)]
        return tuple(after - before for before, after in itertools.pairwise((start, *inner, end)))


# From where a number may begin in a chain to where it ends; None where there is none.
_EndAt = Callable[[_Chain, int], int | None]


def _spans(text: str, end_at: _EndAt) -> tuple[tuple[int, int], ...]:
    if 2 * sum(map(str.isnumeric, text)) < _FEWEST_DIGITS:  # a sign such as ⑳ is two digits
        return ()
    return tuple(span for chain in _chains(text) for span in _in_chain(chain, end_at))


def _in_chain(chain: _Chain, end_at: _EndAt) -> Iterator[tuple[int, int]]:
    index = 0
    while index < len(chain.digits):
        end = end_at(chain, index)
        if end is not None:
            yield chain.places[index][0], chain.places[end - 1][1]
        index = end or index + 1


def _chains(text: str) -> Iterator[_Chain]:
    plain, places = _plain(text)
    plain = _SET_ASIDE.sub(lambda match: "t" * len(match[0]), plain)
    for match in _GROUPS.finditer(plain):
        kept = [index for index in range(match.start(), match.end()) if plain[index].isalnum()]
        edges = (at for at, index in enumerate(kept) if at == 0 or index - kept[at - 1] > 1)
        yield _Chain(
            digits="".join(plain[index] for index in kept),
            edges=(*edges, len(kept)),
            places=tuple(places[index] for index in kept),
        )


def _plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text to search in, and where each of its characters stands in the original."""
    shown: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _CHARACTER.finditer(text):
        form = _plain_form(match[0])
        shown.append(form)
        places += [match.span()] * len(form)
    return "".join(shown), places


def _plain_form(written: str) -> str:
    if len(written) > 1:
        code = int(written[2:], 16)
        if (written[1] == "x" and code >= _FIRST_BYTE) or code > sys.maxunicode:
            return "?"
        written = chr(code)
    if written.isascii():
        return written.upper()
    if unicodedata.category(written) in _NO_ROOM:
        return ""
    if written in _DASHES:
        return "-"
    return "".join(map(_ascii_digit, unicodedata.normalize("NFKC", written))).upper()


def _ascii_digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _id_end(chain: _Chain, index: int) -> int | None:
    start, end = chain.group_of(index)
    if index == start and end - start > _LONGEST_PLAIN_RUN:
        return end
    # Within a group the place must be in one piece, or lists of dates would match.
    if _ID.match(chain.digits, index) and (index == start or index + 6 <= end):
        return index + 18
    last = index + 15
    if index != start or not _OLD_ID.match(chain.digits, index) or chain.group_of(last - 1)[1] != last:
        return None
    return last if len(chain.sizes(index, last)) <= _MOST_GROUPS_OF_OLD_ID else None


def _mobile_end(chain: _Chain, index: int) -> int | None:
    if not _MOBILE.match(chain.digits, index):
        return None
    last = index + 11
    sizes = chain.sizes(index, last)
    before = chain.digits[chain.group_of(index)[0] : index]
    after = chain.group_of(last - 1)[1] - last
    if sizes in _USUALLY_GROUPED and len(before) <= _MOST_STRAY_DIGITS and after <= _MOST_STRAY_DIGITS:
        return last
    is_grouped = min(sizes) >= _SHORTEST_GROUP or sizes in _SHORT_GROUPED
    return last if is_grouped and before in _BEFORE_MOBILE and after == 0 else None
