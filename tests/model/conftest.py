"""Small graphs and models for the tests of this folder."""

import random
from functools import cache

import numpy as np
import pytest
import torch

from microgt.build import build
from microgt.config import compose
from microgt.graph import Graph, ValueNode
from microgt.model.lexicon import Lexicon
from microgt.spec.grammar import GRAMMAR, Action, ActionKind


@pytest.fixture(scope="session")
def nano_config(lexicon):
    """The configuration of a nano model for `lexicon`."""
    return compose("describe", ["model=nano", f"size.words={len(lexicon)}"])["model"]


@pytest.fixture(scope="session")
def nano(nano_config):
    """A freshly initialised nano model, in evaluation mode."""
    torch.manual_seed(0)
    return build(nano_config).eval()


@pytest.fixture(scope="session")
def make_graph():
    """`make(seed, words, tables, columns, values)` -> a graph with random tokens, flags and relations."""

    def make(seed=0, words=7, tables=2, columns=5, values=2) -> Graph:
        rng = np.random.default_rng(seed)
        n = words + 1 + tables + columns + values
        letters = ["ab", "bc", "cd", "order", "custom", "region", "amount"]
        return Graph(
            question="q",
            words=tuple(f"w{i}" for i in range(words)),
            tables=tuple(f"t{i}" for i in range(tables)),
            columns=tuple(f"t{i % tables}.c{i}" for i in range(columns)),
            values=tuple(ValueNode(value=i, source="number", span=None, columns=(), score=1.0) for i in range(30, 30 + values)),
            relations=rng.integers(1, 50, (n, n)).astype(np.uint8),
            tokens=tuple(tuple(rng.choice(letters, rng.integers(1, 3))) for _ in range(n)),
            flags=rng.integers(0, 2, (n, flag_count())).astype(np.uint8),
        )

    return make


@cache
def flag_count() -> int:
    """What the shipped configuration expects."""
    return compose("describe", ["model=nano"])["model"]["embedder"]["flags"]


@pytest.fixture(scope="session")
def random_actions():
    """`make(graph, seed)` -> the first of a row of random derivations over the graph's nodes that has 6 to 40 actions."""

    def walk(graph, rng: random.Random) -> list[Action]:
        derivation = GRAMMAR.start()
        sizes = {ActionKind.TABLE: len(graph.tables), ActionKind.COLUMN: len(graph.columns), ActionKind.VALUE: len(graph.values)}
        while not derivation.done:
            legal = derivation.legal()
            choices = [Action(ActionKind.RULE, r) for r in legal.rules]
            choices += [Action(k, rng.randrange(sizes[k])) for k in sorted(legal.pointers) if sizes[k]]
            ends = [c for c in choices if c.kind is ActionKind.RULE and GRAMMAR.rules[c.index].endswith(".end")]
            derivation = derivation.push(rng.choice(ends if ends and rng.random() < 0.5 else choices))
        return list(derivation.actions)

    def make(graph, seed=0) -> list[Action]:
        rng = random.Random(seed)
        return next(actions for _ in range(1000) if 6 <= len(actions := walk(graph, rng)) <= 40)

    return make


@pytest.fixture(scope="session")
def lexicon():
    """A vocabulary that knows three of the tokens that graphs are made of."""
    return Lexicon.from_tokens([("order", "custom", "region")] * 2)
