"""Where the rows of a sorted result may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from microgt.evaluation.cells import ONE, Column
from microgt.evaluation.grouping import runs, split


@dataclass(frozen=True)
class Places:
    """A row may stand where another does when both are in one block (int64 [n]) and their numbers in `near` (int64 [n] each) are close."""

    blocks: np.ndarray
    near: tuple[np.ndarray, ...] = ()

    def at(self, rows: slice | np.ndarray) -> Places:
        """The places of some of the rows."""
        return Places(self.blocks[rows], tuple(numbers[rows] for numbers in self.near))


def places(keys: Sequence[Column], rows: int) -> Places:
    """The places of n rows in the order of their sort keys.

    Rows that tie on all keys may change places. So may rows whose first different key is a number close to the other's: what tells them
    apart is the noise of arithmetic, and then later keys say nothing.
    """
    tied = np.zeros(rows, np.int64)  # the number of the block of rows that are equal in all keys so far
    blocks, free = tied, np.zeros(rows, bool)  # free: later keys say nothing
    near = []
    for column in keys:
        if column.approximate:
            numbers = np.where(free, 0, column.scaled)
            near.append(numbers)
            blocks = split(blocks, np.where(free, 0, column.loose), runs(numbers))
            noisy = (tied[1:] == tied[:-1]) & column.numeric[1:] & column.numeric[:-1]
            noisy &= (column.numbers[1:] != column.numbers[:-1]) & (np.abs(np.diff(column.scaled)) <= ONE)
            tied = split(tied, column.loose, np.unique(np.where(column.numeric, column.numbers, 0.0), return_inverse=True)[1])
            free |= np.isin(tied, np.concatenate([tied[1:][noisy], tied[:-1][noisy]]))
        else:
            blocks = split(blocks, np.where(free, 0, column.exact))
            tied = split(tied, column.exact)
    return Places(blocks, tuple(near))
