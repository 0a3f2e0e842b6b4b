"""Names as the operating system gives them, made safe to show, store and sort.

A name from a disc may hold bytes that are no text (kept by Python as lone surrogates), line breaks, or
characters that turn the reading direction round or take no room at all. Shown raw they break a terminal,
a log line or a spreadsheet, or make one name look like another.
"""

import re

from vidaudit.intake.numerals import NUMBER, fold, to_int

# Spaces that show as a gap: the ordinary one, and the full-width one that Chinese input methods type.
_SPACES = " \u3000"
_BYTES_AS_SURROGATES = range(0xDC80, 0xDD00)
_NUMBER_IN_NAME = re.compile(f"({NUMBER})")


def printable(name: str) -> str:
    r"""The name with everything that doesn't print escaped; different names stay different.

    Args:
        name: one part of a path, as `os.scandir` gives it (undecodable bytes as surrogates U+DC80 to U+DCFF).

    Returns:
        The same text with undecodable bytes and ASCII controls as `\xNN`, all else that doesn't print
        (other controls, direction marks, zero-width characters) as `\uNNNN` or `\UNNNNNNNN`, and `\` as `\\`.
    """
    return "".join(map(_shown, name))


def _shown(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return r"\\"
    if char.isprintable() or char in _SPACES:
        return char
    if code in _BYTES_AS_SURROGATES:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def natural_key(name: str) -> tuple[tuple[int | str, ...], str]:
    """A sorting key that takes numbers as numbers, Chinese ones too: 第2期 before 第10期, 第二期 before 第十期."""
    parts = _NUMBER_IN_NAME.split(fold(name).casefold())
    numbers = (to_int(part) for part in parts[1::2])
    mixed = [part for pair in zip(parts[::2], [*numbers, None], strict=True) for part in pair]
    return tuple(-1 if part is None else part for part in mixed), name
