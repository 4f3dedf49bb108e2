"""Prepared items as rows of an Arrow table. Lists are JSON texts, which are parsed several times faster than Arrow lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from microgt.graph import Graph, ValueNode
from microgt.spec.grammar import Action, ActionKind
from microgt.training.prepare import Prepared

FORMAT = 2  # of the rows; tables of another are made anew
# What an item is made of. names: question, words, tables, columns, values, JSON. tokens: of each node, JSON. relations, flags: uint8.
# actions: kinds and indices in turn, int32.
CONTENT = ("id", "db", "names", "tokens", "relations", "flags", "actions")
SIZES = ("nodes", "steps", "named")  # how many nodes, actions, and nodes that can be pointed at
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in CONTENT[:4]),
        *((name, pa.binary()) for name in CONTENT[4:]),
        *((name, pa.int32()) for name in SIZES),
    ]
)
_parse = json.JSONDecoder().decode


def to_row(item: Prepared) -> dict[str, Any]:
    """The row of an item."""
    graph = item.graph
    values = [[v.value, v.source, v.span, v.columns, v.score] for v in graph.values]
    return {
        "id": item.id,
        "db": item.db,
        "names": json.dumps([graph.question, graph.words, graph.tables, graph.columns, values]),
        "tokens": json.dumps(graph.tokens),
        "relations": graph.relations.tobytes(),
        "flags": graph.flags.tobytes(),
        "actions": np.array(item.actions, dtype=np.int32).tobytes(),
        "nodes": len(graph.tokens),
        "steps": len(item.actions),
        "named": len(graph.tables) + len(graph.columns) + len(graph.values),
    }


def from_row(row: Sequence[Any]) -> Prepared:
    """The item of a row's `CONTENT`."""
    id_, db, names, tokens, relations, flags, actions = row
    question, words, tables, columns, values = _parse(names)
    nodes = tokens_of(tokens)
    graph = Graph(
        question=question,
        words=tuple(words),
        tables=tuple(tables),
        columns=tuple(columns),
        values=tuple(ValueNode(v, source, tuple(span) if span else None, tuple(held), score) for v, source, span, held, score in values),
        relations=np.frombuffer(relations, dtype=np.uint8).reshape(len(nodes), -1),
        tokens=nodes,
        flags=np.frombuffer(flags, dtype=np.uint8).reshape(len(nodes), -1),
    )
    return Prepared(id_, db, graph, actions_of(actions))


def tokens_of(stored: str) -> tuple[tuple[str, ...], ...]:
    """The tokens of a row's nodes."""
    return tuple(map(tuple, _parse(stored)))


def actions_of(stored: bytes) -> tuple[Action, ...]:
    """The actions of a row."""
    numbers = np.frombuffer(stored, dtype=np.int32).tolist()
    return tuple(map(_action, numbers[::2], numbers[1::2]))


@lru_cache(maxsize=10_000)
def _action(kind: int, index: int) -> Action:
    return Action(ActionKind(kind), index)
