"""Tables as a graph of foreign keys: how far they are from each other, and the FROM clause that connects some of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from microgt.schema.catalog import quoted
from microgt.schema.types import ForeignKey, Schema


@dataclass(frozen=True)
class Source:
    """A FROM clause. tables: in the order of their aliases T1, T2, ...; a single one has none."""

    tables: tuple[str, ...]
    sql: str

    def column(self, column_id: str) -> str:
        """A column as it is written in the query. Its table must be one of `tables`."""
        table, _, name = column_id.rpartition(".")
        return quoted(name) if len(self.tables) == 1 else f"T{self.tables.index(table) + 1}.{quoted(name)}"


class KeyGraph:
    """The tables of a schema. Pairs that several keys connect, and tables that refer to themselves, count as unconnected: which key is
    meant would have to be said."""

    def __init__(self, schema: Schema):
        pairs: dict[frozenset[str], list[ForeignKey]] = {}
        for key in schema.keys:
            pairs.setdefault(frozenset((_table(key.column), _table(key.target))), []).append(key)
        self.keys = {pair: found[0] for pair, found in pairs.items() if len(pair) == 2 and len(found) == 1}
        ends = [(_table(key.column), _table(key.target)) for key in self.keys.values()]
        self._up = {t.name: sorted(one for many, one in ends if many == t.name) for t in schema.tables}
        self._down = {t.name: sorted(many for many, one in ends if one == t.name) for t in schema.tables}
        self.distances = cache(self._distances)

    def _distances(self, table: str, up: bool = False) -> dict[str, tuple[int, str]]:
        """table -> (keys from `table` to it, the table before it on the way).

        Ways go up to what rows belong to; unless `up`, their first step may be down to what belongs to them, which reaches what a table
        in between links them with. No way goes up and down again: rows that only belong to the same thing have nothing else in common.
        """
        found, waiting = {table: (0, table)}, deque([table])
        while waiting:
            here = waiting.popleft()
            for there in self._up[here] + (self._down[here] if here == table and not up else []):
                if there not in found:
                    found[there] = (found[here][0] + 1, here)
                    waiting.append(there)
        return found

    def distance(self, start: str, end: str) -> int | None:
        """The number of keys between two tables; None when nothing connects them."""
        found = self.distances(start).get(end)
        return found and found[0]

    def source(self, tables: Sequence[str]) -> Source | None:
        """The first table joined with the others along the shortest ways from it; None when one cannot be reached."""
        root, joined, sql = tables[0], [tables[0]], quoted(tables[0])
        ways = self.distances(root)
        for table in tables[1:]:
            if table not in ways:
                return None
            way = []
            while table not in joined:
                way.append(table)
                table = ways[table][1]
            joined += reversed(way)
        if len(joined) == 1:
            return Source((root,), sql)
        sql += " AS T1"
        source = Source(tuple(joined), "")
        for i, table in enumerate(joined[1:], 2):
            key = self.keys[frozenset((table, ways[table][1]))]
            sql += f" JOIN {quoted(table)} AS T{i} ON {source.column(key.column)} = {source.column(key.target)}"
        return Source(tuple(joined), sql)


def _table(column_id: str) -> str:
    return column_id.rpartition(".")[0]
