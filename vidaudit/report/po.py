"""The words of a language from its message catalogue: gettext's .po, the form that translation tools open.

An entry's context (`msgctxt`) names its table, as `rules.file-name.ok`; its id (`msgid`) is the key within it.
"""

import io
from importlib import resources
from typing import Any, Final

NO_TEXT: Final = "(empty)"
"""Stands for the empty key, which the format keeps for its own heading."""


def read_tables(lang: str) -> dict[str, Any]:
    """Nested tables of {key: text}, in the order of the file `messages/<lang>.po`."""
    from babel.messages.pofile import read_po  # most of what reading costs; commands without words don't pay it

    content = resources.files("vidaudit.report").joinpath("messages", f"{lang}.po").read_bytes()
    tables: dict[str, Any] = {}
    for message in read_po(io.BytesIO(content)):
        if message.id:
            table = tables
            for name in (message.context or "").split("."):
                table = table.setdefault(name, {})
            key = str(message.id)
            table["" if key == NO_TEXT else key] = str(message.string)
    return tables
