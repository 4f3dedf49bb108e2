"""Names of tables and columns as natural words."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")


def words_of(name: str) -> tuple[str, ...]:
    """`CustID_2` -> ("cust", "id", "2"). A name without letters or digits is its own word."""
    return tuple(part.lower() for part in _PARTS.findall(name)) or (name,)
