"""Of a schema that is too large to be read whole, the tables and columns that a question may be about.

Schemas of thousands of columns are first searched, then read (schema routing; CRUSH4SQL, Kothyari et al. 2023). The search here needs no
model: tables are taken by how many of the question's words they account for, as by their own name, a column's or a value's.

Shapes: Q words, T tables, C columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from microgt.graph.candidate import ValueNode
from microgt.graph.linker import Linker
from microgt.graph.relations import Relation
from microgt.schema.types import Schema

_WORTH = {Relation.QT_EXACT: 3.0, Relation.QC_EXACT: 3.0, Relation.QT_PARTIAL: 1.0, Relation.QC_PARTIAL: 1.0}
_VALUE = 2.0  # of a cell that the question names, times how sure that is
_UNSAID = 0.05  # taken off for each word of a table's name that the question does not say: copies and archives come last
_KEY = 0.5  # of a column of a key, in a table of which not all are taken
_BY_WORDS = 0.5  # share of the columns that go by words alone; what is left is for tables that can be joined with the best of these
_JOINED = 6  # so many of the best tables are to be joined
_WIDE = 40  # columns of one table that are taken at most
FEWEST, MOST, _SHARE = 60, 400, 0.4  # columns that a model reads of a larger schema: at least, at most, and as a share between


@dataclass(frozen=True)
class Kept:
    """Indices in the whole schema, ascending."""

    tables: np.ndarray
    columns: np.ndarray


def most_columns(columns: int) -> int:
    """How many columns of a schema a model reads.

    Few are what it was trained on and reads best; of very many the search is not sure enough to keep few.
    """
    return min(MOST, max(FEWEST, round(_SHARE * columns)))


def choose(links: np.ndarray, values: Sequence[ValueNode], linker: Linker, most: int) -> Kept:
    """At most about `most` columns. links: uint8 [Q,T+C] of words with names. values: those found in the whole schema."""
    worth = _worth(links, values, linker)
    t = len(linker.tables)
    covered = _coverage(worth, linker)
    ranked = np.argsort(-covered - _prior(links, linker), kind="stable").tolist()
    named = [table for table in ranked if covered[table] > 0]
    kept = _Basket(linker, worth[:, t:].sum(0), most)
    kept.add(named, until=_BY_WORDS * most)
    kept.add(_joinable((named or ranked)[:_JOINED], linker), until=most)
    kept.add(ranked, until=most)
    return Kept(np.array(sorted(kept.tables), dtype=int), np.array(sorted(kept.columns), dtype=int))


def narrowed(schema: Schema, kept: Kept) -> Schema:
    """The schema of what is kept, with its keys."""
    chosen = {schema.columns[i].id for i in kept.columns}
    tables = tuple(
        replace(table, columns=tuple(c for c in table.columns if c.id in chosen)) for table in (schema.tables[i] for i in kept.tables)
    )
    keys = tuple(k for k in schema.keys if k.column in chosen and k.target in chosen)
    return Schema(schema.name, tables, keys, ranges=schema.ranges)


def moved(values: Iterable[ValueNode], kept: Kept) -> tuple[ValueNode, ...]:
    """The values with the new numbers of their columns."""
    place = {old: new for new, old in enumerate(kept.columns.tolist())}
    return tuple(replace(v, columns=tuple(place[c] for c in v.columns if c in place)) for v in values)


def _worth(links: np.ndarray, values: Sequence[ValueNode], linker: Linker) -> np.ndarray:
    """float [Q,T+C]: what each word says for each name. A word that many names share says little for each of them."""
    worth = np.zeros(links.shape, dtype=np.float32)
    t = len(linker.tables)
    for relation, value in _WORTH.items():
        for part in (slice(0, t), slice(t, None)):
            hits = links[:, part] == relation
            shared = 1 + np.log1p(hits.sum(1, keepdims=True))
            worth[:, part] += value * hits / shared
    for node in values:
        if node.span and node.columns:
            places = np.ix_(range(*node.span), [t + c for c in node.columns])
            worth[places] = np.maximum(worth[places], _VALUE * node.score)
    return worth


def _coverage(worth: np.ndarray, linker: Linker) -> np.ndarray:
    """float [T]: over all words, what the table or the best of its columns has of each."""
    t = len(linker.tables)
    best = worth[:, :t].copy()
    for word in np.flatnonzero(worth[:, t:].any(1)):
        hit = np.flatnonzero(worth[word, t:])
        np.maximum.at(best[word], linker.table_of[hit], worth[word, t + hit])
    return best.sum(0)


def _prior(links: np.ndarray, linker: Linker) -> np.ndarray:
    """float [T], small: whether a table's whole name is said, and how many keys it has."""
    t = len(linker.tables)
    said = (links[:, :t] > 0).sum(0)
    unsaid = np.array([len(name) for name in linker.tables]) - said
    degree = np.array([len(linker.neighbours.get(table, ())) for table in range(t)])
    return 0.1 * _UNSAID * np.log1p(degree) - _UNSAID * np.maximum(unsaid, 0)


def _joinable(tables: Sequence[int], linker: Linker) -> Iterator[int]:
    """Tables that keys lead to from these: from several of them first, then one key away, then two, and so on."""
    seen, edge = set(tables), list(tables)
    while edge:
        count = Counter(other for table in edge for other in linker.neighbours.get(table, ()))
        edge = [table for table, _ in count.most_common() if table not in seen]
        seen |= set(edge)
        yield from edge


class _Basket:
    """What is taken so far. worth: float [C]. most: columns."""

    def __init__(self, linker: Linker, worth: np.ndarray, most: int):
        self._linker, self._worth, self._most = linker, worth, most
        self.tables: dict[int, None] = {}
        self.columns: set[int] = set()

    def add(self, tables: Iterable[int], until: float) -> None:
        """Table by table, until there are so many columns. Of a wide one what is named, keys, and then the first columns."""
        for table in tables:
            if len(self.columns) >= until:
                return
            if table not in self.tables:
                self.tables[table] = None
                self.columns |= self._of(table)

    def _of(self, table: int) -> set[int]:
        columns = self._linker.columns_of[table]
        free = min(_WIDE, self._most - len(self.columns))
        if len(columns) <= free:
            return set(columns)
        order = sorted(columns, key=lambda c: (-self._worth[c] - _KEY * (c in self._linker.in_keys), c))
        return set(order[:free])
