"""The words of a change, with the names, values and numbers that the graph has found in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from microgt.graph import Graph, ValueNode
from microgt.graph.graph import SURE
from microgt.graph.numbers import as_number
from microgt.graph.words import split_words, stem
from microgt.schema.types import ColumnType, Schema

_LONGEST = 5  # words of a name


@dataclass(frozen=True)
class Said:
    """schema: that of the graph, which may hold fewer of its tables."""

    graph: Graph
    schema: Schema

    @cached_property
    def words(self) -> tuple[str, ...]:
        """In lower case."""
        return tuple(word.lower() for word in self.graph.words)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Of the words."""
        return tuple(stem(word) for word in self.words)

    def before(self, at: int) -> str:
        """What stands between a word and the one before it: a blank, a comma, a dash."""
        return self._between[at].strip() if 0 < at < len(self.words) else ""

    def names(self, start: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(end, columns) of the names that begin at a word, the longest first. A table's name stands for what its rows are called."""
        for end in range(min(start + _LONGEST, len(self.words)), start, -1):
            found = self._called(self.stems[start:end])
            if found:
                yield end, found

    def tables(self, start: int) -> Iterator[tuple[int, str]]:
        """(end, table) of the names of tables that begin at a word."""
        for end in range(min(start + _LONGEST, len(self.words)), start, -1):
            for name, stems in self._table_stems:
                if stems == self.stems[start:end]:
                    yield end, name

    def values(self, start: int) -> Iterator[tuple[int, tuple[ValueNode, ...]]]:
        """(end, cells) of the values of the database that begin at a word, the longest first."""
        ends = sorted({v.span[1] for v in self._cells if v.span and v.span[0] == start}, reverse=True)
        for end in ends:
            yield end, tuple(v for v in self._cells if v.span == (start, end))

    def dates(self, start: int) -> Iterator[tuple[int, str]]:
        """(end, name of the period) of the dates, months and quarters that begin at a word, the longest first."""
        nodes = [v for v in self.graph.values if v.source == "date" and v.span and v.span[0] == start]
        for node in sorted(nodes, key=lambda v: -(v.span or (0, 0))[1]):
            yield (node.span or (0, 0))[1], str(node.value)

    def numbers(self, start: int) -> Iterator[tuple[int, int | float]]:
        """(end, number) of the numbers that begin at a word, the longest first."""
        nodes = [v for v in self.graph.values if v.source == "number" and v.span and v.span[0] == start]
        for node in sorted(nodes, key=lambda v: -(v.span or (0, 0))[1]):
            if isinstance(node.value, int | float):
                yield (node.span or (0, 0))[1], node.value
        number = as_number(self.words[start]) if start < len(self.words) else None
        if number is not None and not nodes:
            yield start + 1, number

    @cached_property
    def _between(self) -> list[str]:
        cut = split_words(self.graph.question)
        ends = [0, *(end for _, end in cut.spans)]
        return [cut.text[end:start] for end, (start, _) in zip(ends, cut.spans, strict=False)]

    @cached_property
    def _cells(self) -> list[ValueNode]:
        return [v for v in self.graph.values if v.source == "cell" and v.columns and v.score >= SURE]

    @cached_property
    def _table_stems(self) -> list[tuple[str, tuple[str, ...]]]:
        first = len(self.graph.words) + 1  # after the words comes the star
        return list(zip(self.graph.tables, self.graph.tokens[first:], strict=False))

    @cached_property
    def _column_stems(self) -> list[tuple[str, tuple[str, ...]]]:
        first = len(self.graph.words) + 1 + len(self.graph.tables)
        return list(zip(self.graph.columns, self.graph.tokens[first:], strict=False))

    def _called(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of that name; else those that tell the rows of the table of that name apart; else those with a longer name."""
        whole = [column for column, name in self._column_stems if name == stems]
        labels = [label for table, name in self._table_stems if name == stems for label in self._labels(table)]
        part = [column for column, name in self._column_stems if set(stems) <= set(name)]
        return tuple(whole or labels or part)

    def _labels(self, table: str) -> list[str]:
        texts = [c for c in self.schema.table(table).columns if c.type is ColumnType.TEXT and c.id in self.graph.columns]
        return [c.id for c in texts if c.words[-1] in ("name", "title")][:1]
