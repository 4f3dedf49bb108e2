"""Names of tables and columns as natural words."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")


def words_of(name: str) -> tuple[str, ...]:
    """`CustID_2` -> ("cust", "id", "2"). A name without letters or digits is its own word."""
    return tuple(part.lower() for part in _PARTS.findall(name)) or (name,)
