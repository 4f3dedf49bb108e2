"""What is prepared once for a schema, so that linking a question is a few lookups."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import numpy as np

from microgt.graph.index import ValueIndex
from microgt.graph.naming import is_coded
from microgt.graph.relations import Relation
from microgt.graph.words import STOP, stem
from microgt.schema.types import ColumnType, Schema

_TYPES = list(ColumnType)
FLAGS = 12  # five column types (a text that is a date has two), primary key, key from, key to, four sources of values
KEYS = slice(5, 8)  # of the flags: all that is said of keys
DATED = _TYPES.index(ColumnType.TIME)  # the flag of a column with dates


class SchemaNodes:
    """Tables and columns as nodes of a graph: stems of their names, relations uint8 [T+C,T+C] and flags uint8 [T+C,F] among them."""

    def __init__(self, schema: Schema):
        self.schema = schema
        self.tables = [tuple(stem(w) for w in t.words) for t in schema.tables]
        self.columns = [tuple(stem(w) for w in c.words) for c in schema.columns]
        self.numeric = np.array([c.type is ColumnType.NUMBER for c in schema.columns], dtype=bool)
        self.time = np.array([c.id in schema.dated for c in schema.columns], dtype=bool)
        self.table_of = _table_of(schema)

    @cached_property
    def relations(self) -> np.ndarray:
        """Made when first needed: of a large schema it never is."""
        return _schema_relations(self.schema, self.table_of)

    @cached_property
    def flags(self) -> np.ndarray:
        """Types and keys."""
        return _schema_flags(self.schema)


class Linker(SchemaNodes):
    """With the ways from stems to names, and the value index."""

    def __init__(self, schema: Schema):
        super().__init__(schema)
        self.names: dict[tuple[str, ...], list[tuple[bool, int]]] = defaultdict(list)
        self.parts: dict[str, list[tuple[bool, int]]] = defaultdict(list)
        for is_column, names in ((False, self.tables), (True, self.columns)):
            for i, name in enumerate(names):
                self.names[name].append((is_column, i))
                for part in set(name) - STOP:
                    self.parts[part].append((is_column, i))
        self.longest = max((len(n) for n in self.names), default=1)
        self.values = ValueIndex(schema)

    @cached_property
    def columns_of(self) -> list[list[int]]:
        """The columns of each table."""
        found: list[list[int]] = [[] for _ in self.tables]
        for column, table in enumerate(self.table_of.tolist()):
            found[table].append(column)
        return found

    @cached_property
    def coded(self) -> bool:
        """See `is_coded`."""
        return is_coded(self.schema)

    @cached_property
    def in_keys(self) -> frozenset[int]:
        """Columns that are a primary key or an end of a key."""
        ends = {end for key in self.schema.keys for end in (key.column, key.target)}
        return frozenset(i for i, column in enumerate(self.schema.columns) if column.primary or column.id in ends)

    @cached_property
    def neighbours(self) -> dict[int, frozenset[int]]:
        """The tables one key away from each table that has keys."""
        place = {column.id: int(table) for column, table in zip(self.schema.columns, self.table_of, strict=True)}
        found: dict[int, set[int]] = defaultdict(set)
        for key in self.schema.keys:
            if key.column in place and key.target in place:
                a, b = place[key.column], place[key.target]
                found[a].add(b)
                found[b].add(a)
        return {table: frozenset(others - {table}) for table, others in found.items()}


def _table_of(schema: Schema) -> np.ndarray:
    """The index of each column's table, int64 [C]."""
    place = {t.name: i for i, t in enumerate(schema.tables)}
    return np.array([place[c.table] for c in schema.columns], dtype=int)


def _schema_relations(schema: Schema, table_of: np.ndarray) -> np.ndarray:
    """Relations among tables, then columns, uint8 [T+C, T+C]."""
    tables, columns = schema.tables, schema.columns
    place = {c.id: i for i, c in enumerate(columns)}
    keys = [(place[k.column], place[k.target]) for k in schema.keys if k.column in place and k.target in place]
    found = np.zeros((len(tables) + len(columns),) * 2, dtype=np.uint8)
    t = len(tables)
    found[:t, :t] = _between_tables(t, {(int(table_of[a]), int(table_of[b])) for a, b in keys})
    found[t:, t:] = _between_columns(schema, table_of, keys)
    found[t:, :t], found[:t, t:] = _columns_with_tables(schema, table_of, keys)
    return found


def _between_tables(count: int, edges: set[tuple[int, int]]) -> np.ndarray:
    found = np.full((count, count), Relation.TT_NONE, dtype=np.uint8)
    linked = np.zeros((count, count), dtype=bool)
    for a, b in edges:
        linked[a, b] = linked[b, a] = True
    found[(linked.astype(int) @ linked.astype(int)) > 0] = Relation.TT_BRIDGE
    for a, b in edges:
        both = (b, a) in edges
        found[a, b] = Relation.TT_KEY_BOTH if both else Relation.TT_KEY
        found[b, a] = Relation.TT_KEY_BOTH if both else Relation.TT_KEY_BACK
    np.fill_diagonal(found, Relation.TT_SAME)
    return found


def _between_columns(schema: Schema, table_of: np.ndarray, keys: list[tuple[int, int]]) -> np.ndarray:
    found = np.full((len(table_of),) * 2, Relation.CC_NONE, dtype=np.uint8)
    codes = {words: i for i, words in enumerate(dict.fromkeys(c.words for c in schema.columns))}
    named = np.array([codes[c.words] for c in schema.columns], dtype=int)
    found[named[:, None] == named[None, :]] = Relation.CC_SAME_NAME
    found[table_of[:, None] == table_of[None, :]] = Relation.CC_SAME_TABLE
    for a, b in keys:
        found[a, b], found[b, a] = Relation.CC_KEY, Relation.CC_KEY_BACK
    np.fill_diagonal(found, Relation.CC_SAME)
    return found


def _columns_with_tables(schema: Schema, table_of: np.ndarray, keys: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    count = len(schema.tables)
    found = np.full((len(table_of), count), Relation.CT_NONE, dtype=np.uint8)
    for a, b in keys:
        found[a, table_of[b]] = Relation.CT_KEY_INTO
    for i, column in enumerate(schema.columns):
        found[i, table_of[i]] = Relation.CT_PRIMARY if column.primary else Relation.CT_BELONGS
    return found, (found + (Relation.TC_BELONGS - Relation.CT_BELONGS)).T


def _schema_flags(schema: Schema) -> np.ndarray:
    """Flags of tables, then columns, uint8 [T+C, FLAGS]."""
    sources, targets = {k.column for k in schema.keys}, {k.target for k in schema.keys}
    found = np.zeros((len(schema.tables) + len(schema.columns), FLAGS), dtype=np.uint8)
    for i, column in enumerate(schema.columns, len(schema.tables)):
        found[i, _TYPES.index(column.type)] = 1
        found[i, DATED] |= column.id in schema.dated
        found[i, KEYS] = column.primary, column.id in sources, column.id in targets
    return found
