"""A condition together with its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Filter:
    """A predicate, the column it is on, and its words.

    words: what follows the noun (`with status failed`). before: what may stand before it instead (`failed`), if anything may.
    others: further columns that it is on.
    """

    node: Any
    column: str
    words: str
    before: str = ""
    others: tuple[str, ...] = ()

    @property
    def columns(self) -> set[str]:
        """All columns that it is on."""
        return {self.column, *self.others}
