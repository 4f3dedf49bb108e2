"""Question + schema -> graph. Node order: words, star, tables, columns, values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from microgt.graph.candidate import ValueNode
from microgt.graph.linker import DATED, FLAGS, Linker, SchemaNodes
from microgt.graph.narrow import choose, moved, narrowed
from microgt.graph.numbers import as_number
from microgt.graph.relations import BACK, BACK_TABLE, Relation
from microgt.graph.values import find_values
from microgt.graph.words import STOP, Words, split_words, stem
from microgt.schema.types import Schema
from microgt.spec.grammar import Scope

MOST_WORDS = 80
SURE = 0.65  # score of a value from which on its words are linked fully with its columns


class NodeKind(IntEnum):
    """The kinds of nodes in their order in a graph."""

    WORD = 0
    STAR = 1
    TABLE = 2
    COLUMN = 3
    VALUE = 4


@dataclass(frozen=True)
class Graph:
    """relations: uint8 [N,N] of `Relation`. tokens: for each node the stems to embed. flags: uint8 [N,F] of types, keys and sources.

    tables, columns: ids. values: candidates for literals.
    """

    question: str
    words: tuple[str, ...]
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[ValueNode, ...]
    relations: np.ndarray
    tokens: tuple[tuple[str, ...], ...]
    flags: np.ndarray

    @property
    def owners(self) -> tuple[int, ...]:
        """The index of each column's table. Names may hold dots: a table's is the longest that the id begins with."""
        longest = sorted(range(len(self.tables)), key=lambda t: -len(self.tables[t]))
        return tuple(next(t for t in longest if column.startswith(f"{self.tables[t]}.")) for column in self.columns)

    @property
    def unread(self) -> int:
        """How many words of the question are beyond the first `MOST_WORDS`, which alone are read."""
        return max(0, len(split_words(self.question).words) - MOST_WORDS)

    @property
    def scope(self) -> Scope:
        """What the grammar's pointers can name."""
        first = len(self.words) + 1 + len(self.tables)
        dates = np.flatnonzero(self.flags[first : first + len(self.columns), DATED]).tolist()
        return Scope(self.tables, self.columns, tuple(v.value for v in self.values), tuple(v.columns for v in self.values), tuple(dates))


def build_graph(question: str, schema: Schema, linker: Linker, *, most: int | None = None) -> Graph:
    """The graph of a question over the schema that `linker` was made for. Questions are cut after 80 words.

    most: columns; of a schema with more only those are there that the question may be about (`narrow.py`). None: all.
    """
    words = split_words(question)
    words = Words(words.words[:MOST_WORDS], tuple(q for q in words.quoted if q[0][1] <= MOST_WORDS), words.spans[:MOST_WORDS], question)
    stems = tuple(stem(w) for w in words.words)
    links, named = _name_links(stems, linker)
    values = find_values(words, linker.values, named, _spoken_of(links, linker))
    nodes: SchemaNodes = linker
    if most is not None and len(linker.columns) > most:
        kept = choose(links, values, linker, most)
        schema, values = narrowed(schema, kept), moved(values, kept)
        nodes, links = SchemaNodes(schema), links[:, np.concatenate([kept.tables, len(linker.tables) + kept.columns])]
    relations = _assemble(words, nodes, links, values)
    star = (("*",),)
    tokens = (*((s,) for s in stems), *star, *nodes.tables, *nodes.columns, *(_value_tokens(v) for v in values))
    return Graph(
        question=question,
        words=words.words,
        tables=tuple(t.name for t in schema.tables),
        columns=tuple(c.id for c in schema.columns),
        values=values,
        relations=relations,
        tokens=tokens,
        flags=_flags(len(words.words), nodes, values),
    )


def _value_tokens(node: ValueNode) -> tuple[str, ...]:
    return tuple(stem(w) for w in split_words(str(node.value)).words[:8]) or (str(node.value),)


def _name_links(stems: tuple[str, ...], linker: Linker) -> tuple[np.ndarray, frozenset[int]]:
    """Links of words with tables and columns (ids of the question's side, 0: none) [Q, T+C], and the words that are part of a name."""
    t = len(linker.tables)
    found = np.zeros((len(stems), t + len(linker.columns)), dtype=np.uint8)
    for i, word in enumerate(stems):
        if word not in STOP:
            for is_column, k in linker.parts.get(word, ()):
                found[i, k + t * is_column] = Relation.QC_PARTIAL if is_column else Relation.QT_PARTIAL
    named = set()
    for length in range(1, min(linker.longest, len(stems)) + 1):
        for start in range(len(stems) - length + 1):
            for is_column, k in linker.names.get(stems[start : start + length], ()):
                found[start : start + length, k + t * is_column] = Relation.QC_EXACT if is_column else Relation.QT_EXACT
                named |= set(range(start, start + length))
    return found, frozenset(named)


