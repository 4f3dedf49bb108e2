"""Names of tables and columns as natural words."""

from __future__ import annotations

import re

_PARTS = re.compile(r"U+(?=Ul)|U?l+|U+|d+")  # of the kinds of characters


def words_of(name: str) -> tuple[str, ...]:
    """`CustID_2` -> ("cust", "id", "2"). A name without letters or digits is its own word."""
    kinds = "".join(map(_kind, name))
    return tuple(name[part.start() : part.end()].lower() for part in _PARTS.finditer(kinds)) or (name,)


def _kind(character: str) -> str:
    """`U` for a capital letter of any script, `l` for another letter, `d` for a digit."""
    if character.isupper():
        return "U"
    return "d" if character.isdecimal() else "l" if character.isalnum() else "_"
