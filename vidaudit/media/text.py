"""Recognises text and, among text, the playlists that would make a careless reader open other files or addresses."""

import codecs
import re
import unicodedata

from vidaudit.model.media import Container

_SAMPLE_BYTES = 4096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WHITE_CONTROLS = frozenset("\t\n\r\f\v")
# What is no character of a text: controls, surrogates, private use, unassigned.
_NON_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})

_PLAYLIST_START = re.compile(
    r"\s*(?:#EXTM3U|\[playlist\]|\[reference\]|ffconcat version|<asx\b|<smil\b|v=0\s+o="
    r"|(?:https?|rtsp|rtmp|mms|concat|file|data|subfile|crypto):|file\s+['\"])",
    re.IGNORECASE,
)
_XML_PLAYLIST = re.compile(r"\s*<\?xml.*?<(?:MPD|asx|smil|playlist|SmoothStreamingMedia)\b", re.IGNORECASE | re.DOTALL)


def sniff_text(head: bytes, _size_bytes: int) -> Container | None:
    """`PLAYLIST` or `TEXT` for a start that reads as UTF-8, UTF-16 (with its mark) or GB18030, else None."""
    text = _decode(head[:_SAMPLE_BYTES])
    if text is None:
        return None
    playlist = _PLAYLIST_START.match(text) or _XML_PLAYLIST.match(text)
    return Container.PLAYLIST if playlist else Container.TEXT


def _decode(sample: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return _printable(sample[len(bom) :], encoding)
    for encoding in ("utf-8", "gb18030"):
        text = _printable(sample, encoding)
        if text is not None:
            return text
    return None


def _printable(sample: bytes, encoding: str) -> str | None:
    try:
        # The sample may end inside a character: that is no error.
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None
    is_text = all(char in _WHITE_CONTROLS or unicodedata.category(char) not in _NON_TEXT for char in text)
    return text if text and is_text else None
