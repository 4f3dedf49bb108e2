"""Graphs and their gold actions as padded arrays: what a model reads, before it is tensors of torch or inputs of ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from microgt.graph import Graph, NodeKind
from microgt.model.lexicon import Lexicon
from microgt.spec.grammar import GRAMMAR, Action, ActionKind

RULES = len(GRAMMAR.rules)
POINTED = {ActionKind.TABLE: NodeKind.TABLE, ActionKind.COLUMN: NodeKind.COLUMN, ActionKind.VALUE: NodeKind.VALUE}


class Trace(NamedTuple):
    """What the grammar says of each step of a derivation; the same whatever nodes its pointers name."""

    slots: np.ndarray  # int64 [L]
    parents: np.ndarray  # int64 [L]
    depths: np.ndarray  # int64 [L]
    rules: np.ndarray  # bool [L,R]: legal rules
    kinds: np.ndarray  # bool [L,K]: node kinds that may be pointed at


def legal_kinds(pointers: frozenset[ActionKind]) -> np.ndarray:
    """bool [K]: the node kinds that these pointers can name."""
    kinds = np.zeros(len(NodeKind), dtype=bool)
    kinds[[POINTED[p] for p in pointers]] = True
    return kinds


@lru_cache(maxsize=50_000)
def trace(shape: tuple[Action, ...]) -> Trace:
    """Follow a derivation. Raises `GrammarError` when an action is not legal."""
    rows, rules, kinds = [], np.zeros((len(shape), RULES), dtype=bool), np.zeros((len(shape), len(NodeKind)), dtype=bool)
    derivation = GRAMMAR.start()
    for step, action in enumerate(shape):
        legal = derivation.legal()
        rules[step, list(legal.rules)] = True
        kinds[step] = legal_kinds(legal.pointers)
        rows.append((derivation.slot, derivation.parent, derivation.depth))
        derivation = derivation.push(action)
    slots, parents, depths = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Trace(slots, parents, depths, rules, kinds)


def shape_of(actions: Sequence[Action]) -> tuple[Action, ...]:
    """A derivation without which nodes its pointers name."""
    return tuple(a if a.kind is ActionKind.RULE else Action(a.kind, 0) for a in actions)


def node_kinds(graph: Graph) -> np.ndarray:
    """int64 [n]: the kind of each node."""
    counts = (len(graph.words), 1, len(graph.tables), len(graph.columns), len(graph.values))
    order = (NodeKind.WORD, NodeKind.STAR, NodeKind.TABLE, NodeKind.COLUMN, NodeKind.VALUE)
    return np.repeat(np.array(order, dtype=np.int64), counts)


def first_nodes(graph: Graph) -> dict[ActionKind, int]:
    """The node that index 0 of each pointer names."""
    table = len(graph.words) + 1
    column = table + len(graph.tables)
    return {ActionKind.TABLE: table, ActionKind.COLUMN: column, ActionKind.VALUE: column + len(graph.columns)}


def arrays_of(graphs: Sequence[Graph], targets: Sequence[Sequence[Action]] | None, lexicon: Lexicon) -> dict[str, np.ndarray]:
    """The fields of one `Batch`, as far as the graphs and targets fill them.

    targets: the gold actions of each graph (`GRAMMAR.encode`), or None when predicting. Raises `GrammarError` when one is not legal.
    """
    b, n = len(graphs), max(len(g.tokens) for g in graphs)
    kinds = np.zeros((b, n), dtype=np.int64)
    flags = np.zeros((b, n, graphs[0].flags.shape[1]), dtype=np.float32)
    rel = np.zeros((b, n, n), dtype=np.uint8)
    mask = np.zeros((b, n), dtype=bool)
    for i, graph in enumerate(graphs):
        m = len(graph.tokens)
        kinds[i, :m] = node_kinds(graph)
        flags[i, :m], rel[i, :m, :m], mask[i, :m] = graph.flags, graph.relations, True
    arrays = {"kinds": kinds, "flags": flags, "rel": rel, "node_mask": mask, **_tokens(graphs, n, lexicon)}
    if targets is not None:
        arrays |= _targets(graphs, targets, kinds)
    return arrays


class _Places(dict[str, int]):
    """Token -> its place among those seen so far."""

    def __missing__(self, token: str) -> int:
        self[token] = len(self)
        return self[token]


def _tokens(graphs: Sequence[Graph], n: int, lexicon: Lexicon) -> dict[str, np.ndarray]:
    places, flat = _Places(), list[int]()
    counts = np.zeros((len(graphs), n), dtype=np.int64)
    for i, graph in enumerate(graphs):
        counts[i, : len(graph.tokens)] = list(map(len, graph.tokens))
        flat += map(places.__getitem__, chain.from_iterable(graph.tokens))
    pieces = [lexicon.pieces(token) for token in places]
    return {
        "token_ids": np.array([lexicon.id(token) for token in places], dtype=np.int64),
        "ngram_ids": np.concatenate([*pieces, np.zeros(0, dtype=np.int64)]),
        "ngram_offsets": _offsets(np.array([len(p) for p in pieces], dtype=np.int64)),
        "node_tokens": np.array(flat, dtype=np.int64),
        "node_offsets": _offsets(counts.reshape(-1)),
    }


def _offsets(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)[:-1]])[: len(counts)]


def _targets(graphs: Sequence[Graph], targets: Sequence[Sequence[Action]], kinds: np.ndarray) -> dict[str, np.ndarray]:
    (b, n), length = kinds.shape, max(len(t) for t in targets)
    steps = {name: np.zeros((b, length), dtype=np.int64) for name in ("actions", "slots", "parents", "depths")}
    legal = np.zeros((b, length, RULES + n), dtype=bool)
    legal[:, :, RULES] = True  # padded steps may point at the first node: a softmax over nothing would be NaN
    mask = np.zeros((b, length), dtype=bool)
    used = np.zeros((b, n), dtype=np.float32)
    for i, (graph, actions) in enumerate(zip(graphs, targets, strict=True)):
        k, m, first = len(actions), len(graph.tokens), first_nodes(graph)
        path = trace(shape_of(actions))
        steps["slots"][i, :k], steps["parents"][i, :k], steps["depths"][i, :k] = path.slots, path.parents, path.depths
        nodes = [first[a.kind] + a.index for a in actions if a.kind is not ActionKind.RULE]
        steps["actions"][i, :k] = [a.index if a.kind is ActionKind.RULE else RULES + first[a.kind] + a.index for a in actions]
        legal[i, :k, :RULES] = path.rules
        legal[i, :k, RULES : RULES + m] = path.kinds[:, kinds[i, :m]]
        mask[i, :k] = True
        used[i, [*nodes, *_tables_of(graph, actions)]] = 1.0
    return {**steps, "legal": legal, "action_mask": mask, "used": used}


def _tables_of(graph: Graph, actions: Sequence[Action]) -> set[int]:
    """The nodes of the tables whose columns occur."""
    first, owners = len(graph.words) + 1, graph.owners
    return {first + owners[a.index] for a in actions if a.kind is ActionKind.COLUMN}