def _spoken_of(links: np.ndarray, linker: Linker) -> dict[int, int]:
    """For the columns that say yes or no: the first word that names the column, else the first that names its table exactly."""
    t = len(linker.tables)
    found = {}
    for column in linker.values.switches:
        rows = np.flatnonzero(links[:, t + column])
        if not len(rows):
            rows = np.flatnonzero(links[:, linker.table_of[column]] == Relation.QT_EXACT)
        if len(rows):
            found[column] = int(rows[0])
    return found


def _assemble(words: Words, nodes: SchemaNodes, links: np.ndarray, values: tuple[ValueNode, ...]) -> np.ndarray:
    q, t, c, v = len(words.words), len(nodes.tables), len(nodes.columns), len(values)
    found = np.full((q + 1 + t + c + v,) * 2, Relation.OTHER, dtype=np.uint8)
    place = np.arange(q)
    found[:q, :q] = np.clip(place[None, :] - place[:, None], -4, 4) + Relation.Q_SAME
    schema = slice(q + 1, q + 1 + t + c)
    found[schema, schema] = nodes.relations
    links = _with_values(words, nodes, links, values)
    found[:q, schema] = links
    found[schema, :q] = np.concatenate([links[:, :t] + BACK_TABLE, links[:, t:] + BACK], axis=1).T
    if v:
        _place_values(found, q, q + 1 + t, q + 1 + t + c, nodes, values)
    found[q, :] = found[:, q] = Relation.STAR
    return found


def _with_values(words: Words, nodes: SchemaNodes, links: np.ndarray, values: tuple[ValueNode, ...]) -> np.ndarray:
    """Name links first, then cells, then the types of numbers and dates; NONE where nothing links."""
    t = len(nodes.tables)
    links = links.copy()
    columns = links[:, t:]
    for node in values:
        if node.span and node.columns:
            relation = Relation.QC_VALUE if node.score >= SURE else Relation.QC_VALUE_PARTIAL
            block = columns[slice(*node.span)][:, list(node.columns)]
            weaker = block != Relation.QC_EXACT
            block[weaker] = relation
            columns[np.ix_(range(*node.span), list(node.columns))] = block
    for i, word in enumerate(words.words):
        number = as_number(word)
        if number is not None:
            free = columns[i] == 0
            columns[i, free & nodes.numeric] = Relation.QC_NUMBER
            if isinstance(number, int) and 1900 <= number <= 2100:
                columns[i, free & nodes.time] = Relation.QC_TIME
    for node in values:
        if node.source == "date" and node.span:
            for i in range(*node.span):
                columns[i, (columns[i] == 0) & nodes.time] = Relation.QC_TIME
    links[:, :t][links[:, :t] == 0] = Relation.QT_NONE
    columns[columns == 0] = Relation.QC_NONE
    return links


def _place_values(found: np.ndarray, q: int, columns: int, first: int, nodes: SchemaNodes, values: tuple[ValueNode, ...]) -> None:
    """Links of the value nodes with words and columns, in place."""
    found[first:, :q], found[:q, first:] = Relation.VQ_NONE, Relation.QV_NONE
    found[first:, columns:first], found[columns:first, first:] = Relation.VC_NONE, Relation.CV_NONE
    for i, node in enumerate(values, first):
        if node.span:
            found[i, slice(*node.span)], found[slice(*node.span), i] = Relation.VQ_FROM, Relation.QV_FROM
        fitting = nodes.numeric if node.source == "number" else nodes.time if node.source == "date" else ~(nodes.numeric | nodes.time)
        places = columns + np.flatnonzero(fitting)
        if not node.columns:
            found[i, places], found[places, i] = Relation.VC_TYPE, Relation.CV_TYPE
        for c in node.columns:
            found[i, columns + c], found[columns + c, i] = Relation.VC_CELL, Relation.CV_CELL
        found[i, i] = Relation.VV_SAME


def _flags(words: int, nodes: SchemaNodes, values: tuple[ValueNode, ...]) -> np.ndarray:
    found = np.zeros((words + 1 + len(nodes.flags) + len(values), FLAGS), dtype=np.uint8)
    found[words + 1 : words + 1 + len(nodes.flags)] = nodes.flags
    place = {"number": 8, "date": 9, "quoted": 10, "words": 10, "cell": 11}
    for i, node in enumerate(values, words + 1 + len(nodes.flags)):
        found[i, place[node.source]] = 1
    return found
