"""Text from file names and rosters is untrusted: made visible and harmless here, whatever shows it afterwards."""

import functools
import unicodedata

from vidaudit.report.privacy import mask_ids

LONGEST_SHOWN = 300  # a file name has at most 255 bytes; what is longer is a cell that somebody filled by mistake


@functools.lru_cache(maxsize=1 << 14)  # the same names come again and again
def shown(text: str | None) -> str:
    """The text on one line, without ID numbers.

    Format characters (zero width, direction) are dropped, so that the text reads in the order it is stored;
    control characters, line breaks and halves of surrogate pairs become visible escapes. Cut at `LONGEST_SHOWN`.
    """
    if text is None:
        return ""
    visible = mask_ids("".join(map(_visible, mask_ids(text))))
    return visible if len(visible) <= LONGEST_SHOWN else visible[: LONGEST_SHOWN - 1] + "…"


def encodable(text: str, encoding: str) -> bool:
    """Whether a console with this encoding can show the text."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def for_encoding(text: str, encoding: str) -> str:
    """The text with `?` for each character that the encoding doesn't have; an unknown encoding counts as ASCII."""
    try:
        return text.encode(encoding, "replace").decode(encoding)
    except LookupError:
        return text.encode("ascii", "replace").decode("ascii")


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Zs":
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
