"""The level of a course or certificate, as a dossier words it: 初级, 五级/初级工, 特种作业."""

import re
import unicodedata
from typing import Final

# Skill levels have a word and a number: 初级工 is 五级, 中级工 四级, 高级工 三级. 高级技师 is another one.
_LEVELS: Final = {
    "beginner": re.compile(r"初级|五级|\b5级|beginner"),
    "intermediate": re.compile(r"中级|四级|\b4级|intermediate"),
    "senior": re.compile(r"高级(?!技师)|三级|\b3级|senior"),
    "special-operation": re.compile(r"特种|special"),
    "single-skill": re.compile(r"专项|single"),
}
_BEYOND: Final = re.compile(r"技师|[一二]级|\b[12]级|technician")


def levels_named(text: str | None) -> frozenset[str]:
    """The levels that a text names, by the names that profiles use; empty where it names none, or one beyond them."""
    words = unicodedata.normalize("NFKC", text or "").casefold()
    if _BEYOND.search(words):
        return frozenset()
    return frozenset(level for level, pattern in _LEVELS.items() if pattern.search(words))
