"""What is told at the terminal in the language asked for: English sentences, ours and click's, looked up as templates.

The catalogue's table `errors` holds them as gettext does: the English sentence is the key. One that isn't there stays
as it is. A placeholder `{fault}` stands for codes, which have words of their own; what `{message}` stands for is looked
up in turn.
"""

import os
import sys
from collections.abc import Sequence
from itertools import zip_longest


def language(arguments: Sequence[str] | None) -> str:
    """`zh` or `en`: the last `--lang` of the arguments, however wrong these are, else VIDAUDIT_LANG, else `zh`."""
    asked = os.environ.get("VIDAUDIT_LANG")
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    for option, following in zip_longest(given, given[1:]):
        if option == "--lang":
            asked = following
        elif option.startswith("--lang="):
            asked = option.removeprefix("--lang=")
    return "en" if asked == "en" else "zh"


def translated(text: str, lang: str) -> str:
    """The sentence in this language (`zh` or `en`); as it is where the catalogue hasn't got it."""
    from vidaudit.report.messages import catalogue

    return catalogue(lang).sentence(text)
