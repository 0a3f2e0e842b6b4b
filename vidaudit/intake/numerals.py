"""Digits and letters however they are typed: full-width, Chinese or traditional, brought to one form."""

import unicodedata

# Traditional characters of the words that file and folder names are made of; names of people and places stay.
_SIMPLIFIED = str.maketrans(
    "課間視頻識別過臉號開節週講錄業學員訓練機構應時調試體檢驗證書實習務廠總計聯",
    "课间视频识别过脸号开节周讲录业学员训练机构应时调试体检验证书实习务厂总计联",
)
_DIGITS = {char: value for value, chars in enumerate(("〇○零", *"一二三四五六七八九")) for char in chars} | {"两": 2}
_TENS = {"十": 1, "廿": 2, "卅": 3}

CHINESE_NUMBER = f"[{''.join(_DIGITS)}{''.join(_TENS)}]+"
NUMBER = f"(?:[0-9]+|{CHINESE_NUMBER})"


def fold_width(text: str) -> str:
    """Full-width and compatibility characters in their ordinary form, one for one, so positions stay the same."""
    return "".join(map(_folded_char, text))


def _folded_char(char: str) -> str:
    if char.isascii():
        return char
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def fold(text: str) -> str:
    """The text with ordinary width and simplified characters, one for one, so positions stay the same."""
    return fold_width(text).translate(_SIMPLIFIED)


def to_int(text: str) -> int | None:
    """The value of digits or of a Chinese numeral up to 99 (二十, 廿一) or digit by digit (二〇二四); else None."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 18 else None
    if text and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) <= 18 else None
    return _with_tens(text)


def _with_tens(text: str) -> int | None:
    places = [index for index, char in enumerate(text) if char in _TENS]
    if len(places) != 1 or any(char not in _DIGITS and char not in _TENS for char in text):
        return None
    before, sign, after = text[: places[0]], text[places[0]], text[places[0] + 1 :]
    if len(before) > 1 or len(after) > 1 or (before and sign != "十"):
        return None
    tens = _DIGITS[before] if before else _TENS[sign]
    return tens * 10 + (_DIGITS[after] if after else 0)
