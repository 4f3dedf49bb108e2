"""Which columns of two results can be the same, whatever the order of rows and columns: colour refinement (Weisfeiler and Leman, 1968).

A column is coloured by the bag of its cells, each with the colour of its row, and a row by the bag of its cells, each with the colour of
its column. Colours are hashes: the same column always has the same colour, another one nearly always another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from microgt.evaluation.matching import Budget

Colours = tuple[np.ndarray, np.ndarray]  # uint64 [columns] of gold and of the prediction


class Colouring(Protocol):
    """Gives columns that may be the same one colour."""

    def start(self) -> Colours | None:
        """The colours to begin with; None when the two results cannot agree."""
        ...

    def told_apart(self, colours: Colours, i: int, j: int) -> Colours | None:
        """The colours when column i of gold is column j of the prediction; None when it cannot be."""
        ...


class OneColour:
    """Tells nothing apart: for results of which one is only a part of the other."""

    def __init__(self, columns: int, predicted: int):
        self._colours = np.zeros(columns, np.uint64), np.zeros(predicted, np.uint64)

    def start(self) -> Colours:
        return self._colours

    def told_apart(self, colours: Colours, i: int, j: int) -> Colours:
        return colours


class Refinement:
    """Colours of the columns of two results of w columns and n rows.

    codes: int64 [w, n] of either side, the same for cells that may be the same. blocks: int64 [n], the same for rows that may be.
    """

    def __init__(self, codes: Sequence[np.ndarray], blocks: Sequence[np.ndarray], budget: Budget):
        self._cells = [_mixed(cells.astype(np.uint64)) for cells in codes]
        self._rows = [_mixed(~rows.astype(np.uint64)) for rows in blocks]
        self._budget = budget

    def start(self) -> Colours | None:
        a, b = (np.zeros(len(cells), np.uint64) for cells in self._cells)
        return self._settled((a, b))

    def told_apart(self, colours: Colours, i: int, j: int) -> Colours | None:
        a, b = (side.copy() for side in colours)
        a[i] = b[j] = 0  # no hash is 0, or nearly never
        return self._settled((a, b))

    def _settled(self, colours: Colours) -> Colours | None:
        """Refined until no more columns are told apart; at least once."""
        known = 0
        while known < (now := len(set(colours[0].tolist()))) < len(colours[0]) or not known:
            known = now
            if not self._budget.take(self._cells[0].size + self._cells[1].size, steps=1):
                return None
            colours = self._round(0, colours[0]), self._round(1, colours[1])
            if not np.array_equal(np.sort(colours[0]), np.sort(colours[1])):
                return None
        return colours

    def _round(self, side: int, colours: np.ndarray) -> np.ndarray:
        rows = _mixed(_mixed(self._cells[side] + colours[:, None]).sum(axis=0) + self._rows[side])
        return _mixed(_mixed(self._cells[side] + rows).sum(axis=1) + colours)


def _mixed(values: np.ndarray) -> np.ndarray:
    """uint64 of the same shape: the values with their bits mixed (the finalizer of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
