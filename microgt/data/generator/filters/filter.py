"""A condition together with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Filter:
    """A predicate, the column it is on, and its words (which follow the noun)."""

    node: Any
    column: str
    words: str
