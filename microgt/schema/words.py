"""Names of tables and columns as natural words."""

from __future__ import annotations

import re

_MARKS = frozenset(["t", "tb", "tbl", "dim", "fact", "fct", "stg", "vw"])  # that it is a table, and of which kind
_PARTS = re.compile(r"U+(?=Ul)|U?l+|U+|d+")  # of the kinds of characters


def words_of(name: str) -> tuple[str, ...]:
    """`CustID_2` -> ("cust", "id", "2"). A name without letters or digits is its own word."""
    kinds = "".join(map(_kind, name))
    return tuple(name[part.start() : part.end()].lower() for part in _PARTS.finditer(kinds)) or (name,)


def words_of_table(name: str) -> tuple[str, ...]:
    """The same of a table, without what only says that it is one: `dim_customer`, `TBL_ORD`."""
    first, *rest = words_of(name)
    return tuple(rest) if rest and first in _MARKS and name[len(first) : len(first) + 1] == "_" else (first, *rest)


def _kind(character: str) -> str:
    """`U` for a capital letter of any script, `l` for another letter, `d` for a digit."""
    if character.isupper():
        return "U"
    return "d" if character.isdecimal() else "l" if character.isalnum() else "_"
