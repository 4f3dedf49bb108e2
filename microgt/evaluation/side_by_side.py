"""Two results that are not the same, cut down to what a person can look at, with the cells marked that differ.

The marks are a help for reading, not the verdict: columns and rows are brought together by what they have in common, one after the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any

from microgt.engine.result import ResultTable
from microgt.evaluation.cells import ABSOLUTE, RELATIVE, is_number, key
from microgt.evaluation.results import Sample, SampleRow

ROWS = 20
COLUMNS = 12
CHARACTERS = 80
_DIFFERENT = 15  # of the rows shown, those that differ go first up to so many
_LOOKED_AT = 10_000  # rows of each result
_PAIRED = 100  # rows of each result that have no equal and are compared with each other

Row = Sequence[Any]
Marks = dict[int, set[int]]  # row -> columns


def side_by_side(gold: ResultTable, predicted: ResultTable, ordered: bool = False) -> tuple[Sample, Sample]:
    """A sample of each. ordered: the rows are the same, but not in the same order, so that rows in the same place are compared."""
    pairs = _columns(gold, predicted)
    marks: tuple[Marks, Marks] = ({}, {})
    for i, j in _rows_in_place(gold, predicted) if ordered else _rows_that_differ(gold, predicted, pairs):
        differing = {(a, b) for a, b in pairs if i is None or j is None or not _close(gold.rows[i][a], predicted.rows[j][b])}
        for mark, row, side in zip(marks, (i, j), (0, 1), strict=True):
            if row is not None and differing:
                mark[row] = {pair[side] for pair in differing}
    alone = [set(range(len(table.columns))) - {pair[side] for pair in pairs} for side, table in enumerate((gold, predicted))]
    return sample(gold, marks[0], alone[0]), sample(predicted, marks[1], alone[1])


def sample(table: ResultTable, marks: Marks | None = None, alone: set[int] | None = None) -> Sample:
    """The first rows and columns; some of the rows that differ even when they come late. alone: columns that the other side lacks."""
    marks = marks or {}
    width = min(len(table.columns), COLUMNS)
    differing = sorted(marks)
    equal = [i for i in range(min(len(table.rows), ROWS + len(differing))) if i not in marks]
    chosen = [*differing[:_DIFFERENT], *equal, *differing[_DIFFERENT:]][:ROWS]
    rows = [
        SampleRow(
            number=i + 1,
            cells=tuple(map(_shown, table.rows[i][:width])),
            differs=tuple(sorted(c for c in marks.get(i, ()) if c < width)),
        )
        for i in sorted(chosen)
    ]
    names = tuple(_cut(name) for name in table.columns[:width])
    return Sample(columns=names, of_columns=len(table.columns), rows=tuple(rows), alone=tuple(sorted(c for c in alone or () if c < width)))


def _columns(gold: ResultTable, predicted: ResultTable) -> list[tuple[int, int]]:
    """Which columns belong together: those with the most values in common, then those of the same name, then by place."""
    contents = [[Counter(map(_key, column)) for column in zip(*table.rows[:1_000], strict=True)] for table in (gold, predicted)]
    scores = {}
    for i, name in enumerate(gold.columns[: 4 * COLUMNS]):
        for j, other in enumerate(predicted.columns[: 4 * COLUMNS]):
            shared = (contents[0][i] & contents[1][j]).total() if contents[0] and contents[1] else 0
            scores[i, j] = (-shared, name.lower() != other.lower(), abs(i - j))
    pairs: list[tuple[int, int]] = []
    for i, j in sorted(scores, key=scores.__getitem__):
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def _rows_in_place(gold: ResultTable, predicted: ResultTable) -> list[tuple[int | None, int | None]]:
    return [(i, i) for i in range(min(len(gold.rows), len(predicted.rows), _LOOKED_AT))]


def _rows_that_differ(gold: ResultTable, predicted: ResultTable, pairs: list[tuple[int, int]]) -> list[tuple[int | None, int | None]]:
    """The rows without an equal on the other side, each with the one there that it is nearest to, None when there is none."""
    ours = [tuple(_key(row[a]) for a, _ in pairs) for row in gold.rows[:_LOOKED_AT]]
    theirs = [tuple(_key(row[b]) for _, b in pairs) for row in predicted.rows[:_LOOKED_AT]]
    left, right = _without_equal(ours, theirs), _without_equal(theirs, ours)
    found: list[tuple[int | None, int | None]] = []
    rest = right[:_PAIRED]
    for i in left[:_PAIRED]:
        best = max(rest, key=lambda j: sum(a == b for a, b in zip(ours[i], theirs[j], strict=True)), default=None)
        found.append((i, best))
        if best is not None:
            rest.remove(best)
    found += [(None, j) for j in (*rest, *right[_PAIRED:])]
    return found + [(i, None) for i in left[_PAIRED:]]


def _without_equal(rows: Sequence[Hashable], others: Sequence[Hashable]) -> list[int]:
    """Places of the rows that occur more often here than there."""
    spare, found = Counter(others), []
    for i, row in enumerate(rows):
        if spare[row] > 0:
            spare[row] -= 1
        else:
            found.append(i)
    return found


def _key(cell: Any) -> Hashable:
    """Equal for cells that look the same: floats to nine digits."""
    if isinstance(cell, float | Decimal) and is_number(cell):
        return float(f"{float(cell):.9g}")
    return key(cell)


def _close(a: Any, b: Any) -> bool:
    if is_number(a) and is_number(b) and (isinstance(a, float) or isinstance(b, float)):
        return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return key(a) == key(b)


def _shown(cell: Any) -> str | None:
    """A cell as text, None for NULL; ten digits of a float, so that cells which differ look different."""
    if cell is None:
        return None
    return f"{cell:.10g}" if isinstance(cell, float) else _cut(str(cell))


def _cut(text: str) -> str:
    return text if len(text) <= CHARACTERS else f"{text[: CHARACTERS - 1]}…"
