"""The answer of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ResultTable:
    """Rows of plain Python values under named columns. truncated: the row cap cut them.

    written: how the numbers of each column are written (`microgt.product.written`), once that is known.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False
    written: tuple[str, ...] = ()

    def written_as(self, column: int) -> str:
        """How the numbers of a column are written."""
        return self.written[column] if column < len(self.written) else "number"
