"""Conditions in the order in which the question mentions them.

AND and OR mean the same in any order, so authors write them in one or the other; a decoder that has to guess which splits its
probability between equal trees.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from microgt.graph import Graph, Relation
from microgt.spec.types import And, Col, Node, Or, Value
from microgt.spec.walk import AnyNode, rebuilt, walk


def in_order_of_mention(spec: AnyNode, graph: Graph) -> AnyNode:
    """The spec with the arguments of AND and OR by the first word that names their values, else their columns; others last."""
    return rebuilt(spec, lambda node: _ordered(node, graph))


def _ordered(node: Node, graph: Graph) -> Node:
    if not isinstance(node, And | Or):
        return node
    return node.model_copy(update={"args": tuple(sorted(node.args, key=lambda arg: _first_word(arg, graph)))})


def _first_word(condition: Node, graph: Graph) -> int:
    nodes = [node for _, node in walk(condition)]
    words = [w for n in nodes if isinstance(n, Value) for w in _words_of_value(n, graph)]
    words = words or [w for n in nodes if isinstance(n, Col) for w in _words_of_column(n, graph)]
    return min(words, default=len(graph.words))


def _words_of_value(value: Value, graph: Graph) -> Iterator[int]:
    wanted = str(value.value).casefold()
    return (v.span[0] for v in graph.values if v.span and str(v.value).casefold() == wanted)


def _words_of_column(col: Col, graph: Graph) -> Iterator[int]:
    if col.column not in graph.columns:
        return iter(())
    place = len(graph.words) + 1 + len(graph.tables) + graph.columns.index(col.column)
    return iter(np.flatnonzero(graph.relations[: len(graph.words), place] == Relation.QC_EXACT).tolist())
