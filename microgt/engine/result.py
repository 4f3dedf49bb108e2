"""The answer of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ResultTable:
    """Rows of plain Python values under named columns. truncated: the row cap cut them.

    written, headings: how the numbers of each column are written and what it is called (`microgt.product`), once that is known.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False
    written: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    def written_as(self, column: int) -> str:
        """How the numbers of a column are written."""
        return self.written[column] if column < len(self.written) else "number"

    def heading(self, column: int) -> str:
        """What a column is called where people read it; its name in the SQL where nothing else is known."""
        return self.headings[column] if column < len(self.headings) else self.columns[column]
