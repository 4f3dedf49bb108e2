"""Prepared items in an Arrow file that is mapped into memory: what is not asked for is not read, and processes share what is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from microgt.training.prepare import Prepared
from microgt.training.rows import CONTENT, SCHEMA, SIZES, from_row, to_row

_BLOCK = 32  # rows that are made or read at a time


class Items:
    """The items of a file that `write_items` wrote. nodes, steps, named: int32 [n], their sizes, in memory."""

    def __init__(self, path: Path):
        import datasets

        table = datasets.Dataset.from_file(str(path))
        self.nodes, self.steps, self.named = (table.data.column(name).to_numpy() for name in SIZES)
        self._table = table.select_columns(list(CONTENT))

    def __len__(self) -> int:
        return len(self.nodes)

    def take(self, places: Sequence[int] | np.ndarray) -> list[Prepared]:
        """The items at these places, in this order."""
        columns: Any = self._table[np.asarray(places).tolist()]
        return list(map(from_row, zip(*(columns[name] for name in CONTENT), strict=True)))

    def __iter__(self) -> Iterator[Prepared]:
        for first in range(0, len(self), _BLOCK):
            yield from self.take(range(first, min(first + _BLOCK, len(self))))

    def column(self, name: str) -> Iterator[Any]:
        """What each row has in a column of `CONTENT`, as it is stored."""
        for batch in self._table.data.column(name).chunks:
            yield from batch.to_pylist()


def write_items(path: Path, items: Iterable[Prepared]) -> None:
    """Write the file, a block of rows in memory at a time."""
    rows = map(to_row, items)
    with pa.ipc.new_stream(str(path), SCHEMA) as file:
        while block := list(islice(rows, _BLOCK)):
            file.write_batch(pa.RecordBatch.from_pylist(block, SCHEMA))
