"""What running a spec shows, in few numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from microgt.engine.result import ResultTable


@dataclass(frozen=True)
class Shown:
    """digest: equal for results with the same rows in any order. nulls: share of cells that are NULL.

    nothing: whether it is one cell with 0 or NULL. repeats: whether a row is there twice.
    """

    rows: int
    columns: int
    nulls: float
    digest: str
    nothing: bool = False
    repeats: bool = False


def shown(table: ResultTable) -> Shown:
    """Of a result."""
    cells = [cell for row in table.rows for cell in row]
    rows = sorted(repr(row) for row in table.rows)
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
    nulls = sum(cell is None for cell in cells) / max(1, len(cells))
    nothing = len(cells) == 1 and cells[0] in (0, None)
    return Shown(len(table.rows), len(table.columns), nulls, digest, nothing, len(set(rows)) < len(rows))
