"""What a question asks for that the database does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import networkx as nx
import numpy as np

from microgt.graph import Graph
from microgt.graph.graph import MOST_WORDS
from microgt.graph.synonyms import SAME_COLUMN, SAME_TABLE, with_synonyms
from microgt.graph.words import STOP
from microgt.schema.types import Schema
from microgt.spec.types import Unanswerable

NAMED = 8  # how many things a refusal names

# Words that ask for an analysis: they name nothing in a database, and are not missing there.
_ASKING = re.compile(
    "average|mean|median|total|sum|count|number|amount|(high|low|larg|small)est|(max|min)(imum)?|top|bottom|best|worst|first|last|next|previous|"
    "(year|month|week|quarter|day|hour|daily)(s|ly)?|today|yesterday|tomorrow|time|trend|growth|change|share|percent(age)?|ratio|rank|compared?|"
    "versus|vs|chart|graph|plot|line|bar|pie|donut|table|forecast|predict|display|draw|sort(ed)?|order(ed)?|group(ed)?|above|below|over|under|"
    "before|after|since|until|during|different|distinct|unique",
    re.IGNORECASE,
)


def what_is_missing(graph: Graph, schema: Schema) -> str | None:
    """Why nothing of the question can be about this database, or None when something was found.

    Something is a question word that shares a stem with a table or column name or means the same, or a value that a column of the
    database holds.
    """
    if any(value.columns for value in graph.values) or any(_names(graph, node) for node in range(len(graph.words))):
        return None
    if np.isin(with_synonyms(graph).relations[: len(graph.words)], (SAME_COLUMN, SAME_TABLE)).any():
        return None
    if not any(word.isascii() and word.isalnum() for word in graph.words):
        return f"no word of the question can be read as English, and none is a value in {schema.name} (tables: {_tables(schema)})"
    words = ", ".join(repr(word) for word in graph.words[:NAMED])
    if graph.unread:
        words = f"of which the first {MOST_WORDS} words were read, {words}"
    return f"nothing in the question ({words}) names a table, column or value of {schema.name} (tables: {_tables(schema)})"


def missing_for(spec: Unanswerable, graph: Graph, schema: Schema) -> Iterator[str]:
    """Sentences that say what is missing, as far as the question and the database show it."""
    yield from _FINDERS[spec.reason](graph, schema)
    yield f"Tables of {schema.name}: {_tables(schema)}."


def _tables(schema: Schema) -> str:
    return _listed(t.name for t in schema.tables)


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:NAMED]) + (", ..." if len(found) > NAMED else "")


def _quoted(names: Iterable[str]) -> str:
    return _listed(repr(name) for name in dict.fromkeys(names))


# ------------------------------------------------------------------ what is missing, by reason


def _names_of_columns(graph: Graph, schema: Schema) -> Iterator[str]:
    words = list(_unexplained(graph))
    if words:
        yield f"Nothing in {schema.name} is called {_quoted(words)}."


def _values(graph: Graph, schema: Schema) -> Iterator[str]:
    texts = [str(v.value) for v in graph.values if v.source in ("quoted", "words") and not v.columns]
    if texts:
        yield f"Not found among the values of {schema.name}: {_quoted(texts)}."


def _keys(graph: Graph, schema: Schema) -> Iterator[str]:
    parts = _unconnected(graph, schema)
    if len(parts) > 1:
        yield f"Not connected with each other: {'; '.join(map(_listed, parts))}."


def _nothing(graph: Graph, schema: Schema) -> Iterator[str]:
    yield from ()


_FINDERS: dict[str, Callable[[Graph, Schema], Iterator[str]]] = {
    "no_column": _names_of_columns,
    "no_value": _values,
    "no_path": _keys,
    "out_of_scope": _nothing,
}


# ------------------------------------------------------------------ words and names


def _names(graph: Graph, word: int) -> list[str]:
    """The tables and columns whose names share a stem with a word."""
    first = len(graph.words) + 1  # after the words comes the star
    named = zip((*graph.tables, *graph.columns), graph.tokens[first:], strict=False)
    return [name for name, stems in named if set(graph.tokens[word]) & set(stems)]


def _unexplained(graph: Graph) -> Iterator[str]:
    """Words that name no table or column and are part of no number, date or cell."""
    explained = {i for v in graph.values if v.span and (v.columns or v.source in ("number", "date")) for i in range(*v.span)}
    for i, word in enumerate(graph.words):
        said = word.lower() in STOP or _ASKING.fullmatch(word) or not word.isalpha()
        if i not in explained and not said and not _names(graph, i):
            yield word


def _unconnected(graph: Graph, schema: Schema) -> list[list[str]]:
    """The tables that the question names, those together that keys connect."""
    named = {name for word in range(len(graph.words)) for name in _names(graph, word)}
    network = nx.Graph((schema.column(key.column).table, schema.column(key.target).table) for key in schema.keys)
    network.add_nodes_from(t.name for t in schema.tables)
    parts = ([t.name for t in schema.tables if t.name in part & named] for part in nx.connected_components(network))
    return sorted(part for part in parts if part)
